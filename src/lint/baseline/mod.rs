//! Findings that are known already: a file lists them, or they were there where a branch began.

mod file;
mod mark;
mod report;
#[cfg(test)]
mod tests;

pub use file::{Entry, File, read, write};
pub use mark::{Earlier, mark};
