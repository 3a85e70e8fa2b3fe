//! Snippets in documents: the rules of real files, at the document's own lines and columns.
#![allow(clippy::unwrap_used)]

use infralint::fact::inventory::Inventory;
use infralint::lint::{Plan, Session};
use infralint::rule::library::Library;
use infralint::rule::select::Selection;
use infralint::text::Source;

/// `line:column-end severity rule` of everything that default rules find.
fn lint(path: &str, text: &str) -> Vec<String> {
    let library = Library::builtin().unwrap_or_else(|_| panic!("the built-in rules are sound"));
    let selection = Selection::defaults(&library.rules);
    let inventory = Inventory::new([path]);
    let session = Session::new(Plan::new(&library, &selection), &inventory);
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
