//! One file: text to facts, facts to findings, findings to places.

use super::fingerprint::Fingerprints;
use super::plan::Plan;
use super::raw::{self, Raw, Scope};
use crate::diagnostic::{Diagnostic, Label, Problem, Range};
use crate::fact::summary::{Summary, summarise};
use crate::fact::{self, Facts, File};
use crate::text::{Source, Span};
use std::sync::Arc;

/// What became of a file.
#[derive(Default)]
pub struct Outcome {
    /// Findings, suppressed or not, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// What could not be checked.
    pub problems: Vec<Problem>,
    /// What rules across files want to know of it.
    pub summary: Option<Summary>,
}

/// Lints one file.
pub fn lint_file(file: &File<'_>, plan: &Plan<'_>) -> Outcome {
    let scope = Scope { path: file.path, kind: file.kind.name(), secrets_only: file.foreign };
    let mut facts = Facts::default();
    fact::build(file, plan.wanted(), &mut facts);
    let mut found = raw::run(&facts, plan, &scope);
    raw::patterns(file.source.text(), plan, &scope, &mut found);
    raw::settle(&mut found, plan);
    found.sort_by_key(|raw| (raw.span.start, raw.rule, raw.span.end));
    let path: Arc<str> = Arc::from(file.path);
    let mut prints = Fingerprints::default();
    let finish = |raw: Raw| diagnose(raw, &path, file.source, plan, &mut prints);
    Outcome {
        findings: found.into_iter().map(finish).collect(),
        problems: Vec::new(),
        summary: summarise(file, &facts, plan.wanted()),
    }
}

fn diagnose(raw: Raw, path: &Arc<str>, source: &Source, plan: &Plan<'_>, prints: &mut Fingerprints) -> Diagnostic {
    let (rule, state) = plan.rule(raw.rule);
    let variant = raw.variant.map(|v| &rule.variants[v]);
    let span = visible(raw.span, source);
    let label = |(span, message): (Span, String)| Label { path: path.clone(), range: range(span, source), message };
    Diagnostic {
        path: path.clone(),
        rule: rule.id.clone(),
        variant: variant.map(|v| v.name.clone()),
        aliases: variant.and_then(|v| v.aliases.clone()).unwrap_or_else(|| rule.aliases.clone()),
        severity: raw::severity(rule, state, raw.variant, raw.embedded),
        message: raw.message,
        help: rule.help.clone(),
        range: range(span, source),
        fingerprint: prints.next(&rule.id, &raw.label, source.slice(span)),
        subject: (!raw.label.is_empty()).then(|| Arc::from(raw.label)),
        embedded_in: raw.embedded.then_some("markdown"),
        related: raw.related.into_iter().map(label).collect(),
        fix: None,
        suppressed: None,
        excerpt: None,
    }
}

/// Line and column of a span.
pub fn range(span: Span, source: &Source) -> Range {
    Range { start: source.position(span.start), end: source.position(span.end) }
}

/// A span that shows something: the first line that is not blank where there is no better place, and no
/// line breaks at the end.
fn visible(span: Span, source: &Source) -> Span {
    if span == Span::default() {
        return first_line(source);
    }
    let text = source.slice(span);
    let kept = text.trim_end_matches(['\n', '\r']).len();
    Span::new(span.start as usize, span.start as usize + kept)
}

fn first_line(source: &Source) -> Span {
    let numbers = 1..=source.lines().line_count();
    let spans = numbers.map(|n| source.lines().line_range(n, source.text()));
    let found = spans.map(|r| Span::new(r.start, r.end)).find(|s| !source.slice(*s).trim().is_empty());
    found.unwrap_or_default()
}
