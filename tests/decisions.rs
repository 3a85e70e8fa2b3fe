//! Folders of decision records as teams write them: clean ones are silent, one planted fault is one finding at its line.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

#[path = "decisions/flavours.rs"]
mod flavours;
#[path = "decisions/words.rs"]
mod words;

use common::Repo;
use flavours::{FLAVOURS, Folder};
use std::collections::BTreeMap;
use words::Dice;

/// Clean folders that are made of each flavour.
const FOLDERS: u64 = 4;
/// Seeds that each fault of each flavour is planted with.
const SEEDS: u64 = 1;

/// Rule, path, line and words of a finding.
type Told = (String, String, u64, String);

/// The findings in each folder of a repository, by the folder's name.
fn told(folders: &[(String, &Folder)], more: &[&str]) -> BTreeMap<String, Vec<Told>> {
    let repo = Repo::new();
    for (name, folder) in folders {
        folder.files().into_iter().for_each(|(path, text)| repo.write(format!("{name}/{path}"), text.as_bytes()));
    }
    let (_, report) = repo.json(&[&["--fail-on", "never"], more].concat());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut out: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let path = text(&finding["path"]);
        let (name, path) = path.split_once('/').unwrap();
        let line = finding["start"]["line"].as_u64().unwrap_or(0);
        let told = (text(&finding["rule"]), path.to_owned(), line, text(&finding["message"]));
        out.entry(name.to_owned()).or_default().push(told);
    }
    out
}

