//! Suppression comments: which findings they silence, and what is wrong with the comments themselves.

mod apply;
mod comment;
mod fault;
mod peers;
mod places;
#[cfg(test)]
mod tests;

pub use fault::{Fault, ends_soon};

use crate::diagnostic::Range;
use crate::rule::library::Library;
use crate::rule::select::Selected;
use crate::syntax::Kind;
use crate::text::{Source, Span, Text};
use jiff::civil::Date;
use peers::{Asked, Ids};
use places::{Found, Ours, Peer};
use std::collections::HashMap;
use std::sync::Arc;

/// Comments of one file that count; whoever writes more means no harm to be done by them.
const MOST: usize = 5_000;
/// Names in one file for which a nearer one is looked for.
const SUGGESTED: usize = 50;

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
    /// Another tool's: whatever it says is no fault of it.
    peer: bool,
    /// Its own line, if it also counts anywhere within a finding of several lines.
    touches: Option<u32>,
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
        let (mut comments, mut theirs): (Vec<Comment>, Vec<Comment>) = (Vec::new(), Vec::new());
        let mut entries = 0;
        places::find(source, kind, &mut |found| match found {
            Found::Ours(found) if entries < MOST => {
                let comment = Comment::read(&found, source, &mut names);
                entries += comment.as_ref().map_or(0, |comment| comment.entries.len());
                comments.extend(comment);
            }
            Found::Peer(found) if theirs.len() < MOST => theirs.extend(Comment::peer(found, source, &mut names)),
            _ => {}
        });
        comments.append(&mut theirs);
        comments.sort_by_key(|comment| comment.place.start.offset);
        Self { comments, today }
    }

    /// Every place that a fault can have.
    pub fn places(&self) -> impl Iterator<Item = Range> + '_ {
        self.comments.iter().filter(|comment| !comment.peer).flat_map(|comment| {
            let entries = comment.entries.iter().map(|entry| entry.place);
            let others = comment.until.iter().map(|(_, place)| *place);
            let malformed = comment.malformed.iter().map(|(place, _)| *place);
            entries.chain(others).chain(malformed).chain([comment.place])
        })
    }

    /// Takes secrets out of all that may be said of the comments.
    pub fn clean(&mut self, clean: &dyn Fn(String) -> String) {
        let clean = |text: &mut Box<str>| *text = clean(std::mem::take(text).into_string()).into_boxed_str();
        for comment in &mut self.comments {
            clean(&mut comment.text);
            comment.reason.iter_mut().for_each(clean);
            for entry in &mut comment.entries {
                clean(&mut entry.written);
                entry.targets.as_mut().err().into_iter().for_each(clean);
            }
            if let Some((_, message)) = &mut comment.malformed {
                let mut text = std::mem::take(message).into_boxed_str();
                clean(&mut text);
                *message = text.into_string();
            }
        }
    }

    /// Whether some comment silences a rule, or a variant of it, on a line.
    pub fn covers(&self, line: u32, target: Selected) -> bool {
        let here = |comment: &&Comment| (comment.first()..=comment.last()).contains(&line);
        let counting = self.comments.iter().filter(|comment| comment.counts(self.today)).filter(here);
        counting.flat_map(|comment| &comment.entries).any(|entry| apply::names(entry, target))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }
}

impl Comment {
    fn read(found: &Ours<'_>, source: &Source, names: &mut Names<'_>) -> Option<Self> {
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
            peer: false,
            touches: None,
        })
    }

    /// Nothing where it names no rule that we have.
    fn peer(found: Peer, source: &Source, names: &mut Names<'_>) -> Option<Self> {
        let targets = names.peer(&found.asked, &found.except);
        if targets.is_empty() || found.lines.0 > found.lines.1 {
            return None;
        }
        let position = |offset: u32| source.position(offset);
        let place = Range { start: position(found.at.start), end: position(found.at.end) };
        let text: Box<str> = source.slice(found.at).lines().next().unwrap_or("").trim_end().into();
        let entry = Entry { place, written: text.clone(), targets: Ok(targets), used: false, refused: false };
        Some(Self {
            place,
            text,
            scope: Scope::Lines(found.lines.0, found.lines.1),
            entries: vec![entry],
            reason: found.asked.reason.map(String::into_boxed_str),
            until: found.asked.until.map(|day| (day, place)),
            malformed: None,
            embedded: found.embedded,
            peer: true,
            touches: found.touches.then_some(place.start.line),
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
        // Suggestions for many names that nothing has would take their time and help nobody.
        let known = self.known.len() < SUGGESTED || self.library.index.has(name);
        let found = match known {
            true => self.library.index.find(name, &self.library.rules),
            false => Err(format!("no rule, pack or alias is called `{name}`")),
        };
        let result = found.map(|mut targets| {
            targets.sort_unstable();
            Arc::from(targets)
        });
        let result = result.map_err(String::into_boxed_str);
        self.known.insert(name.to_owned(), result.clone());
        result
    }

    /// What another tool's names mean here; those that mean nothing are passed over.
    fn peer(&mut self, asked: &Asked, except: &[String]) -> Arc<[Selected]> {
        let mut found = match &asked.ids {
            Ids::Named(ids) => ids.iter().flat_map(|id| self.alias(asked.tools, id)).collect(),
            Ids::All => self.tools(asked.tools),
            Ids::Secrets => {
                let secrets = self.find("secrets").unwrap_or_else(|_| Arc::from([]));
                let mut all = self.tools(asked.tools);
                all.extend(secrets.iter().copied());
                all
            }
        };
        if !except.is_empty() {
            let but: Vec<Selected> = except.iter().flat_map(|id| self.alias(asked.tools, id)).collect();
            found.retain(|target| !but.contains(target));
        }
        found.sort_unstable();
        found.dedup();
        Arc::from(found)
    }

    fn alias(&self, tools: &[&str], id: &str) -> Vec<Selected> {
        let index = &self.library.index;
        if let Some((tool, bare)) = id.split_once('/') {
            let tool = if tool == "buildkit" { "docker" } else { tool };
            return index.alias_of(tool, bare).to_vec();
        }
        tools.iter().flat_map(|tool| index.alias_of(tool, id)).copied().collect()
    }

    fn tools(&mut self, tools: &[&str]) -> Vec<Selected> {
        let of = |tool: &&str| self.library.index.of_tool(tool);
        tools.iter().flat_map(of).collect()
    }
}
