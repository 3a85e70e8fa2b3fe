//! Globs of a config: what is left out, what is meant, and what is of another kind than it seems.

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
    /// A glob without a slash matches at any depth below `base`; one that matches a folder means all that is in it.
    ///
    /// # Errors
    /// The glob at fault, and why.
    pub fn new(written: &[Name], base: &str) -> Result<Self, (Name, String)> {
        let mut globs = Vec::new();
        for name in written {
            let glob = below(name, base)?;
            globs.push(Spanned::new(format!("{}/**", glob.value), name.span));
            globs.push(glob);
        }
        Ok(Self { set: crate::rule::globs(&globs)? })
    }

    /// Whether a path relative to the root is meant.
    pub fn contain(&self, path: &str) -> bool {
        !self.set.is_empty() && self.set.is_match(path)
    }
}

/// A glob as it is read from a folder: relative to the root.
fn below(name: &Name, base: &str) -> Result<Name, (Name, String)> {
    let refuse = |reason: &str| Err((name.clone(), format!("glob: {reason}")));
    let glob = name.value.trim_start_matches("./").trim_end_matches('/');
    match glob {
        "" => return refuse("it is empty"),
        _ if glob.starts_with('!') => return refuse("none can be negated"),
        // A backslash before a letter escapes nothing: it is meant to part folders.
        _ if glob.split('\\').skip(1).any(|part| part.starts_with(char::is_alphanumeric)) => {
            return refuse("write `/` between folders, on every system");
        }
        _ if glob.split('/').any(|part| part == "..") => return refuse("none leads out of the folder"),
        _ => {}
    }
    let depth = if glob.contains('/') { "" } else { "**/" };
    let glob = format!("{}{depth}{}", prefix(base), glob.trim_start_matches('/'));
    Ok(Spanned::new(glob, name.span))
}

/// What stands before the globs of a folder.
fn prefix(base: &str) -> String {
    if base.is_empty() { String::new() } else { globset::escape(base) + "/" }
}

/// Globs with a slash or without, relative to the folder, as they are matched from the root on.
pub(super) fn anchored(written: Vec<Name>, base: &str) -> Vec<Name> {
    let anchor = |name: Name| Spanned::new(format!("{}{}", prefix(base), name.value), name.span);
    written.into_iter().map(anchor).collect()
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
    pub fn new(written: Vec<(Name, Kind)>, base: &str) -> Result<Self, (Name, String)> {
        let (mut globs, mut kinds) = (Vec::new(), Vec::new());
        for (name, kind) in written {
            let glob = below(&name, base)?;
            globs.extend([Spanned::new(format!("{}/**", glob.value), name.span), glob]);
            kinds.extend([kind, kind]);
        }
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
