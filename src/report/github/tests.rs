use crate::diagnostic::{Diagnostic, Severity, Status, Suppressed};
use crate::report::tests::{DOCKERFILE, finding, full, problem, with};
use crate::report::{Base, Format, Look};

fn annotated(findings: &[Diagnostic]) -> Vec<String> {
    let text = with(Format::Github, findings, &[], &Look::default(), &[], &Base::default());
    text.lines().map(str::to_owned).collect()
}

fn many(severity: Severity, count: usize) -> Vec<Diagnostic> {
    let one = Diagnostic { severity, ..finding("a", DOCKERFILE, "USER 0:0") };
    vec![one; count]
}

fn count(lines: &[String], level: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(&format!("::{level} "))).count()
}

#[test]
fn an_annotation_names_file_place_and_rule() {
    let base = Base { root: "/repo/".into(), here: "deploy/".into(), page: None };
    let text =
        with(Format::Github, &[finding("Dockerfile", DOCKERFILE, "USER 0:0")], &[], &Look::default(), &[], &base);
    let expected = "::warning file=deploy/Dockerfile,line=2,endLine=2,col=1,endColumn=9,title=dockerfile/root-user\
                    ::final stage runs as 0:0\n";
    assert_eq!(text, expected);
}

#[test]
fn columns_only_within_a_line() {
    let lines = annotated(&[finding("f", "a:\n  b: 1\n", "a:\n  b")]);
    assert!(lines[0].starts_with("::warning file=f,line=1,endLine=2,title="), "{}", lines[0]);
}

#[test]
fn nothing_escapes() {
    let mut odd = finding("100%,a:b\nc::error::.yml", DOCKERFILE, "USER 0:0");
    odd.message = "50%\r\n::error file=x::y\u{1b}[31m\u{202e}##[add-mask]z".into();
    odd.rule = "p/a,b:c".into();
    let lines = annotated(&[odd]);
    let expected = "::warning file=100%25%2Ca%3Ab%0Ac%3A%3Aerror%3A%3A.yml,line=2,endLine=2,col=1,endColumn=9,\
                    title=p/a%2Cb%3Ac::50%25%0D%0A::error file=x::y\\u{1b}[31m\\u{202e}##[add-mask]z";
    assert_eq!(lines, [expected]);
}

#[test]
fn ten_a_level_the_worst_first_and_the_rest_counted() {
    let mut findings = many(Severity::Info, 12);
    findings.extend(many(Severity::Warning, 11));
    findings.extend(many(Severity::Error, 3));
    let lines = annotated(&findings);
    let counts = ["error", "warning", "notice"].map(|level| count(&lines, level));
    assert_eq!((lines.len(), counts), (23, [3, 10, 10]));
    assert!(lines[0].starts_with("::error") && lines[12].starts_with("::warning"));
    assert!(lines[22].starts_with("::notice title=infralint::4 more"), "{}", lines[22]);
    assert_eq!(annotated(&findings[..10]).len(), 10);
    let few = annotated(&many(Severity::Warning, 11));
    assert!(few.len() == 11 && few[10].starts_with("::notice title=infralint::1 more"), "{few:?}");
    let huge = annotated(&many(Severity::Error, 26_000));
    assert!(huge.len() == 11 && huge[10].contains("::25990 more"), "{huge:?}");
}

#[test]
fn failures_are_errors_and_come_first_and_suppressed_findings_not_at_all() {
    let mut silent = full();
    silent.suppressed = Some(Suppressed { by: "comment", line: None, reason: None });
    let problems = [problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")];
    let mut findings = many(Severity::Error, 10);
    findings.push(silent);
    let text = with(Format::Github, &findings, &problems, &Look::default(), &[], &Base::default());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "::error file=unreadable.yaml,title=infralint%3A not checked::it is unreadable");
    assert_eq!(lines.len(), 11);
    assert!(lines[10].contains("::1 more"), "{}", lines[10]);
}
