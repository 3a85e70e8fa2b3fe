//! Decision records that replace each other: whether both say so, and whether the other one is there.

use super::{ProjectSubject, Remedy};
use crate::fact::inventory::Inventory;
use crate::fact::records::{IndexItem, Named, Record, RecordIndex};
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use std::collections::{BTreeMap, BTreeSet};

facts! {
    /// What a decision record says of the record before or after it.
    pub struct Succession = "project.succession" {
        /// Whether it says that it is replaced, and not that it replaces another one.
        "replaced" replaced: bool,
        /// Whether the other record is named at all.
        "named" named: bool,
        /// The record it names, where there is none.
        "unknown" unknown: Option<String>,
        /// The other record, where that one says nothing of it.
        "silent" silent: Option<String>,
        /// Whether the record that it names is itself.
        "itself" itself: bool,
    }

    /// The page of a folder that lists its decision records.
    pub struct Index = "project.record-index" {
        /// The records that it does not list.
        "missing" missing: Vec<String>,
        /// How many it lists.
        "listed" listed: i64,
    }
}

/// Statuses of records that another one replaced.
const REPLACED: [&str; 4] = ["superseded", "superceded", "replaced", "obsoleted"];
/// Statuses of records that nobody takes for valid.
const CLOSED: [&str; 12] = [
    "superseded",
    "superceded",
    "replaced",
    "obsoleted",
    "obsolete",
    "deprecated",
    "rejected",
    "declined",
    "withdrawn",
    "retired",
    "reverted",
    "archived",
];

/// The records by what they are called.
struct Known<'s> {
    by_path: BTreeMap<&'s str, &'s Record>,
    by_number: BTreeMap<(&'s str, i64), Vec<&'s Record>>,
    numbers: BTreeSet<i64>,
    inventory: &'s Inventory,
}

pub(super) fn build(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let records: Vec<&Record> = summaries.iter().flat_map(|summary| &summary.records).collect();
    let mut known = Known { by_path: BTreeMap::new(), by_number: BTreeMap::new(), numbers: BTreeSet::new(), inventory };
    for record in &records {
        if record.own_file {
            known.by_path.insert(&record.place.path, record);
        }
        if let Some(number) = record.number {
            known.by_number.entry((folder(record), number)).or_default().push(record);
            known.numbers.insert(number);
        }
    }
    let mut found: Vec<(&Record, Succession, Place, Option<&Record>)> = Vec::new();
    for record in records {
        if REPLACED.contains(&record.status.as_str())
            && let Some(place) = &record.status_place
        {
            let (object, other) = replaced(record, &known);
            found.push((record, object, place.clone(), other));
        }
        for named in &record.predecessors {
            let other = known.resolve(record, named);
            let silent =
                other.filter(|old| !CLOSED.contains(&old.status.as_str()) && old.has_status && !mentions(old, record));
            let silent = silent.map(called);
            let itself = is_itself(record, named);
            let object = Succession { named: true, silent, itself, ..Succession::default() };
            found.push((record, object, named.place.clone(), other));
        }
    }
    let habits = habits(&found);
    for (record, mut object, place, other) in found {
        if object.replaced && habits.contains(folder(record)) {
            object.silent = None;
        }
        let remedy =
            other.filter(|_| object.replaced && object.silent.is_some()).and_then(|new| back_link(record, new));
        let mut subject = ProjectSubject::new(object, record.title.as_str(), place);
        subject.remedies.extend(remedy);
        subject.related.extend(other.map(|other| (other.place.clone(), "the other record".to_owned())));
        out.push(subject);
    }
}

/// Folders in which successors never say whom they replace.
fn habits<'r>(found: &[(&'r Record, Succession, Place, Option<&Record>)]) -> BTreeSet<&'r str> {
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (record, object, ..) in found.iter().filter(|(_, object, _, other)| object.replaced && other.is_some()) {
        let (silent, all) = folders.entry(folder(record)).or_default();
        *silent += usize::from(object.silent.is_some());
        *all += 1;
    }
    folders.into_iter().filter(|(_, (silent, all))| *all >= 3 && silent * 2 > *all).map(|(folder, _)| folder).collect()
}

/// Signs that mean something in Markdown.
const SIGNS: [char; 9] = ['[', ']', '`', '<', '*', '_', '\\', '|', '!'];

/// `Supersedes [1. Queue](0001-queue.md)` below the status of the record that the old one links to.
fn back_link(old: &Record, new: &Record) -> Option<Remedy> {
    let linked = old.successors.iter().any(|named| named.path.as_deref() == Some(&*new.place.path));
    let plain = !old.title.is_empty() && !old.title.contains(SIGNS);
    let beside = old.own_file && new.own_file && folder(old) == folder(new);
    let name =
        old.place.path.rsplit('/').next().filter(|name| *name != "README.md" && !name.contains([' ', '(', ')']))?;
    let line = new.status_line.as_ref().filter(|_| linked && plain && beside)?;
    Some(Remedy::behind(line, format!("\n\nSupersedes [{}]({name})", old.title)))
}

fn replaced<'k>(record: &Record, known: &Known<'k>) -> (Succession, Option<&'k Record>) {
    let mut object = Succession { replaced: true, named: record.names_successor, ..Succession::default() };
    let unknown = record.successors.iter().find(|named| known.is_unknown(record, named));
    object.unknown = unknown.map(|named| named.text.clone());
    let other = record.successors.iter().find_map(|named| known.resolve(record, named));
    object.itself = other.is_none() && record.successors.iter().any(|named| is_itself(record, named));
    object.silent = other.filter(|new| object.unknown.is_none() && !mentions(new, record)).map(called);
    (object, other)
}

