//! Dollar signs that Compose cannot read: it refuses the file instead of taking them as they are.

use std::ops::Range;

/// What stands behind the name of a variable in braces.
const OPERATORS: [char; 3] = ['-', '?', '+'];

/// The parts of a value that begin with a dollar sign and are no variable, each with what is wrong.
pub(super) fn faults(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + next;
        let rest = &text[start + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            let length = name(after);
            let head = start + 2 + length;
            match after[length..].trim_start_matches(':').chars().next() {
                _ if length == 0 => found.push((start..head, "the variable here has no name")),
                Some('}') if after[length..].starts_with('}') => {}
                Some(c) if OPERATORS.contains(&c) && is_closed(after) => {}
                Some(c) if OPERATORS.contains(&c) => {
                    found.push((start..text.len(), "the variable here is never closed"))
                }
                None => found.push((start..text.len(), "the variable here is never closed")),
                Some(_) => found.push((start..head, "the name here is followed by no `:-`, `:?` or `:+`")),
            }
            // Defaults may hold other variables.
            at = head;
        } else if rest.starts_with('$') {
            at = start + 2;
        } else {
            let length = name(rest);
            if length == 0 {
                found.push((start..start + 1, "the `$` here stands alone"));
            }
            at = start + 1 + length;
        }
    }
    found
}

/// The length of the name that a text begins with.
fn name(text: &str) -> usize {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { end }
}

/// Whether the brace before a text is closed in it.
fn is_closed(text: &str) -> bool {
    let mut depth = 1usize;
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compose_reads_and_what_it_refuses() {
        for good in
            ["", "a", "$A", "${A}", "${A:-b}", "${A-}", "${A:?x y}", "${A:+${B:-c}}", "$$", "$${", "a$$1", "$_x"]
        {
            assert!(faults(good).is_empty(), "{good}");
        }
        let table = [
            ("${A", 0..3),
            ("x ${}", 2..4),
            ("${1A}", 0..2),
            ("${A B}", 0..3),
            ("${A:-${B}", 0..9),
            ("5$", 1..2),
            ("$1", 0..1),
            ("$ a", 0..1),
            ("${A:b}", 0..3),
            ("$$$", 2..3),
        ];
        for (bad, place) in table {
            let places: Vec<_> = faults(bad).into_iter().map(|(place, _)| place).collect();
            assert_eq!(places, [place], "{bad}");
        }
    }

    #[test]
    fn many_dollars_take_no_square_of_time() {
        assert_eq!(faults(&"$ ".repeat(200_000)).len(), 200_000);
        assert!(faults(&"${A:-".repeat(2_000)).len() > 1);
    }
}
