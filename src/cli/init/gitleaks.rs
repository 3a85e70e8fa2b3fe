//! What gitleaks leaves out, as entries of `ignores`: `.gitleaksignore`, and the allowlists of `.gitleaks.toml`.

use crate::rule::library::Library;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Allowed {
    /// For each glob the rules whose findings do not count there.
    pub(super) paths: BTreeMap<String, BTreeSet<String>>,
    /// What infralint's config has no words for.
    pub(super) untold: BTreeSet<&'static str>,
}

/// `path:rule:line` or `commit:path:rule:line`, a finding a line. A finding's line changes with every edit, so the
/// rule is left out in the whole file.
pub(super) fn ignored(text: &str, library: &Library) -> Allowed {
    let mut allowed = Allowed::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((path, rule)) = fingerprint(line) else {
            allowed.untold.insert("lines that are no fingerprint");
            continue;
        };
        let known = !library.index.alias_of("gitleaks", rule).is_empty();
        let rule = if known { format!("gitleaks/{rule}") } else { "secrets".to_owned() };
        allowed.paths.entry(literal(path)).or_default().insert(rule);
    }
    allowed
}

fn fingerprint(line: &str) -> Option<(&str, &str)> {
    let (rest, number) = line.rsplit_once(':')?;
    let (path, rule) = rest.rsplit_once(':')?;
    let numeric = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let commit = path.split_once(':').filter(|(c, _)| c.len() >= 7 && c.bytes().all(|b| b.is_ascii_hexdigit()));
    let path = commit.map_or(path, |(_, path)| path);
    (numeric && !path.is_empty() && !rule.is_empty()).then_some((path, rule))
}

/// A path as a glob that matches it alone.
fn literal(path: &str) -> String {
    path.chars().flat_map(|c| ("*?[]{}\\".contains(c).then_some('\\')).into_iter().chain([c])).collect()
}

/// The allowlists that hold for every rule, as far as they name paths.
pub(super) fn config(text: &str) -> Allowed {
    let mut allowed = Allowed::default();
    let mut section = "";
    let mut rest = text;
    while let Some((line, tail)) = rest.split_once('\n').or_else(|| (!rest.is_empty()).then_some((rest, ""))) {
        let bare = line.trim();
        if bare.starts_with('[') {
            section = bare.trim_matches(['[', ']', ' ']);
            if section == "rules" {
                allowed.untold.insert("rules of its own");
            } else if section.starts_with("rules.allowlist") {
                allowed.untold.insert("allowlists of single rules");
            }
        } else if let Some((key, value)) =
            bare.split_once('=').filter(|_| matches!(section, "allowlist" | "allowlists"))
        {
            let start = text.len() - rest.len() + line.find(value).unwrap_or(0);
            match key.trim() {
                "paths" => strings(&text[start..]).iter().for_each(|path| add(path, &mut allowed)),
                "regexes" => drop(allowed.untold.insert("regexes of values")),
                "stopwords" => drop(allowed.untold.insert("stopwords")),
                "commits" => drop(allowed.untold.insert("commits")),
                _ => {}
            }
        }
        rest = tail;
    }
    allowed
}

fn add(regex: &str, allowed: &mut Allowed) {
    let globs = globs(regex);
    if globs.is_empty() {
        allowed.untold.insert("paths that no glob can say");
    }
    for glob in globs {
        allowed.paths.entry(glob).or_default().insert("secrets".to_owned());
    }
}

/// The strings of a TOML list.
fn strings(list: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some(open) = rest.find(['\'', '"', ']', '#']) {
        let tail = &rest[open..];
        if tail.starts_with(']') {
            break;
        }
        if tail.starts_with('#') {
            rest = tail.split_once('\n').map_or("", |(_, next)| next);
            continue;
        }
        let mark = ["'''", "\"\"\"", "'", "\""].into_iter().find(|mark| tail.starts_with(mark)).unwrap_or("'");
        let Some((text, next)) = tail[mark.len()..].split_once(mark) else { break };
        found.push(text);
        rest = next;
    }
    found
}

/// The globs that match what a simple regular expression finds in a path; none for what is not simple.
fn globs(regex: &str) -> Vec<String> {
    let (start, body) = match ["(^|/)", "(?:^|/)", "^"].into_iter().find(|start| regex.starts_with(start)) {
        Some("^") => ("", &regex[1..]),
        Some(start) => ("**/", &regex[start.len()..]),
        None => ("**/*", regex),
    };
    let (body, whole) = body.strip_suffix('$').map_or((body, false), |body| (body, true));
    let body =
        body.replace("[^/]*", "\u{1}").replace("[^/]+", "\u{1}").replace("(.*/)?", "\u{2}").replace(".*", "\u{1}");
    let start = if body.starts_with('\u{2}') { "" } else { start };
    let mut glob = start.to_owned();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) if !c.is_alphanumeric() => glob.push(c),
                _ => return Vec::new(),
            },
            '\u{1}' => glob.push('*'),
            '\u{2}' => glob.push_str("**/"),
            '(' | ')' | '[' | ']' | '{' | '}' | '|' | '+' | '?' | '*' | '^' | '$' => return Vec::new(),
            c => glob.push(c),
        }
    }
    let glob = glob.replace("**/**", "**");
    match () {
        () if whole => vec![glob],
        () if glob.ends_with('/') => vec![format!("{glob}**")],
        () => vec![format!("{}*", glob.trim_end_matches('*')), format!("{}*/**", glob.trim_end_matches('*'))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(allowed: &Allowed) -> Vec<&str> {
        allowed.paths.keys().map(String::as_str).collect()
    }

    #[test]
    fn fingerprints_name_a_path_and_a_rule() {
        let library = Library::builtin().unwrap();
        let text = "# known\ndocs/a.md:github-pat:3\n0123456789abcdef:docs/b[1].md:acme-token:9\n?\n";
        let allowed = ignored(text, &library);
        assert_eq!(paths(&allowed), ["docs/a.md", "docs/b\\[1\\].md"]);
        assert!(allowed.paths["docs/a.md"].contains("gitleaks/github-pat"));
        assert!(allowed.paths["docs/b\\[1\\].md"].contains("secrets"));
        assert_eq!(allowed.untold.len(), 1);
    }

    #[test]
    fn allowlists_become_globs() {
        let text = "[extend]\nuseDefault = true\n[allowlist]\npaths = [\n  '''^vendor/''', # theirs\n  '''(.*/)?go\\.sum$''',\n  '''a|b'''\n]\nstopwords = ['x']\n[[rules]]\nid = 'acme'\n";
        let allowed = config(text);
        assert_eq!(paths(&allowed), ["**/go.sum", "vendor/**"]);
        let untold: Vec<&str> = allowed.untold.iter().copied().collect();
        assert_eq!(untold, ["paths that no glob can say", "rules of its own", "stopwords"]);
        assert_eq!(paths(&config("[[allowlists]]\npaths = [\"(^|/)testdata/\"]")), ["**/testdata/**"]);
        assert!(paths(&config("[allowlist]\npaths = ['\n")).is_empty());
    }
}
