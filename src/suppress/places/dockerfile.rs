//! Dockerfiles: whole-line comments; the next instruction with its continuations and heredocs.

use super::{Lines, NOTHING, Next, Part, Sink};
use crate::syntax::dockerfile::{Instruction, parse};

pub(super) fn find(part: &Part<'_>, sink: Sink<'_>) {
    let file = parse(part.text);
    let mut next = Next::default();
    for comment in file.comments.iter().rev() {
        let Some(text) = part.text.as_str().get(comment.range.clone()) else { continue };
        if super::body_at(text).is_none() {
            continue;
        }
        let after = file.instructions.partition_point(|i| i.span.start <= comment.span.start);
        let around = after.checked_sub(1).and_then(|at| file.instructions.get(at));
        let lines = match around.filter(|i| comment.span.start < i.span.end) {
            Some(_) => inside(part, &mut next, part.line_at(comment.span.start)),
            None => file.instructions.get(after).map_or(NOTHING, |i| extent(part, i)),
        };
        part.offer(text, comment.span.start, lines, sink);
    }
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
