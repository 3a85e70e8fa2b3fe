//! A config file from YAML; whatever is wrong is said at its words.

use super::version::{OWN, Requirement, Version};
use super::{Config, Ignore, Kinds, Override, Paths, Values, located, paths};
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
    ("extends", "what is inherited: a config below the root, or a preset (minimal, recommended, strict …)"),
    ("required-version", "the infralint that this config needs, such as >=0.1"),
    ("ruleset", "a version: rules that are newer stay off unless they are selected by their name"),
    ("packs", "folders below this file with rules of your own: <pack>/<rule>.yaml"),
    ("select", "rules, packs, globs, aliases, tag:NAME: these instead of the ones that are on by default"),
    ("extend-select", "rules that run besides the selected ones"),
    ("ignore", "rules that do not run"),
    ("severity", "rule to error, warning or info"),
    ("options", "rule to option to value"),
    ("overrides", "what is otherwise for some files"),
    ("ignores", "findings that do not count"),
    ("include", "globs of the only files that are linted when a folder is"),
    ("exclude", "globs of files and folders that are never linted"),
    ("fail-on", "the lowest severity that makes a run fail: error, warning, info or never"),
    ("enforce", "rules that no comment may silence"),
    ("documents", "document type, such as infra-spec.tasks, to the globs of where such documents lie"),
    ("stacks", "lists of Compose files that are read together, the base first, as with docker compose -f"),
    ("kinds", "glob to the kind of files that are told wrongly"),
];

/// The keys of an entry of `overrides`.
pub const OVERRIDE_KEYS: &[(&str, &str)] = &[
    ("paths", "globs of the files that are meant"),
    ("select", "rules that run here as well"),
    ("ignore", "rules that do not run here"),
    ("severity", "rule to error, warning or info"),
    ("options", "rule to option to value"),
];

/// The keys of an entry of `ignores`.
pub const IGNORE_KEYS: &[(&str, &str)] = &[
    ("rule", "rules, packs, globs, aliases, tag:NAME"),
    ("paths", "globs of the files that are meant; every file without"),
    ("subject", "the thing that findings are about, such as Deployment/web or stage/0; * stands for anything"),
    ("reason", "why these findings do not count"),
    ("until", "the last day on which they do not, such as 2026-12-31, in UTC"),
];

/// Reads a config file. Its globs are relative to `base`, a folder below the root.
///
/// # Errors
/// Everything that is wrong with its form, with lines and columns.
pub fn read(path: &str, base: &str, text: &str) -> Result<Config, Vec<LoadError>> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let mut reader = Reader::default();
    for error in &yaml.errors {
        reader.error(error.span, format!("YAML: {}", error.message));
    }
    if let Some(second) = yaml.documents.iter().filter(|d| yaml.root_of(d).is_some()).nth(1) {
        reader.error(Span { start: second.span.start, end: second.span.start }, "a config is one YAML document");
    }
    let mut config = Config::new(path, base, text);
    let root = yaml.roots().next().filter(|root| reader.errors.is_empty() && !is_empty(*root));
    let entries = root.map(|root| reader.entries(root, "a config")).unwrap_or_default();
    // Whatever else an infralint too old finds wrong is none of the writer's faults.
    if let Some(needed) = entries.iter().find(|entry| entry.name == "required-version") {
        let before = reader.errors.len();
        required(&mut reader, needed.value);
        if reader.errors.len() > before {
            return Err(located(path, text, reader.errors));
        }
    }
    for entry in entries {
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
        "extends" => config.extends = reader.texts(value, name),
        "required-version" => {}
        "ruleset" => config.ruleset = ruleset(reader, value),
        "packs" => config.packs = reader.texts(value, name),
        "select" => config.select = Some(reader.texts(value, name)),
        "extend-select" => config.extend_select = reader.texts(value, name),
        "ignore" => config.ignore = reader.texts(value, name),
        "severity" => config.severity = severities(reader, value),
        "options" => config.options = options(reader, value),
        "overrides" => {
            config.overrides = several(reader, value, name, |reader, node| overriding(reader, node, &config.base));
        }
        "ignores" => {
            config.ignores = several(reader, value, name, |reader, node| ignore(reader, node, &config.base));
        }
        "include" => config.include = Some(globs(reader, value, name, &config.base)),
        "exclude" => config.exclude = globs(reader, value, name, &config.base),
        "fail-on" => config.fail_on = fail_on(reader, value),
        "enforce" => config.enforce = reader.texts(value, name),
        "documents" => {
            let entries = reader.entries(value, name);
            config.documents = entries.iter().map(|e| (named(e), places(reader, e.value, &config.base))).collect();
        }
        "kinds" => config.kinds = kinds(reader, value, &config.base),
        "stacks" => config.stacks = several(reader, value, name, |reader, node| reader.texts(node, "a stack")),
        other => {
            let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
            reader.error(key.span(), unknown("key in a config:", other, &known));
        }
    }
}

