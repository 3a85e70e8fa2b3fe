//! Whether a text is TOML, and where it stops being that.

use std::ops::Range;
use toml::de::DeTable;

/// What keeps a text from being TOML, and where. A key that stands twice is none of it: two ways to write one thing are
/// often shown together.
pub fn fault(source: &str) -> Option<(Range<usize>, String)> {
    let (_, errors) = DeTable::parse_recoverable(source);
    let error = errors.into_iter().find(|error| !error.message().contains("duplicate"))?;
    let end = source.trim_end().len();
    let range = error.span().unwrap_or_default();
    // At the very end nothing stands that one could point at.
    let start = if range.start >= end { end.saturating_sub(1) } else { range.start };
    let start = (0..=start).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    let next = source.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let line = source.get(start..).and_then(|rest| rest.find('\n')).map_or(source.len(), |at| start + at);
    let stop = range.end.min(line).max(start);
    let end = start + source.get(start..stop).map_or(0, |words| words.trim_end().len()).max(next);
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    Some((start..end, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_toml_is_told_at_its_place() {
        for (source, words) in [
            ("a = 1\nb = \n", "="),
            ("a = [1, 2\nb = 3", "b"),
            ("[a\nb = 1", "\n"),
            ("a: 1", "1"),
            ("é = 1", "é"),
            ("a = \"x", "x"),
            ("a = yes", "yes"),
        ] {
            let (range, problem) = fault(source).unwrap();
            assert_eq!((&source[range], problem.is_empty()), (words, false), "{source}");
        }
        for source in ["", "a = 1\na = 2", "[[a]]\nb = 1\n[[a]]\nb = 2", "# c", "a.b = { c = 1 }\r\nd = 1979-05-27"] {
            assert_eq!(fault(source), None, "{source}");
        }
    }
}
