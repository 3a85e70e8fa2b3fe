//! Reports against what their readers demand of them: GitLab's issues, and JUnit as both of its schemas have it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, Repo};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Few and certain, so that new rules change nothing here.
const RULES: &str = "docs/conflict-marker,dockerfile/root-user,dockerfile/curl-pipe-shell";

/// A repository with findings, silent ones, one equal in two files, and a file that cannot be read.
fn repo() -> Repo {
    let silent =
        "<!-- infralint: ignore[docs/conflict-marker] a <sign> & \"more\" -->\n<<<<<<< HEAD\n=======\n>>>>>>> b\n";
    let docker = "FROM alpine:3.20\nRUN curl http://x | sh\nUSER root\n";
    let repo = Repo::with(&[("a.md", FAULT), ("b.md", FAULT), ("c.md", silent), ("Dockerfile", docker)]);
    repo.write(".git/HEAD", b"ref: refs/heads/main\n");
    #[cfg(unix)]
    for name in ["100%,a:b.md", "new\nline.md", "\"<&'>.md", "ü –\u{1b}.md"] {
        repo.write(name, &FAULT.repeat(3).into_bytes());
    }
    repo
}

/// The report of everything, a missing file among it.
fn report(format: &str, repo: &Repo) -> String {
    let run = repo.run(&[".", "missing.yaml", "--format", format, "--show-suppressed", "--select", RULES]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    run.out
}

#[test]
fn gitlab_issues_have_all_that_gitlab_demands() {
    let repo = repo();
    let issues: Vec<Value> = serde_json::from_str(&report("gitlab", &repo)).unwrap();
    let (_, json) = repo.json(&[".", "missing.yaml", "--show-suppressed", "--select", RULES]);
    assert_eq!(issues.len(), json["findings"].as_array().unwrap().len() + 1);
    let mut prints = BTreeSet::new();
    for issue in &issues {
        let word = |value: &Value| value.as_str().filter(|word| !word.is_empty()).map(str::to_owned);
        assert!(word(&issue["description"]).is_some() && word(&issue["check_name"]).is_some(), "{issue}");
        assert!(prints.insert(word(&issue["fingerprint"]).unwrap()), "a fingerprint twice: {issue}");
        let severity = word(&issue["severity"]).unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&&*severity), "{issue}");
        let path = word(&issue["location"]["path"]).unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'), "{path}");
        let lines = &issue["location"]["lines"];
        assert!(lines["begin"].as_u64() >= Some(1) && lines["end"].as_u64() >= lines["begin"].as_u64(), "{issue}");
        let known = ["type", "description", "check_name", "fingerprint", "severity", "location"];
        assert!(issue.as_object().unwrap().keys().all(|key| known.contains(&&**key)), "{issue}");
    }
    let told = |text: &str| issues.iter().any(|issue| issue["description"].as_str().unwrap().contains(text));
    assert!(told(" (suppressed: a <sign> & \"more\")") && told("not checked: "));
}

/// An element of JUnit: its attributes, those that must be there, what may stand in it, and whether text may.
struct Element {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    children: &'static [&'static str],
    text: bool,
}

/// What the schema of Ant and the one of Jenkins have in common, the stricter of both in each point.
const JUNIT: [Element; 9] = [
    Element { name: "testsuites", required: &[], optional: &[], children: &["testsuite"], text: false },
    Element {
        name: "testsuite",
        required: &["id", "package", "name", "timestamp", "hostname", "tests", "failures", "errors", "time"],
        optional: &["skipped"],
        children: &["properties", "testcase", "system-out", "system-err"],
        text: false,
    },
    Element { name: "properties", required: &[], optional: &[], children: &[], text: false },
    Element {
        name: "testcase",
        required: &["name", "classname", "time"],
        optional: &[],
        children: &["skipped", "error", "failure"],
        text: false,
    },
    Element { name: "skipped", required: &["message"], optional: &[], children: &[], text: true },
    Element { name: "error", required: &["type"], optional: &["message"], children: &[], text: true },
    Element { name: "failure", required: &["type"], optional: &["message"], children: &[], text: true },
    Element { name: "system-out", required: &[], optional: &[], children: &[], text: true },
    Element { name: "system-err", required: &[], optional: &[], children: &[], text: true },
];

#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

