//! Components of infrastructure: whether a spec's title is that of its directory.

use super::{Document, normalise};
use crate::fact::value::Field;

/// Words that directories and titles leave out as they like.
const FILLING: &[&str] = &["infrastructure", "infra", "the", "and", "a", "of", "service", "component", "setup", "for"];

/// Whether every word of a numbered directory is a word of the title, or the beginning of one, or the other way round.
pub(super) fn named_as_directory(document: &Document, path: &str) -> Field<bool> {
    let (Some(title), Some(span)) = (document.title.known(), document.title.span()) else { return Field::Absent };
    let mut parts = path.rsplit('/');
    let directory = parts.nth(1).unwrap_or("");
    let Some((number, slug)) = directory.split_once('-') else { return Field::Absent };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Field::Absent;
    }
    let split = |text: &str| -> Vec<String> {
        let lower = normalise(text);
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter(|word| !FILLING.contains(word)).map(str::to_owned).collect()
    };
    let (wanted, found) = (split(slug), split(title));
    if wanted.is_empty() || found.is_empty() {
        return Field::unknown(title.as_str(), span);
    }
    let akin = |a: &String, b: &String| a.starts_with(b.as_str()) || b.starts_with(a.as_str());
    let initials: String = found.iter().filter_map(|word| word.chars().next()).collect();
    let same = wanted.iter().any(|a| found.iter().any(|b| akin(a, b))) || initials == slug;
    Field::new(same, span)
}
