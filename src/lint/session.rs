//! A run: what all files share, each file through the rules, then the project.

use super::comments::Comments;
use super::file::{Outcome, Setup, lint_file};
use super::ignores;
use super::masks::Masks;
use super::plan::Plan;
use super::plans::Plans;
use super::project;
use super::scripts::Reviewer;
use super::unknowns::{self, Counts, Watch};
use crate::diagnostic::{Diagnostic, Problem, Status};
use crate::fact::context::directory;
use crate::fact::inventory::Inventory;
use crate::fact::summary::{Summary, summarise};
use crate::fact::{self, Context, Facts, File, Wanted, project as relations};
use crate::rule::CompiledCheck;
use crate::syntax::Kind;
use crate::syntax::kind::{
    Attributes, Guess, PathContext, classify_path, foreign_path, generated_head, generated_page,
};
use crate::text::{Source, Span};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::OnceLock;

/// The relation between a file and what it was.
pub(super) const HISTORY: &str = "project.past-record";

/// What notes call the rules that need an earlier revision.
pub const COMPARING: &str = "rules that compare decision records with an earlier revision";

/// What every file of a run is judged by.
pub struct Session<'a> {
    /// The selected rules, file by file.
    pub plans: Plans<'a>,
    /// What there is below the root.
    pub inventory: &'a Inventory,
    /// Whether findings carry source lines, for people.
    pub excerpts: bool,
    /// The day in UTC on which suppression comments are judged; without one they are not read at all.
    pub today: Option<Date>,
    /// The day of the run for all else: what configs ignore does not expire without one.
    pub day: Option<Date>,
    /// Who reads shell scripts, if anybody does.
    pub reviewer: Option<Box<dyn Reviewer>>,
    watch: Option<Watch>,
    secrets: OnceLock<Plan<'a>>,
    related: OnceLock<Wanted>,
    /// What the files of an earlier revision contribute, if one is compared with.
    pub past: Option<Vec<Summary>>,
    paths: PathContext,
    attributes: Attributes,
    context: Context,
    compose_folders: OnceLock<HashSet<Box<str>>>,
}

/// All findings and problems of a run, sorted.
#[derive(Default)]
pub struct Finished {
    /// By path, offset and rule; suppressed ones are among them.
    pub findings: Vec<Diagnostic>,
    /// By path.
    pub problems: Vec<Problem>,
    /// Of the watched fields, if any are.
    pub unknowns: Counts,
}

impl<'a> Session<'a> {
    /// Begins a run with the same rules for all files.
    pub fn new(plan: Plan<'a>, inventory: &'a Inventory) -> Self {
        Self::of(Plans::one(plan), inventory)
    }

    /// Begins a run.
    pub fn of(plans: Plans<'a>, inventory: &'a Inventory) -> Self {
        let paths = PathContext::from_paths(inventory.files());
        let (attributes, context) = (Attributes::default(), Context::default());
        Self {
            plans,
            inventory,
            excerpts: false,
            today: None,
            day: None,
            reviewer: None,
            watch: None,
            secrets: OnceLock::new(),
            related: OnceLock::new(),
            past: None,
            paths,
            attributes,
            context,
            compose_folders: OnceLock::new(),
        }
    }

    /// Counts from now on how often the fields that rules look at are unknown.
    pub fn watch_unknowns(&mut self) {
        self.watch = Some(Watch::new(self.plans.first()));
    }

    /// The fields that are watched.
    pub fn watch(&self) -> Option<&Watch> {
        self.watch.as_ref()
    }

    /// Whether a file may be part of a Compose project though its name does not say so: it lies beside one, or in a folder
    /// right below.
    fn is_near_compose(&self, path: &str) -> bool {
        let near = self.compose_folders.get_or_init(|| {
            let files = self.inventory.files().filter(|path| path.contains("compose"));
            files
                .filter(|path| classify_path(path, &self.paths).kind == Kind::Compose)
                .map(|p| directory(p).into())
                .collect()
        });
        let dir = directory(path);
        !near.is_empty() && (near.contains(dir) || near.contains(directory(dir)))
    }

    /// Whether [`Session::learn`] wants to see a file before any is linted.
    pub fn wants(&self, path: &str) -> bool {
        let named = path.ends_with(".gitattributes") || path.ends_with("Chart.lock");
        let kind = self.guess(path).kind;
        let near = || kind == Kind::YamlOther && self.is_near_compose(path);
        named || Context::reads_text(path) || Context::reads(kind) || near()
    }

