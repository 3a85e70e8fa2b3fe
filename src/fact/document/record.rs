//! What decision records have besides: numbers, flavour, a successor.

use super::names::split_number;
use super::scope::Scope;
use super::terms::Terms;
use super::{Document, Entry};
use crate::fact::value::Field;
use crate::syntax::markdown::BlockKind;
use crate::text::Text;
use std::sync::LazyLock;

static REFERENCE: LazyLock<Option<regex::Regex>> =
    LazyLock::new(|| regex::Regex::new(r"(?i)\b(?:adr|rfc|record|decision)s?[-_ #]*\d+|#\d+|\b\d{3,5}\b").ok());

/// The number in a file's name: `0003-x`, `adr-003-x`, `ODH-ADR-0001-x`; dates are no numbers.
pub(in crate::fact) fn file_number(path: &str) -> Option<i64> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let digits = |text: &str| -> Option<i64> {
        let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let ends = text.get(len..).is_some_and(|rest| rest.starts_with(['-', '_', ' ', '.']));
        (1..=5).contains(&len).then(|| text.get(..len)?.parse().ok())?.filter(|_| ends)
    };
    let dated = |name: &str| {
        name.get(4..5) == Some("-")
            && name.get(7..8) == Some("-")
            && name.get(5..7).is_some_and(|m| m.bytes().all(|b| b.is_ascii_digit()))
    };
    let lower = name.to_ascii_lowercase();
    let behind_word = lower.find("adr").map(|at| lower.get(at + 3..).unwrap_or("").trim_start_matches(['-', '_', ' ']));
    if dated(name) || behind_word.is_some_and(|rest| digits(rest).is_some() && dated(rest)) {
        return None;
    }
    digits(&lower).or_else(|| behind_word.and_then(digits)).or_else(|| {
        let at =
            lower.match_indices('-').map(|(at, _)| at + 1).find(|&at| lower.get(at..).and_then(digits).is_some())?;
        lower.contains("adr").then(|| lower.get(at..).and_then(digits)).flatten()
    })
}

