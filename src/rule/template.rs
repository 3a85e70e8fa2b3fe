//! Texts that fixes write: `"{name|lower}"`, every word exactly as the file has it, never clipped.

use super::condition::walk;
use super::fix::Site;
use super::message::Slot;
use super::written::Literal;
use crate::fact::value::{Item, Value};

/// Longest text of a placeholder; what is longer is not repeated by a fix.
const LONGEST: usize = 4096;

/// A compiled text.
#[derive(Debug, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Slot(Slot, Vec<Filter>),
}

/// What a text becomes before it is written; nothing where it cannot.
type Filter = fn(&str) -> Option<String>;

/// The filters, by their names behind the bar.
const FILTERS: &[(&str, Filter)] = &[
    ("lower", |text| Some(text.to_lowercase())),
    ("upper", |text| Some(text.to_uppercase())),
    ("quoted", |text| Some(quoted(text))),
    ("json", json),
    ("list", list),
    ("pair", pair),
    ("double", double),
    ("before-colon", |text| Some(text.split(':').next()?.to_owned())),
    ("after-colon", |text| Some(text.rsplit(':').next()?.to_owned())),
];

impl Template {
    /// Reads a text; `{{` and `}}` are braces; `resolve` tells what a name stands for.
    ///
    /// # Errors
    /// The placeholder or filter that nobody knows.
    pub fn parse(text: &str, mut resolve: impl FnMut(&str) -> Result<Slot, String>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            if rest[at + 1..].starts_with(brace) {
                plain.push_str(brace);
                rest = &rest[at + 2..];
                continue;
            }
            let close = rest[at..].find('}').filter(|_| brace == "{");
            let Some(close) = close else { return Err(format!("a lone `{brace}`; two of them stand for one")) };
            let mut words = rest[at + 1..at + close].split('|').map(str::trim);
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            let slot = resolve(words.next().unwrap_or_default())?;
            pieces.push(Piece::Slot(slot, words.map(filter).collect::<Result<_, _>>()?));
            rest = &rest[at + close + 1..];
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        Ok(Self { pieces })
    }

    /// The fields, options and arguments that it names.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot, _) => Some(slot),
            Piece::Text(_) => None,
        })
    }

    /// The text for a finding; nothing where something that it names is not there.
    pub(super) fn fill(&self, site: &Site<'_>) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot, filters) => {
                    let text = value(slot, site).filter(|text| text.len() <= LONGEST)?;
                    out.push_str(&filters.iter().try_fold(text, |text, filter| filter(&text))?);
                }
            }
        }
        Some(out)
    }
}

fn filter(name: &str) -> Result<Filter, String> {
    let found = FILTERS.iter().find(|(known, _)| *known == name);
    let known: Vec<&str> = FILTERS.iter().map(|(known, _)| *known).collect();
    found.map(|(_, filter)| *filter).ok_or_else(|| super::read::unknown("filter", name, &known))
}

fn value(slot: &Slot, site: &Site<'_>) -> Option<String> {
    match slot {
        Slot::Field(_, true) => None,
        Slot::Field(path, false) => {
            let item = site.subject.map_or(Item::ABSENT, |subject| walk(subject, path));
            match item.value {
                Value::Str(text) => Some(text.to_owned()),
                Value::Unknown(text) if !text.is_empty() => Some(text.to_owned()),
                Value::Bool(value) => Some(value.to_string()),
                Value::Int(value) => Some(value.to_string()),
                _ => None,
            }
        }
        Slot::Option(index) => match site.options.get(*index)?.as_ref()? {
            Literal::Text(text) => Some(text.clone()),
            Literal::Int(number) => Some(number.to_string()),
            Literal::Bool(value) => Some(value.to_string()),
            Literal::Num(_) | Literal::List(_) => None,
        },
        Slot::Argument(name) => site.arguments.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()),
    }
}

/// In double quotes, as JSON, YAML, shells and Dockerfiles understand them.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The words of a command as a JSON list; nothing where a shell would have to read them.
fn json(text: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, next) = word(rest)?;
        words.push(quoted(&word));
        rest = next.trim_start_matches([' ', '\t']);
    }
    (!words.is_empty()).then(|| format!("[{}]", words.join(", ")))
}

