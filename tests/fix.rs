//! Fixes from outside: what is written, what is shown, what is left alone.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Repo, fed, findings, problems};
use serde_json::Value;

const RULE: &str = "dockerfile/add-instead-of-copy";
const BAD: &str = "FROM alpine:3.20\nADD a /a\n";
const GOOD: &str = "FROM alpine:3.20\nCOPY a /a\n";

fn read(repo: &Repo, path: &str) -> String {
    String::from_utf8(std::fs::read(repo.root.join(path)).unwrap()).unwrap()
}

#[test]
fn fixes_are_written_and_what_is_left_decides() {
    let files = [("Dockerfile", BAD), ("x/Dockerfile", BAD), ("c.txt", common::FAULT)];
    let select = format!("{RULE},{}", common::RULE);
    for arguments in [&["fix"][..], &["--fix"], &["--unsafe-fixes"]] {
        let repo = Repo::with(&files);
        let ran = repo.run(&[arguments, &["--select", &select]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), "fixed 2 findings in 2 files\n"));
        assert!(ran.out.starts_with("c.txt:1:1:") && ran.out.lines().count() == 1, "{}", ran.out);
        assert_eq!((read(&repo, "Dockerfile"), read(&repo, "x/Dockerfile")), (GOOD.into(), GOOD.into()));
        let again = repo.run(&["fix", "--select", RULE]);
        assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (Some(0), "", ""));
    }
    let repo = Repo::with(&files);
    let (code, report) = {
        let ran = repo.run(&["fix", "--select", RULE, "--format", "json", "--quiet"]);
        (ran.code, serde_json::from_str::<Value>(&ran.out).unwrap())
    };
    assert_eq!((code, &report["summary"]["fixed"], &report["summary"]["warnings"]), (Some(0), &2.into(), &0.into()));
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let repo = Repo::with(&[("b/Dockerfile", BAD), ("a/Dockerfile", BAD)]);
    let ran = repo.run(&["fix", "--diff", "--select", RULE]);
    let part = |dir: &str| {
        format!(
            "--- a/{dir}/Dockerfile\n+++ b/{dir}/Dockerfile\n@@ -1,2 +1,2 @@\n FROM alpine:3.20\n-ADD a /a\n+COPY a /a\n"
        )
    };
    assert_eq!(ran.out, part("a") + &part("b"));
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "would fix 2 findings in 2 files\n"));
    assert_eq!(read(&repo, "b/Dockerfile"), BAD);
    assert_eq!(repo.run(&["--diff", "--select", RULE, "--output", "json=r.json", "a"]).out, part("a"));
    let report: Value = serde_json::from_str(&read(&repo, "r.json")).unwrap();
    assert_eq!((findings(&report).len(), &report["summary"]["fixed"]), (1, &0.into()));
    let safe = repo.run(&["--diff", "--select", "docs/conflict-marker"]);
    assert_eq!((safe.code, safe.out.as_str(), safe.err.as_str()), (Some(0), "", ""));
}

