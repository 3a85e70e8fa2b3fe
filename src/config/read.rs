//! A config file from YAML; whatever is wrong is said at its words.

use super::{Config, Kinds, Paths, Values, located};
use crate::diagnostic::Severity;
use crate::rule::error::LoadError;
use crate::rule::read::{Entry, Reader, unknown};
use crate::rule::written::Name;
use crate::syntax::Kind;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Spanned, Text};

/// The keys of a config file, each with its meaning; the JSON Schema is made of them.
pub const KEYS: &[(&str, &str)] = &[
    ("root", "true where the project begins: no folder above is looked at"),
    ("packs", "folders below this file with rules of your own: <pack>/<rule>.yaml"),
    ("select", "rules, packs, globs, aliases, tag:NAME: these instead of the ones that are on by default"),
    ("extend-select", "rules that run besides the selected ones"),
    ("ignore", "rules that do not run"),
    ("severity", "rule to error, warning or info"),
    ("options", "rule to option to value"),
    ("exclude", "globs of files and folders that are never linted"),
    ("fail-on", "the lowest severity that makes a run fail: error, warning, info or never"),
    ("enforce", "rules that no comment may silence"),
    ("documents", "document type, such as infra-spec.tasks, to the globs of where such documents lie"),
    ("kinds", "glob to the kind of files that are told wrongly"),
];

/// Keys that the contract promises for later; silence about them would be a lie.
const LATER: [&str; 6] = ["extends", "include", "overrides", "ignores", "ruleset", "required-version"];

/// Reads a config file.
///
/// # Errors
/// Everything that is wrong with its form, with lines and columns.
pub fn read(path: &str, text: &str) -> Result<Config, Vec<LoadError>> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let mut reader = Reader::default();
    for error in &yaml.errors {
        reader.error(error.span, format!("YAML: {}", error.message));
    }
    if let Some(second) = yaml.documents.iter().filter(|d| yaml.root_of(d).is_some()).nth(1) {
        reader.error(Span { start: second.span.start, end: second.span.start }, "a config is one YAML document");
    }
    let mut config = Config { path: path.to_owned(), text: text.to_owned(), ..Config::default() };
    let root = yaml.roots().next().filter(|root| reader.errors.is_empty() && !is_empty(*root));
    for entry in root.map(|root| reader.entries(root, "a config")).unwrap_or_default() {
        fill(&mut config, &mut reader, entry);
    }
    if reader.errors.is_empty() { Ok(config) } else { Err(located(path, text, reader.errors)) }
}

/// A file of nothing but comments demands nothing.
fn is_empty(root: NodeRef<'_>) -> bool {
    root.plain().is_some_and(crate::syntax::yaml::is_null_word)
}

fn fill(config: &mut Config, reader: &mut Reader, entry: Entry<'_>) {
    let Entry { name, key, value } = entry;
    match name {
        "root" => config.root = reader.bool(value, name),
        "packs" => config.packs = reader.texts(value, name),
        "select" => config.select = Some(reader.texts(value, name)),
        "extend-select" => config.extend_select = reader.texts(value, name),
        "ignore" => config.ignore = reader.texts(value, name),
        "severity" => config.severity = severities(reader, value),
        "options" => config.options = options(reader, value),
        "exclude" => config.exclude = paths(reader, value),
        "fail-on" => config.fail_on = fail_on(reader, value),
        "enforce" => config.enforce = reader.texts(value, name),
        "documents" => {
            let entries = reader.entries(value, name);
            config.documents = entries.iter().map(|e| (named(e), globs(reader, e.value))).collect();
        }
        "kinds" => config.kinds = kinds(reader, value),
        later if LATER.contains(&later) => {
            reader
                .error(key.span(), format!("`{later}` is not supported yet in version {}", env!("CARGO_PKG_VERSION")));
        }
        other => {
            let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
            reader.error(key.span(), unknown("key in a config:", other, &known));
        }
    }
}

fn named(entry: &Entry<'_>) -> Name {
    Spanned::new(entry.name.to_owned(), entry.key.span())
}

fn severities(reader: &mut Reader, node: NodeRef<'_>) -> Vec<(Name, Severity)> {
    let mut found = Vec::new();
    for entry in reader.entries(node, "severity") {
        match entry.value.scalar().and_then(|word| word.parse().ok()) {
            Some(severity) => found.push((named(&entry), severity)),
            None => reader.error(entry.value.span(), "severity must be error, warning or info"),
        }
    }
    found
}

fn fail_on(reader: &mut Reader, node: NodeRef<'_>) -> Option<Option<Severity>> {
    match node.scalar() {
        Some("never") => Some(None),
        Some(word) if word.parse::<Severity>().is_ok() => Some(word.parse().ok()),
        _ => {
            reader.error(node.span(), "fail-on must be error, warning, info or never");
            None
        }
    }
}

fn options(reader: &mut Reader, node: NodeRef<'_>) -> Vec<(Name, Values)> {
    let mut found = Vec::new();
    for rule in reader.entries(node, "options") {
        let mut values = Vec::new();
        for option in reader.entries(rule.value, "the options of a rule") {
            let value = reader.literal(option.value, option.name);
            values.push((named(&option), Spanned::new(value, option.value.span())));
        }
        found.push((named(&rule), values));
    }
    found
}

fn globs(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Name> {
    let written = reader.texts(node, "globs");
    if let Err((at, reason)) = crate::rule::globs(&written) {
        reader.error(at.span, reason);
    }
    written
}

fn paths(reader: &mut Reader, node: NodeRef<'_>) -> Paths {
    let written = reader.texts(node, "exclude");
    Paths::new(&written).unwrap_or_else(|(at, reason)| {
        reader.error(at.span, reason);
        Paths::default()
    })
}

fn kinds(reader: &mut Reader, node: NodeRef<'_>) -> Kinds {
    let mut found = Vec::new();
    for entry in reader.entries(node, "kinds") {
        match entry.value.scalar().and_then(|word| word.parse::<Kind>().ok()) {
            Some(kind) => found.push((named(&entry), kind)),
            None => {
                let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                reader.error(entry.value.span(), unknown("kind", entry.value.scalar().unwrap_or(""), &known));
            }
        }
    }
    Kinds::new(found).unwrap_or_else(|(at, reason)| {
        reader.error(at.span, reason);
        Kinds::default()
    })
}
