//! How often rules could not decide, counted by field: an over-eager Unknown would silently kill rules.

use super::plan::Plan;
use crate::fact::value::{Item, Schema, Type, Value};
use crate::fact::{Facts, Subject};
use crate::rule::condition::Step;
use crate::rule::{CompiledCheck, Vocabulary};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The fields that the selected rules look at.
#[derive(Default)]
pub struct Watch {
    by_subject: HashMap<Arc<str>, Vec<usize>>,
    paths: Vec<Vec<Step>>,
    names: Vec<String>,
}

/// How often a field was looked at, and how often nothing could be said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Undecidable.
    pub unknown: usize,
    /// In all.
    pub of: usize,
}

/// A count a watched field; empty where nobody asked.
pub type Counts = Vec<Count>;

impl Watch {
    /// Everything that the conditions of a plan's rules name.
    pub fn new(plan: &Plan<'_>) -> Self {
        let documents = plan.library.packs.iter().flat_map(|pack| &pack.documents);
        let vocabulary = Vocabulary::new(documents.map(|document| document.subject.clone()));
        let mut fields: BTreeMap<Arc<str>, BTreeSet<Vec<Step>>> = BTreeMap::new();
        for (rule, state) in plan.library.rules.iter().zip(&plan.selection.states) {
            let CompiledCheck::Require { subject, filter, require } = &rule.check else { continue };
            if state.active() {
                let found = fields.entry(subject.clone()).or_default();
                filter.iter().chain([require]).for_each(|test| test.fields(&mut Vec::new(), found));
            }
        }
        let mut watch = Self::default();
        for (subject, paths) in fields {
            let Some(schema) = vocabulary.schema(&subject) else { continue };
            let first = watch.paths.len();
            watch.names.extend(paths.iter().map(|path| format!("{subject}{}", named(path, schema()))));
            watch.paths.extend(paths);
            watch.by_subject.insert(subject, (first..watch.paths.len()).collect());
        }
        watch
    }

    /// Counts over the facts of a file.
    pub fn count(&self, facts: &Facts) -> Counts {
        let mut counts = vec![Count::default(); self.paths.len()];
        facts.subjects.iter().for_each(|subject| self.subject(subject, &mut counts));
        counts
    }

    fn subject(&self, subject: &Subject, counts: &mut Counts) {
        let item = Item::bare(Value::Object(&*subject.object));
        for &number in self.by_subject.get(&subject.name).into_iter().flatten() {
            tally(item, &self.paths[number], &mut counts[number]);
        }
    }

    /// The fields that were unknown at least once, by name.
    pub fn named<'a>(&'a self, counts: &'a Counts) -> impl Iterator<Item = (&'a str, Count)> {
        let pairs = self.names.iter().map(String::as_str).zip(counts.iter().copied());
        pairs.filter(|(_, count)| count.unknown > 0)
    }
}

/// Adds the counts of a file to those of a run.
pub fn add(sum: &mut Counts, counts: Counts) {
    if sum.is_empty() {
        *sum = counts;
        return;
    }
    for (sum, count) in sum.iter_mut().zip(counts) {
        sum.unknown += count.unknown;
        sum.of += count.of;
    }
}

fn tally(item: Item<'_>, path: &[Step], count: &mut Count) {
    match (item.value, path.split_first()) {
        (Value::Unknown(_), _) => {
            count.unknown += 1;
            count.of += 1;
        }
        (Value::Object(object), Some((Step::Field(id), rest))) => tally(object.field(*id), rest, count),
        (Value::List(list), Some((Step::Members, rest))) => {
            (0..list.size()).for_each(|index| tally(list.member(index), rest, count));
            if list.open() {
                count.unknown += 1;
                count.of += 1;
            }
        }
        _ => count.of += 1,
    }
}

/// `.security.user` for field numbers; a list's members go by the name of the list.
fn named(path: &[Step], schema: &'static Schema) -> String {
    let mut name = String::new();
    let mut here = Some(schema);
    for step in path {
        let Step::Field(id) = step else { continue };
        let Some(field) = here.and_then(|schema| schema.fields.get(*id)) else { break };
        name.push('.');
        name.push_str(field.name);
        here = object((field.ty)());
    }
    name
}

/// The schema behind a type, through any number of lists.
fn object(mut ty: Type) -> Option<&'static Schema> {
    loop {
        match ty {
            Type::Object(schema) => return Some(schema()),
            Type::List(element) => ty = element(),
            _ => return None,
        }
    }
}
