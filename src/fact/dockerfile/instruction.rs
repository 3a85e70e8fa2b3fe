//! Facts of single instructions: what is written, variables, copies, folders, ports.

use super::Walk;
use super::expand::HOLE;
use super::facts::{Instruction as Fact, Port, Variable, Workdir};
use super::pairs::{is_legacy, pairs};
use crate::fact::secret::Redacted;
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::text::{Span, Spanned};

impl Walk<'_, '_> {
    pub(super) fn instruction(&mut self, number: usize, instruction: &Instruction<'_>, trigger: bool) {
        if !self.wanted.subject(Fact::describe().name) {
            return;
        }
        let written = Spanned::new(instruction.keyword_str().to_owned(), instruction.keyword_span);
        let known = instruction.keyword != Keyword::Unknown;
        if self.setting.fragment && !known {
            return;
        }
        let (form, json_fault) = form(instruction);
        let superseded_by = self.superseded.get(&number).filter(|_| !trigger).cloned();
        let fact = Fact {
            span: instruction.keyword_span,
            keyword: if known { instruction.keyword.name().to_owned() } else { written.value.to_uppercase() },
            known,
            suggestion: if known { Field::Absent } else { suggestion(&written) },
            written,
            argument: match instruction.argument.is_empty() {
                true => Field::Absent,
                false => Field::new(instruction.argument_str().to_owned(), instruction.argument_span()),
            },
            form,
            json_fault,
            shell_syntax: needs_shell(instruction.argument_str()),
            program: program(instruction),
            execs: instruction.argument_str().split_whitespace().next() == Some("exec"),
            shell_chosen: !self.scope.effects.shell_field.is_absent(),
            superseded: superseded_by.is_some(),
            superseded_by: superseded_by.map_or(Field::Absent, Field::from),
            trigger,
            trigger_fault: trigger_fault(instruction),
            legacy: is_legacy(instruction),
            blank_lines: instruction.blank_lines.iter().map(|&span| Spanned::new(String::new(), span)).collect(),
            odd_case: known && Some(is_upper(instruction.keyword_str())) == self.odd_case,
            flags: instruction.flags.iter().map(|flag| Spanned::new(flag.name.clone(), flag.span)).collect(),
            is_final: self.is_final(),
            in_image: self.in_image(),
        };
        self.push(fact, instruction.span);
    }

    pub(super) fn variables(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Variable::describe().name) {
            return;
        }
        for pair in pairs(instruction) {
            let raw = pair.value.clone().map(|range| &instruction.line.as_str()[range]);
            let span = pair.value.map(|range| instruction.line.span(range));
            let value = match (raw, span) {
                (Some(raw), Some(span)) => self.scope.field(raw, instruction, span),
                _ => Field::Absent,
            };
            let known = value.known().cloned().unwrap_or_default();
            let name_span = instruction.line.span(pair.name_range);
            let fact = Variable {
                span: name_span,
                kind: instruction.keyword.name().to_lowercase(),
                empty: value.known().is_some_and(String::is_empty) || (raw == Some("")),
                secret_shaped: super::names::secret_shaped(&pair.name, &known),
                name: Spanned::new(pair.name, name_span),
                // What is written where it is unknown may hold a secret as well.
                value: match value {
                    Field::Known(text) => Field::new(Redacted::new(text.value), text.span),
                    Field::Unknown(text) => Field::unknown("…", text.span),
                    Field::Absent => Field::Absent,
                },
            };
            self.push(fact, instruction.span);
        }
    }

    pub(super) fn workdir(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Workdir::describe().name) {
            return;
        }
        let raw = instruction.argument_str();
        let text = self.scope.expand(raw, instruction);
        let span = instruction.argument_span();
        let absolute = text.starts_with(['/', '\\']) || text.as_bytes().get(1) == Some(&b':');
        let fact = Workdir {
            span: instruction.keyword_span,
            path: self.scope.field(raw, instruction, span),
            relative: match text.starts_with(HOLE) {
                true => Field::unknown(raw, span),
                false => Field::new(!absolute, span),
            },
            anchored: !self.scope.effects.workdir.is_absent(),
        };
        self.push(fact, instruction.span);
    }

    pub(super) fn ports(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Port::describe().name) {
            return;
        }
        for word in instruction.words() {
            let raw = &instruction.line.as_str()[word.range.clone()];
            let text = self.scope.expand(raw, instruction);
            let fact = port(&text, raw, word.span);
            self.push(fact, instruction.span);
        }
    }
}

/// Whether a keyword is in upper case, as far as it has a case; a mixed one counts as lower.
pub(super) fn is_upper(keyword: &str) -> bool {
    !keyword.chars().any(|c| c.is_ascii_lowercase())
}

