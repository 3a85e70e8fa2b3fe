//! The shape of a YAML file as far as fixes change it: entries and items with all that belongs to them.

use crate::syntax::Kind;
use crate::syntax::yaml::{NodeRef, Yaml, prepare};
use crate::text::{Span, Text};

/// Mappings and lists of a file; aliases are leaves.
#[derive(Debug, Default)]
pub struct Outline {
    groups: Vec<Group>,
    /// The roots of the documents that are mappings or lists.
    roots: Vec<usize>,
}

/// A mapping or a list.
#[derive(Debug)]
struct Group {
    span: Span,
    flow: bool,
    mapping: bool,
    members: Vec<Member>,
}

/// An entry or an item.
#[derive(Debug)]
struct Member {
    key: Option<(String, Span)>,
    /// Of a block its last words, not the blanks behind it.
    value: Span,
    /// What the value is, where it has members.
    group: Option<usize>,
    /// Whether the value is a null that is not written, or an alias.
    opaque: bool,
}

impl Member {
    fn start(&self) -> u32 {
        self.key.as_ref().map_or(self.value.start, |(_, span)| span.start)
    }

    fn span(&self) -> Span {
        Span { start: self.start(), end: self.value.end.max(self.start()) }
    }
}

impl Outline {
    /// Reads a text; of a template what is left when its actions are masked.
    pub fn of(text: &str, kind: Kind) -> Self {
        let whole = Text::whole(text);
        let prepared = prepare(&whole, matches!(kind, Kind::HelmTemplate | Kind::GoTemplate));
        let yaml = Yaml::parse_prepared(&prepared);
        let mut outline = Self::default();
        for root in yaml.roots() {
            outline.add(root, text);
        }
        outline
    }

    /// Adds a tree, breadth first, then gives every block the end of its last words.
    fn add(&mut self, root: NodeRef<'_>, text: &str) {
        let from = self.groups.len();
        let mut waiting = Vec::new();
        let root = self.open(root, &mut waiting);
        self.roots.extend(root);
        let mut next = 0;
        while let Some(&(node, number)) = waiting.get(next) {
            next += 1;
            let pairs = node.written().map(|(key, value)| (Some(key), value));
            for (key, value) in pairs.chain(node.items().map(|item| (None, item))) {
                let group = self.open(value, &mut waiting);
                let key = key.map(|key| (key.scalar().unwrap_or_default().to_owned(), key.span()));
                let span = value.span();
                let value_span = Span::new(span.start as usize, span.start as usize + ended(text, span));
                let opaque = value.is_alias() || value.tag().is_some() || value.anchor().is_some();
                self.groups[number].members.push(Member { key, value: value_span, group, opaque });
            }
        }
        for number in (from..self.groups.len()).rev() {
            self.close(number);
        }
    }

    fn open<'t>(&mut self, node: NodeRef<'t>, waiting: &mut Vec<(NodeRef<'t>, usize)>) -> Option<usize> {
        if node.is_alias() || !(node.is_mapping() || node.is_sequence()) {
            return None;
        }
        let number = self.groups.len();
        let flow = node.raw().starts_with(['{', '[']);
        self.groups.push(Group { span: node.span(), flow, mapping: node.is_mapping(), members: Vec::new() });
        waiting.push((node, number));
        Some(number)
    }

    /// Children stand behind their parents, so theirs are right already.
    fn close(&mut self, number: usize) {
        let ends: Vec<Option<u32>> = self.groups[number]
            .members
            .iter()
            .map(|member| {
                let group = member.group.map(|group| &self.groups[group]).filter(|group| !group.flow)?;
                group.members.last().map(|last| last.span().end)
            })
            .collect();
        let group = &mut self.groups[number];
        for (member, end) in group.members.iter_mut().zip(ends) {
            if let Some(end) = end {
                member.value.end = end;
            }
        }
    }

    /// What must go so that the innermost entry or item round a place is gone; nothing where its group would be empty
    /// or something else goes with it.
    pub fn entry(&self, place: Span, text: &str) -> Option<Span> {
        let (group, index) = self.way_to(place).pop()?;
        if group.flow { group.without_flow(index) } else { group.without_block(index, text) }
    }

    /// The members round a place, from the outermost to the innermost.
    fn way_to(&self, place: Span) -> Vec<(&Group, usize)> {
        let mut way = Vec::new();
        let root = self.roots.partition_point(|&root| self.groups[root].span.start <= place.start);
        let mut next = root.checked_sub(1).map(|at| self.roots[at]);
        while let Some(group) = next.and_then(|number| self.groups.get(number)) {
            next = None;
            let after = group.members.partition_point(|member| member.start() <= place.start);
            let Some(index) = after.checked_sub(1) else { break };
            if place.end <= group.members[index].span().end {
                way.push((group, index));
                next = group.members[index].group;
            }
        }
        way
    }

