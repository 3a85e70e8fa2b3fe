//! A string that knows where each of its bytes stands in the host file.
//!
//! A fence in a list item, a block scalar, a Dockerfile instruction with continuations: each is a
//! text that does not stand in the file as it reads. Parsers work on the string and ask for spans;
//! the spans they get are the host file's.

use super::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A string with a map back to the host file.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    value: Cow<'a, str>,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    /// The string stands in the host as it is, from this byte on.
    Offset(u32),
    /// Pieces in ascending order of `at`, without gaps.
    Segments(Vec<Segment>),
}

/// One piece: from the byte `at` of the string up to the next piece.
#[derive(Clone, Copy, Debug)]
struct Segment {
    at: u32,
    source: Span,
    /// Byte for byte as in the host; else the whole piece stands for the whole of `source` (an escape).
    verbatim: bool,
}

impl<'a> Text<'a> {
    /// A whole file.
    pub fn whole(value: &'a str) -> Self {
        Self::at(value, 0)
    }

    /// A part of the host file that begins at byte `start`.
    pub fn at(value: &'a str, start: u32) -> Self {
        Self { value: Cow::Borrowed(value), map: Map::Offset(start) }
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Length of the string in bytes.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether the string is empty.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Where a range of the string stands in the host: from the first byte's place to behind the
    /// last byte's place. An empty range gives an empty span.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.host_start(range.start);
        if range.end <= range.start {
            return Span { start, end: start };
        }
        Span { start, end: self.host_end(range.end).max(start) }
    }

    /// The whole of it in the host.
    pub fn whole_span(&self) -> Span {
        self.span(0..self.len())
    }

    /// A part of it, with its map.
    pub fn slice(&self, range: Range<usize>) -> Text<'_> {
        let value = Cow::Borrowed(self.value.get(range.clone()).unwrap_or(""));
        let map = match &self.map {
            Map::Offset(start) => Map::Offset(start + range.start as u32),
            Map::Segments(_) => {
                let mut builder = TextBuilder::default();
                builder.text(self, range);
                builder.finish().map
            }
        };
        Text { value, map }
    }

    /// Another string of the same length with the same places; bytes that were masked, say.
    pub fn with_same_length(&self, value: String) -> Text<'static> {
        debug_assert_eq!(value.len(), self.len());
        Text { value: Cow::Owned(value), map: self.map.clone() }
    }

    /// The same without a borrow.
    pub fn into_owned(self) -> Text<'static> {
        Text { value: Cow::Owned(self.value.into_owned()), map: self.map }
    }

    fn host_start(&self, at: usize) -> u32 {
        match &self.map {
            Map::Offset(start) => start + at as u32,
            Map::Segments(segments) => {
                let Some((segment, inner)) = find(segments, at) else { return 0 };
                if segment.verbatim {
                    (segment.source.start + inner).min(segment.source.end)
                } else {
                    segment.source.start
                }
            }
        }
    }

    fn host_end(&self, end: usize) -> u32 {
        match &self.map {
            Map::Offset(start) => start + end as u32,
            Map::Segments(segments) => {
                let Some((segment, inner)) = find(segments, end - 1) else { return 0 };
                if segment.verbatim {
                    (segment.source.start + inner + 1).min(segment.source.end)
                } else {
                    segment.source.end
                }
            }
        }
    }
}

/// The piece that holds byte `at`, and how far inside.
fn find(segments: &[Segment], at: usize) -> Option<(Segment, u32)> {
    let index = segments.partition_point(|s| s.at as usize <= at).checked_sub(1)?;
    let segment = segments[index];
    Some((segment, at as u32 - segment.at))
}

/// Builds a [`Text`] piece by piece.
#[derive(Clone, Debug, Default)]
pub struct TextBuilder {
    value: String,
    segments: Vec<Segment>,
}

