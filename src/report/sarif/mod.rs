//! SARIF 2.1.0 for code scanning and editors, within GitHub's limits, written result by result.

mod model;
mod rules;

use super::place::{Base, is_absolute, uri};
use super::{Results, one_line};
use crate::diagnostic::{self, Baseline, Diagnostic, Problem, Range, Severity, Status, Suppressed};
use model::{
    ArtifactChange, ArtifactLocation, AutomationDetails, BaseUri, Descriptor, Driver, Finding, FindingProperties,
    Fingerprints, Fix, Invocation, Location, Log, Notification, OwnedText, PhysicalLocation, Region, Replacement, Run,
    Streamed, Suppression, Text, Tool,
};
use rules::Rules;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// GitHub rejects a run with more results.
const RESULTS: usize = 25_000;
/// Related places that a result lists at most; GitHub takes 1,000 places in all.
const RELATED: usize = 100;
/// Notifications of one kind that are listed one by one.
const NOTIFICATIONS: usize = 1_000;

const ROOT: &str = "%SRCROOT%";

pub(super) fn sarif(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    let kept = worst(results.findings, RESULTS);
    let rules = Rules::of(&kept, results.rules);
    let left_out = results.findings.len() - kept.len();
    let run = Run {
        tool: Tool { driver: driver(&rules) },
        invocations: [invocation(results, left_out)],
        automation_details: AutomationDetails { id: "infralint/" },
        original_uri_base_ids: BTreeMap::from([(
            ROOT,
            BaseUri { description: Text { text: "The root of the repository." } },
        )]),
        column_kind: "unicodeCodePoints",
        taxonomies: rules.taxonomies(),
        results: Streamed(|| kept.iter().map(|finding| result(finding, &rules, results.base))),
    };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    serde_json::to_writer(&mut *out, &Log { schema, version: "2.1.0", runs: [run] })?;
    out.write_all(b"\n")
}

/// The findings that matter most, in the order of all.
fn worst(findings: &[Diagnostic], limit: usize) -> Vec<&Diagnostic> {
    if findings.len() <= limit {
        return findings.iter().collect();
    }
    let mut kept: Vec<(usize, &Diagnostic)> = findings.iter().enumerate().collect();
    kept.sort_by_key(|(_, finding)| (finding.suppressed.is_some(), Reverse(finding.severity)));
    kept.truncate(limit);
    kept.sort_by_key(|(number, _)| *number);
    kept.into_iter().map(|(_, finding)| finding).collect()
}

fn driver<'a>(rules: &Rules<'a>) -> Driver<'a> {
    Driver {
        name: "infralint",
        full_name: concat!("infralint ", env!("CARGO_PKG_VERSION")),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        short_description: Text { text: concat!(env!("CARGO_PKG_DESCRIPTION"), ".") },
        supported_taxonomies: rules.components(),
        rules: rules.describe(),
    }
}

/// The words of SARIF for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn invocation<'a>(results: &Results<'a>, left_out: usize) -> Invocation<'a> {
    let mut notifications: Vec<Notification<'a>> = Vec::new();
    for (status, level) in [(Status::Failed, "error"), (Status::Skipped, "note")] {
        let problems = results.problems.iter().filter(|problem| problem.status == status);
        let listed = problems.clone().take(NOTIFICATIONS);
        notifications.extend(listed.map(|problem| notification(problem, level, results.base)));
        if let Some(more) = problems.count().checked_sub(NOTIFICATIONS).filter(|more| *more > 0) {
            notifications.push(remark(level, "more-problems", format!("{more} more files were {}.", word(status))));
        }
    }
    let limited = left_out + results.summary.omitted;
    if limited > 0 {
        let text = format!("{limited} findings are left out, the least severe ones: there are too many.");
        notifications.push(remark("warning", "too-many-findings", text));
    }
    let failed = results.problems.iter().any(|problem| problem.status == Status::Failed);
    Invocation { execution_successful: !failed, tool_execution_notifications: notifications }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Failed => "not checked",
        Status::Skipped => "skipped",
    }
}

