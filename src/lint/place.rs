//! From what a fix asks for to edits of its file's bytes: exact, or none at all.

use super::outline::Outline;
use crate::rule::fix::{Ask, Proposal};
use crate::rule::written::Verb;
use crate::syntax::Kind;
use crate::text::{Source, Span};
use std::cell::OnceCell;

/// Makes edits of what fixes ask of one file.
pub struct Placer<'s> {
    source: &'s Source,
    kind: Kind,
    newline: &'static str,
    outline: OnceCell<Outline>,
}

/// A replacement; an empty span inserts.
pub type Edit = (Span, String);

impl<'s> Placer<'s> {
    /// For a file of that kind.
    pub fn new(source: &'s Source, kind: Kind) -> Self {
        let first = memchr::memchr(b'\n', source.text().as_bytes());
        let windows = first.is_some_and(|at| source.text()[..at].ends_with('\r'));
        Self { source, kind, newline: if windows { "\r\n" } else { "\n" }, outline: OnceCell::new() }
    }

    /// The edits, in their order; nothing where one of them would not be exact.
    pub fn edits(&self, proposal: &Proposal) -> Option<Vec<Edit>> {
        let mut edits = Vec::new();
        for ask in &proposal.asks {
            let count = edits.len();
            self.edit(ask, &mut edits)?;
            for (_, text) in &mut edits[count..] {
                if self.newline != "\n" && text.contains('\n') && ask.verb != Verb::Exact {
                    *text = text.replace('\n', self.newline);
                }
            }
        }
        edits.retain(|(span, text)| !(span.is_empty() && text.is_empty()) && self.source.slice(*span) != text);
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let apart = edits.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start && pair[0].0 != pair[1].0);
        (apart && !edits.is_empty()).then_some(edits)
    }

    fn edit(&self, ask: &Ask, edits: &mut Vec<Edit>) -> Option<()> {
        let (span, texts) = (ask.span, ask.texts.as_slice());
        let text = || texts.first().cloned().unwrap_or_default();
        match ask.verb {
            Verb::Exact => edits.push((span, text())),
            Verb::Replace => edits.push((self.words(ask)?, text())),
            Verb::InsertBefore => edits.push((self.gap(span.start, span, &text())?, text())),
            Verb::InsertAfter => edits.push((self.gap(span.end, span, &text())?, text())),
            Verb::Wrap => {
                let [before, after] = texts else { return None };
                let words = self.words(ask).filter(|words| !self.is_alias(*words))?;
                edits.push((Span { start: words.start, end: words.start }, before.clone()));
                edits.push((Span { start: words.end, end: words.end }, after.clone()));
            }
            Verb::Delete => edits.push((self.with_blanks(self.words(ask)?)?, String::new())),
            Verb::DeleteLine => edits.push((self.lines(span)?, String::new())),
            Verb::CommentOut => edits.extend(self.comments(span)?),
            Verb::LineBefore => edits.push(self.line_before(span, &text())?),
            Verb::LineAfter => edits.push(self.line_after(span, &text())?),
            Verb::DeleteEntry => edits.push((self.outline()?.entry(span, self.source.text())?, String::new())),
            Verb::Set => edits.push(self.outline()?.set(span, &ask.keys, &text(), self.source.text())?),
        }
        Some(())
    }

    /// The words of a place, if they stand in the file as the fact reads them: no variable replaced, no
    /// continuation joined, no escape undone. Quotes round them are theirs.
    fn words(&self, ask: &Ask) -> Option<Span> {
        let written = self.source.slice(ask.span);
        let exact = match &ask.says {
            Some(says) => written == says || unquoted(written) == says,
            None => !written.contains(['\n', '\r']),
        };
        let spaced = ask.texts.iter().any(|text| text.contains([' ', '"', '\n'])) || ask.verb == Verb::Delete;
        (exact && !written.is_empty() && !(spaced && self.is_list_member(ask.span))).then_some(ask.span)
    }

    /// Whether an alias of YAML stands here: in quotes it would be a text, and no longer what it stands for.
    fn is_alias(&self, span: Span) -> bool {
        let named =
            self.source.slice(span).strip_prefix('*').is_some_and(|name| name.starts_with(char::is_alphanumeric));
        named && (self.kind.is_yaml() || self.kind == Kind::Markdown)
    }

    /// The place of an insertion. Words that are added to a member of a JSON list would become part of it.
    fn gap(&self, at: u32, span: Span, text: &str) -> Option<Span> {
        let added = text.contains([' ', '"', '\n']) && self.is_list_member(span);
        (!added && self.source.text().is_char_boundary(at as usize)).then_some(Span { start: at, end: at })
    }

    /// Whether quotes that are not its own stand on both sides of a span.
    fn is_list_member(&self, span: Span) -> bool {
        let bytes = self.source.text().as_bytes();
        let before = (span.start as usize).checked_sub(1).and_then(|at| bytes.get(at));
        before == bytes.get(span.end as usize) && matches!(before, Some(b'"' | b'\''))
    }

    /// Words with the blanks before them; their whole line where nothing else but a continuation is on it.
    fn with_blanks(&self, span: Span) -> Option<Span> {
        let text = self.source.text();
        let (head, tail) = (self.head(span.start), self.tail(span.end));
        let kept = head.trim_end_matches([' ', '\t']).len();
        if kept > 0 {
            let start = span.start as usize - (head.len() - kept);
            return Some(Span::new(start, span.end as usize));
        }
        let rest = tail.trim();
        let end = span.end as usize + tail.len();
        if rest == "\\" || rest == "`" {
            let start = span.start as usize - head.len();
            return Some(Span::new(start, (end + self.break_at(end)).min(text.len())));
        }
        // At the end of a continued line the line before would go on into nothing.
        let blanks = tail.len() - tail.trim_start_matches([' ', '\t']).len();
        (!rest.is_empty()).then(|| Span::new(span.start as usize, span.end as usize + blanks))
    }

    /// All lines of a span, if nothing else stands on them.
    fn lines(&self, span: Span) -> Option<Span> {
        let text = self.source.text();
        let (head, tail) = (self.head(span.start), self.tail(span.end));
        if !head.trim_matches(['\u{feff}', ' ', '\t']).is_empty() || !tail.trim().is_empty() {
            return None;
        }
        let bom = if head.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let start = span.start as usize - head.len() + bom;
        let end = span.end as usize + tail.len();
        let after = end + self.break_at(end);
        // The last line takes the break before it along, or the file would end with a blank line.
        if after == text.len() && self.break_at(end) == 0 {
            let before = text[..start].strip_suffix('\n').map_or(start, |rest| rest.len());
            return Some(Span::new(text[..before].trim_end_matches('\r').len(), end));
        }
        Some(Span::new(start, after))
    }

    /// A comment sign before the words of every line.
    fn comments(&self, span: Span) -> Option<Vec<Edit>> {
        self.lines(span)?;
        let mut at = span.start as usize - self.head(span.start).len();
        let mut edits = Vec::new();
        for line in self.source.text().get(at..span.end as usize)?.split_inclusive('\n') {
            let words = line.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
            if !words.is_empty() {
                edits.push((Span::point(at + line.len() - words.len()), "# ".to_owned()));
            }
            at += line.len();
        }
        Some(edits)
    }

    fn line_before(&self, span: Span, text: &str) -> Option<Edit> {
        let head = self.head(span.start);
        let indent = head.trim_start_matches('\u{feff}');
        if !indent.trim_matches([' ', '\t']).is_empty() {
            return None;
        }
        let at = self.above_remarks(span.start as usize - indent.len());
        Some((Span::point(at), format!("{}\n", indented(text, indent))))
    }

    /// Comments just above that tell linters to be silent stay with what they speak of.
    fn above_remarks(&self, mut at: usize) -> usize {
        let text = self.source.text();
        while let Some(before) = text.get(..at.saturating_sub(1)) {
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            let line = text.get(start..at).unwrap_or("").trim();
            let remark = line.starts_with('#') && ["ignore", "disable", "skip"].iter().any(|word| line.contains(word));
            // What stands at the very top may be meant for the whole file.
            if !remark || start == 0 {
                break;
            }
            at = start;
        }
        at
    }

    fn line_after(&self, span: Span, text: &str) -> Option<Edit> {
        let (head, tail) = (self.head(span.start), self.tail(span.end));
        let indent = head.trim_start_matches('\u{feff}');
        if !indent.trim_matches([' ', '\t']).is_empty() || !tail.trim().is_empty() {
            return None;
        }
        let end = span.end as usize + tail.trim_end_matches('\r').len();
        Some((Span::point(end), format!("\n{}", indented(text, indent))))
    }

    /// The part of a line before a byte.
    fn head(&self, at: u32) -> &'s str {
        let text = self.source.text().get(..at as usize).unwrap_or("");
        &text[memchr::memrchr(b'\n', text.as_bytes()).map_or(0, |found| found + 1)..]
    }

    /// The part of a line from a byte on, without LF.
    fn tail(&self, at: u32) -> &'s str {
        let text = self.source.text().get(at as usize..).unwrap_or("");
        &text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())]
    }

    fn break_at(&self, at: usize) -> usize {
        usize::from(self.source.text().as_bytes().get(at) == Some(&b'\n'))
    }

    fn outline(&self) -> Option<&Outline> {
        self.kind.is_yaml().then(|| self.outline.get_or_init(|| Outline::of(self.source.text(), self.kind)))
    }
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

/// Without the quotes that stand round it.
fn unquoted(text: &str) -> &str {
    ['"', '\''].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text)
}

#[cfg(test)]
mod tests;
