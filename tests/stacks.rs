//! Compose files that are laid over each other: what is reported is what Compose makes of both, where one of them says it.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;

/// How Compose merges: what the two files say of the service `web`, and what is reported, each with file and line.
/// The base is `B`, what is laid over it `O`; the keys of the service begin in line 4 of both.
const TABLE: &[(&str, &str, &str, &[&str])] = &[
    // A scalar takes the other's place.
    ("image: x", "image: 'x:1'", "unpinned-image", &[]),
    ("image: 'x:1'", "image: x", "unpinned-image", &["O4"]),
    ("privileged: true", "privileged: false", "privileged-service", &[]),
    ("privileged: false", "privileged: true", "privileged-service", &["O4"]),
    ("privileged: true", "user: app", "privileged-service", &["B4"]),
    ("network_mode: host", "network_mode: bridge", "host-network", &[]),
    ("user: root", "user: app", "root-user", &[]),
    ("user: root", "restart: always", "root-user", &["B4"]),
    ("logging: {driver: none}", "logging: {driver: local}", "logging-off", &[]),
    // What is missing in the one and said in the other is not missing.
    ("restart: always", "healthcheck: {test: [CMD, a]}", "missing-healthcheck", &[]),
    ("restart: always", "restart: 'no'", "missing-healthcheck", &["B3"]),
    ("restart: always", "deploy: {resources: {limits: {memory: 1G}}}", "no-resource-limits", &[]),
    ("restart: always", "mem_limit: 1G", "no-resource-limits", &[]),
    ("restart: always", "read_only: true", "writable-root-filesystem", &[]),
    ("read_only: true", "read_only: false", "writable-root-filesystem", &["O4"]),
    ("restart: always", "{}", "writable-root-filesystem", &["B3"]),
    // Lists are added to each other.
    ("cap_add: [SYS_ADMIN]", "cap_add: [CHOWN]", "dangerous-capability", &["B4"]),
    ("cap_add: [CHOWN]", "cap_add: [SYS_ADMIN]", "dangerous-capability", &["O4"]),
    ("cap_drop: [CHOWN]", "cap_drop: [ALL]", "capabilities-kept", &[]),
    ("cap_drop: [ALL]", "cap_drop: [CHOWN]", "capabilities-kept", &[]),
    ("cap_drop: [KILL]", "cap_drop: [CHOWN]", "capabilities-kept", &["B3"]),
    ("cap_drop: [KILL]", "cap_drop: ['${X}']", "capabilities-kept", &[]),
    ("security_opt: ['label:x']", "security_opt: ['no-new-privileges:true']", "privilege-escalation", &[]),
    ("security_opt: ['label:x']", "security_opt: ['label:y']", "privilege-escalation", &["B3"]),
    ("security_opt: ['seccomp:unconfined']", "security_opt: ['label:y']", "security-profile-off", &["B4"]),
    ("security_opt: ['label:y']", "security_opt: ['seccomp:unconfined']", "security-profile-off", &["O4"]),
    ("devices: ['/dev/mem:/dev/mem']", "devices: ['/dev/fuse:/dev/fuse']", "dangerous-device", &["B4"]),
    // Volumes replace each other by their targets.
    ("volumes: ['/var/run/docker.sock:/s']", "volumes: ['./fake:/s']", "control-socket-mounted", &[]),
    ("volumes: ['/var/run/docker.sock:/s']", "volumes: ['./fake:/s/']", "control-socket-mounted", &[]),
    (
        "volumes: ['/var/run/docker.sock:/s']",
        "volumes: [{type: bind, source: ./f, target: /s}]",
        "control-socket-mounted",
        &[],
    ),
    ("volumes: ['/var/run/docker.sock:/s']", "volumes: ['./fake:/t']", "control-socket-mounted", &["B4"]),
    ("volumes: ['./fake:/s']", "volumes: ['/var/run/docker.sock:/s']", "control-socket-mounted", &["O4"]),
    ("volumes: ['./a:/s']", "volumes: ['./b:/s']", "duplicate-mount-target", &[]),
    // Ports are added, and are one only where all of it is the same.
    ("ports: ['5432:5432']", "ports: ['81:81']", "database-port-published", &["B4"]),
    ("ports: ['80:80']", "ports: ['80:80']", "duplicate-host-port", &[]),
    ("ports: ['80:80']", "ports: ['81:81']", "duplicate-host-port", &[]),
    // A command and a test are replaced as a whole.
    ("healthcheck: {test: [CMD, a]}", "healthcheck: {test: [NONE]}", "missing-healthcheck", &["O4"]),
    ("healthcheck: {test: [NONE]}", "healthcheck: {test: [CMD, a]}", "missing-healthcheck", &[]),
    ("healthcheck: {test: [CMD, a]}", "healthcheck: {disable: true}", "missing-healthcheck", &["O4"]),
    ("healthcheck: {test: [CMD, a]}", "healthcheck: {interval: 5s}", "missing-healthcheck", &[]),
    // `!override` and `!reset` leave nothing of what is below.
    ("ports: ['5432:5432']", "ports: !override ['127.0.0.1:5432:5432']", "database-port-published", &[]),
    ("ports: ['5432:5432']", "ports: !reset []", "database-port-published", &[]),
    ("ports: ['81:81']", "ports: !override ['5432:5432']", "database-port-published", &["O4"]),
    ("privileged: true", "privileged: !reset false", "privileged-service", &[]),
    ("cap_add: [SYS_ADMIN]", "cap_add: !reset []", "dangerous-capability", &[]),
    ("cap_add: [SYS_ADMIN]", "cap_add: !override [CHOWN]", "dangerous-capability", &[]),
    ("volumes: ['/var/run/docker.sock:/s']", "volumes: !override ['./a:/b']", "control-socket-mounted", &[]),
    ("security_opt: ['seccomp:unconfined']", "security_opt: !reset []", "security-profile-off", &[]),
    ("tmpfs: ['/t:exec']", "tmpfs: !reset []", "unsafe-tmpfs", &[]),
    ("env_file: gone.env", "env_file: !reset []", "missing-env-file", &[]),
    ("env_file: gone.env", "env_file: []", "missing-env-file", &["B4"]),
    ("depends_on: [gone]", "depends_on: !reset []", "unknown-dependency", &[]),
    ("depends_on: [gone]", "depends_on: !override [db]", "unknown-dependency", &[]),
    ("depends_on: [gone]", "depends_on: [db]", "unknown-dependency", &["B4"]),
    ("networks: [gone]", "networks: !override [default]", "undefined-network", &[]),
    ("deploy: {resources: {limits: {memory: 1G}}}", "deploy: !reset {}", "no-resource-limits", &[]),
    // Which health counts.
    (
        "depends_on: {db: {condition: service_healthy}}",
        "{}\n  db: {healthcheck: {disable: true}}",
        "healthy-without-healthcheck",
        &["B4"],
    ),
    (
        "depends_on: {db: {condition: service_started}}",
        "depends_on: {db: {condition: service_healthy}}",
        "depends-without-condition",
        &[],
    ),
    ("depends_on: [db]", "depends_on: {db: {condition: service_healthy}}", "depends-without-condition", &[]),
    ("depends_on: [db]", "{}\n  db: {healthcheck: !reset {}}", "depends-without-condition", &[]),
    ("depends_on: [db]", "restart: always", "depends-without-condition", &["B4"]),
];

