//! What is known already and what is new: baselines, the index, the merge base, from outside.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;
#[path = "common/git.rs"]
mod git;

use common::{Repo, problems};
use git::Git;
use gix::objs::tree::EntryKind;

/// A Dockerfile with two findings that do not depend on others.
const DOCKERFILE: &str = "FROM alpine:3.20\nUSER root\nCMD [\"sh\"]\n";

fn rules_of(report: &serde_json::Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|f| format!("{} {}", f["path"].as_str().unwrap(), f["rule"].as_str().unwrap())).collect()
}

#[test]
fn a_baseline_stays_quiet_while_lines_move_and_files_are_renamed() {
    let files = Repo::with(&[("a/Dockerfile", DOCKERFILE), ("b/Dockerfile", DOCKERFILE), ("notes.txt", common::FAULT)]);
    let (_, before) = files.json(&["."]);
    let known = rules_of(&before).len() as u64;
    assert!(known >= 3, "{before}");
    let written = files.run(&["--write-baseline", "known.json", "."]);
    assert_eq!((written.code, written.out.as_str()), (Some(0), ""));
    assert_eq!(written.err, format!("infralint: known.json lists {known} findings\n"));
    let text = std::fs::read_to_string(files.root.join("known.json")).unwrap();
    assert_eq!(text.lines().count() as u64, known + 2);
    let threads = files.run(&["--write-baseline", "other.json", "--threads", "1", "-q", "."]);
    assert_eq!((threads.err.as_str(), std::fs::read_to_string(files.root.join("other.json")).unwrap()), ("", text));
    std::fs::remove_file(files.root.join("other.json")).unwrap();

    let spread = format!("{}{DOCKERFILE}", "# a comment\n".repeat(50));
    files.write("a/Dockerfile", spread.as_bytes());
    std::fs::rename(files.root.join("b"), files.root.join("c")).unwrap();
    let (code, report) = files.json(&["--baseline", "known.json", "."]);
    assert_eq!((code, rules_of(&report)), (Some(0), vec![]));
    assert_eq!((&report["summary"]["known"], &report["summary"]["suppressed"]), (&known.into(), &0.into()));
    let (_, shown) = files.json(&["--baseline", "known.json", "--show-suppressed", "."]);
    assert_eq!(shown["findings"][0]["baseline"], "unchanged");
    assert_eq!(shown["findings"][0]["suppressed"]["by"], "baseline");

    // A copy is new, and says so.
    files.write("d/Dockerfile", DOCKERFILE.as_bytes());
    let (code, report) = files.json(&["--baseline", "known.json", "."]);
    assert_eq!(code, Some(1));
    assert!(rules_of(&report).iter().all(|found| found.starts_with("d/Dockerfile ")), "{report}");
    assert_eq!(report["findings"][0]["baseline"], "new");
}

#[test]
fn what_no_longer_occurs_is_reported_and_can_be_pruned() {
    let files = Repo::with(&[("a/Dockerfile", DOCKERFILE), ("b/notes.txt", common::FAULT)]);
    files.run(&["--write-baseline", "known.json", "."]);
    files.write("b/notes.txt", b"fine\n");
    let gone = "infralint/outdated-baseline-entry";
    let (code, report) = files.json(&["--baseline", "known.json", "."]);
    assert_eq!((code, rules_of(&report)), (Some(0), vec![format!("known.json {gone}")]));
    let line = report["findings"][0]["start"]["line"].as_u64().unwrap() as usize;
    let text = std::fs::read_to_string(files.root.join("known.json")).unwrap();
    assert!(text.lines().nth(line - 1).unwrap().contains("b/notes.txt"));
    // A run that does not look there cannot say so.
    for options in [&["a"][..], &["--ignore", common::RULE, "."], &["--select", "dockerfile/root-user,infralint", "."]]
    {
        let (code, report) = files.json(&[&["--baseline", "known.json"], options].concat());
        assert_eq!((code, rules_of(&report)), (Some(0), vec![]), "{options:?}");
    }
    let ran = files.run(&["--baseline", "known.json", "--prune-baseline", "."]);
    assert_eq!(ran.err, "infralint: took 1 entry that no longer occurs out of known.json\n");
    let pruned = std::fs::read_to_string(files.root.join("known.json")).unwrap();
    assert_eq!(pruned.lines().count(), text.lines().count() - 1);
    let (code, report) = files.json(&["--baseline", "known.json", "."]);
    assert_eq!((code, rules_of(&report)), (Some(0), vec![]));
    // What is brought back counts again.
    files.write("b/notes.txt", common::FAULT.as_bytes());
    assert_eq!(files.json(&["--baseline", "known.json", "."]).0, Some(1));
}

