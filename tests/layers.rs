//! The modules are a stack: each imports only from those above it in this list.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up; the modules of one row do not see each other.
const STACK: &[&[&str]] = &[
    &["text"],
    &["diagnostic"],
    &["syntax"],
    &["fact"],
    &["check"],
    &["rule"],
    &["suppress"],
    &["config"],
    &["lint"],
    &["walk", "vcs", "companion", "fix", "report", "lsp"],
    &["cli"],
];

/// Crates that only one module may know.
const OWNERS: &[(&str, &[&str])] = &[
    ("miette", &["src/report/human", "src/report/snippet.rs"]),
    ("ignore", &["src/walk"]),
    ("rayon", &["src/walk"]),
    ("gix", &["src/vcs"]),
    ("saphyr_parser", &["src/syntax/yaml"]),
    ("pulldown_cmark", &["src/syntax/markdown"]),
    ("tree_sitter", &["src/syntax/query"]),
    ("tree_sitter_md", &["src/syntax/query"]),
    ("tree_sitter_yaml", &["src/syntax/query"]),
    ("tree_sitter_containerfile", &["src/syntax/query"]),
    ("clap", &["src/cli", "src/main.rs"]),
];

fn level(module: &str) -> Option<usize> {
    STACK.iter().position(|row| row.contains(&module))
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut dirs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned();
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// `text` for `src/text/map.rs` and for `src/text.rs`.
fn module(path: &Path) -> String {
    let part = path.components().nth(1).unwrap().as_os_str().to_string_lossy();
    part.trim_end_matches(".rs").to_owned()
}

/// The modules that a source names behind `crate::`; comments do not count.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let inside = list.split('}').next().unwrap_or_default();
                found.extend(inside.split(',').map(|part| word(part.trim())));
            }
            None => drop(found.insert(word(rest))),
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn imports_go_down_the_stack_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(here) = level(&own) else {
            wrong.push(format!("{}: the module `{own}` has no place in the stack", path.display()));
            continue;
        };
        for other in named(&text) {
            if other != own && level(&other).is_some_and(|there| there >= here) {
                wrong.push(format!("{}: `{own}` must not know `{other}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn some_crates_have_one_owner() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let shown = path.to_string_lossy().replace('\\', "/");
        for (name, owners) in OWNERS {
            let used = text.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.contains(&format!("{name}::")) || line.contains(&format!("use {name};")))
            });
            if used && !owners.iter().any(|owner| shown.starts_with(owner)) {
                wrong.push(format!("{shown}: only {} may use `{name}`", owners.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_say_what_they_are_for() {
    let silent = |text: &str| !text.starts_with("//! ");
    let tests = |path: &Path| path.ends_with("tests.rs");
    let told = sources();
    let mute = told.iter().filter(|(path, text)| !tests(path) && silent(text));
    let wrong: Vec<String> = mute.map(|(path, _)| path.display().to_string()).collect();
    assert!(wrong.is_empty(), "no first sentence: {}", wrong.join(", "));
}

#[test]
fn checks_know_no_rule() {
    let packs = ["dockerfile/", "compose/", "k8s/", "secrets/", "adr/", "infra-spec/", "docs/"];
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src/check")) {
        for (number, line) in text.lines().enumerate() {
            let code = !line.trim_start().starts_with("//");
            if code && packs.iter().any(|pack| line.contains(&format!("\"{pack}"))) {
                wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "a check names a rule:\n{}", wrong.join("\n"));
}
