//! Images that several files name: where one names another version than the rest.

use super::{ProjectSubject, shown};
use crate::fact::compose::Service;
use crate::fact::dockerfile::facts::Stage;
use crate::fact::image::Image;
use crate::fact::k8s::Container;
use crate::fact::summary::{ImageUse, Place, Summary};
use crate::fact::value::{Field, facts};
use crate::fact::{Facts, File, is_test_input};
use crate::syntax::Kind;
use crate::text::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

facts! {
    /// An image that several files name.
    pub struct SharedImage = "project.image-use" {
        /// Its name, with its registry but without tag and digest.
        "name" name: String,
        /// Its tag here.
        "tag" tag: String,
        /// The tag that most files name, where this one contradicts it.
        "usual" usual: Option<String>,
        /// A file that names it.
        "elsewhere" elsewhere: Option<String>,
    }
}

/// Words in the names of files that may well differ: they are for one machine, or for a test.
const PRIVATE: [&str; 7] = ["dev", "local", "test", "override", "debug", "ci", "example"];
/// Words in the names of folders of what nobody runs any more.
const PAST: [&str; 6] = ["archive", "archived", "legacy", "old", "deprecated", "attic"];

/// The images that a file names with a tag.
pub(in crate::fact) fn named(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Vec<ImageUse> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let pipeline = matches!(file.kind, Kind::Workflow | Kind::GitlabCi);
    if is_test_input(path) || is_past(path) || !pipeline && words.any(|word| PRIVATE.contains(&word)) {
        return Vec::new();
    }
    let services = facts.of::<Service>().map(|(_, service)| &service.image);
    let containers = facts.of::<Container>().map(|(_, container)| &container.image);
    let bases = facts.of::<Stage>().filter_map(|(_, stage)| base(stage));
    let known: Vec<Field<Image>> = services.chain(containers).cloned().chain(bases).collect();
    if file.kind == Kind::Markdown {
        return shown::named(path, file, &known);
    }
    let mut found: Vec<ImageUse> = known.iter().filter_map(|image| used(image, path, file)).collect();
    match file.kind {
        _ if pipeline => found.extend(written(path, file)),
        Kind::HelmValues => found.extend(values(path, file)),
        _ => {}
    }
    found
}

/// Whether a file lies in a folder of what nobody runs any more.
fn is_past(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders).to_lowercase();
    folders.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| PAST.contains(&word))
}

/// The image that a stage of a Dockerfile is built from.
fn base(stage: &Stage) -> Option<Field<Image>> {
    let Field::Known(image) = &stage.image else { return None };
    let Field::Known(reference) = &image.value.reference else { return None };
    Some(Image::read(&reference.value, reference.span))
}

pub(super) fn used(image: &Field<Image>, path: &Arc<str>, file: &File<'_>) -> Option<ImageUse> {
    let Field::Known(image) = image else { return None };
    let (repository, tag) = (image.value.repository()?, image.value.tag.known()?.clone());
    let repository = ["docker.io/library/", "docker.io/", "library/"]
        .iter()
        .find_map(|start| repository.strip_prefix(start))
        .unwrap_or(&repository)
        .to_owned();
    Some(ImageUse { repository, tag, place: Place::new(path, image.span, file.source), shown: false })
}

/// The lines of a file, each with its place.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// The value behind a key in a line, and where it stands.
fn value<'l>(at: usize, line: &'l str, keys: &[&str]) -> Option<(&'l str, Span)> {
    let bare = line.trim_start_matches([' ', '-']);
    let rest = keys.iter().find_map(|key| bare.strip_prefix(key)?.strip_prefix(':'))?;
    let word = rest.trim_start().split([' ', '\r', '\n']).next()?;
    let word = word.trim_matches(['"', '\'']);
    let start = at + (word.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    (!word.is_empty()).then(|| (word, Span::new(start, start + word.len())))
}

/// Images of jobs: `image:` and `container:`.
fn written<'f>(path: &'f Arc<str>, file: &'f File<'_>) -> impl Iterator<Item = ImageUse> + 'f {
    let images = lines(file.source.text()).filter_map(|(at, line)| value(at, line, &["image", "container"]));
    images.filter_map(|(word, span)| used(&Image::read(word, span), path, file))
}

