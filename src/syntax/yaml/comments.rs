//! Comments, which the parser drops: found between the scalars.

use super::{Document, Kind, Local, Style, Yaml};
use memchr::{memchr, memchr2};

/// Finds the comments of all documents, and those outside of them.
pub(super) fn collect(yaml: &mut Yaml<'_>, text: &str) {
    let mut found = Vec::new();
    let mut at = 0;
    for document in &yaml.documents {
        gap(text, at, document.range.start as usize, &mut found);
        at = in_document(yaml, document, text, &mut found);
    }
    gap(text, at, text.len(), &mut found);
    yaml.comments = found;
}

/// Returns the byte up to which the text has been searched.
fn in_document(yaml: &Yaml<'_>, document: &Document, text: &str, found: &mut Vec<Local>) -> usize {
    let mut at = document.range.start as usize;
    let (first, end) = document.nodes;
    for node in &yaml.nodes[first as usize..end as usize] {
        let Kind::Scalar { style, .. } = node.kind else { continue };
        let range = node.range.range();
        if range.is_empty() {
            continue;
        }
        gap(text, at, range.start, found);
        if matches!(style, Style::Literal | Style::Folded) {
            // The line of the indicator may end with a comment.
            let header = memchr2(b'\n', b'\r', &text.as_bytes()[range.start..range.end]);
            gap(text, range.start, header.map_or(range.end, |len| range.start + len), found);
        }
        at = range.end.max(at);
    }
    let end = document.range.end as usize;
    if document.complete {
        gap(text, at, end, found);
    } else {
        whole_lines(text, at, end, found);
    }
    end
}

/// Comments in a range without scalars.
fn gap(text: &str, from: usize, to: usize, found: &mut Vec<Local>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to
        && let Some(offset) = memchr(b'#', &bytes[at..to])
    {
        let hash = at + offset;
        at = hash + 1;
        if hash == 0 || matches!(bytes[hash - 1], b' ' | b'\t' | b'\n' | b'\r') || text[..hash].ends_with('\u{feff}') {
            at = line_end(bytes, hash);
            found.push(Local::new(hash, at));
        }
    }
}

/// Where nothing is known but lines: only those that are comments as a whole.
fn whole_lines(text: &str, from: usize, to: usize, found: &mut Vec<Local>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to {
        let end = line_end(bytes, at).min(to);
        let indent = text[at..end].len() - text[at..end].trim_start().len();
        let at_line_start = at == 0 || matches!(bytes[at - 1], b'\n' | b'\r');
        if at_line_start && bytes.get(at + indent) == Some(&b'#') && at + indent < end {
            found.push(Local::new(at + indent, end));
        }
        at = end + 1;
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |offset| from + offset)
}
