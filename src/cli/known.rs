//! `--baseline` and `--write-baseline`: findings that are known are hidden, and recorded in a file.

use super::Refusal;
use super::atomic;
use super::output::say;
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::lint::baseline::{self, Earlier, Entry, File};
use crate::lint::{Finished, Session};
use crate::walk;
use clap::Args;
use clap::builder::FalseyValueParser;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What the user wants to do with known findings.
#[derive(Debug, Default, Args)]
pub(super) struct KnownArgs {
    /// Hide the findings that this file lists
    #[arg(long, value_name = "FILE", hide_env = true, env = "INFRALINT_BASELINE")]
    pub(super) baseline: Option<PathBuf>,
    /// Record the findings in this file
    #[arg(long, value_name = "FILE", hide_env = true, env = "INFRALINT_WRITE_BASELINE")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Take entries that no longer occur out of the --baseline
    #[arg(long, hide_env = true, env = "INFRALINT_PRUNE_BASELINE", value_parser = FalseyValueParser::new())]
    pub(super) prune_baseline: bool,
    /// With --write-baseline: refuse to record more findings of a rule than the file has
    #[arg(long, hide_env = true, env = "INFRALINT_RATCHET", value_parser = FalseyValueParser::new())]
    pub(super) ratchet: bool,
    /// Lint the content in git's index of the files that are staged for commit
    #[arg(long, hide_env = true, env = "INFRALINT_STAGED", value_parser = FalseyValueParser::new())]
    pub(super) staged: bool,
    /// Only what is new since the merge base with this revision; `default` for the default branch
    #[arg(long, value_name = "REV", hide_env = true, env = "INFRALINT_SINCE")]
    pub(super) since: Option<String>,
}

impl KnownArgs {
    /// Options that cannot mean anything together.
    pub(super) fn refuse_mixtures(&self, history: bool, stdin: bool) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::new(message));
        match self {
            Self { staged: true, .. } if stdin => refuse("--staged reads git's index, not stdin"),
            Self { staged: true, .. } if history => refuse("--staged and --history look at different things"),
            Self { since: Some(_), .. } if history => {
                refuse("--history takes a range, such as `main..HEAD`, not --since")
            }
            _ if history && stdin => refuse("--history reads commits, not stdin"),
            _ => Ok(()),
        }
    }
}

/// The baseline of a run, and what the run makes of it.
#[derive(Default)]
pub(super) struct Known {
    /// What `--baseline` names, read, and where it lies.
    baseline: Option<(PathBuf, File)>,
    /// What `--write-baseline` replaces.
    replaced: Option<File>,
    /// Where findings are recorded.
    target: Option<PathBuf>,
}

/// What the projects of a run add to the new baseline, or take from the old one.
#[derive(Default)]
pub(super) struct Records {
    found: Vec<Entry>,
    /// Entries of the replaced file about which this run says nothing.
    kept: BTreeMap<usize, bool>,
    /// How often entries of the `--baseline` were not met.
    gone: BTreeMap<usize, u32>,
    outdated: Vec<Diagnostic>,
}

/// Where a run looks.
pub(super) struct Looked<'a> {
    /// The project's root.
    pub(super) root: &'a Path,
    /// Whether it looks at a path relative to the root.
    pub(super) at: &'a dyn Fn(&str) -> bool,
}

