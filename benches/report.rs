//! How long reports of 10,000 findings take to write.
#![allow(clippy::unwrap_used)]

use divan::{Bencher, black_box};
use infralint::diagnostic::{Diagnostic, Range, Severity};
use infralint::lint::excerpt;
use infralint::report::{Base, Format, Look, Owners, Results, RuleInfo, Summary, write};
use infralint::text::{Source, Span};

fn main() {
    divan::main();
}

const FINDINGS: usize = 10_000;
const RULES: usize = 200;

/// Findings on lines of a file each, from all severities and many rules.
fn findings(ids: &[String]) -> Vec<Diagnostic> {
    let line = "          image: registry.example.com/team/application:1.8.2 # a comment\n";
    let source = Source::new(line.repeat(100));
    let finding = |number: usize| {
        let start = (number % 100) * line.len() + 17;
        let span = Span::new(start, start + 41);
        Diagnostic {
            path: format!("deploy/team-{}/part-{}.yaml", number % 40, number / 20).into(),
            rule: ids[number % ids.len()].as_str().into(),
            variant: None,
            aliases: ["kube-linter/latest-tag".to_owned()].into(),
            severity: Severity::ALL[number % 3],
            message: format!("container app runs the image application:1.8.{number}"),
            help: "Pin the image to a version and its digest.".into(),
            range: Range { start: source.position(span.start), end: source.position(span.end) },
            subject: Some("Deployment/shop container/app".into()),
            embedded_in: None,
            related: Vec::new(),
            fix: None,
            fingerprint: format!("{number:032x}"),
            suppressed: None,
            baseline: None,
            origin: None,
            excerpt: Some(excerpt::cut(&source, span, &[])),
        }
    };
    (0..FINDINGS).map(finding).collect()
}

#[divan::bench(args = ["human", "concise", "json", "jsonl", "sarif", "github"])]
fn report(bencher: Bencher<'_, '_>, name: &str) {
    let (_, format) = Format::ALL.into_iter().find(|(known, _)| *known == name).unwrap();
    let ids: Vec<String> = (0..RULES).map(|number| format!("pack/rule-{number}")).collect();
    let tags = ["security".to_owned(), "cwe-250".to_owned()];
    let info = |id| RuleInfo {
        id,
        summary: "The image is not pinned to a version",
        why: "What is built today is not what is built tomorrow, and nobody can tell which of them runs.",
        help: "Pin the image to a version and its digest.",
        severity: Severity::Warning,
        default: true,
        tags: &tags,
        aliases: vec!["kube-linter/latest-tag"],
    };
    let rules: Vec<RuleInfo<'_>> = ids.iter().map(|id| info(id)).collect();
    let findings = findings(&ids);
    let summary = Summary::count(&findings, &[], 500);
    let base = Base { root: "/srv/repository/".into(), here: String::new(), page: None };
    let results = Results {
        findings: &findings,
        problems: &[],
        summary: &summary,
        rules: &rules,
        base: &base,
        owners: &Owners::default(),
    };
    bencher.bench_local(|| {
        let mut out = Vec::new();
        write(format, &results, &Look::default(), &mut out).unwrap();
        black_box(out.len())
    });
}
