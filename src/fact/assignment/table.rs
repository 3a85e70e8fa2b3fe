//! Rows of Markdown tables whose first cell names a credential, and sentences that say what a password is.

use super::value::line_end;
use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, judge, random};
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
    if text[line..key.start].trim_start().starts_with('|') {
        row(text, line, key, end, kind, name, out);
    } else if let Some(range) = sentence(text, key.end, end) {
        out.push(Found::new(name, range, Form::Table, kind));
    }
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
        let bare = cell.trim().trim_matches('`');
        let bare = bare.strip_prefix("**").and_then(|b| b.strip_suffix("**")).unwrap_or(bare);
        let start = at + cell.find(bare).unwrap_or(0);
        at += cell.len() + 1;
        if !bare.is_empty() && is_literal(bare, kind) {
            out.push(Found::new(name, start..start + bare.len(), Form::Table, kind));
            return;
        }
    }
}

/// A cell may hold any word; a literal mixes letters with digits or marks.
fn is_literal(cell: &str, kind: KeyKind) -> bool {
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
