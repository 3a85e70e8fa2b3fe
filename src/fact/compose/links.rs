//! What services name, and what the file defines: networks, volumes, secrets, configs and each other.

use super::parts::{Definition, Reference};
use super::{Wanted, cycle, interpolate, mount};
use crate::fact::Facts;
use crate::fact::value::Field;
use crate::fact::yaml::{Part, Slot};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// Top-level keys, and what rules call one entry.
const SECTIONS: &[(&str, &str)] =
    &[("networks", "network"), ("volumes", "volume"), ("secrets", "secret"), ("configs", "config")];

/// Files that Compose reads without being told.
const BASES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const OVERRIDES: &[&str] =
    &["compose.override.yaml", "compose.override.yml", "docker-compose.override.yaml", "docker-compose.override.yml"];

/// Adds what services name and what the file defines.
pub(super) fn build(
    root: Slot<'_>,
    services: &[(NodeRef<'_>, Slot<'_>)],
    part: &Part<'_>,
    wanted: &Wanted,
    out: &mut Facts,
) {
    let (names, defined) = (Reference::describe().name, Definition::describe().name);
    if !wanted.subject(names) && !wanted.subject(defined) {
        return;
    }
    let scope = Scope::of(root, services, part);
    let mut found = Vec::new();
    for (key, service) in services {
        let from = From { service: key.scalar().unwrap_or_default(), place: key.span() };
        from.references(*service, &mut found);
    }
    scope.resolve(&mut found);
    cycle::mark(&mut found);
    if wanted.subject(defined) {
        scope.definitions(root, &found, out);
    }
    if wanted.subject(names) {
        for reference in found {
            let (label, span) = (format!("service/{}", reference.service), reference.span);
            out.push(reference, &label, span);
        }
    }
}

/// All that names can mean in a file.
struct Scope<'t> {
    /// Whether another file may add to this one.
    open: bool,
    names: HashSet<(&'static str, String)>,
    services: HashMap<&'t str, Slot<'t>>,
}

impl<'t> Scope<'t> {
    fn of(root: Slot<'t>, services: &[(NodeRef<'t>, Slot<'t>)], part: &Part<'_>) -> Self {
        let partial = services.iter().any(|(_, service)| {
            ["image", "build", "extends", "provider"].iter().all(|key| service.get(key).is_absent())
        });
        let sections = || SECTIONS.iter().map(|(key, kind)| (root.get(key), *kind));
        let unknown = !root.get("include").is_absent() || sections().any(|(section, _)| section.is_unknown());
        let names = sections().flat_map(|(section, kind)| {
            let keys = section.entries().filter_map(|(key, _)| key.scalar().map(str::to_owned));
            keys.map(move |key| (kind, key)).collect::<Vec<_>>()
        });
        Self {
            open: part.open || part.snippet || partial || unknown || is_one_of_several(part),
            names: names.collect(),
            services: services.iter().filter_map(|(key, slot)| Some((key.scalar()?, *slot))).collect(),
        }
    }

    fn resolve(&self, found: &mut [Reference]) {
        for reference in found {
            let span = reference.span;
            let Some(name) = reference.name.known() else {
                reference.found = Field::unknown("", span);
                continue;
            };
            let there = match reference.kind.as_str() {
                "service" => self.services.contains_key(name.as_str()),
                "network" if name == "default" => true,
                kind => SECTIONS.iter().any(|(_, k)| *k == kind && self.names.contains(&(*k, name.clone()))),
            };
            reference.found = match there || !self.open {
                true => Field::new(there, span),
                false => Field::unknown("", span),
            };
            if let Some(target) = self.services.get(name.as_str()).filter(|_| reference.kind == "service") {
                reference.checked = checked(*target, span).open(self.open, span);
                reference.disabled = self.disabled(reference, *target);
            }
        }
    }

    /// Whether the target only starts in a profile that the service itself does not have.
    fn disabled(&self, reference: &Reference, target: Slot<'_>) -> Field<bool> {
        let own = self.services.get(reference.service.as_str()).copied().unwrap_or(Slot::Absent);
        let (own, other) = (profiles(own), profiles(target));
        match (own, other) {
            (Some(own), Some(other)) if !self.open => {
                let apart = !other.is_empty() && own.iter().all(|name| !other.contains(name));
                Field::new(apart, reference.span)
            }
            _ => Field::unknown("", reference.span),
        }
    }

    fn definitions(&self, root: Slot<'_>, found: &[Reference], out: &mut Facts) {
        let used: HashSet<_> = found.iter().filter_map(|r| Some((r.kind.as_str(), r.name.known()?.as_str()))).collect();
        let vague: HashSet<_> = found.iter().filter(|r| r.name.is_unknown()).map(|r| r.kind.as_str()).collect();
        let extended = self.services.values().any(|service| !service.get("extends").is_absent());
        for (section, kind) in SECTIONS {
            for (key, value) in root.get(section).entries() {
                let Some(name) = key.scalar().filter(|name| !name.starts_with("x-")) else { continue };
                let span = key.span();
                let is_used = used.contains(&(*kind, name)) || (*kind == "network" && name == "default");
                let used = match is_used || !(self.open || extended || vague.contains(kind)) {
                    true => Field::new(is_used, span),
                    false => Field::unknown("", span),
                };
                let definition = Definition {
                    span,
                    kind: (*kind).to_owned(),
                    name: name.to_owned(),
                    used,
                    sourced: sourced(kind, value, self.open, span),
                };
                out.push(definition, format!("{kind}/{name}"), value.extent().unwrap_or(span));
            }
        }
    }
}

