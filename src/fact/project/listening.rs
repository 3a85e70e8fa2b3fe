//! Ports of containers beside those that the Dockerfiles of their images expose.

use super::ProjectSubject;
use crate::fact::builds::Built;
use crate::fact::dockerfile::StageOutline;
use crate::fact::listening::Listening;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use std::collections::{BTreeMap, BTreeSet, HashMap};

facts! {
    /// A port of a container whose image is built here.
    pub struct ContainerPort = "project.container-port" {
        /// The port.
        "port" port: i64,
        /// The Dockerfile of the image.
        "dockerfile" dockerfile: String,
        /// Whether the Dockerfile exposes it, or may do so.
        "exposed" exposed: bool,
        /// Who names the port: `compose`, or a `manifest` of Kubernetes.
        "from" from: String,
    }
}

/// Adds the ports of which the Dockerfile is known.
pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let images = Images::of(summaries);
    for (listening, place) in summaries.iter().flat_map(|summary| &summary.ports) {
        let stages = images.stages(listening);
        let Some((path, stage)) = stages.first() else { continue };
        // Where several files build an image of that name, none of them may expose the port.
        let left_out = stages.iter().all(|(_, stage)| stage.leaves_out(listening.port));
        let object = ContainerPort {
            port: listening.port.into(),
            dockerfile: (*path).to_owned(),
            exposed: !left_out,
            from: listening.from.to_owned(),
            ..ContainerPort::default()
        };
        let mut subject = ProjectSubject::new(object, &listening.label, place.clone());
        let exposed = stage.exposed.first().and_then(|exposed| images.place(path, exposed.span.start));
        let exposed = exposed.filter(|_| left_out);
        subject.related.extend(exposed.map(|place| (place.clone(), "this is what the image exposes".to_owned())));
        out.push(subject);
    }
}

/// Which images are built here, and from what.
struct Images<'s> {
    dockerfiles: HashMap<&'s str, &'s Summary>,
    /// By the names of images.
    built: BTreeMap<&'s str, Vec<&'s Built>>,
    /// What kustomizations put in an image's place.
    renamed: BTreeMap<&'s str, BTreeSet<&'s str>>,
}

impl<'s> Images<'s> {
    fn of(summaries: &'s [Summary]) -> Self {
        let with_outline = summaries.iter().filter(|summary| summary.dockerfile.is_some());
        let dockerfiles = with_outline.map(|summary| (&*summary.path, summary)).collect();
        let mut built: BTreeMap<&str, Vec<&Built>> = BTreeMap::new();
        for one in summaries.iter().flat_map(|summary| &summary.built) {
            built.entry(&one.repository).or_default().push(one);
        }
        let mut renamed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let kustomizations = summaries.iter().filter_map(|summary| summary.bundle.as_ref()?.kustomization.as_ref());
        for (name, other) in kustomizations.flat_map(|kustomization| &kustomization.images) {
            renamed.entry(name).or_default().insert(other);
        }
        Self { dockerfiles, built, renamed }
    }

    /// The stages that a container may run; none where one of them is not in sight.
    fn stages<'i>(&'i self, listening: &'i Listening) -> Vec<(&'i str, &'i StageOutline)> {
        if let Some((path, target)) = &listening.built {
            return self.stage(path, target.as_deref()).into_iter().collect();
        }
        let Some(image) = listening.image.as_deref() else { return Vec::new() };
        let others = self.renamed.get(image).into_iter().flatten().copied();
        let names: Vec<&str> = std::iter::once(image).chain(others).collect();
        let ways = names.iter().filter_map(|name| self.built.get(name)).flatten();
        let found: Option<Vec<_>> = ways.map(|built| self.of_build(built)).collect();
        found.unwrap_or_default()
    }

    /// The one Dockerfile of those that may be meant which is there.
    fn of_build(&self, built: &'s Built) -> Option<(&str, &StageOutline)> {
        let mut there = built.files.iter().filter(|file| self.dockerfiles.contains_key(file.as_str()));
        let (first, None) = (there.next()?, there.next()) else { return None };
        self.stage(first, built.target.as_deref())
    }

    fn stage<'i>(&'i self, path: &str, target: Option<&str>) -> Option<(&'i str, &'i StageOutline)> {
        let (path, summary) = self.dockerfiles.get_key_value(path)?;
        let stage = summary.dockerfile.as_ref()?.outline.stage(target)?;
        Some((path, stage))
    }

    /// Where a Dockerfile exposes.
    fn place(&self, path: &str, start: u32) -> Option<&Place> {
        let summary = self.dockerfiles.get(path)?;
        let places = &summary.dockerfile.as_ref()?.exposed;
        places.iter().find(|place| place.range.start.offset == start)
    }
}
