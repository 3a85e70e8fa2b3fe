//! Files that Compose reads together: a base and what is laid over it, what a file includes, what its services extend.

use super::links::SECTIONS;
use super::outline::{Base, Outline, ServiceOutline};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Files that Compose reads without being told, and those that it lays over them; the first of each counts.
const BASES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: &[&str] =
    &["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// Services on the way of `extends` that are followed.
pub(super) const MAX_CHAIN: usize = 64;

/// Files that are read together; those of a longer stack are not all looked at.
const MAX_FILES: usize = 100;

/// All Compose files of a repository, by path.
#[derive(Clone, Debug, Default)]
pub struct Stacks {
    files: BTreeMap<Box<str>, Outline>,
    /// Who includes a file.
    includers: BTreeMap<String, Vec<Box<str>>>,
    /// Files of which services of others are copies.
    extended: HashSet<String>,
    /// Files whose paths count from another folder than their own.
    moved: HashSet<String>,
    /// Files that a config, a `.env` or a script names together, the base first.
    listed: Vec<Vec<String>>,
}

/// What is read together with a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack<'c> {
    /// Files that it is laid over, or that it includes.
    pub(super) below: Vec<(&'c str, &'c Outline)>,
    /// Files that are laid over it, or that include it.
    pub(super) above: Vec<(&'c str, &'c Outline)>,
    /// The files that are surely laid over it, the lowest first, for each way of reading it together with others.
    pub(super) over: Vec<Vec<&'c Outline>>,
    /// Whether there are others that nobody sees.
    pub(super) open: bool,
    /// Whether somebody says which files are read together.
    pub(super) listed: bool,
}

impl Stacks {
    /// Adds a file.
    pub fn add(&mut self, path: &str, outline: Outline) {
        for included in outline.includes.iter().flatten() {
            self.includers.entry(included.clone()).or_default().push(path.into());
        }
        self.moved.extend(outline.moved.iter().cloned());
        self.extended.extend(outline.extended.iter().filter(|file| *file != path).cloned());
        self.files.insert(path.into(), outline);
    }

    /// Says that these files are read together, the base first.
    pub fn list(&mut self, files: Vec<String>) {
        if files.len() > 1 && !self.listed.contains(&files) {
            self.listed.push(files);
        }
    }

    /// Whether a Compose file includes another, or copies a service of it, so that it is one as well.
    pub fn names(&self, path: &str) -> bool {
        self.extended.contains(path) || self.includers.contains_key(path)
    }

    /// Whether the paths in a file count from a folder that is not its own.
    pub(super) fn is_moved(&self, path: &str) -> bool {
        self.moved.contains(path)
    }

    /// A file in short.
    pub(super) fn file(&self, path: &str) -> Option<&Outline> {
        self.files.get(path)
    }

