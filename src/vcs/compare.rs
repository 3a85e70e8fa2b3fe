//! What a commit brought: files that differ from those of all its parents.

use super::repository::{Id, unreadable};
use super::snapshot::join;
use gix::bstr::{BString, ByteSlice};
use gix::objs::tree::EntryKind;
use std::path::PathBuf;

/// A file that a commit brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Relative to the top of the work tree.
    pub path: PathBuf,
    /// What the file holds since.
    pub blob: Id,
    /// What it held before, in each of the parents that have it.
    pub before: Vec<Id>,
}

/// What changed between a commit and its parents.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Changes {
    pub(super) files: Vec<Change>,
    /// Blobs of files of the first parent that are gone: perhaps they only moved.
    pub(super) gone: Vec<Id>,
}

/// More files than this are not searched for where one may have come from.
const MOST_GONE: usize = 200;

/// A directory in a commit, and in those of its parents that have it.
type Pair = (BString, Option<gix::ObjectId>, Vec<gix::ObjectId>);

/// Compares trees. What equals one of the old ones is no change.
pub(super) fn changes(repo: &gix::Repository, new: gix::ObjectId, old: &[gix::ObjectId]) -> Result<Changes, String> {
    let mut found = Changes::default();
    if old.contains(&new) {
        return Ok(found);
    }
    let mut waiting: Vec<Pair> = vec![(BString::default(), Some(new), old.to_vec())];
    while let Some((path, new, old)) = waiting.pop() {
        let old: Vec<gix::Tree<'_>> = old.into_iter().map(|id| tree(repo, id)).collect::<Result<_, _>>()?;
        let old: Vec<gix::objs::TreeRef<'_>> =
            old.iter().map(|tree| tree.decode()).collect::<Result<_, _>>().map_err(|e| unreadable(&e))?;
        let Some(new) = new else {
            removed(&path, &old, None, &mut waiting, &mut found);
            continue;
        };
        let new = tree(repo, new)?;
        let new = new.decode().map_err(|e| unreadable(&e))?;
        for entry in &new.entries {
            let is_tree = entry.mode.is_tree();
            let same_name: Vec<_> = old.iter().filter_map(|t| t.bisect_entry(entry.filename, is_tree)).collect();
            if same_name.iter().any(|other| other.oid == entry.oid) {
                continue;
            }
            let before = || same_name.iter().map(|other| other.oid.to_owned());
            let path = join(path.as_bstr(), entry.filename);
            match entry.mode.kind() {
                EntryKind::Tree => waiting.push((path, Some(entry.oid.to_owned()), before().collect())),
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    let Ok(path) = path.to_path() else { continue };
                    let blob = Id(entry.oid.to_owned());
                    found.files.push(Change { path: path.to_path_buf(), blob, before: before().map(Id).collect() });
                }
                EntryKind::Link | EntryKind::Commit => {}
            }
        }
        removed(&path, &old, Some(&new), &mut waiting, &mut found);
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Notes what the first old tree has and the new one has not.
fn removed(
    path: &BString,
    old: &[gix::objs::TreeRef<'_>],
    new: Option<&gix::objs::TreeRef<'_>>,
    waiting: &mut Vec<Pair>,
    found: &mut Changes,
) {
    for entry in old.first().into_iter().flat_map(|tree| &tree.entries) {
        let is_tree = entry.mode.is_tree();
        if found.gone.len() >= MOST_GONE || new.is_some_and(|t| t.bisect_entry(entry.filename, is_tree).is_some()) {
            continue;
        }
        match entry.mode.kind() {
            EntryKind::Tree => waiting.push((join(path.as_bstr(), entry.filename), None, vec![entry.oid.to_owned()])),
            EntryKind::Blob | EntryKind::BlobExecutable => found.gone.push(Id(entry.oid.to_owned())),
            EntryKind::Link | EntryKind::Commit => {}
        }
    }
}

/// A tree's bytes.
pub(super) fn tree(repo: &gix::Repository, id: gix::ObjectId) -> Result<gix::Tree<'_>, String> {
    repo.find_tree(id).map_err(|e| unreadable(&e))
}
