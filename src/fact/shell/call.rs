//! One command that is run, with its arguments; `sudo apt-get update` is two.

use super::Lookup;
use crate::syntax::shell::{Command, Expansion, Group, Script, Word};
use crate::text::Span;
use std::collections::HashMap;

/// An argument.
#[derive(Clone, Debug, Default)]
pub struct Arg {
    /// Without quotes, variables replaced where they are known.
    pub text: String,
    /// Whether nothing in it is unknown.
    pub known: bool,
    /// Whether it may fall into several words, flags among them.
    pub loose: bool,
    /// Its place.
    pub span: Span,
}

/// A command that is run.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Its number in the script.
    pub command: usize,
    /// The program, without its folder; empty where it is unknown.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What stands behind the name.
    pub args: Vec<Arg>,
    /// Whether it runs in a shell of its own.
    pub subshell: bool,
}

/// Programs that run another, and their flags that take a value.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"]),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "-C", "-S"]),
    ("exec", &["-a"]),
    ("nice", &["-n"]),
    ("ionice", &["-c", "-n"]),
    ("time", &["-f", "-o"]),
    ("timeout", &["-k", "-s"]),
    ("nohup", &[]),
    ("command", &[]),
    ("builtin", &[]),
    ("setarch", &[]),
    ("eatmydata", &[]),
    ("fakeroot", &[]),
    ("xargs", &["-n", "-I", "-P", "-d", "-a", "-L", "-s", "-E"]),
    ("gosu", &[]),
    ("su-exec", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("setsid", &[]),
    ("runuser", &["-u", "-g", "-G", "-s", "--user", "--group"]),
    ("xvfb-run", &["-n", "-s", "-e", "-f", "-w", "-p"]),
    ("setpriv", &["--reuid", "--regid", "--groups", "--inh-caps", "--ambient-caps", "--bounding-set"]),
    ("flock", &["-w", "-E", "--timeout"]),
    ("chroot", &[]),
    ("unshare", &[]),
    ("coproc", &[]),
    ("find", &[]),
];

/// All calls of a script, in order.
pub fn calls(script: &Script, lookup: Lookup<'_>) -> Vec<Call> {
    let assigned = assignments(script);
    let value = |name: &str| match assigned.get(name) {
        Some(value) => value.clone(),
        None => lookup(name),
    };
    let mut out = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (index, command) in script.commands.iter().enumerate() {
        let Some(first) = command.words.first() else { continue };
        // A substitution inside `sh -c "…"` is met twice.
        if !first.span.is_empty() && !seen.insert(first.span) {
            continue;
        }
        let subshell = script
            .enclosing(command.pipeline)
            .any(|outer| matches!(outer.group, Group::Subshell | Group::Substitution | Group::Process));
        let words: Vec<Arg> = command.words.iter().flat_map(|word| args(word, &value)).collect();
        unwrap(index, words, subshell, &mut out);
    }
    out
}

fn unwrap(command: usize, mut words: Vec<Arg>, subshell: bool, out: &mut Vec<Call>) {
    for _ in 0..5 {
        if words.is_empty() {
            return;
        }
        let name = words.remove(0);
        let base = name.text.rsplit('/').next().unwrap_or("").to_owned();
        let call = Call {
            command,
            name: if name.known { base.clone() } else { String::new() },
            span: name.span,
            args: words.clone(),
            subshell,
        };
        let wrapper = WRAPPERS.iter().find(|(wrapper, _)| name.known && *wrapper == base);
        out.push(call);
        let Some((wrapper, with_value)) = wrapper else { return };
        let inner = inner_start(wrapper, with_value, &words);
        words.drain(..inner.min(words.len()));
        if *wrapper == "find" {
            // Behind the command may stand another `-exec`, which is rare.
            let end = words.iter().position(|word| matches!(word.text.as_str(), ";" | "+")).unwrap_or(words.len());
            words.truncate(end);
        }
    }
}

