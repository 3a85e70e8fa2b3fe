//! From the names of revisions to commits, and where two histories part.

use super::repository::{Id, Repository, unreadable};

/// What is said where a shallow clone lacks what was asked for.
const SHALLOW: &str = "this is a shallow clone: fetch the whole history (`fetch-depth: 0` in actions/checkout, \
                       `git fetch --unshallow` by hand)";

impl Repository {
    /// The last commit; none in a repository without commits.
    ///
    /// # Errors
    /// A sentence, when HEAD cannot be read.
    pub fn head(&self) -> Result<Option<Id>, String> {
        self.with(|repo| match repo.head().map_err(|e| unreadable(&e))?.is_unborn() {
            true => Ok(None),
            false => repo.head_commit().map(|commit| Some(Id(commit.id))).map_err(|e| unreadable(&e)),
        })
    }

    /// The commit that a revision names.
    ///
    /// # Errors
    /// A sentence, when it names none.
    pub fn resolve(&self, rev: &str) -> Result<Id, String> {
        self.with(|repo| {
            let named = repo.rev_parse_single(rev).ok().and_then(|id| id.object().ok());
            let commit = named.and_then(|object| object.peel_to_kind(gix::objs::Kind::Commit).ok());
            match commit {
                Some(commit) => Ok(Id(commit.id)),
                None if shallow(repo) => Err(format!("`{rev}` names no commit that is here; {SHALLOW}")),
                None => Err(format!("`{rev}` names no commit of this repository")),
            }
        })
    }

    /// The best common ancestor of the last commit and a revision.
    ///
    /// # Errors
    /// A sentence, when the revision names no commit or there is no common ancestor.
    pub fn merge_base(&self, rev: &str) -> Result<Id, String> {
        let head = self.head()?.ok_or("the repository has no commits yet")?;
        let other = self.resolve(rev)?;
        self.with(|repo| match repo.merge_base(head.0, other.0) {
            Ok(Some(base)) => Ok(Id(base.detach())),
            Ok(None) | Err(_) if shallow(repo) => {
                Err(format!("where the work tree and `{rev}` parted is not to be seen; {SHALLOW}"))
            }
            Ok(None) => Err(format!("the work tree and `{rev}` have no commit in common")),
            Err(error) => Err(unreadable(&error)),
        })
    }

    /// The branch that others start from, as well as it can be told: what the remote says, else a usual name.
    pub fn default_branch(&self) -> Option<String> {
        let found = self.with(|repo| {
            let told = repo.try_find_reference("refs/remotes/origin/HEAD").ok().flatten();
            let told = told.and_then(|head| head.target().try_name().map(|name| name.shorten().to_string()));
            let usual = ["origin/main", "origin/master", "main", "master", "trunk", "develop"];
            let exists = |name: &str| repo.try_find_reference(name).ok().flatten().is_some();
            Ok(told.filter(|name| exists(name)).or_else(|| usual.into_iter().find(|n| exists(n)).map(str::to_owned)))
        });
        found.ok().flatten()
    }
}

fn shallow(repo: &gix::Repository) -> bool {
    repo.is_shallow().unwrap_or(false)
}
