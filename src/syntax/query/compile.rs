//! Queries compiled: each checked by itself, all of a language merged into one.

use super::scheme::{self, Core, Item};
use super::{Language, QueryFault};
use std::ops::Range;
use tree_sitter::{CaptureQuantifier, QueryError, QueryErrorKind};

/// The capture that gives a finding its place.
pub const FAULT: &str = "fault";

/// Predicates that are evaluated; others would be passed over in silence.
const PREDICATES: &[&str] = &[
    "eq?",
    "not-eq?",
    "any-eq?",
    "any-not-eq?",
    "match?",
    "not-match?",
    "any-match?",
    "any-not-match?",
    "any-of?",
    "not-any-of?",
];

/// Several queries over one language, as one.
#[derive(Debug)]
pub struct Query {
    pub(super) language: Language,
    pub(super) merged: tree_sitter::Query,
    /// Where each query begins in the merged text.
    starts: Vec<usize>,
    pub(super) fault: u32,
}

impl Query {
    /// Merges queries that [`check`] has nothing against.
    ///
    /// # Errors
    /// The fault that `check` would have told.
    pub fn merge(language: Language, sources: &[&str]) -> Result<Self, QueryFault> {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(sources.len());
        for source in sources {
            starts.push(text.len());
            text.push_str(source);
            // A comment may end the query.
            text.push('\n');
        }
        let merged = tree_sitter::Query::new(&language.grammar(), &text).map_err(|error| explain(&text, error))?;
        let fault = merged.capture_index_for_name(FAULT).unwrap_or(u32::MAX);
        Ok(Self { language, merged, starts, fault })
    }

    /// The query that a pattern belongs to.
    pub(super) fn query_of(&self, pattern: usize) -> usize {
        let start = self.merged.start_byte_for_pattern(pattern);
        self.starts.partition_point(|&first| first <= start).saturating_sub(1)
    }
}

/// Whether a query can run.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(language: Language, source: &str) -> Result<(), QueryFault> {
    let items = scheme::items(source)?;
    if items.is_empty() {
        return Err(QueryFault::new(0..0, "the query is empty"));
    }
    for item in items.iter().filter(|item| item.core == Core::Predicate) {
        predicate(source, item)?;
        if item.parent.is_none() {
            let message = "a predicate judges nothing here: write `((node) @fault (#eq? @fault …))`";
            return Err(QueryFault::new(item.range.clone(), message));
        }
    }
    let query = Query::merge(language, &[source])?;
    let patterns = items.iter().filter(|item| item.parent.is_none());
    for (pattern, item) in (0..query.merged.pattern_count()).zip(patterns) {
        let quantifiers = query.merged.capture_quantifiers(pattern);
        if quantifiers.get(query.fault as usize).is_none_or(|q| *q == CaptureQuantifier::Zero) {
            return Err(QueryFault::new(item.range.clone(), "this pattern captures no @fault, the words at fault"));
        }
    }
    Ok(())
}

fn predicate(source: &str, item: &Item) -> Result<(), QueryFault> {
    let inner = source.get(item.range.clone()).unwrap_or_default();
    let name_start = item.range.start + 1 + inner[1..].len() - inner[1..].trim_start().len();
    let name = source[name_start..].split(|c: char| c.is_whitespace() || "()\"@;".contains(c)).next().unwrap_or("");
    let word = name.trim_start_matches(['#', '.']);
    if PREDICATES.contains(&word) {
        return Ok(());
    }
    let known = PREDICATES.iter().map(|p| format!("#{p}")).collect::<Vec<_>>().join(", ");
    let message = format!("unknown predicate `{name}` (known: {known})");
    Err(QueryFault::new(name_start..name_start + name.len(), message))
}

fn explain(text: &str, error: QueryError) -> QueryFault {
    let name = error.message.trim_matches('"');
    let at = |len: usize| -> Range<usize> {
        let start = error.offset.min(text.len());
        start..(start + len).min(text.len())
    };
    match error.kind {
        QueryErrorKind::NodeType => QueryFault::new(at(name.len()), format!("the grammar has no node `{name}`")),
        QueryErrorKind::Field => QueryFault::new(at(name.len()), format!("the grammar has no field `{name}`")),
        QueryErrorKind::Capture => QueryFault::new(at(name.len()), format!("nothing is captured as `@{name}`")),
        QueryErrorKind::Structure => QueryFault::new(at(1), "the grammar can never build such a node here"),
        // Predicates come with a row alone.
        QueryErrorKind::Predicate => {
            let start: usize = text.split_inclusive('\n').take(error.row).map(str::len).sum();
            QueryFault::new(start..start, error.message)
        }
        QueryErrorKind::Syntax | QueryErrorKind::Language => QueryFault::new(at(1), "the query is not well formed"),
    }
}
