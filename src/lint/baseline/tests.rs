use super::*;
use crate::diagnostic::{Baseline, Diagnostic, Range, Severity, Suppressed};
use std::sync::Arc;

fn finding(path: &str, print: &str) -> Diagnostic {
    Diagnostic {
        path: Arc::from(path),
        rule: Arc::from("a/b"),
        variant: None,
        aliases: Arc::from([]),
        severity: Severity::Warning,
        message: String::new(),
        help: Arc::from(""),
        range: Range::default(),
        subject: None,
        embedded_in: None,
        related: Vec::new(),
        fix: None,
        fingerprint: print.to_owned(),
        suppressed: None,
        baseline: None,
        origin: None,
        excerpt: None,
    }
}

fn new(findings: &mut [Diagnostic], entries: &[Entry], there: &[&str]) -> (Vec<usize>, Vec<u32>) {
    let earlier = Earlier {
        entries,
        by: Suppressed::BASELINE,
        there: &|path| there.contains(&path),
        counts_always: &|finding| &*finding.path == "policy",
    };
    let left = mark(findings, &earlier);
    let new = findings.iter().enumerate().filter(|(_, f)| f.baseline == Some(Baseline::New));
    (new.map(|(n, _)| n).collect(), left)
}

#[test]
fn a_file_is_written_in_a_stable_order_and_read_again() {
    let mut entries: Vec<Entry> =
        [("b", "f2"), ("a", "f1"), ("a", "f1")].map(|(p, f)| Entry::of(&finding(p, f))).to_vec();
    let text = write(entries.clone());
    let expected = r#"{"version":1,"findings":[
{"path":"a","rule":"a/b","fingerprint":"f1","count":2},
{"path":"b","rule":"a/b","fingerprint":"f2"}
]}
"#;
    assert_eq!(text, expected);
    entries.reverse();
    assert_eq!(write(entries), text);
    let file = read("x.json", text.clone()).unwrap();
    assert_eq!(write(file.entries.clone()), text);
    assert!(file.places.iter().all(|span| file.source.slice(*span).starts_with("{\"path\"")));
    assert_eq!(read("x.json", write([])).unwrap().entries, []);
}

#[test]
fn what_is_no_baseline_is_told_with_its_place() {
    let whole = write([Entry::of(&finding("a", "1"))]);
    for end in 1..whole.trim_end().len() {
        let error = read("x.json", whole[..end].to_owned()).err().unwrap_or_default();
        assert!(error.starts_with("x.json:") && error.contains("cut short"), "{end}: {error}");
    }
    let errors = [
        ("{\"version\":2,\"entries\":{}}", "x.json: a baseline of version 2"),
        ("[]", "x.json:1:"),
        ("{\"findings\":[]}", "x.json:1:15: this is no baseline: missing field `version`"),
        ("{\"version\":1,\n<<<<<<< HEAD\n\"findings\":[]}", "x.json:2:1: this is no baseline"),
    ];
    for (text, start) in errors {
        let error = read("x.json", text.to_owned()).err().unwrap_or_default();
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn each_entry_knows_as_many_findings_as_it_counts() {
    let entries = [Entry { count: 2, ..Entry::of(&finding("a", "1")) }];
    let mut findings = [finding("a", "1"), finding("a", "1"), finding("a", "1"), finding("a", "2")];
    assert_eq!(new(&mut findings, &entries, &["a"]), (vec![2, 3], vec![0]));
    assert_eq!(findings[0].suppressed.as_ref().map(|s| s.by), Some("baseline"));
}

#[test]
fn findings_move_with_their_file_and_not_with_its_copy() {
    let entries = [Entry::of(&finding("old/x", "1")), Entry::of(&finding("gone/y", "1"))];
    assert_eq!(new(&mut [finding("new/y", "1")], &entries, &["new/y"]), (vec![], vec![1, 0]));
    assert_eq!(new(&mut [finding("copy/x", "1")], &entries[..1], &["copy/x", "old/x"]), (vec![0], vec![1]));
}

#[test]
fn a_silenced_finding_leaves_the_entry_to_one_that_counts() {
    let entries = [Entry::of(&finding("a", "1"))];
    let silent = Suppressed { by: "comment", line: Some(1), reason: None };
    let mut findings = [Diagnostic { suppressed: Some(silent.clone()), ..finding("a", "1") }, finding("a", "1")];
    assert_eq!(new(&mut findings, &entries, &["a"]), (vec![0], vec![0]));
    let mut alone = [Diagnostic { suppressed: Some(silent), ..finding("a", "1") }];
    assert_eq!(new(&mut alone, &entries, &["a"]), (vec![], vec![0]));
    assert_eq!(alone[0].suppressed.as_ref().map(|s| s.by), Some("comment"));
}

#[test]
fn what_always_counts_is_always_new() {
    let entries = [Entry::of(&finding("policy", "1"))];
    assert_eq!(new(&mut [finding("policy", "1")], &entries, &["policy"]), (vec![0], vec![1]));
}
