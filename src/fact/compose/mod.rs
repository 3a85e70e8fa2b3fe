//! What a Compose file says: services with their users, mounts, ports and environment.

mod build;
mod cycle;
mod dependencies;
mod details;
mod environment;
mod faults;
mod interpolate;
mod links;
mod merge;
mod mount;
mod order;
mod outline;
mod parts;
mod ports;
mod quantity;
mod schema;
mod scope;
mod stack;
mod template;
mod variables;

pub use outline::Outline;
pub use parts::{
    Build, Capability, Definition, Device, Env, EnvFile, Fault, File, Mount, OldKey, Port, Quantity, Reference,
    SecurityOption, Service, Unsorted, User, Variable,
};
pub use schema::SchemaFault;
pub use stack::Stacks;
pub use variables::Settings;

use merge::Inherited;
use outline::Base;
use stack::Stack;

use super::context::directory;
use super::image::Image;
use super::listening::Listening;
use super::value::{Field, Object, OpenList};
use super::yaml::{Part, Slot};
use super::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

static NOTHING: Outline = Outline::NONE;

/// Adds the facts of one document.
pub fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.any("compose.") {
        return;
    }
    let slot = Slot::of(root);
    let services: Vec<_> = slot.get("services").entries().filter(|(key, _)| is_service(*key)).collect();
    // A file that only its content tells was not read before.
    let stacks = part.context.stacks();
    let dir = directory(part.path);
    let read = if part.snippet || stacks.file(part.path).is_none() { Some(Outline::read(root, dir)) } else { None };
    let own = read.as_ref().or(stacks.file(part.path)).unwrap_or(&NOTHING);
    let stack = match part.snippet {
        true => Stack { open: true, ..Stack::default() },
        false => stacks.of(part.path, own),
    };
    // What a development container is made of beside this, its own settings say.
    let stack = Stack { open: stack.open || part.path.split('/').any(|dir| dir == ".devcontainer"), ..stack };
    if wanted.subject(File::describe().name) {
        let deploys = services.iter().any(|(_, service)| !service.get("deploy").is_absent());
        let builds = services.iter().any(|(_, service)| !service.get("build").is_absent());
        let span = root.written().next().map_or_else(|| root.span(), |(key, _)| key.span());
        let laid_over = !stack.below.is_empty();
        let file = File {
            span,
            version: slot.get("version").text(),
            name: interpolate::field(slot.get("name").text()).open(part.open || laid_over, span),
            swarm: deploys && !builds,
            laid_over,
            services: services.iter().filter_map(|(key, _)| key.scalar()).map(str::to_owned).collect(),
        };
        out.push(file, "", root.span());
    }
    schema::build(root, &Part { open: part.open || stack.open || !stack.below.is_empty(), ..*part }, wanted, out);
    scope::build(slot, &services, part, &stack, wanted, out);
    variables::build(root, part, wanted, out);
    order::build(slot, &services, wanted, out);
    details::old_names(slot, wanted, out);
    if wanted.subject(Fault::describe().name) {
        faults::definitions(slot, out);
    }
    let mut taken = ports::Taken::below(&stack, &services);
    for (key, service) in services {
        let builder = ServiceBuilder::new(key, service, part, (own, &stack));
        builder.build(wanted, &mut taken, out);
        if wanted.subject(Build::describe().name)
            && let Some(build) = builder.built_from(part)
        {
            out.push(build, &builder.label, builder.slot.extent().unwrap_or(builder.key));
        }
        if wanted.subject(Listening::NAME) && part.context.has_dockerfiles() {
            builder.listening(out);
        }
    }
}

/// Adds that a file of Compose has no content.
pub fn build_empty(text: &str, wanted: &Wanted, out: &mut Facts) {
    let end = text.lines().next().map_or(0, |line| line.trim_end().len());
    schema::empty(Span::new(0, end), wanted, out);
}

fn is_service(key: NodeRef<'_>) -> bool {
    key.scalar().is_some_and(|name| !name.is_empty() && !name.starts_with("x-"))
}

