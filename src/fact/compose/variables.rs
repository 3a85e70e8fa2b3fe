//! Variables that a file leaves to whoever starts it, and the files that set some.

use super::parts::{Fault, Variable};
use super::template;
use crate::fact::secret::key_kind;
use crate::fact::yaml::Part;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

/// Nodes of a document that are looked through; aliases are not followed.
const BUDGET: usize = 200_000;

/// What a shell or Compose itself sets.
const SHELL: &[&str] = &[
    "PWD",
    "HOME",
    "USER",
    "UID",
    "GID",
    "PATH",
    "SHELL",
    "LANG",
    "HOSTNAME",
    "TMPDIR",
    "TMP",
    "TEMP",
    "DISPLAY",
    "LOGNAME",
    "XDG_RUNTIME_DIR",
    "SSH_AUTH_SOCK",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "APPDATA",
    "USERPROFILE",
    "CI",
    "EUID",
];

/// What a file like `.env` sets.
#[derive(Clone, Debug, Default)]
pub(super) struct EnvNames {
    /// The names.
    pub(super) names: BTreeSet<String>,
    /// Whether one that is named like a secret has a value.
    pub(super) has_secrets: bool,
}

/// What sets variables, all over a repository.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Files such as `.env`, by path.
    files: BTreeMap<Box<str>, EnvNames>,
    /// Words in capitals of files that start things or tell people how to: each may be a variable that is set.
    words: HashSet<Box<str>>,
}

impl Settings {
    /// Reads a file like `.env`.
    pub fn read_file(&mut self, path: &str, text: &str) {
        self.files.insert(path.into(), env_names(text));
    }

    /// Reads a script, a workflow, a readme.
    pub fn read_words(&mut self, text: &str) {
        self.words.extend(capitals(text).map(Box::from));
    }

    /// What a file that sets variables says.
    pub(super) fn file(&self, path: &str) -> Option<&EnvNames> {
        self.files.get(path)
    }

    /// Whether a file beside a Compose file or above it sets a variable, or a script does, or a readme tells people to.
    fn sets(&self, path: &str, name: &str) -> bool {
        let above = |file: &str| match file.rsplit_once('/') {
            Some((dir, _)) => path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/')),
            None => true,
        };
        self.words.contains(name) || self.files.iter().any(|(file, set)| above(file) && set.names.contains(name))
    }
}

/// Words that are written like variables: capitals, digits and underscores.
fn capitals(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| {
        word.len() > 2
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && !word.bytes().any(|b| b.is_ascii_lowercase())
    })
}

/// Reads a file like `.env`.
fn env_names(text: &str) -> EnvNames {
    let mut found = EnvNames::default();
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        // What an example has commented out is meant to be set, too.
        let (shown, line) = line.strip_prefix('#').map_or((true, line), |rest| (false, rest.trim_start()));
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let value = value.trim().trim_matches(['"', '\'']);
        found.has_secrets |=
            shown && key_kind(name).wants_judging() && !value.is_empty() && !value.starts_with(['$', '<']);
        found.names.insert(name.to_owned());
    }
    found
}

/// Adds the variables that have no default, each once.
pub(super) fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let (names, faults) = (wanted.subject(Variable::describe().name), wanted.subject(Fault::describe().name));
    if !(names || faults) || part.snippet || part.template {
        return;
    }
    let mut seen = HashSet::new();
    // Below `x-` anything may stand.
    let read = |key: NodeRef<'_>| !key.scalar().is_some_and(|name| name.starts_with("x-"));
    let mut waiting: Vec<_> = root.written().filter(|(key, _)| read(*key)).map(|(_, value)| value).collect();
    waiting.reverse();
    let mut budget = BUDGET;
    while let Some(node) = waiting.pop() {
        budget = budget.saturating_sub(1);
        if budget == 0 {
            return;
        }
        if node.is_alias() {
            continue;
        }
        let from = waiting.len();
        waiting.extend(node.written().map(|(_, value)| value));
        waiting.extend(node.items());
        waiting[from..].reverse();
        let Some(text) = node.scalar().filter(|text| text.contains('$')).and_then(|_| node.text()) else { continue };
        if faults && !["{{", "{%"].iter().any(|brace| text.as_str().contains(brace)) {
            // Where the file could not be read further, the last text is cut.
            let cut = |place: &Range<usize>| part.open && !part.snippet && place.end == text.len();
            for (place, words) in template::faults(text.as_str()).into_iter().filter(|(place, _)| !cut(place)) {
                let fault =
                    Fault { span: text.span(place), kind: "invalid-variable".to_owned(), text: words.to_owned() };
                let span = fault.span;
                out.push(fault, "", span);
            }
        }
        for (at, name) in unset(text.as_str()) {
            if names && seen.insert(name.to_owned()) {
                let span = text.span(at..at + name.len());
                let set = SHELL.contains(&name)
                    || name.starts_with("COMPOSE_")
                    || part.context.settings().sets(part.path, name);
                out.push(Variable { span, name: name.to_owned(), set }, "", span);
            }
        }
    }
}

/// Names of variables that have neither a default nor a demand, with their places.
fn unset(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + next + 1;
        let rest = &text[start..];
        if rest.starts_with('$') {
            at = start + 1;
            continue;
        }
        let braced = rest.starts_with('{');
        let from = start + usize::from(braced);
        let name = word(&text[from..]);
        at = from + name.len();
        if name.is_empty() {
            continue;
        }
        // What stands behind the name may hold other variables; they are looked at next.
        if !braced || text[at..].starts_with('}') {
            found.push((from, name));
        }
    }
    found
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..end] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_demands_are_none() {
        let names = |text| unset(text).into_iter().map(|(at, name)| format!("{at}{name}")).collect::<Vec<_>>();
        assert_eq!(names("$A/${B}/${C:-d}/${E-}/${F:?no}/${G?}/$$H/${I:+j}"), ["1A", "5B"]);
        assert_eq!(names("${A:-${B}} $ $1 ${ open"), ["7B"]);
    }

    #[test]
    fn files_that_set_variables() {
        let names = env_names("A=1\nexport B='x'\n# C=\nnot one\nDB_PASSWORD=hunter2\n");
        assert_eq!(names.names.into_iter().collect::<Vec<_>>(), ["A", "B", "C", "DB_PASSWORD"]);
        assert!(names.has_secrets);
        assert!(!env_names("DB_PASSWORD=\n#API_TOKEN=abcdef\n").has_secrets);
    }
}
