//! One file through all rules, then the project through the cross-file rules. Pure: no I/O, no printing.

pub mod across;
pub mod baseline;
pub mod comments;
pub mod counterexample;
pub mod excerpt;
pub mod file;
pub mod fingerprint;
pub mod harness;
pub mod ignores;
pub mod looks;
pub mod masks;
pub mod mend;
pub mod outline;
pub mod place;
pub mod plan;
pub mod plans;
pub mod project;
pub mod queries;
pub mod raw;
pub mod reasons;
pub mod scripts;
pub mod session;
pub mod silence;
pub mod sound;
pub mod stale;
pub mod unknowns;

pub use file::{Outcome, Setup, lint_file};
pub use plan::Plan;
pub use plans::Plans;
pub use session::{Finished, Session, order};
