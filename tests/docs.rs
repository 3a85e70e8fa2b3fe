//! The examples of the documents: rules run their cases, configs are read, comments cover what is said.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Repo, findings};
use std::path::Path;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// What stands in the fences of a language.
fn fences<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let open = format!("```{language}\n");
    text.split(&open).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

#[test]
fn rules_in_the_guide_hold_with_all_their_parts() {
    let text = document("rule-language.md");
    let rules: Vec<&str> = fences(&text, "yaml").into_iter().filter(|rule| rule.contains("summary:")).collect();
    assert!(rules.len() >= 2);
    let repo = Repo::new();
    for (number, rule) in rules.iter().enumerate() {
        repo.write(format!("policy/acme/example-{number}.yaml"), rule.as_bytes());
    }
    let ran = repo.run(&["test", "policy", "--mutants"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with(&format!("{} rules, ", rules.len())), "{}", ran.out);
}

#[test]
fn the_first_comment_of_the_guide_silences_its_rule() {
    let text = document("suppressions.md");
    let example = fences(&text, "dockerfile")[0];
    let rule = "dockerfile/root-user,infralint/unused-suppression";
    let (_, report) = Repo::with(&[("Dockerfile", example)]).json(&["--select", rule]);
    assert_eq!(findings(&report), Vec::<String>::new());
    let (_, report) = Repo::with(&[("Dockerfile", example)]).json(&["--select", rule, "--no-inline"]);
    assert_eq!(findings(&report), ["Dockerfile dockerfile/root-user"]);
}

#[test]
fn the_rules_about_comments_are_all_told() {
    let text = document("suppressions.md");
    let listed = Repo::new().run(&["rules", "tag:suppression"]).out;
    assert!(listed.lines().count() >= 5);
    for line in listed.lines() {
        let id = line.split_whitespace().next().unwrap();
        assert!(text.contains(&format!("`{id}`")), "{id}");
    }
}
