//! What Compose makes of a service that several files speak of: what is added, what is replaced, what is gone.

use super::ServiceBuilder;
use super::outline::{Base, LISTS, Outline, ServiceOutline, Way};
use super::parts::Mount;
use super::stack::{MAX_CHAIN, Stack, Stacks};
use crate::fact::yaml::Slot;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Values that are replaced as a whole, though they may be lists.
const WHOLE: &[&str] = &["command", "entrypoint", "healthcheck.test"];

/// What a service gets from elsewhere: by `extends`, from a file below it or above it.
#[derive(Clone, Debug, Default)]
pub(super) struct Inherited {
    /// Keys, with those above them before dots.
    pub(super) keys: BTreeSet<String>,
    /// Those of them that no file above says.
    pub(super) below: BTreeSet<String>,
    /// Whether a file below has it, so that what is missing is that file's business.
    pub(super) laid_over: bool,
    /// Whether there is more that nobody sees.
    pub(super) open: bool,
    /// Members of lists.
    lists: BTreeMap<&'static str, Vec<String>>,
    /// Lists with members that nobody knows.
    vague: BTreeSet<&'static str>,
    /// What the files above leave of its own values.
    pub(super) replaced: Replaced,
}

/// What the files that are laid over a service leave of its own values.
#[derive(Clone, Debug, Default)]
pub(super) struct Replaced {
    /// Keys that have another value above.
    values: BTreeSet<String>,
    /// Keys of which nothing is left, nor of what stands below them.
    cut: BTreeSet<String>,
    /// Targets at which something else is mounted.
    targets: BTreeSet<String>,
    /// Whether the service is gone.
    pub(super) all: bool,
}

impl Replaced {
    /// What all ways of reading a file together with others replace.
    pub(super) fn of(over: &[Vec<&Outline>], service: &str) -> Self {
        let ways: Vec<Self> = over.iter().map(|files| Self::by(files, service)).collect();
        ways.into_iter().reduce(Self::both).unwrap_or_default()
    }

    fn by(files: &[&Outline], service: &str) -> Self {
        let mut out = Self::default();
        for above in files.iter().filter_map(|outline| outline.services.get(service)) {
            out.all |= above.gone;
            out.targets.extend(above.targets.iter().cloned());
            for (key, way) in &above.keys {
                match way {
                    Way::Value => out.values.insert(key.clone()),
                    Way::More if WHOLE.contains(&key.as_str()) => out.values.insert(key.clone()),
                    Way::More => false,
                    Way::Instead | Way::Gone => out.cut.insert(key.clone()),
                };
            }
        }
        out
    }

    fn both(self, other: Self) -> Self {
        let common = |one: &BTreeSet<String>, two: &BTreeSet<String>| one.intersection(two).cloned().collect();
        Self {
            values: common(&self.values, &other.values),
            cut: common(&self.cut, &other.cut),
            targets: common(&self.targets, &other.targets),
            all: self.all && other.all,
        }
    }

    /// Whether nothing is left of what stands under these keys.
    pub(super) fn has(&self, keys: &[&str]) -> bool {
        if self.values.is_empty() && self.cut.is_empty() {
            return self.all;
        }
        let above = |count: usize| keys.get(..count).is_some_and(|keys| self.cut.contains(&keys.join(".")));
        self.all || self.values.contains(&keys.join(".")) || (1..=keys.len()).any(above)
    }

    /// Whether something else is mounted at the target.
    pub(super) fn has_mount(&self, mount: &Mount) -> bool {
        !self.targets.is_empty()
            && mount.target.known().is_some_and(|target| self.targets.contains(target.trim_end_matches('/')))
    }
}

impl Stacks {
    /// What a service gets from elsewhere.
    pub(super) fn inherited(&self, path: &str, own: &Outline, name: &str, base: &Base, stack: &Stack<'_>) -> Inherited {
        let mut found = Inherited {
            open: stack.open,
            replaced: Replaced::of(&stack.over, name),
            laid_over: stack.below.iter().any(|(_, outline)| outline.services.contains_key(name)),
            ..Inherited::default()
        };
        for (number, (_, outline)) in stack.below.iter().chain(&stack.above).enumerate() {
            let Some(service) = outline.services.get(name) else { continue };
            found.take(service, number < stack.below.len());
        }
        let mut seen = HashSet::new();
        let path_of_own = path;
        let (mut path, mut name, mut base) = (path, name, base);
        for _ in 0..MAX_CHAIN {
            let (file, target) = match base {
                Base::None => return found,
                Base::Unknown => break,
                Base::Here(target) => (path, target.as_str()),
                Base::There(file, target) => (file.as_str(), target.as_str()),
            };
            if !seen.insert((path, name)) {
                break;
            }
            let outline = if file == path_of_own { Some(own) } else { self.file(file) };
            let Some(service) = outline.and_then(|outline| outline.services.get(target)) else { break };
            found.take(service, true);
            (path, name, base) = (file, target, &service.base);
        }
        found.open = true;
        found
    }
}

impl Inherited {
    /// Takes what another file, or the service that is copied, says.
    fn take(&mut self, service: &ServiceOutline, is_below: bool) {
        let keys = service.keys.iter().filter(|(key, way)| **way != Way::Gone && *key != "extends");
        for (key, _) in keys {
            self.keys.insert(key.clone());
            if is_below {
                self.below.insert(key.clone());
            }
        }
        for list in LISTS.iter().filter(|list| service.keys.contains_key(**list)) {
            match service.lists.get(list) {
                Some(members) => self.lists.entry(list).or_default().extend(members.iter().cloned()),
                None => _ = self.vague.insert(list),
            }
        }
    }

    /// What other files add to a list; nothing where that is not known.
    pub(super) fn members(&self, list: &str) -> Option<&[String]> {
        (!self.vague.contains(list)).then(|| self.lists.get(list).map_or(&[][..], Vec::as_slice))
    }
}

impl<'t> ServiceBuilder<'t> {
    /// Whether nothing is left of what stands under these keys once all files are merged.
    pub(super) fn is_replaced(&self, keys: &[&str]) -> bool {
        self.inherited.replaced.has(keys)
    }

    /// Whether members of a list may be elsewhere, or not be what they seem.
    pub(super) fn is_vague(&self, list: &str) -> bool {
        self.slot.get(list).is_unknown() || self.is_replaced(&[list]) || self.inherited.members(list).is_none()
    }

    /// What stands under a key here, if anything is left of it once all files are merged.
    pub(super) fn written(&self, key: &str) -> Slot<'t> {
        if self.is_replaced(&[key]) { Slot::Absent } else { self.slot.get(key) }
    }
}
