//! `INSERT INTO users (name, password) VALUES ('a', '…')`: literals in the columns that name a credential.

use super::{Form, Found};
use crate::fact::secret::key_kind;
use std::ops::Range;

pub(super) const WORDS: &[&str] = &["insert into"];

/// How far one statement is read.
const FAR: usize = 8 * 1024;
/// In a wider table no column is looked for.
const COLUMNS: usize = 60;

/// Reads on from an `insert into`; `done` says how far the statement before it was read.
pub(super) fn read(text: &str, place: Range<usize>, done: &mut usize, out: &mut Vec<Found>) {
    if place.start < *done {
        return;
    }
    let limit = text.len().min(place.end + FAR);
    *done = statement(text, place.end, limit, out).unwrap_or(place.end);
}

/// Reads one statement; where its last row ends.
fn statement(text: &str, start: usize, limit: usize, out: &mut Vec<Found>) -> Option<usize> {
    let bytes = text.as_bytes();
    let open = start + memchr::memchr2(b'(', b'\n', &bytes[start..limit])?;
    let (columns, mut at) = cells(bytes, open, limit)?;
    let named: Vec<(usize, &str)> = columns
        .iter()
        .enumerate()
        .filter_map(|(i, range)| Some((i, text.get(range.clone())?.trim_matches(['`', '"', '[', ']']))))
        .filter(|(_, name)| key_kind(name).wants_judging())
        .collect();
    if named.is_empty() {
        return Some(at);
    }
    let values = text.get(at..limit)?.trim_start();
    if !values.get(..6)?.eq_ignore_ascii_case("values") {
        return Some(at);
    }
    at = limit - values.len() + 6;
    loop {
        at = (at..limit).find(|&i| !bytes[i].is_ascii_whitespace() && bytes[i] != b',')?;
        let Some((row, end)) = cells(bytes, at, limit) else { return Some(at) };
        for (index, name) in &named {
            if let Some(value) = row.get(*index).and_then(|range| literal(bytes, range)) {
                out.push(Found::new(*name, value, Form::Pair, key_kind(name)));
            }
        }
        at = end;
    }
}

/// What stands between commas in the parentheses that open here, and where they close.
fn cells(bytes: &[u8], open: usize, limit: usize) -> Option<(Vec<Range<usize>>, usize)> {
    if bytes.get(open) != Some(&b'(') {
        return None;
    }
    let (mut found, mut from, mut depth, mut quote) = (Vec::new(), open + 1, 0usize, None);
    for at in open + 1..limit {
        match (quote, bytes[at]) {
            (Some(mark), b) if b == mark => quote = None,
            (Some(_), _) => {}
            (None, b @ (b'\'' | b'"' | b'`')) => quote = Some(b),
            (None, b'(') => depth += 1,
            (None, b')') if depth > 0 => depth -= 1,
            (None, b @ (b',' | b')')) if depth == 0 => {
                if found.len() == COLUMNS {
                    return None;
                }
                found.push(trimmed(bytes, from..at));
                from = at + 1;
                if b == b')' {
                    return Some((found, at + 1));
                }
            }
            _ => {}
        }
    }
    None
}

fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let inside = &bytes[range.clone()];
    let blanks = inside.iter().take_while(|b| b.is_ascii_whitespace()).count();
    range.start + blanks..range.start + blanks + inside.trim_ascii().len()
}

/// What a cell in quotes says.
fn literal(bytes: &[u8], cell: &Range<usize>) -> Option<Range<usize>> {
    let quoted = cell.len() > 2 && bytes[cell.start] == b'\'' && bytes[cell.end - 1] == b'\'';
    quoted.then(|| cell.start + 1..cell.end - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        let mut done = 0;
        super::super::words::each(text, |reader, _, place| {
            if reader == super::super::words::Reader::Sql {
                read(text, place, &mut done, &mut out);
            }
        });
        out.into_iter().map(|f| &text[f.value]).collect()
    }

    #[test]
    fn columns_name_their_values() {
        // infralint: ignore[secrets/assigned-password] rows of no table
        let text = "INSERT INTO users (name, `password`, age) VALUES ('a', 'x1', 3), ('b, c', 'y(2', 4);";
        assert_eq!(values(text), ["x1", "y(2"]);
        assert_eq!(values("insert into t (api_token)\nvalues ('k')"), ["k"]);
    }

    #[test]
    fn other_columns_and_calls_are_none() {
        for text in [
            "INSERT INTO users (name, password_hash) VALUES ('a', 'x')",
            "INSERT INTO users (password) VALUES (crypt('x', gen_salt('bf')))",
            "INSERT INTO users VALUES ('a', 'x')",
            "INSERT INTO users (password) SELECT 'x'",
            "insert into",
            "INSERT INTO users (password) VALUES ('open",
        ] {
            assert!(values(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn many_statements_take_linear_time() {
        assert!(values(&"INSERT INTO t (password, ".repeat(40_000)).is_empty());
    }
}
