//! Variables of scripts and makefiles that have one value in the whole file.

/// Variables within variables are followed this far.
const DEPTH: usize = 4;

/// A text with its variables replaced; nothing where one has no value, or several.
pub(super) fn expand(word: &str, text: &str) -> Option<String> {
    let mut word = word.to_owned();
    for _ in 0..DEPTH {
        let Some(at) = word.find('$') else { return Some(word) };
        let (name, end) = name(&word[at..])?;
        let value = value(name, text)?;
        word = format!("{}{value}{}", &word[..at], &word[at + end..]);
    }
    (!word.contains('$')).then_some(word)
}

/// The name behind a `$`, and where it ends: `$NAME`, `${NAME}`, `$(NAME)`.
fn name(text: &str) -> Option<(&str, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = text.strip_prefix('$')?;
    let (open, rest) = match rest.strip_prefix(['{', '(']) {
        Some(inner) => (1, inner),
        None => (0, rest),
    };
    let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let closed = open == 0 || rest[len..].starts_with(['}', ')']);
    (closed && len > 0).then(|| (&rest[..len], 1 + open * 2 + len))
}

/// What a variable is set to, if that is said once.
fn value<'t>(name: &str, text: &'t str) -> Option<&'t str> {
    let mut found = None;
    for line in text.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").or_else(|| line.strip_prefix("readonly ")).unwrap_or(line);
        let Some(rest) = line.strip_prefix(name) else { continue };
        let rest = rest.trim_start_matches([' ', '\t']);
        let Some(given) = ["?=", ":=", "=", ": "].iter().find_map(|sign| rest.strip_prefix(sign)) else { continue };
        let given = given.split(" #").next().unwrap_or(given).trim().trim_end_matches(';');
        let bare = given.trim_matches(['"', '\'']);
        if found.is_some_and(|other| other != bare) || bare.contains([' ', '`']) {
            return None;
        }
        found = Some(bare);
    }
    found.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_once_counts() {
        let text = "A = acme\nexport B=$(A)/web # the image\nC := x\nC := y\nD=$(cat x)\n";
        for (word, expanded) in [
            ("$(B):1", Some("acme/web:1")),
            ("${A}$B", Some("acmeacme/web")),
            ("plain", Some("plain")),
            ("$C", None),
            ("$D", None),
            ("$E", None),
            ("${A:-b}", None),
            ("$", None),
        ] {
            assert_eq!(expand(word, text).as_deref(), expanded, "{word}");
        }
        assert_eq!(expand("$A", "A=$A\n"), None);
    }
}
