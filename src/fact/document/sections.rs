//! Sections with what they hold, and the outline.

use super::names::{normalise, split_number, words};
use super::prose::Words;
use super::scope::Scope;
use super::{Section, entries};
use crate::syntax::markdown::BlockKind;
use crate::text::{Span, Spanned};

/// The sections of a document; counts include those of subsections.
pub(super) fn sections(scope: &Scope<'_>, text: &Words, prose: &Words) -> Vec<Section> {
    let mut out: Vec<Section> = (0..scope.sections.len()).map(|index| own(scope, index)).collect();
    for (section, found) in out.iter_mut().zip(&scope.sections) {
        let below = Span { start: scope.tree.block(found.heading).span.end.min(found.span.end), end: found.span.end };
        (section.text, section.prose) = (text.within(below), prose.within(below));
    }
    let mut parents: Vec<usize> = Vec::new();
    let mut parent_of = vec![None; out.len()];
    for (index, section) in out.iter().enumerate() {
        while parents.last().is_some_and(|&last| out[last].level >= section.level) {
            parents.pop();
        }
        parent_of[index] = parents.last().copied();
        parents.push(index);
    }
    for index in (0..out.len()).rev() {
        let Some(parent) = parent_of[index] else { continue };
        let (before, behind) = out.split_at_mut(index);
        if let (Some(parent), Some(child)) = (before.get_mut(parent), behind.first()) {
            add(parent, child);
        }
    }
    for section in &mut out {
        section.fences.sort_by_key(|fence| fence.span);
    }
    out
}

fn add(parent: &mut Section, child: &Section) {
    parent.subsections += 1;
    parent.has_content = true;
    parent.words += child.words;
    parent.items += child.items;
    parent.ordered_items += child.ordered_items;
    parent.tables += child.tables;
    parent.images += child.images;
    parent.links += child.links;
    parent.fences.extend(child.fences.iter().cloned());
}

fn own(scope: &Scope<'_>, index: usize) -> Section {
    let tree = scope.tree;
    let heading = scope.sections[index];
    let title = tree.section_title(heading);
    let mut section = Section {
        span: title.whole_span(),
        heading: Spanned::new(title.as_str().to_owned(), title.whole_span()),
        name: scope.names[index].clone(),
        number: split_number(title.as_str()).0.map(str::to_owned),
        level: i64::from(heading.level),
        path: path(scope, index),
        ..Section::default()
    };
    for id in scope.own_blocks(index) {
        let block = tree.block(id);
        match block.kind {
            BlockKind::Paragraph | BlockKind::TableCell => {
                section.words += words(tree.run(id).prose().as_str()).count() as i64;
                section.has_content |= !tree.run(id).is_empty();
                if block.kind == BlockKind::Paragraph && block.list_depth < 2 {
                    entries::paragraph(tree, id, &mut section.fields);
                }
            }
            BlockKind::Item { .. } => {
                section.items += 1;
                let parent = tree.block(block.parent).kind;
                section.ordered_items += i64::from(matches!(parent, BlockKind::List { ordered: true }));
            }
            BlockKind::Table => {
                section.tables += 1;
                entries::table(tree, id, |_| false, &mut section.fields);
            }
            BlockKind::Code { .. } => {
                section.has_content = true;
                if let Some(code) = tree.code(id).filter(|code| code.fenced) {
                    section.fences.push(Spanned::new(code.language().to_lowercase(), code.open_line()));
                }
            }
            BlockKind::Html => section.has_content |= !only_comments(scope, block.span),
            _ => {}
        }
    }
    let end = scope.sections.get(index + 1).map_or(scope.span.end, |next| next.span.start);
    let from = tree.links().partition_point(|link| link.span.start < heading.span.start);
    for link in tree.links().iter().skip(from).take_while(|link| link.span.start < end) {
        section.images += i64::from(link.image);
        section.links += i64::from(!link.image);
    }
    section.status = section.fields.iter().find(|entry| entry.name == "status").cloned();
    section
}

fn only_comments(scope: &Scope<'_>, span: Span) -> bool {
    let comments = scope.tree.comments();
    let from = comments.partition_point(|comment| comment.span.start < span.start);
    let inside = comments.iter().skip(from).take_while(|comment| comment.span.start < span.end);
    let covered: usize = inside.map(|comment| comment.span.len()).sum();
    let total = span.slice(scope.tree.source()).bytes().filter(|b| !b.is_ascii_whitespace()).count();
    covered >= total
}

fn path(scope: &Scope<'_>, index: usize) -> String {
    let mut names: Vec<&str> = scope.names_around(index).collect();
    names.reverse();
    names.join("/")
}

/// The names of headings, bold leads and bold lines.
pub(super) fn outline(scope: &Scope<'_>) -> Vec<Spanned<String>> {
    let tree = scope.tree;
    let mut out = Vec::new();
    for (section, name) in scope.sections.iter().zip(&scope.names) {
        out.push(Spanned::new(name.clone(), tree.section_title(section).whole_span()));
    }
    for id in scope.all_blocks() {
        let block = tree.block(id);
        if block.kind != BlockKind::Paragraph || block.list_depth > 1 {
            continue;
        }
        for line in tree.run(id).lines() {
            let Some(strong) = line.strong() else { continue };
            let lead = strong.lead.text();
            let rest = strong.rest.plain();
            let is_lead = lead.as_str().trim_end().ends_with(':')
                || rest.trim().is_empty()
                || rest.trim_start().starts_with([':', '-', '–', '—']);
            if is_lead && lead.len() <= 120 {
                out.push(Spanned::new(normalise(lead.as_str()), lead.whole_span()));
            }
        }
    }
    out.sort_by_key(|name| name.span);
    out
}
