//! Words for people where a value would stand: translations, types, names of fields.

use super::regions::Style;
use crate::fact::secret::{Context, Verdict, judge};

/// Words for people: `"password": "Passwort"` in a translation, a type, a name of a field.
pub(super) fn is_label(name: &str, raw: &str, style: Style, quoted: bool, account: bool) -> bool {
    let letters = raw.chars().all(char::is_alphabetic);
    let capitalised = raw.starts_with(char::is_uppercase) && raw.chars().skip(1).all(char::is_lowercase);
    let source = style == Style::Source || style == Style::Prose;
    let same = name.eq_ignore_ascii_case(raw);
    if account {
        return same || capitalised;
    }
    (letters && capitalised && (same || source))
        || (source && letters && !is_known_weak(raw))
        || (source && quoted && !raw.is_ascii() && !raw.bytes().any(|b| b.is_ascii_digit()))
}

fn is_known_weak(raw: &str) -> bool {
    judge(raw, Context::password(None)) == Verdict::Weak
}
