//! What a fix must leave as it was: the syntax as good as before, and all that it does not touch.

use crate::fact::File;
use crate::syntax::dockerfile::{self, Form, Keyword};
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

/// Whether the instructions of a Dockerfile that no edit touches are after it what and where they were: an edit must not
/// swallow its neighbours, nor let go of what a heredoc holds.
pub fn keeps(kind: Kind, before: &str, after: &str, edits: &[(Span, &str)]) -> bool {
    if kind != Kind::Dockerfile {
        return true;
    }
    let (before, after) = (Text::whole(before), Text::whole(after));
    let (old, new) = (dockerfile::parse(&before), dockerfile::parse(&after));
    let now: HashSet<(u32, u32, Keyword)> =
        new.instructions.iter().map(|one| (one.span.start, one.span.end, one.keyword)).collect();
    let mut edits = edits.iter().peekable();
    // By how much all that follows has moved; where the last edit ended.
    let (mut moved, mut end) = (0i64, None);
    old.instructions.iter().all(|one| {
        while let Some((span, text)) = edits.next_if(|(span, _)| span.start < one.span.start) {
            moved += text.len() as i64 - span.len() as i64;
            end = Some(span.end);
        }
        let begun = end.is_some_and(|end| end > one.span.start);
        let touched = begun || edits.peek().is_some_and(|(span, _)| span.start <= one.span.end);
        let place = |at: u32| u32::try_from(i64::from(at) + moved).ok();
        let Some((start, end)) = place(one.span.start).zip(place(one.span.end)) else { return touched };
        touched || now.contains(&(start, end, one.keyword))
    })
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
    }
}
