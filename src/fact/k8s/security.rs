//! What one `securityContext` says by itself, and the kernel settings of a pod.

use super::Scope;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::text::Span;

facts! {
    /// A security context of a pod or of a container, as it is written there; old annotations count.
    pub struct SecurityContext = "k8s.security-context" {
        /// `pod`, or the container's name.
        "of" of: String,
        /// Whether the pod runs on Windows.
        "windows" windows: bool,
        /// `runAsUser`, whatever is in effect.
        "run-as-user" run_as_user: Field<i64>,
        /// `windowsOptions.hostProcess`.
        "host-process" host_process: Field<bool>,
        /// The type of `seccompProfile`.
        "seccomp" seccomp: Field<String>,
        /// The type of `appArmorProfile`.
        "apparmor" apparmor: Field<String>,
        /// `seLinuxOptions.type`.
        "selinux-type" selinux_type: Field<String>,
        /// `seLinuxOptions.user`.
        "selinux-user" selinux_user: Field<String>,
        /// `seLinuxOptions.role`.
        "selinux-role" selinux_role: Field<String>,
        /// `procMount`.
        "proc-mount" proc_mount: Field<String>,
    }
    /// A kernel setting of a pod.
    pub struct Sysctl = "k8s.sysctl" {
        /// Its name, with dots.
        "name" name: Field<String>,
    }
    /// A group that the processes of a pod or a container belong to.
    pub struct Group = "k8s.group" {
        /// `runAsGroup`, `fsGroup` or `supplementalGroups`.
        "setting" setting: String,
        /// The group's number.
        "id" id: Field<i64>,
        /// Whether the pod runs on Windows.
        "windows" windows: bool,
    }
}

/// Profiles as old annotations spell them.
pub(super) fn profile(field: Field<String>) -> Field<String> {
    field.map(|text| match text.as_str() {
        "runtime/default" | "docker/default" => "RuntimeDefault".to_owned(),
        "unconfined" => "Unconfined".to_owned(),
        text if text.starts_with("localhost/") => "Localhost".to_owned(),
        _ => text,
    })
}

/// The old annotation of a pod, or of one of its containers.
pub(super) fn annotated_seccomp(annotations: Slot<'_>, container: Option<&str>) -> Field<String> {
    let key = match container {
        Some(name) => format!("container.seccomp.security.alpha.kubernetes.io/{name}"),
        None => "seccomp.security.alpha.kubernetes.io/pod".to_owned(),
    };
    profile(annotations.get(&key).text())
}

fn annotated_apparmor(annotations: Slot<'_>, container: Option<&str>) -> Field<String> {
    let Some(name) = container else { return Field::Absent };
    profile(annotations.get(&format!("container.apparmor.security.beta.kubernetes.io/{name}")).text())
}

/// What a context says; nothing where there is none, not even in annotations.
pub(super) fn context(
    slot: Slot<'_>,
    annotations: Slot<'_>,
    container: Option<&str>,
    windows: bool,
    place: Span,
) -> Option<SecurityContext> {
    let seccomp = slot.path(&["seccompProfile", "type"]).text().or(annotated_seccomp(annotations, container));
    let apparmor = slot.path(&["appArmorProfile", "type"]).text().or(annotated_apparmor(annotations, container));
    if slot.is_absent() && seccomp.is_absent() && apparmor.is_absent() {
        return None;
    }
    let selinux = |key: &str| slot.path(&["seLinuxOptions", key]).text();
    Some(SecurityContext {
        span: slot.span().unwrap_or(place),
        of: container.map_or_else(|| "pod".to_owned(), |name| format!("container {name}")),
        windows,
        run_as_user: slot.get("runAsUser").int(),
        host_process: slot.path(&["windowsOptions", "hostProcess"]).flag(),
        seccomp,
        apparmor,
        selinux_type: selinux("type"),
        selinux_user: selinux("user"),
        selinux_role: selinux("role"),
        proc_mount: slot.get("procMount").text(),
    })
}

/// The kernel settings of a pod.
pub(super) fn sysctls(security: Slot<'_>, scope: &Scope<'_>) -> Vec<Sysctl> {
    let sysctl = |slot: Slot<'_>| {
        let name = slot.get("name").text().map(|name| name.replace('/', "."));
        Sysctl { span: name.span().or(slot.span()).unwrap_or(scope.place), name }
    };
    security.get("sysctls").items().map(sysctl).collect()
}

/// The groups that a context names.
pub(super) fn groups(security: Slot<'_>, windows: bool, scope: &Scope<'_>) -> Vec<Group> {
    let mut found: Vec<(&str, Slot<'_>)> =
        ["runAsGroup", "fsGroup"].into_iter().map(|key| (key, security.get(key))).collect();
    found.extend(security.get("supplementalGroups").items().map(|slot| ("supplementalGroups", slot)));
    let group = |(setting, slot): (&str, Slot<'_>)| Group {
        span: slot.span().unwrap_or(scope.place),
        setting: setting.to_owned(),
        id: slot.int(),
        windows,
    };
    found.into_iter().filter(|(_, slot)| !slot.is_absent()).map(group).collect()
}