fn inner_start(wrapper: &str, with_value: &[&str], words: &[Arg]) -> usize {
    let mut at = 0;
    if wrapper == "find" {
        let runs = |word: &Arg| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir");
        return words.iter().position(runs).map_or(words.len(), |at| at + 1);
    }
    // `command -v` and its like only look where a program is.
    let asks = |word: &Arg| word.text.starts_with('-') && word.text.contains(['v', 'V']);
    if wrapper == "command" && words.first().is_some_and(asks) {
        return words.len();
    }
    while let Some(word) = words.get(at) {
        let flag = word.text.starts_with('-');
        let assignment = word.text.contains('=') && !flag;
        if !flag && !assignment {
            break;
        }
        at += if with_value.contains(&word.text.as_str()) { 2 } else { 1 };
    }
    // A duration, a user, a machine come before the command.
    at + usize::from(matches!(wrapper, "timeout" | "gosu" | "su-exec" | "setarch" | "flock" | "chroot"))
}

/// Variables that the script sets once to something known; set twice or by a loop they are unknown.
fn assignments(script: &Script) -> HashMap<&str, Option<String>> {
    let mut out: HashMap<&str, Option<String>> = HashMap::new();
    for command in &script.commands {
        let exported = matches!(command.name(), Some("export" | "declare" | "local" | "readonly"));
        for assignment in &command.assignments {
            let value = assignment.value.literal().map(str::to_owned);
            let known = if out.contains_key(assignment.name.as_str()) { None } else { value };
            out.insert(&assignment.name, known);
        }
        for word in command.args().iter().filter(|_| exported) {
            if let Some((name, value)) = word.value.split_once('=') {
                let known = word.literal().is_some() && !out.contains_key(name);
                out.insert(name, known.then(|| value.to_owned()));
            }
        }
        if matches!(command.name(), Some("read" | "mapfile" | "getopts")) {
            command.args().iter().for_each(|word| drop(out.insert(&word.value, None)));
        }
    }
    out
}

/// One word as arguments: several where a bare variable holds several.
fn args(word: &Word, value: &dyn Fn(&str) -> Option<String>) -> Vec<Arg> {
    if word.expansions.is_empty() {
        return vec![Arg { text: word.value.clone(), known: true, loose: false, span: word.span }];
    }
    let unquoted = word.expansions.iter().any(|expansion| !expansion.quoted);
    let unknown = || {
        vec![Arg {
            text: word.value.clone(),
            known: false,
            loose: unquoted && word.value.starts_with('$'),
            span: word.span,
        }]
    };
    let Some(text) = replaced(word, value) else { return unknown() };
    if !unquoted {
        return vec![Arg { text, known: true, loose: false, span: word.span }];
    }
    let arg = |part: &str| Arg { text: part.to_owned(), known: true, loose: false, span: word.span };
    text.split_whitespace().map(arg).collect()
}

/// The word with plain variables replaced, if all of them are known.
fn replaced(word: &Word, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut rest = word.value.as_str();
    let mut out = String::new();
    for Expansion { variable, .. } in &word.expansions {
        let forms = [format!("${{{variable}}}"), format!("${variable}")];
        let (at, form) = forms.iter().filter_map(|form| Some((rest.find(form.as_str())?, form))).min()?;
        if variable.is_empty() {
            return None;
        }
        out.push_str(&rest[..at]);
        out.push_str(&value(variable)?);
        rest = &rest[at + form.len()..];
    }
    out.push_str(rest);
    (!out.contains('$') && out.len() < 4096).then_some(out)
}

impl Call {
    /// Whether one of the arguments is this word.
    pub fn has(&self, text: &str) -> bool {
        self.args.iter().any(|arg| arg.text == text)
    }

    /// The command it is part of.
    pub fn of<'s>(&self, script: &'s Script) -> &'s Command {
        &script.commands[self.command]
    }
}
