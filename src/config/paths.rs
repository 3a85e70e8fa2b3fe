//! Globs of a config: what is left out, and what is of another kind than it seems.

use crate::rule::written::Name;
use crate::syntax::Kind;
use crate::text::Spanned;
use globset::GlobSet;

/// Files and folders by globs.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    set: GlobSet,
}

impl Paths {
    /// A glob without a slash matches at any depth; one that matches a folder means all that is in it.
    ///
    /// # Errors
    /// The glob at fault, and why.
    pub fn new(written: &[Name]) -> Result<Self, (Name, String)> {
        let mut globs = Vec::new();
        for name in written {
            let glob = name.value.trim_start_matches("./").trim_end_matches('/');
            let glob = if glob.contains('/') { glob.trim_start_matches('/').to_owned() } else { format!("**/{glob}") };
            globs.push(Spanned::new(format!("{glob}/**"), name.span));
            globs.push(Spanned::new(glob, name.span));
        }
        Ok(Self { set: crate::rule::globs(&globs)? })
    }

    /// Whether a path relative to the root is meant.
    pub fn contain(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

/// Kinds of files by globs.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    set: GlobSet,
    kinds: Vec<Kind>,
}

impl Kinds {
    /// Of several globs that match, the last one counts.
    ///
    /// # Errors
    /// The glob at fault, and why.
    pub fn new(written: Vec<(Name, Kind)>) -> Result<Self, (Name, String)> {
        let (globs, kinds): (Vec<Name>, Vec<Kind>) = written.into_iter().unzip();
        Ok(Self { set: crate::rule::globs(&globs)?, kinds })
    }

    /// The kind that a path is said to be of.
    pub fn of(&self, path: &str) -> Option<Kind> {
        if self.kinds.is_empty() {
            return None;
        }
        self.kinds.get(*self.set.matches(path).last()?).copied()
    }
}
