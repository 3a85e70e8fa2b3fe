//! Other text: a comment of ours covers its line; alone on its line the next one that is not blank.

use super::super::comment::PREFIX;
use super::{At, NOTHING, Next, Part, Sink};
use crate::syntax::Kind;

/// What may open a comment, the longer ones first.
const OPENERS: [&str; 7] = ["<!--", "//", "/*", "--", "#", ";", "*"];
const CLOSERS: [&str; 2] = ["-->", "*/"];

pub(super) fn find(part: &Part<'_>, kind: Kind, sink: Sink<'_>) {
    if kind == Kind::Shell {
        shell(part, sink);
    }
    let text = part.text.as_str();
    let finder = memchr::memmem::find_iter(text.as_bytes(), PREFIX.as_bytes());
    let mut numbers: Vec<u32> = finder.map(|at| part.lines.line_of(at as u32)).collect();
    numbers.dedup();
    let mut next = Next::default();
    for &number in numbers.iter().rev() {
        let Some(at) = comment_in(part.line(number)) else { continue };
        let lines = match alone(part.line(number)) {
            false => (number, number),
            true => {
                let counts = |n| !part.line(n).trim().is_empty() && !alone(part.line(n));
                next.behind(number, part.line_count(), counts).map_or(NOTHING, |n| (n, n))
            }
        };
        let start = part.lines.line_start(number) as usize + at;
        let comment = without_closer(&part.line(number)[at..]);
        let start = part.text.span(start..start + comment.len()).start;
        let at = At { start, line: number, lines, begins: true, top: number == 1, kind };
        part.offer(comment, at, &|_| NOTHING, sink);
    }
}

/// Directives of shellcheck in a script: before the first command for the whole file, else for the next one with
/// its continued lines.
fn shell(part: &Part<'_>, sink: Sink<'_>) {
    let text = part.text.as_str();
    let mut numbers: Vec<u32> =
        memchr::memmem::find_iter(text.as_bytes(), "shellcheck ").map(|at| part.lines.line_of(at as u32)).collect();
    numbers.dedup();
    let counts = |n: u32| !matches!(part.line(n).trim_start().chars().next(), None | Some('#'));
    let first = (1..=part.line_count()).find(|n| counts(*n)).unwrap_or(u32::MAX);
    let mut next = Next::default();
    for &line in numbers.iter().rev() {
        let words = part.line(line);
        let comment = words.trim_start();
        if !comment.starts_with('#') || super::body_at(comment).is_some() {
            continue;
        }
        let lines = match next.behind(line, part.line_count(), counts) {
            Some(_) if line < first => (1, part.line_count()),
            Some(command) => (command, continued(part, command)),
            None => NOTHING,
        };
        let at = part.lines.line_start(line) as usize + words.len() - comment.len();
        let start = part.text.span(at..at + comment.len()).start;
        let at = At { start, line, lines, begins: true, top: line == 1, kind: Kind::Shell };
        part.offer(comment, at, &|_| NOTHING, sink);
    }
}

fn continued(part: &Part<'_>, line: u32) -> u32 {
    (line..part.line_count()).find(|n| !part.line(*n).trim_end().ends_with('\\')).unwrap_or_else(|| part.line_count())
}

/// Where the line's comment of ours begins: an opener at the line's start or behind a blank.
fn comment_in(line: &str) -> Option<usize> {
    let before = line[..line.find(PREFIX)?].trim_end();
    let opener = OPENERS.iter().find(|o| before.ends_with(**o))?;
    let start = before.trim_end_matches(opener.chars().next_back()?).len().min(before.len() - opener.len());
    line[..start].chars().next_back().is_none_or(char::is_whitespace).then_some(start)
}

/// Whether the line is a comment of ours and nothing else.
fn alone(line: &str) -> bool {
    comment_in(line).is_some_and(|at| {
        let rest = &line[at + without_closer(&line[at..]).len()..];
        let rest = CLOSERS.iter().fold(rest.trim(), |rest, closer| rest.trim_start_matches(closer));
        line[..at].trim().is_empty() && rest.is_empty()
    })
}

fn without_closer(comment: &str) -> &str {
    let closer = CLOSERS.iter().filter_map(|c| comment.find(c)).min();
    comment[..closer.unwrap_or(comment.len())].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_open_at_the_start_or_behind_a_blank() {
        assert_eq!(comment_in("A=b # infralint: …"), Some(4));
        assert_eq!(comment_in("  // infralint: …"), Some(2));
        assert_eq!(comment_in("### infralint: …"), Some(0));
        assert_eq!(comment_in("<!-- infralint: … -->"), Some(0));
        assert_eq!(comment_in("A=b#infralint: …"), None);
        assert_eq!(comment_in("see infralint: …"), None);
        assert_eq!(without_closer("/* infralint: … why */ a"), "/* infralint: … why");
    }
}