/// Images of a chart: `repository:` and, right below it, `tag:`.
fn values(path: &Arc<str>, file: &File<'_>) -> Vec<ImageUse> {
    let mut found = Vec::new();
    let mut above: Option<(&str, Span, usize)> = None;
    for (number, (at, line)) in lines(file.source.text()).enumerate() {
        if let Some((word, span)) = value(at, line, &["repository"]) {
            above = Some((word, span, number));
        }
        let near = above.filter(|(_, _, first)| number - first <= 3);
        if let (Some((name, ..)), Some((tag, span))) = (near, value(at, line, &["tag"])) {
            found.extend(used(&Image::read(&format!("{name}:{tag}"), span), path, file));
            above = None;
        }
    }
    found
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut uses: BTreeMap<&str, Vec<&ImageUse>> = BTreeMap::new();
    for image in summaries.iter().flat_map(|summary| &summary.images) {
        uses.entry(&image.repository).or_default().push(image);
    }
    for (name, uses) in uses {
        let mut tags: BTreeMap<&str, Vec<&ImageUse>> = BTreeMap::new();
        // Documents follow what is run; among themselves they prove nothing.
        for image in uses.iter().filter(|image| !image.shown) {
            tags.entry(&image.tag).or_default().push(image);
        }
        // Of tags that are named equally often the greatest is the one that the others have yet to follow.
        let Some((usual, examples)) = tags.iter().max_by_key(|(tag, uses)| (uses.len(), **tag)) else { continue };
        for image in &uses {
            let example = if image.shown {
                followed(image, &uses)
            } else {
                let mut others = examples.iter().copied().filter(|other| other.place.path != image.place.path);
                others.next().filter(|_| contradict(&image.tag, usual))
            };
            let object = SharedImage {
                name: name.to_owned(),
                tag: image.tag.clone(),
                usual: example.map(|example| example.tag.clone()),
                elsewhere: example.map(|example| example.place.path.to_string()),
                ..SharedImage::default()
            };
            let mut subject = ProjectSubject::new(object, name, image.place.clone());
            subject
                .related
                .extend(example.map(|example| (example.place.clone(), format!("here it is {}", example.tag))));
            out.push(subject);
        }
    }
}

/// What a document has yet to follow: it speaks for its folder, shows a version that nothing runs, and no other beside
/// it on purpose.
fn followed<'u>(image: &ImageUse, uses: &[&'u ImageUse]) -> Option<&'u ImageUse> {
    let runs = || uses.iter().copied().filter(|other| !other.shown);
    let folder = shown::folder(&image.place.path);
    let usual = runs().filter(|other| other.place.path.starts_with(folder)).max_by_key(|other| &other.tag)?;
    let beside = |other: &&ImageUse| other.place.path == image.place.path && !contradict(&other.tag, &usual.tag);
    let meant = uses.iter().any(beside) || runs().any(|other| !contradict(&image.tag, &other.tag));
    (!meant).then_some(usual)
}

/// Whether two tags name different versions: `16` and `16.2-alpine` do not.
fn contradict(one: &str, two: &str) -> bool {
    let version = |tag: &str| tag.trim_start_matches('v').split(['-', '_', '+']).next().unwrap_or_default().to_owned();
    let (one, two) = (version(one), version(two));
    // `alpine` tells what an image is made of, `main` a branch; neither is a version.
    let told = |version: &String| version.starts_with(|c: char| c.is_ascii_digit());
    let mut pairs = one.split('.').zip(two.split('.'));
    told(&one) && told(&two) && pairs.any(|(a, b)| a != b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flavours_and_shorter_versions_agree() {
        for (one, two) in [
            ("16", "16.2-alpine"),
            ("1.27", "v1.27.3"),
            ("8.0-jdk", "8.0"),
            ("main", "main"),
            ("alpine", "3.12"),
            ("20", "lts-slim"),
            ("main", "1.0"),
            ("latest", "stable"),
        ] {
            assert!(!contradict(one, two), "{one} {two}");
        }
        for (one, two) in [("16", "15"), ("1.27.1", "1.27.3-alpine"), ("v2", "1.0")] {
            assert!(contradict(one, two), "{one} {two}");
        }
    }

    #[test]
    fn values_of_lines() {
        let of = |line| value(0, line, &["image"]).map(|(word, span)| (word, span.start));
        assert_eq!(of("  - image: \"a:1\" # x\n"), Some(("a:1", 12)));
        assert_eq!(of("image:\n"), None);
        assert_eq!(of("images: a"), None);
    }
}
