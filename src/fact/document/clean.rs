//! Values as meant: without blanks, emoji, trailing notes; and whether a choice was made.

use super::names::{is_emoji, words};
use crate::text::Text;
use std::ops::Range;

/// The part of `range` that is the value: no blanks, emoji, short codes around; no note in brackets behind.
pub(super) fn trim(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let whole = text.as_str();
    let mut part = strip_ends(whole.get(range.clone()).unwrap_or(""));
    if let Some(note) = trailing_note(part) {
        part = strip_ends(&part[..note]);
    }
    if part.is_empty() {
        return range.start..range.start;
    }
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

fn strip_ends(text: &str) -> &str {
    let mut text = text.trim_matches(|c: char| c.is_whitespace() || is_emoji(c));
    if let Some(rest) = text.strip_prefix(':')
        && let Some((code, after)) = rest.split_once(':')
        && !code.is_empty()
        && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        text = after.trim_start_matches(|c: char| c.is_whitespace() || is_emoji(c));
    }
    text
}

/// Where ` (note)` or ` [note]` begins, if the value ends with one and has something before it.
fn trailing_note(text: &str) -> Option<usize> {
    let open = match text.chars().next_back()? {
        ')' => '(',
        ']' => '[',
        _ => return None,
    };
    let at = text.rfind(open)?;
    (at > 0 && !text[..at].trim().is_empty()).then_some(at)
}

/// The first one to four words in lower case, joined by blanks; `-` and `_` count as blanks.
pub fn starts(value: &str) -> Vec<String> {
    // A day before the words is no part of what they say: `2020-01-31: accepted`.
    let value = if is_day(value) { value.get(10..).unwrap_or(value) } else { value };
    let lower: String = value.chars().take(200).flat_map(char::to_lowercase).collect();
    let mut out: Vec<String> = Vec::new();
    for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty()).take(4) {
        let next = out.last().map_or_else(|| word.to_owned(), |last| format!("{last} {word}"));
        out.push(next);
    }
    out
}

/// Words of which several side by side mean that nobody chose.
const CHOICES: &[&str] = &[
    "proposed",
    "draft",
    "pending",
    "in review",
    "review",
    "under review",
    "accepted",
    "approved",
    "decided",
    "implemented",
    "rejected",
    "declined",
    "deprecated",
    "superseded",
    "withdrawn",
    "planned",
    "in progress",
    "done",
    "complete",
    "completed",
    "partial",
    "blocked",
    "failed",
    "active",
    "p0",
    "p1",
    "p2",
    "p3",
    "p4",
    "high",
    "medium",
    "low",
    "critical",
    "major",
    "minor",
    "warning",
    "info",
    "infrastructure",
    "deployment",
    "hours",
    "days",
    "yes",
    "no",
];

/// Whether the value lists choices: `Draft | In Review`, `P0/P1/P2`, `[proposed, accepted]`, `{a | b}`.
pub(super) fn unchosen(value: &str) -> bool {
    let value = value.trim();
    let bracketed = value.starts_with(['{', '[', '<']) && value.ends_with(['}', ']', '>']);
    let inner = value.trim_matches(['{', '}', '[', ']', '<', '>']);
    if inner.contains(" or ") {
        let parts = inner.split(',').flat_map(|part| part.split(" or ")).map(str::trim).filter(|part| !part.is_empty());
        let (known, all) = parts.fold((0, 0), |(known, all), part| (known + usize::from(is_choice(part)), all + 1));
        return known >= 2 && (bracketed || known == all);
    }
    if !bracketed && !inner.contains(['|', '/']) && lists_all(inner) {
        return true;
    }
    let separators: &[char] = if bracketed { &['|', '/', ','] } else { &['|', '/'] };
    let separator = separators.iter().find(|&&separator| inner.contains(separator));
    let Some(&separator) = separator else { return bracketed && FIRST.contains(&starts(inner).concat().as_str()) };
    let parts: Vec<&str> = inner.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
    let known = parts.iter().filter(|part| is_choice(part)).count();
    known >= 2 && (separator == '|' || bracketed || known == parts.len())
}

/// Where a thing begins: a template offers it in brackets, and nobody who chose leaves them there.
const FIRST: &[&str] = &["proposed", "draft", "planned", "pending"];

