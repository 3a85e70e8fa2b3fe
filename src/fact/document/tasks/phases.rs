//! Phases: headings `Phase N`, or bold lines where there are no such headings.

use super::super::clean;
use super::super::names::normalise;
use super::super::scope::Scope;
use super::super::{Phase, Task};
use crate::fact::value::Field;
use crate::syntax::markdown::BlockKind;
use crate::text::{Spanned, Text};

/// The phases in document order; how many tasks stand in each is counted by [`count`].
pub(in super::super) fn phases(scope: &Scope<'_>) -> Vec<Phase> {
    let mut out: Vec<(u8, Phase)> = scope
        .sections
        .iter()
        .filter_map(|section| {
            let title = scope.tree.section_title(section);
            Some((section.level, phase(&title)?))
        })
        .collect();
    let top = out.iter().map(|found| found.0).min();
    out.retain(|found| Some(found.0) == top);
    let mut phases: Vec<Phase> = out.into_iter().map(|found| found.1).collect();
    if phases.is_empty() {
        phases = bold_phases(scope);
    }
    let mut expected = 1;
    for (at, phase) in phases.iter_mut().enumerate() {
        phase.ordinal = at as i64 + 1;
        let name = phase.name.known().map_or("", String::as_str);
        phase.placed_name = format!("{}: {}", phase.ordinal, normalise(name));
        phase.expected = expected;
        phase.in_sequence = phase.number.value == expected;
        expected = phase.number.value.saturating_add(1);
    }
    phases
}

/// Counts the tasks of each phase.
pub(in super::super) fn count(phases: &mut [Phase], tasks: &[Task]) {
    for task in tasks {
        let at = phases.partition_point(|phase| phase.span.start <= task.span.start);
        if let Some(phase) = at.checked_sub(1).and_then(|at| phases.get_mut(at)) {
            phase.tasks += 1;
        }
    }
}

fn bold_phases(scope: &Scope<'_>) -> Vec<Phase> {
    let tree = scope.tree;
    let paragraphs = scope.all_blocks().filter(|&id| {
        let block = tree.block(id);
        block.kind == BlockKind::Paragraph && block.list_depth == 0
    });
    let lines = paragraphs.flat_map(|id| tree.run(id).lines());
    lines
        .filter_map(|line| {
            let strong = line.strong()?;
            let alone = matches!(strong.rest.plain().trim(), "" | ":");
            alone.then(|| phase(&strong.lead.text())).flatten()
        })
        .collect()
}

/// `Phase 3: Implementation`, with numbering, emoji and marks around.
fn phase(title: &Text<'_>) -> Option<Phase> {
    let text = title.as_str();
    let lower = text.to_ascii_lowercase();
    let at = lower.find("phase")?;
    let clean_before = normalise(lower.get(..at)?);
    if !clean_before.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let rest = text.get(at + 5..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-', '#']).len();
    let digits_at = at + 5 + blanks;
    let digits = text.get(digits_at..)?;
    let len = digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: i64 = digits.get(..len)?.parse().ok()?;
    let behind = digits.get(len..)?;
    if behind.starts_with(|c: char| c.is_alphanumeric() || c == '.') && !behind.starts_with(". ") {
        return None;
    }
    let name = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.'));
    // A note in brackets, such as the days that the phase takes, is no part of its name.
    let range = clean::trim(title, text.len() - name.len()..text.len());
    let (start, name) = (range.start, text.get(range)?);
    let span = title.whole_span();
    Some(Phase {
        span,
        number: Spanned::new(number, title.span(digits_at..digits_at + len)),
        name: if name.is_empty() {
            Field::Absent
        } else {
            Field::new(name.to_owned(), title.span(start..start + name.len()))
        },
        numbered_name: Spanned::new(format!("{number}: {}", normalise(name)), span),
        ..Phase::default()
    })
}
