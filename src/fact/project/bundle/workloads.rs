//! Workloads as the other objects of their bundle treat them: scaled, protected, isolated.

use super::super::ProjectSubject;
use super::Bundle;
use super::index::Index;
use super::reference::label;
use crate::fact::k8s::{Link, Role};
use crate::fact::summary::PlacedResource;
use crate::fact::value::{Field, facts};
use std::collections::{HashMap, HashSet};

facts! {
    /// A workload beside the other objects of its bundle.
    pub struct BundleWorkload = "project.k8s-workload" {
        /// Its kind.
        "kind" kind: String,
        /// How many pods it wants, 1 where it does not say; absent of kinds that have no such number.
        "copies" copies: Field<i64>,
        /// Whether it says how many.
        "says-copies" says_copies: bool,
        /// The autoscaler that scales it.
        "scaler" scaler: Option<String>,
        /// Whether a disruption budget takes its pods.
        "budgeted" budgeted: bool,
        /// Whether a network policy takes its pods.
        "isolated" isolated: bool,
        /// Whether all that could say so is in sight.
        "closed" closed: bool,
    }
}

pub(super) fn build(bundle: &Bundle<'_>, index: &Index<'_>, out: &mut Vec<ProjectSubject>) {
    let links = |relation: &'static str| {
        let all =
            bundle.resources.iter().flat_map(|placed| placed.resource.links.iter().map(move |link| (*placed, link)));
        all.filter(move |(_, link)| link.relation == relation)
    };
    let scalers: HashMap<(&str, &str), &PlacedResource> =
        links("hpa-target").map(|(placed, link)| ((link.kind.as_str(), link.name.as_str()), placed)).collect();
    let taken = |relation: &'static str| -> (HashSet<*const PlacedResource>, bool) {
        let mut found = HashSet::new();
        let mut maybe = false;
        for (placed, link) in links(relation) {
            let (sure, open) = pods(index, placed, link);
            found.extend(sure.into_iter().map(std::ptr::from_ref));
            maybe |= open;
        }
        (found, maybe)
    };
    let (budgeted, open_budgets) = taken("budget-pods");
    let (isolated, open_policies) = taken("policy-pods");
    let takers: HashSet<Option<&str>> = bundle
        .resources
        .iter()
        .filter(|placed| takes_all(placed))
        .map(|placed| placed.resource.namespace.as_deref())
        .collect();
    let takes = |namespace: Option<&str>| {
        takers.contains(&None) || takers.contains(&namespace) || namespace.is_none() && !takers.is_empty()
    };
    for placed in bundle.resources.iter().filter(|placed| !placed.resource.open) {
        let (Role::Workload { replicas, copies, .. }, Some(name)) = (&placed.resource.role, &placed.resource.name)
        else {
            continue;
        };
        let scaler = scalers.get(&(placed.resource.kind.as_str(), name.as_str()));
        let place = placed.replicas.as_ref().unwrap_or(&placed.place);
        let address = std::ptr::from_ref(*placed);
        let workload = BundleWorkload {
            kind: placed.resource.kind.clone(),
            copies: copies.map_or(Field::Absent, |copies| Field::new(copies, Default::default())),
            says_copies: replicas.is_some() && !bundle.touched.has("replicas"),
            scaler: scaler.map(|scaler| label(scaler)),
            budgeted: budgeted.contains(&address),
            isolated: takes(placed.resource.namespace.as_deref()) || isolated.contains(&address),
            closed: bundle.closed && !open_budgets && !open_policies,
            ..BundleWorkload::default()
        };
        let mut subject = ProjectSubject::new(workload, label(placed), place.clone());
        subject.related.extend(scaler.map(|scaler| (scaler.place.clone(), "this scales it".to_owned())));
        out.push(subject);
    }
}

fn pods<'b>(index: &Index<'b>, placed: &PlacedResource, link: &Link) -> (Vec<&'b PlacedResource>, bool) {
    match &link.selector {
        Some(selector) => index.pods(selector, placed.resource.namespace.as_deref()),
        None => (Vec::new(), true),
    }
}

/// A network policy without a selector takes every pod of its namespace.
fn takes_all(placed: &PlacedResource) -> bool {
    placed.resource.kind == "NetworkPolicy" && !placed.resource.links.iter().any(|link| link.relation == "policy-pods")
}
