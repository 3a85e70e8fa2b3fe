//! Files that are not reported but say something of those that are: read for the relations between files.

use super::crash;
use super::run::Job;
use crate::diagnostic::Diagnostic;
use crate::lint::{Outcome, Session};
use crate::walk::{Content, Entry};
use std::collections::HashSet;
use std::path::Path;

/// What the rest of the project contributes, if some reported file can be part of a relation at all.
pub(super) fn read(reported: &HashSet<&str>, session: &Session<'_>, root: &Path, job: &Job<'_>) -> Vec<Outcome> {
    if session.past.is_none() && !reported.iter().any(|path| session.relates(path)) {
        return Vec::new();
    }
    let others = session.inventory.files().filter(|path| !reported.contains(path) && session.relates(path));
    let others: Vec<&str> = others.collect();
    let work = |path: &&str| match job.tree.read(&root.join(path), path) {
        Ok(Content::Text(source)) => session.overview(path, &source),
        // Whatever is wrong with the file is said when it is linted itself.
        _ => Outcome::default(),
    };
    job.pool.map(&others, &|| (), work, |_, _| {
        drop(crash::place());
        Outcome::default()
    })
}

/// Leaves the findings of files that were asked for.
pub(super) fn keep(reported: &HashSet<&str>, findings: &mut Vec<Diagnostic>) {
    findings.retain(|finding| reported.contains(&*finding.path));
}

/// The paths of what is reported.
pub(super) fn paths<'e>(entries: impl Iterator<Item = &'e Entry>) -> HashSet<&'e str> {
    entries.map(|entry| &*entry.path).collect()
}
