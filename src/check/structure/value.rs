//! What a single value must be like: one of some words, a date, within limits, a link that leads somewhere.

use super::Around;
use crate::fact::context::join;
use crate::fact::document::{Entry, hours, normalise, starts};
use crate::text::Span;
use regex::Regex;
use std::fmt;
use std::sync::OnceLock;

/// Limits of a number; both ends may be open.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Bounds {
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub most: Option<f64>,
}

impl Bounds {
    /// Whether a number is within them.
    pub fn admit(&self, number: f64) -> bool {
        self.least.is_none_or(|least| number >= least) && self.most.is_none_or(|most| number <= most)
    }
}

/// `1 word`, `2 words`.
pub(super) fn counted(count: i64, unit: &str) -> String {
    let unit = if count == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{count} {unit}")
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (Some(least), Some(most)) if least == most => write!(f, "{least}"),
            (Some(least), Some(most)) => write!(f, "{least} to {most}"),
            (Some(least), None) => write!(f, "at least {least}"),
            (None, Some(most)) => write!(f, "at most {most}"),
            (None, None) => f.write_str("any"),
        }
    }
}

/// A regular expression that compiles when it is first needed; its syntax is checked where rules are loaded.
#[derive(Debug)]
pub struct Pattern {
    written: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Keeps a pattern.
    pub fn new(written: &str) -> Self {
        Self { written: written.to_owned(), compiled: OnceLock::new() }
    }

    /// As its author wrote it.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The expression, if it is one.
    pub fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.written).ok()).as_ref()
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }
}

/// Forms that a value may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A day of the calendar, `2026-03-31`.
    Date,
    /// `2h`, `1-2 days`.
    Duration,
    /// A number, perhaps with a unit.
    Number,
    /// `1.2.3`.
    Semver,
    /// `https://…`.
    Url,
    /// `REQ-12-DEP-001` and the like.
    RequirementId,
}

impl Format {
    /// The words for them in rule files.
    pub const NAMES: &[(&str, Format)] = &[
        ("date", Format::Date),
        ("duration", Format::Duration),
        ("number", Format::Number),
        ("semver", Format::Semver),
        ("url", Format::Url),
        ("requirement-id", Format::RequirementId),
    ];

    fn words(self) -> &'static str {
        match self {
            Format::Date => "a date such as 2026-03-31",
            Format::Duration => "a duration such as `2-4 hours`",
            Format::Number => "a number",
            Format::Semver => "a version such as 1.2.3",
            Format::Url => "a URL",
            Format::RequirementId => "a requirement's id such as REQ-1-DEP-001",
        }
    }

    fn fits(self, text: &str) -> bool {
        match self {
            Format::Date => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
            Format::Duration => hours(text).is_some(),
            Format::Number => number(text).is_some(),
            Format::Semver => is_semver(text),
            Format::Url => {
                let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
                rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
            }
            Format::RequirementId => is_requirement_id(text),
        }
    }
}

/// The number that a text begins with.
fn number(text: &str) -> Option<f64> {
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-').len();
    text.get(..len)?.parse().ok()
}

fn is_semver(text: &str) -> bool {
    let core = text.strip_prefix('v').unwrap_or(text).split(['-', '+']).next().unwrap_or("");
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// `REQ-DEP-001`, `REQ-12-NFR-AVAIL-001`.
fn is_requirement_id(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("REQ-") else { return false };
    let Some((head, number)) = rest.rsplit_once('-') else { return false };
    let upper = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    number.len() >= 3 && number.bytes().all(|b| b.is_ascii_digit()) && head.split('-').all(upper)
}

/// What a value must be.
#[derive(Debug, Default)]
pub struct ValueDemand {
    /// It begins with one of these words; a star at the end stands for whatever follows.
    pub one_of: Vec<String>,
    /// It is found by this.
    pub matches: Option<Pattern>,
    /// It has this form.
    pub format: Option<Format>,
    /// The number or the hours that it is.
    pub between: Option<Bounds>,
    /// How many words it has.
    pub words: Option<Bounds>,
    /// It holds a link, or the number of a record or issue.
    pub link: bool,
    /// It is the path of a file that is there, or links to one.
    pub file: bool,
    /// Words that it may be instead of all that.
    pub or: Vec<String>,
    /// What it must be besides where it begins with a word.
    pub starting: Vec<(String, ValueDemand)>,
}

/// A value to judge.
pub(super) struct Given<'a> {
    pub(super) text: &'a str,
    pub(super) span: Span,
    pub(super) linked: bool,
    pub(super) code: bool,
}

/// What is wrong with a value, to stand behind its name.
pub(super) struct Wrong {
    pub(super) span: Span,
    pub(super) what: String,
}

impl<'a> Given<'a> {
    pub(super) fn plain(text: &'a str, span: Span) -> Self {
        Self { text, span, linked: false, code: false }
    }