#[test]
fn a_baseline_is_rewritten_only_as_far_as_the_run_saw_and_a_ratchet_only_falls() {
    let files = Repo::with(&[("a/x.txt", common::FAULT), ("b/y.txt", common::FAULT)]);
    files.run(&["--write-baseline", "known.json", "."]);
    let text = || std::fs::read_to_string(files.root.join("known.json")).unwrap();
    let both = text();
    files.write("a/x.txt", format!("{0}fine\n{0}", common::FAULT).as_bytes());
    files.write("b/y.txt", b"fine\n");
    let refused = files.run(&["--write-baseline", "known.json", "--ratchet", "a"]);
    assert_eq!((refused.code, text()), (Some(2), both));
    assert!(refused.err.contains(&format!("{}: 3, up from 2", common::RULE)), "{}", refused.err);
    files.run(&["--write-baseline", "known.json", "a"]);
    assert_eq!(text().lines().filter(|line| line.contains("fingerprint")).count(), 3);
    assert!(text().contains("b/y.txt"));
    assert_eq!(files.run(&["--write-baseline", "known.json", "--ratchet", "."]).code, Some(0));
    assert!(!text().contains("b/y.txt"));
}

#[test]
fn a_baseline_that_cannot_be_used_is_an_error_and_nothing_is_written() {
    let files = Repo::with(&[("x.txt", common::FAULT)]);
    files.run(&["--write-baseline", "known.json", "."]);
    let whole = std::fs::read_to_string(files.root.join("known.json")).unwrap();
    let newer = whole.replace("\"version\":1", "\"version\":7");
    for (text, word) in
        [(&whole[..60], "cut short"), (&newer, "version 7"), ("rubbish", "no baseline"), ("", "cut short")]
    {
        files.write("known.json", text.as_bytes());
        for option in ["--baseline", "--write-baseline"] {
            let ran = files.run(&[option, "known.json", "."]);
            assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{option} {word}");
            assert!(ran.err.starts_with("infralint: known.json") && ran.err.contains(word), "{}", ran.err);
            assert_eq!(std::fs::read_to_string(files.root.join("known.json")).unwrap(), text);
        }
    }
    for options in
        [&["--baseline", "none.json"][..], &["--prune-baseline"], &["--ratchet"], &["--write-baseline", "no/x"]]
    {
        assert_eq!(files.run(&[options, &["."]].concat()).code, Some(2), "{options:?}");
    }
}

#[test]
fn a_baseline_holds_no_secret() {
    let chosen = ["hunter", "2cat"].concat();
    let random = ["q7ZpV2xN", "8rTbW4mK", "c9YsL3dF"].concat();
    let (weak, strong) = (chosen.as_str(), random.as_str());
    let text =
        ["db_pass", "word: ", weak, "\napi_", "key: ", strong, "\nurl: redis://user:", weak, "@host:6379\n"].concat();
    let files = Repo::with(&[("values.yaml", &text)]);
    files.run(&["--write-baseline", "known.json", "--select", "secrets", "."]);
    let written = std::fs::read_to_string(files.root.join("known.json")).unwrap();
    assert!(written.contains("secrets/"), "{written}");
    assert!(!written.contains(&chosen) && !written.contains(&random), "{written}");
    // Another weak password leaves the same print: nobody can find it by trying.
    files.write("values.yaml", text.replace(&chosen, "letmein1").as_bytes());
    let weak = |text: &str| text.lines().filter(|l| l.contains("fingerprint")).map(str::to_owned).collect::<Vec<_>>();
    files.run(&["--write-baseline", "other.json", "--select", "secrets", "values.yaml"]);
    let other = std::fs::read_to_string(files.root.join("other.json")).unwrap();
    assert_eq!(weak(&written), weak(&other));
}

