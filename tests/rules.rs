//! Every case of every rule, and every mutant of every rule: each part of a rule must matter to a case.
#![allow(clippy::unwrap_used)]

use infralint::fact::SCHEMAS;
use infralint::lint::harness;
use infralint::rule::fix::PLACES;
use infralint::rule::library::{Library, embedded, embedded_prose};
use infralint::rule::mutate::{Mutant, mutants};
use infralint::rule::read::WORDS;
use infralint::rule::written::{self, Check, Prose, RuleFile};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;

fn library_of(rule: &RuleFile, all: &written::Library) -> Library {
    let mut rules = vec![rule.clone()];
    if matches!(rule.check, Check::Engine { .. }) {
        rules.extend(all.rules.iter().filter(|other| other.id != rule.id).cloned());
    }
    let written = written::Library { packs: all.packs.clone(), rules };
    match Library::new(written) {
        Ok(library) => library,
        Err(errors) => panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

#[test]
fn every_rule_file_compiles() {
    let mut all = embedded();
    for rule in &mut all.rules {
        assert!(rule.tested, "{}", rule.id);
        rule.tested = false;
    }
    if let Err(errors) = Library::new(all) {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn every_case_holds() {
    let all = embedded();
    let prose = embedded_prose();
    let mut wrong = Vec::new();
    for rule in &all.rules {
        let library = library_of(rule, &all);
        for (case, outcome) in harness::run_all(&prose[&rule.id], &library, &rule.id) {
            wrong.push(format!("{} \"{case}\": {outcome}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{} cases went wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_cases_for_both_outcomes() {
    let prose = embedded_prose();
    let few = |p: &Prose| p.fail.len() < 2 || p.pass.len() < 2;
    let poor: Vec<String> = embedded().rules.iter().filter(|r| few(&prose[&r.id])).map(|r| r.id.clone()).collect();
    assert!(poor.is_empty(), "fewer than two failing or two passing cases: {}", poor.join(", "));
}

#[test]
fn every_part_of_a_rule_matters_to_a_case() {
    let all = embedded();
    let prose = embedded_prose();
    let lives = |id: &str, mutant: Mutant| {
        let written = written::Library { packs: all.packs.clone(), rules: vec![mutant.rule] };
        let library = Library::new(written).ok()?;
        harness::run_all(prose.get(id)?, &library, id).is_empty().then(|| format!("{id}: without {}", mutant.what))
    };
    let of_rule = |rule| mutants(rule).into_iter().map(|mutant| (&*rule.id, mutant));
    let made: Vec<(&str, Mutant)> = all.rules.iter().flat_map(of_rule).collect();
    let count = made.len();
    let alive: Vec<String> = made.into_par_iter().filter_map(|(id, mutant)| lives(id, mutant)).collect();
    assert!(alive.is_empty(), "{} of {count} mutants live:\n{}", alive.len(), alive.join("\n"));
}

#[test]
fn names_are_told_apart() {
    let mut seen = BTreeSet::new();
    for schema in SCHEMAS {
        assert!(seen.insert(schema().name), "{} is declared twice", schema().name);
        for field in schema().fields {
            assert!(!WORDS.contains(&field.name), "{}: `{}` is a word of the language", schema().name, field.name);
            assert!(!PLACES.contains(&field.name), "{}: `{}` is a place of fixes", schema().name, field.name);
            assert!(!field.doc.trim().is_empty(), "{}: `{}` has no meaning", schema().name, field.name);
        }
    }
}
