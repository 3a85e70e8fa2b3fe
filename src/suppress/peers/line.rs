//! Marks that a tool looks for in the bare line, whatever the language: most of them allow a secret.

use super::toggle::{Act, Toggles};
use super::{Asked, Ids, Over, names};
use crate::text::Source;
use aho_corasick::AhoCorasick;
use std::sync::OnceLock;

const MARKS: [&str; 8] = [
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "pragma:",
    "nosemgrep",
    "secretlint-",
    "ckv_secret_",
    "ast-grep-ignore",
];
/// The first ones count as they are written only.
const EXACT: usize = 3;

/// Hands on what the marks in a text say, each with its 1-based line and the bytes of it; notes what secretlint is
/// told to do from a line on.
pub(in crate::suppress) fn find(
    source: &Source,
    toggles: &mut Toggles,
    take: &mut dyn FnMut(Asked, u32, std::ops::Range<usize>),
) {
    static FOUND: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let build = || AhoCorasick::builder().ascii_case_insensitive(true).build(MARKS).ok();
    let Some(marks) = FOUND.get_or_init(build) else { return };
    let text = source.text();
    for hit in marks.find_iter(text) {
        let line = source.lines().line_of(hit.start() as u32);
        let range = source.lines().line_range(line, text);
        let mark = hit.pattern().as_usize();
        if mark < EXACT && !text[hit.start()..].starts_with(MARKS[mark]) {
            continue;
        }
        let end = range.end.max(hit.end());
        // A line may be as long as the file, and hold a mark at each of its bytes.
        let behind = text.get(hit.end()..ceil(text, end.min(hit.end() + 300))).unwrap_or("");
        if mark == 5
            && let Some(act) = secretlint_from_here(behind)
        {
            toggles.add(line, act);
            continue;
        }
        // A line may be as long as the file here, too.
        let from = floor(text, hit.start().saturating_sub(300).max(range.start));
        if let Some((asked, len)) = read(mark, &text[from..hit.start()], behind) {
            take(asked, line, hit.start()..hit.end() + len);
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// What a mark says, and how much of what stands behind it belongs to it.
fn read(mark: usize, before: &str, behind: &str) -> Option<(Asked, usize)> {
    match mark {
        0 | 1 => Some((Asked::new(&["gitleaks", "betterleaks"], Ids::Secrets, Over::Line), 0)),
        2 => Some((Asked::new(&["trufflehog"], Ids::Secrets, Over::Line), 0)),
        3 => pragma(behind),
        4 => Some(nosemgrep(before, behind)),
        5 => secretlint(behind),
        6 => checkov(before, behind),
        _ => Some(ast_grep(before, behind)),
    }
}

/// Whether nothing but what opens a comment stands before a mark.
fn alone(before: &str) -> bool {
    !before.contains(|c: char| c.is_alphanumeric())
}

/// `pragma: allowlist secret`, `pragma: allowlist nextline secret`
fn pragma(behind: &str) -> Option<(Asked, usize)> {
    let rest = behind.strip_prefix(' ').unwrap_or(behind);
    let lower: String = rest.chars().take(40).collect::<String>().to_ascii_lowercase();
    let words = ["allowlist", "whitelist"].into_iter().find_map(|word| lower.strip_prefix(word))?;
    let words = words.strip_prefix([' ', '-'])?;
    let (over, words) = match words.strip_prefix("nextline ") {
        Some(words) => (Over::NextLine, words),
        None => (Over::Line, words),
    };
    words.starts_with("secret").then(|| (Asked::new(&["detect-secrets", "ripsecrets"], Ids::Secrets, over), 0))
}

/// `nosemgrep`, `nosemgrep: rule-id, other`: on the line, or alone on the one above.
fn nosemgrep(before: &str, behind: &str) -> (Asked, usize) {
    let ids = match behind.strip_prefix(':') {
        Some(list) => {
            let last = |id: String| id.rsplit('.').next().unwrap_or_default().to_owned();
            Ids::Named(names(list).into_iter().map(last).collect())
        }
        None => Ids::All,
    };
    let over = if alone(before) { Over::Own } else { Over::Line };
    (Asked::new(&["semgrep"], ids, over), 0)
}

/// `ast-grep-ignore`, `ast-grep-ignore: rule, other`: on the line, or alone above it.
fn ast_grep(before: &str, behind: &str) -> (Asked, usize) {
    let ids = match behind.strip_prefix(':') {
        Some(list) => Ids::Named(names(list)),
        None => Ids::All,
    };
    let over = if alone(before) { Over::NextLine } else { Over::Line };
    (Asked::new(&["ast-grep"], ids, over), 0)
}

/// `secretlint-disable-line`, `secretlint-disable-next-line`, with rules perhaps.
fn secretlint(behind: &str) -> Option<(Asked, usize)> {
    let behind = behind.strip_prefix("disable-")?;
    let (over, rest) = [("line", Over::Line), ("next-line", Over::NextLine)]
        .into_iter()
        .find_map(|(word, over)| Some((over, behind.strip_prefix(word)?)))?;
    Some((Asked::new(&["secretlint"], secretlint_ids(rest), over), 0))
}

/// `secretlint-disable [rules]`, `secretlint-enable [rules]`
fn secretlint_from_here(behind: &str) -> Option<Act> {
    let words = behind.lines().next().unwrap_or("");
    let (word, list) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    match word {
        "disable" => Some(Act::Off(secretlint_ids(list))),
        "enable" => Some(Act::On(secretlint_ids(list))),
        _ => None,
    }
}

/// The rules that a comment of secretlint's names, before its `--` and what closes the comment.
fn secretlint_ids(list: &str) -> Ids {
    let list = list.split("--").next().unwrap_or("").trim_end_matches("*/");
    let id = |id: String| id.trim_start_matches("@secretlint/").trim_start_matches("secretlint-rule-").to_owned();
    let ids: Vec<String> = names(list).into_iter().map(id).collect();
    if ids.is_empty() { Ids::Secrets } else { Ids::Named(ids) }
}

/// `checkov:skip=CKV_SECRET_6:reason` counts in its line and the ones beside it.
fn checkov(before: &str, behind: &str) -> Option<(Asked, usize)> {
    let before = before.trim_end_matches(|c: char| c == ' ' || c == ',' || c == '_' || c.is_ascii_alphanumeric());
    before.ends_with(":skip=").then_some(())?;
    let len = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let ids = Ids::Named(vec![format!("CKV_SECRET_{}", &behind[..len])]);
    let reason = behind[len..].strip_prefix(':').unwrap_or("");
    Some((Asked::new(&["checkov"], ids, Over::Own).because(reason), len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        find(&Source::new(text), &mut Toggles::default(), &mut |asked, line, _| {
            found.push(format!("{line} {} {:?} {:?}", asked.tools[0], asked.ids, asked.over));
        });
        found
    }

    #[test]
    fn marks_count_in_any_language() {
        assert_eq!(said("a\nKEY=x # gitleaks:allow\n"), ["2 gitleaks Secrets Line"]);
        assert_eq!(said("\"k\": \"v\", // betterleaks:allow"), ["1 gitleaks Secrets Line"]);
        assert_eq!(said("k: v # GITLEAKS:ALLOW"), Vec::<String>::new());
        assert_eq!(said("k: v # trufflehog:ignore"), ["1 trufflehog Secrets Line"]);
        assert_eq!(said("k: v # pragma: allowlist secret"), ["1 detect-secrets Secrets Line"]);
        assert_eq!(said("<!-- pragma: allowlist nextline secret -->\nx"), ["1 detect-secrets Secrets NextLine"]);
        assert_eq!(said("x # pragma:whitelist secret"), ["1 detect-secrets Secrets Line"]);
        assert_eq!(said("#pragma: once\n# pragma: no cover"), Vec::<String>::new());
        assert_eq!(said("# nosemgrep"), ["1 semgrep All Own"]);
        assert_eq!(said("x # nosemgrep: a.b.rule, other"), ["1 semgrep Named([\"rule\", \"other\"]) Line"]);
        assert_eq!(said("x # ast-grep-ignore"), ["1 ast-grep All Line"]);
        assert_eq!(said("  // ast-grep-ignore: a, b"), ["1 ast-grep Named([\"a\", \"b\"]) NextLine"]);
        assert_eq!(said("x // secretlint-disable-line"), ["1 secretlint Secrets Line"]);
        assert_eq!(
            said("/* secretlint-disable-next-line @secretlint/secretlint-rule-basicauth -- why */"),
            ["1 secretlint Named([\"basicauth\"]) NextLine"]
        );
        assert_eq!(said("k: v # checkov:skip=CKV_SECRET_6:test key"), ["1 checkov Named([\"CKV_SECRET_6\"]) Own"]);
        assert_eq!(said("see CKV_SECRET_6"), Vec::<String>::new());
    }

    #[test]
    fn a_line_of_nothing_but_marks_is_read_in_time() {
        assert_eq!(said(&"é nosemgrep: ".repeat(50_000)).len(), 50_000);
    }
}
