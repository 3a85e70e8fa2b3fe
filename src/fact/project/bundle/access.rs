//! What the subjects of a binding may do, by the role that it names.

use super::super::ProjectSubject;
use super::Bundle;
use super::index::Index;
use super::reference::label;
use crate::fact::k8s::Role;
use crate::fact::value::facts;

facts! {
    /// Access that a binding gives by the rules of its role.
    pub struct Access = "project.k8s-access" {
        /// `read-secrets` or `create-pods`.
        "to" to: String,
        /// The verbs that give it.
        "verbs" verbs: Vec<String>,
        /// Whether the role names the objects.
        "named" named: bool,
        /// The role.
        "role" role: String,
    }
}

const SECRETS: &[&str] = &["get", "list", "watch", "create", "delete", "*"];
const PODS: &[&str] = &["pods", "deployments", "statefulsets", "replicasets", "cronjobs", "jobs", "daemonsets", "*"];

pub(super) fn build(bundle: &Bundle<'_>, index: &Index<'_>, out: &mut Vec<ProjectSubject>) {
    for placed in &bundle.resources {
        for (link, place) in placed.resource.links.iter().zip(&placed.links).filter(|(link, _)| link.relation == "role")
        {
            let namespace = if link.kind == "ClusterRole" { None } else { placed.resource.namespace.as_deref() };
            let Some(role) = index.get(&link.kind, &link.name, namespace) else { continue };
            let Role::Rules(rules) = &role.resource.role else { continue };
            let mut add = |to: &str, verbs: Vec<String>, named: bool| {
                let access = Access { to: to.to_owned(), verbs, named, role: label(role), ..Access::default() };
                let mut subject = ProjectSubject::new(access, label(placed), place.clone());
                subject.related.push((role.place.clone(), "the role is this one".to_owned()));
                out.push(subject);
            };
            let given = |verbs: &[String], wanted: &[&str]| -> Vec<String> {
                verbs.iter().filter(|verb| wanted.contains(&verb.as_str())).cloned().collect()
            };
            for (verbs, resources, named) in rules {
                let secrets = given(verbs, SECRETS);
                if !secrets.is_empty() && resources.iter().any(|resource| matches!(resource.as_str(), "secrets" | "*"))
                {
                    add("read-secrets", secrets, *named);
                }
                let create = given(verbs, &["create", "*"]);
                if !create.is_empty() && resources.iter().any(|resource| PODS.contains(&resource.as_str())) {
                    add("create-pods", create, *named);
                }
            }
        }
    }
}
