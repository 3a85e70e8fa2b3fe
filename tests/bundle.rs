//! A finding about two files, as people, code scanning and pull requests see it.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - {name: app, image: 'nginx:1.27', ports: [{name: http, containerPort: 8080}]}
";
const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: shop}
spec:
  selector: {app: shop}
  ports:
    - {port: 80, targetPort: web}
";
const RULES: &str = "k8s/service-port-mismatch,k8s/dangling-service";

fn shop() -> Repo {
    Repo::with(&[("deploy/deployment.yaml", DEPLOYMENT), ("deploy/service.yaml", SERVICE)])
}

#[test]
fn both_places_are_shown_to_people() {
    let out = shop().run(&["--select", RULES, "--format", "human", "--color", "never"]).out;
    assert!(out.contains("no port of Deployment/shop is called web"), "{out}");
    assert!(out.contains("deploy/service.yaml:7:30"), "{out}");
    assert!(out.contains("see: the pods are these"), "{out}");
    assert!(out.contains("deploy/deployment.yaml:3:18"), "{out}");
}

#[test]
fn both_places_are_told_to_code_scanning() {
    let out = shop().run(&["--select", RULES, "--format", "sarif"]).out;
    let log: Value = serde_json::from_str(&out).unwrap();
    let result = &log["runs"][0]["results"][0];
    let uri = |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].clone();
    assert_eq!(uri(&result["locations"][0]), "deploy/service.yaml");
    assert_eq!(uri(&result["relatedLocations"][0]), "deploy/deployment.yaml");
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "the pods are these");
}

#[test]
fn both_places_are_told_in_an_annotation() {
    let out = shop().run(&["--select", RULES, "--format", "github"]).out;
    assert!(out.contains("file=deploy/service.yaml,line=7"), "{out}");
    assert!(out.contains("called web%0Asee deploy/deployment.yaml:3 the pods are these"), "{out}");
}

#[test]
fn what_is_out_of_sight_is_not_missed() {
    let repo = Repo::with(&[("service.yaml", &SERVICE.replace("app: shop", "app: other"))]);
    let fired = |repo: &Repo| !repo.run(&["--select", RULES, "--format", "concise"]).out.trim().is_empty();
    assert!(fired(&repo), "alone, the Service takes no pods");
    repo.write("kustomization.yaml", b"resources: [service.yaml, 'https://example.com/base']\n");
    assert!(!fired(&repo), "the pods may be in the other base");
}

const DRIFT: &str = "compose/image-drift";

fn drifting() -> Repo {
    Repo::with(&[
        ("compose.yaml", "services: {shop: {image: 'ghcr.io/acme/shop:2.3.1'}}\n"),
        ("deploy/deployment.yaml", &DEPLOYMENT.replace("nginx:1.27", "ghcr.io/acme/shop:2.4.0")),
    ])
}

#[test]
fn an_image_with_two_versions_is_told_with_both_places() {
    let run = |format| drifting().run(&["--select", DRIFT, "--format", format]).out;
    let human = run("human");
    assert!(human.contains("see: here it is 2.4.0") && human.contains("deploy/deployment.yaml:10:30"), "{human}");
    let log: Value = serde_json::from_str(&run("sarif")).unwrap();
    let result = &log["runs"][0]["results"][0];
    let uri = |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].clone();
    assert_eq!(uri(&result["locations"][0]), "compose.yaml");
    assert_eq!(uri(&result["relatedLocations"][0]), "deploy/deployment.yaml");
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "here it is 2.4.0");
    let github = run("github");
    assert!(
        github.contains("file=compose.yaml,line=1") && github.contains("%0Asee deploy/deployment.yaml:10"),
        "{github}"
    );
}

#[test]
fn stacks_are_told_by_a_config_or_an_environment_file() {
    const ASKED: &str = "compose/undefined-network,compose/duplicate-host-port,compose/unused-definition";
    let repo = Repo::with(&[
        ("compose.yaml", "services: {web: {image: 'acme/web:1', ports: ['80:80']}}\nnetworks: {back: }\n"),
        (
            "ops/all.compose.yaml",
            "services:\n  web: {networks: [back, front]}\n  api: {image: 'acme/api:1', ports: ['80:80']}\n",
        ),
    ]);
    let found = |repo: &Repo| {
        let out = repo.run(&["--select", ASKED, "--format", "concise"]).out;
        out.lines().map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(found(&repo), ["compose.yaml:2:12: warning compose/unused-definition"]);
    let together = [
        "ops/all.compose.yaml:2:26: error compose/undefined-network",
        "ops/all.compose.yaml:3:38: error compose/duplicate-host-port",
    ];
    repo.write(".env", b"COMPOSE_FILE=compose.yaml:ops/all.compose.yaml\n");
    assert_eq!(found(&repo), together);
    repo.write(".env", b"");
    repo.write("infralint.yaml", b"stacks:\n  - [compose.yaml, ops/all.compose.yaml]\n");
    let asked = repo.run(&["--extend-select", ASKED, "--format", "concise"]).out;
    assert!(together.iter().all(|line| asked.contains(line)) && !asked.contains("unused-definition"), "{asked}");
}
