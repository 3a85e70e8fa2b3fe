//! Repositories with history: what is read of them, and what becomes of those that are odd or broken.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;
#[path = "common/git.rs"]
mod git;

use common::Repo;
use git::Git;
use gix::objs::tree::EntryKind;
use infralint::vcs::{At, Blob, Id, Repository, Snapshot};
use std::path::{Path, PathBuf};

fn open(root: &Path) -> Repository {
    Repository::open(root).unwrap().unwrap()
}

fn names(at: &[At]) -> Vec<String> {
    at.iter().map(|at| at.path.display().to_string()).collect()
}

fn text(repo: &Repository, snapshot: &Snapshot, path: &str) -> String {
    let at = snapshot.files.iter().find(|at| at.path == Path::new(path)).unwrap();
    match repo.blob(at.blob, 1000).unwrap() {
        Blob::Whole(bytes) => String::from_utf8(bytes).unwrap(),
        Blob::TooLarge(size) => panic!("{size} bytes"),
    }
}

#[test]
fn the_index_is_compared_with_the_last_commit() {
    let files = Repo::with(&[("a.md", "a"), ("b/b.md", "b"), ("b/c/c.md", "c"), ("d.md", "d")]);
    let mut git = Git::init(&files.root);
    git.stage_all();
    let staged = open(&files.root).staged().unwrap();
    assert_eq!(names(&staged.index.files), ["a.md", "b/b.md", "b/c/c.md", "d.md"]);
    assert_eq!(staged.changed.len(), 4);
    git.commit();
    assert_eq!(open(&files.root).staged().unwrap().changed, Vec::<PathBuf>::new());
    files.write("a.md", b"staged");
    files.write("b/c/new.md", b"new");
    git.stage(&["a.md", "b/c/new.md"]);
    git.unstage(&["d.md"]);
    git.put("link", EntryKind::Link, b"a.md");
    git.put("module", EntryKind::Commit, b"");
    git.write_index();
    files.write("a.md", b"in the work tree");
    let repo = open(&files.root.join("b/c"));
    let staged = repo.staged().unwrap();
    assert_eq!(staged.changed, [Path::new("a.md"), Path::new("b/c/new.md")]);
    assert_eq!(staged.deleted, [Path::new("d.md")]);
    assert_eq!(names(&staged.index.links), ["link"]);
    assert_eq!(staged.index.modules, [Path::new("module")]);
    assert_eq!(text(&repo, &staged.index, "a.md"), "staged");
    let head = repo.snapshot(repo.head().unwrap().unwrap()).unwrap();
    assert_eq!((names(&head.files).len(), text(&repo, &head, "a.md")), (4, "a".to_owned()));
}

#[test]
fn blobs_are_read_up_to_a_size() {
    let files = Repo::with(&[("a.md", "12345")]);
    Git::init(&files.root).stage_all();
    let repo = open(&files.root);
    let id = repo.staged().unwrap().index.files[0].blob;
    assert_eq!(repo.blob(id, 5), Ok(Blob::Whole(b"12345".to_vec())));
    assert_eq!(repo.blob(id, 4), Ok(Blob::TooLarge(5)));
}

