//! YAML as a tree with places: every byte sequence gives documents and syntax errors.
//!
//! Documents are parsed one by one, so a broken one leaves its neighbours whole. The tree is an
//! arena; neither building nor dropping it recurses. Aliases are references and never expanded.

mod comments;
mod cursor;
mod duplicates;
mod error;
mod graft;
mod lenient;
mod mask;
mod node;
mod parse;
mod reading;
mod split;
mod text;

pub use duplicates::Duplicate;
pub use error::{ErrorKind, SyntaxError};
pub use mask::{Prepared, prepare};
pub use node::NodeRef;
pub use reading::{is_null_word, is_templated};

use crate::text::{Span, Text};
use std::ops::Range;

/// Levels of nesting that are read; a deeper document ends there with an error.
pub const MAX_DEPTH: usize = 250;

/// A node's place in its tree's arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

impl NodeId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// Bytes of the tree's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Local {
    start: u32,
    end: u32,
}

impl Local {
    fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// Without tag and anchor.
    range: Local,
    props: Option<Box<Props>>,
}

#[derive(Debug)]
enum Kind {
    Scalar {
        value: String,
        style: Style,
    },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    /// To nothing where the anchor is unknown or encloses the alias.
    Alias(Option<NodeId>),
}

#[derive(Debug, Default)]
struct Props {
    tag: Option<String>,
    anchor: Option<Local>,
}

/// One document of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// Nothing where the document is empty or broken from its first byte.
    root: Option<NodeId>,
    /// From its marker, or its first byte, to before the next document.
    pub span: Span,
    /// Whether it was read to its end; else something may be missing from the tree.
    pub complete: bool,
    range: Local,
    /// Its first node and the first one after it.
    nodes: (u32, u32),
}

impl Document {
    /// The bytes of the text that was read.
    pub(in crate::syntax) fn range(&self) -> Range<usize> {
        self.range.range()
    }
}

/// A comment, from `#` to the end of its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment<'t> {
    /// Where it stands in the host file.
    pub span: Span,
    /// With its `#`.
    pub text: &'t str,
}

/// A stream of YAML documents.
#[derive(Debug)]
pub struct Yaml<'a> {
    text: Text<'a>,
    /// As it was before template actions were masked; same length.
    original: &'a str,
    /// The template actions, in ascending order.
    masked: &'a [Range<usize>],
    /// Whether any value may be a template.
    marked: bool,
    nodes: Vec<Node>,
    /// In the order of the text.
    pub documents: Vec<Document>,
    /// In the order of the text.
    pub errors: Vec<SyntaxError>,
    comments: Vec<Local>,
}

impl<'a> Yaml<'a> {
    /// Reads a whole text, which may be a part of the host file.
    pub fn parse(text: &'a Text<'_>) -> Yaml<'a> {
        Self::read(text, text.as_str(), &[])
    }

    /// Reads a text that may be a template: its actions are masked, and what they touch is unknown.
    pub fn parse_prepared(prepared: &'a Prepared<'_>) -> Yaml<'a> {
        Self::read(prepared.text(), prepared.original(), prepared.actions())
    }

    fn read(text: &'a Text<'_>, original: &'a str, masked: &'a [Range<usize>]) -> Yaml<'a> {
        let mut yaml = Yaml {
            text: text.slice(0..text.len()),
            original,
            masked,
            // Escapes and line ends within quotes can put a mark together.
            marked: !masked.is_empty() || is_templated(text.as_str()) || text.as_str().contains('\\'),
            nodes: Vec::with_capacity(text.len() / 16),
            documents: Vec::new(),
            errors: Vec::new(),
            comments: Vec::new(),
        };
        for chunk in split::documents(text.as_str()) {
            parse::document(&mut yaml, text.as_str(), chunk);
        }
        comments::collect(&mut yaml, text.as_str());
        yaml
    }

    /// The root of the document at `index`, unless it is empty.
    pub fn root(&self, index: usize) -> Option<NodeRef<'_>> {
        self.documents.get(index).and_then(|document| self.root_of(document))
    }

    /// The root of one of this tree's documents, unless it is empty.
    pub fn root_of(&self, document: &Document) -> Option<NodeRef<'_>> {
        document.root.map(|id| NodeRef::new(self, id))
    }

    /// A document as it is written, from its marker on.
    pub fn text_of(&self, document: &Document) -> &str {
        self.local_str(document.range)
    }

    /// The roots of all documents that are not empty.
    pub fn roots(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.documents.iter().filter_map(|document| self.root_of(document))
    }

    /// Every node of a document in the order of the text, keys and values alike, no alias followed.
    pub fn nodes_of(&self, document: &Document) -> impl Iterator<Item = NodeRef<'_>> {
        (document.nodes.0..document.nodes.1).map(|index| NodeRef::new(self, NodeId(index)))
    }

    /// The comments in the order of the text; what merely looks like one inside a scalar is none.
    pub fn comments(&self) -> impl Iterator<Item = Comment<'_>> {
        self.comments.iter().map(|&local| Comment { span: self.text.span(local.range()), text: self.local_str(local) })
    }

    /// Whether it was read as a template: parts of it are masked or missing.
    pub fn is_template(&self) -> bool {
        !self.masked.is_empty()
    }

    /// Whether a template action covers any of these bytes.
    fn is_masked(&self, local: Local) -> bool {
        let (start, end) = (local.start as usize, local.end as usize);
        let index = self.masked.partition_point(|action| action.end <= start);
        self.masked.get(index).is_some_and(|action| action.start < end)
    }

    /// The text that was read.
    pub fn text(&self) -> &Text<'a> {
        &self.text
    }

    fn local_str(&self, local: Local) -> &str {
        self.original.get(local.range()).unwrap_or("")
    }

    fn node(&self, id: NodeId) -> &Node {
        // Ids are only made by the parser of this tree.
        &self.nodes[id.index()]
    }
}

#[cfg(test)]
mod tests;
