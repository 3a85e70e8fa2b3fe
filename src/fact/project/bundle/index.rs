//! The objects of a bundle by what others look for: names, labels, kinds.

use super::Bundle;
use crate::fact::k8s::{Labels, Role, Selector};
use crate::fact::summary::PlacedResource;
use std::collections::{HashMap, HashSet};

pub(super) struct Index<'b> {
    named: HashMap<(&'b str, &'b str), Vec<&'b PlacedResource>>,
    made: HashSet<&'b str>,
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
        let every: Vec<usize>;
        let candidates: Vec<usize> = match selector.first() {
            Some(pair) => {
                let found = self.by_pair.get(&pair).into_iter().flatten();
                found.chain(&self.open).copied().collect()
            }
            None => {
                every = (0..self.all.len()).collect();
                every
            }
        };
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
            made: bundle.made.iter().copied().collect(),
            groups: HashSet::new(),
            workloads: Labelled::default(),
            services: Labelled::default(),
            scaled: HashMap::new(),
        };
        for placed in &bundle.resources {
            let resource = &placed.resource;
            if let Some(name) = &resource.name {
                index.named.entry((&resource.kind, name)).or_default().push(placed);
            }
            if resource.custom {
                index.groups.insert(&resource.group);
            }
            index.made.extend(resource.made.iter().map(String::as_str));
            for link in resource.links.iter().filter(|link| link.relation == "hpa-target") {
                let least = link.part.as_ref().and_then(|least| least.parse().ok());
                index.scaled.insert((&link.kind, &link.name), least);
            }
            match &resource.role {
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
        let found = self.named.get(&(kind, name))?;
        found.iter().copied().find(|placed| same_namespace(namespace, placed.resource.namespace.as_deref()))
    }

    /// Whether a name may be that of an object of the kind, with a prefix or a suffix.
    pub(super) fn has_part_of(&self, kind: &str, name: &str) -> bool {
        self.named.keys().any(|(known, part)| *known == kind && (name.starts_with(part) || name.ends_with(part)))
    }

    /// Whether a generator or an operator may make an object of this name: `shop-db-app` comes of the cluster `shop-db`.
    pub(super) fn is_made(&self, name: &str) -> bool {
        let begins = |word: &str| word.match_indices('-').any(|(at, _)| self.made.contains(&word[..at]));
        // No name is longer.
        self.made.contains(name)
            || name.len() <= 253 && name.split('.').any(|word| self.made.contains(word) || begins(word))
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