fn named(entry: &Entry<'_>) -> Name {
    Spanned::new(entry.name.to_owned(), entry.key.span())
}

fn required(reader: &mut Reader, node: NodeRef<'_>) {
    let text = reader.text(node, "required-version").value;
    match Requirement::parse(&text) {
        _ if node.scalar().is_none() => {}
        Err(message) => reader.error(node.span(), message),
        Ok(needed) if !needed.admits(&Version::own()) => {
            reader.error(node.span(), format!("this is infralint {OWN}, and the config requires {text}"));
        }
        Ok(_) => {}
    }
}

fn ruleset(reader: &mut Reader, node: NodeRef<'_>) -> Option<Version> {
    let text = reader.text(node, "ruleset").value;
    let found = Version::parse(&text);
    match &found {
        None => reader.error(node.span(), "ruleset must be a version, such as \"0.1\""),
        Some(version) if version.is_newer_than(&Version::own()) => {
            reader.error(node.span(), format!("this is infralint {OWN}: it has no rule set {text}"));
        }
        Some(_) => {}
    }
    found
}

/// The members of a list of mappings.
fn several<T>(
    reader: &mut Reader,
    node: NodeRef<'_>,
    name: &str,
    mut read: impl FnMut(&mut Reader, NodeRef<'_>) -> T,
) -> Vec<T> {
    if !node.is_sequence() {
        reader.error(node.span(), format!("{name} must be a list"));
        return Vec::new();
    }
    node.items().map(|item| read(reader, item)).collect()
}

fn names<'k>(keys: &[(&'k str, &str)]) -> Vec<&'k str> {
    keys.iter().map(|(key, _)| *key).collect()
}

fn overriding(reader: &mut Reader, node: NodeRef<'_>, base: &str) -> Override {
    let mut found = Override::default();
    let entries = reader.known(node, "an override", &names(OVERRIDE_KEYS));
    if node.is_mapping() && !entries.iter().any(|entry| entry.name == "paths") {
        reader.error(node.span(), "an override needs `paths`");
    }
    for Entry { name, value, .. } in entries {
        match name {
            "paths" => found.paths = globs(reader, value, name, base),
            "select" => found.select = reader.texts(value, name),
            "ignore" => found.ignore = reader.texts(value, name),
            "severity" => found.severity = severities(reader, value),
            "options" => found.options = options(reader, value),
            _ => {}
        }
    }
    found
}

fn ignore(reader: &mut Reader, node: NodeRef<'_>, base: &str) -> Ignore {
    let mut found = Ignore::default();
    let entries = reader.known(node, "an entry of ignores", &names(IGNORE_KEYS));
    if node.is_mapping() && !entries.iter().any(|entry| entry.name == "rule") {
        reader.error(node.span(), "an entry of ignores needs `rule`");
    }
    for Entry { name, value, .. } in entries {
        match name {
            "rule" => found.rules = reader.texts(value, name),
            "paths" => found.paths = Some(globs(reader, value, name, base)),
            "subject" => found.subjects = reader.texts(value, name),
            "reason" => found.reason = Some(reader.text(value, name).value).filter(|reason| !reason.is_empty()),
            "until" => {
                let day = reader.text(value, name);
                match day.value.parse() {
                    Ok(date) => found.until = Some(Spanned::new(date, day.span)),
                    Err(_) => reader.error(day.span, format!("`{}` is no day: write 2026-12-31", day.value)),
                }
            }
            _ => {}
        }
    }
    found
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

/// Globs of where documents lie.
fn places(reader: &mut Reader, node: NodeRef<'_>, base: &str) -> Vec<Name> {
    let written = reader.texts(node, "globs");
    if let Err((at, reason)) = crate::rule::globs(&written) {
        reader.error(at.span, reason);
    }
    paths::anchored(written, base)
}

fn globs(reader: &mut Reader, node: NodeRef<'_>, name: &str, base: &str) -> Paths {
    let written = reader.texts(node, name);
    Paths::new(&written, base).unwrap_or_else(|(at, reason)| {
        reader.error(at.span, reason);
        Paths::default()
    })
}

fn kinds(reader: &mut Reader, node: NodeRef<'_>, base: &str) -> Kinds {
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
    Kinds::new(found, base).unwrap_or_else(|(at, reason)| {
        reader.error(at.span, reason);
        Kinds::default()
    })
}
