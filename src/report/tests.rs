use super::*;
use crate::diagnostic::{Edit, Excerpt, Fix, Label, Range, Safety, Suppressed};
use crate::lint::excerpt;
use crate::text::{Source, Span};
use std::sync::Arc;

/// A finding on the first occurrence of `words`.
pub(super) fn finding(path: &str, text: &str, words: &str) -> Diagnostic {
    let start = text.find(words).unwrap();
    at(path, text, Span::new(start, start + words.len()))
}

fn at(path: &str, text: &str, span: Span) -> Diagnostic {
    let source = Source::new(text);
    Diagnostic {
        path: path.into(),
        rule: "dockerfile/root-user".into(),
        variant: None,
        aliases: Arc::from(["hadolint/DL3002".to_owned()]),
        severity: Severity::Warning,
        message: "final stage runs as 0:0".into(),
        help: "Create a user in the final stage.".into(),
        range: Range { start: source.position(span.start), end: source.position(span.end) },
        subject: Some("stage/0".into()),
        embedded_in: None,
        related: vec![],
        fix: None,
        fingerprint: "f1".into(),
        suppressed: None,
        baseline: None,
        origin: None,
        excerpt: Some(excerpt::cut(&source, span, &[])),
    }
}

fn shown(format: Format, findings: &[Diagnostic], problems: &[Problem], look: &Look) -> String {
    with(format, findings, problems, look, &[], &Base::default())
}

