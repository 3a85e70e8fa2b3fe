//! What a fix must leave as it was: the syntax as good as before, and all that it does not touch.

use crate::fact::File;
use crate::syntax::dockerfile::{self, Form, Instruction, Keyword};
use crate::syntax::yaml::{Yaml, prepare};
use crate::syntax::{Kind, markdown};
use crate::text::{Span, Text};
use std::collections::HashSet;

/// The faults of a file, and of the snippets in a document.
pub fn faults(file: &File<'_>) -> usize {
    let whole = Text::whole(file.source.text());
    match file.kind {
        Kind::Dockerfile => of_dockerfile(&whole),
        Kind::Markdown => of_document(file.source.text()),
        kind if kind.is_yaml() => of_yaml(&whole, matches!(kind, Kind::HelmTemplate | Kind::GoTemplate)),
        _ => 0,
    }
}

/// Whether the instructions of a Dockerfile that no edit touches are after it what and where they were, and no others
/// than those that an edit touches are new: an edit must not swallow its neighbours, nor let go of what a heredoc holds.
pub fn keeps(kind: Kind, before: &str, after: &str, edits: &[(Span, &str)]) -> bool {
    if kind != Kind::Dockerfile {
        return true;
    }
    let (before, after) = (Text::whole(before), Text::whole(after));
    let (old, new) = (dockerfile::parse(&before), dockerfile::parse(&after));
    let moves = Moves::of(edits);
    let now: HashSet<_> = new.instructions.iter().map(|one| (one.span.start, one.span.end, one.keyword)).collect();
    let kept = |one: &Instruction<'_>| {
        let (start, end) = (one.span.start, one.span.end);
        touches(edits, start, end, |(span, _)| (span.start, span.end))
            || now.contains(&(moves.now(start), moves.now(end), one.keyword))
    };
    let expected: HashSet<_> = old.instructions.iter().map(|one| (moves.now(one.span.start), one.keyword)).collect();
    let own = |one: &Instruction<'_>| {
        expected.contains(&(one.span.start, one.keyword))
            || touches(&moves.0, one.span.start, one.span.end, |(_, now)| (now.start, now.end))
    };
    old.instructions.iter().all(kept) && new.instructions.iter().all(own)
}

/// Whether one of the places, in their order, meets a range or its ends.
fn touches<T>(places: &[T], start: u32, end: u32, of: impl Fn(&T) -> (u32, u32)) -> bool {
    let first = places.partition_point(|place| of(place).1 < start);
    places.get(first).is_some_and(|place| of(place).0 <= end)
}

/// Where edits stand before and after all of them are written.
struct Moves(Vec<(Span, Span)>);

impl Moves {
    fn of(edits: &[(Span, &str)]) -> Self {
        let mut moved = 0i64;
        let place = |(span, text): &(Span, &str)| {
            let start = (i64::from(span.start) + moved) as u32;
            moved += text.len() as i64 - span.len() as i64;
            (*span, Span { start, end: start + text.len() as u32 })
        };
        Self(edits.iter().map(place).collect())
    }

    /// Where a byte is that no edit touches.
    fn now(&self, at: u32) -> u32 {
        let before = self.0.partition_point(|(span, _)| span.end <= at);
        match before.checked_sub(1).and_then(|last| self.0.get(last)) {
            Some((then, now)) => now.end + (at - then.end),
            None => at,
        }
    }
}

fn of_dockerfile(text: &Text<'_>) -> usize {
    let file = dockerfile::parse(text);
    let unknown = file.instructions.iter().filter(|instruction| instruction.keyword == Keyword::Unknown).count();
    // A list that is none any more would be run by a shell.
    let broken = file.instructions.iter().filter(|instruction| matches!(instruction.form(), Form::Broken(_))).count();
    dockerfile::faults(&file).len() + unknown + broken
}

fn of_yaml(text: &Text<'_>, template: bool) -> usize {
    let prepared = prepare(text, template);
    let yaml = Yaml::parse_prepared(&prepared);
    let repeated: usize = yaml.documents.iter().map(|document| yaml.duplicate_keys(document).len()).sum();
    yaml.errors.len() + repeated
}

fn of_document(text: &str) -> usize {
    let tree = markdown::parse(text);
    let snippet = |code: &markdown::Code| match code.language().to_ascii_lowercase().as_str() {
        "dockerfile" | "docker" | "containerfile" => of_dockerfile(&code.content()),
        "yaml" | "yml" | "k8s" | "kubernetes" | "compose" => of_yaml(&code.content(), false),
        _ => 0,
    };
    tree.codes().filter(|code| code.fenced).map(|code| snippet(&code)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(before: &str, at: usize, len: usize, text: &str) -> bool {
        let after = format!("{}{text}{}", &before[..at], &before[at + len..]);
        keeps(Kind::Dockerfile, before, &after, &[(Span::new(at, at + len), text)])
    }

    #[test]
    fn neighbours_stay_what_they_are() {
        let file = "FROM a\nRUN b\nRUN <<E\nc\nE\nCMD d\n";
        let (run, heredoc) = (file.find("RUN b").unwrap(), file.find("<<E").unwrap());
        assert!(kept(file, run, 3, "COPY"));
        assert!(kept(file, run + 5, 0, " x"));
        assert!(kept(file, run, 0, "SHELL [\"x\"]\n"));
        assert!(kept(file, run, 6, ""));
        // A continuation takes the next line along, a heredoc all of them.
        assert!(!kept(file, run + 5, 0, " \\"));
        assert!(!kept(file, run + 5, 0, " <<E"));
        // Another end, and what was its body is instructions.
        assert!(!kept(file, heredoc, 3, "<<F"));
        assert!(!kept(file, heredoc, 3, "c"));
        assert!(kept(file, heredoc + 4, 1, "x"));
    }
}
