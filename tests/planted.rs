//! Faults planted into documents that are right: each is found by its rule at its line, and what is right stays silent in
//! whichever dress it comes.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::Command;

const ARCHITECTURE: &str = include_str!("planted/architecture.md");
const RUNBOOK: &str = "# High CPU\n\n**Owner:** platform\n\n## Meaning\n\nThe processors of a node are busy for ten minutes.\n\n## Impact\n\nRequests take longer than two seconds.\n\n## Diagnosis\n\n```bash\nkubectl top pods --all-namespaces\n```\n\n## Mitigation\n\n1. Scale out: see [the guide](../scale.md#add-a-node).\n2. Tell the owner.\n\n| Step | Who |\n| --- | --- |\n| Scale out | on call |\n";
const DESIGN: &str = "# Infrastructure\n\n## Network\n\nOne VPC; meets REQ-DEP-001. Development runs on Docker Compose.\n\n```yaml\nservices:\n  web:\n  db:\n```\n\n## CI/CD\n\n| Environment | Deployment Type | Approval | Tests Run |\n| --- | --- | --- | --- |\n| Production | Manual trigger | Required | all |\n\n| KPI | Target | Alert Threshold | Measurement |\n| --- | --- | --- | --- |\n| Availability | 99.9% | < 99.5% | probe |\n| P99 Latency | < 500ms | > 1000ms | histogram |\n\n| Alert | Runbook | On-Call Action |\n| --- | --- | --- |\n| High CPU | `runbooks/high-cpu.md` | scale out |\n\n## Disaster Recovery\n\nRTO 1 hour, RPO 15 min.\n\n## Cost Management\n\n$900 a month.\n\n## Rollback\n\nProduction takes the release before.\n";

const PLANS: &str = "docs/planning/architecture/infrastructure/login-infrastructure-architecture-20260105.md";
const DOCUMENTS: [(&str, &str); 3] =
    [(PLANS, ARCHITECTURE), ("runbooks/high-cpu.md", RUNBOOK), ("design-docs/60-infrastructure.md", DESIGN)];
const AROUND: [(&str, &str); 4] = [
    ("docs/planning/prd/login.md", "# Login\n"),
    ("scale.md", "# Scale\n\n## Add a node\n\nAsk for one.\n"),
    ("compose.yaml", "services:\n  web:\n    image: acme/web:1\n  db:\n    image: postgres:16\n"),
    ("docs/requirements.md", "# Requirements\n\n## REQ-DEP-001 Containers\n\nAll of it runs in containers.\n"),
];

/// A document by its number, the words that go, what stands there instead, the rule, words on the line of the finding.
type Fault = (usize, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    (0, "# Infrastructure Architecture: Login", "# Login Architecture", "infra-arch/bad-title", "# Login"),
    (0, "**Document ID:** login-", "**Document ID:** login_", "infra-arch/bad-document-id", "Document ID"),
    (0, "**Status:** Draft", "**Status:** Ready", "infra-arch/bad-status", "Ready"),
    (0, "**Author:** @infrastructure-architecture-agent", "", "infra-arch/missing-author", "# Infra"),
    (0, "2026-01-05", "5 January 2026", "infra-arch/bad-created-date", "January"),
    (0, "2026-01-05", "2026-01-06", "infra-arch/bad-created-date", "2026-01-06"),
    (0, "99.9% uptime", "high", "infra-arch/unmeasurable-requirement", "| high"),
    (0, "2/40", "40/2", "infra-arch/instances-inverted", "40/2"),
    (0, "daily, kept for 30 days", "good", "infra-arch/incomplete-disaster-recovery", "good"),
    (0, "> 300 ms", "high", "infra-arch/metric-without-threshold", "latency | p95"),
    (0, "10%", "some", "infra-arch/incomplete-tracing", "some"),
    (0, "| critical", "| bad", "infra-arch/incomplete-alerts", "| bad"),
    (0, "Switch back to blue.", "No.", "infra-arch/missing-rollback", "Rollback Plan"),
    (0, "U[Browser] --> L[Load balancer]\n  L --> S[Sign-in service]", "A --> B\n  B --> C", "docs/placeholder-diagram", "mermaid"),
    (0, "Sunday.", "TODO", "docs/todo-left", "TODO"),
    (0, "Sunday.", "{Maintenance Windows}", "docs/template-leftover", "{Main"),
    (1, "see [the guide](../scale.md", "see [the guide](../gone.md", "docs/broken-link", "gone.md"),
    (1, "#add-a-node", "#add-nodes", "docs/broken-anchor", "#add-nodes"),
    (1, "Requests take longer than two seconds.", "", "docs/empty-section", "## Impact"),
    (1, "## Impact", "## Numbers", "runbook/missing-section", "# High CPU"),
    (1, "| Scale out | on call |", "", "docs/empty-table", "| Step"),
    (1, "Tell the owner.", "[tell][owner]", "docs/undefined-reference", "[owner]"),
    (1, "Tell the owner.", "[tell]()", "docs/empty-link", "[tell]"),
    (1, "kubectl top pods --all-namespaces", "rm -rf /", "runbook/dangerous-command", "rm -rf"),
    (1, "```\n\n## Mit", "\n\n## Mit", "docs/unclosed-fence", "```bash"),
    (1, "Tell the owner.", "A caf\u{c3}\u{a9}, a cr\u{c3}\u{aa}pe.", "docs/mojibake", "caf"),
    (2, "  db:\n", "  cache:\n", "docs/compose-drift", "  cache:"),
    (2, "REQ-DEP-001", "REQ-DEP-002", "docs/bad-requirement-id", "REQ-DEP-002"),
    (2, "| Required |", "| None |", "design/unapproved-production", "| None"),
    (2, "< 99.5%", "< 99.95%", "docs/kpi-threshold-inverted", "99.95%"),
    (2, "> 1000ms", "slow", "docs/kpi-without-number", "slow"),
    (2, "high-cpu.md", "no-cpu.md", "docs/alert-without-runbook", "no-cpu"),
    (2, "RTO 1 hour, ", "", "design/missing-recovery-target", "Disaster"),
    (2, "$900 a month.", "Little.", "design/missing-cost-estimate", "Cost"),
    (2, "## Rollback", "## Notes", "design/missing-rollback", "# Infrastructure"),
    (2, "services:\n  web:\n", "services:\n  web: [\n", "docs/invalid-yaml-fence", ""),
];

