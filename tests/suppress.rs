//! Suppression comments, from outside.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Repo, findings, ran};

fn comment(inside: &str) -> String {
    format!("# infralint: ignore[{inside}] reason\n{FAULT}")
}

fn rules(config: &str, text: &str, epoch: &str, arguments: &[&str]) -> Vec<String> {
    let repo = Repo::with(&[("infralint.yaml", config), ("a.txt", text)]);
    let mut command = repo.command(&[&["a.txt", "--format", "json"], arguments].concat());
    let report = {
        command.env("SOURCE_DATE_EPOCH", epoch);
        ran(command)
    };
    findings(&serde_json::from_str(&report.out).unwrap())
}

/// 2026-06-15, shortly before midnight in UTC.
const EPOCH: &str = "1781567999";

#[test]
fn a_comment_silences_and_can_be_seen_through() {
    let text = comment(RULE);
    assert_eq!(rules("", &text, EPOCH, &[]), Vec::<String>::new());
    assert_eq!(rules("", &text, EPOCH, &["--no-inline"]), [format!("a.txt {RULE}")]);
    assert_eq!(rules("", &text, EPOCH, &["--show-suppressed"]), [format!("a.txt {RULE}")]);
    let repo = Repo::with(&[("a.txt", &text)]);
    let (code, report) = repo.json(&["--show-suppressed"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        report["findings"][0]["suppressed"],
        serde_json::json!({"by": "comment", "line": 1, "reason": "reason"})
    );
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn days_are_those_of_the_given_epoch() {
    let until = |day: &str| comment(&format!("{RULE}, until={day}"));
    assert_eq!(
        rules("", &until("2026-06-14"), EPOCH, &[]),
        ["a.txt infralint/expired-suppression".to_owned(), format!("a.txt {RULE}")]
    );
    assert_eq!(rules("", &until("2026-06-15"), EPOCH, &[]), ["a.txt infralint/expired-suppression"]);
    assert_eq!(rules("", &until("2026-06-30"), EPOCH, &[]), Vec::<String>::new());
}

/// What is said of a config's `ignores`, line by line.
fn entries(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let mut command = repo.command(&[arguments, &["--select", "docs,infralint"]].concat());
    let out = ran({
        command.env("SOURCE_DATE_EPOCH", EPOCH);
        command
    });
    out.out.lines().filter(|line| line.contains(".yaml:")).map(str::to_owned).collect()
}

#[test]
fn entries_of_a_config_grow_stale_as_comments_do() {
    let told = |config: &str| {
        entries(&Repo::with(&[("infralint.yaml", config), ("a.txt", FAULT), ("b/c.txt", "fine\n")]), &[])
    };
    let entry = |more: &str| format!("root: true\nignores:\n  - rule: {RULE}\n{more}");
    let expired = "warning infralint/expired-suppression the suppression of docs/conflict-marker expired on 2026-06-14";
    let soon = "info infralint/expired-suppression the suppression of docs/conflict-marker expires on 2026-06-29";
    let unused = "info infralint/unused-suppression the suppression of docs/conflict-marker silences nothing";
    assert_eq!(told(&entry("")), Vec::<String>::new());
    assert_eq!(told(&entry("    until: 2026-06-14\n")), [format!("infralint.yaml:4:12: {expired}")]);
    assert_eq!(told(&entry("    until: 2026-06-29\n")), [format!("infralint.yaml:4:12: {soon}")]);
    assert_eq!(told(&entry("    until: 2026-06-30\n")), Vec::<String>::new());
    assert_eq!(told(&entry("    paths: [b]\n")), [format!("infralint.yaml:3:11: {unused}")]);
    assert_eq!(told(&entry("    paths: [b]\n    until: 2026-06-29\n")), [format!("infralint.yaml:3:11: {unused}")]);
    // What did not run is not blamed, nor what is demanded to be off.
    assert_eq!(told(&entry("    paths: [b]\n  - rule: k8s\n    paths: [b]\n")).len(), 1);
    assert_eq!(
        told(&(entry("    paths: [b]\n") + "ignore: [infralint/unused-suppression]\n")),
        [format!("infralint.yaml:3:11: {unused}")]
    );
}

#[test]
fn entries_are_judged_where_all_of_a_project_is_looked_at() {
    let config = format!("root: true\nignores: [{{rule: {RULE}, paths: [b], until: 2026-06-14}}]\n");
    let repo = Repo::with(&[
        ("infralint.yaml", &config),
        ("a/a.txt", FAULT),
        ("a/infralint.yaml", "extends: ../infralint.yaml\n"),
    ]);
    assert_eq!(entries(&repo, &[]).len(), 1);
    assert_eq!(entries(&repo, &["a"]), Vec::<String>::new());
    assert_eq!(entries(&repo, &["a/a.txt"]), Vec::<String>::new());
    // In the config of a folder, and silenced in whatever folder extends it.
    let config = format!("ignores: [{{rule: {RULE}}}]\n");
    let repo = Repo::with(&[
        ("infralint.yaml", &format!("root: true\n{config}")),
        ("a/a.txt", FAULT),
        ("a/infralint.yaml", "extends: ../infralint.yaml\n"),
    ]);
    assert_eq!(entries(&repo, &[]), Vec::<String>::new());
    let repo = Repo::with(&[("a/infralint.yaml", &config), ("a.txt", FAULT), ("a/a.txt", "fine\n")]);
    assert_eq!(entries(&repo, &[]).len(), 1);
}

#[test]
fn what_is_enforced_cannot_be_silenced() {
    let found = rules("enforce: [docs/conflict-marker]\n", &comment("docs"), EPOCH, &[]);
    assert_eq!(found, ["a.txt infralint/unused-suppression".to_owned(), format!("a.txt {RULE}")]);
}

#[test]
fn rules_that_did_not_run_are_not_blamed() {
    let text = "# infralint: ignore[docs] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &[]), ["a.txt infralint/unused-suppression"]);
    assert_eq!(rules("ignore: [docs/conflict-marker]\n", text, EPOCH, &[]), Vec::<String>::new());
    assert_eq!(rules("", text, EPOCH, &["--select", "infralint"]), ["a.txt infralint/malformed-suppression"; 0]);
    let text = "# infralint: ignore[k8s] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &["--select", "infralint,docs"]), Vec::<String>::new());
}

#[test]
fn faults_of_comments_can_be_silenced_too() {
    let text =
        "# infralint: ignore-file[infralint/unused-suppression] generated\n# infralint: ignore[docs] reason\nfine\n";
    assert_eq!(rules("", text, EPOCH, &[]), Vec::<String>::new());
    let idle = "# infralint: ignore-file[infralint/unused-suppression] generated\nfine\n";
    assert_eq!(rules("", idle, EPOCH, &[]), ["a.txt infralint/unused-suppression"]);
}

#[test]
fn findings_across_files_are_silenced_where_they_stand() {
    let spec = "<!-- infralint: ignore-file[infra-spec/missing-file] a draft -->\n# Spec\n";
    let path = "specs/infrastructure/001-cache/spec.md";
    let of = |text: &str| {
        let (_, report) =
            Repo::with(&[(path, text)]).json(&["--select", "infra-spec/missing-file,infralint/unused-suppression"]);
        findings(&report).len()
    };
    assert!(of("# Spec\n") > 0);
    assert_eq!(of(spec), 0);
}

#[test]
fn large_files_have_comments_too() {
    let filler = "nothing to see in this line\n".repeat(200_000);
    let text = format!("{filler}# infralint: ignore[{RULE}] reason\n{FAULT}{FAULT}");
    assert_eq!(rules("", &text, EPOCH, &[]), [format!("a.txt {RULE}")]);
}

/// What is left of the findings of these rules.
fn left(path: &str, text: &str, rules: &str, arguments: &[&str]) -> usize {
    let repo = Repo::with(&[(path, text)]);
    let (_, report) = repo.json(&[&["--select", rules], arguments].concat());
    report["findings"].as_array().unwrap().len()
}

#[test]
fn other_tools_comments_count_for_the_same_faults() {
    let user = |comment: &str| format!("FROM alpine:3.20\n{comment}\nUSER root\n");
    let silent = |path: &str, text: &str, rules: &str| {
        assert_eq!(left(path, text, rules, &[]), 0, "{text}");
        assert!(left(path, text, rules, &["--no-inline"]) > 0, "{text}");
    };
    for comment in [
        "# hadolint ignore=DL3002",
        "# hadolint global ignore=DL3002",
        "# tally ignore=DL3002;reason=x",
        "# checkov:skip=CKV_DOCKER_8:x",
    ] {
        silent("Dockerfile", &user(comment), "dockerfile/root-user");
        let fence = format!("# T\n\n```dockerfile\n{}```\n", user(comment));
        silent("a.md", &fence, "dockerfile/root-user");
    }
    let casing = "# check=skip=StageNameCasing\nFROM a:1 AS B\nUSER x\n";
    silent("Dockerfile", casing, "docker/StageNameCasing");
    let pod = |annotation: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    {annotation}\nspec:\n  hostNetwork: true\n  containers:\n    - name: a\n      image: b:1\n"
        )
    };
    silent("pod.yaml", &pod("ignore-check.kube-linter.io/host-network: why"), "kube-linter/host-network");
    silent("pod.yaml", &pod("kube-linter.io/ignore-all: why"), "kube-linter/host-network");
    silent("pod.yaml", &pod("checkov.io/skip1: CKV_K8S_19=why"), "checkov/CKV_K8S_19");
    silent("keys.yaml", "a: 1\na: 2 # yamllint disable-line rule:key-duplicates\n", "yaml/duplicate-key");
    let token = infralint::fact::secret::generate::expand("@@github-token@@");
    for mark in [
        "gitleaks:allow",
        "betterleaks:allow",
        "trufflehog:ignore",
        "pragma: allowlist secret",
        "secretlint-disable-line",
    ] {
        let text = format!("password=\"{token}\" # {mark}\n");
        assert_eq!(left(".env", &text, "secrets", &[]), 0, "{mark}");
        assert!(left(".env", &text, "secrets", &["--no-inline"]) > 0, "{mark}");
    }
}

