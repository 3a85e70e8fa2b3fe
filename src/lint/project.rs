//! The rules that look across files, run over the files' summaries.

use super::fingerprint::Fingerprints;
use super::plan::Plan;
use super::plans::Plans;
use super::raw::{self, Scope};
use crate::diagnostic::{Diagnostic, Label};
use crate::fact::inventory::Inventory;
use crate::fact::project::{self, ProjectSubject};
use crate::fact::summary::Summary;
use std::sync::Arc;

/// Runs the selected cross-file rules. Summaries must be sorted by path.
pub fn lint(summaries: &[Summary], plans: &Plans<'_>, inventory: &Inventory) -> Vec<Diagnostic> {
    let wanted = plans.first();
    let wanted = wanted.wanted();
    if !wanted.any("project.") {
        return Vec::new();
    }
    let mut prints = Fingerprints::default();
    let mut found = Vec::new();
    for relation in project::relations(summaries, inventory, wanted) {
        let plan = &*plans.of(&relation.place.path, false);
        for &number in plan.rules_for(&relation.subject.name) {
            let (rule, state) = plan.rule(number);
            let scope = Scope { path: &relation.place.path, kind: "", secrets_only: false };
            if rule.files.is_some() && !scope.admits(rule) {
                continue;
            }
            if let Some(raw) = raw::meet(number, rule, state, &relation.subject) {
                found.push(diagnose(raw, &relation, plan, &mut prints));
            }
        }
    }
    found
}

fn diagnose(raw: raw::Raw, relation: &ProjectSubject, plan: &Plan<'_>, prints: &mut Fingerprints) -> Diagnostic {
    let (rule, state) = plan.rule(raw.rule);
    let severity = raw::severity(rule, state, &raw);
    let variant = raw.variant.map(|v| &rule.variants[v]);
    let place = &relation.place;
    let related = relation.related.iter().map(|(place, message)| Label {
        path: place.path.clone(),
        range: place.range,
        message: message.clone(),
    });
    Diagnostic {
        path: place.path.clone(),
        rule: rule.id.clone(),
        variant: variant.map(|v| v.name.clone()),
        aliases: variant.and_then(|v| v.aliases.clone()).unwrap_or_else(|| rule.aliases.clone()),
        severity,
        message: raw.message,
        help: rule.help.clone(),
        range: place.range,
        fingerprint: prints.next(&rule.id, &raw.label, &place.text),
        subject: (!raw.label.is_empty()).then(|| Arc::from(raw.label)),
        embedded_in: None,
        related: related.collect(),
        fix: None,
        suppressed: None,
        baseline: None,
        origin: None,
        excerpt: relation.place.excerpt.clone(),
    }
}
