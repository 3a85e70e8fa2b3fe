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

#[test]
fn the_policies_in_the_guide_are_those_that_are_tested() {
    let text = document("structure.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policies/policy/team");
    let shown = fences(&text, "yaml");
    for name in ["decision", "plan", "runbook"] {
        let file = std::fs::read_to_string(root.join(name).with_extension("yaml")).unwrap();
        let policy = file.split("\ntests:").next().unwrap().trim_end();
        assert!(shown.contains(&policy), "{name}: docs/structure.md shows another policy than the fixture");
        assert!(policy.lines().count() < 40, "{name}");
    }
    let repo = Repo::new();
    for name in ["decision", "plan", "runbook", "pack"] {
        let file = std::fs::read(root.join(name).with_extension("yaml")).unwrap();
        repo.write(format!("policy/team/{name}.yaml"), &file);
    }
    let ran = repo.run(&["test", "policy", "--mutants"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("3 rules, "), "{}", ran.out);
}

#[test]
fn single_expectations_are_selected_and_silenced() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policies/policy/team");
    let policy = std::fs::read_to_string(root.join("runbook.yaml")).unwrap();
    let config = "root: true\npacks: [policy]\nselect: [team]\n";
    let page = "<!-- infralint: ignore[team/runbook:section/Impact, team/runbook:field/Owner] later -->\n# Disk\n";
    let files = [
        ("infralint.yaml", config),
        ("policy/team/pack.yaml", "summary: Ours\n"),
        ("policy/team/runbook.yaml", policy.as_str()),
        ("runbooks/disk.md", page),
    ];
    let repo = Repo::with(&files);
    let messages = |report: &serde_json::Value| -> Vec<String> {
        let all = report["findings"].as_array().unwrap();
        all.iter().map(|f| f["message"].as_str().unwrap().to_owned()).collect()
    };
    let (_, report) = repo.json(&[]);
    let found = messages(&report);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(!found.iter().any(|message| message.contains("Impact") || message.contains("Owner")), "{found:?}");
    let prints: std::collections::BTreeSet<_> =
        report["findings"].as_array().unwrap().iter().map(|f| f["fingerprint"].to_string()).collect();
    let (_, report) = repo.json(&["--no-inline", "--select", "team/runbook:section/Impact"]);
    assert_eq!(messages(&report), ["no section `Impact`"]);
    // What is known by its expectation stays known when its neighbours are mended.
    let (_, report) = repo.json(&["--select", "team/runbook:section/Escalation"]);
    assert!(prints.contains(&report["findings"][0]["fingerprint"].to_string()));
}

#[test]
fn words_of_another_language_are_data() {
    let text = document("structure.md");
    let pack = *fences(&text, "yaml").last().unwrap();
    let record = "# Warteschlange\n\n## Stand\n\naccepted\n\n## Ausgangslage\n\nEs gibt viele Nachrichten, und der \
                  Dienst ist oft nicht da, die von den anderen zu warten.\n\n## Entscheidung\n\nWir bauen eine \
                  Schlange.\n";
    let files = [
        ("infralint.yaml", "root: true\npacks: [policy]\nselect: [adr/missing-consequences, adr/missing-status]\n"),
        ("docs/adr/0001-x.md", record),
    ];
    let repo = Repo::with(&files);
    repo.write("policy/worte/pack.yaml", b"summary: Nichts\n");
    let (_, report) = repo.json(&[]);
    assert_eq!(findings(&report), Vec::<String>::new(), "of what cannot be read nothing is missing");
    repo.write("policy/worte/pack.yaml", pack.as_bytes());
    let (_, report) = repo.json(&[]);
    assert_eq!(findings(&report), ["docs/adr/0001-x.md adr/missing-consequences"]);
}

#[test]
fn the_config_of_the_guide_is_read_and_no_key_is_forgotten() {
    let text = document("configuration.md");
    let repo = Repo::with(&[("infralint.yaml", fences(&text, "yaml")[0]), ("a.md", "text\n")]);
    let ran = repo.run(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    for (key, _) in infralint::config::KEYS {
        assert!(text.contains(&format!("| `{key}` |")), "{key}");
    }
    for (name, _) in infralint::config::PRESETS {
        assert!(text.contains(&format!("`{name}`")), "{name}");
    }
}
