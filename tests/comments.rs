//! Other tools' suppression comments, in every language in which their tool reads them.
//!
//! Each file in `tests/comments` holds snippets of one tool. A head says which files a snippet is, and which of the
//! tool's rules are meant: `=== Dockerfile, app.Dockerfile | hadolint/DL3003 | what is shown`. In a snippet `!DL3003`
//! is a fault that must be reported, `~DL3003` one that a comment silences. What a file of a fence's language may hold
//! is tried in a fence as well, between faults that no comment in the fence may reach.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repo;
use infralint::fact::secret::generate::expand;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Lines and what is wrong in them.
type Faults = BTreeSet<(usize, String)>;

struct Snippet {
    tool: String,
    paths: Vec<String>,
    aliases: Vec<String>,
    title: String,
    text: String,
    /// Whether it holds tokens that the rules for secrets find.
    tokens: bool,
}

fn snippets() -> Vec<Snippet> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/comments");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| of_file(file)).collect()
}

fn of_file(file: &Path) -> Vec<Snippet> {
    let written = std::fs::read_to_string(file).unwrap();
    let tool = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let parts: Vec<&str> = written.split("=== ").collect();
    let snippet = |part: &&str| {
        let (head, text) = part.split_once('\n').unwrap();
        let [paths, aliases, title] = head.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        let list = |words: &str| words.split([',', ' ']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        let (text, tokens) = (expand(text), text.contains("@@"));
        Snippet {
            tool: tool.clone(),
            paths: list(paths),
            aliases: list(aliases),
            title: title.to_owned(),
            text,
            tokens,
        }
    };
    parts.iter().filter(|part| !part.is_empty()).map(snippet).collect()
}

impl Snippet {
    /// The faults that a text marks with this letter.
    fn marked(&self, text: &str, letter: char) -> Faults {
        let mut found = Faults::new();
        for (number, line) in (1..).zip(text.lines()) {
            for alias in &self.aliases {
                let id = alias.rsplit('/').next().unwrap();
                if line.split(|c: char| c.is_whitespace() || "\"',".contains(c)).any(|w| w == format!("{letter}{id}")) {
                    found.insert((number, name(alias)));
                }
            }
        }
        found
    }

    fn compare(&self, path: &str, text: &str, report: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        for (letter, suppressed) in [('!', false), ('~', true)] {
            let expected = self.marked(text, letter);
            let found = report["findings"].as_array().unwrap().iter();
            let found = found.filter(|f| f["path"] == path && f["suppressed"].is_object() == suppressed);
            let line = |finding: &Value| finding["start"]["line"].as_u64().unwrap() as usize;
            let (probes, secrets): (Vec<&Value>, Vec<&Value>) =
                found.partition(|f| f["rule"].as_str().unwrap().starts_with("probe/"));
            let own: BTreeSet<String> = self.aliases.iter().map(|alias| name(alias)).collect();
            let probe = |f: &Value| (line(f), f["rule"].as_str().unwrap().trim_start_matches("probe/").to_owned());
            let probes: Faults = probes.into_iter().map(probe).filter(|(_, rule)| own.contains(rule)).collect();
            if probes != expected {
                let noisy: Vec<_> = probes.difference(&expected).collect();
                let missing: Vec<_> = expected.difference(&probes).collect();
                wrong.push(format!(
                    "{} {path}: {}: at {letter} too many {noisy:?}, missing {missing:?}\n{text}",
                    self.tool, self.title
                ));
            }
            // Where there are tokens, the rules for secrets see the same as the marks.
            let secrets: BTreeSet<usize> = secrets.into_iter().map(line).collect();
            let expected: BTreeSet<usize> = expected.into_iter().map(|(line, _)| line).collect();
            if self.tokens && secrets != expected {
                wrong.push(format!(
                    "{} {path}: {}: at {letter} secrets in {secrets:?}, expected {expected:?}",
                    self.tool, self.title
                ));
            }
        }
        wrong
    }

    /// The snippet as the fence of a document.
    fn fenced(&self, language: &str) -> String {
        let faults: Vec<String> = self.aliases.iter().map(|a| format!("!{}", a.rsplit('/').next().unwrap())).collect();
        let faults = faults.join(" ");
        format!("# Title\n\n{faults}\n\n```{language}\n{}```\n\n{faults}\n", self.text)
    }
}

/// What is wrong where each of these files is a snippet's, in a folder of its own.
fn check(snippets: &[(&Snippet, String, String)]) -> Vec<String> {
    let repo = Repo::with(&[
        ("infralint.yaml", "root: true\npacks: [policy]\n"),
        ("policy/probe/pack.yaml", "summary: Marks\n"),
    ]);
    let aliases: BTreeSet<&String> = snippets.iter().flat_map(|(snippet, _, _)| &snippet.aliases).collect();
    for alias in aliases {
        repo.write(format!("policy/probe/{}.yaml", name(alias)), rule(alias).as_bytes());
    }
    let path = |number: usize, path: &str| format!("snippets/{number}/{path}");
    for (number, (_, name, text)) in snippets.iter().enumerate() {
        repo.write(path(number, name), text.as_bytes());
    }
    let (_, report) = repo.json(&["snippets", "--select", "probe,secrets", "--show-suppressed"]);
    let numbered = snippets.iter().enumerate();
    numbered.flat_map(|(number, (snippet, name, text))| snippet.compare(&path(number, name), text, &report)).collect()
}

/// A rule of that name elsewhere which fires on every mark of it.
fn rule(alias: &str) -> String {
    let id = alias.rsplit('/').next().unwrap();
    format!(
        "summary: A mark\nseverity: warning\nsame-as: [{alias}]\nwhy: |\n  It is one.\nhelp: |\n  None.\n\
         match: text.line\nrequire: {{ not: {{ text: {{ matches: '(^|[\\s\"])[!~]{id}([\\s\",'']|$)' }} }} }}\n\
         message: a mark\n"
    )
}

/// The rule that stands for a tool's.
fn name(alias: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    alias.chars().map(plain).collect()
}

fn language(path: &str) -> Option<&'static str> {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => Some("yaml"),
        Some("sh") => Some("sh"),
        _ if path == "Dockerfile" => Some("dockerfile"),
        _ => None,
    }
}

#[test]
fn every_comment_covers_what_its_tool_lets_it_cover() {
    let snippets = snippets();
    let files = snippets.iter().flat_map(|s| s.paths.iter().map(move |path| (s, path.clone(), s.text.clone())));
    let wrong = check(&files.collect::<Vec<_>>());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn in_a_fence_they_reach_no_further_than_the_fence() {
    let snippets = snippets();
    let fence = |snippet: &Snippet| Some(snippet.fenced(snippet.paths.iter().find_map(|path| language(path))?));
    let plain = snippets.iter().filter(|snippet| !snippet.tokens);
    let all: Vec<_> = plain.filter_map(|s| Some((s, "docs/a.md".to_owned(), fence(s)?))).collect();
    let wrong = check(&all);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_tool_shows_what_is_silenced_and_what_is_not() {
    let snippets = snippets();
    for tool in snippets.iter().map(|snippet| &snippet.tool).collect::<BTreeSet<_>>() {
        for letter in ['!', '~'] {
            let shows = |s: &&Snippet| s.tool == *tool && !s.marked(&s.text, letter).is_empty();
            assert!(snippets.iter().any(|snippet| shows(&snippet)), "{tool} shows no {letter}");
        }
    }
}
