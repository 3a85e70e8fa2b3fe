//! The controls of the Pod Security Standards: what each forbids, where, and what it lets pass.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// One control: the rule that stands for it, pods that it refuses and pods that it lets pass.
struct Control {
    name: &'static str,
    /// What it asks for, field by field.
    asks: &'static str,
    rules: &'static [&'static str],
    /// Settings of the pod that are refused.
    bad_pods: &'static [&'static str],
    /// Settings of a container that are refused, whichever list it stands in.
    bad_containers: &'static [&'static str],
    good_pods: &'static [&'static str],
    good_containers: &'static [&'static str],
}

const BASELINE: &[Control] = &[
    Control {
        name: "HostProcess",
        asks: "`securityContext.windowsOptions.hostProcess` of the pod and of every container is unset or `false`",
        rules: &["k8s/host-process"],
        bad_pods: &["securityContext: {windowsOptions: {hostProcess: true}}"],
        bad_containers: &["securityContext: {windowsOptions: {hostProcess: true}}"],
        good_pods: &["securityContext: {windowsOptions: {hostProcess: false}}"],
        good_containers: &["securityContext: {windowsOptions: {}}"],
    },
    Control {
        name: "Host Namespaces",
        asks: "`hostNetwork`, `hostPID` and `hostIPC` are unset or `false`",
        rules: &["k8s/host-network", "k8s/host-pid", "k8s/host-ipc"],
        bad_pods: &["hostNetwork: true", "hostPID: true", "hostIPC: true"],
        bad_containers: &[],
        good_pods: &["hostNetwork: false, hostPID: false, hostIPC: false"],
        good_containers: &[],
    },
    Control {
        name: "Privileged Containers",
        asks: "`securityContext.privileged` of every container is unset or `false`",
        rules: &["k8s/privileged-container"],
        bad_pods: &[],
        bad_containers: &["securityContext: {privileged: true}"],
        good_pods: &[],
        good_containers: &["securityContext: {privileged: false}"],
    },
    Control {
        name: "Capabilities",
        asks: "`securityContext.capabilities.add` of every container holds only `AUDIT_WRITE`, `CHOWN`, `DAC_OVERRIDE`, `FOWNER`, `FSETID`, `KILL`, `MKNOD`, `NET_BIND_SERVICE`, `SETFCAP`, `SETGID`, `SETPCAP`, `SETUID` and `SYS_CHROOT`",
        rules: &["k8s/added-capability", "k8s/sys-admin-capability"],
        bad_pods: &[],
        bad_containers: &[
            "securityContext: {capabilities: {add: [NET_ADMIN]}}",
            "securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN]}}",
            "securityContext: {capabilities: {add: [ALL]}}",
        ],
        good_pods: &[],
        good_containers: &[
            "securityContext: {capabilities: {drop: [NET_ADMIN]}}",
            "securityContext: {capabilities: {add: [CHOWN, NET_BIND_SERVICE, SYS_CHROOT]}}",
        ],
    },
    Control {
        name: "HostPath Volumes",
        asks: "`volumes[*].hostPath` is unset",
        rules: &["k8s/host-path-volume"],
        bad_pods: &["volumes: [{name: v, hostPath: {path: /data}}]"],
        bad_containers: &[],
        good_pods: &["volumes: [{name: v, emptyDir: {}}, {name: w, nfs: {server: a, path: /}}]"],
        good_containers: &[],
    },
    Control {
        name: "Host Ports",
        asks: "`ports[*].hostPort` of every container is unset or 0",
        rules: &["k8s/host-port"],
        bad_pods: &[],
        bad_containers: &["ports: [{containerPort: 80, hostPort: 8080}]"],
        good_pods: &[],
        good_containers: &["ports: [{containerPort: 80, hostPort: 0}]", "ports: [{containerPort: 80}]"],
    },
    Control {
        name: "Host Probes / Lifecycle Hooks",
        asks: "`host` in the `httpGet` and `tcpSocket` of probes and lifecycle hooks of every container is unset or empty",
        rules: &["k8s/probe-host"],
        bad_pods: &[],
        bad_containers: &[
            "livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}",
            "readinessProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}",
            "startupProbe: {httpGet: {port: 80, host: a.example}}",
            "lifecycle: {postStart: {httpGet: {port: 80, host: a.example}}}",
            "lifecycle: {preStop: {tcpSocket: {port: 80, host: a.example}}}",
        ],
        good_pods: &[],
        good_containers: &["livenessProbe: {httpGet: {port: 80, host: ''}}", "readinessProbe: {tcpSocket: {port: 80}}"],
    },
    Control {
        name: "AppArmor",
        asks: "`securityContext.appArmorProfile.type` of the pod and of every container is unset, `RuntimeDefault` or `Localhost`; so are the annotations below `container.apparmor.security.beta.kubernetes.io/`",
        rules: &["k8s/apparmor-unconfined"],
        bad_pods: &["securityContext: {appArmorProfile: {type: Unconfined}}"],
        bad_containers: &["securityContext: {appArmorProfile: {type: Unconfined}}"],
        good_pods: &["securityContext: {appArmorProfile: {type: RuntimeDefault}}"],
        good_containers: &["securityContext: {appArmorProfile: {type: Localhost, localhostProfile: a}}"],
    },
    Control {
        name: "SELinux",
        asks: "`seLinuxOptions.type` of the pod and of every container is unset, empty, `container_t`, `container_init_t`, `container_kvm_t` or `container_engine_t`; `user` and `role` are unset or empty",
        rules: &["k8s/selinux-options"],
        bad_pods: &[
            "securityContext: {seLinuxOptions: {type: spc_t}}",
            "securityContext: {seLinuxOptions: {user: system_u}}",
            "securityContext: {seLinuxOptions: {role: system_r}}",
        ],
        bad_containers: &["securityContext: {seLinuxOptions: {type: spc_t}}"],
        good_pods: &["securityContext: {seLinuxOptions: {type: container_t}}"],
        good_containers: &[
            "securityContext: {seLinuxOptions: {type: container_engine_t, level: 's0:c1'}}",
            "securityContext: {seLinuxOptions: {type: '', user: '', role: ''}}",
        ],
    },
    Control {
        name: "/proc Mount Type",
        asks: "`securityContext.procMount` of every container is unset or `Default`",
        rules: &["k8s/unmasked-proc"],
        bad_pods: &[],
        bad_containers: &["securityContext: {procMount: Unmasked}"],
        good_pods: &[],
        good_containers: &["securityContext: {procMount: Default}"],
    },
    Control {
        name: "Seccomp",
        asks: "`seccompProfile.type` of the pod and of every container is unset, `RuntimeDefault` or `Localhost`",
        rules: &["k8s/seccomp-unconfined"],
        bad_pods: &["securityContext: {seccompProfile: {type: Unconfined}}"],
        bad_containers: &["securityContext: {seccompProfile: {type: Unconfined}}"],
        good_pods: &["securityContext: {seccompProfile: {type: RuntimeDefault}}"],
        good_containers: &["securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.json}}"],
    },
    Control {
        name: "Sysctls",
        asks: "`securityContext.sysctls[*].name` of the pod is `kernel.shm_rmid_forced`, `net.ipv4.ip_local_port_range`, `net.ipv4.ip_unprivileged_port_start`, `net.ipv4.tcp_syncookies`, `net.ipv4.ping_group_range`, `net.ipv4.ip_local_reserved_ports`, `net.ipv4.tcp_keepalive_time`, `net.ipv4.tcp_fin_timeout`, `net.ipv4.tcp_keepalive_intvl` or `net.ipv4.tcp_keepalive_probes`",
        rules: &["k8s/unsafe-sysctl"],
        bad_pods: &[
            "securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}",
            "securityContext: {sysctls: [{name: net.core.somaxconn, value: '1'}]}",
        ],
        bad_containers: &[],
        good_pods: &[
            "securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}, {name: net.ipv4.ping_group_range, value: '0 1'}]}",
            "securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}",
        ],
        good_containers: &[],
    },
];

