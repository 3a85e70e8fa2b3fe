//! What names mean: in their own file, in those that Compose reads with it, in the Dockerfiles that services are built from.

use super::links::{self, From, SECTIONS};
use super::merge::Replaced;
use super::outline::{self, Base};
use super::parts::{Definition, Reference};
use super::stack::Stack;
use super::{Wanted, cycle, dependencies};
use crate::fact::Facts;
use crate::fact::context::{directory, join};
use crate::fact::value::Field;
use crate::fact::yaml::{Part, Slot};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use std::collections::{HashMap, HashSet};

/// A document, and what is read together with it.
pub(super) struct Scope<'t, 'c> {
    part: &'c Part<'c>,
    stack: &'c Stack<'c>,
    /// Whether another file may add to this one.
    open: bool,
    names: HashSet<(&'static str, &'t str)>,
    services: HashMap<&'t str, Slot<'t>>,
}

/// Adds what services name and what the file defines.
pub(super) fn build<'t>(
    root: Slot<'t>,
    services: &[(NodeRef<'t>, Slot<'t>)],
    part: &Part<'_>,
    stack: &Stack<'_>,
    wanted: &Wanted,
    out: &mut Facts,
) {
    let (names, defined) = (Reference::describe().name, Definition::describe().name);
    if !wanted.subject(names) && !wanted.subject(defined) {
        return;
    }
    let scope = Scope::of(root, services, part, stack);
    let mut found = Vec::new();
    for (key, service) in services {
        From { service: key.scalar().unwrap_or_default(), place: key.span() }.references(*service, &mut found);
    }
    // What is replaced above names nothing any more; what it uses may still be meant to be there.
    let gone = scope.take_replaced(&mut found);
    scope.resolve(&mut found);
    for (key, service) in services {
        dependencies::listed(key.scalar().unwrap_or_default(), root, *service, &mut found);
    }
    found.extend(scope.included(root));
    let own = found.len();
    // What the files below say closes circles too, but is reported there.
    let below = stack.below.iter().flat_map(|(_, outline)| &outline.references);
    found.extend(below.filter(|reference| !scope.replaces(reference)).cloned());
    cycle::mark(&mut found, own);
    if wanted.subject(defined) {
        found.extend(gone);
        found.extend(stack.below.iter().chain(&stack.above).flat_map(|(_, o)| o.references.iter().cloned()));
        scope.definitions(root, &found, out);
    }
    found.truncate(own);
    if wanted.subject(names) {
        for reference in found {
            let label = match reference.service.as_str() {
                "" => String::new(),
                service => format!("service/{service}"),
            };
            let span = reference.span;
            out.push(reference, &label, span);
        }
    }
}

impl<'t, 'c> Scope<'t, 'c> {
    fn of(root: Slot<'t>, services: &[(NodeRef<'t>, Slot<'t>)], part: &'c Part<'c>, stack: &'c Stack<'c>) -> Self {
        // What is to be started and says not how is completed by a file that nobody sees.
        let partial = services.iter().any(|(key, service)| {
            let name = key.scalar().unwrap_or_default();
            let elsewhere =
                || stack.below.iter().chain(&stack.above).filter_map(|(_, outline)| outline.services.get(name));
            let says = ["image", "build", "extends", "provider"].iter().any(|key| !service.get(key).is_absent());
            !says && !elsewhere().any(|service| service.is_whole())
        });
        let unknown = SECTIONS.iter().any(|(section, _)| root.get(section).is_unknown());
        let names = SECTIONS.iter().flat_map(|(section, kind)| {
            let keys = root.get(section).entries().filter_map(|(key, _)| key.scalar());
            keys.map(move |key| (*kind, key))
        });
        Self {
            part,
            stack,
            open: part.open || part.snippet || unknown || stack.open || partial,
            names: names.collect(),
            services: services.iter().filter_map(|(key, slot)| Some((key.scalar()?, *slot))).collect(),
        }
    }

    /// Takes out what nothing is left of once all files are merged.
    fn take_replaced(&self, found: &mut Vec<Reference>) -> Vec<Reference> {
        if self.stack.over.is_empty() {
            return Vec::new();
        }
        let replaced: HashMap<&str, Replaced> =
            self.services.keys().map(|name| (*name, Replaced::of(&self.stack.over, name))).collect();
        let is_gone = |reference: &Reference| {
            let keys: Vec<&str> = reference.key.split('.').collect();
            replaced.get(reference.service.as_str()).is_some_and(|replaced| replaced.has(&keys))
        };
        let (gone, mut left): (Vec<_>, Vec<_>) = std::mem::take(found).into_iter().partition(is_gone);
        for reference in &mut left {
            let Some(name) = reference.name.known().filter(|_| reference.key == "depends_on") else { continue };
            let replaced = replaced.get(reference.service.as_str());
            if replaced.is_some_and(|replaced| replaced.has(&["depends_on", name, "condition"])) {
                reference.condition = Field::unknown("", reference.span);
            }
        }
        *found = left;
        gone
    }

