//! Architecture documents against themselves: ids, dates, numbers that must agree, questions that must be closed.

use super::{Hit, Native, Options};
use crate::fact::document::Document;
use crate::fact::{Facts, Subject};
use crate::text::Span;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

const DOCUMENTS: &[&str] = &["infra-arch.document"];

/// The checks of this module.
pub(super) const NATIVES: &[Native] = &[
    Native { name: "architecture::document_id", subjects: DOCUMENTS, arguments: &["id", "name"], run: document_id },
    Native { name: "architecture::date", subjects: DOCUMENTS, arguments: &["date"], run: date },
    Native { name: "architecture::created", subjects: DOCUMENTS, arguments: &["created", "date"], run: created },
    Native { name: "architecture::recovery", subjects: DOCUMENTS, arguments: &["what", "one", "other"], run: recovery },
    Native { name: "architecture::instances", subjects: DOCUMENTS, arguments: &["least", "most"], run: instances },
    Native {
        name: "architecture::open_questions",
        subjects: DOCUMENTS,
        arguments: &["number", "question"],
        run: open_questions,
    },
    Native { name: "architecture::decisions", subjects: DOCUMENTS, arguments: &[], run: decisions },
];

fn documents(facts: &Facts) -> impl Iterator<Item = (&Subject, &Document)> {
    facts.of::<Document>().filter(|(subject, _)| DOCUMENTS.contains(&&*subject.name))
}

fn hit(subject: &Subject, span: Span) -> Hit {
    Hit { span, label: subject.label.to_string(), embedded: subject.embedded, ..Hit::default() }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The id's words and their place.
fn id(document: &Document) -> Option<(&str, Span)> {
    let value = &document.header.document_id.as_ref()?.value;
    Some((value.known()?.as_str(), value.span()?))
}

/// The eight digits at the end of an id or a file name.
fn digits(name: &str) -> Option<&str> {
    let at = name.len().checked_sub(8)?;
    let digits = name.get(at..)?;
    let alone = !name[..at].ends_with(|c: char| c.is_ascii_digit());
    (alone && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

fn calendar(digits: &str) -> Option<Date> {
    let year = digits.get(..4)?.parse().ok()?;
    Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?).ok()
}

static ID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[a-z0-9-]+-infrastructure-architecture-\d{8}$").ok());

fn document_id(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let Some((id, place)) = id(document) else { continue };
        let name = stem(&document.path);
        if id != name {
            let arguments = vec![("id", id.to_owned()), ("name", name.to_owned())];
            // A name of the agreed form, on a day of the calendar, is what the id should say.
            let formed =
                ID.as_ref().is_some_and(|form| form.is_match(name)) && digits(name).and_then(calendar).is_some();
            let edits = (formed && place.len() == id.len()).then(|| (place, name.to_owned())).into_iter().collect();
            out.push(Hit { arguments, edits, ..hit(subject, place) });
        }
    }
}

fn date(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let named = id(document).and_then(|(id, place)| Some((digits(id)?, place)));
        let Some((digits, place)) = named.or_else(|| Some((digits(stem(&document.path))?, document.span))) else {
            continue;
        };
        let variant = match calendar(digits) {
            None => None,
            // Somewhere it is tomorrow already.
            Some(day) if facts.day.and_then(|today| today.tomorrow().ok()).is_some_and(|last| day > last) => {
                Some("future")
            }
            Some(_) => continue,
        };
        out.push(Hit { variant, arguments: vec![("date", digits.to_owned())], ..hit(subject, place) });
    }
}

fn created(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let entry = document.header.created.as_ref().or(document.header.date.as_ref());
        let Some(entry) = entry else {
            out.push(Hit { variant: Some("missing"), ..hit(subject, document.span) });
            continue;
        };
        let (Some(value), Some(place)) = (entry.value.known(), entry.value.span()) else { continue };
        let written: Option<Date> = value.get(..10).and_then(|day| day.parse().ok());
        let named = id(document).and_then(|(id, _)| digits(id)).or_else(|| digits(stem(&document.path)));
        let named = named.and_then(calendar);
        let Some(written) = written.filter(|_| value.len() == 10 || value[10..].starts_with([' ', 'T', ','])) else {
            let arguments = vec![("created", value.clone()), ("date", String::new())];
            let same = named.filter(|day| place.len() == value.len() && says(value, *day));
            let edits = same.map(|day| (place, day.to_string())).into_iter().collect();
            out.push(Hit { variant: Some("form"), arguments, edits, ..hit(subject, place) });
            continue;
        };
        if let Some(day) = named.filter(|day| *day != written) {
            let arguments = vec![("created", value.clone()), ("date", day.to_string())];
            out.push(Hit { variant: Some("differs"), arguments, ..hit(subject, place) });
        }
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text is made of the year, month and day of a date and nothing else: `29.12.2025`, `December 29th, 2025`.
fn says(text: &str, date: Date) -> bool {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut parts: Vec<i32> = Vec::new();
    for word in words {
        let ending = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
        let number = ending.unwrap_or(word).parse().ok();
        let month = MONTHS.iter().position(|month| word.starts_with(month)).map(|at| at as i32 + 1);
        let Some(part) = number.or(month) else { return false };
        parts.push(part);
    }
    let mut own = [i32::from(date.year()), i32::from(date.month()), i32::from(date.day())];
    own.sort_unstable();
    parts.sort_unstable();
    parts == own
}

static TARGET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(RTO|RPO)\b[^\d\n;|]{0,60}?(\d+(?:\.\d+)?)[ \t]*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\b").ok()
});

