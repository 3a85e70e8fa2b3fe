//! A borrowed view of one node, which follows aliases and looks through merge keys.

use super::{Kind, NodeId, Style, Yaml};
use crate::text::{Span, Text};
use std::collections::HashSet;

/// Aliases that may stand behind each other before one is taken for nothing.
const MAX_HOPS: usize = 16;
/// Mappings that one look-up searches through merge keys; merges of merges grow exponentially.
const MAX_MERGED: usize = 100;

/// A node where it is used: its place is the written one, its content that of the alias' target.
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Yaml<'t>,
    id: NodeId,
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.id, self.raw())
    }
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.tree, other.tree)
    }
}

impl<'t> NodeRef<'t> {
    pub(super) fn new(tree: &'t Yaml<'_>, id: NodeId) -> Self {
        Self { tree, id }
    }

    fn at(self, id: NodeId) -> Self {
        Self { tree: self.tree, id }
    }

    /// Its number in the tree, in the order of the text.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Where it is written, without tag and anchor; an alias stands where it is used.
    pub fn span(self) -> Span {
        self.tree.text.span(self.tree.node(self.id).range.range())
    }

    /// The node itself as it stands in the text, quotes included.
    pub fn raw(self) -> &'t str {
        self.tree.local_str(self.tree.node(self.id).range)
    }

    /// The node that an alias stands for; itself otherwise.
    #[inline]
    pub fn target(self) -> Option<NodeRef<'t>> {
        match self.tree.node(self.id).kind {
            Kind::Alias(target) => self.behind(target),
            _ => Some(self),
        }
    }

    /// What aliases lead to; hardly any node is one.
    #[cold]
    fn behind(self, mut target: Option<NodeId>) -> Option<NodeRef<'t>> {
        for _ in 0..MAX_HOPS {
            let id = target?;
            match self.tree.node(id).kind {
                Kind::Alias(next) => target = next,
                _ => return Some(self.at(id)),
            }
        }
        None
    }

    #[inline]
    fn content(self) -> Option<&'t Kind> {
        let node = self.tree.node(self.id);
        match node.kind {
            Kind::Alias(target) => self.behind(target).map(|found| &self.tree.node(found.id).kind),
            _ => Some(&node.kind),
        }
    }

    /// Whether it is written as an alias.
    pub fn is_alias(self) -> bool {
        matches!(self.tree.node(self.id).kind, Kind::Alias(_))
    }

    /// Whether it is an alias to nothing.
    pub fn is_dangling(self) -> bool {
        self.target().is_none()
    }

    /// The tag, as in `!Ref` or `!!str`.
    pub fn tag(self) -> Option<&'t str> {
        self.tree.node(self.target()?.id).props.as_ref()?.tag.as_deref()
    }

    /// The name of the anchor that is written here.
    pub fn anchor(self) -> Option<&'t str> {
        self.tree.node(self.id).props.as_ref()?.anchor.map(|local| self.tree.local_str(local))
    }

    /// Where the anchor's name is written.
    pub fn anchor_span(self) -> Option<Span> {
        self.tree.node(self.id).props.as_ref()?.anchor.map(|local| self.tree.text.span(local.range()))
    }

    /// The value of a scalar, of whatever style.
    pub fn scalar(self) -> Option<&'t str> {
        match self.content()? {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// How a scalar is written.
    pub fn style(self) -> Option<Style> {
        match self.content()? {
            Kind::Scalar { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// The value of a scalar that is neither quoted nor a block: the ones that may be numbers or booleans.
    pub fn plain(self) -> Option<&'t str> {
        match self.content()? {
            Kind::Scalar { value, style: Style::Plain } => Some(value),
            _ => None,
        }
    }

    /// Whether a template fills it in: by a masked action, or because it says so itself.
    pub fn is_templated(self) -> bool {
        // Most texts hold no mark of a template anywhere.
        if !self.tree.marked {
            return false;
        }
        let Some(node) = self.target() else { return false };
        self.tree.is_masked(self.tree.node(node.id).range) || self.scalar().is_some_and(super::is_templated)
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.content(), Some(Kind::Mapping(_)))
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.content(), Some(Kind::Sequence(_)))
    }

    /// The members of a sequence; none of anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = NodeRef<'t>> + ExactSizeIterator {
        let items: &[NodeId] = match self.content() {
            Some(Kind::Sequence(items)) => items,
            _ => &[],
        };
        items.iter().map(move |&id| self.at(id))
    }

    /// The entries of a mapping as they are written: `<<` is one of them, repeated keys repeat.
    pub fn written(self) -> impl DoubleEndedIterator<Item = (NodeRef<'t>, NodeRef<'t>)> + ExactSizeIterator {
        self.pairs().iter().map(move |&(key, value)| (self.at(key), self.at(value)))
    }

    fn pairs(self) -> &'t [(NodeId, NodeId)] {
        match self.content() {
            Some(Kind::Mapping(entries)) => entries,
            _ => &[],
        }
    }

    /// The entries of a mapping with what it merges in: own ones first, each key once.
    pub fn entries(self) -> Vec<(NodeRef<'t>, NodeRef<'t>)> {
        let mut found = Vec::with_capacity(self.pairs().len());
        let mut seen = Seen::default();
        if self.own_entries(&mut seen, &mut found) {
            return found;
        }
        let mut first = true;
        self.each_merged(|mapping| {
            if !std::mem::take(&mut first) {
                mapping.own_entries(&mut seen, &mut found);
            }
            true
        });
        found
    }

    /// Adds the entries whose keys were not seen yet; whether that is all, for no `<<` is among them.
    fn own_entries(self, seen: &mut Seen<'t>, found: &mut Vec<(NodeRef<'t>, NodeRef<'t>)>) -> bool {
        let from = found.len();
        let mut all = true;
        // The last of equal keys is the one that parsers keep.
        for (key, value) in self.written().rev() {
            let word = key.scalar();
            all &= word != Some("<<");
            if word != Some("<<") && word.is_none_or(|word| seen.insert(word, found)) {
                found.push((key, value));
            }
        }
        found[from..].reverse();
        all
    }

    /// The value of a key, own or merged in.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key, own or merged in, and its value.
    pub fn entry(self, key: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        // Nearly every mapping merges nothing, and facts look up dozens of keys in each.
        let mut merges = false;
        let own = self.written().rev().find(|(k, _)| {
            let word = k.scalar();
            merges |= word == Some("<<");
            word == Some(key)
        });
        if own.is_some() || !merges {
            return own;
        }
        let mut found = None;
        self.each_merged(|mapping| {
            found = mapping.written().rev().find(|(k, _)| k.scalar() == Some(key));
            found.is_none()
        });
        found
    }

    /// The value behind several keys.
    pub fn path(self, keys: &[&str]) -> Option<NodeRef<'t>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Where a key is written.
    pub fn key_span(self, key: &str) -> Option<Span> {
        self.entry(key).map(|(key, _)| key.span())
    }

    /// Itself, then what its `<<` names, nearest first, until `visit` says stop.
    fn each_merged(self, mut visit: impl FnMut(NodeRef<'t>) -> bool) {
        let mut waiting = vec![self];
        let mut budget = MAX_MERGED;
        while let Some(mapping) = waiting.pop() {
            if budget == 0 || !visit(mapping) {
                return;
            }
            budget -= 1;
            let from = waiting.len();
            for (_, merged) in mapping.written().filter(|(key, _)| key.plain() == Some("<<")) {
                match merged.is_sequence() {
                    true => waiting.extend(merged.items().take(budget)),
                    false => waiting.push(merged),
                }
            }
            waiting[from..].reverse();
        }
    }

    /// What a scalar says as a text whose places are the host file's: embedded files and scripts are parsed in place.
    pub fn text(self) -> Option<Text<'static>> {
        let node = self.target()?;
        let Kind::Scalar { value, style } = &self.tree.node(node.id).kind else { return None };
        Some(super::text::mapped(&self.tree.text, self.tree.node(node.id).range.range(), *style, value))
    }
}

