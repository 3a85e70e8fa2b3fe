//! `infralint test`: the cases inside rule files, the built-in ones or those of a directory of packs.

use super::args::TestArgs;
use super::{Exit, Refusal, output};
use crate::lint::harness;
use crate::rule::error::LoadError;
use crate::rule::library::{Library, embedded, embedded_prose};
use crate::rule::read::{ReadError, pack_file, rule_file};
use crate::rule::written::{self, Check, Prose, RuleFile};
use crate::text::Source;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

pub(super) fn test(options: &TestArgs) -> Result<Exit, Refusal> {
    let (rules, prose) = match &options.dir {
        None => (embedded(), embedded_prose()),
        Some(dir) => read(dir)?,
    };
    let mut wrong = Vec::new();
    let mut cases = 0;
    for rule in &rules.rules {
        let Some(prose) = prose.get(&rule.id) else { continue };
        cases += prose.fail.len() + prose.pass.len();
        let library = library_of(rule, &rules)?;
        let outcomes = harness::run_all(prose, &library, &rule.id);
        wrong.extend(outcomes.into_iter().map(|(case, outcome)| format!("{} \"{case}\": {outcome}", rule.id)));
    }
    output::to_stdout(|out| {
        wrong.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out, "{} rules, {cases} cases, {} wrong", rules.rules.len(), wrong.len())
    })?;
    Ok(if wrong.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// A library of one rule, with the document types of all packs; the engine's own rules speak of others.
fn library_of(rule: &RuleFile, all: &written::Library) -> Result<Library, Refusal> {
    let mut rules = vec![rule.clone()];
    if matches!(rule.check, Check::Engine { .. }) {
        rules.extend(all.rules.iter().filter(|other| other.id != rule.id).cloned());
    }
    let written = written::Library { packs: all.packs.clone(), rules };
    Library::new(written).map_err(|errors| refuse(&errors))
}

fn refuse(errors: &[LoadError]) -> Refusal {
    Refusal::new(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Rule files `PACK/NAME.yaml` below a directory, or `NAME.yaml` in the directory of one pack.
fn read(dir: &Path) -> Result<(written::Library, HashMap<String, Prose>), Refusal> {
    let mut library = written::Library::default();
    let mut prose = HashMap::new();
    let mut errors = Vec::new();
    let files = files(dir).map_err(|e| Refusal::new(format!("{}: {e}", dir.display())))?;
    for (id, path) in files {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|e| Refusal::new(format!("{shown}: {e}")))?;
        let mut fail = |found: Vec<ReadError>| {
            let source = Source::new(&*text);
            errors.extend(found.into_iter().map(|e| LoadError::new(&shown, e.span, e.message).locate(&source)));
        };
        match id.strip_suffix("/pack") {
            Some(pack) => match pack_file(pack, &shown, &text) {
                Ok(pack) => library.packs.push(pack),
                Err(found) => fail(found),
            },
            None => match rule_file(&id, &shown, &text) {
                Ok((rule, words)) => {
                    prose.insert(rule.id.clone(), words);
                    library.rules.push(rule);
                }
                Err(found) => fail(found),
            },
        }
    }
    match errors.is_empty() {
        true => Ok((library, prose)),
        false => Err(refuse(&errors)),
    }
}

fn files(dir: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let dir = dir.canonicalize()?;
    let mut found = yaml_files(&dir)?;
    for entry in std::fs::read_dir(&dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(yaml_files(&path)?);
        }
    }
    found.sort();
    Ok(found)
}

/// The YAML files of a pack, with their ids.
fn yaml_files(pack: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let name = pack.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(pack)? {
        let path = entry?.path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "yaml") {
            found.push((format!("{name}/{stem}"), path));
        }
    }
    Ok(found)
}
