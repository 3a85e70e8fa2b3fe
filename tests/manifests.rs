//! Manifests as nobody should write them: each ends in findings with places, and what is sound beside it is judged.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  hostNetwork: true\n  containers: [{name: a, image: 'x:1'}]\n";
const RULES: &str = "k8s/host-network,yaml";

fn pod(name: &str) -> String {
    POD.replace("NAME", name)
}

/// Rule, line and subject of every finding.
fn found(files: &[(&str, &str)]) -> Vec<(String, u64, String)> {
    let repo = Repo::with(files);
    let ran = repo.run(&["--select", RULES, "--format", "json", "."]);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    let one = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        (text("rule"), finding["start"]["line"].as_u64().unwrap(), text("subject"))
    };
    report["findings"].as_array().unwrap().iter().map(one).collect()
}

fn lines(findings: &[(String, u64, String)], rule: &str) -> Vec<u64> {
    findings.iter().filter(|(name, ..)| name == rule).map(|(_, line, _)| *line).collect()
}

#[test]
fn documents_that_are_lists_words_or_nothing() {
    let text = format!("- a\n- {{kind: Pod}}\n---\njust words\n---\n42\n---\n~\n---\n[]\n---\n{}", pod("b"));
    let findings = found(&[("a.yaml", &text)]);
    assert_eq!(lines(&findings, "k8s/host-network"), [16]);
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn an_anchor_ends_with_its_document() {
    let text = format!("a: &x {{b: 1}}\nc: *x\n---\nd: *x\n---\n{}", pod("b"));
    let findings = found(&[("a.yaml", &text)]);
    assert_eq!(lines(&findings, "yaml/undefined-alias"), [4]);
    assert_eq!(lines(&findings, "k8s/host-network"), [10]);
}

#[test]
fn a_bundle_of_forty_thousand_lines() {
    let sound = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n---\n".repeat(6_700);
    let text = format!("{sound}{}", pod("last"));
    let findings = found(&[("a.yaml", &text)]);
    assert_eq!(findings, [("k8s/host-network".to_owned(), 40_205, "Pod/last".to_owned())]);
}

#[test]
fn an_object_without_metadata() {
    let findings = found(&[("a.yaml", &POD.replace("metadata: {name: NAME}\n", ""))]);
    assert_eq!(findings, [("k8s/host-network".to_owned(), 4, "Pod".to_owned())]);
    let odd = "apiVersion: v1\nkind: Pod\nmetadata: [a]\nspec:\n  hostNetwork: true\n  containers: text\n";
    assert_eq!(lines(&found(&[("a.yaml", odd)]), "k8s/host-network"), [5]);
}

#[test]
fn a_kind_of_a_megabyte() {
    let kind = "K".repeat(1 << 20);
    let text = format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n---\n{}", pod("b"));
    let repo = Repo::with(&[("a.yaml", &text)]);
    let ran = repo.run(&["--select", "k8s,yaml", "--format", "json", "."]);
    assert!(ran.out.contains("Pod/b"));
    assert!(ran.out.len() < 200_000, "{} bytes", ran.out.len());
}

#[test]
fn templates_that_are_no_yaml() {
    let chart = ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
    let odd = "{{- define \"a\" -}}\n{{ if }} : : [ {{ end }}\n\t{{- range }}\n- }}{{ not closed\n";
    let good = pod("{{ .Release.Name }}");
    let findings = found(&[chart, ("c/templates/odd.yaml", odd), ("c/templates/pod.yaml", &good)]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(lines(&findings, "k8s/host-network"), [5]);
}

#[test]
fn a_broken_document_between_good_ones() {
    for broken in ["a: [1\nb: }\n", "a: 'x\n", "\tkind: Pod\n", "a: b: c\n", "%YAML 9\n", "a: @b\n", "? [\n"] {
        let text = format!("{}---\n{broken}---\n{}", pod("one"), pod("two"));
        let findings = found(&[("a.yaml", &text)]);
        let subjects: Vec<&str> = findings.iter().map(|(.., subject)| subject.as_str()).collect();
        assert!(subjects.contains(&"Pod/one") && subjects.contains(&"Pod/two"), "{broken}: {findings:?}");
        assert!(
            findings.iter().any(|(rule, line, _)| rule.starts_with("yaml/") && (7..11).contains(line)),
            "{broken}: {findings:?}"
        );
    }
}

#[test]
fn bombs_and_depths_beside_good_documents() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let alias = format!("*a{}", n - 1);
        bomb.push_str(&format!("a{n}: &a{n} [{}]\n", vec![alias; 9].join(", ")));
    }
    let findings = found(&[("a.yaml", &format!("{bomb}---\n{}", pod("b")))]);
    assert_eq!(lines(&findings, "k8s/host-network"), [18]);
    assert_eq!(lines(&findings, "yaml/alias-bomb").len(), 1, "{findings:?}");
    let deep = format!("a: {}\n---\n{}", "[".repeat(20_000), pod("b"));
    assert_eq!(lines(&found(&[("a.yaml", &deep)]), "k8s/host-network"), [7]);
}

#[test]
fn line_ends_and_marks_of_windows_change_nothing() {
    let text = format!("{}---\n{}", pod("one"), pod("two"));
    let plain = found(&[("a.yaml", &text)]);
    assert_eq!(lines(&plain, "k8s/host-network"), [5, 12]);
    assert_eq!(found(&[("a.yaml", &text.replace('\n', "\r\n"))]), plain);
    assert_eq!(found(&[("a.yaml", &format!("\u{feff}{text}"))]), plain);
}

#[test]
fn a_nul_is_told_as_a_problem() {
    let repo = Repo::with(&[("a.yaml", &pod("b\0")), ("b.yaml", &pod("c"))]);
    let (_, report) = repo.json(&["--select", RULES]);
    assert_eq!(report["problems"][0]["path"], "a.yaml");
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}