/// Whether a record names its own file, or as a section its own number.
fn is_itself(record: &Record, named: &Named) -> bool {
    match &named.path {
        Some(path) => record.own_file && **path == *record.place.path,
        None => named.number.is_some() && named.number == record.number,
    }
}

impl<'k> Known<'k> {
    fn resolve(&self, from: &Record, named: &Named) -> Option<&'k Record> {
        let other = match (&named.path, named.number) {
            (Some(path), _) => {
                let page = format!("{path}.md");
                let folder = format!("{path}/README.md");
                [path, &page, &folder].into_iter().find_map(|path| self.by_path.get(path.as_str())).copied()
            }
            (None, Some(number)) => match self.by_number.get(&(folder(from), number))?.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            _ => None,
        };
        other.filter(|other| other.place != from.place)
    }

    /// Whether no record is meant: only where all that there are could be read.
    fn is_unknown(&self, from: &Record, named: &Named) -> bool {
        let dir = folder(from);
        match (&named.path, named.number) {
            (Some(path), _) => path.ends_with(".md") && !self.inventory.exists(path),
            (None, Some(number)) => {
                let numbered = from.number.is_some() && (from.own_file || self.inventory.is_complete());
                let dir = if from.own_file { dir } else { "" };
                let unread = self.inventory.files_below(dir).filter(|path| path.ends_with(".md"));
                let mut unread = unread.filter(|path| !self.by_path.contains_key(path));
                let named = format!("{number}-");
                numbered && !self.numbers.contains(&number) && !unread.any(|path| path.contains(&named))
            }
            _ => false,
        }
    }
}

/// The folder whose records count together: of sections the file that holds them.
fn folder(record: &Record) -> &str {
    let path = &*record.place.path;
    if record.own_file { path.rsplit_once('/').map_or("", |(dir, _)| dir) } else { path }
}

/// Whether a record says anything of another one.
fn mentions(record: &Record, other: &Record) -> bool {
    let path = &*other.place.path;
    let linked = |link: &str| {
        let link = link.trim_end_matches('/');
        path == link || path.strip_suffix(".md") == Some(link) || path.strip_suffix("/README.md") == Some(link)
    };
    let named = |all: &[Named]| all.iter().any(|named| named.number.is_some() && named.number == other.number);
    record.links.iter().any(|link| linked(link))
        || other.number.is_some_and(|number| record.mentions.contains(&number))
        || named(&record.successors)
        || named(&record.predecessors)
        || record.successors.iter().chain(&record.predecessors).filter_map(|n| n.path.as_deref()).any(linked)
}

fn called(record: &Record) -> String {
    if record.own_file {
        let path = &*record.place.path;
        let name = path.strip_suffix("/README.md").unwrap_or(path);
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    record.title.clone()
}

pub(super) fn indexes(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for record in summaries.iter().flat_map(|summary| &summary.records).filter(|record| record.own_file) {
        let path = &*record.place.path;
        let own = path.strip_suffix("/README.md").unwrap_or(path);
        folders.entry(folder_of(own)).or_default().push(path);
    }
    let records = summaries.iter().flat_map(|summary| &summary.records).filter(|record| record.own_file);
    let titles: BTreeMap<&str, &str> = records.map(|record| (&*record.place.path, record.title.as_str())).collect();
    for summary in summaries {
        let Some(index) = &summary.index else { continue };
        let dir = folder_of(&summary.path);
        let own = folders.get(dir).cloned().unwrap_or_default();
        let (listed, missing): (Vec<&str>, Vec<&str>) = own.into_iter().partition(|path| index.listed.contains(*path));
        if listed.len() < 2 || listed.len() < missing.len() {
            continue;
        }
        let name = |path: &str| path.get(dir.len() + 1..).unwrap_or(path).to_owned();
        let remedies = entries(index, &missing, &titles, dir);
        let missing = missing.into_iter().map(name).collect();
        let object = Index { missing, listed: listed.len() as i64, ..Index::default() };
        let mut subject = ProjectSubject::new(object, dir, index.place.clone());
        subject.remedies.extend(remedies.unwrap_or_default());
        out.push(subject);
    }
}

/// The lines that an index lacks, where it is a list of all titles in the order of the files' names.
fn entries(index: &RecordIndex, missing: &[&str], titles: &BTreeMap<&str, &str>, dir: &str) -> Option<Vec<Remedy>> {
    let items = &index.items;
    let (first, ordered) = (items.first()?, items.windows(2).all(|pair| pair[0].path < pair[1].path));
    let alike = |item: &IndexItem| item.lead == first.lead && item.prefix == first.prefix;
    let titled = |item: &IndexItem| titles.get(item.path.as_str()) == Some(&item.label.as_str());
    if !ordered || items.len() < 2 || items.len() != index.listed.len() || !items.iter().all(|i| alike(i) && titled(i))
    {
        return None;
    }
    let mut lines: BTreeMap<usize, String> = BTreeMap::new();
    let mut missing = missing.to_vec();
    missing.sort_unstable();
    for path in missing {
        let name = path.get(dir.len() + 1..).filter(|name| !name.contains(['/', ' ', '(', ')']))?;
        let title = titles.get(path).filter(|title| !title.is_empty() && !title.contains(SIGNS))?;
        let at = items.iter().rposition(|item| item.path.as_str() < path)?;
        lines.entry(at).or_default().push_str(&format!("\n{}[{title}]({}{name})", first.lead, first.prefix));
    }
    Some(lines.into_iter().filter_map(|(at, text)| Some(Remedy::behind(&items.get(at)?.place, text))).collect())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
