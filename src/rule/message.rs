//! Message templates: `final stage runs as {user.name}`.

use super::condition::{Options, walk};
use super::written::Literal;
use crate::fact::value::{Item, List, Object, Value};

/// Longest text that a placeholder prints, in characters.
const LONGEST: usize = 60;
/// Longest sentence that the engine hands over.
const SENTENCE: usize = 300;
/// Most list members that a placeholder prints.
const MOST: usize = 5;

/// A compiled template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// A field of the subject; the flag asks for the number of its members.
    Field(Box<[usize]>, bool),
    /// The option of this number.
    Option(usize),
    /// An argument of a native, pattern or query hit.
    Argument(String),
}

/// Arguments of a hit, by name.
pub type Arguments<'a> = [(&'a str, String)];

impl Message {
    /// Reads a template; `resolve` tells what the words between braces stand for.
    ///
    /// # Errors
    /// The placeholder that `resolve` refuses, with its reason.
    pub fn parse(template: &str, mut resolve: impl FnMut(&str) -> Result<Slot, String>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            pieces.push(Piece::Text(rest[..open].to_owned()));
            pieces.push(Piece::Slot(resolve(rest[open + 1..open + close].trim())?));
            rest = &rest[open + close + 1..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|p| !matches!(p, Piece::Text(text) if text.is_empty()));
        Ok(Self { pieces })
    }

    /// Fills the template.
    pub fn render(&self, subject: Option<&dyn Object>, options: &Options, arguments: &Arguments<'_>) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => slot.render(subject, options, arguments, &mut out),
            }
        }
        out
    }
}

impl Slot {
    fn render(&self, subject: Option<&dyn Object>, options: &Options, arguments: &Arguments<'_>, out: &mut String) {
        match self {
            Slot::Field(path, counted) => {
                let item = subject.map_or(Item::ABSENT, |s| walk(s, path));
                match (counted, item.value) {
                    (true, Value::List(list)) => out.push_str(&list.size().to_string()),
                    _ => show(item.value, out),
                }
            }
            Slot::Option(index) => {
                if let Some(Some(literal)) = options.get(*index) {
                    show_literal(literal, out);
                }
            }
            Slot::Argument(name) => {
                let argument = arguments.iter().find(|(n, _)| n == name);
                let text = argument.map_or("none", |(_, text)| text.as_str());
                // What the engine has to say is a sentence of its own.
                clip_to(text, if name == "what" { SENTENCE } else { LONGEST }, out);
            }
        }
    }
}

fn show(value: Value<'_>, out: &mut String) {
    match value {
        Value::Absent => out.push_str("none"),
        Value::Unknown(text) | Value::Str(text) | Value::Secret(text) => clip(text, out),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Num(value) => out.push_str(&value.to_string()),
        Value::List(list) => show_list(list, out),
        Value::Object(object) => show_object(object, out),
    }
}

fn show_list(list: &dyn List, out: &mut String) {
    if list.size() == 0 {
        return out.push_str("none");
    }
    for index in 0..list.size().min(MOST) {
        if index > 0 {
            out.push_str(", ");
        }
        show(list.member(index).value, out);
    }
    if list.size() > MOST {
        out.push_str(&format!(" and {} more", list.size() - MOST));
    }
}

/// An object prints as its first text: its name, by convention the first field.
fn show_object(object: &dyn Object, out: &mut String) {
    let mut fields = (0..object.schema().fields.len()).map(|id| object.field(id).value);
    if let Some(text) = fields.find(|v| matches!(v, Value::Str(_) | Value::Unknown(_))) {
        show(text, out);
    }
}

fn show_literal(literal: &Literal, out: &mut String) {
    match literal {
        Literal::Bool(value) => out.push_str(&value.to_string()),
        Literal::Int(value) => out.push_str(&value.to_string()),
        Literal::Num(value) => out.push_str(&value.to_string()),
        Literal::Text(text) => clip(text, out),
        Literal::List(members) => {
            let shown: Vec<&str> = members.iter().take(MOST).map(String::as_str).collect();
            clip(&shown.join(", "), out);
        }
    }
}

/// At most sixty characters; control characters and line ends escaped, so that a message is one harmless line.
pub fn clip(text: &str, out: &mut String) {
    clip_to(text, LONGEST, out);
}

fn clip_to(text: &str, longest: usize, out: &mut String) {
    for (index, c) in text.trim().chars().enumerate() {
        if index == longest {
            out.push('…');
            return;
        }
        match c {
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
}

/// Bidirectional controls and tags can make a message read as what it is not.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_clipped_and_escaped() {
        let message = Message::parse("a {x} b {n}", |name| match name {
            "x" => Ok(Slot::Argument("x".into())),
            _ => Ok(Slot::Option(0)),
        });
        let long = format!("one\ntwo\u{202e}{}", "z".repeat(80));
        let shown = message.unwrap().render(None, &[Some(Literal::Int(25))], &[("x", long)]);
        assert_eq!(shown, format!("a one\\ntwo\\u{{202e}}{}… b 25", "z".repeat(52)));
    }

    #[test]
    fn a_placeholder_that_nobody_knows_is_refused() {
        assert_eq!(Message::parse("{y}", |n| Err(format!("no {n}"))), Err("no y".to_owned()));
    }
}
