//! Kustomizations: what they take in, whether it is there, and what they say in fields that are on their way out.

use super::Touched;
use crate::fact::context::join;
use crate::fact::inventory::Inventory;
use crate::fact::value::{Field, facts, whole_fact};
use crate::fact::yaml::{Part, Slot};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

facts! {
    /// A file or a directory that a kustomization names.
    pub struct Entry = "kustomize.entry" {
        /// As written.
        "path" path: String,
        /// The field that names it.
        "field" field: String,
        /// Whether it is there; unknown where it lies outside.
        "exists" exists: Field<bool>,
    }
    /// A field of a kustomization that has a successor.
    pub struct OldField = "kustomize.old-field" {
        /// Its name.
        "name" name: String,
        /// What replaces it.
        "successor" successor: String,
    }
    /// An image that a kustomization sets.
    pub struct ImageOverride = "kustomize.image" {
        /// The image.
        "name" name: Field<String>,
        /// The new tag.
        "new-tag" new_tag: Field<String>,
        /// The digest.
        "digest" digest: Field<String>,
    }
}

/// A kustomization as the bundle sees it. Owned: it outlives the file.
#[derive(Clone, Debug, Default)]
pub struct Kustomization {
    span: Span,
    /// Files and directories below the root that it takes in.
    pub takes: Vec<String>,
    /// Those that may be directories, and where they are written.
    pub folders: Vec<(String, Span)>,
    /// Kinds and names that its generators make, with their keys where those are known.
    pub generated: Vec<(&'static str, String, Option<Vec<String>>)>,
    /// Whether it takes in something that is not in sight.
    pub open: bool,
    /// Objects that its patches are for.
    pub targets: Vec<Target>,
    /// Files of patches that say themselves which objects they are for.
    pub patch_files: Vec<String>,
    /// All files of patches.
    pub patched_by: Vec<String>,
    /// What patches that stand in it touch.
    pub touched: Touched,
    /// Whether it changes the names of objects.
    pub renames: bool,
    /// Images in whose place it puts others, with those.
    pub images: Vec<(String, String)>,
    /// Whether it is a component, whose patches are for objects of those who use it.
    pub component: bool,
}

/// An object that a patch is for.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where its name is written.
    pub span: Span,
    /// Its kind, or [`WORKLOAD`].
    pub kind: String,
    /// Its name; empty for any of the kind.
    pub name: String,
}

/// The kind of a target that may be one of several: whatever has a number of copies.
pub const WORKLOAD: &str = "workload";

whole_fact!(Kustomization = "kustomize.kustomization", "A kustomization; for rules across files.");

/// Lists of paths, and the key of the path in their members where those are mappings.
const LISTS: &[(&str, &str)] = &[
    ("resources", ""),
    ("bases", ""),
    ("components", ""),
    ("patchesStrategicMerge", ""),
    ("patches", "path"),
    ("patchesJson6902", "path"),
    ("replacements", "path"),
    ("crds", ""),
    ("configurations", ""),
    ("generators", ""),
    ("transformers", ""),
    ("validators", ""),
];

const OLD: &[(&str, &str)] = &[
    ("bases", "resources"),
    ("patchesStrategicMerge", "patches"),
    ("patchesJson6902", "patches"),
    ("commonLabels", "labels"),
    ("vars", "replacements"),
    ("imageTags", "images"),
];

/// The fields of a kustomization; others are refused.
const FIELDS: &[&str] = &[
    "apiVersion",
    "bases",
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generatorOptions",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "imageTags",
    "images",
    "kind",
    "labels",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "resources",
    "secretGenerator",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
];

/// Adds the facts of a kustomization.
pub fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let root_slot = Slot::of(root);
    let dir = part.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    if !part.template && !part.snippet {
        super::schema::unknown_keys(root, "Kustomization", FIELDS, wanted, out);
    }
    if wanted.subject(OldField::describe().name) {
        for (key, value) in root_slot.entries() {
            let name = key.scalar().unwrap_or_default();
            if let Some((_, successor)) = OLD.iter().find(|(old, _)| *old == name) {
                let fact = OldField { span: key.span(), name: name.to_owned(), successor: (*successor).to_owned() };
                out.push(fact, "", value.extent().unwrap_or(key.span()));
            }
        }
    }
    if wanted.subject(ImageOverride::describe().name) {
        for image in root_slot.get("images").items() {
            let text = |key: &str| image.get(key).text();
            let span = image.get("name").span().or(image.span()).unwrap_or_default();
            let fact = ImageOverride { span, name: text("name"), new_tag: text("newTag"), digest: text("digest") };
            out.push(fact, "", image.extent().unwrap_or(span));
        }
    }
    if let Some(inventory) = part.inventory.filter(|_| wanted.subject(Entry::describe().name)) {
        for (field, slot) in named(root_slot) {
            if let Some(entry) = entry(field, slot, dir, inventory) {
                let span = entry.span;
                out.push(entry, "", span);
            }
        }
    }
    if wanted.subject(Kustomization::NAME) {
        let fact = whole(root_slot, root.span(), dir);
        out.push(fact, "", root.span());
    }
}

/// Every path that a kustomization names, with its field.
fn named<'t>(root: Slot<'t>) -> Vec<(&'static str, Slot<'t>)> {
    let mut found = Vec::new();
    for (list, key) in LISTS {
        for item in root.get(list).items() {
            let slot = if key.is_empty() { item } else { item.get(key) };
            found.push((*list, slot));
        }
    }
    for list in ["configMapGenerator", "secretGenerator"] {
        for generator in root.get(list).items() {
            found.extend(generator.get("files").items().map(|slot| (list, slot)));
            found.extend(generator.get("envs").items().map(|slot| (list, slot)));
            found.push((list, generator.get("env")));
        }
    }
    for chart in root.get("helmCharts").items() {
        found.push(("helmCharts", chart.get("valuesFile")));
        found.extend(chart.get("additionalValuesFiles").items().map(|slot| ("helmCharts", slot)));
    }
    found.push(("openapi", root.path(&["openapi", "path"])));
    found
}

