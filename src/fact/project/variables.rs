//! Environment variables that documents ask for, beside those that `.env.example` shows.

use super::ProjectSubject;
use crate::fact::context::directory;
use crate::fact::inventory::Inventory;
use crate::fact::summary::{Place, Role, Summary, Variable};
use crate::fact::value::facts;
use std::collections::{BTreeMap, BTreeSet};

facts! {
    /// An environment variable of a document or an example file, where there are both.
    pub struct EnvVariable = "project.env-variable" {
        /// Its name.
        "name" name: String,
        /// Whether a setup document names it.
        "documented" documented: bool,
        /// Whether a Compose file cannot do without it.
        "needed" needed: bool,
        /// Whether the nearest `.env.example` shows it.
        "in-example" in_example: bool,
        /// Whether a Compose file, a Dockerfile or a manifest names it; true where an example shows what there is.
        "deployed" deployed: bool,
        /// The other file: the example for a documented variable, a document for an example's.
        "counterpart" counterpart: String,
    }
}

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let examples = by_file(summaries, Role::Example);
    let documents = by_file(summaries, Role::Documented);
    let given = names(summaries, &[Role::Given]);
    let mut answered: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for (path, variables) in &documents {
        let Some((example, shown)) = nearest(path, &examples) else { continue };
        let names: BTreeSet<&str> = shown.iter().map(|v| v.name.as_str()).collect();
        // What the deployment gives a value need not be set by anybody.
        let open = |variable: &&Variable| names.contains(&*variable.name) || !given.contains(&*variable.name);
        for variable in first_of_each(variables).into_iter().filter(open) {
            let in_example = names.contains(variable.name.as_str());
            let related = shown.first().map(|v| v.place.clone());
            out.push(subject(variable, (true, false), in_example, example, related));
        }
        let entry = answered.entry(example).or_insert_with(|| (path, BTreeSet::new()));
        entry.1.extend(variables.iter().map(|v| v.name.as_str()));
    }
    for (path, variables) in by_file(summaries, Role::Needed) {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let own = if dir.is_empty() { ".env".to_owned() } else { format!("{dir}/.env") };
        // Values that lie beside the file need no example.
        let beside = nearest(path, &examples).filter(|_| !inventory.is_file(&own) && !inventory.is_file(".env"));
        let Some((example, shown)) = beside else { continue };
        for variable in first_of_each(&variables) {
            let in_example = shown.iter().any(|v| v.name == variable.name);
            out.push(subject(variable, (true, true), in_example, example, shown.first().map(|v| v.place.clone())));
        }
    }
    // Only where every setup document could be read is a variable that none names undocumented.
    if !inventory.is_complete() {
        return;
    }
    if examples.is_empty() {
        beside_deployment(summaries, &documents, out);
    }
    for (example, (document, named)) in answered {
        for variable in first_of_each(&examples[example]) {
            let documented = named.contains(variable.name.as_str());
            out.push(subject(variable, (documented, false), true, document, None));
        }
    }
}

fn names<'s>(summaries: &'s [Summary], roles: &[Role]) -> BTreeSet<&'s str> {
    let all = summaries.iter().flat_map(|summary| &summary.variables);
    all.filter(|variable| roles.contains(&variable.role)).map(|variable| variable.name.as_str()).collect()
}

/// Where no example says which variables there are, setup documents and deployments are compared with each other: those
/// that speak of the same variables for the most part.
fn beside_deployment(summaries: &[Summary], documents: &BTreeMap<&str, Vec<&Variable>>, out: &mut Vec<ProjectSubject>) {
    let unnamed = summaries.iter().flat_map(|summary| &summary.variables).any(|v| v.role == Role::Unnamed);
    let deployed = names(summaries, &[Role::Needed, Role::Given, Role::Passed]);
    if unnamed || deployed.is_empty() {
        return;
    }
    let mut documented: BTreeSet<&str> = BTreeSet::new();
    let mut first = None;
    for (path, variables) in documents {
        let variables = first_of_each(variables);
        let shared = variables.iter().filter(|variable| deployed.contains(variable.name.as_str())).count();
        documented.extend(variables.iter().map(|variable| variable.name.as_str()));
        if shared < 2 || shared * 2 < variables.len() {
            continue;
        }
        first.get_or_insert(*path);
        for variable in variables.into_iter().filter(|variable| !deployed.contains(variable.name.as_str())) {
            let object = EnvVariable {
                name: variable.name.clone(),
                documented: true,
                in_example: true,
                ..EnvVariable::default()
            };
            out.push(ProjectSubject::new(object, variable.name.as_str(), variable.place.clone()));
        }
    }
    let Some(document) = first else { return };
    for variables in by_file(summaries, Role::Needed).into_values() {
        for variable in first_of_each(&variables).into_iter().filter(|v| !documented.contains(v.name.as_str())) {
            out.push(subject(variable, (true, true), false, document, None));
        }
    }
}

fn subject(
    variable: &Variable,
    (documented, needed): (bool, bool),
    in_example: bool,
    counterpart: &str,
    related: Option<Place>,
) -> ProjectSubject {
    let object = EnvVariable {
        name: variable.name.clone(),
        documented,
        needed,
        in_example,
        deployed: true,
        counterpart: counterpart.to_owned(),
        ..Default::default()
    };
    let mut subject = ProjectSubject::new(object, variable.name.as_str(), variable.place.clone());
    subject.related.extend(related.map(|place| (place, "the example file".to_owned())));
    subject
}

fn by_file(summaries: &[Summary], role: Role) -> BTreeMap<&str, Vec<&Variable>> {
    let mut files: BTreeMap<&str, Vec<&Variable>> = BTreeMap::new();
    for summary in summaries {
        let variables: Vec<&Variable> = summary.variables.iter().filter(|v| v.role == role).collect();
        if !variables.is_empty() {
            files.insert(&summary.path, variables);
        }
    }
    files
}

fn first_of_each<'a>(variables: &[&'a Variable]) -> Vec<&'a Variable> {
    let mut seen = BTreeSet::new();
    variables.iter().copied().filter(|v| seen.insert(v.name.as_str())).collect()
}

/// The example file in the document's directory or the nearest one above it.
fn nearest<'a, 'v>(
    path: &str,
    examples: &'a BTreeMap<&'v str, Vec<&'v Variable>>,
) -> Option<(&'v str, &'a [&'v Variable])> {
    let above = |example: &str| {
        let dir = directory(example);
        (dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))).then_some(dir.len())
    };
    let found = examples.iter().filter_map(|(example, variables)| Some((above(example)?, example, variables)));
    found.max_by_key(|(depth, ..)| *depth).map(|(_, example, variables)| (*example, variables.as_slice()))
}
