//! From a Markdown file to the documents that it is or holds, and to their parts.

use super::prose::Words;
use super::scope::{Around, Scope};
use super::{
    Document, Entry, commands, component, diagrams, header, items, leftovers, parts, reasons, record, sections,
    succession, tables, tasks, todos,
};
use crate::fact::markdown::{Target, targets};
use crate::fact::value::{Field, Object, Schema};
use crate::fact::{Facts, File, Looks, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::text::{Span, Spanned, Text};
use std::sync::Arc;

/// What every Markdown file is, whatever types the packs declare.
const ANY: &str = "markdown";

/// Decision records: they know themselves which language they are written in.
const RECORD: &str = "adr.record";

/// Tells the fields of a subject.
type Describe = fn() -> &'static Schema;

/// What a rule may match of a document type: the type itself, or one of its parts.
const PARTS: &[(&str, Describe)] = &[
    ("section", super::Section::describe),
    ("field", super::Entry::describe),
    ("task", super::Task::describe),
    ("phase", super::Phase::describe),
    ("table", super::Table::describe),
    ("table-row", super::TableRow::describe),
    ("leftover", super::Leftover::describe),
    ("todo", super::Todo::describe),
    ("diagram", super::Diagram::describe),
    ("uncopyable", super::Uncopyable::describe),
    ("item", super::Item::describe),
    ("fence", super::Fence::describe),
    ("link", super::Link::describe),
    ("frontmatter", super::Frontmatter::describe),
];

/// Whether the subject is a part of documents that is code, and is judged as a part of the document.
pub(in crate::fact) fn is_code_part(subject: &str) -> bool {
    let code = [super::Diagram::describe as Describe, super::Uncopyable::describe];
    let is_code = |schema: &Describe| code.iter().any(|code| code().name == schema().name);
    PARTS.iter().any(|(part, schema)| is_code(schema) && subject.rsplit('.').next() == Some(part))
}

/// The subjects of a document type with their schemas: `adr.record`, `adr.record.section` …
pub fn schemas(subject: &str) -> impl Iterator<Item = (String, Describe)> {
    let whole: Describe = Document::describe;
    let parts = PARTS.iter().map(move |(part, schema)| (format!("{subject}.{part}"), *schema));
    std::iter::once((subject.to_owned(), whole)).chain(parts)
}

/// Adds the documents that a file is or holds.
pub fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    let around = Around { file, terms: file.documents.terms() };
    let whole_scope = Scope::file(tree, around);
    let mut whole_language = None;
    let scope = &whole_scope;
    let mut types = spoken(file, scope, file.documents.of(file.path, &looks(scope)));
    types.push(Arc::from(ANY));
    let mut whole = None;
    for name in &types {
        if !wanted.any(name) {
            continue;
        }
        let read = || document(scope);
        let mut builder = Builder { scope, file, name, wanted, out };
        builder.push(&mut whole, read);
        builder.push_parts();
    }
    for (index, title) in headings(tree) {
        for name in file.documents.sections(title.as_str().trim()) {
            if types.contains(&name) || !wanted.any(&name) {
                continue;
            }
            let Some(scope) = Scope::section(tree, around, index).filter(says_something) else { continue };
            let told = language(&scope).or_else(|| *whole_language.get_or_insert_with(|| language(&whole_scope)));
            let foreign = told.is_some_and(|(language, _)| !file.documents.speaks(&name, language));
            let read = || {
                let read = document(&scope);
                Document { foreign: foreign || read.foreign, ..read }
            };
            Builder { scope: &scope, file, name: &name, wanted, out }.push(&mut None, read);
        }
    }
}

/// The types whose words are of the document's language; of another one nobody knows what its headings say.
fn spoken(file: &File<'_>, scope: &Scope<'_>, types: Vec<Arc<str>>) -> Vec<Arc<str>> {
    if types.is_empty() {
        return types;
    }
    match language(scope) {
        None => types,
        // What a short record says in figures, dates and links can be read in any language.
        Some((_, false)) if types.iter().any(|name| **name == *RECORD) => types,
        Some((language, _)) => types.into_iter().filter(|name| file.documents.speaks(name, language)).collect(),
    }
}

