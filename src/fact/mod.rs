//! What a file says: typed facts with places and with unknowns, the only thing that rules see.

pub mod inventory;
pub mod secret;
pub mod text;
pub mod value;

mod subjects;

pub use subjects::{Facts, Subject, Wanted};
