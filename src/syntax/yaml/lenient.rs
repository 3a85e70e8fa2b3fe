//! A second reading for what YAML allows and the parser refuses; every byte keeps its place.

use std::borrow::Cow;

/// The same text with spaces for such tabs and line breaks, if there are any.
pub(super) fn smoothed(source: &str) -> Option<String> {
    let text = on_one_line(&without_tabs(source));
    (text != source).then_some(text)
}

/// Spaces for the tabs of blank lines, which may stand within quotes, and for those between a key and its value.
fn without_tabs(source: &str) -> Cow<'_, str> {
    if !source.contains('\t') {
        return Cow::Borrowed(source);
    }
    let is_blank = |line: &str| line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let blank = is_blank(line);
        let mut behind = blank;
        for c in line.chars() {
            behind = blank || c == ':' || (behind && matches!(c, ' ' | '\t'));
            out.push(if c == '\t' && behind { ' ' } else { c });
        }
    }
    Cow::Owned(out)
}

/// Spaces for the line breaks between brackets and for the comments there: other parsers do not ask how far such lines are
/// indented. Blocks of text are left alone.
fn on_one_line(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let (mut depth, mut quote, mut before) = (0usize, None, '\n');
    let mut block = None;
    for line in source.split_inclusive('\n') {
        if depth == 0 && quote.is_none() {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if block.is_some_and(|outer| indent > outer || line.trim().is_empty()) {
                out.push_str(line);
                continue;
            }
            block = opens_block(line).then_some(indent);
        }
        let mut comment = false;
        let (mut escaped, mut ended) = (false, false);
        for c in line.chars() {
            let begins = before.is_whitespace() || matches!(before, '[' | '{' | ',');
            let breaks = matches!(c, '\n' | '\r');
            let reopens = std::mem::replace(&mut ended, quote == Some('\'') && c == '\'');
            match (c, quote) {
                _ if breaks => comment = false,
                _ if comment => {}
                (_, Some(_)) if escaped => escaped = false,
                ('\\', Some('"')) => escaped = true,
                (_, Some(closing)) => quote = quote.filter(|_| c != closing),
                ('\'', None) if reopens => quote = Some(c),
                ('"' | '\'', None) if begins => quote = Some(c),
                ('#', None) if before.is_whitespace() => comment = true,
                ('[' | '{', None) if begins => depth += 1,
                (']' | '}', None) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let hidden = depth > 0 && (breaks || comment);
            match hidden {
                true => out.extend(std::iter::repeat_n(' ', c.len_utf8())),
                false => out.push(c),
            }
            before = c;
        }
    }
    out
}

/// Whether a line ends with the sign of a block of text.
fn opens_block(line: &str) -> bool {
    let value = line.split(" #").next().unwrap_or("").trim_end();
    let value = value.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    value.ends_with(['|', '>'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_brackets_and_tabs_behind_keys_become_spaces() {
        let cases = [
            ("a: [\n]\n", Some("a: [ ]\n")),
            ("a:\tb\n", Some("a: b\n")),
            ("a: [\n b, # é ]\n \"x\ny\"]\nb: 1\n", Some("a: [  b,         \"x y\"]\nb: 1\n")),
            ("a: |\n  [\n  x\nb: [\n]\n", Some("a: |\n  [\n  x\nb: [ ]\n")),
            ("a: x[\nb: 'it''s ['\nc: # [\n", None),
        ];
        for (text, wanted) in cases {
            let found = smoothed(text);
            assert_eq!(found.as_deref(), wanted, "{text}");
            assert!(found.is_none_or(|found| found.len() == text.len()));
        }
    }
}
