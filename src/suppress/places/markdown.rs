//! Markdown: HTML comments outside fences cover their line, or the next block (a heading: its section; a fence:
//! everything in it); within a fence the comments of the fence's own language.

use super::{FILE, Found, Lines, NOTHING, Ours, Part, Peer, Sink};
use crate::suppress::peers::{self, Asked, Over, Said, Toggles};
use crate::syntax::Kind;
use crate::syntax::markdown::{BlockId, BlockKind, Document, parse};
use crate::text::{Source, Span, Text};

const TOOLS: &[&str] = &["markdownlint", "rumdl"];

pub(super) fn find(source: &Source, sink: Sink<'_>) {
    let document = parse(source.text());
    if let Some(front) = document.frontmatter() {
        let text = Text::at(source.slice(front.content), front.content.start);
        super::part(&Part::new(&text, source, false), Kind::YamlOther, sink);
    }
    for code in document.codes().filter(|code| code.fenced) {
        let text = code.content();
        super::part(&Part::new(&text, source, true), language(code.language()), sink);
    }
    let blocks = Blocks::new(&document);
    let mut toggles = Toggles::default();
    for comment in document.comments() {
        let content = document.slice(comment.content);
        let Some(at) = super::body_at(content) else {
            let line = lines(source, comment.span);
            let (ids, over) = match peers::markdownlint(content, line.0, &mut toggles) {
                Said::Line(ids) => (ids, line),
                Said::Next(ids) => (ids, (line.1 + 1, line.1 + 1)),
                Said::Noted => continue,
            };
            let (asked, at) = (Asked::new(TOOLS, ids, Over::Line), comment.span);
            sink(Found::Peer(Peer { asked, except: Vec::new(), lines: over, at, touches: false, embedded: false }));
            continue;
        };
        let lines = match comment.alone {
            false => lines(source, comment.span),
            true => blocks.behind(comment.span).map_or(NOTHING, |span| lines(source, span)),
        };
        let body = Text::at(&content[at..], comment.content.start + at as u32);
        sink(Found::Ours(Ours { body, lines, embedded: false }));
    }
    super::toggled(&mut toggles, TOOLS, FILE.1 - 1, false, &|line| source.lines().line_start(line), sink);
}

/// The kind of file that a fence's language stands for, as far as comments differ.
fn language(name: &str) -> Kind {
    match name.to_ascii_lowercase().as_str() {
        "dockerfile" | "docker" | "containerfile" => Kind::Dockerfile,
        "yaml" | "yml" => Kind::YamlOther,
        "sh" | "bash" | "shell" => Kind::Shell,
        _ => Kind::Text,
    }
}

fn lines(source: &Source, span: Span) -> Lines {
    let text = source.slice(span);
    let end = span.start + text.trim_end().len() as u32;
    (source.lines().line_of(span.start), source.lines().line_of(end.saturating_sub(1).max(span.start)))
}

/// The blocks that a comment can be about, in the order of the document.
struct Blocks<'d> {
    document: &'d Document<'d>,
    blocks: Vec<(u32, BlockId)>,
}

impl<'d> Blocks<'d> {
    fn new(document: &'d Document<'d>) -> Self {
        let candidates = document.blocks().filter(|(id, block)| {
            let comment = block.kind == BlockKind::Html && is_comment(document.slice(block.span));
            *id != document.root() && !comment
        });
        let blocks = candidates.map(|(id, block)| (block.span.start, id)).collect();
        Self { document, blocks }
    }

    /// All that belongs to the next block.
    fn behind(&self, comment: Span) -> Option<Span> {
        let at = self.blocks.partition_point(|(start, _)| *start < comment.end);
        let (start, id) = *self.blocks.get(at)?;
        let block = self.document.block(id);
        if !matches!(block.kind, BlockKind::Heading(_)) {
            return Some(block.span);
        }
        let sections = self.document.sections();
        let found = sections.binary_search_by_key(&start, |section| section.span.start);
        Some(found.ok().and_then(|at| sections.get(at)).map_or(block.span, |section| section.span))
    }
}

/// Whether a block of HTML is a comment and nothing else.
fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") && html.find("-->") == Some(html.len().wrapping_sub(3))
}
