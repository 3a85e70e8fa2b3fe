//! A pod: what it shares with its node, its volumes, and its containers.

use super::container::{self, PodSettings};
use super::parts::{Pod, Volume};
use super::{Scope, members};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::Span;

/// The lists of containers and the role of their members.
const LISTS: [(&str, &str); 3] =
    [("containers", "container"), ("initContainers", "init"), ("ephemeralContainers", "ephemeral")];

pub(super) fn build(spec: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let windows = is_windows(spec);
    let host_network = spec.get("hostNetwork").flag();
    if wanted.subject(Pod::describe().name) {
        let pod = pod(spec, scope, windows, host_network.clone());
        out.push(pod, &scope.label, spec.extent().unwrap_or(scope.place));
    }
    let settings = PodSettings {
        security: spec.get("securityContext"),
        resources: spec.get("resources"),
        host_network: scope.seal(host_network, scope.place),
        host_users: spec.get("hostUsers").flag(),
        restart_policy: spec.get("restartPolicy").text(),
        volumes: spec.get("volumes").items().map(|volume| (volume.get("name").text(), host_path(volume))).collect(),
        volumes_open: scope.open || spec.get("volumes").is_unknown(),
        windows,
    };
    volumes(spec, scope, wanted, out);
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
        service_account: text("serviceAccount"),
        service_account_name: text("serviceAccountName"),
        automount_token: flag("automountServiceAccountToken"),
        restart_policy: text("restartPolicy"),
        windows,
    }
}

fn is_windows(spec: Slot<'_>) -> bool {
    let says = |slot: Slot<'_>| slot.text().known().is_some_and(|os| os == "windows");
    let selector = spec.get("nodeSelector");
    says(spec.path(&["os", "name"]))
        || says(selector.get("kubernetes.io/os"))
        || says(selector.get("beta.kubernetes.io/os"))
}

/// The node's path behind a volume, without a final slash.
fn host_path(volume: Slot<'_>) -> Field<String> {
    volume.path(&["hostPath", "path"]).text().map(|path| match path.trim_end_matches('/') {
        "" if !path.is_empty() => "/".to_owned(),
        trimmed => trimmed.to_owned(),
    })
}

fn volumes(spec: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Volume::describe().name) {
        return;
    }
    let mounts: Vec<Slot<'_>> = LISTS
        .iter()
        .flat_map(|(list, _)| spec.get(list).items())
        .flat_map(|container| container.get("volumeMounts").items().chain(container.get("volumeDevices").items()))
        .collect();
    let (list, _) = members(spec.get("volumes"), scope.open);
    for slot in list {
        let name = slot.get("name").text();
        let place = name.span().or(slot.span()).unwrap_or(scope.place);
        let of_it = |mount: &&Slot<'_>| name.known().is_some() && mount.get("name").text().known() == name.known();
        let mounted = mounts.iter().any(|mount| of_it(&mount));
        let writable = mounts.iter().filter(of_it).any(|mount| mount.get("readOnly").flag().known() != Some(&true));
        let volume = Volume {
            span: place,
            mounted: known_or_open(mounted, scope, place),
            writable: known_or_open(writable, scope, place),
            host_path: host_path(slot),
            name,
        };
        out.push(volume, &scope.label, slot.extent().unwrap_or(place));
    }
}

/// What was not found in an open part may be elsewhere.
fn known_or_open(found: bool, scope: &Scope<'_>, place: Span) -> Field<bool> {
    if found || !scope.open { Field::new(found, place) } else { Field::unknown("", place) }
}
