//! What a stage has done so far, as far as later instructions are judged by it.

use crate::text::{Span, Spanned};

/// Most copies and archives that are remembered of one stage.
const MOST: usize = 200;

/// The past of the stage that is walked.
#[derive(Default)]
pub(super) struct Memory {
    /// Archives that COPY has brought in: where they lie, and its keyword.
    pub(super) archives: Vec<(String, Span)>,
    /// The RUN just before: its flags, and how many commands it has.
    pub(super) last_run: Option<(String, usize)>,
    /// Where the COPY just before has put files.
    pub(super) last_copy: Option<String>,
    /// Its keyword, where it is a plain COPY of a single source that has no such flag yet.
    pub(super) copy_keyword: Option<Spanned<String>>,
    /// A lock file of npm has been copied in by name.
    pub(super) has_lock_file: bool,
    /// wget or curl, whichever came first.
    pub(super) downloader: Option<&'static str>,
    /// The same in what ONBUILD runs.
    pub(super) trigger_downloader: Option<&'static str>,
    /// Something has been built, perhaps packages to install.
    pub(super) has_built: bool,
    /// The end of the instruction before: comments behind it belong to the next.
    pub(super) end: u32,
}

impl Memory {
    /// Remembers an archive.
    pub(super) fn archive(&mut self, path: String, copy: Span) {
        if self.archives.len() < MOST {
            self.archives.push((path, copy));
        }
    }

    /// The COPY of the archive that a word of a command names: by its whole path, or from within its folder.
    pub(super) fn archive_named(&self, word: &str) -> Option<Span> {
        let base = |path: &str| path.rsplit('/').next().unwrap_or("").to_owned();
        let relative = !word.starts_with('/');
        let same = |(path, _): &&(String, Span)| {
            let bare = path.trim_start_matches("./") == word.trim_start_matches("./");
            bare || ((relative || !path.starts_with('/')) && base(path) == base(word))
        };
        self.archives.iter().find(same).map(|(_, copy)| *copy)
    }

    /// Whether what was copied just before lies at or below this path.
    pub(super) fn copied_to(&self, path: &str) -> bool {
        let trimmed = |path: &str| path.trim_end_matches(['/', '*']).to_owned();
        self.last_copy.as_deref().is_some_and(|last| !path.is_empty() && trimmed(last) == trimmed(path))
    }
}
