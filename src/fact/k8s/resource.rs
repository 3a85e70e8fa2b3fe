//! An object as others see it: what it is called, what it offers, and what it relies on.

use super::labels::{Labels, Selector};
use super::workload::Template;
use super::{Scope, made, strings};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::text::Span;

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
    /// Its own labels.
    pub labels: Labels,
    /// What it offers and asks for by its kind.
    pub role: Role,
    /// What it relies on by name or by selector.
    pub links: Vec<Link>,
    /// Names of objects that come of it, or begin so.
    pub made: Vec<String>,
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
    /// A key or a port of it.
    pub part: Option<String>,
    /// By labels instead of a name.
    pub selector: Option<Selector>,
    /// Another namespace than its own.
    pub namespace: Option<String>,
}

whole_fact!(Resource = "k8s.resource", "An object as others see it; for rules across files.");

/// Reads an object.
pub(super) fn read(root: Slot<'_>, template: Option<&Template<'_>>, scope: &Scope<'_>) -> Resource {
    let (group, _) = scope.api_version.split_once('/').unwrap_or(("", ""));
    let spec = root.get("spec");
    let labels_open = scope.open || scope.part.context.sets_labels(scope.part.path);
    let mut links = Links { found: Vec::new() };
    let role = match (scope.kind.as_str(), template) {
        (_, Some(template)) => {
            links.pod(template.spec);
            if scope.kind == "StatefulSet" {
                links.name("statefulset-service", "Service", spec.get("serviceName"));
            }
            workload(spec, template, labels_open, scope)
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
    Resource {
        span: scope.place,
        group: group.to_owned(),
        custom: made::is_custom(group),
        kind: scope.kind.clone(),
        name: scope.name.known().cloned(),
        namespace: scope.namespace.known().cloned(),
        open: scope.open,
        labels: Labels::of(root.path(&["metadata", "labels"]), labels_open),
        role,
        links: links.found,
        made: made::names(root, group, &scope.kind, template.is_some()),
    }
}

fn workload(spec: Slot<'_>, template: &Template<'_>, labels_open: bool, scope: &Scope<'_>) -> Role {
    let containers = ["containers", "initContainers"].into_iter().flat_map(|list| template.spec.get(list).items());
    let ports = containers.flat_map(|container| container.get("ports").items().collect::<Vec<_>>()).flat_map(|port| {
        let texts = [port.get("containerPort").text(), port.get("name").text()];
        texts.into_iter().filter_map(|text| text.known().cloned())
    });
    let replicas = spec.get("replicas").int();
    let copies = if replicas.is_absent() && !scope.open { Some(1) } else { replicas.known().copied() };
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

struct Links {
    found: Vec<Link>,
}

impl Links {
    fn push(&mut self, relation: &'static str, kind: &str, name: Field<String>, part: Option<String>) {
        let Field::Known(name) = name else { return };
        let (kind, selector, namespace) = (kind.to_owned(), None, None);
        self.found.push(Link { relation, span: name.span, kind, name: name.value, part, selector, namespace });
    }

    fn name(&mut self, relation: &'static str, kind: &str, name: Slot<'_>) {
        self.push(relation, kind, name.text(), None);
    }

    fn selector(&mut self, relation: &'static str, slot: Slot<'_>, selector: Selector) {
        let Some(span) = slot.span().filter(|_| !selector.is_empty()) else { return };
        let (kind, name) = (String::new(), selector.shown());
        self.found.push(Link { relation, span, kind, name, part: None, selector: Some(selector), namespace: None });
    }

    /// What a pod needs to start.
    fn pod(&mut self, spec: Slot<'_>) {
        let account = spec.get("serviceAccountName").or(spec.get("serviceAccount")).text();
        if strings::known(&account) != "default" && !strings::known(&account).is_empty() {
            self.push("service-account", "ServiceAccount", account, None);
        }
        for volume in spec.get("volumes").items() {
            self.data("ConfigMap", volume.get("configMap"), "name");
            self.data("Secret", volume.get("secret"), "secretName");
            for source in volume.path(&["projected", "sources"]).items() {
                self.data("ConfigMap", source.get("configMap"), "name");
                self.data("Secret", source.get("secret"), "name");
            }
        }
        let containers = ["containers", "initContainers"].into_iter().flat_map(|list| spec.get(list).items());
        for container in containers {
            for source in container.get("envFrom").items() {
                self.data("ConfigMap", source.get("configMapRef"), "name");
                self.data("Secret", source.get("secretRef"), "name");
            }
            for variable in container.get("env").items() {
                self.data("ConfigMap", variable.path(&["valueFrom", "configMapKeyRef"]), "name");
                self.data("Secret", variable.path(&["valueFrom", "secretKeyRef"]), "name");
            }
        }
    }

    fn data(&mut self, kind: &str, reference: Slot<'_>, key: &str) {
        if reference.is_absent() || reference.get("optional").flag().known() == Some(&true) {
            return;
        }
        let part = reference.get("key").text().known().cloned();
        let relation = if kind == "Secret" { "secret" } else { "config-map" };
        self.push(relation, kind, reference.get(key).text(), part);
    }

    /// The ports of its pods that a Service names.
    fn target_ports(&mut self, spec: Slot<'_>) {
        let selector = Selector::plain(spec.get("selector"));
        for port in spec.get("ports").items() {
            let target = port.get("targetPort");
            let (Field::Known(text), Some(span)) = (target.text(), target.span()) else { continue };
            let (kind, part) = (String::new(), Some(text.value.clone()));
            let (selector, namespace) = (Some(selector.clone()), None);
            self.found.push(Link { relation: "service-port", span, kind, name: text.value, part, selector, namespace });
        }
    }

    fn by_kind(&mut self, root: Slot<'_>, spec: Slot<'_>, scope: &Scope<'_>) {
        match scope.kind.as_str() {
            "Ingress" => self.ingress(spec),
            "HorizontalPodAutoscaler" | "ScaledObject" => {
                let target = spec.get("scaleTargetRef");
                let kind = target.get("kind").text();
                let kind = kind.known().map_or("Deployment", String::as_str);
                self.push("hpa-target", kind, target.get("name").text(), None);
            }
            "PodDisruptionBudget" => {
                let selector = spec.get("selector");
                self.selector("budget-pods", selector, Selector::of(selector));
                let (least, span) = (spec.get("minAvailable").text(), spec.get("minAvailable").span());
                if let (Field::Known(least), Some(span)) = (least, span) {
                    let (kind, part) = (String::new(), Some(least.value.clone()));
                    let (selector, namespace) = (Some(Selector::of(selector)), None);
                    let name = least.value;
                    self.found.push(Link { relation: "budget-least", span, kind, name, part, selector, namespace });
                }
            }
            "NetworkPolicy" => self.network_policy(spec),
            "Application" => self.argo(spec),
            "ApplicationSet" => self.argo(spec.path(&["template", "spec"])),
            "ServiceMonitor" => {
                let selector = spec.get("selector");
                self.selector("monitor-service", selector, Selector::of(selector));
            }
            "RoleBinding" | "ClusterRoleBinding" => {
                let role = root.get("roleRef");
                let kind = role.get("kind").text();
                self.push("role", strings::known(&kind), role.get("name").text(), None);
            }
            "HTTPRoute" => {
                for backend in
                    spec.get("rules").items().flat_map(|rule| rule.get("backendRefs").items().collect::<Vec<_>>())
                {
                    let kind = backend.get("kind").text();
                    if matches!(strings::known(&kind), "" | "Service") && backend.get("namespace").is_absent() {
                        let port = backend.get("port").text().known().cloned();
                        self.push("ingress-service", "Service", backend.get("name").text(), port);
                    }
                }
            }
            _ => {}
        }
    }

    fn ingress(&mut self, spec: Slot<'_>) {
        let paths =
            spec.get("rules").items().flat_map(|rule| rule.path(&["http", "paths"]).items().collect::<Vec<_>>());
        let backends = paths.map(|path| path.get("backend"));
        for backend in backends.chain([spec.get("defaultBackend"), spec.get("backend")]) {
            let service = backend.get("service");
            let port =
                service.path(&["port", "name"]).or(service.path(&["port", "number"])).or(backend.get("servicePort"));
            let name = service.get("name").or(backend.get("serviceName")).text();
            // The AWS controller keeps actions in annotations, under the names of Services that do not exist.
            if port.text().known().is_none_or(|port| port != "use-annotation") {
                self.push("ingress-service", "Service", name, port.text().known().cloned());
            }
        }
    }

    /// Folders of repositories, as far as a branch does not hide them.
    fn argo(&mut self, spec: Slot<'_>) {
        for source in spec.get("sources").items().chain([spec.get("source")]) {
            let revision = source.get("targetRevision").text();
            if matches!(revision, Field::Absent) || matches!(strings::known(&revision), "HEAD" | "main" | "master") {
                let repository = source.get("repoURL").text().known().cloned();
                let chart = !source.get("chart").is_absent();
                let path = if repository.is_none() || chart { Field::Absent } else { source.get("path").text() };
                self.push("argo-path", "", path, repository);
            }
        }
    }

    fn network_policy(&mut self, spec: Slot<'_>) {
        let selector = spec.get("podSelector");
        self.selector("policy-pods", selector, Selector::of(selector));
        for (list, end) in [("ingress", "from"), ("egress", "to")] {
            let peers = spec.get(list).items().flat_map(|rule| rule.get(end).items().collect::<Vec<_>>());
            for peer in peers.filter(|peer| peer.get("namespaceSelector").is_absent()) {
                let selector = peer.get("podSelector");
                self.selector("policy-peer", selector, Selector::of(selector));
            }
        }
    }
}
