//! `path:line:col: severity rule message`, one line a finding: for problem matchers and pipes.

use super::{Results, one_line};
use crate::diagnostic::{Problem, Status};
use std::io::{self, Write};

pub(super) fn concise(results: &Results<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in results.findings {
        let place = finding.range.start;
        let mark = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
        let (path, message) = (one_line(&finding.path), one_line(&finding.message));
        let (severity, rule) = (finding.severity, &finding.rule);
        writeln!(out, "{path}:{}:{}: {severity} {rule} {message}{mark}", place.line, place.column)?;
    }
    results.problems.iter().filter(|p| p.status == Status::Failed).try_for_each(|p| problem(p, out))
}

fn problem(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: failed {} {}", one_line(&problem.path), problem.kind, one_line(&problem.message))
}
