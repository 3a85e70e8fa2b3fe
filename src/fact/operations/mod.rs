//! What people on call rely on in documents: alert tables, indicators with thresholds, runbooks and their commands.

mod alerts;
mod danger;
mod indicators;
mod measure;
mod runbook;

use super::value::{Field, facts};
use super::{Facts, File, Looks, Wanted};
use crate::syntax::markdown::{BlockId, BlockKind, Document as Tree};
use crate::text::{Span, Text};

facts! {
    /// A row of a table that names alerts and their runbooks.
    pub struct Alert = "markdown.alert" {
        /// The alert.
        "name" name: Field<String>,
        /// What the cell of the runbook says; absent where it is empty or a dash.
        "runbook" runbook: Field<String>,
        /// Whether the runbook is there; unknown where the cell names no path.
        "exists" exists: Field<bool>,
    }

    /// A row of a table that gives indicators targets and alert thresholds.
    pub struct Indicator = "markdown.indicator" {
        /// The indicator.
        "name" name: String,
        /// What it should be.
        "target" target: Field<String>,
        /// Whether the target is a number.
        "target-measured" target_measured: bool,
        /// From where on somebody is told.
        "threshold" threshold: Field<String>,
        /// Whether the threshold is a number.
        "threshold-measured" threshold_measured: bool,
        /// Whether the threshold lies on the good side of the target, so that the alert fires while all is well.
        "inverted" inverted: Field<bool>,
    }

    /// A table that gives indicators targets and alert thresholds.
    pub struct Indicators = "markdown.indicators" {
        /// Which of the columns KPI, Target, Alert Threshold and Measurement are missing.
        "missing" missing: Vec<String>,
    }

    /// A runbook, by what its sections are about.
    pub struct Runbook = "markdown.runbook" {
        /// `meaning` for Meaning, Impact, Diagnosis and Mitigation; `symptoms` for Symptoms, Steps, Escalation and
        /// Rollback; `free` for any other shape.
        "shape" shape: String,
        /// What is missing of the shape; of a free one, that it says what to do.
        "missing" missing: Vec<String>,
        /// How many code blocks.
        "fences" fences: i64,
        /// How many links.
        "links" links: i64,
        /// The day of the last review, as a number: 20260131.
        "reviewed" reviewed: Field<i64>,
    }

    /// A command in a runbook that destroys something.
    pub struct Danger = "markdown.destructive-command" {
        /// What it destroys, in words.
        "effect" effect: String,
        /// Whether a warning stands near it, or the command asks first.
        "warned" warned: bool,
    }
}

/// Adds what is wanted of it.
pub(super) fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    let is = |name: &str| file.documents.of(file.path, &Looks::default()).iter().any(|own| **own == *name);
    let tables = [Alert::describe().name, Indicator::describe().name, Indicators::describe().name];
    if tables.iter().any(|name| wanted.subject(name)) {
        let tables = tables_of(tree);
        let infra = !tables.is_empty() && is("docs.infra");
        for table in tables {
            alerts::alerts(file, tree, &table, wanted, out);
            indicators::indicators(tree, &table, infra, wanted, out);
        }
    }
    let runbooks = [Runbook::describe().name, Danger::describe().name];
    if !runbooks.iter().any(|name| wanted.subject(name)) || !is("runbook.page") {
        return;
    }
    if wanted.subject(Runbook::describe().name) {
        out.push(runbook::runbook(file, tree), "", Span::new(0, tree.source().len()));
    }
    if wanted.subject(Danger::describe().name) {
        danger::commands(file, tree, out);
    }
}

/// A table with the names of its columns.
struct Table {
    columns: Vec<String>,
    head: Span,
    rows: Vec<BlockId>,
}

impl Table {
    /// The number of the first column with one of these names.
    fn column(&self, names: &[&str]) -> Option<usize> {
        self.columns.iter().position(|column| names.contains(&column.as_str()))
    }
}

fn tables_of(tree: &Tree<'_>) -> Vec<Table> {
    let tables = tree.blocks().filter(|(_, block)| block.kind == BlockKind::Table);
    let read = |id: BlockId| {
        let (heads, rows): (Vec<_>, Vec<_>) =
            tree.children(id).partition(|&row| tree.block(row).kind == BlockKind::TableHead);
        let head = *heads.first()?;
        let columns = tree.children(head).map(|cell| super::document::normalise(tree.run(cell).text().as_str()));
        Some(Table { columns: columns.collect(), head: tree.block(head).span, rows })
    };
    tables.filter_map(|(id, _)| read(id)).collect()
}

/// The words of a cell and its place.
fn cell(tree: &Tree<'_>, row: BlockId, column: usize) -> Option<(BlockId, Text<'static>)> {
    let id = tree.children(row).nth(column)?;
    Some((id, tree.run(id).text()))
}

/// A cell as a field: absent where nothing is in it, or a mark for nothing.
fn value(text: &Text<'_>) -> Field<String> {
    let trimmed = text.as_str().trim();
    let nothing = ["", "-", "–", "—", "n/a", "na", "none", "tbd", "todo", "?", "…", "..."];
    match nothing.contains(&trimmed.to_lowercase().as_str()) {
        true => Field::Absent,
        false => Field::new(trimmed.to_owned(), text.whole_span()),
    }
}
