//! The queries of a rule: what messages may name, what is wrong with them, what they are without a part.

use super::read::unknown;
use super::written::{Check, QueryShape, RuleFile};
use crate::syntax::query::{FAULT, Language, check, scheme};
use crate::text::Span;

/// The names that the queries of a rule capture.
pub(super) fn captures(shapes: &[QueryShape]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for shape in shapes {
        let items = scheme::items(&shape.find.value).unwrap_or_default();
        for name in scheme::captures(&shape.find.value, &items) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// All that is wrong with the queries of a rule, each at its words.
pub(super) fn faults(shapes: &[QueryShape]) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for shape in shapes {
        let Some(language) = Language::named(&shape.language.value) else {
            let known = Language::ALL.map(Language::name);
            found.push((shape.language.span, unknown("language", &shape.language.value, &known)));
            continue;
        };
        if let Err(fault) = check(language, &shape.find.value) {
            found.push((shape.place(fault.at), format!("query: {}", fault.message)));
        }
    }
    found
}

/// Every query of a rule without one of its parts.
pub(super) fn mutants(shapes: &[QueryShape], add: &mut impl FnMut(String, &dyn Fn(&mut RuleFile))) {
    let edit = |rule: &mut RuleFile, change: &dyn Fn(&mut Vec<QueryShape>)| {
        if let Check::Query { shapes } = &mut rule.check {
            change(shapes);
        }
    };
    for (index, shape) in shapes.iter().enumerate() {
        let name = shape.variant.as_ref().map_or_else(|| index.to_string(), |v| v.value.clone());
        if shapes.len() > 1 {
            add(format!("query {name}"), &|m| edit(m, &|s| drop(s.remove(index))));
        }
        for (part, rest) in scheme::without(&shape.find.value, FAULT) {
            add(format!("query {name}: {part}"), &|m| edit(m, &|s| s[index].find.value.clone_from(&rest)));
        }
    }
}
