use super::*;
use crate::diagnostic::Suppressed;
use crate::report::tests::{DOCKERFILE, finding, problem, with_owners};
use crate::report::{Format, Look, Owners};

fn page(findings: &[Diagnostic], problems: &[Problem], owners: &str) -> String {
    let base = Base { here: "deploy/".into(), ..Base::default() };
    with_owners(Format::Markdown, findings, problems, &Look::default(), &base, &Owners::read(owners))
}

#[test]
fn a_table_a_file_with_its_owners() {
    let mut error = finding("b", DOCKERFILE, "FROM");
    error.severity = Severity::Error;
    let findings = [finding("a", DOCKERFILE, "USER 0:0"), error];
    let problems = [problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")];
    let expected = "\
## infralint: 1 error, 1 warning in 2 of 14 files

1 not checked, 1 skipped

### Not checked

- <code>unreadable.yaml</code>: it is unreadable

<details><summary><code>deploy/b</code> 1 error, owned by <code>&#64;ops/team</code> <code>me&#64;example.com</code></summary>

| line | severity | rule | message |
| ---: | --- | --- | --- |
| 1 | error | <code>dockerfile/root-user</code> | final stage runs as 0:0 |

</details>

<details><summary><code>deploy/a</code> 1 warning</summary>

| line | severity | rule | message |
| ---: | --- | --- | --- |
| 2 | warning | <code>dockerfile/root-user</code> | final stage runs as 0:0 |

</details>

";
    assert_eq!(page(&findings, &problems, "/deploy/b @ops/team me@example.com\n"), expected);
}

#[test]
fn nothing_found() {
    assert_eq!(page(&[], &[], ""), "## infralint: no findings in 14 files\n\n");
}

#[test]
fn lines_lead_to_the_page_of_the_file() {
    let base = Base { page: Some("https://example.com/o/r/blob/abc/".into()), ..Base::default() };
    let found = [finding("a b", DOCKERFILE, "USER 0:0")];
    let text = with_owners(Format::Markdown, &found, &[], &Look::default(), &base, &Owners::default());
    assert!(text.contains("| [2](https://example.com/o/r/blob/abc/a%20b#L2) |"), "{text}");
}

#[test]
fn nothing_escapes() {
    let mut odd = finding("a|<b>`c`\nd", DOCKERFILE, "USER 0:0");
    odd.message = "x | y <script>alert(1)</script> `z` [l](javascript:0) https://x.org ![i](u) @team #1 *b* $m$ \\| \u{202e}\r\n| 9 |".into();
    odd.suppressed = Some(Suppressed { by: "config", line: None, reason: Some("a|b".into()) });
    let text = page(&[odd], &[], "");
    let row = text.lines().find(|line| line.contains("| 2 |")).unwrap();
    assert_eq!(row.matches('|').count(), 5, "{row}");
    for sign in ["<s", "`", "](", "@", "*", "$", "\\", "://"] {
        assert!(!row.contains(sign), "{sign}: {row}");
    }
    assert!(row.ends_with("(suppressed: a&#124;b) |"), "{row}");
    assert!(text.contains("<summary><code>deploy/a&#124;&#60;b&#62;"), "{text}");
    assert!(text.contains("</code> 1 that do not count</summary>"), "{text}");
}

#[test]
fn a_page_too_long_is_cut_between_findings() {
    let mut findings = vec![finding("a", DOCKERFILE, "USER 0:0"); 30_000];
    findings.iter_mut().for_each(|finding| finding.severity = Severity::Info);
    findings.push(finding("b", DOCKERFILE, "FROM"));
    let text = page(&findings, &[], "");
    assert!(text.len() <= ENOUGH + 100 && text.len() > ENOUGH - 1_000, "{}", text.len());
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.contains("root-user")).count();
    let told = text.lines().last().unwrap().to_owned();
    assert_eq!(told, format!("{} more findings not shown here: see another format.", 30_001 - rows));
    assert!(text.find("deploy/b").unwrap() < text.find("deploy/a").unwrap());
    let long = Diagnostic { message: "|".repeat(2_000_000), ..finding("a", DOCKERFILE, "FROM") };
    assert!(page(&[long], &vec![problem(Status::Failed, "unreadable"); 5_000], "").len() < 50_000);
}
