//! A container with everything that its pod decides for it.

use super::deployed;
use super::identity::Identity;
use super::object::first_key;
use super::parts::{Capability, Container, Env, Mount, Port};
use super::probe::{self, Listed, Probe};
use super::quantity::{self, Quantity};
use super::{PortValue, Scope, flags, members, naming, strings};
use crate::fact::image::Image;
use crate::fact::listening::{Listening, is_told};
use crate::fact::value::{Field, Object, OpenList};
use crate::fact::yaml::{Literal, Slot};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a pod says for its containers.
pub(super) struct PodSettings<'t> {
    pub(super) annotations: Slot<'t>,
    pub(super) dashboard: bool,
    pub(super) listed: Listed,
    pub(super) security: Slot<'t>,
    pub(super) resources: Slot<'t>,
    pub(super) host_network: Field<bool>,
    pub(super) host_users: Field<bool>,
    pub(super) restart_policy: Field<String>,
    /// Paths on the node by the names of their volumes.
    pub(super) host_paths: HashMap<String, Field<String>>,
    pub(super) volumes_open: bool,
    pub(super) windows: bool,
}

pub(super) fn build(
    node: NodeRef<'_>,
    role: &str,
    pod: &PodSettings<'_>,
    scope: &Scope<'_>,
    wanted: &Wanted,
    out: &mut Facts,
) {
    let container = Builder::new(node, role, pod, scope).container();
    let label = match &container.name {
        Field::Known(Spanned { value, .. }) | Field::Unknown(Spanned { value, .. }) if !value.is_empty() => {
            format!("{} container/{value}", scope.label)
        }
        _ => scope.label.clone(),
    };
    let slot = Slot::of(node);
    let capabilities = slot.path(&["securityContext", "capabilities"]);
    push_each(&container.added_capabilities, capabilities.get("add"), &label, wanted, out);
    push_each(&container.dropped_capabilities, capabilities.get("drop"), &label, wanted, out);
    push_each(&container.env, slot.get("env"), &label, wanted, out);
    if wanted.subject(Env::describe().name) {
        for whole in container.env.items.iter().skip(slot.get("env").items().count()) {
            out.push(whole.clone(), &label, whole.span);
        }
    }
    push_each(&container.mounts, slot.get("volumeMounts"), &label, wanted, out);
    push_each(&container.ports, slot.get("ports"), &label, wanted, out);
    strings::container(slot, &label, wanted, out);
    flags::build(slot, &container.image, &label, wanted, out);
    if wanted.subject(Probe::describe().name) {
        for probe in probe::list(slot, &container.name, &container.role, &pod.listed, scope.open).items {
            let span = probe.span;
            out.push(probe, &label, span);
        }
    }
    if wanted.subject(Listening::NAME) && !scope.part.snippet && scope.part.context.has_dockerfiles() {
        listening(&container, slot, &label, out);
    }
    if wanted.subject(PortValue::describe().name) {
        for port in slot.get("ports").items() {
            for value in [
                naming::port(port.get("name").text(), false, scope.place),
                naming::port(port.get("containerPort").text(), true, scope.place),
            ] {
                if !value.text.is_absent() {
                    out.push(value, &label, port.extent().unwrap_or(scope.place));
                }
            }
        }
    }
    if wanted.subject(Quantity::describe().name) {
        for quantity in quantity::list(slot.get("resources"), &container.name) {
            let span = quantity.span;
            out.push(quantity, &label, span);
        }
    }
    if wanted.subject(Container::describe().name) {
        out.push(container, label, node.span());
    }
}

/// The ports that a container does not get told, with its image.
fn listening(container: &Container, slot: Slot<'_>, label: &str, out: &mut Facts) {
    let Some(image) = Listening::image(&container.image) else { return };
    let settings = ["command", "args", "env"].map(|key| slot.get(key));
    for (number, span) in container.ports.items.iter().filter_map(|port| Some((port.number.known()?, port.span))) {
        let Some(port) = u16::try_from(*number).ok().filter(|port| !is_told(*port, &settings)) else { continue };
        let (image, label) = (Some(image.clone()), label.to_owned());
        out.push(Listening { span, port, image, built: None, from: "manifest", label }, "", span);
    }
}

/// The members of a list are subjects of their own: one finding each.
fn push_each<T: Object + 'static>(
    list: &OpenList<Arc<T>>,
    slot: Slot<'_>,
    label: &str,
    wanted: &Wanted,
    out: &mut Facts,
) {
    for (item, slot) in list.items.iter().zip(slot.items()) {
        if wanted.subject(item.schema().name) {
            out.push(item.clone(), label, slot.extent().unwrap_or(item.span()));
        }
    }
}

struct Builder<'b, 't> {
    slot: Slot<'t>,
    security: Slot<'t>,
    role: String,
    pod: &'b PodSettings<'t>,
    scope: &'b Scope<'b>,
    name: Field<String>,
    place: Span,
}

