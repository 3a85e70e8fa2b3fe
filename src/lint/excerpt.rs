//! The source lines that a report shows: cut to a window, secrets masked, nothing in them that a terminal obeys.

use crate::diagnostic::Excerpt;
use crate::text::{Source, Span};
use std::ops::Range;

/// Characters of a line that an excerpt keeps at most.
const WIDTH: usize = 240;
/// A finding over more lines than this is shown by its first line.
const LINES: u32 = 5;

/// A secret and what is shown in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mask {
    /// Where it stands.
    pub span: Span,
    /// Such as `AKIA…`.
    pub shown: String,
}

/// Cuts the lines of `span` with one line before and after them. `masks` are sorted and do not overlap.
///
/// A secret that only partly lies in the window is masked whole.
pub fn cut(source: &Source, span: Span, masks: &[Mask]) -> Excerpt {
    let text = source.text();
    let lines = source.lines();
    let span = on_a_line(text, span);
    let first = lines.line_of(span.start);
    let last = lines.line_of(span.end.saturating_sub(1).max(span.start));
    let last = if last - first >= LINES { first } else { last };
    let line = |n| lines.line_range(n, text);

    let focus = line(first);
    let window = window(text, focus, span.start as usize..span.end as usize);
    let clipped = window.start > line(first).start;
    let mut cutter = Cutter { text, masks, span, out: String::new(), lines: 0, highlight: None };
    let mut first_line = first;
    if !clipped && first > 1 {
        first_line = first - 1;
        cutter.line(line(first - 1), None);
    }
    cutter.line(line(first), Some(window));
    for n in first + 1..=last {
        cutter.line(line(n), None);
    }
    if !clipped && last < lines.line_count() {
        cutter.line(line(last + 1), None);
    }
    cutter.finish(first_line, clipped)
}

/// The span, moved off a line break and from behind the last line's end onto a line.
fn on_a_line(text: &str, span: Span) -> Span {
    let len = text.len() as u32;
    let mut start = span.start.min(len);
    if start == len {
        start = text.trim_end_matches(['\n', '\r']).len() as u32;
    }
    while !text.is_char_boundary(start as usize) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, len);
    while !text.is_char_boundary(end as usize) {
        end += 1;
    }
    Span { start, end }
}

/// The part of a line to show: all of it, or a window that begins somewhat before the span.
fn window(text: &str, line: Range<usize>, span: Range<usize>) -> Range<usize> {
    let within = &text[line.clone()];
    if within.len() <= WIDTH || within.chars().nth(WIDTH).is_none() {
        return line;
    }
    let at = span.start.clamp(line.start, line.end);
    let len = text[at..span.end.clamp(at, line.end)].chars().take(WIDTH).count();
    // A long finding is shown from its beginning, a short one with most of the window before it.
    let before = (WIDTH - len).min(WIDTH / 2);
    let start = text[line.start..at].char_indices().rev().take(before).last().map_or(at, |(i, _)| line.start + i);
    let end = text[start..line.end].char_indices().nth(WIDTH).map_or(line.end, |(i, _)| start + i);
    start..end
}

struct Cutter<'a> {
    text: &'a str,
    masks: &'a [Mask],
    span: Span,
    out: String,
    lines: u32,
    highlight: Option<Range<usize>>,
}

impl Cutter<'_> {
    /// Adds one line, or a window of it.
    fn line(&mut self, line: Range<usize>, window: Option<Range<usize>>) {
        if self.lines > 0 {
            self.out.push('\n');
        }
        self.lines += 1;
        let window = window.unwrap_or_else(|| head(self.text, line.clone()));
        if window.start > line.start {
            self.out.push('…');
        }
        let mut at = window.start;
        let first = self.masks.partition_point(|mask| mask.span.end as usize <= window.start);
        for mask in self.masks.iter().skip(first).take_while(|mask| (mask.span.start as usize) < window.end) {
            self.piece(at..(mask.span.start as usize).max(at));
            self.mask(mask, at);
            at = (mask.span.end as usize).max(at);
        }
        self.piece(at..window.end);
        if window.end < line.end {
            self.out.push('…');
        }
    }

    fn piece(&mut self, range: Range<usize>) {
        let Some(piece) = self.text.get(range.clone()) else { return };
        for (index, c) in piece.char_indices() {
            self.note(range.start + index, c.len_utf8(), |out| push_shown(out, c));
        }
        // A span that is empty, or ends the line, is noted where it stands.
        if self.highlight.is_none() && self.span.start as usize == range.end {
            self.highlight = Some(self.out.len()..self.out.len());
        }
    }

    fn mask(&mut self, mask: &Mask, at: usize) {
        let start = mask.span.start as usize;
        // Of a secret that began on an earlier line the rest is a mark without its prefix.
        let shown = if start < at { "…" } else { &mask.shown };
        self.note(start.max(at), mask.span.end as usize - start.max(at), |out| out.push_str(shown));
    }

    /// Adds what stands for `len` bytes at `start`, and widens the highlight if the span touches them.
    fn note(&mut self, start: usize, len: usize, push: impl FnOnce(&mut String)) {
        let from = self.out.len();
        push(&mut self.out);
        let touches = start < self.span.end as usize && start + len > self.span.start as usize;
        let empty = self.span.is_empty() && start == self.span.start as usize;
        if empty && self.highlight.is_none() {
            self.highlight = Some(from..from);
        } else if touches {
            let begin = self.highlight.as_ref().map_or(from, |old| old.start);
            self.highlight = Some(begin..self.out.len());
        }
    }

    fn finish(self, first_line: u32, clipped: bool) -> Excerpt {
        let end = self.out.len();
        Excerpt { first_line, text: self.out, highlight: self.highlight.unwrap_or(end..end), clipped }
    }
}

