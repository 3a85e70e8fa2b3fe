//! The baseline file: one JSON document with an entry a line, in an order that lines and threads do not change.

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format that this version writes and reads.
const VERSION: u64 = 1;

/// A known finding. It holds no words of the file but the name of the subject, in which secrets are masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Relative to the project root.
    pub path: String,
    /// The rule's id.
    pub rule: String,
    /// The thing it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The finding's own.
    pub fingerprint: String,
    /// How often it occurs.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub count: u32,
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_once(count: &u32) -> bool {
    *count == 1
}

impl Entry {
    /// What is kept of a finding whose path is relative to the root.
    pub fn of(finding: &Diagnostic) -> Self {
        Self {
            path: finding.path.to_string(),
            rule: finding.rule.to_string(),
            subject: finding.subject.as_deref().map(str::to_owned),
            fingerprint: finding.fingerprint.clone(),
            count: 1,
        }
    }
}

/// A baseline file as it was read.
#[derive(Debug)]
pub struct File {
    /// As reports name it.
    pub path: String,
    /// Its text, for places.
    pub source: Source,
    /// What it lists, in its order.
    pub entries: Vec<Entry>,
    /// The line of each entry.
    pub places: Vec<Span>,
}

#[derive(Deserialize)]
struct Head {
    version: u64,
}

#[derive(Deserialize)]
struct Body {
    findings: Vec<Entry>,
}

/// Reads a baseline file.
///
/// # Errors
/// A sentence: it is no such file, is cut short, or comes from a newer version.
pub fn read(path: &str, text: String) -> Result<File, String> {
    let head: Head = serde_json::from_str(&text).map_err(|error| wrong(path, &error))?;
    if head.version != VERSION {
        return Err(format!(
            "{path}: a baseline of version {} was written by another infralint; this one reads version {VERSION}",
            head.version
        ));
    }
    let body: Body = serde_json::from_str(&text).map_err(|error| wrong(path, &error))?;
    let places = places(&text, &body.findings);
    Ok(File { path: path.to_owned(), source: Source::new(text), entries: body.findings, places })
}

fn wrong(path: &str, error: &serde_json::Error) -> String {
    let place = format!("{path}:{}:{}", error.line().max(1), error.column().max(1));
    let what = match error.classify() {
        serde_json::error::Category::Eof => "the baseline is cut short".to_owned(),
        _ => {
            // Its own words end with the place, which stands in front already.
            let text = error.to_string();
            let words = text.rsplit_once(" at line ").map_or(&*text, |(words, _)| words);
            format!("this is no baseline: {words}")
        }
    };
    format!("{place}: {what}")
}

/// The line on which each entry's fingerprint stands.
fn places(text: &str, entries: &[Entry]) -> Vec<Span> {
    let mut from = 0;
    let place = |entry: &Entry| {
        let Some(at) = memchr::memmem::find(&text.as_bytes()[from..], entry.fingerprint.as_bytes()) else {
            return Span::default();
        };
        let at = from + at;
        from = at + entry.fingerprint.len();
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        let line = &text[start..end];
        let start = start + line.len() - line.trim_start().len();
        Span::new(start, start + line.trim().trim_end_matches(',').len())
    };
    entries.iter().map(place).collect()
}

/// The text of a baseline file: entries sorted by path, rule and subject, equal ones counted.
pub fn write(entries: impl IntoIterator<Item = Entry>) -> String {
    let mut counts: BTreeMap<Entry, u32> = BTreeMap::new();
    for entry in entries.into_iter().filter(|entry| entry.count > 0) {
        *counts.entry(Entry { count: 0, ..entry.clone() }).or_default() += entry.count;
    }
    let lines: Vec<String> =
        counts.into_iter().filter_map(|(entry, count)| serde_json::to_string(&Entry { count, ..entry }).ok()).collect();
    let separator = if lines.is_empty() { "" } else { "\n" };
    format!("{{\"version\":{VERSION},\"findings\":[{separator}{}{separator}]}}\n", lines.join(",\n"))
}
