//! Dockerfiles: whole-line comments; the next instruction with its continuations and heredocs.

use super::{At, Lines, NOTHING, Next, Part, Sink};
use crate::syntax::Kind;
use crate::syntax::dockerfile::{Instruction, Keyword, parse};

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
