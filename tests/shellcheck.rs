//! ShellCheck as a companion: started only when asked for, with fixed words, and its findings at the right places.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use common::{Ran, Repo, findings, problems};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const DOCKERFILE: &str = "FROM alpine:3.20 AS a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN set -e; \\\n    # why\n    ls $dir\nFROM a\nRUN <<EOF\n#!/bin/sh\ncd /src\nEOF\nRUN [\"ls\"]\n";

/// Puts a program called `shellcheck` into `bin`, which writes down how it was called.
fn install(repo: &Repo, answer: &str) {
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> {}/calls\n{answer}\n", repo.root.display());
    repo.write("bin/source", script.as_bytes());
    // Written by another process: one that is still open here for writing cannot be run.
    let (from, to) = (repo.root.join("bin/source"), repo.root.join("bin/shellcheck"));
    assert!(Command::new("install").args(["-m", "755"]).arg(from).arg(to).status().unwrap().success());
}

fn run(repo: &Repo, path: &Path, arguments: &[&str]) -> (Ran, Value) {
    let mut command = repo.command(&[arguments, &["--format", "json", "Dockerfile"]].concat());
    command.env("PATH", std::env::join_paths([path, Path::new("/usr/bin"), Path::new("/bin")]).unwrap());
    let ran = common::ran(command);
    let report = serde_json::from_str(&ran.out).unwrap();
    (ran, report)
}

fn places(report: &Value) -> Vec<String> {
    let of = |f: &Value| {
        let (start, end) = (&f["start"], &f["end"]);
        let numbers = [&start["line"], &start["column"], &end["line"], &end["column"]];
        let message = f["message"].as_str().unwrap();
        format!("{} {}", numbers.map(Value::to_string).join(":"), message.rsplit(' ').next().unwrap())
    };
    report["findings"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn it_is_asked_about_each_script_with_fixed_words() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE)]);
    install(
        &repo,
        r#"case "$(cat)" in
*dir*) echo '{"comments":[{"line":1,"endLine":1,"column":16,"endColumn":20,"level":"info","code":2086,"message":"Quote."}]}' ;;
*) echo '{"comments":[{"line":2,"endLine":2,"column":1,"endColumn":8,"level":"warning","code":2164,"message":"Fails."}]}'; exit 1 ;;
esac"#,
    );
    let (ran, report) = run(&repo, &repo.root.join("bin"), &["--select", "shell"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert_eq!(findings(&report), ["Dockerfile shell/script-fault"; 2]);
    assert_eq!(places(&report), ["5:8:5:12 SC2086)", "9:1:9:8 SC2164)"]);
    let calls = std::fs::read_to_string(repo.root.join("calls")).unwrap();
    let calls: Vec<&str> = calls.lines().collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    for (call, dialect) in calls.iter().zip(["bash", "sh"]) {
        assert!(call.starts_with(&format!("--norc --format json1 --shell {dialect} --exclude SC")), "{call}");
        assert!(call.ends_with(" -"), "{call}");
    }
}

#[test]
fn it_is_started_only_when_asked_for_by_name() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE)]);
    install(&repo, "echo '{\"comments\":[]}'");
    for select in ["default", "all", "dockerfile", "tag:correctness"] {
        run(&repo, &repo.root.join("bin"), &["--select", select]);
        assert!(!repo.root.join("calls").exists(), "{select}");
    }
    run(&repo, &repo.root.join("bin"), &["--select", "shell/script-fault"]);
    assert!(repo.root.join("calls").exists());
}

/// Says of every script that something is not quoted, and that something else fails.
const TWO: &str = r#"echo '{"comments":[{"line":1,"endLine":1,"column":1,"endColumn":3,"level":"info","code":2086,"message":"Quote."},{"line":1,"endLine":1,"column":1,"endColumn":3,"level":"warning","code":2164,"message":"Fails."}]}'"#;

#[test]
fn its_numbers_are_names() {
    let repo = Repo::with(&[("Dockerfile", "FROM alpine:3.20\nRUN ls $a\n")]);
    install(&repo, TWO);
    let codes = |arguments: &[&str]| {
        let (_, report) = run(&repo, &repo.root.join("bin"), arguments);
        let of = |f: &Value| format!("{} {}", f["aliases"][1].as_str().unwrap(), f["severity"].as_str().unwrap());
        let mut found: Vec<_> = report["findings"].as_array().unwrap().iter().map(of).collect();
        found.sort();
        found
    };
    assert_eq!(codes(&["--select", "shell"]), ["shellcheck/SC2086 info", "shellcheck/SC2164 warning"]);
    for one in ["SC2086", "shellcheck/SC2086", "hadolint/SC2086", "shell/script-fault:SC2086"] {
        assert_eq!(codes(&["--select", one]), ["shellcheck/SC2086 info"], "{one}");
        assert_eq!(codes(&["--select", "shell", "--ignore", one]), ["shellcheck/SC2164 warning"], "{one}");
    }
    repo.write("infralint.yaml", b"severity: { SC2086: error }\nignore: [hadolint/SC2164]\nselect: [shell]\n");
    assert_eq!(codes(&[]), ["shellcheck/SC2086 error"]);
}