    /// Learns from a file what it says of others. To be called for every wanted file, in the order of the paths.
    pub fn learn(&mut self, path: &str, text: &str) {
        if path.ends_with(".gitattributes") {
            return self.attributes.add(path, text);
        }
        if path.ends_with("Chart.lock") {
            return self.paths.read_lock(path, text);
        }
        if Context::reads_text(path) {
            self.context.read_text(path, text);
        }
        let kind = self.guess(path).kind;
        if let Some(scope) = self.plans.scope(path).filter(|_| kind == Kind::Compose) {
            scope.chain.stacks().for_each(|stack| self.context.read_together(stack));
        }
        self.context.read(path, kind, text);
    }

    /// Learns from the files that those point to which were learnt from; to be called once, when all of them were.
    pub fn learn_asked(&mut self, read: impl Fn(&str) -> Option<String>) {
        let asked: Vec<String> = self.context.asks().map(str::to_owned).collect();
        for path in asked.iter().filter(|path| self.inventory.is_file(path)) {
            if let Some(text) = read(path) {
                self.context.read_patch(path, &text);
            }
        }
        self.context.close();
    }

    /// Lints one file.
    pub fn lint(&self, path: &str, source: &Source) -> Outcome {
        lint_file(&self.file(path, source), &self.setup(&self.plans.of(path, false)))
    }

    /// Lints one file that its config leaves out: by what a policy demands.
    pub fn lint_bound(&self, path: &str, source: &Source) -> Outcome {
        let outcome = lint_file(&self.file(path, source), &self.setup(&self.plans.of(path, true)));
        // No comment silences what a policy demands.
        Outcome { comments: None, ..outcome }
    }

    /// Lints a part of a file too large for its parsers: by the rules for plain text.
    pub fn lint_part(&self, path: &str, source: &Source) -> Outcome {
        let file = File { kind: Kind::Text, sure: true, ..self.file(path, source) };
        let plan = self.plans.of(path, false);
        let mut outcome = lint_file(&file, &self.setup(&plan));
        // Parts overlap, so one that silences nothing here may do so in the next.
        if let Some(comments) = outcome.comments.take() {
            comments.settle(&mut outcome.findings, &plan);
        }
        outcome
    }

    /// What a file that is not reported contributes to the relations between files.
    pub fn overview(&self, path: &str, source: &Source) -> Outcome {
        let file = self.file(path, source);
        let wanted = self.related.get_or_init(|| relations::needed(self.plans.first().wanted()));
        let mut facts = Facts::default();
        fact::build(&file, wanted, &mut facts);
        Outcome { summary: summarise(&file, &facts, wanted, true).map(Box::new), ..Outcome::default() }
    }

    /// Whether a file may be part of a relation that some rule looks at.
    pub fn relates(&self, path: &str) -> bool {
        relations::may_relate(path, self.guess(path).kind, self.plans.first().wanted())
    }

    /// Whether a finding is about a relation between files.
    pub fn is_across(&self, finding: &Diagnostic) -> bool {
        let library = self.plans.library(&finding.path);
        let rule = library.index.number(&finding.rule).map(|number| &library.rules[number].check);
        matches!(rule, Some(CompiledCheck::Require { subject, .. }) if subject.starts_with("project."))
    }

    /// The findings of one file alone, its comments applied to them.
    pub fn settled(&self, path: &str, source: &Source) -> Vec<Diagnostic> {
        let mut outcome = self.lint(path, source);
        if let Some(comments) = outcome.comments.take() {
            // What is wrong with the comments is known when the whole run is over.
            comments.settle(&mut outcome.findings, &self.plans.of(path, false));
        }
        ignores::apply(&self.plans, self.day, &mut outcome.findings);
        outcome.findings
    }

    /// How many faults of syntax a file has.
    pub fn syntax_faults(&self, path: &str, source: &Source) -> usize {
        super::sound::faults(&self.file(path, source))
    }

    /// Whether what edits of a file do not touch is after them what it was.
    pub fn keeps(&self, path: &str, before: &Source, after: &Source, edits: &[(Span, &str)]) -> bool {
        super::sound::keeps(self.file(path, before).kind, before.text(), after.text(), edits)
    }

