//! Fenced blocks that show Markdown: a fence of the same length inside closes them early.

use super::NestedFence;
use crate::syntax::markdown::Document as Tree;

/// The inner fences that end the block around them.
pub(super) fn nested(tree: &Tree<'_>) -> Vec<NestedFence> {
    let mut out = Vec::new();
    for code in tree.codes().filter(|code| matches!(code.language(), "markdown" | "md" | "mdx")) {
        let Some((mark, len)) = code.fence() else { continue };
        let content = code.content();
        let mut start = 0;
        for line in content.as_str().split_inclusive('\n') {
            let text = line.trim();
            let run = text.bytes().take_while(|&byte| byte == mark).count();
            let opens = run >= len && text[run..].trim().starts_with(|c: char| c.is_ascii_alphabetic());
            if opens && code.closed() {
                let lead = line.len() - line.trim_start().len();
                let span = content.span(start + lead..start + lead + text.len());
                out.push(NestedFence { span, fence: text[..run].to_owned(), outer: code.info().0.to_owned() });
                break;
            }
            start += line.len();
        }
    }
    out
}
