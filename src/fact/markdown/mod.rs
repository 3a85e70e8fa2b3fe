//! What every Markdown file has, whatever it is about: where its links lead, headings, table rows, references.

mod anchors;
mod fences;
mod headings;
mod links;
mod references;
mod routes;
mod rows;
mod snippets;

pub(in crate::fact) use anchors::{is_everywhere, slug};
pub(in crate::fact) use fences::has_nested_fence;
pub(in crate::fact) use headings::is_changelog;
pub(in crate::fact) use links::targets;

use super::value::{Field, facts};
use super::{Facts, File, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::text::{Span, Spanned};

facts! {
    /// Where a link or an image leads.
    pub struct Target = "markdown.target" {
        /// The target as written, escapes undone.
        "target" target: Spanned<String>,
        /// What the link shows, without markup; the description of an image.
        "text" text: String,
        /// Whether it shows nothing at all: no words, no image.
        "bare" bare: bool,
        /// Whether it is an image.
        "image" image: bool,
        /// What it leads to: `file`, `anchor` (in the same file), `web`, `site` (below the root of a site), `none`
        /// (an empty target) or `other`.
        "kind" kind: String,
        /// Whether the file or directory is there; unknown where a site generator, a template or somebody outside
        /// the project root decides.
        "exists" exists: Field<bool>,
        /// Whether the heading or anchor is there; absent where none is named, unknown in other files.
        "anchor-exists" anchor_exists: Field<bool>,
        /// The path below the project root.
        "path" path: Option<String>,
        /// Where nothing is there: the path that is probably meant, counted from the project root, or the same name in
        /// other capitals.
        "instead" instead: Option<String>,
        /// The target that leads there.
        "mended" mended: Option<String>,
        /// What stands behind the `#`.
        "fragment" fragment: Option<String>,
    }

    /// A heading.
    pub struct Heading = "markdown.heading" {
        /// Its words.
        "text" text: Spanned<String>,
        /// Its level, 1 to 6.
        "level" level: i64,
        /// The level of the heading before it; absent for the first.
        "before" before: Option<i64>,
        /// By how many levels it goes deeper than the heading before it; 0 where it does not.
        "step" step: i64,
        /// The line of an earlier heading with the same words below the same parent.
        "repeats" repeats: Option<i64>,
        /// Which title it is, counted from 1; absent below the first level. A title in the frontmatter counts.
        "title" title: Option<i64>,
        /// Whether the page is a changelog, where each version repeats the same headings.
        "in-changelog" in_changelog: bool,
    }

    /// A whole page.
    pub struct Page = "markdown.page" {
        /// How many titles it has: headings of the first level, the frontmatter's title, a heading in HTML.
        "titles" titles: i64,
        /// How many headings.
        "headings" headings: i64,
        /// How many lines with anything on them.
        "lines" lines: i64,
        /// Anchors that other pages can link to, as they compare.
        "anchors" anchors: Vec<String>,
    }

    /// A row of a table.
    pub struct Row = "markdown.row" {
        /// How many cells it has as written; bars inside code do not part cells.
        "cells" cells: i64,
        /// How many columns the table has.
        "columns" columns: i64,
        /// How many cells it has too many: what stands there is not shown.
        "extra" extra: i64,
        /// How many it lacks.
        "lacking" lacking: i64,
    }

    /// A reference to a definition elsewhere in the file that is not there.
    pub struct Undefined = "markdown.undefined-reference" {
        /// The label.
        "label" label: String,
        /// `link` or `footnote`.
        "kind" kind: String,
    }

    /// A fence inside a block that shows Markdown, as long as that block's own: it closes the block early.
    pub struct NestedFence = "markdown.nested-fence" {
        /// The marks of the inner fence.
        "fence" fence: String,
        /// What stands behind the outer fence.
        "outer" outer: String,
        /// The marks at the beginning and the end of the outer block, where its end can be told.
        "ends" ends: Vec<Spanned<String>>,
        /// Marks that are longer than all inside.
        "longer" longer: String,
    }

    /// A fenced block that says it is JSON, TOML or YAML and is not.
    pub struct CodeFault = "markdown.code-fault" {
        /// `json`, `toml` or `yaml`.
        "language" language: String,
        /// What is wrong, a sentence without its full stop.
        "problem" problem: String,
    }

    /// A definition `[label]: target` or `[^label]: text`.
    pub struct Definition = "markdown.definition" {
        /// The label.
        "label" label: String,
        /// Whether anything refers to it.
        "used" used: bool,
    }
}

/// Adds what is wanted of it.
pub fn build(file: &File<'_>, tree: &Tree<'_>, wanted: &Wanted, out: &mut Facts) {
    let whole = Span::new(0, tree.source().len());
    let label = |span: Span| {
        let section = tree.section_at(span.start);
        section.map(|section| tree.heading_path(section).join(" > ")).unwrap_or_default()
    };
    // What a template leaves open is for those to fill in who copy it.
    let template = file.path.to_lowercase().contains("template");
    if wanted.subject(Target::describe().name) && !template {
        for target in links::targets(file, tree) {
            let span = target.span;
            out.push(target, label(span), span);
        }
    }
    if wanted.subject(Heading::describe().name) {
        for heading in headings::headings(file, tree) {
            let span = heading.span;
            let extent = tree.section_at(span.start).map_or(span, |section| section.span);
            out.push(heading, label(span), extent);
        }
    }
    if wanted.subject(Page::describe().name) {
        out.push(headings::page(tree), "", whole);
    }
    if wanted.subject(Row::describe().name) {
        for row in rows::rows(tree) {
            let span = row.span;
            out.push(row, label(span), span);
        }
    }
    if wanted.subject(Undefined::describe().name) && !template {
        for reference in references::undefined(tree) {
            let span = reference.span;
            out.push(reference, label(span), span);
        }
    }
    if wanted.subject(NestedFence::describe().name) {
        for fence in fences::nested(tree) {
            let span = fence.span;
            out.push(fence, label(span), span);
        }
    }
    if wanted.subject(CodeFault::describe().name) && !template {
        for fault in snippets::faults(tree) {
            let span = fault.span;
            out.push(fault, label(span), span);
        }
    }
    if wanted.subject(Definition::describe().name) {
        for definition in references::definitions(tree) {
            let span = definition.span;
            out.push(definition, label(span), span);
        }
    }
}
