//! Paths of this repository that documents name without a link: in a code span, or as the script that a command runs.

use super::context::{directory, join};
use super::markdown::is_changelog;
use super::value::facts;
use super::{Facts, File, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::text::{Span, Text};

facts! {
    /// A path that a document names in code, where its first folder is one of this repository.
    pub struct PathMention = "markdown.path-mention" {
        /// The path as written.
        "path" path: String,
        /// Where it stands: `span`, or `command` for a script that a command in a block of code runs.
        "place" place: String,
        /// Whether it is there, seen from the root, from the document's folder or from one in between.
        "exists" exists: bool,
    }
}

/// Paths of one document that are looked at.
const MOST: usize = 2_000;
/// Programs that run the script which is their first argument.
const RUNNERS: [&str; 15] = [
    "bash", "sh", "zsh", "dash", "ksh", "source", ".", "python", "python2", "python3", "node", "ruby", "perl", "php",
    "deno",
];
/// Blocks that hold commands.
const SHELLS: [&str; 8] = ["sh", "bash", "shell", "zsh", "console", "shell-session", "terminal", ""];
/// Names that stand for others.
const STAND_INS: [&str; 12] =
    ["foo", "bar", "baz", "qux", "example", "examples", "path", "to", "your", "my", "xxx", "..."];

/// Adds the paths that a document names.
pub(super) fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(PathMention::describe().name) || !file.inventory.is_complete() {
        return;
    }
    let mut left = MOST;
    let spans = tree.code_spans().filter(|span| !is_told_of(file, tree, *span));
    for span in spans.take_while(|_| !is_changelog(file.path)) {
        let code = span.slice(tree.source());
        let inner = code.trim_matches(['`', ' ']);
        let start = span.start as usize + (inner.as_ptr() as usize - code.as_ptr() as usize);
        let path = without_line(inner);
        if left > 0 && is_file_path(path) {
            left -= 1;
            push(file, path, "span", Span::new(start, start + path.len()), out);
        }
    }
    for code in tree.codes().filter(|code| code.fenced) {
        if SHELLS.contains(&code.language().to_ascii_lowercase().as_str()) {
            commands(file, &code.content(), &mut left, out);
        }
    }
}

/// Bytes around a path that are looked at for such words.
const NEAR: usize = 200;
/// Words of a sentence that tells what becomes, or became, of a file.
const CHANGES: [&str; 10] =
    ["creat", "add a", "delet", "remov", "renam", "moved", "copy", "used to", "no longer", "generat"];

/// Whether the file is linked to, or the line says that it is yet to come or gone.
fn is_told_of(file: &File<'_>, tree: &Tree<'_>, span: Span) -> bool {
    let text = tree.source();
    let line = file.source.lines().line_range(file.source.lines().line_of(span.start), text);
    // A page may be one line.
    let from = line.start.max((span.start as usize).saturating_sub(NEAR));
    let to = line.end.min(span.end as usize + NEAR);
    let from = (from..=span.start as usize).find(|at| text.is_char_boundary(*at)).unwrap_or(from);
    let to = (span.end as usize..=to).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(to);
    let lower = text.get(from..to).unwrap_or("").to_lowercase();
    CHANGES.iter().any(|word| lower.contains(word)) || is_linked(tree, span)
}

fn is_linked(tree: &Tree<'_>, span: Span) -> bool {
    let links = tree.links();
    let at = links.partition_point(|link| link.span.start <= span.start);
    at.checked_sub(1).and_then(|at| links.get(at)).is_some_and(|link| link.span.end >= span.end)
}

