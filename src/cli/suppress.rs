//! `infralint suppress`: writes suppression comments for findings that are there already.

use super::args::SuppressArgs;
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Found, Job, Namer};
use super::settings::{self, Settings};
use super::{Exit, Refusal, atomic, output};
use crate::diagnostic::Diagnostic;
use crate::lint::Session;
use crate::lint::silence::{Loud, Words, silence};
use crate::rule::select::Selected;
use crate::text::{Encoding, Source};
use crate::walk::{self, Content, Entry, Pool, Project};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

pub(super) fn suppress(options: &SuppressArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    if options.until.is_some_and(|day| day < run::today()) {
        return Err(Refusal::new("--until names a day that is over: such comments silence nothing"));
    }
    let (projects, missing) = walk::plan(&options.paths, &cwd, &settings::root);
    if let Some(problem) = missing.first() {
        return Err(Refusal::new(format!("{}: {}", problem.path, problem.message)));
    }
    let mut done = Done::default();
    for project in &projects {
        in_project(project, options, &cwd, &mut done)?;
    }
    output::to_stdout(|out| {
        done.left.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        let (findings, files) = (plural(done.findings, "finding"), plural(done.files, "file"));
        writeln!(out, "{findings} suppressed in {files}")
    })?;
    Ok(if done.left.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// What has been written, and what could not be.
#[derive(Default)]
struct Done {
    findings: usize,
    files: usize,
    left: Vec<String>,
}

fn in_project(project: &Project, options: &SuppressArgs, cwd: &Path, done: &mut Done) -> Result<(), Refusal> {
    let (pool, progress) = (Pool::new(0), Progress::new(true));
    let mut settings = Settings::of(&project.root, cwd, &options.select)?;
    let chosen: Vec<Vec<Selected>> = options.rule.iter().map(|rule| settings.find(rule)).collect::<Result<_, _>>()?;
    let listing = run::listing(project, &mut settings, pool.size())?;
    let named: HashSet<&str> = chosen.iter().flatten().map(|s| &*settings.library().rules[s.rule].id).collect();
    let job = Job { inline: true, ..Job::plain(&settings, &pool, &progress) };
    let namer = Namer::new(&project.root, cwd);
    let entries: BTreeMap<String, Entry> =
        listing.entries.iter().map(|entry| (namer.name(&entry.path), entry.clone())).collect();
    let inventory = listing.inventory.clone();
    let mut found = Found::default();
    run::project(project, listing, &job, &mut found, &namer)?;
    let session = run::session(&job, &project.root, &inventory);
    let loud = found.findings.into_iter().filter(|f| f.suppressed.is_none() && named.contains(&*f.rule));
    let mut files: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    loud.for_each(|finding| files.entry(finding.path.to_string()).or_default().push(finding));
    for (path, findings) in files {
        match entries.get(&path) {
            Some(entry) => in_file(entry, findings, &session, options, done),
            None => done.left.extend(findings.iter().map(|f| refused(f, "it is no file of this run"))),
        }
    }
    Ok(())
}

fn refused(finding: &Diagnostic, why: &str) -> String {
    format!("{}:{}: {} is not suppressed: {why}", finding.path, finding.range.start.line, finding.rule)
}

/// Writes the comments of one file, or none of them.
fn in_file(entry: &Entry, findings: Vec<Diagnostic>, session: &Session<'_>, options: &SuppressArgs, done: &mut Done) {
    let plan = session.plans.of(&entry.path, false);
    let (findings, enforced): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| {
        plan.library.index.number(&finding.rule).is_none_or(|number| !plan.rule(number).1.enforced)
    });
    done.left.extend(enforced.iter().map(|finding| refused(finding, "the configuration enforces the rule")));
    if findings.is_empty() {
        return;
    }
    let mut fail = |why: &str| done.left.extend(findings.iter().map(|finding| refused(finding, why)));
    let source = match walk::read(&entry.file, &entry.path) {
        Ok(Content::Text(source)) if source.encoding() == Encoding::Utf8 => source,
        Ok(_) => return fail("the file is too large, or no UTF-8"),
        Err(problem) => return fail(&problem.message),
    };
    let library = plan.library;
    let loud: Vec<Loud> = findings
        .iter()
        .filter_map(|finding| {
            let rule = library.index.number(&finding.rule)?;
            let variant = finding.variant.as_deref().and_then(|name| library.rules[rule].variant(name));
            Some(Loud {
                line: finding.range.start.line,
                rule: finding.rule.clone(),
                selected: Selected { rule, variant },
            })
        })
        .collect();
    let words = Words { reason: &options.reason, until: options.until, today: run::today() };
    let kind = session.file(&entry.path, &source).kind;
    let (text, left) = silence(&source, kind, library, &loud, &words);
    let new = Source::new(&*text);
    if session.syntax_faults(&entry.path, &new) > session.syntax_faults(&entry.path, &source) {
        return fail("no comment can stand there");
    }
    if text != source.text()
        && let Err(error) = atomic::write(&entry.file, |out| out.write_all(text.as_bytes()))
    {
        return fail(&format!("the file cannot be written: {error}"));
    }
    let silent = findings.len() - left.len();
    done.findings += silent;
    done.files += usize::from(silent > 0);
    for loud in left {
        let why = "no comment can stand there; write an entry under `ignores` in infralint.yaml";
        done.left.push(format!("{}:{}: {} is not suppressed: {why}", findings[0].path, loud.line, loud.rule));
    }
}
