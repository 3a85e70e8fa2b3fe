//! From findings to a mended text: fixes that do not touch each other are written, the result is linted again, until
//! nothing is left to do.

use super::session::Session;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::text::{Source, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How often a text is linted again; fixes that are still possible then are left to the next run.
const ROUNDS: usize = 20;
/// How many attempts are made to find the fixes that break a text.
const ATTEMPTS: usize = 64;

/// Which fixes are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Those that keep the meaning of the file.
    Safe,
    /// Those that may change it, too.
    Unsafe,
}

impl Level {
    /// Whether a fix may be written.
    pub fn admits(self, fix: &Fix) -> bool {
        self == Level::Unsafe || fix.safety == Safety::Safe
    }
}

/// A file whose findings were mended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mended {
    /// What it says now.
    pub text: String,
    /// How many findings are gone.
    pub fixed: usize,
}

/// Takes away, or marks as suppressed, what nobody wants to be mended.
pub type Judge<'j> = &'j dyn Fn(&mut Vec<Diagnostic>);

/// Mends what can be mended in a file; nothing if nothing can.
pub fn mend(path: &str, source: &Source, session: &Session<'_>, level: Level, judge: Judge<'_>) -> Option<Mended> {
    let mut job = Job { path, session, level, judge, fruitless: BTreeSet::new(), fixed: 0 };
    let mut findings = job.findings(source);
    let mut text: Option<Source> = None;
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let current = text.as_ref().unwrap_or(source);
        let Some((next, rest)) = job.round(current, &findings) else { break };
        // Two fixes that undo each other end where they began.
        if !seen.insert(current.text().to_owned()) || seen.contains(next.text()) {
            break;
        }
        // What did not help in the text before may help in this one.
        job.fruitless.clear();
        (findings, text) = (rest, Some(next));
    }
    text.map(|text| Mended { text: text.text().to_owned(), fixed: job.fixed })
}

struct Job<'j, 'p> {
    path: &'j str,
    session: &'j Session<'p>,
    level: Level,
    judge: Judge<'j>,
    /// Rules whose fixes did not help in the text as it stands.
    fruitless: BTreeSet<Arc<str>>,
    fixed: usize,
}

impl Job<'_, '_> {
    fn findings(&self, source: &Source) -> Vec<Diagnostic> {
        let mut findings = self.session.settled(self.path, source);
        (self.judge)(&mut findings);
        findings.retain(|finding| finding.suppressed.is_none());
        findings
    }

    /// Writes what can be written at once; nothing if there is nothing.
    fn round(&mut self, source: &Source, findings: &[Diagnostic]) -> Option<(Source, Vec<Diagnostic>)> {
        loop {
            let chosen = self.choose(findings);
            if chosen.is_empty() {
                return None;
            }
            let kept = self.sound(source, &chosen);
            let rules: BTreeSet<Arc<str>> = kept.iter().map(|finding| finding.rule.clone()).collect();
            for finding in chosen.iter().filter(|finding| !rules.contains(&finding.rule)) {
                self.fruitless.insert(finding.rule.clone());
            }
            if kept.is_empty() {
                continue;
            }
            let next = Source::new(written(source.text(), &kept));
            let rest = self.findings(&next);
            let (before, after) = (self.count(findings), self.count(&rest));
            let helped = |rule: &Arc<str>| after.get(rule).unwrap_or(&0) < before.get(rule).unwrap_or(&0);
            let idle: Vec<Arc<str>> = rules.into_iter().filter(|rule| !helped(rule)).collect();
            if idle.is_empty() {
                self.fixed += kept.len();
                return Some((next, rest));
            }
            self.fruitless.extend(idle);
        }
    }

    fn count(&self, findings: &[Diagnostic]) -> HashMap<Arc<str>, usize> {
        let mut counts = HashMap::new();
        for finding in findings {
            *counts.entry(finding.rule.clone()).or_default() += 1;
        }
        counts
    }

    /// The findings whose fixes can be written together: the first in the file wins.
    fn choose<'f>(&self, findings: &'f [Diagnostic]) -> Vec<&'f Diagnostic> {
        let possible = |finding: &&Diagnostic| {
            let own = finding
                .fix
                .as_ref()
                .is_some_and(|fix| self.level.admits(fix) && fix.edits.iter().all(|edit| *edit.path == *self.path));
            own && !self.fruitless.contains(&finding.rule)
        };
        let mut taken: BTreeMap<u32, (u32, &str)> = BTreeMap::new();
        let mut chosen = Vec::new();
        let mut alone = BTreeSet::new();
        for finding in findings.iter().filter(possible) {
            let Some(fix) = &finding.fix else { continue };
            if fix.alone && alone.contains(&(&finding.rule, &finding.subject)) {
                continue;
            }
            let edits = &fix.edits;
            let new: Vec<(Span, &str)> = edits.iter().map(|edit| (span(edit), edit.text.as_str())).collect();
            let done = |(span, text): &(Span, &str)| taken.get(&span.start) == Some(&(span.end, *text));
            if new.iter().all(done) || new.iter().all(|(span, _)| is_free(*span, &taken)) {
                taken.extend(new.iter().map(|(span, text)| (span.start, (span.end, *text))));
                alone.insert((&finding.rule, &finding.subject));
                chosen.push(finding);
            }
        }
        chosen
    }

    /// Of the chosen ones those that leave the syntax of the file as good as it was.
    fn sound<'f>(&self, source: &Source, chosen: &[&'f Diagnostic]) -> Vec<&'f Diagnostic> {
        let limit = self.session.syntax_faults(self.path, source);
        let holds = |part: &[&Diagnostic]| {
            let text = Source::new(written(source.text(), part));
            self.session.keeps(self.path, source, &text, &edits(part))
                && self.session.syntax_faults(self.path, &text) <= limit
        };
        let mut kept: Vec<&Diagnostic> = Vec::new();
        let mut waiting = vec![chosen];
        let mut attempts = 0;
        while let Some(part) = waiting.pop() {
            attempts += 1;
            if attempts > ATTEMPTS {
                break;
            }
            let together: Vec<&Diagnostic> = kept.iter().chain(part).copied().collect();
            if holds(&together) {
                kept = together;
            } else if part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                waiting.extend([second, first]);
            }
        }
        kept
    }
}

fn span(edit: &crate::diagnostic::Edit) -> Span {
    Span { start: edit.range.start.offset, end: edit.range.end.offset }
}

/// Whether nothing that is taken touches a span.
fn is_free(span: Span, taken: &BTreeMap<u32, (u32, &str)>) -> bool {
    let before = taken.range(..=span.start).next_back().is_none_or(|(_, (end, _))| *end < span.start);
    let inside = taken.range(span.start..=span.end).next().is_none();
    before && inside
}

/// The edits of findings, each once, in order.
fn edits<'f>(findings: &[&'f Diagnostic]) -> Vec<(Span, &'f str)> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let mut edits: Vec<(Span, &str)> =
        fixes.flat_map(|fix| &fix.edits).map(|edit| (span(edit), edit.text.as_str())).collect();
    edits.sort_unstable();
    edits.dedup();
    edits
}

/// A text with the fixes of findings written into it.
fn written(text: &str, findings: &[&Diagnostic]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (span, new) in edits(findings) {
        let Some(kept) = text.get(at..span.start as usize) else { continue };
        out.push_str(kept);
        out.push_str(new);
        at = span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
