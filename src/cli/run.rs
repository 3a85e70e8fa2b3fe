//! The run: projects, their files read and linted by many threads, results put together in one order.

use super::crash;
use super::progress::Progress;
use crate::diagnostic::{Diagnostic, Problem, Status};
use crate::fact::File;
use crate::lint::{Outcome, Plan, Setup, excerpt, lint_file};
use crate::syntax::Kind;
use crate::syntax::kind::{Attributes, Guess, PathContext, classify_path, foreign_path, generated_head};
use crate::text::{Source, Span};
use crate::vcs;
use crate::walk::{self, Chunk, Chunks, Content, Entry, Listing, Pool, Project};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run needs besides the files.
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) pool: &'a Pool,
    pub(super) progress: &'a Progress,
    /// Whether source lines are shown.
    pub(super) excerpts: bool,
}

/// What a run has found, with paths as they are printed.
#[derive(Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Diagnostic>,
    pub(super) problems: Vec<Problem>,
    /// Files that were opened or tried to be.
    pub(super) files: usize,
}

impl Found {
    pub(super) fn take(&mut self, outcome: Outcome, namer: &Namer) {
        self.findings.extend(outcome.findings.into_iter().map(|finding| namer.finding(finding)));
        self.problems.extend(outcome.problems.into_iter().map(|problem| namer.problem(problem)));
    }

    /// Puts everything into the order of reports.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.path.clone(), d.range.start.offset, d.rule.clone(), d.range.end.offset);
            key(a).cmp(&key(b))
        });
        self.problems.sort();
        self.problems.dedup();
    }
}

/// A project with all that pure code has to know of its files.
pub(super) struct Context {
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
    paths: PathContext,
    attributes: Attributes,
}

impl Context {
    /// Lists a project and reads what tells the kinds of its files.
    pub(super) fn new(project: &Project, threads: usize) -> Self {
        let (tracked, trouble) = tracked(&project.root);
        let Listing { entries, inventory, mut problems } = walk::list(project, tracked.as_deref(), threads);
        problems.extend(trouble);
        let paths = PathContext::from_paths(inventory.files());
        let mut attributes = Attributes::default();
        for path in inventory.files().filter(|path| *path == ".gitattributes" || path.ends_with("/.gitattributes")) {
            if let Ok(Content::Text(source)) = walk::read(&project.root.join(path), path) {
                attributes.add(path, source.text());
            }
        }
        Self { entries, problems, paths, attributes }
    }

    pub(super) fn guess(&self, path: &str) -> Guess {
        classify_path(path, &self.paths)
    }

    /// Why a file is not judged as the repository's own work.
    pub(super) fn foreign(&self, path: &str, text: &str) -> Option<&'static str> {
        let known = foreign_path(path).or_else(|| self.attributes.foreign(path)).map(|foreign| foreign.as_str());
        known.or_else(|| generated_head(text).then_some("generated"))
    }
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

/// Lints all files of a project.
pub(super) fn project(project: &Project, job: &Job<'_>, found: &mut Found, namer: &Namer) {
    let context = Context::new(project, job.pool.size());
    job.progress.expect(context.entries.len());
    found.files += context.entries.len();
    let work = |entry: &Entry| lint_entry(entry, &context, job);
    let outcomes =
        job.pool.map(&context.entries, &|| job.progress.tick(), work, |entry, said| fallen(&entry.path, said));
    for outcome in outcomes {
        found.take(outcome, namer);
    }
    found.problems.extend(context.problems.into_iter().map(|problem| namer.problem(problem)));
}

/// The problem of a file whose linting panicked.
pub(super) fn fallen(path: &Arc<str>, said: &str) -> Outcome {
    let message = format!("this is a bug in infralint: {said} ({})", crash::place());
    let problem = Problem { path: path.clone(), status: Status::Failed, kind: "internal-error", message };
    Outcome { findings: Vec::new(), problems: vec![problem] }
}

fn lint_entry(entry: &Entry, context: &Context, job: &Job<'_>) -> Outcome {
    match walk::read(&entry.file, &entry.path) {
        Ok(Content::Text(source)) => lint_text(&entry.path, &source, context, job),
        Ok(Content::Large(chunks)) => lint_large(&entry.path, chunks, context, job),
        Err(problem) => Outcome { findings: Vec::new(), problems: vec![vanished(problem, entry)] },
    }
}

/// Lints a text as the file of that path.
pub(super) fn lint_text(path: &str, source: &Source, context: &Context, job: &Job<'_>) -> Outcome {
    let guess = context.guess(path);
    let file = File {
        path,
        source,
        kind: guess.kind,
        sure: guess.sure,
        foreign: context.foreign(path, source.text()).is_some(),
        documents: &job.plan.library.documents,
    };
    let mut outcome = lint_file(&file, &Setup { plan: job.plan });
    if job.excerpts {
        cut_excerpts(&mut outcome.findings, source);
    }
    outcome
}

