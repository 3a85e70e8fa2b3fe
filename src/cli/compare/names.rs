//! What a peer's rules are called here.

use crate::rule::library::Library;
use crate::rule::select::Selected;
use std::collections::BTreeSet;

/// Tools whose name in reports says less than this, and what their ids may begin with here. Some run the rules
/// of another tool or share its ids.
const KNOWN: &[(&str, &[&str])] = &[
    ("betterleaks", &["betterleaks", "gitleaks"]),
    ("hadolint", &["hadolint", "shellcheck"]),
    ("keeping infrastructure as code secure", &["kics"]),
    ("kubelinter", &["kube-linter"]),
    ("rumdl", &["rumdl", "markdownlint"]),
    ("tally", &["tally", "hadolint", "docker", "shellcheck"]),
];
/// Prefixes that tools use in their own ids for the same as ours.
const SPELLED: &[(&str, &str)] = &[("buildkit", "docker")];

/// What a peer's rule is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// These rules, by this name.
    Here(String, Vec<Selected>),
    /// Nothing, and for this reason there never will be.
    Dead(String),
    Nothing,
}

/// Looks peers' names up.
pub(super) struct Names<'l> {
    library: &'l Library,
    prefixes: BTreeSet<&'l str>,
}

impl<'l> Names<'l> {
    pub(super) fn new(library: &'l Library) -> Self {
        let aliases = library.rules.iter().flat_map(|rule| rule.all_aliases());
        let prefixes = aliases.filter_map(|alias| Some(alias.split_once('/')?.0));
        Self { library, prefixes: prefixes.chain(["shellcheck"]).collect() }
    }

    /// What the ids of a tool begin with here; nothing for a tool that no rule names.
    pub(super) fn prefixes(&self, tool: &str) -> Vec<&'l str> {
        let tool = tool.trim().to_ascii_lowercase();
        let joined = tool.replace([' ', '_'], "-");
        let known = KNOWN.iter().find(|(name, _)| tool == *name).map(|(_, prefixes)| *prefixes);
        match known {
            Some(names) => self.prefixes.iter().filter(|prefix| names.contains(*prefix)).copied().collect(),
            // `Semgrep OSS`, `Trivy Vulnerability Scanner`
            None => {
                let fits = |prefix: &&&str| {
                    joined.strip_prefix(**prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                };
                self.prefixes.iter().filter(fits).max_by_key(|prefix| prefix.len()).copied().into_iter().collect()
            }
        }
    }

    /// What one rule of a tool is.
    pub(super) fn find(&self, tool: &str, id: &str) -> Known {
        let mut spellings: Vec<String> = self.prefixes(tool).iter().map(|prefix| format!("{prefix}/{id}")).collect();
        if let Some((prefix, bare)) = id.split_once('/') {
            let ours = SPELLED.iter().find(|(theirs, _)| *theirs == prefix).map_or(prefix, |(_, ours)| ours);
            spellings.insert(0, format!("{ours}/{bare}"));
        }
        if spellings.is_empty() {
            spellings.push(id.to_owned());
        }
        let index = &self.library.index;
        for name in &spellings {
            if let Some(targets) = index.behind(name) {
                return Known::Here(self.whole(name, targets), targets.to_vec());
            }
        }
        let dead = spellings.iter().find_map(|name| index.dead(name));
        dead.map_or(Known::Nothing, |reason| Known::Dead(reason.to_owned()))
    }

    /// A bare id as one of the rules that have it writes it in full.
    fn whole(&self, name: &str, targets: &[Selected]) -> String {
        let mut aliases = targets.iter().flat_map(|target| self.library.rules[target.rule].all_aliases());
        let whole = aliases.find(|alias| alias.split_once('/').is_some_and(|(_, id)| id == name));
        whole.unwrap_or(name).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_told_by_their_names() {
        let library = Library::builtin().unwrap_or_else(|_| unreachable!());
        let names = Names::new(&library);
        assert_eq!(names.prefixes("Hadolint").first(), Some(&"hadolint"));
        assert_eq!(names.prefixes("Trivy Vulnerability Scanner"), ["trivy"]);
        assert_eq!(names.prefixes("kube-linter"), ["kube-linter"]);
        assert!(names.prefixes("betterleaks").contains(&"gitleaks"));
        assert_eq!(names.prefixes("no such tool"), Vec::<&str>::new());
        let here = |tool: &str, id: &str| match names.find(tool, id) {
            Known::Here(name, targets) => (name, targets.len()),
            other => panic!("{other:?}"),
        };
        assert_eq!(here("Hadolint", "DL3002"), ("hadolint/DL3002".to_owned(), 1));
        assert_eq!(here("tally", "hadolint/DL3002").0, "hadolint/DL3002");
        assert_eq!(here("something of one's own", "DL3002").0, "hadolint/DL3002");
        assert_eq!(names.find("Hadolint", "DL9999"), Known::Nothing);
        assert_eq!(names.find("Hadolint", "dockerfile"), Known::Nothing);
        assert!(matches!(names.find("tally", "tally/platform-mismatch"), Known::Dead(_)));
    }
}
