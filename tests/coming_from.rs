//! The tables of docs/coming-from are made from the rules: `UPDATE=1 cargo test` writes them anew.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const OPEN: &str = "<!-- table: ";
const CLOSE: &str = "<!-- /table -->";

fn pages() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coming-from");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
}

fn rules() -> Vec<Value> {
    serde_json::from_str(&Repo::new().run(&["rules", "--format", "json"]).out).unwrap()
}

/// The rules that have names of these tools, by name.
fn table(tools: &str, rules: &[Value]) -> String {
    let mut rows: Vec<(String, &Value)> = Vec::new();
    for rule in rules {
        let aliases = rule["aliases"].as_array().unwrap().iter().map(|alias| alias.as_str().unwrap());
        let own = aliases.filter(|alias| tools.split(' ').any(|tool| alias.split('/').next() == Some(tool)));
        rows.extend(own.map(|alias| (alias.to_owned(), rule)));
    }
    rows.sort_by(|a, b| (&a.0, a.1["id"].as_str()).cmp(&(&b.0, b.1["id"].as_str())));
    if rows.is_empty() {
        return "None yet.\n".to_owned();
    }
    let mut out = String::from("| there | here | reports | severity | by default |\n| --- | --- | --- | --- | --- |\n");
    for (alias, rule) in rows {
        let word = |key: &str| rule[key].as_str().unwrap().replace('|', "\\|");
        let on = if rule["default"].as_bool().unwrap() { "on" } else { "off" };
        writeln!(out, "| `{alias}` | `{}` | {} | {} | {on} |", word("id"), word("summary"), word("severity")).unwrap();
    }
    out
}

#[test]
fn the_tables_are_what_the_rules_say() {
    let rules = rules();
    let mut stale = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap().replace("\r\n", "\n");
        let (before, rest) = text.split_once(OPEN).unwrap();
        let (tools, rest) = rest.split_once(" -->\n").unwrap();
        let (_, after) = rest.split_once(CLOSE).unwrap();
        let made = format!("{before}{OPEN}{tools} -->\n\n{}\n{CLOSE}{after}", table(tools, &rules));
        if made != text {
            stale.push(page.file_name().unwrap().to_owned());
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&page, made).unwrap();
        }
    }
    let told = "out of date: UPDATE=1 cargo test --test coming_from";
    assert!(stale.is_empty() || std::env::var_os("UPDATE").is_some(), "{stale:?} {told}");
}

#[test]
fn names_that_the_pages_use_are_known() {
    let repo = Repo::new();
    let mut names = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for word in text.split("infralint explain ").skip(1) {
            let name = word.split('`').next().unwrap();
            let run = repo.run(&["explain", name]);
            assert_eq!(run.code, Some(0), "{}: {}", page.display(), run.err);
            names += 1;
        }
    }
    assert!(names >= 4, "{names}");
}

#[test]
fn every_tool_with_many_names_has_a_page() {
    let pages: String = pages().iter().map(|page| std::fs::read_to_string(page).unwrap()).collect();
    let told: Vec<&str> =
        pages.split(OPEN).skip(1).flat_map(|rest| rest.split(" -->").next().unwrap().split(' ')).collect();
    let rules = rules();
    let aliases = rules.iter().flat_map(|rule| rule["aliases"].as_array().unwrap());
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for alias in aliases {
        *counts.entry(alias.as_str().unwrap().split('/').next().unwrap()).or_default() += 1;
    }
    let wanted = counts.iter().filter(|(_, count)| **count >= 25);
    let missing: Vec<_> = wanted.filter(|(tool, _)| !told.contains(tool)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The rules of gitleaks and betterleaks that report something: each must be known by its name there.
#[test]
fn every_rule_of_the_scanners_has_one_here() {
    let rules = rules();
    let known: Vec<&str> = rules
        .iter()
        .flat_map(|rule| rule["aliases"].as_array().unwrap())
        .map(|alias| alias.as_str().unwrap())
        .collect();
    let names = include_str!("names/leaks.txt");
    assert!(names.lines().count() > 400);
    let missing: Vec<&str> = names.lines().filter(|name| !known.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
