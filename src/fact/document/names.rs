//! Names to compare: headings, field names, column heads.

/// Lower case, without numbering, emoji, quotes, a trailing colon; `&` is `and`, blanks are single.
pub fn normalise(text: &str) -> String {
    let (_, rest) = split_number(text.trim_start_matches(is_decoration));
    let rest = rest.trim_matches(is_decoration).trim_end_matches([':', '.', '?', '!']).trim_matches(is_decoration);
    let mut out = String::with_capacity(rest.len());
    for word in rest.split(|c: char| c.is_whitespace() || c == '_' || c == '\u{200b}') {
        let word = if word == "&" { "and" } else { word.trim_matches(is_emoji) };
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
    }
    out
}

/// The numbering before a heading (`2.`, `2.1`, `3)`, `IV.`) and what follows it.
pub(super) fn split_number(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_start();
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = text.split_at(len);
    let number = number.trim_end_matches('.');
    let marked = number.contains('.') || text[..len].ends_with('.') || rest.starts_with([')', ':']);
    let rest = rest.trim_start_matches([')', ':']);
    let starts_word = rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
    if number.starts_with(|c: char| c.is_ascii_digit()) && starts_word && (marked || is_short_number(number, rest)) {
        return (Some(number), rest.trim_start());
    }
    (None, text)
}

/// `3 Overview` is numbered; `5 phases` and `100 users` are not told from it but by the capital.
fn is_short_number(number: &str, rest: &str) -> bool {
    number.len() <= 2 && rest.trim_start().starts_with(char::is_uppercase)
}

/// Pictures and their modifiers, not letters of any script.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x2190..=0x21ff | 0x2300..=0x27bf | 0x2900..=0x2bff | 0xfe00..=0xfe0f | 0x1f000..=0x1faff | 0x200d | 0x20e3 | 0xe0020..=0xe007f)
}

fn is_decoration(c: char) -> bool {
    c.is_whitespace() || is_emoji(c) || matches!(c, '*' | '_' | '`' | '"' | '\'' | '“' | '”' | '#' | '•' | '·')
}

/// The words of a text: runs without blanks that hold a letter or a digit.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_compare_without_dress() {
        let cases = [
            ("2.1 Monitoring & Logging:", "monitoring and logging"),
            ("📋 **Status**", "status"),
            ("3) Decision", "decision"),
            ("1. Title", "title"),
            ("4 Overview", "overview"),
            ("5 phases", "5 phases"),
            ("Pros  and Cons", "pros and cons"),
            ("depends_on", "depends on"),
            ("✅ Success Criteria ✅", "success criteria"),
            ("What’s next?", "what's next"),
            ("2024-01-01 Meeting", "2024-01-01 meeting"),
            ("1.", "1"),
            ("", ""),
            ("日本語", "日本語"),
        ];
        for (text, expected) in cases {
            assert_eq!(normalise(text), expected, "{text}");
        }
        assert_eq!(split_number("2.1 X"), (Some("2.1"), "X"));
        assert_eq!(split_number("v2 X"), (None, "v2 X"));
    }
}