    /// What is read together with a file.
    pub(super) fn of<'c>(&'c self, path: &'c str, own: &'c Outline) -> Stack<'c> {
        let mut stack = Stack { open: self.extended.contains(path) || own.vague, ..Stack::default() };
        let listed = self.listed.iter().filter(|files| files.iter().any(|file| file == path));
        let mut named = false;
        for files in listed {
            named = true;
            let at = files.iter().position(|file| file == path).unwrap_or_default();
            for (number, file) in files.iter().enumerate().filter(|(number, _)| *number != at) {
                self.put(file, number < at, &mut stack);
            }
            let over = files.iter().skip(at + 1).filter_map(|file| self.files.get(file.as_str()));
            stack.over.push(over.collect());
        }
        stack.listed = named;
        if !named {
            self.beside(path, own, &mut stack);
        }
        self.includes(path, own, &mut stack);
        stack
    }

    fn put<'c>(&'c self, path: &str, below: bool, stack: &mut Stack<'c>) {
        let Some((path, outline)) = self.files.get_key_value(path) else {
            stack.open = true;
            return;
        };
        let list = if below { &mut stack.below } else { &mut stack.above };
        if list.len() >= MAX_FILES {
            stack.open = true;
            return;
        }
        if !list.iter().any(|(known, _)| *known == &**path) {
            list.push((path, outline));
        }
    }

    /// The base, or what is laid over it, by the names of the files.
    fn beside<'c>(&'c self, path: &str, own: &Outline, stack: &mut Stack<'c>) {
        let (dir, name) = path.rsplit_once('/').map_or(("", path), |(dir, name)| (dir, name));
        let at = |name: &str| if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
        let first =
            |names: &[&str]| names.iter().map(|name| at(name)).find(|path| self.files.contains_key(path.as_str()));
        if BASES.contains(&name) {
            if let Some(over) = first(OVERRIDES) {
                self.put(&over, false, stack);
                stack.over.extend(self.files.get(over.as_str()).map(|outline| vec![outline]));
            }
            for (other, outline) in self.variants(dir, path) {
                if outline.completes(own) || outline.relies_on(own) || own.relies_on(outline) {
                    self.put(other, false, stack);
                }
            }
            return;
        }
        let incomplete = || own.services.values().any(|service| !service.is_whole());
        match first(BASES).and_then(|path| self.files.get_key_value(path.as_str())) {
            Some((base, outline)) => {
                if OVERRIDES.contains(&name) || own.completes(outline) || incomplete() || own.relies_on(outline) {
                    self.put(base, true, stack);
                }
            }
            // Laid over something that lies elsewhere.
            None => stack.open |= OVERRIDES.contains(&name) || is_variant(name) && incomplete(),
        }
    }

    /// Files beside a base that are named like it, with a word more.
    fn variants(&self, dir: &str, base: &str) -> impl Iterator<Item = (&str, &Outline)> {
        let start = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let len = start.len();
        let from: Box<str> = start.as_str().into();
        let files = self.files.range(from..);
        let files = files.take_while(move |(path, _)| path.starts_with(&start)).map(|(path, file)| (&**path, file));
        files.filter(move |(path, _)| *path != base && !path[len..].contains('/') && is_variant(&path[len..]))
    }

    /// What a file includes, and who includes it.
    fn includes<'c>(&'c self, path: &'c str, own: &'c Outline, stack: &mut Stack<'c>) {
        let mut seen = BTreeSet::from([path]);
        let mut waiting: Vec<&Outline> = vec![own];
        waiting.extend(stack.below.iter().map(|(_, outline)| *outline));
        while let Some(outline) = waiting.pop() {
            for include in &outline.includes {
                match include.as_ref().and_then(|file| self.files.get_key_value(file.as_str())) {
                    Some((file, other)) if seen.insert(file) => {
                        self.put(file, true, stack);
                        waiting.push(other);
                    }
                    Some(_) => {}
                    None => stack.open = true,
                }
            }
        }
        let mut waiting: Vec<&str> = self.includers.get(path).into_iter().flatten().map(|file| &**file).collect();
        while let Some(file) = waiting.pop() {
            if !seen.insert(file) {
                continue;
            }
            self.put(file, false, stack);
            // What stands beside the includer, or is included with it, is known as well.
            let siblings = self.files.get(file).into_iter().flat_map(|outline| outline.includes.iter().flatten());
            for sibling in siblings.filter(|sibling| *sibling != path) {
                self.put(sibling, false, stack);
            }
            waiting.extend(self.includers.get(file).into_iter().flatten().map(|file| &**file));
        }
    }

    /// The way from a file that includes another back to itself: `a.yaml → b.yaml → a.yaml`.
    pub(super) fn included_in_a_circle(&self, path: &str, first: &str) -> Option<String> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let (first, _) = self.files.get_key_value(first)?;
        let mut waiting: Vec<&str> = vec![first];
        let mut closes = (**first == *path).then_some(path);
        while let Some(file) = waiting.pop().filter(|_| closes.is_none() && before.len() < MAX_FILES) {
            for next in self.files.get(file).into_iter().flat_map(|outline| outline.includes.iter().flatten()) {
                if next == path {
                    closes = Some(file);
                } else if next != &**first && !before.contains_key(next.as_str()) {
                    before.insert(next, file);
                    waiting.push(next);
                }
            }
        }
        let mut way = vec![path];
        let mut at = closes?;
        while at != path {
            way.push(at);
            at = before.get(at).copied().unwrap_or(path);
        }
        // One of them tells, the one that is highest up.
        let is_first = way.iter().all(|file| (path.len(), path) <= (file.len(), file));
        way.push(path);
        way.reverse();
        is_first.then(|| way.join(" → "))
    }

    /// A circle of services of which each is a copy of the next; `None` where the way ends.
    pub(super) fn copied_in_a_circle(&self, path: &str, name: &str) -> bool {
        let (mut file, mut service) = (path, name);
        for _ in 0..MAX_CHAIN {
            let base = self.files.get(file).and_then(|outline| outline.services.get(service)).map(|found| &found.base);
            match base {
                Some(Base::Here(target)) => service = target,
                Some(Base::There(other, target)) => (file, service) = (other, target),
                _ => return false,
            }
            if (file, service) == (path, name) {
                return true;
            }
        }
        false
    }
}

impl Outline {
    /// Whether the file says something of a service, or defines something, that another leaves out.
    fn completes(&self, other: &Outline) -> bool {
        self.services.iter().any(|(name, service)| {
            let theirs = other.services.get(name);
            theirs.is_some_and(|theirs| service.is_whole() != theirs.is_whole())
        })
    }
}

impl Outline {
    /// Whether a service names what only the other file has.
    fn relies_on(&self, other: &Outline) -> bool {
        self.references.iter().filter_map(|reference| Some((reference.kind.as_str(), reference.name.known()?))).any(
            |(kind, name)| match kind {
                "service" => !self.services.contains_key(name) && other.services.contains_key(name),
                kind => {
                    let section = SECTIONS.iter().find(|(_, known)| *known == kind);
                    let has = |outline: &Outline, kind| outline.names.contains(&(kind, name.clone()));
                    section.is_some_and(|(_, kind)| !has(self, kind) && has(other, kind))
                }
            },
        )
    }
}

impl ServiceOutline {
    /// Whether it says what it runs.
    pub(super) fn is_whole(&self) -> bool {
        ["image", "build", "extends", "provider"].iter().any(|key| self.keys.contains_key(*key))
    }
}

/// `compose.prod.yaml`, `docker-compose-dev.yml`: named like a base, with a word more.
pub(super) fn is_variant(name: &str) -> bool {
    name.contains("compose") && !BASES.contains(&name)
}

/// Whether a file may be laid over one that nobody sees: its name has a word more than that of a base.
pub(super) fn may_be_laid_over(path: &str, stack: &Stack<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    is_variant(name) && (stack.below.is_empty() || !OVERRIDES.contains(&name) && !stack.listed)
}
