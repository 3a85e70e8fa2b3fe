//! Keys that stand twice in one mapping: parsers keep the last and drop the others silently.

use super::{Document, Kind, NodeId, NodeRef, Yaml};
use std::collections::HashMap;

/// A key that the same mapping has already.
#[derive(Clone, Copy, Debug)]
pub struct Duplicate<'t> {
    /// Where the key stands for the first time.
    pub first: NodeRef<'t>,
    /// Where it stands again.
    pub again: NodeRef<'t>,
}

/// Mappings up to this size are compared pairwise.
const SMALL: usize = 8;

impl Yaml<'_> {
    /// The keys of a document that repeat an earlier one of their mapping, `<<` among them.
    pub fn duplicate_keys(&self, document: &Document) -> Vec<Duplicate<'_>> {
        let mut found = Vec::new();
        for index in document.nodes.0..document.nodes.1 {
            if let Kind::Mapping(entries) = &self.node(NodeId(index)).kind {
                self.repeated(entries, &mut found);
            }
        }
        found
    }

    fn repeated<'t>(&'t self, entries: &'t [(NodeId, NodeId)], found: &mut Vec<Duplicate<'t>>) {
        if entries.len() <= SMALL {
            for (index, &(key, _)) in entries.iter().enumerate() {
                let Some(word) = self.key_word(key) else { continue };
                if let Some(&(first, _)) = entries[..index].iter().find(|&&(k, _)| self.key_word(k) == Some(word)) {
                    found.push(self.duplicate(first, key));
                }
            }
            return;
        }
        let mut seen = HashMap::with_capacity(entries.len());
        for &(key, _) in entries {
            let Some(word) = self.key_word(key) else { continue };
            match seen.get(word) {
                Some(&first) => found.push(self.duplicate(first, key)),
                None => {
                    seen.insert(word, key);
                }
            }
        }
    }

    fn duplicate(&self, first: NodeId, again: NodeId) -> Duplicate<'_> {
        Duplicate { first: NodeRef::new(self, first), again: NodeRef::new(self, again) }
    }

    fn key_word(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }
}