const GOOD: &str = "FROM alpine:3.20\nUSER 10001\nCMD [\"sh\"]\n";
const SELECT: [&str; 2] = ["--select", "dockerfile/missing-user,dockerfile/root-user,docs/conflict-marker"];

fn found(files: &Repo, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let (code, report) = files.json(&[&SELECT[..], arguments].concat());
    (code, rules_of(&report))
}

#[test]
fn what_is_staged_is_read_from_the_index() {
    let files = Repo::with(&[("Dockerfile", GOOD), ("old.txt", common::FAULT), ("sub/x.txt", "fine\n")]);
    let mut git = Git::init(&files.root);
    git.commit_all();
    assert_eq!(found(&files, &["--staged"]), (Some(0), vec![]));
    // The work tree is worse than what is staged, and better.
    files.write("Dockerfile", DOCKERFILE.as_bytes());
    files.write("sub/x.txt", common::FAULT.as_bytes());
    git.stage(&["sub/x.txt"]);
    files.write("sub/x.txt", b"mended\n");
    files.write("untracked.txt", common::FAULT.as_bytes());
    assert_eq!(found(&files, &["--staged"]), (Some(1), vec!["sub/x.txt docs/conflict-marker".to_owned()]));
    assert_eq!(found(&files, &["--staged", "Dockerfile"]), (Some(0), vec![]));
    let mut below = files.command(&["--staged", "--format", "concise", "-q", SELECT[0], SELECT[1]]);
    below.current_dir(files.root.join("sub"));
    assert_eq!(common::ran(below).out, "x.txt:1:1: error docs/conflict-marker conflict marker left in line 1\n");
    git.unstage(&["old.txt"]);
    assert_eq!(found(&files, &["--staged", "old.txt"]).1, Vec::<String>::new());
    // The baseline works here, too, and says nothing of what was not looked at.
    files.run(&[&SELECT[..], &["--staged", "--write-baseline", "known.json"]].concat());
    let (code, report) =
        files.json(&["--staged", "--baseline", "known.json", "--select", "docs/conflict-marker,infralint"]);
    assert_eq!((code, rules_of(&report)), (Some(0), vec![]));
}

#[test]
fn staged_files_stand_among_all_that_the_index_has() {
    let setup = "# Cache: setup\n\n```bash\nCACHE_URL=redis://localhost\nCACHE_TTL=3\n```\n";
    let files = Repo::with(&[
        ("specs/infrastructure/001-cache/setup.md", setup),
        ("specs/infrastructure/001-cache/spec.md", "# Cache: spec\n"),
        ("specs/infrastructure/001-cache/.env.example", "CACHE_URL=\nCACHE_TTL=\n"),
    ]);
    let mut git = Git::init(&files.root);
    git.commit_all();
    let select = ["--select", "infra-spec/missing-file,docs/env-drift", "--format", "concise", "-q"];
    files.write("specs/infrastructure/001-cache/spec.md", b"# Cache: specification\n");
    git.stage(&["specs/infrastructure/001-cache/spec.md"]);
    let ran = files.run(&[&select[..], &["--staged"]].concat());
    let alone = files.run(&[&select[..], &["specs/infrastructure/001-cache/spec.md"]].concat());
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (alone.out.as_str(), alone.err.as_str()));
}

