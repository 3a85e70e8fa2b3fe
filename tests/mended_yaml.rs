//! Fixes keep a YAML file what it was: over generated Compose files and the cases of all rules, nothing breaks, nothing new is
//! wrong, no comment is lost, nothing is done twice, and only what a fix is meant to change says something else afterwards.
#![allow(clippy::unwrap_used)]

use infralint::fact::inventory::Inventory;
use infralint::lint::mend::{Level, mend};
use infralint::lint::{Plan, Session};
use infralint::rule::case;
use infralint::rule::library::{Library, embedded_prose};
use infralint::rule::select::Selection;
use infralint::syntax::yaml::{NodeRef, Yaml};
use infralint::text::{Source, Text};
use std::collections::BTreeMap;

/// How many files are generated.
const FILES: u64 = 100;

/// Parts of a service, some of which have something to mend.
const PARTS: &[&str] = &[
    "image: nginx:1.27",
    "image: 'ghcr.io/acme/web:1.0' # the release",
    "restart: unless-stopped",
    "ports:\n  - 22:22\n  - \"8080:80\" # the front",
    "ports: [ 53:53, \"80:80\" ]",
    "ports:\n  # the database\n  - \"5432:5432\"\n  - 6379:6379",
    "ports:\n  - target: 80\n    published: 8080",
    "ports:\n  - '127.0.0.1:3306:3306'\n  -   3306:3306   # both",
    "volumes:\n  - \"./data:/data\" # quoted\n  - '/etc:/host/etc'\n  - data:/var/lib/data",
    "volumes: [ \"data:/d\", /:/host ]",
    "volumes:\n  - type: bind\n    source: /etc\n    target: /e\n    # why\n  - type: volume\n    source: data\n    target: /v",
    "volumes:\n  - /usr:/usr/host\n  - \"${DATA:-./d}:/d\"",
    "tmpfs: /run:exec,size=5m",
    "tmpfs:\n  - /tmp\n  - /run:suid,exec # needs it\n  - \"/x:dev\"",
    "depends_on: [ db, zz ]",
    "depends_on:\n  - db # first\n  # then\n  - zz",
    "depends_on:\n- \"db\"\n- zz",
    "depends_on:\n  db:\n    condition: service_started # soon\n  zz: { condition: service_started }",
    "environment:\n  A: b # plain\n  # and\n  C: \"d: e\"",
    "environment: { A: '22:22', B: no }",
    "command: >-\n  run # no comment\n  now",
    "labels:\n  - \"a=#b\"",
];

/// What stands at the top, before the services or behind them.
const TOPS: &[&str] = &[
    "version: \"3.8\"",
    "version: '3' # old",
    "# by hand",
    "name: shop",
    "volumes:\n  data:\n  # nobody's\n  unused: {}",
    "volumes: { data: {}, other: { driver: local } }",
    "networks:\n  back: # behind\n    driver: bridge",
    "secrets:\n  key:\n    file: ./key.txt",
    "",
    "x-common: &common\n  logging: { driver: json-file }",
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn key(part: &str) -> &str {
    part.split(':').next().unwrap()
}

/// Parts with different keys.
fn parts<'a>(dice: &mut Dice, from: &[&'a str], most: u64) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for _ in 0..=dice.below(most) {
        let part = dice.pick(from);
        if found.iter().all(|other| key(other) != key(part)) {
            found.push(part);
        }
    }
    found
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn compose(seed: u64) -> String {
    let mut dice = Dice(seed);
    let tops = parts(&mut dice, TOPS, 5);
    let split = dice.below(tops.len() as u64 + 1) as usize;
    let step = if dice.below(4) == 0 { 4 } else { 2 };
    let mut text: String = tops[..split].iter().map(|top| format!("{top}\n")).collect();
    text.push_str("services: # what runs\n");
    for name in ["web", "api", "worker"].iter().take(1 + dice.below(3) as usize) {
        text.push_str(&indented(&format!("{name}: # a service"), step));
        for part in parts(&mut dice, PARTS, 7) {
            text.push_str(&indented(part, step * 2));
        }
    }
    text.push_str(&indented(
        "db:\n  image: postgres:16.4\n  healthcheck: { test: [CMD, pg_isready] }\nzz:\n  image: redis:7.2\n",
        step,
    ));
    tops[split..].iter().for_each(|top| text.push_str(&format!("{top}\n")));
    if dice.below(4) == 0 {
        text = text.replace('\n', "\r\n");
    }
    if dice.below(4) == 0 {
        text.truncate(text.trim_end().len());
    }
    text
}

/// Every scalar by the keys above it, as far down as these files go.
fn scalars(text: &str) -> BTreeMap<String, String> {
    fn visit(node: NodeRef<'_>, path: &str, depth: usize, out: &mut BTreeMap<String, String>) {
        if let Some(scalar) = node.scalar() {
            out.insert(path.to_owned(), scalar.to_owned());
        }
        for (key, value) in node.written().filter(|_| depth < 12) {
            visit(value, &format!("{path}.{}", key.scalar().unwrap_or("?")), depth + 1, out);
        }
        for (number, item) in node.items().enumerate().filter(|_| depth < 12) {
            visit(item, &format!("{path}.{number}"), depth + 1, out);
        }
    }
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let mut out = BTreeMap::new();
    for (number, root) in yaml.roots().enumerate() {
        visit(root, &number.to_string(), 0, &mut out);
    }
    out
}

/// The texts of all comments.
fn comments(text: &str) -> Vec<String> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let found = yaml.comments().map(|comment| comment.text.trim().to_owned());
    found.collect()
}