fn entry(field: &str, slot: Slot<'_>, dir: &str, inventory: &Inventory) -> Option<Entry> {
    let Field::Known(text) = slot.text() else { return None };
    // `key=path` in generators; several lines are the patch itself.
    let path = if field.ends_with("Generator") { text.value.rsplit('=').next()? } else { &text.value };
    if is_remote(path) || path.contains('\n') || path.contains(": ") {
        return None;
    }
    let exists = match join(dir, path) {
        Some(joined) => Field::new(is_there(field, &joined, inventory), text.span),
        None => Field::unknown("?", text.span),
    };
    Some(Entry { span: text.span, path: path.to_owned(), field: field.to_owned(), exists })
}

/// A directory counts only with a kustomization in it.
fn is_there(field: &str, path: &str, inventory: &Inventory) -> bool {
    if !inventory.is_dir(path) || !matches!(field, "resources" | "bases" | "components") {
        return inventory.exists(path);
    }
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|name| inventory.exists(&inside(name)))
}

fn is_remote(path: &str) -> bool {
    let host = path.split('/').next().unwrap_or(path);
    path.contains("://") || path.contains("?ref=") || path.starts_with("git@") || path.contains("//") || {
        let name = host.contains('.') && !host.starts_with('.') && path.contains('/');
        name && ["com", "org", "io", "net", "dev"].iter().any(|end| host.ends_with(&format!(".{end}")))
    }
}

fn whole(root: Slot<'_>, span: Span, dir: &str) -> Kustomization {
    let mut fact = Kustomization { span, ..Kustomization::default() };
    for list in ["resources", "bases", "components"] {
        for item in root.get(list).items() {
            match item.text().known().filter(|path| !is_remote(path)).and_then(|path| join(dir, path)) {
                Some(path) => {
                    let file = [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end));
                    fact.folders.extend(item.span().filter(|_| !file).map(|span| (path.clone(), span)));
                    fact.takes.push(path);
                }
                None => fact.open = true,
            }
        }
    }
    for (list, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for generator in root.get(list).items() {
            match generator.get("name").text().known() {
                Some(name) => {
                    fact.generated.push((kind, name.clone(), keys(generator)));
                }
                None => fact.open = true,
            }
        }
    }
    for list in ["patches", "patchesJson6902", "patchesStrategicMerge"] {
        for patch in root.get(list).items() {
            let path = if list == "patchesStrategicMerge" { patch } else { patch.get("path") };
            let inline = if list == "patchesStrategicMerge" { patch } else { patch.get("patch") };
            if let Some(text) = inline.text().known() {
                fact.touched = fact.touched.and(Touched::of(text));
            }
            fact.patched_by.extend(path.text().known().and_then(|path| join(dir, path)));
            match patch.get("target") {
                Slot::Absent => fact.patch_files.extend(path.text().known().and_then(|path| join(dir, path))),
                target => fact.targets.extend(target_of(target)),
            }
        }
    }
    if root.get("configurations").is_absent() {
        fact.targets.extend(root.get("replicas").items().filter_map(scaled));
    }
    let images = root.get("images").items().filter_map(|image| {
        let text = |key: &str| image.get(key).text().known().cloned();
        Some((text("name")?, text("newName")?))
    });
    fact.images = images.collect();
    fact.component = root.get("kind").text().known().is_some_and(|kind| kind == "Component");
    fact.renames = ["namePrefix", "nameSuffix"].iter().any(|key| !root.get(key).is_absent());
    let unknown = ["helmCharts", "helmChartInflationGenerator", "generators", "transformers"];
    fact.open |= unknown.iter().any(|key| !root.get(key).is_absent());
    fact
}

/// The keys of what a generator makes: nothing where a file of variables, or what it adds to, has some.
fn keys(generator: Slot<'_>) -> Option<Vec<String>> {
    if ["env", "envs", "behavior"].iter().any(|key| !generator.get(key).is_absent()) {
        return None;
    }
    let text = |slot: Slot<'_>| slot.text().known().cloned();
    let literals = generator.get("literals").items().map(|slot| Some(text(slot)?.split_once('=')?.0.to_owned()));
    let files = generator.get("files").items().map(|slot| {
        let path = text(slot)?;
        let key = path.split_once('=').map_or_else(|| path.rsplit('/').next(), |(key, _)| Some(key));
        key.map(str::to_owned)
    });
    literals.chain(files).collect()
}

/// The one object that a patch names, or any of a kind; labels and patterns choose several, and perhaps none yet.
fn target_of(target: Slot<'_>) -> Option<Target> {
    if ["labelSelector", "annotationSelector", "namespace"].iter().any(|key| !target.get(key).is_absent()) {
        return None;
    }
    let Field::Known(kind) = target.get("kind").text() else { return None };
    if !is_plain(&kind.value) {
        return None;
    }
    match target.get("name").text() {
        Field::Absent => Some(Target { span: kind.span, kind: kind.value, name: String::new() }),
        Field::Known(name) if is_plain(&name.value) => {
            Some(Target { span: name.span, kind: kind.value, name: name.value })
        }
        _ => None,
    }
}

/// The workload whose number of copies is set.
fn scaled(entry: Slot<'_>) -> Option<Target> {
    let Field::Known(name) = entry.get("name").text() else { return None };
    is_plain(&name.value).then(|| Target { span: name.span, kind: WORKLOAD.to_owned(), name: name.value })
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
