//! Compose files to facts, as rules read them.

use super::*;
use crate::fact::context::Context;
use crate::fact::value::{Item, Value};
use crate::fact::yaml;
use crate::syntax::Kind;
use crate::syntax::kind::Guess;
use crate::syntax::yaml::Yaml;
use crate::text::Text;

fn show(item: Item<'_>) -> String {
    match item.value {
        Value::Absent => "-".to_owned(),
        Value::Unknown(text) => format!("?{text}"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Str(value) => value.to_owned(),
        Value::Object(object) => show(object.field(0)),
        _ => "…".to_owned(),
    }
}

fn lines(path: &str, source: &str, subject: &str, fields: &[&str]) -> Vec<String> {
    let context = Context::default();
    let text = Text::whole(source);
    let part = yaml::Part::new(path, Guess { kind: Kind::Compose, sure: false }, &context, false);
    let mut out = Facts::default();
    yaml::build(&Yaml::parse(&text), &part, &Wanted::all(), &mut out);
    let subjects = out.subjects.iter().filter(|s| &*s.name == subject);
    subjects
        .map(|s| {
            fields
                .iter()
                .map(|f| show(s.object.field(s.object.schema().field(f).unwrap())))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn service(lines_of_it: &str, subject: &str, fields: &[&str]) -> Vec<String> {
    lines("compose.yaml", &format!("services:\n  a:\n    image: x\n{lines_of_it}"), subject, fields)
}

#[test]
fn users_are_told_however_they_are_written() {
    let root = |user: &str| {
        let source = format!("services: {{a: {{image: x, user: {user}}}}}");
        let text = Text::whole(&source);
        let context = Context::default();
        let part = yaml::Part::new("compose.yaml", Guess { kind: Kind::Compose, sure: false }, &context, false);
        let mut out = Facts::default();
        yaml::build(&Yaml::parse(&text), &part, &Wanted::all(), &mut out);
        let service = out.subjects.iter().find(|s| &*s.name == "compose.service").unwrap();
        let item = service.object.field(Service::describe().field("user").unwrap());
        match item.value {
            Value::Object(user) => show(user.field(1)),
            _ => show(item),
        }
    };
    let table = [
        ("root", "true"),
        ("'0'", "true"),
        ("0:0", "true"),
        ("'00:5'", "true"),
        ("'1000:0'", "false"),
        ("app", "false"),
        ("'${U:-0}:1'", "true"),
        ("'${U}:0'", "?${U}"),
        ("'${U:-1000}:${G}'", "false"),
        ("", "-"),
    ];
    for (user, expected) in table {
        assert_eq!(root(user), expected, "{user}");
    }
}

#[test]
fn mounts_in_both_forms() {
    let source = "    volumes:\n    - /var/run/docker.sock:/s:ro\n    - data:/d\n    - /anon\n    - ${S:-/run/x.sock}:/x\n    - ${P}/a:/a\n    - {type: bind, source: /etc/, target: /e, read_only: true}\n    - C:\\x:/c\n";
    assert_eq!(
        service(source, "compose.mount", &["type", "source", "target", "read-only"]),
        [
            "bind /var/run/docker.sock /s true",
            "volume data /d false",
            "volume - /anon false",
            "bind /run/x.sock /x false",
            "volume ?${P}/a /a false",
            "bind /etc /e true",
            "bind C:\\x /c false",
        ]
    );
}

#[test]
fn environment_in_both_forms() {
    let map =
        service("    environment: {A: 'b', B: , C: '${D}', E: '${F:-g}', H: 1}\n", "compose.env", &["name", "value"]);
    assert_eq!(map, ["A …", "B -", "C ?${D}", "E …", "H …"]);
    let list = service(
        "    environment:\n    - A=b=c\n    - B\n    - C=${D}\n    - \"E=pa$$s\"\n",
        "compose.env",
        &["name", "value"],
    );
    assert_eq!(list, ["A …", "B -", "C ?${D}", "E …"]);
}

#[test]
fn ports_in_all_forms() {
    let source = "    ports:\n    - 80\n    - '8080:80'\n    - 127.0.0.1:5432:5432/udp\n    - '[::1]:6379:6379'\n    - '${P:-1}:2'\n    - {target: 3, published: '4', host_ip: 0.0.0.0}\n    - 9000-9002:9000-9002\n";
    assert_eq!(
        service(source, "compose.port", &["host-ip", "published", "target"]),
        ["- - 80", "- 8080 80", "127.0.0.1 5432 5432", "::1 6379 6379", "- 1 2", "0.0.0.0 4 3", "- 9000-9002 9000"]
    );
}

#[test]
fn images_and_what_is_open() {
    let of = |path: &str, body: &str| {
        lines(path, &format!("services: {{a: {{{body}}}}}"), "compose.service", &["image", "user", "open"])
    };
    assert_eq!(of("compose.yaml", "image: 'x:${T:-latest}'"), ["x:latest - false"]);
    assert_eq!(of("compose.yaml", "image: '${I}'"), ["?'${I}' - false"]);
    assert_eq!(of("compose.yaml", "build: ."), ["- - false"]);
    assert_eq!(of("compose.yaml", "command: x"), ["? ? true"]);
    assert_eq!(of("compose.override.yaml", "image: x"), ["x ? true"]);
    assert_eq!(of("compose.yaml", "image: x, extends: {service: b}"), ["x ? true"]);
    let merged = "x-a: &a {image: 'y:1', user: app}\nservices: {a: {<<: *a, privileged: 'true'}}";
    assert_eq!(lines("c.yaml", merged, "compose.service", &["image", "user", "privileged"]), ["y:1 app true"]);
}

#[test]
fn files() {
    let of = |source: &str| lines("compose.yaml", source, "compose.file", &["version", "swarm"]);
    assert_eq!(of("version: '3'\nservices: {a: {build: x, deploy: {replicas: 1}}}"), ["3 false"]);
    assert_eq!(of("services: {a: {image: x, deploy: {replicas: 2}}}"), ["- true"]);
}

#[test]
fn references_and_what_they_mean() {
    let of = |source: &str| lines("compose.yaml", source, "compose.reference", &["kind", "key", "name", "found"]);
    let source = "services:\n  a:\n    image: x\n    networks: [n, default]\n    volumes: ['vol:/v', './p:/p', '${W}:/w']\n    secrets: [{source: s}]\n    depends_on: {b: {condition: service_started}, o: {required: false}}\n    links: ['z:y']\n    extends: a\nnetworks: {n: }\n";
    assert_eq!(
        of(source),
        [
            "network networks n true",
            "network networks default true",
            "secret secrets s false",
            "volume volumes vol false",
            "volume volumes ?${W} ?",
            "service depends_on b false",
            "service depends_on o ?",
            "service links z false",
            "service extends a true",
        ]
    );
    assert_eq!(of("include: [x]\nservices: {a: {image: x, networks: [n]}}"), ["network networks n ?"]);
    assert_eq!(of("services: {a: {networks: [n]}}"), ["network networks n ?"]);
    assert_eq!(of("services: {a: {extends: {service: b, file: gone.yaml}}}"), ["service extends b ?"]);
    assert_eq!(of("services: {a: {image: x, networks: [n]}}\nnetworks: !reset {}"), ["network networks n ?"]);
}

#[test]
fn circles_are_found_without_recursion() {
    let of = |source: &str| lines("compose.yaml", source, "compose.reference", &["name", "cycle"]);
    let source = "services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [c, a]}, c: {image: x}}";
    assert_eq!(of(source), ["b -", "c -", "a a → b → a"]);
    let mut chain = String::from("services:\n");
    for n in 0..20_000 {
        chain += &format!("  s{n}: {{image: x, depends_on: [s{}]}}\n", (n + 1) % 20_000);
    }
    let closing: Vec<_> = of(&chain).into_iter().filter(|line| !line.ends_with('-')).collect();
    assert_eq!(closing, ["s0 s0 → s1 → s2 → s3 → s4 → s5 → … → s0"]);
}

#[test]
fn definitions_and_their_use() {
    let of = |source: &str| lines("compose.yaml", source, "compose.definition", &["kind", "name", "used", "sourced"]);
    let source =
        "services: {a: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: , w: }\nsecrets: {s: {file: s}, t: }\n";
    assert_eq!(of(source), ["volume vol true -", "volume w false -", "secret s false true", "secret t false false"]);
    assert_eq!(of("services: {a: {image: x, volumes: ['${V}:/v']}}\nvolumes: {w: }"), ["volume w ? -"]);
    assert_eq!(
        lines(
            "compose.override.yaml",
            "services: {a: {volumes: [x]}}\nvolumes: {w: }",
            "compose.definition",
            &["used"]
        ),
        ["?"]
    );
}

#[test]
fn many_ports_names_and_references_take_no_square_of_time() {
    let mut source = String::from("services:\n");
    for n in 0..4_000 {
        source += &format!("  s{n}: {{image: x, container_name: n{n}, ports: ['{}:80'], networks: [m{n}]}}\n", n + 1);
    }
    source += "networks:\n";
    (0..4_000).for_each(|n| source += &format!("  m{n}: \n"));
    assert_eq!(lines("compose.yaml", &source, "compose.port", &["taken-by"]).len(), 4_000);
}
