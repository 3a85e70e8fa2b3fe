//! Conditions: a scalar is a value, a mapping means all of its entries.

use super::reader::Reader;
use crate::rule::written::{Condition, Name, Operand};
use crate::syntax::yaml::NodeRef;
use crate::text::Spanned;

/// Words with a meaning of their own; no field may be called so.
pub const WORDS: &[&str] =
    &["all", "any", "not", "at-least", "at-most", "one-of", "matches", "count", "each", "some", "equals"];

/// Reads a condition.
pub(super) fn condition(reader: &mut Reader, node: NodeRef<'_>) -> Condition {
    if node.is_mapping() {
        let entries = reader.entries(node, "a condition");
        if entries.is_empty() {
            reader.error(node.span(), "an empty condition demands nothing");
        }
        let mut parts: Vec<Condition> = entries.iter().map(|e| entry(reader, e.name, e.key, e.value)).collect();
        return if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) };
    }
    if node.is_sequence() {
        reader.error(node.span(), "a list is no condition; write `one-of: […]` or `any: […]`");
        return Condition::Absent(node.span());
    }
    match node.plain() {
        Some("absent") => Condition::Absent(node.span()),
        Some("present") => Condition::Present(node.span()),
        _ => Condition::Equals(operand(reader, node)),
    }
}

fn entry(reader: &mut Reader, word: &str, key: NodeRef<'_>, value: NodeRef<'_>) -> Condition {
    match word {
        "all" => Condition::All(conditions(reader, value)),
        "any" => Condition::Any(conditions(reader, value)),
        "not" => Condition::Not(Box::new(condition(reader, value))),
        "equals" => Condition::Equals(operand(reader, value)),
        "at-least" => Condition::AtLeast(operand(reader, value)),
        "at-most" => Condition::AtMost(operand(reader, value)),
        "one-of" => Condition::OneOf(operands(reader, value)),
        "matches" => Condition::Matches(reader.text(value, "`matches`")),
        "count" => Condition::Count(key.span(), Box::new(condition(reader, value))),
        "each" => Condition::Each(key.span(), Box::new(condition(reader, value))),
        "some" => Condition::Some(key.span(), Box::new(condition(reader, value))),
        field => {
            let name = Spanned::new(field.to_owned(), key.span());
            Condition::Field(name, Box::new(condition(reader, value)))
        }
    }
}

fn conditions(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Condition> {
    if !node.is_sequence() {
        reader.error(node.span(), "this must be a list of conditions");
    }
    node.items().map(|item| condition(reader, item)).collect()
}

fn operands(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Operand> {
    match node.is_sequence() {
        true => node.items().map(|item| operand(reader, item)).collect(),
        false => vec![operand(reader, node)],
    }
}

fn operand(reader: &mut Reader, node: NodeRef<'_>) -> Operand {
    let text: Name = reader.text(node, "a value");
    match text.value.strip_prefix('$') {
        Some(option) if node.plain().is_some() && !option.is_empty() => {
            Operand::Option(Spanned::new(option.to_owned(), text.span))
        }
        _ => Operand::Text(text),
    }
}