/// Words seen, compared only where a bit says that it may be, and hashed only once they are many.
#[derive(Default)]
struct Seen<'t> {
    bits: u64,
    many: HashSet<&'t str>,
}

/// So many words are compared with each other, and not hashed.
const FEW: usize = 64;

impl<'t> Seen<'t> {
    /// Notes a word behind those that were found; false where it is one of them.
    fn insert(&mut self, word: &'t str, found: &[(NodeRef<'t>, NodeRef<'t>)]) -> bool {
        let bit = 1 << (sketch(word) & 63);
        let maybe = self.bits & bit != 0;
        self.bits |= bit;
        if found.len() < FEW {
            return !maybe || found.iter().all(|(key, _)| key.scalar() != Some(word));
        }
        if self.many.is_empty() {
            self.many.extend(found.iter().filter_map(|(key, _)| key.scalar()));
        }
        self.many.insert(word)
    }
}

/// A number that is the same for the same word, and mostly another for another.
fn sketch(word: &str) -> usize {
    let bytes = word.as_bytes();
    let byte = |at: usize| bytes.get(at).map_or(0, |&b| usize::from(b));
    let (middle, last) = (byte(bytes.len() / 2), byte(bytes.len().wrapping_sub(1)));
    bytes.len().wrapping_mul(5) ^ byte(0) ^ middle.wrapping_mul(3) ^ last.wrapping_mul(7)
}
