//! All pipelines of a repository together: whether what is built is also looked through.

use super::ProjectSubject;
use crate::fact::inventory::Inventory;
use crate::fact::summary::Summary;
use crate::fact::value::facts;

facts! {
    /// The first pipeline that builds an image, with what all of them do.
    pub struct ImageBuild = "project.image-build" {
        /// Whether any pipeline of the repository looks for known holes in images or dependencies.
        "scanned" scanned: bool,
    }
}

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let pipelines = || summaries.iter().filter_map(|summary| Some((summary, summary.pipeline?)));
    let scanned = pipelines().any(|(_, pipeline)| pipeline.scans);
    let first = pipelines().find(|(_, pipeline)| pipeline.builds).filter(|_| inventory.is_complete());
    if let Some((summary, _)) = first {
        out.push(ProjectSubject::new(ImageBuild { scanned, ..ImageBuild::default() }, "", summary.head.clone()));
    }
}
