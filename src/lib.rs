//! infralint: one linter and policy checker for the infrastructure files and documents of a repository.
//!
//! The modules are a stack: each may import only from those above it (`tests/layers.rs` checks it).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod check;
pub mod cli;
pub mod companion;
pub mod config;
pub mod diagnostic;
pub mod fact;
pub mod fix;
pub mod lint;
pub mod report;
pub mod rule;
pub mod suppress;
pub mod syntax;
pub mod text;
pub mod vcs;
pub mod walk;
