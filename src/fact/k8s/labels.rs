//! Labels and what selects by them, owned, so that files can be compared after their trees are gone.

use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;

/// The labels of something that may be selected.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pairs: Vec<(String, Field<String>)>,
    /// Whether there may be more: a template or a kustomization adds some.
    open: bool,
}

/// What a selector asks for.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    equal: Vec<(String, Field<String>)>,
    expressions: Vec<Expression>,
    open: bool,
}

#[derive(Clone, Debug)]
struct Expression {
    key: String,
    operator: String,
    values: Vec<String>,
}

/// Labels that controllers give to the pods they make.
const GIVEN: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

impl Labels {
    /// The labels written in a mapping.
    pub fn of(slot: Slot<'_>, open: bool) -> Self {
        Self { pairs: pairs(slot), open: open || slot.is_unknown() || slot.node().is_some_and(NodeRef::is_templated) }
    }

    /// What a label says: `None` where that cannot be told, else its value, if it is there.
    pub fn get(&self, key: &str) -> Option<Option<&str>> {
        match self.pairs.iter().find(|(name, _)| name == key) {
            Some((_, value)) => value.known().map(|value| Some(value.as_str())),
            None if self.open || GIVEN.contains(&key) => None,
            None => Some(None),
        }
    }

    /// Keys and values that are known.
    pub fn known(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().filter_map(|(key, value)| Some((key.as_str(), value.known()?.as_str())))
    }

    /// Whether something may match that is not written: more labels, or values that nobody knows.
    pub fn is_open(&self) -> bool {
        self.open || self.pairs.iter().any(|(_, value)| value.is_unknown())
    }

    /// `app=web, tier=front`, for people.
    pub fn shown(&self) -> String {
        show(&self.pairs)
    }
}

impl Selector {
    /// A `labelSelector`: `matchLabels` and `matchExpressions`.
    pub fn of(slot: Slot<'_>) -> Self {
        let expressions = slot.get("matchExpressions");
        let open = slot.is_unknown() || slot.get("matchLabels").is_unknown() || expressions.is_unknown();
        let read = |slot: Slot<'_>| {
            let text = |key: &str| slot.get(key).text().known().cloned();
            let values = slot.get("values").items().map(|value| value.text().known().cloned());
            Some(Expression { key: text("key")?, operator: text("operator")?, values: values.collect::<Option<_>>()? })
        };
        let read: Vec<Option<Expression>> = expressions.items().map(read).collect();
        Self {
            equal: pairs(slot.get("matchLabels")),
            open: open || read.iter().any(Option::is_none),
            expressions: read.into_iter().flatten().collect(),
        }
    }

    /// A mapping of labels, as Services have it.
    pub fn plain(slot: Slot<'_>) -> Self {
        Self { equal: pairs(slot), expressions: Vec::new(), open: slot.is_unknown() }
    }

    /// Whether it asks for nothing, and so takes everything.
    pub fn is_empty(&self) -> bool {
        self.equal.is_empty() && self.expressions.is_empty() && !self.open
    }

    /// Labels that everything it takes has, and that somebody wrote.
    pub fn written(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known().filter(|(key, _)| !GIVEN.contains(key))
    }

    /// Labels that everything it takes has.
    pub fn known(&self) -> impl Iterator<Item = (&str, &str)> {
        self.equal.iter().filter_map(|(key, value)| Some((key.as_str(), value.known()?.as_str())))
    }

    /// Whether it takes something with these labels; `None` where that cannot be told.
    pub fn matches(&self, labels: &Labels) -> Option<bool> {
        let equal = self.equal.iter().map(|(key, wanted)| match (labels.get(key), wanted.known()) {
            (Some(None), _) => Some(false),
            (Some(Some(found)), Some(wanted)) => Some(found == wanted),
            _ => None,
        });
        let expressions = self.expressions.iter().map(|expression| expression.matches(labels));
        let mut all = if self.open { None } else { Some(true) };
        for one in equal.chain(expressions) {
            match one {
                Some(false) => return Some(false),
                None => all = None,
                Some(true) => {}
            }
        }
        all
    }

    /// `app=web, tier=front`, for people.
    pub fn shown(&self) -> String {
        let mut parts: Vec<String> = self.equal.iter().map(show_pair).collect();
        parts.extend(self.expressions.iter().map(|e| format!("{} {} {}", e.key, e.operator, e.values.join("|"))));
        parts.join(", ")
    }
}

impl Expression {
    fn matches(&self, labels: &Labels) -> Option<bool> {
        let found = labels.get(&self.key)?;
        let listed = found.is_some_and(|found| self.values.iter().any(|value| value == found));
        match self.operator.as_str() {
            "In" => Some(listed),
            "NotIn" => Some(!listed),
            "Exists" => Some(found.is_some()),
            "DoesNotExist" => Some(found.is_none()),
            _ => None,
        }
    }
}

fn pairs(slot: Slot<'_>) -> Vec<(String, Field<String>)> {
    slot.entries().map(|(key, value)| (key.scalar().unwrap_or_default().to_owned(), value.text())).collect()
}

fn show(pairs: &[(String, Field<String>)]) -> String {
    pairs.iter().map(show_pair).collect::<Vec<_>>().join(", ")
}

fn show_pair((key, value): &(String, Field<String>)) -> String {
    match value {
        Field::Known(value) => format!("{key}={}", value.value),
        Field::Unknown(text) => format!("{key}={}", text.value),
        Field::Absent => key.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml::Yaml;
    use crate::text::Text;

    fn matches(selector: &str, labels: &str, open: bool) -> Option<bool> {
        let (selector, labels) = (Text::whole(selector), Text::whole(labels));
        let (selector, labels) = (Yaml::parse(&selector), Yaml::parse(&labels));
        let labels = labels.root(0).map(|root| Labels::of(Slot::of(root), open)).unwrap_or_default();
        Selector::of(Slot::of(selector.root(0).unwrap())).matches(&labels)
    }

    #[test]
    fn selectors_take_what_has_their_labels() {
        assert_eq!(matches("matchLabels: {a: b}", "{a: b, c: d}", false), Some(true));
        assert_eq!(matches("matchLabels: {a: b, c: e}", "{a: b, c: d}", false), Some(false));
        assert_eq!(matches("matchLabels: {a: b}", "{c: d}", true), None);
        assert_eq!(matches("matchLabels: {a: '{{ x }}'}", "{a: b}", false), None);
        assert_eq!(matches("matchLabels: {a: '{{ x }}', c: e}", "{a: b, c: d}", false), Some(false));
    }

    #[test]
    fn expressions_count_too() {
        let of = |operator: &str| format!("matchExpressions: [{{key: a, operator: {operator}, values: [b, c]}}]");
        assert_eq!(matches(&of("In"), "{a: c}", false), Some(true));
        assert_eq!(matches(&of("NotIn"), "{a: c}", false), Some(false));
        assert_eq!(matches(&of("NotIn"), "{}", false), Some(true));
        assert_eq!(matches(&of("Exists"), "{}", false), Some(false));
        assert_eq!(matches(&of("DoesNotExist"), "{}", false), Some(true));
        assert_eq!(matches(&of("Odd"), "{a: b}", false), None);
    }
}
