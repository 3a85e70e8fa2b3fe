//! Facts meet rules: findings before they have lines, words are masked or anything is suppressed.

use super::excerpt::Mask;
use super::plan::{NamedOptions, Plan};
use crate::check::{Hit, structure};
use crate::diagnostic::Severity;
use crate::fact::document::Document;
use crate::fact::inventory::Inventory;
use crate::fact::value::{Item, Object, Value};
use crate::fact::{Facts, Subject, speaks_of_document};
use crate::rule::condition::{Truth, walk};
use crate::rule::fix::{Ask, Proposal, Site, propose};
use crate::rule::select::State;
use crate::rule::written::Verb;
use crate::rule::{CompiledCheck, Rule};
use crate::text::Span;

/// A finding of one file, still in bytes.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The rule's number.
    pub rule: usize,
    /// The variant's number.
    pub variant: Option<usize>,
    /// Instead of the rule's and the variant's, where whoever found it says how much it matters.
    pub severity: Option<Severity>,
    /// The words at fault.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// The thing it is about.
    pub label: String,
    /// Whether it stands in a fenced block.
    pub embedded: bool,
    /// Whether the document shows it as how not to do it.
    pub wrong_on_purpose: bool,
    /// Further places in the same file.
    pub related: Vec<(Span, String)>,
    /// Secrets that it tells of: none of them may be shown.
    pub secrets: Vec<Mask>,
    /// What would mend it.
    pub fix: Option<Proposal>,
}

/// What a file is, as far as rules choose by it.
pub struct Scope<'a> {
    /// Relative to the root.
    pub path: &'a str,
    /// Name of the file's kind.
    pub kind: &'a str,
    /// Only secrets are looked for.
    pub secrets_only: bool,
}

impl Scope<'_> {
    /// Whether a rule looks at this file at all.
    pub fn admits(&self, rule: &Rule) -> bool {
        if self.secrets_only && &*rule.pack != "secrets" {
            return false;
        }
        let kind = rule.kinds.is_empty() || rule.kinds.iter().any(|k| k == self.kind);
        kind && rule.files.as_ref().is_none_or(|globs| globs.is_match(self.path))
    }
}

/// Runs the selected rules over a file's facts.
pub fn run(facts: &Facts, plan: &Plan<'_>, scope: &Scope<'_>, inventory: &Inventory) -> Vec<Raw> {
    let mut found = Vec::new();
    for subject in &facts.subjects {
        if plan.has_structures() {
            structures(subject, plan, scope, inventory, &mut found);
        }
        for &number in plan.rules_for(&subject.name) {
            let (rule, state) = plan.rule(number);
            if scope.admits(rule)
                && let Some(raw) = meet(number, rule, state, subject)
            {
                found.push(raw);
            }
        }
    }
    for &number in plan.natives() {
        let (rule, state) = plan.rule(number);
        if scope.admits(rule) {
            native(number, rule, state, facts, &mut found);
        }
    }
    found
}

/// One rule and one subject: only a definite false of the demand fires.
pub fn meet(number: usize, rule: &Rule, state: &State, subject: &Subject) -> Option<Raw> {
    let CompiledCheck::Require { filter, require, .. } = &rule.check else { return None };
    let object = &*subject.object;
    if filter.as_ref().is_some_and(|f| f.holds(object, &state.options) != Truth::True) {
        return None;
    }
    if require.holds(object, &state.options) != Truth::False {
        return None;
    }
    let holds =
        |v: &crate::rule::Variant| v.when.as_ref().is_some_and(|w| w.holds(object, &state.options) == Truth::True);
    let variant = rule.variants.iter().position(holds);
    if !variant.map_or(state.on, |v| state.variants[v]) {
        return None;
    }
    let chosen = variant.map(|v| &rule.variants[v]);
    let message = chosen.and_then(|v| v.message.as_ref()).unwrap_or(&rule.message);
    let at = chosen.and_then(|v| v.at.as_ref()).unwrap_or(&rule.at);
    let witness = || require.witness(object, &state.options);
    let span = place(object, at).or_else(witness).unwrap_or_else(|| object.span());
    let site = Site {
        subject: Some(object),
        options: &state.options,
        arguments: &[],
        fault: span,
        extent: subject.extent,
        captures: &[],
    };
    Some(Raw {
        severity: None,
        rule: number,
        variant,
        span,
        fix: propose(&rule.fixes, &site),
        message: message.render(Some(object), &state.options, &[]),
        label: subject.label.to_string(),
        embedded: subject.embedded,
        wrong_on_purpose: false,
        related: related(rule, object),
        secrets: secrets(object),
    })
}

