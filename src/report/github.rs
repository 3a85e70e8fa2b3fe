//! Workflow commands for GitHub Actions: annotations on the lines of a pull request.

use super::{Base, Results};
use crate::diagnostic::{Diagnostic, Problem, Severity, Status};
use std::borrow::Cow;
use std::io::{self, Write};

/// GitHub shows no more of a level than this for one step; the rest is dropped without a word.
const A_LEVEL: usize = 10;

/// An annotation before it is escaped.
struct Annotation<'a> {
    level: &'static str,
    properties: Vec<(&'static str, Cow<'a, str>)>,
    message: Cow<'a, str>,
}

pub(super) fn github(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let failed = results.problems.iter().filter(|problem| problem.status == Status::Failed);
    let failed: Vec<_> = failed.map(|problem| failure(problem, results.base)).collect();
    let findings = |severity: Severity, before: usize| {
        let fitting = results.findings.iter().filter(move |f| f.severity == severity && f.suppressed.is_none());
        fitting.clone().take(A_LEVEL.saturating_sub(before)).map(|f| annotation(f, results.base)).collect::<Vec<_>>()
    };
    let shown = failed.len().min(A_LEVEL);
    let mut annotations: Vec<_> = failed.into_iter().take(A_LEVEL).collect();
    annotations.extend(findings(Severity::Error, shown));
    annotations.extend(findings(Severity::Warning, 0));
    annotations.extend(findings(Severity::Info, 0));
    let all = total(results);
    if all > annotations.len() {
        // What says so is a notice itself, and one too many of them would be dropped.
        let notices = annotations.iter().filter(|a| a.level == "notice").count();
        annotations.truncate(annotations.len() - usize::from(notices == A_LEVEL));
        annotations.push(rest(all - annotations.len()));
    }
    annotations.iter().try_for_each(|annotation| command(annotation, out))
}

/// All that there is to show, whatever the limits.
fn total(results: &Results<'_>) -> usize {
    let failed = results.problems.iter().filter(|p| p.status == Status::Failed).count();
    let findings = results.findings.iter().filter(|f| f.suppressed.is_none()).count();
    failed + findings + results.summary.omitted
}

fn rest(more: usize) -> Annotation<'static> {
    let message =
        format!("{more} more: GitHub shows {A_LEVEL} annotations of a level, see the summary or another format");
    Annotation { level: "notice", properties: vec![("title", "infralint".into())], message: message.into() }
}

fn failure<'a>(problem: &'a Problem, base: &Base) -> Annotation<'a> {
    let properties = vec![("file", base.rooted(&problem.path)), ("title", Cow::Borrowed("infralint: not checked"))];
    Annotation { level: "error", properties, message: (&*problem.message).into() }
}

fn annotation<'a>(finding: &'a Diagnostic, base: &Base) -> Annotation<'a> {
    let (start, end) = (finding.range.start, finding.range.end);
    let mut properties = vec![("file", base.rooted(&finding.path))];
    let mut number = |name, value: u32| properties.push((name, value.max(1).to_string().into()));
    number("line", start.line);
    number("endLine", end.line.max(start.line));
    if end.line <= start.line {
        number("col", start.column);
        number("endColumn", end.column.max(start.column));
    }
    properties.push(("title", (&*finding.rule).into()));
    Annotation { level: level(finding.severity), properties, message: message(finding, base) }
}

/// Other places that an annotation names.
const RELATED: usize = 5;

/// What is wrong, and the other places that it is about: an annotation can stand at only one of them.
fn message<'a>(finding: &'a Diagnostic, base: &Base) -> Cow<'a, str> {
    let mut message = Cow::Borrowed(&*finding.message);
    for label in finding.related.iter().take(RELATED) {
        let (path, line) = (base.rooted(&label.path), label.range.start.line);
        message.to_mut().push_str(&format!("\nsee {path}:{line} {}", label.message));
    }
    message
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// One line, whatever the texts hold: a command begins only where a line does.
fn command(annotation: &Annotation<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{}", annotation.level)?;
    for (number, (name, value)) in annotation.properties.iter().enumerate() {
        let before = if number == 0 { ' ' } else { ',' };
        write!(out, "{before}{name}={}", escaped(value, true))?;
    }
    writeln!(out, "::{}", escaped(&annotation.message, false))
}

/// What GitHub takes apart again; other controls, which it would print into the log, become visible.
fn escaped(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if property => out.push_str("%3A"),
            ',' if property => out.push_str("%2C"),
            '\t' => out.push(c),
            _ if c.is_control() || super::is_direction(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
