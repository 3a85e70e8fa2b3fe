//! Specs of infrastructure components against what their type is asked, and their requirements against names of products.

use super::{Hit, Native, Options};
use crate::fact::document::{Document, Section};
use crate::fact::{Facts, Subject};
use std::collections::BTreeSet;

/// The checks of this module.
pub(super) const NATIVES: &[Native] = &[
    Native { name: "components::topics", subjects: &["infra-spec.spec"], arguments: &["type", "topics"], run: topics },
    Native {
        name: "components::products",
        subjects: &["infra-spec.spec.section"],
        arguments: &["product"],
        run: products,
    },
];

/// Topics of a component's type that its spec does not mention: `caching: eviction = evict, ttl`.
fn topics(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, document) in facts.of::<Document>().filter(|(subject, _)| &*subject.name == "infra-spec.spec") {
        let Some(entry) = document.header.component_type.as_ref() else { continue };
        let (Some(written), Some(span)) = (entry.value.known(), entry.value.span()) else { continue };
        let text = document.text.as_str().to_lowercase();
        let mut missing = Vec::new();
        for line in options.list("topics") {
            let Some((kind, (topic, words))) = line.split_once(": ").and_then(|(k, t)| Some((k, t.split_once(" = ")?)))
            else {
                continue;
            };
            let asked = entry.starts.iter().any(|start| start == kind.trim());
            if asked && !words.split(", ").any(|word| mentions(&text, word.trim())) {
                missing.push(topic.trim());
            }
        }
        if let Some((last, rest)) = missing.split_last() {
            let listed = if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
            let arguments = vec![("type", written.clone()), ("topics", listed)];
            out.push(Hit { span, arguments, label: subject.label.to_string(), ..Hit::default() });
        }
    }
}

/// Whether a word begins so.
fn mentions(text: &str, word: &str) -> bool {
    !word.is_empty() && text.match_indices(word).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric()))
}

/// Products that stand among the functional requirements, each once.
fn products(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    let sections = facts.of::<Section>().filter(|(subject, section)| {
        &*subject.name == "infra-spec.spec.section" && section.name.split(" (").next().is_some_and(is_functional)
    });
    for (subject, section) in sections {
        // Lower case keeps the length of these bytes, and so their places.
        let text = section.text.as_str().to_ascii_lowercase();
        let mut seen = BTreeSet::new();
        for product in options.list("products").iter().map(|product| product.to_ascii_lowercase()) {
            let glued = |c: char| c.is_alphanumeric() || c == '_';
            let whole = |at: &usize| !text[..*at].ends_with(glued) && !text[*at + product.len()..].starts_with(glued);
            let found = text.match_indices(&product).map(|(at, _)| at).find(whole).filter(|_| !product.is_empty());
            seen.extend(found.map(|at| (at, product.len())));
        }
        out.extend(seen.into_iter().map(|(at, len)| product_hit(subject, section, at, len)));
    }
}

fn is_functional(name: &str) -> bool {
    matches!(name.trim(), "functional" | "functional requirements")
}

fn product_hit(subject: &Subject, section: &Section, at: usize, len: usize) -> Hit {
    let product = section.text.as_str().get(at..at + len).unwrap_or("").to_owned();
    let span = section.text.span(at..at + len);
    Hit { span, arguments: vec![("product", product)], label: subject.label.to_string(), ..Hit::default() }
}
