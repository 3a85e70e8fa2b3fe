//! Named values in every syntax but the heading's.

use super::names::{normalise, words};
use super::{Entry, clean};
use crate::fact::value::Field;
use crate::syntax::markdown::{BlockId, BlockKind, Document as Tree, Run};
use crate::text::{Text, TextBuilder};
use std::ops::Range;

/// The most that is kept of a value; longer ones are prose.
pub(super) const LONGEST: usize = 2000;

/// Makes an entry of two ranges of a text.
pub(super) fn entry(text: &Text<'_>, name: Range<usize>, value: Range<usize>, syntax: &str) -> Entry {
    let raw = text.as_str().get(value.clone()).unwrap_or("");
    let unchosen = clean::unchosen(raw);
    let range = if unchosen { trim_blanks(text.as_str(), value) } else { clean::trim(text, value) };
    let short = text.as_str().get(range.clone()).unwrap_or("").char_indices().nth(LONGEST);
    let value = range.start..short.map_or(range.end, |(at, _)| range.start + at);
    let words_of = text.as_str().get(value.clone()).unwrap_or("");
    let named = trim_blanks(text.as_str(), name.clone());
    Entry {
        span: text.span(named),
        name: normalise(text.as_str().get(name).unwrap_or("")),
        starts: clean::starts(words_of),
        words: words(words_of).count() as i64,
        length: words_of.chars().count() as i64,
        letters: words_of.chars().map(width).sum(),
        value: match words_of.is_empty() {
            true => Field::Absent,
            false => Field::new(words_of.to_owned(), text.span(value)),
        },
        syntax: syntax.to_owned(),
        no_day: clean::no_day(words_of),
        unchosen,
        code: false,
        linked: false,
    }
}

fn trim_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// The entries of a paragraph, line by line; a value that is missing may be the list behind it.
pub(super) fn paragraph(tree: &Tree<'_>, id: BlockId, out: &mut Vec<Entry>) {
    let listed = tree.block(id).list_depth > 0;
    let before = out.len();
    for run in tree.run(id).lines() {
        line(run, listed, out);
    }
    if let Some(last) = out.get_mut(before..).and_then(<[_]>::last_mut)
        && last.value.is_absent()
        && let Some(list) = tree.sibling(id).filter(|&next| matches!(tree.block(next).kind, BlockKind::List { .. }))
    {
        take_list(tree, list, last);
    }
}

fn take_list(tree: &Tree<'_>, list: BlockId, entry_: &mut Entry) {
    let mut builder = TextBuilder::new();
    for item in tree.children(list) {
        let Some(paragraph) = tree.first_paragraph(item) else { continue };
        let text = tree.run(paragraph).kept();
        if !builder.as_str().is_empty() {
            builder.escaped(", ", text.span(0..0));
        }
        builder.text(&text, 0..text.len());
        entry_.code |= tree.run(paragraph).has_code();
        entry_.linked |= tree.run(paragraph).has_link();
        if builder.as_str().len() > LONGEST {
            break;
        }
    }
    let text = builder.finish_at(entry_.span.end);
    let taken = entry(&text, 0..0, 0..text.len(), "");
    entry_.value = taken.value;
    entry_.starts = taken.starts;
    entry_.words = taken.words;
    entry_.no_day = taken.no_day;
}

/// The entries of one line: usually one, several where `|` parts them.
fn line(run: Run<'_>, listed: bool, out: &mut Vec<Entry>) {
    let text = run.kept();
    let whole = text.as_str();
    let bold = run.strong().is_some();
    let code = run.leading_code();
    let mut at = 0;
    let before = out.len();
    while at < whole.len() {
        let Some((name, value_start, double)) = key(whole, at, bold) else { break };
        if code.is_some_and(|code| code.contains(text.span(name.end..name.end + 1))) {
            break;
        }
        let (end, next) = next_key(whole, value_start, bold);
        let syntax = match (listed, bold, double) {
            (_, _, true) => "double colon",
            (true, ..) => "bullet",
            (_, true, _) => "bold",
            _ => "line",
        };
        out.push(entry(&text, name, value_start..end, syntax));
        at = next;
    }
    for entry in out.iter_mut().skip(before) {
        entry.code = run.has_code();
        entry.linked = run.has_link();
    }
}

