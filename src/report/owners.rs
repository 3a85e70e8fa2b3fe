//! CODEOWNERS as GitHub reads it: whom a file belongs to.

/// The entries of a CODEOWNERS file; the last one that fits a path counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    pattern: Pattern,
    owners: Vec<String>,
}

/// A path pattern: like that of an ignore file, without ranges and negation, and `dir/*` goes no deeper.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    parts: Vec<Part>,
    /// Whether what lies below a match belongs to it.
    below: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`: any number of directories.
    Any,
    Name(Vec<Sign>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// `*`: any number of characters.
    Star,
    /// `?`
    One,
    Char(char),
}

impl Owners {
    /// Where GitHub looks for the file, in this order.
    pub const PLACES: [&'static str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// Reads a file; lines that GitHub refuses are passed over, as GitHub does.
    pub fn read(text: &str) -> Self {
        Self(text.trim_start_matches('\u{feff}').lines().filter_map(entry).collect())
    }

    /// The owners of a file, by its path from the root of the repository.
    pub fn of(&self, path: &str) -> &[String] {
        let parts: Vec<&str> = path.split('/').collect();
        let fitting = self.0.iter().rev().find(|entry| entry.pattern.fits(&parts));
        fitting.map_or(&[], |entry| &entry.owners)
    }
}

fn entry(line: &str) -> Option<Entry> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let end = unescaped_blank(line);
    let owners = line[end..].split_whitespace().take_while(|word| !word.starts_with('#'));
    let owners: Vec<String> = owners.map(str::to_owned).collect();
    let whole = owners.iter().all(|owner| owner.contains('@'));
    Some(Entry { pattern: Pattern::read(&line[..end])?, owners }).filter(|_| whole)
}

/// The end of the pattern: `\ ` is a blank within it.
fn unescaped_blank(line: &str) -> usize {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    line.len()
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        if text.contains("***") || text.contains(['[', ']']) {
            return None;
        }
        let rooted = text.strip_prefix('/').unwrap_or(text);
        let (inner, directory) = match rooted.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (rooted, false),
        };
        if inner.is_empty() {
            return None;
        }
        let mut parts: Vec<Part> = inner.split('/').map(part).collect();
        let anywhere = parts.len() == 1 && rooted.len() == text.len();
        if anywhere && parts[0] != Part::Any {
            parts.insert(0, Part::Any);
        }
        let star = || Part::Name(vec![Sign::Star]);
        let last = parts.last().cloned();
        match last {
            // Everything below a directory, and not the directory itself.
            Some(Part::Any) => *parts.last_mut()? = star(),
            _ if directory => parts.push(star()),
            _ => {}
        }
        let below = directory || last != Some(star());
        Some(Self { parts, below })
    }

    fn fits(&self, path: &[&str]) -> bool {
        let (mut at, mut part) = (0, 0);
        // Where the last `**` stands, and how far it has reached.
        let mut reach: Option<(usize, usize)> = None;
        loop {
            match self.parts.get(part) {
                None if self.below || at == path.len() => return true,
                Some(Part::Any) => {
                    reach = Some((part, at));
                    part += 1;
                    continue;
                }
                Some(Part::Name(signs)) if path.get(at).is_some_and(|name| matches(signs, name)) => {
                    (at, part) = (at + 1, part + 1);
                    continue;
                }
                _ => {}
            }
            let Some((any, from)) = reach.filter(|(_, from)| *from < path.len()) else { return false };
            reach = Some((any, from + 1));
            (at, part) = (from + 1, any + 1);
        }
    }
}

fn part(text: &str) -> Part {
    if text == "**" {
        return Part::Any;
    }
    let mut signs = Vec::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => signs.push(Sign::Char(c)),
            '\\' => {}
            '*' if signs.last() == Some(&Sign::Star) => {}
            '*' => signs.push(Sign::Star),
            '?' => signs.push(Sign::One),
            _ => signs.push(Sign::Char(c)),
        }
        escaped = c == '\\' && !escaped;
    }
    Part::Name(signs)
}

/// Whether a name fits: after a mismatch the last star takes one character more.
fn matches(signs: &[Sign], name: &str) -> bool {
    let mut rest = name.chars();
    let mut sign = 0;
    let mut reach: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let mut next = rest.clone();
        let c = next.next();
        match (signs.get(sign), c) {
            (None, None) => return true,
            (Some(Sign::Star), _) => {
                reach = Some((sign, rest.clone()));
                sign += 1;
                continue;
            }
            (Some(Sign::One), Some(_)) => {
                (rest, sign) = (next, sign + 1);
                continue;
            }
            (Some(Sign::Char(wanted)), Some(c)) if *wanted == c => {
                (rest, sign) = (next, sign + 1);
                continue;
            }
            _ => {}
        }
        let Some((star, mut from)) = reach.take() else { return false };
        if from.next().is_none() {
            return false;
        }
        (rest, sign) = (from.clone(), star + 1);
        reach = Some((star, from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, path: &str) -> bool {
        let text = format!("{pattern} @owner");
        !Owners::read(&text).of(path).is_empty()
    }

    #[test]
    fn patterns_as_github_documents_them() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("*", &["a", "a/b/c.js"], &[]),
            ("*.js", &["a.js", "a/b/c.js"], &["a.jsx", "js"]),
            ("/build/logs/", &["build/logs/a", "build/logs/a/b"], &["build/logs", "x/build/logs/a"]),
            ("docs/*", &["docs/getting-started.md"], &["docs/build-app/troubleshooting.md", "x/docs/a.md"]),
            ("apps/", &["apps/a", "x/apps/a/b"], &["apps", "apps2/a"]),
            ("/docs/", &["docs/a", "docs/a/b"], &["x/docs/a"]),
            ("/scripts/", &["scripts/a"], &["scripts"]),
            ("**/logs", &["logs/a", "build/logs/a", "deeply/nested/logs/b/c", "logs"], &["logs2"]),
            ("/apps/github", &["apps/github", "apps/github/a/b"], &["apps/githubx", "x/apps/github"]),
            ("src/**/test", &["src/test", "src/a/test/b", "src/a/b/test"], &["src/a/tests", "test"]),
            ("a/**", &["a/b", "a/b/c"], &["a", "b/a/c"]),
            ("/*", &["a"], &["a/b"]),
            ("/a*b?.md", &["axxbc.md", "abc.md", "aübü.md"], &["ab.md", "a/b.md", "xabc.md"]),
            ("with\\ blank", &["with blank", "x/with blank/y"], &["with"]),
            ("a/*/c", &["a/b/c", "a/b/c/d"], &["a/c", "a/b/b/c"]),
            ("**", &["a", "a/b"], &[]),
        ];
        for (pattern, yes, no) in cases {
            yes.iter().for_each(|path| assert!(fits(pattern, path), "{pattern} fits {path}"));
            no.iter().for_each(|path| assert!(!fits(pattern, path), "{pattern} does not fit {path}"));
        }
    }

    #[test]
    fn the_last_entry_counts_and_broken_ones_do_not() {
        let owners = Owners::read(
            "\u{feff}# all\n* @all me@example.com # the rest\n\n/apps/ @octocat\n/apps/github\n!/x @no\na[bc] @no\n/y nobody\n",
        );
        let of = |path: &str| owners.of(path).join(" ");
        assert_eq!(of("x"), "@all me@example.com");
        assert_eq!(of("apps/a"), "@octocat");
        assert_eq!(of("apps/github/a"), "");
        assert_eq!((of("ab"), of("y")), ("@all me@example.com".to_owned(), "@all me@example.com".to_owned()));
        assert!(Owners::default().of("x").is_empty());
    }

    #[test]
    fn hostile_patterns_end() {
        let many = "*a".repeat(500) + "/" + &"**/a*/".repeat(300);
        let path = "a".repeat(5_000) + &"/ab".repeat(2_000) + "/b";
        assert!(!fits(&(many + "x"), &path));
        for odd in ["/", "//", "***", "\\", "[", "/**", "**/**/**", "a//b", " "] {
            Owners::read(odd).of("a/b/c");
        }
    }
}