/// Reads the XML that has elements, attributes and text; panics on anything that is not well-formed.
fn xml(text: &str) -> Node {
    let allowed = |c: char| c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}' || "\t\n\r".contains(c);
    assert!(text.chars().all(allowed));
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
    let mut open = vec![Node::default()];
    while let Some((before, after)) = rest.split_once('<') {
        open.last_mut().unwrap().text += &unescaped(before);
        let (tag, left) = after.split_once('>').unwrap();
        rest = left;
        if let Some(name) = tag.strip_prefix('/') {
            let node = open.pop().unwrap();
            assert_eq!(node.name, name);
            open.last_mut().unwrap().children.push(node);
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut node = Node { name: name.to_owned(), ..Node::default() };
        let mut left = attributes.trim();
        while let Some((key, value)) = left.split_once("=\"") {
            let (value, next) = value.split_once('"').unwrap();
            assert!(!value.contains(['\n', '\t']), "{value:?} would be read as blanks");
            assert!(node.attributes.insert(key.trim().to_owned(), unescaped(value)).is_none());
            left = next;
        }
        assert_eq!(left, "");
        match closed {
            true => open.last_mut().unwrap().children.push(node),
            false => open.push(node),
        }
    }
    assert_eq!((rest.trim(), open.len(), open[0].children.len()), ("", 1, 1));
    open.remove(0).children.remove(0)
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split('&');
    out += parts.next().unwrap();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap();
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            _ => char::from_u32(name.strip_prefix('#').unwrap().parse().unwrap()).unwrap(),
        });
        out += rest;
    }
    out
}

fn valid(node: &Node) {
    let element = JUNIT.iter().find(|element| element.name == node.name).unwrap_or_else(|| panic!("{}", node.name));
    for name in element.required {
        assert!(node.attributes.contains_key(*name), "{} without {name}", node.name);
    }
    let known = |name: &String| element.required.contains(&&**name) || element.optional.contains(&&**name);
    assert!(node.attributes.keys().all(known), "{node:?}");
    assert!(node.children.iter().all(|child| element.children.contains(&&*child.name)), "{node:?}");
    assert!(element.text || node.text.trim().is_empty(), "{node:?}");
    node.children.iter().for_each(valid);
}

#[test]
fn junit_keeps_to_its_schemas() {
    let repo = repo();
    let root = xml(&report("junit", &repo));
    valid(&root);
    let mut cases = 0;
    for (number, suite) in root.children.iter().enumerate() {
        let count = |name: &str| suite.attributes[name].parse::<usize>().unwrap();
        let own: Vec<&Node> = suite.children.iter().filter(|child| child.name == "testcase").collect();
        let with = |name: &str| own.iter().filter(|case| case.children.iter().any(|c| c.name == name)).count();
        assert_eq!((count("id"), count("tests")), (number, own.len()));
        let counts = ["failure", "error", "skipped"].map(with);
        assert_eq!(counts, [count("failures"), count("errors"), count("skipped")], "{suite:?}");
        assert!(own.iter().all(|case| case.attributes["classname"] == suite.attributes["name"]));
        // Ant wants the parts in this order.
        let order: Vec<&str> = suite.children.iter().map(|child| &*child.name).collect();
        assert_eq!((order[0], &order[order.len() - 2..]), ("properties", &["system-out", "system-err"][..]));
        cases += own.len();
    }
    let (_, json) = repo.json(&[".", "missing.yaml", "--show-suppressed", "--select", RULES]);
    assert_eq!(cases, json["findings"].as_array().unwrap().len() + 1);
    let paths: BTreeSet<&str> =
        json["findings"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    let controls = |path: &str| path.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>();
    let mut told: Vec<String> = root.children.iter().map(|suite| suite.attributes["name"].clone()).collect();
    told.retain(|name| name != "missing.yaml");
    assert_eq!(told, paths.into_iter().map(controls).collect::<Vec<_>>());
    valid(&xml(&Repo::new().run(&["--format", "junit"]).out));
}

#[test]
fn a_summary_has_every_file_and_its_owners() {
    let repo = repo();
    repo.write(".github/CODEOWNERS", b"*.md @docs/writers\n/a.md @me\n");
    let page = report("markdown", &repo);
    assert!(page.contains("<code>a.md</code> 1 error, owned by <code>&#64;me</code>"), "{page}");
    assert!(page.contains("<code>b.md</code> 1 error, owned by <code>&#64;docs/writers</code>"), "{page}");
    assert!(page.contains("(suppressed: a &#60;sign&#62; &#38; \"more\")"), "{page}");
    assert!(page.contains("### Not checked\n\n- <code>missing.yaml</code>: it does not exist\n"), "{page}");
    let rows =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| line") && !line.contains("---"));
    let (_, json) = repo.json(&[".", "missing.yaml", "--show-suppressed", "--select", RULES]);
    assert_eq!(rows.count(), json["findings"].as_array().unwrap().len());
    let mut command = repo.command(&["a.md", "--format", "markdown"]);
    command.env("GITHUB_SERVER_URL", "https://example.com").env("GITHUB_REPOSITORY", "o/r").env("GITHUB_SHA", "abc");
    assert!(common::ran(command).out.contains("| [1](https://example.com/o/r/blob/abc/a.md#L1) |"));
}
