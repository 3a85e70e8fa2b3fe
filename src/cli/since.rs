//! `--since`: what was found already where the work tree's branch began no longer counts.

use super::Refusal;
use super::run::{self, Job};
use super::tree::{Tree, repository};
use crate::diagnostic::{Diagnostic, Problem, Status, Suppressed};
use crate::fact::summary::Summary;
use crate::lint::baseline::{self, Earlier, Entry as Known};
use crate::lint::session::COMPARING;
use crate::lint::{Finished, Session};
use crate::vcs::{self, Id, Repository};
use crate::walk::{self, Content, Entry, Listing, Project, Target, Wish};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Instead of a revision: the branch from which others start.
const DEFAULT: &str = "default";

/// The branch that was meant, perhaps, by a name that there is not.
fn nearby(repo: &Repository, rev: &str) -> String {
    let shallow = vcs::is_shallow(repo.top());
    let branch = repo.default_branch().filter(|branch| !shallow && branch != rev && repo.resolve(rev).is_err());
    branch.map_or(String::new(), |branch| format!("; others start from `{branch}`"))
}

/// Tells a comparison that nobody asked for from one that there is no history for.
pub(super) fn tell_missing_history(root: &Path, problems: &mut [Problem]) {
    for problem in problems.iter_mut().filter(|problem| problem.kind == Problem::NOT_ASKED) {
        let lack = match vcs::work_tree(root) {
            None => "this is no git repository",
            Some(top) if vcs::is_shallow(&top) => "this is a shallow clone: fetch the whole history (`fetch-depth: 0`)",
            Some(_) => continue,
        };
        let message = format!("{COMPARING} did not run: {lack}");
        *problem = Problem { kind: Problem::NO_HISTORY, message, ..problem.clone() };
    }
}

/// Where a project's branch began.
pub(super) struct Since {
    repo: Arc<Repository>,
    base: Id,
}

impl Since {
    /// The merge base of what is checked out and a revision.
    pub(super) fn new(root: &Path, rev: &str) -> Result<Self, Refusal> {
        let repo = repository(root, "--since")?;
        let told = match rev {
            DEFAULT => repo.default_branch().ok_or("no branch looks like the one that others start from: name it"),
            rev => Ok(rev.to_owned()),
        };
        let rev = told.map_err(|message| Refusal::new(format!("--since: {message}")))?;
        let base = repo
            .merge_base(&rev)
            .map_err(|message| Refusal::new(format!("--since: {message}{}", nearby(&repo, &rev))))?;
        Ok(Self { repo, base })
    }

    /// Marks the findings that were there already.
    pub(super) fn mark(
        &self,
        finished: &mut Finished,
        session: &Session<'_>,
        project: &Project,
        job: &Job<'_>,
    ) -> Result<(), Refusal> {
        let (old, modules) = self.findings(finished, session, project, job)?;
        let there = |path: &str| session.inventory.is_file(path);
        let earlier = Earlier { entries: &old, by: Suppressed::SINCE, there: &there, counts_always: &|_| false };
        baseline::mark(&mut finished.findings, &earlier);
        // What is in another repository has its own history.
        let theirs = |finding: &Diagnostic| modules.iter().any(|module| Path::new(&*finding.path).starts_with(module));
        for finding in finished.findings.iter_mut().filter(|f| f.suppressed.is_none() && theirs(f)) {
            finding.suppressed = Some(Suppressed { by: Suppressed::SINCE, line: None, reason: None });
        }
        Ok(())
    }

    /// What today's rules find in the old files: in those where something is found today, and in those that are
    /// gone. What a rule across files says depends on all of them.
    fn findings(
        &self,
        finished: &Finished,
        session: &Session<'_>,
        project: &Project,
        job: &Job<'_>,
    ) -> Result<(Vec<Known>, Vec<PathBuf>), Refusal> {
        let (tree, listing, modules) = self.listing(project, job)?;
        let across = finished.findings.iter().any(|finding| session.is_across(finding));
        let found: HashSet<&str> = finished.findings.iter().map(|finding| &*finding.path).collect();
        let asked = |path: &str| across || found.contains(path) || !session.inventory.is_file(path);
        let Listing { entries, inventory, .. } = listing;
        let entries = entries.into_iter().filter(|entry| asked(&entry.path)).collect();
        let quiet =
            Job { tree: &tree, excerpts: false, unknowns: false, known: None, since: None, fixing: None, ..*job };
        let old = run::session(&quiet, &project.root, &inventory);
        let finished = old.finish(run::outcomes(entries, &old, &project.root, &quiet).0);
        let counting = finished.findings.iter().filter(|finding| finding.suppressed.is_none());
        Ok((counting.map(Known::of).collect(), modules))
    }

    /// What the old files contribute to the relations that look back.
    pub(super) fn past(
        &self,
        session: &Session<'_>,
        project: &Project,
        job: &Job<'_>,
    ) -> Result<Vec<Summary>, Refusal> {
        let (tree, listing, _) = self.listing(project, job)?;
        let related: Vec<Entry> = listing.entries.into_iter().filter(|entry| session.relates(&entry.path)).collect();
        let work = |entry: &Entry| match tree.read(&entry.file, &entry.path) {
            Ok(Content::Text(source)) => session.overview(&entry.path, &source).summary,
            _ => None,
        };
        let found = job.pool.map(&related, &|| (), work, |_, _| None);
        Ok(found.into_iter().flatten().map(|summary| *summary).collect())
    }

    /// What there was, how to read it, and where other repositories began.
    fn listing(&self, project: &Project, job: &Job<'_>) -> Result<(Tree, Listing, Vec<PathBuf>), Refusal> {
        let snapshot = self.repo.snapshot(self.base).map_err(Refusal::new)?;
        let below = |path: &PathBuf| Some(self.repo.top().join(path).strip_prefix(&project.root).ok()?.to_path_buf());
        let modules = snapshot.modules.iter().filter_map(below).collect();
        let configs = &job.settings.configs;
        let wish = Wish {
            tracked: None,
            prunes: &|path| configs.prunes(path),
            everything: configs.policy.is_some(),
            threads: job.pool.size(),
        };
        // Something may have moved into what is reported from anywhere.
        let targets = vec![Target { path: PathBuf::new(), is_dir: true }];
        let whole = Project::new(project.root.clone(), project.marked, targets);
        let (tree, listing) = Tree::of(&self.repo, snapshot, &whole, &wish);
        Ok((tree, listing, modules))
    }
}

/// Lists what is staged, in place of the files on the disk.
pub(super) fn staged(project: &Project, wish: &Wish<'_>) -> Result<(Tree, Listing), Refusal> {
    let repo = repository(&project.root, "--staged")?;
    let staged = repo.staged().map_err(|message| Refusal::new(format!("--staged: {message}")))?;
    let below = |path: &PathBuf| Some(walk::shown(repo.top().join(path).strip_prefix(&project.root).ok()?));
    let changed: HashSet<String> = staged.changed.iter().filter_map(below).collect();
    let (tree, mut listing) = Tree::of(&repo, staged.index, project, wish);
    listing.entries.retain(|entry| changed.contains(&*entry.path));
    let unmerged = staged.unmerged.iter().filter_map(below).filter(|path| project.reports(Path::new(path)));
    listing.problems.extend(unmerged.map(|path| {
        let message = "it has conflicts: no content of it is staged".to_owned();
        Problem { path: path.into(), status: Status::Failed, kind: "unmerged", message }
    }));
    Ok((tree, listing))
}
