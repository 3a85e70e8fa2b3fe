//! What a Kubernetes manifest says: objects, workloads, pods, containers and their parts.

mod alert;
mod api;
mod availability;
mod chart;
mod container;
mod deployed;
mod flags;
mod identity;
mod kustomization;
mod labels;
mod links;
mod made;
mod naming;
mod object;
mod operations;
mod outside;
mod parts;
mod patch;
mod pod;
mod probe;
mod quantity;
mod rbac;
mod resource;
mod schema;
mod security;
mod service;
mod strings;
mod values;
mod volume;
mod workload;

pub use alert::Alert;
pub use availability::{Autoscaler, Budget, Claim};
pub use chart::{ChartFault, Dependency, build_chart};
pub use flags::{Component, Flag};
pub use kustomization::{
    Entry, ImageOverride, Kustomization, OldField, Target, WORKLOAD, build as build_kustomization,
};
pub use labels::{Labels, Selector};
pub use naming::{Named, PortValue, Unsorted};
pub use operations::{Patched, build_operations};
pub use outside::Outside;
pub use parts::{Capability, ConfigEntry, Container, Env, Mount, Object, Pair, Pod, Port, Volume, Workload};
pub use patch::Touched;
pub use probe::Probe;
pub use quantity::Quantity;
pub use rbac::{Binding, Grant, RoleRule};
pub use resource::{Link, Resource, Role, Whole as WholeResource};
pub use schema::SchemaFault;
pub use security::{Group, SecurityContext, Sysctl};
pub use service::{Ingress, Service, Snippet};
pub use strings::Misread;
pub use values::{ValueImage, build_values};
pub use volume::VolumeUse;

use super::context::Gift;
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
    /// Whether what is not in sight may give its pods one of these.
    gifts: [(Gift, bool); 3],
    /// `Kind/name`.
    label: String,
    kind: String,
    /// `apiVersion`, empty where it is unknown.
    api_version: String,
    name: Field<String>,
    namespace: Field<String>,
    /// Where a finding points when nothing better exists.
    place: Span,
}

impl Scope<'_> {
    /// Whether what is not in sight may give its pods one of these.
    fn may_get(&self, gift: Gift) -> bool {
        self.gifts.contains(&(gift, true))
    }

    /// What is missing in an open part may be elsewhere.
    fn seal<T>(&self, field: Field<T>, place: Span) -> Field<T> {
        field.open(self.open, place)
    }
}

/// What was not found in an open part may be elsewhere.
fn known_or_open(found: bool, open: bool, place: Span) -> Field<bool> {
    if found || !open { Field::new(found, place) } else { Field::unknown("", place) }
}

/// Whether there is something in a mapping or a list; an empty one says as little as none.
fn filled(slot: Slot<'_>) -> Field<bool> {
    match slot.node() {
        Some(node) if node.scalar().is_none() && node.written().len() + node.items().len() == 0 => Field::Absent,
        _ => slot.read(|_| Some(true)),
    }
}

/// The members of a list that reads as one; open where it may have more.
fn members<'t>(slot: Slot<'t>, open: bool) -> (Vec<Slot<'t>>, bool) {
    (slot.items().collect(), open || slot.is_unknown())
}

#[cfg(test)]
mod tests;
