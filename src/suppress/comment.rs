//! What a suppression comment says: `infralint: ignore[rule, until=2026-12-31] reason`.

use crate::rule::read::{nearest, unknown};
use jiff::civil::Date;
use std::ops::Range;

/// What every comment of ours begins with.
pub(super) const PREFIX: &str = "infralint:";
const FORMS: [&str; 2] = ["ignore", "ignore-file"];
const FORM: &str = "write `infralint: ignore[rule] reason`";

/// A comment that means to suppress something. Ranges count bytes of the comment's text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Written {
    /// Whether it speaks of the whole file.
    pub(super) file: bool,
    /// What stands in the brackets, dates apart.
    pub(super) entries: Vec<Range<usize>>,
    /// The last day on which it counts, and where that is written.
    pub(super) until: Option<(Date, Range<usize>)>,
    /// Why; empty if it does not say.
    pub(super) reason: String,
    /// What is wrong with it; it then suppresses nothing.
    pub(super) fault: Option<(Range<usize>, String)>,
}

/// Reads a comment from `infralint:` on; nothing where it only shows how such comments look.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = text.lines().next().unwrap_or("").trim_end();
    let rest = text.strip_prefix(PREFIX)?;
    let start = text.len() - rest.trim_start().len();
    let word = rest.trim_start();
    let len = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(word.len());
    let (word, behind) = word.split_at(len);
    if behind.trim_start().starts_with(['…', '<']) || word.is_empty() && !behind.contains('[') {
        return None;
    }
    let mut written = Written { file: word == "ignore-file", ..Written::default() };
    if !FORMS.contains(&word) {
        written.fault = Some((start..start + len, misspelt(word, behind)?));
        return Some(written);
    }
    let open = text.len() - behind.trim_start().len();
    let Some(inside) = text[open..].strip_prefix('[') else {
        written.fault = Some((start..start + len, format!("`{word}` names no rules: {FORM}")));
        return Some(written);
    };
    let Some(len) = closing(inside) else {
        written.fault = Some((open..text.len(), "the bracket is never closed".to_owned()));
        return Some(written);
    };
    if is_example(&inside[..len]) {
        return None;
    }
    written.reason = reason(&inside[len + 1..]);
    written.list(&inside[..len], open + 1);
    if written.entries.is_empty() && written.fault.is_none() {
        written.fault = Some((open..open + len + 2, format!("the brackets name no rule: {FORM}")));
    }
    Some(written)
}

impl Written {
    fn list(&mut self, list: &str, start: usize) {
        let mut at = start;
        for part in list.split(',') {
            let lead = part.len() - part.trim_start().len();
            let word = part.trim();
            let range = at + lead..at + lead + word.len();
            at += part.len() + 1;
            match word.split_once('=') {
                _ if word.is_empty() => {}
                None => self.entries.push(range),
                Some((key, day)) if key.trim() == "until" => match day.trim().parse::<Date>() {
                    Ok(day) => self.until = Some((day, range)),
                    Err(_) => self.fault = Some((range, format!("`{}` is no day: write until=2026-12-31", day.trim()))),
                },
                Some((key, _)) => self.fault = Some((range, format!("unknown key `{}` (known: until)", key.trim()))),
            }
        }
    }
}

/// What was meant; nothing for a sentence that merely begins like a comment of ours.
fn misspelt(word: &str, behind: &str) -> Option<String> {
    let meant = match word {
        "disable" | "disable-line" | "disable-next-line" | "ignore-line" | "ignore-next-line" | "skip" | "allow" => {
            "ignore"
        }
        "disable-file" | "skip-file" => "ignore-file",
        _ if behind.starts_with('[') => return Some(unknown("word", word, &FORMS)),
        _ => nearest(word, &FORMS)?,
    };
    Some(format!("unknown word `{word}`, did you mean `{meant}[rule]`?"))
}

/// The bracket that closes the list; globs may hold brackets of their own.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Documentation shows the form with placeholders.
fn is_example(list: &str) -> bool {
    list.contains(['…', '<']) || list.contains("...")
}

/// What stands behind the brackets, without what ties it to them.
fn reason(text: &str) -> String {
    text.trim().trim_start_matches([':', '-', '–', '—', '#', ';']).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<&str> {
        read(text).unwrap().entries.into_iter().map(|r| &text[r]).collect()
    }

    fn fault(text: &str) -> (&str, String) {
        let (range, message) = read(text).unwrap().fault.unwrap();
        (&text[range], message)
    }

    #[test]
    fn rules_days_and_reasons() {
        let text = "infralint: ignore[dockerfile/root-user, DL3008 , until=2026-12-31,k8s/[ab]*] base image wants it";
        let written = read(text).unwrap();
        assert_eq!(entries(text), ["dockerfile/root-user", "DL3008", "k8s/[ab]*"]);
        assert_eq!(written.reason, "base image wants it");
        assert_eq!(
            written.until.map(|(day, at)| (day.to_string(), &text[at])),
            Some(("2026-12-31".into(), "until=2026-12-31"))
        );
        assert!(!written.file && written.fault.is_none());
        let written = read("infralint:ignore-file [secrets]: made up").unwrap();
        assert!(written.file && written.reason == "made up" && written.entries.len() == 1);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_words() {
        assert_eq!(fault("infralint: ignroe[a]").0, "ignroe");
        assert!(fault("infralint: ignroe[a]").1.contains("did you mean `ignore`?"));
        assert!(fault("infralint: disable a/b").1.contains("did you mean `ignore[rule]`?"));
        assert_eq!(fault("infralint: ignore a/b"), ("ignore", format!("`ignore` names no rules: {FORM}")));
        assert_eq!(fault("infralint: ignore[a/b"), ("[a/b", "the bracket is never closed".to_owned()));
        assert_eq!(fault("infralint: ignore[ , ] x").0, "[ , ]");
        assert_eq!(fault("infralint: ignore[a, until=2026-02-30]").0, "until=2026-02-30");
        assert_eq!(fault("infralint: ignore[a, utnil=2026-02-03]").1, "unknown key `utnil` (known: until)");
    }

    #[test]
    fn examples_of_the_form_are_no_suppressions() {
        for text in [
            "infralint: ignore[…] reason",
            "infralint: ignore[rule, ...] reason",
            "infralint: ignore[<rule>]",
            "infralint: …",
            "infralint: ",
            "infralint: is run before each commit",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