#[test]
fn the_base_is_where_two_branches_part() {
    let files = Repo::with(&[("a.md", "1")]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("a.md", b"2");
    let main = git.commit_all();
    git.switch("topic", first);
    files.write("b.md", b"3");
    let topic = git.commit_all();
    let repo = open(&files.root);
    let shown = |id: Id| id.to_string();
    assert_eq!(repo.merge_base("main").map(shown), Ok(first.to_string()));
    assert_eq!(repo.merge_base(&main.to_string()[..8]).map(shown), Ok(first.to_string()));
    assert_eq!(repo.merge_base("HEAD").map(shown), Ok(topic.to_string()));
    assert_eq!(repo.default_branch().as_deref(), Some("main"));
    git.point("refs/remotes/origin/trunk", main);
    std::fs::write(files.root.join(".git/refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/trunk\n").unwrap();
    assert_eq!(open(&files.root).default_branch().as_deref(), Some("origin/trunk"));
    let error = repo.merge_base("nowhere").unwrap_err();
    assert_eq!(error, "`nowhere` names no commit of this repository");
    let other = git.commit_to("refs/heads/other", &[]);
    assert!(repo.merge_base(&other.to_string()).unwrap_err().contains("no commit in common"));
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let files = Repo::with(&[("a.md", "1")]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("a.md", b"2");
    let main = git.commit_all();
    git.switch("topic", first);
    files.write("b.md", b"3");
    let topic = git.commit_all();
    let hex = first.to_string();
    std::fs::remove_file(files.root.join(".git/objects").join(&hex[..2]).join(&hex[2..])).unwrap();
    std::fs::write(files.root.join(".git/shallow"), format!("{main}\n{topic}\n")).unwrap();
    let repo = open(&files.root);
    for rev in ["main", "origin/main"] {
        let error = repo.merge_base(rev).unwrap_err();
        assert!(error.contains("fetch-depth: 0") && error.contains(rev), "{error}");
    }
    let commits = repo.commits(None).unwrap();
    assert_eq!(commits.len(), 2);
    let brought: Vec<usize> = commits.iter().map(|id| repo.commit(*id).unwrap().changes.len()).collect();
    assert_eq!(brought.iter().sum::<usize>(), 3);
}

#[test]
fn history_tells_each_file_that_a_commit_brought() {
    let files = Repo::with(&[("a.md", "1"), ("sub/b.md", "1b")]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("a.md", b"2");
    std::fs::rename(files.root.join("sub"), files.root.join("moved")).unwrap();
    let main = git.commit_all();
    git.switch("topic", first);
    std::fs::rename(files.root.join("moved"), files.root.join("sub")).unwrap();
    files.write("a.md", b"1");
    files.write("c.md", b"3");
    let topic = git.commit_all();
    // The merge takes a.md from one side, c.md from the other, and brings d.md itself.
    files.write("a.md", b"2");
    files.write("d.md", b"4");
    git.stage_all();
    let merge = git.commit_to("refs/heads/main", &[main, topic]);
    let repo = open(&files.root);
    let commits = repo.commits(None).unwrap();
    assert_eq!(
        commits.iter().map(Id::to_string).collect::<Vec<_>>(),
        [first, main, topic, merge].map(|c| c.to_string())
    );
    let brought = |id: Id| {
        let commit = repo.commit(id).unwrap();
        let told = |c: &infralint::vcs::Change| (c.path.display().to_string(), c.before.len());
        (commit.changes.iter().map(told).collect::<Vec<_>>(), commit.gone.len())
    };
    assert_eq!(brought(commits[0]), (vec![("a.md".into(), 0), ("sub/b.md".into(), 0)], 0));
    assert_eq!(brought(commits[1]), (vec![("a.md".into(), 1), ("moved/b.md".into(), 0)], 1));
    assert_eq!(brought(commits[3]).0, [("d.md".to_owned(), 0)]);
    assert_eq!(repo.commits(Some("topic")).unwrap().len(), 2);
    assert_eq!(repo.commits(Some("topic..main")).unwrap().len(), 2);
    assert_eq!(repo.commits(Some(&format!("{main}...topic"))).unwrap().len(), 2);
    assert_eq!(repo.commits(Some("nothing..main")).unwrap_err(), "`nothing..main` names no commits of this repository");
}

#[test]
fn repositories_without_commits_or_with_broken_objects_are_told_in_a_sentence() {
    let files = Repo::with(&[("a.md", "1")]);
    assert!(Repository::open(&files.root).unwrap().is_none());
    let mut git = Git::init(&files.root);
    let repo = open(&files.root);
    assert_eq!((repo.head(), repo.commits(None)), (Ok(None), Ok(vec![])));
    assert_eq!(repo.staged().unwrap().changed.len(), 0);
    assert!(repo.merge_base("HEAD").is_err());
    let commit = git.commit_all();
    let tree = git.tree().to_string();
    std::fs::write(files.root.join(".git/objects").join(&tree[..2]).join(&tree[2..]), b"rubbish").unwrap();
    let repo = open(&files.root);
    let id = repo.resolve(&commit.to_string()).unwrap();
    assert!(repo.snapshot(id).unwrap_err().starts_with("the git repository cannot be read"));
    assert!(repo.commit(id).is_err());
    std::fs::write(files.root.join(".git/config"), "[core\nrubbish").unwrap();
    assert!(Repository::open(&files.root).is_err());
}

#[test]
fn a_linked_work_tree_has_its_own_head_and_index() {
    let files = Repo::with(&[("a.md", "1")]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    let (admin, linked) = (files.root.join(".git/worktrees/linked"), files.root.join("../linked"));
    std::fs::create_dir_all(&admin).unwrap();
    std::fs::create_dir(&linked).unwrap();
    git.point("refs/heads/x", first);
    std::fs::write(linked.join(".git"), format!("gitdir: {}\n", admin.display())).unwrap();
    std::fs::write(admin.join("HEAD"), "ref: refs/heads/x\n").unwrap();
    std::fs::write(admin.join("commondir"), "../..\n").unwrap();
    std::fs::write(admin.join("gitdir"), format!("{}/.git\n", linked.display())).unwrap();
    std::fs::copy(files.root.join(".git/index"), admin.join("index")).unwrap();
    files.write("b.md", b"2");
    git.commit_all();
    let repo = open(&linked);
    assert_eq!(repo.head().unwrap().unwrap().to_string(), first.to_string());
    let staged = repo.staged().unwrap();
    assert_eq!((names(&staged.index.files), staged.changed.len()), (vec!["a.md".to_owned()], 0));
    assert_eq!(repo.merge_base("main").unwrap().to_string(), first.to_string());
}

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
        (Some(2), "infralint: --since: `nowhere` names no commit of this repository\n")
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

/// A password that a person might choose, and that no scanner of this repository shall see.
fn password(number: usize) -> String {
    ["Correct", "Horse", "Battery"].concat() + &number.to_string()
}

#[test]
fn secrets_are_found_in_history_once_with_the_commit_that_brought_them() {
    let files = Repo::with(&[("a/values.yaml", &format!("name: x\ndb_password: {}\n", password(1)))]);
    let mut git = Git::init(&files.root);
    let first = git.commit_all();
    files.write("a/values.yaml", format!("name: y\nmore: 1\ndb_password: {}\n", password(1)).as_bytes());
    git.commit_all();
    files.write("a/values.yaml", format!("name: y\ndb_password: {}\n", password(2)).as_bytes());
    let second = git.commit_all();
    // Renamed and changed elsewhere, then gone.
    std::fs::rename(files.root.join("a"), files.root.join("b")).unwrap();
    files.write("b/values.yaml", format!("name: z\ndb_password: {}\n", password(2)).as_bytes());
    git.commit_all();
    files.write("b/values.yaml", b"name: z\n");
    files.write("blob.bin", b"\0\0\0");
    let last = git.commit_all();
    let scan = |arguments: &[&str]| {
        let (code, report) = files.json(&[&["secrets"], arguments].concat());
        let told = |f: &serde_json::Value| {
            let (path, line) = (f["path"].as_str().unwrap(), &f["start"]["line"]);
            format!("{path}:{line} {}", f["commit"]["id"].as_str().unwrap())
        };
        let found: Vec<String> = report["findings"].as_array().unwrap().iter().map(told).collect();
        (code, found, report)
    };
    let (code, found, report) = scan(&["--history"]);
    assert_eq!(found, [format!("a/values.yaml:2 {first}"), format!("a/values.yaml:2 {second}")]);
    assert_eq!((code, &report["problems"]), (Some(1), &serde_json::json!([])));
    let finding = &report["findings"][0];
    assert!(finding["rule"].as_str().unwrap().starts_with("secrets/"));
    assert_eq!(finding["commit"]["date"], "2023-11-14T22:14:20Z");
    assert!(
        finding["message"].as_str().unwrap().ends_with(&format!("(commit {} of 2023-11-14)", &first.to_string()[..10]))
    );
    assert!(!report.to_string().contains(&password(1)) && !report.to_string().contains(&password(2)));
    assert_eq!(scan(&["--threads", "1", "--history"]).1, found);
    assert_eq!(scan(&["--history", &format!("{first}..HEAD")]).1, found[1..]);
    assert_eq!(scan(&["--history", &format!("{second}..{last}")]).1, Vec::<String>::new());
    assert_eq!(scan(&["blob.bin", "--history"]).1, Vec::<String>::new());
    assert_eq!(files.json(&["secrets"]).0, Some(0));
    // The baseline works here, too.
    assert_eq!(files.run(&["secrets", "--history", "--write-baseline", "known.json"]).code, Some(0));
    assert_eq!(files.json(&["secrets", "--history", "--baseline", "known.json"]).0, Some(0));
    for format in ["human", "concise", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"] {
        let ran = files.run(&["secrets", "--history", "--format", format]);
        assert_eq!(ran.code, Some(1), "{format}: {}", ran.err);
        assert!(ran.out.contains("a/values.yaml") && !ran.out.contains(&password(1)), "{format}");
    }
}

#[test]
fn history_that_is_not_there_is_an_error() {
    let files = Repo::with(&[("a.txt", "a")]);
    assert_eq!(files.run(&["secrets", "--history"]).code, Some(2));
    let mut git = Git::init(&files.root);
    let empty = files.run(&["secrets", "--history", "--format", "concise"]);
    assert_eq!((empty.code, empty.out.as_str()), (Some(0), ""));
    git.commit_all();
    let ran = files.run(&["secrets", "--history", "nothing..HEAD"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("`nothing..HEAD` names no commits"), "{}", ran.err);
    for mixed in [&["--staged"][..], &["--since", "HEAD"], &["--fix"], &["--diff"]] {
        assert_eq!(files.run(&[&["secrets", "--history", "HEAD"], mixed].concat()).code, Some(2), "{mixed:?}");
    }
    assert_eq!(files.run(&["--staged", "--fix"]).code, Some(2));
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
    files.write(".git/shallow", format!("{}\n", open(&files.root).head().unwrap().unwrap()).as_bytes());
    told("no-history", 2);
    std::fs::rename(files.root.join(".git"), files.root.with_file_name("git")).unwrap();
    told("no-history", 2);
}
