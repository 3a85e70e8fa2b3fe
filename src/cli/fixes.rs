//! `--fix`, `--unsafe-fixes` and `--diff`: files are mended as they are linted, each written whole or not at all.

use super::args::FixArgs;
use super::atomic;
use super::known::Known;
use super::run::Namer;
use crate::diagnostic::{Diagnostic, Problem, Severity, Status};
use crate::fix::{Shade, Side, diff};
use crate::lint::across::{self, Plan};
use crate::lint::masks::Masks;
use crate::lint::mend::{Level, Mended, mend};
use crate::lint::{Outcome, Session};
use crate::text::Source;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is done with findings that can be mended.
pub(super) struct Fixing {
    level: Level,
    /// Nothing is written.
    dry: bool,
    /// Findings below are not shown, so they are not touched.
    floor: Option<Severity>,
    done: Mutex<Done>,
}

/// What has been done so far.
#[derive(Default)]
struct Done {
    findings: usize,
    files: usize,
    /// Of the project that is being linted.
    pending: Vec<Change>,
    /// With paths as they are printed.
    changes: Vec<Change>,
    /// What stdin became.
    text: Option<Vec<u8>>,
}

/// A file that would change.
struct Change {
    path: String,
    old: String,
    new: String,
    old_masks: Masks,
    new_masks: Masks,
}

/// Where a text comes from.
pub(super) enum Origin<'a> {
    /// A file below the root.
    File(&'a Path, &'a Path),
    /// Stdin: the result goes to stdout.
    Stdin,
}

