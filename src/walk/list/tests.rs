use super::*;
use crate::walk::root::Target;
use std::fs;

struct Tree {
    _keep: tempfile::TempDir,
    root: PathBuf,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let root = keep.path().canonicalize().unwrap().join("project");
        for (path, text) in files {
            let file = root.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self { _keep: keep, root }
    }

    fn project(&self, targets: &[&str]) -> Project {
        let targets = targets.iter().map(|path| Target { path: path.into(), is_dir: self.root.join(path).is_dir() });
        Project::new(self.root.clone(), true, targets.collect())
    }

    fn list(&self, targets: &[&str]) -> Listing {
        list(&self.project(targets), &wish(None))
    }

    fn names(&self, targets: &[&str]) -> Vec<String> {
        names(&self.list(targets))
    }
}

fn wish(tracked: Option<&[PathBuf]>) -> Wish<'_> {
    Wish { tracked, prunes: &|_| false, everything: false, threads: 2 }
}

fn names(listing: &Listing) -> Vec<String> {
    listing.entries.iter().map(|entry| entry.path.to_string()).collect()
}

#[test]
fn hidden_files_are_listed_and_ignored_ones_are_not() {
    let tree = Tree::new(&[
        (".gitignore", "*.log\nbuild/\n"),
        (".github/workflows/ci.yml", ""),
        (".git/HEAD", ""),
        (".git/info/exclude", "a.md\n"),
        ("a.md", ""),
        ("a.log", ""),
        ("build/b.md", ""),
        ("sub/.ignore", "c.md\n"),
        ("sub/c.md", ""),
        ("sub/.infralintignore", "d.md\n"),
        ("sub/d.md", ""),
    ]);
    let expected =
        [".github/workflows/ci.yml", ".gitignore", "a.md", "sub/.ignore", "sub/.infralintignore"].map(String::from);
    assert_eq!(tree.names(&[""]), expected);
    let inventory = tree.list(&["a.md"]).inventory;
    assert!(inventory.is_file("sub/.ignore") && inventory.is_ignored("x/y.log") && !inventory.is_ignored("sub/c.md"));
    assert!(!inventory.exists("b.md") && inventory.exists("build/any"));
}

#[test]
fn what_is_named_is_listed_whatever_ignore_files_say() {
    let tree = Tree::new(&[(".gitignore", "build/\n*.log\n"), ("build/a.md", ""), ("build/x.log", ""), ("y.log", "")]);
    assert_eq!(tree.names(&["build"]), ["build/a.md", "build/x.log"]);
    assert_eq!(tree.names(&["y.log", "build/x.log"]), ["build/x.log", "y.log"]);
    assert!(tree.list(&["y.log"]).entries[0].named);
    assert!(!tree.list(&["build"]).entries[0].named);
}

#[test]
fn tracked_files_are_listed_though_git_ignores_them() {
    let tree = Tree::new(&[
        (".gitignore", "*.env\n"),
        (".infralintignore", "hidden.env\n"),
        ("a.env", ""),
        ("b.env", ""),
        ("sub/c.env", ""),
        ("hidden.env", ""),
    ]);
    let tracked = ["a.env", "sub/c.env", "hidden.env", "deleted.env", ".gitignore"].map(PathBuf::from);
    let listing = list(&tree.project(&[""]), &wish(Some(&tracked)));
    assert_eq!(names(&listing), [".gitignore", ".infralintignore", "a.env", "sub/c.env"]);
    assert_eq!(listing.inventory.is_tracked("a.env"), Some(true));
    assert_eq!(listing.inventory.is_tracked("b.env"), Some(false));
    assert!(listing.inventory.is_ignored("a.env") && listing.inventory.is_file("a.env"));
    let listing = list(&tree.project(&["sub"]), &wish(Some(&tracked)));
    assert_eq!(names(&listing), ["sub/c.env"]);
}

