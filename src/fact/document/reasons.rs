//! How well a decision record argues: alternatives with reasons, words enough, the price of the decision.

use super::names::words;
use super::scope::Scope;
use super::{Alternative, Document};
use crate::fact::value::Field;
use crate::syntax::markdown::BlockKind;
use crate::text::Spanned;

/// Words that tell of a price.
const PRICE: &[&str] = &[
    "negative",
    "bad",
    "risk",
    "downside",
    "drawback",
    "cost",
    "con",
    "cons",
    "trade-off",
    "tradeoff",
    "harder",
    "more",
    "but",
    "however",
    "although",
    "must",
    "need",
    "lose",
    "loss",
    "slower",
    "complex",
    "complexity",
    "disadvantage",
    "limit",
    "limitation",
    "less",
    "only",
    "cannot",
    "not",
    "no",
    "difficult",
    "effort",
    "overhead",
    "lock-in",
    "burden",
];

/// Fills in what depends on sections being there.
pub(super) fn judge(document: &mut Document, scope: &Scope<'_>) {
    let terms = scope.around.terms;
    let section = |thing: &str| document.sections.iter().find(|section| terms.is(thing, &section.name));
    let count = |thing: &str| match section(thing) {
        Some(found) if found.fences.is_empty() && found.tables == 0 && found.images == 0 => {
            Field::new(words(found.text.as_str()).count() as i64, found.span)
        }
        _ => Field::Absent,
    };
    document.decision_words = count("decision");
    document.context_words = count("context");
    document.tells_price = match section("consequences") {
        Some(found) => {
            let text = found.text.as_str().to_lowercase();
            let word = |c: char| !(c.is_alphanumeric() || c == '-' || c == '\'');
            let told = text.split(word).any(|w| PRICE.contains(&w) || PRICE.contains(&w.trim_end_matches('s')));
            Field::new(told || found.tables > 0 || text.trim().is_empty(), found.span)
        }
        None => Field::Absent,
    };
    let decided = |name: &str| matches!(name, "decision" | "decision outcome");
    let headings = document.sections.iter().filter(|section| section.level == 2 && decided(&section.name));
    document.decisions = headings.map(|section| section.heading.clone()).collect();
    document.other_status = other_status(document, scope);
    document.alternatives = alternatives(document, scope);
    document.other_number = match (document.number, &document.title_number) {
        (Some(file), Field::Known(title)) if scope.whole && file != title.value => Field::new(file, title.span),
        _ => Field::Absent,
    };
}

fn other_status(document: &Document, scope: &Scope<'_>) -> Option<Spanned<String>> {
    let first = document.header.status.as_ref()?;
    let said = |entry: &super::Entry| entry.starts.first().cloned();
    let other = document.fields.iter().find(|entry| {
        scope.around.terms.is("status", &entry.name)
            && !entry.value.is_absent()
            && !entry.unchosen
            && entry.span != first.span
            && said(entry) != said(first)
    })?;
    Some(Spanned::new(other.value.known()?.clone(), other.value.span()?))
}

/// The items directly below the heading of alternatives, or its subsections.
fn alternatives(document: &Document, scope: &Scope<'_>) -> Vec<Alternative> {
    let (tree, terms) = (scope.tree, scope.around.terms);
    let Some(index) = scope.names.iter().position(|name| terms.is("alternatives", name)) else { return Vec::new() };
    let Some(section) = scope.sections.get(index) else { return Vec::new() };
    let below = document.sections.iter().skip(index + 1).take_while(|next| next.level > i64::from(section.level));
    let mut out: Vec<Alternative> = below
        .filter(|next| next.level == i64::from(section.level) + 1)
        .map(|next| Alternative {
            span: next.span,
            text: next.heading.clone(),
            reasoned: next.words > 0 || next.tables > 0 || !next.fences.is_empty() || next.subsections > 0,
        })
        .collect();
    if !out.is_empty() {
        return out;
    }
    let items = scope
        .own_blocks(index)
        .filter(|&id| matches!(tree.block(id).kind, BlockKind::Item { .. }) && tree.block(id).list_depth == 1);
    for id in items {
        let Some(paragraph) = tree.first_paragraph(id) else { continue };
        let text = tree.run(paragraph).text();
        let plain = text.as_str().trim().to_owned();
        let marked =
            [" - ", " – ", " — ", ": ", " because ", " as ", "; ", ", ", ". ", " ("].iter().any(|m| plain.contains(m));
        let more = tree.descendants(id).filter(|&inner| inner != paragraph).count() > 0;
        // MADR argues further down, in a section of pros and cons.
        let elsewhere = document.sections.iter().any(|section| section.name.starts_with("pros and cons"));
        let reasoned = marked || more || elsewhere || words(&plain).count() > 12;
        out.push(Alternative { span: text.whole_span(), text: Spanned::new(plain, text.whole_span()), reasoned });
    }
    out
}
