//! From the paths a user names to the files that are linted, and from files to text: all reading is done here.

mod given;
mod ignored;
mod list;
mod name;
mod pool;
mod read;
mod root;
mod tree;

pub use given::{Given, given};
pub use list::{Entry, Listing, Wish, list};
pub use name::shown;
pub use pool::{Pool, Progress};
pub use read::{Chunk, Chunks, Content, PARSE_LIMIT, content, decode, read, too_large};
pub use root::{Project, Target, plan};
