use super::*;
use crate::rule::library::Library;
use crate::syntax::Kind;

fn errors(text: &str) -> Vec<String> {
    let found = match read("infralint.yaml", text) {
        Err(errors) => errors,
        Ok(config) => match Packs::default().library(&config) {
            Err(errors) => errors,
            Ok(library) => config.selection(&library, Laid::default()).err().unwrap_or_default(),
        },
    };
    found.iter().map(ToString::to_string).collect()
}

fn library() -> Library {
    Library::builtin().unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn on(text: &str, laid: Laid<'_>) -> Vec<String> {
    let library = library();
    let selection = read("infralint.yaml", text).unwrap().selection(&library, laid).unwrap();
    let numbered = library.rules.iter().zip(&selection.states);
    numbered.filter(|(_, state)| state.on).map(|(rule, _)| rule.id.to_string()).collect()
}

#[test]
fn every_error_stands_at_its_words() {
    let text = "root: maybe\nselct: [a]\nextends: ../x\nseverity: { docs/conflict-marker: fatal }\nkinds: { 'a/*': yml }\nexclude: ['a[']\nfail-on: all\n";
    let found = errors(text);
    assert_eq!(found[0], "infralint.yaml:1:7: root must be true or false");
    assert!(found[1].starts_with(
        "infralint.yaml:2:1: unknown key in a config: `selct`, did you mean `select`? (known: root, packs, "
    ));
    assert!(found[2].starts_with("infralint.yaml:3:1: `extends` is not supported yet"));
    assert_eq!(found[3], "infralint.yaml:4:35: severity must be error, warning or info");
    assert!(found[4].starts_with("infralint.yaml:5:17: unknown kind `yml`"));
    assert!(found[5].starts_with("infralint.yaml:6:11: glob: "));
    assert_eq!(found[6], "infralint.yaml:7:10: fail-on must be error, warning, info or never");
    assert_eq!(found.len(), 7);
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
    assert!(found.iter().any(|e| e == "infralint.yaml:4:40: option `max` wants a int"), "{found:?}");
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
    let own = on(text, Laid::default());
    assert!(
        own.contains(&"docs/conflict-marker".to_owned()) && !own.contains(&"infralint/unused-suppression".to_owned())
    );
    let words = |word: &str| vec![word.to_owned()];
    let select = words("infralint/unused-suppression");
    assert_eq!(on(text, Laid { select: &select, ..Laid::default() }), ["infralint/unused-suppression"]);
    let ignore = words("infralint");
    assert_eq!(on(text, Laid { ignore: &ignore, ..Laid::default() }), ["docs/conflict-marker"]);
    let unknown = words("nonsense");
    let laid = Laid { select: &unknown, ..Laid::default() };
    let found = read("infralint.yaml", text).unwrap().selection(&library(), laid).unwrap_err();
    assert!(found[0].to_string().starts_with("command line: no rule, pack or alias is called `nonsense`"));
}

#[test]
fn severities_and_enforcement_reach_the_rules() {
    let library = library();
    let config = read("c", "severity: { docs: info }\nenforce: [docs/conflict-marker]\nfail-on: never\n").unwrap();
    assert_eq!(config.fail_on, Some(None));
    let selection = config.selection(&library, Laid::default()).unwrap();
    let state = &selection.states[library.index.number("docs/conflict-marker").unwrap()];
    assert_eq!((state.severity, state.enforced), (Some(Severity::Info), true));
}

#[test]
fn globs_mean_folders_and_any_depth() {
    let config = read(
        "c",
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
}
