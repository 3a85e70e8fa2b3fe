//! The program from outside: exit codes, formats, streams, environment.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Repo, fed, findings, problems, ran};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn exit_codes() {
    let repo = Repo::with(&[("bad.md", FAULT), ("good.md", "text\n")]);
    let code = |arguments: &[&str]| repo.run(arguments).code;
    assert_eq!(code(&["good.md"]), Some(0));
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["check", "bad.md"]), Some(1));
    assert_eq!(code(&["--fail-on", "never"]), Some(0));
    assert_eq!(code(&["--ignore", RULE]), Some(0));
    assert_eq!(code(&["--select", "docs/no-such-rule"]), Some(2));
    assert_eq!(code(&["--no-such-option"]), Some(2));
    assert_eq!(code(&["good.md", "missing.md"]), Some(2));
    assert_eq!(code(&["--format", "json", "missing.md", "bad.md"]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["--version"]), Some(0));
    let later = repo.run(&["lsp"]);
    assert_eq!(later.code, Some(2));
    assert!(later.out.is_empty() && later.err.contains("does not exist yet"), "{}", later.err);
}

#[test]
fn what_failed_is_shown_and_the_rest_is_linted() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    let (code, report) = repo.json(&["missing.md", "bad.md"]);
    assert_eq!(code, Some(2));
    assert_eq!(findings(&report), [format!("bad.md {RULE}")]);
    assert_eq!(problems(&report), ["missing.md failed not-found"]);
    assert_eq!(report["summary"]["files"], 1);
    let concise = repo.run(&["missing.md", "bad.md"]).out;
    assert!(concise.contains("missing.md: failed not-found it does not exist\n"), "{concise}");
    let human = repo.run(&["missing.md", "--format", "human"]).out;
    assert!(human.contains("could not be checked: missing.md: it does not exist\n"), "{human}");
}

#[test]
fn skipped_files_matter_only_when_strict() {
    let repo = Repo::with(&[("a.bin", "a\0b")]);
    let (code, report) = repo.json(&[]);
    assert_eq!((code, &report["summary"]["skipped"], &report["summary"]["files"]), (Some(0), &json!(1), &json!(0)));
    assert_eq!(problems(&report), ["a.bin skipped binary"]);
    assert_eq!(repo.run(&["--strict"]).code, Some(2));
}

#[test]
fn concise_is_the_default_into_a_pipe() {
    let repo = Repo::with(&[("sub/bad.md", &format!("a\n{FAULT}"))]);
    let ran = repo.run(&[]);
    assert_eq!(ran.out, format!("sub/bad.md:2:1: error {RULE} conflict marker left in line 2\n"));
    assert_eq!(ran.err, "");
    let mut command = repo.command(&["."]);
    command.current_dir(repo.root.join("sub"));
    assert!(common::ran(command).out.starts_with("bad.md:2:1: error"));
}

#[test]
fn human_output() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    let plain = repo.run(&["--format", "human", "--color", "never"]).out;
    assert!(
        plain.contains(" 1 │ <<<<<<< HEAD\n   · ────────────\n") && plain.contains("1 error in 1 of 1 file ("),
        "{plain}"
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(repo.run(&["--format", "human", "--color", "always"]).out.contains('\u{1b}'));
    let mut command = repo.command(&["--format", "human"]);
    command.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1");
    assert!(!ran(command).out.contains('\u{1b}'));
    assert!(!repo.run(&["--format", "human", "-q"]).out.contains("1 error in"));
}

#[test]
fn json_and_jsonl() {
    let repo = Repo::with(&[("bad.md", &format!("é{FAULT}{FAULT}"))]);
    let (_, report) = repo.json(&[]);
    assert_eq!((&report["version"], &report["tool"]["name"]), (&json!(1), &json!("infralint")));
    let finding = &report["findings"][0];
    assert_eq!(finding["start"], json!({"line": 4, "column": 1, "offset": 33}));
    assert_eq!(finding["end"], json!({"line": 4, "column": 13, "offset": 45}));
    let lines = repo.run(&["--format", "jsonl"]).out;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&lines).unwrap(), *finding);
}

