//! Names of objects that stand in no file: operators make them, annotations ask for them.

use crate::fact::yaml::Slot;

/// Kinds of operators that act on objects which are there, and make none of their own name.
const PASSIVE: &[&str] = &[
    "AlertmanagerConfig",
    "AnalysisTemplate",
    "AppProject",
    "Application",
    "AuthorizationPolicy",
    "BackendConfig",
    "CiliumNetworkPolicy",
    "ClusterIssuer",
    "ClusterPolicy",
    "ClusterSecretStore",
    "DestinationRule",
    "FrontendConfig",
    "Gateway",
    "GitRepository",
    "HelmRepository",
    "ImagePolicy",
    "IngressRoute",
    "Issuer",
    "Middleware",
    "PeerAuthentication",
    "PodMonitor",
    "Policy",
    "Probe",
    "PrometheusRule",
    "ScaledObject",
    "ScrapeConfig",
    "SecretStore",
    "ServiceMonitor",
    "TriggerAuthentication",
    "VirtualService",
];

/// Kinds of operators that make nothing but Secrets.
const OF_SECRETS: &[&str] = &[
    "BitwardenSecret",
    "Certificate",
    "ClusterExternalSecret",
    "DopplerSecret",
    "ExternalSecret",
    "GeneratedSecret",
    "InfisicalSecret",
    "KafkaUser",
    "OnePasswordItem",
    "SealedSecret",
    "SecretProviderClass",
    "SopsSecret",
    "VaultDynamicSecret",
    "VaultPKISecret",
    "VaultStaticSecret",
];

/// Whether all that comes of an object are Secrets. External Secrets may fill objects of other kinds where told so.
pub(super) fn only_secrets(root: Slot<'_>, kind: &str) -> bool {
    OF_SECRETS.contains(&kind) && root.path(&["spec", "target", "manifest"]).is_absent()
}

/// Names below an object that others may make objects of; what a pod template names must be there already.
pub(super) fn names(root: Slot<'_>, group: &str, kind: &str, workload: bool) -> Vec<String> {
    if !is_custom(group) {
        return annotated(root);
    }
    // What has a pod template makes pods by it, and nothing else; but Knative makes Services as well.
    if workload && group != "serving.knative.dev" {
        return Vec::new();
    }
    let name = root.path(&["metadata", "name"]).text();
    let spec = root.get("spec");
    // A release of a chart has the name of its Application.
    let released = |source: Slot<'_>| !source.get("helm").is_absent();
    let releases = kind == "Application" && spec.get("sources").items().chain([spec.get("source")]).any(released);
    let passive = !releases && PASSIVE.contains(&kind);
    let mut found: Vec<String> = name.known().filter(|_| !passive).cloned().into_iter().collect();
    if workload {
        return found;
    }
    let mut waiting = vec![root];
    let mut budget = 500;
    while let Some(slot) = waiting.pop() {
        budget -= 1;
        if budget == 0 {
            break;
        }
        for (key, value) in slot.entries() {
            let key = key.scalar().unwrap_or_default();
            let named = key == "secretName" || !passive && (key == "name" || key.ends_with("Name"));
            found.extend(value.text().known().filter(|_| named).cloned());
            waiting.push(value);
        }
        waiting.extend(slot.items());
    }
    found
}

/// Whether an object stands for all that a chart holds, which nobody sees.
pub(super) fn is_chart(root: Slot<'_>, group: &str, kind: &str) -> bool {
    let spec = root.get("spec");
    let from_chart = |source: Slot<'_>| !source.get("chart").is_absent();
    match (group, kind) {
        (_, "HelmRelease" | "HelmChart") => true,
        ("argoproj.io", "Application") => from_chart(spec.get("source")) || spec.get("sources").items().any(from_chart),
        _ => false,
    }
}

/// Whether operators, not Kubernetes itself, know the group.
pub(super) fn is_custom(group: &str) -> bool {
    let own = ["", "apps", "batch", "extensions", "policy", "autoscaling"];
    !own.contains(&group) && !group.ends_with(".k8s.io")
}

/// Secrets that an annotation asks for: certificates of an Ingress, a Gateway or a Service.
fn annotated(root: Slot<'_>) -> Vec<String> {
    let annotations: Vec<_> = root.path(&["metadata", "annotations"]).entries().collect();
    let mut found = Vec::new();
    for (key, value) in annotations {
        let key = key.scalar().unwrap_or_default();
        if key.ends_with("serving-cert-secret-name") {
            found.extend(value.text().known().cloned());
        }
        if key.contains("cert-manager.io/") || key.ends_with("tls-acme") {
            let spec = root.get("spec");
            found.extend(spec.get("tls").items().filter_map(|tls| tls.get("secretName").text().known().cloned()));
            let listeners = spec.get("listeners").items();
            let certificates =
                listeners.flat_map(|one| one.path(&["tls", "certificateRefs"]).items().collect::<Vec<_>>());
            found.extend(certificates.filter_map(|certificate| certificate.get("name").text().known().cloned()));
        }
    }
    found
}
