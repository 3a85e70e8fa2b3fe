//! From a tree to the documents that packs declare.

use super::scope::Scope;
use super::{Document, DocumentType, Entry, header, leftovers, record, sections, tables, tasks};
use crate::fact::value::{Field, Object};
use crate::fact::{Facts, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::text::Span;
use std::sync::Arc;

/// Adds the documents that a file is or holds, each under the name of its type, and its parts under
/// `<type>.section`, `.field`, `.task`, `.phase`, `.table`, `.leftover`.
pub fn build(tree: &Tree<'_>, path: &str, types: &[DocumentType], wanted: &Wanted, out: &mut Facts) {
    let mut whole: Option<Document> = None;
    for kind in types.iter().filter(|kind| wanted.any(&kind.name)) {
        if kind.is(path, tree) {
            let document = whole.get_or_insert_with(|| document(&Scope::file(tree), path));
            push(document, tree, Span::new(0, tree.source().len()), kind, wanted, out);
            continue;
        }
        for index in kind.sections(tree) {
            let Some(scope) = Scope::section(tree, index) else { continue };
            push(&document(&scope, path), tree, scope.span, kind, wanted, out);
        }
    }
}

/// Reads one document.
pub(super) fn document(scope: &Scope<'_>, path: &str) -> Document {
    let fields = header::fields(scope);
    let header = header::header(&fields);
    let (title, title_number) = title(scope, &fields);
    let mut phases = tasks::phases(scope);
    let (found, task_syntax) = tasks::tasks(scope, &phases);
    tasks::count(&mut phases, &found);
    let number = if scope.whole { record::file_number(path) } else { title_number.known().copied() };
    let mut document = Document {
        span: title.span().unwrap_or_else(|| first_line(scope)),
        path: path.to_owned(),
        lines: lines(scope),
        sections: sections::sections(scope),
        outline: sections::outline(scope),
        tables: tables::tables(scope),
        leftovers: leftovers::leftovers(scope, &fields),
        names_successor: record::names_successor(scope, &fields, header.status.as_ref()),
        title,
        title_number,
        number,
        header,
        fields,
        tasks: found,
        task_syntax,
        phases,
        flavour: String::new(),
    };
    document.flavour = record::flavour(&document).to_owned();
    document
}

fn title(scope: &Scope<'_>, fields: &[Entry]) -> (Field<String>, Field<i64>) {
    if let Some(text) = scope.title_text().filter(|text| !text.as_str().trim().is_empty()) {
        return (Field::new(text.as_str().trim().to_owned(), text.whole_span()), record::title_number(&text));
    }
    let named = fields.iter().find(|entry| entry.syntax == "frontmatter" && entry.name == "title");
    let title = named.map(|entry| entry.value.clone()).unwrap_or_default();
    let number = match (title.known(), title.span()) {
        (Some(text), Some(span)) => record::title_number(&crate::text::Text::at(text, span.start)),
        _ => Field::Absent,
    };
    (title, number)
}

/// The first line that is not blank, behind the frontmatter.
fn first_line(scope: &Scope<'_>) -> Span {
    let start = scope.tree.frontmatter().map_or(0, |front| front.span.end as usize);
    let rest = scope.tree.source().get(start..).unwrap_or("");
    let lead = rest.len() - rest.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    let line = rest.get(lead..).unwrap_or("").lines().next().unwrap_or("").trim_end();
    Span::new(start + lead, start + lead + line.len())
}

fn lines(scope: &Scope<'_>) -> i64 {
    let front = scope.tree.frontmatter().filter(|_| scope.whole);
    let start = front.map_or(scope.span.start, |front| front.span.end);
    let body = Span { start, end: scope.span.end.max(start) }.slice(scope.tree.source());
    let body = if front.is_some() { body.trim_start_matches(['\r', '\n']) } else { body };
    body.trim_end().lines().count() as i64
}

fn push(document: &Document, tree: &Tree<'_>, extent: Span, kind: &DocumentType, wanted: &Wanted, out: &mut Facts) {
    let part = |part: &str| -> Option<Arc<str>> {
        let name = format!("{}.{part}", kind.name);
        wanted.subject(&name).then(|| Arc::from(name))
    };
    let title = document.title.known().cloned().unwrap_or_default();
    if wanted.subject(&kind.name) {
        out.push_as(kind.name.clone(), document.clone(), title, extent);
    }
    if let Some(name) = part("section") {
        for section in &document.sections {
            let label = label(tree, section.span);
            let end = tree.section_at(section.span.start).map_or(section.span, |found| found.span);
            out.push_as(name.clone(), section.clone(), label, end);
        }
    }
    push_all(part("field"), &document.fields, tree, out);
    push_all(part("task"), &document.tasks, tree, out);
    push_all(part("phase"), &document.phases, tree, out);
    push_all(part("table"), &document.tables, tree, out);
    push_all(part("leftover"), &document.leftovers, tree, out);
}

fn push_all<T: Object + Clone + 'static>(name: Option<Arc<str>>, parts: &[T], tree: &Tree<'_>, out: &mut Facts) {
    let Some(name) = name else { return };
    for part in parts {
        out.push_as(name.clone(), part.clone(), label(tree, part.span()), part.span());
    }
}

/// The headings around a place.
fn label(tree: &Tree<'_>, span: Span) -> String {
    tree.section_at(span.start).map(|section| tree.heading_path(section).join(" > ")).unwrap_or_default()
}
