//! A peer's SARIF report beside ours: same, only theirs, only ours, not covered, refused.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::{Value, json};

const DOCKERFILE: &str = "FROM alpine:latest\nRUN echo a \\\n  && curl -s https://example.com/x | sh \\\n  && echo b\nCMD [\"x\"]\nUSER root\n";

fn result(id: &str, uri: &str, line: u32) -> Value {
    let region = json!({"startLine": line, "endLine": line, "startColumn": 1, "endColumn": 1});
    json!({"ruleId": id, "level": "warning", "message": {"text": "words of theirs"},
           "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]})
}

fn report(name: &str, results: &[Value]) -> String {
    json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": name, "version": "9.8"}}, "results": results}]})
        .to_string()
}

fn compared(repo: &Repo, name: &str, results: &[Value], more: &[&str]) -> Value {
    repo.write("peer.sarif", report(name, results).as_bytes());
    let run = repo.run(&[&["compare", "peer.sarif", "--format", "json"], more].concat());
    assert_eq!((run.code, &*run.err), (Some(0), ""), "{}", run.out);
    serde_json::from_str(&run.out).unwrap()
}

fn places(comparison: &Value, list: &str) -> Vec<String> {
    let places = comparison[list].as_array().unwrap();
    places
        .iter()
        .map(|p| format!("{}:{} {}", p["path"].as_str().unwrap(), p["line"], p["id"].as_str().unwrap()))
        .collect()
}

#[test]
fn both_only_they_only_we_and_nobody_here() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE), ("sub/Dockerfile", "FROM alpine:3.20\nUSER root\n")]);
    let theirs = [
        result("DL3007", "./Dockerfile", 1),
        // Both blame the RUN, they its first line and we the pipe within.
        result("DL4006", "Dockerfile", 2),
        result("DL3011", "Dockerfile", 5),
        result("DL3002", "sub/Dockerfile", 2),
        result("DL0815", "Dockerfile", 1),
        result("DL0815", "Dockerfile", 2),
    ];
    let found = compared(&repo, "Hadolint", &theirs, &["Dockerfile", "sub"]);
    assert_eq!(
        places(&found, "same"),
        ["Dockerfile:1 hadolint/DL3007", "Dockerfile:2 hadolint/DL4006", "sub/Dockerfile:2 hadolint/DL3002"]
    );
    assert_eq!(found["same"][1]["our_line"], 3);
    assert_eq!(places(&found, "only_theirs"), ["Dockerfile:5 hadolint/DL3011"]);
    assert!(places(&found, "only_ours").contains(&"Dockerfile:6 hadolint/DL3002".to_owned()), "{found}");
    assert_eq!(found["not_covered"], json!([{"tool": "Hadolint", "id": "DL0815", "count": 2}]));
    assert_eq!(found["peers"], json!([{"name": "Hadolint", "version": "9.8"}]));
    assert_eq!(found["rules"]["hadolint/DL3002"]["same"], 1);
    assert_eq!(found["rules"]["hadolint/DL3002"]["only_ours"], 1);
    let sums = ["same", "only_theirs", "not_covered"].map(|sum| found["summary"][sum].as_u64().unwrap());
    assert_eq!(sums, [3, 1, 2]);

    let run = repo.run(&["compare", "peer.sarif", "Dockerfile", "sub"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.starts_with("Hadolint 9.8 beside infralint"), "{}", run.out);
    assert!(run.out.contains("\nonly theirs\n  Dockerfile:5 hadolint/DL3011"), "{}", run.out);
    assert!(run.out.contains("     2  Hadolint DL0815\n"), "{}", run.out);
    assert!(!run.out.contains("words of theirs"));
}

#[test]
fn rules_that_are_off_look_too_and_say_so() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE)]);
    let found = compared(&repo, "Hadolint", &[result("DL3002", "Dockerfile", 6)], &[]);
    assert_eq!(found["rules"]["hadolint/DL3002"]["off"], json!([]));
    repo.write("infralint.yaml", b"select: [dockerfile/latest-base-image]\n");
    let found = compared(&repo, "Hadolint", &[result("DL3002", "Dockerfile", 6)], &["."]);
    assert_eq!(found["rules"]["hadolint/DL3002"]["off"], json!(["dockerfile/root-user"]));
    assert_eq!(places(&found, "same"), ["Dockerfile:6 hadolint/DL3002"]);
}

#[test]
fn files_that_are_not_linted_and_findings_that_do_not_count() {
    let silent = DOCKERFILE.replace("USER root", "# infralint: ignore[DL3002] needed\nUSER root");
    let repo = Repo::with(&[("Dockerfile", &silent), ("left/Dockerfile", DOCKERFILE)]);
    repo.write("infralint.yaml", b"exclude: [left/**]\n");
    let mut theirs =
        [result("DL3002", "Dockerfile", 7), result("DL3002", "left/Dockerfile", 6), result("DL3007", "Dockerfile", 1)];
    theirs[2]["suppressions"] = json!([{"kind": "inSource"}]);
    let found = compared(&repo, "Hadolint", &theirs, &[]);
    assert_eq!(found["same"][0]["note"], "ours is suppressed");
    assert_eq!(found["only_theirs"][0]["note"], "infralint did not look at this file");
    assert_eq!(found["summary"]["left_out"], 1);
}

#[test]
fn unknown_tools_and_paths_of_other_machines() {
    let repo = Repo::with(&[("a b/Dockerfile", DOCKERFILE)]);
    let theirs = [result("DL3007", "file:///github/workspace/a%20b/Dockerfile", 1), result("odd", "nowhere.yaml", 1)];
    let found = compared(&repo, "A tool of one's own", &theirs, &[]);
    assert_eq!(places(&found, "same"), ["a b/Dockerfile:1 hadolint/DL3007"]);
    assert_eq!(found["not_covered"][0]["id"], "odd");
    let none = compared(&repo, "", &[], &[]);
    assert_eq!(none["summary"]["same"], 0);
}

#[test]
fn what_is_no_sarif_is_refused() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE), ("a.json", "{\n  \"findings\": [}\n"), ("b.json", "{}")]);
    repo.write("c.bin", b"\x00\x01");
    for (report, told) in [
        ("a.json", "infralint: a.json:2:16: this is no SARIF: "),
        ("b.json", "infralint: b.json:1:1: this is JSON, but no SARIF"),
        ("c.bin", "infralint: c.bin:1:1: this is no SARIF"),
        ("missing", "infralint: missing: No such file"),
        (".", "infralint: .: "),
    ] {
        let run = repo.run(&["compare", report]);
        assert_eq!((run.code, &*run.out), (Some(2), ""), "{report}");
        assert!(run.err.starts_with(told), "{}", run.err);
    }
    repo.write("peer.sarif", report("Hadolint", &[]).as_bytes());
    assert_eq!(repo.run(&["compare", "peer.sarif", "no/such/file"]).code, Some(2));
    assert_eq!(repo.run(&["compare"]).code, Some(2));
}
