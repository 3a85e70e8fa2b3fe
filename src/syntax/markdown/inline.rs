//! Inline content: plain text with its places, lines, bold leads.

use super::arena::{Document, Inline, InlineKind};
use crate::text::{Span, Text, TextBuilder};

/// A run of inline content: a paragraph's, a heading's, a cell's, or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'d> {
    document: &'d Document<'d>,
    from: u32,
    to: u32,
}

/// A run that begins bold.
#[derive(Clone, Copy, Debug)]
pub struct Strong<'d> {
    /// What is bold.
    pub lead: Run<'d>,
    /// What follows.
    pub rest: Run<'d>,
}

impl<'d> Run<'d> {
    pub(super) fn new(document: &'d Document<'_>, from: u32, to: u32) -> Self {
        Self { document, from, to: to.max(from) }
    }

    pub(super) fn bounds(&self) -> (u32, u32) {
        (self.from, self.to)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// From its first to its last piece, markup inside included; `None` where it is empty.
    pub fn span(&self) -> Option<Span> {
        let first = self.pieces().first()?.span;
        let end = self.pieces().iter().map(|piece| piece.span.end).max()?;
        Some(Span { start: first.start, end })
    }

    /// The words without markup, HTML and comments; breaks become blanks, code spans their content.
    pub fn text(&self) -> Text<'static> {
        let mut builder = TextBuilder::new();
        for (index, piece) in (self.from..).zip(self.pieces()) {
            self.add(&mut builder, index, piece);
        }
        builder.finish_at(self.pieces().first().map_or(0, |piece| piece.span.start))
    }

    /// The same as a plain string.
    pub fn plain(&self) -> String {
        self.text().as_str().to_owned()
    }

    /// The words that still hold: without struck-out ones.
    pub fn kept(&self) -> Text<'static> {
        let mut builder = TextBuilder::new();
        let mut struck = 0usize;
        for (index, piece) in (self.from..).zip(self.pieces()) {
            match piece.kind {
                InlineKind::StrikeStart => struck += 1,
                InlineKind::StrikeEnd => struck = struck.saturating_sub(1),
                _ if struck == 0 => self.add(&mut builder, index, piece),
                _ => {}
            }
        }
        builder.finish_at(self.pieces().first().map_or(0, |piece| piece.span.start))
    }

    /// Whether it holds a code span.
    pub fn has_code(&self) -> bool {
        self.pieces().iter().any(|piece| piece.kind == InlineKind::Code)
    }

    /// The code span that it begins with.
    pub fn leading_code(&self) -> Option<Span> {
        let first = self.pieces().iter().find(|piece| !is_blank(self.document, piece))?;
        (first.kind == InlineKind::Code).then_some(first.span)
    }

    /// Whether it holds a link or an image.
    pub fn has_link(&self) -> bool {
        self.pieces().iter().any(|piece| piece.kind == InlineKind::LinkStart)
    }

    /// The words that are prose: without code spans.
    pub fn prose(&self) -> Text<'static> {
        let mut builder = TextBuilder::new();
        for (index, piece) in (self.from..).zip(self.pieces()) {
            match piece.kind {
                InlineKind::Code => builder.escaped(" ", piece.span),
                _ => self.add(&mut builder, index, piece),
            }
        }
        builder.finish_at(self.pieces().first().map_or(0, |piece| piece.span.start))
    }

    /// The run cut at its line breaks; emphasis that spans lines is cut too.
    pub fn lines(&self) -> impl Iterator<Item = Run<'d>> + use<'d> {
        let run = *self;
        let mut at = Some(self.from);
        std::iter::from_fn(move || {
            let from = at?;
            let rest = Run { from, ..run };
            let len = rest.pieces().iter().position(|piece| is_break(piece.kind));
            let to = len.map_or(run.to, |len| from + len as u32);
            at = len.map(|len| from + len as u32 + 1);
            Some(Run { from, to, ..run })
        })
    }

    /// The bold beginning and what follows it, if the run begins bold.
    pub fn strong(&self) -> Option<Strong<'d>> {
        let skip = self.pieces().iter().take_while(|piece| is_blank(self.document, piece)).count() as u32;
        let run = Run { from: self.from + skip, ..*self };
        let pieces = run.pieces();
        if pieces.first()?.kind != InlineKind::StrongStart {
            return None;
        }
        let mut depth = 0usize;
        for (index, piece) in pieces.iter().enumerate() {
            match piece.kind {
                InlineKind::StrongStart => depth += 1,
                InlineKind::StrongEnd => depth -= 1,
                _ => continue,
            }
            if depth == 0 {
                let close = run.from + index as u32;
                return Some(Strong {
                    lead: Run { from: run.from + 1, to: close, ..run },
                    rest: Run { from: close + 1, ..run },
                });
            }
        }
        None
    }

    fn pieces(&self) -> &'d [Inline] {
        self.document.inlines.get(self.from as usize..self.to as usize).unwrap_or(&[])
    }

    fn add(&self, builder: &mut TextBuilder, index: u32, piece: &Inline) {
        match piece.kind {
            InlineKind::Text => builder.verbatim(self.document.slice(piece.span), piece.span.start),
            InlineKind::Decoded => builder.escaped(self.document.decoded(index), piece.span),
            InlineKind::SoftBreak | InlineKind::HardBreak => builder.escaped(" ", piece.span),
            InlineKind::Code => {
                let inner = code_content(self.document.source, piece.span);
                builder.verbatim(inner.slice(self.document.source), inner.start);
            }
            _ => {}
        }
    }
}

fn is_break(kind: InlineKind) -> bool {
    matches!(kind, InlineKind::SoftBreak | InlineKind::HardBreak)
}

fn is_blank(document: &Document<'_>, piece: &Inline) -> bool {
    match piece.kind {
        InlineKind::Html => true,
        InlineKind::Text => document.slice(piece.span).trim().is_empty(),
        _ => false,
    }
}

/// What stands between the backticks, one blank on each side taken off.
pub(super) fn code_content(source: &str, span: Span) -> Span {
    let text = span.slice(source);
    let ticks = text.len() - text.trim_start_matches('`').len();
    let inner = text.get(ticks..text.len().saturating_sub(ticks)).unwrap_or("");
    let pad = usize::from(inner.starts_with(' ') && inner.ends_with(' ') && !inner.trim().is_empty());
    let start = span.start as usize + ticks + pad;
    Span::new(start, start + inner.len() - 2 * pad)
}
