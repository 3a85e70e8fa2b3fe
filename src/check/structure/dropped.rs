//! Sections that a document says do not apply to it: it need not have them.

use crate::fact::document::{Document, normalise};

/// What a document lists in a field of its header or below a heading of one of these names, compared like headings.
pub(super) fn listed(document: &Document, names: &[String]) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let fields = document.fields.iter().filter(|field| names.contains(&field.name));
    let fields = fields.filter_map(|field| field.value.known().map(String::as_str));
    let sections = document.sections.iter().filter(|section| names.contains(&section.name));
    let sections = sections.flat_map(|section| section.text.as_str().lines());
    let parts = fields.flat_map(|value| value.split([',', ';', '\n'])).chain(sections.flat_map(|line| line.split(';')));
    parts.map(normalise).filter(|part| !part.is_empty()).collect()
}

/// Whether a section of one of these names is listed: alone, or before a reason.
pub(super) fn is_listed(listed: &[String], names: &[String]) -> bool {
    let begins = |part: &String, name: &String| {
        let rest = part.strip_prefix(name.trim_end_matches('*').trim_end());
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    listed.iter().any(|part| names.iter().any(|name| begins(part, name)))
}
