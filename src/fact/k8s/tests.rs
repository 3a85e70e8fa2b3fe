//! Manifests to facts, as rules read them.

use super::*;
use crate::fact::context::Context;
use crate::fact::value::{Item, Value};
use crate::fact::yaml;
use crate::syntax::Kind;
use crate::syntax::kind::Guess;
use crate::syntax::yaml::{Yaml, prepare};
use crate::text::Text;

fn facts(source: &str, kind: Kind, snippet: bool) -> Facts {
    facts_in(source, kind, snippet, &Context::default())
}

fn facts_in(source: &str, kind: Kind, snippet: bool, context: &Context) -> Facts {
    let guess = Guess { kind, sure: false };
    let text = Text::whole(source);
    let prepared = prepare(&text, kind == Kind::HelmTemplate);
    let mut out = Facts::default();
    yaml::build(
        &Yaml::parse_prepared(&prepared),
        &Part::new("x.yaml", guess, context, snippet),
        &Wanted::all(),
        &mut out,
    );
    out
}

fn of(source: &str) -> Facts {
    facts(source, Kind::YamlOther, false)
}

fn show(item: Item<'_>) -> String {
    match item.value {
        Value::Absent => "-".to_owned(),
        Value::Unknown(text) => format!("?{text}"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Num(value) => value.to_string(),
        Value::Str(value) | Value::Secret(value) => value.to_owned(),
        Value::List(list) => {
            let members: Vec<_> = (0..list.size()).map(|n| show(list.member(n))).collect();
            format!("[{}]{}", members.join(" "), if list.open() { "…" } else { "" })
        }
        Value::Object(object) => show(object.field(0)),
    }
}

/// The wanted fields of each subject of a name, in a line.
fn lines(facts: &Facts, subject: &str, fields: &[&str]) -> Vec<String> {
    let subjects = facts.subjects.iter().filter(|s| &*s.name == subject);
    subjects
        .map(|s| {
            let values = fields.iter().map(|f| show(s.object.field(s.object.schema().field(f).unwrap())));
            format!("{}: {}", s.label, values.collect::<Vec<_>>().join(" "))
        })
        .collect()
}

/// A Deployment whose pod has these lines.
fn deployment(pod: &str) -> String {
    let pod: String = pod.lines().map(|line| format!("      {line}\n")).collect();
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    spec:\n{pod}"
    )
}

const RUNS: &[&str] = &["run-as-user", "run-as-group", "run-as-non-root", "root", "non-root"];

#[test]
fn the_containers_settings_win_over_the_pods() {
    let source = deployment(
        "securityContext: {runAsUser: 0, runAsNonRoot: true}\ncontainers:\n- {name: a, image: x, securityContext: {runAsUser: 1000}}\n- {name: b, image: x}\ninitContainers:\n- {name: c, image: x, restartPolicy: Always, securityContext: {runAsNonRoot: false, runAsUser: null}}",
    );
    let facts = of(&source);
    assert_eq!(
        lines(&facts, "k8s.container", RUNS),
        [
            "Deployment/web container/a: 1000 - true false true",
            "Deployment/web container/b: 0 - true true false",
            "Deployment/web container/c: 0 - false true false",
        ]
    );
    let root = facts.subjects.iter().find(|s| s.label.ends_with("container/b")).unwrap();
    let span = root.object.field(Container::describe().field("root").unwrap()).span.unwrap();
    assert_eq!((span.slice(&source), span.start as usize), ("0", source.find("0, runAsNonRoot").unwrap()));
    assert_eq!(
        lines(&facts, "k8s.container", &["role", "long-running"])[2],
        "Deployment/web container/c: sidecar true"
    );
}

#[test]
fn what_says_nothing_may_be_root() {
    let of = |security: &str| {
        let source = deployment(&format!("containers:\n- {{name: a, image: x, securityContext: {security}}}"));
        lines(&of(&source), "k8s.container", &["root", "non-root"])[0].split_once(": ").unwrap().1.to_owned()
    };
    assert_eq!(of("{}"), "false false");
    assert_eq!(of("{runAsNonRoot: true}"), "false true");
    assert_eq!(of("{runAsNonRoot: false}"), "true false");
    assert_eq!(of("{runAsNonRoot: false, runAsUser: 10}"), "false true");
    assert_eq!(of("{runAsUser: '${UID}'}"), "?? ?'${UID}'");
    assert_eq!(of("{runAsGroup: 0, runAsUser: 10}"), "true true");
}

