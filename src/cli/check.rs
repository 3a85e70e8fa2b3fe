//! `infralint check`: the run, its report and its exit code.

use super::args::{CheckArgs, FailOn};
use super::progress::Progress;
use super::run::{self, Found, Job, Namer};
use super::{Exit, Refusal, output, selection};
use crate::diagnostic::{Problem, Status};
use crate::report::{Base, Summary};
use crate::rule::library::Library;
use crate::vcs;
use crate::walk::{self, Pool, Project};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::Instant;

pub(super) fn check(options: &CheckArgs) -> Result<Exit, Refusal> {
    options.refuse_later()?;
    let start = Instant::now();
    let library = selection::library()?;
    let selection = selection::selection(&options.select, &library)?;
    let pool = Pool::new(options.threads);
    let progress = Progress::new(options.show.quiet);
    let excerpts = output::wants_excerpts(&options.show);
    let job = Job {
        library: &library,
        selection: &selection,
        pool: &pool,
        progress: &progress,
        excerpts,
        inline: !options.no_inline,
        unknowns: options.show.statistics,
    };

    let cwd = current_dir()?;
    let mut found = Found::default();
    let (stdin, paths): (Vec<_>, Vec<_>) = options.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    if !stdin.is_empty() {
        let name = options.stdin_filename.as_deref();
        lint_stdin(name.ok_or_else(|| Refusal::new("`-` needs --stdin-filename PATH"))?, &cwd, &job, &mut found)?;
    }
    let (projects, missing) = walk::plan(&paths, &cwd, &vcs::work_tree);
    found.problems.extend(missing);
    for project in &projects {
        run::project(project, &job, &mut found, &Namer::new(&project.root, &cwd));
    }
    progress.finish();
    found.sort();
    conclude(options, found, &library, &cwd, start)
}

pub(super) fn current_dir() -> Result<PathBuf, Refusal> {
    let cwd = std::env::current_dir().and_then(|dir| dir.canonicalize());
    cwd.map_err(|e| Refusal::new(format!("the current directory cannot be found: {e}")))
}

fn conclude(
    options: &CheckArgs,
    mut found: Found,
    library: &Library,
    cwd: &Path,
    start: Instant,
) -> Result<Exit, Refusal> {
    if let Some(floor) = options.min_severity {
        found.findings.retain(|finding| finding.severity >= floor);
    }
    let mut summary = Summary::count(&found.findings, &found.problems, found.files);
    summary.elapsed = start.elapsed();
    if !options.show.show_suppressed {
        found.findings.retain(|finding| finding.suppressed.is_none());
    }
    let report = output::Report { found: &found, summary: &summary, library, base: &base(cwd) };
    output::publish(&options.show, &report)?;
    Ok(exit(options, &summary, &found.problems))
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
    Base { root: slash(walk::shown(&root)), here: slash(here) }
}

fn exit(options: &CheckArgs, summary: &Summary, problems: &[Problem]) -> Exit {
    let failed = |problem: &Problem| options.strict || problem.status == Status::Failed;
    if problems.iter().any(failed) {
        return Exit::Failed;
    }
    match options.fail_on {
        FailOn::Severity(floor) if summary.at_least(floor) > 0 => Exit::Findings,
        _ => Exit::Clean,
    }
}

/// Lints stdin as if it were the file of that name; context comes from where that file would be.
fn lint_stdin(name: &Path, cwd: &Path, job: &Job<'_>, found: &mut Found) -> Result<(), Refusal> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(u64::from(u32::MAX)).read_to_end(&mut bytes);
    read.map_err(|e| Refusal::new(format!("stdin cannot be read: {e}")))?;
    let place = plain(&cwd.join(name));
    let root = vcs::work_tree(cwd).unwrap_or_else(|| cwd.to_path_buf());
    let root = if place.starts_with(&root) { root } else { place.parent().unwrap_or(&root).to_path_buf() };
    let path = walk::shown(place.strip_prefix(&root).unwrap_or(&place));
    let namer = Namer::new(&root, cwd);
    let project = Project { root, marked: false, targets: Vec::new() };
    run::text(&path, bytes, &project, job, found, &namer);
    Ok(())
}

/// A path without `.` and `..`, by its words alone: the file need not exist.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}
