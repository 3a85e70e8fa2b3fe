//! Entries of a config's `ignores` whose last day is over, or that match nothing: what comments would be told, too.

use super::comments::diagnose;
use super::raw::Scope as Seen;
use super::session::HISTORY;
use super::{Plan, Session, excerpt, fingerprint::Fingerprints};
use crate::config::{Asked, FILE_NAMES, Ignored, Scope, Words};
use crate::diagnostic::{Diagnostic, Range};
use crate::rule::CompiledCheck;
use crate::rule::select::Selected;
use crate::suppress::{Fault, ends_soon};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What becomes of an entry over all folders for which its config holds.
struct Seldom<'e> {
    entry: &'e Ignored,
    used: bool,
    /// Whether its rules looked everywhere, so that it can be blamed for matching nothing.
    ran: bool,
}

impl Session<'_> {
    /// What is wrong with the entries, after a run over all of a project with these findings.
    pub fn stale(&self, findings: &[Diagnostic]) -> Vec<Diagnostic> {
        let Some(today) = self.day else { return Vec::new() };
        let mut entries: BTreeMap<(&str, u32), Seldom<'_>> = BTreeMap::new();
        for (folder, scope) in self.plans.scopes() {
            let plan = (!scope.ignores.is_empty()).then(|| self.plans.of(&within(folder), false));
            for (entry, plan) in scope.ignores.iter().zip(plan.iter().cycle()) {
                let (used, ran) = (self.uses(scope, entry, findings), self.could_match(plan, entry));
                let known = entries.entry((&entry.words.path, entry.words.span.start));
                let known = known.or_insert(Seldom { entry, used: false, ran: true });
                (known.used, known.ran) = (known.used | used, known.ran & ran);
            }
        }
        let mut prints = Fingerprints::default();
        let told = entries.values().filter_map(|seldom| seldom.fault(today));
        told.filter_map(|(fault, words)| self.tell_stale(fault, words, &mut prints)).collect()
    }

    fn uses(&self, scope: &Scope, entry: &Ignored, findings: &[Diagnostic]) -> bool {
        findings.iter().any(|finding| {
            let here = self.plans.scope(&finding.path).is_some_and(|own| std::ptr::eq(own, scope));
            let Some(rule) = scope.library.index.number(&finding.rule).filter(|_| here) else { return false };
            let variant = finding.variant.as_deref().and_then(|name| scope.library.rules[rule].variant(name));
            let rule = Selected { rule, variant };
            entry.covers(Asked { rule, path: &finding.path, subject: finding.subject.as_deref() })
        })
    }

    /// Whether one of its rules ran, and none was off that usually runs, or had nothing to look at.
    fn could_match(&self, plan: &Plan<'_>, entry: &Ignored) -> bool {
        let idle = |target: &Selected| {
            let (rule, state) = plan.rule(target.rule);
            let blind = match &rule.check {
                CompiledCheck::Require { subject, .. } => &**subject == HISTORY && self.past.is_none(),
                check => matches!(check, CompiledCheck::Engine(_)),
            };
            blind || (!state.active() && rule.on_by_default())
        };
        let ran = |target: &Selected| plan.rule(target.rule).1.active();
        entry.targets().iter().any(ran) && !entry.targets().iter().any(idle)
    }

    fn tell_stale(&self, fault: Fault, words: &Words, prints: &mut Fingerprints) -> Option<Diagnostic> {
        let plan: &Plan<'_> = &self.plans.of(&words.path, false);
        let seen = Seen { path: &words.path, kind: "yaml", secrets_only: false };
        let excerpt = self.excerpts.then(|| excerpt::cut(&words.source, words.span, &[]));
        diagnose(fault, &seen, plan, prints).map(|found| Diagnostic { excerpt, ..found })
    }
}

/// A file right in a folder, which no override is about.
fn within(folder: &str) -> String {
    if folder.is_empty() { FILE_NAMES[0].to_owned() } else { format!("{folder}/{}", FILE_NAMES[0]) }
}

impl Seldom<'_> {
    fn fault(&self, today: Date) -> Option<(Fault, &Words)> {
        let Self { entry, used, ran } = self;
        let name = ("name", entry.written.clone());
        let ends = entry.until.zip(entry.until_words.as_ref());
        let (engine, variant, words, arguments) = match ends {
            Some((day, words)) if entry.expired(today) => {
                ("expired-suppression", None, words, vec![name, ("until", day.to_string())])
            }
            Some((day, words)) if *used && ends_soon(day, today) => {
                ("expired-suppression", Some("soon"), words, vec![name, ("until", day.to_string())])
            }
            _ if *ran && !used => ("unused-suppression", None, &entry.words, vec![name]),
            _ => return None,
        };
        let place =
            Range { start: words.source.position(words.span.start), end: words.source.position(words.span.end) };
        let text = words.source.slice(words.span).to_owned();
        Some((Fault { engine, variant, place, text, arguments, embedded: false }, words))
    }
}
