//! Byte offsets to lines and columns, in constant time also on very long lines.

use memchr::memchr_iter;
use serde::Serialize;

/// A place for people and editors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub struct Position {
    /// 1-based; LF (alone or after CR) ends a line.
    pub line: u32,
    /// 1-based; counts Unicode scalar values.
    pub column: u32,
    /// 0-based; counts bytes.
    pub offset: u32,
}

/// Bytes between two counted marks: the most that one look-up has to count.
const BLOCK: usize = 1024;

/// The starts of a text's lines.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Scalar values before each block; empty where the text is ASCII.
    chars: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// Finds the lines of `text`; a byte order mark belongs to no column.
    pub fn new(text: &str) -> Self {
        let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut starts = vec![bom];
        starts.extend(memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        let chars = if text.is_ascii() { Vec::new() } else { char_marks(text.as_bytes()) };
        Self { starts, chars, len: text.len() as u32 }
    }

    /// How many lines there are; a final line break opens no further one.
    pub fn line_count(&self) -> u32 {
        let last = self.starts.last().copied().unwrap_or(0);
        (self.starts.len() - usize::from(last == self.len && self.starts.len() > 1)) as u32
    }

    /// The 1-based line that holds the byte at `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        (self.starts.partition_point(|&start| start <= offset) as u32).max(1)
    }

    /// The byte at which a 1-based line begins; the text's end for a line behind the last.
    pub fn line_start(&self, line: u32) -> u32 {
        self.starts.get((line.max(1) - 1) as usize).copied().unwrap_or(self.len)
    }

    /// The bytes of a 1-based line without its line break.
    pub fn line_range(&self, line: u32, text: &str) -> std::ops::Range<usize> {
        let start = self.line_start(line) as usize;
        let mut end = self.starts.get(line.max(1) as usize).map_or(self.len, |&next| next - 1) as usize;
        let bytes = text.as_bytes();
        if end > start && end < bytes.len() && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        start..end.max(start)
    }

    /// Line and column of a byte offset; offsets behind the end are clamped to it.
    pub fn position(&self, offset: u32, text: &str) -> Position {
        let offset = offset.min(self.len);
        let line = self.line_of(offset);
        let start = self.line_start(line).min(offset);
        let column = self.chars_before(offset, text) - self.chars_before(start, text) + 1;
        Position { line, column, offset }
    }

    fn chars_before(&self, offset: u32, text: &str) -> u32 {
        let Some(&mark) = self.chars.get(offset as usize / BLOCK) else { return offset };
        let from = offset as usize / BLOCK * BLOCK;
        mark + count_chars(&text.as_bytes()[from..offset as usize])
    }
}

fn char_marks(bytes: &[u8]) -> Vec<u32> {
    let mut total = 0;
    let mut marks = Vec::with_capacity(bytes.len() / BLOCK + 2);
    for block in bytes.chunks(BLOCK) {
        marks.push(total);
        total += count_chars(block);
    }
    marks.push(total);
    marks
}

fn count_chars(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&b| (b as i8) >= -0x40).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: usize) -> (u32, u32) {
        let position = LineIndex::new(text).position(offset as u32, text);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_scalars_and_lines_end_at_lf() {
        assert_eq!(place("a\nbc\n", 3), (2, 2));
        assert_eq!(place("a\r\nbc", 3), (2, 1));
        assert_eq!(place("é日x", 5), (1, 3));
        assert_eq!(place("\u{feff}ab", 4), (1, 2));
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("ab", 99), (1, 3));
        assert_eq!(place("a\rb", 2), (1, 3));
    }

    #[test]
    fn long_lines_beyond_one_block_count_right() {
        let text = format!("x\n{}z", "é".repeat(5000));
        assert_eq!(place(&text, text.len() - 1), (2, 5001));
    }

    #[test]
    fn line_ranges_leave_out_the_break() {
        let text = "ab\r\ncd\nef";
        let index = LineIndex::new(text);
        assert_eq!(&text[index.line_range(1, text)], "ab");
        assert_eq!(&text[index.line_range(2, text)], "cd");
        assert_eq!(&text[index.line_range(3, text)], "ef");
        assert_eq!(index.line_range(9, text), 9..9);
        assert_eq!(index.line_count(), 3);
        assert_eq!(LineIndex::new("a\n").line_count(), 1);
    }
}
