//! What is malformed within one instruction, by BuildKit's own demands.

use super::{Dockerfile, Fault, Form, Instruction, Keyword};
use crate::text::Span;

/// What RUN can mount.
const MOUNTS: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];

/// All faults of a file: those of splitting, then those of each instruction, in order of place.
pub fn faults(file: &Dockerfile<'_>) -> Vec<Fault> {
    let mut out = file.errors.clone();
    let usual = usual_syntax(file);
    for instruction in &file.instructions {
        let trigger = instruction.trigger.as_deref();
        for one in [Some(instruction), trigger].into_iter().flatten() {
            check(one, &mut out);
            if usual {
                flags(one, &mut out);
                mounts(one, &mut out);
            }
        }
    }
    out.sort_by_key(|fault| fault.span);
    out
}

/// Whether Docker's own reader reads the file; another may know more flags.
fn usual_syntax(file: &Dockerfile<'_>) -> bool {
    let syntax = file.directives.iter().find(|directive| directive.name == "syntax");
    syntax.is_none_or(|syntax| syntax.value.trim_start_matches("docker.io/").starts_with("docker/dockerfile"))
}

/// Reports flags that the instruction does not have.
fn flags(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    let known = instruction.keyword.flags();
    if instruction.keyword == Keyword::Unknown {
        return;
    }
    for flag in instruction.flags.iter().filter(|flag| !known.contains(&flag.name.as_str())) {
        let near = known.iter().find(|name| strsim::damerau_levenshtein(name, &flag.name) <= 2);
        let hint = near.map_or(String::new(), |name| format!(": did you mean --{name}?"));
        let name = instruction.keyword.name();
        out.push(Fault::new(flag.span, format!("{name} has no flag --{}{hint}", flag.name)));
    }
}

/// Reports mounts of a type that there is not.
fn mounts(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    for flag in instruction.flags.iter().filter(|flag| instruction.keyword == Keyword::Run && flag.name == "mount") {
        let parts = flag.value.iter().flat_map(|value| value.split(','));
        let mut types =
            parts.filter_map(|part| part.split_once('=')).filter(|(key, _)| key.eq_ignore_ascii_case("type"));
        let odd = |kind: &str| {
            let plain = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
            plain && !MOUNTS.iter().any(|known| known.eq_ignore_ascii_case(kind))
        };
        if let Some((_, kind)) = types.find(|(_, kind)| odd(kind)) {
            let message = format!("RUN has no mounts of type {kind}: there are {}", MOUNTS.join(", "));
            out.push(Fault::new(flag.value_span, message));
        }
    }
}

fn check(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    use Keyword::*;
    let keyword = instruction.keyword;
    if keyword == Unknown {
        return;
    }
    let name = keyword.name();
    if instruction.argument.is_empty() {
        if !matches!(keyword, Run) || instruction.heredocs.is_empty() {
            out.push(Fault::new(instruction.keyword_span, format!("{name} without an argument")));
        }
        return;
    }
    if let Form::Broken(fault) = form_of(instruction)
        && fault.refused
    {
        out.push(Fault::new(fault.span, format!("{name}: {}", fault.message)));
    }
    match keyword {
        From => from(instruction, out),
        Env | Label => pairs(instruction, out),
        Copy | Add => sources(instruction, out),
        Healthcheck => healthcheck(instruction, out),
        Shell if !matches!(instruction.form(), Form::Exec(_)) => {
            out.push(Fault::new(instruction.argument_span(), "SHELL needs a JSON list"));
        }
        Arg | Workdir | User | Expose | Volume | Stopsignal => {
            quotes(instruction, out);
        }
        _ => {}
    }
}

fn form_of(instruction: &Instruction<'_>) -> Form {
    match instruction.keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Copy | Keyword::Add | Keyword::Volume => {
            instruction.form()
        }
        _ => Form::Shell,
    }
}

fn from(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    let words = instruction.words();
    let named = words.len() == 3 && words[1].value.eq_ignore_ascii_case("as");
    if words.len() == 1 || named {
        return;
    }
    let span = words.get(1).or(words.first()).map_or(instruction.keyword_span, |word| word.span);
    out.push(Fault::new(span, "FROM takes an image, or an image, AS and a name"));
}

fn pairs(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    let words = instruction.words();
    if quotes(instruction, out) {
        return;
    }
    let name = instruction.keyword.name();
    // Without an equals sign in the first word it is the old form: one name, the rest is the value.
    if words.first().is_some_and(|first| !first.value.contains('=')) {
        if words.len() < 2 {
            out.push(Fault::new(words[0].span, format!("{name} without a value")));
        }
        return;
    }
    for word in &words {
        let place = instruction.line.as_str()[word.range.clone()].find('=');
        match place {
            None => out.push(Fault::new(word.span, format!("{name}: `{}` is no name=value", word.value))),
            Some(0) => out.push(Fault::new(word.span, format!("{name}: a value without a name"))),
            Some(_) => {}
        }
    }
}

fn sources(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    let count = match instruction.form() {
        Form::Exec(items) => items.len(),
        _ => {
            if quotes(instruction, out) {
                return;
            }
            instruction.words().len()
        }
    };
    if count < 2 {
        let name = instruction.keyword.name();
        out.push(Fault::new(instruction.argument_span(), format!("{name} needs a source and a destination")));
    }
}

fn healthcheck(instruction: &Instruction<'_>, out: &mut Vec<Fault>) {
    let words = instruction.words();
    let first = words.first().map_or("", |word| word.value.as_str());
    if first.eq_ignore_ascii_case("NONE") {
        if let Some(extra) = words.get(1) {
            out.push(Fault::new(extra.span, "HEALTHCHECK NONE takes no argument"));
        }
        return;
    }
    if !first.eq_ignore_ascii_case("CMD") {
        out.push(Fault::new(instruction.argument_span(), "HEALTHCHECK takes CMD and a command, or NONE"));
    } else if words.len() < 2 {
        out.push(Fault::new(words[0].span, "HEALTHCHECK CMD without a command"));
    }
}

/// Reports a quote that is left open.
fn quotes(instruction: &Instruction<'_>, out: &mut Vec<Fault>) -> bool {
    let Some(word) = instruction.words().into_iter().find(|word| word.open_quote) else { return false };
    let raw = &instruction.line.as_str()[word.range.clone()];
    let at = word.range.start + open_quote(raw, instruction.escape().byte());
    let span: Span = instruction.line.span(at..at + 1);
    out.push(Fault::new(span, "a quote that is never closed"));
    true
}

/// The place of the quote that stays open.
fn open_quote(word: &str, escape: u8) -> usize {
    let bytes = word.as_bytes();
    let (mut quote, mut place, mut at) = (0u8, 0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == escape && quote != b'\'' {
            at += 2;
            continue;
        }
        if quote == 0 && matches!(byte, b'"' | b'\'') {
            (quote, place) = (byte, at);
        } else if byte == quote {
            quote = 0;
        }
        at += 1;
    }
    place
}
