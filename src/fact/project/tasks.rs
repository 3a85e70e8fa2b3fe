//! Ids of tasks over all breakdowns of a repository: who defines one twice, who names one that nobody defines.

use super::ProjectSubject;
use crate::fact::summary::{Summary, TaskId};
use crate::fact::value::facts;
use std::collections::{BTreeMap, BTreeSet};

facts! {
    /// A task with an id.
    pub struct TaskDefinition = "project.task" {
        /// Its id.
        "id" id: String,
        /// Where another task has it, earlier in the order of paths and lines.
        "twin" twin: Option<String>,
    }

    /// A task that another one depends on.
    pub struct TaskReference = "project.task-reference" {
        /// Its id.
        "id" id: String,
        /// Whether any breakdown defines it.
        "defined" defined: bool,
    }
}

/// Namesakes that are looked at for one task.
const LOOKED_AT: usize = 50;

pub(super) fn definitions(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut named: BTreeMap<&str, Vec<(&str, &TaskId)>> = BTreeMap::new();
    for summary in summaries {
        for task in defined(summary) {
            let namesakes = named.entry(&task.id).or_default();
            let mut earlier = namesakes.iter().take(LOOKED_AT);
            let twin = earlier.find(|(path, _)| *path == &*summary.path || !are_apart(path, &summary.path));
            let object = TaskDefinition {
                id: task.id.clone(),
                twin: twin.map(|(path, twin)| match *path == &*summary.path {
                    true => format!("line {}", twin.place.range.start.line),
                    false => format!("{path}:{}", twin.place.range.start.line),
                }),
                ..TaskDefinition::default()
            };
            let mut subject = ProjectSubject::new(object, task.id.as_str(), task.place.clone());
            subject.related.extend(twin.map(|(_, twin)| (twin.place.clone(), "the other task".to_owned())));
            out.push(subject);
            namesakes.push((&summary.path, task));
        }
    }
}

pub(super) fn references(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let known: BTreeSet<&str> =
        summaries.iter().flat_map(|s| &s.tasks).filter(|t| is_defined(t)).map(|t| &*t.id).collect();
    for task in summaries.iter().flat_map(|summary| &summary.tasks).filter(|task| !is_defined(task)) {
        let defined = known.contains(task.id.as_str());
        let object = TaskReference { id: task.id.clone(), defined, ..TaskReference::default() };
        out.push(ProjectSubject::new(object, task.id.as_str(), task.place.clone()));
    }
}

fn is_defined(task: &TaskId) -> bool {
    !task.syntax.is_empty()
}

/// What a file defines: the rows of an overview name tasks that headings define.
fn defined(summary: &Summary) -> impl Iterator<Item = &TaskId> {
    let has_headings = summary.tasks.iter().any(|task| is_defined(task) && task.syntax != "row");
    summary.tasks.iter().filter(move |task| is_defined(task) && (task.syntax != "row" || !has_headings))
}

/// Files of one name in several folders are plans of their own, each with its own numbers.
fn are_apart(one: &str, other: &str) -> bool {
    let name = |path: &'_ str| path.rsplit('/').next().unwrap_or_default().to_owned();
    name(one) == name(other)
}
