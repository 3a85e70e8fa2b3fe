//! Runs the cases inside rule files: one mechanism for `cargo test`, `infralint test` and mutation.

use super::across;
use super::baseline::{self, Earlier};
use super::mend::{Level, Mended, mend};
use super::{Finished, Plan, Session, scripts};
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::fact::inventory::Inventory;
use crate::rule::case::{self, CaseFile, Mark};
use crate::rule::library::Library;
use crate::rule::select::Selection;
use crate::rule::written::{Case, Prose};
use crate::rule::{CompiledCheck, Rule};
use crate::text::Source;
use jiff::civil::{Date, date};
use std::fmt;

/// How a case went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A finding that the case demands is not there.
    Missing(Mark),
    /// A finding that the case does not want.
    Noisy(Found),
    /// The right words at the wrong place.
    Misplaced(Mark, Found),
    /// The right place, other words or another severity.
    Misworded(Mark, Found),
    /// What the fixes write is not what the case wants.
    Misfixed(String),
    /// The case itself cannot be run.
    Invalid(String),
}

/// A finding, as cases compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    path: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    severity: String,
    message: String,
}

/// What `fixed` says where no fix may be written.
const NONE: &str = "none";

/// The file of a case that is its baseline.
const BASELINE: &str = "infralint-baseline.json";
/// The file of a case that holds what a reviewer says of each of its shell scripts.
const REVIEW: &str = "shellcheck.json";
/// The day on which cases are linted.
const TODAY: Date = date(2026, 6, 15);

/// Runs a case of a rule. The library holds all packs, and that rule alone unless the rule is the engine's own
/// and speaks of others.
pub fn run(case: &Case, library: &Library, id: &str, fails: bool) -> Vec<Outcome> {
    let Some(number) = library.index.number(id) else { return vec![Outcome::Invalid(format!("no rule {id}"))] };
    let rule = &library.rules[number];
    let selection = match selection(case, library, number) {
        Ok(selection) => selection,
        Err(reason) => return vec![Outcome::Invalid(reason)],
    };
    let files = case::files(case, default_path(rule));
    let history = case::history(case);
    let marks = files.iter().chain(&history).map(|f| f.marks.len()).sum::<usize>();
    if fails != (marks > 0) {
        let wanted = if fails { "a failing case needs a mark" } else { "a passing case has no marks" };
        return vec![Outcome::Invalid(wanted.into())];
    }
    if case.fixed.is_some() && rule.fixes.is_empty() {
        return vec![Outcome::Invalid("`fixed` needs a rule with a `fix`".into())];
    }
    let mut outcomes = Vec::new();
    let mut inventory = Inventory::new(files.iter().map(|f| f.path.as_str()));
    inventory.set_tracked(files.iter().map(|f| f.path.as_str()));
    inventory.set_branch(case.branch.clone());
    let mut session = session(&files, Plan::new(library, &selection), &inventory);
    if !history.is_empty() {
        let overview = |file: &CaseFile| session.overview(&file.path, &Source::new(&*file.text)).summary.map(|s| *s);
        session.past = Some(history.iter().filter_map(overview).collect());
    }
    session.reviewer = files.iter().find(|file| file.path == REVIEW).and_then(|file| scripts::spoken(&file.text));
    let found = lint(&files, &session, id);
    if !rule.fixes.is_empty() {
        let across = matches!(&rule.check, CompiledCheck::Require { subject, .. } if subject.starts_with("project."));
        let wrong =
            if across { misrelated(case, &files, &session, id) } else { misfixed(case, &files[0], &session, id) };
        outcomes.extend(wrong);
    }
    let gone = history.iter().filter(|old| files.iter().all(|file| file.path != old.path));
    for file in files.iter().chain(gone) {
        compare(file, found.iter().filter(|f| f.path == file.path).cloned().collect(), &mut outcomes);
    }
    outcomes
}

/// All that is wrong with the cases of a rule.
pub fn run_all(prose: &Prose, library: &Library, id: &str) -> Vec<(String, Outcome)> {
    let fail = prose.fail.iter().map(|case| (case, true));
    let pass = prose.pass.iter().map(|case| (case, false));
    let run = |(case, fails): (&Case, bool)| {
        let outcomes = run(case, library, id, fails);
        outcomes.into_iter().map(|o| (case.name.value.clone(), o)).collect::<Vec<_>>()
    };
    fail.chain(pass).flat_map(run).collect()
}

fn selection(case: &Case, library: &Library, number: usize) -> Result<Selection, String> {
    let mut selection = Selection::defaults(&library.rules);
    let (rule, state) = (&library.rules[number], &mut selection.states[number]);
    state.on = true;
    state.variants.fill(true);
    for (name, value) in &case.with {
        let Some(index) = rule.options.iter().position(|o| o.name.value == name.value) else {
            return Err(format!("there is no option `{}`", name.value));
        };
        state.options[index] = Some(rule.options[index].check(value)?);
    }
    for (option, value) in rule.options.iter().zip(&state.options) {
        if value.is_none() {
            return Err(format!("the option `{}` must be set: `with: {{ {0}: … }}`", option.name.value));
        }
    }
    Ok(selection)
}

