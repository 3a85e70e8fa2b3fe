//! A value under a name, judged: whether somebody wrote a credential down.

use crate::fact::secret::{Context, Redacted, judge, key_kind};
use crate::fact::value::Field;

/// A value that may be a credential, out of sight.
#[derive(Clone, Debug, Default)]
pub struct Literal {
    /// The value.
    pub value: Field<Redacted>,
    /// What the name promises.
    pub key_kind: String,
    /// What the value is.
    pub verdict: Field<String>,
}

impl Literal {
    /// Judges a value under a name.
    pub fn of(name: &str, value: Field<String>) -> Self {
        let key_kind = key_kind(name).as_str().to_owned();
        let verdict = value.clone().map(|text| judge(&text, Context::key(name)).as_str().to_owned());
        Self { value: value.map(Redacted::new), key_kind, verdict }
    }
}
