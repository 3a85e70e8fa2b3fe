//! One file: text to facts, facts to findings, findings to places.

use super::comments::Comments;
use super::counterexample;
use super::excerpt;
use super::fingerprint::{self, Fingerprints};
use super::masks::Masks;
use super::place::Placer;
use super::plan::Plan;
use super::raw::{self, Raw, Scope};
use super::scripts::{self, Reviewer};
use super::unknowns::{Counts, Watch};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Problem, Range};
use crate::fact::summary::{Summary, summarise};
use crate::fact::{self, Facts, File};
use crate::rule::fix::Proposal;
use crate::text::{Encoding, Source, Span};
use jiff::civil::Date;
use std::sync::{Arc, OnceLock};

/// What became of a file.
#[derive(Default)]
pub struct Outcome {
    /// Findings, suppressed or not, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// What could not be checked.
    pub problems: Vec<Problem>,
    /// What rules across files want to know of it.
    pub summary: Option<Box<Summary>>,
    /// Its suppression comments.
    pub comments: Option<Box<Comments>>,
    /// Of the watched fields, if any are.
    pub unknowns: Counts,
}

/// How files are linted.
pub struct Setup<'a, 'p> {
    /// The selected rules.
    pub plan: &'a Plan<'p>,
    /// All secrets rules, selected or not, made when first needed: what they find is masked.
    pub secrets: &'a OnceLock<Plan<'p>>,
    /// Whether findings carry source lines.
    pub excerpts: bool,
    /// The day in UTC on which suppression comments are judged; without one they are not read.
    pub today: Option<Date>,
    /// The fields whose unknowns are counted.
    pub watch: Option<&'a Watch>,
    /// Who reads shell scripts, if anybody does.
    pub reviewer: Option<&'a dyn Reviewer>,
    /// Whether an earlier revision is compared with.
    pub compares: bool,
}

/// Lints one file.
pub fn lint_file(file: &File<'_>, setup: &Setup<'_, '_>) -> Outcome {
    let plan = setup.plan;
    let scope = Scope { path: file.path, kind: file.kind.name(), secrets_only: file.foreign };
    let mut facts = Facts::default();
    fact::build(file, plan.wanted(), &mut facts);
    let mut found = raw::run(&facts, plan, &scope, file.inventory);
    raw::patterns(file.source.text(), plan, &scope, &mut found);
    scripts::review(&facts, setup.reviewer, plan, &scope, &mut found);
    let problems = plan.queries().run(file, plan, &scope, &mut found);
    if !found.is_empty() && plan.wanted().only("secrets.") {
        facts.fences = fact::fenced(file);
    }
    for raw in &mut found {
        // What is said of a fence itself begins with it, and stands in the document.
        let after = facts.fences.partition_point(|fence| fence.start < raw.span.start);
        raw.embedded |= after > 0 && facts.fences[after - 1].overlaps(raw.span);
        raw.wrong_on_purpose = raw.embedded && counterexample::shows(file.source, raw.span);
    }
    let mut outcome = Outcome {
        summary: summarise(file, &facts, plan.wanted(), setup.compares).map(Box::new),
        problems,
        ..Outcome::default()
    };
    // Comments say nothing where there is nothing to silence and nobody asks for idle ones.
    let heard = !found.is_empty() || outcome.summary.is_some() || plan.has_engines();
    outcome.comments = setup.today.filter(|_| heard).and_then(|today| Comments::read(file, plan, today));
    outcome.unknowns = setup.watch.map(|watch| watch.count(&facts)).unwrap_or_default();
    if found.is_empty() && outcome.comments.is_none() && !setup.excerpts {
        return outcome;
    }
    let masks = if found.is_empty() && outcome.summary.is_none() && outcome.comments.is_none() {
        Masks::default()
    } else if plan.finds_secrets() {
        Masks::of(&found)
    } else {
        Masks::find(file, setup.secrets.get_or_init(|| Plan::secrets(plan.library)))
    };
    outcome.comments.iter_mut().for_each(|comments| comments.clean(&|text| masks.clean(text, file.source)));
    if setup.excerpts {
        let cut = |span| excerpt::cut(file.source, span, masks.as_slice());
        outcome.summary.iter_mut().for_each(|summary| summary.cut_excerpts(&cut));
        outcome.comments.iter_mut().for_each(|comments| comments.cut_excerpts(&cut));
    }
    raw::settle(&mut found, plan);
    found.sort_by_key(|raw| (raw.span.start, raw.rule, raw.span.end));
    let placer = Placer::new(file.source, file.kind);
    let (path, prints) = (Arc::from(file.path), Fingerprints::default());
    let mut maker = Maker { path, source: file.source, setup, masks, prints, placer };
    outcome.findings = found.into_iter().map(|raw| maker.diagnose(raw)).collect();
    outcome
}