/// Where a case's file lies unless it says so: what the rule's subject is usually found in.
fn default_path(rule: &Rule) -> &str {
    let subject = match &rule.check {
        crate::rule::CompiledCheck::Require { subject, .. } | crate::rule::CompiledCheck::Structure { subject, .. } => {
            subject
        }
        crate::rule::CompiledCheck::Native(native) => native.subjects.first().copied().unwrap_or(""),
        crate::rule::CompiledCheck::Query(shapes) => match shapes.first().map(|s| s.language.value.as_str()) {
            Some("dockerfile") => "dockerfile",
            Some("yaml") => "yaml",
            _ => "markdown",
        },
        _ => &rule.pack,
    };
    match subject.split('.').next().unwrap_or_default() {
        "dockerfile" | "shell" => "Dockerfile",
        "k8s" => "manifest.yaml",
        "project" if &*rule.pack == "k8s" => "manifest.yaml",
        "compose" => "compose.yaml",
        "actions" => ".github/workflows/ci.yml",
        "gitlab" => ".gitlab-ci.yml",
        "yaml" => "file.yaml",
        "adr" => "docs/adr/0001-record.md",
        "infra-spec" if subject.ends_with(".spec") => "specs/infrastructure/001-cache/spec.md",
        "infra-spec" if subject.ends_with(".setup") => "specs/infrastructure/001-cache/setup.md",
        "infra-spec" => "specs/infrastructure/001-cache/tasks.md",
        "docs" | "markdown" | "document" => "docs/document.md",
        "runbook" => "runbooks/alert.md",
        "infra-arch" => "docs/planning/architecture/infrastructure/login-infrastructure-architecture-20260105.md",
        "design" => "design-docs/60-infrastructure.md",
        _ => "file.txt",
    }
}

fn session<'a>(files: &[CaseFile], plan: Plan<'a>, inventory: &'a Inventory) -> Session<'a> {
    let mut session = Session::new(plan, inventory);
    (session.today, session.day) = (Some(TODAY), Some(TODAY));
    for file in files.iter().filter(|f| session.wants(&f.path)).collect::<Vec<_>>() {
        session.learn(&file.path, &file.text);
    }
    session.learn_asked(|path| files.iter().find(|file| file.path == path).map(|file| file.text.clone()));
    session
}

/// What is wrong with the fixes of a case: they must write what it says, or at least be done in one run.
fn misfixed(case: &Case, file: &CaseFile, session: &Session<'_>, id: &str) -> Option<Outcome> {
    let own = |finding: &Diagnostic| &*finding.rule == id;
    let only = |findings: &mut Vec<Diagnostic>| findings.retain(own);
    let again = |text: &str| mend(&file.path, &Source::new(text), session, Level::Unsafe, &only);
    let mended = again(&file.text);
    let Some(wanted) = &case.fixed else {
        let twice = mended.and_then(|mended| again(&mended.text));
        return twice.map(|_| Outcome::Misfixed("a second run changes the file again".into()));
    };
    if wanted.value == NONE {
        return mended.map(|mended| Outcome::Misfixed(format!("nothing should be written, not {:?}", mended.text)));
    }
    let Some(Mended { text, .. }) = mended else { return Some(Outcome::Misfixed("nothing is written".into())) };
    if text != wanted.value {
        return Some(Outcome::Misfixed(format!("{text:?} is written")));
    }
    if again(&text).is_some() {
        return Some(Outcome::Misfixed("a second run changes the file again".into()));
    }
    let left = session.settled(&file.path, &Source::new(text));
    let left = left.iter().find(|finding| own(finding) && finding.suppressed.is_none());
    left.map(|finding| Outcome::Misfixed(format!("the fixed file still has {}", Found::from(finding))))
}

