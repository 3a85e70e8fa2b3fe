//! Where suppression comments stand, and which lines each of them covers, language by language.

mod dockerfile;
mod lines;
mod markdown;
mod wide;
mod yaml;

use super::comment::PREFIX;
use super::peers::{self, Asked, Over, Toggles};
use crate::syntax::Kind;
use crate::text::{LineIndex, Source, Span, Text};

/// Lines of the host file, both included; 1-based. `first > last` covers nothing.
pub(super) type Lines = (u32, u32);

/// What a comment without anything behind it covers.
const NOTHING: Lines = (1, 0);

/// All lines.
const FILE: Lines = (0, u32::MAX);

/// A comment that may silence something.
pub(super) enum Found<'t> {
    /// One of ours.
    Ours(Ours<'t>),
    /// One of another tool's.
    Peer(Peer),
}

/// A comment of ours.
pub(super) struct Ours<'t> {
    /// From `infralint:` on.
    pub(super) body: Text<'t>,
    /// What it covers unless it speaks of the whole file.
    pub(super) lines: Lines,
    /// Whether it stands in a fenced block of a document.
    pub(super) embedded: bool,
}

/// What a comment of another tool's silences.
pub(super) struct Peer {
    pub(super) asked: Asked,
    /// Names that are not meant where all are.
    pub(super) except: Vec<String>,
    /// What it covers.
    pub(super) lines: Lines,
    /// Where it stands.
    pub(super) at: Span,
    /// Whether it also counts anywhere within a finding of several lines.
    pub(super) touches: bool,
    pub(super) embedded: bool,
}

/// Takes comments as they are found, in any order.
type Sink<'s> = &'s mut dyn FnMut(Found<'_>);

/// Finds the comments of a file.
pub(super) fn find(source: &Source, kind: Kind, sink: Sink<'_>) {
    let theirs = peers::are_in(source.text());
    if !theirs && memchr::memmem::find(source.text().as_bytes(), PREFIX.as_bytes()).is_none() {
        return;
    }
    if theirs {
        bare(source, sink);
    }
    let whole = Text::whole(source.text());
    match kind {
        Kind::Markdown => markdown::find(source, sink),
        kind => part(&Part::new(&whole, source, false), kind, sink),
    }
}

/// Marks that count in the bare line, whatever the language.
fn bare(source: &Source, sink: Sink<'_>) {
    let mut toggles = Toggles::default();
    peers::lines(source, &mut toggles, &mut |asked, line, range| {
        let lines = match (asked.over, asked.tools) {
            (Over::NextLine, _) => (line + 1, line + 1),
            (Over::Own, ["checkov"]) => (line.saturating_sub(1), line + 1),
            (Over::Own, _) => (line, line + 1),
            _ => (line, line),
        };
        let touches = asked.over == Over::Line;
        let at = Span::new(range.start, range.end);
        sink(Found::Peer(Peer { asked, except: Vec::new(), lines, at, touches, embedded: false }));
    });
    let last = source.lines().line_count();
    toggled(&mut toggles, &["secretlint"], last, false, &|line| source.lines().line_start(line), sink);
}

/// Hands on what a tool was told from some line on.
fn toggled(
    toggles: &mut Toggles,
    tools: &'static [&'static str],
    last: u32,
    embedded: bool,
    start_of: &dyn Fn(u32) -> u32,
    sink: Sink<'_>,
) {
    let ranges = toggles.ranges(last);
    for off in ranges {
        let start = start_of(off.by.max(1));
        let except = if off.id.is_none() { toggles.names() } else { Vec::new() };
        let all = if tools == ["secretlint"] { peers::Ids::Secrets } else { peers::Ids::All };
        let ids = off.id.map_or(all, |id| peers::Ids::Named(vec![id]));
        let asked = Asked::new(tools, ids, Over::File);
        let (lines, at) = ((off.first, off.last), Span { start, end: start });
        sink(Found::Peer(Peer { asked, except, lines, at, touches: false, embedded }));
    }
}

/// Finds the comments of a part: a whole file, a fence, a frontmatter.
fn part(part: &Part<'_>, kind: Kind, sink: Sink<'_>) {
    match kind {
        Kind::Dockerfile => dockerfile::find(part, sink),
        kind if kind.is_yaml() => yaml::find(part, kind, sink),
        kind => lines::find(part, kind, sink),
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

    /// Hands on a comment whose text stands at this byte of the host, if it silences something. `wide` tells the
    /// lines of larger things that it stands in.
    fn offer(&self, comment: &str, at: At, wide: &dyn Fn(Over) -> Lines, sink: Sink<'_>) {
        if let Some(from) = body_at(comment) {
            let body = Text::at(&comment[from..], at.start + from as u32);
            return sink(Found::Ours(Ours { body, lines: self.host(at.lines), embedded: self.embedded }));
        }
        let text = content(comment);
        for asked in peers::read(text, at.kind, at.top) {
            let lines = match asked.over {
                // Between the lines of an instruction no other tool looks for comments.
                Over::Own if !at.begins => NOTHING,
                Over::Own => at.lines,
                Over::Following if at.begins && at.lines.0 == at.line + 1 => at.lines,
                Over::Following => NOTHING,
                Over::Line => (at.line, at.line),
                Over::NextLine => (at.line + 1, at.line + 1),
                Over::File => (1, self.line_count()),
                over => wide(over),
            };
            let lines = if asked.over == Over::File && !self.embedded { FILE } else { self.host(lines) };
            let span = Span { start: at.start, end: at.start + comment.len() as u32 };
            let touches = asked.over == Over::Step;
            sink(Found::Peer(Peer { asked, except: Vec::new(), lines, at: span, touches, embedded: self.embedded }));
        }
    }

    /// Lines of the host.
    fn host(&self, lines: Lines) -> Lines {
        if lines == NOTHING { NOTHING } else { (lines.0 + self.before, lines.1 + self.before) }
    }
}

/// Where a comment stands in its part.
#[derive(Clone, Copy)]
struct At {
    /// The byte of the host.
    start: u32,
    /// Its line.
    line: u32,
    /// What a comment of ours would cover there.
    lines: Lines,
    /// Whether an instruction or entry begins with these lines, rather than goes on.
    begins: bool,
    /// Whether it stands where comments that count at the top only have to: a parser directive, or the first line.
    top: bool,
    kind: Kind,
}

/// Whether a comment may be one of ours or of a peer's.
fn may_count(comment: &str) -> bool {
    body_at(comment).is_some() || peers::are_in(comment)
}

/// A comment without what opens it.
fn content(comment: &str) -> &str {
    comment.trim_start_matches(['#', '/', ';', '-', '*', '<', '!']).trim()
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
