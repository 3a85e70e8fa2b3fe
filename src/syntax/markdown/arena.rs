//! The tree: blocks in document order, each knowing where its subtree ends.

use super::{Code, Comment, Frontmatter, Run, Section};
use crate::text::Span;
use std::borrow::Cow;

/// A block of a [`Document`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BlockId(pub(super) u32);

impl BlockId {
    /// The next block in document order, whether or not there is one.
    pub fn after(self) -> BlockId {
        BlockId(self.0.saturating_add(1))
    }

    /// The blocks from this one to before another, in document order.
    pub fn up_to(self, end: BlockId) -> impl Iterator<Item = BlockId> + use<> {
        (self.0..end.0).map(BlockId)
    }

    pub(in crate::syntax) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// The root; holds everything.
    Document,
    /// Text; also the text of a list item without blank lines.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A block quote.
    Quote,
    /// A list, ordered or not.
    List {
        /// Whether its markers are numbers.
        ordered: bool,
    },
    /// A list item; its span begins at the marker.
    Item {
        /// The state of its checkbox, when it has one.
        task: Option<bool>,
    },
    /// A code block, fenced or indented.
    Code {
        /// Whether it stands between fences.
        fenced: bool,
    },
    /// HTML that stands alone.
    Html,
    /// A table: a head and rows.
    Table,
    /// The first row of a table.
    TableHead,
    /// A further row of a table.
    TableRow,
    /// A cell; rows have as many as the head, missing ones are empty.
    TableCell,
    /// A thematic break.
    Rule,
    /// The text of a footnote.
    Footnote,
}

/// One block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands, fences and markers included.
    pub span: Span,
    /// The block that holds it; the root holds itself.
    pub parent: BlockId,
    /// The first block behind its subtree.
    pub(super) next: u32,
    /// Its first piece of inline content.
    pub(super) inline: u32,
    /// How many lists it stands in.
    pub list_depth: u16,
}

/// A piece of inline content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inline {
    pub(super) kind: InlineKind,
    pub(super) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum InlineKind {
    Text,
    /// Text that does not read as it stands (an entity, a tab split by an indent); see `Document::decoded`.
    Decoded,
    Code,
    SoftBreak,
    HardBreak,
    Html,
    StrongStart,
    StrongEnd,
    EmphasisStart,
    EmphasisEnd,
    StrikeStart,
    StrikeEnd,
    LinkStart,
    LinkEnd,
    FootnoteReference,
}

/// How a link is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkKind {
    /// `[text](target)`.
    Inline,
    /// `[text][label]`, `[label][]` or `[label]` with a definition elsewhere.
    Reference,
    /// `<https://…>`.
    Autolink,
}

/// A link or an image.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// How it is written.
    pub kind: LinkKind,
    /// Whether it is an image.
    pub image: bool,
    /// The whole of it.
    pub span: Span,
    /// The target, escapes undone, not percent-decoded.
    pub target: Cow<'a, str>,
    /// Where the target stands, when it stands in the link itself without escapes.
    pub target_span: Option<Span>,
    /// The label of a reference.
    pub label: Cow<'a, str>,
    pub(super) inlines: (u32, u32),
}

/// A reference definition `[label]: target`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definition {
    /// The label as written.
    pub label: String,
    /// The target.
    pub target: String,
    /// The whole line.
    pub span: Span,
}

/// A reference `[text][label]`, `[label][]`, `[label]` or `[^label]` without a definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undefined {
    /// The label as written.
    pub label: String,
    /// Whether text and label both stand there: `[text][label]`. The other forms may be plain brackets.
    pub full: bool,
    /// All of it.
    pub span: Span,
}

/// A parsed Markdown file.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) source: &'a str,
    pub(super) blocks: Vec<Block>,
    pub(super) inlines: Vec<Inline>,
    /// Replacement texts by index into `inlines`, ascending.
    pub(super) decoded: Vec<(u32, Box<str>)>,
    pub(super) links: Vec<Link<'a>>,
    pub(super) codes: Vec<BlockId>,
    pub(super) comments: Vec<Comment>,
    pub(super) sections: Vec<Section>,
    pub(super) definitions: Vec<Definition>,
    pub(super) undefined: Vec<Undefined>,
    pub(super) frontmatter: Option<Frontmatter>,
}

/// A table cell.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The block.
    pub id: BlockId,
    /// Where it stands between the bars; empty at the row's end where the row is too short.
    pub span: Span,
}

/// The blocks directly below another.
#[derive(Clone, Debug)]
pub struct Children<'d> {
    blocks: &'d [Block],
    at: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = BlockId;

    fn next(&mut self) -> Option<BlockId> {
        if self.at >= self.end {
            return None;
        }
        let id = BlockId(self.at);
        self.at = self.blocks.get(self.at as usize)?.next;
        Some(id)
    }
}

