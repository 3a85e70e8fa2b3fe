//! What services name: networks, volumes, secrets, configs, models and each other.

use super::interpolate;
use super::mount;
use super::outline::is_reset;
use super::parts::Reference;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::text::Span;

/// Top-level keys, and what rules call one entry.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("networks", "network"),
    ("volumes", "volume"),
    ("secrets", "secret"),
    ("configs", "config"),
    ("models", "model"),
];

/// The names of the profiles; `None` where one depends on a variable.
pub(super) fn profiles(service: Slot<'_>) -> Option<Vec<String>> {
    let slot = service.get("profiles");
    if slot.is_unknown() || !service.get("extends").is_absent() {
        return None;
    }
    slot.items().map(|item| interpolate::field(item.text()).known().cloned()).collect()
}

/// What a service says of its health: `checked`, `off`, `image` where it leaves that to the image again, or nothing that
/// is known.
pub(super) fn health(service: Slot<'_>) -> Option<&'static str> {
    let check = service.get("healthcheck");
    if is_reset(check) {
        return Some("image");
    }
    let disabled = check.get("disable").loose_flag();
    let test = check.get("test");
    let first = test.items().next().map(|word| word.text());
    match (disabled.known(), first.as_ref().and_then(Field::known)) {
        (Some(true), _) => Some("off"),
        (_, Some(word)) if word == "NONE" => Some("off"),
        _ if test.text().known().is_some_and(|text| text == "NONE") => Some("off"),
        _ if test.node().is_some_and(|test| test.is_sequence() && test.items().len() == 0) => None,
        _ if test.is_absent() || test.is_unknown() || disabled.is_unknown() => None,
        _ => Some("checked"),
    }
}

/// The service that names something.
pub(super) struct From<'s> {
    pub(super) service: &'s str,
    pub(super) place: Span,
}

impl From<'_> {
    pub(super) fn references(&self, service: Slot<'_>, out: &mut Vec<Reference>) {
        self.list(service.get("networks"), "network", "networks", out);
        for kind in ["secrets", "configs"] {
            self.list(service.get(kind), kind.trim_end_matches('s'), kind, out);
        }
        self.list(service.path(&["build", "secrets"]), "secret", "build.secrets", out);
        self.list(service.get("models"), "model", "models", out);
        for slot in service.get("volumes").items() {
            let Some(mount) = mount::mount(slot, self.place) else { continue };
            if matches!(mount.ty.as_str(), "volume" | "cluster") && !mount.source.is_absent() {
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
        self.contexts(service.path(&["build", "additional_contexts"]), out);
        let extends = service.get("extends");
        let file = interpolate::field(extends.get("file").text());
        let base = match extends.get("service") {
            Slot::Absent => extends.text(),
            slot => slot.text(),
        };
        if !base.is_absent() {
            out.push(Reference { file, ..self.reference("service", "extends", interpolate::field(base)) });
        }
    }

    /// `name=service:x` in a list, `name: service:x` in a mapping.
    fn contexts(&self, slot: Slot<'_>, out: &mut Vec<Reference>) {
        let listed = slot.items().map(|item| interpolate::field(item.text()));
        let listed = listed.map(|text| text.map(|text| text.split_once('=').map_or("", |(_, to)| to).to_owned()));
        let mapped = slot.entries().map(|(_, value)| interpolate::field(value.text()));
        for text in listed.chain(mapped) {
            if let Field::Known(text) = text
                && let Some(name) = text.value.strip_prefix("service:")
            {
                let name = Field::new(name.to_owned(), text.span);
                out.push(self.reference("service", "build.additional_contexts", name));
            }
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
            let optional = value.get("required").loose_flag().known() == Some(&false);
            let text = name.scalar().unwrap_or_default().to_owned();
            let condition = interpolate::field(value.get("condition").text());
            let reference = self.reference("service", "depends_on", Field::new(text, name.span()));
            out.push(Reference { condition, optional, ..reference });
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
