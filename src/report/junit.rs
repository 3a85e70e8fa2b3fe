//! JUnit: a suite a file, a failed case a finding, within what both common schemas of it allow.

use super::Results;
use crate::diagnostic::{Diagnostic, Problem, Status};
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) fn junit(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let mut number = 0;
    let failed: Vec<&Problem> = results.problems.iter().filter(|p| p.status == Status::Failed).collect();
    let mut write = |suite: Suite<'_>| {
        number += 1;
        out.write_all(suite.text(number - 1).as_bytes())
    };
    for group in results.findings.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = group.first() else { continue };
        write(Suite { path: &first.path, findings: group, problems: of(&failed, &first.path) })?;
    }
    let told = |path: &str| results.findings.binary_search_by(|finding| (*finding.path).cmp(path)).is_ok();
    for group in failed.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = group.first().filter(|first| !told(&first.path)) else { continue };
        write(Suite { path: &first.path, findings: &[], problems: group })?;
    }
    if results.findings.is_empty() && failed.is_empty() {
        write(Suite { path: "infralint", findings: &[], problems: &[] })?;
    }
    out.write_all(b"</testsuites>\n")
}

/// The problems of one file; they are sorted by path.
fn of<'a, 'p>(failed: &'a [&'p Problem], path: &str) -> &'a [&'p Problem] {
    let start = failed.partition_point(|problem| &*problem.path < path);
    let end = failed.partition_point(|problem| &*problem.path <= path);
    &failed[start..end]
}

/// What is to be told of one file.
struct Suite<'a> {
    path: &'a str,
    findings: &'a [Diagnostic],
    problems: &'a [&'a Problem],
}

impl Suite<'_> {
    fn text(&self, number: usize) -> String {
        let path = attribute(self.path);
        let skipped = self.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        let failures = self.findings.len() - skipped;
        let tests = (self.findings.len() + self.problems.len()).max(1);
        let errors = self.problems.len();
        // One of the schemas demands when and where the tests ran. Neither is known of a report that shall be
        // the same on every machine.
        let mut out = format!(
            "<testsuite id=\"{number}\" package=\"infralint\" name=\"{path}\" timestamp=\"1970-01-01T00:00:00\" \
             hostname=\"localhost\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\" time=\"0\">\n<properties/>\n"
        );
        self.problems.iter().for_each(|problem| error(problem, &mut out));
        self.findings.iter().for_each(|finding| case(finding, &mut out));
        if self.findings.is_empty() && self.problems.is_empty() {
            // Some readers take a report without any case for a broken one.
            let _ = writeln!(out, "<testcase name=\"no findings\" classname=\"{path}\" time=\"0\"/>");
        }
        out.push_str("<system-out/>\n<system-err/>\n</testsuite>\n");
        out
    }
}

fn case(finding: &Diagnostic, out: &mut String) {
    let (path, place) = (attribute(&finding.path), finding.range.start);
    let (rule, message) = (attribute(&finding.rule), attribute(&finding.message));
    // Writing to a string cannot fail, here and below.
    let (line, column) = (place.line.max(1), place.column.max(1));
    let _ = writeln!(out, "<testcase name=\"{rule} {line}:{column}\" classname=\"{path}\" time=\"0\">");
    match &finding.suppressed {
        Some(suppressed) => {
            let why = content(&super::silence(suppressed));
            let _ = writeln!(out, "<skipped message=\"{message}\">{why}</skipped>");
        }
        None => {
            let (severity, help) = (finding.severity, content(finding.help.trim()));
            let shown = content(&format!("{}:{}:{}", finding.path, place.line, place.column));
            let _ = writeln!(
                out,
                "<failure type=\"{severity}\" message=\"{message}\">{shown}: {severity} {rule} {}\n\n{help}</failure>",
                content(&finding.message)
            );
        }
    }
    out.push_str("</testcase>\n");
}

fn error(problem: &Problem, out: &mut String) {
    let (path, message) = (attribute(&problem.path), attribute(&problem.message));
    let kind = problem.kind;
    let _ = write!(
        out,
        "<testcase name=\"not checked\" classname=\"{path}\" time=\"0\">\n\
         <error type=\"{kind}\" message=\"{message}\">{}</error>\n</testcase>\n",
        content(&problem.message)
    );
}

/// Within quotes a line end would be read as a blank.
fn attribute(text: &str) -> String {
    escaped(text, true)
}

fn content(text: &str) -> String {
    escaped(text, false)
}

/// What XML can hold; it knows no other controls than these three, not even as references.
fn escaped(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' if !attribute => out.push(c),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if c.is_control() || super::is_direction(c) => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
