//! Queries meet a text: parts that the guard lets through, one tree a part, one walk of the merged query.

use super::compile::Query;
use super::{Language, Stop, guard};
use crate::text::{Span, Text};
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};
use tree_sitter::{Node, ParseOptions, Parser, QueryCursor, QueryCursorOptions, QueryMatch, StreamingIterator, Tree};

/// Bytes of a captured text that a message can use.
const MAX_SHOWN: usize = 400;
/// Bytes of a paragraph whose inner syntax is looked at: the inline grammar takes quadratic time on some.
const MAX_INLINE: usize = 4096;
/// Matches in progress at once.
const MAX_OPEN: u32 = 16_384;

/// How much effort a text is worth.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for all parts of a text.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10) }
    }
}

/// A captured text: its name and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The number of the capture's name in [`Query::capture`].
    pub name: u32,
    /// What it says on one line, cut to some 400 bytes.
    pub text: String,
    /// Where it stands in the host file.
    pub span: Span,
}

/// One match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The number of the query among those that were merged.
    pub query: usize,
    /// Where `@fault` stands in the host file.
    pub span: Span,
    /// What it captured, `@fault` included, each name once.
    pub captures: Vec<Shown>,
}

/// What a run found, and what it left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of the text.
    pub matches: Vec<Match>,
    /// Each reason once.
    pub stops: Vec<Stop>,
}

impl Query {
    /// A capture's name.
    pub fn capture(&self, number: u32) -> &str {
        self.merged.capture_names().get(number as usize).copied().unwrap_or_default()
    }
}

/// Runs merged queries over a text; total on any text, and in bounded time.
pub fn run(query: &Query, text: &Text<'_>, limits: &Limits) -> Found {
    let (parts, stops) = guard::parts(query.language, text);
    let mut run = Run { query, text, until: Instant::now() + limits.time, found: Found { matches: Vec::new(), stops } };
    for part in parts {
        if let Err(stop) = run.part(part) {
            run.stop(stop);
            if stop == Stop::Deadline {
                break;
            }
        }
    }
    // Spans of one match may begin before those of an earlier one.
    run.found.matches.sort_by_key(|m| (m.span, m.query));
    run.found.matches.dedup();
    run.found
}

struct Run<'r> {
    query: &'r Query,
    text: &'r Text<'r>,
    until: Instant,
    found: Found,
}

