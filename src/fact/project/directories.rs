//! Directories of component specs: which of the files of a component they hold.

use super::ProjectSubject;
use crate::fact::inventory::Inventory;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use std::collections::BTreeMap;

facts! {
    /// A directory that holds part of a component's spec.
    pub struct SpecDirectory = "project.spec-directory" {
        /// Its path.
        "path" path: String,
        /// Its last name.
        "name" name: String,
        /// The number that its name begins with.
        "number" number: Option<i64>,
        /// Another directory beside it, earlier in the alphabet, with the same number.
        "twin" twin: Option<String>,
        /// The number that is left out before its own.
        "gap" gap: Option<i64>,
        /// Documents in it that are none of a component's.
        "unexpected" unexpected: Vec<String>,
        /// How many lines the three files have together; none unless all three are there.
        "lines" lines: Option<i64>,
        /// Those of spec.md, setup.md and tasks.md that are there.
        "present" present: Vec<String>,
        /// Those that are not.
        "missing" missing: Vec<String>,
        /// Whether the spec names `project.json`; none where there is no spec, or no such file in the repository.
        "names-project-json" names_project_json: Option<bool>,
        /// The number in the name of the branch `spec-N` that is checked out, where no component has it; told at the
        /// component with the highest number.
        "branch-number" branch_number: Option<i64>,
    }
}

const FILES: [&str; 3] = ["spec.md", "setup.md", "tasks.md"];
const TYPES: [&str; 3] = ["infra-spec.spec", "infra-spec.setup", "infra-spec.tasks"];

/// Directories that keep what is not in force.
const PARKED: [&str; 3] = ["archive", "_template", "templates"];

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let mut directories: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for summary in summaries.iter().filter(|s| s.documents.iter().any(|d| TYPES.contains(&&**d))) {
        let (dir, name) = summary.path.rsplit_once('/').unwrap_or(("", &summary.path));
        if FILES.contains(&name) && !dir.split('/').any(|part| PARKED.contains(&part)) {
            directories.entry(dir).or_default().push(&summary.head);
        }
    }
    let numbers = numbers(directories.keys().copied());
    let branch = branch_number(inventory).filter(|number| numbers.values().all(|own| own.0 != Some(*number)));
    let latest = numbers.iter().max_by_key(|(_, own)| own.0).map(|(dir, _)| *dir);
    let project = inventory.files().any(|path| path == "project.json" || path.ends_with("/project.json"));
    for (dir, heads) in directories {
        let there = |name: &&str| inventory.exists(&format!("{dir}/{name}"));
        let (present, missing): (Vec<&str>, Vec<&str>) = FILES.iter().partition(|name| there(name));
        let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        let name = dir.rsplit('/').next().unwrap_or(dir);
        let lines = |file: &str| {
            let path = format!("{dir}/{file}");
            let at = summaries.binary_search_by(|summary| (*summary.path).cmp(&path)).ok()?;
            summaries.get(at).map(|summary| summary.lines)
        };
        let (number, twin, gap) = numbers.get(dir).cloned().unwrap_or_default();
        let object = SpecDirectory {
            path: dir.to_owned(),
            name: name.to_owned(),
            number,
            twin,
            gap,
            unexpected: unexpected(dir, inventory),
            lines: FILES.iter().map(|file| lines(file)).sum(),
            present: own(present),
            missing: own(missing),
            names_project_json: named_project(summaries, dir).filter(|_| project),
            branch_number: branch.filter(|_| latest == Some(dir)),
            ..Default::default()
        };
        // The spec is the heart of a component; where it is missing, the first file stands in.
        let place = heads.iter().find(|p| p.path.ends_with("/spec.md")).or(heads.first());
        if let Some(place) = place {
            out.push(ProjectSubject::new(object, dir, (*place).clone()));
        }
    }
}

/// The number in the name of a branch `spec-003` or `feature/spec-003-cache`.
fn branch_number(inventory: &Inventory) -> Option<i64> {
    let name = inventory.branch()?.rsplit('/').next()?;
    let rest = name.strip_prefix("spec-")?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ends = rest.get(digits..).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    rest.get(..digits).filter(|_| ends)?.parse().ok()
}

/// Whether the spec of a directory names `project.json`.
fn named_project(summaries: &[Summary], dir: &str) -> Option<bool> {
    let path = format!("{dir}/spec.md");
    let at = summaries.binary_search_by(|summary| (*summary.path).cmp(&path)).ok()?;
    summaries.get(at)?.component.as_ref().map(|component| component.names_project)
}

/// The number of a directory, another one that has it, the number left out before it.
type Numbered = (Option<i64>, Option<String>, Option<i64>);

/// Directories that begin with a number.
fn numbers<'d>(dirs: impl Iterator<Item = &'d str>) -> BTreeMap<&'d str, Numbered> {
    let mut families: BTreeMap<&str, BTreeMap<i64, Vec<&str>>> = BTreeMap::new();
    for dir in dirs {
        let (parent, name) = dir.rsplit_once('/').unwrap_or(("", dir));
        let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if let Some(number) = name.get(..digits).and_then(|digits| digits.parse().ok()) {
            families.entry(parent).or_default().entry(number).or_default().push(dir);
        }
    }
    let mut out = BTreeMap::new();
    for family in families.into_values() {
        let mut before: Option<i64> = None;
        for (number, dirs) in family {
            let gap = before.filter(|before| before.saturating_add(1) < number).map(|before| before + 1);
            before = Some(number);
            for (index, dir) in dirs.iter().enumerate() {
                let twin = dirs.first().filter(|_| index > 0).map(|first| (*first).to_owned());
                out.insert(*dir, (Some(number), twin, gap.filter(|_| index == 0)));
            }
        }
    }
    out
}

/// Documents that a component may have besides its three.
const EXPECTED: [&str; 8] =
    ["spec.md", "setup.md", "tasks.md", "README.md", "research.md", "plan.md", "CHANGELOG.md", "AGENTS.md"];

fn unexpected(dir: &str, inventory: &Inventory) -> Vec<String> {
    let names = inventory.files_below(dir).filter_map(|path| path.get(dir.len() + 1..));
    let own = names.filter(|name| !name.contains('/') && name.ends_with(".md") && !EXPECTED.contains(name));
    own.take(20).map(str::to_owned).collect()
}
