//! Image references and what their names tell.

use super::expand::{HOLE, glob};
use super::facts::Image;
use crate::fact::value::Field;
use crate::text::Span;

/// Images whose user is not root, by reference; `*` stands for anything. `!` excepts.
const NON_ROOT: &[&str] = &[
    "!cgr.dev/chainguard/wolfi-base*",
    "!*bitnami/minideb*",
    "*distroless*:*nonroot*",
    "*distroless*-nonroot*",
    "cgr.dev/chainguard/*",
    "dhi.io/*",
    "*-unprivileged",
    "*-unprivileged:*",
    "*-unprivileged@*",
    "*rootless*",
    "bitnami/*",
    "docker.io/bitnami/*",
    "bitnamilegacy/*",
    "docker.io/bitnamilegacy/*",
    "bitnamisecure/*",
    "mcr.microsoft.com/dotnet/*-chiseled*",
    "registry.access.redhat.com/ubi?/nodejs-*",
    "registry.access.redhat.com/ubi?/python-*",
    "registry.access.redhat.com/ubi?/openjdk-*",
    "registry.redhat.io/ubi?/nodejs-*",
    "registry.redhat.io/ubi?/python-*",
    "registry.redhat.io/ubi?/openjdk-*",
    "docker.elastic.co/*",
    "jenkins/jenkins*",
    "jenkins/*agent*",
    "grafana/grafana*",
    "grafana/loki*",
    "prom/prometheus*",
    "prom/alertmanager*",
    "prom/node-exporter*",
    "quay.io/prometheus/prometheus*",
    "quay.io/prometheus/alertmanager*",
    "quay.io/prometheus/node-exporter*",
    "quay.io/keycloak/keycloak*",
    "apache/airflow*",
    "jupyter/*",
    "quay.io/jupyter/*",
    "selenium/*",
    "cimg/*",
    "circleci/*",
    "gitpod/workspace-*",
    "envoyproxy/envoy-distroless*",
    "ghcr.io/puppeteer/puppeteer*",
];

/// Official images that files are copied from by their bare names.
const OFFICIAL: &[&str] = &[
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "bash",
    "buildpack-deps",
    "busybox",
    "caddy",
    "cassandra",
    "centos",
    "clojure",
    "composer",
    "consul",
    "couchdb",
    "crystal",
    "dart",
    "debian",
    "docker",
    "eclipse-temurin",
    "elasticsearch",
    "elixir",
    "erlang",
    "fedora",
    "flink",
    "gcc",
    "ghost",
    "golang",
    "gradle",
    "groovy",
    "haproxy",
    "haskell",
    "hello-world",
    "hitch",
    "httpd",
    "ibmjava",
    "influxdb",
    "jetty",
    "joomla",
    "jruby",
    "julia",
    "kibana",
    "kong",
    "logstash",
    "mariadb",
    "maven",
    "memcached",
    "mongo",
    "mongo-express",
    "mysql",
    "neo4j",
    "nextcloud",
    "nginx",
    "node",
    "odoo",
    "openjdk",
    "oraclelinux",
    "perl",
    "php",
    "phpmyadmin",
    "photon",
    "postgres",
    "pypy",
    "python",
    "rabbitmq",
    "redis",
    "redmine",
    "registry",
    "rockylinux",
    "ros",
    "ruby",
    "rust",
    "sapmachine",
    "solr",
    "sonarqube",
    "spark",
    "swift",
    "telegraf",
    "tomcat",
    "traefik",
    "ubuntu",
    "varnish",
    "vault",
    "wordpress",
    "zookeeper",
];

/// Whether a bare name is that of an official image.
pub(super) fn is_official(name: &str) -> bool {
    OFFICIAL.binary_search(&name).is_ok()
}

