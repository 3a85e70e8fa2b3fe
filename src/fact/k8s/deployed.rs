//! What single settings of a container come to, taken together.

use super::container::PodSettings;
use super::{Scope, security, strings};
use crate::fact::image::Image;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::text::Span;

/// The seccomp profile in effect: the container's, else the pod's; fields before annotations.
pub(super) fn seccomp(own: Slot<'_>, pod: &PodSettings<'_>, name: &Field<String>) -> Field<String> {
    let profile = |slot: Slot<'_>| slot.path(&["seccompProfile", "type"]).text();
    let of_container = profile(own).or(security::annotated_seccomp(pod.annotations, name.known().map(String::as_str)));
    let of_pod = profile(pod.security).or(security::annotated_seccomp(pod.annotations, None));
    of_container.or(of_pod)
}

/// What allows processes to gain rights: the setting itself, or one that implies it.
pub(super) fn escalates(security: Slot<'_>) -> Field<String> {
    for key in ["allowPrivilegeEscalation", "privileged"] {
        let flag = security.get(key).flag();
        if flag.known() == Some(&true) {
            return flag.map(|_| format!("{key}: true"));
        }
    }
    let mut added = security.path(&["capabilities", "add"]).items().map(Slot::text);
    let admin = |name: &String| matches!(name.to_ascii_uppercase().as_str(), "SYS_ADMIN" | "CAP_SYS_ADMIN");
    let found = added.find(|name| name.known().is_some_and(admin));
    found.map(|name| name.map(|name| format!("the capability {name}"))).unwrap_or_default()
}

/// Whether the image is pulled at every start: said so, or by default of its tag.
pub(super) fn pulls_always(container: Slot<'_>, scope: &Scope<'_>) -> Field<bool> {
    let policy = container.get("imagePullPolicy").text();
    let image = container.get("image").text();
    let Field::Known(text) = &image else { return Field::unknown("?", image.span().unwrap_or(scope.place)) };
    let image = Image::parse(&text.value, text.span);
    // What a digest names is always the same.
    if !image.digest.is_absent() {
        return Field::new(true, text.span);
    }
    match policy {
        Field::Absent if scope.open => Field::unknown("", scope.place),
        Field::Absent if image.tag.is_unknown() => Field::unknown("?", text.span),
        Field::Absent => Field::new(image.tag.known().is_none_or(|tag| tag == "latest"), text.span),
        policy => policy.map(|policy| policy == "Always"),
    }
}

/// The first Secret that the environment is made of.
pub(super) fn env_secret(container: Slot<'_>) -> Field<String> {
    let variables = container.get("env").items().map(|variable| variable.path(&["valueFrom", "secretKeyRef"]));
    let whole = container.get("envFrom").items().map(|source| source.get("secretRef"));
    let found = variables.chain(whole).find(|reference| !reference.is_absent());
    let Some(reference) = found else { return Field::Absent };
    let named = reference.get("name").text();
    if named.is_absent() { reference.read(|_| Some("a Secret".to_owned())) } else { named }
}

/// Whether it is the Kubernetes Dashboard, by its image or by its pod's labels.
pub(super) fn dashboard(container: Slot<'_>, labelled: bool, place: Span) -> Field<bool> {
    let image = container.get("image").text();
    let named = |image: &String| image.contains("kubernetes-dashboard") || image.contains("kubernetesui");
    match image.known().is_some_and(named) {
        true => image.map(|_| true),
        false => Field::new(labelled, place),
    }
}

/// The setting by which git-sync runs another program than git.
pub(super) fn git_command(container: Slot<'_>) -> Field<String> {
    let mut variables = container.get("env").items().map(|variable| variable.get("name").text());
    if let Some(name) = variables.find(|name| strings::known(name) == "GITSYNC_GIT") {
        return name;
    }
    if !strings::known(&container.get("image").text()).contains("git-sync") {
        return Field::Absent;
    }
    let mut words = container.get("command").items().chain(container.get("args").items()).map(Slot::text);
    let git = |word: &Field<String>| matches!(strings::known(word).split('=').next(), Some("--git" | "-git"));
    words.find(git).unwrap_or_default()
}
