//! Durations as people write them: `2h`, `2-4 hours`, `1 day`, `1.5d`, `30 min`, `1h 30m`.

/// The shorter and the longer end in hours; a day has 8, a week 40. None if it is anything else.
pub fn hours(text: &str) -> Option<(f64, f64)> {
    let text = text.trim().trim_end_matches('.');
    let mut rest = strip_approximate(text);
    let mut ends: Vec<(f64, Option<f64>)> = Vec::new();
    loop {
        let (number, after) = number(rest)?;
        let (unit, after) = unit(after);
        ends.push((number, unit));
        rest = after.trim_start();
        if rest.is_empty() || rest.starts_with(['(', ',', ';']) {
            break;
        }
        if ends.len() == 4 {
            return None;
        }
        let Some(next) = strip_range(rest) else {
            return compound(&ends, rest);
        };
        rest = next;
    }
    match ends[..] {
        [(value, Some(unit))] => Some((value * unit, value * unit)),
        [(from, unit), (to, Some(last))] => Some(ordered(from * unit.unwrap_or(last), to * last)),
        _ => None,
    }
}

/// `1h 30m`: what follows has a smaller unit.
fn compound(ends: &[(f64, Option<f64>)], rest: &str) -> Option<(f64, f64)> {
    let [(value, Some(first))] = *ends else { return None };
    let (more, after) = number(rest)?;
    let (Some(second), after) = unit(after) else { return None };
    let total = value * first + more * second;
    (second < first && after.trim().is_empty()).then_some((total, total))
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

fn strip_approximate(text: &str) -> &str {
    let mut text = text.trim_start_matches(['~', '≈', '<', '>', '≤', '≥']).trim_start();
    for word in ["approximately", "approx.", "approx", "about", "around", "ca.", "circa", "up to", "max."] {
        let head = text.get(..word.len()).unwrap_or("");
        if head.eq_ignore_ascii_case(word) {
            text = text[word.len()..].trim_start();
        }
    }
    text
}

fn strip_range(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['-', '–', '—']).or_else(|| text.strip_prefix("to "));
    rest.map(str::trim_start)
}

fn number(text: &str) -> Option<(f64, &str)> {
    let len = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (digits, rest) = text.split_at(len);
    if let Some(half) = rest.strip_prefix('½') {
        let whole: f64 = if digits.is_empty() { 0.0 } else { digits.parse().ok()? };
        return Some((whole + 0.5, half));
    }
    Some((digits.parse().ok()?, rest))
}

/// The unit in hours.
fn unit(text: &str) -> (Option<f64>, &str) {
    let trimmed = text.trim_start_matches([' ', '\u{a0}', '-']);
    let len = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (word, rest) = trimmed.split_at(len);
    let hours = match word.to_ascii_lowercase().as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" => 1.0 / 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 1.0,
        "d" | "day" | "days" => 8.0,
        "w" | "wk" | "week" | "weeks" => 40.0,
        _ => return (None, text),
    };
    (Some(hours), rest.strip_prefix("(s)").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_hours() {
        let cases = [
            ("2h", Some((2.0, 2.0))),
            ("2-4 hours", Some((2.0, 4.0))),
            ("2 – 4 h", Some((2.0, 4.0))),
            ("4 to 6 hours", Some((4.0, 6.0))),
            ("1 day", Some((8.0, 8.0))),
            ("1.5d", Some((12.0, 12.0))),
            ("30 min", Some((0.5, 0.5))),
            ("4 hours - 1 day", Some((4.0, 8.0))),
            ("~3 hours (with review)", Some((3.0, 3.0))),
            ("approx. 3 hrs.", Some((3.0, 3.0))),
            ("1h 30m", Some((1.5, 1.5))),
            ("½ day", Some((4.0, 4.0))),
            ("2 hour(s)", Some((2.0, 2.0))),
            ("2", None),
            ("medium", None),
            ("2 people", None),
            ("{hours/days}", None),
            ("", None),
            ("2-4", None),
            ("1-2-3 h", None),
            ("2 hours of work", None),
        ];
        for (text, expected) in cases {
            assert_eq!(hours(text), expected, "{text}");
        }
    }
}
