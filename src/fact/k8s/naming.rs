//! Names that Kubernetes refuses: ports, labels, and names that stand twice in a pod.

use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use std::collections::HashSet;

facts! {
    /// The name or the number of a port, of a container or of a Service.
    pub struct PortValue = "k8s.port-value" {
        /// As written.
        "text" text: Field<String>,
        /// What the API server has against it, if anything.
        "wrong" wrong: Option<String>,
    }
    /// A key of an object that stands behind one that comes after it in the alphabet.
    pub struct Unsorted = "k8s.unsorted-key" {
        /// The key.
        "key" key: String,
        /// The one before it.
        "before" before: String,
    }
    /// Something in a pod that must have a name of its own.
    pub struct Named = "k8s.named" {
        /// Its name.
        "name" name: String,
        /// `container`, `volume`, `port` or `mount`.
        "what" what: String,
        /// Whether another one has the name already.
        "repeated" repeated: bool,
    }
}

/// The first key of a tree that is out of its order, in the order of the text.
pub(super) fn unsorted(root: NodeRef<'_>) -> Option<Unsorted> {
    let mut waiting = vec![root];
    let mut budget = 100_000;
    while let Some(node) = waiting.pop() {
        budget -= 1;
        if budget == 0 {
            return None;
        }
        let keys: Vec<NodeRef<'_>> = node.written().map(|(key, _)| key).collect();
        for pair in keys.windows(2) {
            let [before, key] = pair else { continue };
            if let (Some(first), Some(second)) = (before.scalar(), key.scalar())
                && first > second
            {
                return Some(Unsorted { span: key.span(), key: second.to_owned(), before: first.to_owned() });
            }
        }
        if !node.is_alias() {
            waiting.extend(node.items().rev());
            waiting.extend(node.written().rev().map(|(_, value)| value));
        }
    }
    None
}

/// The name of a port, which may also be a number where `numbers` says so.
pub(super) fn port(field: Field<String>, numbers: bool, place: Span) -> PortValue {
    let fault = field.known().and_then(|text| match text.parse::<i64>() {
        Ok(number) if numbers => (!(1..=65535).contains(&number)).then(|| "is not between 1 and 65535".to_owned()),
        _ if text.parse::<f64>().is_ok() && numbers => Some("is not between 1 and 65535".to_owned()),
        _ => port_name_fault(text),
    });
    PortValue { span: field.span().unwrap_or(place), text: field, wrong: fault }
}

fn port_name_fault(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fault = if name.is_empty() {
        "is empty"
    } else if name.len() > 15 {
        "is longer than 15 characters"
    } else if !name.chars().all(allowed) {
        "may hold only a-z, 0-9 and dashes"
    } else if !name.contains(|c: char| c.is_ascii_lowercase()) {
        "holds no letter, and quotes make it a name"
    } else if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        "begins or ends with a dash, or has two in a row"
    } else {
        return None;
    };
    Some(fault.to_owned())
}

/// What the API server has against a label's value.
pub(super) fn label_value_fault(value: &str) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    if value.len() > 63 {
        return Some("is longer than 63 characters".to_owned());
    }
    qualified_part_fault(value)
}

/// Kinds whose names are parts of host names.
const HOSTS: &[&str] = &["Service", "Namespace"];

/// Kinds of which the API server lets only names pass that could be host names.
const DNS: &[&str] = &[
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "Job",
    "PersistentVolumeClaim",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "Secret",
    "ServiceAccount",
    "StatefulSet",
];

/// What the API server has against the name of an object of a kind. What marks a gap to fill in is no name yet.
pub(super) fn name_fault(kind: &str, name: &str) -> Option<&'static str> {
    let host = HOSTS.contains(&kind);
    if host && name.len() > 63 {
        return Some("is longer than 63 characters");
    }
    if name.len() > 253 {
        return Some("is longer than 253 characters");
    }
    if !host && !DNS.contains(&kind) || name.is_empty() || name.contains(['<', '$', '{', '%', '[', ' ']) {
        return None;
    }
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || !host && c == '.';
    let edge = |c: Option<char>| c.is_some_and(|c| !c.is_ascii_alphanumeric());
    if !name.chars().all(inner) {
        return Some("may hold only a-z, 0-9 and dashes");
    }
    (edge(name.chars().next()) || edge(name.chars().next_back()))
        .then_some("must begin and end with a letter or a digit")
}

