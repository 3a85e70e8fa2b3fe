//! What a document says is still to be done on itself: TODO, TBD and their like, in prose and cells.

use super::scope::Scope;
use super::{Header, Todo};
use crate::fact::Looks;
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::{Spanned, Text};
use regex::Regex;
use std::sync::LazyLock;

static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(?:TODO|FIXME|TBD|XXX|WIP)\b").ok());

/// Statuses of what is still being written.
const DRAFTS: [&str; 8] = ["draft", "drafted", "proposed", "proposal", "wip", "idea", "stub", "rfc"];
/// Of a record these say that it holds.
const HELD: [&str; 7] = ["accepted", "approved", "adopted", "decided", "implemented", "partially", "active"];
/// What makes a subject of the mark: `TODO comments`, `the TODO app`, `WIP limits`.
const THINGS: [&str; 20] = [
    "app",
    "apps",
    "application",
    "comment",
    "comments",
    "item",
    "items",
    "list",
    "lists",
    "marker",
    "markers",
    "note",
    "notes",
    "tag",
    "tags",
    "limit",
    "limits",
    "file",
    "service",
    "api",
];

/// The marks of a document, in its order.
pub(super) fn todos(scope: &Scope<'_>, settled: bool) -> Vec<Todo> {
    let mut out = Vec::new();
    // Of a row one is enough: where one cell is open, the others are as well.
    let mut row = None;
    for id in scope.title.map(|title| title.heading).into_iter().chain(scope.all_blocks()) {
        let block = scope.tree.block(id);
        let cell = block.kind == BlockKind::TableCell;
        if !cell && !matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_))
            || cell && row == Some(block.parent)
        {
            continue;
        }
        let before = out.len();
        in_block(scope, id, settled, &mut out);
        row = (cell && out.len() > before).then_some(block.parent).or(row);
    }
    out
}

fn in_block(scope: &Scope<'_>, id: BlockId, settled: bool, out: &mut Vec<Todo>) {
    let tree = scope.tree;
    let text = tree.run(id).prose();
    let Some(found) = MARK.as_ref().and_then(|regex| regex.find_iter(text.as_str()).find(|m| is_mark(&text, m))) else {
        return;
    };
    let span = text.span(found.range());
    let from = tree.links().partition_point(|link| link.span.end <= span.start);
    if tree.links().get(from).is_some_and(|link| link.span.contains(span)) {
        return;
    }
    out.push(Todo { span, word: Spanned::new(found.as_str().to_owned(), span), settled });
}

/// Whether the word says that something is missing, and is not spoken of itself.
fn is_mark(text: &Text<'_>, found: &regex::Match<'_>) -> bool {
    let (whole, word) = (text.as_str(), found.as_str());
    let (before, after) = (&whole[..found.start()], &whole[found.end()..]);
    let glue = |c: char| c.is_alphanumeric() || "-_./#\\$%@".contains(c);
    let glued = before.ends_with(glue) || after.starts_with(|c| "-_/\\%@".contains(c));
    let dotted = after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let next = after.split_whitespace().next().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    let quoted = before.ends_with(['"', '\'', '“', '‘']) && after.starts_with(['"', '\'', '”', '’']);
    if glued || dotted || quoted || (after.starts_with(' ') && THINGS.contains(&next.to_lowercase().as_str())) {
        return false;
    }
    let alone = before.trim_end_matches(['[', '(', '*', ' ']).is_empty();
    let opens = alone || before.ends_with(['[', '(']) || before.trim_end().ends_with([':', '|', '-', '—', '–']);
    let ends = after.trim_matches(['.', '!', ')', ' ']).is_empty() || after.starts_with([',', ';', ')']);
    match word {
        // Also trunk-based development: the thing that somebody does, with a preposition before it.
        "TBD" => {
            let lower = whole.to_lowercase();
            let last = before.split_whitespace().next_back().unwrap_or("").to_lowercase();
            let practised = matches!(last.as_str(), "with" | "do" | "practise" | "practice" | "use" | "adopt" | "our");
            !lower.contains("trunk-based") && !lower.contains("trunk based") && !practised
        }
        "XXX" if before.trim_end().ends_with(['.', '!', '?', ';']) => after.starts_with([':', ' ']),
        "WIP" if after.starts_with(' ') && SAYS.contains(&next.to_lowercase().as_str()) => false,
        "WIP" | "XXX" if ends && is_said(before) => true,
        "WIP" | "XXX" => opens && (ends || after.starts_with([':', ']', ' '])),
        _ => true,
    }
}

/// What follows work in progress where it is the subject of a sentence: `WIP is limited to three`.
const SAYS: [&str; 12] = ["is", "are", "was", "has", "per", "in", "and", "or", "of", "must", "stays", "commits"];

/// Whether the words before say that something is so: `the cache is still …`.
fn is_said(before: &str) -> bool {
    let mut words = before.split_whitespace().rev().map(str::to_lowercase);
    let last = words.next().unwrap_or_default();
    let verb = if matches!(last.as_str(), "still" | "currently" | "all") { words.next() } else { Some(last) };
    let is = matches!(verb.as_deref(), Some("is" | "are" | "remains" | "remain" | "it's"));
    is && words.next().is_none_or(|subject| subject != "there")
}

/// Whether others may rely on the document: it is no draft, and if it is a record it holds.
pub(super) fn is_settled(scope: &Scope<'_>, header: &Header) -> bool {
    let status = header.status.as_ref().and_then(|status| status.starts.first());
    let file = scope.around.file;
    let is_record =
        || !scope.whole || file.documents.of(file.path, &Looks::default()).iter().any(|t| **t == *"adr.record");
    match status {
        Some(word) if DRAFTS.contains(&word.as_str()) => false,
        Some(word) => HELD.contains(&word.as_str()) || !is_record(),
        None => !is_record(),
    }
}
