//! Rows of Markdown tables whose first cell names a credential, and sentences that say what a password is.

use super::value::line_end;
use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, judge, key_kind, random};
use std::ops::Range;

/// Reads the row, or the sentence, that a key stands in.
pub(super) fn read(text: &str, key: &Range<usize>, kind: KeyKind, out: &mut Vec<Found>) {
    let mut from = key.start.saturating_sub(300);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let line = text[from..key.start].rfind('\n').map_or(from, |i| from + i + 1);
    let end = line_end(text, key.end);
    let name = &text[key.clone()];
    if !text[line..key.start].trim_start().starts_with('|') {
        let found = sentence(text, key.end, end).or_else(|| in_code(text, key.end, end, kind));
        out.extend(found.map(|range| Found::new(name, range, Form::Table, kind)));
    } else if is_rule(text, end + 1) {
        column(text, line, key, end, out);
    } else {
        row(text, line, key, end, kind, name, out);
    }
}

/// Most rows of a table that are looked at.
const MOST_ROWS: usize = 100;
/// In a wider table no column is looked for.
const MOST_COLUMNS: usize = 30;

/// Whether the line that begins at `at` is the rule below a table's head.
fn is_rule(text: &str, at: usize) -> bool {
    let line = text.get(at..line_end(text, at)).unwrap_or("");
    line.contains("--") && line.trim().chars().all(|c| "|-: \t".contains(c))
}

/// The cells below a head that names a credential.
fn column(text: &str, line: usize, key: &Range<usize>, end: usize, out: &mut Vec<Found>) {
    let number = text[line..key.start].matches('|').count();
    let head = text[line..end].split('|').nth(number).unwrap_or("").trim().trim_matches(['*', '`', '_']);
    let kind = key_kind(head);
    if !kind.wants_judging() || head.len() > 40 || number > MOST_COLUMNS {
        return;
    }
    let mut at = line_end(text, end + 1) + 1;
    for _ in 0..MOST_ROWS {
        let stop = line_end(text, at);
        let Some(row) = text.get(at..stop).filter(|row| row.trim_start().starts_with('|')) else { return };
        if is_rule(text, stop + 1) {
            // The head of the next table.
            return;
        }
        let before: usize = row.split('|').take(number).map(|cell| cell.len() + 1).sum();
        if let Some(cell) = row.split('|').nth(number) {
            let bare = bare(cell);
            let start = at + before + cell.find(bare).unwrap_or(0);
            if !bare.is_empty() && is_literal(bare, kind) {
                out.push(Found::new(head, start..start + bare.len(), Form::Table, kind));
            }
        }
        at = stop + 1;
    }
}

/// A cell without blanks, code marks and emphasis.
fn bare(cell: &str) -> &str {
    let bare = cell.trim().trim_matches('`');
    bare.strip_prefix("**").and_then(|b| b.strip_suffix("**")).unwrap_or(bare)
}

/// `with password `x``: a literal in a code span right behind the word.
fn in_code(text: &str, at: usize, end: usize, kind: KeyKind) -> Option<Range<usize>> {
    let rest = text.get(at..end)?;
    let open = rest.trim_start_matches(['*', '_', ':', ' ', '`']);
    let open = open.strip_prefix("to ").or_else(|| open.strip_prefix("with ")).unwrap_or(open);
    let code = open.strip_prefix(['`', '"']).unwrap_or(open);
    let gap = rest.len() - code.len();
    let quote = rest.as_bytes().get(gap.wrapping_sub(1)).copied().filter(|b| matches!(b, b'`' | b'"'))?;
    let value = code.get(..code.find(quote as char)?)?;
    // `pass `--force`` is an order to the reader.
    if value.starts_with('-') || text[..at].ends_with(" pass") {
        return None;
    }
    let close = gap < 10 && rest.starts_with(['*', '_', ':', ' ', '`']);
    (close && is_literal(value, kind)).then(|| at + gap..at + gap + value.len())
}

fn row(text: &str, line: usize, key: &Range<usize>, end: usize, kind: KeyKind, name: &str, out: &mut Vec<Found>) {
    // The key must be the first cell, by itself.
    let head = text[line..key.start].trim_start().trim_start_matches('|');
    if head.contains('|') || head.len() > 40 || !head.chars().all(|c| c.is_alphanumeric() || " *_`".contains(c)) {
        return;
    }
    let rest = &text[key.end..end];
    let Some(bar) = rest.find('|') else { return };
    if !rest[..bar].chars().all(|c| " *_`".contains(c)) {
        return;
    }
    let mut at = key.end + bar + 1;
    for cell in text[at..end].split('|') {
        let bare = bare(cell);
        let start = at + cell.find(bare).unwrap_or(0);
        at += cell.len() + 1;
        if !bare.is_empty() && is_literal(bare, kind) {
            out.push(Found::new(name, start..start + bare.len(), Form::Table, kind));
            return;
        }
    }
}

/// A cell may hold any word; a literal mixes letters with digits or marks.
pub(super) fn is_literal(cell: &str, kind: KeyKind) -> bool {
    let mixed = cell.bytes().any(|b| b.is_ascii_digit()) && cell.bytes().any(|b| b.is_ascii_alphabetic());
    let marked = cell.contains(['!', '@', '#', '$', '%', '^', '&', '*', '+']);
    match judge(cell, Context { kind: Some(kind), ..Context::default() }) {
        Verdict::Random => true,
        Verdict::Human => (mixed && cell.len() >= 6) || (marked && cell.len() >= 6) || random::is_random(cell),
        _ => false,
    }
}

/// `the password is `x``.
fn sentence(text: &str, at: usize, end: usize) -> Option<Range<usize>> {
    let rest = text.get(at..end)?;
    let trimmed = rest.trim_start_matches(['*', '_', '`']);
    let tail = [" is ", " is: ", " was "].iter().find_map(|word| trimmed.strip_prefix(word))?;
    let tail = tail.trim_start_matches(['*', ' ']);
    let code = tail.strip_prefix('`')?;
    let close = code.find('`')?;
    let start = end - code.len();
    Some(start..start + close)
}
