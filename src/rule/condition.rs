//! Conditions, compiled: three-valued, allocation-free, and able to say which part failed.
//!
//! Kleene logic. Below Absent is Absent, below Unknown is Unknown. Absent satisfies `absent` and
//! definitely fails every other test. An Unknown with a source text is `present`; one without (the
//! rest of an open part) may not even be there.

#[cfg(test)]
mod tests;

use super::written::Literal;
use crate::fact::value::{Item, List, Object, Value};
use crate::text::Span;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What a condition says of a fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// Definitely not so.
    False,
    /// Not decidable from what is in sight.
    Unknown,
    /// Definitely so.
    True,
}

impl Truth {
    fn of(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }

    fn negate(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// The values of a rule's options, in the order of its declaration; `None` where a required one is not set.
pub type Options = [Option<Literal>];

/// A compiled condition. Field numbers belong to the schema it was compiled against.
#[derive(Debug)]
pub enum Test {
    /// All of these.
    All(Vec<Test>),
    /// At least one of these.
    Any(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
    /// This holds of the field at the end of the path.
    Field(Box<[usize]>, Box<Test>),
    /// Equal to this.
    Equals(Operand),
    /// Not there.
    Absent,
    /// There.
    Present,
    /// At least this.
    AtLeast(Operand),
    /// At most this.
    AtMost(Operand),
    /// One of these.
    OneOf(Vec<Operand>),
    /// Found by this.
    Matches(LazyRegex),
    /// The number of members.
    Count(Box<Test>),
    /// All members.
    Each(Box<Test>),
    /// Some member.
    Some(Box<Test>),
}

/// A value to compare with.
#[derive(Debug)]
pub enum Operand {
    /// Fixed.
    Literal(Literal),
    /// The option of this number.
    Option(usize),
}

/// A regular expression that is compiled at its first use.
#[derive(Debug)]
pub struct LazyRegex {
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// Keeps the pattern; its syntax is checked where rules are loaded.
    pub fn new(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned(), compiled: OnceLock::new() }
    }

    /// The pattern as written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether it finds something.
    pub fn is_match(&self, text: &str) -> bool {
        let regex = self.compiled.get_or_init(|| Regex::new(&self.pattern).ok());
        regex.as_ref().is_some_and(|r| r.is_match(text))
    }
}

/// A step on the way to what a condition looks at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// The field of this number.
    Field(usize),
    /// Every member of a list.
    Members,
}

/// Follows a path of field numbers.
pub fn walk<'a>(object: &'a dyn Object, path: &[usize]) -> Item<'a> {
    let Some((&first, rest)) = path.split_first() else {
        return Item { value: Value::Object(object), span: Some(object.span()) };
    };
    let mut item = object.field(first);
    for &id in rest {
        item = match item.value {
            Value::Object(inner) => inner.field(id),
            Value::Unknown(_) => item,
            _ => return Item::ABSENT,
        };
    }
    item
}

impl Test {
    /// What it says of a subject.
    pub fn holds(&self, subject: &dyn Object, options: &Options) -> Truth {
        self.eval(Item { value: Value::Object(subject), span: None }, options)
    }

    pub(super) fn eval(&self, item: Item<'_>, options: &Options) -> Truth {
        match self {
            Test::All(tests) => all(tests.iter().map(|t| t.eval(item, options))),
            Test::Any(tests) => any(tests.iter().map(|t| t.eval(item, options))),
            Test::Not(test) => test.eval(item, options).negate(),
            Test::Field(path, test) => test.eval(step(item, path), options),
            Test::Absent => presence(item.value).negate(),
            Test::Present => presence(item.value),
            _ => match item.value {
                Value::Absent => Truth::False,
                Value::Unknown(_) => Truth::Unknown,
                value => self.eval_known(value, options),
            },
        }
    }

    fn eval_known(&self, value: Value<'_>, options: &Options) -> Truth {
        match self {
            Test::Equals(operand) => Truth::of(operand.get(options).is_some_and(|l| equals(value, l))),
            Test::OneOf(operands) => Truth::of(operands.iter().any(|o| one_of(value, o.get(options)))),
            Test::AtLeast(operand) => Truth::of(ordered(value, operand, options, |a, b| a >= b)),
            Test::AtMost(operand) => Truth::of(ordered(value, operand, options, |a, b| a <= b)),
            Test::Matches(regex) => Truth::of(matches!(value, Value::Str(text) if regex.is_match(text))),
            Test::Count(test) => list(value).map_or(Truth::False, |l| count(l, test, options)),
            Test::Each(test) => list(value).map_or(Truth::False, |l| {
                let open = l.open().then_some(Truth::Unknown);
                all(members(l).map(|m| test.eval(m, options)).chain(open))
            }),
            Test::Some(test) => list(value).map_or(Truth::False, |l| {
                let open = l.open().then_some(Truth::Unknown);
                any(members(l).map(|m| test.eval(m, options)).chain(open))
            }),
            _ => Truth::Unknown,
        }
    }

