//! Looking into YAML as written: mappings with known keys, texts, lists, limits.

use super::Reading;
use crate::check::structure::Bounds;
use crate::fact::document::{hours, normalise};
use crate::rule::read::unknown;
use crate::rule::written::{Name, Tree};
use crate::text::Span;

/// A mapping.
#[derive(Clone, Copy)]
pub(super) struct Map<'t> {
    pairs: &'t [(Name, Tree)],
}

impl<'t> Map<'t> {
    pub(super) fn get(&self, key: &str) -> Option<&'t Tree> {
        self.pairs.iter().find(|(name, _)| name.value == key).map(|(_, tree)| tree)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t Name, &'t Tree)> + use<'t> {
        self.pairs.iter().map(|(name, tree)| (name, tree))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl Reading {
    /// A mapping with any keys.
    pub(super) fn any_map<'t>(&mut self, tree: &'t Tree, what: &str) -> Option<Map<'t>> {
        match tree {
            Tree::Map(_, pairs) => Some(Map { pairs }),
            Tree::Text(name) if name.value.is_empty() => Some(Map { pairs: &[] }),
            other => {
                self.error(other.span(), format!("{what} must be a mapping"));
                None
            }
        }
    }

    /// A mapping whose keys are known.
    pub(super) fn map<'t>(&mut self, tree: &'t Tree, what: &str, known: &[&str]) -> Option<Map<'t>> {
        let map = self.any_map(tree, what)?;
        for (name, _) in map.entries().filter(|(name, _)| !known.contains(&name.value.as_str())) {
            self.error(name.span, unknown(&format!("key in {what}:"), &name.value, known));
        }
        Some(map)
    }

    pub(super) fn text(&mut self, tree: &Tree, what: &str) -> Option<Name> {
        match tree {
            Tree::Text(name) => Some(name.clone()),
            other => {
                self.error(other.span(), format!("`{what}` must be a text"));
                None
            }
        }
    }

    /// A list of texts; a single one counts as a list of one.
    pub(super) fn list(&mut self, tree: &Tree, what: &str) -> Vec<Name> {
        match tree {
            Tree::List(_, items) => items.iter().filter_map(|item| self.text(item, what)).collect(),
            other => self.text(other, what).into_iter().collect(),
        }
    }

    /// Names to compare.
    pub(super) fn names(&mut self, tree: &Tree, what: &str) -> Vec<String> {
        self.list(tree, what).iter().map(|name| comparable(&name.value)).collect()
    }

    pub(super) fn flag(&mut self, tree: &Tree, what: &str) -> bool {
        match tree {
            Tree::Text(name) if name.value == "true" => true,
            Tree::Text(name) if name.value == "false" => false,
            other => {
                self.error(other.span(), format!("`{what}` must be true or false"));
                false
            }
        }
    }

    /// `5`, `15..25`, `2h..8h`, `">= 3"`, `{at-least: 1, at-most: 3}`.
    pub(super) fn bounds(&mut self, tree: &Tree, what: &str) -> Bounds {
        match tree {
            Tree::Text(name) => match bounds(&name.value) {
                Some(bounds) => bounds,
                None => {
                    self.error(
                        name.span,
                        format!("`{what}` must be a number, or limits such as `15..25` or `\">= 3\"`"),
                    );
                    Bounds::default()
                }
            },
            tree => match self.map(tree, what, &["at-least", "at-most", "between"]) {
                Some(map) => self.bounds_of(&map, tree.span()),
                None => Bounds::default(),
            },
        }
    }

    /// The limits in a mapping that says other things too.
    pub(super) fn bounds_of(&mut self, map: &Map<'_>, span: Span) -> Bounds {
        let mut out = map.get("between").map(|tree| self.bounds(tree, "between")).unwrap_or_default();
        for (key, end) in [("at-least", &mut out.least), ("at-most", &mut out.most)] {
            let Some(tree) = map.get(key) else { continue };
            *end = self.text(tree, key).and_then(|name| measure(&name.value));
            if end.is_none() {
                self.error(tree.span(), format!("`{key}` must be a number"));
            }
        }
        if out == Bounds::default() {
            self.error(span, "this needs `at-least`, `at-most` or `between`");
        }
        out
    }
}

/// A name to compare with; a star at its end stays.
pub(super) fn comparable(name: &str) -> String {
    match name.trim_end().strip_suffix('*') {
        Some(head) => format!("{}*", normalise(head)),
        None => normalise(name),
    }
}

fn bounds(text: &str) -> Option<Bounds> {
    let text = text.trim();
    if let Some((least, most)) = text.split_once("..") {
        let end = |text: &str| if text.trim().is_empty() { Some(None) } else { measure(text).map(Some) };
        let found = Bounds { least: end(least)?, most: end(most)? };
        return (found != Bounds::default()).then_some(found);
    }
    if let Some(least) = text.strip_prefix(">=") {
        return Some(Bounds { least: Some(measure(least)?), most: None });
    }
    if let Some(most) = text.strip_prefix("<=") {
        return Some(Bounds { least: None, most: Some(measure(most)?) });
    }
    let exact = measure(text)?;
    Some(Bounds { least: Some(exact), most: Some(exact) })
}

/// A number, or a duration in hours.
fn measure(text: &str) -> Option<f64> {
    let text = text.trim();
    text.parse().ok().filter(|n: &f64| n.is_finite()).or_else(|| hours(text).map(|(least, _)| least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_in_several_ways() {
        let of = |least, most| Some(Bounds { least, most });
        let cases = [
            ("15..25", of(Some(15.0), Some(25.0))),
            ("2h..8h", of(Some(2.0), Some(8.0))),
            ("3..", of(Some(3.0), None)),
            ("..3", of(None, Some(3.0))),
            (">= 1", of(Some(1.0), None)),
            ("<=1.5", of(None, Some(1.5))),
            ("5", of(Some(5.0), Some(5.0))),
            ("..", None),
            ("many", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(bounds(text), expected, "{text}");
        }
        assert_eq!(
            (comparable("Superseded by *"), comparable("2. Context:")),
            ("superseded by*".into(), "context".into())
        );
    }
}
