//! One file's content through the rules: whole, or in parts where it is too large for the parsers.

use crate::diagnostic::{Diagnostic, Problem, Status};
use crate::lint::fingerprint::Repeats;
use crate::lint::{Outcome, Session};
use crate::text::Source;
use crate::walk::{Chunk, Chunks, Content};
use std::sync::Arc;

/// Lints the content of the file at `path`.
pub(super) fn lint(path: &Arc<str>, content: Content, session: &Session<'_>) -> Outcome {
    match content {
        Content::Text(source) => session.lint(path, &source),
        Content::Large(chunks) => large(path, chunks, session),
    }
}

/// Text rules stream over a file that is too large to be parsed.
pub(super) fn large(path: &Arc<str>, mut chunks: Chunks, session: &Session<'_>) -> Outcome {
    let mut all = Outcome::default();
    let kind = session.file(path, &Source::new("")).kind;
    if !kind.is_plain() {
        let message = format!("over 4 MB: only the text rules read it, not those for {kind}");
        all.problems.push(Problem { path: path.clone(), status: Status::Skipped, kind: "too-large", message });
    }
    let mut repeats = Repeats::default();
    loop {
        match chunks.next_chunk() {
            Ok(Some(chunk)) => part(path, &chunk, session, &mut all, &mut repeats),
            Ok(None) => return all,
            Err(error) => {
                let message = format!("reading failed half-way: {error}");
                all.problems.push(Problem { path: path.clone(), status: Status::Failed, kind: "unreadable", message });
                return all;
            }
        }
    }
}

fn part(path: &str, chunk: &Chunk, session: &Session<'_>, all: &mut Outcome, repeats: &mut Repeats) {
    let outcome = session.lint_part(path, &chunk.source);
    let own = |finding: &Diagnostic| (chunk.from..chunk.own).contains(&finding.range.start.offset);
    for mut finding in outcome.findings.into_iter().filter(own) {
        if let Some(excerpt) = &mut finding.excerpt {
            excerpt.first_line = excerpt.first_line.saturating_add(chunk.before.lines);
        }
        let ranges = finding.related.iter_mut().map(|label| &mut label.range).chain([&mut finding.range]);
        for range in ranges {
            (range.start, range.end) = (chunk.before.shift(range.start), chunk.before.shift(range.end));
        }
        finding.fingerprint = repeats.next(&finding.fingerprint);
        all.findings.push(finding);
    }
    all.problems.extend(outcome.problems);
}
