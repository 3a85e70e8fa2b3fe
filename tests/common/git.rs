//! Repositories with commits, written without a git program.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use gix::ObjectId;
use gix::index::entry::{Flags, Mode, Stage};
use gix::objs::tree::{Entry, EntryKind};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A repository whose index is kept beside it.
pub struct Git {
    pub repo: gix::Repository,
    root: PathBuf,
    index: BTreeMap<String, (EntryKind, ObjectId)>,
    clock: i64,
}

impl Git {
    /// A fresh repository in a directory.
    pub fn init(root: &Path) -> Self {
        gix::init(root).unwrap();
        std::fs::write(root.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        Self::open(root)
    }

    pub fn open(root: &Path) -> Self {
        let repo = gix::open_opts(root, gix::open::Options::isolated()).unwrap();
        Self { repo, root: root.to_path_buf(), index: BTreeMap::new(), clock: 1_700_000_000 }
    }

    /// Puts files of the work tree into the index.
    pub fn stage(&mut self, paths: &[&str]) {
        for path in paths {
            let bytes = std::fs::read(self.root.join(path)).unwrap();
            self.put(path, EntryKind::Blob, &bytes);
        }
        self.write_index();
    }

    /// Puts something into the index that need not be in the work tree.
    pub fn put(&mut self, path: &str, kind: EntryKind, bytes: &[u8]) {
        let id = match kind {
            EntryKind::Commit => ObjectId::from_hex(&[b'1'; 40]).unwrap(),
            _ => self.repo.write_blob(bytes).unwrap().detach(),
        };
        self.index.insert(path.to_owned(), (kind, id));
    }

    /// Takes files out of the index; the work tree keeps them.
    pub fn unstage(&mut self, paths: &[&str]) {
        for path in paths {
            self.index.remove(*path).unwrap();
        }
        self.write_index();
    }

    /// Makes the index what the work tree is.
    pub fn stage_all(&mut self) {
        self.index.clear();
        let mut waiting = vec![self.root.clone()];
        while let Some(dir) = waiting.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    if path.file_name().unwrap() != ".git" {
                        waiting.push(path);
                    }
                } else {
                    let name = path.strip_prefix(&self.root).unwrap().to_str().unwrap().to_owned();
                    self.put(&name, EntryKind::Blob, &std::fs::read(&path).unwrap());
                }
            }
        }
        self.write_index();
    }

    pub fn write_index(&self) {
        let mut index = self.repo.index_from_tree(&self.tree()).unwrap();
        index.write(Default::default()).unwrap();
    }

    /// Gives a path of the written index the three contents that a merge leaves: the old one, ours, theirs.
    pub fn conflict(&self, path: &str, contents: &[&str; 3]) {
        let mut index = self.repo.open_index().unwrap();
        index.remove_entries(|_, entry, _| entry == path);
        for (content, stage) in contents.iter().zip([Stage::Base, Stage::Ours, Stage::Theirs]) {
            let id = self.repo.write_blob(content.as_bytes()).unwrap().detach();
            index.dangerously_push_entry(Default::default(), id, Flags::from_stage(stage), Mode::FILE, path.into());
        }
        index.sort_entries();
        index.write(Default::default()).unwrap();
    }

    /// Adds a path to the written index as `git add --intent-to-add` does.
    pub fn announce(&self, path: &str) {
        let mut index = self.repo.open_index().unwrap();
        let (id, flags) = (self.repo.write_blob(b"").unwrap().detach(), Flags::INTENT_TO_ADD | Flags::EXTENDED);
        index.dangerously_push_entry(Default::default(), id, flags, Mode::FILE, path.into());
        index.sort_entries();
        index.write(Default::default()).unwrap();
    }

    /// Commits the index to the current branch.
    pub fn commit(&mut self) -> ObjectId {
        let parents: Vec<ObjectId> = self.repo.head_id().ok().map(|id| id.detach()).into_iter().collect();
        self.commit_to("HEAD", &parents)
    }

    /// Commits the index with these parents.
    pub fn commit_to(&mut self, reference: &str, parents: &[ObjectId]) -> ObjectId {
        self.clock += 60;
        let time = format!("{} +0000", self.clock);
        let who = gix::actor::SignatureRef { name: "A".into(), email: "a@example.com".into(), time: &time };
        let tree = self.tree();
        let parents = parents.iter().copied();
        self.repo.commit_as(who, who, reference, "change", tree, parents).unwrap().detach()
    }

    /// Stages and commits all of the work tree.
    pub fn commit_all(&mut self) -> ObjectId {
        self.stage_all();
        self.commit()
    }

    /// Lets a branch begin at a commit and makes it the current one.
    pub fn switch(&self, branch: &str, at: ObjectId) {
        self.point(&format!("refs/heads/{branch}"), at);
        std::fs::write(self.repo.git_dir().join("HEAD"), format!("ref: refs/heads/{branch}\n")).unwrap();
    }

    /// Lets a reference name a commit.
    pub fn point(&self, reference: &str, at: ObjectId) {
        let file = self.repo.common_dir().join(reference);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("{at}\n")).unwrap();
    }

    /// What the index would be committed as.
    pub fn tree(&self) -> ObjectId {
        let entries: Vec<(&str, EntryKind, ObjectId)> =
            self.index.iter().map(|(path, (kind, id))| (path.as_str(), *kind, *id)).collect();
        self.tree_of(&entries)
    }

    fn tree_of(&self, entries: &[(&str, EntryKind, ObjectId)]) -> ObjectId {
        let mut tree = gix::objs::Tree::empty();
        let mut below: BTreeMap<&str, Vec<(&str, EntryKind, ObjectId)>> = BTreeMap::new();
        for (path, kind, id) in entries {
            match path.split_once('/') {
                Some((dir, rest)) => below.entry(dir).or_default().push((rest, *kind, *id)),
                None => tree.entries.push(Entry { mode: (*kind).into(), filename: (*path).into(), oid: *id }),
            }
        }
        for (dir, entries) in below {
            let oid = self.tree_of(&entries);
            tree.entries.push(Entry { mode: EntryKind::Tree.into(), filename: dir.into(), oid });
        }
        tree.entries.sort();
        self.repo.write_object(&tree).unwrap().detach()
    }
}
