//! Alerts of a `PrometheusRule`, and the runbooks that they send people to.

use super::Scope;
use crate::fact::context::join;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::Span;
use std::collections::HashSet;

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
    let mut alerts = Vec::new();
    for group in root.path(&["spec", "groups"]).items() {
        for rule in group.get("rules").items().filter(|rule| !rule.get("alert").is_absent()) {
            let name = rule.get("alert").text();
            let annotations = rule.get("annotations");
            let runbook = KEYS.iter().fold(Slot::Absent, |found, key| found.or(annotations.get(key)));
            let span = name.span().unwrap_or(scope.place);
            let runbook = scope.seal(runbook.text(), span);
            let exists = exists(&runbook, scope);
            alerts.push((Alert { span, name, runbook, exists }, rule.extent().unwrap_or(span)));
        }
    }
    own_pages(&mut alerts, scope);
    for (alert, extent) in alerts {
        out.push(alert, &scope.label, extent);
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

/// Addresses of files in a repository on the web: where one of them is here, the repository is this one, and the others
/// have to be here as well.
fn own_pages(alerts: &mut [(Alert, Span)], scope: &Scope<'_>) {
    let Some(inventory) = scope.part.inventory else { return };
    let pages: Vec<Option<(String, String)>> = alerts.iter().map(|(alert, _)| page(alert.runbook.known()?)).collect();
    let own: HashSet<&str> =
        pages.iter().flatten().filter(|(_, path)| inventory.is_file(path)).map(|(base, _)| base.as_str()).collect();
    for ((alert, _), page) in alerts.iter_mut().zip(&pages) {
        let Some((_, path)) = page.as_ref().filter(|(base, _)| own.contains(base.as_str())) else { continue };
        alert.exists = Field::new(inventory.exists(path), alert.runbook.span().unwrap_or(alert.span));
    }
}

/// `https://github.com/acme/shop/blob/main/` and the path behind it.
fn page(address: &str) -> Option<(String, String)> {
    let (base, rest) = ["/-/blob/", "/-/tree/", "/blob/", "/tree/", "/src/branch/"]
        .iter()
        .find_map(|mark| address.split_once(mark).filter(|(base, _)| base.starts_with("http")))?;
    let (revision, path) = rest.split_once('/')?;
    let path = path.split(['#', '?']).next().filter(|path| !path.is_empty() && !path.contains(['%', '{', '$']))?;
    Some((format!("{base}/{revision}"), path.to_owned()))
}
