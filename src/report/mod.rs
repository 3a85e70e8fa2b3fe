//! Results as text: pure functions of findings, problems and counts, the same bytes whoever made them.

mod concise;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod owners;
mod place;
mod rules;
mod sarif;
mod snippet;
mod statistics;

pub use human::{Look, human};
pub use owners::Owners;
pub use place::Base;
pub use rules::RuleInfo;
pub use statistics::{statistics, unknowns};

use crate::diagnostic::{Diagnostic, Problem, Severity, Status, Suppressed};
use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

/// All that a report shows. Paths are as they shall be printed.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// Sorted by path, offset, rule; suppressed ones only if they shall be shown.
    pub findings: &'a [Diagnostic],
    /// Sorted by path.
    pub problems: &'a [Problem],
    /// How much there was.
    pub summary: &'a Summary,
    /// The rules behind the findings, for formats that describe them.
    pub rules: &'a [RuleInfo<'a>],
    /// Where paths lead, for formats that need them from the repository's root.
    pub base: &'a Base,
    /// Whom files belong to.
    pub owners: &'a Owners,
}

/// Counts over the whole run, also of what is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were linted, if only by some rules.
    pub files: usize,
    /// Files that were left out, in whole or in part.
    pub skipped: usize,
    /// Files with at least one finding that counts.
    pub files_with_findings: usize,
    /// Findings that count, by severity.
    pub errors: usize,
    /// See `errors`.
    pub warnings: usize,
    /// See `errors`.
    pub infos: usize,
    /// Findings that do not count.
    pub suppressed: usize,
    /// Findings that do not count because they are not new.
    pub known: usize,
    /// Findings that were mended and are gone.
    pub fixed: usize,
    /// Findings that `--max-findings` left out of the list.
    pub omitted: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// The kind of a note about a file that was linted, though its syntax tree is not whole.
const PARTLY_SEEN: &str = "syntax-tree";

impl Summary {
    /// Counts findings and problems; `files` are those that were read.
    pub fn count(findings: &[Diagnostic], problems: &[Problem], files: usize) -> Self {
        // A file that only some rules could not see all of was linted.
        let notes = [PARTLY_SEEN, Problem::NO_HISTORY, Problem::NOT_ASKED];
        let skipped = problems.iter().filter(|p| p.status == Status::Skipped && !notes.contains(&p.kind));
        let skipped = skipped.map(|p| &*p.path).collect::<HashSet<_>>().len();
        let mut summary = Self { files, skipped, ..Self::default() };
        let mut with = HashSet::new();
        for finding in findings {
            if let Some(suppressed) = &finding.suppressed {
                *(if suppressed.is_known() { &mut summary.known } else { &mut summary.suppressed }) += 1;
                continue;
            }
            with.insert(&*finding.path);
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
        }
        summary.files_with_findings = with.len();
        summary
    }

    /// How many findings count at least as much as `floor`.
    pub fn at_least(&self, floor: Severity) -> usize {
        let counts = [(Severity::Error, self.errors), (Severity::Warning, self.warnings), (Severity::Info, self.infos)];
        counts.iter().filter(|(severity, _)| *severity >= floor).map(|(_, n)| n).sum()
    }
}

/// How results are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people: source lines, help, colours.
    Human,
    /// A line a finding.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Workflow commands that annotate a pull request.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit XML, for what shows test results.
    Junit,
    /// A page for a step's summary.
    Markdown,
}

impl Format {
    /// Those that exist, by their names on the command line.
    pub const ALL: [(&'static str, Format); 9] = [
        ("human", Format::Human),
        ("concise", Format::Concise),
        ("json", Format::Json),
        ("jsonl", Format::Jsonl),
        ("sarif", Format::Sarif),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
        ("markdown", Format::Markdown),
    ];
}

/// Writes results in a format; `look` concerns people only.
///
/// # Errors
/// Those of `out`.
pub fn write(format: Format, results: &Results<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human(results, look, out),
        Format::Concise => concise::concise(results, out),
        Format::Json => json::json(results, out),
        Format::Jsonl => json::jsonl(results, out),
        Format::Sarif => sarif::sarif(results, out),
        Format::Github => github::github(results, out),
        Format::Gitlab => gitlab::gitlab(results, out),
        Format::Junit => junit::junit(results, out),
        Format::Markdown => markdown::markdown(results, out),
    }
}

/// Why a finding does not count, in a word or with the reason given.
fn silence(suppressed: &Suppressed) -> String {
    let word = match suppressed.by {
        Suppressed::BASELINE => "known from the baseline",
        Suppressed::SINCE => "known from before",
        _ => "suppressed",
    };
    match &suppressed.reason {
        Some(reason) => format!("{word}: {reason}"),
        None => word.to_owned(),
    }
}

/// Text on one line, with nothing that a terminal obeys.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c.is_control() || is_direction(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

/// Signs that turn the direction of writing can make a line read as what it is not.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
