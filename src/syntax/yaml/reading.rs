//! What a scalar means as a boolean, a number or nothing; YAML 1.1 and 1.2 differ, so readers choose.

use super::NodeRef;

impl<'t> NodeRef<'t> {
    /// Whether it is nothing: an empty value, `~` or `null`.
    pub fn is_null(self) -> bool {
        match self.tag() {
            Some("!!null") => true,
            Some(_) => false,
            None => self.plain().is_some_and(is_null_word),
        }
    }

    /// A boolean of YAML 1.2's core schema.
    pub fn bool(self) -> Option<bool> {
        core_bool(self.bare()?)
    }

    /// A boolean as Kubernetes and Compose read it: YAML 1.1 with `yes`, `no`, `on` and `off`.
    pub fn bool_11(self) -> Option<bool> {
        let word = self.bare()?;
        core_bool(word).or(match word {
            "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
            "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
            _ => None,
        })
    }

    /// A whole number: decimal, `0x…`, `0o…`.
    pub fn int(self) -> Option<i64> {
        core_int(self.bare()?)
    }

    /// A whole number of YAML 1.1, where `010` is eight and `1_000` a thousand.
    pub fn int_11(self) -> Option<i64> {
        let word = self.bare()?;
        let joined = word.contains('_').then(|| word.replace('_', ""));
        let word = joined.as_deref().unwrap_or(word);
        let digits = word.trim_start_matches(['+', '-']);
        if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) {
            let sign = if word.starts_with('-') { -1 } else { 1 };
            return i64::from_str_radix(digits, 8).ok().map(|n| n * sign);
        }
        match digits.strip_prefix("0b") {
            Some(bits) => i64::from_str_radix(bits, 2).ok(),
            None => core_int(word),
        }
    }

    /// A plain scalar whose type no tag changes.
    fn bare(self) -> Option<&'t str> {
        let word = self.plain()?;
        matches!(self.tag(), None | Some("!!bool" | "!!int")).then_some(word)
    }
}

fn core_bool(word: &str) -> Option<bool> {
    match word {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn core_int(word: &str) -> Option<i64> {
    match word.as_bytes() {
        [b'0', b'x', ..] => i64::from_str_radix(&word[2..], 16).ok(),
        [b'0', b'o', ..] => i64::from_str_radix(&word[2..], 8).ok(),
        _ => word.parse().ok(),
    }
}

/// Whether an unquoted word stands for nothing.
pub fn is_null_word(word: &str) -> bool {
    matches!(word, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a value is filled in later: by a template, a shell, envsubst or an expression.
pub fn is_templated(value: &str) -> bool {
    let Some(first) = memchr::memchr3(b'{', b'$', b'<', value.as_bytes()) else { return false };
    let rest = &value[first..];
    ["{{", "{%", "${", "$(", "<%", "<<"].iter().any(|mark| rest.contains(mark))
}