impl Fixing {
    /// What the options want; nothing where nothing shall be mended.
    pub(super) fn of(options: &FixArgs, floor: Option<Severity>) -> Option<Self> {
        if !(options.fix || options.unsafe_fixes || options.diff) {
            return None;
        }
        let level = if options.unsafe_fixes { Level::Unsafe } else { Level::Safe };
        Some(Self { level, dry: options.diff, floor, done: Mutex::default() })
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        // A thread that panicked while counting has left a count.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is written.
    pub(super) fn is_dry(&self) -> bool {
        self.dry
    }

    /// Lints a text and mends it; the outcome is that of what stands in the file afterwards.
    pub(super) fn lint(
        &self,
        path: &str,
        source: &Source,
        origin: &Origin<'_>,
        session: &Session<'_>,
        known: Option<&Known>,
    ) -> Outcome {
        let mut outcome = session.lint(path, source);
        let level = self.level;
        let fixable = |finding: &Diagnostic| finding.fix.as_ref().is_some_and(|fix| level.admits(fix));
        if !outcome.findings.iter().any(fixable) {
            return outcome;
        }
        let judge = |findings: &mut Vec<Diagnostic>| {
            known.iter().for_each(|known| known.hide(findings, session));
            findings.retain(|finding| self.floor.is_none_or(|floor| finding.severity >= floor));
        };
        let Some(mended) = mend(path, source, session, level, &judge) else { return outcome };
        let new = Source::new(mended.text.clone());
        if self.dry {
            let mut done = self.done();
            done.pending.push(change(path, source, &new, session));
            (done.findings, done.files) = (done.findings + mended.fixed, done.files + 1);
            return outcome;
        }
        match self.write(source, &mended, origin) {
            Ok(()) => session.lint(path, &new),
            Err(message) => {
                let message = format!("it cannot be mended: {message}");
                outcome.problems.push(Problem {
                    path: path.into(),
                    status: Status::Failed,
                    kind: "not-fixed",
                    message,
                });
                outcome
            }
        }
    }

    /// Mends findings about several files, which are known when all are read; tells whether a file was written.
    pub(super) fn across(
        &self,
        findings: &[Diagnostic],
        admits: &dyn Fn(&str) -> bool,
        session: &Session<'_>,
        root: &Path,
        known: Option<&Known>,
    ) -> bool {
        let here = |finding: &&Diagnostic| {
            let fix = finding.fix.as_ref().filter(|fix| fix.edits.iter().all(|edit| admits(&edit.path)));
            fix.is_some() && admits(&finding.path) && session.is_across(finding)
        };
        let mut findings: Vec<Diagnostic> = findings.iter().filter(here).cloned().collect();
        known.iter().for_each(|known| known.hide(&mut findings, session));
        findings.retain(|f| f.suppressed.is_none() && self.floor.is_none_or(|floor| f.severity >= floor));
        let Plan { files, mended } = across::plan(&findings, self.level);
        let mut wrote = false;
        for (path, edits) in files {
            let file = root.join(&*path);
            let Some(source) = fs::read_to_string(&file).ok().map(Source::new) else { continue };
            let Some(text) = across::written(&source, &edits) else { continue };
            let new = Source::new(&*text);
            if session.syntax_faults(&path, &new) > session.syntax_faults(&path, &source) {
                continue;
            }
            let fixed = mended.get(&path).copied().unwrap_or(0);
            if !self.dry {
                wrote |= self.write(&source, &Mended { text, fixed }, &Origin::File(&file, root)).is_ok();
                continue;
            }
            let mut done = self.done();
            // What else would change in the file would move these places.
            if !done.pending.iter().any(|change| *change.path == *path) {
                done.pending.push(change(&path, &source, &new, session));
                (done.findings, done.files) = (done.findings + fixed, done.files + 1);
            }
        }
        wrote
    }

    fn write(&self, source: &Source, mended: &Mended, origin: &Origin<'_>) -> Result<(), String> {
        match origin {
            Origin::File(file, root) => replace(file, root, source, &mended.text)?,
            Origin::Stdin => self.done().text = Some(mended.text.clone().into_bytes()),
        }
        let mut done = self.done();
        (done.findings, done.files) = (done.findings + mended.fixed, done.files + 1);
        Ok(())
    }

    /// Keeps what stdin said, for where nothing in it is mended.
    pub(super) fn keep(&self, bytes: &[u8]) {
        self.done().text = Some(bytes.to_vec());
    }

    /// A project is done: its paths get the names under which they are printed.
    pub(super) fn settle(&self, namer: &Namer) {
        let mut done = self.done();
        let pending = std::mem::take(&mut done.pending);
        done.changes.extend(pending.into_iter().map(|change| Change { path: namer.name(&change.path), ..change }));
        done.changes.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// How many findings were mended; those that only could be do not count.
    pub(super) fn count(&self) -> usize {
        if self.dry { 0 } else { self.done().findings }
    }

    /// Whether stdout gets something else than a report.
    pub(super) fn takes_stdout(&self) -> bool {
        self.dry || self.done().text.is_some()
    }

    /// Writes the diffs, or what stdin became.
    pub(super) fn print(&self, shade: Shade, out: &mut dyn Write) -> io::Result<()> {
        let done = self.done();
        if !self.dry {
            return out.write_all(done.text.as_deref().unwrap_or_default());
        }
        done.changes.iter().try_for_each(|change| {
            let old = Side { text: &change.old, masks: change.old_masks.as_slice() };
            let new = Side { text: &change.new, masks: change.new_masks.as_slice() };
            diff(&change.path, &old, &new, shade, out)
        })
    }

    /// What was done, in a line; nothing where nothing was.
    pub(super) fn tell(&self) -> Option<String> {
        let done = self.done();
        let counted = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let (findings, files) = (counted(done.findings, "finding"), counted(done.files, "file"));
        let verb = if self.dry { "would fix" } else { "fixed" };
        (done.findings > 0).then(|| format!("{verb} {findings} in {files}"))
    }
}

fn change(path: &str, old: &Source, new: &Source, session: &Session<'_>) -> Change {
    let masks = |source: &Source| session.masks(&session.file(path, source));
    Change {
        path: path.to_owned(),
        old: old.text().to_owned(),
        new: new.text().to_owned(),
        old_masks: masks(old),
        new_masks: masks(new),
    }
}

/// Puts a new text in the place of the one that was read.
fn replace(file: &Path, root: &Path, source: &Source, text: &str) -> Result<(), String> {
    let told = |error: io::Error| error.to_string();
    let target = file.canonicalize().map_err(told)?;
    if !target.starts_with(root.canonicalize().map_err(told)?) {
        return Err("it lies outside the project".to_owned());
    }
    if fs::metadata(&target).map_err(told)?.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    if fs::read(&target).map_err(told)? != source.text().as_bytes() {
        return Err("somebody changed it meanwhile".to_owned());
    }
    atomic::write(&target, |out| out.write_all(text.as_bytes())).map_err(told)
}