#[test]
fn the_index_is_not_written() {
    let ran = Repo::with(&[("Dockerfile", BAD)]).run(&["--fix", "--staged"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("on the disk"), "{}", ran.err);
}

#[test]
fn stdin_comes_back_mended() {
    let repo = Repo::new();
    let run = |options: &[&str], text: &[u8]| {
        fed(repo.command(&[&["-", "--stdin-filename", "Dockerfile", "--select", RULE], options].concat()), text)
    };
    let mended = run(&["--fix"], BAD.as_bytes());
    assert_eq!((mended.code, mended.out.as_str()), (Some(0), GOOD));
    let clean = run(&["--fix"], GOOD.as_bytes());
    assert_eq!((clean.code, clean.out.as_str(), clean.err.as_str()), (Some(0), GOOD, ""));
    assert!(run(&["--diff"], BAD.as_bytes()).out.contains("\n+COPY a /a\n"));
    let left = run(&["--fix", "--extend-select", "dockerfile/root-user"], b"FROM a\nADD x /x\nUSER root\n");
    assert_eq!((left.code, left.out.as_str()), (Some(1), "FROM a\nCOPY x /x\nUSER root\n"));
    assert!(left.err.contains("Dockerfile:3:1: warning dockerfile/root-user"), "{}", left.err);
}

#[test]
fn bytes_that_are_no_part_of_a_fix_stay() {
    let repo = Repo::with(&[]);
    let text = "\u{feff}FROM alpine:3.20\r\n# é ADD \r\nADD a /a \t\r\nRUN x\rADD b";
    repo.write("Dockerfile", text.as_bytes());
    repo.write(
        "wide/Dockerfile",
        &[b"\xff\xfe".as_slice(), &"FROM a\nADD a /a\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()]
            .concat(),
    );
    repo.write("odd/Dockerfile", b"FROM a\nADD \xff /a\n");
    let before = [std::fs::read(repo.root.join("wide/Dockerfile")).unwrap(), b"FROM a\nADD \xff /a\n".to_vec()];
    repo.run(&["fix", "--select", RULE]);
    assert_eq!(read(&repo, "Dockerfile"), text.replace("\nADD a", "\nCOPY a"));
    let after = ["wide/Dockerfile", "odd/Dockerfile"].map(|path| std::fs::read(repo.root.join(path)).unwrap());
    assert_eq!(after, before);
}

#[cfg(unix)]
#[test]
fn modes_stay_and_links_out_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repo = Repo::with(&[("run/Dockerfile", BAD), ("read/Dockerfile", BAD)]);
    let outside = repo.root.parent().unwrap().join("outside");
    std::fs::write(&outside, BAD).unwrap();
    std::fs::create_dir(repo.root.join("link")).unwrap();
    symlink(&outside, repo.root.join("link/Dockerfile")).unwrap();
    let mode = |path: &str, mode: u32| {
        std::fs::set_permissions(repo.root.join(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("run/Dockerfile", 0o750);
    mode("read/Dockerfile", 0o444);
    let (code, report) = repo.json(&["fix", "--quiet", "--select", RULE, ".", "link/Dockerfile"]);
    let meta = std::fs::metadata(repo.root.join("run/Dockerfile")).unwrap();
    assert_eq!((meta.permissions().mode() & 0o777, read(&repo, "run/Dockerfile")), (0o750, GOOD.to_owned()));
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), BAD);
    assert_eq!((code, read(&repo, "read/Dockerfile")), (Some(2), BAD.to_owned()));
    let told = problems(&report);
    assert!(told.contains(&"read/Dockerfile failed not-fixed".to_owned()), "{told:?}");
    assert_eq!(std::fs::read_dir(&repo.root).unwrap().count(), 3);
}

#[test]
fn what_does_not_count_is_not_touched() {
    let text = "FROM alpine:3.20\n# infralint: ignore[dockerfile/add-instead-of-copy] wanted\nADD a /a\nADD b /b\n";
    let repo = Repo::with(&[("Dockerfile", text)]);
    assert_eq!(repo.run(&["fix", "--select", RULE, "--min-severity", "error"]).code, Some(0));
    assert_eq!(read(&repo, "Dockerfile"), text);
    assert_eq!(repo.run(&["fix", "--select", RULE]).code, Some(0));
    assert_eq!(read(&repo, "Dockerfile"), text.replace("ADD b", "COPY b"));
}

#[test]
fn editors_get_the_edits() {
    let repo = Repo::with(&[("Dockerfile", BAD)]);
    let (_, report) = repo.json(&["--select", RULE]);
    let fix = &report["findings"][0]["fix"];
    assert_eq!((&fix["safety"], &fix["title"]), (&"safe".into(), &"write COPY".into()));
    let edit = &fix["edits"][0];
    assert_eq!((&edit["path"], &edit["text"]), (&"Dockerfile".into(), &"COPY".into()));
    assert_eq!((&edit["start"]["offset"], &edit["end"]["column"]), (&17.into(), &4.into()));
    let sarif: Value = serde_json::from_str(&repo.run(&["--select", RULE, "--format", "sarif"]).out).unwrap();
    let change = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "COPY");
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 2);
    let rules: Value = serde_json::from_str(&repo.run(&["rules", RULE, "--format", "json"]).out).unwrap();
    assert_eq!(rules[0]["fixable"], true);
}

#[test]
fn diffs_show_no_secret() {
    let secret = ["q7Zp", "V2xN", "8rTb", "W4mK", "c9Ys"].concat();
    let text = format!("FROM alpine:3.20\nENV API_TOKEN={secret}\nADD a /a\n");
    let repo = Repo::with(&[("Dockerfile", &text)]);
    let ran = repo.run(&["fix", "--diff", "--select", RULE]);
    assert!(ran.out.contains("\n ENV API_TOKEN=…\n-ADD a /a\n"), "{}", ran.out);
    repo.run(&["fix", "--select", RULE]);
    assert_eq!(read(&repo, "Dockerfile"), text.replace("ADD", "COPY"));
}

#[test]
fn findings_about_several_files_are_mended_when_all_are_read() {
    let record = |title: &str, status: &str| format!("# {title}\r\n\r\n## Status\r\n\r\n{status}\r\n");
    let old = record("1. Queue", "Superseded by [2. Log](0002-log.md)");
    let (new, third) = (record("2. Log", "Accepted"), record("3. Mail", "Accepted"));
    let index = "# Decisions\n\n- [1. Queue](0001-queue.md)\n- [2. Log](0002-log.md)\n";
    let files = [
        ("docs/adr/0001-queue.md", old.as_str()),
        ("docs/adr/0002-log.md", &new),
        ("docs/adr/0003-mail.md", &third),
        ("docs/adr/README.md", index),
    ];
    let select = ["--select", "adr/superseded-without-link,adr/index-out-of-sync"];
    let repo = Repo::with(&files);
    let shown = repo.run(&[&["--diff"][..], &select].concat());
    assert!(shown.out.contains("+Supersedes [1. Queue](0001-queue.md)") && shown.out.contains("+- [3. Mail]("));
    assert_eq!(
        (shown.err.as_str(), read(&repo, "docs/adr/README.md").as_str()),
        ("would fix 2 findings in 2 files\n", index)
    );
    let part = repo.run(&[&["--fix"][..], &select, &["docs/adr/0001-queue.md"]].concat());
    assert_eq!((part.code, part.err.as_str()), (Some(1), ""), "the other file was not named");
    let ran = repo.run(&[&["--fix"][..], &select].concat());
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", "fixed 2 findings in 2 files\n"));
    let linked = new.replace("Accepted\r\n", "Accepted\r\n\r\nSupersedes [1. Queue](0001-queue.md)\r\n");
    assert_eq!(read(&repo, "docs/adr/0002-log.md"), linked);
    assert_eq!(read(&repo, "docs/adr/README.md"), format!("{index}- [3. Mail](0003-mail.md)\n"));
    let again = repo.run(&[&["--fix"][..], &select].concat());
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
}
