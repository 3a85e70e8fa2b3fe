//! How many faults of syntax a file has: no fix may add one.

use crate::fact::File;
use crate::syntax::dockerfile::{self, Form, Keyword};
use crate::syntax::yaml::{Yaml, prepare};
use crate::syntax::{Kind, markdown};
use crate::text::Text;

/// The faults of a file, and of the snippets in a document.
pub fn faults(file: &File<'_>) -> usize {
    let whole = Text::whole(file.source.text());
    match file.kind {
        Kind::Dockerfile => of_dockerfile(&whole),
        Kind::Markdown => of_document(file.source.text()),
        kind if kind.is_yaml() => of_yaml(&whole, matches!(kind, Kind::HelmTemplate | Kind::GoTemplate)),
        _ => 0,
    }
}

fn of_dockerfile(text: &Text<'_>) -> usize {
    let file = dockerfile::parse(text);
    let unknown = file.instructions.iter().filter(|instruction| instruction.keyword == Keyword::Unknown).count();
    // A list that is none any more would be run by a shell.
    let broken = file.instructions.iter().filter(|instruction| matches!(instruction.form(), Form::Broken(_))).count();
    dockerfile::faults(&file).len() + unknown + broken
}

fn of_yaml(text: &Text<'_>, template: bool) -> usize {
    let prepared = prepare(text, template);
    let yaml = Yaml::parse_prepared(&prepared);
    let repeated: usize = yaml.documents.iter().map(|document| yaml.duplicate_keys(document).len()).sum();
    yaml.errors.len() + repeated
}

fn of_document(text: &str) -> usize {
    let tree = markdown::parse(text);
    let snippet = |code: &markdown::Code| match code.language().to_ascii_lowercase().as_str() {
        "dockerfile" | "docker" | "containerfile" => of_dockerfile(&code.content()),
        "yaml" | "yml" | "k8s" | "kubernetes" | "compose" => of_yaml(&code.content(), false),
        _ => 0,
    };
    tree.codes().filter(|code| code.fenced).map(|code| snippet(&code)).sum()
}