/// The language of a document, where it can be told.
fn language<'d>(scope: &Scope<'d>) -> Option<(&'d str, bool)> {
    scope.around.terms.language(Words::read(scope, false).whole().as_str())
}

/// Whether nothing tells that a page is written in another language than English, or than one of those that are given.
pub(in crate::fact) fn is_spoken(file: &File<'_>, tree: &Tree<'_>, others: &[&str]) -> bool {
    let scope = Scope::file(tree, Around { file, terms: file.documents.terms() });
    language(&scope).is_none_or(|(language, _)| language == "en" || others.contains(&language))
}

/// A heading that only mentions a document has none of its parts below it: no fields, leads, sections.
fn says_something(scope: &Scope<'_>) -> bool {
    !header::fields(scope).is_empty() || !sections::outline(scope).is_empty()
}

/// The headings below which a document of its own may stand.
fn headings<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = (usize, Text<'static>)> + 't {
    let below = tree.sections().iter().enumerate().filter(|(_, section)| section.level >= 2);
    below.map(|(index, section)| (index, tree.section_title(section)))
}

/// What a document looks like, for types that are told by content.
fn looks<'s>(scope: &Scope<'s>) -> Looks<'s> {
    let fields = header::fields(scope);
    Looks {
        title: title(scope, &fields).0.known().cloned().unwrap_or_default(),
        fields: fields.into_iter().map(|entry| entry.name).collect(),
        headings: scope.names.clone(),
        text: scope.tree.source(),
    }
}

/// Reads one document.
pub(super) fn document(scope: &Scope<'_>) -> Document {
    let Around { file, terms } = scope.around;
    let path = file.path;
    let fields = header::fields(scope);
    let header = header::header(&fields, terms);
    let (text, prose) = (Words::read(scope, true), Words::read(scope, false));
    let (title, title_number) = title(scope, &fields);
    let settled = todos::is_settled(scope, &header);
    let mut phases = tasks::phases(scope);
    let (found, task_syntax) = tasks::tasks(scope, &phases);
    tasks::count(&mut phases, &found);
    let number = if scope.whole { record::file_number(path) } else { title_number.known().copied() };
    let mut document = Document {
        span: title.span().unwrap_or_else(|| first_line(scope)),
        path: path.to_owned(),
        stem: path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default().to_owned(),
        lines: lines(scope),
        sections: sections::sections(scope, &text, &prose),
        text: text.whole(),
        prose: prose.whole(),
        code: parts::codes(scope),
        links: links(scope),
        outline: sections::outline(scope),
        tables: tables::tables(scope, settled),
        leftovers: leftovers::leftovers(scope, &fields),
        todos: todos::todos(scope, settled),
        diagrams: diagrams::diagrams(scope),
        frontmatter_again: parts::has_second(scope.tree),
        names_successor: record::names_successor(scope, &fields, header.status.as_ref()),
        title,
        title_number,
        number,
        header,
        fields,
        open_boxes: tasks::open_boxes(scope),
        tasks: found,
        task_syntax,
        phases,
        ..Document::default()
    };
    (document.unboxed, document.openable) = tasks::unboxed(scope, &document.tasks);
    document.hours =
        document.tasks.iter().filter_map(|task| task.effort.as_ref()?.most.known().copied()).fold(0.0, |a, b| a + b);
    document.named_as_directory = component::named_as_directory(&document, path);
    document.other_name = other_name(&document);
    record::judge(&mut document, terms);
    document.english = !record::is_foreign(&document, terms);
    if let Some((language, _)) = terms.language(document.prose.as_str()) {
        document.foreign = !file.documents.speaks(RECORD, language);
        document.english &= language == "en";
    }
    reasons::judge(&mut document, scope);
    succession::judge(&mut document, scope);
    document.names_successor |= !document.successors.is_empty();
    document
}

/// The frontmatter's name, where it is not that of the file.
fn other_name(document: &Document) -> Option<Spanned<String>> {
    let entry = document.fields.iter().find(|entry| entry.syntax == "frontmatter" && entry.name == "name")?;
    let (name, span) = (entry.value.known()?, entry.value.span()?);
    (*name != document.stem).then(|| Spanned::new(name.clone(), span))
}

