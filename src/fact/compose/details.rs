//! Smaller parts of a service: devices, files with variables, file systems in memory, keys that are out of use.

use super::parts::{Device, EnvFile, Mount, OldKey};
use super::{ServiceBuilder, interpolate, mount};
use crate::fact::context::{directory, join};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::text::Span;

/// Keys that newer versions have something better for.
const OLD_KEYS: &[(&str, &str)] = &[
    ("links", "services of one network reach each other by their names"),
    ("external_links", "a network that both projects join does the same"),
    ("volume_driver", "a volume's own `driver` does the same"),
    ("cpu_shares", "`deploy.resources` does the same"),
    ("cpu_quota", "`cpus` says the same"),
    ("cpu_period", "`cpus` says the same"),
];

impl ServiceBuilder<'_> {
    pub(super) fn details(&self, wanted: &Wanted, out: &mut Facts) {
        self.each("devices", wanted, out, |slot| {
            let source = match slot.get("source") {
                Slot::Absent => interpolate::field(slot.text()),
                source => interpolate::field(source.text()),
            };
            let source = source.map(|text| text.split(':').next().unwrap_or_default().to_owned());
            Some(Device { span: slot.span()?, source, service: self.name.clone() })
        });
        if wanted.subject(EnvFile::describe().name) && !self.snippet {
            self.env_files(out);
        }
        if wanted.subject(OldKey::describe().name) {
            let old =
                OLD_KEYS.iter().filter_map(|(key, instead)| Some((*key, *instead, self.slot.node()?.key_span(key)?)));
            for (key, instead, span) in old {
                let fact = OldKey { span, key: key.to_owned(), instead: instead.to_owned() };
                out.push(fact, &self.label, span);
            }
        }
    }

    /// `tmpfs` is a text or a list of texts: a path and its options.
    pub(super) fn tmpfs(&self, wanted: &Wanted, out: &mut Facts) {
        if !wanted.subject(Mount::describe().name) {
            return;
        }
        for slot in scalar_or_items(self.written("tmpfs")) {
            let Field::Known(text) = interpolate::field(slot.text()) else { continue };
            let (target, options) = text.value.split_once(':').unwrap_or((&text.value, ""));
            let lifts = |word: &&str| matches!(*word, "exec" | "suid" | "dev");
            let left: Vec<&str> = options.split(',').filter(|word| !word.is_empty() && !lifts(word)).collect();
            let strict = if left.is_empty() { target.to_owned() } else { format!("{target}:{}", left.join(",")) };
            let mount = Mount {
                span: text.span,
                short: mount::within(slot),
                strict: Some(strict),
                ty: "tmpfs".to_owned(),
                target: Field::new(target.to_owned(), text.span),
                options: options.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
                service: self.name.clone(),
                ..Mount::default()
            };
            out.push(mount, &self.label, text.span);
        }
    }

    fn env_files(&self, out: &mut Facts) {
        for slot in scalar_or_items(self.written("env_file")) {
            let path = match slot.get("path") {
                Slot::Absent => slot,
                path => path,
            };
            let text = interpolate::field(path.text());
            let optional = slot.get("required").loose_flag().known() == Some(&false);
            let Some(span) = text.span().filter(|_| !optional) else { continue };
            let fact = self.env_file(text, span);
            out.push(fact, &self.label, span);
        }
    }

    fn env_file(&self, text: Field<String>, span: Span) -> EnvFile {
        let dir = directory(self.part.path);
        let moved = self.part.context.stacks().is_moved(self.part.path);
        let joined = text.known().filter(|_| !moved).and_then(|path| join(dir, path));
        let (Some(path), Some(inventory)) = (joined, self.part.inventory) else {
            let unknown = || Field::unknown("", span);
            let (path, found, leaks) = (text, Field::unknown("", span), unknown());
            return EnvFile { span, path, found, leaks, service: self.name.clone(), ..EnvFile::default() };
        };
        let ignored = inventory.is_ignored(&path);
        let there = inventory.is_file(&path) || !ignored && inventory.exists(&path);
        let example = ["example", "sample", "template", "dist"].iter().any(|end| {
            let stem = path.strip_suffix(".env").unwrap_or(&path);
            [format!("{path}.{end}"), format!("{stem}.{end}.env"), format!("{stem}.env.{end}")]
                .iter()
                .any(|path| inventory.is_file(path))
        });
        let found = match ignored && !example {
            // A checkout elsewhere has it, or has not; nobody says what belongs into it.
            true if !there => Field::unknown("", span),
            _ => Field::new(there, span),
        };
        let secret = self.part.context.settings().file(&path).is_some_and(|names| names.has_secrets);
        let leaks =
            inventory.is_tracked(&path).map_or_else(|| Field::unknown("", span), |t| Field::new(t && secret, span));
        EnvFile { span, path: Field::new(path, span), found, ignored, example, leaks, service: self.name.clone() }
    }
}

/// Adds the old way to name something external.
pub(super) fn old_names(root: Slot<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(OldKey::describe().name) {
        return;
    }
    for (section, kind) in super::links::SECTIONS {
        for (key, value) in root.get(section).entries() {
            let Some(span) = value.get("external").node().and_then(|node| node.key_span("name")) else { continue };
            let instead = "write `external: true` and `name` beside it".to_owned();
            let label = format!("{kind}/{}", key.scalar().unwrap_or_default());
            out.push(OldKey { span, key: "external.name".to_owned(), instead }, label, span);
        }
    }
}

/// A text, or the members of a list.
fn scalar_or_items(slot: Slot<'_>) -> Vec<Slot<'_>> {
    match slot.node().is_some_and(|node| node.is_sequence()) {
        true => slot.items().collect(),
        false if slot.is_absent() => Vec::new(),
        false => vec![slot],
    }
}
