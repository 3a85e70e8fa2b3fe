//! What one object relies on, and whether it is there.

use super::super::ProjectSubject;
use super::Bundle;
use super::index::Index;
use crate::fact::context::directory;
use crate::fact::k8s::{Link, Role, WORKLOAD};
use crate::fact::summary::{Place, PlacedResource};
use crate::fact::value::facts;
use std::collections::HashSet;

facts! {
    /// Something that an object relies on, in a bundle of which everything is in sight.
    pub struct Reference = "project.k8s-reference" {
        /// `service-pods`, `service-port`, `ingress-service`, `ingress-port`, `hpa-target`, `budget-pods`,
        /// `budget-least`, `policy-pods`, `policy-peer`, `monitor-service`, `statefulset-service`, `statefulset-headless`,
        /// `service-account`, `config-map`, `secret`, `data-key`, `role` or `patch-target`.
        "relation" relation: String,
        /// What it relies on: a name, a port or labels.
        "target" target: String,
        /// The kind of that.
        "kind" kind: String,
        /// The object that has, or should have, the part: a Service of a port, a ConfigMap of a key.
        "holder" holder: String,
        /// Whether it is there.
        "found" found: bool,
        /// Whether it is a number.
        "numeric" numeric: bool,
        /// Whether nothing of that kind is in the repository at all: others keep such things elsewhere.
        "alone" alone: bool,
    }
}

/// Roles that every cluster has.
const BUILT_IN: &[&str] = &["cluster-admin", "admin", "edit", "view", "extension-apiserver-authentication-reader"];

/// ConfigMaps that every namespace, or the cluster, has.
const GIVEN: &[&str] = &["kube-root-ca.crt", "openshift-service-ca.crt", "extension-apiserver-authentication"];

/// What a kustomization may set the number of copies of.
const SCALED: &[&str] = &["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"];

/// More objects of one name are not compared one by one.
const MANY: usize = 50;

pub(super) fn build(bundle: &Bundle<'_>, index: &Index<'_>, kinds: &HashSet<&str>, out: &mut Vec<ProjectSubject>) {
    patches(bundle, index, out);
    let whole = |placed: &&&PlacedResource| !placed.resource.open && !bundle.is_blind(&placed.place.path);
    for placed in bundle.resources.iter().filter(whole) {
        for (link, place) in placed.resource.links.iter().zip(&placed.links) {
            let mut resolver = Resolver { placed, link, place, index, bundle, kinds, out: &mut *out };
            resolver.resolve();
        }
    }
}

/// The objects that patches are for. They are found by their names before a kustomization changes those, and by the names
/// that one below has given them.
fn patches(bundle: &Bundle<'_>, index: &Index<'_>, out: &mut Vec<ProjectSubject>) {
    // What stands beside targets is a patch itself.
    let patches: HashSet<&str> = bundle.patched.iter().map(|(_, _, place)| &*place.path).collect();
    let objects = bundle.resources.iter().filter(|placed| !patches.contains(&*placed.place.path));
    let mut kinds_here: HashSet<&str> = objects.map(|placed| placed.resource.kind.as_str()).collect();
    kinds_here.extend(bundle.generated.keys().map(|(kind, _)| *kind));
    for (kind, name, place) in bundle.patched.iter().filter(|_| bundle.rooted) {
        if index.is_made(kind, name) || bundle.is_blind(&place.path) {
            continue;
        }
        let there = |kind: &str| index.named(kind, name).iter().any(|placed| placed.place.path != place.path);
        let longer = |kind: &str| {
            let made = |(of, part): &(&str, &str)| *of == kind && (name.starts_with(part) || name.ends_with(part));
            index.has_part_of(kind, name) && !there(kind) || bundle.generated.keys().any(made)
        };
        let is_workload = *kind == WORKLOAD;
        let meant = if is_workload { SCALED } else { std::slice::from_ref(kind) };
        if bundle.renamed && !name.is_empty() && meant.iter().any(|kind| longer(kind)) {
            continue;
        }
        let found = match (*kind, *name) {
            (WORKLOAD, _) => SCALED.iter().any(|kind| there(kind)),
            (kind, "") => kinds_here.contains(kind),
            (kind, _) => there(kind),
        };
        let reference = Reference {
            relation: "patch-target".to_owned(),
            target: (*name).to_owned(),
            kind: (*kind).to_owned(),
            found,
            ..Reference::default()
        };
        out.push(ProjectSubject::new(reference, target_label(kind, name), (*place).clone()));
    }
}

