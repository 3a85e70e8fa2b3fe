//! Dockerfiles: whole-line comments; the next instruction with its continuations and heredocs. In what RUN hands to a
//! shell, the comments of the shell.

use super::super::comment::PREFIX;
use super::{At, Lines, NOTHING, Next, Part, Sink};
use crate::fact::dockerfile::shell_form;
use crate::syntax::Kind;
use crate::syntax::dockerfile::{Form, Instruction, Keyword, parse};
use crate::text::Span;

pub(super) fn find(part: &Part<'_>, sink: Sink<'_>) {
    let file = parse(part.text);
    let mut next = Next::default();
    for comment in file.comments.iter().rev() {
        let Some(text) = part.text.as_str().get(comment.range.clone()) else { continue };
        if !super::may_count(text) {
            continue;
        }
        let after = file.instructions.partition_point(|i| i.span.start <= comment.span.start);
        let around = after.checked_sub(1).and_then(|at| file.instructions.get(at));
        let around = around.filter(|i| comment.span.start < i.span.end);
        let lines = match around {
            Some(_) => inside(part, &mut next, part.line_at(comment.span.start)),
            None => file.instructions.get(after).map_or(NOTHING, |i| extent(part, i)),
        };
        let line = part.line_at(comment.span.start);
        let top = file.directives.iter().any(|directive| directive.span.start == comment.span.start);
        let (start, begins) = (comment.span.start, around.is_none());
        let at = At { start, line, lines, begins, top, kind: Kind::Dockerfile };
        part.offer(text, at, &|_| stage(part, &file.instructions[after..], line), sink);
    }
    for instruction in &file.instructions {
        in_shell(part, instruction, sink);
    }
}

/// Comments of ours that the shell passes over: behind a command, or between the lines of a heredoc.
fn in_shell(part: &Part<'_>, whole: &Instruction<'_>, sink: Sink<'_>) {
    let run = whole.effective();
    let text = part.source.text();
    let mentions = |span: Span| memchr::memmem::find(span.slice(text).as_bytes(), PREFIX.as_bytes()).is_some();
    if run.keyword != Keyword::Run || !mentions(whole.span) || !matches!(run.form(), Form::Shell) {
        return;
    }
    let mut comments = shell_form(run).comments;
    comments.sort_unstable_by_key(|comment| comment.start);
    comments.dedup_by_key(|comment| comment.start);
    let mut next = Next::default();
    for comment in comments.into_iter().rev() {
        // The shell's comment goes on where the line is continued; ours ends there.
        let words = comment.slice(text).lines().next().unwrap_or("").trim_end();
        let words = words.strip_suffix(run.escape().byte() as char).unwrap_or(words).trim_end();
        if super::body_at(words).is_none() {
            continue;
        }
        let line = part.line_at(comment.start);
        let alone = part.line(line).trim_start().starts_with('#');
        let lines = if alone { below(part, whole, &mut next, line) } else { (line, line) };
        let at = At { start: comment.start, line, lines, begins: false, top: false, kind: Kind::Dockerfile };
        part.offer(words, at, &|_| NOTHING, sink);
    }
}

/// The next line, as long as the instruction goes on there.
fn below(part: &Part<'_>, whole: &Instruction<'_>, next: &mut Next, line: u32) -> Lines {
    let lines = inside(part, next, line);
    let ends = |span: Span| part.line_at(span.start) == lines.0;
    let over = whole.effective().heredocs.iter().filter_map(|heredoc| heredoc.terminator).any(ends);
    if over || lines.0 > extent(part, whole).1 { NOTHING } else { lines }
}

/// The stage that begins on the next line.
fn stage(part: &Part<'_>, after: &[Instruction<'_>], line: u32) -> Lines {
    let Some((from, rest)) = after.split_first() else { return NOTHING };
    let first = part.line_at(from.span.start);
    if from.keyword != Keyword::From || first != line + 1 {
        return NOTHING;
    }
    let next = rest.iter().find(|i| i.keyword == Keyword::From).map(|i| part.line_at(i.span.start) - 1);
    (first, next.unwrap_or_else(|| part.line_count()))
}

fn extent(part: &Part<'_>, instruction: &Instruction<'_>) -> Lines {
    let last = instruction.span.end.saturating_sub(1).max(instruction.span.start);
    (part.line_at(instruction.span.start), part.line_at(last))
}

/// Between the lines of an instruction: the next of them.
fn inside(part: &Part<'_>, next: &mut Next, line: u32) -> Lines {
    let counts = |n| !part.line(n).trim().is_empty() && !part.line(n).trim_start().starts_with('#');
    next.behind(line, part.line_count(), counts).map_or(NOTHING, |n| (n, n))
}