    pub(super) fn entry(entry: &'a Entry) -> Option<Self> {
        let (text, span) = (entry.value.known()?, entry.value.span()?);
        Some(Self { text, span, linked: entry.linked, code: entry.code })
    }
}

impl ValueDemand {
    /// What is wrong with a value, if anything is.
    pub(super) fn wrong(&self, given: &Given<'_>, around: &Around<'_>) -> Option<Wrong> {
        if self.or.iter().any(|word| begins(given.text, word)) {
            return None;
        }
        let what = self.fault(given, around)?;
        Some(Wrong { span: given.span, what })
    }

    fn fault(&self, given: &Given<'_>, around: &Around<'_>) -> Option<String> {
        let text = given.text.trim();
        if !self.one_of.is_empty() && !self.one_of.iter().any(|word| begins(text, word)) {
            return Some(format!("`{text}` is none of {}", self.one_of.join(", ")));
        }
        if let Some(pattern) = self.matches.as_ref().filter(|pattern| !pattern.is_match(text)) {
            return Some(format!("`{text}` does not match `{}`", pattern.as_str()));
        }
        if let Some(format) = self.format.filter(|format| !format.fits(text)) {
            return Some(format!("`{text}` is not {}", format.words()));
        }
        if let Some(bounds) = self.between.filter(|bounds| !self.within(text, bounds)) {
            let unit = if self.format == Some(Format::Duration) { " hours" } else { "" };
            return Some(format!("`{text}` is not within {bounds}{unit}"));
        }
        let count = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        if let Some(bounds) = self.words.filter(|bounds| !given.code && !bounds.admit(count as f64)) {
            return Some(format!("`{text}` has {}, expected {bounds}", counted(count as i64, "words")));
        }
        if self.link && !given.linked && !refers(text) {
            return Some(format!("`{text}` links to nothing"));
        }
        if self.file && !self.is_file(given, around) {
            return Some(format!("`{text}` is no file that is there"));
        }
        let begun = self.starting.iter().filter(|(word, _)| begins(text, word));
        begun.into_iter().find_map(|(_, more)| more.fault(given, around))
    }

    fn within(&self, text: &str, bounds: &Bounds) -> bool {
        if self.format == Some(Format::Duration) {
            return hours(text).is_none_or(|(least, most)| bounds.admit(least) && bounds.admit(most));
        }
        number(text).is_none_or(|number| bounds.admit(number))
    }

    fn is_file(&self, given: &Given<'_>, around: &Around<'_>) -> bool {
        let mut inside = around.document.links.iter().filter(|link| link.span.overlaps(given.span)).peekable();
        if inside.peek().is_some() {
            return inside.all(|link| link.exists.known() != Some(&false));
        }
        let dir = around.document.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let there = |dir: &str| join(dir, given.text.trim()).is_some_and(|path| around.inventory.exists(&path));
        given.text.contains("://") || there(dir) || there("")
    }
}

/// Whether a value begins with the words, however they are dressed.
pub(super) fn begins(value: &str, words: &str) -> bool {
    let words = words.trim_end_matches('*').trim_end();
    match starts(words).last() {
        Some(joined) => starts(value).contains(joined),
        None => normalise(value) == normalise(words),
    }
}

/// `ADR-12`, `#34`, `0007`.
fn refers(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '-' | '_'))).any(|word| {
        let digits = word.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '-' | '_' | '#'));
        digits.len() >= 2 && digits.bytes().all(|b| b.is_ascii_digit()) || word.starts_with('#') && !digits.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_from_what_looks_like_them() {
        let cases = [
            (Format::Date, "2026-02-28", true),
            (Format::Date, "2026-02-30", false),
            (Format::Date, "28.02.2026", false),
            (Format::Duration, "2-4 hours", true),
            (Format::Duration, "soon", false),
            (Format::Number, "99.9%", true),
            (Format::Number, "many", false),
            (Format::Semver, "v1.2.3-rc.1", true),
            (Format::Semver, "1.2", false),
            (Format::Url, "https://example.org/x", true),
            (Format::Url, "example.org", false),
            (Format::RequirementId, "REQ-12-NFR-AVAIL-001", true),
            (Format::RequirementId, "REQ-DEP-1", false),
        ];
        for (format, text, fits) in cases {
            assert_eq!(format.fits(text), fits, "{format:?} {text}");
        }
    }

    #[test]
    fn values_begin_with_words() {
        assert!(begins("✅ ACCEPTED, since May", "accepted") && begins("In-Review", "in review"));
        assert!(begins("Superseded by ADR-3", "superseded by *") && !begins("unaccepted", "accepted"));
        assert!(refers("see ADR-12") && refers("#3") && refers("0007") && !refers("version 2"));
    }
}