    /// Whether this file leaves nothing of what a file below says.
    fn replaces(&self, below: &Reference) -> bool {
        let service = self.services.get(below.service.as_str()).and_then(|service| service.node());
        let key = below.key.split('.').next().unwrap_or_default();
        let tag = service.and_then(|service| service.get(key)).and_then(|value| value.tag());
        matches!(tag, Some("!override" | "!reset"))
    }

    fn resolve(&self, found: &mut [Reference]) {
        for reference in found {
            let span = reference.span;
            let known = reference.name.known().filter(|_| !reference.optional).cloned();
            let Some(name) = known else {
                reference.found = Field::unknown("", span);
                continue;
            };
            if !reference.file.is_absent() {
                self.copied(reference, &name);
                continue;
            }
            let there = match reference.kind.as_str() {
                "service" => self.has_service(&name),
                "network" if name == "default" => true,
                kind => self.has_name(kind, &name),
            };
            // A copy is made within one file, before anything is laid over it.
            let open = self.open && (reference.key != "extends" || self.part.open);
            reference.found = match there || !open {
                true => Field::new(there, span),
                false => Field::unknown("", span),
            };
            if reference.kind == "service" && there {
                reference.health = self.health(&name, span);
                reference.disabled = self.disabled(reference, &name);
            }
            if reference.key == "extends"
                && self.part.context.stacks().copied_in_a_circle(self.part.path, &reference.service)
            {
                reference.cycle = Field::new(format!("{} → {name} → …", reference.service), span);
            }
        }
    }