/// Whether Compose merges the file with another: an override beside it, or a base that it is laid over.
fn is_one_of_several(part: &Part<'_>) -> bool {
    let (dir, name) = part.path.rsplit_once('/').map_or(("", part.path), |(dir, name)| (dir, name));
    let Some(inventory) = part.inventory else { return false };
    let beside = |name: &&str| match dir {
        "" => inventory.exists(name),
        dir => inventory.exists(&format!("{dir}/{name}")),
    };
    match BASES.contains(&name) {
        true => OVERRIDES.iter().any(beside),
        false => BASES.iter().any(beside),
    }
}

/// The names of the profiles; `None` where one depends on a variable.
fn profiles(service: Slot<'_>) -> Option<Vec<String>> {
    let slot = service.get("profiles");
    if slot.is_unknown() || !service.get("extends").is_absent() {
        return None;
    }
    slot.items().map(|item| interpolate::field(item.text()).known().cloned()).collect()
}

/// Whether a service says how its health is checked; unknown where only its image may say so.
fn checked(service: Slot<'_>, span: Span) -> Field<bool> {
    let check = service.get("healthcheck");
    if check.is_absent() || check.is_unknown() || !service.get("extends").is_absent() {
        return Field::unknown("", span);
    }
    let disabled = check.get("disable").loose_flag();
    let first = check.get("test").items().next().map(|word| word.text());
    match (disabled.known(), first.as_ref().and_then(Field::known)) {
        (Some(true), _) => Field::new(false, span),
        (_, Some(word)) if word == "NONE" => Field::new(false, span),
        _ if check.get("test").is_absent() || disabled.is_unknown() => Field::unknown("", span),
        _ => Field::new(true, span),
    }
}

/// Whether a secret or a config says where its value comes from.
fn sourced(kind: &str, value: Slot<'_>, open: bool, span: Span) -> Field<bool> {
    if !matches!(kind, "secret" | "config") {
        return Field::Absent;
    }
    let keys = ["file", "environment", "content", "external", "driver", "template_driver"];
    match keys.iter().any(|key| !value.get(key).is_absent()) {
        true if !value.is_unknown() => Field::new(true, span),
        false if !open => Field::new(false, span),
        _ => Field::unknown("", span),
    }
}

/// The service that names something.
struct From<'s> {
    service: &'s str,
    place: Span,
}

impl From<'_> {
    fn references(&self, service: Slot<'_>, out: &mut Vec<Reference>) {
        self.list(service.get("networks"), "network", "networks", out);
        for kind in ["secrets", "configs"] {
            self.list(service.get(kind), kind.trim_end_matches('s'), kind, out);
        }
        self.list(service.path(&["build", "secrets"]), "secret", "build.secrets", out);
        for slot in service.get("volumes").items() {
            let Some(mount) = mount::mount(slot, self.place) else { continue };
            if mount.ty == "volume" && !mount.source.is_absent() {
                out.push(self.reference("volume", "volumes", mount.source));
            }
        }
        self.dependencies(service.get("depends_on"), out);
        for key in ["links", "volumes_from"] {
            for slot in service.get(key).items() {
                let name = interpolate::field(slot.text());
                let outside = name.known().is_some_and(|name| name.starts_with("container:"));
                if !outside && !name.is_absent() {
                    out.push(self.reference("service", key, name.map(before_colon)));
                }
            }
        }
        for key in ["network_mode", "ipc", "pid"] {
            let mode = interpolate::field(service.get(key).text());
            if let Field::Known(mode) = mode
                && let Some(name) = mode.value.strip_prefix("service:")
            {
                out.push(self.reference("service", key, Field::new(name.to_owned(), mode.span)));
            }
        }
        let extends = service.get("extends");
        let base = match extends.get("service") {
            Slot::Absent => extends.text(),
            slot => slot.text(),
        };
        if extends.get("file").is_absent() && !base.is_absent() {
            out.push(self.reference("service", "extends", interpolate::field(base)));
        }
    }

    /// Names in a list, or keys of a mapping; a member that is a mapping has a `source`.
    fn list(&self, slot: Slot<'_>, kind: &str, key: &str, out: &mut Vec<Reference>) {
        for (name, _) in slot.entries() {
            let text = name.scalar().unwrap_or_default().to_owned();
            out.push(self.reference(kind, key, Field::new(text, name.span())));
        }
        for item in slot.items() {
            let name = match item.get("source") {
                Slot::Absent => item.text(),
                source => source.text(),
            };
            if !name.is_absent() {
                out.push(self.reference(kind, key, interpolate::field(name)));
            }
        }
    }

    fn dependencies(&self, slot: Slot<'_>, out: &mut Vec<Reference>) {
        for item in slot.items() {
            let name = interpolate::field(item.text());
            let span = name.span().unwrap_or(self.place);
            let started = Field::new("service_started".to_owned(), span);
            out.push(Reference { condition: started, ..self.reference("service", "depends_on", name) });
        }
        for (name, value) in slot.entries() {
            if value.get("required").loose_flag().known() == Some(&false) {
                continue;
            }
            let text = name.scalar().unwrap_or_default().to_owned();
            let condition = interpolate::field(value.get("condition").text());
            let reference = self.reference("service", "depends_on", Field::new(text, name.span()));
            out.push(Reference { condition, ..reference });
        }
    }

    fn reference(&self, kind: &str, key: &str, name: Field<String>) -> Reference {
        Reference {
            span: name.span().unwrap_or(self.place),
            kind: kind.to_owned(),
            key: key.to_owned(),
            name,
            service: self.service.to_owned(),
            ..Reference::default()
        }
    }
}

fn before_colon(text: String) -> String {
    text.split_once(':').map_or(text.clone(), |(name, _)| name.to_owned())
}
