//! Facts that every text file has, whatever its kind: its lines.

use super::value::facts;
use super::{Facts, Wanted};
use crate::text::{Source, Span};

facts! {
    /// The first of the three marks that git leaves where it could not merge, where the other two follow.
    pub struct Conflict = "text.conflict" {
        /// The branch or commit that stands behind it.
        "side" side: String,
        /// Its line, the first being 1.
        "line" line: i64,
    }
    /// A line of any text file.
    pub struct Line = "text.line" {
        /// What it says, without its line break.
        "text" text: String,
        /// Its number, the first being 1.
        "number" number: i64,
    }
}

/// Adds what every text has, as far as a rule looks at it.
pub fn build(source: &Source, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Line::describe().name) {
        return;
    }
    for number in 1..=source.lines().line_count() {
        let range = source.lines().line_range(number, source.text());
        let span = Span::new(range.start, range.end);
        let line = Line { span, text: source.slice(span).to_owned(), number: i64::from(number) };
        out.push(line, "", span);
    }
}

const MARK: &str = "<<<<<<< ";

/// Whether the mark between the sides and the one behind them follow: each of them alone is also a heading's line, a quotation.
fn has_both_sides(part: &str) -> bool {
    let mut lines = part.lines().map(str::trim_end);
    lines.any(|line| line == "=======") && lines.any(|line| line == ">>>>>>>" || line.starts_with(">>>>>>> "))
}

/// Adds the conflicts; what stands in these `shown` spans is there to be seen.
pub(super) fn conflicts(source: &Source, shown: &dyn Fn() -> Vec<Span>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Conflict::describe().name) {
        return;
    }
    let mut known = None;
    let text = source.text();
    let begins_a_line = |at: &usize| *at == 0 || text.as_bytes()[at - 1] == b'\n' || &text[..*at] == "\u{feff}";
    let mut marks = memchr::memmem::find_iter(text.as_bytes(), MARK).filter(begins_a_line).peekable();
    while let Some(at) = marks.next() {
        let part = &text[at..marks.peek().copied().unwrap_or(text.len())];
        let line = part.lines().next().unwrap_or("").trim_end();
        let side = line.get(MARK.len()..).unwrap_or("").trim();
        if side.is_empty() || !has_both_sides(part) {
            continue;
        }
        let span = Span::new(at, at + line.len());
        if known.get_or_insert_with(shown).iter().any(|shown| shown.contains(span)) {
            continue;
        }
        let number = i64::from(source.lines().line_of(span.start));
        out.push(Conflict { span, side: side.to_owned(), line: number }, "", span);
    }
}
