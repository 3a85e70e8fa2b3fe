//! Which records a decision record says it replaces, and which replace it.

use super::scope::Scope;
use super::{Document, Entry};
use crate::fact::context::join;
use crate::fact::value::facts;
use crate::syntax::markdown::BlockKind;
use crate::text::{Span, Spanned};
use regex::Regex;
use std::sync::LazyLock;

facts! {
    /// Another record that a decision record names as its successor or predecessor.
    pub struct Reference = "document.record-reference" {
        /// As it is written.
        "text" text: Spanned<String>,
        /// The path that it links to, below the project root.
        "path" path: Option<String>,
        /// The number that it names.
        "number" number: Option<i64>,
    }
}

type Pattern = LazyLock<Option<Regex>>;

static BY: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:super[sc]eded|replaced|succeeded|obsoleted)[ -]by\b|\bin favou?r of\b").ok()
});
static OF: Pattern = LazyLock::new(|| {
    let subject = r"(?:this (?:adr|record|decision) )?";
    Regex::new(&format!(r"(?i)(?:^|[.;,(–—-] *){subject}(?:super[sc]edes|replaces|obsoletes)\b:?")).ok()
});
static NUMBER: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:adrs?|rfcs?|records?|decisions?)?[-_ #]*(\d{1,5})\b(?:-[a-z][\w-]*)?").ok());
/// A word that is in every line of either.
static WORD: Pattern =
    LazyLock::new(|| Regex::new(r"(?i-u:super[sc]ede|replace[ds]|succeeded|obsolete|favou?r of)").ok());
static LINK: Pattern = LazyLock::new(|| Regex::new(r"\]\(([^()\s]+)\)").ok());
static MENTION: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:adrs?|rfcs?|records?|decisions?)[-_ #]*(\d{1,5})\b|\b(0\d{2,4})\b").ok());

/// Successors and predecessors.
pub(super) fn judge(document: &mut Document, scope: &Scope<'_>) {
    let (mut by, mut of) = (Vec::new(), Vec::new());
    lines(document, scope, &mut by, &mut of);
    for entry in document.fields.iter().filter(|entry| matches!(entry.syntax.as_str(), "frontmatter" | "table row")) {
        let is_status = scope.around.terms.is("status", &entry.name);
        match entry.name.replace('-', " ").as_str() {
            "superseded by" | "replaced by" => named(entry, document, scope, &mut by),
            "supersedes" | "replaces" => named(entry, document, scope, &mut of),
            _ if is_status && entry.value.known().is_some_and(|value| finds(&BY, value)) => {
                named(entry, document, scope, &mut by);
            }
            _ => {}
        }
    }
    (document.successors, document.predecessors) = (by, of);
    document.mentions = mentions(document);
}

fn finds(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// What lines say: `Superseded by [3](x.md)`, `Supersedes ADR-1`.
fn lines(document: &Document, scope: &Scope<'_>, by: &mut Vec<Reference>, of: &mut Vec<Reference>) {
    let tree = scope.tree;
    let (Some(says_by), Some(says_of)) = (BY.as_ref(), OF.as_ref()) else { return };
    let header = scope.header_blocks().last();
    for id in scope.all_blocks().filter(|&id| tree.block(id).kind == BlockKind::Paragraph) {
        if !finds(&WORD, tree.block(id).span.slice(tree.source())) {
            continue;
        }
        let early = header.is_some_and(|last| id <= last) || in_status(scope, tree.block(id).span.start);
        for line in tree.run(id).lines() {
            let text = line.text();
            let words = text.as_str();
            let starts = |at: usize| !words[..at].contains(char::is_alphanumeric);
            if let Some(found) = says_by.find(words).filter(|found| early || starts(found.start())) {
                references(document, &text, found.end(), true, by);
            } else if let Some(found) = says_of.find(words) {
                references(document, &text, found.end(), false, of);
            }
        }
    }
}

fn in_status(scope: &Scope<'_>, at: u32) -> bool {
    let name = scope.section_of(at).and_then(|index| scope.names.get(index));
    name.is_some_and(|name| scope.around.terms.is("status", name))
}

/// The records that a line names from a place on: its links, or else the number right there. Unless `loose`, links
/// count that stand right there, too.
fn references(document: &Document, text: &crate::text::Text<'_>, from: usize, loose: bool, out: &mut Vec<Reference>) {
    let rest = Span { start: text.span(from..text.len()).start, end: text.whole_span().end + 1 };
    let first = document.links.partition_point(|link| link.span.start < rest.start);
    let mut links = document.links.iter().skip(first).take_while(|link| link.span.start < rest.end).peekable();
    let words = text.as_str().get(from..).unwrap_or("");
    let right_there = |label: &str| words.find(label).is_some_and(|at| !words[..at].contains(char::is_alphabetic));
    if loose || links.peek().is_some_and(|link| right_there(&link.text)) {
        let before = out.len();
        out.extend(links.filter(|link| link.kind == "file" && !link.image).map(|link| Reference {
            span: link.span,
            text: Spanned::new(link.text.clone(), link.span),
            path: link.path.clone(),
            ..Reference::default()
        }));
        if out.len() > before {
            return;
        }
    }
    let lead = words.len() - words.trim_start_matches([' ', ':', '`', '*', '#', '[', '-']).len();
    if let Some((number, range)) = number(&words[lead..]) {
        let span = text.span(from + lead + range.start..from + lead + range.end);
        let text = Spanned::new(words[lead..][range].to_owned(), span);
        out.push(Reference { span, text, number: Some(number), ..Reference::default() });
    }
}

/// The number that a text begins with: `ADR-12`, `0012-name`, `12`.
fn number(text: &str) -> Option<(i64, std::ops::Range<usize>)> {
    let captures = NUMBER.as_ref()?.captures(text)?;
    let (whole, digits) = (captures.get(0)?, captures.get(1)?);
    let near = !text[..whole.start()].contains(char::is_alphanumeric);
    let alone = text.get(whole.end()..).is_none_or(|rest| !rest.starts_with(['.', '-']) || rest.len() == 1);
    near.then(|| digits.as_str().parse().ok()).flatten().filter(|_| alone).map(|number| (number, whole.range()))
}

/// What a field names: the target of the link in it, or numbers.
fn named(entry: &Entry, document: &Document, scope: &Scope<'_>, out: &mut Vec<Reference>) {
    let (Some(value), Some(span)) = (entry.value.known(), entry.value.span()) else { return };
    let source = scope.tree.source();
    let end = source.get(span.start as usize..).and_then(|rest| rest.find('\n')).unwrap_or(source.len());
    let line = source.get(entry.span.start as usize..(span.start as usize + end).min(source.len())).unwrap_or("");
    let dir = document.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut add = |text: &str, path, number| {
        out.push(Reference { span, text: Spanned::new(text.to_owned(), span), path, number });
    };
    let linked = LINK.as_ref().into_iter().flat_map(|regex| regex.captures_iter(line));
    let targets: Vec<&str> = linked.filter_map(|found| found.get(1)).map(|target| target.as_str()).collect();
    if !targets.is_empty() {
        let files = targets.into_iter().filter(|target| !target.contains("://"));
        files.for_each(|target| add(target, join(dir, target.split('#').next().unwrap_or(target)), None));
        return;
    }
    let begin = BY.as_ref().and_then(|regex| regex.find(value)).map_or(0, |found| found.end());
    for part in value[begin..].split(',').take(10) {
        let part = part.trim_start_matches([' ', ':', '[', '"', '#']);
        if let Some((number, range)) = number(part) {
            add(&part[range], None, Some(number));
        }
    }
}

/// The numbers of records that it mentions anywhere.
fn mentions(document: &Document) -> Vec<i64> {
    let text = document.text.as_str();
    let fields = document.fields.iter().filter(|entry| entry.syntax == "frontmatter");
    let values = fields.filter_map(|entry| entry.value.known()).map(String::as_str);
    let mut out = Vec::new();
    for text in std::iter::once(text).chain(values) {
        let Some(regex) = MENTION.as_ref() else { continue };
        let found = regex.captures_iter(text).filter_map(|found| found.get(1).or_else(|| found.get(2)));
        out.extend(found.filter_map(|digits| digits.as_str().parse::<i64>().ok()));
    }
    out.sort_unstable();
    out.dedup();
    out
}
