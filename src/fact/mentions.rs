//! What documents say of other files besides links: includes, and configs named in code spans.

use super::context::join;
use super::value::facts;
use super::{Facts, File, Looks, Wanted};
use crate::syntax::markdown::{BlockKind, Document as Tree};

facts! {
    /// A file that another one takes in: `@docs/rules.md` alone on a line.
    pub struct Include = "markdown.include" {
        /// The path as written.
        "path" path: String,
        /// Whether the file is there, from the document's folder or from the root.
        "exists" exists: bool,
    }

    /// A configuration file that a document on infrastructure names.
    pub struct ConfigMention = "markdown.config-mention" {
        /// Its name or path.
        "name" name: String,
        /// Whether it is there.
        "exists" exists: bool,
        /// Whether the repository has other files of this kind.
        "has-others" has_others: bool,
    }
}

/// Names of files into which others are taken.
const READERS: [&str; 4] = ["CLAUDE.md", "CLAUDE.local.md", "AGENTS.md", "GEMINI.md"];
const TAKEN: [&str; 6] = [".md", ".mdc", ".txt", ".yaml", ".yml", ".json"];

/// Adds what is wanted of it.
pub(super) fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    if wanted.subject(Include::describe().name) {
        includes(file, tree, out);
    }
    if wanted.subject(ConfigMention::describe().name) {
        configs(file, tree, out);
    }
}

pub(super) fn is_a(file: &File<'_>, types: &str) -> bool {
    file.documents.of(file.path, &Looks::default()).iter().any(|name| &**name == types)
}

fn includes(file: &File<'_>, tree: &Tree<'_>, out: &mut Facts) {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    if !READERS.contains(&name) && !is_a(file, "agent.definition") {
        return;
    }
    let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    for (id, _) in tree.blocks().filter(|(_, block)| block.kind == BlockKind::Paragraph) {
        for line in tree.run(id).lines() {
            let text = line.prose();
            let word = text.as_str().trim();
            let Some(path) = word.strip_prefix('@').filter(|path| is_path(path)) else { continue };
            let lead = text.as_str().len() - text.as_str().trim_start().len();
            let exists = [dir, ""].iter().filter_map(|dir| join(dir, path)).any(|path| file.inventory.exists(&path));
            // What lies outside of the repository is nobody's business.
            if path.starts_with('~') || path.starts_with('/') || join(dir, path).is_none() {
                continue;
            }
            let span = text.span(lead + 1..lead + word.len());
            out.push(Include { span, path: path.to_owned(), exists }, "", span);
        }
    }
}

/// With a folder and a known ending: no handle, no package.
fn is_path(path: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "/._-~".contains(c);
    path.contains('/') && path.chars().all(plain) && TAKEN.iter().any(|ending| path.ends_with(ending))
}

/// Names by which configuration is called, without folders.
fn is_config(name: &str) -> bool {
    let compose = ["docker-compose", "compose"].iter().any(|stem| {
        name.strip_prefix(stem)
            .is_some_and(|rest| (rest.ends_with(".yml") || rest.ends_with(".yaml")) && rest.starts_with(['.', '-']))
    });
    compose || name.starts_with("Dockerfile.")
}

fn configs(file: &File<'_>, tree: &Tree<'_>, out: &mut Facts) {
    if !is_a(file, "docs.infra") {
        return;
    }
    let source = tree.source();
    for span in tree.code_spans() {
        let code = span.slice(source).trim_matches(['`', ' ']);
        let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        let name = code.rsplit('/').next().unwrap_or(code);
        let workflow = code.starts_with(".github/workflows/") && (name.ends_with(".yml") || name.ends_with(".yaml"));
        if !plain || code.starts_with('/') || code.starts_with("..") || !(workflow || is_config(name)) {
            continue;
        }
        let path = code.trim_start_matches("./");
        let named = |other: &str| other.rsplit('/').next() == Some(name);
        let exists = file.inventory.exists(path) || (!path.contains('/') && file.inventory.files().any(named));
        let alike = |other: &str| match workflow {
            true => other.starts_with(".github/workflows/"),
            false => other.rsplit('/').next().is_some_and(|other| is_config(other) || other == "Dockerfile"),
        };
        let has_others = file.inventory.files().any(alike);
        out.push(ConfigMention { span, name: path.to_owned(), exists, has_others }, "", span);
    }
}
