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
