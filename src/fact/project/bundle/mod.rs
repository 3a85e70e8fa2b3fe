//! Kubernetes objects that belong together: what they rely on, resolved where nothing is out of sight.

mod access;
mod argo;
mod circles;
mod index;
mod reference;
mod workloads;

pub use access::Access;
pub use argo::ArgoPath;
pub use circles::KustomizationCircle;
pub use reference::Reference;
pub use workloads::BundleWorkload;

use super::ProjectSubject;
use crate::fact::Wanted;
use crate::fact::context::directory;
use crate::fact::inventory::Inventory;
use crate::fact::k8s::{Role, Touched};
use crate::fact::summary::{Place, PlacedResource, Summary};
use index::Index;
use std::collections::{HashMap, HashSet};

/// Adds the relations between the objects of every bundle.
pub(super) fn build(summaries: &[Summary], inventory: &Inventory, wanted: &Wanted, out: &mut Vec<ProjectSubject>) {
    if wanted.subject(ArgoPath::describe().name) {
        argo::build(summaries, inventory, out);
    }
    if wanted.subject(KustomizationCircle::describe().name) {
        circles::build(summaries, out);
    }
    let kinds = kinds(summaries);
    for bundle in bundles(summaries, inventory) {
        let index = Index::of(&bundle);
        if bundle.closed && wanted.subject(Reference::describe().name) {
            reference::build(&bundle, &index, &kinds, out);
        }
        if wanted.subject(BundleWorkload::describe().name) {
            workloads::build(&bundle, &index, out);
        }
        if wanted.subject(Access::describe().name) {
            access::build(&bundle, &index, out);
        }
    }
}

/// The kinds of all objects that are anywhere in sight; what makes pods is also of the kind without a name.
fn kinds(summaries: &[Summary]) -> HashSet<&str> {
    let resources = || summaries.iter().filter_map(|summary| summary.bundle.as_ref()).flat_map(|part| &part.resources);
    let mut kinds: HashSet<&str> = resources().map(|placed| placed.resource.kind.as_str()).collect();
    kinds.extend(resources().any(|placed| matches!(placed.resource.role, Role::Workload { .. })).then_some(""));
    kinds
}

/// Objects that are applied together.
#[derive(Default)]
struct Bundle<'s> {
    /// All of them, in the order of files.
    resources: Vec<&'s PlacedResource>,
    /// Keys of what generators make, by kind and name; nothing where they cannot be told.
    generated: HashMap<(&'s str, &'s str), Option<&'s [String]>>,
    /// Whether every object of it is in sight.
    closed: bool,
    /// Objects that patches are for, by kind and name, and where that is written.
    patched: Vec<(&'s str, &'s str, &'s Place)>,
    /// Whether a kustomization changes names.
    renamed: bool,
    /// What patches touch.
    touched: Touched,
    /// Whether charts make some of it.
    charted: bool,
    /// Whether something in it is built as it is: components are not.
    rooted: bool,
    /// Folders of files of which a part could not be read, or that stand for more than is in sight, and the folders above those.
    blind: HashSet<&'s str>,
    above_blind: HashSet<&'s str>,
}

impl Bundle<'_> {
    /// Whether what a file looks for may stand in a file that could not be read, in its folder, above or below.
    fn is_blind(&self, path: &str) -> bool {
        if self.blind.is_empty() {
            return false;
        }
        let dir = directory(path);
        self.blind.contains(dir) || self.above_blind.contains(dir) || above(dir).any(|dir| self.blind.contains(dir))
    }
}

/// The folders above a folder, but for the root, which is above everything.
fn above(dir: &str) -> impl Iterator<Item = &str> {
    dir.match_indices('/').map(|(at, _)| &dir[..at])
}