/// The same document in another dress: numbers, bullets, emphasis, line ends.
fn dressed(text: &str, seed: usize) -> String {
    let mut out = text.to_owned();
    if seed & 1 == 1 {
        let plain = |line: &str| match line.split_once(". ") {
            Some((head, rest)) if line.starts_with("## ") && head[3..].bytes().all(|b| b.is_ascii_digit()) => {
                format!("## {rest}")
            }
            _ => line.to_owned(),
        };
        out = out.lines().map(|line| plain(line) + "\n").collect();
    }
    if seed & 2 == 2 {
        out = out.replace(" & ", " and ");
    }
    if seed & 4 == 4 {
        out = out.replace("- **", "* **");
    }
    if seed & 8 == 8 {
        out = out.replace("```", "~~~~");
    }
    if seed & 16 == 16 { out.replace('\n', "\r\n") } else { out }
}

/// The findings of a repository: path, line, rule.
fn found(dir: &Path, document: usize, text: &str) -> Vec<(String, u64, String)> {
    let own =
        DOCUMENTS.iter().enumerate().map(|(at, (path, right))| (*path, if at == document { text } else { *right }));
    for (path, text) in own.chain(AROUND) {
        let file = dir.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_infralint"))
        .args(["--no-config", "--format", "json", "--select", "default", "--ignore", "compose,yaml", "."])
        .current_dir(dir)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let one = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        (text("path"), finding["start"]["line"].as_u64().unwrap(), text("rule"))
    };
    report["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_is_right_is_silent_in_any_dress() {
    let dir = tempfile::tempdir().unwrap();
    for seed in 0..32 {
        for (at, (_, text)) in DOCUMENTS.iter().enumerate() {
            let findings = found(dir.path(), at, &dressed(text, seed));
            assert_eq!(findings, [], "dress {seed} of {}", DOCUMENTS[at].0);
        }
    }
}

#[test]
fn planted_faults_are_found_at_their_lines() {
    let dir = tempfile::tempdir().unwrap();
    let (mut total, mut hit, mut placed, mut more) = (0, 0, 0, 0);
    for (number, (document, old, new, rule, line)) in FAULTS.iter().enumerate().filter(|(_, fault)| !fault.3.is_empty())
    {
        for seed in [0, 1 + number % 7] {
            let (path, right) = DOCUMENTS[*document];
            let right = dressed(right, seed);
            assert!(right.contains(old), "{rule}: nothing to replace in dress {seed}");
            let wrong = right.replacen(old, new, 1);
            let findings = found(dir.path(), *document, &wrong);
            let own: Vec<u64> = findings.iter().filter(|f| f.2 == *rule && f.0 == path).map(|f| f.1).collect();
            let wanted = wrong.lines().position(|text| text.contains(line)).map(|at| at as u64 + 1);
            total += 1;
            hit += usize::from(!own.is_empty());
            placed += usize::from(line.is_empty() || wanted.is_some_and(|wanted| own.contains(&wanted)));
            more += usize::from(findings.iter().any(|f| f.2 != *rule));
            if own.is_empty() || findings.iter().any(|f| f.2 != *rule) {
                println!("{rule}, dress {seed}, wanted in line {wanted:?}: {findings:?}");
            }
        }
    }
    println!("{hit} of {total} found, {placed} at the right line, {more} with further findings");
    assert_eq!(hit, total, "found");
    assert_eq!(placed, total, "placed");
}
