//! YAML: a comment covers its line; alone on its line the next mapping entry with all below it, the next list
//! item, or the document whose marker follows. Extents go by indentation, so they hold in templates too; the
//! tree adds what indentation does not show.

use super::wide::Wide;
use super::{At, Found, Lines, NOTHING, Next, Part, Peer, Sink};
use crate::suppress::peers::{self, Act, Asked, Ids, Over, Toggles};
use crate::syntax::Kind;
use crate::syntax::yaml::{Yaml, prepare};
use crate::text::Span;
use std::cell::OnceCell;

pub(super) fn find(part: &Part<'_>, kind: Kind, sink: Sink<'_>) {
    let template = matches!(kind, Kind::HelmTemplate | Kind::GoTemplate);
    let prepared = prepare(part.text, template);
    let yaml = Yaml::parse_prepared(&prepared);
    let comments: Vec<_> = yaml.comments().filter(|c| super::may_count(c.text)).collect();
    let mut layout = Layout::new(part, template);
    let mut next = Next::default();
    let mut toggles = Toggles::default();
    let wide = OnceCell::new();
    let wide = || wide.get_or_init(|| Wide::new(&yaml, part));
    for comment in comments.iter().rev() {
        let line = part.line_at(comment.span.start);
        let alone = layout.at(line).0 == Line::Comment;
        if let Some((word, ids)) = peers::yamllint(comment.text) {
            let (lines, span) = match (word, alone) {
                ("disable-line", false) => ((line, line), comment.span),
                ("disable-line", true) => ((line + 1, line + 1), comment.span),
                ("disable-file", _) if line == 1 => ((1, part.line_count()), comment.span),
                ("disable", _) => {
                    toggles.add(line, Act::Off(ids));
                    continue;
                }
                ("enable", _) => {
                    toggles.add(line, Act::On(ids));
                    continue;
                }
                _ => continue,
            };
            let ids = if word == "disable-file" { Ids::All } else { ids };
            peer(part, Asked::new(YAMLLINT, ids, Over::Line), lines, span, sink);
            continue;
        }
        let lines = match alone {
            false => (line, line),
            true => match next.behind(line, part.line_count(), |n| layout.counts(n)) {
                Some(target) => layout.extent(target, &yaml),
                None => NOTHING,
            },
        };
        let own = if alone { lines } else { layout.extent(line, &yaml) };
        let wider = |over| match over {
            Over::Step => wide().step(line).unwrap_or((own.0.min(line), own.1)),
            _ => wide().block(line),
        };
        let at = At { start: comment.span.start, line, lines, begins: true, top: line == 1, kind };
        part.offer(comment.text, at, &wider, sink);
    }
    for (key, value, lines) in wide_annotations(part, &yaml, &wide) {
        if let Some(asked) = peers::annotation(&key, &value) {
            peer(part, asked, lines.0, lines.1, sink);
        }
    }
    let start = |line: u32| part.text.span(part.lines.line_start(line) as usize..part.text.as_str().len()).start;
    // Lines of the part become those of the host.
    super::toggled(&mut toggles, YAMLLINT, part.line_count(), part.embedded, &start, &mut |found| match found {
        Found::Peer(found) => sink(Found::Peer(Peer { lines: part.host(found.lines), ..found })),
        ours => sink(ours),
    });
}

const YAMLLINT: &[&str] = &["yamllint"];

fn peer(part: &Part<'_>, asked: Asked, lines: Lines, at: Span, sink: Sink<'_>) {
    let (lines, embedded) = (part.host(lines), part.embedded);
    sink(Found::Peer(Peer { asked, except: Vec::new(), lines, at, touches: false, embedded }));
}

/// Annotations that may silence something, with the lines of their object and their own place.
fn wide_annotations<'w>(
    part: &Part<'_>,
    yaml: &Yaml<'_>,
    wide: &dyn Fn() -> &'w Wide,
) -> Vec<(String, String, (Lines, Span))> {
    if ["kube-linter.io/", "checkov.io/", "bridgecrew.io/", "cortex.io/"]
        .iter()
        .all(|mark| memchr::memmem::find(part.text.as_str().as_bytes(), mark.as_bytes()).is_none())
    {
        return Vec::new();
    }
    let found = super::wide::annotations(yaml);
    let place = |span: Span| (wide().object(part.line_at(span.start)), span);
    found.into_iter().map(|(key, value, span)| (key, value, place(span))).collect()
}

