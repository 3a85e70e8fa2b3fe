//! The number that a task must have meant that has another one's: where one is left out right behind the task before.

use super::super::Task;
use super::super::scope::Scope;
use super::{Candidate, Place, Syntax, depend};
use crate::fact::value::Field;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// Fills it in for tasks of numbered lists.
pub(super) fn fit(scope: &Scope<'_>, candidates: &[&Candidate], tasks: &mut [Task]) {
    let plain = |task: &Task| task.number.as_deref().and_then(|number| number.parse::<i64>().ok());
    let mut taken: HashMap<Option<i64>, HashSet<i64>> = HashMap::new();
    for task in tasks.iter() {
        taken.entry(task.phase).or_default().extend(plain(task));
    }
    // Where every phase begins anew, a number that another phase has is free.
    let phases = taken.len();
    let anew = phases < 2 || taken.values().filter(|numbers| numbers.contains(&1)).count() == phases;
    for index in 1..tasks.len() {
        let (before, task) = (&tasks[index - 1], &tasks[index]);
        let Some(wanted) = plain(before).map(|number| number.saturating_add(1)) else { continue };
        let free = taken.iter().all(|(phase, numbers)| (anew && *phase != task.phase) || !numbers.contains(&wanted));
        let follows = before.phase == task.phase && !before.repeated && task.repeated;
        let next = tasks.get(index + 1).filter(|next| next.phase == task.phase).and_then(plain);
        if !follows || !free || next.is_some_and(|next| next != wanted.saturating_add(1)) {
            continue;
        }
        let span = candidates.get(index).and_then(|candidate| digits(scope, candidate));
        if let Some(span) = span {
            tasks[index].fitting = Field::new(wanted, span);
        }
    }
}

/// Where the number of an item stands.
fn digits(scope: &Scope<'_>, candidate: &Candidate) -> Option<Span> {
    let Place::Item(id, _) = candidate.place else { return None };
    let span = scope.tree.block(id).span;
    let text = scope.tree.slice(span);
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let same = depend::number(text.get(..len)?) == candidate.number;
    (candidate.syntax == Syntax::Numbered && len > 0 && same)
        .then(|| Span::new(span.start as usize, span.start as usize + len))
}