#[test]
fn open_parts_know_less() {
    let whole = deployment("containers:\n- {name: a, image: x}");
    let roots = |facts: &Facts| lines(facts, "k8s.container", &["non-root", "memory-limit"])[0].clone();
    assert_eq!(roots(&of(&whole)), "Deployment/web container/a: false -");
    assert_eq!(roots(&facts(&whole, Kind::YamlOther, true)), "Deployment/web container/a: ? ?");
    let patch = deployment("containers:\n- {name: a}");
    let mut context = Context::default();
    context.read("kustomization.yaml", Kind::Kustomization, "resources: [other.yaml]\n");
    let patched = facts_in(&patch, Kind::YamlOther, false, &context);
    assert_eq!(roots(&patched), "Deployment/web container/a: ? ?", "no image: a patch, where there are patches");
    assert_eq!(roots(&of(&patch)), "Deployment/web container/a: false -", "an object, where there are none");
    let patch = deployment("containers:\n- {name: a, image: x, $patch: replace}");
    assert_eq!(roots(&of(&patch)), "Deployment/web container/a: ? ?");
    let template = format!("{{{{- if .V }}}}\n{whole}{{{{- end }}}}\n").replace("name: web", "name: '{{ .N }}'");
    let facts = facts(&template, Kind::HelmTemplate, false);
    assert_eq!(roots(&facts), "Deployment/'{{ .N }}' container/a: ? ?");
}

#[test]
fn pods_are_found_in_every_kind() {
    let spec = "containers: [{name: a, image: x}]";
    let table = [
        ("v1", "Pod", format!("spec: {{{spec}}}")),
        ("batch/v1", "CronJob", format!("spec: {{jobTemplate: {{spec: {{template: {{spec: {{{spec}}}}}}}}}}}")),
        ("argoproj.io/v1alpha1", "Rollout", format!("spec: {{template: {{spec: {{{spec}}}}}}}")),
        ("serving.knative.dev/v1", "Service", format!("spec: {{template: {{spec: {{{spec}}}}}}}")),
        ("apps.openshift.io/v1", "DeploymentConfig", format!("spec: {{template: {{spec: {{{spec}}}}}}}")),
    ];
    for (version, kind, rest) in table {
        let source = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: n}}\n{rest}\n");
        assert_eq!(
            lines(&of(&source), "k8s.container", &["workload-kind", "non-root"]),
            [format!("{kind}/n container/a: {kind} false")]
        );
    }
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i}]}}\n- {apiVersion: v1, kind: Service, metadata: {name: s}}\n";
    assert_eq!(lines(&of(list), "k8s.object", &["kind"]), ["Pod/a: Pod", "Service/s: Service"]);
    assert_eq!(lines(&of(list), "k8s.container", &["image"]), ["Pod/a container/c: i"]);
}

#[test]
fn parts_of_containers() {
    let source = deployment(
        "hostNetwork: yes\nvolumes:\n- {name: s, hostPath: {path: /var/run/docker.sock/}}\n- {name: r, hostPath: {path: /}}\ncontainers:\n- name: a\n  image: reg.io/x:latest\n  env:\n  - {name: A, value: 'b'}\n  - {name: A, valueFrom: {secretKeyRef: {name: n, key: k}}}\n  ports: [{containerPort: 80, hostPort: 8080}]\n  volumeMounts: [{name: s, mountPath: /s}]\n  livenessProbe: {tcpSocket: {port: 1}}\n  resources: {limits: {memory: 1Gi}}\n  securityContext: {capabilities: {add: [cap_sys_admin]}}",
    );
    let facts = of(&source);
    assert_eq!(lines(&facts, "k8s.pod", &["host-network", "host-pid"]), ["Deployment/web: true -"]);
    assert_eq!(
        lines(&facts, "k8s.volume", &["host-path", "mounted"]),
        ["Deployment/web: /var/run/docker.sock true", "Deployment/web: / false"]
    );
    let a = "Deployment/web container/a:";
    assert_eq!(
        lines(&facts, "k8s.env", &["value", "from", "repeated"]),
        [format!("{a} … - false"), format!("{a} - secretKeyRef true")]
    );
    assert_eq!(lines(&facts, "k8s.port", &["number", "host-port", "host-network"]), [format!("{a} 80 8080 true")]);
    assert_eq!(lines(&facts, "k8s.mount", &["path", "host-path"]), [format!("{a} /s /var/run/docker.sock")]);
    assert_eq!(lines(&facts, "k8s.capability", &["name", "added"]), [format!("{a} SYS_ADMIN true")]);
    assert_eq!(
        lines(&facts, "k8s.container", &["memory-limit", "cpu-limit", "liveness-probe", "readiness-probe"]),
        [format!("{a} 1Gi - tcp -")]
    );
}
