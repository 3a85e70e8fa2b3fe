//! Secrets in git's history: each blob once, with the commit and the path that brought it.

use super::known::Looked;
use super::run::{self, Found, Job, Namer};
use super::tree::repository;
use super::{Refusal, content};
use crate::diagnostic::{Diagnostic, Origin, Problem, Status};
use crate::fact::inventory::Inventory;
use crate::lint::{Finished, Outcome, Session};
use crate::vcs::{Blob, Change, Commit, Id, Repository};
use crate::walk::{self, Content, Project};
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Commits that are looked at in one go: what they brought is held in memory until it is linted.
const STEP: usize = 512;
/// Larger blobs are not read at all, as files are not.
const LIMIT: u64 = u32::MAX as u64;
/// Older versions above this size are taken to have had nothing of the new one.
const OLD: u64 = 16 << 20;

/// What is looked at.
pub(super) struct History<'a> {
    pub(super) project: &'a Project,
    /// Without one all branches and tags are.
    pub(super) range: Option<&'a str>,
    pub(super) job: &'a Job<'a>,
}

/// A blob and what brought it.
struct Brought {
    /// Below the project's root.
    path: Arc<str>,
    blob: Id,
    /// The file's content in the parents, and that of files that are gone with the commit.
    before: Vec<Id>,
    commit: Arc<Origin>,
}

/// Scans the commits of a range, oldest first.
pub(super) fn scan(
    history: &History<'_>,
    inventory: &Inventory,
    found: &mut Found,
    namer: &Namer,
) -> Result<(), Refusal> {
    let (project, job) = (history.project, history.job);
    let repo = repository(&project.root, "--history")?;
    let refuse = |message: String| Refusal::new(format!("--history: {message}"));
    let commits = repo.commits(history.range).map_err(refuse)?;
    let session = run::session(job, &project.root, inventory);
    let mut finished = Finished::default();
    let mut seen: HashSet<Id> = HashSet::new();
    job.progress.expect(commits.len());
    for step in commits.chunks(STEP) {
        let brought = brought(step, &repo, history, &mut seen, &mut finished.problems);
        let work = |brought: &Brought| look(brought, &repo, &session);
        let fallen = |brought: &Brought, said: &str| Finished {
            problems: vec![failed(&brought.path, "internal-error", format!("this is a bug in infralint: {said}"))],
            ..Finished::default()
        };
        for one in job.pool.map(&brought, &|| (), work, fallen) {
            finished.findings.extend(one.findings);
            finished.problems.extend(one.problems);
        }
        found.files += brought.len();
    }
    // Stable: of one path the older commit comes first, as it was found.
    finished.findings.sort_by(|a, b| a.path.cmp(&b.path));
    finished.problems.sort();
    finished.problems.dedup();
    if let Some(known) = job.known {
        // Of what part of history says nobody knows what the rest would.
        let looked = |path: &str| history.range.is_none() && project.reports(Path::new(path));
        let looked = Looked { root: &project.root, at: &looked };
        known.meet(&mut finished, &session, &looked, &mut found.records);
    }
    found.take(finished, &session, namer);
    Ok(())
}

/// What some commits brought, each blob with the first of them; commits that cannot be read are problems.
fn brought(
    commits: &[Id],
    repo: &Repository,
    history: &History<'_>,
    seen: &mut HashSet<Id>,
    problems: &mut Vec<Problem>,
) -> Vec<Brought> {
    let read = |id: &Id| repo.commit(*id);
    let tick = || history.job.progress.tick();
    let read = history.job.pool.map(commits, &tick, read, |_, said| Err(format!("this is a bug in infralint: {said}")));
    let mut found = Vec::new();
    for (id, commit) in commits.iter().zip(read) {
        match commit {
            Ok(commit) => add(commit, repo, history, seen, &mut found),
            Err(message) => problems.push(failed(".git", "git", format!("commit {id}: {message}"))),
        }
    }
    found
}

