//! A Compose file in short: what the other files that are laid over it, or under it, have to know.

use super::links::{self, From};
use super::mount;
use super::parts::Reference;
use super::ports::Published;
use super::{interpolate, is_service};
use crate::fact::context::join;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;
use std::collections::{BTreeMap, BTreeSet};

/// Keys below a service are told to this depth: `deploy.resources.limits.memory`.
const DEPTH: usize = 4;
/// Keys of one service that are kept; nobody writes more.
const MAX_KEYS: usize = 1_000;

/// A file in short.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Its services.
    pub(super) services: BTreeMap<String, ServiceOutline>,
    /// What it defines: kind and name.
    pub(super) names: BTreeSet<(&'static str, String)>,
    /// What its services name, without places.
    pub(super) references: Vec<Reference>,
    /// The files that it includes; `None` for one that nobody can follow.
    pub(super) includes: Vec<Option<String>>,
    /// Those of them whose paths count from another folder.
    pub(super) moved: Vec<String>,
    /// Files of which its services extend one.
    pub(super) extended: Vec<String>,
    /// Whether a top-level section is computed.
    pub(super) vague: bool,
}

/// A service in short.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceOutline {
    /// Its keys, with those above them before dots.
    pub(super) keys: BTreeMap<String, Way>,
    /// Whether it is tagged `!reset`, so that there is no such service.
    pub(super) gone: bool,
    /// Where its volumes are mounted.
    pub(super) targets: BTreeSet<String>,
    /// The members of lists that are judged as a whole, where all of them are known.
    pub(super) lists: BTreeMap<&'static str, Vec<String>>,
    /// What it is a copy of.
    pub(super) base: Base,
    /// `container_name`.
    pub(super) container_name: Option<String>,
    /// The ports of the host that it takes.
    pub(super) ports: Vec<Published>,
    /// The names of its profiles; `None` where one is not known.
    pub(super) profiles: Option<Vec<String>>,
    /// What it says of its health: `checked` or `off`.
    pub(super) health: Option<&'static str>,
    /// The Dockerfile that it is built from, and the stage.
    pub(super) built: Option<(String, Option<String>)>,
}

/// Lists of a service that rules look at as a whole.
pub(super) const LISTS: &[&str] = &["cap_drop", "security_opt"];

/// What Compose makes of a value that is laid over another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A scalar, which takes the other's place.
    Value,
    /// A mapping or a list, which is added to the other's.
    More,
    /// `!override`: nothing of the other is left.
    Instead,
    /// `!reset`: neither is left.
    Gone,
}

/// What a service extends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Base {
    #[default]
    None,
    /// A service of the same file.
    Here(String),
    /// A service of another file.
    There(String, String),
    /// One that depends on a variable, or lies out of sight.
    Unknown,
}

impl Outline {
    /// Of a file that says nothing.
    pub(super) const NONE: Self = Self {
        services: BTreeMap::new(),
        names: BTreeSet::new(),
        references: Vec::new(),
        includes: Vec::new(),
        moved: Vec::new(),
        extended: Vec::new(),
        vague: false,
    };

    /// Reads a document; `dir` is the folder of its file.
    pub fn read(root: NodeRef<'_>, dir: &str) -> Self {
        let slot = Slot::of(root);
        let mut out = Self::default();
        for (section, kind) in links::SECTIONS {
            let section = slot.get(section);
            out.vague |= section.is_unknown();
            let names = section.entries().filter_map(|(key, _)| key.scalar().map(str::to_owned));
            out.names.extend(names.map(|name| (*kind, name)));
        }
        for item in slot.get("include").items() {
            let files = included(item, dir);
            if !item.get("project_directory").is_absent() {
                out.moved.extend(files.iter().flatten().cloned());
            }
            out.includes.extend(files);
        }
        for (key, service) in slot.get("services").entries().filter(|(key, _)| is_service(*key)) {
            let Some(name) = key.scalar() else { continue };
            let outline = ServiceOutline::read(key, service, dir);
            if let Base::There(file, _) = &outline.base {
                out.extended.push(file.clone());
            }
            From { service: name, place: key.span() }.references(service, &mut out.references);
            out.services.insert(name.to_owned(), outline);
        }
        out
    }
}

