//! Findings counted by rule, unknown values by field.

use crate::diagnostic::{Diagnostic, Severity};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes a line a rule, the most frequent first: count, severity, rule.
///
/// # Errors
/// Those of `out`.
pub fn statistics(findings: &[Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.suppressed.is_none()) {
        *counts.entry((&finding.rule, finding.severity)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let width = counts.first().map_or(1, |(_, count)| count.to_string().len());
    for ((rule, severity), count) in counts {
        writeln!(out, "{count:>width$}  {severity:<7}  {rule}")?;
    }
    Ok(())
}

/// Writes a line a field that rules could not decide, the most frequent first: how often, of how many, field.
///
/// # Errors
/// Those of `out`.
pub fn unknowns(mut counts: Vec<(&str, usize, usize)>, out: &mut dyn Write) -> io::Result<()> {
    counts.sort_by_key(|&(field, unknown, _)| (std::cmp::Reverse(unknown), field));
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nunknown")?;
    let width = counts.iter().map(|(_, _, of)| of.to_string().len()).max().unwrap_or(1);
    for (field, unknown, of) in counts {
        writeln!(out, "{unknown:>width$} of {of:>width$}  {field}")?;
    }
    Ok(())
}