/// The templates of a document's type.
fn structures(subject: &Subject, plan: &Plan<'_>, scope: &Scope<'_>, inventory: &Inventory, found: &mut Vec<Raw>) {
    for &number in plan.structures_for(&subject.name) {
        let (rule, state) = plan.rule(number);
        let CompiledCheck::Structure { filter, template, .. } = &rule.check else { continue };
        let Some(document) = subject.object.as_any().downcast_ref::<Document>() else { continue };
        let meant = filter.as_ref().is_none_or(|f| f.holds(document, &state.options) == Truth::True);
        if !meant || !scope.admits(rule) {
            continue;
        }
        for fault in structure::check(template, document, inventory) {
            let site = Site {
                subject: Some(document),
                options: &state.options,
                arguments: &[("what", fault.what.clone()), ("value", fault.value.clone())],
                fault: fault.span,
                extent: subject.extent,
                captures: &[],
            };
            let fix = propose(&rule.fixes, &site);
            let Some(message) = structure_message(rule, state, fault.shape, Some(document), fault.what, fault.value)
            else {
                continue;
            };
            found.push(Raw {
                severity: None,
                rule: number,
                variant: Some(fault.shape),
                span: fault.span,
                message,
                label: subject.label.to_string(),
                embedded: subject.embedded,
                wrong_on_purpose: false,
                related: Vec::new(),
                secrets: Vec::new(),
                fix,
            });
        }
    }
}

/// What a template's rule says of a fault; nothing if the expectation is switched off.
pub fn structure_message(
    rule: &Rule,
    state: &State,
    shape: usize,
    object: Option<&dyn Object>,
    what: String,
    value: String,
) -> Option<String> {
    let variant = rule.variants.get(shape)?;
    if !state.variants.get(shape).copied().unwrap_or(false) {
        return None;
    }
    let message = variant.message.as_ref().unwrap_or(&rule.message);
    let value = if value.is_empty() { "none".to_owned() } else { value };
    Some(message.render(object, &state.options, &[("what", what), ("value", value)]))
}

/// The secrets among the fields of a fact.
fn secrets(object: &dyn Object) -> Vec<Mask> {
    let items = (0..object.schema().fields.len()).map(|id| object.field(id));
    let mask = |item: Item<'_>| match (item.value, item.span) {
        (Value::Secret(shown), Some(span)) => Some(Mask { span, shown: shown.to_owned() }),
        _ => None,
    };
    items.filter_map(mask).collect()
}

/// The further places that the rule lists, where they exist.
fn related(rule: &Rule, object: &dyn Object) -> Vec<(Span, String)> {
    let places = rule.related.iter().map(|(path, says)| (walk(object, path), says));
    places.filter_map(|(item, says)| Some((item.span?, says.clone()))).collect()
}

/// The first listed field that exists and has a place.
fn place(object: &dyn Object, at: &[Box<[usize]>]) -> Option<Span> {
    let items = at.iter().map(|path| walk(object, path));
    items.filter(|item| !matches!(item.value, Value::Absent)).find_map(|item| item.span)
}

fn native(number: usize, rule: &Rule, state: &State, facts: &Facts, found: &mut Vec<Raw>) {
    let CompiledCheck::Native(native) = &rule.check else { return };
    let mut hits = Vec::new();
    let options = NamedOptions { rule, values: &state.options };
    (native.run)(facts, &options, &mut hits);
    found.extend(hits.into_iter().filter_map(|hit| from_hit(number, rule, state, hit)));
}

/// Runs the patterns of the selected rules over a file's text.
pub fn patterns(text: &str, plan: &Plan<'_>, scope: &Scope<'_>, found: &mut Vec<Raw>) {
    let Some(matcher) = plan.matcher() else { return };
    for hit in matcher.find(text) {
        let (number, shape) = plan.pattern(hit.pattern);
        let (rule, state) = plan.rule(number);
        let CompiledCheck::Pattern(shapes) = &rule.check else { continue };
        if !scope.admits(rule) {
            continue;
        }
        let variant = shapes.get(shape).and_then(|s| s.variant.as_ref()).and_then(|v| rule.variant(&v.value));
        if !variant.map_or(state.on, |v| state.variants[v]) {
            continue;
        }
        let kind = variant.map_or(String::new(), |v| rule.variants[v].name.replace('-', " "));
        let message = variant.and_then(|v| rule.variants[v].message.as_ref()).unwrap_or(&rule.message);
        found.push(Raw {
            severity: None,
            rule: number,
            variant,
            span: Span::new(hit.span.start, hit.span.end),
            message: message.render(None, &state.options, &[("value", hit.value.to_string()), ("kind", kind)]),
            label: String::new(),
            embedded: false,
            wrong_on_purpose: false,
            related: Vec::new(),
            secrets: vec![Mask {
                span: Span::new(hit.secret.start, hit.secret.end),
                shown: hit.value.shown().to_owned(),
            }],
            fix: None,
        });
    }
}

