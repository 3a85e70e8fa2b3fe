//! Bytes to trees: every parser takes any input and never fails; also which kind a file is.

pub mod dockerfile;
pub mod json;
pub mod kind;
pub mod markdown;
pub mod query;
pub mod shell;
pub mod toml;
pub mod yaml;

pub use kind::Kind;
