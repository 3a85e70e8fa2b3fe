//! JSON Schema, as much as documents need: type, required, properties, additionalProperties, enum, const, items,
//! pattern, minItems, maxItems, minLength, minimum, maximum.

use super::{Bounds, Pattern};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// A schema. What is not given holds of everything.
#[derive(Debug, Default)]
pub struct JsonSchema {
    /// Types of which it has one: `object`, `array`, `string`, `number`, `integer`, `boolean`, `null`.
    pub types: Vec<String>,
    /// Keys that must be there.
    pub required: Vec<String>,
    /// What stands under keys.
    pub properties: Vec<(String, JsonSchema)>,
    /// Whether there may be no other keys.
    pub closed: bool,
    /// The values it may have, as JSON writes scalars, without quotes.
    pub values: Vec<String>,
    /// What stands in each member of a list.
    pub items: Option<Box<JsonSchema>>,
    /// What a text must match.
    pub pattern: Option<Pattern>,
    /// How many members a list has.
    pub length: Option<Bounds>,
    /// How many characters a text has.
    pub characters: Option<Bounds>,
    /// How great a number is.
    pub number: Option<Bounds>,
}

/// Faults that are told of one block at most.
const MOST: usize = 50;

impl JsonSchema {
    /// Everything that is wrong with a value, each at its place.
    pub fn faults(&self, root: NodeRef<'_>) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        // The schema's own depth bounds the walk: below it nothing is looked at.
        self.visit(root, "", &mut found);
        found.truncate(MOST);
        found
    }

    fn visit(&self, node: NodeRef<'_>, path: &str, out: &mut Vec<(Span, String)>) {
        if out.len() >= MOST {
            return;
        }
        let shown = if path.is_empty() { "this" } else { path };
        let ty = type_of(node);
        let fits = |wanted: &String| wanted == ty || (wanted == "number" && ty == "integer");
        if !self.types.is_empty() && !self.types.iter().any(fits) {
            out.push((node.span(), format!("{shown} is {ty}, expected {}", self.types.join(" or "))));
            return;
        }
        if node.is_mapping() {
            self.object(node, path, shown, out);
        } else if node.is_sequence() {
            self.array(node, path, shown, out);
        } else {
            self.scalar(node, shown, ty, out);
        }
    }

    fn object(&self, node: NodeRef<'_>, path: &str, shown: &str, out: &mut Vec<(Span, String)>) {
        let missing: Vec<&str> =
            self.required.iter().filter(|key| node.get(key).is_none()).map(String::as_str).collect();
        if !missing.is_empty() {
            let open = node.span();
            let head = Span { start: open.start, end: open.end.min(open.start + 1) };
            out.push((head, format!("{shown} has no {}", missing.join(", "))));
        }
        for (key, schema) in &self.properties {
            if let Some(value) = node.get(key) {
                schema.visit(value, &join(path, key), out);
            }
        }
        if self.closed {
            for (key, _) in node.written() {
                let Some(name) = key.scalar() else { continue };
                if !self.properties.iter().any(|(known, _)| known == name) {
                    out.push((key.span(), format!("{} is not expected", join(path, name))));
                }
            }
        }
    }

    fn array(&self, node: NodeRef<'_>, path: &str, shown: &str, out: &mut Vec<(Span, String)>) {
        let count = node.items().len();
        if let Some(bounds) = self.length.filter(|bounds| !bounds.admit(count as f64)) {
            out.push((node.span(), format!("{shown} has {count} members, expected {bounds}")));
        }
        let Some(items) = &self.items else { return };
        for (index, item) in node.items().enumerate() {
            items.visit(item, &format!("{path}[{index}]"), out);
        }
    }

    fn scalar(&self, node: NodeRef<'_>, shown: &str, ty: &str, out: &mut Vec<(Span, String)>) {
        let text = node.scalar().unwrap_or("");
        if !self.values.is_empty() && !self.values.iter().any(|value| value == text) {
            out.push((node.span(), format!("{shown} is `{text}`, expected one of {}", self.values.join(", "))));
        }
        if ty == "string" {
            if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
                out.push((node.span(), format!("{shown} does not match `{}`", pattern.as_str())));
            }
            let count = text.chars().count();
            if let Some(bounds) = self.characters.filter(|bounds| !bounds.admit(count as f64)) {
                out.push((node.span(), format!("{shown} has {count} characters, expected {bounds}")));
            }
        }
        if let (Some(bounds), Ok(number)) = (self.number, text.parse::<f64>())
            && matches!(ty, "number" | "integer")
            && !bounds.admit(number)
        {
            out.push((node.span(), format!("{shown} is {number}, expected {bounds}")));
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn type_of(node: NodeRef<'_>) -> &'static str {
    if node.is_mapping() {
        return "object";
    }
    if node.is_sequence() {
        return "array";
    }
    match node.plain() {
        Some("" | "null" | "~") => "null",
        Some("true" | "false") => "boolean",
        Some(text) if text.parse::<i64>().is_ok() => "integer",
        Some(text) if text.parse::<f64>().is_ok() => "number",
        _ => "string",
    }
}
