//! A newcomer's way: init, a first run, explain, suppress.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, Repo};

#[test]
fn init_writes_a_config_that_fits_and_holds() {
    let repo = Repo::with(&[
        ("Dockerfile", "FROM alpine:3.20\nUSER app\n"),
        ("deploy/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n"),
        ("docs/adr/0001-use-it.md", "# Use it\n"),
        (".hadolint.yaml", "ignored: [DL3008, DL9999]\nfailure-threshold: error\noverride:\n  warning: [DL3002]\n"),
        (".yamllint", "rules:\n  key-duplicates: disable\n  line-length: { max: 120 }\n"),
        (".markdownlint.json", "{ \"MD041\": false, \"MD013\": false }\n"),
        (".kube-linter.yaml", "checks:\n  exclude: [host-network]\n"),
        (".checkov.yaml", "skip-check: [CKV_K8S_20]\n"),
        (".gitleaksignore", "a:b:1\n"),
    ]);
    let ran = repo.run(&["init"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let text = std::fs::read_to_string(repo.root.join("infralint.yaml")).unwrap();
    for part in [
        "extends: recommended\n",
        "1 dockerfile",
        "1 kubernetes",
        "adr.record: docs/adr",
        "# as .hadolint.yaml has it\n  - hadolint/DL3008\n",
        "  - yamllint/key-duplicates\n",
        "  - markdownlint/MD041\n",
        "  - kube-linter/host-network\n",
        "  - checkov/CKV_K8S_20\n",
        "fail-on: error\n",
        "# .gitleaksignore: ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("- hadolint/DL9999") && !text.contains("MD013"), "{text}");
    assert!(text.lines().count() < 60, "{text}");
    assert_ne!(repo.run(&[]).code, Some(2), "{}", repo.run(&[]).err);
    let again = repo.run(&["init"]);
    assert_eq!((again.code, again.out.as_str()), (Some(2), ""));
    assert_eq!(std::fs::read_to_string(repo.root.join("infralint.yaml")).unwrap(), text);
}

#[test]
fn init_in_an_empty_folder() {
    let repo = Repo::new();
    assert_eq!(repo.run(&["init"]).code, Some(0));
    assert_eq!(repo.run(&[]).code, Some(0));
}

#[test]
fn a_place_is_explained() {
    let repo = Repo::with(&[
        (
            "infralint.yaml",
            "extends: base.yaml\nignores:\n  - { rule: docs/conflict-marker, paths: old.md, reason: history }\n",
        ),
        ("base.yaml", "severity:\n  dockerfile/root-user: error\n"),
        ("Dockerfile", "FROM alpine:3.20\n# infralint: ignore[dockerfile/root-user] drops it later\nUSER root\n"),
        ("sub/Dockerfile", "FROM alpine:3.20\nUSER 0\n"),
        ("old.md", FAULT),
    ]);
    let out = |arguments: &[&str]| repo.run(arguments).out;
    let told = out(&["explain", "Dockerfile:3"]);
    for part in [
        "dockerfile/root-user (error) at 3:",
        "    because user is there and user.root is true, and the rule demands user absent or user.root false\n",
        "    suppressed by comment in line 2: drops it later\n",
        "    set by the rule itself (on), then `severity` in base.yaml:2 (on)\n",
        "config: base.yaml, then infralint.yaml\n",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = out(&["explain", "old.md:1"]);
    assert!(told.contains("suppressed by config, `ignores` in infralint.yaml:3: history"), "{told}");
    assert!(out(&["explain", "sub/Dockerfile:1"]).contains("looked here and found nothing: "));
    let mut command = repo.command(&["explain", "sub/Dockerfile:2"]);
    command.env("INFRALINT_EXTEND_SELECT", "dockerfile/root-user");
    let told = common::ran(command).out;
    assert!(told.contains("then INFRALINT_EXTEND_SELECT dockerfile/root-user (on)"), "{told}");
    let told = out(&["explain", "sub/Dockerfile:2", "--ignore", "dockerfile"]);
    assert!(told.starts_with("no rule fired at sub/Dockerfile:2\n"), "{told}");
}

#[test]
fn many_findings_are_silenced_at_once() {
    let compose = "services:\r\n  a:\r\n    image: b:latest\r\n    privileged: true\r\n";
    let repo = Repo::with(&[
        ("Dockerfile", "FROM alpine:3.20\nUSER root\n"),
        ("a.md", "# T\n\n```dockerfile\nFROM alpine:3.20\nUSER root\n```\n"),
        ("compose.yaml", compose),
        ("data.json", "{}\n"),
    ]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(repo.root.join("Dockerfile"), std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    let rules = "dockerfile/root-user,compose";
    let first = repo.run(&["--select", rules]).out.lines().count();
    assert!(first >= 3);
    let arguments =
        ["suppress", "--select", rules, "--rule", rules, "--reason", "before the audit", "--until", "2999-01-01"];
    let ran = repo.run(&arguments);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let quiet = repo.run(&["--select", &format!("{rules},infralint")]);
    assert_eq!((quiet.code, quiet.out.as_str()), (Some(0), ""));
    let text = |path: &str| std::fs::read_to_string(repo.root.join(path)).unwrap();
    let comment = "# infralint: ignore[dockerfile/root-user, until=2999-01-01] before the audit\n";
    assert_eq!(text("Dockerfile"), format!("FROM alpine:3.20\n{comment}USER root\n"));
    assert_eq!(text("a.md"), format!("# T\n\n```dockerfile\nFROM alpine:3.20\n{comment}USER root\n```\n"));
    assert!(text("compose.yaml").matches("\r\n").count() == text("compose.yaml").matches('\n').count());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(repo.root.join("Dockerfile")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
    let before = text("compose.yaml");
    let again = repo.run(&["suppress", "--select", rules, "--rule", rules, "--reason", "again"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), "0 findings suppressed in 0 files\n"));
    assert_eq!(text("compose.yaml"), before);
}

#[test]
fn what_cannot_be_silenced_is_told() {
    let repo = Repo::with(&[
        ("infralint.yaml", "enforce: [dockerfile/root-user]\n"),
        ("Dockerfile", "FROM alpine:3.20\nUSER root\n"),
    ]);
    let ran = repo.run(&["suppress", "--rule", "dockerfile/root-user", "--reason", "x"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("Dockerfile:2: dockerfile/root-user is not suppressed: the configuration enforces"),
        "{}",
        ran.out
    );
    assert_eq!(repo.run(&["suppress", "--rule", "dockerfile/root-user"]).code, Some(2));
    assert_eq!(repo.run(&["suppress", "--rule", "nothing", "--reason", "x"]).code, Some(2));
    assert_eq!(repo.run(&["suppress", "--rule", "docs", "--reason", "x", "--until", "2020-01-01"]).code, Some(2));
    assert_eq!(std::fs::read_to_string(repo.root.join("Dockerfile")).unwrap(), "FROM alpine:3.20\nUSER root\n");
}
