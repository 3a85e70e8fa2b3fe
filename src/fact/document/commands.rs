//! Commands of a document that cannot be pasted as they stand: prompts, typographic marks, unfilled `<names>`.

use super::scope::Scope;
use crate::fact::value::facts;
use crate::syntax::markdown::Code;
use crate::text::{Spanned, Text};

facts! {
    /// What keeps a command in a fenced block from being pasted as it stands.
    pub struct Uncopyable = "document.uncopyable" {
        /// The words at fault.
        "text" text: Spanned<String>,
        /// What they are: `prompt`, `quote`, `ellipsis`, `blank` or `placeholder`.
        "kind" kind: String,
        /// What belongs there instead; empty for nothing.
        "plain" plain: String,
    }
}

/// Blocks of commands, and those that show a session.
const SHELLS: [&str; 9] = ["sh", "bash", "shell", "zsh", "ksh", "dash", "console", "shell-session", "terminal"];
/// Blocks in which a prompt alone says that commands stand there.
const SESSIONS: [&str; 4] = ["console", "shell-session", "terminal", ""];
/// Programs that setup guides and runbooks call: behind `#` and `>`, which have other meanings, they tell a prompt.
const PROGRAMS: &[&str] = &[
    "sudo",
    "apt",
    "apt-get",
    "apk",
    "yum",
    "dnf",
    "brew",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "node",
    "pip",
    "pip3",
    "python",
    "python3",
    "docker",
    "docker-compose",
    "podman",
    "kubectl",
    "helm",
    "terraform",
    "tofu",
    "ansible-playbook",
    "aws",
    "gcloud",
    "az",
    "git",
    "make",
    "curl",
    "wget",
    "ssh",
    "scp",
    "rsync",
    "systemctl",
    "journalctl",
    "service",
    "psql",
    "pg_dump",
    "redis-cli",
    "mysql",
    "openssl",
    "cd",
    "cp",
    "mv",
    "rm",
    "mkdir",
    "cat",
    "export",
    "source",
    "chmod",
    "chown",
    "tar",
    "vault",
    "go",
    "cargo",
    "supabase",
    "vercel",
];
/// Faults of one document that are told.
const MOST: usize = 500;

/// What keeps the commands of a document from being pasted.
pub(super) fn uncopyable(scope: &Scope<'_>) -> Vec<Uncopyable> {
    let fenced = scope.tree.codes().filter(|code| code.fenced && scope.span.contains(code.span));
    let mut out = Vec::new();
    for code in fenced {
        in_block(&code, &mut out);
        if out.len() >= MOST {
            break;
        }
    }
    out.truncate(MOST);
    out
}

fn in_block(code: &Code<'_>, out: &mut Vec<Uncopyable>) {
    let language = code.language().to_ascii_lowercase();
    if !SHELLS.contains(&language.as_str()) && !language.is_empty() {
        return;
    }
    let content = code.content();
    let lines = lines(content.as_str());
    if let Some(prompt) = prompt(&lines) {
        let starts = lines.iter().filter(|line| line.starts && line.text.starts_with(prompt));
        for line in starts.filter(|line| prompt != "# " || is_call(line.text, prompt)) {
            push(out, &content, line.at..line.at + prompt.len(), "prompt", "");
        }
    }
    // What such a block says besides prompts is what a program answered.
    if !SESSIONS.contains(&language.as_str()) && !lines.iter().any(|line| line.text.starts_with("$ ")) {
        characters(&content, &lines, out);
    }
}

/// A line without the blanks around it.
struct Line<'t> {
    text: &'t str,
    at: usize,
    /// Whether a command begins here: it continues neither the line above nor a heredoc.
    starts: bool,
    /// Whether it is a heredoc's.
    document: bool,
}

fn lines(content: &str) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    let mut at = 0;
    let mut end: Option<&str> = None;
    let mut continued = false;
    for line in content.split_inclusive('\n') {
        let text = line.trim();
        let lead = line.len() - line.trim_start().len();
        if !text.is_empty() {
            out.push(Line { text, at: at + lead, starts: !continued && end.is_none(), document: end.is_some() });
        }
        at += line.len();
        match end {
            Some(word) if text == word => end = None,
            Some(_) => {}
            None => end = heredoc(text),
        }
        continued = end.is_none() && text.ends_with('\\');
    }
    out
}