    /// The edit that gives a key of a mapping a value; keys that are missing are written.
    pub fn set(&self, place: Span, keys: &[String], value: &str, text: &str) -> Option<(Span, String)> {
        let mut group = self.mapping_at(place)?;
        for (depth, key) in keys.iter().enumerate() {
            let Some(member) = group.members.iter().rev().find(|m| m.key.as_ref().is_some_and(|(k, _)| k == key))
            else {
                return group.with(&keys[depth..], value, text);
            };
            if member.opaque {
                return None;
            }
            match member.group {
                Some(inner) if depth + 1 < keys.len() && self.groups[inner].mapping => group = &self.groups[inner],
                None if depth + 1 == keys.len() && !member.value.is_empty() => {
                    let line = !member.value.slice(text).contains('\n');
                    return line.then(|| (member.value, value.to_owned()));
                }
                _ => return None,
            }
        }
        None
    }

    /// The mapping behind the key at a place, else the outermost that begins there and ends within it.
    fn mapping_at(&self, place: Span) -> Option<&Group> {
        for (group, index) in self.way_to(Span { start: place.start, end: place.start }) {
            let member = &group.members[index];
            let value = member.group.filter(|_| !member.opaque).map(|number| &self.groups[number]);
            let Some(value) = value.filter(|value| value.mapping) else { continue };
            let named = member.key.as_ref().is_some_and(|(_, key)| *key == place);
            if named || value.span.start == place.start && member.value.end <= place.end {
                return Some(value);
            }
        }
        None
    }
}

impl Group {
    fn without_flow(&self, index: usize) -> Option<Span> {
        let own = self.members[index].span();
        let next = self.members.get(index + 1).map(Member::start);
        let before = index.checked_sub(1).and_then(|at| self.members.get(at)).map(|member| member.span().end);
        Some(match (next, before) {
            (Some(next), _) => Span { start: own.start, end: next },
            (None, Some(end)) => Span { start: end, end: own.end },
            (None, None) => own,
        })
    }

    fn without_block(&self, index: usize, text: &str) -> Option<Span> {
        if self.members.len() < 2 {
            return None;
        }
        let own = self.members[index].span();
        let line = line_start(text, own.start as usize);
        let end = line_end(text, own.end as usize);
        let rest = text.get(own.end as usize..end)?.trim();
        // A key without a value ends before its colon.
        let rest = rest.strip_prefix(':').filter(|_| self.mapping).map_or(rest, str::trim_start);
        if !(rest.is_empty() || rest.starts_with('#')) {
            return None;
        }
        let head = text.get(line..own.start as usize)?;
        let dash = if self.mapping { head } else { head.trim_end_matches([' ', '\t']).strip_suffix('-')? };
        if dash.trim_matches([' ', '\t']).is_empty() {
            let after = end + usize::from(text.as_bytes().get(end) == Some(&b'\n'));
            return Some(Span::new(line, after));
        }
        // The first of an item stands behind its dash; the next one takes its place.
        let next = self.members.get(index + 1)?.start();
        let between = text.get(own.end as usize..next as usize)?;
        (!between.contains('#')).then_some(Span { start: own.start, end: next })
    }

    /// The edit that adds keys with a value at its end.
    fn with(&self, keys: &[String], value: &str, text: &str) -> Option<(Span, String)> {
        let last = self.members.last();
        if self.flow {
            let close = (self.span.end as usize).checked_sub(1).filter(|&at| text.as_bytes().get(at) == Some(&b'}'))?;
            let inner = keys.iter().rev().fold(value.to_owned(), |inner, key| match inner == value {
                true => format!("{key}: {inner}"),
                false => format!("{key}: {{ {inner} }}"),
            });
            return Some(match last {
                Some(last) => (Span::point(last.span().end as usize), format!(", {inner}")),
                None => (Span::point(close), inner),
            });
        }
        let (first, last) = (self.members.first()?, last?);
        let head = text.get(line_start(text, first.start() as usize)..first.start() as usize)?;
        if !head.trim_matches([' ', '-', '\u{feff}']).is_empty() {
            return None;
        }
        let indent = head.chars().filter(|c| *c != '\u{feff}').count();
        let mut out = String::new();
        for (depth, key) in keys.iter().enumerate() {
            out.push_str(&format!("\n{}{key}:", " ".repeat(indent + 2 * depth)));
        }
        out.push_str(&format!(" {value}"));
        let end = line_end(text, last.span().end as usize);
        let end = text.get(..end)?.trim_end_matches('\r').len();
        Some((Span::point(end), out))
    }
}

/// Length of a node's text without the blanks behind it.
fn ended(text: &str, span: Span) -> usize {
    span.slice(text).trim_end().len()
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |found| found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|tail| tail.find('\n')).map_or(text.len(), |found| at + found)
}
