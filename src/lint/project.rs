//! The rules that look across files, run over the files' summaries.

use super::fingerprint::{self, Fingerprints};
use super::plan::Plan;
use super::plans::Plans;
use super::raw::{self, Scope};
use crate::check::structure::Siblings;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label};
use crate::fact::inventory::Inventory;
use crate::fact::project::{self, Remedy};
use crate::fact::summary::{Place, Summary};
use crate::rule::CompiledCheck;
use crate::rule::fix::Proposal;
use std::sync::Arc;

/// Runs the selected cross-file rules. Summaries must be sorted by path.
pub fn lint(
    summaries: &[Summary],
    past: Option<&[Summary]>,
    plans: &Plans<'_>,
    inventory: &Inventory,
) -> Vec<Diagnostic> {
    let wanted = plans.first();
    let wanted = wanted.wanted();
    if !wanted.any("project.") {
        return Vec::new();
    }
    let mut prints = Fingerprints::default();
    let mut found = Vec::new();
    for relation in project::relations(summaries, past, inventory, wanted) {
        let plan = &*plans.of(&relation.place.path, false);
        for &number in plan.rules_for(&relation.subject.name) {
            let (rule, state) = plan.rule(number);
            let scope = Scope { path: &relation.place.path, kind: "", secrets_only: false };
            if rule.files.is_some() && !scope.admits(rule) {
                continue;
            }
            if let Some(raw) = raw::meet(number, rule, state, &relation.subject) {
                let fix = fix(raw.fix.as_ref(), &relation.remedies);
                let found_here = diagnose(raw, &relation.place, &relation.related, plan, &mut prints);
                found.push(Diagnostic { fix, ..found_here });
            }
        }
    }
    templates(summaries, plans, inventory, &mut prints, &mut found);
    found
}

/// The fix in the rule's words, where there is something that mends the relation.
fn fix(proposal: Option<&Proposal>, remedies: &[Remedy]) -> Option<Fix> {
    let proposal = proposal.filter(|_| !remedies.is_empty())?;
    let edit = |remedy: &Remedy| Edit { path: remedy.path.clone(), range: remedy.range, text: remedy.text.clone() };
    Some(Fix {
        title: proposal.title.clone(),
        safety: proposal.safety,
        alone: proposal.alone,
        edits: remedies.iter().map(edit).collect(),
    })
}

/// What templates say of the files beside a document.
fn templates(
    summaries: &[Summary],
    plans: &Plans<'_>,
    inventory: &Inventory,
    prints: &mut Fingerprints,
    found: &mut Vec<Diagnostic>,
) {
    for (index, summary) in summaries.iter().enumerate().filter(|(_, summary)| !summary.documents.is_empty()) {
        let plan = &*plans.of(&summary.path, false);
        for &number in summary.documents.iter().flat_map(|name| plan.structures_for(name)) {
            let (rule, state) = plan.rule(number);
            let CompiledCheck::Structure { template, .. } = &rule.check else { continue };
            let scope = Scope { path: &summary.path, kind: "markdown", secrets_only: false };
            let Some(siblings) = template.siblings.as_ref().filter(|_| scope.admits(rule)) else { continue };
            for (shape, what, value) in beside(siblings, index, summaries, inventory) {
                let Some(message) = raw::structure_message(rule, state, shape, None, what, value) else { continue };
                let raw = raw::Raw {
                    severity: None,
                    rule: number,
                    variant: Some(shape),
                    span: Default::default(),
                    message,
                    label: String::new(),
                    embedded: false,
                    wrong_on_purpose: false,
                    related: Vec::new(),
                    secrets: Vec::new(),
                    fix: None,
                };
                found.push(diagnose(raw, &summary.head, &[], plan, prints));
            }
        }
    }
}

/// What is wrong with the files beside a document: shape, sentence, value.
fn beside(
    siblings: &Siblings,
    index: usize,
    summaries: &[Summary],
    inventory: &Inventory,
) -> Vec<(usize, String, String)> {
    let path = &summaries[index].path;
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let place = |name: &str| if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
    let missing = siblings.exist.iter().filter(|(_, name)| !inventory.exists(&place(name)));
    let mut out: Vec<_> = missing.map(|(shape, name)| (*shape, format!("no {name} beside it"), name.clone())).collect();
    if let Some(total) = &siblings.total {
        let lines = |name: &String| {
            let path = place(name);
            let at = summaries.binary_search_by(|summary| (*summary.path).cmp(&path)).ok();
            // A file that is there but was not read has lines that nobody counted.
            at.map(|at| summaries[at].lines).or_else(|| (!inventory.exists(&path)).then_some(0))
        };
        let counted: Option<Vec<i64>> = total.of.iter().map(lines).collect();
        if let Some(sum) = counted.map(|lines| lines.iter().sum::<i64>()).filter(|sum| !total.lines.admit(*sum as f64))
        {
            let what = format!("{} have {sum} lines together, expected {}", total.of.join(", "), total.lines);
            out.push((total.shape, what, sum.to_string()));
        }
    }
    out
}

fn diagnose(
    raw: raw::Raw,
    place: &Place,
    related: &[(Place, String)],
    plan: &Plan<'_>,
    prints: &mut Fingerprints,
) -> Diagnostic {
    let (rule, state) = plan.rule(raw.rule);
    let severity = raw::severity(rule, state, &raw);
    let variant = raw.variant.map(|v| &rule.variants[v]);
    let related = related.iter().map(|(place, message)| Label {
        path: place.path.clone(),
        range: place.range,
        message: message.clone(),
        excerpt: place.excerpt.clone(),
    });
    Diagnostic {
        path: place.path.clone(),
        rule: rule.id.clone(),
        variant: variant.map(|v| v.name.clone()),
        aliases: rule.aliases_of(raw.variant),
        severity,
        message: raw.message,
        help: rule.help.clone(),
        range: place.range,
        fingerprint: prints.next(&fingerprint::named(rule, raw.variant), &raw.label, &place.text),
        subject: (!raw.label.is_empty()).then(|| Arc::from(raw.label)),
        embedded_in: None,
        related: related.collect(),
        fix: None,
        suppressed: None,
        baseline: None,
        origin: None,
        excerpt: place.excerpt.as_deref().cloned(),
    }
}
