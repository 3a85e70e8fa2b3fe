//! Decision records among the others of their directory: a flavour without status is no fault.

use super::ProjectSubject;
use crate::fact::context::directory;
use crate::fact::inventory::Inventory;
use crate::fact::records::Record;
use crate::fact::summary::Summary;
use crate::fact::value::facts;
use std::collections::BTreeMap;

facts! {
    /// A decision record, seen beside the others in its directory.
    pub struct DirectoryRecord = "project.adr-record" {
        /// Its title.
        "title" title: String,
        /// Its shape: `nygard`, `madr`, `cosmos`, `edc`, `tyree` or `free`.
        "flavour" flavour: String,
        /// Whether it has a status, in whatever syntax.
        "has-status" has_status: bool,
        /// The first word of its status, lower case.
        "status" status: Option<String>,
        /// Whether it has a shape of its own, where nearly all others of the directory have a context and a decision.
        "outlier" outlier: bool,
        /// Whether most of the directory's records have one; a record that is alone says so by a section for it.
        "status-is-usual" status_is_usual: bool,
        /// Whether it says why something had to be decided.
        "has-context" has_context: bool,
        /// Whether its shape and its neighbours do.
        "context-is-usual" context_is_usual: bool,
        /// Whether it says what was decided.
        "has-decision" has_decision: bool,
        /// Whether its shape and its neighbours do.
        "decision-is-usual" decision_is_usual: bool,
        /// Whether it says what follows from the decision.
        "has-consequences" has_consequences: bool,
        /// Whether its shape and its neighbours do.
        "consequences-are-usual" consequences_are_usual: bool,
        /// Whether it is a section of a larger document.
        "section" section: bool,
        /// Its number.
        "number" number: Option<i64>,
        /// Another record of the directory, earlier in the alphabet, with its number; of a section an earlier one of the
        /// document.
        "twin" twin: Option<String>,
        /// The number that is left out before its own, in the directory or in the document.
        "gap" gap: Option<i64>,
        /// How many records the directory holds.
        "siblings" siblings: i64,
    }
}

/// Shapes that have a context and a decision.
const TOLD: [&str; 3] = ["nygard", "madr", "cosmos"];

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let mut directories: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for summary in summaries {
        directories.entry(home(&summary.path)).or_default().extend(&summary.records);
        *seen.entry(directory(&summary.path)).or_default() += usize::from(summary.path.ends_with(".md"));
    }
    for (dir, records) in directories.into_iter().filter(|(_, records)| !records.is_empty()) {
        let there = inventory.files_below(dir).filter(|path| directory(path) == dir && path.ends_with(".md")).count();
        let numbered: Vec<&Record> = records.iter().copied().filter(|r| r.own_file).collect();
        let own: Vec<&Record> = numbered.iter().copied().filter(|record| !record.foreign).collect();
        // Of a directory that was read only in part the records speak for themselves, as if they were alone.
        let alone = numbered.len() < 2 || seen.get(dir).is_some_and(|seen| *seen < there);
        let numbers = numbers(&numbered);
        let shape = shape(&own);
        let sections = section_numbers(&records);
        let usual = |has: fn(&Record) -> bool| alone || own.iter().filter(|r| has(r)).count() * 2 > own.len();
        let (status, context) = (!alone && usual(|r| r.has_status), usual(|r| r.has_context));
        let (decision, consequences) = (usual(|r| r.has_decision), usual(|r| r.has_consequences));
        for (at, record) in records.into_iter().enumerate() {
            let section = !record.own_file;
            let place = if section { sections.get(&at) } else { numbers.get(&*record.place.path) };
            let (twin, gap) = place.cloned().unwrap_or_default();
            let flavour = if record.flavour == "free" { shape } else { record.flavour.as_str() };
            let told = TOLD.contains(&record.flavour.as_str());
            let outlier = !section && !alone && record.flavour == "free" && is_usual(&own, record);
            let (decides, follows) = (told || DECIDE.contains(&flavour), told || flavour == "tyree");
            let object = DirectoryRecord {
                title: record.title.clone(),
                flavour: record.flavour.clone(),
                has_status: record.has_status,
                status: Some(record.status.clone()).filter(|status| !status.is_empty()),
                outlier,
                status_is_usual: section || (status && !is_boilerplate(record)) || alone && record.asks_status,
                has_context: record.has_context,
                context_is_usual: told && (section || context),
                has_decision: record.has_decision,
                decision_is_usual: outlier || decides && (section || decision),
                has_consequences: record.has_consequences,
                consequences_are_usual: follows && record.flavour != "madr" && (section || consequences),
                section,
                number: record.number,
                twin,
                gap: gap.filter(|_| section || !alone),
                siblings: own.len() as i64,
                ..Default::default()
            };
            let object = if record.foreign { unread(object) } else { object };
            out.push(ProjectSubject::new(object, record.title.as_str(), record.place.clone()));
        }
    }
}

