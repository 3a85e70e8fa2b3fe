//! Tables with their columns and rows.

use super::names::normalise;
use super::scope::Scope;
use super::{Document, Row, Table, TableRow};
use crate::fact::value::Field;
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::Spanned;

/// The tables of a document.
pub(super) fn tables(scope: &Scope<'_>, settled: bool) -> Vec<Table> {
    let tree = scope.tree;
    let all = scope.all_blocks().filter(|&id| tree.block(id).kind == BlockKind::Table);
    all.map(|id| Table { settled, ..table(scope, id) }).collect()
}

/// The rows of all tables, each with its table's columns.
pub(super) fn table_rows(document: &Document) -> Vec<TableRow> {
    let row = |table: &Table, row: &Row| TableRow {
        span: row.span,
        section: table.section.clone(),
        columns: table.columns.clone(),
        name: row.name.clone(),
        cells: row.cells.clone(),
    };
    document.tables.iter().flat_map(|table| table.rows.iter().map(move |found| row(table, found))).collect()
}

fn table(scope: &Scope<'_>, id: BlockId) -> Table {
    let tree = scope.tree;
    let span = tree.block(id).span;
    let mut table = Table { span, ..Table::default() };
    table.section = scope.section_of(span.start).and_then(|index| scope.names.get(index)).cloned();
    for row in tree.children(id) {
        if tree.block(row).kind == BlockKind::TableHead {
            table.span = tree.block(row).span;
            table.columns = tree
                .children(row)
                .map(|cell| {
                    let text = tree.run(cell).text();
                    Spanned::new(normalise(text.as_str()), text.whole_span())
                })
                .collect();
            continue;
        }
        let cells: Vec<Field<String>> = tree
            .children(row)
            .map(|cell| {
                let text = tree.run(cell).text();
                if text.as_str().trim().is_empty() {
                    Field::Absent
                } else {
                    Field::new(text.as_str().to_owned(), text.whole_span())
                }
            })
            .collect();
        let name = cells.first().and_then(Field::known).map(|text| normalise(text)).unwrap_or_default();
        table.rows.push(Row { span: tree.block(row).span, name, cells });
    }
    table
}
