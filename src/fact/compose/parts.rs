//! Services and their parts, as rules see them.

use crate::fact::image::Image;
use crate::fact::secret::Redacted;
use crate::fact::value::{Field, OpenList, facts};

facts! {
    /// A Compose file.
    pub struct File = "compose.file" {
        /// The obsolete top-level `version`.
        "version" version: Field<String>,
        /// The project's name.
        "name" name: Field<String>,
        /// Whether it is a stack for Swarm: it deploys and builds nothing.
        "swarm" swarm: bool,
        /// Names of the services.
        "services" services: Vec<String>,
    }
    /// What a service is built from.
    pub struct Build = "compose.build" {
        /// The service's name.
        "service" service: String,
        /// The folder, as a path below the project's root.
        "context" context: Field<String>,
        /// The Dockerfile, as a path below the project's root.
        "dockerfile" dockerfile: Field<String>,
        /// Whether the Dockerfile is there.
        "found" found: Field<bool>,
        /// The stage that is built, where one is named.
        "target" target: Field<String>,
        /// Whether the Dockerfile has a stage of that name.
        "target-found" target_found: Field<bool>,
        /// A port that is published and that the Dockerfile does not expose, though it exposes others.
        "unexposed" unexposed: Field<String>,
    }
    /// A service.
    pub struct Service = "compose.service" {
        /// Its name.
        "name" name: String,
        /// Its image, variables replaced by their defaults.
        "image" image: Field<Image>,
        /// Whether it is built here.
        "built" built: Field<bool>,
        /// The user it runs as.
        "user" user: Field<User>,
        /// `privileged`.
        "privileged" privileged: Field<bool>,
        /// `network_mode`.
        "network-mode" network_mode: Field<String>,
        /// `pid`.
        "pid" pid: Field<String>,
        /// `ipc`.
        "ipc" ipc: Field<String>,
        /// `userns_mode`.
        "user-namespace" user_namespace: Field<String>,
        /// `uts`.
        "uts" uts: Field<String>,
        /// `cgroup`.
        "cgroup" cgroup: Field<String>,
        /// `read_only`.
        "read-only" read_only: Field<bool>,
        /// `security_opt`.
        "security-options" security_options: OpenList<SecurityOption>,
        /// Capabilities that it drops, upper case, without `CAP_`.
        "dropped" dropped: OpenList<String>,
        /// Its limit of memory, in either of the two places for it.
        "memory-limit" memory_limit: Field<String>,
        /// The first word of a healthcheck's test that is a list.
        "healthcheck-test" healthcheck_test: Field<String>,
        /// Whether it has a healthcheck that is not disabled.
        "healthcheck" healthcheck: Field<bool>,
        /// `restart`.
        "restart" restart: Field<String>,
        /// `container_name`.
        "container-name" container_name: Field<String>,
        /// Names of its profiles.
        "profiles" profiles: Vec<String>,
        /// Whether it stands in a document, as an example.
        "snippet" snippet: bool,
        /// Whether only a part of it is in sight: an override, a snippet, `extends`.
        "open" open: bool,
    }
    /// Who a service runs as.
    pub struct User = "compose.user" {
        /// As written.
        "text" text: String,
        /// Whether it is root.
        "root" root: Field<bool>,
    }
    /// A security option of a service.
    pub struct SecurityOption = "compose.security-option" {
        /// Before the first `:` or `=`.
        "key" key: String,
        /// Behind it.
        "value" value: Field<String>,
    }
    /// A capability that a service gets.
    pub struct Capability = "compose.capability" {
        /// Upper case, without `CAP_`.
        "name" name: Field<String>,
        /// The service's name.
        "service" service: String,
    }
    /// A mount of a service.
    pub struct Mount = "compose.mount" {
        /// `bind`, `volume`, `tmpfs` …
        "type" ty: String,
        /// The path on the host or the volume's name, without a final slash, variables replaced by their defaults.
        "source" source: Field<String>,
        /// Where it is mounted.
        "target" target: Field<String>,
        /// Whether it is read-only.
        "read-only" read_only: Field<bool>,
        /// The service's name.
        "service" service: String,
        /// The service's image.
        "image" image: Field<Image>,
    }
    /// A variable of a service's environment.
    pub struct Env = "compose.env" {
        /// Its name.
        "name" name: String,
        /// Its value, if it is written down.
        "value" value: Field<Redacted>,
        /// What the name promises: `password`, `secret`, `not-secret` or `none`.
        "key-kind" key_kind: String,
        /// What the value is: `random`, `human`, `weak`, `reference`, `placeholder`, `identifier`, `plain` or `empty`.
        "verdict" verdict: Field<String>,
        /// The service's name.
        "service" service: String,
    }
    /// What a service names: a network, a volume, a secret, a config or another service.
    pub struct Reference = "compose.reference" {
        /// `network`, `volume`, `secret`, `config` or `service`.
        "kind" kind: String,
        /// The key that it stands under, such as `depends_on` or `build.secrets`.
        "key" key: String,
        /// The name.
        "name" name: Field<String>,
        /// Whether the file has something of that name; unknown where another file may add it.
        "found" found: Field<bool>,
        /// What a dependency waits for: `service_started`, `service_healthy` …
        "condition" condition: Field<String>,
        /// Whether the service that is named has a healthcheck; unknown where its image may bring one.
        "checked" checked: Field<bool>,
        /// Whether the service that is named only starts in profiles that this one does not have.
        "disabled" disabled: Field<bool>,
        /// The circle of services that this reference closes.
        "cycle" cycle: Field<String>,
        /// The service's name.
        "service" service: String,
    }
    /// A network, volume, secret or config that a file defines.
    pub struct Definition = "compose.definition" {
        /// `network`, `volume`, `secret` or `config`.
        "kind" kind: String,
        /// Its name.
        "name" name: String,
        /// Whether a service names it; unknown where another file may do so.
        "used" used: Field<bool>,
        /// Whether a secret or a config says where its value comes from.
        "sourced" sourced: Field<bool>,
    }
    /// A duration or a size that a service sets.
    pub struct Quantity = "compose.quantity" {
        /// `duration` or `size`.
        "kind" kind: String,
        /// Its key, with those above it before dots.
        "key" key: String,
        /// As written, variables replaced by their defaults.
        "text" text: Field<String>,
        /// Whether Compose can read it.
        "valid" valid: Field<bool>,
        /// The service's name.
        "service" service: String,
    }
    /// A published port of a service.
    pub struct Port = "compose.port" {
        /// The address of the host that it is bound to.
        "host-ip" host_ip: Field<String>,
        /// The port of the host, or a range.
        "published" published: Field<String>,
        /// The port of the container, the first of a range.
        "target" target: Field<String>,
        /// `tcp` or `udp`.
        "protocol" protocol: Field<String>,
        /// The service's name.
        "service" service: String,
    }
}
