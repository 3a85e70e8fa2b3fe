//! `infralint check`: the run, its report and its exit code.

use super::args::{CheckArgs, FailOn, SecretsArgs};
use super::configs::plain;
use super::fixes::Fixing;
use super::history::{self, History};
use super::known::Known;
use super::progress::Progress;
use super::run::{self, Found, Job, Namer, named};
use super::settings::{self, Settings};
use super::since::Since;
use super::tree::Tree;
use super::{Exit, Refusal, forge, output};
use crate::config::Left;
use crate::diagnostic::{Diagnostic, Problem, Severity, Status};
use crate::report::{Base, Summary};
use crate::vcs;
use crate::walk::{self, Pool, Project};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(super) fn check(options: &CheckArgs) -> Result<Exit, Refusal> {
    run(options, None)
}

/// `infralint secrets`: the rules for secrets alone, over files or over history.
pub(super) fn secrets(options: &SecretsArgs) -> Result<Exit, Refusal> {
    run(&options.check, Some(options.history.as_ref().map(|range| range.as_deref())))
}

/// The run; `secrets` where only the rules for secrets run, and if so the range of history that they look at.
fn run(options: &CheckArgs, secrets: Option<Option<Option<&str>>>) -> Result<Exit, Refusal> {
    let history = secrets.flatten();
    options.known.refuse_mixtures(history.is_some(), options.paths.iter().any(|path| path.as_os_str() == "-"))?;
    let fixing = Fixing::of(&options.fixes, options.min_severity);
    if fixing.is_some() && (options.known.staged || history.is_some()) {
        return Err(Refusal::new(
            "fixes are written to files on the disk, and neither --staged nor --history looks at those",
        ));
    }
    if options.known.since.is_some() && fixing.as_ref().is_some_and(|fixing| !fixing.is_dry()) {
        return Err(Refusal::new("fixes of findings that are not new would be written, too: leave out --since"));
    }
    output::refuse_twice(&options.show.output)?;
    let start = Instant::now();
    let pool = Pool::new(options.threads);
    let progress = Progress::new(options.show.quiet);
    let cwd = current_dir()?;
    let known = Known::open(&options.known, &cwd)?;
    let secrets = secrets.is_some();
    let run = Run { options, cwd, pool: &pool, progress: &progress, known, fixing: fixing.as_ref(), secrets };
    let mut found = Found::default();
    let mut all: Vec<Settings> = Vec::new();
    let (stdin, paths): (Vec<_>, Vec<_>) = options.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    if !stdin.is_empty() {
        let name = options.stdin_filename.as_deref();
        run.stdin(name.ok_or_else(|| Refusal::new("`-` needs --stdin-filename PATH"))?, &mut found, &mut all)?;
    }
    let (projects, missing) = walk::plan(&paths, &run.cwd, &settings::root);
    found.problems.extend(missing);
    for project in &projects {
        let mut settings = run.settings(&project.root)?;
        match history {
            Some(range) => run.history(project, range, &mut settings, &mut found)?,
            None => run.project(project, &mut settings, &mut found)?,
        }
        all.push(settings);
    }
    progress.finish();
    let records = std::mem::take(&mut found.records);
    found.findings.extend(run.known.conclude(&options.known, records, options.show.quiet)?);
    found.sort();
    let fail_on = with_policy(options.fail_on.unwrap_or_else(|| strictest(&all)), &all);
    if all.is_empty() {
        all.push(run.settings(&settings::root(&run.cwd).unwrap_or_else(|| run.cwd.clone()))?);
    }
    conclude(&run, fail_on, found, &all, start)
}

/// What all projects of a run share.
struct Run<'a> {
    options: &'a CheckArgs,
    cwd: PathBuf,
    pool: &'a Pool,
    progress: &'a Progress,
    known: Known,
    /// Whether only the rules for secrets run.
    secrets: bool,
    fixing: Option<&'a Fixing>,
}

impl Run<'_> {
    /// The settings of the project at a root.
    fn settings(&self, root: &Path) -> Result<Settings, Refusal> {
        Settings::of(root, &self.cwd, &self.options.select)
    }

    fn job<'j>(&'j self, settings: &'j Settings) -> Job<'j> {
        let excerpts = output::wants_excerpts(&self.options.show);
        Job {
            settings,
            pool: self.pool,
            progress: self.progress,
            excerpts,
            inline: !self.options.no_inline,
            unknowns: self.options.show.statistics,
            known: Some(&self.known),
            fixing: self.fixing,
            tree: &Tree::Disk,
            since: None,
            staged: false,
            secrets: self.secrets,
        }
    }

    /// Lints what was asked for of a project.
    fn project(&self, project: &Project, settings: &mut Settings, found: &mut Found) -> Result<(), Refusal> {
        let options = &self.options.known;
        let rev = options.since.as_deref();
        let since = rev.map(|rev| Since::new(&project.root, rev)).transpose()?;
        let (tree, listing) = match options.staged {
            true => run::staged(project, settings, self.pool.size())?,
            false => (Tree::Disk, run::listing(project, settings, self.pool.size())?),
        };
        let job = Job { tree: &tree, since: since.as_ref(), staged: options.staged, ..self.job(settings) };
        run::project(project, listing, &job, found, &Namer::new(&project.root, &self.cwd))
    }

    /// Looks for secrets in what the commits of a range brought.
    fn history(
        &self,
        project: &Project,
        range: Option<&str>,
        settings: &mut Settings,
        found: &mut Found,
    ) -> Result<(), Refusal> {
        let listing = run::listing(project, settings, self.pool.size())?;
        let job = self.job(settings);
        let namer = Namer::new(&project.root, &self.cwd);
        history::scan(&History { project, range, job: &job }, &listing.inventory, found, &namer)
    }

    /// Lints stdin as if it were the file of that name; context comes from where that file would be.
    fn stdin(&self, name: &Path, found: &mut Found, all: &mut Vec<Settings>) -> Result<(), Refusal> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(u64::from(u32::MAX)).read_to_end(&mut bytes);
        read.map_err(|e| Refusal::new(format!("stdin cannot be read: {e}")))?;
        let place = plain(&self.cwd.join(name));
        let root = settings::root(&self.cwd).unwrap_or_else(|| self.cwd.clone());
        let root = if place.starts_with(&root) { root } else { place.parent().unwrap_or(&root).to_path_buf() };
        let path = walk::shown(place.strip_prefix(&root).unwrap_or(&place));
        let namer = Namer::new(&root, &self.cwd);
        let mut settings = self.settings(&root)?;
        let project = Project::new(root, false, Vec::new());
        let listing = run::listing(&project, &mut settings, self.pool.size())?;
        settings.meet([path.as_str()].into_iter())?;
        if settings.leaves_out(&path, true) != Left::Out {
            run::text(&path, bytes, &project, listing, &self.job(&settings), found, &namer);
        }
        all.push(settings);
        Ok(())
    }
}

