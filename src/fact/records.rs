//! Decision records as others of their directory and an earlier revision are held against them.

use super::document::Document;
use super::markdown::Target;
use super::summary::Place;
use super::{Facts, File, Looks};
use crate::syntax::{Kind, markdown};
use crate::text::Span;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// A decision record, as far as its directory matters.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Where its title stands.
    pub place: Place,
    /// Its title.
    pub title: String,
    /// Whether it is a file of its own, and not a section of a larger document.
    pub own_file: bool,
    /// Its shape.
    pub flavour: String,
    /// The first word of its status, lower case; empty for none.
    pub status: String,
    /// What its sections say, where an earlier revision is compared with.
    pub told: Vec<Told>,
    /// Whether it has a status, in whatever syntax.
    pub has_status: bool,
    /// Whether it has a section for its status, be it empty.
    pub asks_status: bool,
    /// Whether it says why something had to be decided.
    pub has_context: bool,
    /// Whether it says what was decided.
    pub has_decision: bool,
    /// Whether it says what follows.
    pub has_consequences: bool,
    /// The number in its file's name.
    pub number: Option<i64>,
    /// The status, if it has one: where it stands.
    pub status_place: Option<Place>,
    /// The same, where it is all that stands in its paragraph below a heading.
    pub status_line: Option<Place>,
    /// Whether it says what replaces it.
    pub names_successor: bool,
    /// Its date: as written, whether no calendar has it, and where it stands.
    pub date: Option<(String, bool, Place)>,
    /// It is written in a language that nobody here knows: only its number counts.
    pub foreign: bool,
    /// The records that replace it.
    pub successors: Vec<Named>,
    /// The records that it replaces.
    pub predecessors: Vec<Named>,
    /// The paths that it links to.
    pub links: BTreeSet<String>,
    /// The numbers of records that it mentions.
    pub mentions: Vec<i64>,
}

impl Record {
    /// All its places.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        let named = self.successors.iter_mut().chain(&mut self.predecessors).map(|named| &mut named.place);
        let told = self.told.iter_mut().map(|told| &mut told.place);
        let date = self.date.iter_mut().map(|(_, _, place)| place);
        told.chain(named).chain(date).chain(&mut self.status_place).chain([&mut self.place])
    }
}

/// A record that another one names.
#[derive(Clone, Debug)]
pub struct Named {
    /// As it is written.
    pub text: String,
    /// Where.
    pub place: Place,
    /// The path that it links to.
    pub path: Option<String>,
    /// The number that it names.
    pub number: Option<i64>,
}

/// The page of a folder that lists its records.
#[derive(Clone, Debug)]
pub struct RecordIndex {
    /// Where its title stands.
    pub place: Place,
    /// The documents below its folder that it links to or names.
    pub listed: BTreeSet<String>,
    /// Lines that are nothing but an item with a link to one of them.
    pub items: Vec<IndexItem>,
}

/// A line of an index: `- [1. Queue](0001-queue.md)`.
#[derive(Clone, Debug)]
pub struct IndexItem {
    /// The document that it links to.
    pub path: String,
    /// What stands before the link.
    pub lead: String,
    /// What the link shows.
    pub label: String,
    /// What stands before the file's name in the link: `./`, or nothing.
    pub prefix: String,
    /// The line.
    pub place: Place,
}

