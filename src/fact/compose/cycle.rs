//! Services that wait for each other in a circle.

use super::parts::Reference;
use crate::fact::circle::{circles, shown};
use crate::fact::value::Field;
use std::collections::HashMap;

/// Marks a reference of each circle; every reference is walked once. Those from `own` on stand in other files: a circle
/// that one of them closes is marked at one of the file's own, if it has any.
pub(super) fn mark(references: &mut [Reference], own: usize) {
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::new();
    let mut edges: Vec<Vec<(usize, usize)>> = Vec::new();
    for (at, reference) in references.iter().enumerate() {
        // What is copied from a service need not be started after it.
        let waits = reference.kind == "service" && reference.key != "extends";
        let Some(target) = reference.name.known().filter(|_| waits) else { continue };
        let ends = [&reference.service, target].map(|name| {
            *ids.entry(name.clone()).or_insert_with(|| {
                names.push(name.clone());
                edges.push(Vec::new());
                names.len() - 1
            })
        });
        if let Some(out) = edges.get_mut(ends[0]) {
            out.push((ends[1], at));
        }
    }
    for circle in circles(&edges) {
        let place = circle.iter().rev().map(|(_, reference)| *reference).find(|reference| *reference < own);
        if let Some(reference) = place.and_then(|place| references.get_mut(place)) {
            reference.cycle = Field::new(shown(&circle, &names), reference.span);
        }
    }
}