#[cfg(unix)]
#[test]
fn links_are_known_but_not_followed() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&[("real/a.md", ""), ("../outside/secret.md", "")]);
    symlink("real", tree.root.join("docs")).unwrap();
    symlink("../outside", tree.root.join("out")).unwrap();
    symlink("../outside/secret.md", tree.root.join("out.md")).unwrap();
    symlink("a.md", tree.root.join("real/same.md")).unwrap();
    symlink("loop", tree.root.join("loop")).unwrap();
    symlink("..", tree.root.join("real/up")).unwrap();
    let listing = tree.list(&[""]);
    assert_eq!(names(&listing), ["real/a.md"]);
    assert_eq!(listing.problems, []);
    let inventory = listing.inventory;
    assert!(inventory.exists("docs/a.md") && !inventory.exists("docs/b.md") && inventory.exists("out/what"));
    assert!(inventory.exists("real/up/real/a.md") && inventory.exists("loop") && !inventory.is_file("out.md"));
    assert_eq!(tree.names(&["real/same.md"]), ["real/same.md"]);
    for path in ["out.md", "loop"] {
        let listing = tree.list(&[path]);
        assert_eq!((listing.entries.len(), listing.problems[0].kind), (0, "link"), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn tracked_paths_behind_links_are_not_read() {
    let tree = Tree::new(&[(".gitignore", "*.env\n"), ("../outside/a.env", "")]);
    std::os::unix::fs::symlink("../outside", tree.root.join("dir")).unwrap();
    let tracked = ["dir/a.env", "../outside/a.env"].map(PathBuf::from);
    assert_eq!(names(&list(&tree.project(&[""]), &wish(Some(&tracked)))), [".gitignore"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_told_and_not_opened() {
    let tree = Tree::new(&[("a.md", "")]);
    let _socket = std::os::unix::net::UnixListener::bind(tree.root.join("socket")).unwrap();
    for targets in [&[""][..], &["socket"], &["", "socket"]] {
        let listing = tree.list(targets);
        let told: Vec<_> = listing.problems.iter().map(|p| (&*p.path, p.kind)).collect();
        assert_eq!(told, [("socket", "not-a-file")]);
    }
}

#[test]
fn odd_names_are_listed_as_they_are() {
    let odd = ["a\nb.md", "a,b:c%d.md", " lead.md", "tab\t.md", "日本.md", "-dash.md"];
    let tree = Tree::new(&odd.map(|name| (name, "")));
    let mut expected = odd.map(String::from);
    expected.sort();
    assert_eq!(tree.names(&[""]), expected);
}

#[test]
fn around_an_unmarked_root_context_is_limited() {
    let tree = Tree::new(&[("x/a.md", ""), ("x/deep/b.md", ""), ("y/c.md", "")]);
    let mut project = tree.project(&["x/a.md"]);
    project.marked = false;
    let listing = list(&project, &wish(None));
    assert!(listing.inventory.is_complete() && listing.inventory.is_file("y/c.md"));
    for n in 0..UNMARKED_LIMIT {
        fs::write(tree.root.join(format!("y/{n}")), "").unwrap();
    }
    let listing = list(&project, &wish(None));
    assert_eq!(names(&listing), ["x/a.md"]);
    assert_eq!(listing.problems[0].kind, "context");
    let inventory = listing.inventory;
    assert!(!inventory.is_complete() && inventory.is_file("x/a.md") && !inventory.is_file("x/deep/b.md"));
    assert!(inventory.exists("y/whatever"));
}

#[test]
fn what_a_submodule_or_a_sparse_checkout_leaves_out_cannot_be_denied() {
    let tree = Tree::new(&[
        (".gitmodules", "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = https://example.com/lib\n"),
        ("a.md", ""),
    ]);
    let inventory = tree.list(&[""]).inventory;
    assert!(inventory.exists("vendor/lib/x.md") && !inventory.exists("vendor/other.md"));
    let tracked = ["a.md", "docs/b.md"].map(PathBuf::from);
    let sparse = || list(&tree.project(&[""]), &wish(Some(&tracked))).inventory;
    assert!(!sparse().exists("docs/b.md"));
    fs::create_dir_all(tree.root.join(".git/info")).unwrap();
    fs::write(tree.root.join(".git/info/sparse-checkout"), "/*\n").unwrap();
    assert!(sparse().exists("docs/b.md") && sparse().exists("docs") && !sparse().exists("docs/c.md"));
}
