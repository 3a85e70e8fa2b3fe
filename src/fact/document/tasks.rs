//! Tasks, their fields and dependencies.

use super::scope::Scope;
use super::{Effort, Entry, Phase, Task, duration, entries, header};
use crate::fact::value::Field;
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::{Span, Spanned, Text};
use std::collections::{HashMap, HashSet};

mod depend;
mod numbers;
mod phases;

pub(super) use phases::{count, phases};

/// How tasks are written. Of equally many the first counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Syntax {
    Numbered,
    Heading,
    Identified,
    Boxed,
}

impl Syntax {
    const ALL: [Syntax; 4] = [Syntax::Numbered, Syntax::Heading, Syntax::Identified, Syntax::Boxed];

    fn words(self) -> &'static str {
        match self {
            Syntax::Numbered => "numbered check boxes `1. [ ]`",
            Syntax::Heading => "headings `Task N`",
            Syntax::Identified => "check boxes with an id `- [ ] T001`",
            Syntax::Boxed => "check boxes `- [ ]`",
        }
    }
}

/// A task before its fields are read.
struct Candidate {
    syntax: Syntax,
    number: Option<String>,
    text: Spanned<String>,
    done: Option<bool>,
    place: Place,
}

enum Place {
    /// A list item, and the list behind it that was meant to stand in it.
    Item(BlockId, Option<BlockId>),
    /// A section, by its number in the scope.
    Section(usize),
}

/// The tasks of a document, and how they are written, in words.
pub(super) fn tasks(scope: &Scope<'_>, phases: &[Phase]) -> (Vec<Task>, String) {
    let candidates = candidates(scope);
    let count = |syntax| candidates.iter().filter(|candidate| candidate.syntax == syntax).count();
    let best = Syntax::ALL.into_iter().rev().max_by_key(|&syntax| count(syntax));
    let chosen: Vec<&Candidate> = candidates.iter().filter(|candidate| Some(candidate.syntax) == best).collect();
    let (Some(syntax), Some(first)) = (best, chosen.first()) else {
        return (Vec::new(), "no check boxes `1. [ ]` or `- [ ]` and no headings `Task N`".to_owned());
    };
    let before = scope.tree.source().get(..first.text.span.start as usize).unwrap_or("");
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let described = format!("{}, the first on line {line}", syntax.words());
    let mut tasks: Vec<Task> = chosen.iter().map(|candidate| task(scope, candidate)).collect();
    for task in &mut tasks {
        let at = phases.partition_point(|phase| phase.span.start <= task.span.start);
        task.phase = at.checked_sub(1).and_then(|at| phases.get(at)).map(|phase| phase.number.value);
    }
    depend::resolve(&mut tasks);
    repeat(&mut tasks);
    numbers::fit(scope, &chosen, &mut tasks);
    (tasks, described)
}

/// Tells which numbers come twice in a phase; where every item of a phase is `1.`, that is a way to number.
fn repeat(tasks: &mut [Task]) {
    let mut seen: HashMap<(Option<i64>, String), usize> = HashMap::new();
    let mut phases: HashMap<Option<i64>, (usize, HashSet<String>)> = HashMap::new();
    for task in tasks.iter() {
        let Some(number) = &task.number else { continue };
        let phase = task.phase.filter(|_| !is_id(number));
        let (count, numbers) = phases.entry(phase).or_default();
        *count += 1;
        numbers.insert(number.clone());
    }
    for task in tasks {
        let Some(number) = &task.number else { continue };
        let phase = task.phase.filter(|_| !is_id(number));
        let times = seen.entry((phase, number.clone())).or_default();
        *times += 1;
        task.repeated = *times > 1 && phases.get(&phase).is_some_and(|(_, numbers)| numbers.len() > 1);
    }
}

/// `T001` names one task of the whole plan; plain numbers may begin anew in every phase.
fn is_id(number: &str) -> bool {
    number.starts_with('t')
}

/// The check boxes that are not ticked.
pub(super) fn open_boxes(scope: &Scope<'_>) -> Vec<Spanned<String>> {
    let tree = scope.tree;
    let open = scope.all_blocks().filter(|&id| tree.block(id).kind == BlockKind::Item { task: Some(false) });
    let lines = open.filter_map(|id| tree.run(tree.first_paragraph(id)?).lines().next());
    lines.map(|line| line.text()).map(|text| Spanned::new(text.as_str().trim().to_owned(), text.whole_span())).collect()
}

