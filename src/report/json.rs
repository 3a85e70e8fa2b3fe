//! The JSON formats of the contract: version 1 only grows. Written finding by finding.

use super::{Results, Summary};
use crate::diagnostic::{
    Baseline, Diagnostic, Edit, Fix, Label, Origin, Problem, Safety, Severity, Status, Suppressed,
};
use crate::text::Position;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct JsonTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonSummary {
    files: usize,
    skipped: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    known: usize,
    fixed: usize,
    omitted: usize,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    path: &'a str,
    rule: &'a str,
    aliases: &'a [String],
    severity: Severity,
    message: &'a str,
    help: &'a str,
    start: Position,
    end: Position,
    subject: Option<&'a str>,
    embedded_in: Option<&'a str>,
    related: Vec<JsonLabel<'a>>,
    fix: Option<JsonFix<'a>>,
    fingerprint: &'a str,
    suppressed: Option<&'a Suppressed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a Origin>,
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    path: &'a str,
    start: Position,
    end: Position,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    safety: Safety,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    path: &'a str,
    start: Position,
    end: Position,
    text: &'a str,
}

impl<'a> From<&'a Diagnostic> for JsonFinding<'a> {
    fn from(d: &'a Diagnostic) -> Self {
        Self {
            path: &d.path,
            rule: &d.rule,
            aliases: &d.aliases,
            severity: d.severity,
            message: &d.message,
            help: &d.help,
            start: d.range.start,
            end: d.range.end,
            subject: d.subject.as_deref(),
            embedded_in: d.embedded_in,
            related: d.related.iter().map(JsonLabel::from).collect(),
            fix: d.fix.as_ref().map(JsonFix::from),
            fingerprint: &d.fingerprint,
            suppressed: d.suppressed.as_ref(),
            baseline: d.baseline,
            commit: d.origin.as_deref(),
        }
    }
}

impl<'a> From<&'a Label> for JsonLabel<'a> {
    fn from(l: &'a Label) -> Self {
        Self { path: &l.path, start: l.range.start, end: l.range.end, message: &l.message }
    }
}

impl<'a> From<&'a Fix> for JsonFix<'a> {
    fn from(f: &'a Fix) -> Self {
        Self { title: &f.title, safety: f.safety, edits: f.edits.iter().map(JsonEdit::from).collect() }
    }
}

impl<'a> From<&'a Edit> for JsonEdit<'a> {
    fn from(e: &'a Edit) -> Self {
        Self { path: &e.path, start: e.range.start, end: e.range.end, text: &e.text }
    }
}

impl From<&Summary> for JsonSummary {
    fn from(s: &Summary) -> Self {
        Self {
            files: s.files,
            skipped: s.skipped,
            errors: s.errors,
            warnings: s.warnings,
            infos: s.infos,
            suppressed: s.suppressed,
            known: s.known,
            fixed: s.fixed,
            omitted: s.omitted,
            elapsed_ms: u64::try_from(s.elapsed.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// One document; each finding on a line of its own, so that two runs can be compared line by line.
pub(super) fn json(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tool = JsonTool { name: "infralint", version: env!("CARGO_PKG_VERSION") };
    out.write_all(b"{\"version\":1,\"tool\":")?;
    serde_json::to_writer(&mut *out, &tool)?;
    out.write_all(b",\n\"summary\":")?;
    serde_json::to_writer(&mut *out, &JsonSummary::from(results.summary))?;
    out.write_all(b",\n\"findings\":[")?;
    lines(results.findings.iter().map(JsonFinding::from), out)?;
    out.write_all(b"],\n\"problems\":[")?;
    lines(results.problems.iter(), out)?;
    out.write_all(b"]}\n")
}

fn lines<T: Serialize>(items: impl Iterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    for (index, item) in items.enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
    }
    Ok(())
}

/// The finding objects, one a line; what failed follows as problem objects, told apart by their `status`.
pub(super) fn jsonl(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in results.findings {
        line(&JsonFinding::from(finding), out)?;
    }
    let failed = |problem: &&Problem| problem.status == Status::Failed;
    results.problems.iter().filter(failed).try_for_each(|problem| line(problem, out))
}

fn line(item: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, item)?;
    out.write_all(b"\n")
}
