//! A pod: what it shares with its node, its volumes, and its containers.

use super::container::{self, PodSettings};
use super::parts::Pod;
use super::probe::Listed;
use super::security::{self, Group, SecurityContext, Sysctl};
use super::workload::Template;
use super::{Named, Scope, members, naming, volume};
use crate::fact::context::Gift;
use crate::fact::value::{Field, OpenList};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::Spanned;
use std::collections::{HashMap, HashSet};

/// The lists of containers and the role of their members.
pub(super) const LISTS: [(&str, &str); 3] =
    [("containers", "container"), ("initContainers", "init"), ("ephemeralContainers", "ephemeral")];

pub(super) fn build(template: &Template<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let spec = template.spec;
    let annotations = template.metadata.get("annotations");
    let windows = is_windows(spec);
    let host_network = spec.get("hostNetwork").flag();
    if wanted.subject(Pod::describe().name) {
        let pod = pod(spec, scope, windows, host_network.clone());
        out.push(pod, &scope.label, spec.extent().unwrap_or(scope.place));
    }
    security_facts(spec, annotations, windows, scope, wanted, out);
    let settings = PodSettings {
        annotations,
        dashboard: is_dashboard(template.metadata.get("labels")),
        listed: Listed::of(spec, &LISTS, scope.may_get(Gift::Ports)),
        security: spec.get("securityContext"),
        resources: spec.get("resources"),
        host_network: scope.seal(host_network, scope.place),
        host_users: spec.get("hostUsers").flag(),
        restart_policy: spec.get("restartPolicy").text(),
        host_paths: host_paths(spec),
        volumes_open: scope.open || spec.get("volumes").is_unknown(),
        windows,
    };
    volume::build(spec, scope, wanted, out);
    names(spec, scope, wanted, out);
    for (list, role) in LISTS {
        for slot in spec.get(list).items() {
            if let Some(node) = slot.node().filter(|node| node.is_mapping()) {
                container::build(node, role, &settings, scope, wanted, out);
            }
        }
    }
}

fn pod(spec: Slot<'_>, scope: &Scope<'_>, windows: bool, host_network: Field<bool>) -> Pod {
    let place = scope.place;
    let flag = |key: &str| scope.seal(spec.get(key).flag(), place);
    let text = |key: &str| scope.seal(spec.get(key).text(), place);
    let host_process = spec.path(&["securityContext", "windowsOptions", "hostProcess"]).flag();
    Pod {
        span: place,
        workload_kind: scope.kind.clone(),
        workload_name: scope.seal(scope.name.clone(), place),
        host_network: scope.seal(host_network, place),
        host_pid: flag("hostPID"),
        host_ipc: flag("hostIPC"),
        host_process: scope.seal(host_process, place),
        service_account: scope.seal(keyed(spec.get("serviceAccount")), place),
        service_account_name: text("serviceAccountName"),
        automount_token: flag("automountServiceAccountToken"),
        restart_policy: text("restartPolicy"),
        windows,
        default_account: default_account(spec, scope),
        priority_class: text("priorityClassName"),
        dns_config: spec.path(&["dnsConfig", "options"]).or(spec.get("dnsConfig")).read(|_| Some(true)),
        dns_options: dns_options(spec.path(&["dnsConfig", "options"]), scope.open),
        host_users: flag("hostUsers"),
        host_aliases: super::filled(spec.get("hostAliases")),
        namespace: scope.namespace.clone(),
    }
}

/// A text whose key is what is wrong with it.
fn keyed(slot: Slot<'_>) -> Field<String> {
    match (slot.text(), slot.key_span()) {
        (Field::Known(text), Some(key)) => Field::new(text.value, key),
        (text, _) => text,
    }
}

/// Whether no service account of its own is named.
fn default_account(spec: Slot<'_>, scope: &Scope<'_>) -> Field<bool> {
    let account = spec.get("serviceAccountName").or(spec.get("serviceAccount")).text();
    match account {
        Field::Absent if scope.open => Field::unknown("", scope.place),
        Field::Absent => Field::new(true, scope.place),
        account => account.map(|name| name.is_empty() || name == "default"),
    }
}

