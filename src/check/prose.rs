//! Checks that count or compare words of documents.

use super::{Hit, Native, Options};
use crate::fact::document::{Document, Row, Table};
use crate::fact::value::Field;
use crate::fact::{Facts, Subject};
use crate::text::Span;

/// The checks of this module.
pub(super) const NATIVES: &[Native] = &[
    Native {
        name: "prose::phrases",
        subjects: &["docs.infra"],
        arguments: &["number", "words", "first"],
        run: phrases,
    },
    Native { name: "prose::approval", subjects: &["design.document"], arguments: &["name", "approval"], run: approval },
];

fn hit(subject: &Subject, span: Span) -> Hit {
    Hit { span, label: subject.label.clone(), embedded: subject.embedded, ..Hit::default() }
}

/// More phrases of a list than so many in a thousand words.
fn phrases(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    let (list, most) = (options.list("phrases"), options.number("most").unwrap_or(0.0));
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| *subject.name == *"docs.infra") {
        // Lower case keeps the length of these bytes, and so their places.
        let text = document.prose.as_str().to_ascii_lowercase();
        let words = text.split_whitespace().count();
        let mut found: Vec<(usize, usize)> = Vec::new();
        for phrase in list.iter().filter(|phrase| !phrase.is_empty()) {
            let phrase = phrase.to_ascii_lowercase();
            let whole = |at: usize| {
                let glued = |c: char| c.is_alphanumeric();
                !text[..at].ends_with(glued) && !text[at + phrase.len()..].starts_with(glued)
            };
            found.extend(text.match_indices(&phrase).filter(|(at, _)| whole(*at)).map(|(at, _)| (at, phrase.len())));
        }
        found.sort_unstable();
        let Some(&(at, len)) = found.first() else { continue };
        if found.len() as f64 * 1000.0 > most * words.max(1000) as f64 {
            let first = document.prose.as_str().get(at..at + len).unwrap_or("").to_owned();
            let arguments = vec![("number", found.len().to_string()), ("words", words.to_string()), ("first", first)];
            out.push(Hit { arguments, ..hit(subject, document.prose.span(at..at + len)) });
        }
    }
}

/// Words that say that somebody has to agree.
const AGREED: [&str; 12] = [
    "required",
    "yes",
    "manual",
    "approval",
    "approver",
    "approved",
    "reviewer",
    "must",
    "mandatory",
    "needed",
    "lead",
    "owner",
];

/// A row of production in a table of approvals that asks for none.
fn approval(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| *subject.name == *"design.document") {
        for table in &document.tables {
            let Some(column) = column(table, "approval") else { continue };
            for row in table.rows.iter().filter(|row| row.name == "production" || row.name == "prod") {
                let Some((place, said)) = unapproved(row, column) else { continue };
                let arguments = vec![("name", row.name.clone()), ("approval", said)];
                out.push(Hit { arguments, ..hit(subject, place) });
            }
        }
    }
}

fn column(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.value == name || column.value == format!("{name}s"))
}

/// Where a row says that nobody has to agree, and how it says so.
fn unapproved(row: &Row, column: usize) -> Option<(Span, String)> {
    match row.cells.get(column)? {
        Field::Known(cell) => {
            let lower = cell.value.to_lowercase();
            let words: Vec<&str> =
                lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let denied = words.iter().any(|word| matches!(*word, "none" | "no" | "not" | "automatic" | "without"));
            let agreed =
                words.iter().any(|word| AGREED.contains(word)) || words.iter().any(|word| word.ends_with("team"));
            (denied || words.is_empty() || !agreed).then(|| (cell.span, cell.value.clone()))
        }
        Field::Absent => Some((row.span, "nothing".to_owned())),
        Field::Unknown(_) => None,
    }
}
