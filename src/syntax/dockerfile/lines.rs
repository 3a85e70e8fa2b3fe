//! Physical lines to logical ones: continuations joined, comments and blank lines between left out.

use super::{Comment, Escape};
use crate::text::{Span, Text, TextBuilder};
use std::ops::Range;

/// Reads a text line by line.
pub(super) struct Lines<'t, 'h> {
    pub(super) text: &'t Text<'h>,
    /// The first byte not read yet.
    pub(super) at: usize,
}

/// A logical line.
pub(super) struct Logical<'t> {
    pub(super) line: Text<'t>,
    /// From its first byte to the end of its last physical line.
    pub(super) range: Range<usize>,
    pub(super) blank_lines: Vec<Span>,
}

impl<'t, 'h> Lines<'t, 'h> {
    pub(super) fn new(text: &'t Text<'h>) -> Self {
        let at = if text.as_str().starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at }
    }

    /// The next physical line without its line break.
    pub(super) fn physical(&mut self) -> Option<Range<usize>> {
        let all = self.text.as_str().as_bytes();
        let rest = all.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let mut end = match memchr::memchr(b'\n', rest) {
            Some(len) => {
                self.at = start + len + 1;
                start + len
            }
            None => {
                self.at = all.len();
                all.len()
            }
        };
        while end > start && all[end - 1] == b'\r' {
            end -= 1;
        }
        Some(start..end)
    }

    /// The next logical line; comments met on the way are recorded. Blank ones come as empty lines.
    pub(super) fn logical(&mut self, escape: Escape, comments: &mut Vec<Comment>) -> Option<Logical<'t>> {
        let text = self.text;
        let source = text.as_str();
        let first = self.physical()?;
        let start = skip_space(source, first.clone());
        if source.as_bytes().get(start) == Some(&b'#') && start < first.end {
            comments.push(Comment { span: text.span(start..first.end), range: start..first.end });
            return Some(Logical { line: Text::at("", 0), range: start..start, blank_lines: Vec::new() });
        }
        let Some(cut) = continuation(source, start..first.end, escape) else {
            let line = text.slice(start..first.end);
            return Some(Logical { line, range: start..first.end, blank_lines: Vec::new() });
        };
        let mut builder = TextBuilder::new();
        builder.text(text, start..cut);
        let mut end = first.end;
        let mut blank_lines = Vec::new();
        while let Some(next) = self.physical() {
            let inner = skip_space(source, next.clone());
            if inner == next.end {
                blank_lines.push(text.span(next.start..next.end));
                continue;
            }
            if source.as_bytes()[inner] == b'#' {
                comments.push(Comment { span: text.span(inner..next.end), range: inner..next.end });
                continue;
            }
            end = next.end;
            let cut = continuation(source, next.clone(), escape);
            builder.text(text, next.start..cut.unwrap_or(next.end));
            if cut.is_none() {
                break;
            }
        }
        let at = text.span(start..start).start;
        Some(Logical { line: builder.finish_at(at), range: start..end, blank_lines })
    }
}

/// The end of the line's content if it goes on: an escape, not itself escaped, then only blanks.
fn continuation(source: &str, line: Range<usize>, escape: Escape) -> Option<usize> {
    let bytes = &source.as_bytes()[line.clone()];
    let blanks = bytes.iter().rev().take_while(|&&b| matches!(b, b' ' | b'\t')).count();
    let (&last, before) = bytes[..bytes.len() - blanks].split_last()?;
    let continues = last == escape.byte() && before.last() != Some(&escape.byte());
    continues.then(|| line.start + before.len())
}

/// The first byte in the range that is no blank.
pub(super) fn skip_space(source: &str, range: Range<usize>) -> usize {
    let bytes = &source.as_bytes()[range.clone()];
    let ascii = bytes.iter().take_while(|&&b| is_space(b)).count();
    if bytes.get(ascii).is_some_and(|b| !b.is_ascii()) {
        let rest = source.get(range.start + ascii..range.end).unwrap_or("");
        return range.end - rest.trim_start().len();
    }
    range.start + ascii
}

/// A blank within a line.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}