#[test]
fn further_outputs_go_to_files() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    let ran = repo.run(&["bad.md", "--format", "json", "--output", "human=h.txt", "--output", "jsonl=l=1.txt"]);
    assert_eq!((ran.code, ran.out.starts_with("{\"version\":1")), (Some(1), true));
    let file = |name| std::fs::read_to_string(repo.root.join(name)).unwrap();
    assert!(file("h.txt").contains("1 error in 1 of 1 file") && file("l=1.txt").starts_with("{\"path\":\"bad.md\""));
    let refused = repo.run(&["--output", "json=no/such/dir/x.json"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("cannot be written"), "{}", refused.err);
}

#[test]
fn stdin_is_linted_as_the_file_it_is_called() {
    let repo = Repo::with(&[("sub/other.md", FAULT)]);
    let ran = fed(repo.command(&["-", "--stdin-filename", "sub/bad.md"]), FAULT.as_bytes());
    assert_eq!(
        (ran.code, &*ran.out),
        (Some(1), &*format!("sub/bad.md:1:1: error {RULE} conflict marker left in line 1\n"))
    );
    assert_eq!(fed(repo.command(&["-", "--stdin-filename", "x"]), b"a\0b").code, Some(0));
    let refused = repo.run(&["-"]);
    assert!(refused.code == Some(2) && refused.err.contains("--stdin-filename"), "{}", refused.err);
}

#[test]
fn the_environment_sets_options() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    let with = |name: &str, value: &str| {
        let mut command = repo.command(&[]);
        command.env(name, value);
        ran(command)
    };
    assert_eq!(with("INFRALINT_IGNORE", "docs").code, Some(0));
    assert_eq!(with("INFRALINT_FAIL_ON", "never").code, Some(0));
    assert!(with("INFRALINT_FORMAT", "json").out.starts_with("{\"version\":1"));
    assert_eq!(with("INFRALINT_DIFF", "1").out, "");
    assert!(with("INFRALINT_DIFF", "0").out.starts_with("bad.md:1:1:"));
    assert_eq!(with("INFRALINT_STRICT", "true").code, Some(1));
}

#[test]
fn severities_and_limits() {
    let repo = Repo::with(&[("a.md", FAULT), ("b.md", FAULT), ("c.md", FAULT)]);
    let (_, report) = repo.json(&["--max-findings", "2"]);
    assert_eq!(findings(&report).len(), 2);
    assert_eq!((&report["summary"]["errors"], &report["summary"]["omitted"]), (&json!(3), &json!(1)));
    let human = repo.run(&["--format", "human", "--max-findings", "1"]).out;
    assert!(human.contains("2 more findings not shown"), "{human}");
    let counts = repo.run(&["--statistics"]).out;
    assert_eq!(counts, format!("3  error    {RULE}\n"));
    assert_eq!(repo.run(&["--min-severity", "error"]).code, Some(1));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let repo = Repo::new();
    let text = FAULT.repeat(5000);
    (0..10).for_each(|n| repo.write(format!("{n}.md"), text.as_bytes()));
    for format in ["concise", "json", "jsonl", "human"] {
        let mut command = repo.command(&["--format", format, "--max-findings", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut String::new()).unwrap();
        drop(reader);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(1), &b""[..]), "{format}");
    }
}

