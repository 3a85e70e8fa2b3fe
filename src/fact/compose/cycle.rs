//! Services that wait for each other in a circle.

use super::parts::Reference;
use crate::fact::value::Field;
use std::collections::HashMap;

/// Names of a circle that a message shows.
const MAX_SHOWN: usize = 6;

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// On the way that is being walked, at this step.
    On(usize),
    Done,
}

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
    let mut state = vec![State::New; names.len()];
    for start in 0..names.len() {
        for circle in walk(start, &edges, &mut state) {
            let place = circle.iter().rev().map(|(_, reference)| *reference).find(|reference| *reference < own);
            if let Some(reference) = place.and_then(|place| references.get_mut(place)) {
                reference.cycle = Field::new(shown(&circle, &names), reference.span);
            }
        }
    }
}

/// Services on a circle, each with the reference that leads on.
type Circle = Vec<(usize, usize)>;

/// Walks from a service as deep as it goes, without recursion; the circles that it finds, of long ones the ends.
fn walk(start: usize, edges: &[Vec<(usize, usize)>], state: &mut [State]) -> Vec<Circle> {
    let mut closing = Vec::new();
    if state.get(start) != Some(&State::New) {
        return closing;
    }
    let mut way = vec![(start, 0)];
    state[start] = State::On(0);
    while let Some((node, next)) = way.last_mut() {
        let Some((target, reference)) = edges.get(*node).and_then(|out| out.get(*next)).copied() else {
            state[*node] = State::Done;
            way.pop();
            continue;
        };
        *next += 1;
        match state[target] {
            State::New => {
                state[target] = State::On(way.len());
                way.push((target, 0));
            }
            State::On(step) => {
                let on = |(node, next): &(usize, usize)| {
                    let taken = edges.get(*node).and_then(|out| out.get(next.checked_sub(1)?)).map(|(_, edge)| *edge);
                    (*node, taken.unwrap_or(reference))
                };
                let mut circle: Circle = way.iter().skip(step).take(MAX_SHOWN + 1).map(on).collect();
                if way.len() - step > MAX_SHOWN + 1 {
                    circle.extend(way.last().map(on));
                }
                closing.push(circle);
            }
            State::Done => {}
        }
    }
    closing
}

fn shown(circle: &[(usize, usize)], names: &[String]) -> String {
    let name = |(id, _): &(usize, usize)| names.get(*id).map_or("", String::as_str);
    let mut words: Vec<&str> = circle.iter().take(MAX_SHOWN).map(name).collect();
    if circle.len() > MAX_SHOWN {
        words.push("…");
    }
    words.extend(circle.first().map(name));
    words.join(" → ")
}
