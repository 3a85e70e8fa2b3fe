//! Unquoted words that readers of YAML 1.1 take for booleans or numbers.

/// What an unquoted word is to readers of YAML 1.1, and whether only to them.
pub fn reads_as(word: &str) -> Option<(&'static str, bool)> {
    if let Some(old) = is_boolean(word) {
        return Some(("boolean", old));
    }
    let digits = word.trim_start_matches(['+', '-']);
    if word.len() - digits.len() > 1 || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    number(digits)
}

/// Whether a word is a boolean, and if so whether only for old readers; in one case or capitalised.
fn is_boolean(word: &str) -> Option<bool> {
    // Every plain key and value is asked, and nearly all are longer.
    if word.len() > "false".len() {
        return None;
    }
    let is = |known: &&str| word.eq_ignore_ascii_case(known);
    let old = ["yes", "no", "on", "off", "y", "n"].iter().any(is);
    let one_case = || {
        let small = word.bytes().all(|b| b.is_ascii_lowercase());
        small || word.bytes().all(|b| b.is_ascii_uppercase()) || is_capitalised(word)
    };
    ((old || ["true", "false"].iter().any(is)) && one_case()).then_some(old)
}

fn number(word: &str) -> Option<(&'static str, bool)> {
    let decimal = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let plain = word.replace('_', "");
    if decimal(&plain) {
        let octal = plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|b| b < b'8');
        return Some(("number", octal || plain != word));
    }
    let hex =
        plain.strip_prefix("0x").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let octal = plain
        .strip_prefix("0o")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| (b'0'..b'8').contains(&b)));
    if hex || octal {
        return Some(("number", false));
    }
    let parts: Vec<&str> = word.split(':').collect();
    let sixty = |part: &&str| decimal(part) && part.len() <= 2 && part.parse::<u32>().is_ok_and(|n| n < 60);
    if parts.len() > 1 && parts[1..].iter().all(sixty) && decimal(parts[0]) && parts[0].len() <= 2 {
        return Some(("number", true));
    }
    let (mantissa, exponent) = plain.split_once(['e', 'E']).map_or((plain.as_str(), None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let point = mantissa.contains('.');
    let good =
        (decimal(whole) || whole.is_empty() && !fraction.is_empty()) && (fraction.is_empty() || decimal(fraction));
    match exponent {
        None => (good && point).then_some(("number", plain != word)),
        Some(exponent) => {
            let exponent = exponent.trim_start_matches(['+', '-']);
            (good && decimal(exponent)).then_some(("number", !point || plain != word))
        }
    }
}

fn is_capitalised(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase()) && chars.all(|c| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_old_readers_misread() {
        for word in ["yes", "No", "OFF", "y", "0777", "12:30", "1e3", "1_000", "190:20"] {
            let expected = word != "190:20";
            assert_eq!(reads_as(word).is_some_and(|(_, old)| old), expected, "{word}");
        }
        for word in ["true", "False", "8080", "1.5", "0x1F", "-3", "1.5e3"] {
            assert_eq!(reads_as(word).map(|(_, old)| old), Some(false), "{word}");
        }
        for word in ["", "yEs", "1.2.3", "v1", "a:b", "22:99", "1e", ".", "-", "e3", "12:30:x", "2024-01-01", "1Gi"] {
            assert_eq!(reads_as(word), None, "{word}");
        }
        assert_eq!(reads_as("089"), Some(("number", false)));
    }
}
