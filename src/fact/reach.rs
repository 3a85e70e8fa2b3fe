//! How far the settings of kustomizations reach: to what they take in, themselves or through others.

use crate::syntax::yaml::NodeRef;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What patches may add to pods, or take from them, that is looked for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gift {
    /// As whom containers run.
    User,
    /// Volumes and mounts.
    Volumes,
    /// Ports, and what asks at them.
    Ports,
}

/// Each of them, with the words of patches that speak of it.
const GIFTS: [(Gift, &[&str]); 3] = [
    (Gift::User, &["runAs", "$patch", "windows"]),
    (Gift::Volumes, &["olume", "$patch"]),
    (Gift::Ports, &["port", "Port", "Probe", "$patch"]),
];

/// Kustomizations that complete what they take in.
#[derive(Clone, Debug, Default)]
pub(super) struct Completion {
    /// Those that add anything but names, numbers and images.
    all: Reach,
    /// Those that may give each of the gifts.
    gifts: [Reach; GIFTS.len()],
    /// Files of patches, and the directories of those who apply them.
    files: HashMap<Box<str>, Vec<String>>,
}

impl Completion {
    /// Learns from a kustomization, whose patches lie in these files.
    pub(super) fn add(&mut self, dir: &str, root: NodeRef<'_>, files: &[String]) {
        if completes(root) {
            self.all.dirs.insert(dir.to_owned());
        }
        let inline = |item: NodeRef<'_>, words: &[&str]| match item.get("patch").and_then(NodeRef::scalar) {
            Some(patch) => says(patch, words),
            None => item.scalar().is_some_and(|text| text.contains('\n') && says(text, words)),
        };
        // Nobody reads a file that lies outside.
        let paths =
            patches(root).filter(|item| item.get("path").is_some() || item.scalar().is_some_and(|t| !t.contains('\n')));
        let any = root.get("components").is_some() || paths.count() > files.len();
        for (reach, (_, words)) in self.gifts.iter_mut().zip(GIFTS) {
            if any || patches(root).any(|item| inline(item, words)) {
                reach.dirs.insert(dir.to_owned());
            }
        }
        for file in files {
            self.files.entry(file.as_str().into()).or_default().push(dir.to_owned());
        }
    }

    /// The files of patches that nobody has read yet.
    pub(super) fn asks(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(|path| &**path)
    }

    /// Learns from one of them.
    pub(super) fn read(&mut self, path: &str, patch: &str) {
        let dirs = self.files.remove(path).unwrap_or_default();
        for (reach, (_, words)) in self.gifts.iter_mut().zip(GIFTS) {
            if says(patch, words) {
                reach.dirs.extend(dirs.iter().cloned());
            }
        }
    }

    /// All that can be read was: nobody knows what the other files say.
    pub(super) fn close(&mut self) {
        let dirs: Vec<String> = std::mem::take(&mut self.files).into_values().flatten().collect();
        for reach in &mut self.gifts {
            reach.dirs.extend(dirs.iter().cloned());
        }
    }

    /// Whether a kustomization that takes a file in may add what its objects do not say.
    pub(super) fn holds(&self, path: &str, takes: &HashMap<Box<str>, Vec<String>>) -> bool {
        self.all.takes(path, takes)
    }

    /// Whether it may give them one of the gifts.
    pub(super) fn gives(&self, gift: Gift, path: &str, takes: &HashMap<Box<str>, Vec<String>>) -> bool {
        let mut reaches = self.gifts.iter().zip(GIFTS).filter(|(_, (of, _))| *of == gift);
        !self.files.is_empty() || reaches.any(|(reach, _)| reach.takes(path, takes))
    }
}

/// The patches that a kustomization lists.
fn patches(root: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let lists = ["patches", "patchesStrategicMerge", "patchesJson6902"];
    lists.into_iter().filter_map(move |key| root.get(key)).flat_map(NodeRef::items)
}

fn says(patch: &str, words: &[&str]) -> bool {
    words.iter().any(|word| patch.contains(word))
}

/// Whether a kustomization adds more to objects than names, numbers and images: by patches in other files, which
/// may say anything, by components, or by patches of its own that speak of how containers run.
fn completes(root: NodeRef<'_>) -> bool {
    let says = |patch: &str| {
        let words =
            ["securityContext", "resources", "limits", "Probe", "containers", "serviceAccount", "strategy", "volume"];
        !patch.contains('\n') || words.iter().any(|word| patch.contains(word))
    };
    let patch = |item: NodeRef<'_>| match item.get("path").is_some() {
        true => true,
        false => item.get("patch").and_then(NodeRef::scalar).or(item.scalar()).is_some_and(says),
    };
    root.get("components").is_some() || patches(root).any(patch)
}

/// Some kustomizations, and everything that they take in.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    /// The directories of the kustomizations.
    pub(super) dirs: HashSet<String>,
    /// What they take in, themselves or through others; worked out when somebody asks first.
    taken: OnceLock<HashSet<String>>,
}

impl Reach {
    /// Whether a file lies below one of them, or one of them takes it in.
    pub(super) fn holds(&self, path: &str, takes: &HashMap<Box<str>, Vec<String>>) -> bool {
        if self.dirs.is_empty() {
            return false;
        }
        let mut dir = path;
        while let Some((above, _)) = dir.rsplit_once('/') {
            if self.dirs.contains(above) {
                return true;
            }
            dir = above;
        }
        self.dirs.contains("") || self.takes(path, takes)
    }

    /// Whether one of them takes a file in.
    pub(super) fn takes(&self, path: &str, takes: &HashMap<Box<str>, Vec<String>>) -> bool {
        !self.dirs.is_empty() && self.taken.get_or_init(|| self.follow(takes)).contains(path)
    }

    fn follow(&self, takes: &HashMap<Box<str>, Vec<String>>) -> HashSet<String> {
        let mut taken = HashSet::new();
        let mut waiting: Vec<&str> = self.dirs.iter().map(String::as_str).collect();
        while let Some(dir) = waiting.pop() {
            for path in takes.get(dir).into_iter().flatten() {
                if taken.insert(path.clone()) {
                    waiting.push(path);
                }
            }
        }
        taken
    }
}
