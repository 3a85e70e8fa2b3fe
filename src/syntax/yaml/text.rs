//! The value of a scalar with the place of each of its bytes.
//!
//! The value itself is the parser's; what is built here must equal it, else the whole value stands
//! for the whole scalar.

use super::Style;
use crate::text::{Text, TextBuilder};
use std::ops::Range;

/// The scalar at `range` of `host`, which reads as `value`.
pub(super) fn mapped(host: &Text<'_>, range: Range<usize>, style: Style, value: &str) -> Text<'static> {
    let source = host.as_str().get(range.clone()).unwrap_or("");
    let mut builder = Mapper { host, base: range.start, source, out: TextBuilder::new() };
    let done = match style {
        Style::Plain if source == value => builder.verbatim(0..source.len()),
        Style::Plain => builder.flow(0..source.len(), None),
        Style::Single => builder.flow(1..source.len().saturating_sub(1), Some(b'\'')),
        Style::Double => builder.flow(1..source.len().saturating_sub(1), Some(b'"')),
        Style::Literal => builder.block(value, false),
        Style::Folded => builder.block(value, true),
    };
    let at = host.span(range.clone()).start;
    if done.is_some() && builder.out.as_str() == value {
        return builder.out.finish_at(at);
    }
    let mut whole = TextBuilder::new();
    whole.escaped(value, host.span(range));
    whole.finish_at(at)
}

struct Mapper<'h> {
    host: &'h Text<'h>,
    base: usize,
    source: &'h str,
    out: TextBuilder,
}

impl Mapper<'_> {
    fn verbatim(&mut self, range: Range<usize>) -> Option<()> {
        self.source.get(range.clone())?;
        self.out.text(self.host, self.base + range.start..self.base + range.end);
        Some(())
    }

    fn escaped(&mut self, piece: &str, range: Range<usize>) {
        let span = self.host.span(self.base + range.start..self.base + range.end);
        self.out.escaped(piece, span);
    }

    /// Plain and quoted scalars: escapes, and line breaks folded into blanks.
    fn flow(&mut self, inner: Range<usize>, quote: Option<u8>) -> Option<()> {
        let bytes = self.source.as_bytes();
        let mut from = inner.start;
        let mut at = inner.start;
        while at < inner.end {
            match bytes[at] {
                b'\\' if quote == Some(b'"') => {
                    self.verbatim(from..at)?;
                    at = self.escape(at, inner.end)?;
                    from = at;
                }
                b'\'' if quote == Some(b'\'') => {
                    self.verbatim(from..at + 1)?;
                    at += 2;
                    from = at;
                }
                b'\n' | b'\r' => {
                    let kept = from + self.source.get(from..at)?.trim_end_matches([' ', '\t']).len();
                    self.verbatim(from..kept)?;
                    at = self.fold(kept, at, inner.end);
                    from = at;
                }
                _ => at += 1,
            }
        }
        self.verbatim(from..inner.end)
    }

    /// A line break with the blanks around it: one becomes a blank, further ones line breaks.
    fn fold(&mut self, from: usize, at: usize, end: usize) -> usize {
        let (breaks, next) = self.breaks(at, end);
        let piece = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
        self.escaped(&piece, from..next);
        next
    }

    /// How many line breaks follow each other, and the byte behind them and the blanks between.
    fn breaks(&self, mut at: usize, end: usize) -> (usize, usize) {
        let bytes = self.source.as_bytes();
        let mut count = 0;
        while at < end {
            match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') && at + 1 < end => {
                    count += 1;
                    at += 2;
                }
                b'\n' | b'\r' => {
                    count += 1;
                    at += 1;
                }
                b' ' | b'\t' => at += 1,
                _ => break,
            }
        }
        (count, at)
    }

    fn escape(&mut self, at: usize, end: usize) -> Option<usize> {
        let kind = *self.source.as_bytes().get(at + 1).filter(|_| at + 1 < end)?;
        let width = match kind {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'\n' | b'\r' => {
                let (breaks, next) = self.breaks(at + 1, end);
                self.escaped(&"\n".repeat(breaks - 1), at..next);
                return Some(next);
            }
            _ => 0,
        };
        let next = at + 2 + width;
        let meant = match width {
            0 => simple_escape(kind)?,
            _ => char::from_u32(u32::from_str_radix(self.source.get(at + 2..next)?, 16).ok()?)?,
        };
        self.escaped(meant.encode_utf8(&mut [0; 4]), at..next);
        Some(next)
    }

    /// Literal and folded scalars: lines without their indent.
    fn block(&mut self, value: &str, folded: bool) -> Option<()> {
        let header = self.source.find(['\n', '\r'])?;
        let lines = lines(self.source, header);
        let first = lines.iter().map(|line| &self.source[line.clone()]).find(|line| !line.trim().is_empty())?;
        let read = value.split(['\n', '\r']).find(|line| !line.trim().is_empty())?;
        let indent = blanks(first).checked_sub(blanks(read))?;
        let mut end_before: Option<usize> = None;
        let mut empty = 0;
        let mut indented_before = false;
        for line in &lines {
            let content = line.start + indent;
            if content >= line.end {
                empty += 1;
                continue;
            }
            let indented = matches!(self.source.as_bytes()[content], b' ' | b'\t');
            let from = end_before.unwrap_or(content);
            let piece = match end_before {
                None => "\n".repeat(empty),
                Some(_) if folded && !indented_before && !indented && empty == 0 => " ".to_owned(),
                Some(_) if folded && !indented_before && !indented => "\n".repeat(empty),
                Some(_) => "\n".repeat(empty + 1),
            };
            self.escaped(&piece, from..content);
            self.verbatim(content..line.end)?;
            (end_before, empty, indented_before) = (Some(line.end), 0, indented);
        }
        // The breaks at the end are the chomping's affair; the value knows.
        let rest = value.get(self.out.as_str().len()..)?.to_owned();
        if rest.bytes().any(|b| b != b'\n') {
            return None;
        }
        self.escaped(&rest, self.source.len()..self.source.len());
        Some(())
    }
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The lines behind the byte `header`, which is a line break, without their breaks.
fn lines(source: &str, header: usize) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = after_break(bytes, header);
    while at < bytes.len() {
        let end = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |offset| at + offset);
        found.push(at..end);
        at = after_break(bytes, end);
    }
    found
}

fn after_break(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 }
}

fn simple_escape(kind: u8) -> Option<char> {
    Some(match kind {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
