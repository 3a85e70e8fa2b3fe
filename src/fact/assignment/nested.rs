//! Keys in YAML whose parent says what they are: `encryption: { key }`, and all that stands below `secrets:`.

use super::regions::Style;
use super::value::{Operator, line_end, value};
use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, is_about, is_identifier_key, judge, key_kind, words};
use std::ops::Range;

/// How far above a key its parent is looked for.
const ABOVE: usize = 2048;
/// Most lines below a parent that are looked at.
const MOST: usize = 60;

/// What `key` promises by its parent's name: `encryption:` above `key:`.
pub(super) fn under_parent(text: &str, key: &Range<usize>) -> KeyKind {
    let mut from = key.start.saturating_sub(ABOVE);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let head = &text[from..key.start];
    let indent = head.len() - head.rfind('\n').map_or(0, |i| i + 1);
    let own = head.rsplit('\n').next().unwrap_or("");
    if indent == 0 || !own.trim().is_empty() {
        return KeyKind::None;
    }
    let lines = head.lines().rev().skip(usize::from(!own.is_empty()));
    let outer = |line: &&str| !line.trim().is_empty() && line.len() - line.trim_start().len() < indent;
    let Some(parent) = lines.into_iter().find(outer) else { return KeyKind::None };
    match parent.trim().trim_start_matches("- ").strip_suffix(':') {
        Some(name) if name.len() < 60 => key_kind(&format!("{name} key")),
        _ => KeyKind::None,
    }
}

/// Reads what stands below a key that holds no value itself. Whether there is anything.
pub(super) fn read(text: &str, key: &Range<usize>, kind: KeyKind, at: usize, out: &mut Vec<Found>) -> bool {
    let name = &text[key.clone()];
    let end = line_end(text, at);
    let parent = words(name).last().is_some_and(|w| PARENTS.contains(&w.as_str()));
    if !parent || !text.get(at..end).is_some_and(|rest| rest.trim().is_empty()) {
        return false;
    }
    let line = text[..key.start].rfind('\n').map_or(0, |i| i + 1);
    if !text[line..key.start].trim().is_empty() {
        return false;
    }
    let indent = key.start - line;
    let mut start = end + 1;
    for _ in 0..MOST {
        let stop = line_end(text, start);
        let Some(child) = text.get(start..stop) else { return true };
        let bare = child.trim_start();
        let deeper = child.len() - bare.len();
        if !bare.is_empty() && deeper <= indent {
            return true;
        }
        if let Some((name, _)) = bare.split_once(": ")
            && !bare.starts_with(['#', '-', '"', '\''])
            && key_kind(name) == KeyKind::None
            && !is_identifier_key(name)
            && !words(name).last().is_some_and(|w| is_about(w))
            && let Some(written) =
                value(text, start + deeper + name.len() + 1, Operator::Colon, Style::Yaml, None, false)
            && judge(&text[written.range.clone()], Context { kind: Some(kind), ..Context::default() })
                == Verdict::Random
        {
            out.push(Found::new(name, written.range, Form::Pair, kind));
        }
        start = stop + 1;
    }
    true
}

/// Names below which every value is one of them.
const PARENTS: &[&str] = &["secret", "secrets", "credentials", "creds", "tokens", "passwords", "keys"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_says_what_a_key_is() {
        let kind = |text: &str| {
            let at = text.rfind("key").unwrap();
            under_parent(text, &(at..at + 3))
        };
        assert_eq!(kind("encryption:\n  cipher: aes\n  key: x"), KeyKind::Secret);
        assert_eq!(kind("labels:\n  key: x"), KeyKind::None);
        assert_eq!(kind("key: x"), KeyKind::None);
        assert_eq!(kind("- encryption: a\n  key: x"), KeyKind::None);
    }
}
