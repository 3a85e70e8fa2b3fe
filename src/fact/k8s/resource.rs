//! An object as others see it: what it is called, what it offers, and what it relies on.

use super::labels::{Labels, Selector};
use super::links::Links;
use super::workload::{self, Template};
use super::{Scope, made, strings};
use crate::fact::value::{Field, whole_fact};
use crate::fact::yaml::Slot;
use crate::text::Span;
use std::sync::Arc;

/// An object of a bundle, with everything that rules across files compare. Owned: it outlives the file.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// Where it is named.
    pub span: Span,
    /// Its API group, empty for the core.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Its namespace, where it names one.
    pub namespace: Option<String>,
    /// Whether an operator, not Kubernetes itself, knows its group.
    pub custom: bool,
    /// Only a part of it is in sight, or it is an example in a document.
    pub open: bool,
    /// It changes an object that stands elsewhere, and is none itself.
    pub patch: bool,
    /// Its own labels.
    pub labels: Labels,
    /// What it offers and asks for by its kind.
    pub role: Role,
    /// What it relies on by name or by selector.
    pub links: Vec<Link>,
    /// Names of objects that come of it, or begin so.
    pub made: Vec<String>,
    /// Whether all of those are Secrets.
    pub makes_secrets: bool,
    /// Whether it stands for all that a chart holds.
    pub chart: bool,
}

/// What a kind of object is to others.
#[derive(Clone, Debug, Default)]
pub enum Role {
    /// Nothing special.
    #[default]
    Other,
    /// It makes pods.
    Workload {
        /// Labels of the pods.
        labels: Labels,
        /// Names and numbers of their ports.
        ports: Vec<String>,
        /// How many it wants, and where that is written.
        replicas: Option<(i64, Span)>,
        /// How many it wants in effect, where that can be told.
        copies: Option<i64>,
    },
    /// A Service: its ports by name and number, and whether it is headless.
    Service {
        /// Names and numbers.
        ports: Vec<String>,
        /// `clusterIP: None`.
        headless: Option<bool>,
        /// Whether it may have more ports.
        open: bool,
    },
    /// A ConfigMap or a Secret, with its keys; nothing where they cannot be told.
    Data(Option<Vec<String>>),
    /// A Role or a ClusterRole: verbs and resources of each rule, and whether objects are named.
    Rules(Vec<(Vec<String>, Vec<String>, bool)>),
}

/// What an object relies on.
#[derive(Clone, Debug)]
pub struct Link {
    /// `service-pods`, `ingress-service` …
    pub relation: &'static str,
    /// Where it is written.
    pub span: Span,
    /// The kind of what it names; empty for pods that are selected.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// A key or a port of it; of what is scaled, how many pods there are at least.
    pub part: Option<String>,
    /// By labels instead of a name.
    pub selector: Option<Selector>,
    /// Another namespace than its own.
    pub namespace: Option<String>,
}

/// The same as a fact: what outlives the file shares it.
pub struct Whole {
    span: Span,
    /// The object.
    pub resource: Arc<Resource>,
}

whole_fact!(Whole = "k8s.resource", "An object as others see it; for rules across files.");

