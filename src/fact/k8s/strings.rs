//! Values that must be texts but are written so that a reader of YAML 1.1 takes them for something else.

use crate::fact::value::{Field, facts};
use crate::fact::yaml::{Slot, reads_as};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;

facts! {
    /// A value that must be a text and stands without quotes though it reads as something else.
    pub struct Misread = "k8s.misread-text" {
        /// As written; `this` of a secret.
        "text" text: String,
        /// What it reads as: `boolean` or `number`.
        "as" reads_as: String,
        /// Whether only readers of YAML 1.1 read it so: `yes`, `010`, `12:30`.
        "old" old: bool,
        /// What it is: `environment variable`, `label` …
        "what" what: String,
    }
}

/// What the entries of a Secret are, which nobody shows.
pub(super) const OF_SECRET: &str = "entry of a Secret";

/// What a value that must be a text reads as, if not as one.
fn misread(node: NodeRef<'_>, what: &str) -> Option<Misread> {
    let word = node.plain()?;
    if node.tag().is_some() || node.is_templated() {
        return None;
    }
    let (reads_as, old) = reads_as(word)?;
    Some(Misread {
        span: node.span(),
        text: if what == OF_SECRET { "this".to_owned() } else { word.to_owned() },
        reads_as: reads_as.to_owned(),
        old,
        what: what.to_owned(),
    })
}

/// Adds the misread values of a mapping whose values must be texts.
pub(super) fn mapping(slot: Slot<'_>, what: &str, label: &str, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Misread::describe().name) {
        return;
    }
    for (key, value) in slot.entries() {
        push(value, what, Some(key), label, out);
    }
}

/// Adds the misread members of a list of texts.
pub(super) fn list(slot: Slot<'_>, what: &str, label: &str, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Misread::describe().name) {
        return;
    }
    for item in slot.items() {
        push(item, what, None, label, out);
    }
}

/// Adds a value, if it is misread.
pub(super) fn push(slot: Slot<'_>, what: &str, key: Option<NodeRef<'_>>, label: &str, out: &mut Facts) {
    let Some(found) = slot.node().and_then(|node| misread(node, what)) else { return };
    let extent = key.map_or(found.span, |key| key.span().to(found.span));
    out.push(found, label, extent);
}

/// The environment of a container, its arguments and its command.
pub(super) fn container(slot: Slot<'_>, label: &str, wanted: &Wanted, out: &mut Facts) {
    list(slot.get("args"), "argument", label, wanted, out);
    list(slot.get("command"), "argument", label, wanted, out);
    if wanted.subject(Misread::describe().name) {
        for variable in slot.get("env").items() {
            push(variable.get("value"), "environment variable", None, label, out);
        }
    }
}

/// A known text of a field, for tables.
pub(super) fn known(field: &Field<String>) -> &str {
    field.known().map_or("", String::as_str)
}
