use super::*;
use crate::report::tests::{DOCKERFILE, finding, full, problem, with};
use crate::report::{Format, Look, RuleInfo};
use serde_json::{Value, json};

fn log(findings: &[Diagnostic], problems: &[Problem], rules: &[RuleInfo<'_>], base: &Base) -> Value {
    let text = with(Format::Sarif, findings, problems, &Look::default(), rules, base);
    serde_json::from_str(&text).unwrap()
}

fn run(findings: &[Diagnostic], problems: &[Problem]) -> Value {
    log(findings, problems, &[], &Base::default())["runs"][0].take()
}

fn tags() -> Vec<String> {
    ["security", "secret", "cwe-798", "cwe-250"].map(String::from).into()
}

#[test]
fn a_rule_is_described_once() {
    let tags = tags();
    let info = |id, severity| RuleInfo {
        id,
        summary: "The final stage runs as root",
        why: "It is root on the host.\n",
        help: "Create a user.\n",
        severity,
        default: true,
        tags: &tags,
        aliases: vec!["hadolint/DL3002"],
    };
    let rules = [info("a/silent", Severity::Info), info("dockerfile/root-user", Severity::Error)];
    let one = finding("a", DOCKERFILE, "USER 0:0");
    let log = log(&[one.clone(), one], &[], &rules, &Base::default());
    let driver = &log["runs"][0]["tool"]["driver"];
    let expected = json!([{
        "id": "dockerfile/root-user",
        "name": "DockerfileRootUser",
        "shortDescription": {"text": "The final stage runs as root"},
        "fullDescription": {"text": "It is root on the host."},
        "defaultConfiguration": {"level": "error"},
        "help": {
            "text": "Create a user.",
            "markdown": "## Why\n\nIt is root on the host.\n\n## What to do\n\nCreate a user.\n\n\
                Other tools call it `hadolint/DL3002`.\n\n`infralint explain dockerfile/root-user` shows examples.",
        },
        "relationships": [
            {"target": {"id": "798", "index": 1, "toolComponent": {"name": "CWE", "index": 0}}, "kinds": ["superset"]},
            {"target": {"id": "250", "index": 0, "toolComponent": {"name": "CWE", "index": 0}}, "kinds": ["superset"]},
        ],
        "properties": {
            "tags": ["security", "secret", "dockerfile", "external/cwe/cwe-798", "external/cwe/cwe-250"],
            "precision": "high",
            "problem.severity": "error",
            "security-severity": "9.5",
        },
    }]);
    assert_eq!(driver["rules"], expected);
    assert_eq!(driver["supportedTaxonomies"], json!([{"name": "CWE", "index": 0}]));
    let taxa = &log["runs"][0]["taxonomies"][0]["taxa"];
    assert_eq!((&taxa[0]["id"], &taxa[1]["id"]), (&json!("250"), &json!("798")));
    assert_eq!((&log["version"], &log["runs"][0]["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "infralint/");
}

#[test]
fn a_result_has_place_fingerprint_and_all_that_is_known() {
    let mut full = full();
    full.path = "100%,a:b\nc.yml".into();
    full.embedded_in = Some("markdown");
    let base = Base { root: "/repo/".into(), here: "sub/".into(), page: None };
    let log = log(&[full], &[], &[], &base);
    let region = json!({"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 9});
    let artifact = |uri: &str| json!({"uri": uri, "uriBaseId": "%SRCROOT%"});
    let place = |uri: &str| json!({"artifactLocation": artifact(uri), "region": region});
    let expected = json!([{
        "ruleId": "dockerfile/root-user",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "final stage runs as 0:0"},
        "locations": [{"physicalLocation": place("sub/100%25%2Ca%3Ab%0Ac.yml")}],
        "partialFingerprints": {"infralint/v1": "f1"},
        "relatedLocations": [{"id": 1, "physicalLocation": place("sub/b"), "message": {"text": "there"}}],
        "suppressions": [{"kind": "inSource", "status": "accepted"}],
        "fixes": [{
            "description": {"text": "drop root"},
            "artifactChanges": [{
                "artifactLocation": artifact("sub/a"),
                "replacements": [{"deletedRegion": region, "insertedContent": {"text": "USER 1"}}],
            }],
        }],
        "properties": {"subject": "stage/0", "embeddedIn": "markdown"},
    }]);
    assert_eq!(log["runs"][0]["results"], expected);
}

#[test]
fn columns_count_code_points_and_no_place_is_the_first_line() {
    let mut nowhere = finding("b", DOCKERFILE, "FROM");
    nowhere.range = Range::default();
    let run = run(&[finding("a", "日本🚀: x\n", "x"), nowhere], &[]);
    let region = |n: usize| run["results"][n]["locations"][0]["physicalLocation"]["region"].clone();
    assert_eq!((&region(0)["startColumn"], &region(0)["endColumn"]), (&json!(6), &json!(7)));
    assert_eq!(region(1), json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}));
}

#[test]
fn problems_are_notifications() {
    let run = run(&[], &[problem(Status::Failed, "unreadable"), problem(Status::Skipped, "binary")]);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 2);
    assert_eq!(notifications[0]["message"]["text"], "unreadable.yaml: it is unreadable");
    assert_eq!((&notifications[0]["level"], &notifications[1]["level"]), (&json!("error"), &json!("note")));
    assert_eq!(notifications[0]["descriptor"]["id"], "unreadable");
    let quiet = self::run(&[], &[]);
    assert_eq!((&quiet["results"], &quiet["invocations"][0]["executionSuccessful"]), (&json!([]), &json!(true)));
}

#[test]
fn too_many_results_lose_the_least_severe_ones() {
    let one = finding("a", DOCKERFILE, "USER 0:0");
    let mut findings = vec![one; 26_000];
    for (number, finding) in findings.iter_mut().enumerate() {
        finding.fingerprint = number.to_string();
        finding.severity = if number < 1_500 { Severity::Info } else { Severity::Warning };
    }
    findings[25_999].severity = Severity::Error;
    let run = run(&findings, &[]);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), RESULTS);
    let infos = results.iter().filter(|result| result["level"] == "note").count();
    assert_eq!((infos, &results[RESULTS - 1]["level"]), (500, &json!("error")));
    let prints: Vec<usize> =
        results.iter().map(|r| r["partialFingerprints"]["infralint/v1"].as_str().unwrap().parse().unwrap()).collect();
    assert!(prints.is_sorted());
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["descriptor"]["id"], "too-many-findings");
    assert!(notification["message"]["text"].as_str().unwrap().starts_with("1000 findings are left out"));
    let many: Vec<Problem> = vec![problem(Status::Skipped, "binary"); NOTIFICATIONS + 5];
    let run = self::run(&[], &many);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), NOTIFICATIONS + 1);
    assert_eq!(notifications[NOTIFICATIONS]["message"]["text"], "5 more files were skipped.");
}