/// `Proposed, accepted, rejected, superseded`: a list that goes from the beginning to an end is no history of one thing.
fn lists_all(value: &str) -> bool {
    let parts: Vec<&str> = value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let begins = parts.first().is_some_and(|first| FIRST.contains(&first.to_lowercase().as_str()));
    let ends =
        |part: &&str| matches!(starts(part).first().map(String::as_str), Some("rejected" | "declined" | "superseded"));
    parts.len() >= 3 && begins && parts.iter().any(ends) && parts.iter().all(|part| is_choice(part))
}

fn is_choice(part: &str) -> bool {
    let starts = starts(part);
    let known = starts.iter().take(2).any(|start| CHOICES.contains(&start.as_str()));
    known && (words(part).count() <= 2 || starts.first().is_some_and(|first| first == "superseded"))
}

/// Whether a text begins with a day and goes on with words.
fn is_day(value: &str) -> bool {
    let digits = |range| value.get(range).is_some_and(|part: &str| part.bytes().all(|b| b.is_ascii_digit()));
    let marks = value.get(4..5) == Some("-") && value.get(7..8) == Some("-");
    let words = value.get(10..).is_some_and(|rest| rest.starts_with([' ', ':']) && rest.contains(char::is_alphabetic));
    marks && digits(0..4) && digits(5..7) && digits(8..10) && words
}

/// `2023-02-30`: written like a day, but no calendar has it.
pub(super) fn no_day(value: &str) -> bool {
    let digits = |range| value.get(range).filter(|part: &&str| part.bytes().all(|b| b.is_ascii_digit()));
    let parts = (digits(0..4), digits(5..7), digits(8..10));
    let (Some(year), Some(month), Some(day)) = parts else { return false };
    let ends = !value[10..].starts_with(|c: char| c.is_ascii_digit());
    let marks = value.get(4..5) == Some("-") && value.get(7..8) == Some("-");
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { return false };
    marks && ends && jiff::civil::Date::new(year, month, day).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_meant() {
        let value = |text: &str| text[trim(&Text::whole(text), 0..text.len())].to_owned();
        assert_eq!(value(" ✅ Accepted "), "Accepted");
        assert_eq!(value(":white_check_mark: Accepted"), "Accepted");
        assert_eq!(value("P1 (critical)"), "P1");
        assert_eq!(value("(none)"), "(none)");
        assert_eq!(value("  "), "");
        assert_eq!(starts("2020-01-31: Accepted"), ["accepted"]);
        assert_eq!(starts("2020-01-31"), ["2020", "2020 01", "2020 01 31"]);
        assert_eq!(starts("In-Review, since May"), ["in", "in review", "in review since", "in review since may"]);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for value in ["2023-02-30", "2023-13-01", "2023-00-10", "2023-02-29 (late)"] {
            assert!(no_day(value), "{value}");
        }
        for value in ["2024-02-29", "2024-02-29T10:00:00Z", "YYYY-MM-DD", "2024-1-2", "soon", "2024-02-301", ""] {
            assert!(!no_day(value), "{value}");
        }
    }

    #[test]
    fn a_list_of_choices_is_no_choice() {
        let open = [
            "P0/P1/P2",
            "Draft | In Review | Approved",
            "[proposed | rejected | accepted | deprecated | … | superseded by [ADR-0005](x)]",
            "{proposed | rejected}",
            "[Proposed, Accepted]",
            "{proposed or accepted or superseded by ADR-5}",
            "[proposed, accepted or rejected]",
            "Accepted / Rejected",
            "Proposed or Accepted",
            "Proposed, Accepted, Rejected or Superseded",
            "Proposed, accepted, rejected, deprecated, superseded",
            "[proposed]",
            "{Draft}",
            "complete | blocked | failed",
            "{completed|partial|blocked}",
        ];
        for value in open {
            assert!(unchosen(value), "{value}");
        }
        for value in [
            "Accepted",
            "Accepted or so they say",
            "P1",
            "Accepted / see ADR 3",
            "TCP/IP",
            "approved by a|b",
            "Accepted, implemented",
            "Proposed, accepted, implemented",
            "Proposed, accepted",
            "[Accepted]",
            "[proposed by the platform team]",
            "n/a",
        ] {
            assert!(!unchosen(value), "{value}");
        }
    }
}
