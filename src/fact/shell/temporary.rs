//! Folders that a script makes for itself with mktemp.

use crate::syntax::shell::Script;
use std::collections::HashSet;

const PROGRAM: &str = "mktemp";

/// Variables that hold such a folder.
#[derive(Debug, Default)]
pub struct Temporary<'s>(HashSet<&'s str>);

/// Looks through the assignments of a script.
pub fn temporary(script: &Script) -> Temporary<'_> {
    let assigned = script.commands.iter().flat_map(|command| &command.assignments);
    let plain = assigned.filter(|assignment| assignment.value.value.contains(PROGRAM)).map(|a| a.name.as_str());
    let words = script.commands.iter().flat_map(|command| command.args());
    let exported = words.filter_map(|word| word.value.split_once('=')).filter(|(_, value)| value.contains(PROGRAM));
    Temporary(plain.chain(exported.map(|(name, _)| name)).collect())
}

impl Temporary<'_> {
    /// Whether a word, as the script writes it, names such a folder or one below it.
    pub fn names(&self, word: &str) -> bool {
        let variable = word.strip_prefix('$').map(|rest| rest.trim_start_matches('{'));
        let name =
            variable.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(""));
        word.contains(PROGRAM) || name.is_some_and(|name| self.0.contains(name))
    }
}
