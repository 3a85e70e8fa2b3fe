//! What a report says of the rules behind its findings, as plain data.

use crate::diagnostic::Severity;

/// A rule as reports show it.
#[derive(Clone, Debug)]
pub struct RuleInfo<'a> {
    /// `pack/name`.
    pub id: &'a str,
    /// What is wrong when it fires.
    pub summary: &'a str,
    /// Why it exists.
    pub why: &'a str,
    /// What to do.
    pub help: &'a str,
    /// Unless a config says otherwise.
    pub severity: Severity,
    /// Whether it is on by default: what is not is in doubt more often.
    pub default: bool,
    /// Words to select it by; `cwe-NNN` names a weakness.
    pub tags: &'a [String],
    /// The peers' names.
    pub aliases: Vec<&'a str>,
}

impl<'a> RuleInfo<'a> {
    /// The weaknesses that its tags name.
    pub(super) fn weaknesses(&self) -> impl Iterator<Item = u32> + 'a {
        self.tags.iter().filter_map(|tag| weakness(tag))
    }

    /// Its tags without the weaknesses.
    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> + 'a {
        self.tags.iter().filter(|tag| weakness(tag).is_none()).map(String::as_str)
    }

    /// Whether it is about security.
    pub(super) fn is_security(&self) -> bool {
        self.tags.iter().any(|tag| tag == "security")
    }

    /// Whether it tells of secrets.
    pub(super) fn is_secret(&self) -> bool {
        self.tags.iter().any(|tag| tag == "secret")
    }
}

/// The number in `cwe-NNN`.
fn weakness(tag: &str) -> Option<u32> {
    tag.strip_prefix("cwe-")?.parse().ok()
}
