//! Larger things in YAML that other tools' comments cover: objects, jobs, steps.

use super::{Lines, Part};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Span;

/// Where metadata with annotations stands in an object.
const METADATA: [&[&str]; 4] = [
    &["metadata"],
    &["spec", "template", "metadata"],
    &["spec", "jobTemplate", "metadata"],
    &["spec", "jobTemplate", "spec", "template", "metadata"],
];

/// The lines of such things, in their order.
pub(super) struct Wide {
    documents: Vec<Lines>,
    /// Members of lists of objects.
    members: Vec<Lines>,
    jobs: Vec<Lines>,
    steps: Vec<Lines>,
}

impl Wide {
    pub(super) fn new(yaml: &Yaml<'_>, part: &Part<'_>) -> Self {
        let lines = |span: Span| (part.line_at(span.start), part.line_at(span.end.saturating_sub(1).max(span.start)));
        let mut wide = Self { documents: Vec::new(), members: Vec::new(), jobs: Vec::new(), steps: Vec::new() };
        for document in &yaml.documents {
            wide.documents.push(lines(document.span));
            let Some(root) = yaml.root_of(document) else { continue };
            wide.members.extend(members(root).map(|member| lines(member.span())));
            for (key, job) in root.get("jobs").into_iter().flat_map(NodeRef::written) {
                wide.jobs.push(lines(key.span().to(job.span())));
                wide.steps.extend(steps(job).map(|step| lines(step.span())));
            }
            wide.steps.extend(root.get("runs").into_iter().flat_map(steps).map(|step| lines(step.span())));
        }
        wide
    }

    /// The object that a line belongs to.
    pub(super) fn object(&self, line: u32) -> Lines {
        around(&self.members, line).or_else(|| around(&self.documents, line)).unwrap_or(super::NOTHING)
    }

    /// The step that a line belongs to.
    pub(super) fn step(&self, line: u32) -> Option<Lines> {
        around(&self.steps, line)
    }

    /// The step, else the job, else the object.
    pub(super) fn block(&self, line: u32) -> Lines {
        self.step(line).or_else(|| around(&self.jobs, line)).unwrap_or_else(|| self.object(line))
    }
}

fn around(sorted: &[Lines], line: u32) -> Option<Lines> {
    let at = sorted.partition_point(|lines| lines.0 <= line);
    sorted[..at].last().copied().filter(|lines| line <= lines.1)
}

fn members(root: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let list = root.get("kind").and_then(NodeRef::scalar).is_some_and(|kind| kind.ends_with("List"));
    root.get("items").filter(|_| list).into_iter().flat_map(NodeRef::items)
}

fn steps(job: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    job.get("steps").into_iter().flat_map(NodeRef::items)
}

/// Key, value and place of the annotations of all objects and of their pods.
pub(super) fn annotations(yaml: &Yaml<'_>) -> Vec<(String, String, Span)> {
    let mut found = Vec::new();
    for root in yaml.roots() {
        for object in members(root).chain([root]) {
            let annotated = METADATA.iter().filter_map(|path| object.path(path)?.get("annotations"));
            for (key, value) in annotated.flat_map(NodeRef::written) {
                if let Some(name) = key.scalar() {
                    found.push((name.to_owned(), value.scalar().unwrap_or("").to_owned(), key.span()));
                }
            }
        }
    }
    found
}
