//! How a rule's findings are mended, as its author wrote it.

use super::{Condition, Name};
use crate::diagnostic::Safety;
use crate::text::{Span, Spanned};
use serde::{Deserialize, Serialize};

/// One way to mend a finding; the first of a rule whose `when` holds is taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Where it stands.
    pub span: Span,
    /// When it is possible.
    pub when: Option<Condition>,
    /// What it does, in a few words.
    pub title: Name,
    /// Whether it is beyond doubt.
    pub safety: Option<Spanned<Safety>>,
    /// Whether one may make the next needless.
    pub alone: bool,
    /// What is changed, all of it or nothing; left out where a native check computes it.
    pub edits: Vec<Edit>,
}

/// One change of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Where it stands.
    pub span: Span,
    /// What is done.
    pub verb: Verb,
    /// To what: a field, `fault`, `self`, `extent`, a capture of a query.
    pub place: Name,
    /// The texts that it needs, with placeholders.
    pub texts: Vec<Name>,
    /// The keys that `set` goes through.
    pub keys: Option<Name>,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// Other words instead.
    #[default]
    Replace,
    /// Words before it.
    InsertBefore,
    /// Words behind it.
    InsertAfter,
    /// Words on both sides.
    Wrap,
    /// Away with the words, and with the blanks before them.
    Delete,
    /// Away with all of its lines, which hold nothing else.
    DeleteLine,
    /// Away with the entry of a mapping, or the item of a list, that it is in.
    DeleteEntry,
    /// All of its lines, which hold nothing else, become comments.
    CommentOut,
    /// A line of its own above it.
    LineBefore,
    /// A line of its own below it.
    LineAfter,
    /// A key of a mapping in YAML gets a value.
    Set,
    /// Exactly these bytes instead: what a native check computes.
    Exact,
}

impl Verb {
    /// All of them, by the words that rule files use, each with the number of its texts.
    pub const ALL: &'static [(&'static str, Verb, usize)] = &[
        ("replace", Verb::Replace, 1),
        ("insert-before", Verb::InsertBefore, 1),
        ("insert-after", Verb::InsertAfter, 1),
        ("wrap", Verb::Wrap, 2),
        ("delete", Verb::Delete, 0),
        ("delete-line", Verb::DeleteLine, 0),
        ("delete-entry", Verb::DeleteEntry, 0),
        ("comment-out", Verb::CommentOut, 0),
        ("line-before", Verb::LineBefore, 1),
        ("line-after", Verb::LineAfter, 1),
        ("set", Verb::Set, 1),
    ];
}