#[test]
fn comments_silence_single_numbers() {
    for comment in ["# hadolint ignore=SC2086", "# shellcheck disable=SC2086", "# infralint: ignore[SC2086] meant"] {
        let repo = Repo::with(&[("Dockerfile", &format!("FROM alpine:3.20\n{comment}\nRUN ls $a\nRUN ls $b\n"))]);
        install(&repo, TWO);
        let (_, report) = run(&repo, &repo.root.join("bin"), &["--select", "shell"]);
        let lines: Vec<_> = report["findings"].as_array().unwrap().iter().map(|f| &f["start"]["line"]).collect();
        assert_eq!(lines, [3, 4, 4], "{comment}");
        assert_eq!(report["findings"][0]["aliases"][0], "hadolint/SC2164", "{comment}");
    }
}

#[test]
fn a_report_of_hadolint_is_compared_without_starting_anything() {
    let repo = Repo::with(&[("Dockerfile", "FROM alpine:3.20\nRUN ls $a\n")]);
    install(&repo, TWO);
    let result = |id: &str| {
        let place = r#"{"physicalLocation":{"artifactLocation":{"uri":"Dockerfile"},"region":{"startLine":2}}}"#;
        format!(r#"{{"ruleId":"{id}","message":{{"text":"m"}},"locations":[{place}]}}"#)
    };
    let tool = r#"{"driver":{"name":"Hadolint","version":"2"}}"#;
    let report = format!(r#"{{"version":"2.1.0","runs":[{{"tool":{tool},"results":[{}]}}]}}"#, result("SC2086"));
    repo.write("h.sarif", report.as_bytes());
    let compared = |arguments: &[&str]| {
        let mut command = repo.command(&[&["compare", "h.sarif", "--format", "json"], arguments].concat());
        command.env("PATH", std::env::join_paths([&repo.root.join("bin"), Path::new("/bin")]).unwrap());
        let report: Value = serde_json::from_str(&common::ran(command).out).unwrap();
        (report["rules"]["hadolint/SC2086"]["same"].clone(), report["rules"]["hadolint/SC2086"]["off"].clone())
    };
    assert_eq!(compared(&[]), (0.into(), serde_json::json!(["shell/script-fault:SC2086"])));
    assert!(!repo.root.join("calls").exists());
    assert_eq!(compared(&["--extend-select", "shell"]), (1.into(), serde_json::json!([])));
}

#[test]
fn where_it_is_missing_one_note_says_so() {
    let repo = Repo::with(&[("Dockerfile", DOCKERFILE), ("page.md", "```sh\nls\n```\n")]);
    let mut command = repo.command(&["--select", "shell", "--format", "json"]);
    command.env("PATH", &repo.root);
    let ran = common::ran(command);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.code, Some(0));
    assert_eq!(problems(&report), ["Dockerfile skipped no-shellcheck"]);
    let none = Repo::with(&[("a.txt", "nothing\n")]);
    let mut command = none.command(&["--select", "shell", "--format", "json"]);
    command.env("PATH", &none.root);
    assert_eq!(problems(&serde_json::from_str(&common::ran(command).out).unwrap()), Vec::<String>::new());
}

#[test]
fn an_answer_that_is_none_is_a_problem() {
    for answer in ["echo oops", "exit 3", "kill -9 $$"] {
        let repo = Repo::with(&[("Dockerfile", DOCKERFILE)]);
        install(&repo, answer);
        let (ran, report) = run(&repo, &repo.root.join("bin"), &["--select", "shell"]);
        assert_eq!(problems(&report), ["Dockerfile failed shellcheck-failed"], "{answer}");
        assert_eq!(ran.code, Some(2), "{answer}");
        assert!(ran.time < Duration::from_secs(15));
    }
}

#[test]
fn the_real_one_finds_what_it_should_where_it_is_installed() {
    let there = Command::new("shellcheck").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !there {
        return;
    }
    let text = "FROM alpine:3.20\nARG dir\nRUN echo a && \\\n    ls $dir\nRUN <<EOF\n# shellcheck disable=SC2164\ncd /src\nEOF\n";
    let page = "* Do\n\n  ```bash\n  é=1\n  cat $HOME | grep a\n  ```\n";
    let repo = Repo::with(&[("Dockerfile", text), ("page.md", page)]);
    let (_, report) = repo.json(&["--select", "shell"]);
    let found = places(&report);
    assert_eq!(problems(&report), Vec::<String>::new());
    assert!(found.contains(&"4:8:4:12 SC2086)".to_owned()), "{found:?}");
    assert!(found.iter().any(|place| place.starts_with("5:7:5:12 ")), "{found:?}");
    assert!(!found.iter().any(|place| place.contains("SC2164") || place.contains("SC2154")), "{found:?}");
}