fn file(web: &str, db: &str) -> String {
    let web = if web.starts_with('{') { format!(" {web}") } else { format!("\n    {web}") };
    format!("# The shop.\nservices:\n  web:{web}\n{db}")
}

/// `B4`: the file and the line of each finding of the rule about `web`; the base is `compose.yaml`.
fn placed(report: &Value, dir: &str, rule: &str) -> Vec<String> {
    let mut found = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["path"].as_str().unwrap().strip_prefix(dir);
        let Some(name) = path.filter(|_| finding["rule"] == rule && finding["subject"] == "service/web") else {
            continue;
        };
        let file = if name == "compose.yaml" { "B" } else { "O" };
        found.push(format!("{file}{}", finding["start"]["line"]));
    }
    found.sort_unstable();
    found
}

fn found(repo: &Repo, rule: &str) -> Vec<String> {
    let rule = format!("compose/{rule}");
    let (_, report) = repo.json(&["--select", &rule, "."]);
    placed(&report, "", &rule)
}

/// Runs the table, each row in a folder of its own.
fn check(upper: &str, config: impl Fn(&str) -> String) {
    let repo = Repo::new();
    let mut stacks = String::new();
    for (number, (base, over, ..)) in TABLE.iter().enumerate() {
        let image = if base.contains("image") { "" } else { "    image: 'x:1'\n" };
        let db = "  db: {image: 'db:1', healthcheck: {test: [CMD, a]}}\n";
        repo.write(format!("{number}/compose.yaml"), file(base, &format!("{image}{db}")).as_bytes());
        repo.write(format!("{number}/{upper}"), file(over, "").as_bytes());
        stacks += &config(&number.to_string());
    }
    repo.write("infralint.yaml", format!("stacks: [{stacks}]\n").as_bytes());
    let (_, report) = repo.json(&["--select", "compose", "--max-findings", "100000", "."]);
    let mut wrong = Vec::new();
    for (number, (base, over, rule, expected)) in TABLE.iter().enumerate() {
        let found = placed(&report, &format!("{number}/"), &format!("compose/{rule}"));
        if found != *expected {
            wrong.push(format!("{rule}: {base} | {over}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_override_file_is_merged_as_compose_merges_it() {
    check("compose.override.yaml", |_| String::new());
}

#[test]
fn so_is_a_list_of_files_that_the_config_names() {
    check("ops/compose.prod.yaml", |dir| format!("[{dir}/compose.yaml, {dir}/ops/compose.prod.yaml],"));
}

#[test]
fn what_only_one_of_two_stacks_replaces_still_counts() {
    let base = file("privileged: true", "    image: 'x:1'\n");
    let over = file("privileged: false", "");
    let files =
        [("compose.yaml", base.as_str()), ("compose.a.yaml", &over), ("compose.b.yaml", &file("user: app", ""))];
    let repo = Repo::with(&files);
    repo.write("infralint.yaml", b"stacks: [[compose.yaml, compose.a.yaml], [compose.yaml, compose.b.yaml]]\n");
    assert_eq!(found(&repo, "privileged-service"), ["B4"]);
    repo.write("infralint.yaml", b"stacks: [[compose.yaml, compose.a.yaml]]\n");
    assert!(found(&repo, "privileged-service").is_empty());
}

#[test]
fn a_service_that_is_taken_away_is_not_judged() {
    let base = file("privileged: true", "    image: x\n");
    let over = "# The shop.\nservices:\n  web: !reset {}\n";
    let repo = Repo::with(&[("compose.yaml", &base), ("compose.override.yaml", over)]);
    assert!(found(&repo, "privileged-service").is_empty());
    assert!(found(&repo, "unpinned-image").is_empty());
}

#[test]
fn a_secret_is_in_the_file_whatever_takes_its_place() {
    let secret = ["kT9vQ2", "mX7pLw", "Zr4"].concat();
    let base = file(&format!("environment: {{ADMIN_PASSWORD: {secret}}}"), "    image: 'x:1'\n");
    for over in ["environment: {ADMIN_PASSWORD: '${P}'}", "environment: !reset {}"] {
        let repo = Repo::with(&[("compose.yaml", &base), ("compose.override.yaml", &file(over, ""))]);
        assert_eq!(found(&repo, "literal-credential"), ["B4"]);
    }
}