/// The links of a document, the same that rules on links see.
fn links(scope: &Scope<'_>) -> Vec<Target> {
    let all = targets(scope.around.file, scope.tree);
    all.into_iter().filter(|link| scope.span.contains(link.span)).collect()
}

fn title(scope: &Scope<'_>, fields: &[Entry]) -> (Field<String>, Field<i64>) {
    if let Some(text) = scope.title_text().filter(|text| !text.as_str().trim().is_empty()) {
        return (Field::new(text.as_str().trim().to_owned(), text.whole_span()), record::title_number(&text));
    }
    let named = fields.iter().find(|entry| entry.syntax == "frontmatter" && entry.name == "title");
    let title = named.map(|entry| entry.value.clone()).unwrap_or_default();
    let number = match (title.known(), title.span()) {
        (Some(text), Some(span)) => record::title_number(&Text::at(text, span.start)),
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

/// Adds the subjects of one document type.
struct Builder<'b> {
    scope: &'b Scope<'b>,
    file: &'b File<'b>,
    name: &'b Arc<str>,
    wanted: &'b Wanted,
    out: &'b mut Facts,
}

impl Builder<'_> {
    /// The document and what is read of it, if anybody wants it.
    fn push(&mut self, read: &mut Option<Document>, make: impl FnOnce() -> Document) {
        let cheap = ["fence", "link", "frontmatter", "uncopyable"];
        let mut dear = PARTS.iter().filter(|(part, _)| !cheap.contains(part));
        if !self.wanted.subject(self.name) && !dear.any(|(part, _)| self.part(part).is_some()) {
            return;
        }
        let document = &*read.get_or_insert_with(make);
        if self.wanted.subject(self.name) {
            let title = document.title.known().cloned().unwrap_or_default();
            self.out.push_as(self.name.clone(), document.clone(), title, self.scope.span);
        }
        self.all("section", &document.sections, |tree, section| {
            tree.section_at(section.span.start).map_or(section.span, |found| found.span)
        });
        self.all("field", &document.fields, |_, entry| {
            entry.value.span().map_or(entry.span, |value| entry.span.to(value))
        });
        self.all("task", &document.tasks, |_, task| task.span);
        self.all("phase", &document.phases, |_, phase| phase.span);
        self.all("table", &document.tables, |_, table| table.span);
        if self.part("table-row").is_some() {
            self.all("table-row", &tables::table_rows(document), |_, row| row.span);
        }
        self.all("leftover", &document.leftovers, |_, leftover| leftover.span);
        self.all("todo", &document.todos, |_, todo| todo.span);
        self.all("diagram", &document.diagrams, |_, diagram| diagram.span);
        if self.part("item").is_some() {
            self.all("item", &items::items(document, self.scope), |_, item| item.span);
        }
    }

    /// What needs no document.
    fn push_parts(&mut self) {
        if self.part("fence").is_some() {
            self.all("fence", &parts::fences(self.scope.tree), |_, fence| fence.span);
        }
        if self.part("link").is_some() {
            self.all("link", &parts::links(self.scope.tree), |_, link| link.span);
        }
        if self.part("uncopyable").is_some() {
            self.all("uncopyable", &commands::uncopyable(self.scope), |_, fault| fault.span);
        }
        if self.part("frontmatter").is_some() {
            let found: Vec<_> = parts::frontmatter(self.scope.tree, self.file).into_iter().collect();
            self.all("frontmatter", &found, |tree, _| tree.frontmatter().map_or(Span::default(), |front| front.span));
        }
    }

    fn part(&self, part: &str) -> Option<Arc<str>> {
        let name = format!("{}.{part}", self.name);
        self.wanted.subject(&name).then(|| Arc::from(name))
    }

    fn all<T: Object + Clone + 'static>(&mut self, part: &str, parts: &[T], extent: fn(&Tree<'_>, &T) -> Span) {
        let Some(name) = self.part(part) else { return };
        for part in parts {
            let label = label(self.scope.tree, part.span());
            self.out.push_as(name.clone(), part.clone(), label, extent(self.scope.tree, part));
        }
    }
}

/// The headings around a place.
fn label(tree: &Tree<'_>, span: Span) -> String {
    tree.section_at(span.start).map(|section| tree.heading_path(section).join(" > ")).unwrap_or_default()
}