/// Reads a reference whose variables are replaced; what depends on unknown ones is unknown itself.
/// `source` is how it is written.
pub(super) fn image(text: &str, source: &str, span: Span) -> Field<Image> {
    if text.is_empty() || text.chars().all(|c| c == HOLE) {
        return Field::unknown(source, span);
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let last = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest[last..].split_once(':') {
        Some((base, tag)) => (&rest[..last + base.len()], Some(tag)),
        None => (rest, None),
    };
    let field = |part: &str| match part.contains(HOLE) {
        true => Field::unknown(source, span),
        false => Field::new(part.to_owned(), span),
    };
    // A hole in the last part may bring its own tag or digest.
    let hidden = tag.is_none() && digest.is_none() && rest[last..].contains(HOLE);
    let optional = |part: Option<&str>| match part {
        Some(part) => field(part),
        None if hidden => Field::unknown(source, span),
        None => Field::Absent,
    };
    let (registry, _) = split_registry(name);
    let image = Image {
        span,
        reference: field(text),
        name: field(name),
        registry: field(registry),
        tag: optional(tag),
        digest: optional(digest),
        windows: is_windows(text),
        alpine: text.contains("alpine"),
        busybox: text.contains("alpine") || text.contains("busybox"),
        non_root: match text.contains(HOLE) {
            true if !is_non_root(text) => Field::unknown(source, span),
            _ => Field::new(is_non_root(text), span),
        },
    };
    Field::new(image, span)
}

fn split_registry(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        None if name.contains(HOLE) => (name, name),
        Some((host, rest)) if host.contains(HOLE) => (host, rest),
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (host, rest),
        _ => ("docker.io", name),
    }
}

fn is_windows(text: &str) -> bool {
    ["windows/", "/windows:", "dotnet/framework/", "nanoserver", "windowsservercore", "-windows", ":windows"]
        .iter()
        .any(|word| text.contains(word))
}

fn is_non_root(reference: &str) -> bool {
    let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
    for pattern in NON_ROOT {
        match pattern.strip_prefix('!') {
            Some(except) if glob(except, reference) => return false,
            None if glob(pattern, reference) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [String; 4] {
        let text = text.replace('?', &HOLE.to_string());
        let image = image(&text, "source", Span::new(0, 1));
        let Some(image) = image.known() else { return [const { String::new() }; 4] };
        let show = |field: &Field<String>| match field {
            Field::Absent => "-".to_owned(),
            Field::Unknown(_) => "?".to_owned(),
            Field::Known(value) => value.value.clone(),
        };
        [show(&image.name), show(&image.tag), show(&image.digest), show(&image.registry)]
    }

    #[test]
    fn references_fall_into_their_parts() {
        assert_eq!(parts("alpine"), ["alpine", "-", "-", "docker.io"]);
        assert_eq!(parts("localhost:5000/a/b:1@sha256:0"), ["localhost:5000/a/b", "1", "sha256:0", "localhost:5000"]);
        assert_eq!(parts("ghcr.io/a/b"), ["ghcr.io/a/b", "-", "-", "ghcr.io"]);
        assert_eq!(parts("a:?"), ["a", "?", "-", "docker.io"]);
        assert_eq!(parts("a?"), ["?", "?", "?", "?"]);
        assert_eq!(parts("?/a"), ["?", "-", "-", "?"]);
        assert_eq!(parts("?"), ["", "", "", ""]);
    }

    #[test]
    fn names_tell_the_user() {
        for name in [
            "gcr.io/distroless/static:nonroot",
            "gcr.io/distroless/static-debian12:nonroot-amd64",
            "nginxinc/nginx-unprivileged",
            "docker.io/nginxinc/nginx-unprivileged:1.2",
            "cgr.dev/chainguard/nginx:latest",
            "moby/buildkit:v0.9-rootless",
            "docker.io/bitnami/redis",
            "mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled",
        ] {
            assert!(is_non_root(name), "{name}");
        }
        for name in
            ["gcr.io/distroless/static", "nginx", "cgr.dev/chainguard/wolfi-base", "bitnami/minideb:x", "node:20"]
        {
            assert!(!is_non_root(name), "{name}");
        }
    }
}