fn add(commit: Commit, repo: &Repository, history: &History<'_>, seen: &mut HashSet<Id>, found: &mut Vec<Brought>) {
    let date = Timestamp::from_second(commit.time).unwrap_or(Timestamp::UNIX_EPOCH).to_string();
    let origin = Arc::new(Origin { id: commit.id.to_string(), date });
    for Change { path, blob, mut before } in commit.changes {
        let place = repo.top().join(path);
        let Ok(path) = place.strip_prefix(&history.project.root) else { continue };
        let name = walk::shown(path);
        if !history.project.reports(path) || history.job.settings.configs.prunes_below(&name) || !seen.insert(blob) {
            continue;
        }
        // A new path may only be another name of a file.
        if before.is_empty() {
            before.clone_from(&commit.gone);
        }
        found.push(Brought { path: name.into(), blob, before, commit: origin.clone() });
    }
}

/// Lints a blob, and leaves what none of the versions before had.
fn look(brought: &Brought, repo: &Repository, session: &Session<'_>) -> Finished {
    let path = &brought.path;
    let text = match text(repo, brought.blob, LIMIT, path) {
        Ok(content) => content,
        Err(problem) if problem.status == Status::Skipped => return Finished::default(),
        Err(problem) => return Finished { problems: vec![problem], ..Finished::default() },
    };
    let Some(content) = text else { return Finished::default() };
    let lines = Lines::of(&content);
    let mut outcome = content::lint(path, content, session);
    let problems = std::mem::take(&mut outcome.problems);
    let problems = problems.into_iter().filter(|problem| problem.status == Status::Failed).collect();
    if outcome.findings.is_empty() {
        return Finished { problems, ..Finished::default() };
    }
    let mut findings = session.finish([Outcome { summary: None, ..outcome }]).findings;
    let old: Vec<String> = brought.before.iter().filter_map(|id| old(repo, *id, path)).collect();
    findings.retain(|finding| lines.of_finding(finding).is_none_or(|own| !old.iter().any(|old| has(old, own))));
    for finding in &mut findings {
        let commit = &brought.commit;
        let short = commit.id.get(..10).unwrap_or(&commit.id);
        let day = commit.date.get(..10).unwrap_or(&commit.date);
        finding.message = format!("{} (commit {short} of {day})", finding.message);
        finding.origin = Some(commit.clone());
    }
    Finished { findings, problems, ..Finished::default() }
}

fn text(repo: &Repository, id: Id, limit: u64, path: &str) -> Result<Option<Content>, Problem> {
    match repo.blob(id, limit) {
        Ok(Blob::Whole(bytes)) => walk::content(bytes, path).map(Some),
        Ok(Blob::TooLarge(_)) => Ok(None),
        Err(message) => Err(failed(path, "git", message)),
    }
}

fn old(repo: &Repository, id: Id, path: &str) -> Option<String> {
    match text(repo, id, OLD, path) {
        Ok(Some(Content::Text(source))) => Some(source.text().to_owned()),
        _ => None,
    }
}

/// Whether whole lines stand in a text one after the other.
fn has(text: &str, lines: &str) -> bool {
    let (text, lines) = (text.as_bytes(), lines.as_bytes());
    memchr::memmem::find_iter(text, lines).any(|at| {
        let end = at + lines.len();
        let starts = at == 0 || text[at - 1] == b'\n';
        starts && (end == text.len() || text[end] == b'\n' || text[end..].starts_with(b"\r\n"))
    })
}

/// The text of a blob that the parsers read whole; of a larger one every finding counts as new.
struct Lines(Option<String>);

impl Lines {
    fn of(content: &Content) -> Self {
        match content {
            Content::Text(source) => Self(Some(source.text().to_owned())),
            Content::Large(_) => Self(None),
        }
    }

    /// The whole lines on which a finding stands.
    fn of_finding(&self, finding: &Diagnostic) -> Option<&str> {
        let text = self.0.as_deref()?;
        let (start, end) = (finding.range.start.offset as usize, finding.range.end.offset as usize);
        let start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
        Some(text.get(start..end)?.trim_end_matches('\r'))
    }
}

fn failed(path: &str, kind: &'static str, message: String) -> Problem {
    Problem { path: path.into(), status: Status::Failed, kind, message }
}