/// Items that have a task's fields below them and no check box; and the same, where an open box is all they lack.
pub(super) fn unboxed(scope: &Scope<'_>, tasks: &[Task]) -> (Vec<Spanned<String>>, Vec<Spanned<String>>) {
    let tree = scope.tree;
    let items = scope.all_blocks().filter(|&id| {
        let block = tree.block(id);
        matches!(block.kind, BlockKind::Item { task: None })
            && block.list_depth == 1
            && tree.block(block.parent).parent == tree.root()
    });
    let mut out = Vec::new();
    let mut whole = tasks.iter().all(|task| task.done == Some(false));
    for id in items {
        let mut fields = Vec::new();
        item_fields(scope, id, &mut fields);
        let is = |thing: &str, entry: &Entry| scope.around.terms.is(thing, &entry.name) && !entry.value.is_absent();
        let all = TASK_FIELDS.iter().all(|thing| fields.iter().any(|entry| is(thing, entry)));
        if fields.iter().filter(|entry| is_task_field(scope, &entry.name)).count() < 2 {
            continue;
        }
        let first = tree.first_paragraph(id).and_then(|paragraph| tree.run(paragraph).lines().next());
        let span = first.and_then(|run| run.span()).unwrap_or_else(|| marker(scope, id));
        whole &= all && first.is_some();
        out.push(Spanned::new(first.map(|run| run.plain()).unwrap_or_default(), span));
    }
    let openable = if whole { out.clone() } else { Vec::new() };
    (out, openable)
}

fn candidates(scope: &Scope<'_>) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = (0..scope.sections.len()).filter_map(|index| heading(scope, index)).collect();
    let headed: Vec<Span> = out
        .iter()
        .filter_map(|candidate| match candidate.place {
            Place::Section(index) => scope.sections.get(index).map(|section| section.span),
            Place::Item(..) => None,
        })
        .collect();
    let mut excluded: HashMap<usize, bool> = HashMap::new();
    for id in scope.all_blocks() {
        let block = scope.tree.block(id);
        let BlockKind::Item { task: Some(done) } = block.kind else { continue };
        if block.list_depth != 1 || scope.tree.block(block.parent).parent != scope.tree.root() {
            continue;
        }
        let at = headed.partition_point(|span| span.start <= block.span.start);
        let in_task = at.checked_sub(1).and_then(|at| headed.get(at)).is_some_and(|span| span.contains(block.span));
        let in_checklist = scope.section_of(block.span.start).is_some_and(|index| {
            *excluded
                .entry(index)
                .or_insert_with(|| scope.names_around(index).any(|name| scope.around.terms.is("checklist", name)))
        });
        if !in_task && !in_checklist {
            out.push(item(scope, id, done));
        }
    }
    out
}

fn heading(scope: &Scope<'_>, index: usize) -> Option<Candidate> {
    let title = scope.tree.section_title(scope.sections.get(index)?);
    let name = scope.names.get(index)?;
    let rest = name.strip_prefix("task")?.trim_start_matches([' ', '-', '#']);
    let number = depend::number(rest)?;
    let text = Spanned::new(title.as_str().to_owned(), title.whole_span());
    Some(Candidate { syntax: Syntax::Heading, number: Some(number), text, done: None, place: Place::Section(index) })
}

fn item(scope: &Scope<'_>, id: BlockId, done: bool) -> Candidate {
    let tree = scope.tree;
    let list = tree.block(id).parent;
    let ordered = tree.block(list).kind == BlockKind::List { ordered: true };
    let first = tree.first_paragraph(id).and_then(|paragraph| tree.run(paragraph).lines().next());
    let text = first.map_or_else(|| Text::at("", tree.block(id).span.start), |run| run.text());
    let span = if text.as_str().trim().is_empty() { marker(scope, id) } else { text.whole_span() };
    let written = tree.item_number(id).map(|number| number.to_string()).filter(|_| ordered);
    let id_word = depend::id(text.as_str());
    let syntax = match (ordered, &id_word) {
        (true, _) => Syntax::Numbered,
        (false, Some(_)) => Syntax::Identified,
        (false, None) => Syntax::Boxed,
    };
    let is_last = tree.sibling(id).is_none();
    let stray = if is_last { stray_list(scope, list) } else { None };
    let text = Spanned::new(text.as_str().trim().to_owned(), span);
    Candidate { syntax, number: written.or(id_word), text, done: Some(done), place: Place::Item(id, stray) }
}

fn marker(scope: &Scope<'_>, id: BlockId) -> Span {
    let span = scope.tree.block(id).span;
    let line = scope.tree.slice(span).lines().next().unwrap_or("").trim_end();
    Span::new(span.start as usize, span.start as usize + line.len())
}

