//! How far the settings of kustomizations reach: to what they take in, themselves or through others.

use crate::syntax::yaml::NodeRef;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Whether a kustomization adds more to objects than names, numbers and images: by patches in other files, which
/// may say anything, by components, or by patches of its own that speak of how containers run.
pub(super) fn completes(root: NodeRef<'_>) -> bool {
    let lists = ["patches", "patchesStrategicMerge", "patchesJson6902"].iter().filter_map(|key| root.get(key));
    let says = |patch: &str| {
        let words =
            ["securityContext", "resources", "limits", "Probe", "containers", "serviceAccount", "strategy", "volume"];
        !patch.contains('\n') || words.iter().any(|word| patch.contains(word))
    };
    let patch = |item: NodeRef<'_>| match item.get("path").is_some() {
        true => true,
        false => item.get("patch").and_then(NodeRef::scalar).or(item.scalar()).is_some_and(says),
    };
    root.get("components").is_some() || lists.flat_map(NodeRef::items).any(patch)
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
