//! Flags of the programs of a control plane: a table of demands, each a variant of one rule.

use super::{Hit, Native, Options};
use crate::fact::Facts;
use crate::fact::k8s::{Component, Flag};
use crate::text::Span;

/// Every demand on the flags of a control plane.
pub(super) const FLAGS: Native =
    Native { name: "control_plane::run", subjects: &["k8s.component"], arguments: &["component", "what"], run };

/// What a flag must be.
enum Demand {
    /// Given with this value.
    Is(&'static str),
    /// Not given with this value.
    IsNot(&'static str),
    /// Not given.
    Absent,
    /// Given, and every further one with it.
    Present(&'static [&'static str]),
    /// Given and, as a list, with this member.
    Lists(&'static str),
    /// If given, a list with this member.
    ListsIfGiven(&'static str),
    /// If given, a list without this member.
    NeverLists(&'static str),
    /// Given, and a number not below this one.
    AtLeast(i64),
    /// If given, a number not above this one.
    AtMost(i64),
    /// If given, a file of its own.
    Duration,
    /// If given, a list of strong cipher suites.
    Strong,
}

use Demand::{Absent, AtLeast, AtMost, Duration, Is, IsNot, Lists, ListsIfGiven, NeverLists, Present, Strong};

/// Component, variant, flag, demand.
const TABLE: &[(&str, &str, &str, Demand)] = &[
    ("kube-apiserver", "anonymous-auth", "anonymous-auth", Is("false")),
    ("kube-apiserver", "basic-auth-file", "basic-auth-file", Absent),
    ("kube-apiserver", "token-auth-file", "token-auth-file", Absent),
    ("kube-apiserver", "kubelet-https", "kubelet-https", IsNot("false")),
    ("kube-apiserver", "kubelet-client-certificate", "kubelet-client-certificate", Present(&["kubelet-client-key"])),
    ("kube-apiserver", "kubelet-certificate-authority", "kubelet-certificate-authority", Present(&[])),
    ("kube-apiserver", "always-allow", "authorization-mode", NeverLists("AlwaysAllow")),
    ("kube-apiserver", "no-node-authorization", "authorization-mode", Lists("Node")),
    ("kube-apiserver", "no-rbac", "authorization-mode", Lists("RBAC")),
    ("kube-apiserver", "always-admit", "enable-admission-plugins", NeverLists("AlwaysAdmit")),
    ("kube-apiserver", "always-pull-images", "enable-admission-plugins", ListsIfGiven("AlwaysPullImages")),
    ("kube-apiserver", "security-context-deny", "enable-admission-plugins", ListsIfGiven("SecurityContextDeny")),
    ("kube-apiserver", "service-account-plugin", "enable-admission-plugins", ListsIfGiven("ServiceAccount")),
    ("kube-apiserver", "namespace-lifecycle", "enable-admission-plugins", ListsIfGiven("NamespaceLifecycle")),
    ("kube-apiserver", "pod-security-policy", "enable-admission-plugins", ListsIfGiven("PodSecurityPolicy")),
    ("kube-apiserver", "node-restriction", "enable-admission-plugins", ListsIfGiven("NodeRestriction")),
    ("kube-apiserver", "insecure-bind-address", "insecure-bind-address", Absent),
    ("kube-apiserver", "insecure-port", "insecure-port", AtMost(0)),
    ("kube-apiserver", "secure-port", "secure-port", IsNot("0")),
    ("kube-apiserver", "profiling", "profiling", Is("false")),
    ("kube-apiserver", "audit-log-path", "audit-log-path", Present(&[])),
    ("kube-apiserver", "audit-log-maxage", "audit-log-maxage", AtLeast(30)),
    ("kube-apiserver", "audit-log-maxbackup", "audit-log-maxbackup", AtLeast(10)),
    ("kube-apiserver", "audit-log-maxsize", "audit-log-maxsize", AtLeast(100)),
    ("kube-apiserver", "request-timeout", "request-timeout", Duration),
    ("kube-apiserver", "service-account-lookup", "service-account-lookup", Is("true")),
    ("kube-apiserver", "service-account-key-file", "service-account-key-file", Present(&[])),
    ("kube-apiserver", "etcd-certfile", "etcd-certfile", Present(&["etcd-keyfile"])),
    ("kube-apiserver", "tls-cert-file", "tls-cert-file", Present(&["tls-private-key-file"])),
    ("kube-apiserver", "etcd-cafile", "etcd-cafile", Present(&[])),
    ("kube-apiserver", "encryption-provider-config", "encryption-provider-config", Present(&[])),
    ("kube-apiserver", "tls-cipher-suites", "tls-cipher-suites", Strong),
    ("kube-controller-manager", "terminated-pod-gc-threshold", "terminated-pod-gc-threshold", AtLeast(1)),
    ("kube-controller-manager", "manager-profiling", "profiling", Is("false")),
    ("kube-controller-manager", "use-service-account-credentials", "use-service-account-credentials", Is("true")),
    ("kube-controller-manager", "service-account-private-key-file", "service-account-private-key-file", Present(&[])),
    ("kube-controller-manager", "root-ca-file", "root-ca-file", Present(&[])),
    (
        "kube-controller-manager",
        "rotate-server-certificate",
        "feature-gates",
        NeverLists("RotateKubeletServerCertificate=false"),
    ),
    ("kube-controller-manager", "manager-bind-address", "bind-address", Is("127.0.0.1")),
    ("kube-scheduler", "scheduler-profiling", "profiling", Is("false")),
    ("kube-scheduler", "scheduler-bind-address", "bind-address", Is("127.0.0.1")),
    ("etcd", "etcd-cert-file", "cert-file", Present(&["key-file"])),
    ("etcd", "etcd-client-cert-auth", "client-cert-auth", Is("true")),
    ("etcd", "etcd-auto-tls", "auto-tls", IsNot("true")),
    ("etcd", "etcd-peer-cert-file", "peer-cert-file", Present(&["peer-key-file"])),
    ("etcd", "etcd-peer-client-cert-auth", "peer-client-cert-auth", Is("true")),
    ("kubelet", "kubelet-anonymous-auth", "anonymous-auth", Is("false")),
    ("kubelet", "kubelet-always-allow", "authorization-mode", NeverLists("AlwaysAllow")),
    ("kubelet", "kubelet-client-ca-file", "client-ca-file", Present(&[])),
    ("kubelet", "kubelet-read-only-port", "read-only-port", Is("0")),
    ("kubelet", "kubelet-idle-timeout", "streaming-connection-idle-timeout", IsNot("0")),
    ("kubelet", "kubelet-kernel-defaults", "protect-kernel-defaults", Is("true")),
    ("kubelet", "kubelet-iptables-chains", "make-iptables-util-chains", Is("true")),
    ("kubelet", "kubelet-hostname-override", "hostname-override", Absent),
    ("kubelet", "kubelet-event-qps", "event-qps", AtMost(5)),
    ("kubelet", "kubelet-tls-cert-file", "tls-cert-file", Present(&["tls-private-key-file"])),
    ("kubelet", "kubelet-rotate-certificates", "rotate-certificates", IsNot("false")),
    ("kubelet", "kubelet-tls-cipher-suites", "tls-cipher-suites", Strong),
];

/// Suites that no known attack breaks; those of TLS 1.3 have no key exchange in their names.
const SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
];

/// Every demand that a program of the control plane does not meet.
fn run(facts: &Facts, _: &dyn Options, hits: &mut Vec<Hit>) {
    for (subject, component) in facts.of::<Component>() {
        let rows = TABLE.iter().filter(|(name, ..)| *name == component.name);
        for (_, variant, flag, demand) in rows {
            if let Some((span, what)) = demand.broken_by(component, flag) {
                hits.push(Hit {
                    span,
                    variant: Some(variant),
                    arguments: vec![("component", component.name.clone()), ("what", what)],
                    label: subject.label.to_string(),
                    embedded: subject.embedded,
                    ..Hit::default()
                });
            }
        }
    }
}

impl Demand {
    /// Where and how a component breaks it.
    fn broken_by(&self, component: &Component, name: &str) -> Option<(Span, String)> {
        // Of equal flags programs take the last.
        let flag = component.flags.iter().rev().find(|flag| flag.name == name);
        let given = flag.and_then(|flag| Some((flag.span, flag.value.as_deref()?)));
        let missing = || (flag.is_none() && !component.open).then(|| (component.span, format!("has no --{name}")));
        let shown = |(span, value): (Span, &str), wanted: String| Some((span, format!("has --{name}={value}{wanted}")));
        match self {
            Is(wanted) => match given {
                Some((_, value)) if value == *wanted => None,
                Some(given) => shown(given, format!(" instead of {wanted}")),
                None => missing().map(|(span, what)| (span, format!("{what}={wanted}"))),
            },
            IsNot(bad) => given.filter(|(_, value)| value == bad).and_then(|given| shown(given, String::new())),
            Absent => flag.map(|flag| (flag.span, format!("has --{name}"))),
            Present(others) => missing().or_else(|| absent_other(component, others)),
            Lists(member) => match given {
                Some((_, value)) if lists(value, member) => None,
                Some(given) => shown(given, format!(" without {member}")),
                None => missing().map(|(span, what)| (span, format!("{what} with {member}"))),
            },
            ListsIfGiven(member) => given
                .filter(|(_, value)| !lists(value, member))
                .and_then(|given| shown(given, format!(" without {member}"))),
            NeverLists(member) => {
                given.filter(|(_, value)| lists(value, member)).and_then(|given| shown(given, String::new()))
            }
            AtLeast(least) => match given {
                Some((_, value)) if value.parse::<i64>().is_ok_and(|n| n >= *least) => None,
                Some(given) => shown(given, format!(", less than {least}")),
                None => missing().map(|(span, what)| (span, format!("{what} of at least {least}"))),
            },
            AtMost(most) => given
                .filter(|(_, value)| value.parse::<i64>().is_ok_and(|n| n > *most))
                .and_then(|given| shown(given, format!(", more than {most}"))),
            Duration => given
                .filter(|(_, value)| !is_duration(value))
                .and_then(|given| shown(given, ", which is no time that a request may take".to_owned())),
            Strong => {
                let (span, value) = given?;
                let weak = value.split(',').map(str::trim).find(|suite| !SUITES.contains(suite))?;
                Some((span, format!("has the weak cipher suite {weak} in --{name}")))
            }
        }
    }
}

fn absent_other(component: &Component, others: &[&str]) -> Option<(Span, String)> {
    let has = |name: &str| component.flags.iter().any(|flag: &Flag| flag.name == name);
    let missing = others.iter().find(|name| !has(name))?;
    (!component.open).then(|| (component.span, format!("has no --{missing}")))
}

fn lists(value: &str, member: &str) -> bool {
    value.split(',').any(|found| found.trim() == member)
}

/// `300s`, `5m0s`: more than nothing.
fn is_duration(value: &str) -> bool {
    let units = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'h' | 'm' | 's'));
    let digits = value.contains(|c: char| ('1'..='9').contains(&c));
    units.is_empty() && digits && value.ends_with(['h', 'm', 's'])
}
