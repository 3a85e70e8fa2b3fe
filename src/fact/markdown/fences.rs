//! Fenced blocks that show Markdown: a fence of the same length inside closes them early.

use super::NestedFence;
use crate::syntax::markdown::{Code, Document as Tree};
use crate::text::{Span, Spanned};

/// The inner fences that end the block around them.
pub(super) fn nested(tree: &Tree<'_>) -> Vec<NestedFence> {
    shows(tree).filter_map(|code| inner(tree, &code)).collect()
}

/// Whether there is any.
pub(in crate::fact) fn has_nested_fence(tree: &Tree<'_>) -> bool {
    shows(tree).any(|code| inner(tree, &code).is_some())
}

/// Blocks that show Markdown and have an end.
fn shows<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = Code<'t>> {
    tree.codes().filter(|code| matches!(code.language(), "markdown" | "md" | "mdx") && code.closed())
}

fn inner(tree: &Tree<'_>, code: &Code<'_>) -> Option<NestedFence> {
    let (mark, len) = code.fence()?;
    let content = code.content();
    let mut start = 0;
    for line in content.as_str().split_inclusive('\n') {
        let text = line.trim();
        let run = text.bytes().take_while(|&byte| byte == mark).count();
        if run >= len && text[run..].trim().starts_with(|c: char| c.is_ascii_alphabetic()) {
            let lead = line.len() - line.trim_start().len();
            let span = content.span(start + lead..start + lead + text.len());
            let (longer, ends) = ends(tree, code, mark, len).unwrap_or_default();
            let (fence, outer) = (text[..run].to_owned(), code.info().0.to_owned());
            return Some(NestedFence { span, fence, outer, ends, longer });
        }
        start += line.len();
    }
    None
}

/// Lines that are looked through for the end.
const FAR: usize = 2_000;

/// The outer fences, where it can be told which the second of them is: inside, all that opens with a word is closed, and
/// the first bare fence that closes nothing is the end.
fn ends(tree: &Tree<'_>, code: &Code<'_>, mark: u8, len: usize) -> Option<(String, Vec<Spanned<String>>)> {
    let source = tree.source();
    let open = code.open_line();
    let from = open.end as usize;
    // In a list or a quote the lines have other beginnings.
    let line_start = source[..open.start as usize].rfind('\n').map_or(0, |at| at + 1);
    if line_start != open.start as usize {
        return None;
    }
    let (mut at, mut inside, mut longest) = (from, false, len);
    for line in source.get(from..)?.split_inclusive('\n').take(FAR) {
        let text = line.trim();
        let run = text.bytes().take_while(|&byte| byte == mark).count();
        let (start, lead) = (at, line.len() - line.trim_start().len());
        at += line.len();
        if run < len {
            continue;
        }
        longest = longest.max(run);
        match (inside, text[run..].trim().is_empty()) {
            (false, true) if lead == 0 => {
                let marks = |count: usize| char::from(mark).to_string().repeat(count);
                let first = Spanned::new(marks(len), Span::new(open.start as usize, open.start as usize + len));
                let last = Spanned::new(marks(run), Span::new(start, start + run));
                // What follows must come out even, or another fence is the end.
                let is_fence = |line: &&str| line.trim_start().bytes().take_while(|&byte| byte == mark).count() >= len;
                let even = source.get(at..)?.lines().filter(is_fence).count() % 2 == 0;
                return even.then(|| (marks(longest + 1), vec![first, last]));
            }
            (false, false) => inside = true,
            (true, true) => inside = false,
            // A block that opens within another, or an end that stands elsewhere: nobody knows what belongs together.
            _ => return None,
        }
    }
    None
}
