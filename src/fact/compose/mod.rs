//! What a Compose file says: services with their users, mounts, ports and environment.

mod build;
mod cycle;
mod interpolate;
mod links;
mod mount;
mod parts;
mod quantity;

pub use parts::{
    Build, Capability, Definition, Env, File, Mount, Port, Quantity, Reference, SecurityOption, Service, User,
};

use super::image::Image;
use super::value::{Field, Object, OpenList};
use super::yaml::{Literal, Part, Slot};
use super::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// Adds the facts of one document.
pub fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.any("compose.") {
        return;
    }
    let slot = Slot::of(root);
    let services: Vec<_> = slot.get("services").entries().filter(|(key, _)| is_service(*key)).collect();
    if wanted.subject(File::describe().name) {
        let deploys = services.iter().any(|(_, service)| !service.get("deploy").is_absent());
        let builds = services.iter().any(|(_, service)| !service.get("build").is_absent());
        let span = root.written().next().map_or_else(|| root.span(), |(key, _)| key.span());
        let file = File {
            span,
            version: slot.get("version").text(),
            name: slot.get("name").text().open(part.open, span),
            swarm: deploys && !builds,
            services: services.iter().filter_map(|(key, _)| key.scalar()).map(str::to_owned).collect(),
        };
        out.push(file, "", root.span());
    }
    let open = part.open || is_override(part.path);
    links::build(slot, &services, &Part { open, ..*part }, wanted, out);
    for (key, service) in services {
        let builder = ServiceBuilder::new(key, service, open, part.snippet);
        builder.build(wanted, out);
        if wanted.subject(Build::describe().name)
            && let Some(build) = builder.built_from(part)
        {
            out.push(build, &builder.label, builder.slot.extent().unwrap_or(builder.key));
        }
    }
}

/// Files that are laid over others say only what differs.
fn is_override(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains("override"))
}

fn is_service(key: NodeRef<'_>) -> bool {
    key.scalar().is_some_and(|name| !name.starts_with("x-"))
}

struct ServiceBuilder<'t> {
    name: String,
    label: String,
    key: Span,
    slot: Slot<'t>,
    open: bool,
    snippet: bool,
}

impl<'t> ServiceBuilder<'t> {
    fn new(key: NodeRef<'t>, slot: Slot<'t>, open: bool, snippet: bool) -> Self {
        let name = key.scalar().unwrap_or_default().to_owned();
        // Without image and build it is completed by another file.
        let incomplete = slot.get("image").is_absent() && slot.get("build").is_absent();
        let open = open || incomplete || !slot.get("extends").is_absent() || slot.is_unknown();
        Self { label: format!("service/{name}"), name, key: key.span(), slot, open, snippet }
    }

    fn build(&self, wanted: &Wanted, out: &mut Facts) {
        let extent = self.slot.extent().unwrap_or(self.key);
        if wanted.subject(Service::describe().name) {
            out.push(self.service(), &self.label, extent);
        }
        self.each("volumes", wanted, out, |slot| {
            let mount = mount::mount(slot, self.key)?;
            Some(Mount { service: self.name.clone(), image: self.image(), ..mount })
        });
        self.each("ports", wanted, out, |slot| {
            let port = mount::port(slot, self.key)?;
            Some(Port { service: self.name.clone(), ..port })
        });
        self.each("cap_add", wanted, out, |slot| {
            let name = slot.text().map(|name| capability(&name));
            Some(Capability { span: slot.span()?, name, service: self.name.clone() })
        });
        if wanted.subject(Quantity::describe().name) {
            for quantity in quantity::all(self.slot, &self.name) {
                let span = quantity.span;
                out.push(quantity, &self.label, span);
            }
        }
        self.environment(wanted, out);
    }

    fn service(&self) -> Service {
        let (open, key) = (self.open, self.key);
        let text = |name: &str| interpolate::field(self.slot.get(name).text()).open(open, key);
        let flag = |name: &str| self.slot.get(name).loose_flag().open(open, key);
        let build = self.slot.get("build");
        Service {
            span: key,
            name: self.name.clone(),
            image: self.image().open(open, key),
            built: build.span().map_or(Field::new(false, key), |span| Field::new(true, span)),
            user: self.user().open(open, key),
            privileged: flag("privileged"),
            network_mode: text("network_mode"),
            pid: text("pid"),
            ipc: text("ipc"),
            user_namespace: text("userns_mode"),
            uts: text("uts"),
            cgroup: text("cgroup"),
            read_only: flag("read_only"),
            security_options: self.security_options(),
            dropped: self.dropped(),
            memory_limit: self.memory_limit().open(open, key),
            healthcheck_test: self.healthcheck_test(),
            healthcheck: self.healthcheck().open(open, key),
            restart: text("restart"),
            container_name: text("container_name"),
            profiles: self.slot.get("profiles").items().filter_map(|p| p.text().known().cloned()).collect(),
            snippet: self.snippet,
            open,
        }
    }

    fn image(&self) -> Field<Image> {
        let field = self.slot.get("image").text();
        let Some(span) = field.span() else { return Field::Absent };
        match field {
            Field::Known(text) => Image::read(&interpolate::expand(&text.value), span),
            Field::Unknown(text) if text.value.contains('$') && !text.value.contains("{{") => {
                let value = interpolate::expand(text.value.trim_matches(['"', '\'']));
                match value.starts_with("${") && !value.contains(['/', ':']) {
                    true => Field::Unknown(text),
                    false => Image::read(&value, span),
                }
            }
            Field::Unknown(text) => Field::Unknown(text),
            Field::Absent => Field::Absent,
        }
    }

