//! A secret that can be kept, compared and counted, but not printed.

use super::weak::is_weak;
use super::words::WordSet;
use crate::fact::value::{Fact, Item, Type, Value};
use crate::text::Span;
use std::borrow::Cow;
use std::fmt;

/// A secret value. It prints as a known provider prefix of at most four characters and `…`, or as
/// `…` alone; the value itself is reached only by [`Redacted::expose`].
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Redacted {
    value: Box<str>,
    shown: Cow<'static, str>,
}

impl Redacted {
    /// Takes a value out of sight.
    pub fn new(value: impl Into<Box<str>>) -> Self {
        let value = value.into();
        let shown = match known_prefix(&value) {
            "" => "…".into(),
            prefix => format!("{prefix}…").into(),
        };
        Self { value, shown }
    }

    /// The value itself: for judging, hashing and masking, never for output.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// The form that may be shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl serde::Serialize for Redacted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

impl Fact for Redacted {
    fn ty() -> Type {
        Type::Secret
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Secret(&self.shown))
    }
}

/// Beginnings that say whose token it is and nothing of the token.
static PREFIXES: WordSet = WordSet::new(
    "github_pat_ ghp_ gho_ ghu_ ghs_ ghr_ glpat- gldt- glrt- glptt- glcbt- AKIA ASIA ABIA ACCA AIza xoxb- xoxp- \
     xoxa- xoxr- xoxs- xoxc- xoxd- xoxe xapp- sk_live_ sk_test_ rk_live_ rk_test_ npm_ pypi- sk-ant- sk-proj- sk- \
     SG. dop_v1_ doo_v1_ dor_v1_ dckr_pat_ dckr_oat_ hf_ hvs. hvb. eyJ glsa_ glc_ shpat_ shpss_ shpca_ shppa_ dapi \
     figd_ lin_api_ ntn_ pul- tskey- xai- gsk_ r8_ sntrys_ sntryu_ squ_ sqp_ sqa_ rubygems_ PMAK- NRAK- \
     AGE-SECRET-KEY- ops_ LTAI doppler dp.pt. EAAA ATATT3 HRKU- sbp_ pplx- key- CCIPAT_ whsec_ dt0c01. nvapi-",
);

/// The provider's prefix of a token, cut to four characters; empty where none is known.
pub fn known_prefix(value: &str) -> &'static str {
    let Some(prefix) = PREFIXES.beginnings(value).next() else { return "" };
    // The prefix is public, but a token that is little more than its prefix is not.
    if value.len() < prefix.len() + 8 {
        return "";
    }
    prefix.get(..4).unwrap_or(prefix)
}

/// A text with the given spans of it masked. `base` is where the text begins in the file, so that
/// an excerpt can be masked with the file's spans.
pub fn mask_spans(text: &str, base: usize, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut sorted: Vec<_> = spans.iter().map(|s| s.range()).filter(|r| !r.is_empty()).collect();
    sorted.sort_by_key(|r| (r.start, r.end));
    for range in sorted {
        let start = floor(text, range.start.saturating_sub(base)).max(at);
        let end = ceil(text, range.end.saturating_sub(base));
        if range.end <= base || start >= text.len() || end <= start {
            continue;
        }
        out.push_str(&text[at..start]);
        // A value that an excerpt cuts is not recognised by its tail.
        let whole = range.start >= base;
        out.push_str(if whole { known_prefix(&text[start..end]) } else { "" });
        out.push('…');
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

fn ceil(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (at..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len())
}

/// A text in which every occurrence of the values is masked, the longest first: for messages, and
/// for whatever else quotes a file that holds secrets. Values under four bytes would mask words of
/// the sentence itself and are left to [`mask_spans`].
pub fn mask_values<'a>(text: &str, values: impl IntoIterator<Item = &'a Redacted>) -> String {
    let mut known: Vec<&Redacted> = values.into_iter().filter(|v| v.expose().len() >= 4).collect();
    known.sort_by_key(|v| std::cmp::Reverse(v.expose().len()));
    known.dedup();
    let mut out = text.to_owned();
    for value in known {
        out = hide(&out, value.expose(), value.shown());
    }
    out
}

/// A text in which a value is replaced by what may be shown of it. A weak password is a word like others:
/// hiding `admin` within `adminPassword` would spoil the sentence and hide nothing.
pub fn hide(text: &str, value: &str, shown: &str) -> String {
    if value.is_empty() || !text.contains(value) {
        return text.to_owned();
    }
    if !is_weak(value, None) {
        return text.replace(value, shown);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    for (start, found) in text.match_indices(value) {
        let end = start + found.len();
        out.push_str(&text[at..start]);
        let inside = touches(text[..start].chars().next_back()) || touches(text[end..].chars().next());
        out.push_str(if inside { found } else { shown });
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::*;

    #[test]
    fn no_way_of_printing_shows_the_value() {
        let token = expand("@@github-token@@");
        let secret = Redacted::new(token.as_str());
        let all = format!("{secret} {secret:?} {:#?} {}", Some(&secret), serde_json::to_string(&secret).unwrap());
        assert!(!all.contains(&token[4..]));
        assert_eq!(format!("{secret}"), "ghp_…");
        assert_eq!(Redacted::new("hunter2").to_string(), "…");
        assert_eq!(Redacted::new("sk-short").to_string(), "…");
        assert_eq!(secret.expose(), token);
    }

    #[test]
    fn spans_are_masked_wherever_the_excerpt_begins() {
        let text = "password: hunter2 # é";
        assert_eq!(mask_spans(text, 0, &[Span::new(10, 17)]), "password: … # é");
        assert_eq!(mask_spans(&text[12..], 12, &[Span::new(10, 17)]), "… # é");
        assert_eq!(mask_spans(&text[..12], 0, &[Span::new(10, 17)]), "password: …");
        assert_eq!(mask_spans(text, 100, &[Span::new(10, 17)]), text);
        assert_eq!(mask_spans(text, 0, &[Span::new(10, 14), Span::new(12, 17), Span::new(20, 21)]), "password: …… # …");
        assert_eq!(mask_spans(text, 0, &[]), text);
    }

    #[test]
    fn values_are_masked_longest_first() {
        let values = [Redacted::new("hunter2"), Redacted::new("hunter2hunter2"), Redacted::new("a")];
        assert_eq!(mask_values("a hunter2hunter2 and -phunter2", &values), "a … and -p…");
        assert_eq!(mask_values("adminPassword is admin", &[Redacted::new("admin")]), "adminPassword is …");
    }
}
