//! All files of a commit or of the index, and which of them are staged.

use super::compare::tree;
use super::repository::{Id, Repository, unreadable};
use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::entry::{Flags, Mode, Stage};
use gix::objs::tree::EntryKind;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A path and what stands there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct At {
    /// Relative to the top of the work tree.
    pub path: PathBuf,
    /// Its content; of a link, where it leads.
    pub blob: Id,
}

/// What a commit or the index holds, sorted by path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    /// Regular files.
    pub files: Vec<At>,
    /// Symbolic links.
    pub links: Vec<At>,
    /// Where other repositories begin; what is in them is theirs.
    pub modules: Vec<PathBuf>,
}

/// The index, and what of it differs from the last commit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Staged {
    /// All that would be committed.
    pub index: Snapshot,
    /// Files that are new or have other content.
    pub changed: Vec<PathBuf>,
    /// Files of the last commit that are gone.
    pub deleted: Vec<PathBuf>,
    /// Files with conflicts: several contents, and none that would be committed.
    pub unmerged: Vec<PathBuf>,
}

/// Beyond this a tree is no work of people but a trap: each object may be named many times.
const MOST: usize = 5_000_000;

/// The index that git tells its hooks to use: that of a commit of single paths is not the usual one.
const INDEX_FILE: &str = "GIT_INDEX_FILE";

impl Repository {
    /// All that a commit holds.
    ///
    /// # Errors
    /// A sentence, when it cannot be read.
    pub fn snapshot(&self, commit: Id) -> Result<Snapshot, String> {
        self.with(|repo| {
            let id = repo.find_commit(commit.0).and_then(|c| c.tree_id().map(gix::Id::detach));
            let mut builder = Builder::default();
            builder.tree(repo, id.map_err(|e| unreadable(&e))?, BString::default())?;
            Ok(builder.finish())
        })
    }

    /// What the index holds, beside the last commit.
    ///
    /// # Errors
    /// A sentence, when either cannot be read.
    pub fn staged(&self) -> Result<Staged, String> {
        let told = std::env::var_os(INDEX_FILE).map(|path| self.top().join(path));
        self.with(|repo| {
            let index = index(repo, told.as_deref())?;
            let head = repo.head_tree_id_or_empty().map_err(|e| unreadable(&e))?.detach();
            let mut builder = Builder::default();
            let mut last: &[u8] = b"";
            let old = Old::read(repo, head, index.tree())?;
            let (mut changed, mut unmerged, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
            for entry in index.entries() {
                let path = entry.path(&index);
                if path.is_empty() || entry.flags.contains(Flags::INTENT_TO_ADD) {
                    continue;
                }
                // A conflict has up to three entries of one path; the branch's own one is what others see of it.
                let stage = entry.stage();
                if stage != Stage::Unconflicted {
                    seen.insert(path);
                    if path != last {
                        unmerged.extend(path.to_path().ok().map(Path::to_path_buf));
                    }
                    last = path;
                    if let Some(mode) = entry.mode.to_tree_entry_mode().filter(|_| stage == Stage::Ours) {
                        builder.add(path, mode.kind(), entry.id);
                    }
                    continue;
                }
                if entry.mode == Mode::DIR {
                    builder.tree(repo, entry.id, path.to_owned())?;
                    continue;
                }
                let Some(kind) = entry.mode.to_tree_entry_mode().map(|mode| mode.kind()) else { continue };
                builder.add(path, kind, entry.id);
                if old.covers(path) {
                    continue;
                }
                seen.insert(path);
                let is_file = matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable);
                if is_file && old.files.get(path) != Some(&entry.id) {
                    changed.extend(path.to_path().ok().map(Path::to_path_buf));
                }
            }
            let gone = old.files.keys().filter(|path| !seen.contains(path.as_bstr()) && !index.is_sparse());
            let mut deleted: Vec<PathBuf> = gone.filter_map(|path| Some(path.to_path().ok()?.to_path_buf())).collect();
            deleted.sort();
            Ok(Staged { index: builder.finish(), changed, deleted, unmerged })
        })
    }
}

