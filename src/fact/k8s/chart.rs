//! Charts: what their metadata says that Helm refuses, and the charts that they are made of.

use crate::fact::context::join;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::{Part, Slot};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

facts! {
    /// Something in a `Chart.yaml` that Helm refuses or leaves out of account.
    pub struct ChartFault = "helm.chart-fault" {
        /// The field.
        "field" field: String,
        /// What is wrong with it.
        "wrong" wrong: String,
    }
    /// A chart that a chart is made of.
    pub struct Dependency = "helm.dependency" {
        /// Its name.
        "name" name: Field<String>,
        /// The range of its versions.
        "version" version: Field<String>,
        /// Where it comes from.
        "repository" repository: Field<String>,
        /// Whether a chart beside this one is there; unknown of others.
        "exists" exists: Field<bool>,
    }
}

/// Adds the facts of a `Chart.yaml`, or of the `requirements.yaml` beside an old one.
pub fn build_chart(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let slot = Slot::of(root);
    let (dir, name) = part.path.rsplit_once('/').unwrap_or(("", part.path));
    if name.ends_with(".lock") || part.snippet {
        return;
    }
    let place = super::object::first_key(root);
    if wanted.subject(ChartFault::describe().name) && name.starts_with("Chart.") {
        for fault in faults(slot, place) {
            let span = fault.span;
            out.push(fault, "", span);
        }
    }
    if wanted.subject(Dependency::describe().name) {
        for item in slot.get("dependencies").items() {
            let fact = dependency(item, dir, part, place);
            let label = fact.name.known().map(|name| format!("dependency/{name}")).unwrap_or_default();
            out.push(fact, label, item.extent().unwrap_or(place));
        }
    }
}

fn faults(chart: Slot<'_>, place: Span) -> Vec<ChartFault> {
    let mut found = Vec::new();
    let mut add = |field: &str, wrong: &str, span: Option<Span>| {
        found.push(ChartFault { span: span.unwrap_or(place), field: field.to_owned(), wrong: wrong.to_owned() });
    };
    for field in ["apiVersion", "name", "version"] {
        if chart.get(field).is_absent() {
            add(field, "is missing", None);
        }
    }
    let of = |field: &str| chart.get(field).text().known().cloned();
    let api = of("apiVersion");
    if api.as_deref().is_some_and(|api| !matches!(api, "v1" | "v2")) {
        add("apiVersion", "is neither v1 nor v2", chart.get("apiVersion").span());
    }
    if of("version").is_some_and(|version| !is_version(&version)) {
        add("version", "is no semantic version", chart.get("version").span());
    }
    if of("type").is_some_and(|kind| !matches!(kind.as_str(), "application" | "library" | "")) {
        add("type", "is neither application nor library", chart.get("type").span());
    }
    for field in ["dependencies", "type"] {
        if api.as_deref() == Some("v1") && !chart.get(field).is_absent() {
            add(field, "counts only where apiVersion is v2", chart.get(field).span());
        }
    }
    found
}

/// Versions as Helm reads them: up to three numbers, a `v` before them, words behind them.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, label) = text.split_once('-').map_or((text, None), |(numbers, label)| (numbers, Some(label)));
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let words = |words: Option<&str>| words.is_none_or(|words| words.split('.').all(word));
    let number = |number: &str| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    numbers.split('.').count() <= 3 && numbers.split('.').all(number) && words(label) && words(build)
}

fn dependency(item: Slot<'_>, dir: &str, part: &Part<'_>, place: Span) -> Dependency {
    let (name, repository) = (item.get("name").text(), item.get("repository").text());
    let exists = match (&repository, part.inventory) {
        (Field::Known(text), Some(inventory)) => match text.value.strip_prefix("file://") {
            Some(path) if !path.starts_with('/') => match join(dir, path.trim_end_matches('/')) {
                Some(path) => Field::new(inventory.exists(&format!("{path}/Chart.yaml")), text.span),
                None => Field::unknown("?", text.span),
            },
            _ => Field::unknown("?", text.span),
        },
        _ => Field::unknown("?", place),
    };
    let span = name.span().or(item.span()).unwrap_or(place);
    Dependency { span, name, version: item.get("version").text(), repository, exists }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_helm_reads_them() {
        for good in ["1.2.3", "v1.2.3", "1", "1.2", "0.1.0-rc.1+build.5", "1.0.0-alpha-2", "1.0.0+20240101"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "latest", "1.2.3.4", "1..2", "1.2.x", "v", "1.2.3-", "1.2.3+a b"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
