//! The form of a query text: its items and what they capture, without a grammar and without recursion.

use super::QueryFault;
use std::ops::Range;

/// Levels of brackets that a query may have; the compiler behind it recurses.
const MAX_DEPTH: usize = 64;

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Core {
    /// `(type …)`
    Node,
    /// `((…) (…))`
    Group,
    /// `[… …]`
    Alternation,
    /// `"text"` or `_`
    Token,
    /// `(#eq? …)`
    Predicate,
    /// An argument of a predicate.
    Argument,
    /// `.`
    Anchor,
    /// `!field`
    Negated,
}

/// A part of a query, with its field name, its quantifier and its captures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Bytes of the query.
    pub range: Range<usize>,
    /// What it is.
    pub core: Core,
    /// The item that holds it.
    pub parent: Option<usize>,
    /// The names that it captures, without `@`; of an argument, the name that it uses.
    pub captures: Vec<Range<usize>>,
}

/// Reads the items of a query in the order of its text.
///
/// # Errors
/// The first bracket, string or name that does not fit.
pub fn items(source: &str) -> Result<Vec<Item>, QueryFault> {
    let mut scan = Scan { source, bytes: source.as_bytes(), at: 0, items: Vec::new(), open: Vec::new(), field: None };
    while scan.at < scan.bytes.len() {
        scan.step()?;
    }
    match scan.open.last() {
        Some(&open) => {
            let start = scan.core_start(open);
            Err(QueryFault::new(start..start + 1, "this bracket is not closed"))
        }
        None => Ok(scan.items),
    }
}

/// The names that a query captures, each once, in the order of its text.
pub fn captures<'s>(source: &'s str, items: &[Item]) -> Vec<&'s str> {
    let mut names: Vec<&str> = Vec::new();
    for item in items.iter().filter(|item| item.core != Core::Argument) {
        for name in item.captures.iter().filter_map(|range| source.get(range.clone())) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

struct Scan<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    items: Vec<Item>,
    open: Vec<usize>,
    /// Where the field name before the next item begins.
    field: Option<usize>,
}