/// The word that ends the heredoc which a line opens.
fn heredoc(line: &str) -> Option<&str> {
    let rest = line.split_once("<<")?.1;
    if rest.starts_with('<') {
        return None;
    }
    let rest = rest.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
    let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    rest.get(..len).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

/// The prompt before every command; none where a line is something else, which a program may have answered.
fn prompt(lines: &[Line<'_>]) -> Option<&'static str> {
    let begins = |line: &&Line<'_>| line.starts;
    let dollar = |line: &Line<'_>| line.text.starts_with("$ ");
    if lines.iter().any(dollar) {
        let all = lines.iter().filter(begins).all(|line| dollar(line) || line.text.starts_with('#'));
        return all.then_some("$ ");
    }
    let mut marks = ["# ", "> "].into_iter();
    marks.find(|prompt| !lines.is_empty() && lines.iter().filter(begins).all(|line| is_call(line.text, prompt)))
}

/// Whether a program's name stands behind the prompt, with something behind it.
fn is_call(line: &str, prompt: &str) -> bool {
    let Some(rest) = line.strip_prefix(prompt) else { return false };
    rest.split_once(' ').is_some_and(|(program, rest)| PROGRAMS.contains(&program) && !rest.ends_with('.'))
}

/// Marks that word processors write, and names in angle brackets that a shell reads as a redirection.
fn characters(content: &Text<'_>, lines: &[Line<'_>], out: &mut Vec<Uncopyable>) {
    let mut quote = None;
    for line in lines.iter().filter(|line| !line.document) {
        if line.text.is_ascii() && quote.is_none() && !line.text.contains('<') {
            quote = open_at_end(line.text, quote);
            continue;
        }
        let mut before = ' ';
        let mut skip = 0;
        for (index, c) in line.text.char_indices() {
            let was = std::mem::replace(&mut before, c);
            if index < skip {
                continue;
            }
            if c == '\\' && quote != Some('\'') {
                skip = index + 1 + line.text[index + 1..].chars().next().map_or(0, char::len_utf8);
            } else if quote == Some(c) {
                quote = None;
            } else if quote.is_some() {
                continue;
            } else if matches!(c, '"' | '\'') {
                quote = Some(c);
            } else if c == '#' && was.is_whitespace() {
                break;
            } else if let Some((kind, len, plain)) = fault(&line.text[index..], c, was) {
                push(out, content, line.at + index..line.at + index + len, kind, plain);
                skip = index + len;
            }
        }
    }
}

/// The quote that is open behind a line of plain characters.
fn open_at_end(line: &str, mut quote: Option<char>) -> Option<char> {
    let mut escaped = false;
    let mut before = ' ';
    for c in line.chars() {
        let was = std::mem::replace(&mut before, c);
        if std::mem::take(&mut escaped) {
            continue;
        }
        match c {
            '\\' if quote != Some('\'') => escaped = true,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            '#' if quote.is_none() && was.is_whitespace() => return None,
            _ if quote == Some(c) => quote = None,
            _ => {}
        }
    }
    quote
}

/// What is at fault with the text that begins here, how long it is, and what belongs there instead.
fn fault(rest: &str, c: char, before: char) -> Option<(&'static str, usize, &'static str)> {
    match c {
        '“' | '”' | '„' | '″' => Some(("quote", c.len_utf8(), "\"")),
        '‘' | '’' | '‚' | '′' => Some(("quote", c.len_utf8(), "'")),
        '…' => Some(("ellipsis", c.len_utf8(), "")),
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Some(("blank", c.len_utf8(), " ")),
        '<' if !matches!(before, '<' | '$' | '(') => {
            let name = rest.get(1..)?;
            let len = name
                .bytes()
                .take(80)
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' ' | b'.' | b'/' | b':'))
                .count();
            let inner = name.get(..len)?;
            let named = inner.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.ends_with(' ');
            // `<in>out` reads one file and writes another.
            let behind = name.get(len..)?.strip_prefix('>')?;
            let alone = !behind.starts_with(|c: char| c == '>' || c.is_ascii_alphanumeric());
            (named && alone).then_some(("placeholder", len + 2, ""))
        }
        _ => None,
    }
}

fn push(out: &mut Vec<Uncopyable>, content: &Text<'_>, range: std::ops::Range<usize>, kind: &str, plain: &str) {
    let words = content.as_str().get(range.clone()).unwrap_or("").to_owned();
    let span = content.span(range);
    out.push(Uncopyable { span, text: Spanned::new(words, span), kind: kind.to_owned(), plain: plain.to_owned() });
}
