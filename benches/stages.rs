//! Where the time of a run goes, over a generated tree or a folder: `cargo bench --bench stages [-- BYTES FILES | FOLDER]`.
//!
//! Each stage is timed alone on one thread, then the whole on two.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use infralint::fact::inventory::Inventory;
use infralint::fact::{self, Facts};
use infralint::lint::{Plan, Session, raw};
use infralint::report::{Base, Format, Look, Owners, Results, Summary, write};
use infralint::rule::library::Library;
use infralint::rule::select::Selection;
use infralint::syntax::kind::{PathContext, classify_path};
use infralint::syntax::{Kind, dockerfile, markdown, yaml};
use infralint::text::{Source, Text};
use infralint::walk::{self, Content, Pool, Project, Target};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The best of so many runs counts.
const RUNS: usize = 5;

fn main() {
    if let Some(folder) = std::env::args().skip(1).find(|argument| Path::new(argument).is_dir()) {
        return stages(&fs::canonicalize(folder).unwrap());
    }
    let numbers: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let (bytes, files) = (numbers.first().copied().unwrap_or(13_500_000), numbers.get(1).copied().unwrap_or(4_800));
    let dir = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(dir.path()).unwrap();
    for (path, text) in support::tree(bytes, files) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    stages(&root);
}

fn stages(root: &Path) {
    let project = Project::new(root.to_owned(), true, vec![Target { path: PathBuf::new(), is_dir: true }]);
    let (walked, listing) =
        best(|| walk::list(&project, &walk::Wish { tracked: None, prunes: &|_| false, everything: false, threads: 1 }));
    let (read, sources) = best(|| {
        let one = |entry: &walk::Entry| match walk::read(&entry.file, &entry.path) {
            Ok(Content::Text(source)) => (entry.path.clone(), source),
            _ => (entry.path.clone(), Source::new("")),
        };
        listing.entries.iter().map(one).collect::<Vec<_>>()
    });
    let bytes: usize = sources.iter().map(|(_, source)| source.text().len()).sum();
    println!("{} files, {:.1} MB, one thread", sources.len(), bytes as f64 / 1e6);
    show("walk", walked, bytes);
    show("read", read, bytes);

    let paths = PathContext::from_paths(listing.inventory.files());
    let kinds: Vec<Kind> = sources.iter().map(|(path, _)| classify_path(path, &paths).kind).collect();
    let of = |wanted: fn(Kind) -> bool| {
        let pairs = sources.iter().zip(&kinds).filter(move |(_, kind)| wanted(**kind));
        pairs.map(|((_, source), _)| source).collect::<Vec<_>>()
    };
    parse("parse Markdown", &of(|k| k == Kind::Markdown), |text| drop(markdown::parse(text)));
    parse("parse YAML", &of(Kind::is_yaml), |text| drop(yaml::Yaml::parse(&Text::whole(text))));
    parse("parse Dockerfiles", &of(|k| k == Kind::Dockerfile), |text| drop(dockerfile::parse(&Text::whole(text))));

    let (start, library) = best(|| Library::builtin().unwrap_or_else(|_| panic!("the rules are sound")));
    let selection = Selection::defaults(&library.rules);
    let (planned, _) = best(|| Plan::new(&library, &selection));
    println!("{:>18}  {:8.2} ms", "load rules", ms(start));
    println!("{:>18}  {:8.2} ms", "plan", ms(planned));
    rules(&library, &selection, &listing.inventory, &sources, bytes);
    whole(&library, &selection, &listing, bytes);
}

