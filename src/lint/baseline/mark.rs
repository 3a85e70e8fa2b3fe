//! Findings meet what is known: first at the same path, then where a file may have moved.

use super::file::Entry;
use crate::diagnostic::{Baseline, Diagnostic, Suppressed};
use std::collections::HashMap;

/// What was known before.
pub struct Earlier<'a> {
    /// The known findings.
    pub entries: &'a [Entry],
    /// Who knows them: [`Suppressed::BASELINE`] or [`Suppressed::SINCE`].
    pub by: &'static str,
    /// Whether a file is still there: a finding of one that is not may have moved with it.
    pub there: &'a dyn Fn(&str) -> bool,
    /// Findings that count whatever is known.
    pub counts_always: &'a dyn Fn(&Diagnostic) -> bool,
}

/// Says of each finding whether it is new; those that are not no longer count. Returns how often each entry was
/// not met.
pub fn mark(findings: &mut [Diagnostic], earlier: &Earlier<'_>) -> Vec<u32> {
    let mut ledger = Ledger::new(earlier);
    let counting = |finding: &Diagnostic| finding.suppressed.is_none();
    // A finding that a comment silences needs no entry, so the others choose before it.
    for suppressed in [false, true] {
        for moved in [false, true] {
            for finding in findings.iter_mut().filter(|f| f.baseline != Some(Baseline::Unchanged)) {
                if counting(finding) != suppressed && !(earlier.counts_always)(finding) {
                    ledger.settle(finding, moved);
                }
            }
        }
    }
    for finding in findings {
        finding.baseline = finding.baseline.or(Some(Baseline::New));
    }
    ledger.left
}

struct Ledger<'a> {
    earlier: &'a Earlier<'a>,
    left: Vec<u32>,
    by_print: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Ledger<'a> {
    fn new(earlier: &'a Earlier<'a>) -> Self {
        let mut by_print: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, entry) in earlier.entries.iter().enumerate() {
            by_print.entry(&entry.fingerprint).or_default().push(number);
        }
        Self { earlier, left: earlier.entries.iter().map(|entry| entry.count).collect(), by_print }
    }

    /// Takes one occurrence off the entry that fits.
    fn settle(&mut self, finding: &mut Diagnostic, moved: bool) {
        let Some(numbers) = self.by_print.get(finding.fingerprint.as_str()) else { return };
        let fits = |entry: &Entry| match moved {
            false => entry.path == *finding.path,
            true => !(self.earlier.there)(&entry.path),
        };
        let open = numbers.iter().copied().filter(|&n| self.left[n] > 0);
        // Of several files that are gone the one of the same name is the likeliest.
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let unlike = |n: &usize| name(&self.earlier.entries[*n].path) != name(&finding.path);
        let Some(number) = open.filter(|&n| fits(&self.earlier.entries[n])).min_by_key(unlike) else { return };
        self.left[number] -= 1;
        finding.baseline = Some(Baseline::Unchanged);
        let by = self.earlier.by;
        finding.suppressed.get_or_insert(Suppressed { by, line: None, reason: None });
    }
}
