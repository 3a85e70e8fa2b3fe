//! The header: well-known fields, whichever way they are written.

use super::names::words;
use super::scope::Scope;
use super::terms::Terms;
use super::{Entry, Header, entries, front};
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::Text;

/// All fields of the header, in the order in which they count.
pub(super) fn fields(scope: &Scope<'_>) -> Vec<Entry> {
    let terms = scope.around.terms;
    let mut out = Vec::new();
    if scope.whole {
        front::frontmatter(scope.tree, &mut out);
    }
    for id in scope.header_blocks() {
        let block = scope.tree.block(id);
        match block.kind {
            BlockKind::Paragraph if block.list_depth < 2 => {
                entries::paragraph(scope.tree, id, &mut out);
                out.extend(below_bold(scope, id));
            }
            BlockKind::Table => entries::table(scope.tree, id, |name| terms.is_header(name), &mut out),
            _ => {}
        }
    }
    let before = out.len();
    for index in 0..scope.sections.len() {
        if let Some(entry) = within_heading(scope, index).filter(|e| !out[before..].iter().any(|o| o.name == e.name)) {
            out.push(entry);
        }
        if scope.names.get(index).is_some_and(|name| terms.is_header(name) && name != "state") {
            out.extend(below_heading(scope, index));
        }
    }
    out
}

/// Words of a value that stands below its name.
const MOST_BELOW: usize = 8;

/// A bold line that is nothing but the name of a field, and the paragraph behind it.
fn below_bold(scope: &Scope<'_>, id: BlockId) -> Option<Entry> {
    let tree = scope.tree;
    let (mut lines, next) = (tree.run(id).lines(), tree.sibling(id)?);
    let strong = lines.next()?.strong()?;
    let name = strong.lead.text();
    let rest = strong.rest.plain();
    let alone = lines.next().is_none() && rest.trim_start_matches(':').trim().is_empty();
    let known = alone && scope.around.terms.is_header(&super::normalise(name.as_str()));
    if !known || tree.block(next).kind != BlockKind::Paragraph {
        return None;
    }
    let value = tree.run(next).lines().next().filter(|line| line.strong().is_none())?.kept();
    // Behind a colon a value was meant to stand on the line itself: what follows it may as well be the text.
    let colon = !rest.trim().is_empty() || name.as_str().contains(':');
    let is_status = || scope.around.terms.is("status", &super::normalise(name.as_str()));
    if colon && !(is_status() && words(value.as_str()).count() <= MOST_BELOW) {
        return None;
    }
    let read = entries::entry(&value, 0..0, 0..value.len(), "heading");
    Some(Entry {
        name: super::normalise(name.as_str()),
        span: name.whole_span(),
        linked: tree.run(next).has_link(),
        ..read
    })
}

/// `## Status: Accepted`: name and value in one heading.
fn within_heading(scope: &Scope<'_>, index: usize) -> Option<Entry> {
    let name = scope.names.get(index)?;
    let head = name.split([':', '–', '—']).next().and_then(|head| head.split(" - ").next())?;
    if head.len() == name.len() || !scope.around.terms.is_header(head.trim_end()) {
        return None;
    }
    let title = scope.tree.section_title(scope.sections.get(index)?);
    let text = title.as_str();
    let marks = [":", " - ", "–", "—"];
    let (at, mark) = marks.iter().filter_map(|mark| Some((text.find(mark)?, mark))).min()?;
    let entry = entries::entry(&title, 0..at, at + mark.len()..text.len(), "heading");
    (!entry.value.is_absent()).then_some(entry)
}

/// A heading and the first thing said below it.
pub(super) fn below_heading(scope: &Scope<'_>, index: usize) -> Option<Entry> {
    let tree = scope.tree;
    let section = scope.sections.get(index)?;
    let title = tree.section_title(section);
    let blank = Text::at("", section.span.start);
    let mut entry = entries::entry(&blank, 0..0, 0..0, "heading");
    entry.name = scope.names.get(index)?.clone();
    entry.span = title.whole_span();
    for id in scope.own_blocks(index) {
        let run = match tree.block(id).kind {
            BlockKind::Paragraph | BlockKind::TableCell => tree.run(id),
            BlockKind::Code { .. } => {
                let text = tree.code(id)?.content();
                let line = text.as_str().lines().next().unwrap_or("").len();
                let read = entries::entry(&text, 0..0, 0..line, "heading");
                return Some(Entry { name: entry.name, span: entry.span, linked: entry.linked, ..read });
            }
            _ => continue,
        };
        entry.linked |= run.has_link();
        let text = run.kept();
        if !entry.value.is_absent() || text.as_str().trim().is_empty() {
            continue;
        }
        let first = run.lines().map(|line| line.kept()).find(|line| !line.as_str().trim().is_empty());
        let text = first.unwrap_or(text);
        let value = after_own_name(text.as_str(), &entry.name);
        let read = entries::entry(&text, 0..0, value..text.len(), "heading");
        entry = Entry { name: entry.name, span: entry.span, linked: entry.linked, code: run.has_code(), ..read };
    }
    Some(entry)
}

/// Below `## Status` some repeat the name: `Status: accepted`, `Current status: accepted`.
fn after_own_name(text: &str, name: &str) -> usize {
    let Some(colon) = text.find(": ") else { return 0 };
    let head = super::normalise(&text[..colon]);
    if head.ends_with(name) && words(&head).count() <= 3 { colon + 1 } else { 0 }
}

/// The well-known ones: of each the first that has a value, else the first.
pub(super) fn header(fields: &[Entry], terms: &Terms) -> Header {
    let find = |thing: &str| {
        let matching = || fields.iter().filter(|entry| terms.is(thing, &entry.name));
        matching().find(|entry| !entry.value.is_absent()).or_else(|| matching().next()).cloned()
    };
    // A field of just this name counts before one that merely has something to do with it.
    let component = fields.iter().find(|entry| terms.of("component-type").iter().take(2).any(|n| *n == entry.name));
    Header {
        span: fields.first().map_or_else(Default::default, |first| first.span),
        status: find("status"),
        date: find("date"),
        created: find("created"),
        reviewed: find("reviewed"),
        author: find("author"),
        owner: find("owner"),
        deciders: find("deciders"),
        kind: find("type"),
        component_type: component.cloned().or_else(|| find("component-type")),
        priority: find("priority"),
        dependencies: find("dependencies"),
        severity: find("severity"),
        document_id: find("document-id"),
        source_prd: find("source-prd"),
        version: find("version"),
        description: fields.iter().find(|e| e.syntax == "frontmatter" && e.name == "description").cloned(),
    }
}
