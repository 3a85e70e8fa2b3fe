//! Findings of two tools brought together: by rule first, then by place.

use crate::rule::select::Selected;
use std::collections::BTreeMap;

/// Lines that two findings of one fault may lie apart; tools differ in which word they blame.
pub(super) const TOLERANCE: u32 = 3;

/// A finding of the peer whose rule we have.
#[derive(Clone, Debug)]
pub(super) struct Theirs {
    /// What its rule is called here.
    pub(super) targets: Vec<Selected>,
    pub(super) file: usize,
    /// First and last line; none where it is about the file.
    pub(super) lines: Option<(u32, u32)>,
}

/// A finding of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ours {
    pub(super) fired: Selected,
    pub(super) file: usize,
    pub(super) lines: (u32, u32),
}

/// Who has a counterpart: for each of theirs the number of one of ours; for each of ours whether there is any.
pub(super) struct Pairs {
    pub(super) theirs: Vec<Option<usize>>,
    pub(super) ours: Vec<bool>,
}

/// Brings findings together. Those whose lines overlap tell of the same place, however many they are: one tool
/// blames an instruction where another blames each word of it. Among the rest, the nearest ones pair one by one.
pub(super) fn pair(theirs: &[Theirs], ours: &[Ours]) -> Pairs {
    let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (number, own) in ours.iter().enumerate() {
        groups.entry((own.file, own.fired.rule)).or_default().push(number);
    }
    let candidates = |their: &Theirs| -> Vec<usize> {
        let mut rules: Vec<usize> = their.targets.iter().map(|target| target.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let found = rules.iter().filter_map(|rule| groups.get(&(their.file, *rule))).flatten();
        found.copied().filter(|&number| named(&their.targets, ours[number].fired)).collect()
    };
    let mut pairs = Pairs { theirs: vec![None; theirs.len()], ours: vec![false; ours.len()] };
    for (number, their) in theirs.iter().enumerate() {
        for own in candidates(their) {
            if distance(their.lines, ours[own].lines) == 0 {
                pairs.theirs[number].get_or_insert(own);
                pairs.ours[own] = true;
            }
        }
    }
    for (number, their) in theirs.iter().enumerate() {
        if pairs.theirs[number].is_some() {
            continue;
        }
        let free = candidates(their).into_iter().filter(|&own| !pairs.ours[own]);
        let near = free.map(|own| (distance(their.lines, ours[own].lines), own)).min();
        if let Some((_, own)) = near.filter(|(distance, _)| *distance <= TOLERANCE) {
            pairs.theirs[number] = Some(own);
            pairs.ours[own] = true;
        }
    }
    pairs
}

/// Whether one of the targets is the rule that fired, or the variant of it.
fn named(targets: &[Selected], fired: Selected) -> bool {
    targets.iter().any(|t| t.rule == fired.rule && (t.variant.is_none() || t.variant == fired.variant))
}

/// Lines between two places; 0 where they overlap.
fn distance(theirs: Option<(u32, u32)>, ours: (u32, u32)) -> u32 {
    let Some((start, end)) = theirs else { return 0 };
    start.saturating_sub(ours.1).max(ours.0.saturating_sub(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(rule: usize) -> Selected {
        Selected { rule, variant: None }
    }

    fn their(target: Selected, lines: Option<(u32, u32)>) -> Theirs {
        Theirs { targets: vec![target], file: 0, lines }
    }

    fn our(fired: Selected, line: u32) -> Ours {
        Ours { fired, file: 0, lines: (line, line) }
    }

    #[test]
    fn an_instruction_meets_all_findings_within() {
        let pairs = pair(&[their(rule(1), Some((5, 9)))], &[our(rule(1), 6), our(rule(1), 9), our(rule(1), 10)]);
        assert_eq!((pairs.theirs, pairs.ours), (vec![Some(0)], vec![true, true, false]));
    }

    #[test]
    fn near_ones_pair_once_and_far_ones_not() {
        let at = |line| their(rule(1), Some((line, line)));
        let pairs = pair(&[at(5), at(6)], &[our(rule(1), 8)]);
        assert_eq!((pairs.theirs, pairs.ours), (vec![Some(0), None], vec![true]));
        let pairs = pair(&[at(5)], &[our(rule(1), 9)]);
        assert_eq!((pairs.theirs, pairs.ours), (vec![None], vec![false]));
        let pairs = pair(&[at(5), at(8)], &[our(rule(1), 8)]);
        assert_eq!(pairs.theirs, [None, Some(0)]);
    }

    #[test]
    fn rule_variant_and_file_must_agree() {
        let variant = |number| Selected { rule: 1, variant: Some(number) };
        let pairs = pair(&[their(variant(0), None)], &[our(variant(1), 1), our(rule(1), 1), our(rule(2), 1)]);
        assert_eq!((pairs.theirs, pairs.ours), (vec![None], vec![false; 3]));
        let pairs = pair(&[their(rule(1), None)], &[our(variant(1), 7), Ours { file: 1, ..our(rule(1), 1) }]);
        assert_eq!((pairs.theirs, pairs.ours), (vec![Some(0)], vec![true, false]));
    }
}
