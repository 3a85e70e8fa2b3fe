//! The commits of a range, oldest first, and what each of them brought.

use super::compare::{self, Change};
use super::repository::{Id, Repository, unreadable};
use gix::revision::plumbing::Spec;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

/// A commit and the files that it brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// Its name.
    pub id: Id,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// Files that differ from those of all its parents.
    pub changes: Vec<Change>,
    /// Blobs of files that are gone with it: perhaps they only moved.
    pub gone: Vec<Id>,
}

impl Repository {
    /// The commits of a range such as `main..HEAD` or `v1`, oldest first; of all branches and tags without one.
    ///
    /// # Errors
    /// A sentence, when the range names nothing or a commit cannot be read.
    pub fn commits(&self, range: Option<&str>) -> Result<Vec<Id>, String> {
        self.with(|repo| {
            let (tips, hidden) = match range {
                Some(range) => ends(repo, range)?,
                None => (all_tips(repo)?, Vec::new()),
            };
            let newest = Sorting::ByCommitTime(CommitTimeOrder::NewestFirst);
            let walk = repo.rev_walk(tips).with_hidden(hidden).sorting(newest).all().map_err(|e| unreadable(&e))?;
            let ids: Result<Vec<Id>, _> = walk.map(|info| info.map(|info| Id(info.id))).collect();
            let mut ids = ids.map_err(|e| unreadable(&e))?;
            ids.reverse();
            Ok(ids)
        })
    }

    /// What a commit brought. Parents that a shallow clone has not are as if there were none.
    ///
    /// # Errors
    /// A sentence, when it cannot be read.
    pub fn commit(&self, id: Id) -> Result<Commit, String> {
        self.with(|repo| {
            let commit = repo.find_commit(id.0).map_err(|e| unreadable(&e))?;
            let time = commit.time().map_err(|e| unreadable(&e))?.seconds;
            let new = commit.tree_id().map_err(|e| unreadable(&e))?.detach();
            let there = |parent: gix::Id<'_>| repo.try_find_object(parent.detach()).ok().flatten();
            let parents = commit.parent_ids().filter_map(there);
            let trees = parents.filter_map(|p| Some(p.try_into_commit().ok()?.tree_id().ok()?.detach()));
            let found = compare::changes(repo, new, &trees.collect::<Vec<_>>())?;
            Ok(Commit { id, time, changes: found.files, gone: found.gone })
        })
    }
}

type Ends = (Vec<gix::ObjectId>, Vec<gix::ObjectId>);

fn ends(repo: &gix::Repository, range: &str) -> Result<Ends, String> {
    let spec = repo.rev_parse(range).map_err(|_| format!("`{range}` names no commits of this repository"))?;
    let spec = spec.detach();
    let (tips, hidden) = match spec {
        Spec::Include(id) => (vec![id], vec![]),
        Spec::Exclude(id) => (all_tips(repo)?, vec![id]),
        Spec::Range { from, to } => (vec![to], vec![from]),
        Spec::Merge { theirs, ours } => {
            let base = repo.merge_base(theirs, ours).ok().flatten();
            (vec![theirs, ours], base.into_iter().map(gix::Id::detach).collect())
        }
        Spec::IncludeOnlyParents(id) => (parents(repo, id)?, vec![]),
        Spec::ExcludeParents(id) => (vec![id], parents(repo, id)?),
    };
    let peel = |ids: Vec<gix::ObjectId>| ids.into_iter().map(|id| peel(repo, id, range)).collect::<Result<_, _>>();
    Ok((peel(tips)?, peel(hidden)?))
}

fn parents(repo: &gix::Repository, id: gix::ObjectId) -> Result<Vec<gix::ObjectId>, String> {
    let commit = repo.find_commit(id).map_err(|e| unreadable(&e))?;
    Ok(commit.parent_ids().map(gix::Id::detach).collect())
}

fn peel(repo: &gix::Repository, id: gix::ObjectId, range: &str) -> Result<gix::ObjectId, String> {
    let object = repo.find_object(id).map_err(|e| unreadable(&e))?;
    let commit = object.peel_to_kind(gix::objs::Kind::Commit);
    commit.map(|commit| commit.id).map_err(|_| format!("`{range}` names no commits of this repository"))
}

/// What branches, tags, remote branches and HEAD lead to.
fn all_tips(repo: &gix::Repository) -> Result<Vec<gix::ObjectId>, String> {
    let mut tips: Vec<gix::ObjectId> = repo.head_id().ok().map(gix::Id::detach).into_iter().collect();
    let platform = repo.references().map_err(|e| unreadable(&e))?;
    for reference in platform.all().map_err(|e| unreadable(&e))? {
        // One that leads nowhere is no fault of the others.
        let Ok(mut reference) = reference else { continue };
        let Ok(id) = reference.peel_to_id() else { continue };
        let commit = id.object().ok().and_then(|object| object.peel_to_kind(gix::objs::Kind::Commit).ok());
        tips.extend(commit.map(|commit| commit.id));
    }
    tips.sort();
    tips.dedup();
    Ok(tips)
}