/// What a line holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Blank,
    Comment,
    /// Nothing but a template action.
    Action,
    /// `%YAML 1.2`.
    Directive,
    /// `---`, perhaps with something behind it.
    Marker,
    /// `...`
    End,
    /// `- …`
    Item,
    Other,
}

struct Layout<'p> {
    part: &'p Part<'p>,
    /// What each line holds, and by how much it is indented.
    lines: Vec<(Line, u32)>,
    /// Where all nodes stand, in their order; collected when first asked for.
    nodes: Vec<Span>,
    /// The line that was asked about last, and its extent.
    known: (u32, Lines),
}

impl<'p> Layout<'p> {
    fn new(part: &'p Part<'p>, template: bool) -> Self {
        let lines = (1..=part.line_count()).map(|number| describe(part.line(number), template)).collect();
        Self { part, lines, nodes: Vec::new(), known: (0, NOTHING) }
    }

    fn at(&self, line: u32) -> (Line, u32) {
        self.lines.get(line as usize - 1).copied().unwrap_or((Line::Blank, 0))
    }

    /// Whether the line holds something that a comment can be about.
    fn counts(&self, line: u32) -> bool {
        matches!(self.at(line).0, Line::Marker | Line::End | Line::Item | Line::Other)
    }

    fn extent(&mut self, line: u32, yaml: &Yaml<'_>) -> Lines {
        if self.known.0 != line {
            let last = match self.at(line).0 {
                Line::Marker => self.document(line),
                _ => self.indented(line).max(self.written(line, yaml)),
            };
            self.known = (line, (line, last));
        }
        self.known.1
    }

    /// Up to the line before the next document.
    fn document(&self, line: u32) -> u32 {
        let ends = |n: &u32| matches!(self.at(*n).0, Line::Marker | Line::End);
        (line + 1..=self.part.line_count()).find(ends).unwrap_or(self.part.line_count() + 1) - 1
    }

    /// The last line that is indented more, or is an item of a list that stands right below its key.
    fn indented(&self, line: u32) -> u32 {
        let (first, indent) = self.at(line);
        let mut last = line;
        for number in line + 1..=self.part.line_count() {
            let (kind, own) = self.at(number);
            let deeper = own > indent;
            match kind {
                Line::Blank => {}
                _ if deeper => last = number,
                Line::Comment | Line::Action => {}
                Line::Item if first != Line::Item && own == indent => last = number,
                _ => break,
            }
        }
        last
    }

    /// The last line of the nodes that begin on this line behind its first word; the mapping or sequence that
    /// begins with the word itself is the neighbours' too.
    fn written(&mut self, line: u32, yaml: &Yaml<'_>) -> u32 {
        if self.nodes.is_empty() {
            let nodes = yaml.documents.iter().flat_map(|document| yaml.nodes_of(document));
            self.nodes = nodes.map(|node| node.span()).collect();
        }
        let text = self.part.text.as_str();
        let range = self.part.lines.line_range(line, text);
        let begin = range.start + self.at(line).1 as usize;
        let first = self.part.text.span(begin..range.end);
        let from = self.nodes.partition_point(|node| node.start <= first.start);
        let here = self.nodes[from..].iter().take_while(|node| node.start < first.end);
        here.map(|node| self.part.line_at(node.end.saturating_sub(1).max(node.start))).max().unwrap_or(line)
    }
}

fn describe(line: &str, template: bool) -> (Line, u32) {
    let line = line.trim_start_matches('\u{feff}');
    let content = line.trim_start_matches(' ');
    let indent = (line.len() - content.len()) as u32;
    let content = content.trim();
    let opens = |mark: &str, text: &str| {
        text.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    let kind = match content.bytes().next() {
        None => Line::Blank,
        Some(b'#') => Line::Comment,
        Some(b'%') if indent == 0 => Line::Directive,
        Some(b'{') if template && content.starts_with("{{") && content.ends_with("}}") => Line::Action,
        _ if indent == 0 && opens("---", content) => Line::Marker,
        _ if indent == 0 && opens("...", content) => Line::End,
        _ if opens("-", content) => Line::Item,
        _ => Line::Other,
    };
    (kind, indent)
}