impl Scan<'_> {
    fn step(&mut self) -> Result<(), QueryFault> {
        match self.bytes[self.at] {
            b if b.is_ascii_whitespace() => self.at += 1,
            b';' => self.at = self.after(|b| b != b'\n'),
            b'(' | b'[' => self.enter()?,
            b')' | b']' => self.leave()?,
            b'"' => {
                let end = self.string_end()?;
                self.leaf(end, if self.in_predicate() { Core::Argument } else { Core::Token });
            }
            b'@' => self.capture()?,
            b'*' | b'+' | b'?' => self.suffix(self.at + 1)?,
            b'.' => self.leaf(self.at + 1, Core::Anchor),
            b'!' => {
                let end = self.word_end(self.at + 1);
                self.leaf(end, Core::Negated);
            }
            _ => self.word()?,
        }
        Ok(())
    }

    fn in_predicate(&self) -> bool {
        self.open.last().is_some_and(|&open| self.items[open].core == Core::Predicate)
    }

    fn enter(&mut self) -> Result<(), QueryFault> {
        if self.open.len() == MAX_DEPTH {
            return Err(QueryFault::new(self.at..self.at + 1, format!("more than {MAX_DEPTH} brackets in each other")));
        }
        let bracket = self.bytes[self.at];
        let next = self.bytes[self.at + 1..].iter().find(|b| !b.is_ascii_whitespace());
        let core = match (bracket, next) {
            (b'[', _) => Core::Alternation,
            (_, Some(b'#' | b'.')) => Core::Predicate,
            (_, Some(b'(' | b'[' | b'"')) => Core::Group,
            _ => Core::Node,
        };
        let start = self.field.take().unwrap_or(self.at);
        let parent = self.open.last().copied();
        self.open.push(self.items.len());
        self.items.push(Item { range: start..start, core, parent, captures: Vec::new() });
        self.at += 1;
        if matches!(core, Core::Node | Core::Predicate) {
            self.at = self.after(|b| b.is_ascii_whitespace());
            // The type, or the name of the predicate; `(supertype/type)` is one too.
            self.at = self.after(|b| !b.is_ascii_whitespace() && !b"()[]\";@".contains(&b));
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), QueryFault> {
        let wanted = |core| if core == Core::Alternation { b']' } else { b')' };
        let here = self.at..self.at + 1;
        let Some(open) = self.open.pop() else { return Err(QueryFault::new(here, "this bracket opens nowhere")) };
        if wanted(self.items[open].core) != self.bytes[self.at] {
            return Err(QueryFault::new(here, "this bracket closes one of the other kind"));
        }
        if let Some(start) = self.field.take() {
            return Err(QueryFault::new(start..self.at, "a field name without a node"));
        }
        self.at += 1;
        self.items[open].range.end = self.at;
        Ok(())
    }

    fn leaf(&mut self, end: usize, core: Core) {
        let start = self.field.take().unwrap_or(self.at);
        let parent = self.open.last().copied();
        self.items.push(Item { range: start..end, core, parent, captures: Vec::new() });
        self.at = end;
    }

    /// The item before this place at the same level.
    fn previous(&self) -> Option<usize> {
        let parent = self.open.last().copied();
        (0..self.items.len()).rev().find(|&index| self.items[index].parent == parent)
    }

    fn capture(&mut self) -> Result<(), QueryFault> {
        let name = self.at + 1..self.word_end(self.at + 1);
        if name.is_empty() {
            return Err(QueryFault::new(self.at..self.at + 1, "a capture without a name"));
        }
        if self.in_predicate() {
            self.leaf(name.end, Core::Argument);
            if let Some(item) = self.items.last_mut() {
                item.captures.push(name);
            }
            return Ok(());
        }
        let end = name.end;
        let Some(index) = self.previous() else {
            return Err(QueryFault::new(self.at..end, "nothing stands before this capture"));
        };
        self.items[index].captures.push(name);
        self.suffix(end)
    }

    /// What ends at `end` belongs to the item before it.
    fn suffix(&mut self, end: usize) -> Result<(), QueryFault> {
        let Some(index) = self.previous() else {
            return Err(QueryFault::new(self.at..end, "nothing stands before this"));
        };
        self.items[index].range.end = end;
        self.at = end;
        Ok(())
    }

    fn word(&mut self) -> Result<(), QueryFault> {
        let end = self.word_end(self.at);
        if end == self.at {
            let next = self.source[self.at..].chars().next().map_or(1, char::len_utf8);
            return Err(QueryFault::new(self.at..self.at + next, "this sign has no meaning here"));
        }
        if self.in_predicate() {
            self.leaf(end, Core::Argument);
        } else if self.bytes.get(end) == Some(&b':') {
            self.field = Some(self.at);
            self.at = end + 1;
        } else {
            self.leaf(end, Core::Token);
        }
        Ok(())
    }

    fn word_end(&self, from: usize) -> usize {
        let word = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
        from + self.bytes[from.min(self.bytes.len())..].iter().take_while(word).count()
    }

    fn after(&self, skip: impl Fn(u8) -> bool) -> usize {
        self.at + self.bytes[self.at..].iter().take_while(|&&b| skip(b)).count()
    }

    fn string_end(&self) -> Result<usize, QueryFault> {
        let mut at = self.at + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'"' => return Ok(at + 1),
                b'\n' => break,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        Err(QueryFault::new(self.at..self.at + 1, "this string is not closed on its line"))
    }

    /// Where the bracket of an item stands, behind its field name.
    fn core_start(&self, index: usize) -> usize {
        let start = self.items[index].range.start;
        let bracket = self.bytes[start..].iter().position(|b| matches!(b, b'(' | b'['));
        start + bracket.unwrap_or(0)
    }
}

/// The query without one of its parts, for every part that it could do without: predicates, anchors,
/// negations, alternatives, patterns, words of `any-of`, and nodes that do not hold `capture`.
pub fn without(source: &str, capture: &str) -> Vec<(String, String)> {
    let Ok(items) = items(source) else { return Vec::new() };
    let mut holds = vec![false; items.len()];
    for index in (0..items.len()).rev() {
        let own = items[index].captures.iter().any(|range| source.get(range.clone()) == Some(capture));
        holds[index] |= own && items[index].core != Core::Argument;
        if let Some(parent) = items[index].parent.filter(|_| holds[index]) {
            holds[parent] = true;
        }
    }
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let siblings = || items.iter().filter(|other| other.parent == item.parent && other.core != Core::Predicate);
        let holder = item.parent.map(|parent| items[parent].core);
        let optional = match (item.core, holder) {
            (Core::Predicate | Core::Anchor | Core::Negated, _) => true,
            // The first argument is the capture that is judged.
            (Core::Argument, _) => item.captures.is_empty() && siblings().count() > 2,
            (_, None | Some(Core::Alternation)) => siblings().count() > 1,
            _ => !holds[index],
        };
        if optional {
            let part = source.get(item.range.clone()).unwrap_or_default();
            let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let rest = format!("{}{}", &source[..item.range.start], &source[item.range.end..]);
            found.push((words, rest));
        }
    }
    found
}
