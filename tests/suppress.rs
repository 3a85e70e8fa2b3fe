//! Suppression comments, from outside.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Repo, findings, ran};

fn comment(inside: &str) -> String {
    format!("# infralint: ignore[{inside}] reason\n{FAULT}")
}

fn rules(config: &str, text: &str, epoch: &str, arguments: &[&str]) -> Vec<String> {
    let repo = Repo::with(&[("infralint.yaml", config), ("a.txt", text)]);
    let mut command = repo.command(&[&["a.txt", "--format", "json"], arguments].concat());
    let report = {
        command.env("SOURCE_DATE_EPOCH", epoch);
        ran(command)
    };
    findings(&serde_json::from_str(&report.out).unwrap())
}

/// 2026-06-15, shortly before midnight in UTC.
const EPOCH: &str = "1781567999";

#[test]
fn a_comment_silences_and_can_be_seen_through() {
    let text = comment(RULE);
    assert_eq!(rules("", &text, EPOCH, &[]), Vec::<String>::new());
    assert_eq!(rules("", &text, EPOCH, &["--no-inline"]), [format!("a.txt {RULE}")]);
    assert_eq!(rules("", &text, EPOCH, &["--show-suppressed"]), [format!("a.txt {RULE}")]);
    let repo = Repo::with(&[("a.txt", &text)]);
    let (code, report) = repo.json(&["--show-suppressed"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        report["findings"][0]["suppressed"],
        serde_json::json!({"by": "comment", "line": 1, "reason": "reason"})
    );
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn days_are_those_of_the_given_epoch() {
    let until = |day: &str| comment(&format!("{RULE}, until={day}"));
    assert_eq!(
        rules("", &until("2026-06-14"), EPOCH, &[]),
        ["a.txt infralint/expired-suppression".to_owned(), format!("a.txt {RULE}")]
    );
    assert_eq!(rules("", &until("2026-06-15"), EPOCH, &[]), ["a.txt infralint/expired-suppression"]);
    assert_eq!(rules("", &until("2026-06-30"), EPOCH, &[]), Vec::<String>::new());
}

#[test]
fn what_is_enforced_cannot_be_silenced() {
    let found = rules("enforce: [docs/conflict-marker]\n", &comment("docs"), EPOCH, &[]);
    assert_eq!(found, ["a.txt infralint/unused-suppression".to_owned(), format!("a.txt {RULE}")]);
}

#[test]
fn rules_that_did_not_run_are_not_blamed() {
    let text = "# infralint: ignore[docs] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &[]), ["a.txt infralint/unused-suppression"]);
    assert_eq!(rules("ignore: [docs/conflict-marker]\n", text, EPOCH, &[]), Vec::<String>::new());
    assert_eq!(rules("", text, EPOCH, &["--select", "infralint"]), ["a.txt infralint/malformed-suppression"; 0]);
    let text = "# infralint: ignore[k8s] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &["--select", "infralint,docs"]), Vec::<String>::new());
}

#[test]
fn faults_of_comments_can_be_silenced_too() {
    let text =
        "# infralint: ignore-file[infralint/unused-suppression] generated\n# infralint: ignore[docs] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &[]), Vec::<String>::new());
    let idle = "# infralint: ignore-file[infralint/unused-suppression] generated\nfine\n";
    assert_eq!(rules("", idle, EPOCH, &[]), ["a.txt infralint/unused-suppression"]);
}

#[test]
fn findings_across_files_are_silenced_where_they_stand() {
    let spec = "<!-- infralint: ignore-file[infra-spec/missing-file] a draft -->\n# Spec\n";
    let path = "specs/infrastructure/001-cache/spec.md";
    let of = |text: &str| {
        let (_, report) =
            Repo::with(&[(path, text)]).json(&["--select", "infra-spec/missing-file,infralint/unused-suppression"]);
        findings(&report).len()
    };
    assert!(of("# Spec\n") > 0);
    assert_eq!(of(spec), 0);
}

#[test]
fn large_files_have_comments_too() {
    let filler = "nothing to see in this line\n".repeat(200_000);
    let text = format!("{filler}# infralint: ignore[{RULE}] reason\n{FAULT}{FAULT}");
    assert_eq!(rules("", &text, EPOCH, &[]), [format!("a.txt {RULE}")]);
}
