//! Fixes, compiled: from a finding to what is asked of its file; the file itself is not seen here.

use super::condition::{Options, Test, Truth, walk};
use super::message::{Arguments, Message};
use super::mutate::without;
use super::template::Template;
use super::written::{RuleFile, Verb};
use crate::diagnostic::Safety;
use crate::fact::value::{Item, Object, Value};
use crate::text::Span;

/// One way to mend a finding.
#[derive(Debug)]
pub struct Fix {
    /// When it is possible: must be definitely true.
    pub when: Option<Test>,
    /// What it does.
    pub title: Message,
    /// Whether it is beyond doubt.
    pub safety: Safety,
    /// Whether one may make the next needless.
    pub alone: bool,
    /// All of it or nothing; none where the native check computes them.
    pub edits: Vec<Edit>,
}

/// One change of a file.
#[derive(Debug)]
pub struct Edit {
    /// What is done.
    pub verb: Verb,
    /// To what.
    pub place: Place,
    /// The texts that it needs.
    pub texts: Vec<Template>,
    /// The keys that `set` goes through.
    pub keys: Vec<String>,
}

/// What an edit is done to.
#[derive(Debug)]
pub enum Place {
    /// The words at which the finding stands.
    Fault,
    /// The fact's keyword or key.
    Own,
    /// All that belongs to the fact.
    Extent,
    /// A field; every member of a list.
    Field(Box<[usize]>),
    /// What a query captured.
    Capture(String),
}

/// Words of a rule file that name places and no field.
pub const PLACES: &[&str] = &["fault", "self", "extent"];

/// A finding that may be mended.
pub struct Site<'a> {
    /// The fact; none for queries.
    pub subject: Option<&'a dyn Object>,
    /// The rule's options.
    pub options: &'a Options,
    /// What the hit tells.
    pub arguments: &'a Arguments<'a>,
    /// Where the finding stands.
    pub fault: Span,
    /// All that belongs to the fact.
    pub extent: Span,
    /// What a query captured, and where.
    pub captures: &'a [(&'a str, Span)],
}

/// What is asked of a file to mend a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What it does.
    pub title: String,
    /// Whether it is beyond doubt.
    pub safety: Safety,
    /// Whether one may make the next needless.
    pub alone: bool,
    /// All of it or nothing.
    pub asks: Vec<Ask>,
}

/// One change that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// What is to be done.
    pub verb: Verb,
    /// To these bytes.
    pub span: Span,
    /// What the words there are thought to say; nothing where they say no text.
    pub says: Option<String>,
    /// The texts, placeholders filled.
    pub texts: Vec<String>,
    /// The keys that `set` goes through.
    pub keys: Vec<String>,
}

/// The first fix that is possible.
pub fn propose(fixes: &[Fix], site: &Site<'_>) -> Option<Proposal> {
    let possible = |fix: &&Fix| match (&fix.when, site.subject) {
        (None, _) => true,
        (Some(when), Some(subject)) => when.holds(subject, site.options) == Truth::True,
        (Some(_), None) => false,
    };
    let fix = fixes.iter().find(possible)?;
    let mut asks = Vec::new();
    for edit in &fix.edits {
        edit.ask(site, &mut asks)?;
    }
    let title = fix.title.render(site.subject, site.options, site.arguments);
    Some(Proposal { title, safety: fix.safety, alone: fix.alone, asks })
}

impl Edit {
    /// Adds what it asks for; nothing is possible where its place or a placeholder is not there.
    fn ask(&self, site: &Site<'_>, asks: &mut Vec<Ask>) -> Option<()> {
        let texts: Option<Vec<String>> = self.texts.iter().map(|text| text.fill(site)).collect();
        let texts = texts?;
        let places = self.place.spans(site);
        if places.is_empty() {
            return None;
        }
        let ask = |(span, says)| Ask { verb: self.verb, span, says, texts: texts.clone(), keys: self.keys.clone() };
        asks.extend(places.into_iter().map(ask));
        Some(())
    }
}

impl Place {
    fn spans(&self, site: &Site<'_>) -> Vec<(Span, Option<String>)> {
        match self {
            Place::Fault => vec![(site.fault, None)],
            Place::Own => site.subject.map(|subject| (subject.span(), None)).into_iter().collect(),
            Place::Extent => vec![(site.extent, None)],
            Place::Field(path) => {
                let item = site.subject.map_or(Item::ABSENT, |subject| walk(subject, path));
                match item.value {
                    Value::List(list) => (0..list.size()).filter_map(|index| place(list.member(index))).collect(),
                    _ => place(item).into_iter().collect(),
                }
            }
            Place::Capture(name) => {
                let found = site.captures.iter().find(|(capture, _)| capture == name);
                found.map(|(_, span)| (*span, None)).into_iter().collect()
            }
        }
    }
}

fn place(item: Item<'_>) -> Option<(Span, Option<String>)> {
    let span = item.span?;
    match item.value {
        Value::Absent => None,
        Value::Str(text) => Some((span, Some(text.to_owned()))),
        Value::Unknown(text) => Some((span, (!text.is_empty()).then(|| text.to_owned()))),
        _ => Some((span, None)),
    }
}

/// Every rule with one part of its fixes taken out.
pub(super) fn mutants(rule: &RuleFile, add: &mut impl FnMut(String, &dyn Fn(&mut RuleFile))) {
    for (index, fix) in rule.fixes.iter().enumerate() {
        add(format!("fix {index}"), &|m| drop(m.fixes.remove(index)));
        for (what, left) in fix.when.iter().flat_map(without) {
            add(format!("fix {index}: when: {what}"), &|m| m.fixes[index].when.clone_from(&left));
        }
        for edit in (0..fix.edits.len()).filter(|_| fix.edits.len() > 1) {
            add(format!("fix {index}: edit {edit}"), &|m| drop(m.fixes[index].edits.remove(edit)));
        }
    }
}