/// A hit becomes a finding unless its variant is off.
pub fn from_hit(number: usize, rule: &Rule, state: &State, hit: Hit) -> Option<Raw> {
    let variant = hit.variant.and_then(|name| rule.variant(name));
    from_shape(number, rule, state, variant, hit)
}

/// A hit becomes a finding of that variant, unless it is off.
pub fn from_shape(number: usize, rule: &Rule, state: &State, variant: Option<usize>, hit: Hit) -> Option<Raw> {
    if !variant.map_or(state.on, |v| state.variants[v]) {
        return None;
    }
    let message = variant.and_then(|v| rule.variants[v].message.as_ref()).unwrap_or(&rule.message);
    Some(Raw {
        severity: None,
        rule: number,
        variant,
        span: hit.span,
        message: message.render(None, &state.options, &hit.arguments),
        label: hit.label,
        embedded: hit.embedded,
        wrong_on_purpose: false,
        related: hit.related,
        secrets: Vec::new(),
        fix: computed(rule, &state.options, &hit.arguments, hit.edits),
    })
}

/// The fix that a native check has computed, in the rule's words.
fn computed(
    rule: &Rule,
    options: &crate::rule::condition::Options,
    arguments: &crate::rule::message::Arguments<'_>,
    edits: Vec<(Span, String)>,
) -> Option<Proposal> {
    let fix = rule.fixes.first().filter(|_| !edits.is_empty())?;
    let ask = |(span, text)| Ask { verb: Verb::Exact, span, says: None, texts: vec![text], keys: Vec::new() };
    let title = fix.title.render(None, options, arguments);
    Some(Proposal { title, safety: fix.safety, alone: fix.alone, asks: edits.into_iter().map(ask).collect() })
}

/// How much a finding matters: the config's word, else the variant's, else the rule's; one step less in a
/// fenced example, but for secrets, which are real wherever they stand; advice where a document shows it as
/// how not to do it.
pub fn severity(rule: &Rule, state: &State, raw: &Raw) -> Severity {
    if let Some(severity) = state.severity_of(raw.variant) {
        return severity;
    }
    let own = raw.variant.and_then(|v| rule.variants[v].severity);
    let own = raw.severity.or(own).unwrap_or(rule.severity);
    match own {
        _ if raw.wrong_on_purpose => Severity::Info,
        own if !raw.embedded || &*rule.pack == "secrets" || is_of_document(rule) => own,
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Info => Severity::Info,
    }
}

/// Templates, and some facts, speak of the document, also where they speak of the code in it.
fn is_of_document(rule: &Rule) -> bool {
    match &rule.check {
        CompiledCheck::Structure { .. } => true,
        CompiledCheck::Require { subject, .. } => speaks_of_document(subject),
        _ => false,
    }
}

/// Drops findings that yield to another rule's finding at the same place.
pub fn settle(found: &mut Vec<Raw>, plan: &Plan<'_>) {
    let yielding = |raw: &Raw| !plan.library.rules[raw.rule].yields_to.is_empty();
    if !found.iter().any(yielding) {
        return;
    }
    found.sort_by_key(|raw| raw.span.start);
    let widest = found.iter().map(|raw| raw.span.len()).max().unwrap_or(0) as u32;
    let beaten: Vec<bool> =
        (0..found.len()).map(|index| yielding(&found[index]) && is_beaten(index, found, plan, widest)).collect();
    let mut index = 0;
    found.retain(|_| {
        index += 1;
        !beaten[index - 1]
    });
}

fn is_beaten(index: usize, found: &[Raw], plan: &Plan<'_>, widest: u32) -> bool {
    let raw = &found[index];
    let winners = &plan.library.rules[raw.rule].yields_to;
    let first = found.partition_point(|other| other.span.start.saturating_add(widest) < raw.span.start);
    let near = found[first..].iter().take_while(|other| other.span.start <= raw.span.end);
    near.filter(|other| other.rule != raw.rule && (other.span.overlaps(raw.span) || other.span == raw.span))
        .any(|other| winners.iter().any(|w| names(w, &plan.library.rules[other.rule].id)))
}

fn names(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        Some((head, tail)) => id.len() >= head.len() + tail.len() && id.starts_with(head) && id.ends_with(tail),
        None => pattern == id,
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn winners_are_named_by_id_or_with_a_star() {
        assert!(names("secrets/jwt", "secrets/jwt"));
        assert!(names("secrets/*", "secrets/jwt"));
        assert!(names("secrets/*-credential", "secrets/github-credential"));
        assert!(!names("secrets/*-credential", "secrets/url-credentials"));
        assert!(!names("secrets/j*jwt", "secrets/jwt"));
    }
}