#[test]
fn other_tools_comments_count_where_those_tools_report_the_fault() {
    let twice = |first: &str, second: &str, what: &str| format!("FROM a:1\n{first}{what}\n{second}{what}\nUSER x\n");
    for (id, what) in [("DL4003", "CMD [\"a\"]"), ("DL4004", "ENTRYPOINT [\"a\"]"), ("DL3012", "HEALTHCHECK CMD a")] {
        let alias = format!("hadolint/{id}");
        let comment = format!("# hadolint ignore={id}\n");
        let find = |text: &str, arguments: &[&str]| left("Dockerfile", text, &alias, arguments);
        assert_eq!(find(&twice("", "", what), &[]), 1, "{id}");
        assert_eq!(find(&twice("", &comment, what), &[]), 0, "{id}");
        assert_eq!(find(&twice("", &comment, what), &["--no-inline"]), 1, "{id}");
        assert_eq!(find(&twice("", "# hadolint ignore=DL3002\n", what), &[]), 1, "{id}");
        // Ours are compared with the words at fault alone.
        let ours = format!("# infralint: ignore[{id}] why\n");
        assert_eq!(find(&twice("", &ours, what), &[]), 1, "{id}");
        assert_eq!(find(&twice(&ours, "", what), &[]), 0, "{id}");
    }
    let archive = |comment: &str| format!("FROM a:1\n{comment}COPY a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz\nUSER x\n");
    assert_eq!(left("Dockerfile", &archive(""), "DL3010", &[]), 1);
    assert_eq!(left("Dockerfile", &archive("# hadolint ignore=DL3010\n"), "DL3010", &[]), 0);
    let repo = Repo::with(&[
        ("Dockerfile", &archive("# hadolint ignore=DL3010\n")),
        ("infralint.yaml", "enforce: [dockerfile/copied-archive-unpacked]\n"),
    ]);
    let (_, report) = repo.json(&["--select", "DL3010"]);
    assert_eq!(common::findings(&report), ["Dockerfile dockerfile/copied-archive-unpacked"]);
}