impl Known {
    /// Reads the files that the options name.
    pub(super) fn open(options: &KnownArgs, cwd: &Path) -> Result<Self, Refusal> {
        if options.prune_baseline && options.baseline.is_none() {
            return Err(Refusal::new("--prune-baseline needs --baseline FILE"));
        }
        if options.ratchet && options.write_baseline.is_none() {
            return Err(Refusal::new("--ratchet needs --write-baseline FILE"));
        }
        let read = |file: &Path, missing: bool| match std::fs::read_to_string(cwd.join(file)) {
            Ok(text) => baseline::read(&walk::shown(file), text).map(Some).map_err(Refusal::new),
            Err(error) if missing && error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Refusal::new(format!("{}: the baseline cannot be read: {error}", file.display()))),
        };
        let named = options.baseline.as_deref();
        let place = |file: &Path| cwd.join(file).canonicalize().unwrap_or_else(|_| cwd.join(file));
        let listed = named.map(|file| read(file, false)).transpose()?.flatten();
        let baseline = named.map(place).zip(listed);
        let target = options.write_baseline.clone();
        let replaced = target.as_deref().map(|file| read(file, true)).transpose()?.flatten();
        Ok(Self { baseline, replaced, target: target.map(|file| cwd.join(file)) })
    }

    /// Marks a project's findings, whose paths are relative to its root, and notes what is to be recorded.
    pub(super) fn meet(
        &self,
        finished: &mut Finished,
        session: &Session<'_>,
        looked: &Looked<'_>,
        records: &mut Records,
    ) {
        let Finished { findings, problems, .. } = finished;
        let unread: BTreeSet<&str> = problems.iter().map(|problem| &*problem.path).collect();
        let judged =
            |entry: &Entry| session.looks_for(entry) && (looked.at)(&entry.path) && !unread.contains(&*entry.path);
        if let Some((place, file)) = &self.baseline {
            let left = mark(file, findings, session);
            // Of several projects the one that holds the file can say what is missing in it.
            if place.starts_with(looked.root) {
                records.outdated.extend(session.outdated(file, &left, &judged));
                let gone = file.entries.iter().zip(left).enumerate();
                let gone = gone.filter(|(_, (entry, left))| *left > 0 && judged(entry));
                records.gone.extend(gone.map(|(number, (_, left))| (number, left)));
            }
        }
        if self.target.is_none() {
            return;
        }
        let counts = |finding: &&mut Diagnostic| {
            finding.suppressed.as_ref().is_none_or(Suppressed::is_known) && !bound(session, finding)
        };
        for finding in findings.iter_mut().filter(counts) {
            records.found.push(Entry::of(finding));
            let by = Suppressed::BASELINE;
            finding.suppressed = Some(Suppressed { by, line: None, reason: None });
        }
        for (number, entry) in self.replaced.iter().flat_map(|file| &file.entries).enumerate() {
            let exists = session.plans.library(&entry.path).index.number(&entry.rule).is_some();
            *records.kept.entry(number).or_insert(exists) &= !judged(entry);
        }
    }

    /// Marks those of one file's findings that are known: nobody wants them mended.
    pub(super) fn hide(&self, findings: &mut [Diagnostic], session: &Session<'_>) {
        if let Some((_, file)) = &self.baseline {
            mark(file, findings, session);
        }
    }

    /// Writes what was recorded; gives the findings about the baseline itself.
    pub(super) fn conclude(
        &self,
        options: &KnownArgs,
        records: Records,
        quiet: bool,
    ) -> Result<Vec<Diagnostic>, Refusal> {
        if let Some(target) = &self.target {
            let entries = self.recorded(records.found, &records.kept);
            if options.ratchet {
                self.falls(&entries)?;
            }
            let count: u32 = entries.iter().map(|entry| entry.count).sum();
            save(target, entries)?;
            if !quiet {
                let path = options.write_baseline.as_deref().map(walk::shown).unwrap_or_default();
                let findings = if count == 1 { "1 finding".into() } else { format!("{count} findings") };
                say(&format!("infralint: {path} lists {findings}"));
            }
        }
        let Some((place, file)) = self.baseline.as_ref().filter(|_| options.prune_baseline) else {
            return Ok(records.outdated);
        };
        if !records.gone.is_empty() {
            let left = |number: usize| records.gone.get(&number).copied().unwrap_or(0);
            let entries = file.entries.iter().enumerate();
            save(place, entries.map(|(n, entry)| Entry { count: entry.count - left(n), ..entry.clone() }))?;
            if !quiet {
                let count: u32 = records.gone.values().sum();
                let entries = if count == 1 {
                    "1 entry that no longer occurs".into()
                } else {
                    format!("{count} entries that no longer occur")
                };
                say(&format!("infralint: took {entries} out of {}", file.path));
            }
        }
        Ok(Vec::new())
    }

    /// What was found, and what of the replaced file this run did not look at.
    fn recorded(&self, found: Vec<Entry>, kept: &BTreeMap<usize, bool>) -> Vec<Entry> {
        let old = self.replaced.iter().flat_map(|file| &file.entries).enumerate();
        let kept = old.filter(|(number, _)| kept.get(number).copied().unwrap_or(false));
        found.into_iter().chain(kept.map(|(_, entry)| entry.clone())).collect()
    }

    /// A rule's count may only fall.
    fn falls(&self, entries: &[Entry]) -> Result<(), Refusal> {
        let Some(old) = &self.replaced else { return Ok(()) };
        let (before, after) = (counts(&old.entries), counts(entries));
        let more = after.iter().filter_map(|(rule, count)| {
            let old = before.get(rule).copied().unwrap_or(0);
            (*count > old).then(|| format!("\n  {rule}: {count}, up from {old}"))
        });
        let more: String = more.collect();
        match more.is_empty() {
            true => Ok(()),
            false => {
                Err(Refusal::new(format!("{}: not written, for --ratchet lets counts only fall:{more}", old.path)))
            }
        }
    }
}

fn mark(file: &File, findings: &mut [Diagnostic], session: &Session<'_>) -> Vec<u32> {
    let there = |path: &str| session.inventory.is_file(path);
    let bound = |finding: &Diagnostic| bound(session, finding);
    let (by, there) = (Suppressed::BASELINE, &there);
    baseline::mark(findings, &Earlier { entries: &file.entries, by, there, counts_always: &bound })
}

/// What a policy demands counts whatever is known.
pub(super) fn bound(session: &Session<'_>, finding: &Diagnostic) -> bool {
    let plan = session.plans.of(&finding.path, false);
    plan.library.index.number(&finding.rule).is_some_and(|number| plan.rule(number).1.bound)
}

fn counts(entries: &[Entry]) -> BTreeMap<&str, u32> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        *counts.entry(entry.rule.as_str()).or_insert(0) += entry.count;
    }
    counts
}

fn save(place: &Path, entries: impl IntoIterator<Item = Entry>) -> Result<(), Refusal> {
    let text = baseline::write(entries);
    let written = atomic::write(place, |out| out.write_all(text.as_bytes()));
    written.map_err(|error| Refusal::new(format!("{}: the baseline cannot be written: {error}", place.display())))
}
