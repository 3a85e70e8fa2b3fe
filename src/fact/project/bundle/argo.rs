//! Folders that applications of Argo CD are made of, where they lie in this repository.

use super::super::ProjectSubject;
use super::reference::label;
use crate::fact::inventory::Inventory;
use crate::fact::k8s::Link;
use crate::fact::summary::{Place, PlacedResource, Summary};
use crate::fact::value::facts;
use std::collections::{BTreeMap, BTreeSet};

facts! {
    /// A folder that an application of Argo CD is made of, in a repository that is, by most of such folders, this one.
    pub struct ArgoPath = "project.k8s-argo-path" {
        /// The folder.
        "path" path: String,
        /// The repository.
        "repository" repository: String,
        /// Whether it is there.
        "exists" exists: bool,
    }
}

/// Nobody says which repository this is: most of what is looked for in it has to be here.
pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let mut asked: BTreeMap<String, Vec<(&PlacedResource, &Link, &Place)>> = BTreeMap::new();
    for placed in summaries.iter().filter_map(|summary| summary.bundle.as_ref()).flat_map(|part| &part.resources) {
        let links = placed.resource.links.iter().zip(&placed.links);
        for (link, place) in links.filter(|(link, _)| link.relation == "argo-path") {
            let repository = link.part.as_deref().unwrap_or_default();
            let plain = repository.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
            asked.entry(plain).or_default().push((placed, link, place));
        }
    }
    let is_here = |path: &str| {
        let path = path.trim_start_matches("./").trim_matches('/');
        matches!(path, "" | ".") || inventory.is_dir(path) || inventory.exists(path)
    };
    for (repository, links) in asked {
        let paths: BTreeSet<&str> = links.iter().map(|(_, link, _)| link.name.as_str()).collect();
        let here = paths.iter().filter(|path| is_here(path)).count();
        if 2 * here <= paths.len() || !inventory.is_complete() {
            continue;
        }
        for (placed, link, place) in links {
            let (path, exists) = (link.name.clone(), is_here(&link.name));
            let fact = ArgoPath { path, repository: repository.clone(), exists, ..ArgoPath::default() };
            out.push(ProjectSubject::new(fact, label(placed), place.clone()));
        }
    }
}