/// Makes findings of raw ones.
struct Maker<'a, 'p> {
    path: Arc<str>,
    source: &'a Source,
    setup: &'a Setup<'a, 'p>,
    masks: Masks,
    prints: Fingerprints,
    placer: Placer<'a>,
}

impl Maker<'_, '_> {
    fn diagnose(&mut self, raw: Raw) -> Diagnostic {
        let (rule, state) = self.setup.plan.rule(raw.rule);
        let severity = raw::severity(rule, state, &raw);
        let variant = raw.variant.map(|v| &rule.variants[v]);
        let span = visible(raw.span, self.source);
        let text = self.masks.print(span, self.source);
        let related = raw.related.into_iter().map(|(span, message)| self.label(span, message)).collect();
        Diagnostic {
            path: self.path.clone(),
            rule: rule.id.clone(),
            variant: variant.map(|v| v.name.clone()),
            aliases: rule.aliases_of(raw.variant),
            severity,
            message: self.masks.clean(raw.message, self.source),
            help: rule.help.clone(),
            range: range(span, self.source),
            fingerprint: self.prints.next(&fingerprint::named(rule, raw.variant), &raw.label, &text),
            subject: (!raw.label.is_empty()).then(|| Arc::from(self.masks.clean(raw.label, self.source))),
            embedded_in: raw.embedded.then_some("markdown"),
            related,
            fix: raw.fix.and_then(|proposal| self.fix(&proposal)),
            suppressed: None,
            baseline: None,
            origin: None,
            excerpt: self.setup.excerpts.then(|| excerpt::cut(self.source, span, self.masks.as_slice())),
        }
    }

    /// The fix, unless it is not exact or would repeat a secret.
    fn fix(&self, proposal: &Proposal) -> Option<Fix> {
        // Bytes of a file that was decoded are not those that its text has.
        if self.source.encoding() != Encoding::Utf8 {
            return None;
        }
        let edits = self.placer.edits(proposal)?;
        let title = self.masks.clean(proposal.title.clone(), self.source);
        let open = |text: &String| self.masks.clean(text.clone(), self.source) == *text;
        if !edits.iter().all(|(_, text)| open(text)) {
            return None;
        }
        let edit = |(span, text)| Edit { path: self.path.clone(), range: range(span, self.source), text };
        Some(Fix {
            title,
            safety: proposal.safety,
            alone: proposal.alone,
            edits: edits.into_iter().map(edit).collect(),
        })
    }

    fn label(&self, span: Span, message: String) -> Label {
        let message = self.masks.clean(message, self.source);
        Label { path: self.path.clone(), range: range(span, self.source), message, excerpt: None }
    }
}

/// Line and column of a span.
pub fn range(span: Span, source: &Source) -> Range {
    Range { start: source.position(span.start), end: source.position(span.end) }
}

/// A span that shows something: the first line that is not blank where there is no better place, and no
/// line breaks at the end.
fn visible(span: Span, source: &Source) -> Span {
    if span == Span::default() {
        return first_line(source);
    }
    let text = source.slice(span);
    let kept = text.trim_end_matches(['\n', '\r']).len();
    Span::new(span.start as usize, span.start as usize + kept)
}

fn first_line(source: &Source) -> Span {
    let numbers = 1..=source.lines().line_count();
    let spans = numbers.map(|n| source.lines().line_range(n, source.text()));
    let found = spans.map(|r| Span::new(r.start, r.end)).find(|s| !source.slice(*s).trim().is_empty());
    found.unwrap_or_default()
}