    fn setup<'s>(&'s self, plan: &'s Plan<'a>) -> Setup<'s, 'a> {
        let (secrets, watch, reviewer) = (&self.secrets, self.watch.as_ref(), self.reviewer.as_deref());
        Setup {
            plan,
            secrets,
            excerpts: self.excerpts,
            today: self.today,
            watch,
            reviewer,
            compares: self.past.is_some(),
        }
    }

    /// What the path tells of a file's kind, unless the config knows better.
    fn guess(&self, path: &str) -> Guess {
        match self.plans.scope(path).and_then(|scope| scope.chain.kind(path)) {
            Some(kind) => Guess { kind, sure: true },
            None => match classify_path(path, &self.paths) {
                Guess { kind: Kind::YamlOther, .. } if self.context.is_compose(path) => {
                    Guess { kind: Kind::Compose, sure: true }
                }
                guess => guess,
            },
        }
    }

    /// The secrets of a file, whichever rules are selected.
    pub fn masks(&self, file: &File<'_>) -> Masks {
        Masks::find(file, self.secrets.get_or_init(|| Plan::secrets(self.plans.first().library)))
    }

    /// A file as fact builders see it.
    pub fn file<'f>(&'f self, path: &'f str, source: &'f Source) -> File<'f> {
        let guess = self.guess(path);
        let foreign = foreign_path(path).or_else(|| self.attributes.foreign(path)).is_some()
            || self.paths.is_fetched(path)
            || match guess.kind {
                Kind::Markdown => generated_page(source.text()),
                _ => generated_head(source.text()),
            };
        File {
            path,
            source,
            kind: guess.kind,
            sure: guess.sure,
            foreign,
            documents: &self.plans.library(path).documents,
            context: &self.context,
            inventory: self.inventory,
            day: self.day,
        }
    }

    /// Ends a run: the rules that look across files, then the order that every report has.
    pub fn finish(&self, outcomes: impl IntoIterator<Item = Outcome>) -> Finished {
        let mut finished = Finished::default();
        let (mut summaries, mut comments) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            finished.findings.extend(outcome.findings);
            finished.problems.extend(outcome.problems);
            summaries.extend(outcome.summary.map(|summary| *summary));
            comments.extend(outcome.comments.map(|comments| *comments));
            unknowns::add(&mut finished.unknowns, outcome.unknowns);
        }
        summaries.sort_by(|a, b| a.path.cmp(&b.path));
        finished.findings.extend(project::lint(&summaries, self.past.as_deref(), &self.plans, self.inventory));
        finished.problems.extend(self.unseen(&summaries));
        finished.problems.extend(self.reviewer.iter().flat_map(|reviewer| reviewer.problems()));
        finished.findings.sort_by(order);
        self.suppress(comments, &mut finished.findings);
        ignores::apply(&self.plans, self.day, &mut finished.findings);
        finished.problems.sort();
        // Nobody waits for the memory of what ten thousand files said; where no thread can be had, it is freed here.
        drop(std::thread::Builder::new().spawn(move || drop(summaries)));
        finished
    }

    /// Whether some rule compares with an earlier revision.
    pub fn looks_back(&self) -> bool {
        self.plans.first().wanted().subject(HISTORY)
    }

    /// The note that nothing was compared with an earlier revision, where there is something to compare.
    fn unseen(&self, summaries: &[Summary]) -> Option<Problem> {
        let mut records = summaries.iter().filter(|summary| summary.records.iter().any(|record| record.has_status));
        let first = records.next().filter(|_| self.past.is_none() && self.looks_back())?;
        let message = format!("{COMPARING} did not run: no --since was given");
        Some(Problem { path: first.path.clone(), status: Status::Skipped, kind: Problem::NOT_ASKED, message })
    }

    /// Applies every file's comments to the file's sorted findings; what is wrong with comments joins them.
    fn suppress(&self, comments: Vec<Comments>, findings: &mut Vec<Diagnostic>) {
        let mut faults = Vec::new();
        for comments in comments {
            let start = findings.partition_point(|d| d.path < comments.path);
            let end = findings.partition_point(|d| d.path <= comments.path);
            let plan = self.plans.of(&comments.path, false);
            faults.extend(comments.settle(&mut findings[start..end], &plan));
        }
        if !faults.is_empty() {
            findings.extend(faults);
            findings.sort_by(order);
        }
    }
}

/// The order of every report: by path, offset and rule.
pub fn order(a: &Diagnostic, b: &Diagnostic) -> std::cmp::Ordering {
    let key = |d: &Diagnostic| (d.range.start.offset, d.range.end.offset);
    a.path
        .cmp(&b.path)
        .then_with(|| key(a).0.cmp(&key(b).0))
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| key(a).1.cmp(&key(b).1))
        .then_with(|| a.message.cmp(&b.message))
}
