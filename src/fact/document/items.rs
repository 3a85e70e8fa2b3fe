//! Tasks of a task breakdown: headings, leads and rows with an id or a type, or the whole of a file.

use super::scope::Scope;
use super::{Document, Entry, entries};
use crate::fact::value::{Field, facts};
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::{Span, Spanned};
use regex::Regex;
use std::sync::LazyLock;

facts! {
    /// A task of a breakdown, each with a type of its own.
    pub struct Item = "document.item" {
        /// What is to be done, with its id.
        "title" title: Spanned<String>,
        /// Its id, such as `TASK-020`, in capitals.
        "id" id: Option<Spanned<String>>,
        /// Its type: `Type: Infrastructure`.
        "type" kind: Option<Entry>,
        /// How it is written: `heading`, `lead`, `row` or `document`.
        "syntax" syntax: String,
        /// Whether it says how to see that it is done.
        "has-acceptance" has_acceptance: bool,
        /// Whether it says what must be done before, `None` included.
        "has-dependencies" has_dependencies: bool,
        /// The ids of the tasks that it depends on.
        "needs" needs: Vec<Spanned<String>>,
    }
}

static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bTASK-\d{1,6}\b").ok());

/// Types by which a breakdown of infrastructure work is told.
const TOLD_BY: [&str; 2] = ["infrastructure", "deployment"];

/// Fields that tasks have besides a type.
const OTHERS: [&str; 4] = ["task-dependencies", "task-acceptance", "task-effort", "priority"];

/// Heads of columns that hold what identifies a task.
const ID_COLUMNS: [&str; 6] = ["id", "task id", "task", "#", "no", "number"];

/// The level of a bold lead: below every heading.
const LEAD: i64 = 7;

/// A place where a task may begin.
struct Start {
    title: Spanned<String>,
    level: i64,
    /// It may as well only mention a task: a type of its own tells that it is one.
    typed: bool,
}

/// What a document is made of, in its order.
struct Around<'b, 's> {
    document: &'b Document,
    scope: &'b Scope<'s>,
    starts: Vec<Start>,
    /// Paragraphs and tables, with where they begin.
    blocks: Vec<(u32, BlockId)>,
}

/// The tasks of a breakdown; none, unless one of them is of infrastructure or deployment.
pub(super) fn items(document: &Document, scope: &Scope<'_>) -> Vec<Item> {
    let holds_words = |id: &BlockId| matches!(scope.tree.block(*id).kind, BlockKind::Paragraph | BlockKind::Table);
    let blocks = scope.all_blocks().filter(holds_words).map(|id| (scope.tree.block(id).span.start, id)).collect();
    let around = Around { document, scope, starts: starts(document, scope), blocks };
    let mut out: Vec<Item> = (0..around.starts.len()).filter_map(|index| below(&around, index)).collect();
    rows(document, scope, &mut out);
    if out.is_empty() {
        out.extend(whole(document, scope));
    }
    let told =
        |item: &Item| item.kind.as_ref().is_some_and(|kind| kind.starts.iter().take(1).any(|word| is_told_by(word)));
    if !out.iter().any(told) {
        return Vec::new();
    }
    out
}

fn is_told_by(word: &str) -> bool {
    TOLD_BY.contains(&word)
}

/// The ids that a text names.
fn ids(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    ID.as_ref().into_iter().flat_map(move |regex| regex.find_iter(text).map(|found| found.range()))
}

/// The id at the start of a title.
fn id(title: &Spanned<String>) -> Option<Spanned<String>> {
    let text = &title.value;
    let range = ids(text).next().filter(|range| !text[..range.start].contains(char::is_alphanumeric))?;
    let exact = title.span.len() == text.len();
    let at = title.span.start as usize;
    let span = if exact { Span::new(at + range.start, at + range.end) } else { title.span };
    Some(Spanned::new(text[range].to_ascii_uppercase(), span))
}

/// Headings, and bold leads that begin with an id.
fn starts(document: &Document, scope: &Scope<'_>) -> Vec<Start> {
    let start = |title: Spanned<String>, level, typed| Start { title, level, typed };
    let headings = document.sections.iter().map(|s| start(s.heading.clone(), s.level, false));
    let is_heading = |lead: &&Spanned<String>| document.sections.binary_search_by_key(&lead.span, |s| s.span).is_ok();
    let leads = document.outline.iter().filter(|lead| !is_heading(lead) && id(lead).is_some());
    let leads = leads.map(|lead| start(lead.clone(), LEAD, false));
    let bullets = bullets(scope)
        .filter(|title| !document.outline.iter().any(|lead| lead.span.start == title.span.start && id(lead).is_some()));
    let mut out: Vec<Start> = headings.chain(leads).chain(bullets.map(|title| start(title, LEAD, true))).collect();
    out.sort_by_key(|start| start.title.span);
    out
}

/// Items of lists that begin with an id in bold: `- **TASK-012** Print`.
fn bullets(scope: &Scope<'_>) -> impl Iterator<Item = Spanned<String>> {
    let paragraphs = scope.all_blocks().filter(|&id| {
        let block = scope.tree.block(id);
        block.kind == BlockKind::Paragraph && block.list_depth == 1
    });
    paragraphs.filter_map(|paragraph| {
        let line = scope.tree.run(paragraph).lines().next()?;
        let lead = line.strong()?.lead.text();
        let bold = Spanned::new(lead.as_str().to_owned(), lead.whole_span());
        id(&bold)?;
        let text = line.text();
        Some(Spanned::new(text.as_str().trim().to_owned(), text.whole_span()))
    })
}

