//! What we tell the user, as plain data: findings with places, and problems without.

use crate::text::Position;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How much a finding matters; ordered, `Error` being the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Info,
    /// A risk or a broken convention.
    Warning,
    /// A defect or a hole: mend it before merging.
    Error,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The word that config files and outputs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Severity::ALL.into_iter().find(|s| s.as_str() == text).ok_or(())
    }
}

/// Where something stands: from `start` to before `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Range {
    /// First character.
    pub start: Position,
    /// First character after it.
    pub end: Position,
}

/// A second place that explains a finding, perhaps in another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The file, relative to the project root.
    pub path: Arc<str>,
    /// Where in it.
    pub range: Range,
    /// What is to be seen there.
    pub message: String,
    /// The lines there, where a report for people may want them.
    pub excerpt: Option<Box<Excerpt>>,
}

/// Whether a fix may be written without being asked twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Keeps the meaning of the file.
    Safe,
    /// May change it.
    Unsafe,
}

/// One replacement in one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The file, relative to the project root.
    pub path: Arc<str>,
    /// What is replaced; empty to insert.
    pub range: Range,
    /// What stands there afterwards.
    pub text: String,
}

/// A way to mend a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, in a few words.
    pub title: String,
    /// Whether it is beyond doubt.
    pub safety: Safety,
    /// Whether it may make those of the same rule and subject needless, so that they wait until it is written.
    pub alone: bool,
    /// All of its edits; written together or not at all.
    pub edits: Vec<Edit>,
}

/// Source lines around a finding, cut from the file with every secret masked, so that reports need no file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    /// 1-based number of the first line.
    pub first_line: u32,
    /// The lines, joined by LF; long ones are cut to a window round the finding.
    pub text: String,
    /// The finding's bytes within `text`.
    pub highlight: std::ops::Range<usize>,
    /// Whether something was cut off on the left of the finding's first line.
    pub clipped: bool,
}

/// Why a finding does not count.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Suppressed {
    /// What suppresses it: `comment`, `config`, [`Suppressed::BASELINE`] or [`Suppressed::SINCE`].
    pub by: &'static str,
    /// The 1-based line of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The reason given there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Suppressed {
    /// A baseline file lists it.
    pub const BASELINE: &'static str = "baseline";
    /// It is older than the revision since which findings count.
    pub const SINCE: &'static str = "since";

    /// Whether nobody decided about it: it is only not new.
    pub fn is_known(&self) -> bool {
        [Self::BASELINE, Self::SINCE].contains(&self.by)
    }
}

/// How a finding stands to those that were there before: in a baseline file, or where a branch began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// It was not there.
    New,
    /// It was there.
    Unchanged,
}

/// The commit that brought what a finding is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Origin {
    /// Its name in full.
    pub id: String,
    /// When it was made, in UTC.
    pub date: String,
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The file, relative to the project root, with `/`.
    pub path: Arc<str>,
    /// Rule id, `pack/name`.
    pub rule: Arc<str>,
    /// The rule's variant that fired, where it has variants.
    pub variant: Option<Arc<str>>,
    /// The peers' names of this fault, as `tool/ID`.
    pub aliases: Arc<[String]>,
    /// After config.
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// What to do.
    pub help: Arc<str>,
    /// The words at fault.
    pub range: Range,
    /// The thing it is about, such as `stage/0` or `Pod/web container/app`.
    pub subject: Option<Arc<str>>,
    /// `markdown` when it stands in a fenced block.
    pub embedded_in: Option<&'static str>,
    /// Further places.
    pub related: Vec<Label>,
    /// How to mend it, where that is known.
    pub fix: Option<Fix>,
    /// Stable while lines move.
    pub fingerprint: String,
    /// Set when it does not count.
    pub suppressed: Option<Suppressed>,
    /// Whether it is new; set where findings are compared with earlier ones.
    pub baseline: Option<Baseline>,
    /// Set where history is looked at.
    pub origin: Option<Arc<Origin>>,
    /// Source lines; only cut where a report wants them.
    pub excerpt: Option<Excerpt>,
}

/// Whether a problem makes the run fail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Should have been linted and could not be.
    Failed,
    /// Left out for a reason that is no fault.
    Skipped,
}

/// Something that could not be checked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Problem {
    /// The file.
    pub path: Arc<str>,
    /// Failed or skipped.
    pub status: Status,
    /// A kebab-case word for machines: `unreadable`, `too-large`, `binary`, `too-deep` …
    pub kind: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl Problem {
    /// The kind of a note that nothing could be compared with an earlier revision.
    pub const NO_HISTORY: &'static str = "no-history";
    /// The same where nobody asked for it, though it could have been: a strict run does not mind.
    pub const NOT_ASKED: &'static str = "history-not-asked";
}
