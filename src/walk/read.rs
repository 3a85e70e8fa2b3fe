//! One file to text: small ones whole, large ones in chunks, binary ones not at all.

use crate::diagnostic::{Problem, Status};
use crate::fact::key_file::is_key_store;
use crate::text::Source;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::Path;

/// Larger files are not parsed; text rules stream over them.
pub const PARSE_LIMIT: u64 = 4 << 20;
/// A NUL this far into a file makes it binary.
const SNIFF: u64 = 8192;
const CHUNK: usize = 4 << 20;
/// Chunks share so much at least, that what lies across their border is seen whole by one.
const OVERLAP: usize = 32 << 10;
/// So much of what an earlier chunk has reported stands before the next: a key, a word that explains.
const LEAD: usize = 4 << 10;

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// Text small enough for the parsers.
    Text(Source),
    /// Text for the text rules only.
    Large(Chunks),
}

/// Reads a file; `path` is how problems name it.
///
/// # Errors
/// A problem: it is no regular file, cannot be read, is binary or beyond all measure.
pub fn read(file: &Path, path: &str) -> Result<Content, Problem> {
    let mut open = File::open(file).map_err(|e| failed(path, &e))?;
    let meta = open.metadata().map_err(|e| failed(path, &e))?;
    if !meta.is_file() {
        return Err(not_a_file(path));
    }
    let mut bytes = Vec::with_capacity(meta.len().min(PARSE_LIMIT) as usize + 1);
    open.by_ref().take(SNIFF).read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if !wide && memchr::memchr(0, &bytes).is_some() {
        return unreadable(path);
    }
    if meta.len() > u64::from(u32::MAX) || wide && meta.len() > PARSE_LIMIT {
        return Err(too_large(path));
    }
    // Most files end before: nobody asks them for more.
    if bytes.len() as u64 == SNIFF {
        open.by_ref().take(PARSE_LIMIT + 1 - SNIFF).read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
    }
    if bytes.len() as u64 > PARSE_LIMIT {
        return Ok(Content::Large(Chunks::new(Input::File(open), bytes)));
    }
    decode(bytes, path).map(Content::Text)
}

/// The same of bytes that are at hand.
///
/// # Errors
/// A problem: they are binary or beyond all measure.
pub fn content(bytes: Vec<u8>, path: &str) -> Result<Content, Problem> {
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let head = &bytes[..bytes.len().min(SNIFF as usize)];
    if !wide && memchr::memchr(0, head).is_some() {
        return unreadable(path);
    }
    if bytes.len() as u64 <= PARSE_LIMIT {
        return decode(bytes, path).map(Content::Text);
    }
    match wide {
        true => Err(too_large(path)),
        false => Ok(Content::Large(Chunks::new(Input::Held(Cursor::new(bytes)), Vec::new()))),
    }
}

/// The problem of what is too large even for the rules that stream.
pub fn too_large(path: &str) -> Problem {
    skipped(path, "too-large", "too large to be read at all")
}

/// Bytes as the text of the file at `path`.
///
/// # Errors
/// That they are binary.
pub fn decode(bytes: Vec<u8>, path: &str) -> Result<Source, Problem> {
    Source::from_bytes(bytes).map_err(|_| binary(path))
}

/// A problem of something that should have been linted.
pub(super) fn failed(path: &str, error: &io::Error) -> Problem {
    let (kind, message) = match error.kind() {
        ErrorKind::NotFound => ("not-found", "it does not exist".to_owned()),
        ErrorKind::PermissionDenied => ("unreadable", "permission denied".to_owned()),
        _ => ("unreadable", format!("it cannot be read: {error}")),
    };
    Problem { path: path.into(), status: Status::Failed, kind, message }
}

/// The problem of a named pipe, a socket or a device.
pub(super) fn not_a_file(path: &str) -> Problem {
    skipped(path, "not-a-file", "a pipe, socket or device is not read")
}