fn cut_excerpts(findings: &mut [Diagnostic], source: &Source) {
    for finding in findings.iter_mut().filter(|finding| finding.excerpt.is_none()) {
        let span = Span { start: finding.range.start.offset, end: finding.range.end.offset };
        finding.excerpt = Some(excerpt::cut(source, span, &[]));
    }
}

/// What was listed and is gone is a race with somebody, and not a wrong name.
fn vanished(problem: Problem, entry: &Entry) -> Problem {
    if entry.named || problem.kind != "not-found" {
        return problem;
    }
    Problem { kind: "vanished", message: "it vanished before it could be read".to_owned(), ..problem }
}

/// Text rules stream over a file that is too large to be parsed.
fn lint_large(path: &Arc<str>, mut chunks: Chunks, context: &Context, job: &Job<'_>) -> Outcome {
    let mut all = Outcome::default();
    let kind = context.guess(path).kind;
    if !kind.is_plain() {
        let message = format!("over 4 MB: only the text rules read it, not those for {kind}");
        all.problems.push(Problem { path: path.clone(), status: Status::Skipped, kind: "too-large", message });
    }
    loop {
        match chunks.next_chunk() {
            Ok(Some(chunk)) => lint_chunk(path, &chunk, job, &mut all),
            Ok(None) => return all,
            Err(error) => {
                let message = format!("reading failed half-way: {error}");
                all.problems.push(Problem { path: path.clone(), status: Status::Failed, kind: "unreadable", message });
                return all;
            }
        }
    }
}

fn lint_chunk(path: &str, chunk: &Chunk, job: &Job<'_>, all: &mut Outcome) {
    let documents = &job.plan.library.documents;
    let file = File { path, source: &chunk.source, kind: Kind::Text, sure: true, foreign: false, documents };
    let mut outcome = lint_file(&file, &Setup { plan: job.plan });
    outcome.findings.retain(|finding| finding.range.start.offset < chunk.own);
    if job.excerpts {
        cut_excerpts(&mut outcome.findings, &chunk.source);
    }
    for mut finding in outcome.findings {
        if let Some(excerpt) = &mut finding.excerpt {
            excerpt.first_line = excerpt.first_line.saturating_add(chunk.before.lines);
        }
        let ranges = finding.related.iter_mut().map(|label| &mut label.range).chain([&mut finding.range]);
        for range in ranges {
            (range.start, range.end) = (chunk.before.shift(range.start), chunk.before.shift(range.end));
        }
        all.findings.push(finding);
    }
    all.problems.extend(outcome.problems);
}

/// Turns paths below a root into those that are printed: relative to the current directory, absolute outside it.
pub(super) struct Namer {
    /// What stands between root and current directory, with a final slash: cut off, or put before.
    cut: String,
    put: String,
    /// Where the root as a whole lies outside the current directory.
    outside: String,
}

impl Namer {
    pub(super) fn new(root: &Path, cwd: &Path) -> Self {
        let slash = |path: &Path| {
            let shown = walk::shown(path);
            if shown.is_empty() || shown.ends_with('/') { shown } else { shown + "/" }
        };
        let outside = slash(root);
        if let Ok(below) = cwd.strip_prefix(root) {
            return Self { cut: slash(below), put: String::new(), outside };
        }
        match root.strip_prefix(cwd) {
            Ok(below) => Self { cut: String::new(), put: slash(below), outside },
            Err(_) => Self { cut: String::new(), put: outside.clone(), outside },
        }
    }

    /// The path to print.
    pub(super) fn name(&self, path: &str) -> String {
        match path.strip_prefix(&self.cut) {
            Some(rest) => format!("{}{rest}", self.put),
            None => format!("{}{path}", self.outside),
        }
    }

    fn rename(&self, path: &mut Arc<str>) {
        if !(self.cut.is_empty() && self.put.is_empty()) {
            *path = self.name(path).into();
        }
    }

    fn finding(&self, mut finding: Diagnostic) -> Diagnostic {
        self.rename(&mut finding.path);
        finding.related.iter_mut().for_each(|label| self.rename(&mut label.path));
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            self.rename(&mut edit.path);
        }
        finding
    }

    fn problem(&self, mut problem: Problem) -> Problem {
        self.rename(&mut problem.path);
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_printed_relative_to_the_current_directory() {
        let name = |root: &str, cwd: &str, path: &str| Namer::new(Path::new(root), Path::new(cwd)).name(path);
        assert_eq!(name("/p", "/p", "a/b"), "a/b");
        assert_eq!(name("/p", "/p/a", "a/b"), "b");
        assert_eq!(name("/p", "/p/a", "ab/c"), "/p/ab/c");
        assert_eq!(name("/p/q", "/p", "a"), "q/a");
        assert_eq!(name("/p", "/x", "a"), "/p/a");
        assert_eq!(name("/", "/x", "x/a"), "a");
        assert_eq!(name("/", "/x", "y/a"), "/y/a");
    }
}