#[test]
fn clean_folders_are_silent() {
    let seeded = FLAVOURS.iter().flat_map(|flavour| (0..FOLDERS).map(move |seed| (flavour, seed)));
    let made: Vec<(String, Folder)> = seeded
        .map(|(flavour, seed)| (format!("{} {seed}", flavour.name), Folder::new(flavour, &mut Dice::new(seed))))
        .collect();
    let folders: Vec<_> = made.iter().map(|(name, folder)| (name.clone(), folder)).collect();
    let documents: usize = made.iter().map(|(_, folder)| folder.files().len()).sum();
    let wrong: Vec<String> = told(&folders, &[])
        .into_iter()
        .flat_map(|(name, found)| found.into_iter().map(move |finding| format!("{name}: {finding:?}")))
        .collect();
    println!("{} false findings in {documents} documents", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A fault: the rule that tells it, and how it is planted; nothing where the flavour cannot have it.
struct Fault {
    rule: &'static str,
    plant: fn(&mut Folder, &mut Dice) -> Option<Planted>,
}

/// Where a fault is: the file, and words of the line.
struct Planted {
    path: String,
    line: Line,
}

enum Line {
    Title,
    With(&'static str),
}

fn at(folder: &Folder, index: usize, line: Line) -> Option<Planted> {
    Some(Planted { path: folder.path(index), line })
}

/// A record that is plainly accepted and that nothing else is said of.
fn plain(folder: &Folder, dice: &mut Dice) -> usize {
    let candidates: Vec<usize> = (1..folder.records.len()).filter(|&index| folder.is_plain(index)).collect();
    *dice.of(&candidates)
}

fn without(folder: &mut Folder, dice: &mut Dice, part: &'static str) -> Option<Planted> {
    let index = plain(folder, dice);
    folder.flavour.has(part).then(|| folder.records[index].without.push(part))?;
    at(folder, index, Line::Title)
}

fn status(folder: &mut Folder, dice: &mut Dice, words: &'static str) -> Option<Planted> {
    let index = plain(folder, dice);
    folder.flavour.has("status").then(|| folder.records[index].status = words.to_owned())?;
    at(folder, index, Line::With(words))
}

const FAULTS: &[Fault] = &[
    Fault { rule: "adr/missing-status", plant: |f, d| without(f, d, "status") },
    Fault { rule: "adr/missing-context", plant: |f, d| without(f, d, "context") },
    Fault { rule: "adr/missing-decision", plant: |f, d| without(f, d, "decision") },
    Fault { rule: "adr/missing-consequences", plant: |f, d| without(f, d, "consequences") },
    Fault { rule: "adr/unknown-status", plant: |f, d| status(f, d, "Merged") },
    Fault { rule: "adr/unknown-status", plant: |f, d| status(f, d, "production") },
    Fault { rule: "adr/unknown-status", plant: |f, d| status(f, d, "Acepted") },
    Fault { rule: "adr/unknown-status", plant: |f, d| status(f, d, "TBD") },
    Fault { rule: "adr/status-not-chosen", plant: |f, d| status(f, d, "Proposed / Accepted / Rejected") },
    Fault { rule: "adr/status-not-chosen", plant: |f, d| status(f, d, "{proposed or accepted or deprecated}") },
    Fault { rule: "adr/superseded-without-link", plant: |f, d| status(f, d, "Superseded") },
    Fault { rule: "adr/superseded-without-link", plant: |f, d| status(f, d, "superseded by a better idea") },
    Fault {
        rule: "adr/superseded-without-link",
        plant: |f, d| f.has_numbers().then(|| status(f, d, "Superseded by ADR-0977"))?,
    },
    Fault {
        rule: "adr/superseded-without-link",
        plant: |f, d| {
            f.has_numbers().then_some(())?;
            status(f, d, "Superseded by [ADR-0977](0977-nothing.md)")
        },
    },
    Fault {
        rule: "adr/superseded-without-link",
        plant: |f, d| {
            f.flavour.has("status").then_some(())?;
            let index = plain(f, d);
            let other = f.records.len() - 1;
            f.records[index].status = format!("Superseded by {}", f.link(other));
            at(f, index, Line::With("Superseded by"))
        },
    },
    Fault {
        rule: "adr/duplicate-number",
        plant: |f, d| {
            f.has_numbers().then_some(())?;
            let index = plain(f, d);
            let earlier = (0..index).find(|&other| f.is_plain(other))?;
            let number = f.records[earlier].number;
            let new = flavours::Record { number, title_number: number, ..f.records[index].clone() };
            f.records.push(new);
            let twins = [f.path(earlier), f.path(f.records.len() - 1)];
            Some(Planted { path: twins.into_iter().max()?, line: Line::Title })
        },
    },
    Fault {
        rule: "adr/number-mismatch",
        plant: |f, d| {
            (f.has_numbers() && f.flavour.numbered_title()).then_some(())?;
            let index = plain(f, d);
            f.records[index].title_number += 50;
            at(f, index, Line::Title)
        },
    },
    Fault {
        rule: "adr/number-gap",
        plant: |f, _| {
            f.has_numbers().then_some(())?;
            let index = f.records.iter().rposition(|record| record.number > 2)?;
            (index > 2).then_some(())?;
            for record in &mut f.records[index..] {
                (record.number, record.title_number) = (record.number + 3, record.title_number + 3);
            }
            at(f, index, Line::Title)
        },
    },
    Fault { rule: "adr/bad-date", plant: |f, d| date(f, d, "31.12.2023") },
    Fault { rule: "adr/bad-date", plant: |f, d| date(f, d, "March 3rd, 2022") },
    Fault { rule: "adr/bad-date", plant: |f, d| date(f, d, "2023-13-07") },
    Fault { rule: "adr/bad-date", plant: |f, d| date(f, d, "2023-02-30") },
    Fault {
        rule: "adr/index-out-of-sync",
        plant: |f, d| {
            let path = f.index_path()?;
            let index = plain(f, d);
            f.unlisted.push(index);
            Some(Planted { path, line: Line::Title })
        },
    },
    Fault {
        rule: "adr/alternative-without-reason",
        plant: |f, d| {
            f.flavour.has("reasons").then_some(())?;
            let index = plain(f, d);
            f.records[index].without.push("reasons");
            at(f, index, Line::With("Bare Option"))
        },
    },
    Fault { rule: "adr/missing-alternatives", plant: |f, d| without(f, d, "alternatives") },
];

fn date(folder: &mut Folder, dice: &mut Dice, words: &'static str) -> Option<Planted> {
    folder.flavour.has("date").then_some(())?;
    let index = plain(folder, dice);
    folder.records[index].date = words.to_owned();
    at(folder, index, Line::With(words))
}

/// A fault in a folder of its own.
struct Made {
    name: String,
    rule: &'static str,
    folder: Folder,
    place: Planted,
}

/// Every fault in every flavour that can have it.
fn made() -> Vec<Made> {
    let mut made = Vec::new();
    for (number, fault) in FAULTS.iter().enumerate() {
        for (flavour, seed) in FLAVOURS.iter().flat_map(|flavour| (0..SEEDS).map(move |seed| (flavour, seed))) {
            let mut dice = Dice::new(seed + 100 * number as u64);
            let mut folder = Folder::new(flavour, &mut dice);
            if let Some(place) = (fault.plant)(&mut folder, &mut dice) {
                let name = format!("{number} {} {seed}", flavour.name);
                made.push(Made { name, rule: fault.rule, folder, place });
            }
        }
    }
    made
}

#[test]
fn one_fault_is_one_finding_at_its_line() {
    let all = made();
    let mut wrong = Vec::new();
    // A rule that is off by default would find something in other folders, too.
    for off in OFF.into_iter().map(Some).chain([None]) {
        let here = |made: &&Made| off.map_or(!OFF.contains(&made.rule), |rule| made.rule == rule);
        let folders: Vec<_> = all.iter().filter(here).map(|made| (made.name.clone(), &made.folder)).collect();
        let mut found = told(&folders, &["--extend-select", off.unwrap_or("adr/missing-status")]);
        for Made { name, rule, folder, place } in all.iter().filter(here) {
            wrong.extend(difference(rule, name, folder, place, &found.remove(name).unwrap_or_default()));
        }
    }
    println!("{} of {} planted faults are told as they should be", all.len() - wrong.len(), all.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// What is wrong about the findings of a folder with one fault.
fn difference(rule: &str, name: &str, folder: &Folder, place: &Planted, found: &[Told]) -> Option<String> {
    let text = folder.files().into_iter().find(|(path, _)| *path == place.path).unwrap().1;
    let line = match place.line {
        Line::Title => text.lines().position(|line| line.starts_with("# ")),
        Line::With(words) => text.lines().position(|line| line.contains(words)),
    };
    let line = line.unwrap_or_else(|| panic!("{rule} {name}: no place in\n{text}")) as u64 + 1;
    // A link to a record that is not there is a broken link, besides.
    let counts = |told: &&Told| told.0 != "docs/broken-link" || rule == "docs/broken-link";
    let places: Vec<_> = found.iter().filter(counts).map(|told| (told.0.as_str(), told.1.as_str(), told.2)).collect();
    let expected = (rule, place.path.as_str(), line);
    (places != [expected]).then(|| format!("{name}: wanted {expected:?}, found {found:?}"))
}

/// Rules that are off by default.
const OFF: [&str; 2] = ["adr/alternative-without-reason", "adr/missing-alternatives"];
