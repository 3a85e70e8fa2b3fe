//! What would mend a relation between files: texts that belong at places of one of them.

use crate::diagnostic::Range;
use crate::fact::summary::Place;
use crate::text::Source;
use std::sync::Arc;

/// A text that belongs at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The file.
    pub path: Arc<str>,
    /// What it replaces; empty to insert.
    pub range: Range,
    /// The text; its lines end with LF, whatever those of the file do.
    pub text: String,
}

impl Remedy {
    /// Other words at a place.
    pub(super) fn replace(place: &Place, text: String) -> Self {
        Self { path: place.path.clone(), range: place.range, text }
    }

    /// Words behind a place.
    pub(super) fn behind(place: &Place, text: String) -> Self {
        let end = place.range.end;
        Self { path: place.path.clone(), range: Range { start: end, end }, text }
    }

    /// Lines at the end of a file that says `text`.
    pub(super) fn append(path: &Arc<str>, text: &str, lines: &[String]) -> Self {
        let end = Source::new(text).position(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let open = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let text = format!("{open}{}\n", lines.join("\n"));
        Self { path: path.clone(), range: Range { start: end, end }, text }
    }
}