#[test]
fn without_a_repository_or_commits_it_is_told_what_cannot_be() {
    let files = Repo::with(&[("Dockerfile", DOCKERFILE)]);
    for option in [&["--staged"][..], &["--since", "main"]] {
        let ran = files.run(option);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{option:?}");
        assert!(ran.err.contains(option[0]) && ran.err.contains("git repository"), "{}", ran.err);
    }
    let mut git = Git::init(&files.root);
    git.stage_all();
    assert_eq!(found(&files, &["--staged"]).1, ["Dockerfile dockerfile/root-user"]);
    let ran = files.run(&["--since", "HEAD"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    git.commit();
    let ran = files.run(&["--since", "nowhere"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(2), "infralint: --since: `nowhere` names no commit of this repository; others start from `main`\n")
    );
    assert_eq!(files.run(&["--since", "default", "-q"]).code, Some(0));
}

#[test]
fn only_what_is_new_since_the_merge_base_counts() {
    let files = Repo::with(&[("a/Dockerfile", GOOD), ("b/Dockerfile", DOCKERFILE), ("c/x.txt", common::FAULT)]);
    let mut git = Git::init(&files.root);
    let base = git.commit_all();
    files.write("main.txt", common::FAULT.as_bytes());
    git.commit_all();
    git.switch("topic", base);
    std::fs::remove_file(files.root.join("main.txt")).unwrap();
    assert_eq!(found(&files, &["--since", "main"]), (Some(0), vec![]));
    // A line that is gone is a change, too; lines that moved and files that were renamed are none.
    files.write("a/Dockerfile", GOOD.replace("USER 10001\n", "").as_bytes());
    files.write("b/Dockerfile", format!("# new\n{DOCKERFILE}").as_bytes());
    std::fs::rename(files.root.join("c"), files.root.join("d")).unwrap();
    assert_eq!(found(&files, &["--since", "main"]), (Some(1), vec!["a/Dockerfile dockerfile/missing-user".to_owned()]));
    assert_eq!(found(&files, &["--since", "main", "d"]), (Some(0), vec![]));
    let (_, report) = files.json(&[&SELECT[..], &["--since", "main", "--show-suppressed"]].concat());
    let states: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["baseline"].as_str().unwrap()).collect();
    assert_eq!((states, &report["summary"]["known"]), (vec!["new", "unchanged", "unchanged"], &2.into()));
    // What was silenced and no longer is counts as new.
    let silent = format!("# infralint: ignore[docs/conflict-marker] why\n{}", common::FAULT);
    files.write("e.txt", silent.as_bytes());
    git.commit_all();
    files.write("e.txt", common::FAULT.as_bytes());
    assert_eq!(found(&files, &["--since", "HEAD"]).1, ["e.txt docs/conflict-marker"]);
    git.stage(&["e.txt"]);
    files.write("f.txt", common::FAULT.as_bytes());
    assert_eq!(found(&files, &["--since", "HEAD", "--staged"]).1, ["e.txt docs/conflict-marker"]);
}

#[test]
fn relations_are_compared_with_those_of_the_merge_base() {
    let dir = "specs/infrastructure/001-cache";
    let files = Repo::with(&[
        (&format!("{dir}/spec.md"), "# Cache: spec\n"),
        (&format!("{dir}/setup.md"), "# Cache: setup\n"),
        (&format!("{dir}/tasks.md"), "# Cache: tasks\n"),
    ]);
    let mut git = Git::init(&files.root);
    git.commit_all();
    let select = ["--select", "infra-spec/missing-file", "--since", "HEAD"];
    assert_eq!(rules_of(&files.json(&select).1), Vec::<String>::new());
    std::fs::remove_file(files.root.join(dir).join("tasks.md")).unwrap();
    assert_eq!(rules_of(&files.json(&select).1), [format!("{dir}/spec.md infra-spec/missing-file")]);
    git.commit_all();
    assert_eq!(rules_of(&files.json(&select).1), Vec::<String>::new());
}

#[test]
fn relations_see_files_that_are_not_reported() {
    let dir = "specs/infrastructure/001-cache";
    let setup = "# Cache: setup\n\n```bash\nCACHE_URL=redis://localhost\nCACHE_TTL=3\n```\n";
    let files = Repo::with(&[
        (&format!("{dir}/setup.md"), setup),
        (&format!("{dir}/.env.example"), "CACHE_URL=\nUNUSED=\n"),
        ("other/Dockerfile", DOCKERFILE),
    ]);
    let lines = |paths: &[&str]| {
        let (_, report) = files.json(&[&["--select", "docs/env-drift"], paths].concat());
        let place = |f: &serde_json::Value| format!("{}:{}", f["path"].as_str().unwrap(), f["start"]["line"]);
        report["findings"].as_array().unwrap().iter().map(place).collect::<Vec<_>>()
    };
    let all = lines(&["."]);
    assert!(all.len() >= 2, "{all:?}");
    for path in [format!("{dir}/setup.md"), format!("{dir}/.env.example")] {
        let own: Vec<String> = all.iter().filter(|place| place.starts_with(&path)).cloned().collect();
        assert_eq!(lines(&[&path]), own);
    }
    assert_eq!(lines(&["other"]), Vec::<String>::new());
}

#[test]
fn records_are_compared_with_what_they_were_at_the_merge_base() {
    let record = |title: &str, status: &str, decision: &str| {
        format!("# {title}\n\n## Status\n\n{status}\n\n## Context\n\nWe must.\n\n## Decision\n\n{decision}\n")
    };
    let files = Repo::with(&[
        ("docs/adr/0001-queue.md", &record("1. Queue", "Accepted", "We use RabbitMQ for all messages.")),
        ("docs/adr/0002-cache.md", &record("2. Cache", "Accepted", "We use Redis.")),
        ("docs/adr/0003-mail.md", &record("3. Mail", "Proposed", "We send mail.")),
        ("docs/adr/0004-log.md", &record("4. Log", "Accepted", "We log JSON.")),
    ]);
    let mut git = Git::init(&files.root);
    git.commit_all();
    let select = ["--select", "adr/changed-after-acceptance,adr/deleted"];
    let since = |options: &[&str]| {
        let (code, report) = files.json(&[&select[..], options].concat());
        assert_eq!(report["problems"], serde_json::json!([]), "{options:?}");
        let place = |f: &serde_json::Value| {
            format!("{}:{} {}", f["path"].as_str().unwrap(), f["start"]["line"], f["rule"].as_str().unwrap())
        };
        (code, report["findings"].as_array().unwrap().iter().map(place).collect::<Vec<_>>())
    };
    assert_eq!(since(&["--since", "HEAD"]), (Some(0), vec![]));
    files.write("docs/adr/0001-queue.md", record("1. Queue", "Accepted", "We use Kafka for all messages.").as_bytes());
    std::fs::remove_file(files.root.join("docs/adr/0002-cache.md")).unwrap();
    std::fs::remove_file(files.root.join("docs/adr/0003-mail.md")).unwrap();
    std::fs::rename(files.root.join("docs/adr/0004-log.md"), files.root.join("docs/adr/0004-logs.md")).unwrap();
    let found = [
        "docs/adr/0001-queue.md:11 adr/changed-after-acceptance".to_owned(),
        "docs/adr/0002-cache.md:1 adr/deleted".to_owned(),
    ];
    assert_eq!(since(&["--since", "HEAD"]), (Some(1), found.to_vec()));
    assert_eq!(since(&["--since", "HEAD", "docs/adr/0004-logs.md"]), (Some(0), vec![]));
    // Nothing of it is staged.
    assert_eq!(since(&["--since", "HEAD", "--staged"]), (Some(0), vec![]));
    git.unstage(&["docs/adr/0002-cache.md"]);
    assert_eq!(since(&["--since", "HEAD", "--staged"]), (Some(1), found[1..].to_vec()));
    // Where nobody names a revision they do not run, and say so; a strict run minds only what cannot be compared.
    let told = |kind: &str, strict: i32| {
        let (code, report) = files.json(&select);
        assert_eq!((code, &report["problems"][0]["kind"]), (Some(0), &kind.into()));
        assert_eq!((&report["problems"][0]["status"], &report["summary"]["skipped"]), (&"skipped".into(), &0.into()));
        assert_eq!(files.run(&[&select[..], &["--strict"]].concat()).code, Some(strict));
    };
    told("history-not-asked", 0);
    files.write(".git/shallow", format!("{}\n", git.repo.head_id().unwrap()).as_bytes());
    told("no-history", 2);
    std::fs::rename(files.root.join(".git"), files.root.with_file_name("git")).unwrap();
    told("no-history", 2);
}

#[test]
fn a_shallow_clone_is_told_how_to_get_the_rest() {
    let files = Repo::with(&[("Dockerfile", GOOD)]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("Dockerfile", DOCKERFILE.as_bytes());
    let second = git.commit_all();
    git.point("refs/remotes/origin/main", second);
    let hex = first.to_string();
    std::fs::remove_file(files.root.join(".git/objects").join(&hex[..2]).join(&hex[2..])).unwrap();
    files.write(".git/shallow", format!("{second}\n").as_bytes());
    for rev in ["HEAD~1", &hex, "origin/topic"] {
        let ran = files.run(&["--since", rev, "--output", "json=report.json"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{rev}");
        assert!(ran.err.contains("fetch-depth: 0") && ran.err.contains(rev), "{}", ran.err);
        assert!(!files.root.join("report.json").exists());
    }
    // What is there can be compared with.
    assert_eq!(found(&files, &["--since", "origin/main"]), (Some(0), vec![]));
}

#[test]
fn what_has_conflicts_or_is_only_announced_is_not_staged() {
    let files = Repo::with(&[("Dockerfile", GOOD), ("a.txt", "fine\n"), ("new.txt", common::FAULT)]);
    let mut git = Git::init(&files.root);
    git.stage(&["Dockerfile", "a.txt"]);
    git.commit();
    files.write("a.txt", common::FAULT.as_bytes());
    git.stage(&["a.txt"]);
    git.conflict("Dockerfile", &[GOOD, DOCKERFILE, "FROM alpine:3.19\n"]);
    git.announce("new.txt");
    let (code, report) = files.json(&[&SELECT[..], &["--staged"]].concat());
    assert_eq!((code, rules_of(&report)), (Some(2), vec!["a.txt docs/conflict-marker".to_owned()]));
    assert_eq!(problems(&report), ["Dockerfile failed unmerged"]);
    assert_eq!(found(&files, &["--staged", "a.txt"]).0, Some(1));
}

#[test]
fn links_and_other_repositories_are_not_what_is_staged_or_new() {
    let files = Repo::with(&[("a.txt", "fine\n"), ("mod/lib/x.txt", common::FAULT)]);
    Git::init(&files.root.join("mod/lib")).commit_all();
    let mut git = Git::init(&files.root);
    git.stage(&["a.txt"]);
    git.put("mod/lib", EntryKind::Commit, b"");
    git.put("link.txt", EntryKind::Link, b"a.txt");
    git.write_index();
    assert_eq!(found(&files, &["--staged"]), (Some(0), vec![]));
    git.commit();
    // The other repository's files are linted here, but its history is not this one's.
    assert_eq!(found(&files, &[]).1, ["mod/lib/x.txt docs/conflict-marker"]);
    assert_eq!(found(&files, &["--since", "HEAD"]), (Some(0), vec![]));
}

#[test]
fn a_head_without_a_branch_and_histories_that_never_met() {
    let files = Repo::with(&[("a.txt", "fine\n")]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("a.txt", common::FAULT.as_bytes());
    git.commit_all();
    files.write(".git/HEAD", format!("{}\n", git.repo.head_id().unwrap()).as_bytes());
    assert_eq!(found(&files, &["--since", &first.to_string()]).1, ["a.txt docs/conflict-marker"]);
    assert_eq!(found(&files, &["--since", "main"]), (Some(0), vec![]));
    let alone = git.commit_to("refs/heads/alone", &[]);
    let ran = files.run(&["--since", &alone.to_string()]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("have no commit in common"), "{}", ran.err);
    let ran = files.run(&["--since", "mian"]);
    assert!(ran.err.contains("`mian` names no commit of this repository; others start from `main`"), "{}", ran.err);
}
