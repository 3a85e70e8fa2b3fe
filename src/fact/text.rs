//! Facts that every text file has, whatever its kind: its lines.

use super::value::facts;
use super::{Facts, Wanted};
use crate::text::{Source, Span};

facts! {
    /// A line of any text file.
    pub struct Line = "text.line" {
        /// What it says, without its line break.
        "text" text: String,
        /// Its number, the first being 1.
        "number" number: i64,
    }
}

/// Adds the lines of a file, if a rule looks at lines.
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