    /// The ways to all that it looks at; `way` leads to where it begins.
    pub fn fields(&self, way: &mut Vec<Step>, found: &mut BTreeSet<Vec<Step>>) {
        let length = way.len();
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| test.fields(way, found)),
            Test::Not(test) => test.fields(way, found),
            Test::Field(path, test) => {
                way.extend(path.iter().map(|id| Step::Field(*id)));
                test.fields(way, found);
            }
            Test::Each(test) | Test::Some(test) => {
                way.push(Step::Members);
                test.fields(way, found);
            }
            _ => drop(found.insert(way.clone())),
        }
        way.truncate(length);
    }

    /// Where the part stands that made the whole false; `None` where that part has no place.
    pub fn witness(&self, subject: &dyn Object, options: &Options) -> Option<Span> {
        self.blame(Item { value: Value::Object(subject), span: None }, options)
    }

    fn blame(&self, item: Item<'_>, options: &Options) -> Option<Span> {
        match self {
            Test::All(tests) => {
                tests.iter().find(|t| t.eval(item, options) == Truth::False).and_then(|t| t.blame(item, options))
            }
            Test::Any(tests) => tests.iter().find_map(|t| t.blame(item, options)),
            Test::Not(test) => test.blame(item, options),
            Test::Field(path, test) => test.blame(step(item, path), options),
            Test::Each(test) => {
                let failing = members(list(item.value)?).find(|m| test.eval(*m, options) == Truth::False)?;
                test.blame(failing, options).or(failing.span)
            }
            _ => item.span,
        }
    }
}

pub(super) fn step<'a>(item: Item<'a>, path: &[usize]) -> Item<'a> {
    match item.value {
        Value::Object(object) => walk(object, path),
        Value::Unknown(_) => item,
        _ => Item::ABSENT,
    }
}

fn presence(value: Value<'_>) -> Truth {
    match value {
        Value::Absent => Truth::False,
        Value::Unknown("") => Truth::Unknown,
        _ => Truth::True,
    }
}

fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::True;
    for truth in truths {
        match truth {
            Truth::False => return Truth::False,
            Truth::Unknown => result = Truth::Unknown,
            Truth::True => {}
        }
    }
    result
}

fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::False;
    for truth in truths {
        match truth {
            Truth::True => return Truth::True,
            Truth::Unknown => result = Truth::Unknown,
            Truth::False => {}
        }
    }
    result
}

pub(super) fn list(value: Value<'_>) -> Option<&dyn List> {
    match value {
        Value::List(list) => Some(list),
        _ => None,
    }
}

pub(super) fn members(list: &dyn List) -> impl Iterator<Item = Item<'_>> {
    (0..list.size()).map(|index| list.member(index))
}

/// How many members there may be: unknown ones may stand for none or for many.
fn count(list: &dyn List, test: &Test, options: &Options) -> Truth {
    let unknown = members(list).filter(|m| matches!(m.value, Value::Unknown(_))).count();
    let least = list.size() - unknown;
    let most = if unknown > 0 || list.open() { f64::INFINITY } else { least as f64 };
    interval(test, least as f64, most, options)
}

fn interval(test: &Test, least: f64, most: f64, options: &Options) -> Truth {
    let bound = |operand: &Operand| operand.get(options).and_then(number);
    let decide = |surely: bool, never: bool| match (surely, never) {
        (true, _) => Truth::True,
        (_, true) => Truth::False,
        _ => Truth::Unknown,
    };
    match test {
        Test::All(tests) => all(tests.iter().map(|t| interval(t, least, most, options))),
        Test::Any(tests) => any(tests.iter().map(|t| interval(t, least, most, options))),
        Test::Not(test) => interval(test, least, most, options).negate(),
        Test::AtLeast(n) => bound(n).map_or(Truth::Unknown, |n| decide(least >= n, most < n)),
        Test::AtMost(n) => bound(n).map_or(Truth::Unknown, |n| decide(most <= n, least > n)),
        Test::Equals(n) => bound(n).map_or(Truth::Unknown, |n| decide(least == n && most == n, n < least || n > most)),
        _ => Truth::Unknown,
    }
}

impl Operand {
    pub(super) fn get<'a>(&'a self, options: &'a Options) -> Option<&'a Literal> {
        match self {
            Operand::Literal(literal) => Some(literal),
            Operand::Option(index) => options.get(*index)?.as_ref(),
        }
    }
}

fn equals(value: Value<'_>, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Bool(a), Literal::Bool(b)) => a == *b,
        (Value::Str(a), Literal::Text(b)) => a == b,
        (value, literal) => match (measure(value), number(literal)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}

fn one_of(value: Value<'_>, literal: Option<&Literal>) -> bool {
    match (value, literal) {
        (Value::Str(text), Some(Literal::List(members))) => members.iter().any(|m| m == text),
        (value, Some(literal)) => equals(value, literal),
        _ => false,
    }
}

fn ordered(value: Value<'_>, operand: &Operand, options: &Options, holds: fn(f64, f64) -> bool) -> bool {
    match (measure(value), operand.get(options).and_then(number)) {
        (Some(a), Some(b)) => holds(a, b),
        _ => false,
    }
}

fn measure(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Int(n) => Some(n as f64),
        Value::Num(n) => Some(n),
        _ => None,
    }
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Int(n) => Some(*n as f64),
        Literal::Num(n) => Some(*n),
        _ => None,
    }
}
