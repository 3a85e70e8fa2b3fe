//! Who has to agree before a release reaches production: what designs ask for, and what workflows do.

use super::document::{Document, Row, Table};
use super::summary::Place;
use super::value::Field;
use super::{Facts, File, Wanted};
use crate::syntax::Kind;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A way to production.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The row of a design's table, or the job of a workflow.
    pub name: String,
    /// Whether it is a job.
    pub job: bool,
    /// What the row says; empty for a job.
    pub said: String,
    /// Whether somebody has to agree.
    pub approved: bool,
    /// Where it stands.
    pub place: Place,
}

/// Words that say that somebody has to agree.
const AGREED: [&str; 12] = [
    "required",
    "yes",
    "manual",
    "approval",
    "approver",
    "approved",
    "reviewer",
    "must",
    "mandatory",
    "needed",
    "lead",
    "owner",
];
/// Jobs that are looked at.
const MOST: usize = 200;

/// The ways to production of a file, if any relation asks for them.
pub(super) fn approvals(path: &Arc<str>, file: &File<'_>, facts: &Facts, wanted: &Wanted) -> Vec<Approval> {
    if !wanted.subject("project.production-approval") || file.foreign {
        return Vec::new();
    }
    let at = |span: Span| Place::new(path, span, file.source);
    match file.kind {
        Kind::Markdown => rows(facts, &at),
        Kind::Workflow if memchr::memmem::find(file.source.text().as_bytes(), b"prod").is_some() => jobs(file, &at),
        _ => Vec::new(),
    }
}

fn rows(facts: &Facts, at: &dyn Fn(Span) -> Place) -> Vec<Approval> {
    let designs = facts.subjects.iter().filter(|subject| *subject.name == *"design.document");
    let mut out = Vec::new();
    for document in designs.filter_map(|subject| subject.object.as_any().downcast_ref::<Document>()) {
        for table in &document.tables {
            let Some(column) = column(table, "approval") else { continue };
            for row in table.rows.iter().filter(|row| row.name == "production" || row.name == "prod") {
                let Some((place, said, approved)) = agreed(row, column) else { continue };
                out.push(Approval { name: row.name.clone(), job: false, said, approved, place: at(place) });
            }
        }
    }
    out
}

fn column(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.value == name || column.value == format!("{name}s"))
}

/// What a row says of who has to agree, where, and whether somebody has to.
fn agreed(row: &Row, column: usize) -> Option<(Span, String, bool)> {
    match row.cells.get(column)? {
        Field::Known(cell) => {
            let lower = cell.value.to_lowercase();
            let words: Vec<&str> =
                lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let denied = words.iter().any(|word| matches!(*word, "none" | "no" | "not" | "automatic" | "without"));
            let agreed =
                words.iter().any(|word| AGREED.contains(word)) || words.iter().any(|word| word.ends_with("team"));
            Some((cell.span, cell.value.clone(), agreed && !denied))
        }
        Field::Absent => Some((row.span, "nothing".to_owned(), false)),
        Field::Unknown(_) => None,
    }
}

/// The jobs that deploy to production: an environment is where a workflow waits for reviewers.
fn jobs(file: &File<'_>, at: &dyn Fn(Span) -> Place) -> Vec<Approval> {
    let source = Text::whole(file.source.text());
    let yaml = Yaml::parse(&source);
    let Some(jobs) = yaml.root(0).and_then(|root| root.get("jobs")) else { return Vec::new() };
    let gated: BTreeMap<&str, bool> = jobs
        .written()
        .take(MOST)
        .filter_map(|(key, job)| {
            // What another workflow does is said there.
            let waits = job.get("environment").is_some() || job.get("uses").is_some() || asks(job);
            Some((key.scalar()?, waits))
        })
        .collect();
    let mut out = Vec::new();
    for (key, job) in jobs.written().take(MOST) {
        let Some(name) = key.scalar().filter(|name| releases(name)) else { continue };
        let before = |node: NodeRef<'_>| node.scalar().and_then(|need| gated.get(need)).copied().unwrap_or(false);
        let needs = job.get("needs");
        let behind = needs.is_some_and(|needs| before(needs) || needs.items().any(before));
        let approved = behind || gated.get(name).copied().unwrap_or(false);
        out.push(Approval { name: name.to_owned(), job: true, said: String::new(), approved, place: at(key.span()) });
    }
    out
}

/// A step that waits for somebody.
fn asks(job: NodeRef<'_>) -> bool {
    let steps = job.get("steps").into_iter().flat_map(NodeRef::items);
    steps.filter_map(|step| step.get("uses")?.scalar()).any(|uses| uses.contains("approval"))
}

/// `production`, `deploy-prod`, `release_production`; not `build-prod`, `pre-prod`.
fn releases(job: &str) -> bool {
    let lower = job.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let production = words.iter().any(|word| matches!(*word, "prod" | "production"));
    let goes = words.iter().all(|word| {
        matches!(*word, "prod" | "production" | "deploy" | "deployment" | "release" | "rollout" | "promote" | "to")
    });
    production && goes
}

#[cfg(test)]
mod tests {
    use super::releases;

    #[test]
    fn jobs_that_release_are_told_by_their_names() {
        assert!(["production", "deploy-prod", "release_to_production", "Deploy-Production"].into_iter().all(releases));
        assert!(!["build-prod", "pre-prod", "deploy", "deploy-staging", "smoke-production"].into_iter().any(releases));
    }
}
