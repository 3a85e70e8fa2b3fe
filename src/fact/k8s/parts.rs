//! The parts of pods, as rules see them.

use crate::fact::image::Image;
use crate::fact::secret::Redacted;
use crate::fact::value::{Field, OpenList, facts};
use crate::text::Spanned;
use std::sync::Arc;

facts! {
    /// A Kubernetes object.
    pub struct Object = "k8s.object" {
        /// Its `apiVersion`.
        "api-version" api_version: Field<String>,
        /// Its `kind`.
        "kind" kind: Field<String>,
        /// Its name, or the prefix of a generated one.
        "name" name: Field<String>,
        /// Its namespace, if it names one.
        "namespace" namespace: Field<String>,
        /// Its labels.
        "labels" labels: OpenList<Pair>,
        /// Its annotations.
        "annotations" annotations: OpenList<Pair>,
        /// Whether only a part of it is in sight: a patch, a template, a fragment.
        "open" open: bool,
        /// Whether it makes pods, or is one.
        "workload" workload: bool,
        /// Whether it lives in no namespace; unknown of kinds that are not built in.
        "cluster-scoped" cluster_scoped: Field<bool>,
        /// The minor version of Kubernetes that serves its kind in this version no more; 0 where that depends
        /// on an operator's release instead.
        "removed-minor" removed_minor: Option<i64>,
        /// The release in which it is gone, in words.
        "removed-in" removed_in: Option<String>,
        /// What to write instead, in words.
        "replacement" replacement: Option<String>,
        /// Whether the replacement is a version with the same fields of the same meaning; nothing where it is no version.
        "replacement-equal" replacement_equal: Option<bool>,
        /// `allowPrivilegedContainer` of a SecurityContextConstraints.
        "allow-privileged" allow_privileged: Field<bool>,
        /// `automountServiceAccountToken` of a ServiceAccount.
        "automount-token" automount_token: Field<bool>,
        /// A label that names the object otherwise than it is named.
        "other-name" other_name: Field<String>,
        /// The plugins that an AdmissionConfiguration sets up.
        "admission-plugins" admission_plugins: OpenList<Spanned<String>>,
        /// Tiller: `service`, `local` where it listens only locally, else `listening`.
        "tiller" tiller: Field<String>,
    }
    /// A label, an annotation, or the name of an object.
    pub struct Pair = "k8s.pair" {
        /// Its key.
        "key" key: String,
        /// Its value.
        "value" value: Field<String>,
        /// `label`, `annotation` or `name`.
        "what" what: String,
        /// What the API server has against its key or its value.
        "wrong" wrong: Option<String>,
    }
    /// An entry of a ConfigMap.
    pub struct ConfigEntry = "k8s.config-entry" {
        /// Its key.
        "key" key: String,
        /// Its value.
        "value" value: Field<Redacted>,
        /// What the key promises: `password`, `secret`, `not-secret` or `none`.
        "key-kind" key_kind: &'static str,
        /// What the value is: `random`, `human`, `weak`, `reference`, `placeholder`, `identifier`, `plain` or `empty`;
        /// absent where the key promises neither a password nor a secret.
        "verdict" verdict: Field<String>,
    }
    /// Something that makes pods, or a pod itself.
    pub struct Workload = "k8s.workload" {
        /// `Deployment`, `CronJob` …
        "kind" kind: String,
        /// Its name.
        "name" name: Field<String>,
        /// How many pods it wants.
        "replicas" replicas: Field<i64>,
        /// The type of its update strategy.
        "strategy" strategy: Field<String>,
        /// Whether it is a kind that runs on and replaces its pods one by one.
        "updates" updates: bool,
        /// How many pods it wants, 1 where it does not say; absent of kinds that have no such number.
        "copies" copies: Field<i64>,
        /// Whether its selector takes the pods that it makes.
        "selector-matches" selector_matches: Field<bool>,
        /// The labels of its pods, in words.
        "pod-labels" pod_labels: String,
        /// How its pods are kept apart: `anti-affinity` or `spread`.
        "apart" apart: Field<String>,
        /// Whether it says on which nodes it runs.
        "node-affinity" node_affinity: Field<bool>,
        /// Whether its pods mount a claimed volume.
        "claims" claims: bool,
        /// `ttlSecondsAfterFinished` of a Job, or of the Jobs of a CronJob.
        "job-ttl" job_ttl: Field<i64>,
        /// Whether a release tool runs it and removes it.
        "hook" hook: bool,
        /// The schedule of a CronJob.
        "schedule" schedule: Field<String>,
        /// What is wrong with the schedule.
        "schedule-fault" schedule_fault: Option<String>,
        /// `startingDeadlineSeconds` of a CronJob.
        "deadline" deadline: Field<i64>,
    }
    /// The pods that a workload makes.
    pub struct Pod = "k8s.pod" {
        /// The kind of the workload.
        "workload-kind" workload_kind: String,
        /// The name of the workload.
        "workload-name" workload_name: Field<String>,
        /// `hostNetwork`.
        "host-network" host_network: Field<bool>,
        /// `hostPID`.
        "host-pid" host_pid: Field<bool>,
        /// `hostIPC`.
        "host-ipc" host_ipc: Field<bool>,
        /// `windowsOptions.hostProcess`.
        "host-process" host_process: Field<bool>,
        /// The deprecated `serviceAccount`.
        "service-account" service_account: Field<String>,
        /// `serviceAccountName`.
        "service-account-name" service_account_name: Field<String>,
        /// `automountServiceAccountToken`.
        "automount-token" automount_token: Field<bool>,
        /// `restartPolicy`.
        "restart-policy" restart_policy: Field<String>,
        /// Whether it runs on Windows.
        "windows" windows: bool,
        /// Whether it has the default service account.
        "default-account" default_account: Field<bool>,
        /// `priorityClassName`.
        "priority-class" priority_class: Field<String>,
        /// The options of its `dnsConfig`, `name:value`.
        "dns-options" dns_options: OpenList<Spanned<String>>,
        /// Whether it has a `dnsConfig`, with options or without.
        "dns-config" dns_config: Field<bool>,
        /// `hostUsers`: false gives it user ids of its own.
        "host-users" host_users: Field<bool>,
        /// Whether it writes names of its own into the hosts file.
        "host-aliases" host_aliases: Field<bool>,
        /// The namespace that its object names.
        "namespace" namespace: Field<String>,
    }
    /// A volume of a pod.
    pub struct Volume = "k8s.volume" {
        /// Its name.
        "name" name: Field<String>,
        /// The path on the node, without a final slash.
        "host-path" host_path: Field<String>,
        /// Whether a container mounts it.
        "mounted" mounted: Field<bool>,
        /// What it is made of: `configMap`, `hostPath` …
        "type" kind: Field<String>,
    }
    /// A container of a pod, with the pod's settings where it has none of its own.
    pub struct Container = "k8s.container" {
        /// Its name.
        "name" name: Field<String>,
        /// `container`, `init`, `sidecar` (an init container that keeps running) or `ephemeral`.
        "role" role: String,
        /// The kind of the workload.
        "workload-kind" workload_kind: String,
        /// Whether it is meant to run on and on: neither a job's nor an init container.
        "long-running" long_running: bool,
        /// Whether it runs on Windows.
        "windows" windows: bool,
        /// Whether it stands in a document, as an example.
        "snippet" snippet: bool,
        /// `hostUsers` of the pod: false gives it user ids of its own.
        "host-users" host_users: Field<bool>,
        /// Its image.
        "image" image: Field<Image>,
        /// `runAsUser` in effect.
        "run-as-user" run_as_user: Field<i64>,
        /// `runAsGroup` in effect.
        "run-as-group" run_as_group: Field<i64>,
        /// `runAsNonRoot` in effect.
        "run-as-non-root" run_as_non_root: Field<bool>,
        /// Whether a setting in effect makes it root or a member of root's group.
        "root" root: Field<bool>,
        /// The setting that makes it root, as written: `runAsUser: 0`.
        "root-setting" root_setting: Option<String>,
        /// Whether a setting in effect keeps it from being root.
        "non-root" non_root: Field<bool>,
        /// `privileged`.
        "privileged" privileged: Field<bool>,
        /// `allowPrivilegeEscalation`.
        "privilege-escalation" privilege_escalation: Field<bool>,
        /// `readOnlyRootFilesystem`.
        "read-only-root" read_only_root: Field<bool>,
        /// Capabilities that are added.
        "added-capabilities" added_capabilities: OpenList<Arc<Capability>>,
        /// Capabilities that are dropped.
        "dropped-capabilities" dropped_capabilities: OpenList<Arc<Capability>>,
        /// Its environment.
        "env" env: OpenList<Arc<Env>>,
        /// What it mounts.
        "mounts" mounts: OpenList<Arc<Mount>>,
        /// Its ports.
        "ports" ports: OpenList<Arc<Port>>,
        /// CPU request, its own or the pod's.
        "cpu-request" cpu_request: Field<String>,
        /// CPU limit, its own or the pod's.
        "cpu-limit" cpu_limit: Field<String>,
        /// Memory request, its own or the pod's.
        "memory-request" memory_request: Field<String>,
        /// Memory limit, its own or the pod's.
        "memory-limit" memory_limit: Field<String>,
        /// How its being alive is probed: `http`, `tcp`, `grpc` or `exec`.
        "liveness-probe" liveness_probe: Field<String>,
        /// How its being ready is probed: `http`, `tcp`, `grpc` or `exec`.
        "readiness-probe" readiness_probe: Field<String>,
        /// How its having started is probed: `http`, `tcp`, `grpc` or `exec`.
        "startup-probe" startup_probe: Field<String>,
        /// Whether it is probed for being alive and for being ready in the same way.
        "probes-equal" probes_equal: Field<bool>,
        /// Whether it has a security context of its own.
        "security-context" security_context: Field<bool>,
        /// Whether its pod has one.
        "pod-security-context" pod_security_context: Field<bool>,
        /// The seccomp profile in effect, annotations included.
        "seccomp" seccomp: Field<String>,
        /// What lets its processes gain rights, in words: `privileged: true`, SYS_ADMIN.
        "escalates" escalates: Field<String>,
        /// Whether it drops NET_RAW, or all capabilities.
        "drops-net-raw" drops_net_raw: Field<bool>,
        /// Whether its image is pulled at every start.
        "pulls-always" pulls_always: Field<bool>,
        /// Ephemeral storage that it asks for.
        "storage-request" storage_request: Field<String>,
        /// Ephemeral storage that it may use.
        "storage-limit" storage_limit: Field<String>,
        /// The first of its variables, or all of a Secret, that comes out of a Secret: the Secret's name.
        "env-secret" env_secret: Field<String>,
        /// Whether it is the Kubernetes Dashboard.
        "dashboard" dashboard: Field<bool>,
        /// What makes git-sync run a program of somebody's choice.
        "git-command" git_command: Field<String>,
    }
    /// A capability of a container.
    pub struct Capability = "k8s.capability" {
        /// Upper case, without `CAP_`.
        "name" name: Field<String>,
        /// Whether it is added; else it is dropped.
        "added" added: bool,
        /// The container's name.
        "container" container: Field<String>,
    }
    /// A variable of a container's environment.
    pub struct Env = "k8s.env" {
        /// Its name.
        "name" name: Field<String>,
        /// Its value, if it is written down.
        "value" value: Field<Redacted>,
        /// What the name promises: `password`, `secret`, `not-secret` or `none`.
        "key-kind" key_kind: &'static str,
        /// What the value is: `random`, `human`, `weak`, `reference`, `placeholder`, `identifier`, `plain` or `empty`;
        /// absent where the key promises neither a password nor a secret.
        "verdict" verdict: Field<String>,
        /// Where its value comes from: `secretKeyRef`, `configMapKeyRef`, `fieldRef` …
        "from" from: Field<String>,
        /// Whether the container has a variable of this name already.
        "repeated" repeated: Field<bool>,
        /// The container's name.
        "container" container: Field<String>,
    }
    /// A mount of a container.
    pub struct Mount = "k8s.mount" {
        /// Where it is mounted.
        "path" path: Field<String>,
        /// The volume's name.
        "volume" volume: Field<String>,
        /// The volume's path on the node, without a final slash.
        "host-path" host_path: Field<String>,
        /// `readOnly`.
        "read-only" read_only: Field<bool>,
    }
    /// A port of a container.
    pub struct Port = "k8s.port" {
        /// Its name.
        "name" name: Field<String>,
        /// Its number.
        "number" number: Field<i64>,
        /// The port of the node.
        "host-port" host_port: Field<i64>,
        /// `TCP`, `UDP` or `SCTP`.
        "protocol" protocol: Field<String>,
        /// Whether the pod has the node's network anyway.
        "host-network" host_network: Field<bool>,
        /// The kind of the workload.
        "workload-kind" workload_kind: String,
        /// The container's name.
        "container" container: Field<String>,
    }
}