#[test]
fn the_same_bytes_for_every_number_of_threads() {
    let repo = Repo::new();
    for n in 0..300 {
        let text = if n % 3 == 0 { format!("{}{FAULT}x\n{FAULT}", "line\n".repeat(n)) } else { "text\n".repeat(n) };
        repo.write(format!("d{}/f{n}.md", n % 7), text.as_bytes());
    }
    repo.write("d1/x.bin", b"\0");
    let output = |threads: &str, format: &str| {
        let out = repo.run(&["--threads", threads, "--format", format, "--max-findings", "0"]).out;
        let stable = |line: &&str| !line.starts_with("\"summary\"") && !line.ends_with(" s)");
        out.lines().filter(stable).map(str::to_owned).collect::<Vec<_>>()
    };
    for format in ["concise", "json", "jsonl", "human"] {
        let one = output("1", format);
        assert!(one.len() >= 200, "{format}");
        assert!(one == output("2", format) && one == output("8", format), "{format}");
    }
}

#[test]
fn only_what_is_named_is_reported() {
    let repo = Repo::with(&[("a/x.md", FAULT), ("b/y.md", FAULT), (".gitignore", "b/\n")]);
    assert_eq!(findings(&repo.json(&[]).1), [format!("a/x.md {RULE}")]);
    assert_eq!(findings(&repo.json(&["b"]).1), [format!("b/y.md {RULE}")]);
    assert_eq!(findings(&repo.json(&["b/y.md", "a"]).1), [format!("a/x.md {RULE}"), format!("b/y.md {RULE}")]);
    let outside = Repo::with(&[("z.md", FAULT)]);
    let path = outside.root.join("z.md").to_str().unwrap().to_owned();
    assert_eq!(findings(&repo.json(&[&path]).1), [format!("{path} {RULE}")]);
}

#[test]
fn rules_explain_files_facts_test() {
    let repo = Repo::with(&[("bad.md", FAULT), ("node_modules/x.md", ""), ("b.bin", "\0")]);
    let rules = repo.run(&["rules", "--format", "json", RULE]);
    let rules: serde_json::Value = serde_json::from_str(&rules.out).unwrap();
    assert_eq!(
        (&rules[0]["id"], &rules[0]["pack"], &rules[0]["fixable"]),
        (&json!(RULE), &json!("docs"), &json!(false))
    );
    assert!(repo.run(&["rules"]).out.lines().any(|line| line.starts_with(RULE)));
    assert!(repo.run(&["explain", RULE]).out.contains("\nWhy\n"));
    assert!(repo.run(&["explain", "bad.md:1"]).out.starts_with(RULE));
    assert!(repo.run(&["explain", "bad.md:9"]).out.starts_with("no rule fired"));
    assert_eq!(repo.run(&["explain", "no/rule"]).code, Some(2));
    let files = repo.run(&["files"]).out;
    assert!(
        files.contains("b.bin: not linted: binary") && files.contains("bad.md: markdown; no config; packs docs, "),
        "{files}"
    );
    assert!(files.contains("node_modules/x.md: markdown; vendored"), "{files}");
    assert!(repo.run(&["facts", "bad.md"]).out.contains("text.line @1:1\n  text: \"<<<<<<< HEAD\"\n"));
    let rule = "summary: x\nmatch: text.line\n";
    repo.write("packs/own/broken.yaml", rule.as_bytes());
    let refused = repo.run(&["test", "packs"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("broken.yaml:"), "{}", refused.err);
}

#[test]
fn what_is_set_to_nothing_is_not_set() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    let mut command = repo.command(&[]);
    for name in ["SELECT", "FORMAT", "FAIL_ON", "STRICT", "BASELINE", "THREADS", "OUTPUT"] {
        command.env(format!("INFRALINT_{name}"), "");
    }
    let ran = ran(command);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.starts_with("bad.md:1:1: error"), "{}", ran.out);
}

#[test]
fn words_that_cannot_be_meant_are_refused() {
    let repo = Repo::with(&[("bad.md", FAULT)]);
    for (arguments, told) in [
        (&["--output", "json=o", "--output", "sarif=o"][..], "--output names o twice"),
        (&["explain", "bad.md"], "bad.md is a file: name a line of it, such as bad.md:1"),
        (&["--select", "tag:nothing"], "unknown tag `nothing`"),
    ] {
        let ran = repo.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    assert!(!repo.root.join("o").exists());
}
