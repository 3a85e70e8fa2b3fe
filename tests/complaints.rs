//! What users of other linters for Dockerfiles complain of most, each as a file that is read right here.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use serde_json::Value;

/// `line:column rule` of what these rules say of a Dockerfile.
fn said(select: &str, text: &str) -> Vec<String> {
    let repo = Repo::with(&[("Dockerfile", text)]);
    let ran = common::ran(repo.command(&["--no-config", "--select", select, "--format", "json", "Dockerfile"]));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let one = |f: &Value| {
        let rule = f["rule"].as_str().unwrap().trim_start_matches("dockerfile/");
        format!("{}:{} {rule}", f["start"]["line"], f["start"]["column"])
    };
    report["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn a_finding_in_a_long_run_stands_on_its_own_line() {
    let text = "FROM debian:12\nRUN set -e; \\\n    # why\n    apt-get update && \\\n    apt-get install -y git \\\n      && sudo make\n";
    assert_eq!(said("DL3009,DL3004", text), ["4:5 apt-lists-kept", "6:10 sudo-in-run"]);
}

#[test]
fn no_file_is_given_up() {
    // A heredoc with an instruction right behind it, and a line that nobody can read.
    let text = "FROM alpine:3.20\nRUN <<EOF\nsudo a\nEOF\nRUN sudo b\nCOPY\nRUN [[ -f x ]] && sudo c\n";
    let found = ["3:1 sudo-in-run", "5:5 sudo-in-run", "6:1 parse-error", "7:19 sudo-in-run"];
    assert_eq!(said("DL3004,DL1000", text), found);
}

#[test]
fn an_image_without_user_is_reported() {
    assert_eq!(said("dockerfile/missing-user", "FROM alpine:3.20\nCMD [\"sh\"]\n"), ["1:1 missing-user"]);
    assert!(said("dockerfile/missing-user", "FROM cgr.dev/chainguard/static:latest\nCMD [\"sh\"]\n").is_empty());
}

#[test]
fn stages_inherit_what_they_are_built_on() {
    let base = "FROM debian:12 AS base\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nWORKDIR /app\nUSER 1000\nHEALTHCHECK CMD true\n";
    let child = "FROM base\nRUN curl https://example.com | tar x\nCOPY a b\nWORKDIR c\nEXPOSE 80\n";
    assert!(said("DL3000,DL3002,DL3045,DL3057,DL4006", &format!("{base}{child}")).is_empty());
    // What a build stage does is nothing that ships.
    let text = "FROM golang:1 AS build\nUSER root\nRUN apk add git\nRUN make\nFROM alpine:3.20\nUSER 1000\nCOPY --from=build /a /a\n";
    assert!(said("DL3002,DL3019,DL3059", text).is_empty());
}

#[test]
fn files_are_copied_from_images_arguments_and_contexts() {
    let text = "ARG TOOLS=ghcr.io/acme/tools:1\nFROM alpine:3.20\nCOPY --from=nginx:1 /a /a\nCOPY --from=$TOOLS /a /b\nCOPY --from=nowhere /a /c\n";
    assert_eq!(said("DL3022", text), ["5:13 unknown-copy-source"]);
}

#[test]
fn arguments_in_from_are_resolved() {
    let text = "ARG TAG=3.20\nARG BASE=alpine\nFROM alpine:$TAG\nFROM ${BASE}\nARG LATEST=latest\nFROM debian:${TAG}\n";
    assert_eq!(said("DL3006,DL3007", text), ["4:6 untagged-base-image"]);
    assert_eq!(said("DL3006,DL3007", "ARG T=latest\nFROM debian:$T\nFROM $UNKNOWN\n"), ["2:6 latest-base-image"]);
}

#[test]
fn nobody_is_told_to_pin_unless_they_ask() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir flask\nUSER 1000\n";
    assert!(said("default", text).iter().all(|one| !one.contains("unpinned")));
    assert_eq!(said("DL3008,DL3013", text), ["2:42 unpinned-apt-package", "3:32 unpinned-pip-package"]);
}

#[test]
fn a_cache_mount_is_as_good_as_no_cache() {
    let mount = |target: &str, run: &str| format!("FROM debian:12\nRUN --mount=type=cache,target={target} {run}\n");
    for (target, run) in [
        ("/root/.cache/pip", "pip install flask"),
        ("/var/cache/apk", "apk add git"),
        ("/var/lib/apt", "apt-get update && apt-get install -y git"),
        ("/var/cache/dnf", "dnf install -y git"),
    ] {
        assert!(said("DL3042,DL3019,DL3009,DL3040", &mount(target, run)).is_empty(), "{run}");
        assert_eq!(said("DL3042,DL3019,DL3009,DL3040", &mount("/other", run)).len(), 1, "{run}");
    }
}
