//! Heredocs: found at the starts of words, read line by line up to their terminators.

use super::lines::Lines;
use super::words::{unquote, words};
use super::{Escape, Fault, Heredoc};
use crate::text::{Text, TextBuilder};
use std::ops::Range;

/// The heredocs that an argument opens; their bodies are still empty.
pub(super) fn opened(line: &Text<'_>, argument: Range<usize>) -> Vec<Heredoc<'static>> {
    let source = line.as_str();
    if memchr::memmem::find(&source.as_bytes()[argument.clone()], b"<<").is_none() {
        return Vec::new();
    }
    // Whatever the directive says, the shell's escape counts here.
    words(line, argument, Escape::Backslash).into_iter().filter_map(|word| opener(line, word.range)).collect()
}

fn opener(line: &Text<'_>, range: Range<usize>) -> Option<Heredoc<'static>> {
    let word = &line.as_str()[range.clone()];
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (chomps, raw) = match rest.strip_prefix('-') {
        Some(raw) => (true, raw),
        None => (false, rest),
    };
    if raw.is_empty() || raw.contains('<') {
        return None;
    }
    let name_start = range.end - raw.len();
    let (name, plain) = unquote(line, name_start..range.end, Escape::Backslash);
    if name.is_empty() {
        return None;
    }
    Some(Heredoc {
        name: name.as_str().to_owned(),
        span: line.span(range.clone()),
        range,
        expands: plain,
        chomps,
        body: Text::at("", 0),
        terminator: None,
    })
}

/// Reads the body of one heredoc; what is missing is an error, and then the body goes to the end.
pub(super) fn read<'t>(lines: &mut Lines<'t, '_>, heredoc: &mut Heredoc<'t>, errors: &mut Vec<Fault>) -> usize {
    let text = lines.text;
    let source = text.as_str();
    let start = lines.at;
    let mut chomped = TextBuilder::new();
    while let Some(line) = lines.physical() {
        let tabs = if heredoc.chomps { leading_tabs(&source.as_bytes()[line.clone()]) } else { 0 };
        if source[line.start + tabs..line.end] == heredoc.name {
            heredoc.terminator = Some(text.span(line.start + tabs..line.end));
            finish(text, heredoc, start..line.start, chomped);
            return line.end;
        }
        if heredoc.chomps {
            chomped.text(text, line.start + tabs..lines.at);
        }
    }
    finish(text, heredoc, start..lines.at, chomped);
    errors.push(Fault::new(heredoc.span, format!("heredoc without its end `{}`", heredoc.name)));
    lines.at
}

fn finish<'t>(text: &'t Text<'_>, heredoc: &mut Heredoc<'t>, body: Range<usize>, chomped: TextBuilder) {
    heredoc.body = match heredoc.chomps {
        true => chomped.finish_at(text.span(body.start..body.start).start),
        false => text.slice(body),
    };
}

fn leading_tabs(line: &[u8]) -> usize {
    line.iter().take_while(|&&b| b == b'\t').count()
}
