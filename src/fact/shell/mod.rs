//! Commands of scripts as rules ask of them: seen through sudo and its like, flags told from operands.

mod bypass;
mod caches;
mod call;
pub mod habits;
mod options;
mod packages;
mod pipes;
pub mod script;
mod temporary;
mod verify;

#[cfg(test)]
mod tests;

pub use bypass::{Bypass, bypasses, variable_bypass, vouches};
pub use caches::{Around, Cleanups, Mount, keeps_cache};
pub use call::{Arg, Call, calls};
pub use habits::Fault;
pub use options::{adds_wget, is_extraction, is_unattended, operands, recommends, shows_progress};
pub use packages::{Installation, Package, installation, manager};
pub use pipes::{bare_pipe, unguarded_pipe};
pub use script::ScriptText;
pub use temporary::{Temporary, temporary};
pub use verify::unverified;

/// What a variable is known to be, for words of scripts; `None` for unknown.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;
