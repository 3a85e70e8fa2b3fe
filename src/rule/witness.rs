//! Why a demand was not met, in words: which part of it, what it demands, and what there is instead.

use super::condition::{Operand, Options, Test, Truth, list, members, step};
use crate::fact::value::{Item, Object, Value};

/// Characters of a value that are shown.
const SHOWN: usize = 60;

/// The part of a demand that was definitely not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is there, field by field.
    pub found: String,
    /// What is demanded instead.
    pub demand: String,
}

/// The same, piece by piece.
struct Part {
    found: Vec<(String, String)>,
    demand: String,
}

impl Test {
    /// The part that made the whole false.
    pub fn reason(&self, subject: &dyn Object, options: &Options) -> Option<Reason> {
        let item = Item { value: Value::Object(subject), span: None };
        if self.eval(item, options) != Truth::False {
            return None;
        }
        let Part { found, demand } = self.part(item, options, String::new());
        let mut seen: Vec<String> = Vec::new();
        for (field, value) in found {
            let field = if field.is_empty() { "the fact" } else { &field };
            let words = format!("{field} is {value}");
            if !seen.contains(&words) {
                seen.push(words);
            }
        }
        Some(Reason { found: seen.join(" and "), demand })
    }

    fn part(&self, item: Item<'_>, options: &Options, field: String) -> Part {
        let failing = |tests: &[Test]| tests.iter().position(|t| t.eval(item, options) == Truth::False);
        match self {
            Test::All(tests) if failing(tests).is_some() => {
                let at = failing(tests).unwrap_or_default();
                tests[at].part(item, options, field)
            }
            // All of them failed.
            Test::Any(tests) if !tests.is_empty() => {
                let parts: Vec<Part> = tests.iter().map(|test| test.part(item, options, field.clone())).collect();
                let demands: Vec<&str> = parts.iter().map(|part| part.demand.as_str()).collect();
                let demand = demands.join(" or ");
                Part { demand, found: parts.into_iter().flat_map(|part| part.found).collect() }
            }
            Test::Field(path, test) => {
                let field = join(&field, &named(item, path));
                test.part(step(item, path), options, field)
            }
            Test::Each(test) => {
                let found = list(item.value).and_then(|l| {
                    members(l).enumerate().find(|(_, member)| test.eval(*member, options) == Truth::False)
                });
                match found {
                    Some((at, member)) => test.part(member, options, format!("{field}[{at}]")),
                    None => self.whole(item, options, field),
                }
            }
            _ => self.whole(item, options, field),
        }
    }

    fn whole(&self, item: Item<'_>, options: &Options, field: String) -> Part {
        let words = self.words(item, options);
        let demand = if field.is_empty() { words } else { format!("{field} {words}") };
        Part { demand, found: vec![(field, shown(item.value))] }
    }

    /// What it demands.
    fn words(&self, item: Item<'_>, options: &Options) -> String {
        let operand =
            |operand: &Operand| operand.get(options).map_or_else(|| "a value".to_owned(), ToString::to_string);
        let all = |tests: &[Test], between: &str| {
            let parts: Vec<String> = tests.iter().map(|test| test.words(item, options)).collect();
            parts.join(between)
        };
        match self {
            Test::All(tests) => all(tests, " and "),
            Test::Any(tests) => all(tests, " or "),
            Test::Not(test) => format!("not {}", test.words(item, options)),
            Test::Field(path, test) => format!("{} {}", named(item, path), test.words(step(item, path), options)),
            Test::Equals(value) => operand(value),
            Test::Absent => "absent".to_owned(),
            Test::Present => "present".to_owned(),
            Test::AtLeast(value) => format!("at least {}", operand(value)),
            Test::AtMost(value) => format!("at most {}", operand(value)),
            Test::OneOf(values) => {
                let values: Vec<String> = values.iter().map(operand).collect();
                cut(&format!("one of {}", values.join(", ")), 2 * SHOWN)
            }
            Test::Matches(regex) => format!("found by /{}/", cut(regex.pattern(), 2 * SHOWN)),
            Test::Count(test) => format!("a count of {}", test.words(item, options)),
            Test::Each(test) => format!("each member {}", test.words(Item::ABSENT, options)),
            Test::Some(test) => format!("some member {}", test.words(Item::ABSENT, options)),
        }
    }
}

/// The names of the fields on a path.
fn named(item: Item<'_>, path: &[usize]) -> String {
    let mut names = Vec::new();
    let mut at = item;
    for id in path {
        let Value::Object(object) = at.value else { break };
        names.push(object.schema().fields.get(*id).map_or("", |field| field.name));
        at = object.field(*id);
    }
    names.join(".")
}

fn join(field: &str, more: &str) -> String {
    if field.is_empty() || more.is_empty() { format!("{field}{more}") } else { format!("{field}.{more}") }
}

fn shown(value: Value<'_>) -> String {
    match value {
        Value::Absent => "absent".to_owned(),
        Value::Unknown(text) => format!("unknown ({})", cut(text, SHOWN)),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Num(value) => value.to_string(),
        Value::Str(text) => format!("{:?}", cut(text, SHOWN)),
        Value::Secret(shown) => format!("secret {shown}"),
        Value::Object(_) => "there".to_owned(),
        Value::List(list) => match list.size() {
            1 => "1 member".to_owned(),
            size => format!("{size} members"),
        },
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
