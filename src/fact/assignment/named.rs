//! Values whose key stands beside them as a value, too: `name: X` and `value: …`.

use super::regions::Style;
use super::value::{Operator, Written, skip_blanks, value};
use std::ops::Range;

/// The key stands as the value of `name`: the value is that of the `value` beside it.
pub(super) fn named_value(text: &str, key: &Range<usize>, style: Style) -> Option<Written> {
    let bytes = text.as_bytes();
    let from = key.start.saturating_sub(24);
    let head = String::from_utf8_lossy(&bytes[from..key.start]).to_ascii_lowercase();
    let head = head.trim_end_matches(['"', '\'', ' ', '\\']);
    let head =
        head.strip_suffix([':', '=']).or_else(|| head.strip_suffix("=>"))?.trim_end_matches(['"', '\'', ' ', '\\']);
    let credential = &text[key.clone()] == "password" && style == Style::Source && head.ends_with("type");
    if !credential && !["name", "key", "parameterkey", "envname", "@name"].iter().any(|n| head.ends_with(n)) {
        return None;
    }
    let stop = bytes.len().min(key.end + 160);
    let window = String::from_utf8_lossy(&bytes[key.end..stop]).to_ascii_lowercase();
    let gap = window.find("value").or_else(|| window.find("default").map(|i| i + 2))?;
    let gap_end = gap + 5;
    let gap = if window[gap..].starts_with("value") { gap } else { gap - 2 };
    let between = &window[..gap];
    if !between.chars().all(|c| c.is_whitespace() || "\"',;\\@{}".contains(c) || c == '-')
        && !between.trim_start_matches(['"', '\'']).trim().starts_with('#')
    {
        return named_parameter(between, key.end + gap, text, style);
    }
    after_value_word(text, key.end + gap_end, style)
}

/// CloudFormation writes `ParameterKey=x,ParameterValue=y`.
fn named_parameter(between: &str, at: usize, text: &str, style: Style) -> Option<Written> {
    let bare = between.trim_matches(|c: char| c.is_whitespace() || "\"',".contains(c));
    (bare == "parameter").then(|| after_value_word(text, at + 5, style)).flatten()
}

fn after_value_word(text: &str, end: usize, style: Style) -> Option<Written> {
    let bytes = text.as_bytes();
    let mut at = end;
    while matches!(bytes.get(at), Some(b'"' | b'\'' | b'\\')) {
        at += 1;
    }
    at = skip_blanks(bytes, at);
    let operator = match bytes.get(at)? {
        b':' => Operator::Colon,
        b'=' => Operator::Equals,
        _ => return None,
    };
    value(text, at + 1, operator, style, None, false)
}
