//! An object as such: its names, and whether all of it is in sight.

use super::parts::{Object, Pair};
use super::{Scope, pod, workload};
use crate::fact::value::{Field, OpenList};
use crate::fact::yaml::{Part, Slot};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// Adds the facts of one object.
pub(super) fn build(node: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let root = Slot::of(node);
    let kind = root.get("kind").text();
    let metadata = root.get("metadata");
    let name = metadata.get("name").or(metadata.get("generateName")).text();
    let span = name.span().or(kind.span()).unwrap_or_default();
    let word = word(&kind).unwrap_or_default();
    let template = workload::template(root, &word);
    let open = part.open || template.as_ref().is_some_and(|t| t.is_partial(root)) || is_patch(node);
    let label = match self::word(&name) {
        Some(name) => format!("{word}/{name}"),
        None => word.clone(),
    };
    let scope = Scope { part, open, label, kind: word, name, place: span };
    if wanted.subject(Object::describe().name) {
        let object = Object {
            span,
            api_version: scope.seal(root.get("apiVersion").text(), span),
            kind,
            name: scope.seal(scope.name.clone(), span),
            namespace: scope.seal(metadata.get("namespace").text(), span),
            labels: pairs(metadata.get("labels"), open),
            annotations: pairs(metadata.get("annotations"), open),
            open,
        };
        out.push(object, &scope.label, node.span());
    }
    if let Some(template) = template {
        workload::build(root, &scope, wanted, out);
        pod::build(template.spec, &scope, wanted, out);
    }
}

/// A word for labels: also an undecidable name has its source text.
fn word(field: &Field<String>) -> Option<String> {
    match field {
        Field::Known(text) => Some(text.value.clone()),
        Field::Unknown(text) if !text.value.is_empty() => Some(text.value.clone()),
        _ => None,
    }
}

fn pairs(slot: Slot<'_>, open: bool) -> OpenList<Pair> {
    let pair = |(key, value): (NodeRef<'_>, Slot<'_>)| Pair {
        span: key.span(),
        key: key.scalar().unwrap_or_default().to_owned(),
        value: value.text(),
    };
    OpenList { items: slot.entries().map(pair).collect(), open: open || slot.is_unknown() }
}

/// Directives of strategic merge patches stand where no object has a field.
fn is_patch(node: NodeRef<'_>) -> bool {
    let mut waiting = vec![node];
    let mut budget = 5000;
    while let Some(node) = waiting.pop() {
        budget -= 1;
        if budget == 0 {
            return false;
        }
        if node.is_alias() {
            continue;
        }
        for (key, value) in node.written() {
            if key.scalar().is_some_and(|key| {
                key == "$patch" || key.starts_with("$setElementOrder") || key.starts_with("$deleteFromPrimitiveList")
            }) {
                return true;
            }
            waiting.push(value);
        }
        waiting.extend(node.items());
    }
    false
}

/// The place of a mapping's first key: what a finding about the mapping marks.
pub(super) fn first_key(node: NodeRef<'_>) -> Span {
    node.written().next().map_or_else(|| node.span(), |(key, _)| key.span())
}
