//! Snippets in documents: the rules of real files, at the document's own lines and columns.
#![allow(clippy::unwrap_used)]

use infralint::fact::inventory::Inventory;
use infralint::lint::{Plan, Session};
use infralint::rule::library::Library;
use infralint::rule::select::Selection;
use infralint::text::Source;
use std::sync::LazyLock;

/// `line:column-end severity rule` of everything that default rules find.
fn lint(path: &str, text: &str) -> Vec<String> {
    static LIBRARY: LazyLock<Library> =
        LazyLock::new(|| Library::builtin().unwrap_or_else(|_| panic!("the built-in rules are sound")));
    static SELECTION: LazyLock<Selection> = LazyLock::new(|| Selection::defaults(&LIBRARY.rules));
    let inventory = Inventory::new([path]);
    let session = Session::new(Plan::new(&LIBRARY, &SELECTION), &inventory);
    let finished = session.finish([session.lint(path, &Source::new(text))]);
    let shown = finished.findings.iter().map(|f| {
        let (start, end) = (f.range.start, f.range.end);
        let embedded = if f.embedded_in.is_some() { " in a document" } else { "" };
        format!("{}:{}-{} {} {}{embedded}", start.line, start.column, end.column, f.severity, f.rule)
    });
    shown.collect()
}

#[test]
fn a_manifest_in_a_fence_in_a_list_item() {
    let text = "# Set-up\n\n1. Apply this:\n\n   ```yaml\n   apiVersion: v1\n   kind: Pod\n   metadata: {name: x}\n   \
                spec:\n     hostNetwork: true\n     containers: []\n   ```\n";
    assert_eq!(lint("docs/setup.md", text), ["10:19-23 warning k8s/host-network in a document"]);
}

#[test]
fn the_same_in_a_quotation_with_windows_line_ends() {
    let text = "> ```yaml\r\n> apiVersion: v1\r\n> kind: Pod\r\n> spec:\r\n>   hostPID: true\r\n> ```\r\n";
    assert_eq!(lint("docs/setup.md", text), ["5:14-18 warning k8s/host-pid in a document"]);
}

#[test]
fn what_is_shown_as_wrong_is_advice() {
    let text =
        "Never do this:\n\n```yaml\nservices:\n  web:\n    image: nginx:1.27\n    # WRONG\n    privileged: true\n```\n";
    assert_eq!(lint("docs/setup.md", text), ["8:17-21 info compose/privileged-service in a document"]);
}

#[test]
fn a_dockerfile_in_a_fence_in_a_list_item() {
    let text = "- Build it:\n\n  ```dockerfile\n  FROM alpine:3.20\n  RUN apk add --no-cache curl && \\\n      sudo make\n  USER root\n  ```\n";
    let found = lint("docs/build.md", text);
    assert!(found.contains(&"7:3-12 info dockerfile/root-user in a document".to_owned()), "{found:?}");
    assert!(found.contains(&"6:7-11 warning dockerfile/sudo-in-run in a document".to_owned()), "{found:?}");
}

/// A file with faults that also a snippet shows, and what its fence is called.
const CONTENTS: [(&str, &[&str], &str); 4] = [
    (
        "Dockerfile",
        &["dockerfile", "Dockerfile", "docker title=x", ""],
        "FROM node:latest\nWORKDIR app\nRUN apt-get update && \\\n    apt-get install curl\nUSER root\nCMD node server.js\n",
    ),
    (
        "compose.yaml",
        &["yaml", "yml", "docker-compose.yml", ""],
        "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n    privileged: true\n",
    ),
    (
        "deploy.yaml",
        &["yaml", "kubernetes", ""],
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostNetwork: true\n  containers:\n    - name: web\n      image: nginx:1.27\n      resources: {limits: {memory: 64Mi}}\n      securityContext:\n        privileged: true\n        runAsUser: 0\n",
    ),
    (
        ".github/workflows/ci.yml",
        &["yaml"],
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    env:\n      MODE: a\n      MODE: b\n    steps:\n      - run: make\n",
    ),
];