impl<'a> Document<'a> {
    /// The string that was parsed.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &'a str {
        span.slice(self.source)
    }

    /// The root block.
    pub fn root(&self) -> BlockId {
        BlockId(0)
    }

    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// The id behind the last block.
    pub fn block_count(&self) -> BlockId {
        BlockId(self.blocks.len() as u32)
    }

    /// The block behind a block's subtree, if it stands in the same holder.
    pub fn sibling(&self, id: BlockId) -> Option<BlockId> {
        let block = self.block(id);
        let next = self.blocks.get(block.next as usize)?;
        (next.parent == block.parent && id != self.root()).then_some(BlockId(block.next))
    }

    /// All blocks in document order, the root first.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().enumerate().map(|(index, block)| (BlockId(index as u32), block))
    }

    /// The blocks directly below one.
    pub fn children(&self, id: BlockId) -> Children<'_> {
        Children { blocks: &self.blocks, at: id.0 + 1, end: self.block(id).next }
    }

    /// All blocks below one, in document order.
    pub fn descendants(&self, id: BlockId) -> impl Iterator<Item = BlockId> + use<> {
        (id.0 + 1..self.block(id).next).map(BlockId)
    }

    /// The top blocks of a section behind its heading, its subsections' included.
    pub fn section_blocks(&self, section: &Section) -> Children<'_> {
        Children { blocks: &self.blocks, at: self.block(section.heading).next, end: section.end_block }
    }

    /// The top blocks before the first heading.
    pub fn preamble(&self) -> Children<'_> {
        let end = self.sections.first().map_or(self.blocks.len() as u32, |first| first.heading.0);
        Children { blocks: &self.blocks, at: 1, end }
    }

    /// The inline content that stands directly in a block; empty for blocks that hold blocks.
    pub fn run(&self, id: BlockId) -> Run<'_> {
        let block = self.block(id);
        let leaf = block.next == id.0 + 1;
        let end = self.blocks.get(id.index() + 1).map_or(self.inlines.len() as u32, |next| next.inline);
        Run::new(self, block.inline, if leaf { end } else { block.inline })
    }

    /// The frontmatter, when the file begins with one.
    pub fn frontmatter(&self) -> Option<&Frontmatter> {
        self.frontmatter.as_ref()
    }

    /// The sections in document order; headings in lists and quotes open none.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The code blocks in document order.
    pub fn codes(&self) -> impl Iterator<Item = Code<'_>> {
        self.codes.iter().map(|&id| Code::new(self, id))
    }

    /// The code block with this id.
    pub fn code(&self, id: BlockId) -> Option<Code<'_>> {
        matches!(self.block(id).kind, BlockKind::Code { .. }).then(|| Code::new(self, id))
    }

    /// The links and images in the order of their beginnings.
    pub fn links(&self) -> &[Link<'a>] {
        &self.links
    }

    /// What a link shows.
    pub fn link_run(&self, link: &Link<'_>) -> Run<'_> {
        Run::new(self, link.inlines.0, link.inlines.1)
    }

    /// The reference definitions in document order; of equal labels only the first counts.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// What refers to a definition that is not there, in document order.
    pub fn undefined(&self) -> &[Undefined] {
        &self.undefined
    }

    /// The HTML comments outside code, in document order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The places of all inline code spans, backticks included.
    pub fn code_spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.inlines.iter().filter(|inline| inline.kind == InlineKind::Code).map(|inline| inline.span)
    }

    /// The places of all HTML pieces: block lines and inline tags.
    pub fn html(&self) -> impl Iterator<Item = Span> + '_ {
        self.inlines.iter().filter(|inline| inline.kind == InlineKind::Html).map(|inline| inline.span)
    }

    /// The cells of a table's head or row.
    pub fn cells(&self, row: BlockId) -> impl Iterator<Item = Cell> + '_ {
        self.children(row).map(|id| Cell { id, span: self.block(id).span })
    }

    /// The number before an ordered item's dot or bracket, as written.
    pub fn item_number(&self, item: BlockId) -> Option<u64> {
        let text = self.slice(self.block(item).span);
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        text.get(..digits)?.parse().ok()
    }

    /// The first paragraph directly in an item (or any block that holds blocks).
    pub fn first_paragraph(&self, id: BlockId) -> Option<BlockId> {
        self.children(id).find(|&child| self.block(child).kind == BlockKind::Paragraph)
    }

    pub(super) fn decoded(&self, index: u32) -> &str {
        let found = self.decoded.binary_search_by_key(&index, |entry| entry.0);
        found.ok().and_then(|at| self.decoded.get(at)).map_or("", |entry| &entry.1)
    }
}