/// The scripts that a block of commands runs. Behind `cd` nobody knows where the next line runs.
fn commands(file: &File<'_>, content: &Text<'_>, left: &mut usize, out: &mut Facts) {
    let mut at = 0;
    let mut continued = false;
    for line in content.as_str().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let starts = !std::mem::replace(&mut continued, line.trim_end().ends_with('\\'));
        let text = line.trim_start();
        let text = text.strip_prefix("$ ").unwrap_or(text);
        if text.starts_with("cd ") || text.starts_with("pushd ") || text.contains("<<") || *left == 0 {
            return;
        }
        let Some(word) = script(text).filter(|word| starts && is_path(word)) else { continue };
        *left -= 1;
        let from = start + (word.as_ptr() as usize - line.as_ptr() as usize);
        push(file, word, "command", content.span(from..from + word.len()), out);
    }
}

/// The script that a line runs: behind a runner, or as the command itself.
fn script(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| *word == "sudo" || is_assignment(word)).peekable();
    let first = words.next()?;
    if !RUNNERS.contains(&first) {
        return Some(first).filter(|word| word.starts_with("./"));
    }
    // `python -m module` and `bash -c 'text'` run no script.
    words.next().filter(|word| !word.starts_with('-'))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

/// `src/a.rs:12` and `src/a.rs#L12` name a line of a file.
fn without_line(code: &str) -> &str {
    let path = code.split_once('#').map_or(code, |(path, _)| path);
    match path.split_once(':') {
        Some((path, line)) if line.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'-') => path,
        _ => path,
    }
}

/// At least a folder and a name, in plain letters, none of which stands for others.
fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-@+".contains(c);
    let path = word.trim_start_matches("./");
    let parts = || path.split('/');
    let named = parts().all(|part| !part.is_empty() && !STAND_INS.contains(&part.to_lowercase().as_str()));
    let open = path.contains("XXX") || path.contains("NNN") || path.contains("YYYY") || path.contains("...");
    path.chars().all(plain) && parts().count() >= 2 && named && !open && !path.contains("://") && !path.starts_with('@')
}

/// A path whose last name has an ending: without one it may be a branch, an image, an API or a choice of two words.
fn is_file_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let ending = name.rsplit_once('.').map(|(stem, ending)| (stem, ending.len()));
    let ends = ending.is_some_and(|(stem, len)| {
        (1..=10).contains(&len) && (!stem.is_empty() || len > 2) && !name.ends_with(|c: char| c.is_ascii_digit())
    });
    ends && is_path(word)
}

fn push(file: &File<'_>, path: &str, place: &str, span: Span, out: &mut Facts) {
    let bare = path.trim_start_matches("./");
    let first = bare.split('/').next().unwrap_or(bare);
    let mut known = false;
    let mut exists = false;
    let mut dir = directory(file.path);
    loop {
        let at = |name: &str| join(dir, name);
        known |= !first.starts_with("..") && at(first).is_some_and(|first| file.inventory.is_dir(&first));
        exists |= at(path).is_none_or(|path| file.inventory.exists(&path));
        if dir.is_empty() {
            break;
        }
        dir = directory(dir);
    }
    if known {
        out.push(PathMention { span, path: path.to_owned(), place: place.to_owned(), exists }, path, span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_from_other_words() {
        for (line, script_of) in [
            ("python tools/a/b.py --x", Some("tools/a/b.py")),
            ("sudo FOO=1 bash scripts/x.sh", Some("scripts/x.sh")),
            ("./scripts/x.sh", Some("./scripts/x.sh")),
            ("python -m tools.a", None),
            ("ls scripts/x.sh", None),
        ] {
            assert_eq!(script(line), script_of, "{line}");
        }
    }

    #[test]
    fn what_stands_for_others_is_no_path() {
        for path in
            ["path/to/x.sh", "scripts/<name>.sh", "docs/NNNN-x.md", "@scope/name.js", "a.b", "src/*.rs", "/etc/a.conf"]
        {
            assert!(!is_file_path(path), "{path}");
        }
        for path in ["src/a.rs", "docs/a/b.md", "./docs/.env", "src/main.test.ts"] {
            assert!(is_file_path(path), "{path}");
        }
        for path in ["feature/v1.2", "library/nginx:1.27", "docs/api"] {
            assert!(!is_file_path(without_line(path)), "{path}");
        }
    }
}
