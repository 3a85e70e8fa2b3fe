//! `infralint compare`: a peer's report beside ours, so that a team can see what a replacement would change.

mod files;
mod names;
mod pair;
mod sarif;
mod show;

use super::args::{CompareArgs, SelectArgs};
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Found, Job, Namer};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::config::Left;
use crate::diagnostic::{Diagnostic, Status};
use crate::rule::library::Library;
use crate::rule::select::{Selected, Selection};
use crate::walk;
use files::Files;
use names::{Known, Names};
use pair::{Ours, Pairs, TOLERANCE, Theirs};
use sarif::{Peer, PeerResult};
use show::{Comparison, Named, Place, Row, Summary, Uncovered};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(super) fn compare(options: &CompareArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    let peer = read(&options.report)?;
    let (projects, missing) = walk::plan(&options.paths, &cwd, &settings::root);
    let mut found = Found { problems: missing, ..Found::default() };
    let (pool, progress) = (walk::Pool::new(0), Progress::new(true));
    let mut seen = HashSet::new();
    let mut settings = None;
    for project in &projects {
        let usual = Settings::of(&project.root, &cwd, &options.select)?;
        // Whether a rule is on is a matter of taste; whether it sees what the peer sees is not.
        let mut all = Settings::of(&project.root, &cwd, &widened(&options.select, &peer, usual.library()))?;
        let listing = run::listing(project, &mut all, pool.size())?;
        let linted = listing.entries.iter().filter(|entry| all.leaves_out(&entry.path, entry.named) == Left::In);
        seen.extend(linted.map(|entry| entry.file.clone()));
        let job = Job { inline: true, ..Job::plain(&all, &pool, &progress) };
        run::project(project, listing, &job, &mut found, &Namer::new(&project.root, &cwd))?;
        settings.get_or_insert(usual);
    }
    found.sort();
    let settings = match settings {
        Some(settings) => settings,
        None => Settings::here(&cwd, &options.select)?,
    };
    let roots = projects.iter().map(|project| &*project.root).collect();
    let scope = settings.scopes.first();
    let (library, selection) = (&*scope.library, scope.selection(&[]));
    let sides = Sides { names: Names::new(library), library, selection, files: Files::new(&cwd, roots), cwd: &cwd };
    let comparison = compare_sides(&peer, &found, sides, &seen);
    output::to_stdout(|out| match options.format.as_str() {
        "json" => show::json(&comparison, out),
        _ => show::human(&comparison, out),
    })?;
    let failed = found.problems.iter().any(|problem| problem.status == Status::Failed);
    Ok(if failed { Exit::Failed } else { Exit::Clean })
}

fn read(report: &Path) -> Result<Peer, Refusal> {
    let shown = report.display().to_string();
    let refuse = |message: String| Refusal::new(format!("{shown}:{message}"));
    let bytes = std::fs::read(report).map_err(|error| refuse(format!(" {error}")))?;
    let source = walk::decode(bytes, &shown).map_err(|_| refuse("1:1: this is no SARIF: it is no text".to_owned()))?;
    sarif::read(&source).map_err(refuse)
}

/// The selection, with every rule that the peer has a name for.
fn widened(select: &SelectArgs, peer: &Peer, library: &Library) -> SelectArgs {
    let names = Names::new(library);
    let prefixes: BTreeSet<&str> = peer.tools.iter().flat_map(|tool| names.prefixes(&tool.name)).collect();
    let theirs = |alias: &&str| alias.split_once('/').is_some_and(|(prefix, _)| prefixes.contains(prefix));
    let mut aliases: BTreeSet<String> =
        library.rules.iter().flat_map(|rule| rule.all_aliases()).filter(theirs).map(str::to_owned).collect();
    for result in &peer.results {
        // That the peer has started a program is no reason to start one here.
        let starts = |targets: &[Selected]| targets.iter().any(|target| library.rules[target.rule].starts_program());
        match names.find(&peer.tools[result.tool].name, &result.id) {
            Known::Here(name, targets) if !starts(&targets) => drop(aliases.insert(name)),
            _ => {}
        }
    }
    let mut select = select.clone();
    select.extend_select.extend(aliases);
    select
}