/// The number in a title: `ADR-3: x`, `ADR 003 – x`, `3. x`.
pub(super) fn title_number(title: &Text<'_>) -> Field<i64> {
    let text = title.as_str();
    let lower = text.to_ascii_lowercase();
    let start = match lower.find("adr") {
        Some(at)
            if lower.get(at + 3..).is_some_and(|rest| {
                rest.trim_start_matches([' ', '-', '#', '_', ':']).starts_with(|c: char| c.is_ascii_digit())
            }) =>
        {
            let rest = &lower[at + 3..];
            at + 3 + rest.len() - rest.trim_start_matches([' ', '-', '#', '_', ':']).len()
        }
        _ => match split_number(text).0 {
            Some(number) if !number.contains('.') => number.as_ptr() as usize - text.as_ptr() as usize,
            Some(_) => return Field::Absent,
            None if is_led(text) => 0,
            None => return Field::Absent,
        },
    };
    let len = text[start..].len() - text[start..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text.get(start..start + len).and_then(|digits| digits.parse().ok()) {
        Some(number) if len <= 5 => Field::new(number, title.span(start..start + len)),
        _ => Field::Absent,
    }
}

/// `0022 - Queue`, `0022 Queue`, `12 – Queue`: a number that is no year and no amount.
fn is_led(text: &str) -> bool {
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(len..).unwrap_or("");
    let marked = rest.trim_start().starts_with(['-', '–', '—', '|']);
    rest.starts_with(' ') && ((text.starts_with('0') && len >= 2) || (marked && (1..=3).contains(&len)))
}

/// Whether something says what replaces this record.
pub(super) fn names_successor(scope: &Scope<'_>, fields: &[Entry], status: Option<&Entry>) -> bool {
    let named = |entry: &Entry| {
        let nothing = entry.starts.first().is_none_or(|first| matches!(first.as_str(), "n" | "na" | "none" | "tbd"));
        matches!(entry.name.as_str(), "superseded by" | "superseded-by" | "replaced by") && !nothing
    };
    if fields.iter().any(named) || status.is_some_and(|status| status.linked) {
        return true;
    }
    // A year is no record.
    let is_year = |found: &str| found.len() == 4 && (found.starts_with("19") || found.starts_with("20"));
    let refers = |text: &str| {
        REFERENCE.as_ref().is_some_and(|regex| regex.find_iter(text).any(|found| !is_year(found.as_str())))
    };
    let tree = scope.tree;
    scope.all_blocks().any(|id| {
        let block = tree.block(id);
        if !matches!(block.kind, BlockKind::Paragraph | BlockKind::TableCell | BlockKind::Heading(_)) {
            return false;
        }
        let lower = tree.slice(block.span).to_ascii_lowercase();
        let says = ["supersed", "replaced by", "succeeded by", "obsoleted by", "in favour of", "in favor of"];
        let run = tree.run(id);
        says.iter().any(|word| lower.contains(word)) && (run.has_link() || refers(run.plain().as_str()))
    })
}

/// Different words of which one must be common, in a text that is English.
const SEVERAL: usize = 12;

/// The same, where no section has a name that is known.
const FEW: usize = 5;

/// What has to do with a decision and is none: `Decision Drivers`, `Decision Makers`.
const ABOUT: [&str; 14] = [
    "drivers", "driver", "makers", "maker", "date", "status", "criteria", "log", "record", "records", "owner",
    "owners", "type", "process",
];

/// Says what a record has, and which shape.
pub(super) fn judge(document: &mut Document, terms: &Terms) {
    let outline = &document.outline;
    // "The existing decision", "Consequences of this": the first name of each list may have words around it.
    let says = |name: &str, word: &str| {
        let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word));
        rest.is_some_and(|rest| rest.starts_with(' ') || rest.ends_with(' '))
            && !name.split(' ').any(|w| ABOUT.contains(&w))
    };
    let named = |name: &str, names: &[String]| {
        names.iter().any(|known| known == name) || names.first().is_some_and(|word| says(name, word))
    };
    let has = |thing: &str| outline.iter().any(|lead| named(&lead.value, terms.of(thing)));
    let parts = (has("context"), has("decision"), has("consequences"), has("alternatives"));
    (document.has_context, document.has_decision, document.has_consequences, document.has_alternatives) = parts;
    document.flavour = flavour(document, terms).to_owned();
    let prose = document.prose.as_str();
    // Sections that all have names of their own, and nothing below them that only English has.
    let named = parts.0 || parts.1 || parts.2 || document.sections.iter().filter(|s| s.name != "status").count() < 2;
    let words = if named { SEVERAL } else { FEW };
    document.foreign = terms.is_not_english(prose, words);
}

/// Whether a document says several words of which none is one that every English text has, or has headings with letters
/// that English has not.
pub(super) fn is_foreign(document: &Document, terms: &Terms) -> bool {
    let marked = |name: &str| name.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    terms.is_not_english(document.prose.as_str(), SEVERAL)
        || document.sections.iter().any(|section| marked(&section.name))
}

/// The shape of a record: what most of its headings belong to, or of its bold leads where it has no headings.
fn flavour(document: &Document, terms: &Terms) -> &'static str {
    let has = |names: &[&str]| match document.sections.is_empty() {
        true => document.outline.iter().any(|lead| names.contains(&lead.value.as_str())),
        false => document.sections.iter().any(|section| names.contains(&section.name.as_str())),
    };
    let core = |thing: &str| match document.sections.is_empty() {
        true => document.outline.iter().any(|lead| terms.is_core(thing, &lead.value)),
        false => document.sections.iter().any(|section| terms.is_core(thing, &section.name)),
    };
    let front = |name: &str| document.fields.iter().any(|entry| entry.name == name && entry.syntax == "frontmatter");
    if has(&["decision outcome", "context and problem statement", "considered options"]) || front("decision-makers") {
        return "madr";
    }
    if has(&["rationale"]) && has(&["decision"]) && !has(&["context"]) {
        return "edc";
    }
    if has(&["issue"]) && has(&["positions", "assumptions", "implications"]) {
        return "tyree";
    }
    if has(&["changelog"]) && (has(&["context", "status"])) {
        return "cosmos";
    }
    let parts = [document.header.status.is_some(), core("context"), core("decision"), core("consequences")];
    let told = parts[1..].iter().any(|part| *part);
    if told && parts.into_iter().filter(|part| *part).count() >= 2 { "nygard" } else { "free" }
}
