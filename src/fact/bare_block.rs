//! Lines of variables that stand in the running text of a setup guide instead of a block of code.

use super::mentions::is_a;
use super::value::facts;
use super::variables::assigned;
use super::{Facts, File, Wanted};
use crate::syntax::markdown::{BlockKind, Document as Tree};
use crate::text::{Span, Spanned};

facts! {
    /// Lines that give variables their values, one behind the other, outside of any block of code.
    pub struct BareBlock = "markdown.bare-variables" {
        /// The lines.
        "lines" lines: Spanned<String>,
        /// How many.
        "number" number: i64,
    }
}

/// Adds the blocks of a setup guide.
pub(super) fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(BareBlock::describe().name) || !is_a(file, "infra-spec.setup") {
        return;
    }
    for (_, block) in tree.blocks().filter(|(_, block)| block.kind == BlockKind::Paragraph) {
        let text = tree.slice(block.span);
        let (mut at, mut first, mut end, mut number) = (block.span.start as usize, 0, 0, 0);
        for line in text.split_inclusive('\n').chain(["\n"]) {
            let body = line.trim_end();
            if assigned(line).is_some() {
                if number == 0 {
                    first = at + line.len() - line.trim_start().len();
                }
                number += 1;
                end = at + body.len();
            } else {
                push(Span::new(first, end), std::mem::take(&mut number), tree, out);
            }
            at += line.len();
        }
    }
}

/// One line alone may be an example in a sentence.
fn push(span: Span, number: i64, tree: &Tree<'_>, out: &mut Facts) {
    if number >= 2 {
        let lines = Spanned::new(tree.slice(span).to_owned(), span);
        out.push(BareBlock { span, lines, number }, "", span);
    }
}
