//! A user's own query rules, from the file to the finding: those of `docs/query-rules.md`.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use infralint::diagnostic::{Diagnostic, Problem, Status};
use infralint::fact::inventory::Inventory;
use infralint::lint::{Plan, Session, harness};
use infralint::rule::library::Library;
use infralint::rule::mutate::mutants;
use infralint::rule::read::rule_file;
use infralint::rule::select::Selection;
use infralint::rule::written::{self, Prose, RuleFile};
use infralint::syntax::markdown;
use infralint::text::Source;

fn rule_texts() -> Vec<String> {
    let tree = markdown::parse(include_str!("../docs/query-rules.md"));
    let rules = tree.codes().filter(|code| code.language() == "yaml");
    rules.map(|code| code.content().as_str().to_owned()).collect()
}

fn examples() -> Vec<(RuleFile, Prose)> {
    let read =
        |(number, rule): (usize, String)| rule_file(&format!("mine/rule-{number}"), "mine/rule.yaml", &rule).unwrap();
    rule_texts().into_iter().enumerate().map(read).collect()
}

fn library(rules: Vec<RuleFile>) -> Library {
    match Library::new(written::Library { packs: Vec::new(), rules }) {
        Ok(library) => library,
        Err(errors) => panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

fn lint(library: &Library, path: &str, text: &str) -> (Vec<Diagnostic>, Vec<Problem>) {
    let selection = Selection::defaults(&library.rules);
    let inventory = Inventory::new([path]);
    let session = Session::new(Plan::new(library, &selection), &inventory);
    let finished = session.finish([session.lint(path, &Source::new(text))]);
    (finished.findings, finished.problems)
}

fn shown(found: &[Diagnostic]) -> Vec<String> {
    let line = |d: &Diagnostic| format!("{}:{}: {}", d.range.start.line, d.range.start.column, d.message);
    found.iter().map(line).collect()
}

fn errors_of(find: &str) -> Vec<String> {
    let text = format!(
        "summary: s\nseverity: info\nwhy: w\nhelp: h\nquery:\n  language: yaml\n  find: |\n{find}\nmessage: '{{fault}}'\n"
    );
    let (rule, _) = rule_file("mine/rule", "mine/rule.yaml", &text).unwrap();
    let source = Source::new(&*text);
    let errors = Library::new(written::Library { packs: Vec::new(), rules: vec![rule] }).err().unwrap_or_default();
    errors.into_iter().map(|error| error.locate(&source).to_string()).collect()
}

#[test]
fn the_documented_examples_hold_and_each_of_their_parts_matters() {
    let rules = examples();
    let languages = |r: &RuleFile| match &r.check {
        written::Check::Query { shapes } => shapes[0].language.value.clone(),
        _ => String::new(),
    };
    assert_eq!(rules.iter().map(|(r, _)| languages(r)).collect::<Vec<_>>(), ["markdown", "yaml", "dockerfile"]);
    for (rule, prose) in &rules {
        let wrong = harness::run_all(prose, &library(vec![rule.clone()]), &rule.id);
        assert!(wrong.is_empty(), "{}", wrong.iter().map(|(case, o)| format!("{case}: {o}\n")).collect::<String>());
        for mutant in mutants(rule) {
            let written = written::Library { packs: Vec::new(), rules: vec![mutant.rule] };
            let Ok(library) = Library::new(written) else { continue };
            assert!(
                !harness::run_all(prose, &library, &rule.id).is_empty(),
                "{} lives without {}",
                rule.id,
                mutant.what
            );
        }
    }
}

#[test]
fn rules_of_one_language_run_as_one_and_in_snippets() {
    let library = library(examples().into_iter().map(|(rule, _)| rule).collect());
    let text = "# Build:\n\n```dockerfile\nFROM a:$TAG\n```\n\n> ## Run:\n";
    let (found, problems) = lint(&library, "docs/build.md", text);
    let expected = [
        "1:3: the heading \"Build:\" ends with a colon",
        "4:8: $TAG: nothing is built unless TAG is given",
        "7:6: the heading \"Run:\" ends with a colon",
    ];
    assert_eq!(shown(&found), expected);
    assert_eq!(found.iter().map(|d| d.embedded_in).collect::<Vec<_>>(), [None, Some("markdown"), None]);
    assert_eq!(problems, []);
}

#[test]
fn what_a_query_did_not_see_is_told() {
    let library = library(examples().into_iter().map(|(rule, _)| rule).collect());
    let told = |path: &str, text: &str| {
        let (_, problems) = lint(&library, path, text);
        assert!(problems.iter().all(|p| p.status == Status::Skipped));
        problems.into_iter().map(|p| format!("{}: {}", p.kind, p.message)).collect::<Vec<_>>()
    };
    let seen = "rules with a query did not see all of it";
    assert_eq!(told("compose.yaml", "a: [\n---\nb: 1\n"), [format!("syntax-error: {seen}: its syntax is broken")]);
    // No rule asks for a tree of this one.
    assert_eq!(told("compose.yaml", "a: {\n"), Vec::<String>::new());
    let tree = format!("syntax-tree: {seen}: their grammar cannot read all of it (line 2)");
    assert_eq!(told("Dockerfile", "FROM a:$B\nFOO ]] x\nUSER b\n"), [tree]);
}

#[test]
fn faults_of_a_query_point_into_the_rule_file() {
    let known = "mine/rule.yaml:9:7: query: the grammar has no node `mapping`";
    assert_eq!(errors_of("    (flow_node\n     (mapping) @fault)"), [known]);
    assert_eq!(
        errors_of("    (flow_node) @fault\n\n    (flow_node) @name"),
        ["mine/rule.yaml:10:5: query: this pattern captures no @fault, the words at fault"]
    );
    assert!(errors_of("    ((flow_node) @fault (#lua-match? @fault \"x\"))")[0].starts_with("mine/rule.yaml:8:26: "));
    assert_eq!(errors_of("    (flow_node) @fault"), Vec::<String>::new());
}

#[test]
fn a_pack_of_ones_own_holds_queries() {
    let texts = rule_texts();
    let repo = Repo::with(&[
        ("infralint.yaml", "packs: [policy]\nselect: [mine]\n"),
        ("policy/mine/heading.yaml", &texts[0]),
        ("policy/mine/list.yaml", &texts[1]),
        ("policy/mine/tag.yaml", &texts[2]),
        ("README.md", "# Build:\n"),
        ("compose.yaml", "services:\n  web:\n    ports: [a, b, c, d]\n"),
        ("Dockerfile", "ARG TAG\nFROM alpine:$TAG\n"),
    ]);
    let ran = repo.run(&["--format", "concise"]);
    let expected = [
        "Dockerfile:2:13: warning mine/tag $TAG: nothing is built unless TAG is given",
        "README.md:1:3: info mine/heading the heading \"Build:\" ends with a colon",
        "compose.yaml:3:12: info mine/list more than three members of ports on one line",
    ];
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected, "{}", ran.err);
    repo.write("policy/mine/tag.yaml", texts[2].replace("(variable)", "(varable)").as_bytes());
    let ran = repo.run(&["--format", "concise"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("the grammar has no node `varable`"), "{}", ran.err);
}
