//! Files with the values of environment variables: whether git keeps them out, and whether an example shows what goes in.

use super::ignores::{Ignores, is_ignored};
use super::{ProjectSubject, Remedy};
use crate::fact::context::directory;
use crate::fact::inventory::Inventory;
use crate::fact::summary::{Place, Role, Summary};
use crate::fact::value::facts;
use std::collections::BTreeMap;

facts! {
    /// A folder in which `.env` files are used: an example lies there, or one of them.
    pub struct EnvFolder = "project.env-folder" {
        /// The folder; `.` for the root.
        "path" path: String,
        /// Whether `.gitignore` files keep `.env` out of git.
        "ignored" ignored: bool,
        /// Those of `.env.local` and `.env.production` that they do not keep out.
        "not-ignored" not_ignored: Vec<String>,
        /// Whether they keep the example out as well.
        "example-ignored" example_ignored: bool,
        /// Whether there is any `.gitignore` on the way.
        "has-gitignore" has_gitignore: bool,
        /// Whether it lies among samples, tests or templates: what stands in such a file is made up.
        "sample" sample: bool,
    }

    /// A setup document that names environment variables.
    pub struct SetupVariables = "project.setup-variables" {
        /// The first of them.
        "first" first: String,
        /// How many.
        "number" number: i64,
        /// Whether an example file lies beside the document or above it.
        "has-example" has_example: bool,
    }
}

/// Endings of files that show which variables there are, with no real value.
const EXAMPLES: [&str; 4] = [".env.example", ".env.sample", ".env.template", ".env.dist"];

/// Folders whose files show or try something.
const SAMPLES: [&str; 20] = [
    "sample",
    "samples",
    "example",
    "examples",
    "demo",
    "demos",
    "fixture",
    "fixtures",
    "__fixtures__",
    "test",
    "tests",
    "testdata",
    "test-data",
    "__tests__",
    "e2e",
    "spec",
    "template",
    "templates",
    "playground",
    "tutorial",
];

/// Whether a file shows variables without their values.
pub(in crate::fact) fn is_example(name: &str) -> bool {
    EXAMPLES.iter().any(|example| name.ends_with(example)) || name.starts_with(".env.") && name.contains("example")
}

/// Names that begin like these files and are none.
const OTHERS: [&str; 3] = [".env.vault", ".envrc", ".env.schema"];

/// Whether a file holds the values of environment variables: `.env`, `.env.production`.
pub(in crate::fact) fn is_env_file(name: &str) -> bool {
    (name == ".env" || name.starts_with(".env.")) && !is_example(name) && !OTHERS.contains(&name)
}

/// Adds the folders.
pub(super) fn folders(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let ignores: Vec<(&str, &Place, Ignores)> = summaries
        .iter()
        .filter_map(|summary| {
            let text = summary.ignores.as_deref()?;
            let dir = directory(&summary.path);
            Some((dir, &summary.head, Ignores::new(dir, text)))
        })
        .collect();
    let mut found: BTreeMap<&str, &Summary> = BTreeMap::new();
    for summary in summaries {
        let name = summary.path.rsplit('/').next().unwrap_or_default();
        if name.starts_with(".env") && is_example(name) {
            found.entry(directory(&summary.path)).or_insert(summary);
        }
    }
    // One that git tracks is another fault.
    let lies_there =
        |path: &str| is_env_file(path.rsplit('/').next().unwrap_or(path)) && inventory.is_tracked(path) != Some(true);
    for summary in summaries.iter().filter(|summary| lies_there(&summary.path)) {
        found.entry(directory(&summary.path)).or_insert(summary);
    }
    // An example that is kept out of git is not among the files; guides that name variables tell that there should be one.
    let documented = || summaries.iter().find(|s| s.variables.iter().any(|v| v.role == Role::Documented));
    if !found.contains_key("") && inventory.is_complete() && !has_example(inventory) {
        let top: Vec<Ignores> =
            ignores.iter().filter(|(at, ..)| at.is_empty()).map(|(.., rules)| rules.clone()).collect();
        let hidden = documented().filter(|_| is_ignored(&top, EXAMPLES[0]));
        if let (Some(summary), Some((_, place, _))) = (hidden, ignores.iter().find(|(at, ..)| at.is_empty())) {
            let object = EnvFolder {
                path: ".".to_owned(),
                ignored: is_ignored(&top, ".env"),
                example_ignored: true,
                has_gitignore: true,
                ..EnvFolder::default()
            };
            let remedies = remedy(&object, "", EXAMPLES[0], place, summaries, inventory);
            let mut subject = ProjectSubject::new(object, "", (*place).clone());
            subject.remedies.extend(remedies);
            subject.related.push((summary.head.clone(), "the variables".to_owned()));
            out.push(subject);
        }
    }
    for (dir, example) in found {
        let on_the_way = ignores.iter().filter(|(at, ..)| at.is_empty() || is_below(dir, at));
        let rules: Vec<Ignores> = on_the_way.clone().map(|(.., rules)| rules.clone()).collect();
        let path = |name: &str| if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
        // A folder that was not read in whole may have a `.gitignore` that nobody saw.
        if rules.is_empty() && (!inventory.is_complete() || has_unread(dir, inventory)) {
            continue;
        }
        let not_ignored = [".env.local", ".env.production"].into_iter().filter(|name| !is_ignored(&rules, &path(name)));
        let object = EnvFolder {
            path: if dir.is_empty() { ".".to_owned() } else { dir.to_owned() },
            ignored: is_ignored(&rules, &path(".env")),
            not_ignored: not_ignored.map(str::to_owned).collect(),
            example_ignored: !lies_there(&example.path) && is_ignored(&rules, &example.path),
            has_gitignore: !rules.is_empty(),
            sample: dir.split('/').any(|part| SAMPLES.contains(&part.to_ascii_lowercase().as_str())),
            ..EnvFolder::default()
        };
        let nearest = on_the_way.max_by_key(|(at, ..)| at.len()).map(|(_, place, _)| *place);
        let name = example.path.rsplit('/').next().filter(|name| is_example(name)).unwrap_or(EXAMPLES[0]);
        let remedies = nearest.and_then(|place| remedy(&object, dir, name, place, summaries, inventory));
        let mut subject = ProjectSubject::new(object, dir, nearest.unwrap_or(&example.head).clone());
        subject.remedies.extend(remedies);
        if nearest.is_some() {
            subject.related.push((example.head.clone(), "the variables".to_owned()));
        }
        out.push(subject);
    }
}