/// The index of the work tree, or the one that git names to a hook, if that is the repository's.
fn index(repo: &gix::Repository, told: Option<&Path>) -> Result<gix::index::File, String> {
    let real = |path: &Path| path.canonicalize().ok();
    let own = real(repo.git_dir());
    let told = told.and_then(real).filter(|path| own.is_some_and(|own| path.starts_with(own)));
    let path = told.unwrap_or_else(|| repo.index_path());
    gix::index::File::at_or_default(path, repo.object_hash(), false, gix::index::decode::Options::default())
        .map_err(|e| format!("the git index cannot be read: {e}"))
}

/// The files of the last commit, but for the directories that the index knows to be as they were.
#[derive(Default)]
struct Old {
    files: HashMap<BString, gix::ObjectId>,
    same: HashSet<BString>,
}

impl Old {
    fn read(
        repo: &gix::Repository,
        root: gix::ObjectId,
        cached: Option<&gix::index::extension::Tree>,
    ) -> Result<Self, String> {
        let mut old = Self::default();
        let mut waiting = vec![(BString::default(), root, cached)];
        while let Some((path, id, cached)) = waiting.pop() {
            if cached.is_some_and(|known| known.num_entries.is_some() && known.id == id) {
                old.same.insert(path);
                continue;
            }
            let data = tree(repo, id)?;
            for entry in data.decode().map_err(|e| unreadable(&e))?.entries {
                let path = join(path.as_bstr(), entry.filename);
                match entry.mode.kind() {
                    EntryKind::Tree => {
                        let own = |known: &&gix::index::extension::Tree| known.name[..] == entry.filename[..];
                        let cached = cached.and_then(|known| known.children.iter().find(own));
                        waiting.push((path, entry.oid.to_owned(), cached));
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable => drop(old.files.insert(path, entry.oid.to_owned())),
                    EntryKind::Link | EntryKind::Commit => {}
                }
            }
            if old.files.len() + waiting.len() > MOST {
                return Err("the git repository has too many files".to_owned());
            }
        }
        Ok(old)
    }

    /// Whether a directory above the path is as it was.
    fn covers(&self, path: &BStr) -> bool {
        let above = |at| self.same.contains(path[..at].as_bstr());
        !self.same.is_empty() && (above(0) || path.find_iter("/").any(above))
    }
}

#[derive(Default)]
struct Builder {
    found: Snapshot,
}

impl Builder {
    fn add(&mut self, path: &BStr, kind: EntryKind, id: gix::ObjectId) {
        let Ok(path) = path.to_path() else { return };
        let at = || At { path: path.to_path_buf(), blob: Id(id) };
        match kind {
            EntryKind::Blob | EntryKind::BlobExecutable => self.found.files.push(at()),
            EntryKind::Link => self.found.links.push(at()),
            EntryKind::Commit => self.found.modules.push(path.to_path_buf()),
            EntryKind::Tree => {}
        }
    }

    fn tree(&mut self, repo: &gix::Repository, root: gix::ObjectId, prefix: BString) -> Result<(), String> {
        let mut waiting = vec![(prefix, root)];
        while let Some((prefix, id)) = waiting.pop() {
            let data = tree(repo, id)?;
            for entry in data.decode().map_err(|e| unreadable(&e))?.entries {
                let path = join(prefix.as_bstr(), entry.filename);
                match entry.mode.kind() {
                    EntryKind::Tree => waiting.push((path, entry.oid.to_owned())),
                    other => self.add(path.as_bstr(), other, entry.oid.to_owned()),
                }
            }
            if self.found.files.len() + waiting.len() > MOST {
                return Err("the git repository has too many files".to_owned());
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Snapshot {
        self.found.files.sort();
        self.found.links.sort();
        self.found.modules.sort();
        self.found
    }
}

/// A name below a directory; names of trees may end with a slash in an index.
pub(super) fn join(dir: &BStr, name: &BStr) -> BString {
    let dir = dir.trim_end_with(|c| c == '/');
    let mut path = BString::from(dir);
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}
