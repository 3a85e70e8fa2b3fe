//! Decision records among the others of their directory: a flavour without status is no fault.

use super::ProjectSubject;
use crate::fact::summary::{Record, Summary};
use crate::fact::value::facts;
use std::collections::BTreeMap;

facts! {
    /// A decision record, seen beside the others in its directory.
    pub struct DirectoryRecord = "project.adr-record" {
        /// Its title.
        "title" title: String,
        /// Whether it has a status, in whatever syntax.
        "has-status" has_status: bool,
        /// Whether most of the directory's records have one; a record that is alone decides for itself.
        "status-is-usual" status_is_usual: bool,
        /// How many records the directory holds.
        "siblings" siblings: i64,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut directories: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for summary in summaries {
        let dir = summary.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        directories.entry(dir).or_default().extend(&summary.records);
    }
    for records in directories.values() {
        let own: Vec<&&Record> = records.iter().filter(|r| r.own_file).collect();
        let with = own.iter().filter(|r| r.has_status).count();
        let usual = own.len() < 2 || with * 2 > own.len();
        for record in records {
            let object = DirectoryRecord {
                title: record.title.clone(),
                has_status: record.has_status,
                status_is_usual: usual || !record.own_file,
                siblings: own.len() as i64,
                ..Default::default()
            };
            out.push(ProjectSubject::new(object, record.title.as_str(), record.place.clone()));
        }
    }
}
