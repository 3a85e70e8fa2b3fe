//! Where reports go: stdout, files, and how a terminal is told.

use super::args::ShowArgs;
use super::fixes::Fixing;
use super::run::Found;
use super::settings::Settings;
use super::{Refusal, atomic, forge};
use crate::diagnostic::Diagnostic;
use crate::fix::Shade;
use crate::report::{self, Base, Format, Look, Owners, Results, RuleInfo, Summary};
use crate::rule::Rule;
use crate::rule::written::Prose;
use clap::ColorChoice;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

/// People are not helped by more findings than this at once.
const FOR_PEOPLE: usize = 200;
/// Where the width of the terminal is unknown.
const WIDTH: usize = 100;

/// What a run has to tell.
pub(super) struct Report<'a> {
    /// With no more findings than shall be listed.
    pub(super) found: &'a Found,
    pub(super) summary: &'a Summary,
    /// Of all projects.
    pub(super) settings: &'a [Settings],
    pub(super) base: &'a Base,
    pub(super) fixing: Option<&'a Fixing>,
}

/// Writes the report to stdout and wherever else it was asked for; one that fails does not keep the others back.
pub(super) fn publish(show: &ShowArgs, report: &Report<'_>) -> Result<(), Refusal> {
    let formats = || show.output.iter().map(|(format, _)| *format).chain([stdout_format(show)]);
    let prose = if formats().any(|format| format == Format::Sarif) { prose(report.settings) } else { HashMap::new() };
    let rules = infos(report.settings, &prose);
    let wanted = formats().any(|format| format == Format::Markdown);
    let owners = if wanted { forge::owners(&report.base.root) } else { Owners::default() };
    let told = Told { show, report, rules: &rules, owners: &owners };
    let mut failures = Vec::new();
    for (format, path) in &show.output {
        let look = Look { quiet: show.quiet, ..Look::default() };
        if let Err(error) = atomic::write(path, |out| told.render(*format, &look, out)) {
            failures.push(format!("{} cannot be written: {error}", path.display()));
        }
    }
    let format = stdout_format(show);
    let written = match report.fixing.filter(|fixing| fixing.takes_stdout()) {
        Some(fixing) => to_stdout(|out| fixing.print(shade(show), out)),
        None => to_stdout(|out| match show.statistics && matches!(format, Format::Human | Format::Concise) {
            true => statistics(report.found, out),
            false => told.render(format, &look(show), out),
        }),
    };
    if let Some(fixing) = report.fixing.filter(|_| !show.quiet) {
        told.beside(fixing);
    }
    failures.extend(written.err().map(|refusal| refusal.to_string()));
    if failures.is_empty() { Ok(()) } else { Err(Refusal::new(failures.join("\ninfralint: "))) }
}

/// Two reports in one file would leave the last of them.
pub(super) fn refuse_twice(outputs: &[(Format, PathBuf)]) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    match outputs.iter().find(|(_, path)| !seen.insert(path)) {
        Some((_, path)) => Err(Refusal::new(format!("--output names {} twice", path.display()))),
        None => Ok(()),
    }
}

/// Why and cases of all rules of all projects.
fn prose(settings: &[Settings]) -> HashMap<String, Prose> {
    settings.iter().flat_map(Settings::prose).collect()
}

/// What reports say of rules, each once, sorted by id.
fn infos<'a>(settings: &'a [Settings], prose: &'a HashMap<String, Prose>) -> Vec<RuleInfo<'a>> {
    let info = |rule: &'a Rule| RuleInfo {
        id: &rule.id,
        summary: &rule.summary,
        why: prose.get(&*rule.id).map_or("", |prose| &prose.why.value),
        help: &rule.help,
        severity: rule.severity,
        default: rule.on_by_default(),
        tags: &rule.tags,
        aliases: rule.all_aliases(),
    };
    let libraries = settings.iter().flat_map(Settings::libraries);
    let rules: BTreeMap<&str, &Rule> =
        libraries.flat_map(|library| &library.rules).map(|rule| (&*rule.id, rule)).collect();
    rules.into_values().map(info).collect()
}

fn shade(show: &ShowArgs) -> Shade {
    match look(show).color {
        true => Shade::Colors,
        false if io::stdout().is_terminal() => Shade::Terminal,
        false => Shade::Plain,
    }
}

fn statistics(found: &Found, out: &mut dyn Write) -> io::Result<()> {
    report::statistics(&found.findings, out)?;
    let unknowns = found.unknowns.iter().map(|(field, count)| (field.as_str(), count.unknown, count.of));
    report::unknowns(unknowns.collect(), out)
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

/// What every format is made of.
struct Told<'a> {
    show: &'a ShowArgs,
    report: &'a Report<'a>,
    rules: &'a [RuleInfo<'a>],
    owners: &'a Owners,
}

impl Told<'_> {
    fn render(&self, format: Format, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let Self { show, report, rules, owners } = *self;
        let (findings, problems) = (&report.found.findings, &report.found.problems);
        let default = if format == Format::Human { FOR_PEOPLE } else { 0 };
        let kept = worst(findings, show.max_findings.unwrap_or(default));
        let summary = Summary { omitted: findings.len() - kept.len(), ..report.summary.clone() };
        let results = Results { findings: &kept, problems, summary: &summary, rules, base: report.base, owners };
        report::write(format, &results, look, out)
    }

    /// What people read on stderr, because stdout has a report, a diff or a mended text.
    fn beside(&self, fixing: &Fixing) {
        let mut text = Vec::new();
        if fixing.takes_stdout()
            && !fixing.is_dry()
            && self.render(Format::Concise, &Look::default(), &mut text).is_ok()
        {
            String::from_utf8_lossy(&text).lines().for_each(say);
        }
        if let Some(line) = fixing.tell() {
            say(&line);
        }
    }
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