pub(super) fn with(
    format: Format,
    findings: &[Diagnostic],
    problems: &[Problem],
    look: &Look,
    rules: &[RuleInfo<'_>],
    base: &Base,
) -> String {
    rendered(format, findings, problems, look, rules, base, &Owners::default())
}

pub(super) fn with_owners(
    format: Format,
    findings: &[Diagnostic],
    problems: &[Problem],
    look: &Look,
    base: &Base,
    owners: &Owners,
) -> String {
    rendered(format, findings, problems, look, &[], base, owners)
}

fn rendered(
    format: Format,
    findings: &[Diagnostic],
    problems: &[Problem],
    look: &Look,
    rules: &[RuleInfo<'_>],
    base: &Base,
    owners: &Owners,
) -> String {
    let mut summary = Summary::count(findings, problems, 14);
    summary.elapsed = Duration::from_millis(20);
    let mut out = Vec::new();
    write(format, &Results { findings, problems, summary: &summary, rules, base, owners }, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn people(findings: &[Diagnostic]) -> String {
    shown(Format::Human, findings, &[], &Look { quiet: true, ..Look::default() })
}

pub(super) fn problem(status: Status, kind: &'static str) -> Problem {
    Problem { path: format!("{kind}.yaml").into(), status, kind, message: format!("it is {kind}") }
}

pub(super) const DOCKERFILE: &str = "FROM alpine:3.20\nUSER 0:0\nCMD [\"sh\"]\n";

#[test]
fn a_report_for_people() {
    let mut error = finding("a b/Dockerfile", DOCKERFILE, "FROM");
    error.severity = Severity::Error;
    let place =
        Label { path: "compose.yaml".into(), range: Range::default(), message: "built here".into(), excerpt: None };
    error.related = vec![place; 7];
    let problems = [problem(Status::Failed, "unreadable"), problem(Status::Skipped, "too-large")];
    let text =
        shown(Format::Human, &[error, finding("a b/Dockerfile", DOCKERFILE, "USER 0:0")], &problems, &Look::default());
    let expected = "\
a b/Dockerfile (2)

  × error dockerfile/root-user: final stage runs as 0:0
   ╭─[a b/Dockerfile:1:1]
 1 │ FROM alpine:3.20
   · ────
 2 │ USER 0:0
   ╰────
  help: Create a user in the final stage.
  see: compose.yaml:0:0 built here
  see: compose.yaml:0:0 built here
  see: compose.yaml:0:0 built here
  see: compose.yaml:0:0 built here
  see: compose.yaml:0:0 built here
  and 2 more places

  ⚠ warning dockerfile/root-user: final stage runs as 0:0
   ╭─[a b/Dockerfile:2:1]
 1 │ FROM alpine:3.20
 2 │ USER 0:0
   · ────────
 3 │ CMD [\"sh\"]
   ╰────
  help: Create a user in the final stage.

could not be checked: unreadable.yaml: it is unreadable
skipped: too-large.yaml: it is too-large

1 error, 1 warning in 1 of 14 files, 1 not checked, 1 skipped (0.02 s)
";
    assert_eq!(text, expected);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let findings = [finding("a", DOCKERFILE, "USER 0:0")];
    let colored = shown(Format::Human, &findings, &[], &Look { color: true, ..Look::default() });
    assert!(colored.contains("\u{1b}[") && !colored.contains("\u{1b}]8"));
    assert!(!shown(Format::Human, &findings, &[], &Look::default()).contains('\u{1b}'));
}

#[test]
fn nothing_found() {
    assert_eq!(shown(Format::Human, &[], &[], &Look::default()), "no findings in 14 files (0.02 s)\n");
}

/// The line of the snippet that holds `words` and the one below it, without what stands left of the frame.
fn underlined(text: &str, words: &str) -> (String, String) {
    let mut lines = text.lines().skip_while(|line| !line.contains('╭'));
    let line = lines.find(|line| line.contains(words) && line.contains('│')).unwrap();
    let below = lines.next().unwrap();
    let cut = |line: &str, bar: char| line.split_once(bar).unwrap().1[1..].to_owned();
    (cut(line, '│'), cut(below, '·'))
}

#[test]
fn underlines_stand_under_their_words() {
    let cases = [
        ("\tkey:\tvalue\n", "value", "    key:    value", "            ─────"),
        ("日本: 値x\n", "値x", "日本: 値x", "      ───"),
        ("a: 🚀 b\n", "b", "a: 🚀 b", "      ─"),
        ("one\r\ntwo three\r\n", "three", "two three", "    ─────"),
        ("\u{feff}abc", "abc", "abc", "───"),
        ("x: e\u{301}y\n", "y", "x: e\u{301}y", "    ─"),
    ];
    for (text, words, line, below) in cases {
        let report = people(&[finding("f", text, words)]);
        assert_eq!(underlined(&report, words), (line.to_owned(), below.to_owned()), "{text:?}\n{report}");
    }
}

#[test]
fn places_at_the_end_and_in_empty_files() {
    let report = people(&[at("f", "ab\n", Span::point(3))]);
    assert_eq!(underlined(&report, "ab"), ("ab".to_owned(), "  ▲".to_owned()), "{report}");
    let report = people(&[at("f", "", Span::point(0))]);
    assert!(report.contains("at: f:1:1") && !report.contains('╭'), "{report}");
}

#[test]
fn long_lines_are_cut_to_the_terminal() {
    let text = format!("a: {}NEEDLE{}\n", "é".repeat(70_000), "日".repeat(70_000));
    for width in [40, 80, 200] {
        let look = Look { width, quiet: true, color: false };
        let report = shown(Format::Human, &[finding("f", &text, "NEEDLE")], &[], &look);
        assert!(report.contains("[f:1:70004]"), "{report}");
        assert!(underlined(&report, "NEEDLE").1.trim() == "──────", "{report}");
        let widest = report.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= width, "{widest} > {width}\n{report}");
    }
    let mut raw = finding("f", "x", "x");
    raw.excerpt =
        Some(Excerpt { first_line: 1, highlight: 140_000..140_003, text: "é".repeat(70_000) + "abc", clipped: false });
    assert_eq!(underlined(&people(&[raw]), "abc").1.trim(), "───");
}

#[test]
fn findings_over_lines_are_bracketed() {
    let report = people(&[finding("f", "x\na:\n  b: 1\nc\n", "a:\n  b: 1")]);
    assert!(report.contains("2 │ ╭─▶ a:\n 3 │ ╰─▶   b: 1"), "{report}");
}

#[test]
fn help_flows_to_the_width_of_the_terminal() {
    let mut long = finding("f", "x", "x");
    long.help = "Write it so\nand not so:\n\n    code\n    more\n- one\n- two\n`x` goes on\nhere.\n".into();
    let report = people(&[long]);
    let expected = "  help: Write it so and not so:\n        \n            code\n            more\n        - one\n        - two `x` goes on here.\n";
    assert!(report.contains(expected), "{report}");
}

#[test]
fn excerpts_that_do_not_fit_are_left_out() {
    let mut odd = finding("f", "é", "é");
    odd.excerpt = Some(Excerpt { first_line: 1, text: "é".into(), highlight: 1..2, clipped: false });
    assert!(!people(&[odd]).contains('╭'));
}

#[test]
fn one_line_a_finding() {
    let mut first = finding("odd\nname", DOCKERFILE, "USER 0:0");
    first.message = "a\u{1b}[31m\u{202e}\r\nb".into();
    let mut second = finding("Dockerfile", DOCKERFILE, "FROM");
    second.suppressed = Some(Suppressed { by: "comment", line: Some(1), reason: None });
    let problems = [problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")];
    let expected = "\
odd\\nname:2:1: warning dockerfile/root-user a\\u{1b}[31m\\u{202e}\\r\\nb
Dockerfile:1:1: warning dockerfile/root-user final stage runs as 0:0 (suppressed)
unreadable.yaml: failed unreadable it is unreadable
";
    assert_eq!(shown(Format::Concise, &[first, second], &problems, &Look::default()), expected);
}

pub(super) fn full() -> Diagnostic {
    let mut full = finding("a\nb", DOCKERFILE, "USER 0:0");
    let range = full.range;
    full.related = vec![Label { path: "b".into(), range, message: "there".into(), excerpt: None }];
    let edits = vec![Edit { path: "a".into(), range, text: "USER 1".into() }];
    full.fix = Some(Fix { title: "drop root".into(), safety: Safety::Unsafe, alone: false, edits });
    full.suppressed = Some(Suppressed { by: "comment", line: Some(3), reason: None });
    full
}

#[test]
fn json_as_the_contract_has_it() {
    let text = shown(Format::Json, &[full()], &[problem(Status::Skipped, "too-large")], &Look::default());
    let expected = r#"{"version":1,"tool":{"name":"infralint","version":"VERSION"},
"summary":{"files":14,"skipped":1,"errors":0,"warnings":0,"infos":0,"suppressed":1,"known":0,"fixed":0,"omitted":0,"elapsed_ms":20},
"findings":[
{"path":"a\nb","rule":"dockerfile/root-user","aliases":["hadolint/DL3002"],"severity":"warning","message":"final stage runs as 0:0","help":"Create a user in the final stage.","start":{"line":2,"column":1,"offset":17},"end":{"line":2,"column":9,"offset":25},"subject":"stage/0","embedded_in":null,"related":[{"path":"b","start":{"line":2,"column":1,"offset":17},"end":{"line":2,"column":9,"offset":25},"message":"there"}],"fix":{"title":"drop root","safety":"unsafe","edits":[{"path":"a","start":{"line":2,"column":1,"offset":17},"end":{"line":2,"column":9,"offset":25},"text":"USER 1"}]},"fingerprint":"f1","suppressed":{"by":"comment","line":3}}],
"problems":[
{"path":"too-large.yaml","status":"skipped","kind":"too-large","message":"it is too-large"}]}
"#;
    assert_eq!(text, expected.replace("VERSION", env!("CARGO_PKG_VERSION")));
    let empty: serde_json::Value = serde_json::from_str(&shown(Format::Json, &[], &[], &Look::default())).unwrap();
    assert_eq!((&empty["findings"], &empty["problems"]), (&serde_json::json!([]), &serde_json::json!([])));
}

#[test]
fn jsonl_is_one_object_a_line() {
    let problems = [problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")];
    let text = shown(Format::Jsonl, &[full(), full()], &problems, &Look::default());
    let objects: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 3);
    assert_eq!((&objects[0]["rule"], &objects[2]["status"]), (&"dockerfile/root-user".into(), &"failed".into()));
}

#[test]
fn counts() {
    let mut findings = [finding("a", "x", "x"), finding("b", "x", "x"), full()];
    findings[0].severity = Severity::Error;
    let twice = [problem(Status::Skipped, "too-large"), problem(Status::Skipped, "too-large")];
    let summary = Summary::count(&findings, &twice, 3);
    assert_eq!((summary.files, summary.skipped, summary.files_with_findings), (3, 1, 2));
    let at_least = Severity::ALL.map(|floor| summary.at_least(floor));
    assert_eq!((at_least, summary.suppressed), ([1, 2, 2], 1));
    let mut out = Vec::new();
    statistics(&findings, &mut out).unwrap();
    unknowns(vec![("a.b", 3, 10), ("a.c", 12, 12)], &mut out).unwrap();
    unknowns(vec![], &mut out).unwrap();
    let expected = "1  warning  dockerfile/root-user
1  error    dockerfile/root-user

unknown
12 of 12  a.c
 3 of 10  a.b
";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
