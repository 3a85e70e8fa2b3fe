//! The tree of headings.

use super::arena::{Block, BlockId, BlockKind, Document};
use crate::text::{Span, Text};

/// A heading and what stands below it, its subsections included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Section {
    /// The heading.
    pub heading: BlockId,
    /// The heading's level, 1 to 6.
    pub level: u8,
    /// From the heading to the next one of the same or a higher level.
    pub span: Span,
    /// Index of the section that holds it.
    pub parent: Option<u32>,
    /// Index of the first section behind it and its subsections.
    pub end: u32,
    pub(super) end_block: u32,
}

/// Builds the sections from the finished blocks.
pub(super) fn sections(blocks: &[Block], len: usize) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let BlockKind::Heading(level) = block.kind else { continue };
        if block.parent != BlockId(0) {
            continue;
        }
        while let Some(&last) = open.last()
            && out[last as usize].level >= level
        {
            close(&mut out, last, block.span.start, index as u32);
            open.pop();
        }
        open.push(out.len() as u32);
        let span = Span { start: block.span.start, end: len as u32 };
        let parent = open.len().checked_sub(2).and_then(|at| open.get(at)).copied();
        out.push(Section {
            heading: BlockId(index as u32),
            level,
            span,
            parent,
            end: 0,
            end_block: blocks.len() as u32,
        });
    }
    let total = out.len() as u32;
    for last in open {
        out[last as usize].end = total;
    }
    out
}

fn close(sections: &mut [Section], index: u32, end: u32, end_block: u32) {
    let total = sections.len() as u32;
    let section = &mut sections[index as usize];
    section.span.end = end;
    section.end_block = end_block;
    section.end = total;
}

impl Document<'_> {
    /// The heading's words without markup.
    pub fn section_title(&self, section: &Section) -> Text<'static> {
        self.run(section.heading).text()
    }

    /// The blocks directly in a section, without those of its subsections.
    pub fn own_blocks(&self, section: &Section) -> impl Iterator<Item = BlockId> + '_ {
        self.section_blocks(section).take_while(|&id| !matches!(self.block(id).kind, BlockKind::Heading(_)))
    }

    /// The innermost section around an offset.
    pub fn section_at(&self, offset: u32) -> Option<&Section> {
        let before = self.sections.partition_point(|section| section.span.start <= offset);
        self.sections.get(before.checked_sub(1)?)
    }

    /// The headings from the outermost to the section's own.
    pub fn heading_path(&self, section: &Section) -> Vec<String> {
        let mut path = Vec::new();
        let mut current = Some(*section);
        while let Some(section) = current {
            path.push(self.section_title(&section).as_str().trim().to_owned());
            current = section.parent.and_then(|parent| self.sections.get(parent as usize)).copied();
        }
        path.reverse();
        path
    }
}
