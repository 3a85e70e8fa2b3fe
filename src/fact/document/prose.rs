//! What a document says in words: made once for the whole of it, cut for its sections without copying.

use super::scope::Scope;
use crate::fact::value::{Fact, Item, Type, Value};
use crate::syntax::markdown::{BlockId, BlockKind};
use crate::text::{Span, Text, TextBuilder};
use std::ops::Range;
use std::sync::Arc;

/// A part of a text that knows where its words stand.
#[derive(Clone, Debug)]
pub struct Prose {
    text: Arc<Text<'static>>,
    range: Range<usize>,
}

impl Prose {
    /// All of a text.
    pub fn new(text: Text<'static>) -> Self {
        let range = 0..text.len();
        Self { text: Arc::new(text), range }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        self.text.as_str().get(self.range.clone()).unwrap_or("")
    }

    /// Where a part of the words stands in the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.text.span(self.range.start + range.start..self.range.start + range.end)
    }

    /// All of it with its places.
    pub fn text(&self) -> Text<'_> {
        self.text.slice(self.range.clone())
    }
}

impl Default for Prose {
    fn default() -> Self {
        Self::new(Text::at("", 0))
    }
}

impl Fact for Prose {
    fn ty() -> Type {
        Type::Str
    }

    fn item(&self) -> Item<'_> {
        let span = (!self.range.is_empty()).then(|| self.span(0..self.range.len()));
        Item { value: Value::Str(self.as_str()), span }
    }
}

/// The words of a document, one line a paragraph, heading or cell.
pub(super) struct Words {
    text: Arc<Text<'static>>,
    /// Where each line's block stands in the file, and where the line begins.
    lines: Vec<(u32, usize)>,
}

impl Words {
    /// Reads a document; with or without what stands in code spans.
    pub(super) fn read(scope: &Scope<'_>, code: bool) -> Self {
        let tree = scope.tree;
        let (mut builder, mut lines) = (TextBuilder::new(), Vec::new());
        let title = scope.title.map(|title| title.heading);
        let blocks = scope.all_blocks().filter(|&id| Some(id) != title);
        let mut add = |id: BlockId| {
            let block = tree.block(id);
            if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::TableCell) {
                return;
            }
            lines.push((block.span.start, builder.as_str().len()));
            let text = if code { tree.run(id).text() } else { tree.run(id).prose() };
            builder.text(&text, 0..text.len());
            builder.escaped("\n", Span::point(text.whole_span().end as usize));
        };
        title.into_iter().chain(blocks).for_each(&mut add);
        Self { text: Arc::new(builder.finish_at(scope.span.start)), lines }
    }

    /// All of them.
    pub(super) fn whole(&self) -> Prose {
        Prose { text: self.text.clone(), range: 0..self.text.len() }
    }

    /// Those of the blocks that begin within a span.
    pub(super) fn within(&self, span: Span) -> Prose {
        let at = |offset: u32| {
            let line = self.lines.partition_point(|(start, _)| *start < offset);
            self.lines.get(line).map_or(self.text.len(), |(_, at)| *at)
        };
        Prose { text: self.text.clone(), range: at(span.start)..at(span.end) }
    }
}
