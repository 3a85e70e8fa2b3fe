//! Git without a git program: where the work tree begins, what it tracks, what its index and its commits hold.

mod compare;
mod history;
mod repository;
mod revision;
mod snapshot;
mod tracked;

pub use compare::Change;
pub use history::Commit;
pub use repository::{Blob, Id, Repository};
pub use snapshot::{At, Snapshot, Staged};
pub use tracked::{branch, is_shallow, tracked, work_tree};
