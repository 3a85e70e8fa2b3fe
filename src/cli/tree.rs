//! Where the files of a run come from: the disk, git's index, or a commit.

use super::Refusal;
use crate::diagnostic::{Problem, Status};
use crate::vcs::{At, Blob, Id, Repository, Snapshot};
use crate::walk::{self, Content, Given, Listing, Project, Wish};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Larger blobs are not read at all, as files are not.
const LIMIT: u64 = u32::MAX as u64;
/// A link leads no further than a path can be long.
const LINK: u64 = 4096;

/// Where content is read.
pub(super) enum Tree {
    /// Where the entries' files lie.
    Disk,
    /// In the repository, by the paths below the project's root.
    Blobs(Arc<Repository>, HashMap<Box<str>, Id>),
}

impl Tree {
    /// The content of a file, which lies at `file` if it is on the disk.
    pub(super) fn read(&self, file: &Path, path: &str) -> Result<Content, Problem> {
        let Self::Blobs(repo, blobs) = self else { return walk::read(file, path) };
        let Some(id) = blobs.get(path) else { return walk::read(file, path) };
        match repo.blob(*id, LIMIT) {
            Ok(Blob::Whole(bytes)) => walk::content(bytes, path),
            Ok(Blob::TooLarge(_)) => Err(walk::too_large(path)),
            Err(message) => Err(Problem { path: path.into(), status: Status::Failed, kind: "git", message }),
        }
    }

    /// The files of a snapshot below a project's root, and how to read them.
    pub(super) fn of(
        repo: &Arc<Repository>,
        snapshot: Snapshot,
        project: &Project,
        wish: &Wish<'_>,
    ) -> (Self, Listing) {
        let below = |path: &Path| Some(repo.top().join(path).strip_prefix(&project.root).ok()?.to_path_buf());
        let files: Vec<(PathBuf, Id)> =
            snapshot.files.iter().filter_map(|at| Some((below(&at.path)?, at.blob))).collect();
        let link = |at: &At| match repo.blob(at.blob, LINK) {
            Ok(Blob::Whole(bytes)) => Some((below(&at.path)?, String::from_utf8(bytes).ok()?)),
            _ => None,
        };
        let links: Vec<(PathBuf, String)> = snapshot.links.iter().filter_map(link).collect();
        let modules: Vec<PathBuf> = snapshot.modules.iter().filter_map(|path| below(path)).collect();
        let blobs = files.iter().map(|(path, id)| (walk::shown(path).into(), *id)).collect();
        let tree = Self::Blobs(repo.clone(), blobs);
        let read = |path: &Path| match tree.read(path, &walk::shown(path)) {
            Ok(Content::Text(source)) => Some(source.text().to_owned()),
            _ => None,
        };
        let files: Vec<PathBuf> = files.into_iter().map(|(path, _)| path).collect();
        let given = Given { files: &files, links: &links, modules: &modules, read: &read };
        let listing = walk::given(project, &given, wish);
        (tree, listing)
    }
}

/// The repository of a project; `option` is what cannot do without.
pub(super) fn repository(root: &Path, option: &str) -> Result<Arc<Repository>, Refusal> {
    match Repository::open(root) {
        Ok(Some(repo)) => Ok(Arc::new(repo)),
        Ok(None) => Err(Refusal::new(format!("{option} needs a git repository, and {} is in none", root.display()))),
        Err(message) => Err(Refusal::new(format!("{option}: {message}"))),
    }
}
