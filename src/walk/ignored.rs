//! Ignore files asked about single paths, for what a walk never sees.

use super::shown;
use crate::fact::inventory::IgnoreRules;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::HashMap;
use std::path::Path;

/// All ignore files of some names below a root.
pub(super) struct Patterns {
    /// By directory, relative to the root; of one directory the one that decides comes first.
    files: HashMap<Box<str>, Vec<Gitignore>>,
}

impl Patterns {
    /// Reads the ignore files at these paths, which are relative to `root`. Lines that are no pattern are
    /// passed over, as git does.
    pub(super) fn new<'a>(root: &Path, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut files: HashMap<Box<str>, Vec<Gitignore>> = HashMap::new();
        for path in paths {
            let dir = path.parent().unwrap_or(Path::new(""));
            // Compared with paths relative to the root, so the disk is never asked.
            let mut builder = GitignoreBuilder::new(Path::new("/").join(dir));
            let _ = builder.add(root.join(path));
            if let Ok(matcher) = builder.build() {
                files.entry(shown(dir).into()).or_default().push(matcher);
            }
        }
        Self { files }
    }

    /// The same of ignore files whose texts are at hand.
    pub(super) fn of_texts<'a>(texts: impl IntoIterator<Item = (&'a Path, String)>) -> Self {
        let mut files: HashMap<Box<str>, Vec<Gitignore>> = HashMap::new();
        for (path, text) in texts {
            let dir = path.parent().unwrap_or(Path::new(""));
            let mut builder = GitignoreBuilder::new(Path::new("/").join(dir));
            for line in text.trim_start_matches('\u{feff}').lines() {
                let _ = builder.add_line(None, line);
            }
            if let Ok(matcher) = builder.build() {
                files.entry(shown(dir).into()).or_default().push(matcher);
            }
        }
        Self { files }
    }

    /// Whether they name a file or a folder above it.
    pub(super) fn hides(&self, path: &str) -> bool {
        self.is_ignored(path, false)
    }

    /// What the nearest ignore file with an opinion says of just this path.
    fn decide(&self, path: &str, is_dir: bool) -> bool {
        let absolute = format!("/{path}");
        let mut dir = path;
        while !dir.is_empty() {
            dir = dir.rsplit_once('/').map_or("", |(dir, _)| dir);
            for matcher in self.files.get(dir).into_iter().flatten() {
                match matcher.matched(&absolute, is_dir) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
        }
        false
    }
}

impl IgnoreRules for Patterns {
    fn is_ignored(&self, path: &str, is_dir: bool) -> bool {
        if self.files.is_empty() {
            return false;
        }
        let above = path.match_indices('/').any(|(at, _)| self.decide(&path[..at], true));
        above || self.decide(path, is_dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_nearest_file_decides_and_directories_count_for_all_below() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        fs::write(dir.path().join(".gitignore"), "*.log\n/build/\n[\n").unwrap();
        fs::write(dir.path().join("sub/.gitignore"), "!keep.log\n").unwrap();
        let patterns = Patterns::new(dir.path(), [Path::new(".gitignore"), Path::new("sub/.gitignore")]);
        let ignored = |path| patterns.is_ignored(path, false);
        assert!(ignored("a.log") && ignored("sub/a.log") && !ignored("sub/keep.log") && !ignored("a.txt"));
        assert!(ignored("build/x/y") && !ignored("sub/build/x") && !ignored("build"));
        assert!(patterns.is_ignored("build", true));
        assert!(!Patterns::new(dir.path(), []).is_ignored("a.log", false));
    }
}
