//! `infralint explain PATH:LINE`: what fired there, what silenced it, which condition decided, and who set the rules'
//! states.

use super::args::{self, SelectArgs};
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Found, Job, Namer};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::config::{Asked, Scope};
use crate::diagnostic::Diagnostic;
use crate::lint::reasons::Reasons;
use crate::rule::CompiledCheck;
use crate::rule::select::Selected;
use crate::walk::{self, Content, Project};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Rules that found nothing are named up to this number.
const QUIET: usize = 20;

pub(super) fn explain(path: &PathBuf, line: u32, options: &SelectArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    let (projects, missing) = walk::plan(std::slice::from_ref(path), &cwd, &settings::root);
    if let Some(problem) = missing.first() {
        return Err(Refusal::new(format!("{}: {}", problem.path, problem.message)));
    }
    for project in &projects {
        explain_in(project, path, line, options, &cwd)?;
    }
    Ok(Exit::Clean)
}

fn explain_in(project: &Project, named: &Path, line: u32, options: &SelectArgs, cwd: &Path) -> Result<(), Refusal> {
    let (pool, progress) = (walk::Pool::new(0), Progress::new(true));
    let mut settings = Settings::of(&project.root, cwd, options)?;
    let listing = run::listing(project, &mut settings, pool.size())?;
    let job = Job { inline: true, ..Job::plain(&settings, &pool, &progress) };
    let inventory = listing.inventory.clone();
    let entry = listing.entries.first().cloned();
    let excluded = !listing.excluded.is_empty();
    let mut found = Found::default();
    run::project(project, listing, &job, &mut found, &Namer::new(&project.root, cwd))?;
    found.sort();
    let session = run::session(&job, &project.root, &inventory);
    let path = entry.as_ref().map_or("", |entry| &*entry.path);
    let text = entry.as_ref().and_then(|entry| walk::read(&entry.file, &entry.path).ok());
    let reasons = match &text {
        Some(Content::Text(source)) => session.reasons(path, source, line),
        _ => Reasons::default(),
    };
    let here = |finding: &&Diagnostic| (finding.range.start.line..=finding.range.end.line).contains(&line);
    let fired: Vec<&Diagnostic> = found.findings.iter().filter(here).collect();
    let place = Place { path, scope: settings.scopes.of(path), reasons: &reasons };
    output::to_stdout(|out| {
        for problem in &found.problems {
            writeln!(out, "{}: {}", problem.path, problem.message)?;
        }
        if excluded {
            return writeln!(out, "{}: not linted: the config excludes it", named.display());
        }
        if fired.is_empty() {
            writeln!(out, "no rule fired at {}:{line}", named.display())?;
        }
        fired.iter().try_for_each(|finding| place.fired(finding, out))?;
        place.quiet(&fired, out)?;
        place.configs(out)
    })
}

/// A file, and what holds for it.
struct Place<'a> {
    path: &'a str,
    scope: &'a Scope,
    reasons: &'a Reasons,
}

impl Place<'_> {
    fn fired(&self, finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
        let at = finding.range.start;
        writeln!(out, "{} ({}) at {}:{}: {}", finding.rule, finding.severity, at.line, at.column, finding.message)?;
        let Some(number) = self.scope.library.index.number(&finding.rule) else { return Ok(()) };
        let rule = &self.scope.library.rules[number];
        let known = self.reasons.fired.iter().filter(|(id, _, _)| *id == finding.rule);
        match known.min_by_key(|(_, offset, _)| offset.abs_diff(at.offset)) {
            Some((_, _, reason)) => {
                writeln!(out, "    because {}, and the rule demands {}", reason.found, reason.demand)?;
            }
            None => writeln!(out, "    because {}", by_other_means(&rule.check))?,
        }
        let variant = finding.variant.as_deref().and_then(|name| rule.variant(name));
        if let Some(suppressed) = &finding.suppressed {
            write!(out, "    suppressed by {}", suppressed.by)?;
            if let Some(line) = suppressed.line {
                write!(out, " in line {line}")?;
            }
            let asked = Asked {
                rule: Selected { rule: number, variant },
                path: self.path,
                subject: finding.subject.as_deref(),
            };
            if let Some(entry) = self.scope.ignores.iter().find(|entry| entry.covers(asked))
                && suppressed.by == "config"
            {
                write!(out, ", `ignores` in {}", entry.place)?;
            }
            match &suppressed.reason {
                Some(reason) => writeln!(out, ": {reason}")?,
                None => writeln!(out)?,
            }
        }
        self.state(number, out)
    }

    /// Who set the state of a rule.
    fn state(&self, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let told = self.scope.origins(number, &self.scope.overrides(self.path));
        let words = told.iter().map(|told| format!("{} ({})", told.origin, if told.on { "on" } else { "off" }));
        writeln!(out, "    set by {}", words.collect::<Vec<_>>().join(", then "))
    }

    /// Rules that looked at what begins here and found nothing.
    fn quiet(&self, fired: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
        let fired = |id: &str| fired.iter().any(|finding| &*finding.rule == id);
        let quiet = || self.reasons.quiet.iter().filter(|(id, _)| !fired(id));
        for (unknown, words) in
            [(true, "could not decide, for something is unknown"), (false, "looked here and found nothing")]
        {
            let ids: Vec<&str> = quiet().filter(|(_, is)| **is == unknown).map(|(id, _)| &**id).collect();
            if !ids.is_empty() {
                let more = if ids.len() > QUIET { format!(" and {} more", ids.len() - QUIET) } else { String::new() };
                writeln!(out, "{words}: {}{more}", ids[..ids.len().min(QUIET)].join(", "))?;
            }
        }
        Ok(())
    }

    fn configs(&self, out: &mut dyn Write) -> io::Result<()> {
        let layers: Vec<&str> = self.scope.chain.layers().iter().map(|config| config.path.as_str()).collect();
        match layers.is_empty() {
            true => writeln!(out, "no config applies: the defaults hold")?,
            false => writeln!(out, "config: {}", layers.join(", then "))?,
        }
        let variables = args::from_environment();
        if !variables.iter().any(|(option, _)| option == "fail-on") {
            let config = self.scope.chain.layers().iter().rev().find(|config| config.fail_on.is_some());
            let (floor, by) = config.map_or(("warning".into(), "by default"), |config| {
                (config.fail_on.flatten().map_or("never".into(), |floor| floor.to_string()), config.path.as_str())
            });
            writeln!(out, "fail-on {floor}: {by}")?;
        }
        variables.iter().try_for_each(|(option, value)| writeln!(out, "{option} {value}: {}", args::variable(option)))
    }
}

fn by_other_means(check: &CompiledCheck) -> &'static str {
    match check {
        CompiledCheck::Require { .. } => "of what it sees across files",
        CompiledCheck::Native(_) => "its own check found it",
        CompiledCheck::Pattern(_) => "one of its patterns matches here",
        CompiledCheck::Query(_) => "one of its queries matches here",
        _ => "infralint found it itself",
    }
}