const RESTRICTED: &[Control] = &[
    Control {
        name: "Volume Types",
        asks: "every volume is a `configMap`, `csi`, `downwardAPI`, `emptyDir`, `ephemeral`, `persistentVolumeClaim`, `projected` or `secret`",
        rules: &["k8s/volume-type"],
        bad_pods: &[
            "volumes: [{name: v, nfs: {server: a, path: /}}]",
            "volumes: [{name: v, awsElasticBlockStore: {volumeID: a}}]",
        ],
        bad_containers: &[],
        good_pods: &[
            "volumes: [{name: a, configMap: {name: a}}, {name: b, csi: {driver: a}}, {name: c, downwardAPI: {items: []}}, {name: d, emptyDir: {}}]",
            "volumes: [{name: a, ephemeral: {}}, {name: b, persistentVolumeClaim: {claimName: a}}, {name: c, projected: {sources: []}}, {name: d, secret: {secretName: a}}]",
        ],
        good_containers: &[],
    },
    Control {
        name: "Privilege Escalation",
        asks: "`securityContext.allowPrivilegeEscalation` of every container is `false`",
        rules: &["k8s/privilege-escalation"],
        bad_pods: &[],
        bad_containers: &[
            "securityContext: {capabilities: {drop: [ALL]}}",
            "securityContext: {allowPrivilegeEscalation: true, capabilities: {drop: [ALL]}}",
        ],
        good_pods: &[],
        good_containers: &["securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"],
    },
    Control {
        name: "Running as Non-root",
        asks: "`securityContext.runAsNonRoot` is `true` in the pod, or in every container; none says `false`",
        rules: &["k8s/non-root-not-enforced", "k8s/may-run-as-root", "k8s/run-as-root"],
        bad_pods: &[
            "securityContext: {runAsNonRoot: false}",
            "securityContext: {runAsNonRoot: null}",
            "securityContext: {runAsNonRoot: null, runAsUser: 5}",
        ],
        bad_containers: &[
            "securityContext: {runAsNonRoot: false, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
        good_pods: &["securityContext: {runAsNonRoot: true}"],
        good_containers: &[
            "securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
    },
    Control {
        name: "Running as Non-root user",
        asks: "`securityContext.runAsUser` of the pod and of every container is unset or not 0",
        rules: &["k8s/run-as-root", "k8s/root-user-id"],
        bad_pods: &["securityContext: {runAsUser: 0}"],
        bad_containers: &[
            "securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
        good_pods: &["securityContext: {runAsUser: 1000}"],
        good_containers: &[
            "securityContext: {runAsUser: 1, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
    },
    Control {
        name: "Seccomp, restricted",
        asks: "`seccompProfile.type` is `RuntimeDefault` or `Localhost` in the pod, or in every container",
        rules: &["k8s/seccomp-unset", "k8s/seccomp-unconfined"],
        bad_pods: &["securityContext: {seccompProfile: null}", "securityContext: {seccompProfile: {type: Unconfined}}"],
        bad_containers: &[
            "securityContext: {seccompProfile: {type: Unconfined}, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
        good_pods: &["securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.json}}"],
        good_containers: &[
            "securityContext: {seccompProfile: {type: RuntimeDefault}, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
        ],
    },
    Control {
        name: "Capabilities, restricted",
        asks: "every container drops `ALL` and adds nothing but `NET_BIND_SERVICE`",
        rules: &["k8s/capabilities-not-dropped", "k8s/added-capability"],
        bad_pods: &[],
        bad_containers: &[
            "securityContext: {allowPrivilegeEscalation: false}",
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [NET_RAW]}}",
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [CHOWN]}}",
        ],
        good_pods: &[],
        good_containers: &[
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}",
        ],
    },
];

