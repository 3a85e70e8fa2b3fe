//! How facts are declared: a struct, its schema and the way to its fields from one list.

/// Declares facts: plain structs with a schema.
///
/// ```ignore
/// facts! {
///     /// One build stage.
///     pub struct Stage = "dockerfile.stage" {
///         /// The USER in effect, own or inherited.
///         "user" user: Field<User>,
///     }
/// }
/// ```
/// Every struct also gets `span`: its keyword or key.
macro_rules! facts {
    ($(
        $(#[doc = $doc:literal])+
        pub struct $Name:ident = $subject:literal {
            $( $(#[doc = $field_doc:literal])+ $key:literal $field:ident : $ty:ty ),* $(,)?
        }
    )+) => { $(
        $(#[doc = $doc])+
        #[allow(unreachable_pub)]
        #[derive(Clone, Debug, Default)]
        pub struct $Name {
            /// Its keyword or key: where a finding points when nothing better exists.
            pub span: $crate::text::Span,
            $( $(#[doc = $field_doc])+ pub $field: $ty, )*
        }

        #[allow(unreachable_pub)]
        impl $Name {
            /// The fields, for validation and reference.
            pub fn describe() -> &'static $crate::fact::value::Schema {
                use $crate::fact::value::{Fact, FieldDef, Schema};
                static SCHEMA: Schema = Schema {
                    name: $subject,
                    doc: concat!($($doc, "\n"),+),
                    fields: &[ $( FieldDef {
                        name: $key,
                        doc: concat!($($field_doc, "\n"),+),
                        ty: <$ty as Fact>::ty,
                    } ),* ],
                };
                &SCHEMA
            }
        }

        impl $crate::fact::value::Object for $Name {
            fn schema(&self) -> &'static $crate::fact::value::Schema {
                Self::describe()
            }
            #[allow(unused_assignments, unused_mut, unused_variables)]
            fn field(&self, id: usize) -> $crate::fact::value::Item<'_> {
                let mut next = 0;
                $(
                    if id == next {
                        return $crate::fact::value::Fact::item(&self.$field);
                    }
                    next += 1;
                )*
                $crate::fact::value::Item::ABSENT
            }
            fn span(&self) -> $crate::text::Span {
                self.span
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }

        impl $crate::fact::value::Fact for $Name {
            fn ty() -> $crate::fact::value::Type {
                $crate::fact::value::Type::Object(Self::describe)
            }
            fn item(&self) -> $crate::fact::value::Item<'_> {
                $crate::fact::value::Item {
                    value: $crate::fact::value::Value::Object(self),
                    span: Some(self.span),
                }
            }
        }
    )+ };
}

pub(crate) use facts;

/// Makes a fact of a type that rules across files compare as a whole: it has no fields of its own.
macro_rules! whole_fact {
    ($Name:ident = $subject:literal, $doc:literal) => {
        impl crate::fact::value::Object for $Name {
            fn schema(&self) -> &'static crate::fact::value::Schema {
                static SCHEMA: crate::fact::value::Schema =
                    crate::fact::value::Schema { name: $subject, doc: $doc, fields: &[] };
                &SCHEMA
            }
            fn field(&self, _: usize) -> crate::fact::value::Item<'_> {
                crate::fact::value::Item::ABSENT
            }
            fn span(&self) -> crate::text::Span {
                self.span
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }

        impl $Name {
            /// The name of the fact.
            pub const NAME: &'static str = $subject;
        }
    };
}

pub(crate) use whole_fact;
