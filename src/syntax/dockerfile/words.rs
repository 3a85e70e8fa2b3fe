//! Words of an instruction: split at blanks outside quotes, with their places.

use super::Escape;
use super::lines::is_space;
use crate::text::{Span, Text, TextBuilder};
use std::ops::Range;

/// One word of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In the instruction's line, quotes included.
    pub range: Range<usize>,
    /// In the host file.
    pub span: Span,
    /// Without quotes and escapes; variables as they are written.
    pub value: String,
    /// Whether the value is the source: no quotes, no escapes.
    pub plain: bool,
    /// Whether a quote is left open.
    pub open_quote: bool,
}

/// Splits a range of the line into words.
pub fn words(line: &Text<'_>, range: Range<usize>, escape: Escape) -> Vec<Word> {
    let bytes = line.as_str().as_bytes();
    let end = range.end.min(bytes.len());
    let mut at = range.start;
    let mut out = Vec::new();
    loop {
        while at < end && is_space(bytes[at]) {
            at += 1;
        }
        if at >= end {
            return out;
        }
        let (stop, open_quote) = word_end(bytes, at, end, escape);
        let (value, plain) = unquote(line, at..stop, escape);
        out.push(Word {
            range: at..stop,
            span: line.span(at..stop),
            value: value.as_str().to_owned(),
            plain,
            open_quote,
        });
        at = stop;
    }
}

/// Where the word that begins at `at` ends, and whether it ends inside a quote.
pub(super) fn word_end(bytes: &[u8], mut at: usize, end: usize, escape: Escape) -> (usize, bool) {
    let mut quote = 0u8;
    while at < end {
        let byte = bytes[at];
        if byte == escape.byte() && quote != b'\'' {
            at += 1 + bytes[at + 1..end].first().map_or(0, |&next| utf8_len(next));
            continue;
        }
        match byte {
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            _ if quote == 0 && is_space(byte) => return (at, false),
            _ => {}
        }
        at += 1;
    }
    (end, quote != 0)
}

fn utf8_len(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

/// Takes off quotes and escapes, keeping the places; the flag says whether there were none.
/// Inside double quotes an escape protects only quote, dollar and itself. An escaped dollar keeps
/// its escape, so that it stays told from a variable.
pub fn unquote<'t>(line: &'t Text<'_>, range: Range<usize>, escape: Escape) -> (Text<'t>, bool) {
    let bytes = line.as_str().as_bytes();
    let special = |b: &u8| matches!(b, b'"' | b'\'') || *b == escape.byte();
    if !bytes[range.clone()].iter().any(special) {
        return (line.slice(range), true);
    }
    let mut out = TextBuilder::new();
    let mut quote = 0u8;
    let mut from = range.start;
    let mut at = range.start;
    while at < range.end {
        let byte = bytes[at];
        let next = bytes[at + 1..range.end].first().copied();
        if byte == escape.byte() && quote != b'\'' {
            let keeps = match next {
                None | Some(b'$') => true,
                Some(next) => quote == b'"' && next != b'"' && next != escape.byte(),
            };
            if !keeps {
                out.text(line, from..at);
                from = at + 1;
            }
            at += 1 + next.map_or(0, utf8_len);
            continue;
        }
        let toggles = if quote == 0 { matches!(byte, b'"' | b'\'') } else { byte == quote };
        if toggles {
            quote = if quote == 0 { byte } else { 0 };
            out.text(line, from..at);
            from = at + 1;
        }
        at += 1;
    }
    out.text(line, from.min(range.end)..range.end);
    (out.finish_at(line.span(range.start..range.start).start), false)
}
