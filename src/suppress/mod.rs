//! Suppression comments: which findings they silence, and what is wrong with the comments themselves.

mod apply;
mod comment;
mod fault;
mod places;
#[cfg(test)]
mod tests;

pub use fault::Fault;

use crate::diagnostic::Range;
use crate::rule::library::Library;
use crate::rule::select::Selected;
use crate::syntax::Kind;
use crate::text::{Source, Span, Text};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// Comments of one file that count; whoever writes more means no harm to be done by them.
const MOST: usize = 5_000;

/// The suppression comments of one file. Owned and small: they outlive the file's text and trees.
#[derive(Debug, Default)]
pub struct FileSuppressions {
    comments: Vec<Comment>,
    today: Date,
}

/// One comment.
#[derive(Debug)]
struct Comment {
    /// From `infralint:` to its end.
    place: Range,
    text: Box<str>,
    scope: Scope,
    entries: Vec<Entry>,
    reason: Option<Box<str>>,
    until: Option<(Date, Range)>,
    /// It then suppresses nothing.
    malformed: Option<(Range, String)>,
    embedded: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    File,
    /// Both included; nothing where the first is the greater.
    Lines(u32, u32),
}

/// One name in the brackets.
#[derive(Debug)]
struct Entry {
    place: Range,
    written: Box<str>,
    /// What it names; the reason why it names nothing otherwise.
    targets: Result<Arc<[Selected]>, Box<str>>,
    /// Whether it has silenced a finding.
    used: bool,
    /// Whether it met a finding that may not be silenced.
    refused: bool,
}

impl FileSuppressions {
    /// Finds the comments of a file. `today` is the day on which they are judged, in UTC.
    pub fn read(source: &Source, kind: Kind, library: &Library, today: Date) -> Self {
        let mut names = Names { library, known: HashMap::new() };
        let mut comments: Vec<Comment> = Vec::new();
        places::find(source, kind, &mut |found| {
            comments.extend(Comment::read(&found, source, &mut names));
        });
        comments.sort_by_key(|comment| comment.place.start.offset);
        comments.truncate(MOST);
        Self { comments, today }
    }

    /// Every place that a fault can have.
    pub fn places(&self) -> impl Iterator<Item = Range> + '_ {
        self.comments.iter().flat_map(|comment| {
            let entries = comment.entries.iter().map(|entry| entry.place);
            let others = comment.until.iter().map(|(_, place)| *place);
            let malformed = comment.malformed.iter().map(|(place, _)| *place);
            entries.chain(others).chain(malformed).chain([comment.place])
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }
}

impl Comment {
    fn read(found: &places::Found<'_>, source: &Source, names: &mut Names<'_>) -> Option<Self> {
        let body = &found.body;
        let written = comment::read(body.as_str())?;
        let place = |range| place(body, range, source);
        let entry = |range: &std::ops::Range<usize>| Entry {
            place: place(range.clone()),
            written: Box::from(&body.as_str()[range.clone()]),
            targets: names.find(&body.as_str()[range.clone()]),
            used: false,
            refused: false,
        };
        let line = body.as_str().lines().next().unwrap_or("").trim_end();
        Some(Self {
            place: place(0..line.len()),
            text: Box::from(line),
            scope: if written.file { Scope::File } else { Scope::Lines(found.lines.0, found.lines.1) },
            entries: written.entries.iter().map(entry).collect(),
            reason: (!written.reason.is_empty()).then(|| Box::from(written.reason.as_str())),
            until: written.until.map(|(day, range)| (day, place(range))),
            malformed: written.fault.map(|(range, message)| (place(range), message)),
            embedded: found.embedded,
        })
    }

    /// The last day that it counts lies behind.
    fn expired(&self, today: Date) -> bool {
        self.until.as_ref().is_some_and(|(day, _)| *day < today)
    }

    /// Whether it may silence anything.
    fn counts(&self, today: Date) -> bool {
        self.malformed.is_none() && !self.expired(today)
    }
}

fn place(body: &Text<'_>, range: std::ops::Range<usize>, source: &Source) -> Range {
    let Span { start, end } = body.span(range);
    Range { start: source.position(start), end: source.position(end) }
}

/// Looks names up, each once.
struct Names<'l> {
    library: &'l Library,
    known: HashMap<String, Result<Arc<[Selected]>, Box<str>>>,
}

impl Names<'_> {
    fn find(&mut self, name: &str) -> Result<Arc<[Selected]>, Box<str>> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let found = self.library.index.find(name, &self.library.rules);
        let result = found.map(|mut targets| {
            targets.sort_unstable();
            Arc::from(targets)
        });
        let result = result.map_err(String::into_boxed_str);
        self.known.insert(name.to_owned(), result.clone());
        result
    }
}
