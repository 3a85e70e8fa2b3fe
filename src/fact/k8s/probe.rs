//! Probes and lifecycle hooks of containers: what they ask, and where.

use crate::fact::value::{Field, OpenList, facts};
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;

facts! {
    /// A probe or a lifecycle hook of a container.
    pub struct Probe = "k8s.probe" {
        /// `liveness`, `readiness`, `startup`, `postStart` or `preStop`.
        "of" of: String,
        /// `http`, `tcp`, `grpc` or `exec`.
        "how" how: Field<String>,
        /// The host that it names.
        "host" host: Field<String>,
        /// The port, a name or a number.
        "port" port: Field<String>,
        /// Whether the container lists that port, by its name or its number; a sidecar's counts, too.
        "port-listed" port_listed: Field<bool>,
        /// Whether the container lists any ports, or the port is a name.
        "ports-given" ports_given: bool,
        /// The container's name.
        "container" container: Field<String>,
    }
}

const HANDLERS: [(&str, &str); 4] = [("httpGet", "http"), ("tcpSocket", "tcp"), ("grpc", "grpc"), ("exec", "exec")];

const PROBES: [(&[&str], &str); 5] = [
    (&["livenessProbe"], "liveness"),
    (&["readinessProbe"], "readiness"),
    (&["startupProbe"], "startup"),
    (&["lifecycle", "postStart"], "postStart"),
    (&["lifecycle", "preStop"], "preStop"),
];

/// The ports of a pod: numbers and names that its containers list.
pub(super) struct Listed {
    pub(super) names: Vec<String>,
    pub(super) open: bool,
}

impl Listed {
    pub(super) fn of(spec: Slot<'_>, lists: &[(&str, &str)], open: bool) -> Self {
        let mut found = Self { names: Vec::new(), open };
        for container in lists.iter().flat_map(|(list, _)| spec.get(list).items()) {
            found.add(container.get("ports"));
        }
        found
    }

    fn add(&mut self, ports: Slot<'_>) {
        self.open |= ports.is_unknown();
        for port in ports.items() {
            for field in [port.get("containerPort").text(), port.get("name").text()] {
                self.open |= field.is_unknown();
                self.names.extend(field.known().cloned());
            }
        }
    }
}

/// The probes and hooks of a container.
pub(super) fn list(
    container: Slot<'_>,
    name: &Field<String>,
    role: &str,
    listed: &Listed,
    open: bool,
) -> OpenList<Probe> {
    let own = container.get("ports").items().next().is_some();
    let probe = |(path, of): (&[&str], &str)| {
        let slot = container.path(path);
        slot.node()?;
        let (key, how) = HANDLERS.iter().find(|(key, _)| !slot.get(key).is_absent())?;
        let handler = slot.get(key);
        let port = handler.get("port").text();
        // What runs to its end before the others is never probed.
        let asked = matches!(*how, "http" | "tcp") && role != "init";
        let port_listed = match &port {
            Field::Known(port) if asked => {
                let found = listed.names.contains(&port.value);
                if found || !listed.open { Field::new(found, port.span) } else { Field::unknown("", port.span) }
            }
            Field::Unknown(text) => Field::Unknown(text.clone()),
            _ => Field::Absent,
        };
        let named = port.known().is_some_and(|port| port.parse::<i64>().is_err());
        Some(Probe {
            span: slot.span()?,
            of: of.to_owned(),
            how: Field::new((*how).to_owned(), handler.span()?),
            host: handler.get("host").text(),
            port,
            port_listed,
            ports_given: own || named,
            container: name.clone(),
        })
    };
    OpenList { items: PROBES.into_iter().filter_map(probe).collect(), open }
}

/// Whether two probes are the same to the last word.
pub(super) fn identical(a: Slot<'_>, b: Slot<'_>) -> Field<bool> {
    let (Some(first), Some(second), Some(span)) = (a.node(), b.node(), b.span()) else { return Field::Absent };
    Field::new(flat(first) == flat(second), span)
}

/// Everything that a small tree says, in an order of its own; aliases are followed once.
fn flat(node: NodeRef<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let mut waiting = vec![(String::new(), node)];
    let mut budget = 500;
    while let Some((path, node)) = waiting.pop() {
        budget -= 1;
        if budget == 0 {
            break;
        }
        if let Some(scalar) = node.scalar() {
            said.push(format!("{path}={scalar}"));
        }
        waiting.extend(node.entries().into_iter().map(|(k, v)| (format!("{path}/{}", k.scalar().unwrap_or("?")), v)));
        waiting.extend(node.items().enumerate().map(|(index, item)| (format!("{path}/{index}"), item)));
    }
    said.sort();
    said
}