/// What a kustomization takes in is a bundle, with all that takes in the same; all other manifests are one.
fn bundles<'s>(summaries: &'s [Summary], inventory: &Inventory) -> Vec<Bundle<'s>> {
    let groups = Groups::of(summaries);
    let mut bundles: HashMap<Option<usize>, Bundle<'s>> = HashMap::new();
    let mut order: Vec<Option<usize>> = Vec::new();
    for (number, summary) in summaries.iter().enumerate() {
        let Some(part) = &summary.bundle else { continue };
        let group = groups.of_file(number);
        let bundle = bundles.entry(group).or_insert_with(|| {
            order.push(group);
            Bundle { closed: true, ..Bundle::default() }
        });
        bundle.resources.extend(&part.resources);
        bundle.closed &= !part.broken || group.is_none();
        // What a chart makes, nobody sees.
        let opened = part.resources.iter().any(|placed| placed.resource.chart);
        bundle.charted |= opened;
        bundle.closed &= !opened || group.is_none();
        if part.broken || opened {
            let dir = directory(&summary.path);
            bundle.blind.insert(dir);
            bundle.above_blind.extend(above(dir));
        }
        // Nobody knows what its generators find.
        bundle.closed &= !part.resources.iter().any(|placed| placed.resource.kind == "ApplicationSet");
        if let Some(kustomization) = &part.kustomization {
            for (kind, name, keys) in &kustomization.generated {
                // A layer above may add to what one below makes.
                let several = bundle.generated.contains_key(&(*kind, name.as_str()));
                bundle.generated.insert((kind, name), keys.as_deref().filter(|_| !several));
            }
            bundle.touched = bundle.touched.and(kustomization.touched);
            for path in &kustomization.patched_by {
                bundle.touched = bundle.touched.and(groups.touched(path, summaries));
            }
            bundle.renamed |= kustomization.renames;
            bundle.rooted |= !kustomization.component;
            let named = kustomization.targets.iter().zip(&part.targets);
            bundle.patched.extend(named.map(|(target, place)| (target.kind.as_str(), target.name.as_str(), place)));
            bundle.patched.extend(kustomization.patch_files.iter().flat_map(|path| groups.objects(path, summaries)));
            bundle.closed &= !kustomization.open && kustomization.takes.iter().all(|path| groups.sees(path));
        }
    }
    if let Some(plain) = bundles.get_mut(&None) {
        plain.closed &= all_read(summaries, inventory);
    }
    order.into_iter().filter_map(|group| bundles.remove(&group)).collect()
}

/// Whether every YAML file below the root was looked at.
fn all_read(summaries: &[Summary], inventory: &Inventory) -> bool {
    let yaml = |path: &&str| path.ends_with(".yaml") || path.ends_with(".yml");
    let seen = |path: &str| summaries.binary_search_by(|summary| (*summary.path).cmp(path)).is_ok();
    inventory.is_complete() && inventory.files().filter(yaml).all(seen)
}

/// Which files belong together by kustomizations: a union of sets.
struct Groups<'s> {
    parents: Vec<usize>,
    files: HashMap<&'s str, usize>,
    /// Kustomizations by their directories.
    dirs: HashMap<&'s str, usize>,
    /// Files that a kustomization is, or takes in.
    taken: Vec<bool>,
}

impl<'s> Groups<'s> {
    fn of(summaries: &'s [Summary]) -> Self {
        let numbered = || summaries.iter().enumerate();
        let kustomizations =
            || numbered().filter_map(|(n, s)| Some((n, s, s.bundle.as_ref()?.kustomization.as_ref()?)));
        let mut groups = Self {
            parents: (0..summaries.len()).collect(),
            files: numbered().map(|(number, summary)| (&*summary.path, number)).collect(),
            dirs: kustomizations().map(|(number, summary, _)| (directory(&summary.path), number)).collect(),
            taken: vec![false; summaries.len()],
        };
        for (number, _, kustomization) in kustomizations() {
            groups.taken[number] = true;
            for path in &kustomization.takes {
                if let Some(other) = groups.find(path) {
                    groups.taken[other] = true;
                    groups.join(number, other);
                }
            }
        }
        groups
    }

    fn find(&self, path: &str) -> Option<usize> {
        self.files.get(path).or_else(|| self.dirs.get(path)).copied()
    }

    /// Whether what a kustomization takes in was looked at; what is not there, a rule of its own tells.
    fn sees(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// What a file of patches touches; everything, where it was not read.
    fn touched(&self, path: &str, summaries: &[Summary]) -> Touched {
        let part = self.files.get(path).map(|&number| summaries[number].bundle.as_ref());
        part.map_or(Touched::ALL, |part| part.map_or(Touched::default(), |part| part.touched))
    }

    /// Kinds and names of the objects in a file of patches.
    fn objects(&self, path: &str, summaries: &'s [Summary]) -> impl Iterator<Item = (&'s str, &'s str, &'s Place)> {
        let part = self.files.get(path).and_then(|&number| summaries[number].bundle.as_ref());
        let named = |placed: &'s PlacedResource| {
            let resource = &placed.resource;
            Some((resource.kind.as_str(), resource.name.as_deref()?, &placed.place))
        };
        part.into_iter().flat_map(|part| &part.resources).filter_map(named)
    }

    fn root(&self, mut number: usize) -> usize {
        while self.parents[number] != number {
            number = self.parents[number];
        }
        number
    }

    /// The same, and every other one on the way is nearer to it afterwards: long chains are walked once.
    fn shorten(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.shorten(a), self.shorten(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// The group of a file; nothing where no kustomization takes it in.
    fn of_file(&self, number: usize) -> Option<usize> {
        self.taken[number].then(|| self.root(number))
    }
}
