//! Config files and rule packs of a project, from outside.
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Repo, fixture, ran};

const RULE_FILE: &str =
    "summary: s\nseverity: info\nwhy: w\nhelp: h\nmatch: text.line\nrequire: { text: absent }\nmessage: m {text}\n";

fn refused(files: &[(&str, &str)]) -> String {
    let ran = Repo::with(files).run(&["."]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    ran.err
}

#[test]
fn a_project_with_rules_of_its_own() {
    let mut command = Repo::new().command(&["--format", "concise"]);
    command.current_dir(fixture("own-pack"));
    let out = ran(command);
    let expected = "\
Dockerfile:1:1: info acme/no-todo line 1 has a TODO without a ticket
Dockerfile:2:21: warning acme/forbidden-stage-name stage called tmp
";
    assert_eq!(out.out, expected, "{}", out.err);
    assert_eq!(out.code, Some(1));
}

#[test]
fn commands_know_the_projects_rules() {
    let of = |arguments: &[&str]| {
        let mut command = Repo::new().command(arguments);
        command.current_dir(fixture("own-pack"));
        ran(command)
    };
    assert!(of(&["rules", "acme"]).out.contains("acme/forbidden-stage-name"));
    assert!(of(&["explain", "acme/no-todo"]).out.contains("never found again"));
    assert!(of(&["files", "legacy"]).out.contains("the config excludes it"));
    let test = of(&["test", "policy", "--mutants"]);
    assert_eq!((test.code, test.out.as_str()), (Some(0), "2 rules, 8 cases, 1 mutants, 0 wrong\n"), "{}", test.err);
}

#[test]
fn cases_that_go_wrong_are_told_with_their_line() {
    let tests = "tests:\n  fail:\n    - case: found\n      file: |\n        a\n        ^ info: m b\n    - case: nothing there\n      file: |\n        a\n          ^ m\n";
    let repo = Repo::with(&[("p/mine/a.yaml", &format!("{RULE_FILE}{tests}"))]);
    let ran = repo.run(&["test", "p"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("p/mine/a.yaml:10: mine/a \"found\": misworded: "), "{}", ran.out);
    assert!(ran.out.contains("\np/mine/a.yaml:14: mine/a \"nothing there\": "), "{}", ran.out);
}

#[test]
fn broken_configs_are_refused_at_their_words() {
    assert!(refused(&[("infralint.yaml", "selct: [docs]\n")]).starts_with(
        "infralint: infralint.yaml:1:1: unknown key in a config: `selct`, did you mean `select`? (known: root, extends"
    ));
    let both = refused(&[(".infralint.yaml", "ignore:\n  - docs/nothing\nseverity:\n  dcs: info\n")]);
    assert!(both.contains(".infralint.yaml:2:5: no rule, pack or alias is called `docs/nothing`"), "{both}");
    assert!(both.contains("\n.infralint.yaml:4:3: no rule, pack or alias is called `dcs`"), "{both}");
    assert!(refused(&[("infralint.yaml", "packs: [none]\n")]).contains("infralint.yaml:1:9: "));
    assert!(
        refused(&[("infralint.yaml", "packs: [../up]\n"), ("../up/x/a.yaml", RULE_FILE)])
            .contains("1:9: packs stay below the project's root")
    );
    assert!(refused(&[("infralint.yaml", "packs: [p]\n"), ("p/readme.md", "")]).contains("no rule files"));
}

#[test]
fn options_that_are_not_what_they_should_be_are_refused_at_their_words() {
    let of = |options: &str| refused(&[("infralint.yaml", &format!("options:\n{options}"))]);
    for (options, told) in [
        ("  infra-spec/task-count: { min: -1 }\n", ":2:33: option `min` must be 0 at least"),
        ("  infra-spec/task-count: { max: 1001 }\n", ":2:33: option `max` must be 1000 at most"),
        ("  infra-spec/task-count: { max: many }\n", ":2:33: option `max` wants a whole number"),
        ("  k8s/removed-api: { cluster-version: 1.34 }\n", ":2:39: option `cluster-version` wants a whole number"),
        ("  k8s/removed-api: { cluster-version: 134 }\n", ":2:39: option `cluster-version` must be 99 at most"),
        ("  k8s/too-few-replicas: { minimum: 3 }\n", ":2:27: unknown option of k8s/too-few-replicas `minimum`"),
        ("  k8s/too-few-replicas: 3\n", ":2:25: the options of a rule must be a mapping"),
        ("  k8s: { min: 3 }\n", ":2:3: options are set for one rule, this names several"),
        ("  dockerfile/relative-workdir: { strict: 1 }\n", ":2:42: option `strict` wants true or false"),
    ] {
        assert!(of(options).contains(told), "{options}: {}", of(options));
    }
    let own = |options: &str| {
        let rule = RULE_FILE.replace("match:", &format!("options:\n  most: {options}\nmatch:"));
        refused(&[("infralint.yaml", "packs: [p]\n"), ("p/mine/a.yaml", &rule)])
    };
    assert!(
        own("{ default: 3, at-most: 2, doc: d }")
            .contains("6:3: the default does not fit: option `most` must be 2 at most")
    );
    assert!(own("{ default: a, at-least: 2, doc: d }").contains("6:3: only numbers have bounds"));
    assert!(own("{ type: int, at-least: two, doc: d }").contains("6:32: a bound is a number"));
}

#[test]
fn files_tells_kind_config_packs_or_why_not() {
    let repo = Repo::with(&[
        ("infralint.yaml", "root: true\nexclude: [vendor]\nignore: [docs]\n"),
        ("Dockerfile", "FROM alpine:3.20\n"),
        ("k8s/infralint.yaml", "extends: ../infralint.yaml\nselect: [k8s]\n"),
        ("k8s/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [] }\n---\na: 1\n"),
        ("node_modules/a.md", "# A\n"),
        ("a.bin", "\0\u{1}\0\u{2}"),
        ("vendor/a.yaml", "a: 1\n"),
    ]);
    let out = repo.run(&["files"]).out;
    let of = |path: &str| {
        let line = out.lines().find(|line| line.starts_with(&format!("{path}: "))).map(str::to_owned);
        line.unwrap_or_else(|| panic!("{path} in {out}"))
    };
    assert_eq!(of("Dockerfile"), "Dockerfile: dockerfile; config infralint.yaml; packs dockerfile, secrets");
    assert_eq!(of("k8s/pod.yaml"), "k8s/pod.yaml: kubernetes, yaml-other; config k8s/infralint.yaml; packs k8s");
    assert!(
        of("node_modules/a.md").ends_with("vendored or generated: secrets only; config infralint.yaml; packs secrets"),
        "{out}"
    );
    assert!(of("a.bin").contains("not linted: "), "{out}");
    assert_eq!(of("vendor"), "vendor: not linted: the config excludes it");
    let out = repo.run(&["files", "--no-config", "--select", "adr", "Dockerfile"]).out;
    assert_eq!(out, "Dockerfile: dockerfile; no config; no rules\n");
}

#[test]
fn globs_have_slashes_and_tags_are_known() {
    let told = refused(&[("infralint.yaml", "exclude: ['old\\code']\n")]);
    assert!(told.contains("1:11: glob: write `/` between folders"), "{told}");
    let told = refused(&[("infralint.yaml", "ignore: [tag:secuirty]\n")]);
    assert!(told.contains("1:10: unknown tag `secuirty`, did you mean `security`?"), "{told}");
    assert_eq!(Repo::with(&[("infralint.yaml", "exclude: ['a\\[1\\]']\n")]).run(&[]).code, Some(0));
}

#[test]
fn explain_tells_where_settings_come_from() {
    let repo = Repo::with(&[("infralint.yaml", "root: true\nfail-on: info\n"), ("a.txt", FAULT)]);
    let of = |variables: &[(&str, &str)]| {
        let mut command = repo.command(&["explain", "a.txt:1"]);
        command.envs(variables.iter().copied());
        ran(command).out
    };
    assert!(of(&[]).contains("\nfail-on info: infralint.yaml\n"), "{}", of(&[]));
    let out = of(&[("INFRALINT_FAIL_ON", "error"), ("INFRALINT_STRICT", "1"), ("INFRALINT_EXTEND_SELECT", RULE)]);
    assert!(out.contains("\nfail-on error: INFRALINT_FAIL_ON\n") && !out.contains("fail-on info"), "{out}");
    assert!(out.contains("\nstrict 1: INFRALINT_STRICT\n"), "{out}");
    assert!(out.contains(&format!("INFRALINT_EXTEND_SELECT {RULE} (on)")), "{out}");
    std::fs::remove_file(repo.root.join("infralint.yaml")).unwrap();
    assert!(of(&[]).contains("\nfail-on warning: by default\n"), "{}", of(&[]));
}

#[test]
fn broken_rule_files_are_refused_at_their_words() {
    let of = |text: &str| refused(&[("infralint.yaml", "packs: [p]\n"), ("p/mine/a.yaml", text)]);
    let with = |from: &str, to: &str| of(&RULE_FILE.replace(from, to));
    let found = with("require:", "requre:");
    assert!(
        found.contains("p/mine/a.yaml:6:1: unknown key in a rule file: `requre`, did you mean `require`?"),
        "{found}"
    );
    assert!(found.contains("(known: summary, severity, "), "{found}");
    assert!(
        with("text.line", "text.lines")
            .contains("p/mine/a.yaml:5:8: unknown subject `text.lines`, did you mean `text.line`?")
    );
    assert!(
        with("{ text:", "{ txt:")
            .contains("p/mine/a.yaml:6:12: unknown field of text.line `txt`, did you mean `text`?")
    );
    assert!(with("{text}", "{txt}").contains("p/mine/a.yaml:7:10: unknown field of text.line `txt`"));
    assert!(with("info", "fatal").contains("p/mine/a.yaml:2:11: severity must be error, warning or info"));
    assert!(with("absent", "{ matches: '(' }").contains("p/mine/a.yaml:6:29: regular expression: "));
    assert!(
        with("match: text.line\nrequire: { text: absent }", "engine: unused-suppression")
            .contains("p/mine/a.yaml:1:10: `engine` rules are infralint's own")
    );
    assert!(of("summary: [").contains("p/mine/a.yaml:1:"));
    assert!(of("").contains("p/mine/a.yaml:1:1: the file is empty"));
}

#[test]
fn names_that_are_taken_are_refused() {
    let pack = ("p/docs/pack.yaml", "summary: mine\n");
    let found = refused(&[("infralint.yaml", "packs: [p]\n"), pack]);
    assert!(found.contains("p/docs/pack.yaml:1:1: the pack `docs` is built in"), "{found}");
    let found = refused(&[("infralint.yaml", "packs: [p]\n"), ("p/docs/conflict-marker.yaml", RULE_FILE)]);
    assert!(
        found.contains("p/docs/conflict-marker.yaml:1:10: the rule `docs/conflict-marker` exists already"),
        "{found}"
    );
}

#[test]
fn broken_patterns_of_documents_are_refused() {
    let pack = "summary: mine\ndocuments:\n  plan: { in: ['a['], named: ['('], or-looks-like: { title: '*' } }\n";
    let found = refused(&[("infralint.yaml", "packs: [p]\n"), ("p/mine/pack.yaml", pack)]);
    for place in ["3:16: glob: ", "3:31: regular expression: ", "3:61: regular expression: "] {
        assert!(found.contains(&format!("p/mine/pack.yaml:{place}")), "{found}");
    }
}

#[test]
fn what_a_config_says_is_done() {
    let code = |config: &str, arguments: &[&str]| {
        Repo::with(&[("infralint.yaml", config), ("a/bad.md", FAULT)]).run(arguments).code
    };
    assert_eq!(code("", &[]), Some(1));
    assert_eq!(code("ignore: [docs]\n", &[]), Some(0));
    assert_eq!(code("ignore: [docs]\n", &["--no-config"]), Some(1));
    assert_eq!(code("ignore: [docs]\n", &["--select", RULE]), Some(1));
    assert_eq!(code("ignore: [docs]\n", &["--extend-select", RULE]), Some(1));
    assert_eq!(code("exclude: [a]\n", &["a/bad.md"]), Some(0));
    assert_eq!(code("fail-on: never\n", &[]), Some(0));
    assert_eq!(code("fail-on: never\n", &["--fail-on", "error"]), Some(1));
    assert_eq!(code("severity: { docs/conflict-marker: info }\n", &[]), Some(0));
    assert_eq!(code("selct: x\n", &["--no-config"]), Some(1));
}

#[test]
fn the_root_and_another_config() {
    let repo = Repo::with(&[
        ("infralint.yaml", "root: true\nignore: [docs]\n"),
        ("sub/bad.md", FAULT),
        ("other.yaml", "fail-on: error\n"),
    ]);
    let mut command = repo.command(&[]);
    command.current_dir(repo.root.join("sub"));
    assert_eq!(ran(command).code, Some(0));
    assert_eq!(repo.run(&["--config", "other.yaml"]).code, Some(1));
    let missing = repo.run(&["--config", "none.yaml"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.contains("none.yaml: "), "{}", missing.err);
}

#[test]
fn kinds_and_documents_are_told_by_the_config() {
    let text = "FROM alpine:3.20\nUSER root\n";
    let repo = Repo::with(&[("infralint.yaml", "kinds: { 'build/*.img': dockerfile }\n"), ("build/a.img", text)]);
    let (_, report) = repo.json(&["--select", "dockerfile/root-user"]);
    assert_eq!(common::findings(&report), ["build/a.img dockerfile/root-user"]);
    let found = refused(&[("infralint.yaml", "documents: { infra-spec.task: ['plans/*.md'] }\n")]);
    assert!(
        found.contains("1:14: unknown document type `infra-spec.task`, did you mean `infra-spec.tasks`?"),
        "{found}"
    );
    let repo = Repo::with(&[
        ("infralint.yaml", "documents: { infra-spec.tasks: ['plans/*.md'] }\n"),
        ("plans/a.md", "# Plan\n"),
    ]);
    let (_, report) = repo.json(&["--select", "infra-spec/task-count"]);
    assert_eq!(common::findings(&report), ["plans/a.md infra-spec/task-count"]);
}

#[test]
fn schemas_are_json_and_know_the_projects_rules() {
    let schema = |of: &str| {
        let mut command = Repo::new().command(&["schema", of]);
        command.current_dir(fixture("own-pack"));
        serde_json::from_str::<serde_json::Value>(&ran(command).out).unwrap()
    };
    let of_config = schema("config");
    let option = &of_config["$defs"]["options"]["properties"]["acme/forbidden-stage-name"]["properties"]["names"];
    assert_eq!(option["description"], "names that no stage may have");
    assert!(schema("rule")["$defs"]["dockerfile.stage"].is_object());
    assert_eq!(Repo::new().run(&["schema", "facts"]).code, Some(2));
}

#[test]
fn facts_show_places_and_unknowns_but_no_secrets() {
    let secret = ["hV7q", "Xz93", "kLm2", "Tb6w"].concat();
    let text = format!("FROM alpine:${{TAG}}\nENV DB_PASSWORD={secret}\n");
    let repo = Repo::with(&[("Dockerfile", &text)]);
    let found = repo.run(&["facts", "Dockerfile"]);
    assert!(found.out.contains("tag: unknown") && found.out.contains("dockerfile.stage stage/0 @1:1"), "{}", found.out);
    let json = repo.run(&["facts", "Dockerfile", "--format", "json"]).out;
    let facts: serde_json::Value = serde_json::from_str(&json).unwrap();
    let stage = facts.as_array().unwrap().iter().find(|fact| fact["match"] == "dockerfile.stage").unwrap();
    assert_eq!(stage["start"], serde_json::json!({"line": 1, "column": 1, "offset": 0}));
    assert_eq!(stage["fields"]["parent"], serde_json::Value::Null);
    for out in [found.out, json] {
        assert!(!out.contains(&secret), "{out}");
    }
}

#[test]
fn the_nearest_config_applies_to_each_file() {
    let repo = Repo::with(&[
        ("infralint.yaml", "root: true\nignore: [docs]\n"),
        ("bad.md", FAULT),
        ("a/infralint.yaml", "severity: { docs/conflict-marker: warning }\n"),
        ("a/deep/er/bad.md", FAULT),
        ("a/none/.infralint.yaml", "extends: ../../infralint.yaml\n"),
        ("a/none/bad.md", FAULT),
        ("b/bad.md", FAULT),
    ]);
    let out = |arguments: &[&str]| repo.run(arguments).out;
    let expected = "a/deep/er/bad.md:1:1: warning docs/conflict-marker conflict marker left in line 1\n";
    assert_eq!(out(&[]), expected);
    assert_eq!(out(&["a"]), expected);
    assert_eq!(out(&["--no-config"]).lines().count(), 4);
    assert_eq!(out(&["--config", "a/infralint.yaml"]).matches("warning").count(), 4);
    // What is wrong with a config matters to the files below it, and to nobody else.
    repo.write("b/infralint.yaml", b"selct: x\n");
    let refused = repo.run(&[]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.err.starts_with("infralint: b/infralint.yaml:1:1: unknown key"), "{}", refused.err);
    assert_eq!(repo.run(&["a"]).code, Some(1));
}

#[test]
fn what_is_extended_stays_below_the_root() {
    let of = |text: &str| {
        refused(&[
            ("a/infralint.yaml", text),
            ("a/x.md", ""),
            ("../out.yaml", ""),
            ("a/b.yaml", "extends: c.yaml\n"),
            ("a/c.yaml", "extends: ./b.yaml\n"),
        ])
    };
    let base = "extends: ../../out.yaml\n";
    assert!(of(base).contains("a/infralint.yaml:1:10: `extends` stays below the project's root"), "{}", of(base));
    let circle = of("# words\nextends: [strict, b.yaml]\n");
    assert!(circle.contains("a/c.yaml:1:10: a/b.yaml extends this file in turn"), "{circle}");
    assert!(
        of("extends: infralint.yaml\n").contains("a/infralint.yaml:1:10: a/infralint.yaml extends this file in turn")
    );
    assert!(of("extends: strct\n").contains("1:10: strct: there is no such file; did you mean the preset `strict`?"));
    assert!(of("extends: none.yaml\n").contains("1:10: none.yaml: there is no such file\n"));
    assert!(of("extends: .\n").contains("1:10: .: a config is a file"));
}

#[cfg(unix)]
#[test]
fn configs_are_no_way_out_of_the_root() {
    let repo = Repo::with(&[("../secret.yaml", "selct: word\n"), ("x.md", "")]);
    std::os::unix::fs::symlink("../secret.yaml", repo.root.join("infralint.yaml")).unwrap();
    let ran = repo.run(&[]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("infralint.yaml: the link leads out of the project") && !ran.err.contains("selct"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_excluded_is_not_walked_and_not_missed() {
    let repo = Repo::with(&[
        ("infralint.yaml", "exclude: [old, '*.gen.md']\ninclude: ['**/*.md']\n"),
        ("a.md", "[old](old/deep/x.md), [gen](b.gen.md), [no](old2/x.md)\n"),
        ("b.gen.md", FAULT),
        ("old/deep/x.md", FAULT),
        ("old/deep/infralint.yaml", "broken: [\n"),
        ("c.txt", FAULT),
    ]);
    assert_eq!(repo.run(&["--select", RULE]).out, "");
    assert_eq!(repo.run(&["--select", RULE, "old/deep/x.md", "old", "b.gen.md"]).out, "");
    assert_eq!(repo.run(&["--select", RULE, "c.txt"]).code, Some(1));
    let links = repo.run(&["--select", "tag:links,docs/*"]).out;
    assert!(!links.contains("old/deep") && !links.contains("b.gen"), "{links}");
    let files = repo.run(&["files"]).out;
    assert!(files.contains("old: not linted: the config excludes it\n"), "{files}");
    assert!(files.contains("c.txt: not linted: the config does not include it\n"), "{files}");
    assert!(!files.contains("old/"), "{files}");
}

#[test]
fn findings_are_ignored_by_the_config() {
    let of = |ignores: &str, arguments: &[&str]| {
        let repo = Repo::with(&[("infralint.yaml", &format!("ignores:\n  - {ignores}\n")), ("a/bad.md", FAULT)]);
        let mut command = repo.command(&[&["--format", "json"], arguments].concat());
        command.env("SOURCE_DATE_EPOCH", "1781784000");
        let report: serde_json::Value = serde_json::from_str(&ran(command).out).unwrap();
        (report["summary"]["errors"].as_u64().unwrap(), report["summary"]["suppressed"].as_u64().unwrap(), report)
    };
    let silenced = |ignores: &str| of(ignores, &[]).1 == 1;
    assert!(silenced("{ rule: docs }") && silenced("{ rule: [secrets, docs/conflict-marker], paths: a }"));
    assert!(!silenced("{ rule: secrets }") && !silenced("{ rule: docs, paths: b }"));
    assert!(!silenced("{ rule: docs, subject: thing }"));
    assert!(silenced("{ rule: docs, until: 2026-06-18 }") && !silenced("{ rule: docs, until: 2026-06-17 }"));
    // Only comments are no matter of `--no-inline`.
    let (errors, suppressed, report) = of("{ rule: docs, reason: history }", &["--no-inline", "--show-suppressed"]);
    assert_eq!((errors, suppressed), (0, 1));
    assert_eq!(report["findings"][0]["suppressed"], serde_json::json!({"by": "config", "reason": "history"}));
}

#[test]
fn what_a_policy_demands_is_neither_hidden_nor_let_pass() {
    let repo = Repo::with(&[
        ("infralint.yaml", "root: true\nfail-on: never\n"),
        ("policy.yaml", "select: [docs/conflict-marker]\nseverity: {docs/conflict-marker: warning}\n"),
        ("a.txt", FAULT),
    ]);
    assert_eq!(repo.run(&[]).code, Some(0));
    for options in
        [&["--min-severity", "error"][..], &["--fail-on", "never"], &["--fail-on", "error"], &["--select", "k8s"]]
    {
        let ran = repo.run(&[&["--policy", "policy.yaml"], options].concat());
        assert_eq!((ran.code, ran.out.lines().count()), (Some(1), 1), "{options:?}: {}", ran.out);
    }
}

#[test]
fn a_policy_lies_over_everything() {
    let comment = "<!-- infralint: ignore-file[docs] mine -->\n";
    let repo = Repo::with(&[
        (
            "infralint.yaml",
            "ignore: [docs]\nexclude: [old]\nfail-on: never\nignores: [{ rule: docs }]\nseverity: { docs: info }\n",
        ),
        ("a.md", &format!("{comment}{FAULT}")),
        ("old/b.md", FAULT),
        ("hidden/c.md", FAULT),
        ("gone/d.md", FAULT),
        (".infralintignore", "hidden\n"),
        ("org/policy.yaml", "select: [docs/conflict-marker]\nexclude: [gone]\nfail-on: error\n"),
    ]);
    assert_eq!(repo.run(&[]).out, "");
    let ran = repo.run(&["--policy", "org/policy.yaml", "--ignore", "docs", "--fail-on", "never"]);
    let lines: Vec<&str> = ran.out.lines().map(|line| line.split(" conflict").next().unwrap()).collect();
    let marker = "error docs/conflict-marker";
    let expected =
        [format!("a.md:2:1: {marker}"), format!("hidden/c.md:1:1: {marker}"), format!("old/b.md:1:1: {marker}")];
    assert_eq!(lines.iter().filter(|line| line.contains(RULE)).copied().collect::<Vec<_>>(), expected, "{}", ran.out);
    assert_eq!(ran.code, Some(1));
    let broken = repo.run(&["--policy", "none.yaml"]);
    assert_eq!((broken.code, broken.err.as_str()), (Some(2), "infralint: none.yaml: there is no such file\n"));
}
