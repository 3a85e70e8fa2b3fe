//! What is known of the kinds of Kubernetes: which versions are served no more, and what lives in namespaces.

/// A version that is gone.
pub(super) struct Removal {
    /// The minor version of Kubernetes without it; 0 where an operator's release counts instead.
    pub(super) minor: i64,
    /// In words.
    pub(super) gone_in: &'static str,
    /// What to write instead.
    pub(super) replacement: &'static str,
}

/// `apiVersion`, kinds (none for all), minor version, words for it, replacement.
const REMOVED: &[(&str, &[&str], i64, &str, &str)] = &[
    ("extensions/v1beta1", &["Ingress"], 22, "Kubernetes 1.22", "networking.k8s.io/v1"),
    ("extensions/v1beta1", &["NetworkPolicy"], 16, "Kubernetes 1.16", "networking.k8s.io/v1"),
    ("extensions/v1beta1", &["PodSecurityPolicy"], 16, "Kubernetes 1.16", "Pod Security Admission"),
    ("extensions/v1beta1", &[], 16, "Kubernetes 1.16", "apps/v1"),
    ("extensions/v1beta2", &[], 16, "Kubernetes 1.16", "apps/v1"),
    ("apps/v1beta1", &[], 16, "Kubernetes 1.16", "apps/v1"),
    ("apps/v1beta2", &[], 16, "Kubernetes 1.16", "apps/v1"),
    ("scheduling.k8s.io/v1alpha1", &["PriorityClass"], 17, "Kubernetes 1.17", "scheduling.k8s.io/v1"),
    ("auditregistration.k8s.io/v1alpha1", &[], 19, "Kubernetes 1.19", "an audit policy file of the API server"),
    ("settings.k8s.io/v1alpha1", &["PodPreset"], 20, "Kubernetes 1.20", "a mutating webhook"),
    ("batch/v2alpha1", &["CronJob"], 21, "Kubernetes 1.21", "batch/v1"),
    (
        "admissionregistration.k8s.io/v1beta1",
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        22,
        "Kubernetes 1.22",
        "admissionregistration.k8s.io/v1",
    ),
    ("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], 22, "Kubernetes 1.22", "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io/v1beta1", &["APIService"], 22, "Kubernetes 1.22", "apiregistration.k8s.io/v1"),
    ("authentication.k8s.io/v1beta1", &["TokenReview"], 22, "Kubernetes 1.22", "authentication.k8s.io/v1"),
    ("authorization.k8s.io/v1beta1", &[], 22, "Kubernetes 1.22", "authorization.k8s.io/v1"),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], 22, "Kubernetes 1.22", "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", &["Lease"], 22, "Kubernetes 1.22", "coordination.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], 22, "Kubernetes 1.22", "networking.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1alpha1", &[], 22, "Kubernetes 1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", &[], 22, "Kubernetes 1.22", "rbac.authorization.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"], 22, "Kubernetes 1.22", "scheduling.k8s.io/v1"),
    (
        "storage.k8s.io/v1beta1",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
        22,
        "Kubernetes 1.22",
        "storage.k8s.io/v1",
    ),
    ("batch/v1beta1", &["CronJob"], 25, "Kubernetes 1.25", "batch/v1"),
    ("discovery.k8s.io/v1beta1", &["EndpointSlice"], 25, "Kubernetes 1.25", "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", &["Event"], 25, "Kubernetes 1.25", "events.k8s.io/v1"),
    ("node.k8s.io/v1beta1", &["RuntimeClass"], 25, "Kubernetes 1.25", "node.k8s.io/v1"),
    ("policy/v1beta1", &["PodDisruptionBudget"], 25, "Kubernetes 1.25", "policy/v1"),
    ("policy/v1beta1", &["PodSecurityPolicy"], 25, "Kubernetes 1.25", "Pod Security Admission"),
    ("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], 25, "Kubernetes 1.25", "autoscaling/v2"),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], 26, "Kubernetes 1.26", "autoscaling/v2"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", &[], 26, "Kubernetes 1.26", "flowcontrol.apiserver.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], 27, "Kubernetes 1.27", "storage.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", &[], 29, "Kubernetes 1.29", "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", &[], 32, "Kubernetes 1.32", "flowcontrol.apiserver.k8s.io/v1"),
    ("external-secrets.io/v1alpha1", &[], 0, "External Secrets 0.17", "external-secrets.io/v1"),
    ("external-secrets.io/v1beta1", &[], 0, "External Secrets 0.17", "external-secrets.io/v1"),
    ("certmanager.k8s.io/v1alpha1", &[], 0, "cert-manager 0.11", "cert-manager.io/v1"),
    ("cert-manager.io/v1alpha2", &[], 0, "cert-manager 1.6", "cert-manager.io/v1"),
    ("cert-manager.io/v1alpha3", &[], 0, "cert-manager 1.6", "cert-manager.io/v1"),
    ("cert-manager.io/v1beta1", &[], 0, "cert-manager 1.6", "cert-manager.io/v1"),
    ("traefik.containo.us/v1alpha1", &[], 0, "Traefik 3", "traefik.io/v1alpha1"),
];

/// When a version of a kind went, if it did.
pub(super) fn removal(api_version: &str, kind: &str) -> Option<Removal> {
    let found = REMOVED.iter().find(|(v, kinds, ..)| *v == api_version && (kinds.is_empty() || kinds.contains(&kind)));
    found.map(|&(_, _, minor, gone_in, replacement)| Removal { minor, gone_in, replacement })
}

/// Versions whose replacement has the same fields, with the same defaults: only the name of the version changed.
const EQUAL: &[(&str, &[&str])] = &[
    ("apps/v1beta2", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]),
    ("extensions/v1beta1", &["NetworkPolicy"]),
    ("coordination.k8s.io/v1beta1", &["Lease"]),
    ("networking.k8s.io/v1beta1", &["IngressClass"]),
    ("rbac.authorization.k8s.io/v1beta1", &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"]),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"]),
    ("storage.k8s.io/v1beta1", &["StorageClass", "VolumeAttachment", "CSIStorageCapacity"]),
    ("batch/v1beta1", &["CronJob"]),
    ("node.k8s.io/v1beta1", &["RuntimeClass"]),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"]),
];

