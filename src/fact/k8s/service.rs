//! Services and ingresses: what they open, and to whom.

use super::naming::{self, PortValue};
use super::{Scope, strings};
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::{NodeRef, Style};

facts! {
    /// A Service.
    pub struct Service = "k8s.service" {
        /// Its type; `ClusterIP` where it names none.
        "type" kind: Field<String>,
        /// Its `externalIPs`.
        "external-ips" external_ips: Field<bool>,
        /// Whether an annotation keeps its load balancer inside the network.
        "internal" internal: Field<bool>,
    }
    /// An Ingress.
    pub struct Ingress = "k8s.ingress" {
        /// Hosts without a certificate: all of them, or those that `tls` does not name.
        "plain-host" plain_host: Field<String>,
        /// Whether an annotation says that something before it ends TLS.
        "terminated" terminated: bool,
    }
    /// A snippet of configuration in an annotation of an Ingress.
    pub struct Snippet = "k8s.ingress-snippet" {
        /// The annotation.
        "key" key: String,
        /// What is dangerous in it: `lua`, `alias` or `any`.
        "danger" danger: String,
    }
}

/// Adds what an object says as a Service or an Ingress.
pub(super) fn build(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    match scope.kind.as_str() {
        "Service" if !scope.api_version.contains("knative") => service(root, scope, wanted, out),
        "Ingress" => ingress(root, scope, wanted, out),
        _ => {}
    }
}

fn service(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let spec = root.get("spec");
    let extent = root.extent().unwrap_or(scope.place);
    strings::mapping(spec.get("selector"), "label", &scope.label, wanted, out);
    if wanted.subject(PortValue::describe().name) {
        for port in spec.get("ports").items() {
            let target = port.get("targetPort");
            // A number in quotes is a name.
            let plain = target.node().and_then(NodeRef::style) == Some(Style::Plain);
            for (value, numbers) in [(target.text(), plain), (port.get("port").text(), true)] {
                if !value.is_absent() {
                    let value = naming::port(value, numbers, scope.place);
                    out.push(value, &scope.label, port.extent().unwrap_or(extent));
                }
            }
        }
    }
    if !wanted.subject(Service::describe().name) {
        return;
    }
    let annotations = root.path(&["metadata", "annotations"]);
    let internal = annotations.entries().any(|(key, value)| {
        let key = key.scalar().unwrap_or_default();
        let value = value.text();
        let value = value.known().map_or("", String::as_str);
        key.contains("internal") && !matches!(value, "false" | "internet-facing")
            || key.contains("load-balancer-scheme") && value == "internal"
            || key.contains("load-balancer-type") && value.eq_ignore_ascii_case("internal")
    });
    let default = || Field::new("ClusterIP".to_owned(), scope.place);
    let kind = scope.seal(spec.get("type").text(), scope.place);
    let ips = spec.get("externalIPs");
    let service = Service {
        span: scope.place,
        kind: if kind.is_absent() { default() } else { kind },
        external_ips: super::filled(ips),
        internal: super::known_or_open(internal, annotations.is_unknown(), scope.place),
    };
    out.push(service, &scope.label, extent);
}

fn ingress(root: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    let annotations = root.path(&["metadata", "annotations"]);
    let extent = root.extent().unwrap_or(scope.place);
    if wanted.subject(Snippet::describe().name) {
        for (key, value) in annotations.entries() {
            let name = key.scalar().unwrap_or_default();
            if name.contains("snippet") {
                let text = value.text();
                let danger = danger(text.known().map_or("", String::as_str));
                let snippet = Snippet { span: key.span(), key: name.to_owned(), danger: danger.to_owned() };
                out.push(snippet, &scope.label, value.extent().unwrap_or(key.span()));
            }
        }
    }
    if wanted.subject(Ingress::describe().name) {
        let terminated = annotations.entries().any(|(key, _)| {
            let key = key.scalar().unwrap_or_default();
            ["certificate", "ssl-cert", "acme", "tls", "cert-arn"].iter().any(|word| key.contains(word))
        });
        let ingress = Ingress { span: scope.place, plain_host: plain_host(root.get("spec"), scope), terminated };
        out.push(ingress, &scope.label, extent);
    }
}

fn danger(text: &str) -> &'static str {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    if words().any(|word| word.starts_with("lua_") || word.ends_with("_lua") || word.contains("_lua_"))
        || text.contains("kubernetes.io")
    {
        return "lua";
    }
    if text.contains("alias") { "alias" } else { "any" }
}

/// The first host for which nothing says TLS.
fn plain_host(spec: Slot<'_>, scope: &Scope<'_>) -> Field<String> {
    let tls = spec.get("tls");
    if tls.is_unknown() || scope.open && tls.is_absent() {
        return Field::unknown("", scope.place);
    }
    let covered: Vec<Field<String>> =
        tls.items().flat_map(|entry| entry.get("hosts").items().map(Slot::text).collect::<Vec<_>>()).collect();
    // An entry without hosts takes the controller's certificate for all of them.
    if tls.items().any(|entry| entry.get("hosts").items().next().is_none()) || covered.iter().any(Field::is_unknown) {
        return Field::Absent;
    }
    let is_covered = |host: &str| {
        covered.iter().filter_map(Field::known).any(|known| {
            known == host
                || known
                    .strip_prefix('*')
                    .is_some_and(|rest| host.split_once('.').is_some_and(|(_, tail)| rest == format!(".{tail}")))
        })
    };
    let mut hosts = spec.get("rules").items().map(|rule| rule.get("host").text());
    let plain = hosts.find(|host| host.known().is_some_and(|host| !is_covered(host)));
    match plain {
        Some(host) => host,
        None if tls.is_absent() && !spec.is_absent() => Field::new("every host".to_owned(), scope.place),
        None => Field::Absent,
    }
}
