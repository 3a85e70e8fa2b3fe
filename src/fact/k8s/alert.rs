//! Alerts of a `PrometheusRule`, and the runbooks that they send people to.

use super::Scope;
use crate::fact::context::join;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};

facts! {
    /// An alert of a `PrometheusRule`.
    pub struct Alert = "k8s.alert" {
        /// Its name.
        "name" name: Field<String>,
        /// `runbook_url` among its annotations.
        "runbook" runbook: Field<String>,
        /// Whether a runbook of this repository is there; unknown of others.
        "exists" exists: Field<bool>,
    }
}

const KEYS: [&str; 3] = ["runbook_url", "runbookUrl", "runbook"];

pub(super) fn build(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if scope.kind != "PrometheusRule" || !wanted.subject(Alert::describe().name) {
        return;
    }
    for group in root.path(&["spec", "groups"]).items() {
        for rule in group.get("rules").items().filter(|rule| !rule.get("alert").is_absent()) {
            let name = rule.get("alert").text();
            let annotations = rule.get("annotations");
            let runbook = KEYS.iter().fold(Slot::Absent, |found, key| found.or(annotations.get(key)));
            let span = name.span().unwrap_or(scope.place);
            let runbook = scope.seal(runbook.text(), span);
            let exists = exists(&runbook, scope);
            out.push(Alert { span, name, runbook, exists }, &scope.label, rule.extent().unwrap_or(span));
        }
    }
}

/// Paths count from the folder of the manifest, or from the root.
fn exists(runbook: &Field<String>, scope: &Scope<'_>) -> Field<bool> {
    let (Field::Known(text), Some(inventory)) = (runbook, scope.part.inventory) else { return Field::Absent };
    let path = text.value.split(['#', '?']).next().unwrap_or_default().trim_start_matches('/');
    if path.is_empty() || text.value.contains(':') || text.value.contains(char::is_whitespace) {
        return Field::unknown("?", text.span);
    }
    let dir = scope.part.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let places = [join(dir, path), join("", path)];
    Field::new(places.into_iter().flatten().any(|path| inventory.exists(&path)), text.span)
}