/// The task that begins at a heading or lead, if one does.
fn below(around: &Around<'_, '_>, index: usize) -> Option<Item> {
    let Around { document, scope, starts, blocks } = around;
    let start = starts.get(index)?;
    let id = id(&start.title);
    let behind = starts.get(index + 1..).unwrap_or(&[]);
    let from = start.title.span.start;
    let next = behind.first().map_or(scope.span.end, |next| next.title.span.start);
    let end = behind.iter().find(|next| next.level <= start.level);
    let end = end.map_or(scope.span.end, |next| next.title.span.start);
    let mut fields = Vec::new();
    let first = blocks.partition_point(|(at, _)| *at < from);
    for &(_, id) in blocks.iter().skip(first).take_while(|(at, _)| *at < next) {
        let block = scope.tree.block(id);
        match block.kind {
            BlockKind::Table => entries::table(scope.tree, id, |_| false, &mut fields),
            _ if block.list_depth < 3 => entries::paragraph(scope.tree, id, &mut fields),
            _ => {}
        }
    }
    let terms = scope.around.terms;
    let find = |thing: &str| fields.iter().find(|entry| terms.is(thing, &entry.name));
    let word = super::normalise(&start.title.value).starts_with("task ");
    let kind = find("type").filter(|_| id.is_some() || word || OTHERS.iter().any(|thing| find(thing).is_some()));
    if kind.is_none() && (start.typed || id.is_none()) {
        return None;
    }
    let inside = document.outline.partition_point(|name| name.span.start <= from);
    let told = |thing: &str| {
        let mut names = document.outline.iter().skip(inside).take_while(|name| name.span.start < end);
        find(thing).is_some_and(|entry| !entry.value.is_absent()) || names.any(|name| terms.is(thing, &name.value))
    };
    Some(Item {
        span: start.title.span,
        title: start.title.clone(),
        syntax: if start.level == LEAD { "lead" } else { "heading" }.to_owned(),
        has_acceptance: told("task-acceptance"),
        has_dependencies: told("task-dependencies"),
        needs: find("task-dependencies").map(|entry| named(&entry.value)).unwrap_or_default(),
        kind: kind.cloned(),
        id,
    })
}

/// The ids in a value, each with its place.
fn named(value: &Field<String>) -> Vec<Spanned<String>> {
    let (Some(text), Some(span)) = (value.known(), value.span()) else { return Vec::new() };
    let exact = span.len() == text.len();
    let at = span.start as usize;
    let place = |range: std::ops::Range<usize>| match exact {
        true => Span::new(at + range.start, at + range.end),
        false => span,
    };
    ids(text).map(|range| Spanned::new(text[range.clone()].to_ascii_uppercase(), place(range))).collect()
}

/// Rows of tables that have a column for ids and one for types.
fn rows(document: &Document, scope: &Scope<'_>, out: &mut Vec<Item>) {
    let terms = scope.around.terms;
    for table in &document.tables {
        let column = |is: &dyn Fn(&str) -> bool| table.columns.iter().position(|name| is(&name.value));
        let Some(kinds) = column(&|name| terms.is("type", name)) else { continue };
        let Some(ids) = column(&|name| ID_COLUMNS.contains(&name)) else { continue };
        let needs = column(&|name| terms.is("task-dependencies", name));
        let accepted = column(&|name| terms.is("task-acceptance", name));
        for row in &table.rows {
            let cell = |at: usize| row.cells.get(at).cloned().unwrap_or_default();
            let (Some(text), Some(span)) = (cell(ids).known().cloned(), cell(ids).span()) else { continue };
            let title = Spanned::new(text, span);
            out.push(Item {
                span,
                id: id(&title),
                title,
                kind: Some(typed(cell(kinds), span)),
                syntax: "row".to_owned(),
                has_acceptance: accepted.is_none_or(|at| !cell(at).is_absent()),
                has_dependencies: true,
                needs: needs.map(|at| named(&cell(at))).unwrap_or_default(),
            });
        }
    }
}

fn typed(value: Field<String>, row: Span) -> Entry {
    let starts = value.known().map(|text| super::starts(text)).unwrap_or_default();
    Entry { span: row, name: "type".to_owned(), syntax: "table column".to_owned(), starts, value, ..Entry::default() }
}

/// A file that is one task: its title says so, or where it lies.
fn whole(document: &Document, scope: &Scope<'_>) -> Option<Item> {
    let (title, span) = (document.title.known()?, document.title.span()?);
    let title = Spanned::new(title.clone(), span);
    let (id, path) = (id(&title), document.path.to_lowercase());
    let is_task = super::normalise(&title.value).split(' ').any(|word| word == "task") || path.contains("task");
    let terms = scope.around.terms;
    let find = |thing: &str| document.fields.iter().find(|entry| terms.is(thing, &entry.name));
    let told = |thing: &str| {
        find(thing).is_some_and(|entry| !entry.value.is_absent())
            || document.outline.iter().any(|name| terms.is(thing, &name.value))
    };
    (id.is_some() || is_task).then(|| Item {
        span,
        title,
        id,
        kind: document.header.kind.clone(),
        syntax: "document".to_owned(),
        has_acceptance: told("task-acceptance"),
        has_dependencies: told("task-dependencies"),
        needs: document.header.dependencies.as_ref().map(|entry| named(&entry.value)).unwrap_or_default(),
    })
}
