//! Examples that a document shows as how not to do it.

use crate::text::{Source, Span};

/// Lines above a finding in which the word may stand.
const ABOVE: u32 = 2;

/// Whether the line of a finding, or one of the two above it, says that this is wrong.
pub fn shows(source: &Source, span: Span) -> bool {
    let lines = source.lines();
    let own = lines.line_of(span.start);
    let spoken = |line| {
        let text = &source.text()[lines.line_range(line, source.text())];
        text.len() < 1000 && says_wrong(text)
    };
    (own.saturating_sub(ABOVE).max(1)..=own).any(spoken)
}

fn says_wrong(line: &str) -> bool {
    if line.contains('❌') {
        return true;
    }
    line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').any(|word| {
        matches!(word, "WRONG" | "BAD" | "Wrong" | "Bad")
            || ["don't", "don’t", "never"].iter().any(|w| word.eq_ignore_ascii_case(w))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_counts_two_lines_up_and_no_further() {
        let text = "# ❌ WRONG\n\nUSER root\nx\nUSER root\n# a badge\nUSER root\n";
        let source = Source::new(text);
        let at = |n: usize| text.match_indices("USER").nth(n).map(|(at, _)| Span::point(at)).unwrap();
        assert!(shows(&source, at(0)));
        assert!(!shows(&source, at(1)));
        assert!(!shows(&source, at(2)));
        assert!(says_wrong("Don't do this:"));
    }
}
