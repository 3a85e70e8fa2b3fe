//! Markdown as an arena of blocks in document order, with runs of inline content, sections, fences, links and comments.
//!
//! All spans are byte offsets of the parsed string, which is a whole file. Nothing is copied that
//! stands in the file as it reads; plain text is made on demand as a [`Text`](crate::text::Text) with its places.

mod arena;
mod build;
mod code;
mod frontmatter;
mod html;
mod inline;
mod sections;
#[cfg(test)]
mod tests;

pub use arena::{Block, BlockId, BlockKind, Cell, Children, Definition, Document, Link, LinkKind, Undefined};
pub use code::Code;
pub use frontmatter::Frontmatter;
pub use html::Comment;
pub use inline::{Run, Strong};
pub use sections::Section;

/// Parses a whole file; total and linear in its length.
pub fn parse(source: &str) -> Document<'_> {
    build::build(source)
}
