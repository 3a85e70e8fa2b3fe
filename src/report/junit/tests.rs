use crate::diagnostic::{Diagnostic, Problem, Status, Suppressed};
use crate::report::tests::{DOCKERFILE, finding, problem, with};
use crate::report::{Base, Format, Look};

fn junit(findings: &[Diagnostic], problems: &[Problem]) -> String {
    with(Format::Junit, findings, problems, &Look::default(), &[], &Base::default())
}

/// The suite in the form that all suites have.
fn suite(number: usize, name: &str, counts: [usize; 4], cases: &str) -> String {
    let [tests, failures, errors, skipped] = counts;
    format!(
        "<testsuite id=\"{number}\" package=\"infralint\" name=\"{name}\" timestamp=\"1970-01-01T00:00:00\" \
         hostname=\"localhost\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\" time=\"0\">\n<properties/>\n{cases}<system-out/>\n<system-err/>\n</testsuite>\n"
    )
}

fn report(suites: &[String]) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n{}</testsuites>\n", suites.concat())
}

const FAILED: &str = "<testcase name=\"dockerfile/root-user 2:1\" classname=\"a\" time=\"0\">\n\
    <failure type=\"warning\" message=\"final stage runs as 0:0\">a:2:1: warning dockerfile/root-user \
    final stage runs as 0:0\n\nCreate a user in the final stage.</failure>\n</testcase>\n";

#[test]
fn a_suite_a_file_and_a_failure_a_finding() {
    let (one, other) = (finding("a", DOCKERFILE, "USER 0:0"), finding("b", DOCKERFILE, "USER 0:0"));
    let cases = FAILED.repeat(2);
    let second = FAILED.replace("=\"a\"", "=\"b\"").replace(">a:2:1", ">b:2:1");
    let expected = report(&[suite(0, "a", [2, 2, 0, 0], &cases), suite(1, "b", [1, 1, 0, 0], &second)]);
    assert_eq!(junit(&[one.clone(), one, other], &[]), expected);
}

#[test]
fn nothing_found_is_a_case_that_holds() {
    let case = "<testcase name=\"no findings\" classname=\"infralint\" time=\"0\"/>\n";
    let expected = report(&[suite(0, "infralint", [1, 0, 0, 0], case)]);
    assert_eq!(junit(&[], &[problem(Status::Skipped, "binary")]), expected);
}

#[test]
fn failures_are_errors_and_suppressed_findings_skipped() {
    let mut silent = finding("a", DOCKERFILE, "USER 0:0");
    silent.suppressed = Some(Suppressed { by: "comment", line: Some(1), reason: Some("needs <it>".into()) });
    let mut own = problem(Status::Failed, "deadline");
    own.path = "a".into();
    let text = junit(&[silent], &[own, problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")]);
    let error = |path: &str, kind: &str| {
        format!(
            "<testcase name=\"not checked\" classname=\"{path}\" time=\"0\">\n\
             <error type=\"{kind}\" message=\"it is {kind}\">it is {kind}</error>\n</testcase>\n"
        )
    };
    let skipped = "<testcase name=\"dockerfile/root-user 2:1\" classname=\"a\" time=\"0\">\n\
        <skipped message=\"final stage runs as 0:0\">suppressed: needs &lt;it&gt;</skipped>\n</testcase>\n";
    let first = suite(0, "a", [2, 0, 1, 1], &(error("a", "deadline") + skipped));
    let second = suite(1, "unreadable.yaml", [1, 0, 1, 0], &error("unreadable.yaml", "unreadable"));
    assert_eq!(text, report(&[first, second]));
}

#[test]
fn nothing_escapes() {
    let mut odd = finding("a\"<b>\n&.yml", DOCKERFILE, "USER 0:0");
    odd.message = "x]]>\u{0}\u{1b}[31m\u{202e}\u{ffff}\r\ny\t'".into();
    let text = junit(&[odd], &[]);
    assert!(text.contains("name=\"a&quot;&lt;b&gt;&#10;&amp;.yml\""), "{text}");
    assert!(text.contains("message=\"x]]&gt;[31m&#13;&#10;y&#9;'\""), "{text}");
    assert!(text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{text:?}");
}
