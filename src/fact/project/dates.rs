//! The dates of decision records beside one another: how a folder writes them is for the folder to say.

use super::ProjectSubject;
use super::records::home;
use crate::fact::records::Record;
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

facts! {
    /// The date of a decision record, beside those of the other records of its folder.
    pub struct RecordDate = "project.record-date" {
        /// As it is written.
        "text" text: String,
        /// Whether it begins with a year, month and day, as in 2026-04-03.
        "iso" iso: bool,
        /// Whether it begins with a year, month and day that no calendar has.
        "no-day" no_day: bool,
        /// Whether many records of the folder write theirs this way, another one than 2026-04-03: it is told at the first.
        "habit" habit: bool,
        /// Whether it is most of them.
        "usual" usual: bool,
        /// How many dates there are in the folder.
        "dated" dated: i64,
        /// How many records of the folder are written so.
        "alike" alike: i64,
    }
}

static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\d(\D|$)").ok());
/// What stands where there is no date yet, or where a template left its own.
static NONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\W*(?:n/?a|none|tb[dac]|unknown|pending|todo|\?+|-+|[YMD/. _-]+)?\W*$").ok());

/// So many of one kind make a habit.
const HABIT: usize = 3;
/// If they are more than one in so many.
const SHARE: usize = 3;

/// How a date is written: the kinds of its signs, so that 31.03.2026 and 1.4.2026 are alike.
fn form(text: &str) -> String {
    if is_iso(text) {
        return "iso".to_owned();
    }
    let mut out = String::new();
    for c in text.chars().take(40) {
        let sign = match c {
            '0'..='9' => '9',
            c if c.is_alphabetic() => 'a',
            ' ' | ',' => continue,
            c => c,
        };
        if !out.ends_with(sign) {
            out.push(sign);
        }
    }
    // A year in front is another order than a year behind.
    if text.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit())) {
        out.insert(0, 'y');
    }
    out
}

fn is_iso(text: &str) -> bool {
    ISO.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// A record with its date: as written, whether no calendar has it, where it stands.
type Dated<'r> = (&'r Record, &'r (String, bool, Place));

/// Adds the dates.
pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let mut folders: BTreeMap<&str, Vec<Dated<'_>>> = BTreeMap::new();
    for summary in summaries {
        for record in &summary.records {
            let Some(date) = &record.date else { continue };
            if NONE.as_ref().is_some_and(|regex| !regex.is_match(&date.0)) {
                folders.entry(home(&summary.path)).or_default().push((record, date));
            }
        }
    }
    for dates in folders.into_values() {
        let mut forms: BTreeMap<String, usize> = BTreeMap::new();
        for (_, (text, ..)) in &dates {
            *forms.entry(form(text)).or_default() += 1;
        }
        let mut told = false;
        for (record, (text, no_day, place)) in &dates {
            let form = form(text);
            let alike = forms.get(&form).copied().unwrap_or_default();
            let habit = alike >= HABIT && alike * SHARE > dates.len() && form != "iso";
            // A habit is told once, at the first of its dates.
            if habit && !*no_day && std::mem::replace(&mut told, true) {
                continue;
            }
            let object = RecordDate {
                text: text.clone(),
                iso: is_iso(text),
                no_day: *no_day,
                habit,
                usual: alike * 2 > dates.len(),
                dated: dates.len() as i64,
                alike: alike as i64,
                ..RecordDate::default()
            };
            out.push(ProjectSubject::new(object, record.title.as_str(), place.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_alike_by_their_signs() {
        assert_eq!(form("31.03.2026"), form("1.4.2026"));
        assert_eq!(form("March 3rd, 2026"), form("June 21st, 2025"));
        assert_eq!(form("2026-04-03 (decided)"), "iso");
        assert_ne!(form("2026/04/03"), form("03/04/2026"));
        assert_ne!(form("03.04.2026"), form("03/04/2026"));
    }

    #[test]
    fn no_date_is_none() {
        let none = |text: &str| NONE.as_ref().unwrap().is_match(text);
        assert!(["TBD", "n/a", "YYYY-MM-DD", "-", "", "DD/MM/YYYY"].into_iter().all(none));
        assert!(!["last Tuesday", "2021", "May 2021"].into_iter().any(none));
    }
}
