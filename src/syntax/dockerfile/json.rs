//! The JSON form of CMD, ENTRYPOINT, RUN, SHELL, COPY, ADD and VOLUME.

use crate::text::{Span, Text, TextBuilder};
use std::ops::Range;

/// How an argument is written.
#[derive(Clone, Debug)]
pub enum Form {
    /// A JSON list of strings: no shell runs it.
    Exec(Vec<Text<'static>>),
    /// Anything that does not begin with a bracket.
    Shell,
    /// Begins like a JSON list and is none; it is taken for a shell command.
    Broken(JsonFault),
}

/// Why a list is no JSON list of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong there.
    pub message: &'static str,
    /// Whether it is valid JSON with something else than strings, which BuildKit refuses.
    pub refused: bool,
}

/// Tells the form of an argument.
pub(super) fn form(line: &Text<'_>, argument: Range<usize>) -> Form {
    let source = line.as_str();
    if source.as_bytes().get(argument.start) != Some(&b'[') || argument.is_empty() {
        return Form::Shell;
    }
    let mut reader = Reader { line, bytes: source.as_bytes(), at: argument.start + 1, end: argument.end };
    match reader.list() {
        Ok(items) => Form::Exec(items),
        Err(message) => {
            let start = reader.at.min(reader.end);
            let stop = (start + 1..=reader.end).find(|&i| source.is_char_boundary(i)).unwrap_or(reader.end);
            let span = line.span(start..stop);
            Form::Broken(JsonFault { span, message, refused: message == NOT_STRING && reader.is_json(argument) })
        }
    }
}

const NOT_STRING: &str = "only strings may stand in the list";

struct Reader<'r, 't> {
    line: &'r Text<'t>,
    bytes: &'r [u8],
    at: usize,
    end: usize,
}

impl Reader<'_, '_> {
    fn list(&mut self) -> Result<Vec<Text<'static>>, &'static str> {
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return self.rest(items);
        }
        loop {
            match self.peek() {
                Some(b'"') => items.push(self.string()?),
                Some(b'\'') => return Err("strings need double quotes"),
                Some(b']') => return Err("a comma without a string behind it"),
                Some(b'0'..=b'9' | b'-' | b'{' | b'[' | b't' | b'f' | b'n') => return Err(NOT_STRING),
                Some(_) => return Err("expected a string in double quotes"),
                None => return Err("the list is not closed"),
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return self.rest(items);
                }
                Some(_) => return Err("expected a comma or the end of the list"),
                None => return Err("the list is not closed"),
            }
        }
    }

    fn rest(&mut self, items: Vec<Text<'static>>) -> Result<Vec<Text<'static>>, &'static str> {
        if self.peek().is_some() { Err("text behind the list") } else { Ok(items) }
    }

    /// The next byte that is no blank; it is not taken.
    fn peek(&mut self) -> Option<u8> {
        while self.at < self.end && matches!(self.bytes[self.at], b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
        self.bytes[..self.end].get(self.at).copied()
    }

    fn string(&mut self) -> Result<Text<'static>, &'static str> {
        let place = self.line.span(self.at..self.at).start + 1;
        self.at += 1;
        let mut out = TextBuilder::new();
        let mut from = self.at;
        while self.at < self.end {
            match self.bytes[self.at] {
                b'"' => {
                    out.text(self.line, from..self.at);
                    self.at += 1;
                    return Ok(out.finish_at(place));
                }
                b'\\' => {
                    out.text(self.line, from..self.at);
                    self.escape(&mut out)?;
                    from = self.at;
                }
                0..0x20 => return Err("a control character in a string"),
                _ => self.at += 1,
            }
        }
        Err("the string is not closed")
    }

    fn escape(&mut self, out: &mut TextBuilder) -> Result<(), &'static str> {
        const BAD: &str = "no such escape in JSON";
        let start = self.at;
        let letter = self.bytes[..self.end].get(start + 1).copied().ok_or("the string is not closed")?;
        let (len, decoded) = match letter {
            b'"' | b'\\' | b'/' => (2, char::from(letter)),
            b'b' => (2, '\u{8}'),
            b'f' => (2, '\u{c}'),
            b'n' => (2, '\n'),
            b'r' => (2, '\r'),
            b't' => (2, '\t'),
            b'u' => {
                let high = self.hex(start + 2).ok_or(BAD)?;
                let low = self.bytes[..self.end].get(start + 6..start + 8).filter(|b| *b == b"\\u");
                match (high, low.and_then(|_| self.hex(start + 8))) {
                    (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                        (12, char::from_u32(code).unwrap_or('\u{fffd}'))
                    }
                    _ => (6, char::from_u32(high).unwrap_or('\u{fffd}')),
                }
            }
            _ => return Err(BAD),
        };
        self.at = start + len;
        out.escaped(decoded.encode_utf8(&mut [0; 4]), self.line.span(start..self.at));
        Ok(())
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes[..self.end].get(at..at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    fn is_json(&self, argument: Range<usize>) -> bool {
        let source = self.line.as_str().get(argument).unwrap_or("");
        serde_json::from_str::<Vec<serde::de::IgnoredAny>>(source).is_ok()
    }
}
