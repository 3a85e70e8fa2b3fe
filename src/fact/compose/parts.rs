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
        /// Whether its services are known to be laid over those of another file.
        "laid-over" laid_over: bool,
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
        /// Whether the image ends as root.
        "as-root" as_root: Field<bool>,
        /// The user that the service sets.
        "user" user: Field<User>,
    }
    /// A service.
    pub struct Service = "compose.service" {
        /// Its name.
        "name" name: String,
        /// Its image, variables replaced by their defaults.
        "image" image: Field<Image>,
        /// Whether it is built here.
        "built" built: Field<bool>,
        /// Whether it says what it runs: an image, a build, a provider, here or where it comes from.
        "complete" complete: Field<bool>,
        /// Another service with the same container name.
        "namesake" namesake: Option<String>,
        /// Whether the two have profiles that keep them apart.
        "namesake-apart" namesake_apart: bool,
        /// Whether `build` says that the image is pushed or pulled: a registry in its name, `pull_policy`.
        "shared-image" shared_image: bool,
        /// How its logs are written.
        "logging-driver" logging_driver: Field<String>,
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
        /// What stands behind NONE in such a list.
        "healthcheck-surplus" healthcheck_surplus: Field<String>,
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
        /// Further words of its mode: `exec`, `rshared`.
        "options" options: Vec<String>,
        /// How mounts below it spread: `rprivate`, `rshared` …
        "propagation" propagation: Field<String>,
        /// The text between the quotes, in the short form without a mode.
        "short" short: Field<String>,
        /// The same without the options that lift a default, for a file system in memory.
        "strict" strict: Option<String>,
        /// The quotes round a text that needs none.
        "quoted" quoted: Field<String>,
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
        "key-kind" key_kind: &'static str,
        /// What the value is: `random`, `human`, `weak`, `reference`, `placeholder`, `identifier`, `plain` or `empty`;
        /// absent where the key promises neither a password nor a secret.
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
        /// Whether the service starts without it, too: `required: false`.
        "optional" optional: bool,
        /// What a dependency waits for: `service_started`, `service_healthy` …
        "condition" condition: Field<String>,
        /// How the health of the service that is named is checked: `checked`, `off`, `none` where neither it nor its
        /// Dockerfile says a word, `image` where only its image can.
        "health" health: Field<String>,
        /// The other file that should have it.
        "file" file: Field<String>,
        /// Whether that file is there.
        "file-found" file_found: Field<bool>,
        /// Whether the service that is named only starts in profiles that this one does not have.
        "disabled" disabled: Field<bool>,
        /// The whole list that a dependency stands in, as written.
        "list" list: Field<String>,
        /// The same as a mapping, where each waits for as much as it does now, or for health where that is checked.
        "list-as-mapping" list_as_mapping: Option<String>,
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
        /// The file that it comes from, as a path below the project's root.
        "file" file: Field<String>,
        /// Whether git tracks that file, in the clear and for use.
        "tracked" tracked: Field<bool>,
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
        /// The ports of the container, as written.
        "targets" targets: Field<String>,
        /// `tcp` or `udp`.
        "protocol" protocol: Field<String>,
        /// Whether Compose can read it.
        "valid" valid: Field<bool>,
        /// Whether it is a number in base 60 to parsers of YAML 1.1.
        "sexagesimal" sexagesimal: bool,
        /// The text between the quotes, in the short form.
        "short" short: Field<String>,
        /// Another port that takes the same one of the host: its service.
        "taken-by" taken_by: Option<String>,
        /// The service's name.
        "service" service: String,
    }
    /// A combination that Compose refuses.
    pub struct Fault = "compose.fault" {
        /// Which: `build-conflict`, `duplicate-mount-target` …
        "kind" kind: String,
        /// What is wrong, a sentence without its full stop.
        "text" text: String,
    }
    /// A device of the host that a service gets.
    pub struct Device = "compose.device" {
        /// Its path on the host.
        "source" source: Field<String>,
        /// The service's name.
        "service" service: String,
    }
    /// A file with variables that a service gets.
    pub struct EnvFile = "compose.env-file" {
        /// As a path below the project's root.
        "path" path: Field<String>,
        /// Whether it is there; unknown where it may be missing.
        "found" found: Field<bool>,
        /// Whether git leaves it out.
        "ignored" ignored: bool,
        /// Whether an example of it lies beside it.
        "example" example: bool,
        /// Whether git tracks it and a variable in it is named like a secret and has a value.
        "leaks" leaks: Field<bool>,
        /// The service's name.
        "service" service: String,
    }
    /// A variable that a file leaves to whoever starts it.
    pub struct Variable = "compose.variable" {
        /// Its name.
        "name" name: String,
        /// Whether something sets it: a default, a file `.env`, an example, the shell.
        "set" set: bool,
    }
    /// A key that newer versions have something better for.
    pub struct OldKey = "compose.old-key" {
        /// The key.
        "key" key: String,
        /// What to write.
        "instead" instead: String,
    }
    /// The first of some entries that stands before one that should come first.
    pub struct Unsorted = "compose.unsorted" {
        /// `services`, `ports`, `depends_on`, `keys` or `top`.
        "what" what: String,
        /// The entry.
        "name" name: String,
        /// The one that stands before it.
        "behind" behind: String,
    }
}