/// A list that is indented below the last item of `list`, but not far enough to stand in it
/// (three blanks below `10. `): its author meant it to.
fn stray_list(scope: &Scope<'_>, list: BlockId) -> Option<BlockId> {
    let tree = scope.tree;
    let next = tree.sibling(list)?;
    let block = tree.block(next);
    let boxed = tree.children(next).any(|item| matches!(tree.block(item).kind, BlockKind::Item { task: Some(_) }));
    let deeper = indent(scope, block.span.start) > indent(scope, tree.block(list).span.start);
    (matches!(block.kind, BlockKind::List { .. }) && !boxed && deeper).then_some(next)
}

/// How many blanks stand before `at` on its line.
fn indent(scope: &Scope<'_>, at: u32) -> usize {
    let before = scope.tree.source().as_bytes().get(..at as usize).unwrap_or(&[]);
    before.iter().rev().take(100).take_while(|&&b| matches!(b, b' ' | b'\t')).count()
}

fn task(scope: &Scope<'_>, candidate: &Candidate) -> Task {
    let mut fields = Vec::new();
    match candidate.place {
        Place::Item(id, stray) => {
            item_fields(scope, id, &mut fields);
            if let Some(list) = stray {
                nested_fields(scope, scope.tree.descendants(list), &mut fields);
            }
        }
        Place::Section(index) => section_fields(scope, index, &mut fields),
    }
    let find = |thing: &str| {
        let mut matching = fields.iter().filter(|entry: &&Entry| scope.around.terms.is(thing, &entry.name));
        matching.find(|entry| !entry.value.is_absent()).cloned()
    };
    let written = find("task-effort");
    Task {
        span: candidate.text.span,
        text: candidate.text.clone(),
        number: candidate.number.clone(),
        done: candidate.done,
        effort: written.map(|entry| effort(&entry)).or_else(|| effort_in_text(&candidate.text)),
        dependencies: find("task-dependencies"),
        verification: find("task-verification"),
        fields,
        ..Task::default()
    }
}

/// What stands in the item behind its first line.
fn item_fields(scope: &Scope<'_>, id: BlockId, out: &mut Vec<Entry>) {
    let first = scope.tree.first_paragraph(id);
    if let Some(paragraph) = first {
        let mut all = Vec::new();
        entries::paragraph(scope.tree, paragraph, &mut all);
        let line_end = scope.tree.run(paragraph).lines().next().and_then(|line| line.span()).map_or(0, |span| span.end);
        out.extend(all.into_iter().filter(|entry| entry.span.start >= line_end));
    }
    nested_fields(scope, scope.tree.descendants(id).filter(|&id| Some(id) != first), out);
}

fn nested_fields(scope: &Scope<'_>, ids: impl Iterator<Item = BlockId>, out: &mut Vec<Entry>) {
    for id in ids {
        match scope.tree.block(id).kind {
            BlockKind::Paragraph => entries::paragraph(scope.tree, id, out),
            BlockKind::Table => entries::table(scope.tree, id, |name| is_task_field(scope, name), out),
            _ => {}
        }
    }
}

/// What is said of every task.
const TASK_FIELDS: [&str; 3] = ["task-effort", "task-dependencies", "task-verification"];

fn is_task_field(scope: &Scope<'_>, name: &str) -> bool {
    TASK_FIELDS.iter().any(|thing| scope.around.terms.is(thing, name))
}

/// The fields in a section, and its subsections as fields.
fn section_fields(scope: &Scope<'_>, index: usize, out: &mut Vec<Entry>) {
    let Some(section) = scope.sections.get(index) else { return };
    for (at, below) in scope.sections.iter().enumerate().skip(index) {
        if below.span.start >= section.span.end {
            break;
        }
        nested_fields(scope, scope.own_blocks(at), out);
        if at > index {
            out.extend(header::below_heading(scope, at));
        }
    }
}

fn effort(entry: &Entry) -> Effort {
    let text = entry.value.clone();
    let span = text.span().unwrap_or(entry.span);
    let hours = text.known().and_then(|text| duration::hours(text));
    let end = |value: Option<f64>| value.map_or(Field::Absent, |value| Field::new(value, span));
    Effort {
        span: entry.span,
        parsed: hours.is_some(),
        least: end(hours.map(|h| h.0)),
        most: end(hours.map(|h| h.1)),
        text,
    }
}

/// `Create the cluster (4h)`: a duration in brackets at the end of the task's words.
fn effort_in_text(text: &Spanned<String>) -> Option<Effort> {
    let inner = text.value.trim_end().strip_suffix([')', ']'])?;
    let at = inner.rfind(['(', '['])?;
    let hours = duration::hours(inner.get(at + 1..)?)?;
    let span = text.span;
    let field = |value| Field::new(value, span);
    let text = Field::new(inner.get(at + 1..)?.to_owned(), span);
    Some(Effort { span, text, parsed: true, least: field(hours.0), most: field(hours.1) })
}
