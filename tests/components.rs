//! A component whose documents are good has no findings; with one fault it has exactly the one that names it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Repo, fixture};
use serde_json::Value;
use std::path::Path;

const DIR: &str = "specs/infrastructure/001-redis-cache";
const FILES: [&str; 6] = [
    "infralint.yaml",
    ".env.example",
    ".gitignore",
    "specs/infrastructure/001-redis-cache/spec.md",
    "specs/infrastructure/001-redis-cache/setup.md",
    "specs/infrastructure/001-redis-cache/tasks.md",
];

/// A fault: the rule that must find it, the file, what is replaced by what, a part of the line it must point at.
type Fault = (&'static str, &'static str, &'static str, &'static str, &'static str);

const TITLE: &str = "# Redis Cache";

const FAULTS: &[Fault] = &[
    ("bad-title", "spec.md", "# Redis Cache Infrastructure", "# Redis Cache", TITLE),
    ("title-directory-mismatch", "spec.md", "# Redis Cache Infra", "# Message Queue Infra", "# Message Queue"),
    ("missing-component-type", "spec.md", "**Component Type**: Caching\n", "", TITLE),
    ("bad-priority", "spec.md", "**Priority**: P1", "**Priority**: urgent", "urgent"),
    ("bad-priority", "spec.md", "**Priority**: P1\n", "", TITLE),
    ("missing-dependencies", "spec.md", "**Dependencies**: None\n", "", TITLE),
    ("bad-status", "spec.md", "**Status**: planned", "**Status**: someday", "someday"),
    ("bad-status", "spec.md", "**Status**: planned\n", "", TITLE),
    ("missing-requirement-kind", "spec.md", "### Functional Requirements", "### Wishes", "## Requirements"),
    ("missing-requirement-kind", "spec.md", "### Integration Requirements", "### Others", "## Requirements"),
    ("missing-constraints", "spec.md", "## Technical Constraints", "## Notes", TITLE),
    (
        "missing-constraints",
        "spec.md",
        "- Network: reached on its port from the private subnet only.\n",
        "",
        "## Technical",
    ),
    ("missing-security", "spec.md", "## Security Considerations", "## Safety", TITLE),
    ("missing-success-criteria", "spec.md", "## Success Criteria", "## Goals", TITLE),
    ("missing-prerequisites", "setup.md", "## Prerequisites", "## Before", "# Redis Cache Setup"),
    ("missing-installation", "setup.md", "## Installation Steps", "## Doing It", "# Redis Cache Setup"),
    (
        "missing-environment-section",
        "setup.md",
        "## Environment Configuration\n\n### Required Environment Variables",
        "## Words\n\n### More Environment Variables",
        "# Redis Cache Setup",
    ),
    ("missing-service-configuration", "setup.md", "## Service Configuration", "## Service", "# Redis Cache Setup"),
    (
        "missing-service-configuration",
        "setup.md",
        "- Resources: 512 MiB of memory for each instance.\n",
        "",
        "## Service Configuration",
    ),
    ("missing-setup-verification", "setup.md", "## Verification Steps", "## Looking", "# Redis Cache Setup"),
    ("missing-env-block", "setup.md", "### Required Environment Variables", "### Variables", "# Redis Cache Setup"),
    ("missing-key-acquisition", "setup.md", "## Getting API Keys", "## Pages", "# Redis Cache Setup"),
    ("bad-phase-name", "tasks.md", "Phase 3: Implementation", "Phase 3: Work", "Phase 3: Work"),
    ("phase-number-gap", "tasks.md", "Phase 5: Doc", "Phase 6: Doc", "Phase 6: Doc"),
    ("bad-task-number", "tasks.md", "20. [ ] Prepare", "19. [ ] Prepare", "19. [ ] Prepare"),
    ("task-without-checkbox", "tasks.md", "20. [ ] Prepare", "20. Prepare", "20. Prepare"),
    (
        "task-without-effort",
        "tasks.md",
        "2. [ ] Create the private subnet\n    - Estimated effort: 4 hours\n",
        "2. [ ] Create the private subnet\n",
        "2. [ ] Create",
    ),
    (
        "task-without-effort",
        "tasks.md",
        "effort: 5 hours\n    - Dependencies: Task 2\n",
        "effort: some time\n    - Dependencies: Task 2\n",
        "some time",
    ),
    (
        "effort-out-of-range",
        "tasks.md",
        "effort: 5 hours\n    - Dependencies: Task 2\n",
        "effort: 3 days\n    - Dependencies: Task 2\n",
        "3 days",
    ),
    ("task-without-dependencies", "tasks.md", "    - Dependencies: Task 11\n", "", "12. [ ]"),
    ("bad-task-dependency", "tasks.md", "Dependencies: Task 11", "Dependencies: Task 77", "Task 77"),
    ("bad-task-dependency", "tasks.md", "Dependencies: Task 11", "Dependencies: Task 13", "Task 13"),
    ("task-without-verification", "tasks.md", "    - Verification: the result of task 9 was looked at\n", "", "9. [ ]"),
    ("task-without-verification", "tasks.md", "the result of task 9 was looked at", "done", "Verification: done"),
];

fn repo() -> Repo {
    let repo = Repo::new();
    for path in FILES {
        repo.write(path, &std::fs::read(fixture("component").join(path)).unwrap());
    }
    repo
}

fn told(report: &Value) -> Vec<(String, String, u64)> {
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings.map(|f| (text(&f["rule"]), text(&f["path"]), f["start"]["line"].as_u64().unwrap_or(0))).collect()
}

#[test]
fn a_good_component_has_no_findings() {
    let (code, report) = repo().json(&[]);
    assert_eq!((code, told(&report)), (Some(0), Vec::new()));
}

#[test]
fn one_fault_is_one_finding_at_its_line() {
    let mut wrong = Vec::new();
    for (rule, file, old, new, line) in FAULTS {
        let repo = repo();
        let path = format!("{DIR}/{file}");
        let text = std::fs::read_to_string(fixture("component").join(Path::new(&path))).unwrap();
        assert!(text.contains(old), "{rule}: {old}");
        let text = text.replacen(old, new, 1);
        repo.write(&path, text.as_bytes());
        let place = text.lines().position(|l| l.contains(line)).unwrap() as u64 + 1;
        let (_, report) = repo.json(&[]);
        // What changes lengths by a line is told elsewhere.
        let found: Vec<_> = told(&report).into_iter().filter(|(rule, ..)| !rule.ends_with("-length")).collect();
        let expected = (format!("infra-spec/{rule}"), path, place);
        if found != [expected.clone()] {
            wrong.push(format!("{old:?} -> {new:?}: wanted {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}

#[test]
fn a_missing_file_and_a_name_that_is_none_are_found() {
    let repo = repo();
    repo.write("specs/infrastructure/01-mail/spec.md", &std::fs::read(fixture("component").join(FILES[3])).unwrap());
    let (_, report) =
        repo.json(&["--select", "infra-spec/missing-file,infra-spec/bad-directory-name,infra-spec/duplicate-number"]);
    let mut found: Vec<String> = told(&report).into_iter().map(|(rule, path, _)| format!("{rule} {path}")).collect();
    found.sort();
    let path = "specs/infrastructure/01-mail/spec.md";
    let expected = ["bad-directory-name", "duplicate-number", "missing-file"];
    assert_eq!(found, expected.map(|rule| format!("infra-spec/{rule} {path}")));
}
