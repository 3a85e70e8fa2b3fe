//! Markdown for a step's summary: a table a file, the worst files first, no longer than a platform takes.

use super::{Base, Results, Summary};
use crate::diagnostic::{Diagnostic, Problem, Severity, Status};
use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

/// GitHub refuses a summary over 1 MiB, which other steps may add to.
const ENOUGH: usize = 900 << 10;
/// Failed files that are told one by one.
const FAILED: usize = 200;
/// Characters of a message, path or reason: none of them may fill the page alone.
const LONG: usize = 500;

pub(super) fn markdown(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = heading(results);
    failures(results.problems, &mut text);
    let mut files: Vec<File<'_>> = results.findings.chunk_by(|a, b| a.path == b.path).map(File::new).collect();
    files.sort_by_key(|file| Reverse(file.worst));
    let mut left = results.summary.omitted;
    for file in &files {
        left += file.findings.len() - file.write(results, &mut text);
    }
    if left > 0 {
        let _ = writeln!(text, "{} not shown here: see another format.", counted(left, "more finding"));
    }
    out.write_all(text.as_bytes())
}

fn heading(results: &Results<'_>) -> String {
    let Summary { errors, warnings, infos, files, files_with_findings, .. } = *results.summary;
    let counts = counts([errors, warnings, infos]);
    let among = counted(files, "file");
    let found = match counts.is_empty() {
        true => format!("no findings in {among}"),
        false => format!("{counts} in {files_with_findings} of {among}"),
    };
    let mut text = format!("## infralint: {found}\n\n");
    let failed = results.problems.iter().filter(|problem| problem.status == Status::Failed).count();
    let Summary { skipped, suppressed, known, .. } = *results.summary;
    let more = [(failed, "not checked"), (skipped, "skipped"), (suppressed, "suppressed"), (known, "known")];
    let more: Vec<String> = more.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if !more.is_empty() {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{}\n", more.join(", "));
    }
    text
}

fn failures(problems: &[Problem], text: &mut String) {
    let failed: Vec<&Problem> = problems.iter().filter(|problem| problem.status == Status::Failed).collect();
    if failed.is_empty() {
        return;
    }
    text.push_str("### Not checked\n\n");
    for problem in failed.iter().take(FAILED) {
        let _ = writeln!(text, "- {}: {}", code(&problem.path), plain(&problem.message));
    }
    if let Some(more) = failed.len().checked_sub(FAILED).filter(|more| *more > 0) {
        let _ = writeln!(text, "- and {}", counted(more, "more file"));
    }
    text.push('\n');
}

/// The findings of one file.
struct File<'a> {
    findings: &'a [Diagnostic],
    /// The greatest severity that counts.
    worst: Option<Severity>,
}

impl<'a> File<'a> {
    fn new(findings: &'a [Diagnostic]) -> Self {
        let counting = findings.iter().filter(|finding| finding.suppressed.is_none());
        Self { findings, worst: counting.map(|finding| finding.severity).max() }
    }

    /// Writes as many findings as there is room for, and returns how many.
    fn write(&self, results: &Results<'_>, text: &mut String) -> usize {
        let Some(first) = self.findings.first() else { return 0 };
        let path = results.base.rooted(&first.path);
        let mut block = format!("<details><summary>{} {}", code(&path), self.counts());
        let owners: Vec<String> = results.owners.of(&path).iter().map(|owner| code(owner)).collect();
        if !owners.is_empty() {
            let _ = write!(block, ", owned by {}", owners.join(" "));
        }
        block.push_str("</summary>\n\n| line | severity | rule | message |\n| ---: | --- | --- | --- |\n");
        let mut shown = 0;
        let end = "\n</details>\n\n";
        for finding in self.findings {
            let row = row(finding, results.base);
            if text.len() + block.len() + row.len() + end.len() > ENOUGH {
                break;
            }
            block.push_str(&row);
            shown += 1;
        }
        if shown > 0 {
            text.push_str(&block);
            text.push_str(end);
        }
        shown
    }

    fn counts(&self) -> String {
        let count = |severity| {
            let counting = self.findings.iter().filter(|finding| finding.suppressed.is_none());
            counting.filter(|finding| finding.severity == severity).count()
        };
        let silent = self.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
        let counted = counts(Severity::ALL.map(count));
        match (counted.is_empty(), silent) {
            (_, 0) => counted,
            (true, _) => format!("{silent} that do not count"),
            (false, _) => format!("{counted}, {silent} that do not count"),
        }
    }
}

fn row(finding: &Diagnostic, base: &Base) -> String {
    let line = finding.range.start.line.max(1);
    let place = match base.page(&finding.path) {
        Some(page) => format!("[{line}]({page}#L{line})"),
        None => line.to_string(),
    };
    let message = plain(&finding.message);
    let silent = finding.suppressed.as_ref().map(|suppressed| format!(" ({})", plain(&super::silence(suppressed))));
    let silent = silent.unwrap_or_default();
    format!("| {place} | {} | {} | {message}{silent} |\n", finding.severity, code(&finding.rule))
}

/// `1 error, 2 warnings`, without what there is none of.
fn counts(counts: [usize; 3]) -> String {
    let words = counts.into_iter().zip(["error", "warning", "info"]);
    words.filter(|(n, _)| *n > 0).map(|(n, word)| counted(n, word)).collect::<Vec<_>>().join(", ")
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Text as code, in HTML: backticks would need to know what is within.
fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// A character that is never the beginning of anything.
fn reference(c: char, out: &mut String) {
    let _ = write!(out, "&#{};", u32::from(c));
}

/// Text on one line that no renderer takes for markup, a mention or a link.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, c) in super::one_line(text).chars().enumerate() {
        if number == LONG {
            out.push('…');
            break;
        }
        match c {
            '&' | '<' | '>' | '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '$' | '@' | '#' => {
                reference(c, &mut out)
            }
            // Addresses become links by themselves.
            '/' if out.ends_with(':') => reference(c, &mut out),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