fn dns_options(slot: Slot<'_>, open: bool) -> OpenList<Spanned<String>> {
    let (items, open) = members(slot, open);
    let option = |slot: Slot<'_>| {
        let (name, value) = (slot.get("name").text(), slot.get("value").text());
        let text = format!("{}:{}", name.known()?, value.known().map_or("", String::as_str));
        Some(Spanned::new(text, slot.span()?))
    };
    OpenList { items: items.into_iter().filter_map(option).collect(), open }
}

/// The volumes that are paths on the node.
fn host_paths(spec: Slot<'_>) -> HashMap<String, Field<String>> {
    let named = |volume: Slot<'_>| Some((volume.get("name").text().known()?.clone(), volume::host_path(volume)));
    let volumes = spec.get("volumes").items();
    volumes.filter(|volume| !volume.get("hostPath").is_absent()).filter_map(named).collect()
}

/// Whether its labels are those of the Kubernetes Dashboard.
fn is_dashboard(labels: Slot<'_>) -> bool {
    let is = |key: &str| labels.get(key).text().known().is_some_and(|name| name == "kubernetes-dashboard");
    is("app") || is("k8s-app")
}

/// What the contexts of the pod and of its containers say, each for itself.
fn security_facts(
    spec: Slot<'_>,
    annotations: Slot<'_>,
    windows: bool,
    scope: &Scope<'_>,
    wanted: &Wanted,
    out: &mut Facts,
) {
    let names = [SecurityContext::describe().name, Sysctl::describe().name, Group::describe().name];
    if !names.iter().any(|name| wanted.subject(name)) {
        return;
    }
    let own = spec.get("securityContext");
    let extent = own.extent().unwrap_or(scope.place);
    for sysctl in security::sysctls(own, scope) {
        out.push(sysctl, &scope.label, extent);
    }
    let containers = LISTS.iter().flat_map(|(list, _)| spec.get(list).items());
    let containers = containers.map(|container| (container.get("securityContext"), container.get("name").text()));
    for (slot, name) in std::iter::once((own, Field::Absent)).chain(containers) {
        let of = name.known().map(String::as_str);
        let label = of.map_or_else(|| scope.label.clone(), |name| format!("{} container/{name}", scope.label));
        let extent = slot.extent().unwrap_or(scope.place);
        let place = name.span().unwrap_or(scope.place);
        if let Some(context) = security::context(slot, annotations, of, windows, place) {
            out.push(context, &label, extent);
        }
        for group in security::groups(slot, windows, scope) {
            out.push(group, &label, extent);
        }
    }
}

/// Names that may stand only once in a pod.
fn names(spec: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Named::describe().name) || scope.part.template {
        return;
    }
    let mut containers: Vec<Slot<'_>> = LISTS.iter().flat_map(|(list, _)| spec.get(list).items()).collect();
    containers.sort_by_key(|container| container.span().map(|span| span.start));
    let volumes: Vec<Slot<'_>> = spec.get("volumes").items().collect();
    let (mut of_containers, mut of_volumes) = (HashSet::new(), HashSet::new());
    let mut found = naming::named(&containers, "name", "container", &mut of_containers);
    found.extend(naming::named(&volumes, "name", "volume", &mut of_volumes));
    for container in &containers {
        let (mut of_ports, mut of_mounts) = (HashSet::new(), HashSet::new());
        let ports: Vec<Slot<'_>> = container.get("ports").items().collect();
        let mounts: Vec<Slot<'_>> = container.get("volumeMounts").items().collect();
        found.extend(naming::named(&ports, "name", "port", &mut of_ports));
        found.extend(naming::named(&mounts, "mountPath", "mount", &mut of_mounts));
    }
    for named in found.into_iter().filter(|named| named.repeated) {
        let span = named.span;
        out.push(named, &scope.label, span);
    }
}

fn is_windows(spec: Slot<'_>) -> bool {
    let says = |slot: Slot<'_>| slot.text().known().is_some_and(|os| os == "windows");
    let selector = spec.get("nodeSelector");
    says(spec.path(&["os", "name"]))
        || says(selector.get("kubernetes.io/os"))
        || says(selector.get("beta.kubernetes.io/os"))
}
