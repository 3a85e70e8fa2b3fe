//! The model of which every fact is made: fields that are known, absent or unknown, each with its place.
//!
//! A fact is a plain struct that [`facts!`] declares together with its schema. Rules reach it only
//! through [`Object`]: field by number, answer as an [`Item`]. All strings are owned, so a fact
//! outlives the tree it was read from.

mod declare;
#[cfg(test)]
mod tests;

pub(crate) use declare::{facts, whole_fact};

use crate::text::{Span, Spanned};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A value that may be missing or undecidable.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Field<T> {
    /// It is not there.
    #[default]
    Absent,
    /// It is there, or may be, but what it says depends on a variable or a template; holds the source text.
    Unknown(Spanned<String>),
    /// What it says, and where.
    Known(Spanned<T>),
}

impl<T> Field<T> {
    /// A known value.
    pub fn new(value: T, span: Span) -> Self {
        Field::Known(Spanned::new(value, span))
    }

    /// An undecidable one, written so in the file.
    pub fn unknown(text: impl Into<String>, span: Span) -> Self {
        Field::Unknown(Spanned::new(text.into(), span))
    }

    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Field::Known(spanned) => Some(&spanned.value),
            _ => None,
        }
    }

    /// Where it stands, known or not.
    pub fn span(&self) -> Option<Span> {
        match self {
            Field::Absent => None,
            Field::Unknown(text) => Some(text.span),
            Field::Known(value) => Some(value.span),
        }
    }

    /// Whether it is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Whether it cannot be decided.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Field::Unknown(_))
    }

    /// The same, with the value only lent.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Field::Absent => Field::Absent,
            Field::Unknown(text) => Field::Unknown(text.clone()),
            Field::Known(Spanned { value, span }) => Field::new(value, *span),
        }
    }

    /// Another value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Field::Absent => Field::Absent,
            Field::Unknown(text) => Field::Unknown(text),
            Field::Known(Spanned { value, span }) => Field::new(change(value), span),
        }
    }

    /// This one, or the other where this is absent.
    pub fn or(self, other: Self) -> Self {
        if self.is_absent() { other } else { self }
    }

    /// In an open part (a fragment, a patch, a template) what is missing may be elsewhere: Absent becomes Unknown.
    pub fn open(self, open: bool, place: Span) -> Self {
        if open && self.is_absent() { Field::unknown("", place) } else { self }
    }
}

impl<T> From<Spanned<T>> for Field<T> {
    fn from(value: Spanned<T>) -> Self {
        Field::Known(value)
    }
}

/// A list of which some members may not be in sight.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct OpenList<T> {
    /// Those in sight.
    pub items: Vec<T>,
    /// Whether there may be more.
    pub open: bool,
}

/// What a rule gets for a field.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Where it stands, if it has a place of its own.
    pub span: Option<Span>,
}

impl<'a> Item<'a> {
    /// Not there.
    pub const ABSENT: Item<'static> = Item { value: Value::Absent, span: None };

    /// A value without a place.
    pub fn bare(value: Value<'a>) -> Self {
        Item { value, span: None }
    }
}

/// A value as rules see it.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// Not there.
    Absent,
    /// Not decidable; the source text.
    Unknown(&'a str),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A measure.
    Num(f64),
    /// A text.
    Str(&'a str),
    /// A secret, in the only form that may be shown.
    Secret(&'a str),
    /// Several values.
    List(&'a dyn List),
    /// A fact of its own.
    Object(&'a dyn Object),
}

/// The type of a field, for validation, editors and the reference.
#[derive(Clone, Copy)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A measure.
    Num,
    /// A text.
    Str,
    /// A secret, which rules may only ask to be present and print redacted.
    Secret,
    /// Several values of one type.
    List(fn() -> Type),
    /// A fact of its own.
    Object(fn() -> &'static Schema),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("whole number"),
            Type::Num => f.write_str("number"),
            Type::Str => f.write_str("text"),
            Type::Secret => f.write_str("secret"),
            Type::List(element) => write!(f, "list of {}", element()),
            Type::Object(schema) => f.write_str(schema().name),
        }
    }
}

/// The fields of one kind of fact.
#[derive(Debug)]
pub struct Schema {
    /// The name that rules match, such as `dockerfile.stage`.
    pub name: &'static str,
    /// What such a fact is.
    pub doc: &'static str,
    /// Its fields; the position is the field's number.
    pub fields: &'static [FieldDef],
}

impl Schema {
    /// The number of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }
}

/// One field of a [`Schema`].
pub struct FieldDef {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it means, with its unit.
    pub doc: &'static str,
    /// Its type.
    pub ty: fn() -> Type,
}

impl fmt::Debug for FieldDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, (self.ty)())
    }
}