#[test]
fn rules_of_which_nothing_is_known_are_named_all_the_same() {
    let run = run(&[finding("a", DOCKERFILE, "USER 0:0")], &[]);
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(
        (&rule["id"], &rule["fullDescription"]["text"]),
        (&json!("dockerfile/root-user"), &json!("dockerfile/root-user"))
    );
    assert!(rule["properties"].get("security-severity").is_none() && run.get("taxonomies").is_none());
}

#[test]
fn what_does_not_count_says_who_decided() {
    let with = |by, reason: Option<&str>, baseline| {
        let suppressed = Suppressed { by, line: None, reason: reason.map(str::to_owned) };
        Diagnostic { suppressed: Some(suppressed), baseline, ..finding("a", DOCKERFILE, "USER 0:0") }
    };
    let findings = [
        with("comment", Some("why"), None),
        with("config", None, Some(Baseline::New)),
        with(Suppressed::BASELINE, None, Some(Baseline::Unchanged)),
        with(Suppressed::SINCE, None, Some(Baseline::Unchanged)),
    ];
    let run = run(&findings, &[]);
    let told = |n: usize| (run["results"][n]["suppressions"].clone(), run["results"][n]["baselineState"].clone());
    let accepted = |kind: &str| json!([{"kind": kind, "status": "accepted"}]);
    let because = |kind: &str, why: &str| json!([{"kind": kind, "status": "accepted", "justification": why}]);
    assert_eq!(told(0), (because("inSource", "why"), Value::Null));
    assert_eq!(told(1), (accepted("external"), json!("new")));
    assert_eq!(told(2), (because("external", "listed in the baseline"), json!("unchanged")));
    assert_eq!(told(3), (Value::Null, json!("unchanged")));
}
