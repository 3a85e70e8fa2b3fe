//! Reports for machines, from outside: SARIF, annotations, several outputs at once, names and texts that bite.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Repo, ran};
use serde_json::{Value, json};

fn sarif(text: &str) -> Value {
    let mut log: Value = serde_json::from_str(text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    log["runs"][0].take()
}

/// A repository of which git knows the top.
fn work_tree(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::with(files);
    repo.write(".git/HEAD", b"ref: refs/heads/main\n");
    repo
}

#[test]
fn places_are_told_from_the_top_of_the_work_tree() {
    let repo = work_tree(&[("sub/bad.md", FAULT), ("other.md", FAULT)]);
    let within = |arguments: &[&str]| {
        let mut command = repo.command(arguments);
        command.current_dir(repo.root.join("sub"));
        ran(command).out
    };
    let run = sarif(&within(&["bad.md", "../other.md", "--format", "sarif"]));
    let uri = |n: usize| run["results"][n]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
    let mut uris = [uri(0), uri(1)].map(|uri| uri.as_str().unwrap().to_owned());
    uris.sort();
    assert_eq!(uris, ["other.md", "sub/bad.md"]);
    let lines = within(&["bad.md", "--format", "github"]);
    let expected = format!("::error file=sub/bad.md,line=1,endLine=1,col=1,endColumn=13,title={RULE}::");
    assert!(lines.starts_with(&expected), "{lines}");
}

#[test]
fn without_git_the_workspace_is_the_top() {
    let repo = Repo::with(&[("sub/bad.md", FAULT)]);
    let mut command = repo.command(&["--format", "github"]);
    command.current_dir(repo.root.join("sub")).env("GITHUB_WORKSPACE", &repo.root);
    assert!(ran(command).out.starts_with("::error file=sub/bad.md,"));
}

#[test]
fn sarif_describes_the_rules_that_fired() {
    let repo = work_tree(&[("bad.md", FAULT)]);
    let run = sarif(&repo.run(&["--format", "sarif"]).out);
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["id"], &run["results"][0]["ruleIndex"]), (&json!(RULE), &json!(0)));
    for text in [&rule["fullDescription"]["text"], &rule["help"]["text"], &rule["help"]["markdown"]] {
        assert!(text.as_str().is_some_and(|text| text.len() > 20), "{rule}");
    }
    let print = run["results"][0]["partialFingerprints"]["infralint/v1"].clone();
    let (_, report) = repo.json(&[]);
    assert_eq!(report["findings"][0]["fingerprint"], print);
}

#[cfg(unix)]
#[test]
fn names_that_bite() {
    let names = ["100%,a:b.md", "new\nline.md", "::error file=x::y.md", "ü –.md"];
    let repo = work_tree(&[]);
    names.iter().for_each(|name| repo.write(name, FAULT.as_bytes()));
    let run = sarif(&repo.run(&["--format", "sarif"]).out);
    let uris: Vec<&str> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap())
        .collect();
    let expected = ["100%25%2Ca%3Ab.md", "%3A%3Aerror%20file%3Dx%3A%3Ay.md", "new%0Aline.md", "%C3%BC%20%E2%80%93.md"];
    assert_eq!(uris, expected);
    let lines = repo.run(&["--format", "github"]).out;
    assert_eq!(lines.lines().count(), names.len());
    assert!(lines.lines().all(|line| line.starts_with("::error file=")), "{lines}");
    for name in ["100%25%2Ca%3Ab.md", "new%0Aline.md", "%3A%3Aerror file=x%3A%3Ay.md"] {
        assert!(lines.contains(&format!("file={name},line=1")), "{lines}");
    }
}

#[test]
fn more_findings_than_platforms_take() {
    let repo = work_tree(&[]);
    repo.write("bad.md", FAULT.repeat(26_000).as_bytes());
    let run = repo.run(&["--format", "github", "--output", "sarif=out.sarif", "--output", "jsonl=out.jsonl"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(1), 11));
    let all = std::fs::read_to_string(repo.root.join("out.jsonl")).unwrap().lines().count();
    let sarif = sarif(&std::fs::read_to_string(repo.root.join("out.sarif")).unwrap());
    assert_eq!((all, sarif["results"].as_array().unwrap().len()), (26_000, 25_000));
}

#[test]
fn a_line_of_ten_megabytes() {
    let repo = work_tree(&[]);
    repo.write("bad.md", format!("{}{FAULT}", "x".repeat(10_000_000) + "\n").as_bytes());
    repo.write("long.md", format!("<<<<<<< {}\n", "é".repeat(1_000_000)).as_bytes());
    for format in ["sarif", "github", "human", "json", "concise"] {
        let run = repo.run(&["--format", format, "--select", RULE]);
        assert_eq!((run.code, &*run.err), (Some(1), ""), "{format}");
        assert!(run.out.len() < 20_000, "{format}: {} bytes", run.out.len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_fails_keeps_no_other_back() {
    let repo = work_tree(&[("bad.md", FAULT)]);
    let run = repo.run(&["--output", "json=/dev/full", "--output", "sarif=no/dir/x", "--output", "sarif=ok.sarif"]);
    assert_eq!(run.code, Some(2));
    assert!(run.out.starts_with("bad.md:1:1: error"), "{}", run.out);
    let told: Vec<&str> = run.err.lines().collect();
    assert!(told.len() == 2 && told[0].starts_with("infralint: /dev/full cannot be written: No space"), "{told:?}");
    assert!(told[1].starts_with("infralint: no/dir/x cannot be written"), "{told:?}");
    sarif(&std::fs::read_to_string(repo.root.join("ok.sarif")).unwrap());
    let names = std::fs::read_dir(&repo.root).unwrap().count();
    assert_eq!(names, 3, "temporary files are left");

    let mut command = repo.command(&["--output", "sarif=again.sarif"]);
    command.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    assert_eq!(command.stderr(std::process::Stdio::null()).status().unwrap().code(), Some(2));
    assert!(repo.root.join("again.sarif").exists());
}

#[test]
fn completions_and_manual() {
    let repo = Repo::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = repo.run(&["completions", shell]);
        assert!(run.code == Some(0) && run.out.contains("fail-on") && run.out.contains("explain"), "{shell}");
    }
    assert_eq!(repo.run(&["completions", "tcsh"]).code, Some(2));
    let page = repo.run(&["man"]).out;
    assert!(page.contains(".TH infralint 1") && page.contains("infralint\\-check"), "{page}");
    assert!(repo.run(&["man", "check"]).out.contains("fail\\-on"));
    assert_eq!(repo.run(&["man", "nothing"]).code, Some(2));
}
