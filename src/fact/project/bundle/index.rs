//! The objects of a bundle by what others look for: names, labels, kinds.

use super::Bundle;
use crate::fact::k8s::{Labels, Role, Selector};
use crate::fact::summary::PlacedResource;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// No name is longer.
const LONGEST: usize = 253;

/// Labels of objects that are compared with selectors in one bundle; what is selected after that, nobody knows.
const MOST: usize = 2_000_000;

pub(super) struct Index<'b> {
    named: HashMap<(&'b str, &'b str), Vec<&'b PlacedResource>>,
    /// The first of each kind, name and namespace, where it names one.
    placed: HashMap<(&'b str, &'b str, Option<&'b str>), &'b PlacedResource>,
    /// Names of what operators make.
    made: HashSet<&'b str>,
    /// Kinds and names of what operators and generators make of one kind.
    made_of: HashSet<(&'b str, &'b str)>,
    /// Groups of operators.
    groups: HashSet<&'b str>,
    workloads: Labelled<'b>,
    services: Labelled<'b>,
    /// What autoscalers scale by kind and name, and how many pods they leave at least.
    scaled: HashMap<(&'b str, &'b str), Option<i64>>,
}

/// Objects by their labels.
#[derive(Default)]
struct Labelled<'b> {
    all: Vec<(&'b Labels, &'b PlacedResource)>,
    by_pair: HashMap<(&'b str, &'b str), Vec<usize>>,
    /// Those that may have more labels than are written.
    open: Vec<usize>,
    /// How many have been compared.
    compared: Cell<usize>,
}

impl<'b> Labelled<'b> {
    fn add(&mut self, labels: &'b Labels, resource: &'b PlacedResource) {
        let number = self.all.len();
        self.all.push((labels, resource));
        for pair in labels.known() {
            self.by_pair.entry(pair).or_default().push(number);
        }
        if labels.is_open() {
            self.open.push(number);
        }
    }

    /// What a selector takes: those that it surely does, and whether it may take others.
    fn select(&self, selector: &Selector, namespace: Option<&str>) -> (Vec<&'b PlacedResource>, bool) {
        let with = |pair| self.by_pair.get(&pair).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<usize> = match selector.written().map(with).min_by_key(|found| found.len()) {
            Some(found) => found.iter().chain(&self.open).copied().collect(),
            None => (0..self.all.len()).collect(),
        };
        let compared = self.compared.get().saturating_add(candidates.len());
        if compared > MOST {
            return (Vec::new(), true);
        }
        self.compared.set(compared);
        let (mut sure, mut maybe) = (Vec::new(), false);
        for number in candidates {
            let (labels, resource) = self.all[number];
            if !same_namespace(namespace, resource.resource.namespace.as_deref()) {
                continue;
            }
            match selector.matches(labels) {
                Some(true) => sure.push(resource),
                Some(false) => {}
                None => maybe = true,
            }
        }
        (sure, maybe)
    }
}

