//! `infralint test`: the cases inside rule files, the built-in ones and the project's own, or those of a directory
//! of packs; with `--mutants` also whether every part of a rule matters to one of them.

use super::args::{SelectArgs, TestArgs};
use super::check::current_dir;
use super::configs::refuse;
use super::settings::Settings;
use super::{Exit, Refusal, output, packs};
use crate::config::{self, Packs};
use crate::lint::harness;
use crate::rule::library::{Library, embedded, embedded_prose};
use crate::rule::mutate::mutants;
use crate::rule::written::{self, Check, PackFile, Prose, RuleFile};
use std::path::Path;

pub(super) fn test(options: &TestArgs) -> Result<Exit, Refusal> {
    let mut bench = Bench::default();
    let builtin = embedded();
    match &options.dir {
        None => {
            bench.packs(Packs::builtin(builtin.clone(), embedded_prose()), &builtin, options.mutants)?;
            bench.packs(Settings::here(&current_dir()?, &SelectArgs::default())?.packs, &builtin, options.mutants)?;
        }
        Some(dir) => bench.packs(read(dir)?, &builtin, options.mutants)?,
    }
    let Bench { wrong, rules, cases, mutants } = bench;
    output::to_stdout(|out| {
        wrong.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        let mutants = if options.mutants { format!(", {mutants} mutants") } else { String::new() };
        writeln!(out, "{rules} rules, {cases} cases{mutants}, {} wrong", wrong.len())
    })?;
    Ok(if wrong.is_empty() { Exit::Clean } else { Exit::Findings })
}

#[derive(Default)]
struct Bench {
    wrong: Vec<String>,
    rules: usize,
    cases: usize,
    mutants: usize,
}

impl Bench {
    fn packs(&mut self, packs: Packs, builtin: &written::Library, with_mutants: bool) -> Result<(), Refusal> {
        let types = types(&packs.written, builtin);
        for rule in &packs.written.rules {
            let Some(prose) = packs.prose.get(&rule.id) else { continue };
            self.rules += 1;
            self.cases += prose.fail.len() + prose.pass.len();
            let others: &[RuleFile] =
                if matches!(rule.check, Check::Engine { .. }) { &packs.written.rules } else { &[] };
            let library = library_of(rule, others, &types)
                .map_err(|errors| refuse(&errors.into_iter().map(|e| packs.locate(e)).collect::<Vec<_>>()))?;
            for (case, outcome) in harness::run_all(prose, &library, &rule.id) {
                let place = place(&packs, rule, prose, &case);
                self.wrong.push(format!("{place}: {} \"{case}\": {outcome}", rule.id));
            }
            if with_mutants {
                self.mutate(rule, prose, &types);
            }
        }
        Ok(())
    }

    fn mutate(&mut self, rule: &RuleFile, prose: &Prose, types: &[PackFile]) {
        for mutant in mutants(rule) {
            self.mutants += 1;
            let Ok(library) = library_of(&mutant.rule, &[], types) else { continue };
            if harness::run_all(prose, &library, &rule.id).is_empty() {
                self.wrong.push(format!("{}: {}: no case fails without {}", rule.path, rule.id, mutant.what));
            }
        }
    }
}

/// The packs that declare document types: the built-in ones and these.
fn types(own: &written::Library, builtin: &written::Library) -> Vec<PackFile> {
    let others = builtin.packs.iter().filter(|pack| own.packs.iter().all(|o| o.name != pack.name));
    own.packs.iter().chain(others).cloned().collect()
}

/// A library of one rule; the engine's own rules speak of others.
fn library_of(
    rule: &RuleFile,
    others: &[RuleFile],
    packs: &[PackFile],
) -> Result<Library, Vec<crate::rule::error::LoadError>> {
    let others = others.iter().filter(|other| other.id != rule.id);
    let rules = std::iter::once(rule).chain(others).cloned().collect();
    Library::new(written::Library { packs: packs.to_vec(), rules })
}

/// The line of a case in its rule file, where the file is at hand.
fn place(packs: &Packs, rule: &RuleFile, prose: &Prose, name: &str) -> String {
    let mut cases = prose.fail.iter().chain(&prose.pass);
    let line = cases.find(|case| case.name.value == name).and_then(|case| packs.line(&rule.path, case.name.span));
    line.map_or_else(|| rule.path.clone(), |line| format!("{}:{line}", rule.path))
}

/// The packs below a directory.
fn read(dir: &Path) -> Result<Packs, Refusal> {
    let place = dir.canonicalize().map_err(|e| Refusal::new(format!("{}: {e}", dir.display())))?;
    let shown = |path: &Path| dir.join(path.strip_prefix(&place).unwrap_or(path)).display().to_string();
    let sources = packs::of_dir(&place, &place, &shown).map_err(Refusal::new)?;
    config::packs(sources).map_err(|errors| refuse(&errors))
}
