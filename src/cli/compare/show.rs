//! A comparison as people and programs read it.

use super::pair::TOLERANCE;
use super::sarif::Tool;
use crate::diagnostic::{Problem, Status};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Places that a list for people names.
const LISTED: usize = 200;

/// Everything that came out.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    pub(super) version: u32,
    pub(super) tool: Named,
    pub(super) peers: Vec<Named>,
    pub(super) tolerance: u32,
    pub(super) summary: Summary,
    /// By the peer's name of the rule.
    pub(super) rules: BTreeMap<String, Row>,
    pub(super) same: Vec<Place>,
    pub(super) only_theirs: Vec<Place>,
    pub(super) only_ours: Vec<Place>,
    pub(super) not_covered: Vec<Uncovered>,
    pub(super) problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) version: String,
}

impl From<&Tool> for Named {
    fn from(tool: &Tool) -> Self {
        Self { name: tool.name.clone(), version: tool.version.clone() }
    }
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) same: usize,
    pub(super) only_theirs: usize,
    pub(super) only_ours: usize,
    /// Results with ids that we do not have.
    pub(super) not_covered: usize,
    /// Results that the peer itself does not count.
    pub(super) left_out: usize,
}

/// One rule of the peer.
#[derive(Debug, Default, Serialize)]
pub(super) struct Row {
    /// What it is here.
    pub(super) rules: Vec<String>,
    /// Those of them that are off unless they are selected.
    pub(super) off: Vec<String>,
    pub(super) same: usize,
    pub(super) only_theirs: usize,
    pub(super) only_ours: usize,
}

/// One place. Of the peer's words nothing is shown: they may hold a secret.
#[derive(Debug, Default, Serialize)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u32>,
    /// The rule of ours that fired there; for what only they found, others that did.
    pub(super) rules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) our_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// Why there is nothing of ours, where that is known; or that ours does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// A rule of the peer that we do not have.
#[derive(Debug, Serialize)]
pub(super) struct Uncovered {
    pub(super) tool: String,
    pub(super) id: String,
    pub(super) count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl Comparison {
    /// Counts, and puts what was gathered by rule into the order of files.
    pub(super) fn finish(&mut self) {
        for places in [&mut self.same, &mut self.only_theirs, &mut self.only_ours] {
            places.sort_by(|a, b| (&a.path, a.line, &a.id).cmp(&(&b.path, b.line, &b.id)));
        }
        self.summary.same = self.same.len();
        self.summary.only_theirs = self.only_theirs.len();
        self.summary.only_ours = self.only_ours.len();
    }
}

pub(super) fn json(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, comparison)?;
    writeln!(out)
}

pub(super) fn human(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let peers: Vec<String> =
        comparison.peers.iter().map(|peer| format!("{} {}", one_line(&peer.name), one_line(&peer.version))).collect();
    let Named { name, version } = &comparison.tool;
    writeln!(out, "{} beside {name} {version}", peers.join(", ").trim_end())?;
    writeln!(
        out,
        "the same place: lines that overlap (an instruction of a Dockerfile is one place), or at most {TOLERANCE} lines apart\n"
    )?;
    if !comparison.rules.is_empty() {
        writeln!(out, "{:>6} {:>6} {:>6}", "same", "theirs", "ours")?;
    }
    for (id, row) in &comparison.rules {
        let off = if row.off.is_empty() { String::new() } else { format!(" (off here: {})", row.off.join(", ")) };
        let rules = row.rules.join(", ");
        writeln!(out, "{:>6} {:>6} {:>6}  {} = {rules}{off}", row.same, row.only_theirs, row.only_ours, one_line(id))?;
    }
    places("only theirs", &comparison.only_theirs, out)?;
    places("only ours", &comparison.only_ours, out)?;
    uncovered(&comparison.not_covered, out)?;
    for problem in comparison.problems.iter().filter(|problem| problem.status == Status::Failed) {
        writeln!(out, "could not be checked: {}: {}", one_line(&problem.path), one_line(&problem.message))?;
    }
    let Summary { same, only_theirs, only_ours, not_covered, left_out } = comparison.summary;
    write!(out, "\n{same} same, {only_theirs} only theirs, {only_ours} only ours, {not_covered} not covered")?;
    if left_out > 0 {
        write!(out, ", {left_out} that the peer does not count")?;
    }
    writeln!(out)
}

fn places(title: &str, places: &[Place], out: &mut dyn Write) -> io::Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for place in places.iter().take(LISTED) {
        let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
        write!(out, "  {}{line} {}", one_line(&place.path), one_line(&place.id))?;
        if let Some(message) = &place.message {
            write!(out, " {}: {}", place.rules.join(", "), one_line(message))?;
        } else if !place.rules.is_empty() {
            write!(out, " (ours there: {})", place.rules.join(", "))?;
        }
        match &place.note {
            Some(note) => writeln!(out, " ({})", one_line(note))?,
            None => writeln!(out)?,
        }
    }
    if places.len() > LISTED {
        writeln!(out, "  and {} more: --format json lists all", places.len() - LISTED)?;
    }
    Ok(())
}

fn uncovered(list: &[Uncovered], out: &mut dyn Write) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nnot covered: rules of theirs that infralint does not have")?;
    for one in list {
        let reason = one.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        writeln!(out, "{:>6}  {} {}{reason}", one.count, one_line(&one.tool), one_line(&one.id))?;
    }
    Ok(())
}

/// Nothing of a report is obeyed by a terminal.
fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}
