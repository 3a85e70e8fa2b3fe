//! Whether a text is JSON, and where it stops being that.

use serde::de::IgnoredAny;
use std::ops::Range;

/// What keeps a text from being JSON, and where; with `several`, values may follow one another.
pub fn fault(source: &str, several: bool) -> Option<(Range<usize>, String)> {
    let error = match several {
        true => serde_json::Deserializer::from_str(source).into_iter::<IgnoredAny>().find_map(Result::err)?,
        false => serde_json::from_str::<IgnoredAny>(source).err()?,
    };
    let before: usize = source.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(source.len());
    // At the very end nothing stands that one could point at.
    let rest = source.get(at..).unwrap_or("");
    let at = if rest.trim().is_empty() { source.trim_end().len().saturating_sub(1) } else { at };
    let at = (0..=at).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    let before = source[..at].trim_end();
    if before.ends_with(',') && source[at..].starts_with(['}', ']']) {
        return Some((before.len() - 1..before.len(), "a comma behind the last value".to_owned()));
    }
    let len = source[at..].chars().next().map_or(0, char::len_utf8);
    let message = error.to_string();
    Some((at..at + len, message.split(" at line ").next().unwrap_or("").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_that_of_the_first_word_at_fault() {
        assert_eq!(fault("{\"a\": 1,}", false).unwrap().0, 7..8);
        assert_eq!(fault("{\n  'a': 1}", false).unwrap().0, 4..5);
        assert_eq!(fault("{\"ä\": ", false).unwrap().0, 5..6);
        assert_eq!(fault("", false).unwrap().0, 0..0);
        assert_eq!(fault("{} []", true), None);
        assert!(fault("{} []", false).is_some());
    }
}
