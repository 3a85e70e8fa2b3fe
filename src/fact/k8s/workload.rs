//! Where each kind of workload keeps its pod template.

use super::labels::{Labels, Selector};
use super::parts::Workload;
use super::{Scope, availability, strings};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};

/// A pod template.
pub(super) struct Template<'t> {
    pub(super) spec: Slot<'t>,
    /// The metadata of its pods.
    pub(super) metadata: Slot<'t>,
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
    let above = root.path(&path[..path.len().saturating_sub(1)]);
    let wants_selector = version.known().is_some_and(|v| v == "apps/v1");
    Some(Template { spec: above.get("spec"), metadata: above.get("metadata"), wants_selector })
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

/// Kinds that run a number of pods, 1 unless told otherwise.
pub(super) const COUNTED: &[&str] =
    &["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig"];

/// Kinds that replace their pods when their template changes.
const UPDATED: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "DeploymentConfig"];

pub(super) fn build(root: Slot<'_>, template: &Template<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let labels = template.metadata.get("labels");
    // The metadata of a Pod is that of its object.
    if scope.kind != "Pod" {
        strings::mapping(labels, "label", &scope.label, wanted, out);
        strings::mapping(template.metadata.get("annotations"), "annotation", &scope.label, wanted, out);
    }
    strings::mapping(template.spec.get("nodeSelector"), "label", &scope.label, wanted, out);
    if !wanted.subject(Workload::describe().name) {
        return;
    }
    let (spec, place) = (root.get("spec"), scope.place);
    let strategy = spec.path(&["strategy", "type"]).or(spec.path(&["updateStrategy", "type"]));
    let replicas = scope.seal(spec.get("replicas").int(), place);
    let counted = COUNTED.contains(&scope.kind.as_str());
    let one = || if counted { Field::new(1, place) } else { Field::Absent };
    let job = if scope.kind == "CronJob" { spec.path(&["jobTemplate", "spec"]) } else { spec };
    let schedule = spec.get("schedule").text();
    let affinity = template.spec.get("affinity");
    let volumes = template.spec.get("volumes");
    let claims = volumes.items().any(|volume| !volume.get("persistentVolumeClaim").is_absent());
    let workload = Workload {
        span: place,
        kind: scope.kind.clone(),
        name: scope.seal(scope.name.clone(), place),
        copies: if replicas.is_absent() || !counted { replicas.clone().or(one()) } else { replicas.clone() },
        replicas,
        strategy: scope.seal(strategy.text(), place),
        updates: UPDATED.contains(&scope.kind.as_str()),
        selector_matches: selector_matches(spec.get("selector"), template, scope),
        pod_labels: Labels::of(labels, false).shown(),
        apart: scope.seal(apart(affinity, template.spec), place),
        node_affinity: scope.seal(affinity.get("nodeAffinity").read(|_| Some(true)), place),
        claims,
        job_ttl: scope.seal(job.get("ttlSecondsAfterFinished").int(), place),
        hook: is_hook(root.path(&["metadata", "annotations"])),
        schedule_fault: schedule.known().and_then(|text| availability::schedule_fault(text)),
        schedule,
        deadline: scope.seal(spec.get("startingDeadlineSeconds").int(), place),
    };
    out.push(workload, &scope.label, root.extent().unwrap_or(place));
}

/// Whether the selector takes the pods of the template; absent where there is none of them.
fn selector_matches(selector: Slot<'_>, template: &Template<'_>, scope: &Scope<'_>) -> Field<bool> {
    let sight = !template.spec.is_absent() || !template.metadata.is_absent();
    let (Some(span), true) = (selector.span(), sight) else { return Field::Absent };
    let plain = matches!(scope.kind.as_str(), "ReplicationController" | "DeploymentConfig" | "Job");
    let asked = match plain && selector.get("matchLabels").is_absent() && selector.get("matchExpressions").is_absent() {
        true => Selector::plain(selector),
        false => Selector::of(selector),
    };
    let open = scope.open || scope.part.context.sets_labels(scope.part.path);
    let labels = template.metadata.get("labels");
    match asked.matches(&Labels::of(labels, open)) {
        Some(matches) if !asked.is_empty() => Field::new(matches, span),
        Some(_) => Field::Absent,
        None => Field::unknown("?", span),
    }
}

/// What keeps the pods of a workload on different nodes.
fn apart(affinity: Slot<'_>, spec: Slot<'_>) -> Field<String> {
    let anti = affinity.get("podAntiAffinity");
    let terms = ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];
    if anti.is_unknown()
        || terms.iter().any(|terms| anti.get(terms).items().next().is_some() || anti.get(terms).is_unknown())
    {
        return anti.read(|_| Some("anti-affinity".to_owned()));
    }
    let spread = spec.get("topologySpreadConstraints");
    spread.read(|node| (node.items().len() > 0).then(|| "spread".to_owned()))
}

/// Whether Helm or Argo CD runs it once and cleans up behind it.
fn is_hook(annotations: Slot<'_>) -> bool {
    annotations.is_unknown()
        || annotations.entries().any(|(key, _)| {
            let key = key.scalar().unwrap_or_default();
            key.starts_with("helm.sh/hook") || key.starts_with("argocd.argoproj.io/hook")
        })
}
