//! What an object relies on: names, labels, ports and keys of others, each with where it is written.

use super::labels::Selector;
use super::resource::Link;
use super::{Scope, strings};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;

/// What was found so far.
#[derive(Default)]
pub(super) struct Links {
    pub(super) found: Vec<Link>,
}

impl Links {
    fn push(&mut self, relation: &'static str, kind: &str, name: Field<String>, part: Option<String>) {
        let Field::Known(name) = name else { return };
        let (kind, selector, namespace) = (kind.to_owned(), None, None);
        self.found.push(Link { relation, span: name.span, kind, name: name.value, part, selector, namespace });
    }

    /// A key or a port of what was named.
    fn part(&mut self, relation: &'static str, kind: &str, name: &Field<String>, part: Field<String>) {
        let (Some(name), Field::Known(part)) = (name.known(), part) else { return };
        let (kind, name, selector, namespace) = (kind.to_owned(), name.clone(), None, None);
        self.found.push(Link { relation, span: part.span, kind, name, part: Some(part.value), selector, namespace });
    }

    pub(super) fn name(&mut self, relation: &'static str, kind: &str, name: Slot<'_>) {
        self.push(relation, kind, name.text(), None);
    }

    pub(super) fn selector(&mut self, relation: &'static str, slot: Slot<'_>, selector: Selector) {
        let Some(span) = slot.span().filter(|_| !selector.is_empty()) else { return };
        let (kind, name) = (String::new(), selector.shown());
        self.found.push(Link { relation, span, kind, name, part: None, selector: Some(selector), namespace: None });
    }

    /// What a pod needs to start.
    pub(super) fn pod(&mut self, spec: Slot<'_>) {
        let account = spec.get("serviceAccountName").or(spec.get("serviceAccount")).text();
        if strings::known(&account) != "default" && !strings::known(&account).is_empty() {
            self.push("service-account", "ServiceAccount", account, None);
        }
        for volume in spec.get("volumes").items() {
            self.volume("ConfigMap", volume.get("configMap"), "name");
            self.volume("Secret", volume.get("secret"), "secretName");
            for source in volume.path(&["projected", "sources"]).items() {
                self.volume("ConfigMap", source.get("configMap"), "name");
                self.volume("Secret", source.get("secret"), "name");
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

    /// A volume of an object, or of some of its keys.
    fn volume(&mut self, kind: &str, source: Slot<'_>, key: &str) {
        if source.is_absent() || source.get("optional").flag().known() == Some(&true) {
            return;
        }
        let name = source.get(key).text();
        for item in source.get("items").items() {
            self.part("data-key", kind, &name, item.get("key").text());
        }
        self.data(kind, source, key);
    }

    fn data(&mut self, kind: &str, reference: Slot<'_>, key: &str) {
        if reference.is_absent() || reference.get("optional").flag().known() == Some(&true) {
            return;
        }
        let relation = if kind == "Secret" { "secret" } else { "config-map" };
        let name = reference.get(key).text();
        self.part("data-key", kind, &name, reference.get("key").text());
        self.push(relation, kind, name, None);
    }

    /// The ports of its pods that a Service sends to: its own where it names no other.
    pub(super) fn target_ports(&mut self, spec: Slot<'_>) {
        let selector = Selector::plain(spec.get("selector"));
        for port in spec.get("ports").items() {
            let target = port.get("targetPort").or(port.get("port"));
            let (Field::Known(text), Some(span)) = (target.text(), target.span()) else { continue };
            let (kind, part) = (String::new(), Some(text.value.clone()));
            let (selector, namespace) = (Some(selector.clone()), None);
            self.found.push(Link { relation: "service-port", span, kind, name: text.value, part, selector, namespace });
        }
    }

    pub(super) fn by_kind(&mut self, root: Slot<'_>, spec: Slot<'_>, scope: &Scope<'_>) {
        match scope.kind.as_str() {
            "Ingress" => self.ingress(spec),
            "HorizontalPodAutoscaler" | "ScaledObject" => {
                let target = spec.get("scaleTargetRef");
                let kind = target.get("kind").text();
                let kind = kind.known().map_or("Deployment", String::as_str);
                let (key, usual) = match scope.kind.as_str() {
                    "ScaledObject" => ("minReplicaCount", "0"),
                    _ => ("minReplicas", "1"),
                };
                let least = spec.get(key).text();
                let least = if least.is_absent() { Some(usual.to_owned()) } else { least.known().cloned() };
                self.push("hpa-target", kind, target.get("name").text(), least);
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
                        self.backend(backend.get("name").text(), backend.get("port").text());
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
                self.backend(name, port.text());
            }
        }
    }

    fn backend(&mut self, service: Field<String>, port: Field<String>) {
        self.part("ingress-port", "Service", &service, port);
        self.push("ingress-service", "Service", service, None);
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