/// A list whose members are quoted, by whatever quotes, as a JSON list.
fn list(text: &str) -> Option<String> {
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (member, next) = rest[1..].split_once(quote)?;
        if member.contains(['\\', '"']) || member.contains(char::is_control) {
            return None;
        }
        members.push(quoted(member));
        let next = next.trim_start();
        rest = match next.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if next.is_empty() => next,
            None => return None,
        };
    }
    (!members.is_empty()).then(|| format!("[{}]", members.join(", ")))
}

/// `NAME value` as `NAME=value`, quoted where it must be; nothing where quotes or escapes would read otherwise.
fn pair(text: &str) -> Option<String> {
    let (name, value) = text.split_once([' ', '\t'])?;
    let value = value.trim();
    let whole = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = whole.unwrap_or(value);
    if inner.is_empty() || name.contains(['"', '\'', '\\']) || inner.contains(['"', '\'', '\\', '`', '#', '\n', '\r']) {
        return None;
    }
    let quotes = whole.is_some() || inner.contains([' ', '\t']);
    Some(if quotes { format!("{name}=\"{inner}\"") } else { format!("{name}={inner}") })
}

/// The same words in double quotes.
fn double(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.contains(['"', '\\', '`', '\'', '…'])).then(|| format!("\"{inner}\""))
}

/// The first word, quotes taken off, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, ' ' | '\t') => return Some((word, &text[at..])),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) if !c.is_control() => word.push(c),
            (_, '\\' | '$' | '`') => return None,
            (None, '*' | '?' | '[' | '~' | '#' | '!' | '{' | '&' | '|' | ';' | '<' | '>' | '(' | ')') => return None,
            (_, c) if c.is_control() => return None,
            (_, c) => word.push(c),
        }
    }
    quote.is_none().then_some((word, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_become_a_list() {
        assert_eq!(json("nginx -g 'daemon off;'").as_deref(), Some(r#"["nginx", "-g", "daemon off;"]"#));
        assert_eq!(json(r#"a "b c" d'e'f"#).as_deref(), Some(r#"["a", "b c", "def"]"#));
        assert_eq!(json(r#"echo 'say "hi"'"#).as_deref(), Some(r#"["echo", "say \"hi\""]"#));
        for shell in ["a $B", "a && b", "a > b", "a *", "a 'b", "a \\b", "", "~/x"] {
            assert_eq!(json(shell), None, "{shell}");
        }
    }

    #[test]
    fn lists_and_pairs_are_written_anew() {
        assert_eq!(list("['a', \"b c\",]").as_deref(), Some(r#"["a", "b c"]"#));
        for other in ["[a, b]", "['a' 'b']", "['a\\n']", "[]", "'a'", "['a"] {
            assert_eq!(list(other), None, "{other}");
        }
        assert_eq!(pair("PATH /a:$PATH").as_deref(), Some("PATH=/a:$PATH"));
        assert_eq!(pair("A  b  c ").as_deref(), Some(r#"A="b  c""#));
        assert_eq!(pair(r#"A "b""#).as_deref(), Some(r#"A="b""#));
        for other in ["A", r#"A b "c""#, "A b\\ c", "A it's"] {
            assert_eq!(pair(other), None, "{other}");
        }
        assert_eq!(double("'$A b'").as_deref(), Some(r#""$A b""#));
        assert_eq!(double("'say \"$A\"'"), None);
    }

    #[test]
    fn braces_are_doubled_and_names_are_known() {
        let resolve = |name: &str| match name {
            "x" => Ok(Slot::Argument("x".to_owned())),
            _ => Err(format!("no {name}")),
        };
        let template = Template::parse("{{ {x|upper} }}", resolve).unwrap();
        let arguments = [("x", "abc".to_owned())];
        let site = Site {
            subject: None,
            options: &[],
            arguments: &arguments,
            fault: crate::text::Span::default(),
            extent: crate::text::Span::default(),
            captures: &[],
        };
        assert_eq!(template.fill(&site).as_deref(), Some("{ ABC }"));
        let error = |text: &str| Template::parse(text, resolve).err().unwrap_or_default();
        assert_eq!(error("{y}"), "no y");
        assert!(error("{x|uper}").contains("did you mean `upper`?"));
        assert!(error("a } b").contains("lone"));
    }
}
