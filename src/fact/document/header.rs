//! The header: well-known fields, whichever way they are written.

use super::names::words;
use super::scope::Scope;
use super::{Entry, Header, entries};
use crate::syntax::markdown::BlockKind;
use crate::text::Text;

const STATUS: &[&str] = &["status", "state", "decision status", "adr status"];
const DATE: &[&str] = &["date", "decision date", "date decided", "decided"];
const CREATED: &[&str] = &["created", "date created", "created at", "created on"];
const REVIEWED: &[&str] =
    &["last reviewed", "reviewed", "updated", "last updated", "modified", "last modified", "last review"];
const AUTHOR: &[&str] = &["author", "authors", "written by"];
const OWNER: &[&str] = &["owner", "owners", "team", "contact", "owned by"];
const DECIDERS: &[&str] = &["deciders", "decision makers", "decision-makers", "decision maker", "decided by"];
const KIND: &[&str] = &["type"];
const COMPONENT: &[&str] = &["component type", "infrastructure name", "component"];
const PRIORITY: &[&str] = &["priority"];
const DEPENDENCIES: &[&str] = &["dependencies", "depends on", "dependency", "dependent components"];
const SEVERITY: &[&str] = &["severity"];
const ID: &[&str] = &["document id", "doc id"];
const PRD: &[&str] = &["source prd", "prd"];
const VERSION: &[&str] = &["version"];

const ALL: &[&[&str]] = &[
    STATUS,
    DATE,
    CREATED,
    REVIEWED,
    AUTHOR,
    OWNER,
    DECIDERS,
    KIND,
    COMPONENT,
    PRIORITY,
    DEPENDENCIES,
    SEVERITY,
    ID,
    PRD,
    VERSION,
];

fn is_known(name: &str) -> bool {
    ALL.iter().any(|names| names.contains(&name))
}

/// All fields of the header, in the order in which they count.
pub(super) fn fields(scope: &Scope<'_>) -> Vec<Entry> {
    let mut out = Vec::new();
    if scope.whole {
        entries::frontmatter(scope.tree, &mut out);
    }
    for id in scope.header_blocks() {
        let block = scope.tree.block(id);
        match block.kind {
            BlockKind::Paragraph if block.list_depth < 2 => entries::paragraph(scope.tree, id, &mut out),
            BlockKind::Table => entries::table(scope.tree, id, is_known, &mut out),
            _ => {}
        }
    }
    for index in 0..scope.sections.len() {
        if scope.names.get(index).is_some_and(|name| is_known(name) && name != "state") {
            out.extend(below_heading(scope, index));
        }
    }
    out
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
pub(super) fn header(fields: &[Entry]) -> Header {
    let find = |names: &[&str]| {
        let matching = || fields.iter().filter(|entry| names.contains(&entry.name.as_str()));
        matching().find(|entry| !entry.value.is_absent()).or_else(|| matching().next()).cloned()
    };
    let component = find(&COMPONENT[..2]).or_else(|| find(COMPONENT));
    Header {
        span: fields.first().map_or_else(Default::default, |first| first.span),
        status: find(STATUS),
        date: find(DATE),
        created: find(CREATED),
        reviewed: find(REVIEWED),
        author: find(AUTHOR),
        owner: find(OWNER),
        deciders: find(DECIDERS),
        kind: find(KIND),
        component_type: component,
        priority: find(PRIORITY),
        dependencies: find(DEPENDENCIES),
        severity: find(SEVERITY),
        document_id: find(ID),
        source_prd: find(PRD),
        version: find(VERSION),
    }
}