/// What fixes of Compose files may change, by the beginnings and ends of the keys above.
fn may_change(path: &str, level: Level) -> bool {
    let keys: Vec<&str> = path.split('.').skip(1).collect();
    let safe = matches!(keys.as_slice(), ["version"] | ["services", _, "tmpfs", ..]);
    let known = matches!(
        keys.as_slice(),
        ["volumes" | "networks" | "secrets", ..]
            | ["services", _, "ports" | "volumes" | "depends_on" | "cap_drop" | "security_opt" | "read_only", ..]
    );
    safe || level == Level::Unsafe && known
}

struct Bench {
    library: Library,
    selection: Selection,
}

impl Bench {
    fn of(packs: &[&str]) -> Self {
        let library = Library::builtin().unwrap();
        let mut selection = Selection::defaults(&library.rules);
        for (rule, state) in library.rules.iter().zip(&mut selection.states) {
            state.on = packs.contains(&&*rule.pack);
            state.variants.fill(state.on);
        }
        Self { library, selection }
    }

    /// Mends files; each holds what it has to. How many there was something to mend in.
    fn mends(&self, files: impl Iterator<Item = (String, String)>, level: Level, generated: bool) -> usize {
        let mut mended = 0;
        for (path, text) in files {
            let inventory = Inventory::new([path.as_str()]);
            let session = Session::new(Plan::new(&self.library, &self.selection), &inventory);
            let run = |text: &str| mend(&path, &Source::new(text), &session, level, &|_| ());
            let Some(done) = run(&text) else { continue };
            mended += 1;
            let told = || format!("{path}\n---\n{text}\n+++\n{}", done.text);
            let faults = |text: &str| session.syntax_faults(&path, &Source::new(text));
            assert!(faults(&done.text) <= faults(&text), "syntax: {}", told());
            assert_eq!(run(&done.text).map(|again| again.text), None, "again: {}", told());
            let counts = |text: &str| {
                let mut counts: BTreeMap<String, usize> = BTreeMap::new();
                for finding in session.settled(&path, &Source::new(text)) {
                    *counts.entry(finding.rule.to_string()).or_default() += 1;
                }
                counts
            };
            let (before, after) = (counts(&text), counts(&done.text));
            let served = |counts: &BTreeMap<String, usize>| counts.get("k8s/removed-api").copied().unwrap_or_default();
            // Of an object in a version that is served again its fields are looked at.
            let looked_at = |rule: &str| rule.starts_with("k8s/") && served(&after) < served(&before);
            // Keys that are added stand last, in whatever order the others do.
            let ordered = |rule: &str| rule.contains("/unsorted-") || rule.ends_with("-order");
            let looked_at = |rule: &str| looked_at(rule) || !generated && ordered(rule);
            for (rule, count) in after.iter().filter(|(rule, _)| !looked_at(rule)) {
                assert!(count <= before.get(rule).unwrap_or(&0), "{rule} is new: {}", told());
            }
            let fewer = before.iter().any(|(rule, count)| after.get(rule).unwrap_or(&0) < count);
            assert!(fewer, "nothing is gone: {}", told());
            let kept = comments(&done.text);
            let lost: Vec<String> = comments(&text).into_iter().filter(|comment| !kept.contains(comment)).collect();
            // A comment on the line of what is deleted goes with it.
            let goes = |comment: &String| GO_WITH_IT.contains(&comment.as_str());
            assert!(!generated || lost.iter().all(goes), "lost {lost:?}: {}", told());
            if generated {
                let (before, after) = (scalars(&text), scalars(&done.text));
                let same = |path: &String| before.get(path) == after.get(path) || may_change(path, level);
                let other: Vec<_> = before.keys().chain(after.keys()).filter(|path| !same(path)).collect();
                assert!(other.is_empty(), "{other:?} says something else: {}", told());
            }
        }
        mended
    }
}

/// Comments within or on the line of what fixes delete.
const GO_WITH_IT: &[&str] = &["# old", "# behind", "# nobody's"];

#[test]
fn fixes_of_compose_files_break_nothing() {
    let bench = Bench::of(&["compose", "yaml"]);
    for level in [Level::Safe, Level::Unsafe] {
        let files = (0..FILES).map(|seed| ("compose.yaml".to_owned(), compose(seed)));
        // Files without anything to mend would prove nothing.
        let mended = bench.mends(files, level, true);
        assert!(mended > FILES as usize / 3, "{mended}");
    }
}

/// Mends the first file of each case of the packs for YAML.
fn mends_cases(level: Level) {
    let prose = embedded_prose();
    let packs = ["compose", "k8s", "yaml"];
    let own = prose.iter().filter(|(id, _)| packs.iter().any(|pack| id.starts_with(&format!("{pack}/"))));
    let cases = own.flat_map(|(id, prose)| {
        let default = if id.starts_with("compose/") { "compose.yaml" } else { "file.yaml" };
        prose.fail.iter().chain(&prose.pass).filter_map(move |case| case::files(case, default).into_iter().next())
    });
    let mended = Bench::of(&packs).mends(cases.map(|file| (file.path.to_string(), file.text)), level, false);
    assert!(mended > 30, "{mended}");
}

#[test]
fn safe_fixes_of_all_yaml_rules_get_on_with_each_other() {
    mends_cases(Level::Safe);
}

#[test]
fn all_fixes_of_all_yaml_rules_get_on_with_each_other() {
    mends_cases(Level::Unsafe);
}
