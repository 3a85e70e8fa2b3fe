//! What a reviewer of shell scripts says becomes findings of one rule; how it comes to know is not known here.

use super::plan::Plan;
use super::raw::{self, Raw, Scope};
use crate::check::Hit;
use crate::diagnostic::{Problem, Severity};
use crate::fact::Facts;
use crate::fact::shell::{ScriptText, script};
use crate::rule::PROGRAM as ENGINE;
use crate::text::{Span, Text};
use serde::Deserialize;

/// Somebody who reads shell scripts.
pub trait Reviewer: Send + Sync {
    /// What there is to say of a script in that file.
    fn review(&self, path: &str, script: &ScriptText) -> Vec<Remark>;

    /// What could not be reviewed; to be asked when all files are done.
    fn problems(&self) -> Vec<Problem>;
}

/// One thing that is said of a script. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column behind the last one.
    pub end_column: usize,
    /// `error`, `warning`, `info` or `style`.
    pub level: String,
    /// The number of what is wrong.
    pub code: u32,
    /// What is wrong.
    pub message: String,
}

/// The facts that an engine needs.
pub(super) fn subjects(engine: &str) -> &'static [&'static str] {
    if engine == ENGINE { &[script::RUN, script::FENCE] } else { &[] }
}

/// Adds what a reviewer says of a file's scripts.
pub(super) fn review(
    facts: &Facts,
    reviewer: Option<&dyn Reviewer>,
    plan: &Plan<'_>,
    scope: &Scope<'_>,
    found: &mut Vec<Raw>,
) {
    let (Some(reviewer), Some(number)) = (reviewer, plan.engine(ENGINE)) else { return };
    let (rule, state) = plan.rule(number);
    if !scope.admits(rule) {
        return;
    }
    for script in &facts.scripts {
        let lines = starts(script.text.as_str());
        for remark in reviewer.review(scope.path, script) {
            let range = at(&script.text, &lines, (remark.line, remark.column))
                ..at(&script.text, &lines, (remark.end_line, remark.end_column));
            if range.start < script.start {
                continue;
            }
            let name = format!("SC{}", remark.code);
            let variant = rule.variant(&name);
            let severity = Some(severity(&remark.level));
            let hit = hit(&remark, name, span(&script.text, range.start, range.end), script.example);
            let raw = raw::from_shape(number, rule, state, variant, hit);
            found.extend(raw.map(|raw| Raw { severity, ..raw }));
        }
    }
}

/// A reviewer who says the same of every script: for cases, in which no program is started.
pub(super) fn spoken(json: &str) -> Option<Box<dyn Reviewer>> {
    let remarks: Vec<Remark> = serde_json::from_str(json).ok()?;
    Some(Box::new(Spoken(remarks)))
}

struct Spoken(Vec<Remark>);

impl Reviewer for Spoken {
    fn review(&self, _: &str, _: &ScriptText) -> Vec<Remark> {
        self.0.clone()
    }

    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}

fn severity(level: &str) -> Severity {
    match level {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}

fn hit(remark: &Remark, name: String, span: Span, embedded: bool) -> Hit {
    // A sentence of its own there, a part of one here.
    let what = remark.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = what.strip_suffix('.').map(str::to_owned).unwrap_or(what);
    Hit { span, arguments: vec![("what", what), ("name", name)], embedded, ..Hit::default() }
}

/// Where each line begins.
fn starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

/// The byte at a line and a column; the nearest one where there is none.
fn at(text: &Text<'_>, lines: &[usize], (line, column): (usize, usize)) -> usize {
    let Some(&start) = lines.get(line.saturating_sub(1)) else { return text.len() };
    let end = lines.get(line.max(1)).map_or(text.len(), |next| next - 1);
    let content = text.as_str().get(start..end).unwrap_or("");
    content.char_indices().nth(column.saturating_sub(1)).map_or(end, |(at, _)| start + at)
}

/// The place in the file; never empty where there is a character to show.
fn span(text: &Text<'_>, start: usize, end: usize) -> Span {
    let next = text.as_str().get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let previous = text.as_str().get(..start).and_then(|rest| rest.chars().next_back()).map_or(0, char::len_utf8);
    match (end > start, next) {
        (true, _) => text.span(start..end),
        (false, 0) => text.span(start - previous..start),
        (false, next) => text.span(start..start + next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_become_bytes() {
        let text = Text::at("é $x\ny", 10);
        let lines = starts(text.as_str());
        assert_eq!(at(&text, &lines, (1, 3)), 3);
        assert_eq!(at(&text, &lines, (1, 99)), 5);
        assert_eq!(at(&text, &lines, (2, 1)), 6);
        assert_eq!(at(&text, &lines, (9, 1)), text.len());
        assert_eq!(at(&text, &lines, (0, 0)), 0);
    }

    #[test]
    fn an_empty_place_shows_a_character() {
        let text = Text::at("a é", 10);
        assert_eq!(span(&text, 2, 2), Span::new(12, 14));
        assert_eq!(span(&text, 4, 4), Span::new(12, 14));
        assert_eq!(span(&Text::at("", 3), 0, 0), Span::new(3, 3));
    }
}
