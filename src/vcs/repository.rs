//! A repository opened for reading: by itself alone, whatever the user's and the system's settings say.

use super::tracked::{guarded, work_tree};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The name of an object: a blob, a tree or a commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id(pub(super) gix::ObjectId);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a blob holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Blob {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more bytes than were asked for: so many.
    TooLarge(u64),
}

/// A repository with a work tree. Many threads may read it at once.
pub struct Repository {
    shared: gix::ThreadSafeRepository,
    /// Handles that no thread uses at the moment: each has caches of its own.
    idle: Mutex<Vec<gix::Repository>>,
    top: PathBuf,
}

/// Bytes of objects that each handle keeps, for trees that many commits share.
const CACHE: usize = 4 << 20;

impl Repository {
    /// The repository whose work tree holds `dir`; none where there is no work tree.
    ///
    /// # Errors
    /// A sentence, when it is there and cannot be read.
    pub fn open(dir: &Path) -> Result<Option<Self>, String> {
        let Some(top) = work_tree(dir) else { return Ok(None) };
        let open = || gix::open_opts(&top, gix::open::Options::isolated()).map_err(|e| unreadable(&e));
        let mut repo = guarded(open)?;
        repo.object_cache_size_if_unset(CACHE);
        let shared = repo.clone().into_sync();
        Ok(Some(Self { shared, idle: Mutex::new(vec![repo]), top }))
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The bytes of a blob, unless there are more than `limit`.
    ///
    /// # Errors
    /// A sentence, when there is no such blob or it cannot be read.
    pub fn blob(&self, id: Id, limit: u64) -> Result<Blob, String> {
        self.with(|repo| {
            let size = repo.find_header(id.0).map_err(|e| unreadable(&e))?.size();
            if size > limit {
                return Ok(Blob::TooLarge(size));
            }
            let mut object = repo.find_object(id.0).map_err(|e| unreadable(&e))?;
            match object.kind {
                gix::objs::Kind::Blob => Ok(Blob::Whole(std::mem::take(&mut object.data))),
                other => Err(format!("the git object {id} is a {other}, not a file")),
            }
        })
    }

    /// Does something with a handle of this thread's own. Damaged objects must not end the run, whatever the
    /// decoders make of them.
    pub(super) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> Result<T, String>) -> Result<T, String> {
        let free = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repo = free.unwrap_or_else(|| {
            let mut repo = self.shared.to_thread_local();
            repo.object_cache_size_if_unset(CACHE);
            repo
        });
        let result = guarded(|| work(&repo));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repo);
        result
    }
}

/// What is said of a repository that is there and cannot be read.
pub(super) fn unreadable(error: &dyn fmt::Display) -> String {
    let text = error.to_string();
    format!("the git repository cannot be read: {}", text.lines().next().unwrap_or_default())
}
