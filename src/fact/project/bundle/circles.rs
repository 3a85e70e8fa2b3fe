//! Kustomizations that take in each other, or a folder that holds themselves.

use super::super::ProjectSubject;
use crate::fact::circle::{circles, shown};
use crate::fact::context::directory;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use std::collections::HashMap;

facts! {
    /// A folder that a kustomization takes in, and that leads back to it.
    pub struct KustomizationCircle = "project.k8s-kustomization-circle" {
        /// The folders on the way round; nothing where it only holds the kustomization.
        "circle" circle: Option<String>,
        /// The folder.
        "folder" folder: String,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let of = |summary: &'_ Summary| summary.bundle.as_ref()?.kustomization.as_ref().map(|_| ());
    let makers: Vec<&Summary> = summaries.iter().filter(|summary| of(summary).is_some()).collect();
    let dirs: HashMap<&str, usize> = makers.iter().enumerate().map(|(at, s)| (directory(&s.path), at)).collect();
    let mut places: Vec<(&str, &Place)> = Vec::new();
    let mut edges: Vec<Vec<(usize, usize)>> = vec![Vec::new(); makers.len()];
    let mut holding = Vec::new();
    for (from, summary) in makers.iter().enumerate() {
        let Some(part) = &summary.bundle else { continue };
        let folders = part.kustomization.iter().flat_map(|kustomization| &kustomization.folders);
        for ((folder, _), place) in folders.zip(&part.folders) {
            let Some(&to) = dirs.get(folder.as_str()) else { continue };
            if to != from && holds(folder, directory(&summary.path)) {
                holding.push((folder.as_str(), place));
                continue;
            }
            edges[from].push((to, places.len()));
            places.push((folder, place));
        }
    }
    let names: Vec<&str> = makers.iter().map(|summary| name(directory(&summary.path))).collect();
    let mut add = |circle: Option<String>, (folder, place): (&str, &Place)| {
        let fact = KustomizationCircle { circle, folder: name(folder).to_owned(), ..KustomizationCircle::default() };
        out.push(ProjectSubject::new(fact, "", place.clone()));
    };
    for circle in circles(&edges) {
        if let Some(place) = circle.last().and_then(|(_, edge)| places.get(*edge)) {
            add(Some(shown(&circle, &names)), *place);
        }
    }
    holding.into_iter().for_each(|place| add(None, place));
}

/// Whether a folder lies above another one.
fn holds(folder: &str, dir: &str) -> bool {
    folder.is_empty() || dir.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn name(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}
