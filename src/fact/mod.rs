//! What a file says: typed facts with places and with unknowns, the only thing that rules see.

pub mod file;
pub mod inventory;
pub mod pattern;
pub mod secret;
pub mod text;
pub mod value;

mod subjects;

pub use file::{DocumentTypes, File, Looks, NoDocuments, SCHEMAS, build, document_schema};
pub use subjects::{Facts, Subject, Wanted};
