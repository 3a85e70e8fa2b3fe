//! Tables: columns, how many rows, which rows, what stands in cells.

use super::sections::Extent;
use super::value::{Given, counted};
use super::{Bounds, Faults, Need, Shape, ValueDemand};
use crate::fact::document::{Row, Table, normalise};
use crate::fact::value::Field;

/// A table.
#[derive(Debug)]
pub struct TableDemand {
    /// The shape of the fault.
    pub shape: Shape,
    /// As its author calls it.
    pub shown: String,
    /// Whether it must be there.
    pub need: Need,
    /// The section that it stands in, normalised; anywhere if there is none.
    pub within: Vec<String>,
    /// Only tables with this column are meant.
    pub having: Option<String>,
    /// The columns it must have, as written.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: Option<Bounds>,
    /// Rows that it must have, by their first cells, as written.
    pub named_rows: Vec<String>,
    /// What stands in the cells of columns.
    pub cells: Vec<CellDemand>,
}

/// The cells of a column.
#[derive(Debug)]
pub struct CellDemand {
    /// The column, as written.
    pub column: String,
    /// Whether they may be empty.
    pub may_be_empty: bool,
    /// What stands in them.
    pub value: ValueDemand,
}

pub(super) fn check(demand: &TableDemand, extent: &Extent<'_>, faults: &mut Faults<'_>) {
    let meant: Vec<&Table> = extent.tables().filter(|table| is_meant(demand, table, extent)).collect();
    if meant.is_empty() && demand.need == Need::Wanted {
        let what = match demand.columns.is_empty() {
            true => format!("no table `{}`", demand.shown),
            false => format!("no table `{}` with the columns {}", demand.shown, demand.columns.join(", ")),
        };
        faults.add(demand.shape, extent.place(), what, "");
    }
    for table in meant {
        columns(demand, table, faults);
        rows(demand, table, faults);
        for row in &table.rows {
            cells(demand, table, row, faults);
        }
    }
}

/// With no other sign a table is meant that has any of the columns.
fn is_meant(demand: &TableDemand, table: &Table, extent: &Extent<'_>) -> bool {
    let has = |column: &String| index(table, column).is_some();
    if !demand.within.is_empty() && !extent.stands_in(table.span, &demand.within) {
        return false;
    }
    match &demand.having {
        Some(column) => has(column),
        None => !demand.within.is_empty() || demand.columns.is_empty() || demand.columns.iter().any(has),
    }
}

fn index(table: &Table, column: &str) -> Option<usize> {
    let name = normalise(column);
    // `Time (UTC)` is the column `Time`.
    let bare = |head: &str| head.split_once(" (").is_some_and(|(head, note)| head == name && note.ends_with(')'));
    let exact = table.columns.iter().position(|head| head.value == name);
    exact.or_else(|| table.columns.iter().position(|head| bare(&head.value)))
}

fn columns(demand: &TableDemand, table: &Table, faults: &mut Faults<'_>) {
    let missing: Vec<&str> =
        demand.columns.iter().filter(|column| index(table, column).is_none()).map(String::as_str).collect();
    if !missing.is_empty() {
        let what = format!("table `{}` has no column {}", demand.shown, missing.join(", "));
        faults.add(demand.shape, table.span, what, missing.join(", "));
    }
}

fn rows(demand: &TableDemand, table: &Table, faults: &mut Faults<'_>) {
    let count = table.rows.len();
    if let Some(bounds) = demand.rows.filter(|bounds| !bounds.admit(count as f64)) {
        let what = format!("table `{}` has {}, expected {bounds}", demand.shown, counted(count as i64, "rows"));
        faults.add(demand.shape, table.span, what, count.to_string());
    }
    let named = |name: &&String| {
        let name = normalise(name);
        !table.rows.iter().any(|row| row.name == name)
    };
    let missing: Vec<&str> = demand.named_rows.iter().filter(named).map(String::as_str).collect();
    if !missing.is_empty() {
        let what = format!("table `{}` has no row {}", demand.shown, missing.join(", "));
        faults.add(demand.shape, table.span, what, missing.join(", "));
    }
}

/// A dash in place of words.
fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '?' | '…' | '.' | ' '))
}

fn cells(demand: &TableDemand, table: &Table, row: &Row, faults: &mut Faults<'_>) {
    for cell in &demand.cells {
        let Some(at) = index(table, &cell.column) else { continue };
        let found = row.cells.get(at).unwrap_or(&Field::Absent);
        match (found.known(), found.span()) {
            (Some(text), Some(span)) if !cell.may_be_empty && says_nothing(text) => {
                faults.add(demand.shape, span, format!("`{}` is empty in this row", cell.column), text.as_str());
            }
            (Some(text), Some(span)) => {
                if let Some(wrong) =
                    cell.value.wrong(&Given { linked: true, ..Given::plain(text, span) }, &faults.around)
                {
                    faults.add(demand.shape, wrong.span, format!("`{}` {}", cell.column, wrong.what), text.as_str());
                }
            }
            _ if !cell.may_be_empty => {
                faults.add(demand.shape, row.span, format!("`{}` is empty in this row", cell.column), "");
            }
            _ => {}
        }
    }
}
