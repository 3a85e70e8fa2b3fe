//! What the grammars may see: limits measured by the front parsers, which survive everything.

use super::{Language, Stop};
use crate::syntax::markdown;
use crate::syntax::yaml::{ErrorKind, SyntaxError, Yaml};
use crate::text::Text;
use std::ops::Range;

/// Bytes of a text that is queried.
pub const MAX_BYTES: usize = 1 << 20;
/// The YAML grammar counts lines and columns in 16 bits.
const MAX_LINES: usize = 32_000;
/// Blocks in each other. The Markdown grammar keeps 254, some of them for one of ours.
const MAX_BLOCKS: u32 = 100;
/// Signs that open a block on one line of YAML. The grammar aborts the process at 254 open blocks; the
/// front parser vouches for no more than 250, but after an error the grammar counts otherwise than it.
const MAX_OPENERS: usize = 100;

/// The parts of a text that can be parsed, and why others cannot.
pub(super) fn parts(language: Language, text: &Text<'_>) -> (Vec<Range<usize>>, Vec<Stop>) {
    let source = text.as_str();
    if source.len() > MAX_BYTES {
        return (Vec::new(), vec![Stop::TooLarge]);
    }
    if memchr::memchr(0, source.as_bytes()).is_some() {
        return (Vec::new(), vec![Stop::Nul]);
    }
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let whole = std::iter::once(start..source.len()).collect();
    match language {
        Language::Yaml => documents(text),
        Language::Dockerfile => (whole, Vec::new()),
        Language::Markdown | Language::MarkdownInline => match depth(source) > MAX_BLOCKS {
            true => (Vec::new(), vec![Stop::TooDeep]),
            false => (whole, Vec::new()),
        },
    }
}

fn documents(text: &Text<'_>) -> (Vec<Range<usize>>, Vec<Stop>) {
    let yaml = Yaml::parse(text);
    let mut parts = Vec::new();
    let mut stops = Vec::new();
    for document in &yaml.documents {
        let deep = |error: &SyntaxError| error.kind == ErrorKind::TooDeep && document.span.contains(error.span);
        let range = document.range();
        let stop = match document.complete {
            true => lines(text.as_str().get(range.clone()).unwrap_or_default()),
            false if yaml.errors.iter().any(deep) => Some(Stop::TooDeep),
            false => Some(Stop::Broken),
        };
        match stop {
            Some(stop) if !stops.contains(&stop) => stops.push(stop),
            Some(_) => {}
            None => parts.push(range),
        }
    }
    (parts, stops)
}

fn lines(document: &str) -> Option<Stop> {
    let mut count = 0;
    for line in document.split(['\n', '\r']) {
        count += 1;
        if count > MAX_LINES || line.len() > MAX_LINES {
            return Some(Stop::TooLong);
        }
        if openers(line) > MAX_OPENERS {
            return Some(Stop::TooDeep);
        }
    }
    None
}

/// `-`, `?` and `:` with a blank or nothing behind them.
fn openers(line: &str) -> usize {
    let bytes = line.as_bytes();
    let signs = memchr::memchr3_iter(b'-', b'?', b':', bytes);
    signs.filter(|&at| matches!(bytes.get(at + 1), None | Some(b' ' | b'\t'))).count()
}

fn depth(source: &str) -> u32 {
    let tree = markdown::parse(source);
    let mut depths: Vec<u32> = Vec::new();
    let mut deepest = 0;
    for (id, block) in tree.blocks() {
        // A block stands behind its parent; the root is its own.
        let depth = if id == block.parent { 0 } else { depths.get(block.parent.index()).map_or(0, |d| d + 1) };
        depths.push(depth);
        deepest = deepest.max(depth);
    }
    deepest
}
