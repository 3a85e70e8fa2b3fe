//! The part of a file that is one document: all of it, or what stands below one heading.

use super::names::normalise;
use super::terms::Terms;
use crate::fact::File;
use crate::syntax::markdown::{BlockId, Document as Tree, Section};
use crate::text::{Span, Text};

/// What is around a document: where it lies, what else there is, which words name things.
#[derive(Clone, Copy)]
pub(super) struct Around<'d> {
    pub(super) file: &'d File<'d>,
    pub(super) terms: &'d Terms,
}

/// One document inside a file.
pub(super) struct Scope<'d> {
    pub(super) tree: &'d Tree<'d>,
    pub(super) around: Around<'d>,
    pub(super) title: Option<&'d Section>,
    /// Its sections, the title's left out.
    pub(super) sections: Vec<&'d Section>,
    /// Their normalised names.
    pub(super) names: Vec<String>,
    /// Its blocks: from the first to before the second.
    pub(super) blocks: (BlockId, BlockId),
    pub(super) span: Span,
    pub(super) whole: bool,
}

/// Sections that some write as headings of the first level, without any title above them.
const NO_TITLE: &[&str] = &["status", "context", "decision", "background", "summary", "overview", "changelog", "date"];

impl<'d> Scope<'d> {
    /// The whole file.
    pub(super) fn file(tree: &'d Tree<'d>, around: Around<'d>) -> Self {
        let sections = tree.sections();
        let title = sections.iter().find(|section| section.level == 1);
        let title = title.filter(|&section| {
            let several = sections.iter().filter(|other| other.level == 1).count() > 1;
            !(several && NO_TITLE.contains(&normalise(tree.section_title(section).as_str()).as_str()))
        });
        let kept = sections.iter().filter(|&section| Some(section) != title).collect();
        let end = tree.block_count();
        let span = Span::new(0, tree.source().len());
        Self::new(tree, around, title, kept, (tree.root().after(), end), span, true)
    }

    /// What stands below a heading.
    pub(super) fn section(tree: &'d Tree<'d>, around: Around<'d>, index: usize) -> Option<Self> {
        let title = tree.sections().get(index)?;
        let kept = tree.sections().get(index + 1..title.end as usize)?.iter().collect();
        let end = tree.sections().get(title.end as usize).map_or_else(|| tree.block_count(), |next| next.heading);
        Some(Self::new(tree, around, Some(title), kept, (title.heading.after(), end), title.span, false))
    }

    fn new(
        tree: &'d Tree<'d>,
        around: Around<'d>,
        title: Option<&'d Section>,
        sections: Vec<&'d Section>,
        blocks: (BlockId, BlockId),
        span: Span,
        whole: bool,
    ) -> Self {
        let names = sections.iter().map(|section| normalise(tree.section_title(section).as_str())).collect();
        Self { tree, around, title, sections, names, blocks, span, whole }
    }

    /// The title's words.
    pub(super) fn title_text(&self) -> Option<Text<'static>> {
        self.title.map(|title| self.tree.section_title(title))
    }

    /// All blocks of all depths.
    pub(super) fn all_blocks(&self) -> impl Iterator<Item = BlockId> + use<> {
        self.blocks.0.up_to(self.blocks.1)
    }

    /// The blocks before the second section: where header fields stand.
    pub(super) fn header_blocks(&self) -> impl Iterator<Item = BlockId> + use<> {
        let first = self.sections.first().map_or(6, |section| section.level);
        let second = self.sections.iter().skip(1).find(|section| section.level <= first);
        let end = second.map_or(self.blocks.1, |section| section.heading);
        self.blocks.0.up_to(end)
    }

    /// The blocks of a section before the next heading, at any depth.
    pub(super) fn own_blocks(&self, index: usize) -> impl Iterator<Item = BlockId> + use<> {
        let from = self.sections.get(index).map_or(self.blocks.1, |section| section.heading.after());
        let to = self.sections.get(index + 1).map_or(self.blocks.1, |next| next.heading);
        from.up_to(to)
    }

    /// The section that holds an offset, by its number in `sections`.
    pub(super) fn section_of(&self, offset: u32) -> Option<usize> {
        self.sections.partition_point(|section| section.span.start <= offset).checked_sub(1)
    }

    /// The names of a section and those around it, innermost first.
    pub(super) fn names_around(&self, index: usize) -> impl Iterator<Item = &str> {
        let mut current = self.sections.get(index).copied();
        std::iter::from_fn(move || {
            let section = current?;
            let at = self.sections.binary_search_by_key(&section.span.start, |other| other.span.start).ok()?;
            current = section.parent.and_then(|parent| self.tree.sections().get(parent as usize));
            self.names.get(at).map(String::as_str)
        })
    }
}