/// The files of one entry of `include`: a path, or `path` with one or several.
fn included(item: Slot<'_>, dir: &str) -> Vec<Option<String>> {
    let one = |slot: Slot<'_>| interpolate::field(slot.text()).known().and_then(|path| join(dir, path));
    paths(item).into_iter().map(one).collect()
}

/// The paths of one entry of `include`.
pub(super) fn paths(item: Slot<'_>) -> Vec<Slot<'_>> {
    let path = match item.get("path") {
        Slot::Absent => item,
        path => path,
    };
    match path.node().is_some_and(|node| node.is_sequence()) {
        true => path.items().collect(),
        false => vec![path],
    }
}

impl ServiceOutline {
    fn read(key: NodeRef<'_>, service: Slot<'_>, dir: &str) -> Self {
        let ports = service.get("ports").items().filter_map(|slot| mount::port(slot, key.span()));
        let mounts = service.get("volumes").items().filter_map(|slot| mount::mount(slot, key.span()));
        let members = |list: &'static str| -> Option<(&'static str, Vec<String>)> {
            let node = service.get(list).node().filter(|node| node.is_sequence())?;
            let members = Slot::of(node).items().map(|item| interpolate::field(item.text()).known().cloned());
            Some((list, members.collect::<Option<Vec<_>>>()?))
        };
        Self {
            keys: keys(service),
            gone: is_reset(service),
            targets: mounts.filter_map(|mount| Some(mount.target.known()?.trim_end_matches('/').to_owned())).collect(),
            lists: LISTS.iter().filter_map(|list| members(list)).collect(),
            base: Base::read(service, dir),
            container_name: interpolate::field(service.get("container_name").text()).known().cloned(),
            ports: ports.flat_map(|port| Published::of(&port)).collect(),
            profiles: links::profiles(service),
            health: links::health(service),
            built: super::build::files(service, dir),
        }
    }
}

impl Base {
    /// What a service extends.
    pub(super) fn read(service: Slot<'_>, dir: &str) -> Self {
        let extends = service.get("extends");
        let name = match extends.get("service") {
            Slot::Absent => interpolate::field(extends.text()),
            name => interpolate::field(name.text()),
        };
        let file = interpolate::field(extends.get("file").text());
        match (name, file) {
            (Field::Absent, Field::Absent) => Base::None,
            (Field::Known(name), Field::Absent) => Base::Here(name.value),
            (Field::Known(name), Field::Known(file)) => match join(dir, &file.value) {
                Some(path) => Base::There(path, name.value),
                None => Base::Unknown,
            },
            _ => Base::Unknown,
        }
    }
}

/// The keys of a service and of what stands below them.
fn keys(service: Slot<'_>) -> BTreeMap<String, Way> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(String::new(), service, 0)];
    while let Some((above, slot, depth)) = waiting.pop() {
        for (key, value) in slot.entries() {
            let Some(name) = key.scalar() else { continue };
            if value.is_absent() || found.len() >= MAX_KEYS {
                continue;
            }
            let path = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            if depth + 1 < DEPTH {
                waiting.push((path.clone(), value, depth + 1));
            }
            found.insert(path, way(value));
        }
    }
    found
}

fn way(slot: Slot<'_>) -> Way {
    match slot {
        _ if is_reset(slot) => Way::Gone,
        Slot::Node(_, node) if node.tag() == Some("!override") => Way::Instead,
        Slot::Node(_, node) if node.is_mapping() || node.is_sequence() => Way::More,
        _ => Way::Value,
    }
}

/// Whether a value is tagged so that nothing is left of what stands below.
pub(super) fn is_reset(slot: Slot<'_>) -> bool {
    matches!(slot, Slot::Unknown(node) if node.tag() == Some("!reset"))
}
