use super::*;
use crate::syntax::Kind;

/// A config by itself, which nothing else can be opened from.
fn scope(text: &str, laid: &Laid) -> Result<Scope, Vec<LoadError>> {
    let config = read("infralint.yaml", "", text)?;
    let chain = Chain::follow("infralint.yaml", config, &|_, word| Err(format!("{word}: there is no such file")))?;
    let library = Packs::default().library(&chain)?;
    Scope::new(Arc::new(chain), Arc::new(library), laid)
}

fn errors(text: &str) -> Vec<String> {
    let found = scope(text, &Laid::default()).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

/// The rules that run for a file.
fn on_for(path: &str, text: &str, laid: &Laid) -> Vec<String> {
    let scope = scope(text, laid).unwrap();
    let selection = scope.selection(&scope.overrides(path));
    let numbered = scope.library.rules.iter().zip(&selection.states);
    numbered.filter(|(_, state)| state.on).map(|(rule, _)| rule.id.to_string()).collect()
}

fn on(text: &str, laid: &Laid) -> Vec<String> {
    on_for("a.md", text, laid)
}

/// The state of a rule for a file.
fn state(id: &str, path: &str, text: &str, laid: &Laid) -> crate::rule::select::State {
    let scope = scope(text, laid).unwrap();
    let number = scope.library.index.number(id).unwrap();
    scope.selection(&scope.overrides(path)).states[number].clone()
}

fn chain(text: &str) -> Arc<Chain> {
    let config = read("policy.yaml", "", text).unwrap();
    Arc::new(Chain::follow("policy.yaml", config, &|_, word| Err(word.to_owned())).unwrap())
}

#[test]
fn every_error_stands_at_its_words() {
    let text = "root: maybe\nselct: [a]\nextends: recomended\nseverity: { docs/conflict-marker: fatal }\nkinds: { 'a/*': yml }\nexclude: ['a[']\nfail-on: all\n";
    let found = errors(text);
    assert_eq!(found[0], "infralint.yaml:1:7: root must be true or false");
    assert!(found[1].starts_with(
        "infralint.yaml:2:1: unknown key in a config: `selct`, did you mean `select`? (known: root, extends, "
    ));
    assert_eq!(found[2], "infralint.yaml:4:35: severity must be error, warning or info");
    assert!(found[3].starts_with("infralint.yaml:5:17: unknown kind `yml`"));
    assert!(found[4].starts_with("infralint.yaml:6:11: glob: "));
    assert_eq!(found[5], "infralint.yaml:7:10: fail-on must be error, warning, info or never");
    assert_eq!(found.len(), 6);
    assert_eq!(
        errors("extends: recomended\n"),
        ["infralint.yaml:1:10: recomended: there is no such file; did you mean the preset `recommended`?"]
    );
}

#[test]
fn names_that_nothing_has_are_errors_too() {
    let text = "ignore:\n  - docs/conflict-markr\noptions:\n  infra-spec/task-count: { mn: 3, max: many }\n  docs/conflict-marker: { a: 1 }\ndocuments: { infra-spec.task: ['*.md'] }\n";
    assert!(
        errors(text)[0].starts_with(
            "infralint.yaml:6:14: unknown document type `infra-spec.task`, did you mean `infra-spec.tasks`?"
        )
    );
    let found = errors(&text[..text.find("documents").unwrap()]);
    assert!(
        found[0]
            .starts_with("infralint.yaml:2:5: no rule, pack or alias is called `docs/conflict-markr`; did you mean")
    );
    assert!(
        found.iter().any(|e| e.starts_with("infralint.yaml:5:27: unknown option of docs/conflict-marker `a`")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|e| e
                .starts_with("infralint.yaml:4:28: unknown option of infra-spec/task-count `mn`, did you mean `min`?")),
        "{found:?}"
    );
    assert!(found.iter().any(|e| e == "infralint.yaml:4:40: option `max` wants a whole number"), "{found:?}");
}

#[test]
fn broken_yaml_and_empty_files() {
    assert!(errors("a: [")[0].starts_with("infralint.yaml:"));
    assert_eq!(errors("- a\n"), ["infralint.yaml:1:1: a config must be a mapping"]);
    assert_eq!(errors("root: true\n---\nroot: true\n"), ["infralint.yaml:2:1: a config is one YAML document"]);
    assert_eq!(errors("# nothing\n"), Vec::<String>::new());
    assert_eq!(errors(""), Vec::<String>::new());
    assert_eq!(errors("root: true\nroot: true\n"), ["infralint.yaml:2:1: the key `root` is there twice"]);
}

#[test]
fn the_command_line_lies_over_the_config() {
    let text = "select: [docs/conflict-marker, infralint]\nignore: [infralint/unused-suppression]\n";
    let own = on(text, &Laid::default());
    assert!(
        own.contains(&"docs/conflict-marker".to_owned()) && !own.contains(&"infralint/unused-suppression".to_owned())
    );
    let words = |word: &str| vec![word.to_owned()];
    assert_eq!(
        on(text, &Laid { select: words("infralint/unused-suppression"), ..Laid::default() }),
        ["infralint/unused-suppression"]
    );
    assert_eq!(on(text, &Laid { ignore: words("infralint"), ..Laid::default() }), ["docs/conflict-marker"]);
    let laid = Laid { select: words("nonsense"), ..Laid::default() };
    let found = scope(text, &laid).err().unwrap();
    assert!(found[0].to_string().starts_with("command line: no rule, pack or alias is called `nonsense`"));
}

#[test]
fn severities_and_enforcement_reach_the_rules() {
    let text = "severity: { docs: info }\nenforce: [docs/conflict-marker]\nfail-on: never\n";
    let scope = scope(text, &Laid::default()).unwrap();
    assert_eq!(scope.chain.fail_on(), Some(None));
    let state = state("docs/conflict-marker", "a.md", text, &Laid::default());
    assert_eq!((state.severity, state.enforced, state.bound), (Some(Severity::Info), true, false));
    let laid = Laid { select: vec!["docs/conflict-marker".into()], ..Laid::default() };
    assert_eq!(self::state("docs/conflict-marker", "a.md", text, &laid), state);
}

#[test]
fn overrides_hold_for_their_files() {
    let text = "ignore: [docs]\noverrides:\n  - { paths: [legacy], select: docs/conflict-marker, ignore: [secrets, yaml], severity: { docs: info } }\n  - paths: '*.tmp.md'\n    options: { infra-spec/task-count: { min: 3 } }\n";
    let at = |path: &str| on_for(path, text, &Laid::default());
    let has = |path: &str, rule: &str| at(path).iter().any(|id| id == rule);
    assert!(!has("a.md", "docs/conflict-marker") && has("a.md", "yaml/duplicate-key"));
    assert!(has("x/legacy/a.md", "docs/conflict-marker") && !has("legacy/a.md", "yaml/duplicate-key"));
    let rule = |path: &str| state("docs/conflict-marker", path, text, &Laid::default());
    assert_eq!((rule("legacy/a").severity, rule("a").severity), (Some(Severity::Info), None));
    let count = |path: &str| state("infra-spec/task-count", path, text, &Laid::default()).options[0].clone();
    assert_eq!((count("a/b.tmp.md"), count("b.md")), (Some(Literal::Int(3)), Some(Literal::Int(15))));
    // The command line lies over all of it, but for what is left out in some files.
    let laid = Laid { select: vec!["yaml".into()], ..Laid::default() };
    assert!(on_for("a.md", text, &laid).iter().all(|id| id.starts_with("yaml/")) && !on("", &laid).is_empty());
    assert_eq!(on_for("legacy/a.md", text, &laid), Vec::<String>::new());
}

#[test]
fn overrides_and_ignores_are_refused_at_their_words() {
    let found = errors(
        "overrides:\n  - { pths: [a], select: [nothing] }\n  - a\nignores:\n  - { paths: ['a['], until: never }\nruleset: '9.0'\ninclude: [../a]\n",
    );
    let expected = [
        "2:5: an override needs `paths`",
        "2:7: unknown key in an override: `pths`, did you mean `paths`? (known: paths, select, ignore, severity, options)",
        "3:5: an override must be a mapping",
        "5:15: glob: unclosed character class; missing ']'",
        "5:29: `never` is no day: write 2026-12-31",
        "5:5: an entry of ignores needs `rule`",
        "6:10: this is infralint ",
        "7:11: glob: none leads out of the folder",
    ];
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in sorted.iter().zip(expected) {
        assert!(found.starts_with(&format!("infralint.yaml:{expected}")), "{found}");
    }
    let found = errors(
        "overrides: [{ paths: [a], ignore: [dcs], options: { infra-spec/task-count: { mx: 1 } } }]\nignores: [{ rule: nix }]\n",
    );
    assert!(found[0].starts_with("infralint.yaml:1:36: no rule, pack or alias is called `dcs`"), "{found:?}");
    assert!(found[1].starts_with("infralint.yaml:1:78: unknown option of infra-spec/task-count `mx`"), "{found:?}");
    assert!(found[2].starts_with("infralint.yaml:2:19: no rule, pack or alias is called `nix`"), "{found:?}");
}

#[test]
fn an_infralint_too_old_says_nothing_else() {
    assert_eq!(
        errors("brandnew: 1\nrequired-version: '>=9.1'\n"),
        [format!("infralint.yaml:2:19: this is infralint {}, and the config requires >=9.1", version::OWN)]
    );
    assert!(errors("required-version: soon\n")[0].contains("1:19: `soon` requires no version: write"));
    assert_eq!(errors(&format!("required-version: '>=0.1, <={}'\n", version::OWN)), Vec::<String>::new());
}

#[test]
fn a_pinned_ruleset_keeps_newer_rules_off() {
    // Every rule is newer than this.
    assert_eq!(on("ruleset: '0.0'\n", &Laid::default()), Vec::<String>::new());
    assert_eq!(on("ruleset: '0.0'\nselect: [docs, default, 'k8s/*']\n", &Laid::default()), Vec::<String>::new());
    let named = "ruleset: '0.0'\nextend-select: docs/conflict-marker\n";
    assert_eq!(on(named, &Laid::default()), ["docs/conflict-marker"]);
    assert_eq!(on("ruleset: 0.1\n", &Laid::default()), on("", &Laid::default()));
}

#[test]
fn variants_have_severities_of_their_own() {
    let scope = scope("", &Laid::default()).unwrap();
    let rule = scope.library.rules.iter().find(|rule| rule.variants.len() > 1).unwrap();
    let text = format!("severity: {{ '{}:{}': info }}\n", rule.id, rule.variants[1].name);
    let state = state(&rule.id, "a", &text, &Laid::default());
    assert_eq!(
        (state.severity_of(Some(1)), state.severity_of(Some(0)), state.severity),
        (Some(Severity::Info), None, None)
    );
}

#[test]
fn a_policy_cannot_be_taken_back() {
    let policy = chain(
        "select: [docs/conflict-marker]\nenforce: [yaml/duplicate-key]\nignore: [secrets]\nseverity: { yaml/duplicate-key: warning }\n",
    );
    let laid = Laid { policy: Some(policy), ignore: vec!["docs".into()], ..Laid::default() };
    let text = "ignore: [all]\nseverity: { docs/conflict-marker: info, yaml/duplicate-key: info }\noverrides: [{ paths: ['**'], ignore: [docs] }]\n";
    assert_eq!(on(text, &laid), ["docs/conflict-marker", "yaml/duplicate-key"]);
    let marker = state("docs/conflict-marker", "a.md", text, &laid);
    assert_eq!((marker.severity, marker.enforced, marker.bound), (None, true, true));
    assert_eq!(state("yaml/duplicate-key", "a.md", text, &laid).severity, Some(Severity::Warning));
    assert!(!on("select: [all]\n", &laid).iter().any(|id| id.starts_with("secrets/")));
    let scope = scope("exclude: [old]\ninclude: ['*.md']\n", &laid).unwrap();
    let left = |path: &str| scope.leaves_out(path, false);
    assert_eq!((left("a.md"), left("old/a.md"), left("a.yaml")), (Left::In, Left::Bound, Left::Bound));
    let bound = scope.bound(&[]);
    assert_eq!(bound.states.iter().filter(|state| state.on).count(), 2);
}

#[test]
fn what_lies_over_what() {
    let open = |_: &Config, word: &str| {
        match word {
        "base" => Ok(Opened {
            id: "base".into(),
            path: "base".into(),
            base: String::new(),
            text: "select: [docs, yaml]\nignore: [docs/conflict-marker]\nseverity: { docs: info }\nfail-on: error\nexclude: [a]\noptions: { infra-spec/task-count: { min: 1, max: 2 } }\n".into(),
        }),
        "me" => Ok(Opened { id: "top".into(), path: "top".into(), base: String::new(), text: String::new() }),
        _ => Err(format!("{word}: none")),
    }
    };
    let config = read(
        "top",
        "",
        "extends: [base, strict, base]\nignore: [yaml]\nexclude: [b]\noptions: { infra-spec/task-count: { min: 0 } }\n",
    )
    .unwrap();
    let chain = Chain::follow("top", config, &open).unwrap();
    assert_eq!(
        chain.layers().iter().map(|c| c.path.as_str()).collect::<Vec<_>>(),
        ["base", "preset strict", "base", "top"]
    );
    assert!(chain.excludes("a/x") && chain.excludes("b") && !chain.excludes("c"));
    assert_eq!(chain.fail_on(), Some(Some(Severity::Error)));
    let scope =
        Scope::new(Arc::new(chain), Arc::new(Packs::default().library(&Chain::default()).unwrap()), &Laid::default())
            .unwrap();
    let selection = scope.selection(&[]);
    let number = |id: &str| scope.library.index.number(id).unwrap();
    assert!(!selection.states[number("yaml/duplicate-key")].on && !selection.states[number("docs/conflict-marker")].on);
    assert_eq!(
        selection.states[number("infra-spec/task-count")].options,
        [Some(Literal::Int(0)), Some(Literal::Int(2))]
    );
    let origins = scope.origins(number("yaml/duplicate-key"), &[]);
    assert_eq!(origins.last().map(|told| (told.origin, told.on)), Some(("`ignore` in top:2", false)));

    let circle = read("top", "", "root: true\nextends: me\n").unwrap();
    let found = Chain::follow("top", circle, &open).unwrap_err();
    assert_eq!(found[0].to_string(), "top:2:10: top extends this file in turn");
}

#[test]
fn globs_mean_folders_and_any_depth() {
    let config = read(
        "c",
        "",
        "exclude: [vendor, docs/old/, '*.gen.md', ./a/*.md]\nkinds: { 'ops/**': compose, 'ops/x.yaml': kubernetes }\n",
    )
    .unwrap();
    for path in ["vendor/a", "x/vendor/y/z", "docs/old/a/b", "x/a.gen.md", "a/b.md"] {
        assert!(config.exclude.contain(path), "{path}");
    }
    for path in ["vendored", "x/docs/old/a", "a/b/c.md"] {
        assert!(!config.exclude.contain(path), "{path}");
    }
    assert_eq!(config.kinds.of("ops/a/b.yml"), Some(Kind::Compose));
    assert_eq!(config.kinds.of("ops/x.yaml"), Some(Kind::Kubernetes));
    assert_eq!(config.kinds.of("x.yaml"), None);
    let nested = read("c", "sub/[x]", "exclude: [vendor, docs/old/]\n").unwrap();
    assert!(nested.exclude.contain("sub/[x]/a/vendor/b") && nested.exclude.contain("sub/[x]/docs/old"));
    assert!(!nested.exclude.contain("vendor") && !nested.exclude.contain("sub/x/vendor"));
}
