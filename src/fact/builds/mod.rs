//! Which Dockerfile an image is built from, where a pipeline, a script, a tool or a Compose file says so in plain words.

mod commands;
mod tools;
mod variables;
mod workflow;

use super::compose::{Build, Service};
use super::context::join;
use super::image::Image;
use super::{Facts, File};
use crate::syntax::Kind;
use crate::text::Span;

/// An image, and where it is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Its name, with its registry but without tag and digest.
    pub repository: String,
    /// Dockerfiles, as paths below the root, of which one is meant: the folder in which a script runs is not always known.
    pub files: Vec<String>,
    /// The stage that is built, where one is named.
    pub target: Option<String>,
}

/// Folders below the root that one file may name; more are not tried.
const MAX_FOLDERS: usize = 8;
/// Images that one file may build; more are not kept.
const MAX_BUILT: usize = 500;

/// Whether a file of this kind and name may say how images are built.
pub(in crate::fact) fn may_tell(path: &str, kind: Kind) -> bool {
    matches!(kind, Kind::Workflow | Kind::GitlabCi | Kind::Compose | Kind::Shell) || told_by_name(path).is_some()
}

/// How a file of builds is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Commands,
    Skaffold,
    Tilt,
    Bake,
}

fn told_by_name(path: &str) -> Option<Form> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | "Jenkinsfile" => Some(Form::Commands),
        "Taskfile.yml" | "Taskfile.yaml" | "cloudbuild.yaml" | "azure-pipelines.yml" => Some(Form::Commands),
        "skaffold.yaml" | "skaffold.yml" => Some(Form::Skaffold),
        "Tiltfile" => Some(Form::Tilt),
        _ if name.ends_with(".mk") || name.ends_with(".sh") => Some(Form::Commands),
        _ if name.ends_with(".hcl") && name.contains("bake") => Some(Form::Bake),
        _ if path.starts_with(".circleci/") => Some(Form::Commands),
        _ => None,
    }
}

/// What a file says of how images are built.
pub(in crate::fact) fn built(file: &File<'_>, facts: &Facts) -> Vec<Built> {
    let mut found = Vec::new();
    let text = file.source.text();
    let says = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    match (file.kind, told_by_name(file.path)) {
        (Kind::Compose, _) => services(facts, &mut found),
        (_, Some(Form::Skaffold)) => tools::skaffold(file.path, text, &mut found),
        (_, Some(Form::Tilt)) => tools::tilt(file.path, text, &mut found),
        (_, Some(Form::Bake)) => tools::bake(file.path, text, &mut found),
        (Kind::Workflow, _) if says("docker") || says("podman") || says("buildah") => workflow::read(text, &mut found),
        (Kind::GitlabCi | Kind::Shell, _) | (_, Some(Form::Commands)) => commands::read(file.path, text, &mut found),
        _ => {}
    }
    found.truncate(MAX_BUILT);
    found
}

/// Services that are built here and give the image a name.
fn services(facts: &Facts, out: &mut Vec<Built>) {
    for (_, build) in facts.of::<Build>() {
        let service = facts.of::<Service>().find(|(_, service)| service.name == build.service);
        let Some(repository) = service.and_then(|(_, service)| named(service.image.known()?)) else { continue };
        let Some(dockerfile) = build.dockerfile.known().filter(|_| !build.target.is_unknown()) else { continue };
        let (files, target) = (vec![dockerfile.clone()], build.target.known().cloned());
        out.push(Built { repository, files, target });
    }
}

/// The name of an image by which builds and uses compare; nothing where it has none of its own.
pub(in crate::fact) fn named(image: &Image) -> Option<String> {
    let name = image.repository().filter(|name| !image.registry.is_unknown() && !name.contains(['$', '{', '<']))?;
    let bare = ["docker.io/library/", "docker.io/", "index.docker.io/", "library/"];
    let bare = bare.iter().find_map(|start| name.strip_prefix(start)).unwrap_or(&name);
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// A reference as it is written.
fn repository(reference: &str) -> Option<String> {
    named(Image::read(reference, Span::default()).known()?)
}

/// The Dockerfiles that may be meant by a folder and a name in it, seen from each of the folders in which that may be said.
fn candidates(bases: &[String], folder: &str, name: &str) -> Vec<String> {
    let mut found: Vec<String> = bases.iter().filter_map(|base| join(&join(base, folder)?, name)).collect();
    found.sort();
    found.dedup();
    found
}
