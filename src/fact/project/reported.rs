//! Numbers that documents report of a component's files, beside what those hold.

use super::{ProjectSubject, Remedy};
use crate::fact::reports::Size;
use crate::fact::summary::Summary;
use crate::fact::value::facts;
use std::collections::HashMap;

facts! {
    /// A number that a document reports of a component's file, where that file is there.
    pub struct ReportedCount = "project.reported-count" {
        /// The file.
        "path" path: String,
        /// What is counted: `lines`, `tasks` or `phases`.
        "unit" unit: String,
        /// How many there are said to be.
        "reported" reported: i64,
        /// How many there are.
        "actual" actual: i64,
        /// Whether that is so, blank lines at the end and frontmatter counted or not.
        "right" right: bool,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let sized = summaries.iter().filter_map(|summary| Some((&*summary.path, (summary.lines, summary.size?))));
    let sizes: HashMap<&str, (i64, Size)> = sized.collect();
    for report in summaries.iter().flat_map(|summary| &summary.reports) {
        let there = report.paths.iter().find_map(|path| Some((path, sizes.get(path.as_str())?)));
        let Some((path, &(lines, size))) = there else { continue };
        let (actual, right) = match (report.unit.as_str(), size.plan) {
            ("lines", _) => (size.lines, (lines..=size.lines).contains(&report.count)),
            ("tasks", Some((tasks, _))) => (tasks, tasks == report.count),
            ("phases", Some((_, phases))) => (phases, phases == report.count),
            _ => continue,
        };
        let (path, unit, reported) = (path.clone(), report.unit.clone(), report.count);
        let object = ReportedCount { path, unit, reported, actual, right, ..ReportedCount::default() };
        let mut subject = ProjectSubject::new(object, report.unit.as_str(), report.place.clone());
        subject.remedies.push(Remedy::replace(&report.place, actual.to_string()));
        out.push(subject);
    }
}
