//! Facts of single instructions: what is written, variables, copies, folders, ports.

use super::Walk;
use super::expand::HOLE;
use super::facts::{Instruction as Fact, Port, Transfer, Variable, Workdir};
use super::pairs::{is_legacy, pairs};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::text::{Span, Spanned};

const ARCHIVES: &[&str] = &[
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz",
    ".tbz2",
    ".tar.xz",
    ".txz",
    ".tar.zst",
    ".tzst",
    ".tar.lz",
    ".tar.lzma",
    ".lzma",
    ".tlz",
    ".gz",
    ".bz2",
    ".xz",
    ".zst",
];

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
            shell_chosen: !self.scope.effects.shell_field.is_absent(),
            superseded: !trigger && self.superseded.contains(&number),
            trigger,
            trigger_fault: trigger_fault(instruction),
            legacy: is_legacy(instruction),
            blank_lines: instruction.blank_lines.iter().map(|&span| Spanned::new(String::new(), span)).collect(),
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
            let known = value.known().map_or("", String::as_str);
            let name_span = instruction.line.span(pair.name_range);
            let fact = Variable {
                span: name_span,
                kind: instruction.keyword.name().to_lowercase(),
                empty: value.known().is_some_and(String::is_empty) || (raw == Some("")),
                secret_shaped: super::names::secret_shaped(&pair.name, known),
                name: Spanned::new(pair.name, name_span),
                value,
            };
            self.push(fact, instruction.span);
        }
    }

    pub(super) fn transfer(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Transfer::describe().name) {
            return;
        }
        let mut parts = self.parts(instruction);
        let Some((target, target_span, target_source)) = parts.pop() else { return };
        let heredocs = instruction.heredocs.len();
        let is_heredoc = |span: Span| instruction.heredocs.iter().any(|h| h.span == span);
        parts.retain(|(_, span, _)| !is_heredoc(*span));
        let field = |text: &str, span: Span, source: &str| match text.contains(HOLE) {
            true => Field::unknown(source, span),
            false => Field::new(text.to_owned(), span),
        };
        let from = instruction.flag("from");
        let own_stage = from.map_or(Field::Absent, |flag| {
            let value = flag.value.clone().unwrap_or_default();
            let text = self.scope.expand(&value, instruction);
            if text.contains(HOLE) {
                Field::unknown(value, flag.value_span)
            } else {
                Field::new(self.is_own(&text), flag.value_span)
            }
        });
        let plain = |name: &str| instruction.flag(name).is_some();
        let adds = ["checksum", "keep-git-dir", "unpack"].into_iter().any(plain) || heredocs > 0;
        let fact = Transfer {
            span: instruction.keyword_span,
            keyword: instruction.keyword.name().to_owned(),
            needs_add: match adds {
                true => Field::new(true, instruction.keyword_span),
                false => needs_add(&parts, instruction.keyword_span),
            },
            many_to_file: many_to_file(parts.len() + heredocs, &target, target_span, plain("parents")),
            whole_filesystem: from.map_or(Field::Absent, |flag| {
                let roots = matches!(parts.as_slice(), [(source, _, _)] if source == "/") && target == "/";
                let name = self.scope.expand(flag.value.as_deref().unwrap_or(""), instruction);
                Field::new(roots && !self.in_scratch() && !self.is_made_for_copying(&name), flag.span)
            }),
            sources: parts.iter().map(|(text, span, source)| field(text, *span, source)).collect(),
            destination: field(&target, target_span, &target_source),
            from: from
                .map_or(Field::Absent, |flag| Field::new(flag.value.clone().unwrap_or_default(), flag.value_span)),
            from_own_stage: own_stage,
            is_final: self.is_final(),
        };
        self.push(fact, instruction.span);
    }

    /// Sources and destination: replaced text, place, source text.
    fn parts(&self, instruction: &Instruction<'_>) -> Vec<(String, Span, String)> {
        if let Form::Exec(items) = instruction.form() {
            let part = |item: &crate::text::Text<'_>| {
                let raw = item.as_str().to_owned();
                // In a list quotes are the list's own; only variables are replaced.
                (self.scope.expand(&raw, instruction), item.whole_span(), raw)
            };
            return items.iter().map(part).collect();
        }
        let part = |word: crate::syntax::dockerfile::Word| {
            let raw = instruction.line.as_str()[word.range.clone()].to_owned();
            (self.scope.expand(&raw, instruction), word.span, raw)
        };
        instruction.words().into_iter().map(part).collect()
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

fn needs_add(parts: &[(String, Span, String)], keyword: Span) -> Field<bool> {
    let mut unknown = None;
    for (text, span, source) in parts {
        match is_addable(text) {
            Some(true) => return Field::new(true, keyword),
            Some(false) => {}
            None => unknown = Some(Field::unknown(source.clone(), *span)),
        }
    }
    unknown.unwrap_or(Field::new(false, keyword))
}

/// Whether a source is fetched or unpacked.
fn is_addable(source: &str) -> Option<bool> {
    let lower = source.to_lowercase();
    if lower.contains("://") || lower.starts_with("git@") || lower.ends_with(".git") {
        return Some(true);
    }
    let tail = lower.rsplit([HOLE, '*', '?', ']']).next().unwrap_or("");
    let base = lower.rsplit('/').next().unwrap_or("");
    if ARCHIVES.iter().any(|end| lower.ends_with(end)) {
        return Some(true);
    }
    if lower.starts_with(HOLE) {
        return None;
    }
    let open = base.contains([HOLE, '*', '?', ']']);
    if open && !tail.contains('.') { None } else { Some(false) }
}

fn many_to_file(count: usize, target: &str, span: Span, parents: bool) -> Field<bool> {
    if count < 2 || parents {
        return Field::new(false, span);
    }
    let folder = target.ends_with(['/', '\\']) || matches!(target, "." | "..") || target.ends_with("/.");
    match target.ends_with(HOLE) {
        true => Field::unknown(target.replace(HOLE, "…"), span),
        false => Field::new(!folder, span),
    }
}

fn port(text: &str, raw: &str, span: Span) -> Port {
    let unknown = || Field::unknown(raw, span);
    let (numbers, protocol) = match text.split_once('/') {
        Some((numbers, protocol)) => (numbers, Field::new(protocol.to_owned(), span)),
        None => (text, Field::Absent),
    };
    let (address, numbers) = match numbers.rsplit_once(':') {
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
