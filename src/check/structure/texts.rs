//! Code, links and words of a document.

use super::sections::Extent;
use super::{Bounds, Faults, JsonSchema, Need, Pattern, Shape};
use crate::fact::document::{Code, Prose};
use crate::syntax::yaml::Yaml;
use crate::syntax::{json, shell, yaml};
use crate::text::Span;

/// Fenced code of some languages.
#[derive(Debug)]
pub struct CodeDemand {
    /// The shape of the fault.
    pub shape: Shape,
    /// The languages, lower case; all if there is none.
    pub languages: Vec<String>,
    /// Whether there must be some.
    pub need: Need,
    /// The section that is meant, normalised; anywhere if there is none.
    pub within: Vec<String>,
    /// How many blocks.
    pub count: Option<Bounds>,
    /// Whether it must parse.
    pub parses: bool,
    /// What JSON and YAML must be like.
    pub schema: Option<JsonSchema>,
    /// What it must not hold.
    pub forbid: Vec<Pattern>,
}

/// Links that must lead somewhere.
#[derive(Debug, Default)]
pub struct LinksDemand {
    /// Relative paths.
    pub relative: Option<Shape>,
    /// Anchors of the same document.
    pub anchors: Option<Shape>,
}

/// Words that must or must not be there.
#[derive(Debug)]
pub enum TextDemand {
    /// Placeholders of a template.
    Leftovers(Shape),
    /// An expression that finds nothing; in documents with one of these statuses it may.
    Forbid(Shape, Pattern, Vec<String>),
    /// An expression that finds something.
    Require(Shape, Pattern),
}

pub(super) fn code(demand: &CodeDemand, extent: &Extent<'_>, faults: &mut Faults<'_>) {
    let language = |code: &&Code| demand.languages.is_empty() || demand.languages.contains(&code.language.value);
    let within = |code: &&Code| demand.within.is_empty() || extent.stands_in(code.span, &demand.within);
    let all = extent.document.code.iter().filter(|code| extent.holds(code.span));
    let found: Vec<&Code> = all.filter(language).filter(within).collect();
    let named = if demand.languages.is_empty() { "any language".to_owned() } else { demand.languages.join(", ") };
    let count = found.len();
    match demand.count {
        Some(bounds) if !bounds.admit(count as f64) => {
            let what = format!("{count} code blocks of {named}, expected {bounds}");
            faults.add(demand.shape, extent.place(), what, count.to_string());
        }
        None if count == 0 && demand.need == Need::Wanted => {
            faults.add(demand.shape, extent.place(), format!("no code block of {named}"), "");
        }
        _ => {}
    }
    for block in found {
        inside(demand, block, faults);
    }
}

fn inside(demand: &CodeDemand, block: &Code, faults: &mut Faults<'_>) {
    let language = block.language.value.as_str();
    let wrong = if demand.parses { broken(language, &block.text) } else { None };
    if let Some((span, what)) = &wrong {
        faults.add(demand.shape, *span, format!("this is no {language}: {what}"), "");
    }
    if let Some(schema) = demand.schema.as_ref().filter(|_| wrong.is_none()) {
        let text = block.text.text();
        let parsed = Yaml::parse(&text);
        if let Some(root) = parsed.root(0) {
            let found = schema.faults(root);
            found.into_iter().for_each(|(span, what)| faults.add(demand.shape, span, what, ""));
        }
    }
    for pattern in &demand.forbid {
        let Some(regex) = pattern.get() else { continue };
        for found in regex.find_iter(block.text.as_str()) {
            let what = format!("`{}` must not stand here", found.as_str().trim());
            faults.add(demand.shape, block.text.span(found.range()), what, found.as_str());
        }
    }
}

/// Why a block is not of its language, if that can be told.
fn broken(language: &str, code: &Prose) -> Option<(Span, String)> {
    let text = code.text();
    match language {
        "json" | "jsonc" => {
            let (range, what) = json::fault(code.as_str(), false)?;
            Some((code.span(range), what))
        }
        "yaml" | "yml" => {
            let parsed = Yaml::parse(&text);
            let error: &yaml::SyntaxError = parsed.errors.first()?;
            Some((error.span, error.message.to_string()))
        }
        "sh" | "bash" | "shell" | "zsh" => {
            let script = shell::parse(&text);
            script.fault().map(|fault| (fault.span, fault.message.clone()))
        }
        _ => None,
    }
}

pub(super) fn links(demand: &LinksDemand, faults: &mut Faults<'_>) {
    for link in &faults.document.links {
        if let (Some(shape), Some(false)) = (demand.relative, link.exists.known()) {
            let what = format!("`{}` leads to no file", link.target.value);
            faults.add(shape, link.target.span, what, link.target.value.as_str());
        }
        if let (Some(shape), Some(false)) = (demand.anchors, link.anchor_exists.known()) {
            let what = format!("`{}` leads to no heading", link.target.value);
            faults.add(shape, link.target.span, what, link.target.value.as_str());
        }
    }
}

pub(super) fn text(demand: &TextDemand, faults: &mut Faults<'_>) {
    let document = faults.document;
    match demand {
        TextDemand::Leftovers(shape) => {
            for leftover in &document.leftovers {
                let what = format!("placeholder {} was never filled in", leftover.text.value);
                faults.add(*shape, leftover.span, what, leftover.text.value.as_str());
            }
        }
        TextDemand::Forbid(shape, pattern, unless) => {
            let status = document.header.status.as_ref().map_or(&[][..], |status| &status.starts);
            if unless.iter().any(|word| status.contains(word)) {
                return;
            }
            let Some(regex) = pattern.get() else { return };
            for found in regex.find_iter(document.prose.as_str()) {
                let what = format!("`{}` must not stand here", found.as_str().trim());
                faults.add(*shape, document.prose.span(found.range()), what, found.as_str());
            }
        }
        TextDemand::Require(shape, pattern) => {
            if !pattern.is_match(document.text.as_str()) {
                faults.add(*shape, document.span, format!("nothing matches `{}`", pattern.as_str()), "");
            }
        }
    }
}