/// What stands before a fence's first line, and before all further ones.
const AROUND: [(&str, &str); 8] = [
    ("", ""),
    ("   ", "   "),
    ("- Do this:\n\n  ", "  "),
    ("1. One\n   - Two:\n\n     ", "     "),
    ("- ", "  "),
    ("> ", "> "),
    ("> - Quoted:\n>\n>   ", ">   "),
    ("-\tTabs:\n\n\t", "\t"),
];

/// Settings and scripts with a key that looks real; no literal here may look so.
fn with_keys() -> [(&'static str, &'static [&'static str], String); 2] {
    let key = ["AKIA", "QZ5XK7WMN2", "RTJ4VB"].concat();
    let word = ["x9Qv", "7Lm2Rt", "5WzK4p"].concat();
    [
        (
            ".env",
            &["env", "dotenv", ".env", "ini", ""],
            format!("# The shop.\nPORT=8080\nAWS_ACCESS_KEY_ID={key}\nexport DB_PASSWORD=\"{word}\"\n"),
        ),
        (
            "deploy.sh",
            &["sh", "bash", "shell", "zsh", "console", ""],
            format!("set -e\nexport AWS_ACCESS_KEY_ID={key}\nif true; then\n  DB_PASSWORD='{word}' ./deploy\nfi\n"),
        ),
    ]
}

#[test]
fn whatever_is_around_a_fence_its_findings_stand_at_their_words() {
    let at = |found: &str| {
        let (place, rest) = found.split_once(' ').unwrap();
        let (line, columns) = place.split_once(':').unwrap();
        let (start, end) = columns.split_once('-').unwrap();
        let rule = rest.split(' ').nth(1).unwrap().to_owned();
        (line.parse::<usize>().unwrap(), start.parse::<usize>().unwrap(), end.parse::<usize>().unwrap(), rule)
    };
    let plain = CONTENTS.map(|(path, languages, text)| (path, languages, text.to_owned()));
    for (path, languages, text) in plain.into_iter().chain(with_keys()) {
        // That the file lies there at all is no fault of what is in it.
        let own = |found: &(usize, usize, usize, String)| !found.3.starts_with("repo/");
        let alone: Vec<_> = lint(path, &text).iter().map(|found| at(found)).filter(own).collect();
        assert!(!alone.is_empty(), "{path}");
        for ((first, further), language) in AROUND.iter().flat_map(|around| languages.iter().map(move |l| (around, l)))
        {
            for (mark, end) in [("```", "\n"), ("~~~~", "\n"), ("```", "\r\n")] {
                let body: String = text.lines().map(|line| format!("{further}{line}\n")).collect();
                let page = format!("# Page\n\n{first}{mark}{language}\n{body}{further}{mark}\n\nText.\n");
                let (above, before) = (3 + first.matches('\n').count(), further.len());
                let there: Vec<_> = alone
                    .iter()
                    .map(|(line, start, end, rule)| (line + above, start + before, end + before, rule.clone()))
                    .collect();
                let found: Vec<_> = lint("docs/a.md", &page.replace('\n', end)).iter().map(|found| at(found)).collect();
                assert_eq!(found, there, "{page}");
            }
        }
    }
}

#[test]
fn what_is_to_be_filled_in_or_stands_elsewhere_is_unknown() {
    let text = "```dockerfile\nFROM <your-image>\nWORKDIR /<dir>\nRUN apt-get install -y <package>\n```\n\n```dockerfile\nCOPY --from=build /app /app\n```\n\n```dockerfile\nFROM alpine:3.20\n...\nCOPY --from=build /app /app\n```\n";
    assert_eq!(lint("docs/a.md", text), Vec::<String>::new());
    let whole = "```dockerfile\nFROM alpine:3.20\nCOPY --from=build /app /app\n```\n";
    assert_eq!(lint("docs/a.md", whole), ["3:13-18 info dockerfile/unknown-copy-source in a document"]);
}
