//! Other tools' suppression comments: each silences, through the aliases, what its own tool would not have said.

mod annotation;
mod comment;
mod line;
mod markdown;
mod toggle;

pub(super) use annotation::read as annotation;
pub(super) use comment::read;
pub(super) use line::find as lines;
pub(super) use markdown::{Said, read as markdownlint};
pub(super) use toggle::{Act, Toggles, yamllint};

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use jiff::civil::Date;
use std::sync::OnceLock;

/// What every one of these comments holds one of, in lower case.
const MARKERS: [&str; 25] = [
    "hadolint",
    "check=",
    "check =",
    "tally ",
    "shellcheck ",
    "trivy:ignore",
    "tfsec:ignore",
    "checkov",
    "bridgecrew",
    "cortex",
    "kube-linter.io",
    "zizmor:",
    "gitleaks:allow",
    "betterleaks:allow",
    "pragma: allowlist",
    "pragma:allowlist",
    "pragma: whitelist",
    "trufflehog:ignore",
    "nosemgrep",
    "ast-grep-ignore",
    "yamllint ",
    "markdownlint-",
    "rumdl-",
    "dclint ",
    "secretlint-",
];

/// Whether a text may hold a peer's comment.
pub(super) fn are_in(text: &str) -> bool {
    static FOUND: OnceLock<Option<Searcher>> = OnceLock::new();
    // Vectors look for words as they are written: lowering the text first is cheap beside looking for both cases.
    match FOUND.get_or_init(|| Searcher::new(MARKERS)) {
        Some(markers) => markers.find(text.to_ascii_lowercase()).is_some(),
        None => are_in_slowly(text),
    }
}

/// The same where the processor has no vectors.
fn are_in_slowly(text: &str) -> bool {
    static FOUND: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let build = || AhoCorasick::builder().ascii_case_insensitive(true).build(MARKERS).ok();
    FOUND.get_or_init(build).as_ref().is_some_and(|markers| markers.is_match(text))
}

/// What a comment of a peer silences.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// Tools whose names these are: `hadolint`, `docker` …
    pub(super) tools: &'static [&'static str],
    pub(super) ids: Ids,
    pub(super) over: Over,
    pub(super) reason: Option<String>,
    /// The last day on which it counts.
    pub(super) until: Option<Date>,
}

/// Which of a tool's rules.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ids {
    /// All of them.
    All,
    /// All of them, and every secret.
    Secrets,
    /// These.
    Named(Vec<String>),
}

/// Which lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// What a comment of ours would cover.
    Own,
    /// The instruction that begins on the very next line.
    Following,
    /// The build stage that begins on the very next line.
    Stage,
    /// The file, or the snippet that it stands in.
    File,
    /// Its line.
    Line,
    /// The next line.
    NextLine,
    /// The object, step or job that it stands in.
    Block,
    /// The step that it stands in, or what begins on its line.
    Step,
}

impl Asked {
    pub(super) fn new(tools: &'static [&'static str], ids: Ids, over: Over) -> Self {
        Self { tools, ids, over, reason: None, until: None }
    }

    fn because(mut self, reason: &str) -> Self {
        let reason = reason.trim().trim_start_matches(['#', ':', '-', ';']).trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self
    }
}

/// Names separated by commas or blanks.
fn names(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c == ',' || c.is_whitespace());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