/// Where a value ends and the next key begins: at a bar, else at the line's end.
fn next_key(text: &str, from: usize, bold: bool) -> (usize, usize) {
    let rest = text.get(from..).unwrap_or("");
    let bars = rest.match_indices(['|', '·', '•']).take(20);
    let mut ends = bars.map(|(at, bar)| (from + at, from + at + bar.len()));
    ends.find(|&(_, after)| key(text, after, bold).is_some()).unwrap_or((text.len(), text.len()))
}

/// A key from `from` on: its range, where its value begins, whether two colons follow it.
fn key(text: &str, from: usize, bold: bool) -> Option<(Range<usize>, usize, bool)> {
    let rest = text.get(from..)?;
    let window = rest.char_indices().nth(60).map_or(rest.len(), |(at, _)| at);
    let head = &rest[..window];
    let colon = head.find(':');
    let dash = if bold { head.find(" - ").or_else(|| head.find(" – ")).or_else(|| head.find(" — ")) } else { None };
    let at = match (colon, dash) {
        (Some(colon), Some(dash)) => colon.min(dash),
        (colon, dash) => colon.or(dash)?,
    };
    let name = &rest[..at];
    let after = rest[at..].trim_start_matches(' ');
    let double = after.starts_with("::");
    let after = after.strip_prefix("::").or_else(|| after.strip_prefix([':', '-', '–', '—']))?;
    if !is_key(name) || !(after.is_empty() || after.starts_with(char::is_whitespace)) {
        return None;
    }
    Some((from..from + at, text.len() - after.len(), double))
}

/// One to five words of letters, digits and a few marks.
fn is_key(name: &str) -> bool {
    let count = words(name).count();
    let plain =
        |c: char| c.is_alphanumeric() || c.is_whitespace() || "-_/&'’()#".contains(c) || super::names::is_emoji(c);
    (1..=5).contains(&count) && name.chars().all(plain) && name.contains(char::is_alphabetic)
}

/// The entries of a table: a row of two cells each, or a single row below its heads.
pub(super) fn table(tree: &Tree<'_>, id: BlockId, known: impl Fn(&str) -> bool, out: &mut Vec<Entry>) {
    let rows: Vec<BlockId> = tree.children(id).collect();
    let Some(&head) = rows.first() else { return };
    let columns: Vec<BlockId> = tree.children(head).collect();
    let names: Vec<String> = columns.iter().map(|&cell| normalise(&tree.run(cell).plain())).collect();
    if rows.len() == 2 && names.iter().filter(|name| known(name)).count() * 2 > names.len() {
        for (&name, value) in columns.iter().zip(tree.children(rows[1])) {
            out.push(cells(tree, name, value, "table column"));
        }
        return;
    }
    if columns.len() != 2 {
        return;
    }
    for row in rows {
        let mut row = tree.children(row);
        if let (Some(name), Some(value)) = (row.next(), row.next())
            && !tree.run(name).is_empty()
        {
            out.push(cells(tree, name, value, "table row"));
        }
    }
}

fn cells(tree: &Tree<'_>, name: BlockId, value: BlockId, syntax: &str) -> Entry {
    let mut builder = TextBuilder::new();
    let (left, right) = (tree.run(name).kept(), tree.run(value).kept());
    builder.text(&left, 0..left.len());
    builder.text(&right, 0..right.len());
    let text = builder.finish_at(tree.block(name).span.start);
    let mut entry = entry(&text, 0..left.len(), left.len()..text.len(), syntax);
    entry.code = tree.run(value).has_code();
    entry.linked = tree.run(value).has_link();
    entry
}

/// How many letters a character counts: one of a script that writes syllables or words without blanks says as much as
/// three of an alphabet.
fn width(c: char) -> i64 {
    let syllable =
        matches!(c as u32, 0x1100..0x1200 | 0x3040..0x3100 | 0x3400..0xA000 | 0xAC00..0xD7B0 | 0x2_0000..0x3_2000);
    if syllable { 3 } else { 1 }
}