/// The record that tools write to begin a folder, without a status in MADR: `0000-use-markdown-…`.
fn is_boilerplate(record: &Record) -> bool {
    record.number == Some(0) && record.flavour == "madr"
}

/// The folder that a record belongs to: `2024-05-01-queue/README.md` stands for its folder among the others.
pub(super) fn home(path: &str) -> &str {
    let dir = directory(path);
    let page = matches!(path.rsplit('/').next(), Some("README.md" | "index.md"));
    let named = dir.rsplit('/').next().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_digit()));
    if page && named { directory(dir) } else { dir }
}

/// Whether of the others of a folder, which are three or more, all but a tenth have a context and a decision.
fn is_usual(own: &[&Record], record: &Record) -> bool {
    let others = || own.iter().filter(|other| !std::ptr::eq(**other, record));
    let told = others().filter(|other| other.has_context && other.has_decision).count();
    told >= 3 && told * 10 >= others().count() * 9
}

/// Shapes without a context that have a decision.
const DECIDE: [&str; 2] = ["edc", "tyree"];

/// The shape that most records of a folder have, if it is one by which the others can be told.
fn shape(own: &[&Record]) -> &'static str {
    let most = |shape: &&&str| own.iter().filter(|record| record.flavour == **shape).count() * 2 > own.len();
    DECIDE.iter().find(most).copied().unwrap_or("free")
}

/// What nobody can read is not asked for anything but its number.
fn unread(record: DirectoryRecord) -> DirectoryRecord {
    DirectoryRecord {
        has_status: true,
        status_is_usual: false,
        context_is_usual: false,
        decision_is_usual: false,
        consequences_are_usual: false,
        outlier: false,
        ..record
    }
}

/// Of each section of a document, by its position, an earlier one with its number, and the number left out before it.
fn section_numbers(records: &[&Record]) -> BTreeMap<usize, (Option<String>, Option<i64>)> {
    let mut documents: BTreeMap<&str, BTreeMap<i64, Vec<usize>>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate().filter(|(_, record)| !record.own_file) {
        if let Some(number) = record.number {
            documents.entry(&record.place.path).or_default().entry(number).or_default().push(at);
        }
    }
    let mut out = BTreeMap::new();
    for by_number in documents.into_values() {
        let mut before = None::<i64>;
        for (number, sections) in by_number {
            let gap = before.filter(|before| before.saturating_add(1) < number).map(|before| before + 1);
            before = Some(number);
            let first = sections.first().and_then(|&first| records.get(first)).map(|first| first.title.clone());
            for (index, at) in sections.into_iter().enumerate() {
                out.insert(at, (first.clone().filter(|_| index > 0), gap.filter(|_| index == 0)));
            }
        }
    }
    out
}

/// `0001-language.cy.md` is `0001-language.md` in another language.
fn untranslated(path: &str) -> &str {
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let is_language = |tag: &str| {
        let (language, region) = tag.split_once(['-', '_']).unwrap_or((tag, ""));
        language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase()) && region.len() <= 4
    };
    stem.rsplit_once('.').filter(|(_, tag)| is_language(tag)).map_or(stem, |(stem, _)| stem)
}

/// Of each numbered record another one that has its number, and the number left out before it.
fn numbers<'r>(records: &[&'r Record]) -> BTreeMap<&'r str, (Option<String>, Option<i64>)> {
    let mut by_number: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for record in records {
        if let Some(number) = record.number {
            by_number.entry(number).or_default().push(&record.place.path);
        }
    }
    let (mut out, mut before) = (BTreeMap::new(), None::<i64>);
    for (number, mut paths) in by_number {
        let gap = before.filter(|before| before.saturating_add(1) < number).map(|before| before + 1);
        before = Some(number);
        paths.sort_unstable();
        for (index, path) in paths.iter().enumerate() {
            let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
            let first = paths.first().filter(|first| index > 0 && untranslated(first) != untranslated(path));
            let twin = first.map(|first| name(first));
            out.insert(*path, (twin, gap.filter(|_| index == 0)));
        }
    }
    out
}
