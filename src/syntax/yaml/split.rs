//! A stream's text cut at its document markers, so that each document can be parsed alone.

use std::ops::Range;

/// The ranges of the documents; directives go with the document behind them.
///
/// A marker at column 0 ends whatever is open, also a block scalar, so lines suffice to find it.
pub(super) fn documents(text: &str) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in line_starts(text, start) {
        match marker(&text[line..]) {
            Some(Marker::Start) if line > start && !only_preamble(&text[start..line]) => {
                chunks.push(start..line);
                start = line;
            }
            Some(Marker::End) => {
                let end = line_end(text, line);
                chunks.push(start..end);
                start = end;
            }
            _ => {}
        }
    }
    if start < text.len() {
        chunks.push(start..text.len());
    }
    chunks
}

#[derive(PartialEq)]
enum Marker {
    Start,
    End,
}

fn marker(rest: &str) -> Option<Marker> {
    let found = match rest.as_bytes().get(..3)? {
        b"---" => Marker::Start,
        b"..." => Marker::End,
        _ => return None,
    };
    matches!(rest.as_bytes().get(3), None | Some(b' ' | b'\t' | b'\r' | b'\n')).then_some(found)
}

/// The starts of lines that begin with `-` or `.`, the only ones of interest.
fn line_starts(text: &str, first: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).map(|at| at + 1);
    std::iter::once(first)
        .chain(breaks.filter(move |&at| at > first))
        .filter(move |&at| matches!(bytes.get(at), Some(b'-' | b'.')))
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |at| from + at + 1)
}

/// Whether there are only directives, comments and blank lines.
fn only_preamble(text: &str) -> bool {
    text.split(['\n', '\r']).all(|line| line.starts_with('%') || line.trim_start().is_empty() || is_comment(line))
}

fn is_comment(line: &str) -> bool {
    line.trim_start_matches([' ', '\t']).starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        documents(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn markers_at_column_zero_cut() {
        assert_eq!(cut("a: 1\n---\nb: 2\n"), ["a: 1\n", "---\nb: 2\n"]);
        assert_eq!(cut("---\na\n--- b\n---c\n ---\n"), ["---\na\n", "--- b\n---c\n ---\n"]);
        assert_eq!(
            cut("# x\n\n---\na\n...\n# y\n%YAML 1.2\n---\nb"),
            ["# x\n\n---\na\n...\n", "# y\n%YAML 1.2\n---\nb"]
        );
        assert_eq!(cut("---\n---\n"), ["---\n", "---\n"]);
        assert_eq!(cut("\u{feff}---\na"), ["---\na"]);
        assert_eq!(cut("a\r---\rb"), ["a\r", "---\rb"]);
        assert_eq!(cut(""), Vec::<&str>::new());
    }
}
