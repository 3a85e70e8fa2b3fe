//! GitLab's code quality report: one JSON array, an object a finding.

use super::{Base, Results, one_line, silence};
use crate::diagnostic::{Diagnostic, Problem, Severity, Status};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    description: String,
    check_name: &'a str,
    fingerprint: Cow<'a, str>,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn gitlab(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut prints = Prints::default();
    let failed = results.problems.iter().filter(|problem| problem.status == Status::Failed);
    let mut issues: Vec<Issue<'_>> = failed.map(|problem| failure(problem, results.base, &mut prints)).collect();
    issues.extend(results.findings.iter().map(|finding| issue(finding, results.base, &mut prints)));
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    serializer.collect_seq(issues)?;
    out.write_all(b"\n")
}

fn issue<'a>(finding: &'a Diagnostic, base: &Base, prints: &mut Prints) -> Issue<'a> {
    let message = one_line(&finding.message);
    let description = match &finding.suppressed {
        Some(suppressed) => format!("{message} ({})", one_line(&silence(suppressed))),
        None => message,
    };
    let begin = finding.range.start.line.max(1);
    Issue {
        ty: "issue",
        description,
        check_name: &finding.rule,
        fingerprint: prints.unique(&finding.fingerprint, &finding.path),
        severity: if finding.suppressed.is_some() { "info" } else { severity(finding.severity) },
        location: Location {
            path: base.rooted(&finding.path),
            lines: Lines { begin, end: finding.range.end.line.max(begin) },
        },
    }
}

fn failure<'a>(problem: &'a Problem, base: &Base, prints: &mut Prints) -> Issue<'a> {
    let print = digest(&[problem.kind, &problem.path, &problem.message]);
    Issue {
        ty: "issue",
        description: format!("not checked: {}", one_line(&problem.message)),
        check_name: "infralint/not-checked",
        fingerprint: Cow::Owned(prints.unique(&print, &problem.path).into_owned()),
        severity: "blocker",
        location: Location { path: base.rooted(&problem.path), lines: Lines { begin: 1, end: 1 } },
    }
}

/// GitLab has five grades; `blocker` is kept for what could not be checked.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    }
}

/// GitLab drops a second issue with the same fingerprint, and ours leaves the path out.
#[derive(Default)]
struct Prints(HashSet<String>);

impl Prints {
    /// The fingerprint itself where it is the first of its kind, so that a renamed file changes nothing.
    fn unique<'a>(&mut self, print: &'a str, path: &str) -> Cow<'a, str> {
        if self.0.insert(print.to_owned()) {
            return Cow::Borrowed(print);
        }
        let mut other = digest(&[print, path]);
        while !self.0.insert(other.clone()) {
            other = digest(&[&other]);
        }
        Cow::Owned(other)
    }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Severity, Status, Suppressed};
    use crate::report::tests::{DOCKERFILE, finding, problem, with};
    use crate::report::{Base, Format, Look};
    use serde_json::{Value, json};

    fn issues(findings: &[crate::diagnostic::Diagnostic], problems: &[crate::diagnostic::Problem]) -> Vec<Value> {
        let base = Base { here: "deploy/".into(), ..Base::default() };
        let text = with(Format::Gitlab, findings, problems, &Look::default(), &[], &base);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_issue_has_what_gitlab_reads() {
        let found = issues(&[finding("Dockerfile", DOCKERFILE, "USER 0:0")], &[]);
        let expected = json!({
            "type": "issue",
            "description": "final stage runs as 0:0",
            "check_name": "dockerfile/root-user",
            "fingerprint": "f1",
            "severity": "major",
            "location": {"path": "deploy/Dockerfile", "lines": {"begin": 2, "end": 2}},
        });
        assert_eq!(found, [expected]);
        assert_eq!(issues(&[], &[]), Vec::<Value>::new());
    }

    #[test]
    fn severities_failures_and_suppressed_findings() {
        let mut all = Severity::ALL.map(|severity| {
            let mut one = finding("a", DOCKERFILE, "USER 0:0");
            one.severity = severity;
            one
        });
        all[0].suppressed = Some(Suppressed { by: "comment", line: None, reason: None });
        let found = issues(&all, &[problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")]);
        let told: Vec<&str> = found.iter().map(|issue| issue["severity"].as_str().unwrap()).collect();
        assert_eq!(told, ["blocker", "info", "major", "info"]);
        assert_eq!(found[0]["description"], "not checked: it is unreadable");
        assert_eq!(found[0]["check_name"], "infralint/not-checked");
        assert_eq!(found[1]["description"], "final stage runs as 0:0 (suppressed)");
    }

    #[test]
    fn equal_findings_have_fingerprints_of_their_own() {
        let one = |path: &str| finding(path, DOCKERFILE, "USER 0:0");
        let prints = |paths: &[&str]| -> Vec<String> {
            let found = issues(&paths.iter().map(|path| one(path)).collect::<Vec<_>>(), &[]);
            found.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
        };
        let three = prints(&["a", "b", "b"]);
        assert_eq!(three[0], "f1");
        assert!(three[1] != three[0] && three[2] != three[1] && three[2] != three[0], "{three:?}");
        assert_eq!(prints(&["a", "b"]), three[..2]);
        assert_eq!(prints(&["renamed"]), ["f1"]);
    }
}
