//! Headings as they follow one another, and the page as a whole.

use super::anchors::Anchors;
use super::{Heading, Page};
use crate::fact::File;
use crate::syntax::markdown::{BlockKind, Document as Tree};
use crate::text::{Spanned, Text};
use std::collections::HashMap;

/// The headings that open sections: those in lists and quotes open none.
pub(super) fn headings(file: &File<'_>, tree: &Tree<'_>) -> Vec<Heading> {
    let mut titles = i64::from(named_title(tree));
    let mut before: Option<i64> = None;
    let mut seen: HashMap<(Option<u32>, String), i64> = HashMap::new();
    let in_changelog = is_changelog(file.path);
    let mut out = Vec::new();
    for section in tree.sections() {
        let text = tree.section_title(section);
        let level = i64::from(section.level);
        let span = text.whole_span();
        let line = i64::from(file.source.lines().line_of(span.start));
        let key = (section.parent, text.as_str().trim().to_lowercase());
        let repeats = match key.1.is_empty() {
            true => None,
            false => seen.get(&key).copied(),
        };
        seen.entry(key).or_insert(line);
        titles += i64::from(level == 1);
        out.push(Heading {
            span,
            text: Spanned::new(text.as_str().trim().to_owned(), span),
            level,
            before,
            step: before.map_or(0, |before| (level - before).max(0)),
            repeats,
            title: (level == 1).then_some(titles),
            in_changelog,
        });
        before = Some(level);
    }
    out
}

pub(in crate::fact) fn is_changelog(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["changelog", "changes", "history", "release"].iter().any(|word| name.starts_with(word))
}

/// Whether the frontmatter names a title.
fn named_title(tree: &Tree<'_>) -> bool {
    let Some(front) = tree.frontmatter() else { return false };
    let text = Text::at(tree.slice(front.content), front.content.start);
    text.as_str().lines().any(|line| {
        let value = line.strip_prefix("title").or_else(|| line.trim_start().strip_prefix("\"title\""));
        value.is_some_and(|value| value.trim_start().starts_with([':', '=']) && value.len() > 2)
    })
}

pub(super) fn page(tree: &Tree<'_>) -> Page {
    let source = tree.source();
    let start = tree.frontmatter().map_or(0, |front| front.span.end as usize);
    let body = source.get(start..).unwrap_or("");
    let lead = body.len() - body.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    let first = body.get(lead..).unwrap_or("").lines().next().unwrap_or("").trim_end();
    let titles = tree.blocks().filter(|(_, block)| block.kind == BlockKind::Heading(1)).count();
    let in_html = tree.html().any(|html| tree.slice(html).to_ascii_lowercase().contains("<h1"));
    Page {
        span: crate::text::Span::new(start + lead, start + lead + first.len()),
        titles: titles as i64 + i64::from(named_title(tree)) + i64::from(in_html),
        headings: tree.blocks().filter(|(_, block)| matches!(block.kind, BlockKind::Heading(_))).count() as i64,
        lines: body.lines().filter(|line| !line.trim().is_empty()).count() as i64,
        anchors: Anchors::of(tree).names(),
    }
}
