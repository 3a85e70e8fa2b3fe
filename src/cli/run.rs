//! The run: projects, their files read and linted by many threads, results put together in one order.

use super::context;
use super::fixes::{Fixing, Origin};
use super::known::{self, Known, Looked, Records};
pub(super) use super::namer::Namer;
use super::progress::Progress;
use super::settings::Settings;
use super::since::Since;
use super::tree::Tree;
use super::{Refusal, content, crash, since};
use crate::companion::ShellCheck;
use crate::config::Left;
use crate::diagnostic::{Diagnostic, Problem, Status};
use crate::fact::inventory::Inventory;
use crate::lint::unknowns::Count;
use crate::lint::{Finished, Outcome, Plans, Session, order};
use crate::text::Source;
use crate::vcs;
use crate::walk::{self, Content, Entry, Listing, Pool, Project};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{self, AtomicUsize};

/// What a run needs besides the files.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) settings: &'a Settings,
    pub(super) pool: &'a Pool,
    pub(super) progress: &'a Progress,
    /// Whether source lines are shown.
    pub(super) excerpts: bool,
    /// Whether suppression comments count.
    pub(super) inline: bool,
    /// Whether unknown fields are counted.
    pub(super) unknowns: bool,
    /// Findings that are known already.
    pub(super) known: Option<&'a Known>,
    /// What is done with what can be mended.
    pub(super) fixing: Option<&'a Fixing>,
    /// Where content is read.
    pub(super) tree: &'a Tree,
    /// Where the branch began since which findings count.
    pub(super) since: Option<&'a Since>,
    /// Whether only what is staged is reported, whatever paths were named.
    pub(super) staged: bool,
    /// Whether only the rules for secrets run.
    pub(super) secrets: bool,
}

impl<'a> Job<'a> {
    /// A look at the files on disk, without source lines, comments, baseline or fixes.
    pub(super) fn plain(settings: &'a Settings, pool: &'a Pool, progress: &'a Progress) -> Self {
        Self {
            settings,
            pool,
            progress,
            excerpts: false,
            inline: false,
            unknowns: false,
            known: None,
            fixing: None,
            tree: &Tree::Disk,
            since: None,
            staged: false,
            secrets: false,
        }
    }
}

/// What a run has found, with paths as they are printed.
#[derive(Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Diagnostic>,
    pub(super) problems: Vec<Problem>,
    /// Files that were read.
    pub(super) files: usize,
    /// How often fields were unknown, by name, if that is counted.
    pub(super) unknowns: BTreeMap<String, Count>,
    /// What is new to the baseline.
    pub(super) records: Records,
    /// Findings that a policy demands, as [`named`] tells them apart.
    pub(super) bound: HashSet<(Arc<str>, String)>,
}

/// What tells a finding from all others.
pub(super) fn named(finding: &Diagnostic) -> (Arc<str>, String) {
    (finding.path.clone(), finding.fingerprint.clone())
}

impl Found {
    pub(super) fn take(&mut self, finished: Finished, session: &Session<'_>, namer: &Namer) {
        for (name, count) in session.watch().into_iter().flat_map(|watch| watch.named(&finished.unknowns)) {
            let sum = self.unknowns.entry(name.to_owned()).or_default();
            (sum.unknown, sum.of) = (sum.unknown + count.unknown, sum.of + count.of);
        }
        let policy = session.plans.scopes().any(|(_, scope)| scope.has_policy());
        for finding in finished.findings {
            let bound = policy && known::bound(session, &finding);
            let finding = namer.finding(finding);
            self.bound.extend(bound.then(|| named(&finding)));
            self.findings.push(finding);
        }
        self.problems.extend(finished.problems.into_iter().map(|problem| namer.problem(problem)));
    }

    /// Puts the results of several projects into one order; what history holds of a file keeps the order of commits.
    pub(super) fn sort(&mut self) {
        let known = |finding: &Diagnostic| finding.origin.is_some();
        self.findings.sort_by(|a, b| {
            let by_path = a.path.cmp(&b.path).then(known(a).cmp(&known(b)));
            by_path.then_with(|| if known(a) { Ordering::Equal } else { order(a, b) })
        });
        self.problems.sort();
        self.problems.dedup();
    }
}

/// Lists a project, with what git knows of it; the settings learn of the configs that hold for its files.
pub(super) fn listing(project: &Project, settings: &mut Settings, threads: usize) -> Result<Listing, Refusal> {
    let (tracked, trouble) = tracked(&project.root);
    let prunes = |path: &str| settings.configs.prunes(path);
    let everything = settings.configs.policy.is_some();
    let wish = walk::Wish { tracked: tracked.as_deref(), prunes: &prunes, everything, threads };
    let mut listing = walk::list(project, &wish);
    listing.problems.extend(trouble);
    listing.inventory.set_branch(vcs::work_tree(&project.root).and_then(|top| vcs::branch(&top)));
    settings.meet(listing.entries.iter().map(|entry| &*entry.path))?;
    Ok(listing)
}

