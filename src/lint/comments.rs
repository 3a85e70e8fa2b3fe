//! Suppression comments in a run: read with their file, applied when all findings are there.

use super::fingerprint::Fingerprints;
use super::plan::Plan;
use super::raw::{self, Raw, Scope};
use crate::diagnostic::{Diagnostic, Excerpt, Range};
use crate::fact::File;
use crate::rule::select::Selected;
use crate::suppress::{Fault, FileSuppressions};
use crate::syntax::Kind;
use crate::text::Span;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// The suppression comments of one file, until the run ends.
#[derive(Debug)]
pub struct Comments {
    /// The file.
    pub path: Arc<str>,
    kind: Kind,
    foreign: bool,
    suppressions: FileSuppressions,
    /// Source lines by place; only where a report shows them.
    excerpts: HashMap<Range, Excerpt>,
}

impl Comments {
    /// Reads a file's comments; nothing if there are none.
    pub fn read(file: &File<'_>, plan: &Plan<'_>, today: Date) -> Option<Box<Self>> {
        let suppressions = FileSuppressions::read(file.source, file.kind, plan.library, today);
        let comments = Self {
            path: Arc::from(file.path),
            kind: file.kind,
            foreign: file.foreign,
            suppressions,
            excerpts: HashMap::new(),
        };
        (!comments.suppressions.is_empty()).then(|| Box::new(comments))
    }

    /// Takes secrets out of all that may be said of the comments.
    pub fn clean(&mut self, clean: &dyn Fn(String) -> String) {
        self.suppressions.clean(clean);
    }

    /// Keeps the source lines of every place that a fault can have.
    pub fn cut_excerpts(&mut self, cut: &dyn Fn(Span) -> Excerpt) {
        let span = |range: Range| Span { start: range.start.offset, end: range.end.offset };
        self.excerpts = self.suppressions.places().map(|range| (range, cut(span(range)))).collect();
    }

    /// Marks what the comments silence among the file's findings; returns what is wrong with the comments.
    pub fn settle(mut self, findings: &mut [Diagnostic], plan: &Plan<'_>) -> Vec<Diagnostic> {
        let scope = Scope { path: &self.path, kind: self.kind.name(), secrets_only: self.foreign };
        let enforced = |rule: usize| plan.rule(rule).1.enforced;
        let ran = |targets: &[Selected]| could_find(targets, plan, &scope);
        let mut prints = Fingerprints::default();
        let mut diagnose = |fault: Fault| {
            let excerpt = self.excerpts.get(&fault.place).cloned();
            diagnose(fault, &scope, plan, &mut prints).map(|found| Diagnostic { excerpt, ..found })
        };
        self.suppressions.apply(findings, plan.library, &enforced);
        let mut faults: Vec<Diagnostic> =
            self.suppressions.faults(&ran).into_iter().filter_map(&mut diagnose).collect();
        self.suppressions.apply(&mut faults, plan.library, &enforced);
        faults.extend(self.suppressions.own_unused(&ran).into_iter().filter_map(diagnose));
        faults
    }
}

/// Whether one of the rules looked at such a file, and none was switched off that usually does: what is
/// switched off cannot be blamed for finding nothing.
fn could_find(targets: &[Selected], plan: &Plan<'_>, scope: &Scope<'_>) -> bool {
    let mut any = false;
    for target in targets {
        let (rule, state) = plan.rule(target.rule);
        if !scope.admits(rule) {
            continue;
        }
        let active = state.active() && target.variant.is_none_or(|v| state.variants[v]);
        let usual = match target.variant {
            None => rule.on_by_default(),
            Some(v) => rule.variants[v].default.unwrap_or(rule.default),
        };
        if usual && !active {
            return false;
        }
        any |= active;
    }
    any
}

/// The finding about a fault of a suppression, if the rule that says so is on.
pub(super) fn diagnose(
    fault: Fault,
    scope: &Scope<'_>,
    plan: &Plan<'_>,
    prints: &mut Fingerprints,
) -> Option<Diagnostic> {
    let number = plan.engine(fault.engine)?;
    let (rule, state) = plan.rule(number);
    let variant = fault.variant.and_then(|name| rule.variant(name));
    if !scope.admits(rule) || !variant.map_or(state.on, |v| state.variants[v]) {
        return None;
    }
    let shape = variant.map(|v| &rule.variants[v]);
    let message = shape.and_then(|v| v.message.as_ref()).unwrap_or(&rule.message);
    let raw = Raw {
        severity: None,
        rule: number,
        variant,
        span: Span::default(),
        message: message.render(None, &state.options, &fault.arguments),
        label: String::new(),
        embedded: fault.embedded,
        related: Vec::new(),
        secrets: Vec::new(),
        fix: None,
        wrong_on_purpose: false,
    };
    Some(Diagnostic {
        path: Arc::from(scope.path),
        rule: rule.id.clone(),
        variant: shape.map(|v| v.name.clone()),
        aliases: rule.aliases.clone(),
        severity: raw::severity(rule, state, &raw),
        message: raw.message,
        help: rule.help.clone(),
        range: fault.place,
        fingerprint: prints.next(&rule.id, "", &fault.text),
        subject: None,
        embedded_in: fault.embedded.then_some("markdown"),
        related: Vec::new(),
        fix: None,
        suppressed: None,
        baseline: None,
        origin: None,
        excerpt: None,
    })
}