impl<'b, 't> Builder<'b, 't> {
    fn new(node: NodeRef<'t>, role: &str, pod: &'b PodSettings<'t>, scope: &'b Scope<'b>) -> Self {
        let slot = Slot::of(node);
        let name = slot.get("name").text();
        let restarts = slot.get("restartPolicy").text().known().is_some_and(|policy| policy == "Always");
        let role = if role == "init" && restarts { "sidecar" } else { role };
        let place = name.span().unwrap_or_else(|| first_key(node));
        Self { slot, security: slot.get("securityContext"), role: role.to_owned(), pod, scope, name, place }
    }

    fn container(&self) -> Container {
        let (scope, place) = (self.scope, self.place);
        let identity = Identity::of(self.security, self.pod.security);
        let (root, root_setting) = identity.root(scope, place);
        let non_root = identity.kept_from_root(scope, place);
        let flag = |key: &str| scope.seal(self.security.get(key).flag(), place);
        Container {
            span: place,
            name: scope.seal(self.name.clone(), place),
            role: self.role.clone(),
            workload_kind: scope.kind.clone(),
            long_running: self.long_running(),
            windows: self.pod.windows,
            snippet: scope.part.snippet,
            // Hardly anybody sets it: what a template, a base or the rest of a snippet may add does not hide the user that
            // is written here.
            host_users: self.pod.host_users.clone(),
            image: scope.seal(self.image(), place),
            run_as_user: scope.seal(identity.user, place),
            run_as_group: scope.seal(identity.group, place),
            run_as_non_root: scope.seal(identity.non_root, place),
            root,
            root_setting,
            non_root,
            privileged: flag("privileged"),
            privilege_escalation: flag("allowPrivilegeEscalation"),
            read_only_root: flag("readOnlyRootFilesystem"),
            added_capabilities: self.capabilities("add"),
            dropped_capabilities: self.capabilities("drop"),
            env: self.env(),
            mounts: self.mounts(),
            ports: self.ports(),
            cpu_request: self.quantity("requests", "cpu"),
            cpu_limit: self.quantity("limits", "cpu"),
            memory_request: self.quantity("requests", "memory"),
            memory_limit: self.quantity("limits", "memory"),
            liveness_probe: self.probe("livenessProbe"),
            readiness_probe: self.probe("readinessProbe"),
            startup_probe: self.probe("startupProbe"),
            probes_equal: probe::identical(self.slot.get("livenessProbe"), self.slot.get("readinessProbe")),
            security_context: scope.seal(super::filled(self.security), place),
            pod_security_context: scope.seal(super::filled(self.pod.security), place),
            seccomp: scope.seal(deployed::seccomp(self.security, self.pod, &self.name), place),
            escalates: deployed::escalates(self.security),
            drops_net_raw: self.drops_net_raw(),
            pulls_always: deployed::pulls_always(self.slot, scope),
            storage_request: self.quantity("requests", "ephemeral-storage"),
            storage_limit: self.quantity("limits", "ephemeral-storage"),
            env_secret: deployed::env_secret(self.slot),
            dashboard: deployed::dashboard(self.slot, self.pod.dashboard, place),
            git_command: deployed::git_command(self.slot),
        }
    }

    fn long_running(&self) -> bool {
        let ends = matches!(self.scope.kind.as_str(), "Job" | "CronJob")
            || self.pod.restart_policy.known().is_some_and(|policy| policy != "Always");
        !ends && matches!(self.role.as_str(), "container" | "sidecar")
    }

    fn image(&self) -> Field<Image> {
        match self.slot.get("image").text() {
            Field::Known(text) => match Image::read(&text.value, text.span) {
                Field::Known(image) => Field::new(self.deployed(image.value), image.span),
                other => other,
            },
            Field::Unknown(text) => Field::Unknown(text),
            Field::Absent => Field::Absent,
        }
    }

    /// The image as it gets to the cluster: kustomizations set tags, ko puts its own digest there.
    fn deployed(&self, mut image: Image) -> Image {
        let part = self.scope.part;
        let built = image.text.starts_with("ko://");
        let set = |name: String| part.context.outside().builds(&name) || part.context.is_pinned(part.path, &name);
        if built || image.repository().is_some_and(set) {
            image.tag = Field::unknown("?", image.span);
            image.digest = Field::unknown("?", image.span);
        }
        image
    }

