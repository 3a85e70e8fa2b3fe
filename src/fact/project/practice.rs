//! How a repository is run beside what its documents say of it.

use super::ProjectSubject;
use crate::fact::Wanted;
use crate::fact::inventory::Inventory;
use crate::fact::practice::Practice;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;

facts! {
    /// The first file of a repository with which something is deployed.
    pub struct Deployment = "project.deployment" {
        /// What it is, in words.
        "what" what: String,
        /// Whether any document has a section on deploying.
        "documented" documented: bool,
    }

    /// The first service of a repository that keeps data.
    pub struct StoredData = "project.stored-data" {
        /// Its name.
        "name" name: String,
        /// Whether any document has a section on backups that says how they are restored.
        "documented" documented: bool,
    }

    /// The first place at which the documents on infrastructure speak of secrets.
    pub struct SecretUse = "project.secret-use" {
        /// Whether any of them says how secrets are rotated.
        "rotation" rotation: bool,
    }

    /// A release to production, beside one to staging.
    pub struct Release = "project.production-release" {
        /// The job or the stage.
        "name" name: String,
        /// What brings the release to staging.
        "staging" staging: String,
        /// Whether it comes behind that.
        "staged" staged: bool,
    }

    /// The file of variables that a setup guide names.
    pub struct EnvFileName = "project.env-file-name" {
        /// Its name: `.env` or `.env.local`.
        "name" name: String,
        /// The name that the framework reads.
        "expected" expected: String,
        /// The framework.
        "framework" framework: String,
    }
}

/// The relations of this module.
pub const PRACTICES: [&str; 5] = [
    "project.deployment",
    "project.stored-data",
    "project.secret-use",
    "project.production-release",
    "project.env-file-name",
];

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, wanted: &Wanted, out: &mut Vec<ProjectSubject>) {
    let all = || summaries.iter().filter_map(|summary| Some((summary, summary.practice.as_deref()?)));
    let any = |tells: fn(&Practice) -> bool| all().any(|(_, practice)| tells(practice));
    for (_, practice) in all().filter(|_| wanted.subject(Release::describe().name)) {
        for release in &practice.releases {
            let (name, staging, staged) = (release.name.clone(), release.staging.clone(), release.staged);
            let object = Release { name, staging, staged, ..Release::default() };
            out.push(ProjectSubject::new(object, release.name.as_str(), release.place.clone()));
        }
    }
    if wanted.subject(EnvFileName::describe().name) {
        env_files(summaries, out);
    }
    // What is not there can only be told where all was seen.
    if !inventory.is_complete() {
        return;
    }
    let first = all().find_map(|(summary, practice)| Some((summary, practice.deploys?)));
    if let Some((summary, what)) = first.filter(|_| wanted.subject(Deployment::describe().name)) {
        let documented = any(|practice| practice.tells_deployment);
        let object = Deployment { what: what.to_owned(), documented, ..Deployment::default() };
        out.push(ProjectSubject::new(object, "", summary.head.clone()));
    }
    let first = all().find_map(|(_, practice)| practice.stores.first());
    if let Some((name, place)) = first.filter(|_| wanted.subject(StoredData::describe().name)) {
        let documented = any(|practice| practice.tells_backup);
        let object = StoredData { name: name.clone(), documented, ..StoredData::default() };
        out.push(ProjectSubject::new(object, name.as_str(), place.clone()));
    }
    let first = all().find_map(|(_, practice)| practice.secrets.as_ref());
    if let Some(place) = first.filter(|_| wanted.subject(SecretUse::describe().name)) {
        let rotation = any(|practice| practice.tells_rotation);
        out.push(ProjectSubject::new(SecretUse { rotation, ..SecretUse::default() }, "", place.clone()));
    }
}

/// Guides that name only the file which their framework does not read first.
fn env_files(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let practices = || summaries.iter().filter_map(|summary| summary.practice.as_deref());
    let uses = |name: &str| practices().any(|practice| practice.frameworks.contains(&name));
    // Where both are built on, each of the names is right for one of them.
    let (framework, expected) = match (uses("Next.js"), uses("FastAPI")) {
        (true, false) => ("Next.js", ".env.local"),
        (false, true) => ("FastAPI", ".env"),
        _ => return,
    };
    for practice in practices() {
        let wrong: Option<&(String, Place)> = practice.env_files.first();
        let right = practice.env_files.iter().any(|(name, _)| name == expected);
        let Some((name, place)) = wrong.filter(|_| !right) else { continue };
        let (expected, framework) = (expected.to_owned(), framework.to_owned());
        let object = EnvFileName { name: name.clone(), expected, framework, ..EnvFileName::default() };
        out.push(ProjectSubject::new(object, name.as_str(), place.clone()));
    }
}