/// A result of the peer whose rule we have, by its name here.
struct Their<'a> {
    result: &'a PeerResult,
    name: String,
    paired: Theirs,
}

/// A finding of a rule that the peer has a name for.
struct Our<'a> {
    finding: &'a Diagnostic,
    name: &'a str,
    paired: Ours,
}

/// What both sides are brought to the same names with.
struct Sides<'a> {
    names: Names<'a>,
    library: &'a Library,
    selection: Selection,
    files: Files<'a>,
    cwd: &'a Path,
}

impl<'a> Sides<'a> {
    /// The peer's results that we have rules for, and those that we have none for.
    fn theirs<'p>(&mut self, peer: &'p Peer) -> (Vec<Their<'p>>, Vec<Uncovered>) {
        let mut theirs = Vec::new();
        let mut uncovered: BTreeMap<(usize, &str), Uncovered> = BTreeMap::new();
        for result in &peer.results {
            let tool = &peer.tools[result.tool].name;
            let reason = match self.names.find(tool, &result.id) {
                Known::Here(name, targets) => {
                    let file = self.files.theirs(&result.uri);
                    let lines = result.lines.map(|lines| self.files.widened(file, lines));
                    theirs.push(Their { result, name, paired: Theirs { targets, file, lines } });
                    continue;
                }
                Known::Dead(reason) => Some(reason),
                Known::Nothing => None,
            };
            let none = || Uncovered { tool: tool.clone(), id: result.id.clone(), count: 0, reason };
            uncovered.entry((result.tool, &result.id)).or_insert_with(none).count += 1;
        }
        let mut uncovered: Vec<Uncovered> = uncovered.into_values().collect();
        uncovered.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
        (theirs, uncovered)
    }

    /// Our findings that the peer could have, too.
    fn ours<'f>(&mut self, findings: &'f [Diagnostic], prefixes: &BTreeSet<String>) -> Vec<Our<'f>> {
        let library = self.library;
        let named = |finding: &'f Diagnostic| {
            let aliases = finding.aliases.iter().map(String::as_str);
            let known = |alias: &&str| alias.split_once('/').is_some_and(|(prefix, _)| prefixes.contains(prefix));
            let rule = library.index.number(&finding.rule)?;
            let variant = finding.variant.as_deref().and_then(|name| library.rules[rule].variant(name));
            Some((finding, aliases.into_iter().find(known)?, Selected { rule, variant }))
        };
        let named: Vec<_> = findings.iter().filter_map(named).collect();
        let our = |(finding, name, fired): (&'f Diagnostic, &'f str, Selected)| {
            let lines = (finding.range.start.line.max(1), finding.range.end.line.max(1));
            Our { finding, name, paired: Ours { fired, file: self.files.ours(&finding.path), lines } }
        };
        named.into_iter().map(our).collect()
    }

    fn off(&self, targets: &[Selected]) -> Vec<String> {
        let states = &self.selection.states;
        let off = targets.iter().filter(|target| match target.variant {
            Some(variant) => !states[target.rule].variants[variant],
            None => !states[target.rule].active(),
        });
        self.written(off)
    }

    fn written<'t>(&self, targets: impl Iterator<Item = &'t Selected>) -> Vec<String> {
        let rules = &self.library.rules;
        let written = targets.map(|target| match target.variant {
            Some(variant) => format!("{}:{}", rules[target.rule].id, rules[target.rule].variants[variant].name),
            None => rules[target.rule].id.to_string(),
        });
        written.collect::<BTreeSet<String>>().into_iter().collect()
    }

    fn shown(&self, file: usize) -> String {
        let file = self.files.file(file);
        walk::shown(file.strip_prefix(self.cwd).unwrap_or(file))
    }
}

/// What our other rules say where only the peer found something.
struct There<'f>(HashMap<usize, Vec<&'f Diagnostic>>);

impl<'f> There<'f> {
    fn new(findings: &'f [Diagnostic], files: &mut Files<'_>) -> Self {
        let mut all: HashMap<usize, Vec<&Diagnostic>> = HashMap::new();
        findings.iter().for_each(|finding| all.entry(files.ours(&finding.path)).or_default().push(finding));
        Self(all)
    }

