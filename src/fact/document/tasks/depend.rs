//! What tasks say they depend on.

use super::super::{Entry, Task};
use crate::text::{Span, Spanned};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:tasks?|steps?)[ #:-]*(\d+(?:\.\d+)*)((?:[ ]*(?:,|and|&|or|to|-|–)[ ]*#?\d+(?:\.\d+)*\b)*)|\b(T-?\d{1,4})\b").ok()
});
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+(?:\.\d+)*").ok());
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^#?\d+(?:\.\d+)*(?:\s*(?:,|and|&|-|–)\s*#?\d+(?:\.\d+)*)*$").ok());

/// `3`, `1.2` at the start of a text, zeros in front cut off.
pub(super) fn number(text: &str) -> Option<String> {
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let digits = text.get(..len)?.trim_end_matches('.');
    let parts: Vec<&str> = digits.split('.').map(|part| part.trim_start_matches('0')).collect();
    (!digits.is_empty()).then(|| parts.join("."))
}

/// An id at the start of a task's words: `T001`, `TASK-020`, `1.2`, `**T3**:`.
pub(super) fn id(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?.trim_matches([':', '.', ')', '[', ']', '-']);
    let lower = word.to_ascii_lowercase();
    let rest = lower.strip_prefix("task-").or_else(|| lower.strip_prefix("t-")).or_else(|| lower.strip_prefix('t'));
    match rest {
        Some(rest) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => {
            number(rest).map(|n| format!("t{n}"))
        }
        _ if lower.contains('.') && lower.bytes().all(|b| b.is_ascii_digit() || b == b'.') => number(&lower),
        _ => None,
    }
}

/// Fills in which dependencies do not exist or come later.
pub(super) fn resolve(tasks: &mut [Task]) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, task) in tasks.iter().enumerate() {
        if let Some(number) = &task.number {
            places.entry(number.clone()).or_default().push(index);
        }
    }
    // Where every item is `1.`, the numbers that are written say nothing.
    let all_one = places.len() == 1 && places.get("1").is_some_and(|indexes| indexes.len() > 1);
    if places.is_empty() || all_one {
        return;
    }
    let unique = places.values().all(|indexes| indexes.len() == 1);
    for (index, task) in tasks.iter_mut().enumerate() {
        let Some(entry) = &task.dependencies else { continue };
        for (written, id) in references(entry) {
            let plain = id.trim_start_matches('t').to_owned();
            let with_letter = format!("t{plain}");
            match [id, plain, with_letter].iter().find_map(|key| places.get(key)) {
                Some(at) if unique && at.iter().all(|&at| at >= index) => {
                    task.later_dependency.get_or_insert(written);
                }
                Some(_) => {}
                None => {
                    task.unknown_dependency.get_or_insert(written);
                }
            }
        }
    }
}

/// The tasks that a dependency line names, as written and as ids; those of other documents are left out.
fn references(entry: &Entry) -> Vec<(Spanned<String>, String)> {
    let Some(text) = entry.value.known() else { return Vec::new() };
    let Some(span) = entry.value.span() else { return Vec::new() };
    let lower = text.to_lowercase();
    if [" of ", " in ", " from ", "spec", "component", "/"].iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut add = |range: std::ops::Range<usize>| {
        let written = lower.get(range.clone()).unwrap_or("");
        let value = match written.strip_prefix('t') {
            Some(rest) => number(rest.trim_start_matches('-')).map(|n| format!("t{n}")),
            None => number(written),
        };
        if let Some(value) = value {
            let shown = text.get(range.clone()).unwrap_or("").to_owned();
            out.push((Spanned::new(shown, place(span, text, range)), value));
        }
    };
    let (Some(named), Some(numbers), Some(bare)) = (NAMED.as_ref(), NUMBERS.as_ref(), BARE.as_ref()) else {
        return Vec::new();
    };
    if bare.is_match(text.trim()) {
        numbers.find_iter(text).for_each(|found| add(found.range()));
        return out;
    }
    for captures in named.captures_iter(text) {
        if let Some(found) = captures.get(3) {
            add(found.range());
            continue;
        }
        if let Some(first) = captures.get(1) {
            add(first.range());
        }
        if let Some(more) = captures.get(2) {
            numbers
                .find_iter(more.as_str())
                .for_each(|found| add(more.start() + found.start()..more.start() + found.end()));
        }
    }
    out
}

/// Where a part of a value stands: exactly, unless markup stretches the value in the file.
fn place(span: Span, text: &str, range: std::ops::Range<usize>) -> Span {
    if span.len() == text.len() {
        return Span::new(span.start as usize + range.start, span.start as usize + range.end);
    }
    span
}