/// The same of fixes of findings about several files, of which the first must say what the case wants.
fn misrelated(case: &Case, files: &[CaseFile], session: &Session<'_>, id: &str) -> Option<Outcome> {
    let again = |files: &[CaseFile]| -> Vec<CaseFile> {
        let found = finish(files, session).findings;
        let own = found.iter().filter(|finding| &*finding.rule == id && finding.suppressed.is_none());
        let plan = across::plan(own, Level::Unsafe);
        let written = |file: &CaseFile| {
            let edits = plan.files.get(&*file.path)?;
            across::written(&Source::new(&*file.text), edits)
        };
        files
            .iter()
            .map(|file| CaseFile { text: written(file).unwrap_or_else(|| file.text.clone()), ..file.clone() })
            .collect()
    };
    let mended = again(files);
    if again(&mended) != mended {
        return Some(Outcome::Misfixed("a second run changes the files again".into()));
    }
    let wanted = case.fixed.as_ref()?;
    let text = &mended.first()?.text;
    if wanted.value == NONE {
        return (mended != files).then(|| Outcome::Misfixed(format!("nothing should be written, not {text:?}")));
    }
    if mended == files {
        return Some(Outcome::Misfixed("nothing is written".into()));
    }
    if *text != wanted.value {
        return Some(Outcome::Misfixed(format!("{text:?} is written")));
    }
    let left = lint(&mended, session, id);
    left.first().map(|finding| Outcome::Misfixed(format!("the fixed files still have {finding}")))
}

fn finish(files: &[CaseFile], session: &Session<'_>) -> Finished {
    let outcomes = files.iter().map(|f| session.lint(&f.path, &Source::new(&*f.text)));
    session.finish(outcomes.collect::<Vec<_>>())
}

fn lint(files: &[CaseFile], session: &Session<'_>, id: &str) -> Vec<Found> {
    let mut finished = finish(files, session);
    if let Some(file) = files.iter().find(|f| f.path == BASELINE) {
        meet_baseline(&file.text, session, &mut finished);
    }
    finished.findings.iter().filter(|f| &*f.rule == id && f.suppressed.is_none()).map(Found::from).collect()
}

/// A baseline among the files of a case: what it lists is known, and what is wrong with it is found.
fn meet_baseline(text: &str, session: &Session<'_>, finished: &mut Finished) {
    let Ok(file) = baseline::read(BASELINE, text.to_owned()) else { return };
    let there = |path: &str| session.inventory.is_file(path);
    let earlier =
        Earlier { entries: &file.entries, by: Suppressed::BASELINE, there: &there, counts_always: &|_| false };
    let left = baseline::mark(&mut finished.findings, &earlier);
    finished.findings.extend(session.outdated(&file, &left, &|entry| session.looks_for(entry)));
}

fn compare(file: &CaseFile, mut found: Vec<Found>, outcomes: &mut Vec<Outcome>) {
    let mut left: Vec<&Mark> = Vec::new();
    for mark in &file.marks {
        match found.iter().position(|f| f.fits(mark)) {
            Some(index) => drop(found.remove(index)),
            None => left.push(mark),
        }
    }
    for mark in left {
        let same_place = found.iter().position(|f| f.stands_at(mark));
        let same_words = found.iter().position(|f| f.says(mark));
        outcomes.push(match (same_place, same_words) {
            (Some(index), _) => Outcome::Misworded(mark.clone(), found.remove(index)),
            (None, Some(index)) => Outcome::Misplaced(mark.clone(), found.remove(index)),
            (None, None) => Outcome::Missing(mark.clone()),
        });
    }
    outcomes.extend(found.into_iter().map(Outcome::Noisy));
}

impl From<&Diagnostic> for Found {
    fn from(d: &Diagnostic) -> Self {
        Self {
            path: d.path.to_string(),
            line: d.range.start.line,
            column: d.range.start.column,
            end_line: d.range.end.line,
            end_column: d.range.end.column,
            severity: d.severity.to_string(),
            message: d.message.clone(),
        }
    }
}

impl Found {
    fn fits(&self, mark: &Mark) -> bool {
        self.stands_at(mark) && self.says(mark)
    }

    /// A finding of several lines is marked on its first one.
    fn stands_at(&self, mark: &Mark) -> bool {
        let empty = self.end_line == self.line && self.end_column == self.column;
        let end = if empty { self.end_column + 1 } else { self.end_column };
        let ends = self.end_line > self.line || end == mark.end_column;
        (self.line, self.column) == (mark.line, mark.column) && ends
    }

    fn says(&self, mark: &Mark) -> bool {
        let severity = mark.severity.is_none_or(|s| s.as_str() == self.severity);
        severity && (mark.message.is_empty() || mark.message == self.message)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Missing(mark) => write!(f, "missing: {mark}"),
            Outcome::Noisy(found) => write!(f, "noisy: {found}"),
            Outcome::Misplaced(mark, found) => write!(f, "misplaced: {found}, wanted {mark}"),
            Outcome::Misworded(mark, found) => write!(f, "misworded: {found}, wanted {mark}"),
            Outcome::Misfixed(how) => write!(f, "misfixed: {how}"),
            Outcome::Invalid(reason) => write!(f, "invalid case: {reason}"),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{} {}", self.line, self.column, self.end_column, self.message)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}-", self.path, self.line, self.column)?;
        if self.end_line > self.line {
            write!(f, "{}:", self.end_line)?;
        }
        write!(f, "{} {}: {}", self.end_column, self.severity, self.message)
    }
}
