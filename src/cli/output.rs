//! Where reports go: stdout, files, and how a terminal is told.

use super::Refusal;
use super::args::ShowArgs;
use crate::diagnostic::{Diagnostic, Problem};
use crate::report::{self, Format, Look, Results, Summary};
use clap::ColorChoice;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

/// People are not helped by more findings than this at once.
const FOR_PEOPLE: usize = 200;
/// Where the width of the terminal is unknown.
const WIDTH: usize = 100;

/// Writes the report to stdout and wherever else it was asked for. `findings` holds what shall be listed.
pub(super) fn publish(
    show: &ShowArgs,
    findings: &[Diagnostic],
    problems: &[Problem],
    summary: &Summary,
) -> Result<(), Refusal> {
    for (format, path) in &show.output {
        let failed = |e: io::Error| Refusal::new(format!("{} cannot be written: {e}", path.display()));
        let mut out = BufWriter::new(File::create(path).map_err(failed)?);
        let look = Look { quiet: show.quiet, ..Look::default() };
        render(*format, show, findings, problems, summary, &look, &mut out).map_err(failed)?;
        out.flush().map_err(failed)?;
    }
    let format = stdout_format(show);
    to_stdout(|out| match show.statistics && matches!(format, Format::Human | Format::Concise) {
        true => report::statistics(findings, out),
        false => render(format, show, findings, problems, summary, &look(show), out),
    })
}

/// The format of stdout: the one that was asked for, else the one that suits the reader.
pub(super) fn stdout_format(show: &ShowArgs) -> Format {
    let default = if io::stdout().is_terminal() { Format::Human } else { Format::Concise };
    show.format.unwrap_or(default)
}

/// Whether any output shows source lines.
pub(super) fn wants_excerpts(show: &ShowArgs) -> bool {
    stdout_format(show) == Format::Human || show.output.iter().any(|(format, _)| *format == Format::Human)
}

fn render(
    format: Format,
    show: &ShowArgs,
    findings: &[Diagnostic],
    problems: &[Problem],
    summary: &Summary,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let default = if format == Format::Human { FOR_PEOPLE } else { 0 };
    let kept = worst(findings, show.max_findings.unwrap_or(default));
    let summary = Summary { omitted: findings.len() - kept.len(), ..summary.clone() };
    report::write(format, &Results { findings: &kept, problems, summary: &summary }, look, out)
}

/// The worst findings, in the order of all; 0 means no limit.
fn worst(findings: &[Diagnostic], limit: usize) -> Cow<'_, [Diagnostic]> {
    if limit == 0 || findings.len() <= limit {
        return Cow::Borrowed(findings);
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&n| (findings[n].suppressed.is_some(), std::cmp::Reverse(findings[n].severity)));
    order.truncate(limit);
    order.sort_unstable();
    Cow::Owned(order.into_iter().map(|n| findings[n].clone()).collect())
}

fn look(show: &ShowArgs) -> Look {
    let color = match show.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0 as usize);
    Look { color, width, quiet: show.quiet }
}

/// Lets `write` fill stdout. A reader that has seen enough is no error.
pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Refusal> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a line to stderr; if that fails nobody can be told.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
