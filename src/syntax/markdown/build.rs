//! From parser events to the arena, in one pass and without recursion.

use super::arena::{Block, BlockId, BlockKind, Definition, Document, Inline, InlineKind, Link, LinkKind, Undefined};
use super::{frontmatter, html, sections};
use crate::text::Span;
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

pub(super) fn build(source: &str) -> Document<'_> {
    let bom = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let front = frontmatter::find(source, bom);
    let base = front.map_or(bom, |front| front.span.end as usize);
    let body = source.get(base..).unwrap_or("");
    let mut undefined = Vec::new();
    let mut note = |link: BrokenLink<'_>| {
        let full = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
        let span = Span::new(base + link.span.start, base + link.span.end);
        undefined.push(Undefined { label: link.reference.into_string(), full, span });
        None
    };
    let mut events = Parser::new_with_broken_link_callback(body, options(), Some(&mut note)).into_offset_iter();
    let mut builder = Builder::new(source, base);
    builder.document.frontmatter = front;
    for (event, range) in events.by_ref() {
        builder.event(event, range);
    }
    let mut definitions: Vec<Definition> = events
        .reference_definitions()
        .iter()
        .map(|(label, definition)| Definition {
            label: label.to_owned(),
            target: definition.dest.to_string(),
            span: Span::new(base + definition.span.start, base + definition.span.end),
        })
        .collect();
    definitions.sort_by_key(|definition| definition.span);
    drop(events);
    undefined.sort_by_key(|reference| reference.span);
    builder.document.undefined = undefined;
    builder.finish(definitions)
}

