//! Whole shell scripts, as another program can read them.

use crate::syntax::dockerfile::{Form, Instruction};
use crate::syntax::markdown::Code;
use crate::syntax::shell::is_shell;
use crate::text::{Span, Text, TextBuilder};

/// Longest script that is handed out, in bytes.
const LONGEST: usize = 256 << 10;

/// The name by which a rule asks for the scripts of Dockerfiles.
pub const RUN: &str = "dockerfile.script";
/// The name by which a rule asks for the scripts in documents.
pub const FENCE: &str = "markdown.script";

/// A script, its shell and the way back to the file.
#[derive(Clone, Debug)]
pub struct ScriptText {
    /// What the shell reads.
    pub text: Text<'static>,
    /// Where it begins: before that stands what only tells of the world around it.
    pub start: usize,
    /// `sh`, `bash`, `dash` or `ksh`.
    pub dialect: &'static str,
    /// Whether a document shows it: lines of an example are no program.
    pub example: bool,
}

impl ScriptText {
    /// A script, unless it is empty, too long, or for a shell that is not among those above. `variables` are set
    /// where it runs.
    pub fn new(text: Text<'static>, program: &str, variables: &[&str]) -> Option<Self> {
        let dialect = dialect(interpreter(text.as_str()).unwrap_or(program))?;
        if text.as_str().trim().is_empty() || text.len() > LONGEST {
            return None;
        }
        // A value that may hold anything, unlike a number.
        let used = variables.iter().filter(|name| is_name(name) && text.as_str().contains(**name));
        let exports: String = used.map(|name| format!(" {name}=\"$HOME\"")).collect();
        if exports.is_empty() || text.as_str().starts_with("#!") {
            return Some(Self { text, start: 0, dialect, example: false });
        }
        let mut out = TextBuilder::new();
        let first = text.span(0..1);
        out.escaped(&format!("export{exports}\n"), Span { end: first.start, ..first });
        let start = out.as_str().len();
        out.text(&text, 0..text.len());
        Some(Self { text: out.finish(), start, dialect, example: false })
    }

    /// The script in a fenced block, if its language is a shell's and it is neither a session nor a form to fill in.
    pub fn of_fence(code: &Code<'_>) -> Option<Self> {
        let language = code.language().to_ascii_lowercase();
        let program = if language == "shell" { "bash" } else { language.as_str() };
        dialect(program)?;
        let text = code.content().into_owned();
        let session = text.as_str().lines().any(|line| line.trim_start().starts_with("$ "));
        if session || has_blank(text.as_str()) {
            return None;
        }
        Some(Self { example: true, ..Self::new(text, program, &[])? })
    }
}

/// The shell that runs the shell form of a stage: what SHELL names, else the one that images have.
pub fn of_shell(shell: &Form) -> Option<String> {
    let Form::Exec(items) = shell else { return None };
    let mut items = items.iter().map(|item| item.as_str().to_owned());
    let first = items.next()?;
    if first.rsplit('/').next() == Some("env") { items.next() } else { Some(first) }
}

/// The script of a RUN in shell form: its command line, or the heredoc that is all of it.
pub fn of_run(instruction: &Instruction<'_>, whole: Text<'static>) -> Text<'static> {
    match instruction.heredocs.as_slice() {
        [heredoc] if heredoc.range == instruction.argument => heredoc.body.clone().into_owned(),
        _ => whole,
    }
}

/// The program that the first line names.
pub fn interpreter(text: &str) -> Option<&str> {
    let mut words = text.lines().next()?.strip_prefix("#!")?.split_whitespace();
    let program = words.next()?;
    if program.ends_with("/env") { words.find(|word| !word.starts_with('-')) } else { Some(program) }
}

fn dialect(program: &str) -> Option<&'static str> {
    match program.rsplit('/').next().filter(|name| is_shell(name))? {
        "sh" => Some("sh"),
        "bash" => Some("bash"),
        "ash" | "dash" => Some("dash"),
        "ksh" => Some("ksh"),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether something is left for the reader to fill in: `<name>`, which a shell takes for two redirections.
fn has_blank(text: &str) -> bool {
    let blank = |rest: &str| {
        let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' ')).count();
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest[len..].starts_with('>')
            && !rest[..len].ends_with(' ')
    };
    text.lines().any(|line| line.match_indices('<').take(64).any(|(at, _)| blank(&line[at + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &'static str, program: &str, variables: &[&str]) -> Option<ScriptText> {
        ScriptText::new(Text::at(text, 4), program, variables)
    }

    #[test]
    fn the_first_line_names_the_shell() {
        let dialect = |text, program| script(text, program, &[]).map(|script| script.dialect);
        assert_eq!(dialect("echo", "/bin/sh"), Some("sh"));
        assert_eq!(dialect("#!/usr/bin/env bash\necho", "/bin/sh"), Some("bash"));
        assert_eq!(dialect("#!/bin/ash\necho", "bash"), Some("dash"));
        assert_eq!(dialect("#!/usr/bin/python3\nprint()", "sh"), None);
        assert_eq!(dialect("echo", "zsh"), None);
        assert_eq!(dialect(" \n", "sh"), None);
    }

    #[test]
    fn variables_stand_before_it_and_nowhere_in_the_file() {
        let script = script("echo $dir", "sh", &["dir", "other", "a b"]).unwrap();
        assert_eq!(script.text.as_str(), "export dir=\"$HOME\"\necho $dir");
        assert_eq!(script.text.span(script.start..script.start + 4), Span::new(4, 8));
    }

    #[test]
    fn forms_are_told_from_redirections() {
        assert!(has_blank("ssh <your-host>"));
        assert!(has_blank("ssh <your host>"));
        assert!(!has_blank("cat <file >other"));
        assert!(!has_blank("cat <<EOF\n<EOF"));
    }
}