fn remark(level: &'static str, id: &'static str, text: String) -> Notification<'static> {
    Notification { level, message: OwnedText { text }, locations: Vec::new(), descriptor: Descriptor { id } }
}

fn notification<'a>(problem: &'a Problem, level: &'static str, base: &Base) -> Notification<'a> {
    let physical_location = PhysicalLocation { artifact_location: artifact(&problem.path, base), region: None };
    Notification {
        level,
        message: OwnedText { text: format!("{}: {}", one_line(&problem.path), problem.message) },
        locations: vec![Location { id: None, physical_location, message: None }],
        descriptor: Descriptor { id: problem.kind },
    }
}

fn result<'a>(finding: &'a Diagnostic, rules: &Rules<'_>, base: &Base) -> Finding<'a> {
    let related = finding.related.iter().take(RELATED).enumerate();
    Finding {
        rule_id: &finding.rule,
        rule_index: rules.number(&finding.rule),
        level: level(finding.severity),
        message: Text { text: &finding.message },
        locations: [location(&finding.path, finding.range, base)],
        partial_fingerprints: Fingerprints { own: &finding.fingerprint },
        related_locations: related
            .map(|(number, label)| Location {
                id: Some(number + 1),
                message: Some(Text { text: &label.message }),
                ..location(&label.path, label.range, base)
            })
            .collect(),
        baseline_state: finding.baseline.map(baseline_state),
        suppressions: finding.suppressed.as_ref().and_then(suppression).map(|suppression| [suppression]),
        fixes: finding.fix.as_ref().map(|fix| [self::fix(fix, base)]),
        properties: FindingProperties { subject: finding.subject.as_deref(), embedded_in: finding.embedded_in },
    }
}

fn baseline_state(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::New => "new",
        Baseline::Unchanged => "unchanged",
    }
}

/// Nothing where nobody decided: that a finding is old is told by its baseline state alone.
fn suppression(suppressed: &Suppressed) -> Option<Suppression<'_>> {
    let (kind, justification) = match suppressed.by {
        Suppressed::SINCE => return None,
        Suppressed::BASELINE => ("external", suppressed.reason.as_deref().or(Some("listed in the baseline"))),
        "comment" => ("inSource", suppressed.reason.as_deref()),
        _ => ("external", suppressed.reason.as_deref()),
    };
    Some(Suppression { kind, status: "accepted", justification })
}

fn location<'a>(path: &str, range: Range, base: &Base) -> Location<'a> {
    let physical_location = PhysicalLocation { artifact_location: artifact(path, base), region: Some(region(range)) };
    Location { id: None, physical_location, message: None }
}

fn artifact(path: &str, base: &Base) -> ArtifactLocation {
    let path = base.rooted(path);
    ArtifactLocation { uri: uri(&path), uri_base_id: (!is_absolute(&path)).then_some(ROOT) }
}

/// A finding without a place is one on the file: its first line.
fn region(range: Range) -> Region {
    let (start, end) = (range.start, range.end.max(range.start));
    Region {
        start_line: start.line.max(1),
        start_column: start.column.max(1),
        end_line: end.line.max(1),
        end_column: end.column.max(1),
    }
}

fn fix<'a>(fix: &'a diagnostic::Fix, base: &Base) -> Fix<'a> {
    let mut changes: BTreeMap<&str, Vec<Replacement<'a>>> = BTreeMap::new();
    for edit in &fix.edits {
        let inserted_content = Text { text: &edit.text };
        changes
            .entry(&edit.path)
            .or_default()
            .push(Replacement { deleted_region: region(edit.range), inserted_content });
    }
    let changes = changes.into_iter();
    Fix {
        description: Text { text: &fix.title },
        artifact_changes: changes
            .map(|(path, replacements)| ArtifactChange { artifact_location: artifact(path, base), replacements })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