/// What the API server has against the key of a label or an annotation.
pub(super) fn key_fault(key: &str) -> Option<String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if let Some(prefix) = prefix {
        let part_is_bad = |part: &str| {
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            part.is_empty() || !part.chars().all(inner) || part.starts_with('-') || part.ends_with('-')
        };
        if prefix.len() > 253 || prefix.split('.').any(part_is_bad) {
            return Some("has a prefix that is no DNS name".to_owned());
        }
    }
    match name.len() {
        0 => Some("has no name".to_owned()),
        1..=63 => qualified_part_fault(name),
        _ => Some("is longer than 63 characters".to_owned()),
    }
}

fn qualified_part_fault(text: &str) -> Option<String> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(bad) = text.chars().find(|c| !inner(*c)) {
        return Some(match bad {
            ' ' => "holds a space".to_owned(),
            bad => format!("holds `{}`", bad.escape_debug()),
        });
    }
    let edge = |c: Option<char>| c.is_some_and(|c| !c.is_ascii_alphanumeric());
    let edges = edge(text.chars().next()) || edge(text.chars().next_back());
    edges.then(|| "must begin and end with a letter or a digit".to_owned())
}

/// The members of a list whose names must differ; templates may repeat one in several arms.
pub(super) fn named(list: &[Slot<'_>], key: &str, what: &str, seen: &mut HashSet<String>) -> Vec<Named> {
    let one = |slot: &Slot<'_>| {
        let Field::Known(name) = slot.get(key).text() else { return None };
        let repeated = !seen.insert(name.value.clone());
        Some(Named { span: name.span, name: name.value, what: what.to_owned(), repeated })
    };
    list.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_names() {
        for good in ["http", "a", "8080a", "http-metrics", "abcdefghijklmno"] {
            assert_eq!(port_name_fault(good), None, "{good}");
        }
        for bad in ["", "HTTP", "abcdefghijklmnop", "123", "-a", "a-", "a--b", "a_b"] {
            assert!(port_name_fault(bad).is_some(), "{bad}");
        }
        let of = |text: &str| port(Field::new(text.to_owned(), Span::default()), true, Span::default()).wrong;
        assert_eq!((of("80"), of("web")), (None, None));
        assert!(of("0").is_some() && of("65536").is_some() && of("-1").is_some());
    }

    #[test]
    fn names_of_objects() {
        for (kind, name) in [("Pod", "web.v1-2"), ("Service", "web-1"), ("Role", "system:A_b"), ("Pod", "<name>")] {
            assert_eq!(name_fault(kind, name), None, "{kind} {name}");
        }
        for (kind, name) in [("Pod", "Web"), ("Service", "web.v1"), ("Secret", "a_b"), ("Job", "-a"), ("Pod", "a-")] {
            assert!(name_fault(kind, name).is_some(), "{kind} {name}");
        }
        assert!(name_fault("Service", &"a".repeat(64)).is_some() && name_fault("Foo", &"a".repeat(254)).is_some());
        assert_eq!(name_fault("ConfigMap", &"a".repeat(253)), None);
    }

    #[test]
    fn keys_and_values_of_labels() {
        assert_eq!((key_fault("app"), key_fault("app.kubernetes.io/name")), (None, None));
        assert!(key_fault("a b").is_some() && key_fault("A_/b").is_some() && key_fault("a/").is_some());
        assert_eq!((label_value_fault(""), label_value_fault("v1.2_3")), (None, None));
        assert!(label_value_fault("a b").is_some() && label_value_fault("-a").is_some());
        assert!(label_value_fault(&"a".repeat(64)).is_some());
    }
}