    /// The files that this one includes, as far as they are here to be looked for.
    fn included(&self, root: Slot<'_>) -> Vec<Reference> {
        let dir = directory(self.part.path);
        let Some(inventory) = self.part.inventory.filter(|_| !self.part.snippet && !self.part.open) else {
            return Vec::new();
        };
        let paths = root.get("include").items().flat_map(outline::paths);
        let reference = |slot: Slot<'_>| {
            let text = super::interpolate::field(slot.text());
            let (Field::Known(path), span) = (&text, slot.span()?) else { return None };
            let file = join(dir, &path.value)?;
            let there = inventory.exists(&file);
            let cycle = self.part.context.stacks().included_in_a_circle(self.part.path, &file);
            Some(Reference {
                span,
                kind: "service".to_owned(),
                key: "include".to_owned(),
                found: Field::unknown("", span),
                file_found: Field::new(there, span),
                cycle: cycle.map_or(Field::Absent, |way| Field::new(way, span)),
                file: Field::new(file, span),
                name: text,
                ..Reference::default()
            })
        };
        paths.filter_map(reference).collect()
    }

    /// A service that is a copy of one in another file.
    fn copied(&self, reference: &mut Reference, name: &str) {
        let span = reference.span;
        reference.found = Field::unknown("", span);
        reference.file_found = Field::unknown("", span);
        let dir = directory(self.part.path);
        let (Some(file), Some(inventory)) =
            (&reference.file.known().and_then(|file| join(dir, file)), self.part.inventory)
        else {
            return;
        };
        let place = reference.file.span().unwrap_or(span);
        reference.file_found = Field::new(inventory.exists(file), place);
        if let Some(outline) = self.part.context.stacks().file(file) {
            reference.found = Field::new(outline.services.contains_key(name), span);
        }
        if self.part.context.stacks().copied_in_a_circle(self.part.path, &reference.service) {
            reference.cycle = Field::new(format!("{} → {name} → …", reference.service), span);
        }
    }

    fn others(&self) -> impl Iterator<Item = &'c super::Outline> {
        self.stack.below.iter().chain(&self.stack.above).map(|(_, outline)| *outline)
    }

    fn has_service(&self, name: &str) -> bool {
        self.services.contains_key(name) || self.others().any(|outline| outline.services.contains_key(name))
    }

    fn has_name(&self, kind: &str, name: &str) -> bool {
        let Some((_, kind)) = SECTIONS.iter().find(|(_, known)| *known == kind) else { return false };
        self.names.contains(&(kind, name))
            || self.others().any(|outline| outline.names.contains(&(*kind, name.to_owned())))
    }

    /// Whether and how a service's health is checked.
    fn health(&self, name: &str, span: Span) -> Field<String> {
        let own = self.services.get(name).copied().unwrap_or(Slot::Absent);
        let dir = directory(self.part.path);
        let elsewhere: Vec<_> = self.others().filter_map(|outline| outline.services.get(name)).collect();
        let check = own.get("healthcheck");
        let said = self.health_above(name).or_else(|| links::health(own));
        if let Some(said) = said.or_else(|| elsewhere.iter().rev().find_map(|service| service.health)) {
            return Field::new(said.to_owned(), span);
        }
        let open = self.open || own.is_unknown() || check.is_unknown() || check.get("test").is_unknown();
        let copied = Base::read(own, dir) != Base::None || elsewhere.iter().any(|service| service.base != Base::None);
        if open || copied {
            return Field::unknown("", span);
        }
        let built =
            super::build::files(own, dir).or_else(|| elsewhere.iter().find_map(|service| service.built.clone()));
        let has_build = !own.get("build").is_absent() || elsewhere.iter().any(|s| s.keys.contains_key("build"));
        let health = match (built, has_build) {
            (None, false) => Some("image"),
            (None, true) => None,
            (Some((file, target)), _) => {
                self.part.context.outline(&file).and_then(|file| file.stage(target.as_deref())).map(|stage| match stage
                    .healthcheck
                {
                    Some(true) => "checked",
                    Some(false) => "off",
                    None => "none",
                })
            }
        };
        health.map_or_else(|| Field::unknown("", span), |health| Field::new(health.to_owned(), span))
    }

    /// What all that is surely laid over this file says of a service's health.
    fn health_above(&self, name: &str) -> Option<&'static str> {
        let last = |files: &Vec<&super::Outline>| {
            files.iter().rev().filter_map(|outline| outline.services.get(name)).find_map(|service| service.health)
        };
        let mut said = self.stack.over.iter().map(last);
        let first = said.next()??;
        said.all(|other| other == Some(first)).then_some(first)
    }

    /// Whether the target only starts in a profile that the service itself does not have.
    fn disabled(&self, reference: &Reference, target: &str) -> Field<bool> {
        // Links and shared namespaces need the other just as much.
        match (self.profiles(&reference.service), self.profiles(target)) {
            (Some(own), Some(other)) if !self.open => {
                let apart = !other.is_empty() && own.iter().all(|name| !other.contains(name));
                Field::new(apart, reference.span)
            }
            _ => Field::unknown("", reference.span),
        }
    }

    fn profiles(&self, name: &str) -> Option<Vec<String>> {
        let mut found = match self.services.get(name) {
            Some(own) => links::profiles(*own)?,
            None => Vec::new(),
        };
        for service in self.others().filter_map(|outline| outline.services.get(name)) {
            found.extend(service.profiles.clone()?);
        }
        Some(found)
    }

    fn definitions(&self, root: Slot<'_>, found: &[Reference], out: &mut Facts) {
        let used: HashSet<_> = found.iter().filter_map(|r| Some((r.kind.as_str(), r.name.known()?.as_str()))).collect();
        let vague: HashSet<_> = found.iter().filter(|r| r.name.is_unknown()).map(|r| r.kind.as_str()).collect();
        let copies = self.copies_from_elsewhere();
        for (section, kind) in SECTIONS {
            for (key, value) in root.get(section).entries() {
                let Some(name) = key.scalar().filter(|name| !name.starts_with("x-")) else { continue };
                let span = key.span();
                let is_used = used.contains(&(*kind, name)) || (*kind == "network" && name == "default");
                let open = self.open || copies || vague.contains(kind) || self.services.is_empty();
                let used = match is_used || !open {
                    true => Field::new(is_used, span),
                    false => Field::unknown("", span),
                };
                let (file, tracked) = self.file_of(value);
                let definition = Definition {
                    file,
                    tracked,
                    span,
                    kind: (*kind).to_owned(),
                    name: name.to_owned(),
                    used,
                    sourced: self.sourced(kind, name, value, span),
                };
                out.push(definition, format!("{kind}/{name}"), value.extent().unwrap_or(span));
            }
        }
    }

    /// The file that something comes from, and whether git tracks it in the clear and for use.
    fn file_of(&self, value: Slot<'_>) -> (Field<String>, Field<bool>) {
        const SEALED: &[&str] = &[
            "example", "sample", "template", "dist", ".enc", ".age", ".gpg", ".asc", "sops", ".sealed", ".j2", ".tpl",
        ];
        let file = super::interpolate::field(value.get("file").text());
        let dir = directory(self.part.path);
        let (Field::Known(text), Some(inventory)) = (&file, self.part.inventory) else { return (file, Field::Absent) };
        let Some(path) = join(dir, &text.value) else { return (file, Field::Absent) };
        let lower = path.to_lowercase();
        let sealed = SEALED.iter().any(|word| lower.contains(word));
        let tracked = match inventory.is_tracked(&path) {
            Some(tracked) => Field::new(tracked && !sealed, text.span),
            None => Field::Absent,
        };
        (Field::new(path, text.span), tracked)
    }

    /// Whether a service is a copy of one in another file, which may use anything.
    fn copies_from_elsewhere(&self) -> bool {
        self.services.values().any(|service| !service.path(&["extends", "file"]).is_absent())
    }

    /// Whether a secret or a config says where its value comes from.
    fn sourced(&self, kind: &'static str, name: &str, value: Slot<'_>, span: Span) -> Field<bool> {
        if !matches!(kind, "secret" | "config") {
            return Field::Absent;
        }
        let keys = ["file", "environment", "content", "external", "driver", "template_driver"];
        let elsewhere = self.others().any(|outline| outline.names.contains(&(kind, name.to_owned())));
        match keys.iter().any(|key| !value.get(key).is_absent()) {
            true if !value.is_unknown() => Field::new(true, span),
            false if !self.open && !elsewhere && !value.is_unknown() => Field::new(false, span),
            _ => Field::unknown("", span),
        }
    }
}