#[test]
fn a_comment_behind_a_command_of_run_silences_its_line() {
    let sudo = |end: &str| format!("FROM a:1\nRUN true \\\n  && sudo ls{end}\nRUN <<E\nsudo ls{end}\nE\nUSER x\n");
    let find = |text: &str| left("Dockerfile", text, "dockerfile/sudo-in-run,infralint/unused-suppression", &[]);
    assert_eq!(find(&sudo("")), 2);
    assert_eq!(find(&sudo(concat!(" # infra", "lint: ignore[dockerfile/sudo-in-run] why"))), 0);
}

#[test]
fn a_peers_comment_is_never_at_fault() {
    let text =
        "# hadolint ignore=DL9999,DL3002\n# tally ignore=nothing\n# trivy:ignore:XXX-1\nFROM alpine:3.20\nUSER app\n";
    assert_eq!(left("Dockerfile", text, "infralint", &[]), 0);
}

#[test]
fn what_is_enforced_hears_no_peer_either() {
    let text = "FROM alpine:3.20\n# hadolint ignore=DL3002\nUSER root\n";
    let repo = Repo::with(&[("Dockerfile", text), ("infralint.yaml", "enforce: [dockerfile/root-user]\n")]);
    let (_, report) = repo.json(&["--select", "dockerfile/root-user,infralint"]);
    assert_eq!(common::findings(&report), ["Dockerfile dockerfile/root-user"]);
}

#[test]
fn no_secret_is_told_of_a_comment() {
    const IGNORE: &str = "infralint: ignore";
    let token = infralint::fact::secret::generate::expand("@@github-token@@");
    let lines = [
        format!("# infralint: ignore[{token}] reason"),
        format!("# infralint: ignore[secrets, until={token}]"),
        format!("password: {token} # {IGNORE}[secrets] because {token} is old"),
    ];
    let repo = Repo::with(&[("a.yaml", &(lines.join("\n") + "\n"))]);
    for format in ["json", "concise", "human", "sarif", "github"] {
        for rules in ["all", "infralint"] {
            let out = repo.run(&["--format", format, "--select", rules, "--show-suppressed"]).out;
            assert!(!out.contains(&token[4..20]) && out.contains("a.yaml"), "{format} {rules}: {out}");
        }
    }
}
