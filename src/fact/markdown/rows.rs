//! Table rows as written: a reader of the page sees no cell beyond the last column.

use super::Row;
use crate::syntax::markdown::{BlockId, BlockKind, Document as Tree};
use crate::text::Span;
use std::collections::HashMap;

/// The rows of all tables, heads left out.
pub(super) fn rows(tree: &Tree<'_>) -> Vec<Row> {
    let mut out = Vec::new();
    for (id, _) in tree.blocks().filter(|(_, block)| block.kind == BlockKind::Table) {
        table(tree, id, &mut out);
    }
    out
}

fn table(tree: &Tree<'_>, id: BlockId, out: &mut Vec<Row>) {
    let mut columns = 0;
    for row in tree.children(id) {
        let span = tree.block(row).span;
        if tree.block(row).kind == BlockKind::TableHead {
            columns = tree.children(row).count() as i64;
            continue;
        }
        let line = line(tree.source(), span);
        let text = line.slice(tree.source());
        // A line without any bar ends up in a table because nothing parts it from the line above.
        if !text.contains('|') {
            continue;
        }
        let cells = cells(text);
        let span = Span::new(line.start as usize, line.start as usize + text.trim_end().len());
        out.push(Row { span, cells, columns, extra: (cells - columns).max(0), lacking: (columns - cells).max(0) });
    }
}

/// The row's line from its first mark on.
fn line(source: &str, span: Span) -> Span {
    let rest = source.get(span.start as usize..).unwrap_or("");
    let len = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    Span::new(span.start as usize, span.start as usize + len)
}

/// Cells between bars; a bar behind a backslash or between backticks parts nothing.
fn cells(text: &str) -> i64 {
    let body = text.trim();
    let bytes = body.as_bytes();
    let spans = code_spans(bytes);
    let mut spans = spans.into_iter().peekable();
    let mut bars = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(&(_, end)) = spans.peek().filter(|(start, _)| *start == at) {
            spans.next();
            at = end;
            continue;
        }
        match bytes[at] {
            b'\\' => at += 1,
            b'|' => bars.push(at),
            _ => {}
        }
        at += 1;
    }
    let opens = bars.first() == Some(&0);
    let closes = bars.last().is_some_and(|&at| at + 1 == body.len() && at > 0);
    bars.len() as i64 + 1 - i64::from(opens) - i64::from(closes)
}

/// Where backticks enclose something, ascending.
fn code_spans(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'`') {
        match runs.last_mut() {
            Some((start, len)) if *start + *len == at => *len += 1,
            _ => runs.push((at, 1)),
        }
    }
    let mut closing: HashMap<usize, usize> = HashMap::new();
    let mut ends = vec![None; runs.len()];
    for (index, (_, len)) in runs.iter().enumerate().rev() {
        ends[index] = closing.insert(*len, index);
    }
    let mut spans = Vec::new();
    let mut index = 0;
    while let Some((start, _)) = runs.get(index) {
        match ends[index].and_then(|end| Some((end, runs.get(end)?))) {
            Some((end, (close, len))) => {
                spans.push((*start, close + len));
                index = end + 1;
            }
            None => index += 1,
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown;

    #[test]
    fn cells_are_counted_as_written() {
        let source = "| a | b |\n| --- | --- |\n| 1 | 2 |\n1 | 2\n| 1 |\n| 1 | 2 | 3 |\n| `x|y` | 2 |\n| x \\| y | 2 |\n| | |\n> no\n";
        let tree = markdown::parse(source);
        let found: Vec<i64> = rows(&tree).iter().map(|row| row.cells).collect();
        assert_eq!(found, [2, 2, 1, 3, 2, 2, 2]);
    }
}