/// Lists what is staged of a project, and where to read it.
pub(super) fn staged(project: &Project, settings: &mut Settings, threads: usize) -> Result<(Tree, Listing), Refusal> {
    let prunes = |path: &str| settings.configs.prunes(path);
    let everything = settings.configs.policy.is_some();
    let wish = walk::Wish { tracked: None, prunes: &prunes, everything, threads };
    let (tree, listing) = since::staged(project, &wish)?;
    settings.meet(listing.entries.iter().map(|entry| &*entry.path))?;
    Ok((tree, listing))
}

/// The paths that git tracks, relative to the root, which may lie within a work tree.
fn tracked(root: &Path) -> (Option<Vec<PathBuf>>, Option<Problem>) {
    let Some(top) = vcs::work_tree(root) else { return (None, None) };
    match vcs::tracked(&top) {
        Ok(paths) => {
            let within = |path: PathBuf| top.join(path).strip_prefix(root).map(Path::to_path_buf).ok();
            (Some(paths.into_iter().filter_map(within).collect()), None)
        }
        Err(message) => {
            let path = ".git".into();
            (None, Some(Problem { path, status: Status::Skipped, kind: "git", message }))
        }
    }
}

/// A session that has seen all files which say something of others.
pub(super) fn session<'a>(job: &Job<'a>, root: &Path, inventory: &'a Inventory) -> Session<'a> {
    let settings = job.settings;
    let pack = job.secrets.then_some("secrets");
    let mut session = Session::of(Plans::new(&settings.scopes, pack), inventory);
    session.excerpts = job.excerpts;
    session.day = Some(today());
    session.today = job.inline.then(today);
    session.reviewer = Some(Box::new(ShellCheck::default()));
    if job.unknowns {
        session.watch_unknowns();
    }
    let wanted: Vec<&str> = inventory.files().filter(|path| session.wants(path)).collect();
    for path in wanted {
        // Whatever is wrong with the file is said when it is linted itself.
        if let Ok(Content::Text(source)) = job.tree.read(&root.join(path), path) {
            let learnt = crash::guard(|| session.learn(path, source.text()));
            drop(learnt);
        }
    }
    session.learn_asked(|path| match job.tree.read(&root.join(path), path) {
        Ok(Content::Text(source)) => Some(source.text().to_owned()),
        _ => None,
    });
    session
}

/// The day in UTC, which builds that must not depend on the clock set.
pub(super) fn today() -> Date {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok());
    let now = epoch.and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_else(Timestamp::now);
    now.to_zoned(TimeZone::UTC).date()
}

/// Lints the listed files of a project.
pub(super) fn project(
    project: &Project,
    listing: Listing,
    job: &Job<'_>,
    found: &mut Found,
    namer: &Namer,
) -> Result<(), Refusal> {
    let Listing { entries, inventory, problems, .. } = listing;
    let mut session = session(job, &project.root, &inventory);
    if let Some(since) = job.since.filter(|_| session.looks_back()) {
        session.past = Some(since.past(&session, project, job)?);
    }
    let listed = entries.clone();
    let reported = context::paths(listed.iter());
    let (mut outcomes, read) = outcomes(entries, &session, &project.root, job);
    outcomes.extend(context::read(&reported, &session, &project.root, job));
    outcomes.push(Outcome { problems: problems.clone(), ..Outcome::default() });
    let mut finished = session.finish(outcomes);
    let admits = |path: &str| reported.contains(path);
    if let Some(fixing) = job.fixing.filter(|_| !job.staged)
        && fixing.across(&finished.findings, &admits, &session, &project.root, job.known)
    {
        let (mut outcomes, _) = self::outcomes(listed.clone(), &session, &project.root, &Job { fixing: None, ..*job });
        outcomes.extend(context::read(&reported, &session, &project.root, job));
        outcomes.push(Outcome { problems, ..Outcome::default() });
        finished = session.finish(outcomes);
    }
    since::tell_missing_history(&project.root, &mut finished.problems);
    let whole = project.reports(Path::new("")) && !job.staged && job.since.is_none() && !job.secrets;
    let stale = if whole { session.stale(&finished.findings) } else { Vec::new() };
    let gone = |path: &str| job.since.is_some() && !inventory.is_file(path) && project.reports(Path::new(path));
    finished.findings.retain(|finding| reported.contains(&*finding.path) || gone(&finding.path));
    if let Some(since) = job.since {
        since.mark(&mut finished, &session, project, job)?;
    }
    if let Some(known) = job.known {
        let looked = |path: &str| match job.staged {
            true => reported.contains(path),
            false => project.reports(Path::new(path)),
        };
        known.meet(&mut finished, &session, &Looked { root: &project.root, at: &looked }, &mut found.records);
    }
    found.files += read;
    found.take(finished, &session, namer);
    found.findings.extend(stale);
    job.fixing.iter().for_each(|fixing| fixing.settle(namer));
    Ok(())
}

