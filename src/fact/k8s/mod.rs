//! What a Kubernetes manifest says: objects, workloads, pods, containers and their parts.

mod container;
mod identity;
mod object;
mod parts;
mod pod;
mod workload;

pub use parts::{Capability, Container, Env, Mount, Object, Pair, Pod, Port, Volume, Workload};

use super::value::Field;
use super::yaml::{Part, Slot};
use super::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// Objects that one list may hold, lists in lists included.
const MAX_OBJECTS: usize = 100_000;

/// Adds the facts of one document, which may be a list of objects.
pub fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.any("k8s.") {
        return;
    }
    let mut waiting = vec![root];
    for _ in 0..MAX_OBJECTS {
        let Some(node) = waiting.pop() else { return };
        let is_list = node.get("kind").and_then(NodeRef::scalar).is_some_and(|kind| kind.ends_with("List"));
        match node.get("items").filter(|items| is_list && items.is_sequence()) {
            Some(items) => waiting.extend(items.items().rev()),
            None => object::build(node, part, wanted, out),
        }
    }
}

/// What all parts of one object share.
struct Scope<'p> {
    part: &'p Part<'p>,
    /// Only a part of the object is in sight.
    open: bool,
    /// `Kind/name`.
    label: String,
    kind: String,
    name: Field<String>,
    /// Where a finding points when nothing better exists.
    place: Span,
}

impl Scope<'_> {
    /// What is missing in an open part may be elsewhere.
    fn seal<T>(&self, field: Field<T>, place: Span) -> Field<T> {
        field.open(self.open, place)
    }
}

/// The members of a list that reads as one; open where it may have more.
fn members<'t>(slot: Slot<'t>, open: bool) -> (Vec<Slot<'t>>, bool) {
    (slot.items().collect(), open || slot.is_unknown())
}

#[cfg(test)]
mod tests;
