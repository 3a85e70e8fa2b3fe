//! The order of services, ports, dependencies and keys: taste, for teams that want one.

use super::parts::Unsorted;
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// The usual order of a service's keys: what it is, what it needs, what it has, how it runs.
const KEYS: &[&str] = &[
    "image",
    "build",
    "container_name",
    "depends_on",
    "volumes",
    "volumes_from",
    "configs",
    "secrets",
    "environment",
    "env_file",
    "ports",
    "networks",
    "network_mode",
    "extra_hosts",
    "command",
    "entrypoint",
    "working_dir",
    "restart",
    "healthcheck",
    "logging",
    "labels",
    "user",
    "isolation",
];

/// The usual order of a file.
const TOP: &[&str] = &["version", "name", "include", "services", "networks", "volumes", "secrets", "configs"];

/// Adds what stands out of order, the first of each group.
pub(super) fn build(root: Slot<'_>, services: &[(NodeRef<'_>, Slot<'_>)], wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Unsorted::describe().name) {
        return;
    }
    let named = |slot: Slot<'_>| -> Vec<(String, Span)> {
        let entries = slot.node().into_iter().flat_map(NodeRef::written).map(|(key, _)| key);
        entries.filter_map(|key| Some((key.scalar()?.to_owned(), key.span()))).collect()
    };
    let rank = |order: &'static [&'static str]| {
        move |name: &str| {
            order.iter().position(|known| *known == name).map_or((order.len(), String::new()), |at| (at, String::new()))
        }
    };
    push("top", "", known(&named(root), TOP), rank(TOP), out);
    push("services", "", named(root.get("services")), |name| (0, name.to_lowercase()), out);
    for (key, service) in services {
        let label = format!("service/{}", key.scalar().unwrap_or_default());
        push("keys", &label, known(&named(*service), KEYS), rank(KEYS), out);
        let items = |key: &str| -> Vec<(String, Span)> {
            let items = service.get(key).items().filter_map(|item| {
                let text = item.get("target").or(item);
                Some((text.text().known()?.clone(), item.span()?))
            });
            items.collect()
        };
        push("ports", &label, items("ports"), |name| (port(name), String::new()), out);
        let mut waits = items("depends_on");
        waits.extend(named(service.get("depends_on")));
        push("depends_on", &label, waits, |name| (0, name.to_lowercase()), out);
    }
}

/// The entries that have a place in the order.
fn known(entries: &[(String, Span)], order: &[&str]) -> Vec<(String, Span)> {
    entries.iter().filter(|(name, _)| order.contains(&name.as_str())).cloned().collect()
}

/// The first number of a port.
fn port(text: &str) -> usize {
    let digits = text.rsplit_once('.').map_or(text, |(_, rest)| rest.split_once(':').map_or(rest, |(_, rest)| rest));
    digits.split(|c: char| !c.is_ascii_digit()).find_map(|part| part.parse().ok()).unwrap_or(0)
}

fn push<K: Ord>(what: &str, label: &str, entries: Vec<(String, Span)>, key: impl Fn(&str) -> K, out: &mut Facts) {
    let pair = entries.windows(2).find(|pair| matches!(pair, [a, b] if key(&a.0) > key(&b.0)));
    if let Some([behind, name]) = pair {
        let fact = Unsorted { span: name.1, what: what.to_owned(), name: name.0.clone(), behind: behind.0.clone() };
        out.push(fact, label, name.1);
    }
}
