//! What a document says: title, header fields in any syntax, sections, tasks, phases, tables.

mod agents;
mod build;
mod clean;
mod commands;
mod component;
mod diagrams;
mod duration;
mod entries;
mod front;
mod header;
mod items;
mod languages;
mod leftovers;
mod names;
mod parts;
mod plan;
mod prose;
mod reasons;
mod record;
mod scope;
mod sections;
mod succession;
mod tables;
mod tasks;
pub mod terms;
#[cfg(test)]
mod tests;
mod todos;

pub use build::{build, schemas};
pub(super) use build::{is_code_part, is_spoken};
pub use clean::starts;
pub use commands::Uncopyable;
pub use duration::hours;
pub use items::Item;
pub use names::normalise;
pub use parts::{Code, Fence, Frontmatter, Handoff, Link};
pub use plan::{Alternative, Effort, Phase, Task};
pub use prose::Prose;
pub(super) use record::file_number;
pub use succession::Reference;

use super::markdown::Target;
use super::value::{Field, facts};
use crate::text::Spanned;

facts! {
    /// A document, or the part of one below a heading, of a type that a pack declares.
    pub struct Document = "document" {
        /// The first heading, or the frontmatter's title.
        "title" title: Field<String>,
        /// The path, below the project root.
        "path" path: String,
        /// The file's name without its ending.
        "stem" stem: String,
        /// The number of lines, without frontmatter and blank lines at the end.
        "lines" lines: i64,
        /// The well-known header fields.
        "header" header: Header,
        /// All header fields, frontmatter first, then in document order.
        "fields" fields: Vec<Entry>,
        /// The sections in document order, the title's own left out.
        "sections" sections: Vec<Section>,
        /// Names of all headings and bold leads, compared like those of sections.
        "outline" outline: Vec<Spanned<String>>,
        /// The tasks, written in the syntax that occurs most.
        "tasks" tasks: Vec<Task>,
        /// How the tasks are written, in words; says so when there are none.
        "task-syntax" task_syntax: String,
        /// Its check boxes that are not ticked, in lists of any kind.
        "open-boxes" open_boxes: Vec<Spanned<String>>,
        /// The phases: headings or bold lines `Phase N`.
        "phases" phases: Vec<Phase>,
        /// The tables.
        "tables" tables: Vec<Table>,
        /// The code blocks with what is in them; those that are only indented have no language.
        "code" code: Vec<Code>,
        /// The links and images, and where they lead.
        "links" links: Vec<Target>,
        /// All that it says in words: headings, paragraphs, cells; code spans too, fences not.
        "text" text: Prose,
        /// The same without code spans.
        "prose" prose: Prose,
        /// Placeholders of a template that nobody filled in.
        "leftovers" leftovers: Vec<Leftover>,
        /// What it says is still to be done on itself.
        "todos" todos: Vec<Todo>,
        /// Its diagrams, where they are text.
        "diagrams" diagrams: Vec<Diagram>,
        /// The number in the file's name, or that of a numbered heading.
        "number" number: Option<i64>,
        /// The name in the frontmatter, where the file has another.
        "other-name" other_name: Option<Spanned<String>>,
        /// The number in the file's name, where the title has another.
        "other-number" other_number: Field<i64>,
        /// Items of its lists that have a task's fields and no check box.
        "unboxed" unboxed: Vec<Spanned<String>>,
        /// The same, where an open box is all that they lack: no task is ticked, and each of them has all of a task's fields.
        "openable" openable: Vec<Spanned<String>>,
        /// The hours of all tasks together, by the longer ends.
        "hours" hours: f64,
        /// Whether a second block of keys and values follows the frontmatter.
        "frontmatter-again" frontmatter_again: bool,
        /// Whether the title names its directory, `001-redis-cache` for `Redis Cache`; unknown without such a name.
        "named-as-directory" named_as_directory: Field<bool>,
        /// A second status in the header that says something else.
        "other-status" other_status: Option<Spanned<String>>,
        /// The alternatives that were considered.
        "alternatives" alternatives: Vec<Alternative>,
        /// How many sections say what was decided.
        "decisions" decisions: Vec<Spanned<String>>,
        /// How many words say what was decided; absent where no heading says it.
        "decision-words" decision_words: Field<i64>,
        /// How many words say why; absent where no heading says it.
        "context-words" context_words: Field<i64>,
        /// Whether what follows from the decision is told with its price; absent where nothing follows.
        "tells-price" tells_price: Field<bool>,
        /// The number in the title.
        "title-number" title_number: Field<i64>,
        /// Whether it says what replaces it: a link or a record's number beside "superseded by".
        "names-successor" names_successor: bool,
        /// The records that it says replace it.
        "successors" successors: Vec<Reference>,
        /// The records that it says it replaces.
        "predecessors" predecessors: Vec<Reference>,
        /// The numbers of records that it mentions anywhere.
        "mentions" mentions: Vec<i64>,
        /// Whether it says several words and none of them is one that every English text has.
        "foreign" foreign: bool,
        /// Whether nothing tells that it is written in another language than English.
        "english" english: bool,
        /// Whether a heading or bold lead says why something had to be decided.
        "has-context" has_context: bool,
        /// Whether one says what was decided.
        "has-decision" has_decision: bool,
        /// Whether one says what follows from the decision.
        "has-consequences" has_consequences: bool,
        /// Whether one says what else was considered.
        "has-alternatives" has_alternatives: bool,
        /// The shape of a decision record: `nygard`, `madr`, `cosmos`, `edc`, `tyree` or `free`.
        "flavour" flavour: String,
    }

    /// The well-known header fields of documents.
    pub struct Header = "document.header" {
        /// What became of it: `Status`, `State`.
        "status" status: Option<Entry>,
        /// Its date.
        "date" date: Option<Entry>,
        /// When it was made: `Created`.
        "created" created: Option<Entry>,
        /// When somebody last looked at it: `Last reviewed`, `Updated`.
        "reviewed" reviewed: Option<Entry>,
        /// Who wrote it.
        "author" author: Option<Entry>,
        /// Who answers for it: `Owner`, `Team`, `Contact`.
        "owner" owner: Option<Entry>,
        /// Who decided.
        "deciders" deciders: Option<Entry>,
        /// Its type: `Type`.
        "type" kind: Option<Entry>,
        /// The type of an infrastructure component: `Component Type`.
        "component-type" component_type: Option<Entry>,
        /// Its priority.
        "priority" priority: Option<Entry>,
        /// What it builds on: `Dependencies`, `Depends on`.
        "dependencies" dependencies: Option<Entry>,
        /// Its severity.
        "severity" severity: Option<Entry>,
        /// Its id: `Document ID`.
        "document-id" document_id: Option<Entry>,
        /// The requirements it answers: `Source PRD`.
        "source-prd" source_prd: Option<Entry>,
        /// Its version.
        "version" version: Option<Entry>,
        /// What the frontmatter says it is for: `description`.
        "description" description: Option<Entry>,
    }

    /// A named value: `Status: x`, `**Status:** x`, a bullet, a table row, a heading with a paragraph, frontmatter.
    pub struct Entry = "document.field" {
        /// The name: lower case, without markup, emoji and numbering.
        "name" name: String,
        /// The value without markup, emoji and a trailing note in brackets.
        "value" value: Field<String>,
        /// The first one to four words of the value in lower case, joined: `in`, `in review`, …
        "starts" starts: Vec<String>,
        /// How many words the value has.
        "words" words: i64,
        /// How many characters the value has.
        "length" length: i64,
        /// The same, where a character of Chinese, Japanese or Korean counts as three letters of an alphabet.
        "letters" letters: i64,
        /// How it is written: `frontmatter`, `heading`, `line`, `bold`, `bullet`, `table row`, `table column`, `double colon`.
        "syntax" syntax: String,
        /// Whether the value is a list of choices of which none was taken, such as `P0/P1/P2`.
        "unchosen" unchosen: bool,
        /// Whether it begins with a year, month and day that no calendar has.
        "no-day" no_day: bool,
        /// Whether a code span stands in the value.
        "code" code: bool,
        /// Whether a link stands in the value.
        "linked" linked: bool,
    }

    /// A heading and what stands below it.
    pub struct Section = "document.section" {
        /// The heading without markup.
        "heading" heading: Spanned<String>,
        /// The heading to compare with: lower case, without numbering, emoji, trailing colon; `&` is `and`.
        "name" name: String,
        /// The numbering before the heading, such as `2.1`.
        "number" number: Option<String>,
        /// The heading's level, 1 to 6.
        "level" level: i64,
        /// The names of the headings around it and its own, joined by `/`.
        "path" path: String,
        /// What it says in words, its subsections included, the heading left out; code spans too, fences not.
        "text" text: Prose,
        /// The same without code spans.
        "prose" prose: Prose,
        /// The fields directly in it: `**RTO**: 1 hour`, `- Owner: me`, rows of a table with two columns.
        "fields" fields: Vec<Entry>,
        /// The first of them that is called `status`.
        "status" status: Option<Entry>,
        /// How many words of prose it has, its subsections' included.
        "words" words: i64,
        /// How many list items, its subsections' included.
        "items" items: i64,
        /// How many items of ordered lists.
        "ordered-items" ordered_items: i64,
        /// How many sections stand directly below.
        "subsections" subsections: i64,
        /// How many tables.
        "tables" tables: i64,
        /// How many images.
        "images" images: i64,
        /// How many links.
        "links" links: i64,
        /// The languages of its fences, lower case; empty ones included.
        "fences" fences: Vec<Spanned<String>>,
        /// Whether anything stands below the heading: text, code, a subsection.
        "has-content" has_content: bool,
    }

    /// A table.
    pub struct Table = "document.table" {
        /// The name of the section that holds it.
        "section" section: Option<String>,
        /// The heads of its columns, compared like headings.
        "columns" columns: Vec<Spanned<String>>,
        /// Its rows, the head left out.
        "rows" rows: Vec<Row>,
        /// Whether others may rely on the document already: it is no draft, and if it is a record it holds.
        "settled" settled: bool,
    }

    /// A row of a table, with what the table says of it.
    pub struct TableRow = "document.table-row" {
        /// The name of the section that holds the table.
        "section" section: Option<String>,
        /// The heads of the table's columns, compared like headings.
        "columns" columns: Vec<Spanned<String>>,
        /// The first cell, compared like a heading.
        "name" name: String,
        /// The texts of its cells.
        "cells" cells: Vec<Field<String>>,
    }

    /// A row of a table.
    pub struct Row = "document.row" {
        /// The first cell, compared like a heading.
        "name" name: String,
        /// The texts of its cells.
        "cells" cells: Vec<Field<String>>,
    }

    /// A mark that something in the document is still to be written: `TODO`, `TBD`.
    pub struct Todo = "document.todo" {
        /// The mark.
        "word" word: Spanned<String>,
        /// Whether others may rely on the document already: it is no draft, and if it is a record it holds.
        "settled" settled: bool,
    }

    /// A diagram that is written as text.
    pub struct Diagram = "document.diagram" {
        /// `mermaid` or `plantuml`.
        "language" language: String,
        /// The first of the names that it shows.
        "nodes" nodes: Vec<String>,
        /// Whether all names are those of an example, such as A, B, Component 1.
        "placeholder" placeholder: bool,
    }

    /// A placeholder that nobody filled in.
    pub struct Leftover = "document.leftover" {
        /// As it stands.
        "text" text: Spanned<String>,
        /// What it is: `braces`, `brackets`, `angles`, `filler` or `pattern`.
        "kind" kind: String,
    }
}