impl TextBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been built so far.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Adds text that stands in the host as it is, from byte `start` on.
    pub fn verbatim(&mut self, piece: &str, start: u32) {
        self.push(piece, Span { start, end: start + piece.len() as u32 }, true);
    }

    /// Adds text that stands for other bytes of the host: an escape, a folded line break.
    pub fn escaped(&mut self, piece: &str, source: Span) {
        self.push(piece, source, false);
    }

    /// Adds a range of another text with its places.
    pub fn text(&mut self, text: &Text<'_>, range: Range<usize>) {
        let range = range.start.min(text.len())..range.end.min(text.len());
        match &text.map {
            Map::Offset(start) => self.verbatim(&text.value[range.clone()], start + range.start as u32),
            Map::Segments(segments) => {
                let first = segments.partition_point(|s| s.at as usize <= range.start).saturating_sub(1);
                for (index, segment) in segments.iter().enumerate().skip(first) {
                    let from = (segment.at as usize).max(range.start);
                    let next = segments.get(index + 1).map_or(text.len(), |s| s.at as usize);
                    let to = next.min(range.end);
                    if from >= to {
                        break;
                    }
                    let piece = &text.value[from..to];
                    match segment.verbatim {
                        true => self.verbatim(piece, segment.source.start + (from as u32 - segment.at)),
                        false => self.escaped(piece, segment.source),
                    }
                }
            }
        }
    }

    /// The finished text. An empty one stands nowhere: byte 0.
    pub fn finish(self) -> Text<'static> {
        Text { value: Cow::Owned(self.value), map: Map::Segments(self.segments) }
    }

    /// The finished text, placed at byte `at` where it is empty.
    pub fn finish_at(self, at: u32) -> Text<'static> {
        if self.value.is_empty() {
            return Text { value: Cow::Borrowed(""), map: Map::Offset(at) };
        }
        self.finish()
    }

    fn push(&mut self, piece: &str, source: Span, verbatim: bool) {
        if piece.is_empty() {
            return;
        }
        if let Some(last) = self.segments.last_mut()
            && verbatim
            && last.verbatim
            && last.source.end == source.start
        {
            last.source.end = source.end;
        } else {
            self.segments.push(Segment { at: self.value.len() as u32, source, verbatim });
        }
        self.value.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_escape_maps_to_all_of_its_source() {
        let mut builder = TextBuilder::new();
        builder.verbatim("ab", 10);
        builder.escaped("\n", Span::new(12, 14));
        builder.verbatim("cd", 14);
        let text = builder.finish();
        assert_eq!(text.span(0..2), Span::new(10, 12));
        assert_eq!(text.span(2..3), Span::new(12, 14));
        assert_eq!(text.span(1..4), Span::new(11, 15));
        assert_eq!(text.span(5..5), Span::new(16, 16));
        assert_eq!(text.slice(3..5).span(0..1), Span::new(14, 15));
    }

    /// The host is a list of indented lines; the text is the same lines without the indent.
    fn dedent(host: &str) -> Text<'static> {
        let mut builder = TextBuilder::new();
        let mut at = 0;
        for line in host.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches(' ').len();
            builder.verbatim(&line[indent..], (at + indent) as u32);
            at += line.len();
        }
        builder.finish()
    }

    proptest! {
        #[test]
        fn every_word_slices_back_to_itself(lines in proptest::collection::vec("[ ]{0,6}[a-zé]{0,8}( [a-z日]{1,5}){0,4}", 0..12)) {
            let host = lines.join("\n");
            let text = dedent(&host);
            let mut at = 0;
            for word in text.as_str().split([' ', '\n']) {
                let range = at..at + word.len();
                prop_assert_eq!(text.span(range.clone()).slice(&host), word);
                let outer = text.slice(at..text.len());
                prop_assert_eq!(outer.span(0..word.len()).slice(&host), word);
                at += word.len() + 1;
            }
        }

        #[test]
        fn slices_of_slices_keep_their_places(lines in proptest::collection::vec("[ ]{0,4}[a-z]{1,8}", 1..8), cut in 0usize..40, len in 0usize..40) {
            let host = lines.join("\n");
            let text = dedent(&host);
            let start = cut.min(text.len());
            let end = (start + len).min(text.len());
            let inner = text.slice(start..end);
            for at in 0..inner.len() {
                prop_assert_eq!(inner.span(at..at + 1), text.span(start + at..start + at + 1));
            }
        }
    }
}