/// What becomes of each file, and how many of them could be read.
pub(super) fn outcomes(
    entries: Vec<Entry>,
    session: &Session<'_>,
    root: &Path,
    job: &Job<'_>,
) -> (Vec<Outcome>, usize) {
    let entries: Vec<(Entry, Left)> = entries.into_iter().map(|entry| left(entry, job.settings)).collect();
    let entries: Vec<(Entry, Left)> = entries.into_iter().filter(|(_, left)| *left != Left::Out).collect();
    job.progress.expect(entries.len());
    let read = AtomicUsize::new(0);
    let lint = |entry: &Entry, left: Left, source: &Source| match job.fixing {
        _ if left == Left::Bound => session.lint_bound(&entry.path, source),
        None => session.lint(&entry.path, source),
        Some(fixing) => {
            let origin = Origin::File(&entry.file, root);
            fixing.lint(&entry.path, source, &origin, session, job.known)
        }
    };
    let work = |(entry, left): &(Entry, Left)| {
        let content = job.tree.read(&entry.file, &entry.path);
        lint_entry(entry, content, session, &read, &|source| lint(entry, *left, source))
    };
    let tick = || job.progress.tick();
    let outcomes = job.pool.map(&entries, &tick, work, |(entry, _), said| fallen(&entry.path, said));
    (outcomes, read.into_inner())
}

/// Whether a listed file is linted, and by what.
fn left(entry: Entry, settings: &Settings) -> (Entry, Left) {
    match settings.leaves_out(&entry.path, entry.named) {
        // Only a policy looks at what is hidden.
        Left::In if entry.hidden => (entry, Left::Bound),
        left => (entry, left),
    }
}

/// Lints a text as the file of that path, which need not exist.
pub(super) fn text(
    path: &str,
    bytes: Vec<u8>,
    project: &Project,
    listing: Listing,
    job: &Job<'_>,
    found: &mut Found,
    namer: &Namer,
) {
    let Listing { inventory, problems, .. } = listing;
    let session = session(job, &project.root, &inventory);
    job.fixing.iter().for_each(|fixing| fixing.keep(&bytes));
    let outcome = match walk::decode(bytes, path) {
        Ok(source) => {
            found.files += 1;
            let work = |source: &Source| match job.fixing {
                Some(fixing) => fixing.lint(path, source, &Origin::Stdin, &session, job.known),
                None => session.lint(path, source),
            };
            let fallen = |_: &Source, said: &str| fallen(&path.into(), said);
            job.pool.map(&[source], &|| (), work, fallen).pop().unwrap_or_default()
        }
        Err(problem) => Outcome { problems: vec![problem], ..Outcome::default() },
    };
    let reported = HashSet::from([path]);
    let mut outcomes = context::read(&reported, &session, &project.root, job);
    outcomes.extend([outcome, Outcome { problems, ..Outcome::default() }]);
    let mut finished = session.finish(outcomes);
    context::keep(&reported, &mut finished.findings);
    found.take(finished, &session, namer);
    job.fixing.iter().for_each(|fixing| fixing.settle(namer));
}

/// The problem of a file whose linting panicked.
fn fallen(path: &Arc<str>, said: &str) -> Outcome {
    let message = format!("this is a bug in infralint: {said} ({})", crash::place());
    let problem = Problem { path: path.clone(), status: Status::Failed, kind: "internal-error", message };
    Outcome { problems: vec![problem], ..Outcome::default() }
}

fn lint_entry(
    entry: &Entry,
    content: Result<Content, Problem>,
    session: &Session<'_>,
    count: &AtomicUsize,
    lint: &dyn Fn(&Source) -> Outcome,
) -> Outcome {
    if content.is_ok() {
        count.fetch_add(1, atomic::Ordering::Relaxed);
    }
    match content {
        Ok(Content::Text(source)) => lint(&source),
        Ok(Content::Large(chunks)) => content::large(&entry.path, chunks, session),
        Err(problem) => Outcome { problems: vec![vanished(problem, entry)], ..Outcome::default() },
    }
}

/// What was listed and is gone is a race with somebody, and not a wrong name.
fn vanished(problem: Problem, entry: &Entry) -> Problem {
    if entry.named || problem.kind != "not-found" {
        return problem;
    }
    Problem { kind: "vanished", message: "it vanished before it could be read".to_owned(), ..problem }
}