/// The lines that make the nearest `.gitignore` keep values out of git and examples in; none where it says on purpose
/// that values are kept, or where files of another kind would be left out as well.
fn remedy(
    folder: &EnvFolder,
    dir: &str,
    example: &str,
    nearest: &Place,
    summaries: &[Summary],
    inventory: &Inventory,
) -> Option<Remedy> {
    let text = summaries.iter().find(|summary| summary.path == nearest.path)?.ignores.as_deref()?;
    let keeps = |line: &str| line.trim_start().starts_with('!') && line.contains(".env") && !is_example(line.trim());
    if text.lines().any(keeps) {
        return None;
    }
    let is_outer = |summary: &&Summary| {
        is_below(directory(&nearest.path), directory(&summary.path)) || !summary.path.contains('/')
    };
    let outer = summaries.iter().filter(|summary| summary.path != nearest.path).filter(is_outer);
    let outer = outer.filter_map(|s| Some(Ignores::new(directory(&s.path), s.ignores.as_deref()?)));
    let outer: Vec<Ignores> = outer.collect();
    let with = |lines: &[String]| {
        let text = format!("{text}\n{}\n", lines.join("\n"));
        outer.iter().cloned().chain([Ignores::new(directory(&nearest.path), &text)]).collect::<Vec<_>>()
    };
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!folder.ignored).then(|| ".env".to_owned()));
    lines.extend((!folder.not_ignored.is_empty()).then(|| ".env.*".to_owned()));
    let (before, after) = (with(&[]), with(&lines));
    for path in inventory.files().filter(|path| path.contains(".env")) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_ignored(&after, path) && !is_ignored(&before, path) && !is_env_file(name) {
            let kept = is_example(name).then(|| format!("!{name}"))?;
            lines.extend((!lines.contains(&kept)).then_some(kept));
        }
    }
    let path = |name: &str| if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
    let kept = format!("!{example}");
    if is_ignored(&with(&lines), &path(example)) && !lines.contains(&kept) {
        lines.push(kept);
    }
    let after = with(&lines);
    let good = [".env", ".env.local", ".env.production"].into_iter().all(|name| is_ignored(&after, &path(name)));
    (good && !lines.is_empty() && !is_ignored(&after, &path(example)))
        .then(|| Remedy::append(&nearest.path, text, &lines))
}

fn has_unread(dir: &str, inventory: &Inventory) -> bool {
    let mut at = dir;
    loop {
        let name = if at.is_empty() { ".gitignore".to_owned() } else { format!("{at}/.gitignore") };
        if inventory.is_file(&name) {
            return true;
        }
        if at.is_empty() {
            return false;
        }
        at = directory(at);
    }
}

fn has_example(inventory: &Inventory) -> bool {
    inventory.files().any(|path| is_example(path.rsplit('/').next().unwrap_or(path)))
}

/// Adds the setup documents.
pub(super) fn setups(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    if !inventory.is_complete() {
        return;
    }
    let top = summaries.iter().find(|summary| &*summary.path == ".gitignore").and_then(|s| s.ignores.as_deref());
    if top.is_some_and(|text| is_ignored(&[Ignores::new("", text)], EXAMPLES[0])) {
        return;
    }
    let examples: Vec<&str> =
        inventory.files().filter(|path| is_example(path.rsplit('/').next().unwrap_or(path))).collect();
    for summary in summaries {
        let named: Vec<_> = summary.variables.iter().filter(|variable| variable.role == Role::Documented).collect();
        let Some(first) = named.first() else { continue };
        let near = |example: &&&str| {
            let at = directory(example);
            at.is_empty() || is_below(&summary.path, at)
        };
        let object = SetupVariables {
            first: first.name.clone(),
            number: named.len() as i64,
            has_example: examples.iter().any(|example| near(&example)),
            ..SetupVariables::default()
        };
        out.push(ProjectSubject::new(object, first.name.as_str(), first.place.clone()));
    }
}

fn is_below(path: &str, dir: &str) -> bool {
    path == dir || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_values_that_git_does_not_track_needs_a_gitignore() {
        let paths = ["apps/web/.env.production", "README.md", ".envrc", ".env.vault"];
        let summaries: Vec<Summary> =
            paths.iter().map(|path| Summary { path: (*path).into(), ..Summary::default() }).collect();
        let found = |inventory: &Inventory| {
            let mut out = Vec::new();
            folders(&summaries, inventory, &mut out);
            let read = |s: &ProjectSubject| s.subject.object.as_any().downcast_ref::<EnvFolder>().cloned();
            out.iter().filter_map(read).map(|f| (f.path.clone(), f.ignored, f.has_gitignore)).collect::<Vec<_>>()
        };
        let mut inventory = Inventory::new(paths);
        assert_eq!(found(&inventory), [("apps/web".to_owned(), false, false)]);
        inventory.set_tracked(paths);
        assert_eq!(found(&inventory), []);
    }
}