fn target_label(kind: &str, name: &str) -> String {
    if name.is_empty() { kind.to_owned() } else { format!("{kind}/{name}") }
}

struct Resolver<'r, 'b> {
    placed: &'b PlacedResource,
    link: &'b Link,
    place: &'b Place,
    index: &'r Index<'b>,
    bundle: &'r Bundle<'b>,
    /// The kinds of all objects in sight.
    kinds: &'r HashSet<&'b str>,
    out: &'r mut Vec<ProjectSubject>,
}

impl<'b> Resolver<'_, 'b> {
    fn resolve(&mut self) {
        match self.link.relation {
            "service-pods" | "budget-pods" | "policy-pods" | "policy-peer" => self.selected_pods(),
            "monitor-service" => self.selected_services(),
            "service-port" => self.port(),
            "budget-least" => self.least(),
            "data-key" | "ingress-port" => self.part(),
            _ => self.named(),
        }
    }

    fn namespace(&self) -> Option<&'b str> {
        self.link.namespace.as_deref().or(self.placed.resource.namespace.as_deref())
    }

    fn selected_pods(&mut self) {
        let Some(selector) = &self.link.selector else { return };
        let (sure, maybe) = self.index.pods(selector, self.namespace());
        if sure.is_empty() && (maybe || self.index.may_make(selector)) {
            return;
        }
        // Who has the same name was probably meant.
        let name = self.placed.resource.name.as_deref().unwrap_or_default();
        let meant = ["Deployment", "StatefulSet", "DaemonSet", "Pod"]
            .into_iter()
            .find_map(|kind| self.index.get(kind, name, self.namespace()))
            .filter(|_| sure.is_empty());
        let related = meant.and_then(|workload| match &workload.resource.role {
            Role::Workload { labels, .. } => {
                Some((workload.place.clone(), format!("the pods here have {}", labels.shown())))
            }
            _ => None,
        });
        self.add(self.link.relation, !sure.is_empty(), "", related);
    }

    fn selected_services(&mut self) {
        let Some(selector) = &self.link.selector else { return };
        let (sure, maybe) = self.index.services(selector, None);
        if !sure.is_empty() || !maybe && !self.index.may_make(selector) {
            self.add(self.link.relation, !sure.is_empty(), "", None);
        }
    }

    /// A port that a Service sends to, among those of the pods that it takes.
    fn port(&mut self) {
        let (Some(selector), Some(port)) = (&self.link.selector, &self.link.part) else { return };
        let (sure, maybe) = self.index.pods(selector, self.namespace());
        let has = |placed: &&'b PlacedResource| match &placed.resource.role {
            // Who lists no port at all may listen on any.
            Role::Workload { ports, .. } => {
                placed.resource.open || ports.contains(port) || ports.is_empty() && port.parse::<i64>().is_ok()
            }
            _ => true,
        };
        let Some(first) = sure.first().filter(|_| !maybe) else { return };
        let found = sure.iter().any(has);
        let related = (!found).then(|| (first.place.clone(), "the pods are these".to_owned()));
        self.add("service-port", found, &label(first), related);
    }

    /// The pods that must always be there, beside those that there are.
    fn least(&mut self) {
        let Some(selector) = &self.link.selector else { return };
        let Ok(least) = self.link.name.parse::<i64>() else { return };
        let (sure, maybe) = self.index.pods(selector, self.namespace());
        let copies = sure.iter().map(|placed| match &placed.resource.role {
            Role::Workload { copies, .. } if !placed.resource.open => self.index.least(placed, *copies),
            _ => None,
        });
        let (Some(sum), Some(first), false) = (copies.sum::<Option<i64>>(), sure.first(), maybe) else { return };
        let related =
            (sum <= least).then(|| (first.place.clone(), format!("there may be {sum} of these pods, no more")));
        self.add("budget-least", sum > least, &label(first), related);
    }

    fn named(&mut self) {
        let (kind, name) = (self.link.kind.as_str(), self.link.name.as_str());
        if kind == "ConfigMap" && GIVEN.contains(&name) {
            return;
        }
        if self.link.relation == "role" && (BUILT_IN.contains(&name) || name.starts_with("system:")) {
            return;
        }
        let namespace = if kind == "ClusterRole" { None } else { self.namespace() };
        let Some(target) = self.index.get(kind, name, namespace) else {
            let longer = self.bundle.renamed && self.index.has_part_of(kind, name);
            // Most of what is opened to the outside comes out of charts.
            let charted = self.bundle.charted && self.link.relation == "ingress-service";
            if !longer && !charted && !self.index.is_made(kind, name) {
                self.add(self.link.relation, false, "", None);
            }
            return;
        };
        self.add(self.link.relation, true, "", None);
        if let (Role::Service { headless: Some(headless), .. }, "statefulset-service") =
            (&target.resource.role, self.link.relation)
            && !self.is_alternative(target)
        {
            let related = Some((target.place.clone(), "the Service is this one".to_owned()));
            self.add("statefulset-headless", *headless, &label(target), related);
        }
    }

    /// A key or a port of something that is there.
    fn part(&mut self) {
        let Some(part) = &self.link.part else { return };
        let (kind, name) = (self.link.kind.as_str(), self.link.name.as_str());
        let has = |target: &PlacedResource| match &target.resource.role {
            Role::Service { ports, open: false, .. } => Some((ports.contains(part), "the Service is this one")),
            Role::Data(Some(keys)) => Some((keys.contains(part), "its keys are here")),
            _ => None,
        };
        let Some(target) = self.index.get(kind, name, self.namespace()) else {
            if let Some(Some(keys)) = self.bundle.generated.get(&(kind, name)) {
                self.add(self.link.relation, keys.contains(part), &format!("{kind}/{name}"), None);
            }
            return;
        };
        let Some((_, seen)) = has(target).filter(|_| !self.is_alternative(target)) else { return };
        // Folders of several environments may each have one of their own.
        let all = self.index.named(kind, name);
        let found = all.len() > MANY || all.iter().any(|target| has(target).is_none_or(|(found, _)| found));
        let related = Some((target.place.clone(), seen.to_owned()));
        self.add(self.link.relation, found, &label(target), related);
    }

    /// Whether the object is one of several of its name in the folder, of which only one is meant to be applied, and nobody
    /// knows with which of the others.
    fn is_alternative(&self, target: &PlacedResource) -> bool {
        let (own, path) = (&self.placed.resource, &self.placed.place.path);
        let same =
            |other: &&'b PlacedResource| other.place.path != *path && directory(&other.place.path) == directory(path);
        let name = own.name.as_deref().unwrap_or_default();
        target.place.path != *path && self.index.named(&own.kind, name).iter().take(MANY).any(same)
    }

    /// Whether anything of the sort that is looked for is in sight.
    fn is_there_any(&self) -> bool {
        match self.link.relation {
            "monitor-service" => self.kinds.contains("Service"),
            "role" => self.kinds.contains("Role") || self.kinds.contains("ClusterRole"),
            "hpa-target" => self.kinds.contains(""),
            _ => self.kinds.contains(self.link.kind.as_str()),
        }
    }

    fn add(&mut self, relation: &str, found: bool, holder: &str, related: Option<(Place, String)>) {
        // Patches change what stands in the files.
        if !found && self.bundle.touched.has(relation) {
            return;
        }
        let part = matches!(relation, "service-port" | "ingress-port" | "data-key");
        let target = self.link.part.as_ref().filter(|_| part).unwrap_or(&self.link.name);
        let reference = Reference {
            relation: relation.to_owned(),
            kind: self.link.kind.clone(),
            holder: holder.to_owned(),
            found,
            numeric: target.parse::<i64>().is_ok(),
            alone: !found && !self.is_there_any(),
            target: target.clone(),
            ..Reference::default()
        };
        let mut subject = ProjectSubject::new(reference, label(self.placed), self.place.clone());
        subject.related.extend(related);
        self.out.push(subject);
    }
}

/// `Kind/name`.
pub(super) fn label(placed: &PlacedResource) -> String {
    match &placed.resource.name {
        Some(name) => format!("{}/{name}", placed.resource.kind),
        None => placed.resource.kind.clone(),
    }
}
