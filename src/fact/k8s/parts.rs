//! The parts of pods, as rules see them.

use crate::fact::image::Image;
use crate::fact::secret::Redacted;
use crate::fact::value::{Field, OpenList, facts};

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
    }
    /// A label or an annotation.
    pub struct Pair = "k8s.pair" {
        /// Its key.
        "key" key: String,
        /// Its value.
        "value" value: Field<String>,
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
    }
    /// A volume of a pod.
    pub struct Volume = "k8s.volume" {
        /// Its name.
        "name" name: Field<String>,
        /// The path on the node, without a final slash.
        "host-path" host_path: Field<String>,
        /// Whether a container mounts it.
        "mounted" mounted: Field<bool>,
        /// Whether a container mounts it without `readOnly: true`.
        "writable" writable: Field<bool>,
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
        "added-capabilities" added_capabilities: OpenList<Capability>,
        /// Capabilities that are dropped.
        "dropped-capabilities" dropped_capabilities: OpenList<Capability>,
        /// Its environment.
        "env" env: OpenList<Env>,
        /// What it mounts.
        "mounts" mounts: OpenList<Mount>,
        /// Its ports.
        "ports" ports: OpenList<Port>,
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
        "key-kind" key_kind: String,
        /// What the value is: `random`, `human`, `weak`, `reference`, `placeholder`, `identifier`, `plain` or `empty`.
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
