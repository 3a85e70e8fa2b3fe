//! What documents report of the size of a component's files, and what those files are found to hold.

use super::context::{directory, join};
use super::document::Document;
use super::summary::Place;
use super::{Facts, File};
use crate::syntax::Kind;
use crate::text::Span;
use regex::Regex;
use std::sync::{Arc, LazyLock};

/// A number that a document reports of a file.
#[derive(Clone, Debug)]
pub struct Report {
    /// The paths that may be meant, the likeliest first.
    pub paths: Vec<String>,
    /// What is counted: `lines`, `tasks` or `phases`.
    pub unit: String,
    /// How many there are said to be.
    pub count: i64,
    /// Where the number stands.
    pub place: Place,
}

/// How much a component's file holds.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Its lines, all of them.
    pub lines: i64,
    /// Tasks and phases, where it is a task plan.
    pub plan: Option<(i64, i64)>,
}

/// Reports that are kept of one document.
const MOST: usize = 200;

static REPORTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?P<file>[\w./-]*\b(?:spec|setup|tasks)\.md)[`*\])]{0,4}:? ?\((?P<count>\d{1,6}) (?P<unit>lines|tasks)(?:,?(?: in| across| over)? (?P<phases>\d{1,4}) phases)?\)").ok()
});
static FOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:[\w.-]+/)*specs/infrastructure/[\w.-]+(?:/[\w.-]+)*").ok());

/// What a document reports.
pub(super) fn reports(path: &Arc<str>, file: &File<'_>) -> Vec<Report> {
    let text = file.source.text();
    let told = file.kind == Kind::Markdown
        && [" lines)", " tasks)", " phases)"]
            .iter()
            .any(|unit| memchr::memmem::find(text.as_bytes(), unit.as_bytes()).is_some());
    let (true, Some(reported), Some(folder)) = (told, REPORTED.as_ref(), FOLDER.as_ref()) else { return Vec::new() };
    let mut folders = folder.find_iter(text).peekable();
    let mut near: Option<&str> = None;
    let mut out = Vec::new();
    for found in reported.captures_iter(text).take(MOST) {
        let (Some(name), Some(count)) = (found.name("file"), found.name("count")) else { continue };
        while let Some(before) = folders.next_if(|folder| folder.start() < name.start()) {
            near = Some(before.as_str());
        }
        let own =
            [join(directory(path), name.as_str()), join("", name.as_str()).filter(|_| name.as_str().contains('/'))];
        let below = near.filter(|_| !name.as_str().contains('/')).map(|near| {
            let dir = if near.ends_with(".md") { directory(near) } else { near };
            format!("{dir}/{}", name.as_str())
        });
        let paths: Vec<String> = below.into_iter().chain(own.into_iter().flatten()).collect();
        let numbers =
            [(found.name("unit").map_or("", |unit| unit.as_str()), Some(count)), ("phases", found.name("phases"))];
        for (unit, number) in numbers {
            let Some(number) = number else { continue };
            let Ok(count) = number.as_str().parse() else { continue };
            let place = Place::new(path, Span::new(number.start(), number.end()), file.source);
            out.push(Report { paths: paths.clone(), unit: unit.to_owned(), count, place });
        }
    }
    out
}

/// How much a file holds, if it is one of those that reports speak of.
pub(super) fn size(path: &str, file: &File<'_>, facts: &Facts) -> Option<Size> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if !matches!(name, "spec.md" | "setup.md" | "tasks.md") {
        return None;
    }
    let mut plans = facts.subjects.iter().filter(|subject| &*subject.name == "infra-spec.tasks");
    let plan = plans.find_map(|subject| subject.object.as_any().downcast_ref::<Document>());
    let plan = plan.map(|plan| (plan.tasks.len() as i64, plan.phases.len() as i64));
    Some(Size { lines: file.source.text().lines().count() as i64, plan })
}