fn rules(
    library: &Library,
    selection: &Selection,
    inventory: &Inventory,
    sources: &[(std::sync::Arc<str>, Source)],
    bytes: usize,
) {
    let session = Session::new(Plan::new(library, selection), inventory);
    let files: Vec<_> = sources.iter().map(|(path, source)| session.file(path, source)).collect();
    let (facts_time, facts) = best(|| {
        let one = |file| {
            let mut facts = Facts::default();
            fact::build(file, session.plans.first().wanted(), &mut facts);
            facts
        };
        files.iter().map(one).collect::<Vec<_>>()
    });
    show("parse and facts", facts_time, bytes);
    let subjects: usize = facts.iter().map(|f| f.subjects.len()).sum();
    let (rules_time, found) = best(|| {
        let one = |(file, facts): (&fact::File<'_>, &Facts)| {
            let scope = raw::Scope { path: file.path, kind: file.kind.name(), secrets_only: false };
            raw::run(facts, session.plans.first(), &scope, session.inventory).len()
        };
        files.iter().zip(&facts).map(one).sum::<usize>()
    });
    show("rules", rules_time, bytes);
    let met: usize =
        facts.iter().flat_map(|f| &f.subjects).map(|s| session.plans.first().rules_for(&s.name).len()).sum();
    println!(
        "{:>18}  {subjects} facts, {met} evaluations, {:.0} ns each",
        "",
        rules_time.as_nanos() as f64 / met.max(1) as f64
    );
    let (pattern_time, _) = best(|| {
        let one = |file: &fact::File<'_>| {
            let scope = raw::Scope { path: file.path, kind: file.kind.name(), secrets_only: false };
            let mut found = Vec::new();
            raw::patterns(file.source.text(), session.plans.first(), &scope, &mut found);
            found.len()
        };
        files.iter().map(one).sum::<usize>()
    });
    show("patterns", pattern_time, bytes);
    println!("{:>18}  {found} findings", "");
}

fn whole(library: &Library, selection: &Selection, listing: &walk::Listing, bytes: usize) {
    for threads in [1, 2] {
        let pool = Pool::new(threads);
        let (time, finished) = best(|| {
            let mut session = Session::new(Plan::new(library, selection), &listing.inventory);
            let wanted: Vec<&walk::Entry> = listing.entries.iter().filter(|e| session.wants(&e.path)).collect();
            for entry in wanted {
                if let Ok(Content::Text(source)) = walk::read(&entry.file, &entry.path) {
                    session.learn(&entry.path, source.text());
                }
            }
            session.learn_asked(|_| None);
            let work = |entry: &walk::Entry| match walk::read(&entry.file, &entry.path) {
                Ok(Content::Text(source)) => session.lint(&entry.path, &source),
                _ => Default::default(),
            };
            let outcomes = pool.map(&listing.entries, &|| (), work, |_, _| Default::default());
            session.finish(outcomes)
        });
        show(if threads == 1 { "all, one thread" } else { "all, two threads" }, time, bytes);
        if threads == 2 {
            report(&finished.findings);
        }
    }
}

fn report(findings: &[infralint::diagnostic::Diagnostic]) {
    let summary = Summary::count(findings, &[], 0);
    let base = Base::default();
    let results =
        Results { findings, problems: &[], summary: &summary, rules: &[], base: &base, owners: &Owners::default() };
    let formats = [
        ("report json", Format::Json),
        ("report concise", Format::Concise),
        ("report human", Format::Human),
        ("report sarif", Format::Sarif),
    ];
    for (name, format) in formats {
        let (time, bytes) = best(|| {
            let mut out = Vec::new();
            write(format, &results, &Look::default(), &mut out).unwrap();
            out.len()
        });
        show(name, time, bytes);
    }
}

fn parse(name: &str, sources: &[&Source], one: fn(&str)) {
    let bytes = sources.iter().map(|s| s.text().len()).sum();
    let (time, ()) = best(|| sources.iter().for_each(|source| one(source.text())));
    show(name, time, bytes);
}

fn best<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut shortest: Option<(Duration, T)> = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        if shortest.as_ref().is_none_or(|(known, _)| time < *known) {
            shortest = Some((time, result));
        }
    }
    shortest.unwrap()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn show(name: &str, time: Duration, bytes: usize) {
    println!("{name:>18}  {:8.2} ms  {:8.1} MB/s", ms(time), bytes as f64 / 1e6 / time.as_secs_f64());
}
