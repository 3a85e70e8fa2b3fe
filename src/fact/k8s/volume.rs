//! The volumes of a pod and the mounts of its containers, and which belongs to which.

use super::parts::Volume;
use super::{Scope, known_or_open};
use crate::fact::context::Gift;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use std::collections::HashSet;

facts! {
    /// A volume of a pod, or a mount of one of its containers, beside the other half.
    pub struct VolumeUse = "k8s.volume-use" {
        /// The volume's name.
        "name" name: Field<String>,
        /// `volume` or `mount`.
        "side" side: String,
        /// Whether the other half is there: a volume for the mount, a mount for the volume.
        "matched" matched: Field<bool>,
    }
}

/// Adds the volumes of a pod and how they are used.
pub(super) fn build(spec: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let (volumes, uses) = (wanted.subject(Volume::describe().name), wanted.subject(VolumeUse::describe().name));
    if !volumes && !uses {
        return;
    }
    let lists = super::pod::LISTS.iter().flat_map(|(list, _)| spec.get(list).items());
    let containers: Vec<Slot<'_>> = lists.collect();
    // Lists that a template makes may mount anything.
    let unseen = |container: &Slot<'_>| container.get("volumeMounts").is_unknown();
    let open = scope.may_get(Gift::Volumes) || containers.iter().any(unseen);
    let named = containers.iter().flat_map(mounts).map(|mount| mount.get("name").text());
    let mounted: HashSet<String> = named.filter_map(|name| name.known().cloned()).collect();
    for slot in spec.get("volumes").items() {
        let name = slot.get("name").text();
        let place = name.span().or(slot.span()).unwrap_or(scope.place);
        let extent = slot.extent().unwrap_or(place);
        let mounted = name.known().is_some_and(|name| mounted.contains(name));
        let mounted = known_or_open(mounted, open || name.known().is_none(), place);
        if uses {
            let (name, side) = (name.clone(), "volume".to_owned());
            out.push(VolumeUse { span: place, name, side, matched: mounted.clone() }, &scope.label, extent);
        }
        if volumes {
            let (host_path, kind) = (host_path(slot), kind(slot));
            out.push(Volume { span: place, mounted, host_path, kind, name }, &scope.label, extent);
        }
    }
    if uses {
        mount_uses(spec, &containers, scope, out);
    }
}

/// What a container mounts, block devices included.
fn mounts<'t>(container: &Slot<'t>) -> impl Iterator<Item = Slot<'t>> + use<'t> {
    container.get("volumeMounts").items().chain(container.get("volumeDevices").items())
}

/// The mounts of every container, each with whether its pod has the volume.
fn mount_uses(spec: Slot<'_>, containers: &[Slot<'_>], scope: &Scope<'_>, out: &mut Facts) {
    let volumes: HashSet<String> =
        spec.get("volumes").items().filter_map(|volume| volume.get("name").text().known().cloned()).collect();
    // The volumes of a StatefulSet may also come from claims.
    let open = scope.may_get(Gift::Volumes) || scope.kind == "StatefulSet" || spec.get("volumes").is_unknown();
    for container in containers {
        let of = container.get("name").text();
        let label = match of.known() {
            Some(of) => format!("{} container/{of}", scope.label),
            None => scope.label.clone(),
        };
        for mount in container.get("volumeMounts").items() {
            let name = mount.get("name").text();
            let Field::Known(known) = &name else { continue };
            let (span, side) = (known.span, "mount".to_owned());
            let matched = known_or_open(volumes.contains(&known.value), open, span);
            let extent = mount.extent().unwrap_or(span);
            out.push(VolumeUse { span, name, side, matched }, &label, extent);
        }
    }
}

/// The kinds of volumes: the key beside its name.
fn kind(volume: Slot<'_>) -> Field<String> {
    let found = volume.entries().find(|(key, _)| key.scalar().is_some_and(|key| key != "name"));
    found.map_or(Field::Absent, |(key, _): (NodeRef<'_>, _)| {
        Field::new(key.scalar().unwrap_or_default().to_owned(), key.span())
    })
}

/// The node's path behind a volume, without a final slash.
pub(super) fn host_path(volume: Slot<'_>) -> Field<String> {
    volume.path(&["hostPath", "path"]).text().map(|path| match path.trim_end_matches('/') {
        "" if !path.is_empty() => "/".to_owned(),
        trimmed => trimmed.to_owned(),
    })
}
