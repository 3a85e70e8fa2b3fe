//! The cost of rules: a hundred of them on one container, and one evaluation.

use divan::{Bencher, black_box};
use infralint::fact::inventory::Inventory;
use infralint::fact::{self, Facts};
use infralint::lint::{Plan, Session, raw};
use infralint::rule::library::Library;
use infralint::rule::read::rule_file;
use infralint::rule::select::Selection;
use infralint::rule::written;
use infralint::text::Source;

const MANIFEST: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: {runAsNonRoot: true}
  containers:
  - name: app
    image: registry.example.com/app:1.2.3
    resources: {limits: {memory: 64Mi}}
    ports: [{containerPort: 8080}]
";

const RULE: &str = "summary: s
severity: warning
why: w
help: h
match: k8s.container
where: { role: container }
require: { privileged: { not: true } }
message: m
";

fn main() {
    divan::main();
}

/// So many copies of one rule.
fn library(count: usize) -> Library {
    let one = |number: usize| rule_file(&format!("bench/rule-{number}"), "bench", RULE).map(|(rule, _)| rule);
    let rules: Result<Vec<_>, _> = (0..count).map(one).collect();
    let rules = rules.unwrap_or_else(|errors| panic!("{errors:?}"));
    let written = written::Library { packs: Vec::new(), rules };
    Library::new(written).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[divan::bench(args = [1, 10, 100])]
fn rules_on_one_container(bencher: Bencher<'_, '_>, count: usize) {
    let library = library(count);
    let selection = Selection::defaults(&library.rules);
    let inventory = Inventory::new(["pod.yaml"]);
    let session = Session::new(Plan::new(&library, &selection), &inventory);
    let source = Source::new(MANIFEST);
    let file = session.file("pod.yaml", &source);
    let mut facts = Facts::default();
    fact::build(&file, session.plans.first().wanted(), &mut facts);
    assert_eq!(facts.subjects.len(), 1);
    let scope = raw::Scope { path: "pod.yaml", kind: "kubernetes", secrets_only: false };
    bencher.bench_local(|| raw::run(black_box(&facts), session.plans.first(), &scope, &inventory));
}

#[divan::bench]
fn load_all_rules() -> bool {
    Library::builtin().is_ok()
}