impl Run<'_> {
    fn stop(&mut self, stop: Stop) {
        if !self.found.stops.contains(&stop) {
            self.found.stops.push(stop);
        }
    }

    fn part(&mut self, part: Range<usize>) -> Result<(), Stop> {
        if self.query.language == Language::MarkdownInline {
            return self.inline(part);
        }
        let tree = self.parse(self.query.language, part.clone(), &[])?;
        if let Some(at) = first_error(&tree) {
            self.stop(Stop::Unreadable(self.text.span(part.start + at..part.start + at).start));
        }
        self.search(&tree, part)
    }

    /// Parses a part; `holes` are cut out of it.
    fn parse(&self, language: Language, part: Range<usize>, ranges: &[tree_sitter::Range]) -> Result<Tree, Stop> {
        let source = self.text.as_str().get(part.clone()).unwrap_or_default().as_bytes();
        let until = self.until;
        let mut parser = Parser::new();
        let ready = parser.set_language(&language.grammar()).is_ok() && parser.set_included_ranges(ranges).is_ok();
        if !ready {
            return Err(Stop::Unreadable(self.text.span(part.start..part.start).start));
        }
        let mut broken = None;
        let mut progress = |state: &tree_sitter::ParseState| {
            // Behind an error this grammar may open blocks without end, and it aborts the process at 254.
            if language == Language::Yaml && state.has_error() {
                broken = Some(state.current_byte_offset());
                return ControlFlow::Break(());
            }
            if Instant::now() >= until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let tree = parser.parse_with_options(&mut |at, _| source.get(at..).unwrap_or_default(), None, Some(options));
        match (tree, broken) {
            (Some(tree), _) => Ok(tree),
            (None, Some(at)) => {
                let at = (part.start + at).min(part.end);
                Err(Stop::Unreadable(self.text.span(at..at).start))
            }
            (None, None) => Err(Stop::Deadline),
        }
    }

    fn search(&mut self, tree: &Tree, part: Range<usize>) -> Result<(), Stop> {
        let source = self.text.as_str().get(part.clone()).unwrap_or_default();
        let until = self.until;
        let mut late = false;
        let mut progress = |_: &tree_sitter::QueryCursorState| {
            late |= Instant::now() >= until;
            if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut cursor = QueryCursor::new();
        cursor.set_match_limit(MAX_OPEN);
        let faulty = tree.root_node().has_error();
        let options = QueryCursorOptions::new().progress_callback(&mut progress);
        let mut matches = Vec::new();
        {
            let mut walk =
                cursor.matches_with_options(&self.query.merged, tree.root_node(), source.as_bytes(), options);
            while let Some(found) = walk.next() {
                if let Some(found) = self.read(found, source, part.start, faulty) {
                    matches.push(found);
                }
            }
        }
        self.found.matches.append(&mut matches);
        if cursor.did_exceed_match_limit() {
            self.stop(Stop::TooMany);
        }
        if late { Err(Stop::Deadline) } else { Ok(()) }
    }

    fn read(&self, found: &QueryMatch<'_, '_>, source: &str, offset: usize, faulty: bool) -> Option<Match> {
        let fault = found.captures().iter().find(|capture| capture.index == self.query.fault)?;
        // What stands in or around an error may be something else.
        if faulty && is_doubtful(fault.node) {
            return None;
        }
        let mut captures: Vec<Shown> = Vec::new();
        for capture in found.captures() {
            if captures.iter().all(|known| known.name != capture.index) {
                let range = capture.node.byte_range();
                let span = self.text.span(offset + range.start..offset + range.end);
                captures.push(Shown { name: capture.index, text: shown(source, capture.node), span });
            }
        }
        let range = fault.node.byte_range();
        let end = range.start + source.get(range.clone()).map_or(0, |words| words.trim_end().len());
        let span = self.text.span(offset + range.start..offset + end);
        Some(Match { query: self.query.query_of(found.pattern_index), span, captures })
    }

    /// The inner syntax of every paragraph, heading and cell that is short enough.
    fn inline(&mut self, part: Range<usize>) -> Result<(), Stop> {
        let tree = self.parse(Language::Markdown, part.clone(), &[])?;
        for ranges in inline_ranges(&tree) {
            let len: usize = ranges.iter().map(|range| range.end_byte - range.start_byte).sum();
            if len > MAX_INLINE {
                self.stop(Stop::TooLarge);
                continue;
            }
            let inline = self.parse(Language::MarkdownInline, part.clone(), &ranges)?;
            self.search(&inline, part.clone())?;
        }
        Ok(())
    }
}

/// What the grammar could not read, itself or around it.
fn is_doubtful(node: Node<'_>) -> bool {
    let mut at = Some(node);
    while let Some(node) = at {
        if node.is_error() || node.is_missing() {
            return true;
        }
        at = node.parent();
    }
    node.has_error()
}

fn shown(source: &str, node: Node<'_>) -> String {
    let text = source.get(node.byte_range()).unwrap_or_default().trim_end();
    let end = (0..=MAX_SHOWN.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    text[..end.unwrap_or(0)].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first byte that the grammar could not read.
fn first_error(tree: &Tree) -> Option<usize> {
    let mut cursor = tree.walk();
    if !cursor.node().has_error() {
        return None;
    }
    // Down the leftmost way that has an error.
    loop {
        if cursor.node().is_error() || cursor.node().is_missing() || !cursor.goto_first_child() {
            return Some(cursor.node().start_byte());
        }
        while !cursor.node().has_error() && !cursor.node().is_missing() {
            if !cursor.goto_next_sibling() {
                return Some(cursor.node().start_byte());
            }
        }
    }
}

/// The ranges of each node with inline content, without the marks of quotes and lists in between.
fn inline_ranges(tree: &Tree) -> Vec<Vec<tree_sitter::Range>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let inline = matches!(node.kind(), "inline" | "pipe_table_cell");
        if inline {
            found.push(pieces(node));
        }
        if !inline && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

fn pieces(node: Node<'_>) -> Vec<tree_sitter::Range> {
    let whole = node.range();
    let mut pieces = Vec::new();
    let (mut byte, mut point) = (whole.start_byte, whole.start_point);
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(|child| child.kind() == "block_continuation") {
        let hole = child.range();
        if hole.start_byte > byte {
            let (end_byte, end_point) = (hole.start_byte, hole.start_point);
            pieces.push(tree_sitter::Range { start_byte: byte, start_point: point, end_byte, end_point });
        }
        (byte, point) = (hole.end_byte, hole.end_point);
    }
    if whole.end_byte > byte {
        let (end_byte, end_point) = (whole.end_byte, whole.end_point);
        pieces.push(tree_sitter::Range { start_byte: byte, start_point: point, end_byte, end_point });
    }
    pieces
}