struct ServiceBuilder<'t> {
    name: String,
    label: String,
    key: Span,
    key_node: NodeRef<'t>,
    slot: Slot<'t>,
    /// Whether what is missing may stand in another file.
    open: bool,
    snippet: bool,
    /// Whether it says what it runs; nothing where that may stand elsewhere.
    complete: Option<bool>,
    /// What comes from elsewhere.
    inherited: Inherited,
    part: &'t Part<'t>,
}

impl<'t> ServiceBuilder<'t> {
    fn new(key: NodeRef<'t>, slot: Slot<'t>, part: &'t Part<'t>, (own, stack): (&Outline, &Stack<'_>)) -> Self {
        let name = key.scalar().unwrap_or_default().to_owned();
        let dir = directory(part.path);
        let inherited = part.context.stacks().inherited(part.path, own, &name, &Base::read(slot, dir), stack);
        let whole = ["image", "build", "provider"]
            .iter()
            .any(|key| !slot.get(key).is_absent() || inherited.keys.contains(*key));
        let unsure = part.open
            || part.snippet
            || inherited.open
            || slot.is_unknown()
            || stack::may_be_laid_over(part.path, stack);
        let complete = if whole { Some(true) } else { (!unsure).then_some(false) };
        // Without image and build it is completed by another file.
        let open = part.open || part.snippet || !whole || inherited.open || inherited.laid_over || slot.is_unknown();
        Self {
            label: format!("service/{name}"),
            name,
            key: key.span(),
            key_node: key,
            slot,
            open,
            snippet: part.snippet,
            complete,
            inherited,
            part,
        }
    }

    /// What stands under a key; what only stands elsewhere is there, but another file's business.
    fn get(&self, key: &str) -> Slot<'t> {
        self.path(&[key])
    }

