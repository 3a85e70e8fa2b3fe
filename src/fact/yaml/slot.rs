//! Looking into YAML for facts: what stands under a key, whether that is known, and where it stands.

use crate::fact::value::Field;
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// What stands at a place of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Slot<'t> {
    /// Nothing: the key is missing or its value is null.
    Absent,
    /// A template, a variable, an unresolved tag or alias.
    Unknown(NodeRef<'t>),
    /// A value; with its key where it has one.
    Node(Option<NodeRef<'t>>, NodeRef<'t>),
}

impl<'t> Slot<'t> {
    /// A node without a key.
    pub fn of(node: NodeRef<'t>) -> Self {
        Self::entry(None, node)
    }

    fn entry(key: Option<NodeRef<'t>>, node: NodeRef<'t>) -> Self {
        let Some(content) = node.target() else { return Slot::Unknown(node) };
        // Tags such as `!Ref` or `!reset` compute something; those of YAML itself only name a type, and `!override` in
        // a Compose file replaces what stands below by what is written here.
        let computed = content.tag().is_some_and(|tag| !tag.starts_with("!!") && tag != "!override");
        if computed || content.is_templated() && content.scalar().is_some() {
            return Slot::Unknown(node);
        }
        if content.is_null() { Slot::Absent } else { Slot::Node(key, node) }
    }

    /// What stands under a key; nothing where this is no mapping.
    pub fn get(self, key: &str) -> Slot<'t> {
        match self {
            Slot::Node(_, node) => node.entry(key).map_or(Slot::Absent, |(key, value)| Self::entry(Some(key), value)),
            other => other,
        }
    }

    /// What stands behind several keys.
    pub fn path(self, keys: &[&str]) -> Slot<'t> {
        keys.iter().fold(self, |slot, key| slot.get(key))
    }

    /// This one, or the other where there is nothing.
    pub fn or(self, other: Slot<'t>) -> Slot<'t> {
        if matches!(self, Slot::Absent) { other } else { self }
    }

    /// The node, where it is known.
    pub fn node(self) -> Option<NodeRef<'t>> {
        match self {
            Slot::Node(_, node) => Some(node),
            _ => None,
        }
    }

    /// Whether there is nothing.
    pub fn is_absent(self) -> bool {
        matches!(self, Slot::Absent)
    }

    /// Whether it cannot be decided.
    pub fn is_unknown(self) -> bool {
        matches!(self, Slot::Unknown(_))
    }

    /// A scalar's own place; of a mapping or a list the key, for they are long.
    pub fn span(self) -> Option<Span> {
        match self {
            Slot::Absent => None,
            Slot::Unknown(node) => Some(node.span()),
            Slot::Node(Some(key), node) if node.scalar().is_none() => Some(key.span()),
            Slot::Node(_, node) => Some(node.span()),
        }
    }

    /// The key in front of it, where it has one.
    pub fn key_span(self) -> Option<Span> {
        match self {
            Slot::Node(Some(key), _) => Some(key.span()),
            _ => None,
        }
    }

    /// All of it.
    pub fn extent(self) -> Option<Span> {
        match self {
            Slot::Absent => None,
            Slot::Unknown(node) | Slot::Node(None, node) => Some(node.span()),
            Slot::Node(Some(key), node) => Some(key.span().to(node.span())),
        }
    }

    /// The members of a list.
    pub fn items(self) -> impl Iterator<Item = Slot<'t>> {
        self.node().into_iter().flat_map(NodeRef::items).map(Slot::of)
    }

    /// The entries of a mapping, merged ones included.
    pub fn entries(self) -> impl Iterator<Item = (NodeRef<'t>, Slot<'t>)> {
        let entries = self.node().map(NodeRef::entries).unwrap_or_default();
        entries.into_iter().map(|(key, value)| (key, Self::entry(Some(key), value)))
    }

    /// A scalar as it reads.
    pub fn text(self) -> Field<String> {
        self.read(|node| node.scalar().map(str::to_owned))
    }

    /// A boolean as Kubernetes and Compose read it.
    pub fn flag(self) -> Field<bool> {
        self.read(NodeRef::bool_11)
    }

    /// A boolean that may also be written as a string.
    pub fn loose_flag(self) -> Field<bool> {
        self.read(|node| node.bool_11().or_else(|| node.scalar()?.parse().ok()))
    }

    /// A whole number.
    pub fn int(self) -> Field<i64> {
        self.read(NodeRef::int_11)
    }

    /// What is there but does not read as wanted is unknown.
    pub fn read<T>(self, read: impl FnOnce(NodeRef<'t>) -> Option<T>) -> Field<T> {
        let Some(span) = self.span() else { return Field::Absent };
        match self {
            Slot::Absent => Field::Absent,
            Slot::Unknown(node) => Field::unknown(raw(node), span),
            Slot::Node(_, node) => read(node).map_or_else(|| Field::unknown(raw(node), span), |v| Field::new(v, span)),
        }
    }
}

/// The source text of something unknown, never empty: it is there.
fn raw(node: NodeRef<'_>) -> String {
    let raw = node.raw();
    let end = raw.char_indices().nth(200).map_or(raw.len(), |(at, _)| at);
    if raw.is_empty() { "?".to_owned() } else { raw[..end].to_owned() }
}