/// Whether an object reads the same in the version that replaces its own; nothing where no version does.
pub(super) fn is_equal(removal: &Removal, api_version: &str, kind: &str) -> Option<bool> {
    let version = removal.replacement.rsplit('/').next()?.strip_prefix('v')?;
    let equal = EQUAL.iter().any(|(version, kinds)| *version == api_version && kinds.contains(&kind));
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(equal)
}

const NAMESPACED: &[&str] = &[
    "Pod",
    "Deployment",
    "DaemonSet",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Service",
    "Secret",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Ingress",
    "DeploymentConfig",
    "Rollout",
];

const CLUSTER: &[&str] = &[
    "Namespace",
    "Node",
    "PersistentVolume",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "StorageClass",
    "PriorityClass",
    "IngressClass",
    "RuntimeClass",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "CSIDriver",
    "CertificateSigningRequest",
    "PodSecurityPolicy",
    "SecurityContextConstraints",
];

/// Whether a kind lives in no namespace, as far as that is known.
pub(super) fn cluster_scoped(kind: &str) -> Option<bool> {
    if CLUSTER.contains(&kind) {
        return Some(true);
    }
    NAMESPACED.contains(&kind).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_counts_beside_the_version() {
        let gone = |version: &str, kind: &str| removal(version, kind).map(|r| (r.minor, r.replacement));
        assert_eq!(gone("extensions/v1beta1", "Ingress"), Some((22, "networking.k8s.io/v1")));
        assert_eq!(gone("extensions/v1beta1", "Deployment"), Some((16, "apps/v1")));
        assert_eq!(gone("policy/v1beta1", "Eviction"), None);
        assert_eq!(gone("apps/v1", "Deployment"), None);
        assert_eq!(
            (cluster_scoped("Node"), cluster_scoped("Pod"), cluster_scoped("Foo")),
            (Some(true), Some(false), None)
        );
    }
}
