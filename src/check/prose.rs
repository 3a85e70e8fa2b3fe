//! Checks that count or compare words of documents.

use super::{Hit, Native, Options};
use crate::fact::document::Document;
use crate::fact::{Facts, Subject};
use crate::text::Span;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The checks of this module.
pub(super) const NATIVES: &[Native] = &[
    Native {
        name: "prose::phrases",
        subjects: &["docs.infra"],
        arguments: &["number", "words", "first"],
        run: phrases,
    },
    Native {
        name: "prose::sequences",
        subjects: &["design.document"],
        arguments: &["heading", "other"],
        run: sequences,
    },
    Native {
        name: "prose::sequence_links",
        subjects: &["design.document"],
        arguments: &["heading"],
        run: sequence_links,
    },
];

fn hit(subject: &Subject, span: Span) -> Hit {
    Hit { span, label: subject.label.to_string(), embedded: subject.embedded, ..Hit::default() }
}

/// More phrases of a list than so many in a thousand words.
fn phrases(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    let (list, most) = (options.list("phrases"), options.number("most").unwrap_or(0.0));
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| *subject.name == *"docs.infra") {
        // Lower case keeps the length of these bytes, and so their places.
        let text = document.prose.as_str().to_ascii_lowercase();
        let words = text.split_whitespace().count();
        let mut found: Vec<(usize, usize)> = Vec::new();
        for phrase in list.iter().filter(|phrase| !phrase.is_empty()) {
            let phrase = phrase.to_ascii_lowercase();
            let whole = |at: usize| {
                let glued = |c: char| c.is_alphanumeric();
                !text[..at].ends_with(glued) && !text[at + phrase.len()..].starts_with(glued)
            };
            found.extend(text.match_indices(&phrase).filter(|(at, _)| whole(*at)).map(|(at, _)| (at, phrase.len())));
        }
        found.sort_unstable();
        let Some(&(at, len)) = found.first() else { continue };
        if found.len() as f64 * 1000.0 > most * words.max(1000) as f64 {
            let first = document.prose.as_str().get(at..at + len).unwrap_or("").to_owned();
            let arguments = vec![("number", found.len().to_string()), ("words", words.to_string()), ("first", first)];
            out.push(Hit { arguments, ..hit(subject, document.prose.span(at..at + len)) });
        }
    }
}

static SEQUENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[Ss][Ee][Qq](?:uence)?\b[\s:#-]*(\d+)?").ok());
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^Seq \d+: \S.* Infrastructure$").ok());

/// The heading in the agreed form, where only its signs and its first word differ: `SEQ-004 - Login infrastructure`.
fn formed(heading: &str, number: Option<regex::Match<'_>>) -> Option<String> {
    let number = number?;
    let rest = heading.get(number.end()..)?.trim_start_matches([' ', ':', '.', '-', '–', '—']);
    let at = rest.len().checked_sub("Infrastructure".len())?;
    let (name, last) = (rest.get(..at)?, rest.get(at..)?);
    let named = name.starts_with(char::is_alphanumeric) && name.ends_with(' ');
    let formed = format!("Seq {}: {name}Infrastructure", number.as_str());
    // Others link to the heading by its anchor.
    (named && last.eq_ignore_ascii_case("infrastructure") && anchor(&formed) == anchor(heading)).then_some(formed)
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Headings of sequences: their form, and numbers that ascend.
fn sequences(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    let (Some(sequence), Some(form)) = (SEQUENCE.as_ref(), FORM.as_ref()) else { return };
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| *subject.name == *"design.document") {
        let mut seen: BTreeMap<u64, &str> = BTreeMap::new();
        for section in &document.sections {
            let heading = section.heading.value.trim();
            let Some(found) = sequence.captures(heading) else { continue };
            let number = found.get(1).and_then(|digits| digits.as_str().parse::<u64>().ok());
            let last = seen.last_key_value().map(|(number, heading)| (*number, *heading));
            let twin = number.and_then(|number| seen.get(&number).copied());
            let (variant, other) = match (twin, number.zip(last)) {
                _ if !form.is_match(heading) => (Some("form"), ""),
                (Some(twin), _) => (Some("repeated"), twin),
                (None, Some((number, (last, before)))) if number < last => (Some("order"), before),
                _ => (None, ""),
            };
            if let Some(number) = number {
                seen.entry(number).or_insert(heading);
            }
            if variant.is_some() {
                let arguments = vec![("heading", heading.to_owned()), ("other", other.to_owned())];
                let place = section.heading.span;
                let ascends = twin.is_none() && number.zip(last).is_none_or(|(number, (last, _))| number > last);
                let exact = variant == Some("form") && ascends && place.len() == heading.len();
                let formed = formed(heading, found.get(1)).filter(|_| exact);
                let edits = formed.map(|formed| (place, formed)).into_iter().collect();
                out.push(Hit { variant, arguments, edits, ..hit(subject, place) });
            }
        }
    }
}

/// Parts on a piece of work without a link to its design: a page of its number, or one that is called a design.
fn sequence_links(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    let Some(sequence) = SEQUENCE.as_ref() else { return };
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| *subject.name == *"design.document") {
        for (at, section) in document.sections.iter().enumerate() {
            let heading = section.heading.value.trim();
            let Some(number) = sequence.captures(heading).and_then(|found| found.get(1)) else { continue };
            let behind = document.sections.iter().skip(at + 1).find(|next| next.level <= section.level);
            let held = section.span.start..behind.map_or(u32::MAX, |next| next.span.start);
            let own = number.as_str().trim_start_matches('0');
            let leads = |target: &str| {
                let path = target.split(['#', '?']).next().unwrap_or("").to_lowercase();
                let name = path.rsplit('/').next().unwrap_or("");
                let page = name.ends_with(".md") || !name.contains('.');
                let digits = name.trim_start_matches('0').strip_prefix(own);
                page && (name.contains("design") || digits.is_some_and(|rest| rest.starts_with('-')))
            };
            let mut links = document.links.iter().filter(|link| !link.image && held.contains(&link.span.start));
            if !links.any(|link| leads(&link.target.value)) {
                let arguments = vec![("heading", heading.to_owned())];
                out.push(Hit { arguments, ..hit(subject, section.heading.span) });
            }
        }
    }
}