/// Something with fields.
pub trait Object: Send + Sync {
    /// Its fields.
    fn schema(&self) -> &'static Schema;
    /// One field, by its number in the schema.
    fn field(&self, id: usize) -> Item<'_>;
    /// Its keyword or key: where a finding points when nothing better exists.
    fn span(&self) -> Span;
    /// As the struct it is, for native checks.
    fn as_any(&self) -> &dyn Any;
}

/// Something with members.
pub trait List: Send + Sync {
    /// How many are in sight.
    fn size(&self) -> usize;
    /// One of them.
    fn member(&self, index: usize) -> Item<'_>;
    /// Whether there may be more.
    fn open(&self) -> bool;
}

/// Whatever may be the value of a field.
pub trait Fact: Send + Sync {
    /// Its type.
    fn ty() -> Type
    where
        Self: Sized;
    /// Its value, as rules see it.
    fn item(&self) -> Item<'_>;
}

impl Fact for bool {
    fn ty() -> Type {
        Type::Bool
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Bool(*self))
    }
}

impl Fact for i64 {
    fn ty() -> Type {
        Type::Int
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Int(*self))
    }
}

impl Fact for f64 {
    fn ty() -> Type {
        Type::Num
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Num(*self))
    }
}

impl Fact for String {
    fn ty() -> Type {
        Type::Str
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Str(self))
    }
}

impl Fact for &'static str {
    fn ty() -> Type {
        Type::Str
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::Str(self))
    }
}

impl<T: Fact> Fact for Spanned<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn item(&self) -> Item<'_> {
        Item { value: self.value.item().value, span: Some(self.span) }
    }
}

impl<T: Fact> Fact for Field<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn item(&self) -> Item<'_> {
        match self {
            Field::Absent => Item::ABSENT,
            Field::Unknown(text) => Item { value: Value::Unknown(&text.value), span: Some(text.span) },
            Field::Known(value) => value.item(),
        }
    }
}

impl<T: Fact> Fact for Option<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn item(&self) -> Item<'_> {
        self.as_ref().map_or(Item::ABSENT, Fact::item)
    }
}

impl<T: Fact> Fact for Box<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn item(&self) -> Item<'_> {
        self.as_ref().item()
    }
}

impl<T: Fact> Fact for Arc<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn item(&self) -> Item<'_> {
        self.as_ref().item()
    }
}

/// A fact that is both a subject of its own and a part of another one.
impl<T: Object> Object for Arc<T> {
    fn schema(&self) -> &'static Schema {
        self.as_ref().schema()
    }
    fn field(&self, id: usize) -> Item<'_> {
        self.as_ref().field(id)
    }
    fn span(&self) -> Span {
        self.as_ref().span()
    }
    fn as_any(&self) -> &dyn Any {
        self.as_ref().as_any()
    }
}

impl<T: Fact> Fact for Vec<T> {
    fn ty() -> Type {
        Type::List(T::ty)
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::List(self))
    }
}

impl<T: Fact> List for Vec<T> {
    fn size(&self) -> usize {
        self.len()
    }
    fn member(&self, index: usize) -> Item<'_> {
        self.get(index).map_or(Item::ABSENT, Fact::item)
    }
    fn open(&self) -> bool {
        false
    }
}

impl<T: Fact> Fact for OpenList<T> {
    fn ty() -> Type {
        Type::List(T::ty)
    }
    fn item(&self) -> Item<'_> {
        Item::bare(Value::List(self))
    }
}

impl<T: Fact> List for OpenList<T> {
    fn size(&self) -> usize {
        self.items.len()
    }
    fn member(&self, index: usize) -> Item<'_> {
        self.items.get(index).map_or(Item::ABSENT, Fact::item)
    }
    fn open(&self) -> bool {
        self.open
    }
}
