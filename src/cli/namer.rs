//! Paths as they are printed.

use crate::diagnostic::{Diagnostic, Problem};
use crate::walk;
use std::path::Path;
use std::sync::Arc;

/// Turns paths below a root into those that are printed: relative to the current directory, absolute outside it.
#[derive(Clone)]
pub(super) struct Namer {
    /// What stands between root and current directory, with a final slash: cut off, or put before.
    cut: String,
    put: String,
    /// Where the root as a whole lies outside the current directory.
    outside: String,
}

impl Namer {
    pub(super) fn new(root: &Path, cwd: &Path) -> Self {
        let slash = |path: &Path| {
            let shown = walk::shown(path);
            if shown.is_empty() || shown.ends_with('/') { shown } else { shown + "/" }
        };
        let outside = slash(root);
        if let Ok(below) = cwd.strip_prefix(root) {
            return Self { cut: slash(below), put: String::new(), outside };
        }
        match root.strip_prefix(cwd) {
            Ok(below) => Self { cut: String::new(), put: slash(below), outside },
            Err(_) => Self { cut: String::new(), put: outside.clone(), outside },
        }
    }

    /// The path to print.
    pub(super) fn name(&self, path: &str) -> String {
        match path.strip_prefix(&self.cut) {
            Some(rest) => format!("{}{rest}", self.put),
            None => format!("{}{path}", self.outside),
        }
    }

    pub(super) fn rename(&self, path: &mut Arc<str>) {
        if !(self.cut.is_empty() && self.put.is_empty()) {
            *path = self.name(path).into();
        }
    }

    pub(super) fn finding(&self, mut finding: Diagnostic) -> Diagnostic {
        self.rename(&mut finding.path);
        finding.related.iter_mut().for_each(|label| self.rename(&mut label.path));
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            self.rename(&mut edit.path);
        }
        finding
    }

    pub(super) fn problem(&self, mut problem: Problem) -> Problem {
        self.rename(&mut problem.path);
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_printed_relative_to_the_current_directory() {
        let name = |root: &str, cwd: &str, path: &str| Namer::new(Path::new(root), Path::new(cwd)).name(path);
        assert_eq!(name("/p", "/p", "a/b"), "a/b");
        assert_eq!(name("/p", "/p/a", "a/b"), "b");
        assert_eq!(name("/p", "/p/a", "ab/c"), "/p/ab/c");
        assert_eq!(name("/p/q", "/p", "a"), "q/a");
        assert_eq!(name("/p", "/x", "a"), "/p/a");
        assert_eq!(name("/", "/x", "x/a"), "a");
        assert_eq!(name("/", "/x", "y/a"), "/y/a");
    }
}
