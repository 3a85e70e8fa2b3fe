//! Reports for people: grouped by file, each finding with its lines and what to do, a summary at the end.

use super::snippet::Drawer;
use super::{Results, Summary, one_line};
use crate::diagnostic::{Diagnostic, Problem, Status};
use std::fmt::Write as _;
use std::io::{self, Write};

/// What the reader's terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Whether to use colours.
    pub color: bool,
    /// Columns.
    pub width: usize,
    /// Findings only, no summary.
    pub quiet: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { color: false, width: 80, quiet: false }
    }
}

/// Related places that one finding lists at most.
const RELATED: usize = 5;
/// Skipped files that are named one by one; binary ones are only counted.
const SKIPPED: usize = 10;

pub fn human(results: &Results<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let drawer = Drawer::new(*look);
    let mut text = String::new();
    for group in results.findings.chunk_by(|a, b| a.path == b.path) {
        file_line(group, look, &mut text);
        for finding in group {
            drawer.draw(finding, &mut text);
            related(finding, &drawer, &mut text);
            text.push('\n');
        }
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    problems(results.problems, look, &mut text);
    if !look.quiet {
        summary(results.summary, results.problems, look, &mut text);
    }
    out.write_all(text.as_bytes())
}

fn paint(text: &str, code: &str, look: &Look) -> String {
    if look.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn file_line(group: &[Diagnostic], look: &Look, out: &mut String) {
    let Some(first) = group.first() else { return };
    out.push_str(&paint(&one_line(&first.path), "1;4", look));
    if group.len() > 1 {
        // Writing to a string cannot fail, here and below.
        let _ = write!(out, " ({})", group.len());
    }
    out.push_str("\n\n");
}

fn related(finding: &Diagnostic, drawer: &Drawer, out: &mut String) {
    if finding.excerpt.as_ref().is_none_or(|excerpt| excerpt.text.trim().is_empty()) {
        let place = finding.range.start;
        let _ = writeln!(out, "  at: {}:{}:{}", one_line(&finding.path), place.line, place.column);
    }
    // One place in another file is shown with its lines: two windows side by side, and not a page.
    let mut shown = finding.related.iter().take(RELATED).filter(|label| label.path != finding.path);
    let shown = shown.next().filter(|label| drawer.draw_label(label, out));
    for label in
        finding.related.iter().take(RELATED).filter(|label| shown.is_none_or(|shown| !std::ptr::eq(shown, *label)))
    {
        let place = label.range.start;
        let (path, message) = (one_line(&label.path), one_line(&label.message));
        let _ = writeln!(out, "  see: {path}:{}:{} {message}", place.line, place.column);
    }
    if finding.related.len() > RELATED {
        let _ = writeln!(out, "  and {} more places", finding.related.len() - RELATED);
    }
}

fn problems(problems: &[Problem], look: &Look, out: &mut String) {
    let failed: Vec<_> = problems.iter().filter(|p| p.status == Status::Failed).collect();
    for problem in &failed {
        let head = paint("could not be checked", "31", look);
        let _ = writeln!(out, "{head}: {}: {}", one_line(&problem.path), one_line(&problem.message));
    }
    let told = |p: &&Problem| p.kind != "binary" && p.kind != super::PARTLY_SEEN;
    let skipped = || problems.iter().filter(|p| p.status == Status::Skipped).filter(told);
    if !look.quiet && skipped().count() <= SKIPPED {
        for problem in skipped() {
            let _ = writeln!(out, "skipped: {}: {}", one_line(&problem.path), one_line(&problem.message));
        }
    }
    if !failed.is_empty() {
        out.push('\n');
    }
}

fn summary(summary: &Summary, problems: &[Problem], look: &Look, out: &mut String) {
    let counts =
        [(summary.errors, "error", "1;31"), (summary.warnings, "warning", "1;33"), (summary.infos, "info", "1;36")];
    let shown: Vec<String> =
        counts.iter().filter(|(n, ..)| *n > 0).map(|(n, word, code)| paint(&counted(*n, word), code, look)).collect();
    let files = counted(summary.files, "file");
    if shown.is_empty() {
        let _ = write!(out, "{} in {files}", paint("no findings", "1;32", look));
    } else {
        let _ = write!(out, "{} in {} of {files}", shown.join(", "), summary.files_with_findings);
    }
    let failed = problems.iter().filter(|p| p.status == Status::Failed).count();
    let more = [
        (failed, "not checked"),
        (summary.skipped, "skipped"),
        (summary.suppressed, "suppressed"),
        (summary.known, "known"),
    ];
    for (n, word) in more.iter().filter(|(n, _)| *n > 0) {
        let _ = write!(out, ", {n} {word}");
    }
    let _ = writeln!(out, " ({:.2} s)", summary.elapsed.as_secs_f64());
    if summary.omitted > 0 {
        let _ = writeln!(out, "{} not shown: --max-findings 0 lists all", counted(summary.omitted, "more finding"));
    }
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
