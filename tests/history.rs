//! What may change in an accepted record without a word, and what may not, one edit at a time.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;
#[path = "common/git.rs"]
mod git;

use common::Repo;
use git::Git;

const PATH: &str = "docs/adr/0001-queue.md";
const RECORD: &str = "\
# 1. Queue for all messages

Date: 2024-01-02

## Status

Accepted

## Context

There are too many messages for the mail server; see [the report](https://a.example/report).
It forgets some of them, recieves others twice and is slow.

## Decision

We use RabbitMQ 3.12 for all messages. We do not write queues of our own.

- One cluster for each region
- At most 10 queues for a team

## Consequences

Operators learn RabbitMQ. Teams wait at most 5 minutes for a queue.

## References

- [Manual](https://a.example/manual)
";

/// What is replaced by what, and whether that is allowed.
type Edit = (&'static str, &'static str, &'static str);

const ALLOWED: &[Edit] = &[
    ("status and successor", "Accepted\n", "Superseded by [2. Log](0002-log.md)\n"),
    ("a note behind the status", "Accepted\n", "Accepted, see the minutes\n"),
    ("the date", "2024-01-02", "2024-02-03"),
    ("another address", "https://a.example/report", "https://b.example/2024/report"),
    ("a link where there was none", "for the mail server;", "for the [mail server](../mail.md);"),
    ("a misspelling", "recieves", "receives"),
    ("an article", "for all messages. We", "for all the messages. We"),
    ("bold words", "We use RabbitMQ 3.12 for", "We use **RabbitMQ 3.12** for"),
    ("code", "RabbitMQ 3.12", "`RabbitMQ 3.12`"),
    ("other bullets", "- One cluster", "* One cluster"),
    ("a line broken elsewhere", "for all messages. We do", "for all messages.\nWe do"),
    ("two blanks", "We do not write", "We  do not write"),
    ("capitals of a heading", "## Consequences", "## CONSEQUENCES"),
    ("a numbered heading", "## Context", "## 1. Context"),
    (
        "more references",
        "- [Manual](https://a.example/manual)\n",
        "- [Manual](https://a.example/manual)\n- [Talk](https://a.example/talk)\n",
    ),
    (
        "a section of its own at the end",
        "- [Manual](https://a.example/manual)\n",
        "- [Manual](https://a.example/manual)\n\n## Amendment of May\n\nMail goes there, too.\n",
    ),
    ("a comment", "## Decision\n", "<!-- see the minutes -->\n\n## Decision\n"),
    ("quotation marks", "We do not write queues", "We do not write “queues”"),
    ("line endings", "\n", "\r\n"),
];

const FORBIDDEN: &[Edit] = &[
    ("another product", "We use RabbitMQ 3.12", "We use Kafka 3.12"),
    ("another version", "RabbitMQ 3.12 for", "RabbitMQ 4.0 for"),
    ("a negation", "We do not write queues", "We write queues"),
    ("another limit", "At most 10 queues", "At most 50 queues"),
    ("an item is gone", "- At most 10 queues for a team\n", ""),
    ("an item is new", "- One cluster for each region\n", "- One cluster for each region\n- No cluster for tests\n"),
    (
        "a section is gone",
        "## Consequences\n\nOperators learn RabbitMQ. Teams wait at most 5 minutes for a queue.\n",
        "",
    ),
    ("another reason", "too many messages for", "too few messages for"),
    ("a sentence more", "of our own.\n", "of our own. Teams may choose another broker.\n"),
];

/// The rules that tell of a record with one edit.
fn told(edit: &Edit) -> Vec<String> {
    let (_, old, new) = edit;
    assert!(RECORD.contains(old), "{old}");
    let files = Repo::with(&[(PATH, RECORD), ("docs/adr/0002-log.md", "# 2. Log\n\nStatus: accepted\n")]);
    Git::init(&files.root).commit_all();
    let all = *old == "\n";
    let text = if all { RECORD.replace(old, new) } else { RECORD.replacen(old, new, 1) };
    files.write(PATH, text.as_bytes());
    let select = "adr/changed-after-acceptance,adr/deleted";
    let (_, report) = files.json(&["--select", select, "--since", "HEAD"]);
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn allowed_edits_are_silent() {
    let noisy: Vec<&str> = ALLOWED.iter().filter(|edit| !told(edit).is_empty()).map(|edit| edit.0).collect();
    assert_eq!(noisy, [""; 0]);
}

#[test]
fn every_other_edit_is_told_once() {
    let expected = ["adr/changed-after-acceptance"];
    let missed: Vec<&str> = FORBIDDEN.iter().filter(|edit| told(edit) != expected).map(|edit| edit.0).collect();
    assert_eq!(missed, [""; 0]);
}