fn form(instruction: &Instruction<'_>) -> (String, Field<String>) {
    use Keyword::*;
    let lists = matches!(instruction.keyword, Run | Cmd | Entrypoint | Shell | Copy | Add | Volume);
    if !lists {
        return ("shell".to_owned(), Field::Absent);
    }
    match instruction.form() {
        Form::Exec(_) => ("exec".to_owned(), Field::Absent),
        // `[ -f x ]` and `[[ … ]]` are commands.
        Form::Broken(fault) if !is_test(instruction.argument_str()) => {
            ("broken".to_owned(), Field::new(fault.message.to_owned(), fault.span))
        }
        _ => ("shell".to_owned(), Field::Absent),
    }
}

/// Whether a bracket begins a test: a list would go on with a quote, and end with its bracket.
fn is_test(argument: &str) -> bool {
    let inner = argument.trim_start_matches('[');
    let double = argument.len() - inner.len() == 2;
    let first = inner.trim_start();
    let blank = inner.len() != first.len();
    let list_like = first.starts_with(['"', '\'']) && first.contains(',');
    double || (blank && !list_like) || (blank && argument.contains("] &&")) || (blank && argument.contains("] ||"))
}

fn suggestion(written: &Spanned<String>) -> Field<String> {
    let word = written.value.to_uppercase();
    let near = Keyword::ALL.iter().map(|(name, _)| (strsim::damerau_levenshtein(&word, name), *name));
    let best = near.filter(|(distance, name)| *distance <= 2 && *distance < name.len() - 1).min();
    best.map_or(Field::Absent, |(_, name)| Field::new(name.to_owned(), written.span))
}

fn needs_shell(argument: &str) -> bool {
    argument.contains(['$', '&', '|', ';', '<', '>', '`', '(', '*', '~'])
}

/// Words that only a shell understands at the beginning of a command.
const OF_SHELLS: &[&str] = &[
    "exec", "cd", ".", "source", "export", "umask", "ulimit", "set", "eval", "trap", ":", "if", "time", "command", "{",
    "!", "while", "until", "for", "case", "function", "alias", "unset", "readonly", "local", "declare", "shift",
    "wait", "read", "type", "hash", "let", "shopt", "builtin", "typeset", "return", "exit", "[[",
];

/// The program that a shell form starts, with its arguments, where it needs no shell to begin with.
fn program(instruction: &Instruction<'_>) -> Field<String> {
    if !matches!(instruction.keyword, Keyword::Cmd | Keyword::Entrypoint) {
        return Field::Absent;
    }
    let whole = instruction.argument_str();
    let text = whole.strip_prefix("exec ").map_or(whole, str::trim_start);
    let first = text.split_whitespace().next().unwrap_or("-");
    let plain = !first.starts_with('-') && !first.contains('=') && !OF_SHELLS.contains(&first);
    if plain { Field::new(text.to_owned(), instruction.argument_span()) } else { Field::Absent }
}

fn trigger_fault(instruction: &Instruction<'_>) -> Field<String> {
    let Some(trigger) = &instruction.trigger else { return Field::Absent };
    let name = trigger.keyword_str().to_uppercase();
    let why = match trigger.keyword {
        Keyword::Onbuild => "ONBUILD may not trigger ONBUILD".to_owned(),
        Keyword::From | Keyword::Maintainer => format!("ONBUILD may not trigger {name}"),
        Keyword::Unknown => format!("ONBUILD of `{name}`, which is no instruction"),
        _ => return Field::Absent,
    };
    Field::new(why, trigger.keyword_span)
}

fn port(text: &str, raw: &str, span: Span) -> Port {
    let unknown = || Field::unknown(raw, span);
    let (numbers, protocol) = match text.split_once('/') {
        Some((numbers, protocol)) => (numbers, Field::new(protocol.to_owned(), span)),
        None => (text, Field::Absent),
    };
    let (address, numbers) = match numbers.rsplit_once(':') {
        // Nobody knows what a variable holds; perhaps nothing.
        Some((address, numbers)) if address.contains(HOLE) => (Field::Absent, numbers),
        Some((address, numbers)) => (Field::new(address.to_owned(), span), numbers),
        None => (Field::Absent, numbers),
    };
    let (first, last) = match numbers.get(1..).and_then(|rest| rest.find('-')) {
        Some(at) => (&numbers[..at + 1], &numbers[at + 2..]),
        None => (numbers, numbers),
    };
    let number = |text: &str| text.trim().parse::<i64>().map_or_else(|_| unknown(), |n| Field::new(n, span));
    Port {
        span,
        text: Spanned::new(raw.to_owned(), span),
        number: number(first),
        last: number(last),
        protocol,
        address,
    }
}
