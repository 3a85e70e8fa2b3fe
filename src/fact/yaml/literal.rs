//! A value under a name, judged: whether somebody wrote a credential down.

use crate::fact::secret::{Context, KeyKind, Redacted, judge, key_kind};
use crate::fact::value::Field;

/// A value that may be a credential, out of sight.
#[derive(Clone, Debug, Default)]
pub struct Literal {
    /// The value.
    pub value: Field<Redacted>,
    /// What the name promises.
    pub key_kind: &'static str,
    /// What the value is, where the name promises a credential; judging all others costs more than all rules.
    pub verdict: Field<String>,
}

impl Literal {
    /// Judges a value under a name.
    pub fn of(name: &str, value: Field<String>) -> Self {
        let kind = key_kind(name);
        let value = value.map(Redacted::new);
        let verdict = match kind.wants_judging() {
            true => value.as_ref().map(|text| verdict(text.expose(), name, kind)),
            false => Field::Absent,
        };
        Self { value, key_kind: kind.as_str(), verdict }
    }
}

fn verdict(text: &str, name: &str, kind: KeyKind) -> String {
    judge(text, Context { kind: Some(kind), ..Context::key(name) }).as_str().to_owned()
}
