//! Trees that are put together from parts of others: what stands in no text as it is meant, such as an object of which a
//! patch names the places.

use super::{Document, Kind, Local, Node, NodeId, NodeRef, Style, Yaml};
use std::ops::Range;

impl<'a> Yaml<'a> {
    /// A node by its number.
    pub fn at(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef::new(self, id)
    }

    /// Adds a scalar that stands where `part` of another one stands; where all of that stands, if it has no such part.
    pub fn plant_scalar(&mut self, value: String, of: NodeId, part: Range<usize>) -> NodeId {
        let whole = self.node(of).range;
        let (start, end) = (whole.start as usize + part.start, whole.start as usize + part.end);
        let range = if start < end && end <= whole.end as usize { Local::new(start, end) } else { whole };
        self.plant(Kind::Scalar { value, style: Style::Single }, range)
    }

    /// Adds a mapping that stands where another node stands; its keys and values are nodes of this tree.
    pub fn plant_mapping(&mut self, entries: Vec<(NodeId, NodeId)>, of: NodeId) -> NodeId {
        let range = self.node(of).range;
        self.plant(Kind::Mapping(entries), range)
    }

    /// Adds a sequence that stands where another node stands; its items are nodes of this tree.
    pub fn plant_sequence(&mut self, items: Vec<NodeId>, of: NodeId) -> NodeId {
        let range = self.node(of).range;
        self.plant(Kind::Sequence(items), range)
    }

    /// Adds a document of which only the root is told; it has no nodes of its own.
    pub fn plant_document(&mut self, root: NodeId) -> Document {
        let range = self.node(root).range;
        let span = self.text.span(range.range());
        let document = Document { root: Some(root), span, complete: true, range, nodes: (0, 0) };
        self.documents.push(document);
        document
    }

    fn plant(&mut self, kind: Kind, range: Local) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, range, props: None });
        id
    }
}
