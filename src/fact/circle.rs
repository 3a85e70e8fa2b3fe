//! Circles of things that lead to each other, found without recursion.

/// Names of a circle that a message shows.
const MAX_SHOWN: usize = 6;

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// On the way that is being walked, at this step.
    On(usize),
    Done,
}

/// What is on a circle, each with the number of the edge that leads on; of long circles the ends.
pub(super) type Circle = Vec<(usize, usize)>;

/// All circles that walks find; every edge, a target and a number, is walked once.
pub(super) fn circles(edges: &[Vec<(usize, usize)>]) -> Vec<Circle> {
    let mut state = vec![State::New; edges.len()];
    (0..edges.len()).flat_map(|start| walk(start, edges, &mut state)).collect()
}

/// Walks from one of them as deep as it goes.
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

/// The names of a circle, for people.
pub(super) fn shown(circle: &[(usize, usize)], names: &[impl AsRef<str>]) -> String {
    let name = |(id, _): &(usize, usize)| names.get(*id).map_or("", AsRef::as_ref);
    let mut words: Vec<&str> = circle.iter().take(MAX_SHOWN).map(name).collect();
    if circle.len() > MAX_SHOWN {
        words.push("…");
    }
    words.extend(circle.first().map(name));
    words.join(" → ")
}
