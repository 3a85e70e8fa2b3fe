//! Variables in Compose files: defaults are put in, what remains is unknown.

use crate::fact::value::Field;

/// Nested defaults that are followed.
const MAX_NESTED: usize = 8;

/// A value after interpolation: variables without a default stay as `${NAME}`.
pub(super) fn expand(text: &str) -> String {
    resolve(text).0
}

/// A value after interpolation, and whether a variable remains.
fn resolve(text: &str) -> (String, bool) {
    let mut value = text.to_owned();
    for _ in 0..MAX_NESTED {
        let (next, again) = pass(&value);
        value = next;
        if !again {
            break;
        }
    }
    let remains = value.contains("${");
    (value.replace(DOLLAR, "$"), remains)
}

/// Stands for `$$` until all variables are replaced.
const DOLLAR: char = '\u{1}';

/// A text field after interpolation; unknown where a variable without a default remains.
pub(super) fn field(field: Field<String>) -> Field<String> {
    match field {
        Field::Known(text) => settle(&text.value, text.span),
        // The reader takes `${…}` for undecidable; here defaults may decide.
        Field::Unknown(text) if text.value.contains('$') && !text.value.contains("{{") => {
            settle(text.value.trim_matches(['"', '\'']), text.span)
        }
        other => other,
    }
}

fn settle(text: &str, span: crate::text::Span) -> Field<String> {
    match resolve(text) {
        (_, true) => Field::unknown(text, span),
        (value, false) => Field::new(value, span),
    }
}

/// One round; also whether defaults were put in that may hold variables themselves.
fn pass(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut again = false;
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push(DOLLAR);
            rest = after;
        } else if rest.starts_with('{') {
            let Some(end) = closing(rest) else {
                out.push('$');
                continue;
            };
            match default(&rest[1..end]) {
                Some(value) => {
                    again |= value.contains('$');
                    out.push_str(value);
                }
                None => out.push_str(&format!("${{{}}}", name(&rest[1..end]))),
            }
            rest = &rest[end + 1..];
        } else {
            let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            match rest[..len].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                true => out.push_str(&format!("${{{}}}", &rest[..len])),
                false => out.push_str(&format!("${}", &rest[..len])),
            }
            rest = &rest[len..];
        }
    }
    out.push_str(rest);
    (out, again)
}

/// The brace that ends `{…}`, nested ones left out.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn name(inner: &str) -> &str {
    &inner[..inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len())]
}

/// What follows `:-` or `-`.
fn default(inner: &str) -> Option<&str> {
    let rest = &inner[name(inner).len()..];
    rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn defaults_are_put_in() {
        assert_eq!(expand("a:${TAG:-latest}"), "a:latest");
        assert_eq!(expand("${A-${B:-c}}"), "c");
        assert_eq!(expand("$A/${B}${C:?no}"), "${A}/${B}${C}");
        assert_eq!(expand("$$A ${D:-$$}"), "$A $");
        assert_eq!(expand("${open"), "${open");
        assert_eq!(expand("5$"), "5$");
    }

    #[test]
    fn what_remains_is_unknown() {
        let of = |text: &str| field(Field::unknown(text, Span::default()));
        assert_eq!(of("\"${A:-x}\"").known().map(String::as_str), Some("x"));
        assert!(of("${A}").is_unknown() && of("$A").is_unknown());
        assert_eq!(of("pa$$word").known().map(String::as_str), Some("pa$word"));
        assert_eq!(of("$${A}").known().map(String::as_str), Some("${A}"));
    }
}
