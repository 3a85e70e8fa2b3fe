//! A file's bytes as text whose offsets are the file's.

use super::{LineIndex, Position, Span};
use std::sync::OnceLock;

/// How the bytes became text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// As it stands.
    Utf8,
    /// Decoded; offsets count the decoded bytes.
    Utf16,
    /// Some bytes were not UTF-8; each stands as one control character, so offsets stay the file's.
    Lossy,
    /// Carriage returns alone end its lines; they stand as line feeds, so offsets stay the file's.
    CarriageReturns,
}

/// Why bytes are no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotText {
    /// A NUL byte in the first 8 KB.
    Binary,
}

/// The stand-in for a byte that is not UTF-8: one byte, no letter, no blank.
const SUBSTITUTE: u8 = 0x1a;
const SNIFF: usize = 8192;

/// A text with its line index.
#[derive(Debug)]
pub struct Source {
    text: String,
    encoding: Encoding,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// Text as it stands.
    pub fn new(text: impl Into<String>) -> Self {
        let (text, encoding) = with_line_feeds(text.into());
        Self { text, encoding, lines: OnceLock::new() }
    }

    /// Decodes a file: UTF-8, UTF-16 with a byte order mark, else UTF-8 with substitutes.
    ///
    /// # Errors
    /// [`NotText::Binary`] when there is a NUL in the first 8 KB.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotText> {
        if let Some(text) = decode_utf16(&bytes) {
            return Ok(Self { text, encoding: Encoding::Utf16, lines: OnceLock::new() });
        }
        if memchr::memchr(0, &bytes[..bytes.len().min(SNIFF)]).is_some() {
            return Err(NotText::Binary);
        }
        let (text, encoding) = match String::from_utf8(bytes) {
            Ok(text) => with_line_feeds(text),
            Err(error) => (substitute(error.into_bytes()), Encoding::Lossy),
        };
        Ok(Self { text, encoding, lines: OnceLock::new() })
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the bytes became text.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The line index, made at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(offset, &self.text)
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        span.slice(&self.text)
    }
}

/// A text without any line feed whose lines end as they did on the first Macintosh.
fn with_line_feeds(text: String) -> (String, Encoding) {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none_or(|at| text.as_bytes()[at] == b'\n')
        || memchr::memchr(b'\n', text.as_bytes()).is_some()
    {
        return (text, Encoding::Utf8);
    }
    (text.replace('\r', "\n"), Encoding::CarriageReturns)
}

fn decode_utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
}

fn substitute(mut bytes: Vec<u8>) -> String {
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let bad = from + error.valid_up_to();
        let len = error.error_len().unwrap_or(bytes.len() - bad);
        bytes[bad..bad + len].fill(SUBSTITUTE);
        from = bad + len;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_become_text_or_are_told_binary() {
        assert_eq!(Source::from_bytes(b"a\0b".to_vec()).err(), Some(NotText::Binary));
        let lossy = Source::from_bytes(b"a\xff\xc3b\xe2\x82".to_vec()).unwrap();
        assert_eq!((lossy.text(), lossy.encoding()), ("a\u{1a}\u{1a}b\u{1a}\u{1a}", Encoding::Lossy));
        let wide = Source::from_bytes(b"\xff\xfea\0\n\0".to_vec()).unwrap();
        assert_eq!((wide.text(), wide.encoding()), ("a\n", Encoding::Utf16));
        let old = Source::from_bytes(b"a\rb\r".to_vec()).unwrap();
        assert_eq!((old.text(), old.encoding(), old.position(2).line), ("a\nb\n", Encoding::CarriageReturns, 2));
        assert_eq!(Source::from_bytes(b"a\rb\r\n".to_vec()).unwrap().encoding(), Encoding::Utf8);
        let odd = Source::from_bytes(b"\xfe\xff\0a\0".to_vec()).unwrap();
        assert_eq!(odd.text(), "a");
    }
}
