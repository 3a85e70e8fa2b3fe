//! Code blocks: what stands between the fences, as a text that knows its places.

use super::arena::{BlockId, BlockKind, Document, InlineKind};
use crate::text::{Span, Text, TextBuilder};

/// A fenced or indented code block.
#[derive(Clone, Copy, Debug)]
pub struct Code<'d> {
    document: &'d Document<'d>,
    /// The block.
    pub id: BlockId,
    /// Whether it stands between fences.
    pub fenced: bool,
    /// Everything, fences included.
    pub span: Span,
}

impl<'d> Code<'d> {
    pub(super) fn new(document: &'d Document<'_>, id: BlockId) -> Self {
        let block = document.block(id);
        let fenced = matches!(block.kind, BlockKind::Code { fenced: true });
        Self { document, id, fenced, span: block.span }
    }

    /// What stands behind the opening fence, without blanks around; empty for indented code.
    pub fn info(&self) -> (&'d str, Span) {
        let line = self.open_line();
        let text = line.slice(self.document.source);
        let fence = self.fence().map_or(text.len(), |(_, len)| len);
        let rest = text.get(fence..).unwrap_or("");
        let lead = rest.len() - rest.trim_start().len();
        let start = line.start as usize + fence + lead;
        let info = rest.trim();
        (info, Span::new(start, start + info.len()))
    }

    /// The first word of the info string, without the braces and dots that some tools want; empty if there is none.
    pub fn language(&self) -> &'d str {
        let info = self.info().0.trim_start_matches(['{', '.']);
        let end = info.find([' ', '\t', ',', '{', '}', ':']).unwrap_or(info.len());
        info.get(..end).unwrap_or("")
    }

    /// The opening fence's character and length.
    pub fn fence(&self) -> Option<(u8, usize)> {
        let text = self.open_line().slice(self.document.source).as_bytes();
        let &mark = text.first().filter(|_| self.fenced)?;
        Some((mark, text.iter().take_while(|&&b| b == mark).count()))
    }

    /// The line of the opening fence.
    pub fn open_line(&self) -> Span {
        let text = self.span.slice(self.document.source);
        let len = memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len());
        Span::new(self.span.start as usize, self.span.start as usize + text[..len].trim_end_matches('\r').len())
    }

    /// Whether a closing fence is there; indented code needs none.
    pub fn closed(&self) -> bool {
        let Some((mark, len)) = self.fence() else { return true };
        let from = self.content_end().max(self.open_line().end);
        let tail = Span { start: from, end: self.span.end.max(from) }.slice(self.document.source);
        let last = tail.trim_end().rsplit(['\n', ' ', '\t', '>']).next().unwrap_or("");
        last.len() >= len && last.bytes().all(|b| b == mark)
    }

    /// Whether it lacks its closing fence and runs to the end of the file.
    pub fn open_to_end(&self) -> bool {
        !self.closed() && self.document.source[self.span.end as usize..].trim().is_empty()
    }

    /// The code without the indent of a list, the markers of a quote; line breaks as in the file.
    pub fn content(&self) -> Text<'d> {
        let source = self.document.source;
        let mut builder = TextBuilder::new();
        let mut last = self.open_line().end;
        for (index, piece) in self.pieces() {
            if piece.kind == InlineKind::Decoded {
                builder.escaped(self.document.decoded(index), piece.span);
            } else {
                let start = with_carriage_return(source, piece.span.start, last);
                builder.verbatim(Span { start, end: piece.span.end }.slice(source), start);
            }
            last = piece.span.end;
        }
        builder.finish_at(self.open_line().end)
    }

    fn content_end(&self) -> u32 {
        self.pieces().last().map_or(self.span.start, |(_, piece)| piece.span.end)
    }

    fn pieces(&self) -> impl DoubleEndedIterator<Item = (u32, super::arena::Inline)> + 'd {
        let (from, to) = self.document.run(self.id).bounds();
        let document = self.document;
        (from..to).filter_map(move |index| Some((index, *document.inlines.get(index as usize)?)))
    }
}

/// The parser leaves the carriage return out of `\r\n`; the file has it.
fn with_carriage_return(source: &str, start: u32, last: u32) -> u32 {
    let bytes = source.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at as usize));
    let is_break = bytes.get(start as usize) == Some(&b'\n') && before == Some(&b'\r');
    if is_break && start > last { start - 1 } else { start }
}