/// The problem of a named link that leads nowhere, to a directory, or out of the project.
pub(super) fn link_out(path: &str) -> Problem {
    skipped(path, "link", "this link leads to nothing below the project root")
}

pub(super) fn skipped(path: &str, kind: &'static str, message: &str) -> Problem {
    Problem { path: path.into(), status: Status::Skipped, kind, message: message.to_owned() }
}

/// What is binary is nothing to lint, but of a store of keys it matters that it is there.
fn unreadable(path: &str) -> Result<Content, Problem> {
    if is_key_store(path) { decode(Vec::new(), path).map(Content::Text) } else { Err(binary(path)) }
}

fn binary(path: &str) -> Problem {
    skipped(path, "binary", "binary: there is a NUL byte in its first 8 KB")
}

/// A part of a large file.
#[derive(Debug)]
pub struct Chunk {
    /// Its text.
    pub source: Source,
    /// Bytes, lines and characters of its first line that stand before it.
    pub before: Before,
    /// What begins before this byte of the chunk was the last chunk's to report.
    pub from: u32,
    /// What begins from this byte of the chunk on is the next chunk's to report.
    pub own: u32,
}

/// Where a chunk begins in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Before {
    /// Bytes.
    pub bytes: u32,
    /// Whole lines.
    pub lines: u32,
    /// Characters of the line in which the chunk begins.
    pub columns: u32,
}

impl Before {
    /// A place in the chunk as a place in the file.
    pub fn shift(self, place: crate::text::Position) -> crate::text::Position {
        let columns = if place.line == 1 { self.columns } else { 0 };
        crate::text::Position {
            line: place.line.saturating_add(self.lines),
            column: place.column.saturating_add(columns),
            offset: place.offset.saturating_add(self.bytes),
        }
    }
}

/// Where chunks come from.
#[derive(Debug)]
enum Input {
    File(File),
    Held(Cursor<Vec<u8>>),
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::File(file) => file.read(buffer),
            Input::Held(bytes) => bytes.read(buffer),
        }
    }
}

/// The chunks of a large file, read one by one.
#[derive(Debug)]
pub struct Chunks {
    file: Input,
    held: Vec<u8>,
    before: Before,
    /// How much at the beginning of what is held is reported.
    lead: usize,
    at_end: bool,
}

impl Chunks {
    fn new(file: Input, held: Vec<u8>) -> Self {
        Self { file, held, before: Before::default(), lead: 0, at_end: false }
    }

    /// The next chunk; none at the end of the file.
    ///
    /// # Errors
    /// When reading fails half-way.
    pub fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        if self.at_end {
            return Ok(None);
        }
        let room = CHUNK.saturating_sub(self.held.len()) as u64;
        self.at_end = self.file.by_ref().take(room).read_to_end(&mut self.held)? < room as usize;
        let end = if self.at_end { self.held.len() } else { line_end(&self.held, self.held.len()) };
        let own = if self.at_end { end } else { line_end(&self.held[..end], end.saturating_sub(OVERLAP)) };
        let text = self.held[..end].to_vec();
        let chunk = Chunk { source: text_of(text), before: self.before, from: self.lead as u32, own: own as u32 };
        let kept = line_end(&self.held[..own], own.saturating_sub(LEAD));
        self.advance(kept);
        self.lead = own - kept;
        Ok(Some(chunk))
    }

    fn advance(&mut self, to: usize) {
        let gone = &self.held[..to];
        let lines = memchr::memchr_iter(b'\n', gone).count() as u32;
        let tail = memchr::memrchr(b'\n', gone).map_or(gone, |at| &gone[at + 1..]);
        let columns = tail.iter().filter(|&&b| !is_continuation(b)).count() as u32;
        self.before.columns = if lines == 0 { self.before.columns + columns } else { columns };
        self.before.lines += lines;
        self.before.bytes = self.before.bytes.saturating_add(to as u32);
        self.held.drain(..to);
    }
}