    fn path(&self, keys: &[&str]) -> Slot<'t> {
        match self.slot.path(keys) {
            Slot::Absent if self.inherited.keys.contains(&keys.join(".")) => Slot::Unknown(self.key_node),
            Slot::Absent => Slot::Absent,
            _ if self.is_replaced(keys) => Slot::Unknown(self.key_node),
            slot => slot,
        }
    }

    fn build(&self, wanted: &Wanted, taken: &mut ports::Taken, out: &mut Facts) {
        let extent = self.slot.extent().unwrap_or(self.key);
        let namesake = taken.name(self);
        if wanted.subject(Service::describe().name) {
            out.push(self.service(namesake), &self.label, extent);
        }
        self.each("volumes", wanted, out, |slot| {
            let mount = mount::mount(slot, self.key).filter(|mount| !self.inherited.replaced.has_mount(mount))?;
            Some(Mount { service: self.name.clone(), image: self.image(), ..mount })
        });
        self.tmpfs(wanted, out);
        if wanted.subject(Port::describe().name) {
            for slot in self.written("ports").items() {
                let Some(mut port) = mount::port(slot, self.key) else { continue };
                port.service.clone_from(&self.name);
                port.taken_by = taken.port(&port, self);
                let span = slot.extent().unwrap_or(port.span);
                out.push(port, &self.label, span);
            }
        }
        self.each("cap_add", wanted, out, |slot| {
            let name = slot.text().map(|name| capability(&name));
            Some(Capability { span: slot.span()?, name, service: self.name.clone() })
        });
        if wanted.subject(Quantity::describe().name) {
            // Next to a fault of syntax stands what nobody meant to write.
            let whole = self.snippet || !self.part.open;
            for quantity in quantity::all(self.slot, &self.name).filter(|_| whole) {
                let span = quantity.span;
                out.push(quantity, &self.label, span);
            }
        }
        if wanted.subject(Fault::describe().name) {
            self.faults(out);
        }
        self.details(wanted, out);
        self.environment(wanted, out);
    }

    fn service(&self, (namesake, namesake_apart): (Option<String>, bool)) -> Service {
        let (open, key) = (self.open, self.key);
        let text = |name: &str| interpolate::field(self.get(name).text()).open(open, key);
        let flag = |name: &str| self.get(name).loose_flag().open(open, key);
        let build = self.get("build");
        Service {
            span: key,
            name: self.name.clone(),
            image: self.image().open(open, key),
            built: build.span().map_or(Field::new(false, key), |span| Field::new(true, span)),
            complete: self.complete.map_or_else(|| Field::unknown("", key), |complete| Field::new(complete, key)),
            namesake,
            namesake_apart,
            shared_image: self.is_shared(),
            logging_driver: interpolate::field(self.path(&["logging", "driver"]).text()).open(open, key),
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
            healthcheck_test: self.healthcheck_word(0),
            healthcheck_surplus: match self.healthcheck_word(0).known().is_some_and(|word| word == "NONE") {
                true => self.healthcheck_word(1),
                false => Field::Absent,
            },
            healthcheck: self.healthcheck().open(open, key),
            restart: text("restart"),
            container_name: text("container_name"),
            profiles: self.slot.get("profiles").items().filter_map(|p| p.text().known().cloned()).collect(),
            snippet: self.snippet,
            open,
        }
    }

    fn image(&self) -> Field<Image> {
        let field = self.get("image").text();
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
        let field = interpolate::field(self.get("user").text());
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
        let slot = self.get("healthcheck");
        let Some(span) = slot.span() else { return Field::Absent };
        if slot.is_unknown() {
            return Field::unknown("?", span);
        }
        let disabled = self.path(&["healthcheck", "disable"]).loose_flag().known() == Some(&true);
        let none = self
            .path(&["healthcheck", "test"])
            .items()
            .next()
            .is_some_and(|word| word.text().known().is_some_and(|w| w == "NONE"));
        Field::new(!disabled && !none, span)
    }

    fn healthcheck_word(&self, number: usize) -> Field<String> {
        let word = self.path(&["healthcheck", "test"]).items().nth(number);
        word.map_or(Field::Absent, |word| interpolate::field(word.text()))
    }

    fn memory_limit(&self) -> Field<String> {
        let deployed = self.path(&["deploy", "resources", "limits", "memory"]);
        interpolate::field(self.get("mem_limit").or(deployed).text())
    }

    fn dropped(&self) -> OpenList<String> {
        let slot = self.get("cap_drop");
        let names: Vec<_> = slot.items().map(|item| item.text()).collect();
        let more = self.inherited.members("cap_drop");
        let open = self.open || self.is_vague("cap_drop") || names.iter().any(Field::is_unknown);
        let names = names.iter().filter_map(Field::known).chain(more.unwrap_or_default());
        OpenList { items: names.map(|name| capability(name)).collect(), open }
    }

    fn security_options(&self) -> OpenList<SecurityOption> {
        let slot = self.get("security_opt");
        let read = |text: &str, span: Span| {
            let (key, value) = text.split_once([':', '=']).unwrap_or((text, ""));
            SecurityOption { span, key: key.to_owned(), value: Field::new(value.to_owned(), span) }
        };
        let option = |slot: Slot<'_>| {
            let field = interpolate::field(slot.text());
            let span = field.span().unwrap_or(self.key);
            match field {
                Field::Known(text) => read(&text.value, span),
                _ => SecurityOption { span, key: String::new(), value: Field::unknown("?", span) },
            }
        };
        // What another file switches off is reported there.
        let more = self.inherited.members("security_opt").unwrap_or_default().iter().map(|text| read(text, self.key));
        let more = more.filter(|option| option.key == "no-new-privileges");
        let items = slot.items().map(option).chain(more).collect();
        OpenList { items, open: self.open || self.is_vague("security_opt") }
    }

    /// Whether others get the image too: its name has a registry, or a policy says when it is pulled.
    fn is_shared(&self) -> bool {
        let registry = self.image().known().is_some_and(|image| !image.registry.is_absent());
        registry || !self.get("pull_policy").is_absent()
    }

    /// The members of a list are subjects of their own: one finding each.
    fn each<T: Object + 'static>(
        &self,
        list: &str,
        wanted: &Wanted,
        out: &mut Facts,
        make: impl Fn(Slot<'t>) -> Option<T>,
    ) {
        for slot in self.written(list).items() {
            let Some(fact) = make(slot) else { continue };
            if wanted.subject(fact.schema().name) {
                let extent = slot.extent().unwrap_or(fact.span());
                out.push(fact, &self.label, extent);
            }
        }
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
