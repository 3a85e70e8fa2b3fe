//! Ways to production beside what the designs ask for.

use super::ProjectSubject;
use crate::fact::summary::Summary;
use crate::fact::value::facts;

facts! {
    /// A way to production: a row of a design's table of approvals, or a workflow's job where a design asks for approval.
    pub struct ProductionApproval = "project.production-approval" {
        /// The row or the job.
        "name" name: String,
        /// Whether it is a job.
        "job" job: bool,
        /// What the row says.
        "said" said: String,
        /// Whether somebody has to agree before.
        "approved" approved: bool,
        /// The design that asks for approval, of a job.
        "design" design: String,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let all = || summaries.iter().flat_map(|summary| summary.approvals.iter().map(move |approval| (summary, approval)));
    let asked = all().find(|(_, approval)| !approval.job && approval.approved);
    for (_, approval) in all().filter(|(_, approval)| !approval.job || asked.is_some()) {
        let object = ProductionApproval {
            name: approval.name.clone(),
            job: approval.job,
            said: approval.said.clone(),
            approved: approval.approved,
            design: asked.map(|(summary, _)| summary.path.to_string()).unwrap_or_default(),
            ..ProductionApproval::default()
        };
        let mut subject = ProjectSubject::new(object, approval.name.as_str(), approval.place.clone());
        if let Some((_, asked)) = asked.filter(|_| approval.job) {
            subject.related.push((asked.place.clone(), "the design asks for approval".to_owned()));
        }
        out.push(subject);
    }
}