    fn user(&self) -> Field<User> {
        let field = interpolate::field(self.slot.get("user").text());
        let Some(span) = field.span() else { return Field::Absent };
        let of = |text: &str| {
            let name = interpolate::expand(text.trim_matches(['"', '\'']));
            let name = name.split_once(':').map_or(name.as_str(), |(name, _)| name).to_owned();
            let root = match name.contains("${") {
                true => Field::unknown(name, span),
                false => Field::new(is_root(&name), span),
            };
            Field::new(User { span, text: text.to_owned(), root }, span)
        };
        match &field {
            Field::Absent => Field::Absent,
            Field::Known(text) => of(&text.value),
            Field::Unknown(text) => of(&text.value),
        }
    }

    fn healthcheck(&self) -> Field<bool> {
        let slot = self.slot.get("healthcheck");
        let Some(span) = slot.span() else { return Field::Absent };
        if slot.is_unknown() {
            return Field::unknown("?", span);
        }
        let disabled = slot.get("disable").loose_flag().known() == Some(&true);
        let none = slot.get("test").items().next().is_some_and(|word| word.text().known().is_some_and(|w| w == "NONE"));
        Field::new(!disabled && !none, span)
    }

    fn healthcheck_test(&self) -> Field<String> {
        let first = self.slot.path(&["healthcheck", "test"]).items().next();
        first.map_or(Field::Absent, |word| interpolate::field(word.text()))
    }

    fn memory_limit(&self) -> Field<String> {
        let deployed = self.slot.path(&["deploy", "resources", "limits", "memory"]);
        interpolate::field(self.slot.get("mem_limit").or(deployed).text())
    }

    fn dropped(&self) -> OpenList<String> {
        let slot = self.slot.get("cap_drop");
        let names: Vec<_> = slot.items().map(|item| item.text()).collect();
        let open = self.open || slot.is_unknown() || names.iter().any(Field::is_unknown);
        OpenList { items: names.iter().filter_map(Field::known).map(|name| capability(name)).collect(), open }
    }

    fn security_options(&self) -> OpenList<SecurityOption> {
        let slot = self.slot.get("security_opt");
        let option = |slot: Slot<'_>| {
            let field = interpolate::field(slot.text());
            let span = field.span().unwrap_or(self.key);
            match field {
                Field::Known(text) => {
                    let (key, value) = text.value.split_once([':', '=']).unwrap_or((&text.value, ""));
                    SecurityOption { span, key: key.to_owned(), value: Field::new(value.to_owned(), span) }
                }
                _ => SecurityOption { span, key: String::new(), value: Field::unknown("?", span) },
            }
        };
        OpenList { items: slot.items().map(option).collect(), open: self.open || slot.is_unknown() }
    }

    /// The members of a list are subjects of their own: one finding each.
    fn each<T: Object + 'static>(
        &self,
        list: &str,
        wanted: &Wanted,
        out: &mut Facts,
        make: impl Fn(Slot<'t>) -> Option<T>,
    ) {
        for slot in self.slot.get(list).items() {
            let Some(fact) = make(slot) else { continue };
            if wanted.subject(fact.schema().name) {
                let extent = slot.extent().unwrap_or(fact.span());
                out.push(fact, &self.label, extent);
            }
        }
    }

    /// `environment` as a mapping or as a list of `NAME=value`.
    fn environment(&self, wanted: &Wanted, out: &mut Facts) {
        if !wanted.subject(Env::describe().name) {
            return;
        }
        let slot = self.slot.get("environment");
        for (key, value) in slot.entries() {
            let name = key.scalar().unwrap_or_default();
            let env = self.variable(key.span(), name, interpolate::field(value.text()));
            let extent = value.extent().unwrap_or(key.span());
            out.push(env, &self.label, extent);
        }
        let Some(list) = slot.node() else { return };
        for item in list.items() {
            if let Some(env) = self.assignment(item) {
                out.push(env, &self.label, item.span());
            }
        }
    }

    fn assignment(&self, item: NodeRef<'_>) -> Option<Env> {
        let text = item.text()?;
        let (name, value) = match text.as_str().split_once('=') {
            Some((name, _)) => {
                let range = name.len() + 1..text.len();
                let span = text.span(range.clone());
                let value = text.as_str()[range].to_owned();
                let field = match value.contains('$') || item.is_templated() {
                    true => Field::unknown(value, span),
                    false => Field::new(value, span),
                };
                (name.to_owned(), interpolate::field(field))
            }
            None => (text.as_str().to_owned(), Field::Absent),
        };
        Some(self.variable(item.span(), &name, value))
    }

    fn variable(&self, span: Span, name: &str, value: Field<String>) -> Env {
        let Literal { value, key_kind, verdict } = Literal::of(name, value);
        Env { span, name: name.to_owned(), value, key_kind, verdict, service: self.name.clone() }
    }
}

/// Upper case, without `CAP_`.
fn capability(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    upper.strip_prefix("CAP_").map_or(upper.clone(), str::to_owned)
}

/// `root`, or a number that is zero however it is written.
fn is_root(name: &str) -> bool {
    name == "root" || !name.is_empty() && name.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests;