    fn rules(&self, file: usize, lines: Option<(u32, u32)>) -> Vec<String> {
        let Some((start, end)) = lines else { return Vec::new() };
        let within = |f: &&&Diagnostic| f.range.start.line <= end && f.range.end.line >= start;
        let found = self.0.get(&file).into_iter().flatten().filter(within);
        found.map(|finding| finding.rule.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Pairs both sides and counts.
fn compare_sides(peer: &Peer, found: &Found, mut sides: Sides<'_>, seen: &HashSet<PathBuf>) -> Comparison {
    let (theirs, uncovered) = sides.theirs(peer);
    let mut prefixes: BTreeSet<String> =
        peer.tools.iter().flat_map(|tool| sides.names.prefixes(&tool.name)).map(str::to_owned).collect();
    prefixes.extend(theirs.iter().filter_map(|their| Some(their.name.split_once('/')?.0.to_owned())));
    let ours = sides.ours(&found.findings, &prefixes);
    let there = There::new(&found.findings, &mut sides.files);
    let pairs = pair::pair(
        &theirs.iter().map(|their| their.paired.clone()).collect::<Vec<_>>(),
        &ours.iter().map(|our| our.paired).collect::<Vec<_>>(),
    );
    let mut comparison = Comparison {
        version: 1,
        tool: Named { name: "infralint".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        peers: peer.tools.iter().map(Named::from).collect(),
        tolerance: TOLERANCE,
        summary: Summary { not_covered: uncovered.iter().map(|one| one.count).sum(), ..Summary::default() },
        rules: BTreeMap::new(),
        same: Vec::new(),
        only_theirs: Vec::new(),
        only_ours: Vec::new(),
        not_covered: uncovered,
        problems: found.problems.clone(),
    };
    comparison.summary.left_out = peer.left_out;
    for (their, own) in theirs.iter().zip(&pairs.theirs) {
        let row = row(&mut comparison.rules, &their.name, &their.paired.targets, &sides);
        let mut place = Place {
            id: their.name.clone(),
            path: sides.shown(their.paired.file),
            line: their.result.lines.map(|(start, _)| start),
            ..Place::default()
        };
        match own.map(|own| ours[own].finding) {
            Some(finding) => {
                row.same += 1;
                place.rules = vec![finding.rule.to_string()];
                place.our_line = Some(finding.range.start.line);
                place.note = finding.suppressed.as_ref().map(|_| "ours is suppressed".to_owned());
                comparison.same.push(place);
            }
            None => {
                row.only_theirs += 1;
                place.rules = there.rules(their.paired.file, their.paired.lines);
                let looked = seen.contains(sides.files.file(their.paired.file));
                place.note = (!looked).then(|| "infralint did not look at this file".to_owned());
                comparison.only_theirs.push(place);
            }
        }
    }
    only_ours(&ours, &pairs, &sides, &mut comparison);
    comparison.finish();
    comparison
}

fn only_ours(ours: &[Our<'_>], pairs: &Pairs, sides: &Sides<'_>, comparison: &mut Comparison) {
    let alone = ours.iter().zip(&pairs.ours).filter(|(our, met)| !**met && our.finding.suppressed.is_none());
    for (our, _) in alone {
        let targets = sides.library.index.behind(our.name).unwrap_or_default();
        row(&mut comparison.rules, our.name, targets, sides).only_ours += 1;
        let off = !sides.off(&[our.paired.fired]).is_empty();
        comparison.only_ours.push(Place {
            id: our.name.to_owned(),
            path: our.finding.path.to_string(),
            line: Some(our.finding.range.start.line),
            rules: vec![our.finding.rule.to_string()],
            message: Some(our.finding.message.clone()),
            note: off.then(|| "off unless it is selected".to_owned()),
            ..Place::default()
        });
    }
}

fn row<'r>(rows: &'r mut BTreeMap<String, Row>, name: &str, targets: &[Selected], sides: &Sides<'_>) -> &'r mut Row {
    let new = || Row { rules: sides.written(targets.iter()), off: sides.off(targets), ..Row::default() };
    rows.entry(name.to_owned()).or_insert_with(new)
}