struct Builder<'a> {
    document: Document<'a>,
    base: usize,
    open: Vec<BlockId>,
    open_links: Vec<usize>,
    list_depth: u16,
    /// The paragraph made for text directly in an item.
    implied: bool,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, base: usize) -> Self {
        let body = source.len().saturating_sub(base);
        let span = Span::new(0, source.len());
        let root = Block { kind: BlockKind::Document, span, parent: BlockId(0), next: 1, inline: 0, list_depth: 0 };
        let mut blocks = Vec::with_capacity(body / 64 + 1);
        blocks.push(root);
        let document = Document {
            source,
            blocks,
            inlines: Vec::with_capacity(body / 32),
            decoded: Vec::new(),
            links: Vec::new(),
            codes: Vec::new(),
            comments: Vec::new(),
            sections: Vec::new(),
            definitions: Vec::new(),
            undefined: Vec::new(),
            frontmatter: None,
        };
        Self { document, base, open: vec![BlockId(0)], open_links: Vec::new(), list_depth: 0, implied: false }
    }

    fn finish(mut self, definitions: Vec<Definition>) -> Document<'a> {
        while self.open.len() > 1 {
            self.close();
        }
        let document = &mut self.document;
        document.blocks[0].next = document.blocks.len() as u32;
        document.sections = sections::sections(&document.blocks, document.source.len());
        document.definitions = definitions;
        self.document
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        let span = Span::new(self.base + range.start, self.base + range.end);
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) => self.text(&text, span),
            Event::Code(_) => self.inline(InlineKind::Code, span),
            Event::SoftBreak => self.inline(InlineKind::SoftBreak, span),
            Event::HardBreak => self.inline(InlineKind::HardBreak, span),
            Event::InlineHtml(_) => {
                html::comments(self.document.source, span, &mut self.document.comments);
                self.inline(InlineKind::Html, span);
            }
            Event::Html(_) => self.inline(InlineKind::Html, span),
            Event::FootnoteReference(_) => self.inline(InlineKind::FootnoteReference, span),
            Event::TaskListMarker(done) => self.task(done),
            Event::Rule => {
                self.open_block(BlockKind::Rule, span);
                self.close();
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, span: Span) {
        let kind = match tag {
            Tag::Paragraph => BlockKind::Paragraph,
            Tag::Heading { level, .. } => BlockKind::Heading(level as u8),
            Tag::BlockQuote(_) => BlockKind::Quote,
            Tag::CodeBlock(kind) => {
                self.open_block(BlockKind::Code { fenced: matches!(kind, CodeBlockKind::Fenced(_)) }, span);
                self.document.codes.extend(self.open.last());
                return;
            }
            Tag::HtmlBlock => {
                html::comments(self.document.source, span, &mut self.document.comments);
                BlockKind::Html
            }
            Tag::List(start) => {
                self.open_block(BlockKind::List { ordered: start.is_some() }, self.cut_indent(span));
                self.list_depth = self.list_depth.saturating_add(1);
                return;
            }
            Tag::Item => return self.open_block(BlockKind::Item { task: None }, self.cut_indent(span)),
            Tag::FootnoteDefinition(_) => BlockKind::Footnote,
            Tag::Table(_) => BlockKind::Table,
            Tag::TableHead => BlockKind::TableHead,
            Tag::TableRow => BlockKind::TableRow,
            Tag::TableCell => BlockKind::TableCell,
            Tag::Emphasis => return self.inline(InlineKind::EmphasisStart, span),
            Tag::Strong => return self.inline(InlineKind::StrongStart, span),
            Tag::Strikethrough => return self.inline(InlineKind::StrikeStart, span),
            Tag::Link { link_type, dest_url, id, .. } => return self.link(link_type, dest_url, id, span, false),
            Tag::Image { link_type, dest_url, id, .. } => return self.link(link_type, dest_url, id, span, true),
            _ => return,
        };
        self.open_block(kind, span);
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Emphasis => self.inline(InlineKind::EmphasisEnd, span),
            TagEnd::Strong => self.inline(InlineKind::StrongEnd, span),
            TagEnd::Strikethrough => self.inline(InlineKind::StrikeEnd, span),
            TagEnd::Link | TagEnd::Image => {
                self.inline(InlineKind::LinkEnd, span);
                let end = self.document.inlines.len() as u32 - 1;
                if let Some(link) = self.open_links.pop().and_then(|at| self.document.links.get_mut(at)) {
                    link.inlines.1 = end;
                }
            }
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close_real(),
            TagEnd::List(_) => {
                self.list_depth = self.list_depth.saturating_sub(1);
                self.close_real();
            }
            _ => {}
        }
    }

    /// Lists that are indented by one to three blanks come with them.
    fn cut_indent(&self, span: Span) -> Span {
        let text = span.slice(self.document.source);
        let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
        Span::new(span.start as usize + blanks, span.end as usize)
    }

    fn open_block(&mut self, kind: BlockKind, span: Span) {
        self.close_implied();
        let parent = self.open.last().copied().unwrap_or(BlockId(0));
        let id = BlockId(self.document.blocks.len() as u32);
        let inline = self.document.inlines.len() as u32;
        self.document.blocks.push(Block { kind, span, parent, next: id.0 + 1, inline, list_depth: self.list_depth });
        self.open.push(id);
    }

    fn close_real(&mut self) {
        self.close_implied();
        self.close();
    }

    fn close(&mut self) {
        if self.open.len() > 1
            && let Some(id) = self.open.pop()
        {
            self.document.blocks[id.index()].next = self.document.blocks.len() as u32;
        }
    }

    fn close_implied(&mut self) {
        if std::mem::take(&mut self.implied) {
            if let (Some(&id), Some(last)) = (self.open.last(), self.document.inlines.last()) {
                self.document.blocks[id.index()].span.end = last.span.end;
            }
            self.close();
        }
    }

    fn inline(&mut self, kind: InlineKind, span: Span) {
        let holder = self.open.last().map(|id| self.document.blocks[id.index()].kind);
        if matches!(holder, Some(BlockKind::Item { .. } | BlockKind::Footnote | BlockKind::Quote | BlockKind::Document))
        {
            self.open_block(BlockKind::Paragraph, span);
            self.implied = true;
        }
        self.document.inlines.push(Inline { kind, span });
    }

    fn text(&mut self, text: &str, span: Span) {
        if text.is_empty() && span.is_empty() {
            return;
        }
        let same = text == span.slice(self.document.source);
        self.inline(if same { InlineKind::Text } else { InlineKind::Decoded }, span);
        if !same {
            self.document.decoded.push((self.document.inlines.len() as u32 - 1, text.into()));
        }
    }

    fn task(&mut self, done: bool) {
        let item = self
            .open
            .iter()
            .rev()
            .take(2)
            .find(|id| matches!(self.document.blocks[id.index()].kind, BlockKind::Item { .. }));
        if let Some(id) = item {
            self.document.blocks[id.index()].kind = BlockKind::Item { task: Some(done) };
        }
    }

    fn link(&mut self, kind: LinkType, target: CowStr<'a>, id: CowStr<'a>, span: Span, image: bool) {
        let kind = match kind {
            LinkType::Inline => LinkKind::Inline,
            LinkType::Autolink | LinkType::Email => LinkKind::Autolink,
            _ => LinkKind::Reference,
        };
        self.inline(InlineKind::LinkStart, span);
        let target = cow(target);
        let target_span = match &target {
            Cow::Borrowed(text) => place(self.document.source, text).filter(|place| span.contains(*place)),
            Cow::Owned(_) => None,
        };
        let start = self.document.inlines.len() as u32;
        self.open_links.push(self.document.links.len());
        self.document.links.push(Link {
            kind,
            image,
            span,
            target,
            target_span,
            label: cow(id),
            inlines: (start, start),
        });
    }
}

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}

/// Where a piece of the source stands in it.
fn place(source: &str, piece: &str) -> Option<Span> {
    let start = (piece.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    (start + piece.len() <= source.len()).then(|| Span::new(start, start + piece.len()))
}
