//! Stages that need each other: strongly connected parts of the graph of stages, found without recursion.

/// For each stage whether it needs itself, through others or directly.
pub(super) fn in_cycle(edges: &[Vec<usize>]) -> Vec<bool> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        targets.iter().for_each(|&to| back[to].push(from));
    }
    let mut out = vec![false; edges.len()];
    let mut seen = vec![false; edges.len()];
    for start in finish_order(edges).into_iter().rev() {
        let part = collect(start, &back, &mut seen);
        let own = part.len() > 1 || part.first().is_some_and(|&one| edges[one].contains(&one));
        part.into_iter().filter(|_| own).for_each(|stage| out[stage] = true);
    }
    out
}

/// The stages in the order in which a walk has seen all they need.
fn finish_order(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut stack = vec![(start, 0)];
        while let Some((stage, next)) = stack.pop() {
            let Some(&target) = edges[stage].get(next) else {
                order.push(stage);
                continue;
            };
            stack.push((stage, next + 1));
            if !std::mem::replace(&mut seen[target], true) {
                stack.push((target, 0));
            }
        }
    }
    order
}

/// All that can be reached and has not been seen.
pub(super) fn collect(start: usize, edges: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    if std::mem::replace(&mut seen[start], true) {
        return Vec::new();
    }
    let mut out = vec![start];
    let mut at = 0;
    while let Some(&stage) = out.get(at) {
        for &target in &edges[stage] {
            if !std::mem::replace(&mut seen[target], true) {
                out.push(target);
            }
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_told_from_what_only_leads_to_them() {
        let edges = vec![vec![1], vec![2], vec![1], vec![0], vec![4], vec![]];
        assert_eq!(in_cycle(&edges), [false, true, true, false, true, false]);
        let chain: Vec<Vec<usize>> = (0..100_000usize).map(|n| n.checked_sub(1).into_iter().collect()).collect();
        assert!(!in_cycle(&chain).contains(&true));
    }
}