    fn capabilities(&self, list: &str) -> OpenList<Arc<Capability>> {
        let (items, open) = members(self.security.path(&["capabilities", list]), self.scope.open);
        let capability = |slot: Slot<'_>| {
            Arc::new(Capability {
                span: slot.span().unwrap_or(self.place),
                name: slot.text().map(|name| {
                    let upper = name.to_ascii_uppercase();
                    upper.strip_prefix("CAP_").map_or(upper.clone(), str::to_owned)
                }),
                added: list == "add",
                container: self.name.clone(),
            })
        };
        OpenList { items: items.into_iter().map(capability).collect(), open }
    }

    fn drops_net_raw(&self) -> Field<bool> {
        let dropped = self.capabilities("drop");
        let found = dropped.items.iter().filter_map(|c| c.name.known()).any(|name| name == "ALL" || name == "NET_RAW");
        let unknown = dropped.open || dropped.items.iter().any(|capability| capability.name.is_unknown());
        super::known_or_open(found, unknown, self.security.path(&["capabilities", "drop"]).span().unwrap_or(self.place))
    }

    fn env(&self) -> OpenList<Arc<Env>> {
        let (items, open) = members(self.slot.get("env"), self.scope.open);
        let mut seen = HashSet::new();
        let mut variable = |slot: Slot<'t>| {
            let named = slot.get("name");
            let (name, word) = (named.text(), named.node().and_then(NodeRef::scalar));
            let span = name.span().or(slot.span()).unwrap_or(self.place);
            let repeated = match (&name, word) {
                // The branches of a template may each have their own.
                (Field::Known(_), Some(word)) if !self.scope.part.template => Field::new(!seen.insert(word), span),
                _ => Field::unknown("?", span),
            };
            let source = slot.get("valueFrom").entries().next();
            let literal = Literal::of(name.known().map_or("", String::as_str), slot.get("value").text());
            Arc::new(Env {
                span,
                name,
                value: literal.value,
                key_kind: literal.key_kind,
                verdict: literal.verdict,
                from: source.map_or(Field::Absent, |(key, _)| {
                    Field::new(key.scalar().unwrap_or_default().to_owned(), key.span())
                }),
                repeated,
                container: self.name.clone(),
            })
        };
        let mut found: Vec<Arc<Env>> = items.into_iter().map(&mut variable).collect();
        found.extend(self.slot.get("envFrom").items().filter_map(|slot| self.whole_source(slot).map(Arc::new)));
        OpenList { items: found, open }
    }

    /// All keys of a Secret or a ConfigMap become variables; nobody knows their names.
    fn whole_source(&self, slot: Slot<'_>) -> Option<Env> {
        let (key, _) = slot.entries().find(|(key, _)| key.scalar().is_some_and(|key| key.ends_with("Ref")))?;
        Some(Env {
            span: key.span(),
            name: Field::unknown("", key.span()),
            from: Field::new(key.scalar()?.to_owned(), key.span()),
            repeated: Field::unknown("?", key.span()),
            container: self.name.clone(),
            ..Env::default()
        })
    }

    fn mounts(&self) -> OpenList<Arc<Mount>> {
        let (items, open) = members(self.slot.get("volumeMounts"), self.scope.open);
        let mount = |slot: Slot<'_>| {
            let volume = slot.get("name").text();
            let span = slot.get("mountPath").span().or(volume.span()).unwrap_or(self.place);
            let found = volume.known().and_then(|name| self.pod.host_paths.get(name)).cloned();
            let host_path = found.unwrap_or_else(|| Field::Absent.open(self.pod.volumes_open, span));
            Arc::new(Mount {
                span,
                path: slot.get("mountPath").text(),
                volume,
                host_path,
                read_only: self.scope.seal(slot.get("readOnly").flag(), span),
            })
        };
        OpenList { items: items.into_iter().map(mount).collect(), open }
    }

    fn ports(&self) -> OpenList<Arc<Port>> {
        let (items, open) = members(self.slot.get("ports"), self.scope.open);
        let port = |slot: Slot<'_>| {
            Arc::new(Port {
                span: slot.get("containerPort").span().or(slot.span()).unwrap_or(self.place),
                name: slot.get("name").text(),
                number: slot.get("containerPort").int(),
                host_port: slot.get("hostPort").int(),
                protocol: slot.get("protocol").text(),
                host_network: self.pod.host_network.clone(),
                workload_kind: self.scope.kind.clone(),
                container: self.name.clone(),
            })
        };
        OpenList { items: items.into_iter().map(port).collect(), open }
    }

    fn quantity(&self, list: &str, name: &str) -> Field<String> {
        let path = [list, name];
        let own = self.slot.get("resources").path(&path);
        // Nothing asked for, or no bound, is what a zero means.
        let text = match own.or(self.pod.resources.path(&path)).text() {
            Field::Known(text) if text.value == "0" => Field::Absent,
            text => text,
        };
        self.scope.seal(text, self.place)
    }

    fn probe(&self, key: &str) -> Field<String> {
        let slot = self.slot.get(key);
        let kinds = [("httpGet", "http"), ("tcpSocket", "tcp"), ("grpc", "grpc"), ("exec", "exec")];
        let field = slot.read(|probe| {
            let kind = kinds.iter().find(|(key, _)| probe.get(key).is_some())?;
            Some(kind.1.to_owned())
        });
        self.scope.seal(field, self.place)
    }
}
