//! Patterns over texts larger than memory should hold: chunks that overlap, places counted as they pass.

use super::{Matcher, PatternHit};
use crate::text::Position;

/// How much is searched at once.
const CHUNK: usize = 4 * 1024 * 1024;

/// A match in a stream.
#[derive(Clone, Debug)]
pub struct StreamHit {
    /// The match; its ranges count from the beginning of the stream.
    pub hit: PatternHit,
    /// Where `hit.span` begins.
    pub start: Position,
    /// Where `hit.span` ends.
    pub end: Position,
}

/// Feeds a matcher piece by piece.
pub struct Stream<'a> {
    matcher: &'a Matcher,
    /// What has been fed and not yet left behind, as text: each byte that is not UTF-8 is one stand-in.
    buffer: String,
    /// Bytes of a scalar value that a piece cut.
    cut: Vec<u8>,
    /// Bytes, lines and columns before the buffer.
    offset: usize,
    line: u32,
    column: u32,
    /// Matches that begin before this are reported already.
    done: usize,
}

impl<'a> Stream<'a> {
    /// At the beginning of a stream.
    pub fn new(matcher: &'a Matcher) -> Self {
        Self { matcher, buffer: String::new(), cut: Vec::new(), offset: 0, line: 1, column: 1, done: 0 }
    }

    /// Takes the next bytes and gives the matches that are certain by now.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<StreamHit> {
        self.push(bytes);
        if self.buffer.len() < CHUNK { Vec::new() } else { self.search(false) }
    }

    /// Gives the remaining matches.
    pub fn finish(mut self) -> Vec<StreamHit> {
        let rest = std::mem::take(&mut self.cut);
        self.buffer.extend(rest.iter().map(|_| STAND_IN));
        self.search(true)
    }

    fn push(&mut self, bytes: &[u8]) {
        let mut all = std::mem::take(&mut self.cut);
        all.extend_from_slice(bytes);
        let mut rest = all.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.buffer.push_str(text),
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.buffer.push_str(std::str::from_utf8(good).unwrap_or_default());
                    let Some(length) = error.error_len() else {
                        self.cut = bad.to_vec();
                        return;
                    };
                    self.buffer.extend(std::iter::repeat_n(STAND_IN, length));
                    rest = &bad[length..];
                }
            }
        }
    }

    fn search(&mut self, last: bool) -> Vec<StreamHit> {
        // A match that begins in the tail may go on in the next piece.
        let mut keep =
            if last { self.buffer.len() } else { self.buffer.len().saturating_sub(2 * self.matcher.reach()) };
        while !self.buffer.is_char_boundary(keep) {
            keep -= 1;
        }
        let mut found = Vec::new();
        let (mut at, mut place) = (0, (self.line, self.column));
        for hit in self.matcher.find(&self.buffer) {
            if hit.span.start >= keep || hit.span.start + self.offset < self.done {
                continue;
            }
            place = advance(place, &self.buffer[at..hit.span.start]);
            at = hit.span.start;
            let end = advance(place, &self.buffer[hit.span.clone()]);
            let position = |(line, column), offset: usize| Position {
                line,
                column,
                offset: u32::try_from(offset + self.offset).unwrap_or(u32::MAX),
            };
            let (start, end) = (position(place, hit.span.start), position(end, hit.span.end));
            let shift = |r: &std::ops::Range<usize>| r.start + self.offset..r.end + self.offset;
            let (span, secret) = (shift(&hit.span), shift(&hit.secret));
            found.push(StreamHit { hit: PatternHit { span, secret, ..hit }, start, end });
        }
        self.done = self.offset + keep;
        self.leave(keep);
        found
    }

    /// Drops what no later match can need: one reach before the tail stays, for what stands before a match.
    fn leave(&mut self, keep: usize) {
        let mut drop = keep.saturating_sub(self.matcher.reach());
        while !self.buffer.is_char_boundary(drop) {
            drop -= 1;
        }
        (self.line, self.column) = advance((self.line, self.column), &self.buffer[..drop]);
        self.offset += drop;
        self.buffer.drain(..drop);
    }
}

/// Stands for a byte that is not UTF-8, as in [`crate::text::Source`].
const STAND_IN: char = '\u{1a}';

fn advance((line, column): (u32, u32), text: &str) -> (u32, u32) {
    match memchr::memrchr(b'\n', text.as_bytes()) {
        Some(last) => {
            let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32;
            (line + breaks, text[last + 1..].chars().count() as u32 + 1)
        }
        None => (line, column + text.chars().count() as u32),
    }
}