/// Reads an object.
pub(super) fn read(root: Slot<'_>, template: Option<&Template<'_>>, scope: &Scope<'_>) -> Whole {
    let (group, _) = scope.api_version.split_once('/').unwrap_or(("", ""));
    let spec = root.get("spec");
    let labels_open = scope.open || scope.part.context.sets_labels(scope.part.path);
    let mut links = Links::default();
    let role = match (scope.kind.as_str(), template) {
        (_, Some(template)) => {
            links.pod(template.spec);
            if scope.kind == "StatefulSet" {
                links.name("statefulset-service", "Service", spec.get("serviceName"));
            }
            makes_pods(spec, template, labels_open, scope)
        }
        ("Service", _) => {
            if strings::known(&spec.get("type").text()) != "ExternalName" && !spec.get("selector").is_absent() {
                links.selector("service-pods", spec.get("selector"), Selector::plain(spec.get("selector")));
                links.target_ports(spec);
            }
            service(spec)
        }
        ("ConfigMap" | "Secret", _) => Role::Data(keys(root, scope)),
        ("Role" | "ClusterRole", _) => Role::Rules(rules(root)),
        _ => {
            links.by_kind(root, spec, scope);
            Role::Other
        }
    };
    // What is made by hand is there.
    let outside = scope.part.context.outside();
    links.found.retain(|link| !outside.makes(&link.kind, &link.name));
    let resource = Resource {
        span: scope.place,
        group: group.to_owned(),
        custom: made::is_custom(group),
        kind: scope.kind.clone(),
        name: scope.name.known().cloned(),
        namespace: scope.namespace.known().cloned(),
        open: scope.open,
        patch: scope.part.patch,
        labels: Labels::of(root.path(&["metadata", "labels"]), labels_open),
        role,
        links: links.found,
        chart: made::is_chart(root, group, &scope.kind),
        made: made::names(root, group, &scope.kind, template.is_some()),
        makes_secrets: made::only_secrets(root, &scope.kind),
    };
    Whole { span: scope.place, resource: Arc::new(resource) }
}

fn makes_pods(spec: Slot<'_>, template: &Template<'_>, labels_open: bool, scope: &Scope<'_>) -> Role {
    let containers = ["containers", "initContainers"].into_iter().flat_map(|list| template.spec.get(list).items());
    let ports = containers.flat_map(|container| container.get("ports").items().collect::<Vec<_>>()).flat_map(|port| {
        let texts = [port.get("containerPort").text(), port.get("name").text()];
        texts.into_iter().filter_map(|text| text.known().cloned())
    });
    let replicas = spec.get("replicas").int();
    // Of a DaemonSet there is one on each node, and nobody knows how many those are.
    let one = scope.kind == "Pod" || workload::COUNTED.contains(&scope.kind.as_str());
    let copies = if replicas.is_absent() && !scope.open { one.then_some(1) } else { replicas.known().copied() };
    Role::Workload {
        labels: Labels::of(template.metadata.get("labels"), labels_open),
        ports: ports.collect(),
        copies,
        replicas: match replicas {
            Field::Known(known) => Some((known.value, known.span)),
            _ => None,
        },
    }
}

fn service(spec: Slot<'_>) -> Role {
    let ports = spec.get("ports");
    let names = ports.items().flat_map(|port| {
        let texts = [port.get("port").text(), port.get("name").text()];
        texts.into_iter().filter_map(|text| text.known().cloned())
    });
    let headless = match spec.get("clusterIP").text() {
        Field::Unknown(_) => None,
        ip => Some(strings::known(&ip) == "None"),
    };
    // A name elsewhere has ports that nobody lists.
    let elsewhere = strings::known(&spec.get("type").text()) == "ExternalName";
    Role::Service { ports: names.collect(), headless, open: ports.is_unknown() || elsewhere }
}

fn keys(root: Slot<'_>, scope: &Scope<'_>) -> Option<Vec<String>> {
    let lists = ["data", "stringData", "binaryData"].map(|key| root.get(key));
    // SOPS encrypts values, operators fill Secrets that stand here empty.
    if scope.open || lists.iter().any(|list| list.is_unknown()) || lists.iter().all(|list| list.is_absent()) {
        return None;
    }
    let keys = lists.into_iter().flat_map(|list| list.entries().map(|(key, _)| key).collect::<Vec<_>>());
    Some(keys.filter_map(|key| key.scalar().map(str::to_owned)).collect())
}

fn rules(root: Slot<'_>) -> Vec<(Vec<String>, Vec<String>, bool)> {
    let texts = |slot: Slot<'_>| slot.items().filter_map(|item| item.text().known().cloned()).collect();
    let rule = |rule: Slot<'_>| {
        (texts(rule.get("verbs")), texts(rule.get("resources")), rule.get("resourceNames").items().next().is_some())
    };
    root.get("rules").items().map(rule).collect()
}
