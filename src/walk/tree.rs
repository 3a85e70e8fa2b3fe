//! One walk below a directory, with its ignore files and without anybody's global ones.

use crate::diagnostic::Problem;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a walk tells apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum What {
    File,
    Dir,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// What was seen below a directory.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Absolute, sorted.
    pub(super) paths: Vec<(PathBuf, What)>,
    /// Directories that could not be listed.
    pub(super) problems: Vec<(PathBuf, Problem)>,
    /// What was not looked at because nobody shall.
    pub(super) pruned: Vec<PathBuf>,
    /// There was more than was asked for.
    pub(super) cut: bool,
}

/// How a tree is walked.
pub(super) struct How<'h> {
    pub(super) threads: usize,
    /// Whether files and folders of absolute paths are left out.
    pub(super) prunes: &'h (dyn Fn(&Path) -> bool + Sync),
    /// Whether only `.gitignore` hides anything.
    pub(super) everything: bool,
}

/// Version control's own files are nobody's work.
fn is_metadata(name: &OsStr) -> bool {
    [".git", ".hg", ".svn"].iter().any(|own| name == *own)
}

/// Walks `dir` without following links; stops when there is more than `limit`.
pub(super) fn walk(dir: &Path, depth: Option<usize>, limit: usize, how: &How<'_>) -> Seen {
    let seen = Mutex::new(Seen::default());
    let (count, cut) = (AtomicUsize::new(0), AtomicBool::new(false));
    builder(dir, depth, how).build_parallel().run(|| {
        let mut local = Local { seen: &seen, own: Seen::default() };
        let (count, cut) = (&count, &cut);
        Box::new(move |entry| {
            if count.fetch_add(1, Ordering::Relaxed) >= limit {
                cut.store(true, Ordering::Relaxed);
                return WalkState::Quit;
            }
            if let Ok(entry) = &entry
                && entry.depth() > 0
                && (how.prunes)(entry.path())
            {
                local.own.pruned.push(entry.path().to_path_buf());
                return WalkState::Skip;
            }
            local.take(entry);
            WalkState::Continue
        })
    });
    let mut seen = seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    // Part by part, as paths compare, takes ten times as long.
    seen.paths.sort_unstable_by(|(a, _), (b, _)| a.as_os_str().cmp(b.as_os_str()));
    seen.problems.sort();
    seen.pruned.sort_unstable();
    seen.cut = cut.into_inner();
    seen
}

fn builder(dir: &Path, depth: Option<usize>, how: &How<'_>) -> WalkBuilder {
    let mut builder = WalkBuilder::new(dir);
    builder
        .hidden(false)
        .parents(false)
        .git_global(false)
        // Both are part of no repository: results must not vary by machine.
        .git_exclude(false)
        .require_git(false)
        .ignore(!how.everything)
        .max_depth(depth)
        .threads(how.threads)
        .filter_entry(|entry| !is_metadata(entry.file_name()));
    if !how.everything {
        builder.add_custom_ignore_filename(".infralintignore");
    }
    builder
}

/// What one thread has seen; handed over when it is done.
struct Local<'a> {
    seen: &'a Mutex<Seen>,
    own: Seen,
}

impl Local<'_> {
    fn take(&mut self, entry: Result<DirEntry, ignore::Error>) {
        match entry {
            Ok(entry) if entry.depth() == 0 => {}
            Ok(entry) => {
                let what = what(&entry);
                self.own.paths.push((entry.into_path(), what));
            }
            Err(error) => {
                let path = place_of(&error).map(Path::to_path_buf).unwrap_or_default();
                if let Some(io) = error.io_error() {
                    self.own.problems.push((path, super::read::failed("", io)));
                }
            }
        }
    }
}

impl Drop for Local<'_> {
    fn drop(&mut self) {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.paths.append(&mut self.own.paths);
        seen.problems.append(&mut self.own.problems);
        seen.pruned.append(&mut self.own.pruned);
    }
}

fn what(entry: &DirEntry) -> What {
    match entry.file_type() {
        Some(kind) => what_is(kind),
        None => What::Other,
    }
}

/// What a directory entry or a link's own metadata says.
pub(super) fn what_is(kind: std::fs::FileType) -> What {
    match kind {
        _ if kind.is_symlink() => What::Link,
        _ if kind.is_dir() => What::Dir,
        _ if kind.is_file() => What::File,
        _ => What::Other,
    }
}

fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place_of(err),
        _ => None,
    }
}
