//! Components among each other: on which they depend, and whether their status says what their tasks say.

use super::ProjectSubject;
use crate::fact::context::directory;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use std::collections::{BTreeMap, HashMap};

facts! {
    /// What the spec of a component names as a dependency.
    pub struct ComponentDependency = "project.component-dependency" {
        /// As it is written.
        "name" name: String,
        /// The directory of the component that is meant.
        "component" component: Option<String>,
        /// The way round, where components depend on each other; told at one dependency of each circle.
        "cycle" cycle: Option<String>,
    }

    /// The status of a component beside its task plan.
    pub struct ComponentStatus = "project.component-status" {
        /// The first one to four words of the status.
        "status" status: Vec<String>,
        /// How many tasks are done.
        "done" done: i64,
        /// How many are open.
        "open" open: i64,
    }
}

/// The specs by their directories.
fn specs(summaries: &[Summary]) -> BTreeMap<&str, &Summary> {
    let specs = summaries.iter().filter(|s| s.documents.iter().any(|d| &**d == "infra-spec.spec"));
    specs.map(|summary| (directory(&summary.path), summary)).collect()
}

pub(super) fn statuses(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let plans = summaries.iter().filter_map(|s| Some((directory(&s.path), s.component.as_ref()?.tasks?)));
    let plans: HashMap<&str, (usize, usize)> = plans.collect();
    for (dir, spec) in specs(summaries) {
        let Some((status, place)) = spec.component.as_ref().and_then(|component| component.status.as_ref()) else {
            continue;
        };
        if let Some(&(done, all)) = plans.get(dir) {
            let (done, open) = (done as i64, (all - done) as i64);
            let object = ComponentStatus { status: status.clone(), done, open, ..Default::default() };
            out.push(ProjectSubject::new(object, dir, place.clone()));
        }
    }
}

pub(super) fn dependencies(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let specs = specs(summaries);
    let names: Vec<(&str, &str)> = specs.keys().map(|dir| (*dir, dir.rsplit('/').next().unwrap_or(dir))).collect();
    let mut targets: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    let mut found: Vec<(&str, &str, &Place, Option<&str>)> = Vec::new();
    for (dir, spec) in &specs {
        for (name, place) in spec.component.iter().flat_map(|component| &component.dependencies) {
            let own = |(other, slug): &&(&str, &str)| other != dir || name.trim() == *slug;
            let target = names.iter().filter(own).find(|(_, slug)| is_meant(name, slug));
            if let Some((other, _)) = target {
                targets.entry(dir).or_default().push((found.len(), other));
            }
            found.push((dir, name, place, target.map(|(other, _)| *other)));
        }
    }
    let mut cycles = circles(&specs.keys().copied().collect::<Vec<_>>(), &targets);
    for (index, (dir, name, place, component)) in found.into_iter().enumerate() {
        let component = component.map(str::to_owned);
        let object = ComponentDependency {
            name: name.to_owned(),
            component,
            cycle: cycles.remove(&index),
            ..Default::default()
        };
        out.push(ProjectSubject::new(object, dir, place.clone()));
    }
}

/// `001`, `001-database`, `I001`, `Database`, `database`.
fn is_meant(written: &str, slug: &str) -> bool {
    let (number, words) = slug.split_once('-').unwrap_or(("", slug));
    // Not as headings compare: there the number does not count, here it names the component.
    let lower = written.split('(').next().unwrap_or(written).to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let written = parts.join("-");
    let written = written.trim_end_matches("-infrastructure");
    let plain =
        written.strip_prefix('i').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(written);
    let head = plain.split('-').next().unwrap_or("");
    written == slug || plain == number || written == words || (!number.is_empty() && head == number)
}

/// One circle through each component that is on one: by the number of the dependency that closes it.
fn circles(dirs: &[&str], targets: &HashMap<&str, Vec<(usize, &str)>>) -> HashMap<usize, String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks: HashMap<&str, Mark> = dirs.iter().map(|dir| (*dir, Mark::New)).collect();
    let mut out = HashMap::new();
    for &start in dirs {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        marks.insert(start, Mark::Open);
        while let Some((dir, next)) = way.last_mut() {
            let dir = *dir;
            let step = targets.get(dir).and_then(|list| list.get(*next)).copied();
            *next += 1;
            match step {
                None => {
                    marks.insert(dir, Mark::Done);
                    way.pop();
                }
                Some((_, target)) if marks.get(target) == Some(&Mark::New) => {
                    marks.insert(target, Mark::Open);
                    way.push((target, 0));
                }
                Some((number, target)) if marks.get(target) == Some(&Mark::Open) => {
                    let from = way.iter().position(|(dir, _)| *dir == target).unwrap_or(0);
                    let name = |dir: &str| dir.rsplit('/').next().unwrap_or(dir).to_owned();
                    let mut names: Vec<String> = way[from..].iter().map(|(dir, _)| name(dir)).collect();
                    names.push(name(target));
                    out.insert(number, names.join(" → "));
                }
                Some(_) => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_meant_by_number_or_name() {
        for written in
            ["001", "001-database", "Database", "I001", "database infrastructure", "001: the database", "001-db"]
        {
            assert!(is_meant(written, "001-database"), "{written}");
        }
        for written in ["None", "Redis server", "002", "datab"] {
            assert!(!is_meant(written, "001-database"), "{written}");
        }
    }

    #[test]
    fn each_circle_is_told_once() {
        let dirs = ["a", "b", "c", "d"];
        let targets =
            HashMap::from([("a", vec![(0, "b")]), ("b", vec![(1, "c")]), ("c", vec![(2, "a")]), ("d", vec![(3, "a")])]);
        assert_eq!(circles(&dirs, &targets), HashMap::from([(2, "a → b → c → a".to_owned())]));
        assert!(circles(&dirs, &HashMap::from([("a", vec![(0, "b")])])).is_empty());
    }
}