/// Of what several configs say, the least that makes one of them fail.
fn strictest(all: &[Settings]) -> FailOn {
    let scopes = all.iter().flat_map(|settings| settings.scopes.all());
    let floors = scopes.map(|scope| scope.chain.fail_on().unwrap_or(Some(Severity::Warning)));
    floors.flatten().min().map_or(FailOn::Never, FailOn::Severity)
}

/// A policy's word can be made stricter by options, and not looser.
fn with_policy(fail_on: FailOn, all: &[Settings]) -> FailOn {
    let policy = all.iter().find_map(|settings| settings.configs.policy.as_ref()?.fail_on()?);
    match (fail_on, policy) {
        (FailOn::Severity(own), Some(policy)) => FailOn::Severity(own.min(policy)),
        (FailOn::Never, Some(policy)) => FailOn::Severity(policy),
        (own, None) => own,
    }
}

pub(super) fn current_dir() -> Result<PathBuf, Refusal> {
    let cwd = std::env::current_dir().and_then(|dir| dir.canonicalize());
    cwd.map_err(|e| Refusal::new(format!("the current directory cannot be found: {e}")))
}

fn conclude(
    run: &Run<'_>,
    fail_on: FailOn,
    mut found: Found,
    settings: &[Settings],
    start: Instant,
) -> Result<Exit, Refusal> {
    let options = run.options;
    if let Some(floor) = options.min_severity {
        let Found { findings, bound, .. } = &mut found;
        findings.retain(|finding| finding.severity >= floor || bound.contains(&named(finding)));
    }
    let refused = refused(&found, settings);
    let mut summary = Summary::count(&found.findings, &found.problems, found.files);
    summary.elapsed = start.elapsed();
    summary.fixed = run.fixing.map_or(0, Fixing::count);
    if !options.show.show_suppressed {
        found.findings.retain(|finding| finding.suppressed.is_none());
    }
    let report =
        output::Report { found: &found, summary: &summary, settings, base: &base(&run.cwd), fixing: run.fixing };
    output::publish(&options.show, &report)?;
    Ok(exit(options, fail_on, &summary, &found.problems).max(if refused { Exit::Findings } else { Exit::Clean }))
}

/// Whether something that a policy demands is there: it fails a run by what the policy says of that, or by the default.
fn refused(found: &Found, settings: &[Settings]) -> bool {
    let policy = settings.iter().find_map(|settings| settings.configs.policy.as_ref());
    let Some(floor) = policy.and_then(|policy| policy.fail_on().unwrap_or(Some(Severity::Warning))) else {
        return false;
    };
    let counts = |finding: &&Diagnostic| finding.suppressed.is_none() && finding.severity >= floor;
    found.findings.iter().filter(counts).any(|finding| found.bound.contains(&named(finding)))
}

/// The top of the work tree; where there is none, what GitHub says it checked out.
fn base(cwd: &Path) -> Base {
    let workspace = || {
        let dir = PathBuf::from(std::env::var_os("GITHUB_WORKSPACE")?).canonicalize().ok()?;
        cwd.starts_with(&dir).then_some(dir)
    };
    let root = vcs::work_tree(cwd).or_else(workspace).unwrap_or_else(|| cwd.to_path_buf());
    let here = walk::shown(cwd.strip_prefix(&root).unwrap_or(Path::new("")));
    let slash = |path: String| if path.is_empty() || path.ends_with('/') { path } else { path + "/" };
    Base { root: slash(walk::shown(&root)), here: slash(here), page: forge::page() }
}

fn exit(options: &CheckArgs, fail_on: FailOn, summary: &Summary, problems: &[Problem]) -> Exit {
    let asked = |problem: &Problem| options.strict && problem.kind != Problem::NOT_ASKED;
    let failed = |problem: &Problem| asked(problem) || problem.status == Status::Failed;
    if problems.iter().any(failed) {
        return Exit::Failed;
    }
    match fail_on {
        FailOn::Severity(floor) if summary.at_least(floor) > 0 => Exit::Findings,
        _ => Exit::Clean,
    }
}
