//! Where suppression comments stand, and which lines each of them covers, language by language.

mod dockerfile;
mod lines;
mod markdown;
mod yaml;

use super::comment::PREFIX;
use crate::syntax::Kind;
use crate::text::{LineIndex, Source, Text};

/// Lines of the host file, both included; 1-based. `first > last` covers nothing.
pub(super) type Lines = (u32, u32);

/// What a comment without anything behind it covers.
const NOTHING: Lines = (1, 0);

/// A comment of ours.
pub(super) struct Found<'t> {
    /// From `infralint:` on.
    pub(super) body: Text<'t>,
    /// What it covers unless it speaks of the whole file.
    pub(super) lines: Lines,
    /// Whether it stands in a fenced block of a document.
    pub(super) embedded: bool,
}

/// Takes comments as they are found, in any order.
type Sink<'s> = &'s mut dyn FnMut(Found<'_>);

/// Finds the comments of a file.
pub(super) fn find(source: &Source, kind: Kind, sink: Sink<'_>) {
    if memchr::memmem::find(source.text().as_bytes(), PREFIX.as_bytes()).is_none() {
        return;
    }
    let whole = Text::whole(source.text());
    match kind {
        Kind::Markdown => markdown::find(source, sink),
        kind => part(&Part::new(&whole, source, false), kind, sink),
    }
}

/// Finds the comments of a part: a whole file, a fence, a frontmatter.
fn part(part: &Part<'_>, kind: Kind, sink: Sink<'_>) {
    match kind {
        Kind::Dockerfile => dockerfile::find(part, sink),
        kind if kind.is_yaml() => {
            let template = matches!(kind, Kind::HelmTemplate | Kind::GoTemplate);
            yaml::find(part, template, sink);
        }
        _ => lines::find(part, sink),
    }
}

/// A text of one language, line by line.
struct Part<'p> {
    text: &'p Text<'p>,
    source: &'p Source,
    lines: LineIndex,
    /// Lines of the host before its first one.
    before: u32,
    embedded: bool,
}

impl<'p> Part<'p> {
    fn new(text: &'p Text<'p>, source: &'p Source, embedded: bool) -> Self {
        let start = text.as_str().chars().next().map_or(0, |c| text.span(0..c.len_utf8()).start);
        let before = source.lines().line_of(start) - 1;
        Self { text, source, lines: LineIndex::new(text.as_str()), before, embedded }
    }

    fn line_count(&self) -> u32 {
        self.lines.line_count()
    }

    fn line(&self, number: u32) -> &'p str {
        let text = self.text.as_str();
        text.get(self.lines.line_range(number, text)).unwrap_or("")
    }

    /// The part's line that holds a byte of the host.
    fn line_at(&self, host: u32) -> u32 {
        self.source.lines().line_of(host).saturating_sub(self.before).max(1)
    }

    /// Hands on a comment whose text stands at this byte of the host, if it is one of ours.
    fn offer(&self, comment: &str, start: u32, lines: Lines, sink: Sink<'_>) {
        let Some(at) = body_at(comment) else { return };
        let lines = (lines.0 + self.before, lines.1 + self.before);
        sink(Found { body: Text::at(&comment[at..], start + at as u32), lines, embedded: self.embedded });
    }
}

/// Where the text of a comment of ours begins, behind what opens a comment.
fn body_at(comment: &str) -> Option<usize> {
    let rest = comment.trim_start_matches(['#', '/', ';', '-', '*', '<', '!']).trim_start();
    rest.starts_with(PREFIX).then(|| comment.len() - rest.len())
}

/// The next line that counts, for comments that are asked about from the last to the first: comments above
/// each other share what was found below them.
#[derive(Default)]
struct Next {
    asked: u32,
    answer: Option<u32>,
}

impl Next {
    fn behind(&mut self, line: u32, count: u32, counts: impl Fn(u32) -> bool) -> Option<u32> {
        let mut found = None;
        for candidate in line + 1..=count {
            if candidate == self.asked {
                found = self.answer;
                break;
            }
            if counts(candidate) {
                found = Some(candidate);
                break;
            }
        }
        (self.asked, self.answer) = (line, found);
        found
    }
}
