//! Numbers with a comparison and a unit, as tables of targets write them: `99.9%`, `< 500ms`, `≥ 1,000 req/s`.

use regex::Regex;
use std::sync::LazyLock;

static MEASURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?P<sign><=|>=|=<|=>|<|>|≤|≥|=|~|≈)?\s*(?P<number>\d[\d,_]*(?:\.\d+)?)\s*(?P<unit>%|[A-Za-zµμ]+(?:/[A-Za-z]+)?)?").ok()
});

/// A number with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measure {
    /// -1 for "less than", 1 for "more than", 0 for neither.
    pub(super) sign: i8,
    /// In the base of its unit: seconds, bytes, a share of 1.
    pub(super) value: f64,
    /// What it counts: `time`, `share`, `size`, or the unit as written.
    pub(super) unit: String,
}

/// The measure that a cell begins with.
pub(super) fn measure(text: &str) -> Option<Measure> {
    let words = text.trim_start();
    let (said, rest) = worded(words);
    let found = MEASURE.as_ref()?.captures(rest)?;
    let number: f64 = found.name("number")?.as_str().replace([',', '_'], "").parse().ok()?;
    let sign = match found.name("sign").map(|sign| sign.as_str()) {
        Some("<" | "<=" | "=<" | "≤") => -1,
        Some(">" | ">=" | "=>" | "≥") => 1,
        _ => said,
    };
    let (factor, unit) = scale(found.name("unit").map_or("", |unit| unit.as_str()));
    Some(Measure { sign, value: number * factor, unit })
}

/// `below`, `at least` and the like before the number.
fn worded(text: &str) -> (i8, &str) {
    const WORDS: [(&str, i8); 12] = [
        ("less than", -1),
        ("below", -1),
        ("under", -1),
        ("at most", -1),
        ("up to", -1),
        ("max", -1),
        ("more than", 1),
        ("above", 1),
        ("over", 1),
        ("at least", 1),
        ("min", 1),
        ("exceeds", 1),
    ];
    let lower = text.to_lowercase();
    for (word, sign) in WORDS {
        if lower.starts_with(word) && text.is_char_boundary(word.len()) {
            return (sign, text[word.len()..].trim_start_matches([':', '.', ' ']));
        }
    }
    (0, text)
}

fn scale(unit: &str) -> (f64, String) {
    let (factor, base) = match unit {
        "%" | "percent" => (0.01, "share"),
        "ns" => (1e-9, "time"),
        "us" | "µs" | "μs" => (1e-6, "time"),
        "ms" | "msec" | "milliseconds" => (1e-3, "time"),
        "s" | "sec" | "secs" | "second" | "seconds" => (1.0, "time"),
        "m" | "min" | "mins" | "minute" | "minutes" => (60.0, "time"),
        "h" | "hr" | "hrs" | "hour" | "hours" => (3600.0, "time"),
        "d" | "day" | "days" => (86_400.0, "time"),
        "KB" | "kB" => (1e3, "size"),
        "MB" => (1e6, "size"),
        "GB" => (1e9, "size"),
        "KiB" | "Ki" => (1024.0, "size"),
        "MiB" | "Mi" => (1_048_576.0, "size"),
        "GiB" | "Gi" => (1_073_741_824.0, "size"),
        other => return (1.0, other.to_lowercase()),
    };
    (factor, base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_have_a_sign_a_value_and_a_unit() {
        let cases = [
            ("99.9%", 0, 0.999, "share"),
            ("< 500ms", -1, 0.5, "time"),
            ("≥ 1,000 req/s", 1, 1000.0, "req/s"),
            ("below 2 s", -1, 2.0, "time"),
            ("at least 3", 1, 3.0, ""),
        ];
        for (text, sign, value, unit) in cases {
            let found = measure(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.sign, found.unit.as_str()), (sign, unit), "{text}");
            assert!((found.value - value).abs() < 1e-9, "{text}: {}", found.value);
        }
        for text in ["", "fast", "TBD", "see SLO"] {
            assert_eq!(measure(text), None, "{text}");
        }
    }
}
