//! The splitter: directives, then instructions until the text ends.

use super::lines::{Lines, Logical, is_space, skip_space};
use super::words::{unquote, word_end};
use super::{Directive, Dockerfile, Escape, Fault, Flag, Form, Instruction, Keyword, heredoc};
use crate::text::{Span, Text};
use std::ops::Range;

/// Splits a Dockerfile; total on any text.
pub fn parse<'t>(text: &'t Text<'_>) -> Dockerfile<'t> {
    let mut file = Dockerfile::default();
    let mut lines = Lines::new(text);
    directives(&mut lines, &mut file);
    while let Some(logical) = lines.logical(file.escape, &mut file.comments) {
        let Some(mut instruction) = instruction(logical.line.clone(), file.escape) else { continue };
        let end = attach_heredocs(&mut lines, &mut instruction, &logical, &mut file.errors);
        instruction.span = text.span(logical.range.start..end);
        instruction.blank_lines = logical.blank_lines;
        file.instructions.push(instruction);
    }
    file
}

/// Reads the directives; they are comments as well.
fn directives(lines: &mut Lines<'_, '_>, file: &mut Dockerfile<'_>) {
    loop {
        let before = lines.at;
        let Some(range) = lines.physical() else { return };
        let Some((name, value)) = directive(&lines.text.as_str()[range.clone()]) else {
            lines.at = before;
            break;
        };
        if !matches!(name.as_str(), "syntax" | "escape" | "check") {
            continue;
        }
        let span = lines.text.span(range);
        if file.directives.iter().any(|d| d.name == name) {
            file.errors.push(Fault::new(span, format!("a second `{name}` directive")));
            continue;
        }
        if name == "escape" {
            match value.as_str() {
                "\\" => {}
                "`" => file.escape = Escape::Backtick,
                _ => file.errors.push(Fault::new(span, "the escape character may only be \\ or `")),
            }
        }
        file.directives.push(Directive { name, value, span });
    }
    // The lines are read again as the comments that they are.
    lines.at = Lines::new(lines.text).at;
}

fn directive(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix('#')?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    (named && !value.is_empty()).then(|| (name.to_ascii_lowercase(), value.to_owned()))
}

/// Keyword, flags and argument of one logical line; `None` for a blank one.
fn instruction(line: Text<'_>, escape: Escape) -> Option<Instruction<'_>> {
    let mut one = bare(line, escape)?;
    if one.keyword == Keyword::Onbuild {
        let inner = one.argument().into_owned();
        one.trigger = bare(inner, escape).map(Box::new);
    }
    let worker = worker(&mut one);
    if worker.keyword.takes_heredocs() && !matches!(worker.form(), Form::Exec(_)) {
        worker.heredocs = heredoc::opened(&worker.line, worker.argument.clone());
    }
    Some(one)
}

/// The instruction that may own heredocs: ONBUILD's trigger, else itself.
fn worker<'i, 't>(instruction: &'i mut Instruction<'t>) -> &'i mut Instruction<'t> {
    match instruction.trigger {
        Some(ref mut trigger) => trigger,
        None => instruction,
    }
}

fn bare(line: Text<'_>, escape: Escape) -> Option<Instruction<'_>> {
    let source = line.as_str();
    let bytes = source.as_bytes();
    let start = skip_space(source, 0..source.len());
    let end = source.trim_end().len();
    if start >= end {
        return None;
    }
    let keyword_end = start + bytes[start..end].iter().take_while(|&&b| !is_space(b)).count();
    let keyword_range = start..keyword_end;
    let keyword = Keyword::of(&source[keyword_range.clone()]);
    let mut flags = Vec::new();
    let mut at = skip_space(source, keyword_end..end);
    while bytes[at..end].starts_with(b"--") {
        let (stop, _) = word_end(bytes, at, end, Escape::Backslash);
        let next = skip_space(source, stop..end);
        if stop == at + 2 {
            at = next;
            break;
        }
        flags.push(flag(&line, at..stop));
        at = next;
    }
    Some(Instruction {
        keyword,
        keyword_span: line.span(keyword_range.clone()),
        keyword_range,
        argument: at..end,
        flags,
        heredocs: Vec::new(),
        blank_lines: Vec::new(),
        span: Span::default(),
        trigger: None,
        escape,
        line,
    })
}

fn flag(line: &Text<'_>, range: Range<usize>) -> Flag {
    let source = &line.as_str()[range.clone()];
    let span = line.span(range.clone());
    let Some(equals) = source.find('=') else {
        let name = unquote(line, range, Escape::Backslash).0;
        return Flag { name: name.as_str().trim_start_matches('-').to_owned(), value: None, span, value_span: span };
    };
    let value_range = range.start + equals + 1..range.end;
    let value = unquote(line, value_range.clone(), Escape::Backslash).0.as_str().to_owned();
    Flag { name: source[2..equals].to_owned(), value: Some(value), span, value_span: line.span(value_range) }
}

/// Reads the bodies of the heredocs that the instruction opens; gives the end of the whole.
fn attach_heredocs<'t>(
    lines: &mut Lines<'t, '_>,
    instruction: &mut Instruction<'t>,
    logical: &Logical<'_>,
    errors: &mut Vec<Fault>,
) -> usize {
    let mut end = logical.range.end;
    for heredoc in &mut worker(instruction).heredocs {
        end = heredoc::read(lines, heredoc, errors);
        // Behind one that is not closed nothing is left.
        if heredoc.terminator.is_none() {
            break;
        }
    }
    end
}

/// The instructions that do something in this image: ONBUILD's triggers are left out.
pub fn strip_onbuild<'i, 't>(file: &'i Dockerfile<'t>) -> impl Iterator<Item = &'i Instruction<'t>> {
    file.instructions.iter().filter(|i| i.keyword != Keyword::Onbuild)
}
