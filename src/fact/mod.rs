//! What a file says: typed facts with places and with unknowns, the only thing that rules see.

mod approvals;
pub mod assignment;
mod bare_block;
mod builds;
mod characters;
mod circle;
pub mod components;
pub mod compose;
pub mod context;
pub mod dockerfile;
pub mod document;
pub mod exclusions;
mod fenced;
pub mod file;
pub mod image;
pub mod inventory;
pub mod k8s;
pub mod key_file;
pub mod listening;
pub mod markdown;
mod mentions;
mod operations;
mod papers;
mod paths;
pub mod pattern;
mod placeholders;
mod practice;
pub mod project;
mod reach;
pub mod records;
mod reports;
pub mod repository;
mod results;
pub mod secret;
pub mod shell;
pub mod summary;
pub mod text;
pub mod value;
mod variables;
pub mod yaml;

mod subjects;

pub use characters::Mojibake;
pub use context::Context;
pub use document::schemas as document_schemas;
pub use fenced::speaks_of_document;
pub use file::{DocumentTypes, File, Looks, NoDocuments, SCHEMAS, build, fenced};
pub use subjects::{Facts, Subject, Wanted};

/// Folders of inputs for tests: what is wrong there is often meant to be.
const TEST_INPUTS: [&str; 5] = ["testdata", "testfiles", "fixtures", "test-fixtures", "__fixtures__"];

/// Whether a path leads into a folder of inputs for tests.
fn is_test_input(path: &str) -> bool {
    let dirs = path.rsplit_once('/').map_or("", |(dirs, _)| dirs);
    dirs.split('/').any(|folder| TEST_INPUTS.contains(&folder))
}