/// Where the last line that ends at or before `at` ends; in the midst of a very long line a character's end.
fn line_end(bytes: &[u8], at: usize) -> usize {
    match memchr::memrchr(b'\n', &bytes[..at]) {
        Some(found) if found + 1 >= at / 2 => found + 1,
        _ => {
            (at.saturating_sub(3)..=at).rev().find(|&i| bytes.get(i).is_none_or(|&b| !is_continuation(b))).unwrap_or(at)
        }
    }
}

fn is_continuation(byte: u8) -> bool {
    (0x80..0xc0).contains(&byte)
}

/// Chunks are text whatever comes late in the file: a NUL, or what looks like a byte order mark, is one
/// more control character.
fn text_of(mut bytes: Vec<u8>) -> Source {
    const SUBSTITUTE: u8 = 0x1a;
    bytes.iter_mut().filter(|b| **b == 0).for_each(|b| *b = SUBSTITUTE);
    if let [first @ (0xfe | 0xff), ..] = &mut bytes[..] {
        *first = SUBSTITUTE;
    }
    Source::from_bytes(bytes).unwrap_or_else(|_| Source::new(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn chunks(bytes: &[u8]) -> Vec<Chunk> {
        let file = file(bytes);
        let Ok(Content::Large(mut chunks)) = read(file.path(), "x") else { panic!("not large") };
        std::iter::from_fn(|| chunks.next_chunk().unwrap()).collect()
    }

    /// What each chunk has to report, put together again.
    fn joined(chunks: &[Chunk]) -> String {
        chunks.iter().map(|c| &c.source.text()[c.from as usize..c.own as usize]).collect()
    }

    #[test]
    fn small_files_are_text_or_told_binary() {
        let found = file("aé\n".as_bytes());
        assert!(matches!(read(found.path(), "x"), Ok(Content::Text(source)) if source.text() == "aé\n"));
        assert_eq!(read(file(b"a\0").path(), "x").unwrap_err().kind, "binary");
        assert_eq!(read(Path::new("/nowhere/x"), "x").unwrap_err().kind, "not-found");
        assert_eq!(read(Path::new("/"), "x").unwrap_err().kind, "not-a-file");
    }

    #[test]
    fn chunks_cover_the_file_and_know_their_place() {
        let text: String = (0..700_000).map(|n| format!("line {n} é\n")).collect();
        let chunks = chunks(text.as_bytes());
        assert!(chunks.len() > 2);
        assert_eq!(joined(&chunks), text);
        for chunk in &chunks {
            assert_eq!(chunk.before.columns, 0);
            let first = chunk.source.text().lines().next().unwrap();
            assert_eq!(first, format!("line {} é", chunk.before.lines));
            assert!(text[chunk.before.bytes as usize..].starts_with(chunk.source.text()));
        }
        let overlap = chunks[0].source.text().len() - chunks[0].own as usize;
        assert!((OVERLAP..OVERLAP + 100).contains(&overlap), "{overlap}");
    }

    #[test]
    fn one_endless_line_is_cut_between_characters() {
        let text = "é日x".repeat(1_500_000);
        let chunks = chunks(text.as_bytes());
        assert_eq!(joined(&chunks), text);
        let second = &chunks[1];
        assert_eq!(second.before.lines, 0);
        let place = second.before.shift(second.source.position(0));
        assert_eq!(place.column as usize, text[..place.offset as usize].chars().count() + 1);
        let third = &chunks[2];
        let place = third.before.shift(third.source.position(0));
        assert_eq!(place.column as usize, text[..place.offset as usize].chars().count() + 1);
    }

    #[test]
    fn a_late_nul_does_not_hide_the_rest() {
        let mut bytes = b"a\n".repeat(3_000_000);
        bytes[5_000_000] = 0;
        bytes[5_000_002] = 0xff;
        assert_eq!(joined(&chunks(&bytes)).len(), bytes.len());
    }
}
