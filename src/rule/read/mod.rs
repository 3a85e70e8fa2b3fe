//! Rule and pack files from YAML to their written form; whatever is wrong is said at its words.
//!
//! The build script includes this module, so it uses nothing but spans, the YAML tree and the written form.

mod condition;
mod fix;
mod pack;
mod reader;
mod rule;

pub use condition::WORDS;
pub use pack::{PACK_KEYS, pack_file};
pub use reader::{Entry, ReadError, Reader, nearest, unknown};
pub use rule::{RULE_KEYS, rule_file};
