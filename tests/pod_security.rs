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
        rules: &["k8s/host-process"],
        bad_pods: &["securityContext: {windowsOptions: {hostProcess: true}}"],
        bad_containers: &["securityContext: {windowsOptions: {hostProcess: true}}"],
        good_pods: &["securityContext: {windowsOptions: {hostProcess: false}}"],
        good_containers: &["securityContext: {windowsOptions: {}}"],
    },
    Control {
        name: "Host Namespaces",
        rules: &["k8s/host-network", "k8s/host-pid", "k8s/host-ipc"],
        bad_pods: &["hostNetwork: true", "hostPID: true", "hostIPC: true"],
        bad_containers: &[],
        good_pods: &["hostNetwork: false, hostPID: false, hostIPC: false"],
        good_containers: &[],
    },
    Control {
        name: "Privileged Containers",
        rules: &["k8s/privileged-container"],
        bad_pods: &[],
        bad_containers: &["securityContext: {privileged: true}"],
        good_pods: &[],
        good_containers: &["securityContext: {privileged: false}"],
    },
    Control {
        name: "Capabilities",
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
        rules: &["k8s/host-path-volume"],
        bad_pods: &["volumes: [{name: v, hostPath: {path: /data}}]"],
        bad_containers: &[],
        good_pods: &["volumes: [{name: v, emptyDir: {}}, {name: w, nfs: {server: a, path: /}}]"],
        good_containers: &[],
    },
    Control {
        name: "Host Ports",
        rules: &["k8s/host-port"],
        bad_pods: &[],
        bad_containers: &["ports: [{containerPort: 80, hostPort: 8080}]"],
        good_pods: &[],
        good_containers: &["ports: [{containerPort: 80, hostPort: 0}]", "ports: [{containerPort: 80}]"],
    },
    Control {
        name: "Host Probes / Lifecycle Hooks",
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
        rules: &["k8s/apparmor-unconfined"],
        bad_pods: &["securityContext: {appArmorProfile: {type: Unconfined}}"],
        bad_containers: &["securityContext: {appArmorProfile: {type: Unconfined}}"],
        good_pods: &["securityContext: {appArmorProfile: {type: RuntimeDefault}}"],
        good_containers: &["securityContext: {appArmorProfile: {type: Localhost, localhostProfile: a}}"],
    },
    Control {
        name: "SELinux",
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
        rules: &["k8s/unmasked-proc"],
        bad_pods: &[],
        bad_containers: &["securityContext: {procMount: Unmasked}"],
        good_pods: &[],
        good_containers: &["securityContext: {procMount: Default}"],
    },
    Control {
        name: "Seccomp",
        rules: &["k8s/seccomp-unconfined"],
        bad_pods: &["securityContext: {seccompProfile: {type: Unconfined}}"],
        bad_containers: &["securityContext: {seccompProfile: {type: Unconfined}}"],
        good_pods: &["securityContext: {seccompProfile: {type: RuntimeDefault}}"],
        good_containers: &["securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.json}}"],
    },
    Control {
        name: "Sysctls",
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
        rules: &["k8s/may-run-as-root", "k8s/run-as-root", "k8s/non-root-not-enforced"],
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
        rules: &["k8s/run-as-root"],
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
    let linux = findings(&windows.replace("windows", "linux"), tags);
    let rules: Vec<&str> = linux.iter().map(|(_, rule)| rule.as_str()).collect();
    assert_eq!(rules, ["k8s/capabilities-not-dropped", "k8s/privilege-escalation", "k8s/seccomp-unset"]);
}

#[test]
fn both_profiles_have_all_their_controls() {
    assert_eq!((BASELINE.len(), RESTRICTED.len()), (12, 6));
    assert!(BASELINE.iter().chain(RESTRICTED).all(|c| c.bad_pods.len() + c.bad_containers.len() > 0));
}
