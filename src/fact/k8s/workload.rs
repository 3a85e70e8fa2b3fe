//! Where each kind of workload keeps its pod template.

use super::Scope;
use super::parts::Workload;
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};

/// A pod template.
pub(super) struct Template<'t> {
    pub(super) spec: Slot<'t>,
    /// Whether the API demands a selector beside it.
    wants_selector: bool,
}

/// Kinds with a template: API groups (`""` is the core), kind, and the path to the pod's `spec`.
const KINDS: &[(&[&str], &str, &[&str])] = &[
    (&[""], "Pod", &["spec"]),
    (&[""], "ReplicationController", &["spec", "template", "spec"]),
    (&[""], "PodTemplate", &["template", "spec"]),
    (&["apps", "extensions"], "Deployment", &["spec", "template", "spec"]),
    (&["apps", "extensions"], "DaemonSet", &["spec", "template", "spec"]),
    (&["apps", "extensions"], "ReplicaSet", &["spec", "template", "spec"]),
    (&["apps"], "StatefulSet", &["spec", "template", "spec"]),
    (&["batch"], "Job", &["spec", "template", "spec"]),
    (&["batch"], "CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
    (&["argoproj.io"], "Rollout", &["spec", "template", "spec"]),
    (&["apps.openshift.io", ""], "DeploymentConfig", &["spec", "template", "spec"]),
    (&["serving.knative.dev"], "Service", &["spec", "template", "spec"]),
    (&["serving.knative.dev"], "Configuration", &["spec", "template", "spec"]),
    (&["serving.knative.dev"], "Revision", &["spec"]),
];

/// The pod template of an object of this kind, if there is one to look at.
pub(super) fn template<'t>(root: Slot<'t>, kind: &str) -> Option<Template<'t>> {
    let version = root.get("apiVersion").text();
    let group = version.known().map(|v| v.split_once('/').map_or("", |(group, _)| group));
    let (_, _, path) = KINDS.iter().find(|(groups, name, _)| {
        // A version that a template computes may be any of the kind's own, but not Knative's.
        *name == kind && group.map_or(groups[0] != "serving.knative.dev", |group| groups.contains(&group))
    })?;
    let spec = root.path(path);
    spec.node()?;
    Some(Template { spec, wants_selector: version.known().is_some_and(|v| v == "apps/v1") })
}

impl Template<'_> {
    /// Whether something is missing without which the API server would refuse the object: then this is
    /// a patch or a fragment of one, even if nothing says so.
    pub(super) fn is_partial(&self, root: Slot<'_>) -> bool {
        let containers = self.spec.get("containers");
        let imageless = |container: Slot<'_>| container.get("image").is_absent() || container.get("name").is_absent();
        containers.is_absent()
            || containers.items().any(imageless)
            || self.wants_selector && root.path(&["spec", "selector"]).is_absent()
    }
}

pub(super) fn build(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Workload::describe().name) {
        return;
    }
    let spec = root.get("spec");
    let strategy = spec.path(&["strategy", "type"]).or(spec.path(&["updateStrategy", "type"]));
    let workload = Workload {
        span: scope.place,
        kind: scope.kind.clone(),
        name: scope.seal(scope.name.clone(), scope.place),
        replicas: scope.seal(spec.get("replicas").int(), scope.place),
        strategy: scope.seal(strategy.text(), scope.place),
    };
    out.push(workload, &scope.label, root.extent().unwrap_or(scope.place));
}
