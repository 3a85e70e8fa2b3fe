//! What a component's spec and task plan say that other files are held against.

use super::document::Document;
use super::summary::Place;
use super::{Facts, File};
use std::sync::Arc;

/// A component, as far as one of its files tells.
#[derive(Clone, Debug, Default)]
pub struct Component {
    /// Its status: the words, and where they stand.
    pub status: Option<(Vec<String>, Place)>,
    /// What it depends on, each name with its place.
    pub dependencies: Vec<(String, Place)>,
    /// Whether it names `project.json`.
    pub names_project: bool,
    /// How many of its tasks are done, and how many there are.
    pub tasks: Option<(usize, usize)>,
}

/// Reads a spec or a task plan.
pub(super) fn component(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Option<Component> {
    let of = |name: &str| {
        let mut found = facts.subjects.iter().filter(|subject| &*subject.name == name);
        found.find_map(|subject| subject.object.as_any().downcast_ref::<Document>())
    };
    if let Some(plan) = of("infra-spec.tasks") {
        let done = plan.tasks.iter().filter(|task| task.done == Some(true)).count();
        let boxed = plan.tasks.iter().filter(|task| task.done.is_some()).count();
        return Some(Component { tasks: (boxed > 0).then_some((done, boxed)), ..Component::default() });
    }
    let spec = of("infra-spec.spec")?;
    let status = spec.header.status.as_ref().and_then(|entry| {
        let span = entry.value.span()?;
        Some((entry.starts.clone(), Place::new(path, span, file.source)))
    });
    let mut dependencies = Vec::new();
    if let Some(entry) = &spec.header.dependencies
        && let (Some(text), Some(span)) = (entry.value.known(), entry.value.span())
    {
        let exact = span.len() == text.len();
        let mut at = 0;
        for part in text.split([',', ';']) {
            let name = part.trim();
            let start = at + part.len() - part.trim_start().len();
            at += part.len() + 1;
            if !name.contains(char::is_alphanumeric) || dependencies.len() >= 100 {
                continue;
            }
            let from = span.start as usize + start;
            let place = if exact { crate::text::Span::new(from, from + name.len()) } else { span };
            dependencies.push((name.to_owned(), Place::new(path, place, file.source)));
        }
    }
    let names_project = memchr::memmem::find(file.source.text().as_bytes(), b"project.json").is_some();
    Some(Component { status, dependencies, names_project, tasks: None })
}