static ITEM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^( {0,3}[-*+] )\[([^\[\]]+)\]\((\./)?[^()\s#/]+\.md\)[ \t]*$").ok());

/// The lines of an index that are items with a link.
fn items(path: &Arc<str>, file: &File<'_>, facts: &Facts, listed: &BTreeSet<String>) -> Vec<IndexItem> {
    let source = file.source.text();
    let line = |target: &Target| {
        let at = target.span.start as usize;
        let start = source.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let line = source.get(start..)?.lines().next()?;
        let found = ITEM.as_ref()?.captures(line)?;
        let part = |index: usize| found.get(index).map_or("", |part| part.as_str()).to_owned();
        let place = Place::new(path, Span::new(start, start + line.len()), file.source);
        let linked = target.path.clone().filter(|path| listed.contains(path))?;
        Some(IndexItem { path: linked, lead: part(1), label: part(2), prefix: part(3), place })
    };
    facts.of::<Target>().filter_map(|(_, target)| line(target)).collect()
}

/// What a section of a record says.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its heading, as headings compare.
    pub name: String,
    /// Where the heading stands.
    pub place: Place,
    /// Its words, as they compare.
    pub words: Vec<String>,
}

/// The decision records that a file is or holds.
pub(super) fn records(path: &Arc<str>, file: &File<'_>, facts: &Facts, tell: bool) -> Vec<Record> {
    let found = facts.subjects.iter().filter(|subject| &*subject.name == "adr.record");
    let whole = file.source.text().len();
    let read = |subject: &super::Subject| {
        let document = subject.object.as_any().downcast_ref::<Document>()?;
        if subject.extent.len() < whole && announces(file, document) {
            return None;
        }
        Some(Record { own_file: subject.extent.len() == whole, ..record(path, file, (document, subject.extent), tell) })
    };
    let found: Vec<Record> = found.filter_map(read).collect();
    if found.is_empty() && file.kind == Kind::Markdown && is_record(file, path) {
        return foreign(path, file).into_iter().collect();
    }
    found
}

/// Whether a section only tells of the record of its number, which lies in a file of its own.
fn announces(file: &File<'_>, document: &Document) -> bool {
    let mut linked = document.links.iter().filter_map(|link| link.path.as_deref());
    linked.any(|path| {
        document.number.is_some() && super::document::file_number(path) == document.number && is_record(file, path)
    })
}

fn is_record(file: &File<'_>, path: &str) -> bool {
    file.documents.of(path, &Looks::default()).iter().any(|name| &**name == "adr.record")
}

/// A record of which only the number in its file's name can be read.
fn foreign(path: &Arc<str>, file: &File<'_>) -> Option<Record> {
    let tree = markdown::parse(file.source.text());
    let title = tree.sections().first().map(|section| tree.section_title(section));
    let place = title.as_ref().map(|title| Place::new(path, title.whole_span(), file.source));
    Some(Record {
        place: place.unwrap_or_else(|| super::summary::head(path, file.source)),
        title: title.map(|title| title.as_str().trim().to_owned()).unwrap_or_default(),
        own_file: true,
        number: Some(super::document::file_number(path)?),
        foreign: true,
        ..Record::default()
    })
}

fn record(path: &Arc<str>, file: &File<'_>, (document, extent): (&Document, Span), tell: bool) -> Record {
    let status = document.header.status.as_ref().filter(|status| !status.value.is_absent());
    let at = |span| Place::new(path, span, file.source);
    let name = |reference: &super::document::Reference| Named {
        text: reference.text.value.clone(),
        place: at(reference.span),
        path: reference.path.clone(),
        number: reference.number,
    };
    Record {
        place: at(document.span),
        title: document.title.known().cloned().unwrap_or_default(),
        own_file: false,
        flavour: document.flavour.clone(),
        status: status.and_then(|status| status.starts.first()).cloned().unwrap_or_default(),
        told: if tell { told(path, file, document, extent) } else { Vec::new() },
        has_status: status.is_some(),
        asks_status: document.sections.iter().any(|section| section.name == "status"),
        has_context: document.has_context,
        has_decision: document.has_decision,
        has_consequences: document.has_consequences,
        number: document.number,
        status_place: status.and_then(|status| status.value.span()).map(at),
        status_line: status.and_then(|status| status_line(status, file.source.text())).map(at),
        names_successor: document.names_successor,
        date: date(document).map(|(text, no_day, span)| (text, no_day, at(span))),
        foreign: document.foreign,
        successors: document.successors.iter().map(name).collect(),
        predecessors: document.predecessors.iter().map(name).collect(),
        links: document.links.iter().filter_map(|link| link.path.clone()).collect(),
        mentions: document.mentions.clone(),
    }
}

/// The line of a status below its heading, if the paragraph is nothing but it.
fn status_line(status: &super::document::Entry, source: &str) -> Option<Span> {
    let span = status.value.span().filter(|_| status.syntax == "heading")?;
    let start = source.get(..span.start as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let mut lines = source.get(start..)?.lines();
    let line = lines.next()?;
    let (head, rest) = (source.get(start..span.start as usize)?, source.get(span.end as usize..start + line.len())?);
    let alone = !head.contains(char::is_alphanumeric)
        && !head.contains(['#', '-', '>'])
        && !rest.contains(char::is_alphanumeric);
    (alone && lines.next().is_none_or(|next| next.trim().is_empty())).then(|| Span::new(start, start + line.len()))
}

/// The date in the header of a record.
fn date(document: &Document) -> Option<(String, bool, Span)> {
    let entry = document.header.date.as_ref()?;
    Some((entry.value.known()?.clone(), entry.no_day, entry.value.span()?))
}

/// What the outermost sections of a record say, their subsections included.
fn told(path: &Arc<str>, file: &File<'_>, document: &Document, extent: Span) -> Vec<Told> {
    let top = document.sections.iter().map(|section| section.level).min();
    let outer = document.sections.iter().filter(|section| Some(section.level) == top);
    if document.sections.len() < 2 && document.outline.len() > document.sections.len() + 1 {
        return led(path, file, document, extent);
    }
    outer
        .map(|section| Told {
            name: section.name.clone(),
            place: Place::new(path, section.heading.span, file.source),
            words: super::project::words(section.text.as_str()),
        })
        .collect()
}

/// What stands behind the bold leads of a record without sections: `**Decision**: a queue`.
fn led(path: &Arc<str>, file: &File<'_>, document: &Document, extent: Span) -> Vec<Told> {
    let text = file.source.text();
    let leads = &document.outline;
    let told = |(at, lead): (usize, &crate::text::Spanned<String>)| {
        let end = leads.get(at + 1).map_or(extent.end, |next| next.span.start) as usize;
        let said = text.get(lead.span.end as usize..end).unwrap_or("");
        Told {
            name: lead.value.clone(),
            place: Place::new(path, lead.span, file.source),
            words: super::project::words(said),
        }
    };
    leads.iter().enumerate().map(told).collect()
}

/// Names of the page that stands for its folder.
const INDEXES: [&str; 4] = ["readme.md", "index.md", "_index.md", "table-of-contents.md"];

/// Files beside a page that are looked at for a record.
const LOOKED_AT: usize = 40;

/// A file of the folder itself, or the page of a folder in it.
fn is_own(name: &str) -> bool {
    let folder = name.strip_suffix("/README.md").unwrap_or(name);
    !folder.contains('/')
}

/// A page without its comments.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

/// What a folder's page lists of the documents below it.
pub(super) fn index(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Option<RecordIndex> {
    let (dir, name) = path.rsplit_once('/')?;
    if !INDEXES.contains(&name.to_lowercase().as_str()) {
        return None;
    }
    let own = |path: &&str| path.ends_with(".md") && path.get(dir.len() + 1..).is_some_and(is_own);
    let mut beside = file.inventory.files_below(dir).filter(own).take(LOOKED_AT);
    if !beside.any(|path| is_record(file, path)) {
        return None;
    }
    let text = shown(file.source.text());
    let linked: BTreeSet<&str> = facts.of::<Target>().filter_map(|(_, target)| target.path.as_deref()).collect();
    let is_listed = |path: &&str| {
        let folder = path.trim_end_matches("/README.md");
        let bare = folder.trim_end_matches(".md");
        let name = bare.get(dir.len() + 1..).unwrap_or(bare);
        [path, folder, bare].iter().any(|path| linked.contains(path)) || text.contains(name)
    };
    let listed = file.inventory.files_below(dir).filter(own).filter(is_listed);
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let span = facts.subjects.iter().find(|s| &*s.name == "markdown.heading").map(|s| s.object.span());
    let place =
        span.map_or_else(|| super::summary::head(path, file.source), |span| Place::new(path, span, file.source));
    let items = items(path, file, facts, &listed);
    (listed.len() >= 2).then_some(RecordIndex { place, listed, items })
}
