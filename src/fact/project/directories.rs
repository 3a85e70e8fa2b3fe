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
        /// Those of spec.md, setup.md and tasks.md that are there.
        "present" present: Vec<String>,
        /// Those that are not.
        "missing" missing: Vec<String>,
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
    for (dir, heads) in directories {
        let there = |name: &&str| inventory.exists(&format!("{dir}/{name}"));
        let (present, missing): (Vec<&str>, Vec<&str>) = FILES.iter().partition(|name| there(name));
        let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        let object =
            SpecDirectory { path: dir.to_owned(), present: own(present), missing: own(missing), ..Default::default() };
        // The spec is the heart of a component; where it is missing, the first file stands in.
        let place = heads.iter().find(|p| p.path.ends_with("/spec.md")).or(heads.first());
        if let Some(place) = place {
            out.push(ProjectSubject::new(object, dir, (*place).clone()));
        }
    }
}
