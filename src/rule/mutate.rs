//! Mutation by data: a rule with any one condition, branch, place or variant taken out must fail a case.

use super::written::{Check, Condition, RuleFile, Tree};

/// A rule with one part taken out.
pub struct Mutant {
    /// What was taken out.
    pub what: String,
    /// The rest.
    pub rule: RuleFile,
}

/// All mutants of a rule. Keywords are left alone: they only make patterns faster.
pub fn mutants(rule: &RuleFile) -> Vec<Mutant> {
    let mut found = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut RuleFile)| {
        let mut mutant = rule.clone();
        change(&mut mutant);
        found.push(Mutant { what, rule: mutant });
    };
    match &rule.check {
        Check::Require { filter, require, .. } => {
            for (what, left) in filter.iter().flat_map(without) {
                add(format!("where: {what}"), &|m| {
                    if let Check::Require { filter, .. } = &mut m.check {
                        filter.clone_from(&left);
                    }
                });
            }
            for (what, left) in without(require) {
                // Without any demand a rule can never fire, and every failing case would say so.
                let Some(left) = left else { continue };
                add(format!("require: {what}"), &|m| {
                    if let Check::Require { require, .. } = &mut m.check {
                        *require = left.clone();
                    }
                });
            }
        }
        Check::Pattern { shapes } => {
            for index in 0..shapes.len() {
                pattern_mutants(shapes, index, &mut add);
            }
        }
        Check::Structure { filter, template, .. } => {
            for (what, left) in filter.iter().flat_map(without) {
                add(format!("where: {what}"), &|m| {
                    if let Check::Structure { filter, .. } = &mut m.check {
                        filter.clone_from(&left);
                    }
                });
            }
            for (what, left) in shorter(template, "structure") {
                add(what, &|m| {
                    if let Check::Structure { template, .. } = &mut m.check {
                        template.clone_from(&left);
                    }
                });
            }
        }
        Check::Query { shapes } => super::queries::mutants(shapes, &mut add),
        Check::None | Check::Native { .. } | Check::Engine { .. } => {}
    }
    for (index, at) in rule.at.iter().enumerate() {
        add(format!("at: {}", at.value), &|m| drop(m.at.remove(index)));
    }
    for (index, variant) in rule.variants.iter().enumerate() {
        let name = &variant.name.value;
        if variant.when.is_some() {
            add(format!("variant {name}"), &|m| drop(m.variants.remove(index)));
        }
        for (what, left) in variant.when.iter().flat_map(without) {
            let Some(left) = left else { continue };
            add(format!("variant {name}: {what}"), &|m| m.variants[index].when = Some(left.clone()));
        }
        for (number, at) in variant.at.iter().enumerate() {
            add(format!("variant {name}: at: {}", at.value), &|m| drop(m.variants[index].at.remove(number)));
        }
    }
    super::fix::mutants(rule, &mut add);
    found
}

/// Keys below which words stand that mean the same: data, not conditions.
const WORDS: &[&str] =
    &["also", "lang", "mentions", "must-be-one-of", "may-be", "enum", "unless-status", "description", "type"];

/// Every way to take one entry out of a template.
fn shorter(tree: &Tree, way: &str) -> Vec<(String, Tree)> {
    let mut found = Vec::new();
    match tree {
        Tree::Text(_) => {}
        Tree::List(span, items) => {
            for (index, item) in items.iter().enumerate() {
                let way = format!("{way}[{index}]");
                let with = |left: Option<Tree>| {
                    let mut others = items.clone();
                    match left {
                        Some(left) => others[index] = left,
                        None => drop(others.remove(index)),
                    }
                    Tree::List(*span, others)
                };
                found.extend(shorter(item, &way).into_iter().map(|(what, left)| (what, with(Some(left)))));
                found.push((way, with(None)));
            }
        }
        Tree::Map(span, pairs) => {
            for (index, (key, part)) in pairs.iter().enumerate() {
                let way = format!("{way}.{}", key.value);
                let with = |left: Option<Tree>| {
                    let mut others = pairs.clone();
                    match left {
                        Some(left) => others[index].1 = left,
                        None => drop(others.remove(index)),
                    }
                    Tree::Map(*span, others)
                };
                let data = WORDS.contains(&key.value.as_str());
                let inner = if data { Vec::new() } else { shorter(part, &way) };
                found.extend(inner.into_iter().map(|(what, left)| (what, with(Some(left)))));
                found.push((way, with(None)));
            }
        }
    }
    found
}

fn pattern_mutants(
    shapes: &[super::written::Shape],
    index: usize,
    add: &mut impl FnMut(String, &dyn Fn(&mut RuleFile)),
) {
    let edit = |m: &mut RuleFile, change: &dyn Fn(&mut Vec<super::written::Shape>)| {
        if let Check::Pattern { shapes } = &mut m.check {
            change(shapes);
        }
    };
    let name = shapes[index].variant.as_ref().map_or_else(|| index.to_string(), |v| v.value.clone());
    if shapes.len() > 1 {
        add(format!("pattern {name}"), &|m| edit(m, &|s| drop(s.remove(index))));
    }
    if shapes[index].judge.is_some() {
        add(format!("pattern {name}: judge"), &|m| edit(m, &|s| s[index].judge = None));
    }
    if !shapes[index].near.is_empty() {
        add(format!("pattern {name}: near"), &|m| edit(m, &|s| s[index].near.clear()));
    }
}

/// Every way to take one leaf, branch or list entry out of a condition; `None` where nothing is left.
pub(super) fn without(condition: &Condition) -> Vec<(String, Option<Condition>)> {
    match condition {
        Condition::All(parts) => branches(parts, Condition::All),
        Condition::Any(parts) => branches(parts, Condition::Any),
        Condition::OneOf(operands) if operands.len() > 1 => {
            let shorter = |index| {
                let mut left = operands.clone();
                left.remove(index);
                (format!("one-of entry {}", index + 1), Some(Condition::OneOf(left)))
            };
            (0..operands.len()).map(shorter).chain([("one-of".to_owned(), None)]).collect()
        }
        Condition::Not(part) => wrap(part, "not", |p| Condition::Not(Box::new(p))),
        Condition::Field(name, part) => wrap(part, &name.value, |p| Condition::Field(name.clone(), Box::new(p))),
        Condition::Count(span, part) => wrap(part, "count", |p| Condition::Count(*span, Box::new(p))),
        Condition::Each(span, part) => wrap(part, "each", |p| Condition::Each(*span, Box::new(p))),
        Condition::Some(span, part) => wrap(part, "some", |p| Condition::Some(*span, Box::new(p))),
        Condition::Equals(_)
        | Condition::Absent(_)
        | Condition::Present(_)
        | Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::OneOf(_)
        | Condition::Matches(_) => vec![("test".to_owned(), None)],
    }
}

fn wrap(part: &Condition, name: &str, rebuild: impl Fn(Condition) -> Condition) -> Vec<(String, Option<Condition>)> {
    let inner = without(part).into_iter();
    inner.map(|(what, left)| (format!("{name}: {what}"), left.map(&rebuild))).collect()
}

fn branches(parts: &[Condition], rebuild: fn(Vec<Condition>) -> Condition) -> Vec<(String, Option<Condition>)> {
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        for (what, left) in without(part) {
            let mut others = parts.to_vec();
            match left {
                Some(left) => others[index] = left,
                None => drop(others.remove(index)),
            }
            found.push((what, (!others.is_empty()).then(|| rebuild(others))));
        }
    }
    found
}