/// Who names no namespace may be in any.
fn same_namespace(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

impl<'b> Index<'b> {
    pub(super) fn of(bundle: &Bundle<'b>) -> Self {
        let mut index = Self {
            named: HashMap::new(),
            placed: HashMap::new(),
            made: HashSet::new(),
            made_of: bundle.generated.keys().copied().collect(),
            groups: HashSet::new(),
            workloads: Labelled::default(),
            services: Labelled::default(),
            scaled: HashMap::new(),
        };
        for placed in &bundle.resources {
            let resource = &placed.resource;
            if let Some(name) = resource.name.as_ref().filter(|_| !resource.patch) {
                index.named.entry((&resource.kind, name)).or_default().push(placed);
                index.placed.entry((&resource.kind, name, resource.namespace.as_deref())).or_insert(placed);
            }
            if resource.custom {
                index.groups.insert(&resource.group);
            }
            let made = resource.made.iter().map(String::as_str);
            match resource.makes_secrets {
                true => index.made_of.extend(made.map(|name| ("Secret", name))),
                false => index.made.extend(made),
            }
            for link in resource.links.iter().filter(|link| link.relation == "hpa-target") {
                let least = link.part.as_ref().and_then(|least| least.parse().ok());
                index.scaled.insert((&link.kind, &link.name), least);
            }
            match &resource.role {
                // What is patched is there itself.
                _ if resource.patch => {}
                Role::Workload { labels, .. } => index.workloads.add(labels, placed),
                Role::Service { .. } => index.services.add(&resource.labels, placed),
                _ => {}
            }
        }
        index
    }

    /// All objects of a kind and a name.
    pub(super) fn named<'i>(&'i self, kind: &'i str, name: &'i str) -> &'i [&'b PlacedResource]
    where
        'b: 'i,
    {
        self.named.get(&(kind, name)).map_or(&[], Vec::as_slice)
    }

    /// An object by its name.
    pub(super) fn get(&self, kind: &str, name: &str, namespace: Option<&str>) -> Option<&'b PlacedResource> {
        if namespace.is_none() {
            return self.named.get(&(kind, name))?.first().copied();
        }
        let found = self.placed.get(&(kind, name, namespace)).or_else(|| self.placed.get(&(kind, name, None)));
        found.copied()
    }

    /// Whether a name may be that of an object of the kind, with a prefix or a suffix.
    pub(super) fn has_part_of(&self, kind: &str, name: &str) -> bool {
        let known = |part: &str| !part.is_empty() && self.named.contains_key(&(kind, part));
        let ends = name.char_indices().map(|(at, _)| at).skip(1).take(LONGEST);
        name.len() <= LONGEST && ends.into_iter().any(|at| known(&name[..at]) || known(&name[at..])) || known(name)
    }

    /// Whether a generator or an operator may make an object of this name: `shop-db-app` comes of the cluster `shop-db`.
    pub(super) fn is_made(&self, kind: &str, name: &str) -> bool {
        let made = |word: &str| self.made.contains(word) || self.made_of.contains(&(kind, word));
        let begins = |word: &str| word.match_indices('-').any(|(at, _)| made(&word[..at]));
        made(name) || name.len() <= LONGEST && name.split('.').any(|word| made(word) || begins(word))
    }

    /// Whether an operator may make what has the labels of a selector.
    pub(super) fn may_make(&self, selector: &Selector) -> bool {
        selector.known().any(|(key, value)| {
            let domain = key.split_once('/').map_or("", |(domain, _)| domain);
            let of = |group: &&str| group.ends_with(domain) || domain.ends_with(group.trim_start_matches("api."));
            !domain.is_empty() && self.groups.iter().any(of) || self.made.contains(value)
        })
    }

    /// How many pods a workload has at least: what its autoscaler leaves, else what it says itself.
    pub(super) fn least(&self, placed: &PlacedResource, copies: Option<i64>) -> Option<i64> {
        let name = placed.resource.name.as_deref().unwrap_or_default();
        self.scaled.get(&(placed.resource.kind.as_str(), name)).copied().unwrap_or(copies)
    }

    /// The workloads whose pods a selector takes.
    pub(super) fn pods(&self, selector: &Selector, namespace: Option<&str>) -> (Vec<&'b PlacedResource>, bool) {
        self.workloads.select(selector, namespace)
    }

    /// The Services that a selector takes.
    pub(super) fn services(&self, selector: &Selector, namespace: Option<&str>) -> (Vec<&'b PlacedResource>, bool) {
        self.services.select(selector, namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::yaml::Slot;
    use crate::syntax::yaml::Yaml;
    use crate::text::Text;

    /// Labels are compared by the rarest one, and no more of them than are worth it.
    #[test]
    fn what_is_compared_is_bounded() {
        let text = Text::whole("{app: a, own: b}\n---\n{app: a}\n---\n{app: a, own: b}\n---\n{own: c, app: a}\n");
        let yaml = Yaml::parse(&text);
        let of = |at: usize| Slot::of(yaml.root(at).unwrap());
        let (rare, common) = (Labels::of(of(0), false), Labels::of(of(1), false));
        let resource = PlacedResource::default();
        let mut labelled = Labelled::default();
        labelled.add(&rare, &resource);
        (0..5000).for_each(|_| labelled.add(&common, &resource));
        assert_eq!(labelled.select(&Selector::plain(of(2)), None).0.len(), 1);
        assert_eq!(labelled.select(&Selector::plain(of(3)), None).0.len(), 0);
        assert_eq!(labelled.compared.get(), 1);
        let every = Selector::plain(of(1));
        let selected: usize = (0..1000).map(|_| labelled.select(&every, None).0.len()).sum();
        assert!(selected <= MOST && labelled.compared.get() <= MOST);
        assert!(labelled.select(&every, None).1);
    }
}
