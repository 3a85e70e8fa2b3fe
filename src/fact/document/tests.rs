use super::build::document;
use super::scope::{Around, Scope};
use super::terms::Terms;
use super::*;
use crate::fact::inventory::Inventory;
use crate::fact::{Context, DocumentTypes, Facts, File, Looks, NoDocuments, Wanted};
use crate::syntax::Kind;
use crate::syntax::markdown::parse;
use crate::syntax::yaml::Yaml;
use crate::text::{Source, Text};
use std::sync::Arc;

fn read(source: &str) -> Document {
    let terms = terms();
    with_file(source, |file| document(&Scope::file(&parse(source), Around { file, terms: &terms })))
}

fn with_file<T>(source: &str, look: impl FnOnce(&File<'_>) -> T) -> T {
    let (path, source, context) = ("docs/adr/0001-x.md", Source::new(source), Context::default());
    let (kind, documents, inventory) = (Kind::Markdown, &NoDocuments, Inventory::default());
    let (inventory, context) = (&inventory, &context);
    look(&File { path, source: &source, kind, sure: true, foreign: false, documents, context, inventory, day: None })
}

/// The words of the built-in packs.
fn terms() -> Terms {
    let mut terms = Terms::default();
    for pack in ["adr", "docs", "infra-spec"] {
        let text = std::fs::read_to_string(format!("rules/{pack}/pack.yaml")).unwrap();
        let (whole, root) = (Text::whole(&text), "words");
        let yaml = Yaml::parse(&whole);
        for (language, things) in yaml.root(0).and_then(|pack| pack.get(root)).unwrap().written() {
            for (thing, names) in things.written() {
                let names: Vec<&str> = names.items().filter_map(|name| name.scalar()).collect();
                terms.add(language.scalar().unwrap(), thing.scalar().unwrap(), names);
            }
        }
    }
    terms
}

fn status(source: &str) -> Option<(String, String, String)> {
    let entry = read(source).header.status?;
    let value = entry.value.known().cloned().unwrap_or_default();
    let shown = entry.value.span().map(|span| span.slice(source).to_owned()).unwrap_or_default();
    Some((value, shown, entry.syntax))
}

#[test]
fn a_field_is_found_in_each_of_its_syntaxes() {
    let cases = [
        ("---\nstatus: \"accepted\" # yes\n---\n# T\n", "frontmatter"),
        ("+++\nstatus = \"accepted\" # yes\n[x]\nstatus = \"draft\"\n+++\n# T\n", "frontmatter"),
        ("{\n  \"status\": \"accepted\"\n}\n\n# T\n", "frontmatter"),
        ("# T\n\n## Status\n\naccepted\n\nlater\n\n## Context\n", "heading"),
        ("# T\n\n## 1. Status:\n\n* accepted\n", "heading"),
        ("# T\n\n## Status\n<!-- one of -->\n\nStatus: accepted\n", "line"),
        ("# T\n\nStatus: accepted\nDate: 2020-01-01\n", "line"),
        ("# T\n\n**Status:** accepted (since May)\n", "bold"),
        ("# T\n\n**Status**: ✅ accepted <!-- note -->\n", "bold"),
        ("# T\n\n- Status: accepted\n- Date: x\n", "bullet"),
        ("# T\n\n* **Status**: [accepted](x.md)\n", "bullet"),
        ("# T\n\n| Status | accepted |\n|---|---|\n| Date | x |\n", "table row"),
        ("# T\n\n| | |\n|---|---|\n| Status: | accepted |\n", "table row"),
        ("# T\n\n| Status | Date |\n|---|---|\n| accepted | x |\n", "table column"),
        ("# T\n\nstatus:: accepted\n", "double colon"),
        ("# T\n\n**Status:** accepted | **Date:** 2025-03-26 | **Review:** soon\n", "bold"),
        ("# T\n\n**Date:** x · **Status:** ~~proposed~~ accepted\n", "bold"),
        ("# Status\n\naccepted\n\n# Context\n", "heading"),
        ("\u{feff}# T\r\n\r\n> Status: accepted\r\n", "line"),
        ("# T\n\n**Status** – accepted\n", "bold"),
    ];
    for (source, syntax) in cases {
        let expected = Some(("accepted".to_owned(), "accepted".to_owned(), syntax.to_owned()));
        assert_eq!(status(source), expected, "{source}");
    }
}

#[test]
fn a_field_is_looked_for_in_the_header_only() {
    let without = [
        "# T\n\n## Context\n\ntext\n\n## Decision\n\nStatus: accepted\n",
        "# T\n\n| Requirement | Status | Note |\n|---|---|---|\n| a | done | x |\n| b | done | x |\n",
        "# T\n\n```\nStatus: accepted\n```\n",
        "# T\n\nThe status: it is good. See http://x.\n",
        "# T\n\n`Status: accepted`, we said\n",
    ];
    for source in without {
        assert!(read(source).header.status.is_none(), "{source}");
    }
}

#[test]
fn an_empty_value_is_absent_and_a_list_is_a_value() {
    let empty = read("# T\n\n**Status:** <!-- proposed -->\n").header.status.unwrap();
    assert!(empty.value.is_absent());
    let below = read("# T\n\n## Status\n\n## Context\nx\n").header.status.unwrap();
    assert!(below.value.is_absent());
    let listed = read("# T\n\n**Dependencies:**\n\n- a `x`\n- b\n").header.dependencies.unwrap();
    assert_eq!((listed.value.known().map(String::as_str), listed.code), (Some("a x, b"), true));
    let front = read("---\ndepends_on:\n  - 001-a\n  - 002-b\nblocks: [x]\nnull_one: ~\n---\n# T\n");
    assert_eq!(front.header.dependencies.unwrap().value.known().unwrap(), "001-a, 002-b");
    assert!(front.fields[2].value.is_absent());
}

#[test]
fn sections_and_outline_compare_without_dress() {
    let source = "# T\n\n**Context:** we\n\n## 2. Monitoring & *Logging*:\n\n- a\n- b\n\n### Sub\n\n1. x\n\n```SH\nls\n```\n\n## Empty\n\n<!-- todo -->\n\n## Last\n";
    let document = read(source);
    let seen: Vec<_> = document
        .sections
        .iter()
        .map(|s| (s.name.as_str(), s.number.as_deref(), s.items, s.ordered_items, s.subsections, s.has_content))
        .collect();
    assert_eq!(
        seen,
        [
            ("monitoring and logging", Some("2"), 3, 1, 1, true),
            ("sub", None, 1, 1, 0, true),
            ("empty", None, 0, 0, 0, false),
            ("last", None, 0, 0, 0, false),
        ]
    );
    assert_eq!(document.sections[0].fences[0].value, "sh");
    assert_eq!(document.sections[1].path, "monitoring and logging/sub");
    let outline: Vec<_> = document.outline.iter().map(|name| name.value.as_str()).collect();
    assert_eq!(outline, ["context", "monitoring and logging", "sub", "empty", "last"]);
    assert_eq!(document.lines, 22);
}

const PLAN: &str = "# Tasks\n\n### Phase 1: Infrastructure Setup\n\n1. [ ] Create `x` account\n   - Estimated effort: 2-4 hours\n   - Dependencies: None\n   - Verification: log in and see it\n2. [x] Provision\n   - **Effort**: 1 day\n   - **Depends on**: Task 1, Task 9\n   - **Verification**: `curl x`\n\n### Phase 3: Monitoring & Logging\n\n10. [ ] Alert (30 min)\n   - Estimated effort: a while\n   - Dependencies: Tasks 1 and 11\n   - Verification: it rings the bell\n\n11. [ ] Bare\n\n## Definition of Done\n\n- [ ] all green\n- [ ] more\n- [ ] more\n- [ ] more\n- [ ] more\n";

#[test]
fn tasks_have_fields_phases_and_dependencies() {
    let document = read(PLAN);
    assert_eq!(document.task_syntax, "numbered check boxes `1. [ ]`, the first on line 5");
    let seen: Vec<_> =
        document.tasks.iter().map(|t| (t.text.value.as_str(), t.number.as_deref().unwrap(), t.done, t.phase)).collect();
    assert_eq!(
        seen,
        [
            ("Create x account", "1", Some(false), Some(1)),
            ("Provision", "2", Some(true), Some(1)),
            ("Alert (30 min)", "10", Some(false), Some(3)),
            ("Bare", "11", Some(false), Some(3)),
        ]
    );
    let hours = |index: usize| {
        let effort = document.tasks[index].effort.clone()?;
        Some((effort.parsed, effort.least.known().copied(), effort.most.known().copied()))
    };
    assert_eq!(hours(0), Some((true, Some(2.0), Some(4.0))));
    assert_eq!(hours(1), Some((true, Some(8.0), Some(8.0))));
    assert_eq!(hours(2), Some((false, None, None)));
    assert_eq!(hours(3), None);
    assert_eq!(document.tasks[1].unknown_dependency.as_ref().map(|n| n.span.slice(PLAN)), Some("9"));
    assert_eq!(document.tasks[2].later_dependency.as_ref().map(|n| n.value.as_str()), Some("11"));
    let verification = document.tasks[1].verification.clone().unwrap();
    assert_eq!((verification.words, verification.code), (2, true));
    assert!(document.tasks[3].verification.is_none());
    assert!(document.tasks[3].dependencies.is_none());
}

#[test]
fn phases_are_headings_or_bold_lines() {
    let phases = |source: &str| -> Vec<(String, bool, i64)> {
        read(source).phases.iter().map(|p| (p.numbered_name.value.clone(), p.in_sequence, p.tasks)).collect()
    };
    let one = |name: &str, ok, tasks| (name.to_owned(), ok, tasks);
    assert_eq!(phases(PLAN), [one("1: infrastructure setup", true, 2), one("3: monitoring and logging", false, 2)]);
    assert_eq!(
        phases("# T\n\n**Phase 1: Setup**\n\n- [ ] a\n\n**Phase 2 – Go:**\n\n**Phase 3** is not alone\n"),
        [one("1: setup", true, 1), one("2: go", true, 0)]
    );
    assert_eq!(
        phases("# T\n\n## 🚀 Phase 1\n\n### Phase 1 checks\n\n## Phases\n\n## Phase 2b\n"),
        [one("1: ", true, 0)]
    );
}

#[test]
fn one_syntax_is_counted() {
    let count = |source: &str| {
        let document = read(source);
        (document.tasks.len(), document.task_syntax.split(',').next().unwrap_or("").to_owned())
    };
    let headings = "# T\n\n## Task 1: a\n\n**Effort**: 3h\n\n- [ ] step\n- [ ] step\n- [ ] step\n\n## Task 2\n\n### Verification\n\nit works well\n";
    assert_eq!(count(headings), (2, "headings `Task N`".to_owned()));
    let document = read(headings);
    assert_eq!(document.tasks[0].effort.as_ref().map(|e| e.parsed), Some(true));
    assert_eq!(document.tasks[1].verification.as_ref().map(|v| v.words), Some(3));
    let ids = "## Phase 1: x\n\n- [ ] T001 [P] a\n  - Dependencies: None\n- [x] T002 b\n  - Dependencies: T001, T003\n  - [ ] nested\n";
    assert_eq!(count(ids), (2, "check boxes with an id `- [ ] T001`".to_owned()));
    assert_eq!(read(ids).tasks[1].unknown_dependency.as_ref().map(|n| n.value.as_str()), Some("T003"));
    assert_eq!(count("- [ ] a\n- [x] b\n- c\n"), (2, "check boxes `- [ ]`".to_owned()));
    assert_eq!(count("# T\n\ntext\n").0, 0);
}

#[test]
fn dependencies_outside_the_plan_are_left_alone() {
    let plan = |deps: &str| {
        let source = format!("1. [ ] a\n   - Dependencies: {deps}\n2. [ ] b\n3. [ ] c\n   - Dependencies: {deps}\n");
        let tasks = read(&source).tasks;
        (tasks[2].unknown_dependency.iter().len(), tasks[2].later_dependency.iter().len())
    };
    for quiet in ["None", "AWS account", "Tasks 1-2", "1, 2", "Task 7 of spec 002", "Phase 9", "Python 3.12", "step 1"]
    {
        assert_eq!(plan(quiet), (0, 0), "{quiet}");
    }
    assert_eq!(plan("Task 3"), (0, 1));
    assert_eq!(plan("Tasks 1, 2 and 8"), (1, 0));
    assert_eq!(plan("#12"), (1, 0));
    let restarted = "# T\n\n## Phase 1\n\n1. [ ] a\n\n## Phase 2\n\n1. [ ] b\n   - Dependencies: Task 2\n2. [ ] c\n";
    assert!(read(restarted).tasks.iter().all(|t| t.later_dependency.is_none() && t.unknown_dependency.is_none()));
}

#[test]
fn placeholders_are_found_in_prose_only() {
    let found = |source: &str| -> Vec<String> { read(source).leftovers.iter().map(|l| l.text.value.clone()).collect() };
    assert_eq!(found("# {Component Name} Infrastructure\n"), ["{Component Name}"]);
    assert_eq!(
        found(
            "# [short title]\n\n- Date: [YYYY-MM-DD when]\n- By: YYYY-MM-DD\n\nUse {{tech_stack}} and <fill me>.\n\n| [Component] | x |\n|---|---|\n| Lorem ipsum | y |\n"
        ),
        [
            "[short title]",
            "[YYYY-MM-DD when]",
            "YYYY-MM-DD",
            "{{tech_stack}}",
            "<fill me>",
            "[Component]",
            "Lorem ipsum"
        ]
    );
    let quiet = [
        "# T\n\n`{Component Name}` /users/{User Id} {a,b} ${HOME} {{< ref >}} {{ .Values.x }} {id}\n",
        "# T\n\n- [ ] x\n- [x] y\n\n[a b][c d] [Label]\n\n[Label]: x\n[c d]: y\n",
        "# T\n\n```\n{Component Name}\n```\n\n<details open>\n<b>\nx\n</details>\n",
        "# T\n\nDates are written YYYY-MM-DD. \\{Set Of\\} f{Two Words}\n",
    ];
    for source in quiet {
        assert!(found(source).is_empty(), "{source}: {:?}", found(source));
    }
}

#[test]
fn records_know_their_numbers_and_flavour() {
    let number = |path: &str| super::record::file_number(path);
    assert_eq!(number("docs/adr/adr-2024-05-01-queue.md"), None);
    assert_eq!((number("adr/01-queue.md"), number("adr/adr2.md"), number("adr/0007.md")), (Some(1), Some(2), Some(7)));
    assert_eq!(number("a/0003-x.md"), Some(3));
    assert_eq!(number("adr-014-y.md"), Some(14));
    assert_eq!(number("ODH-ADR-0001-z.md"), Some(1));
    assert_eq!(number("ODH-ADR-Operator-0012-z.md"), Some(12));
    assert_eq!(number("20200102-x.md"), None);
    assert_eq!(number("2020-01-02-x.md"), None);
    assert_eq!(number("readme.md"), None);
    for (title, expected) in
        [("ADR-3: x", Some(3)), ("ADR 003 – x", Some(3)), ("4. x", Some(4)), ("Use 5 x", None), ("ADR: x", None)]
    {
        assert_eq!(read(&format!("# {title}\n")).title_number.known().copied(), expected, "{title}");
    }
    assert_eq!(read("# T\n## Context\n## Decision\n").flavour, "nygard");
    assert_eq!(read("# T\n\nStatus: x\n\n**Decision:** y\n").flavour, "nygard");
    assert_eq!(read("# T\n## Decision\n## Rationale\n").flavour, "edc");
    let parts = |source: &str| {
        let read = read(source);
        (read.has_context, read.has_decision, read.has_consequences, read.has_alternatives)
    };
    assert_eq!(parts("# T\n## The existing decision\n## Contextual\n"), (false, true, false, false));
    assert_eq!(
        parts("# T\n\n**Background:** x\n\n## Consequences of this\n### Alternatives\n"),
        (true, false, true, true)
    );
    assert_eq!(read("# T\n\nStatus: x\n\n## Background\n## Trade-offs\n").flavour, "nygard");
    assert_eq!(read("# T\n\nStatus: x\n\n## What\n\n**Decision:** y\n").flavour, "free");
    assert_eq!(read("# T\n## What\n").flavour, "free");
    assert_eq!(read("# T\n## Context and Problem Statement\n").flavour, "madr");
    let superseded = |text: &str| read(&format!("# T\n\n## Status\n\n{text}\n\n## Context\n\nx\n")).names_successor;
    assert!(superseded("Superseded\n\nSuperseded by [3](x.md)"));
    assert!(superseded("Superseded by ADR-0004"));
    assert!(!superseded("Superseded"));
}

struct Types;

impl DocumentTypes for Types {
    fn of(&self, path: &str, looks: &Looks<'_>) -> Vec<Arc<str>> {
        let told =
            path.starts_with("adr/") || (looks.title == "Spec" && looks.fields.iter().any(|f| f == "component type"));
        if told { vec![Arc::from("adr.record")] } else { Vec::new() }
    }

    fn sections(&self, heading: &str) -> Vec<Arc<str>> {
        if heading.starts_with("ADR-") { vec![Arc::from("adr.record")] } else { Vec::new() }
    }
}

fn subjects(path: &str, text: &str, wanted: &Wanted) -> Vec<String> {
    let source = Source::new(text);
    let (context, inventory) = (Context::default(), Inventory::default());
    let file = File {
        path,
        source: &source,
        kind: Kind::Markdown,
        sure: true,
        foreign: false,
        documents: &Types,
        context: &context,
        inventory: &inventory,
        day: None,
    };
    let mut facts = Facts::default();
    super::build(&file, &parse(text), wanted, &mut facts);
    facts.subjects.iter().map(|s| format!("{} {}", s.name, s.label)).collect()
}

#[test]
fn documents_are_pushed_under_the_names_of_their_types() {
    let wanted = Wanted::of(["adr.record", "adr.record.field", "markdown.fence"].map(Arc::from));
    assert_eq!(
        subjects("adr/1.md", "# T\n\nStatus: x\n\n## Code\n\n```\n```\n", &wanted),
        ["adr.record T", "adr.record.field T", "markdown.fence T > Code"]
    );
    assert_eq!(subjects("x.md", "# Spec\n\n**Component Type**: b\n", &wanted).len(), 2);
    assert!(subjects("x.md", "# Spec\n", &wanted).is_empty());
    let big = "# Big\n\n## Decisions\n\n### ADR-1: One\n\n**Status:** Accepted\n\n### ADR-2: Two\n\nDate: x\n\n### ADR-3: mentioned\n\ntext\n";
    assert_eq!(
        subjects("big.md", big, &wanted),
        [
            "adr.record ADR-1: One",
            "adr.record.field Big > Decisions > ADR-1: One",
            "adr.record ADR-2: Two",
            "adr.record.field Big > Decisions > ADR-2: Two"
        ]
    );
    assert_eq!(subjects("adr/big.md", big, &wanted)[0], "adr.record Big");
    assert!(subjects("adr/big.md", big, &Wanted::default()).is_empty());
}

#[test]
fn frontmatter_is_judged_as_yaml() {
    let judge = |source: &str| {
        with_file(source, |file| parts::frontmatter(&parse(source), file))
            .map(|f| (f.closed, f.mapping.known().copied(), f.keys.len()))
    };
    assert_eq!(judge("---\na: 1\nb: [x]\n---\n"), Some((true, Some(true), 2)));
    assert_eq!(judge("---\n---\n"), Some((true, Some(true), 0)));
    assert_eq!(judge("---\n- a\n---\n"), Some((true, Some(false), 0)));
    assert_eq!(judge("---\na: [1\n---\n").map(|j| j.1), Some(Some(false)));
    assert_eq!(judge("---\na: 1\n\n# T\n"), Some((false, Some(true), 1)));
    assert_eq!(judge("---\ntitle: \"{{ x \"y\" }}\"\n---\n"), Some((true, None, 0)));
    assert_eq!(judge("# T\n"), None);
}

#[test]
fn no_field_is_called_like_a_word_of_the_rule_language() {
    for (name, schema) in schemas("x") {
        for field in schema().fields {
            assert!(!["count", "some", "each", "any", "all", "not", "matches"].contains(&field.name), "{name}");
        }
    }
}

#[test]
fn hostile_documents_are_read_in_linear_time() {
    let n = 20_000;
    let inputs = [
        "## Task 1\n".repeat(n),
        "### Phase 1\n## Status\n".repeat(n / 2),
        "- [ ] T1\n  - Dependencies: T2\n".repeat(n),
        "1. [ ] a\n   - Dependencies: ".to_owned() + &"Task 1, ".repeat(n) + "\n",
        "a: b | ".repeat(n),
        "**a:** b ".repeat(n),
        "{A B} ".repeat(n),
        "> - ".repeat(n),
        "|a".repeat(200) + "\n" + &"|-".repeat(200) + "\n" + &"| b\n".repeat(200),
        "---\n".to_owned() + &"a: b\n".repeat(n) + "---\n",
        "---\na:\n".to_owned() + &"- b\n".repeat(n) + "---\n",
        "(".repeat(n) + ")",
        "Status: ".to_owned() + &"x | ".repeat(n),
    ];
    for source in &inputs {
        let document = read(source);
        assert!(document.tasks.len() <= source.len() && document.span.end as usize <= source.len());
    }
}