/// The beginning of a line, as much as fits.
fn head(text: &str, line: Range<usize>) -> Range<usize> {
    let end = text[line.clone()].char_indices().nth(WIDTH).map_or(line.end, |(i, _)| line.start + i);
    line.start..end
}

/// Controls and signs that turn the direction of writing would speak to the terminal, not to the reader.
fn push_shown(out: &mut String, c: char) {
    match c {
        '\t' => out.push('\t'),
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => {
            out.push('\u{fffd}');
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut_at(text: &str, words: &str) -> Excerpt {
        let start = text.find(words).unwrap();
        cut(&Source::new(text), Span::new(start, start + words.len()), &[])
    }

    fn lit(excerpt: &Excerpt) -> &str {
        &excerpt.text[excerpt.highlight.clone()]
    }

    #[test]
    fn one_line_of_context_on_either_side() {
        let excerpt = cut_at("a\r\nb\r\nUSER 0\r\nc\r\nd\r\n", "USER 0");
        assert_eq!((excerpt.first_line, &*excerpt.text, lit(&excerpt)), (2, "b\nUSER 0\nc", "USER 0"));
        let excerpt = cut_at("USER 0", "0");
        assert_eq!((excerpt.first_line, &*excerpt.text, lit(&excerpt)), (1, "USER 0", "0"));
        let excerpt = cut_at("\n\nx\n\n", "x");
        assert_eq!((excerpt.first_line, &*excerpt.text, lit(&excerpt)), (2, "\nx\n", "x"));
    }

    #[test]
    fn long_findings_are_shown_by_their_first_line() {
        let excerpt = cut_at("x\na:\n  b\n  c\nd", "a:\n  b\n  c");
        assert_eq!((&*excerpt.text, lit(&excerpt)), ("x\na:\n  b\n  c\nd", "a:\n  b\n  c"));
        let long = format!("a\n{}", "b\n".repeat(30));
        let excerpt = cut_at(&long, &long);
        assert_eq!((&*excerpt.text, lit(&excerpt)), ("a\nb", "a\nb"));
    }

    #[test]
    fn places_at_the_end_stand_on_the_last_line() {
        for (text, expected) in [("", ""), ("\n", ""), ("ab", "ab"), ("ab\n", "ab"), ("ab\n\n", "ab\n")] {
            let excerpt = cut(&Source::new(text), Span::point(text.len()), &[]);
            assert_eq!((excerpt.first_line, &*excerpt.text, lit(&excerpt)), (1, expected, ""), "{text:?}");
            assert_eq!(excerpt.highlight.start, text.trim_end().len(), "{text:?}");
        }
    }

    #[test]
    fn long_lines_become_windows() {
        let text = format!("x\n{}NEEDLE{}\ny", "é".repeat(70_000), "z".repeat(9000));
        let excerpt = cut_at(&text, "NEEDLE");
        assert!(excerpt.clipped && excerpt.text.starts_with("…é") && excerpt.text.ends_with("z…"));
        assert_eq!((excerpt.first_line, lit(&excerpt), excerpt.text.chars().count()), (2, "NEEDLE", WIDTH + 2));
        let excerpt = cut_at(&text, &"z".repeat(9000));
        assert_eq!(lit(&excerpt).len(), WIDTH);
        let excerpt = cut_at(&text, "x");
        assert!(!excerpt.clipped && excerpt.text.ends_with("é…"));
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let text = "k: first-word\nx: second\ny: third\n";
        let mask = |word: &str, shown: &str| {
            let start = text.find(word).unwrap();
            Mask { span: Span::new(start, start + word.len()), shown: shown.into() }
        };
        let masks = [mask("first-word", "…"), mask("second", "seco…"), mask("third", "…")];
        let start = text.find("second").unwrap();
        let excerpt = cut(&Source::new(text), Span::new(start + 2, start + 4), &masks);
        assert_eq!((&*excerpt.text, lit(&excerpt)), ("k: …\nx: seco…\ny: …", "seco…"));
        let block = "a\nBEGIN\nb\nEND\nc";
        let masks = [Mask { span: Span::new(2, 13), shown: "BEGI…".into() }];
        let excerpt = cut(&Source::new(block), Span::new(2, 13), &masks);
        assert_eq!(excerpt.text, "a\nBEGI…\n…\n…\nc");
    }

    #[test]
    fn nothing_speaks_to_the_terminal() {
        let excerpt = cut_at("\u{feff}a\u{1b}[31m\tb\u{202e}\u{9b}\u{7f}", "b");
        assert_eq!((&*excerpt.text, lit(&excerpt)), ("a␛[31m\tb\u{fffd}\u{fffd}␡", "b"));
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_can_be_cut(text in "[a-é\n\r\t日…]{0,400}", a in 0u32..900, b in 0u32..900, m in 0u32..900, n in 0u32..50) {
            let masks = [Mask { span: Span { start: m, end: m + n }, shown: "…".into() }];
            let excerpt = cut(&Source::new(&*text), Span { start: a.min(b), end: a.max(b) }, &masks);
            prop_assert!(excerpt.text.get(excerpt.highlight.clone()).is_some());
            prop_assert!(excerpt.text.lines().all(|line| line.chars().count() <= WIDTH + 3));
        }
    }
}
