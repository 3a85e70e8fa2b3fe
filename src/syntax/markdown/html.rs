//! HTML comments, where suppressions stand.

use crate::text::Span;

/// An HTML comment outside code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From `<!--` to behind `-->`.
    pub span: Span,
    /// What is between.
    pub content: Span,
    /// Whether the line holds nothing else.
    pub alone: bool,
}

/// Collects the comments of one piece of HTML.
pub(super) fn comments(source: &str, html: Span, out: &mut Vec<Comment>) {
    let text = html.slice(source);
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("<!--")) {
        let start = at + open;
        let inner = start + 4;
        let Some(len) = text.get(inner..).and_then(|rest| rest.find("-->")) else { return };
        let base = html.start as usize;
        let span = Span::new(base + start, base + inner + len + 3);
        let content = Span::new(base + inner, base + inner + len);
        out.push(Comment { span, content, alone: alone(source, span) });
        at = inner + len + 3;
    }
}

/// Looks at no more than 200 bytes on each side: long lines full of comments stay linear.
fn alone(source: &str, span: Span) -> bool {
    let bytes = source.as_bytes();
    let before = bytes[..span.start as usize].iter().rev().take(200);
    let after = bytes[span.end as usize..].iter().take(200);
    let blank = |&&b: &&u8| matches!(b, b' ' | b'\t' | b'\r' | b'>');
    let ends = |b: Option<&u8>| matches!(b, None | Some(b'\n'));
    let mut before = before.skip_while(blank);
    let mut after = after.skip_while(blank);
    let first = before.next();
    (ends(first) || (first == Some(&0xbf) && span.start == 3)) && ends(after.next())
}
