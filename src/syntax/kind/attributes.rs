//! `.gitattributes`: the files that a repository itself calls vendored or generated.

use super::Foreign;
use globset::{GlobBuilder, GlobMatcher};

/// The `linguist-vendored` and `linguist-generated` lines of a repository.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    /// The directory of the file that holds the line, with a final `/` unless it is the root.
    below: Box<str>,
    /// Compared with the base name, else with the path below that directory.
    name_only: bool,
    glob: GlobMatcher,
    vendored: Option<bool>,
    generated: Option<bool>,
}

impl Attributes {
    /// Reads one `.gitattributes`; `path` is its own path.
    pub fn add(&mut self, path: &str, text: &str) {
        let below = path.rsplit_once('/').map_or(String::new(), |(dir, _)| format!("{dir}/"));
        self.lines.extend(text.lines().filter_map(|line| parse(line, &below)));
        // The deeper file decides; within a file the order stays.
        self.lines.sort_by_key(|line| line.below.matches('/').count());
    }

    /// Whether nothing is said at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What the attributes say of a path; the last line that matches decides each of them.
    pub fn foreign(&self, path: &str) -> Option<Foreign> {
        let (mut vendored, mut generated) = (None, None);
        for line in self.lines.iter().rev() {
            let useful =
                vendored.is_none() && line.vendored.is_some() || generated.is_none() && line.generated.is_some();
            if useful && line.matches(path) {
                vendored = vendored.or(line.vendored);
                generated = generated.or(line.generated);
            }
        }
        match (vendored, generated) {
            (Some(true), _) => Some(Foreign::Vendored),
            (_, Some(true)) => Some(Foreign::Generated),
            _ => None,
        }
    }
}

impl Line {
    fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&*self.below) else { return false };
        let name = rest.rsplit_once('/').map_or(rest, |(_, name)| name);
        self.glob.is_match(if self.name_only { name } else { rest })
    }
}

fn parse(line: &str, below: &str) -> Option<Line> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') || !line.contains("linguist-") {
        return None;
    }
    let mut words = line.split_ascii_whitespace();
    let pattern = words.next()?.trim_matches('"');
    let (mut vendored, mut generated) = (None, None);
    for word in words {
        let (name, value) = attribute(word);
        match name {
            "linguist-vendored" => vendored = Some(value),
            "linguist-generated" => generated = Some(value),
            _ => {}
        }
    }
    if vendored.is_none() && generated.is_none() {
        return None;
    }
    let name_only = !pattern.trim_end_matches('/').contains('/');
    let anchored = pattern.trim_start_matches('/');
    let glob =
        GlobBuilder::new(anchored).literal_separator(true).backslash_escape(true).build().ok()?.compile_matcher();
    Some(Line { below: below.into(), name_only, glob, vendored, generated })
}

fn attribute(word: &str) -> (&str, bool) {
    if let Some(name) = word.strip_prefix(['-', '!']) {
        return (name, false);
    }
    match word.split_once('=') {
        Some((name, value)) => (name, !matches!(value, "false" | "0" | "")),
        None => (word, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_matches_decides() {
        let mut attributes = Attributes::default();
        attributes.add("sub/.gitattributes", "/a.yaml linguist-generated=false\ndir/*.txt linguist-vendored\n");
        attributes.add(".gitattributes", "# x\n*.yaml linguist-generated\n/docs/** linguist-vendored=true\n*.md text\nkeep.yaml -linguist-generated\n");
        assert_eq!(attributes.foreign("x/a.yaml"), Some(Foreign::Generated));
        assert_eq!(attributes.foreign("x/keep.yaml"), None);
        assert_eq!(attributes.foreign("docs/a/b.md"), Some(Foreign::Vendored));
        assert_eq!(attributes.foreign("sub/a.yaml"), None);
        assert_eq!(attributes.foreign("sub/deep/a.yaml"), Some(Foreign::Generated));
        assert_eq!(attributes.foreign("sub/dir/a.txt"), Some(Foreign::Vendored));
        assert_eq!(attributes.foreign("dir/a.txt"), None);
        assert!(Attributes::default().is_empty());
    }

    #[test]
    fn broken_patterns_are_passed_over() {
        let mut attributes = Attributes::default();
        attributes.add(".gitattributes", "[ linguist-generated\n linguist-generated\n");
        assert!(attributes.is_empty());
    }
}
