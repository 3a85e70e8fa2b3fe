//! `environment`, in both of its forms.

use super::parts::Env;
use super::{ServiceBuilder, interpolate};
use crate::fact::value::Field;
use crate::fact::yaml::Literal;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

impl ServiceBuilder<'_> {
    /// `environment` as a mapping or as a list of `NAME=value`.
    pub(super) fn environment(&self, wanted: &Wanted, out: &mut Facts) {
        if !wanted.subject(Env::describe().name) {
            return;
        }
        let slot = self.slot.get("environment");
        for (key, value) in slot.entries() {
            let name = key.scalar().unwrap_or_default();
            let env = self.variable(key.span(), name, interpolate::field(value.text()));
            let extent = value.extent().unwrap_or(key.span());
            out.push(env, &self.label, extent);
        }
        let Some(list) = slot.node() else { return };
        for item in list.items() {
            if let Some(env) = self.assignment(item) {
                out.push(env, &self.label, item.span());
            }
        }
    }

    fn assignment(&self, item: NodeRef<'_>) -> Option<Env> {
        let text = item.text()?;
        let (name, value) = match text.as_str().split_once('=') {
            Some((name, _)) => {
                let range = name.len() + 1..text.len();
                let span = text.span(range.clone());
                let value = text.as_str()[range].to_owned();
                let field = match value.contains('$') || item.is_templated() {
                    true => Field::unknown(value, span),
                    false => Field::new(value, span),
                };
                (name.to_owned(), interpolate::field(field))
            }
            None => (text.as_str().to_owned(), Field::Absent),
        };
        Some(self.variable(item.span(), &name, value))
    }

    fn variable(&self, span: Span, name: &str, value: Field<String>) -> Env {
        let Literal { value, key_kind, verdict } = Literal::of(name, value);
        Env { span, name: name.to_owned(), value, key_kind, verdict, service: self.name.clone() }
    }
}