fn recovery(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let text = document.prose.as_str();
        for name in ["RTO", "RPO"] {
            let found: Vec<_> = TARGET.iter().flat_map(|regex| regex.captures_iter(text)).collect();
            let mut told = found.iter().filter(|c| c.get(1).is_some_and(|m| m.as_str().eq_ignore_ascii_case(name)));
            let Some(first) = told.next() else { continue };
            let Some(other) = told.find(|other| seconds(other) != seconds(first)) else { continue };
            let words = |c: &regex::Captures<'_>| format!("{} {}", &c[2], &c[3]);
            let span = |c: &regex::Captures<'_>| c.get(0).map(|m| document.prose.span(m.range())).unwrap_or_default();
            let arguments = vec![("what", name.to_owned()), ("one", words(other)), ("other", words(first))];
            let related = vec![(span(first), format!("here it is {}", words(first)))];
            out.push(Hit { arguments, related, ..hit(subject, span(other)) });
        }
    }
}

fn seconds(found: &regex::Captures<'_>) -> Option<i64> {
    let number: f64 = found[2].parse().ok()?;
    let unit = match found[3].to_ascii_lowercase().as_bytes().first()? {
        b's' => 1.0,
        b'm' => 60.0,
        b'h' => 3600.0,
        _ => 86_400.0,
    };
    Some((number * unit).round() as i64)
}

static INSTANCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let unit = r"\s*(?:instances?|pods?|nodes?|replicas?|tasks?)?\s*(?:\(?min(?:imum)?\)?)?\s*";
    Regex::new(&format!(r"(?i)^\D{{0,20}}?(\d+){unit}(?:/|-|–|to|,|and)\s*\D{{0,12}}?(\d+)\b")).ok()
});

fn instances(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let fields = document.sections.iter().flat_map(|section| &section.fields);
        for field in fields.filter(|field| field.name.contains("min/max") || field.name.contains("min and max")) {
            let (Some(value), Some(place)) = (field.value.known(), field.value.span()) else { continue };
            let Some(found) = INSTANCES.as_ref().and_then(|regex| regex.captures(value)) else { continue };
            let number = |at: usize| found[at].parse::<u64>().unwrap_or(u64::MAX);
            if number(1) > number(2) {
                let arguments = vec![("least", found[1].to_owned()), ("most", found[2].to_owned())];
                out.push(Hit { arguments, ..hit(subject, place) });
            }
        }
    }
}

fn open_questions(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let word = document.header.status.as_ref().and_then(|status| status.starts.first());
        if word.is_none_or(|word| word != "approved") {
            continue;
        }
        // A section without tasks may hold questions in words: those nobody can tell from answered ones.
        let held: Vec<Span> = document
            .sections
            .iter()
            .filter(|section| section.name.contains("open question"))
            .map(|section| section.span.to(section.text.text().whole_span()))
            .collect();
        let boxes = document.open_boxes.iter();
        let open: Vec<_> = boxes.filter(|question| held.iter().any(|held| held.overlaps(question.span))).collect();
        if let Some(first) = open.first() {
            let arguments = vec![("number", open.len().to_string()), ("question", first.value.clone())];
            out.push(Hit { arguments, ..hit(subject, first.span) });
        }
    }
}

/// At least one decision: a section of its own, or a link to a record.
fn decisions(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in documents(facts) {
        let told = document.outline.iter().any(|name| is_record(&name.value));
        let linked = document.links.iter().any(|link| {
            let path = link.target.value.to_lowercase();
            path.ends_with(".md") && (path.contains("adr") || path.contains("/decisions/"))
        });
        if !told && !linked {
            let place = document.sections.iter().find(|section| section.name.contains("decision record"));
            out.push(hit(subject, place.map_or(document.span, |section| section.heading.span)));
        }
    }
}

fn is_record(name: &str) -> bool {
    let rest = name.strip_prefix("adr").map(|rest| rest.trim_start_matches(['-', ' ']));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
