//! Tables that say which runbook belongs to which alert.

use super::{Alert, Table, cell, value};
use crate::fact::context::join;
use crate::fact::value::Field;
use crate::fact::{Facts, File, Wanted};
use crate::syntax::markdown::{BlockId, Document as Tree};
use crate::text::Span;

pub(super) fn alerts(file: &File<'_>, tree: &Tree<'_>, table: &Table, wanted: &Wanted, out: &mut Facts) {
    let (Some(named), Some(answered)) = (
        table.column(&["alert", "alert name", "alerts"]),
        table.column(&["runbook", "runbook link", "runbooks", "playbook"]),
    ) else {
        return;
    };
    if !wanted.subject(Alert::describe().name) {
        return;
    }
    for &row in &table.rows {
        let (Some((_, name)), Some((id, runbook))) = (cell(tree, row, named), cell(tree, row, answered)) else {
            continue;
        };
        let name = value(&name);
        if name.is_absent() {
            continue;
        }
        let span = tree.block(row).span;
        let span = name.span().unwrap_or(span);
        let runbook = value(&runbook);
        let exists = exists(file, tree, id, &runbook);
        let label = name.known().cloned().unwrap_or_default();
        out.push(Alert { span, name, runbook, exists }, label, tree.block(row).span);
    }
}

/// Whether the file that a cell names is there, from the document's folder or from the root.
fn exists(file: &File<'_>, tree: &Tree<'_>, cell: BlockId, runbook: &Field<String>) -> Field<bool> {
    let Some((text, place)) = runbook.known().zip(runbook.span()) else { return Field::Absent };
    let block = tree.block(cell).span;
    let from = tree.links().partition_point(|link| link.span.start < block.start);
    let link = tree.links().get(from).filter(|link| link.span.start < block.end);
    let target = link.map_or(text.as_str(), |link| &link.target);
    let place = link.map_or(place, |link| link.target_span.unwrap_or(link.span));
    match found(file, target) {
        Some(found) => Field::new(found, place),
        None => unknown(place),
    }
}

fn unknown(place: Span) -> Field<bool> {
    Field::unknown("", place)
}

/// Nothing for what is no path: a name, a page elsewhere, a template.
fn found(file: &File<'_>, target: &str) -> Option<bool> {
    let path = target.split(['#', '?']).next().unwrap_or("").trim();
    let plain = !path.contains("://") && !path.contains([' ', '{', '<', '$', '*']);
    let looks = path.contains('/') || [".md", ".markdown", ".adoc", ".rst"].iter().any(|end| path.ends_with(end));
    if !plain || !looks {
        return None;
    }
    let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let path = path.trim_start_matches('/');
    let places = [join(dir, path), join("", path)];
    let known =
        places.iter().flatten().any(|path| file.inventory.exists(path) || file.inventory.exists(&format!("{path}.md")));
    Some(known)
}