/// What a pod of a profile says where a case says nothing of it.
struct Profile {
    tags: &'static str,
    controls: &'static [Control],
    /// Settings of the `securityContext` of the pod.
    pod: &'static [(&'static str, &'static str)],
    container: &'static str,
}

const PROFILES: [Profile; 2] = [
    Profile { tags: "tag:pod-security-baseline", controls: BASELINE, pod: &[], container: "" },
    Profile {
        tags: "tag:pod-security-baseline,tag:pod-security-restricted",
        controls: RESTRICTED,
        pod: &[("runAsNonRoot", "true"), ("seccompProfile", "{type: RuntimeDefault}")],
        container: "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
    },
];

/// The pods of a profile in one file, and which rules are wanted for each.
#[derive(Default)]
struct Pods {
    text: String,
    wanted: Vec<(String, &'static str, &'static [&'static str])>,
}

impl Pods {
    fn add(&mut self, profile: &Profile, control: &Control, pod: &str, lists: [&str; 3], good: bool) {
        let name = format!("p{}", self.wanted.len());
        let said = |key: &str| pod.contains(key);
        let own = pod.strip_prefix("securityContext: {").and_then(|rest| rest.strip_suffix('}')).unwrap_or("");
        let base = profile.pod.iter().filter(|(key, _)| !said(key)).map(|(key, value)| format!("{key}: {value}"));
        let context: Vec<String> = base.chain((!own.is_empty()).then(|| own.to_owned())).collect();
        writeln!(self.text, "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:").unwrap();
        writeln!(self.text, "  securityContext: {{{}}}", context.join(", ")).unwrap();
        if own.is_empty() && !pod.is_empty() {
            pod.split(", ")
                .filter(|_| pod.starts_with("host"))
                .for_each(|line| writeln!(self.text, "  {line}").unwrap());
            if !pod.starts_with("host") {
                writeln!(self.text, "  {pod}").unwrap();
            }
        }
        for (list, settings) in ["containers", "initContainers", "ephemeralContainers"].into_iter().zip(lists) {
            let settings = if settings.is_empty() { profile.container } else { settings };
            writeln!(self.text, "  {list}:\n    - name: {list}\n      image: nginx:1.27\n      {settings}").unwrap();
        }
        self.wanted.push((name, control.name, if good { &[] } else { control.rules }));
    }

    fn of(profile: &Profile) -> Self {
        let mut pods = Self::default();
        for control in profile.controls {
            for (settings, good) in [(control.bad_pods, false), (control.good_pods, true)] {
                settings.iter().for_each(|pod| pods.add(profile, control, pod, ["", "", ""], good));
            }
            for settings in control.bad_containers {
                pods.add(profile, control, "", [settings, "", ""], false);
                pods.add(profile, control, "", ["", settings, ""], false);
                pods.add(profile, control, "", ["", "", settings], false);
            }
            for settings in control.good_containers {
                pods.add(profile, control, "", [settings, settings, settings], true);
            }
        }
        pods
    }
}

/// Pod, and the rules that speak of it.
fn findings(text: &str, tags: &str) -> BTreeSet<(String, String)> {
    let repo = Repo::with(&[("pods.yaml", text)]);
    let out = repo.run(&["--select", tags, "--format", "json"]).out;
    let report: Value = serde_json::from_str(&out).unwrap();
    let found = report["findings"].as_array().unwrap().iter();
    let pair = |finding: &Value| {
        let subject = finding["subject"].as_str().unwrap();
        let pod = subject.split(['/', ' ']).nth(1).unwrap().to_owned();
        (pod, finding["rule"].as_str().unwrap().to_owned())
    };
    found.map(pair).collect()
}

#[test]
fn every_control_refuses_what_it_must_and_nothing_else() {
    for profile in &PROFILES {
        let pods = Pods::of(profile);
        let found = findings(&pods.text, profile.tags);
        for (pod, control, rules) in &pods.wanted {
            let of_pod: Vec<&str> =
                found.iter().filter(|(name, _)| name == pod).map(|(_, rule)| rule.as_str()).collect();
            let fits = match rules.is_empty() {
                true => of_pod.is_empty(),
                false => of_pod.iter().any(|rule| rules.contains(rule)),
            };
            let at = pods.text.find(&format!("name: {pod}}}")).unwrap();
            let shown: String = pods.text[at..].chars().take(500).collect();
            assert!(fits, "{control}: {of_pod:?}, wanted {rules:?}\n{shown}");
        }
    }
}

#[test]
fn windows_pods_are_spared_what_only_linux_has() {
    let windows = "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  os: {name: windows}\n  securityContext: {runAsNonRoot: true}\n  containers: [{name: a, image: 'x:1'}]\n";
    let tags = PROFILES[1].tags;
    assert_eq!(findings(windows, tags), BTreeSet::new());
    let rules = |text: &str| findings(text, tags).into_iter().map(|(_, rule)| rule).collect::<Vec<_>>();
    let linux = rules(&windows.replace("windows", "linux"));
    assert_eq!(linux, ["k8s/capabilities-not-dropped", "k8s/privilege-escalation", "k8s/seccomp-unset"]);
    // Root is none of that.
    assert_eq!(rules(&windows.replace("runAsNonRoot: true", "")), ["k8s/non-root-not-enforced"]);
}

#[test]
fn the_user_of_the_pod_counts_also_where_containers_have_others() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  securityContext: {runAsUser: 0, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n  containers: [{name: a, image: 'x:1', securityContext: {runAsUser: 5, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]\n";
    let found: Vec<String> = findings(pod, PROFILES[1].tags).into_iter().map(|(_, rule)| rule).collect();
    assert_eq!(found, ["k8s/root-user-id"]);
}

#[test]
fn both_profiles_have_all_their_controls() {
    assert_eq!((BASELINE.len(), RESTRICTED.len()), (12, 6));
    assert!(BASELINE.iter().chain(RESTRICTED).all(|c| c.bad_pods.len() + c.bad_containers.len() > 0));
}

const HEAD: &str = "\
# Pod Security Standards

<!-- Made by tests/pod_security.rs of the cases that it runs: UPDATE=1 cargo test --test pod_security -->

Kubernetes names two levels below which a pod should not fall. `extends: pod-security-baseline` and
`extends: pod-security-restricted` in `infralint.yaml` ask for them, in every manifest, chart and overlay; restricted includes
baseline. A container is one of `containers`, `initContainers` and `ephemeralContainers`: every case below was tried in each.

";

const TAIL: &str = "
## Pods for Windows

Where `os.name` is `windows`, the standard spares a pod three restricted controls: Privilege Escalation, Seccomp, and
Capabilities. So do the rules, and they take a `nodeSelector` for `kubernetes.io/os: windows` for the same, though the
cluster does not. `runAsNonRoot` is not among them: `k8s/non-root-not-enforced`, which only the preset switches on, asks pods
for Windows for it as well, whereas `k8s/may-run-as-root` and `k8s/run-as-root`, which are on without any preset, leave them
alone: Windows has no root.

## Where rules say more, or less

- The first three rules of Running as Non-root share the work: a container that is made root is told by `k8s/run-as-root`, one that
  nothing keeps from being root by `k8s/may-run-as-root`, and one that has a user, or user ids of its own (`hostUsers: false`),
  by `k8s/non-root-not-enforced`.
- `runAsUser: 0` is forbidden wherever it stands: `k8s/root-user-id` tells it where it is not in effect.
- `k8s/run-as-root` counts root's group (`runAsGroup: 0`) too, which no control forbids. `NET_RAW`, which the baseline does not list, is
  told by `k8s/net-raw-capability`, which is on without any preset.
- What a template or a variable decides is not known, and nothing is said of it.
";

/// The page that shows what is tried here.
fn page() -> String {
    let mut page = HEAD.to_owned();
    for (title, controls) in [("Baseline", BASELINE), ("Restricted", RESTRICTED)] {
        writeln!(page, "## {title}\n\n| control | what it asks for | rules |\n| --- | --- | --- |").unwrap();
        for control in controls {
            let rules: Vec<String> = control.rules.iter().map(|rule| format!("`{rule}`")).collect();
            writeln!(page, "| {} | {} | {} |", control.name, control.asks, rules.join(", ")).unwrap();
        }
        page.push('\n');
        for control in controls {
            writeln!(page, "### {}\n", control.name).unwrap();
            writeln!(page, "| | of the pod | of a container |\n| --- | --- | --- |").unwrap();
            let cell = |cases: &[&str]| {
                let cases: Vec<String> = cases.iter().map(|case| format!("`{case}`")).collect();
                cases.join("<br>")
            };
            writeln!(page, "| refused | {} | {} |", cell(control.bad_pods), cell(control.bad_containers)).unwrap();
            writeln!(page, "| let pass | {} | {} |\n", cell(control.good_pods), cell(control.good_containers)).unwrap();
        }
    }
    page.pop();
    page + TAIL
}

#[test]
fn the_page_shows_what_is_tried() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pod-security.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(kept, page, "docs/pod-security.md is out of date: UPDATE=1 cargo test --test pod_security");
}
