//! The pictures in the readme and the documents are what the program prints: `UPDATE=1 cargo test` draws it anew.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use std::path::{Path, PathBuf};

const PICTURE: &str = "docs/picture.svg";
/// Few and certain, so that new rules do not change the picture.
const RULES: &str = "dockerfile/root-user,dockerfile/curl-pipe-shell,k8s/privileged-container,infra-spec/task-count";

/// Copies the fixture to a place of its own: no config, ignore file or work tree above it.
fn copied() -> Repo {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/picture");
    let repo = Repo::new();
    let mut dirs: Vec<PathBuf> = vec![from.clone()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => dirs.push(path),
                false => repo.write(path.strip_prefix(&from).unwrap(), &std::fs::read(&path).unwrap()),
            }
        }
    }
    repo
}

/// The time that a run takes differs from run to run.
fn without_time(text: &str) -> String {
    let (before, after) = text.rsplit_once(" (").unwrap();
    assert!(after.ends_with(" s)\n"), "{after}");
    format!("{before}\n")
}

#[test]
fn the_picture_is_what_is_printed() {
    let repo = copied();
    let mut command = repo.command(&["--format", "human", "--color", "always", "--select", RULES]);
    command.env_remove("COLUMNS");
    let printed = without_time(&common::ran(command).out);
    assert_eq!(printed.matches("╭─[").count(), 4, "{printed}");
    let rules = RULES.replacen(",k8s", ",\\\n    k8s", 1);
    let prompt = format!("\u{1b}[1m$ infralint --select {rules}\u{1b}[0m\n\n");
    drawn(PICTURE, &(prompt + &printed));
}

/// What mending is shown on: few rules, so that new ones do not change the picture.
const FIXES: &str = "dockerfile/add-instead-of-copy,dockerfile/maintainer,dockerfile/apt-without-yes,dockerfile/legacy-key-value,dockerfile/from-as-casing";
const BAD: &str = "FROM debian:12 as build\nMAINTAINER jane@example.com\nENV APP_HOME /srv/shop\nWORKDIR /srv/shop\nADD . .\nRUN apt-get update && \\\n    # for the health check\n    apt-get install curl\nCMD [\"./shop\"]\n";

#[test]
fn the_picture_of_fixes_is_what_is_printed() {
    let repo = Repo::with(&[("Dockerfile", BAD)]);
    let mut command = repo.command(&["fix", "--diff", "--color", "always", "--select", FIXES]);
    command.env_remove("COLUMNS");
    let printed = common::ran(command);
    assert_eq!(printed.err, "would fix 5 findings in 1 file\n");
    let prompt = "\u{1b}[1m$ infralint fix --diff\u{1b}[0m\n\n";
    drawn("docs/fixes.svg", &format!("{prompt}{}{}", printed.out, printed.err));
}

/// What stands in two files is shown on: few rules, so that new ones do not change the picture.
const ACROSS: &str = "k8s/service-port-mismatch,compose/image-drift";
const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/shop:2.4.0
          ports:
            - {name: http, containerPort: 8080}
";
const SERVICE: &str = "apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports:
    - {port: 80, targetPort: web}
";
const COMPOSE: &str = "services:
  shop:
    image: ghcr.io/acme/shop:2.3.1
    depends_on: [db]
  db:
    image: postgres:16.2
";

#[test]
fn the_picture_of_two_files_is_what_is_printed() {
    let repo =
        Repo::with(&[("deploy/shop.yaml", DEPLOYMENT), ("deploy/service.yaml", SERVICE), ("compose.yaml", COMPOSE)]);
    let mut command = repo.command(&["--format", "human", "--color", "always", "--select", ACROSS]);
    command.env_remove("COLUMNS");
    let printed = without_time(&common::ran(command).out);
    // Each finding with its own lines and those of the other file.
    assert_eq!(printed.matches("╭─[").count(), 4, "{printed}");
    let prompt = format!("\u{1b}[1m$ infralint --select {ACROSS}\u{1b}[0m\n\n");
    drawn("docs/across.svg", &(prompt + &printed));
}

/// Compares a picture with what it should show, or draws it anew.
fn drawn(name: &str, printed: &str) {
    let drawn = anstyle_svg::Term::new().render_svg(printed);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    // A checkout may have turned the line endings.
    assert_eq!(kept.replace("\r\n", "\n"), drawn, "{name} is out of date: UPDATE=1 cargo test --test picture");
}
