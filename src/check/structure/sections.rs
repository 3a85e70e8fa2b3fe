//! Sections: which there are, in which order, how they are numbered, what stands in them.

use super::value::counted;
use super::{Bounds, CodeDemand, Faults, FieldDemand, Need, Pattern, Shape, TableDemand};
use super::{dropped, fields, tables, texts};
use crate::fact::document::{Document, Section, Table, normalise};
use crate::text::Span;

/// The sections of a document, or those within one of them.
#[derive(Debug, Default)]
pub struct Sections {
    /// Those that are expected, in this order.
    pub list: Vec<SectionDemand>,
    /// The fault of standing in another order.
    pub order: Option<Shape>,
    /// The fault of a section that is not in the list.
    pub closed: Option<Shape>,
    /// The levels of headings that are meant; all if there is none.
    pub levels: Vec<i64>,
    /// The fault of not being numbered 1, 2, 3 …
    pub numbered: Option<(Shape, Numbering)>,
    /// Those that match an expression.
    pub each: Option<Each>,
}

/// Which sections have to be numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numbering {
    /// All of them.
    All,
    /// Those that have a number go on from the one before, or have that of their place in the list.
    Given,
}

/// The sections whose headings match an expression.
#[derive(Debug)]
pub struct Each {
    /// The expression, for the heading as written, without markup.
    pub matches: Pattern,
    /// How many there are.
    pub count: Option<(Shape, Bounds)>,
    /// The fault of their numbers not being 1, 2, 3 …
    pub numbered: Option<Shape>,
    /// What stands in each.
    pub content: Option<(Shape, Content)>,
}

/// A section.
#[derive(Debug)]
pub struct SectionDemand {
    /// The shape of the fault.
    pub shape: Shape,
    /// As its author calls it.
    pub shown: String,
    /// Its names, normalised; a star at the end stands for whatever follows.
    pub names: Vec<String>,
    /// Whether it must be there.
    pub need: Need,
    /// Whether a bold lead will do for a heading.
    pub lead: bool,
    /// What stands in it.
    pub content: Content,
}

/// What stands in a section.
#[derive(Debug, Default)]
pub struct Content {
    /// How many words.
    pub words: Option<Bounds>,
    /// How many list items.
    pub items: Option<Bounds>,
    /// How many items of ordered lists.
    pub ordered: Option<Bounds>,
    /// How many tasks.
    pub tasks: Option<Bounds>,
    /// How many links.
    pub links: Option<Bounds>,
    /// How many images.
    pub images: Option<Bounds>,
    /// What its words must match.
    pub matches: Vec<Pattern>,
    /// Topics, each with the words of which one must occur.
    pub mentions: Vec<(String, Vec<String>)>,
    /// Fields in it.
    pub fields: Vec<FieldDemand>,
    /// Tables in it.
    pub tables: Vec<TableDemand>,
    /// Code in it.
    pub code: Vec<CodeDemand>,
    /// Sections in it.
    pub sections: Option<Box<Sections>>,
    /// Of these at least one must hold.
    pub one_of: Vec<Content>,
}

/// A stretch of a document: all of it, or a section with all below it.
pub(super) struct Extent<'d> {
    pub(super) document: &'d Document,
    /// Its section; the document itself if there is none.
    section: Option<usize>,
    sections: std::ops::Range<usize>,
    from: u32,
    to: u32,
}

impl<'d> Extent<'d> {
    pub(super) fn whole(document: &'d Document) -> Self {
        Self { document, section: None, sections: 0..document.sections.len(), from: 0, to: u32::MAX }
    }

    fn of(document: &'d Document, index: usize) -> Self {
        let level = document.sections.get(index).map_or(6, |section| section.level);
        let behind = document.sections.iter().enumerate().skip(index + 1).find(|(_, next)| next.level <= level);
        let end = behind.map_or(document.sections.len(), |(at, _)| at);
        let start = document.sections.get(index).map_or(0, |section| section.span.start);
        let to = behind.map_or(u32::MAX, |(_, next)| next.span.start);
        Self { document, section: Some(index), sections: index + 1..end, from: start, to }
    }

    /// Where a finding about something missing points: the heading, or the title.
    pub(super) fn place(&self) -> Span {
        self.own().map_or(self.document.span, |section| section.span)
    }

    fn own(&self) -> Option<&'d Section> {
        self.document.sections.get(self.section?)
    }

    pub(super) fn holds(&self, span: Span) -> bool {
        (self.from..self.to).contains(&span.start)
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &'d Table> {
        let range = self.from..self.to;
        self.document.tables.iter().filter(move |table| range.contains(&table.span.start))
    }

    /// Whether a place stands in, or below, a section with one of these names.
    pub(super) fn stands_in(&self, span: Span, names: &[String]) -> bool {
        let at = self.document.sections.partition_point(|section| section.span.start <= span.start);
        let mut level = i64::MAX;
        for section in self.document.sections.iter().take(at).rev() {
            if section.level >= level {
                continue;
            }
            level = section.level;
            if is_named(&section.name, names) {
                return true;
            }
            if level == 1 {
                return false;
            }
        }
        false
    }
}

/// Whether a heading is one of these names, as it stands or without what is said around its words.
fn is_named(name: &str, names: &[String]) -> bool {
    let is = |name: &str| {
        names.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(head) => name.starts_with(head.trim_end()),
            None => name == wanted,
        })
    };
    is(name) || Some(bare(name)).filter(|bare| *bare != name).is_some_and(is)
}

/// `step 1: installation (linux)` without the step and the note.
fn bare(name: &str) -> &str {
    let counted = name.strip_prefix("step ").or_else(|| name.strip_prefix("part "));
    let rest = counted.map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let rest = rest.filter(|rest| rest.len() < counted.map_or(0, str::len));
    let name = rest.map_or(name, |rest| rest.trim_start_matches([':', '.', ')', '-', '–', '—', ' ']));
    let note = name.strip_suffix(')').and_then(|inner| inner.rfind(" ("));
    note.map_or(name, |at| name[..at].trim_end())
}

pub(super) fn check(demand: &Sections, extent: &Extent<'_>, faults: &mut Faults<'_>) {
    let document = extent.document;
    let meant: Vec<usize> = extent.sections.clone().filter(|&index| is_meant(demand, document, index)).collect();
    let mut found: Vec<(usize, &SectionDemand)> = Vec::new();
    for wanted in &demand.list {
        let named = |index: &&usize| document.sections.get(**index).is_some_and(|s| is_named(&s.name, &wanted.names));
        match meant.iter().find(named) {
            Some(&index) => {
                found.push((index, wanted));
                content(&wanted.content, wanted.shape, &wanted.shown, &Extent::of(document, index), faults);
            }
            None if wanted.lead && has_lead(extent, wanted) => {}
            None if dropped::is_listed(&faults.dropped, &wanted.names) => {}
            None if wanted.need == Need::Wanted => {
                faults.add(wanted.shape, extent.place(), format!("no section `{}`", wanted.shown), "");
            }
            None => {}
        }
    }
    order(demand, &found, document, faults);
    if let Some(shape) = demand.closed {
        closed(shape, demand, extent, &meant, faults);
    }
    if let Some((shape, numbering)) = demand.numbered {
        let top = meant.iter().filter_map(|&index| document.sections.get(index)).map(|section| section.level).min();
        let is_top = |index: &&usize| document.sections.get(**index).map(|section| section.level) == top;
        let numbers = meant.iter().filter(is_top).filter_map(|&index| {
            let section = document.sections.get(index)?;
            let number = section.number.as_deref().and_then(|n| n.rsplit('.').next()).and_then(|n| n.parse().ok());
            let own = demand.list.iter().position(|wanted| is_named(&section.name, &wanted.names));
            let own = own.map(|at| at as i64 + 1).filter(|_| numbering == Numbering::Given);
            (number.is_some() || numbering == Numbering::All).then_some((section, number, own))
        });
        numbered(shape, numbers, faults);
    }
    if let Some(each) = &demand.each {
        every(each, &meant, extent, faults);
    }
}

fn is_meant(demand: &Sections, document: &Document, index: usize) -> bool {
    let level = document.sections.get(index).map_or(0, |section| section.level);
    demand.levels.is_empty() || demand.levels.contains(&level)
}

fn has_lead(extent: &Extent<'_>, wanted: &SectionDemand) -> bool {
    let outline = &extent.document.outline;
    outline.iter().any(|lead| extent.holds(lead.span) && is_named(&lead.value, &wanted.names))
}

/// Reports the sections that would have to move: all but a longest run in the right order.
fn order(demand: &Sections, found: &[(usize, &SectionDemand)], document: &Document, faults: &mut Faults<'_>) {
    let Some(shape) = demand.order else { return };
    let places: Vec<usize> = found.iter().map(|(index, _)| *index).collect();
    let kept = longest_ascent(&places);
    for (at, (index, wanted)) in found.iter().enumerate() {
        let Some(section) = document.sections.get(*index).filter(|_| !kept.contains(&at)) else { continue };
        let before = found.iter().take(at).next_back().map(|(_, before)| before.shown.as_str());
        let what = match before {
            Some(before) => format!("section `{}` belongs behind `{before}`", wanted.shown),
            None => format!("section `{}` belongs before the others", wanted.shown),
        };
        faults.add(shape, section.span, what, wanted.shown.as_str());
    }
}

/// The positions of a longest ascending subsequence.
fn longest_ascent(values: &[usize]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let before = (0..at).filter(|&i| values[i] < *value).max_by_key(|&i| (best[i].0, std::cmp::Reverse(i)));
        best.push((before.map_or(1, |i| best[i].0 + 1), before));
    }
    let mut last = (0..best.len()).max_by_key(|&i| (best[i].0, std::cmp::Reverse(i)));
    let mut kept = Vec::new();
    while let Some(at) = last {
        kept.push(at);
        last = best[at].1;
    }
    kept
}

fn closed(shape: Shape, demand: &Sections, extent: &Extent<'_>, meant: &[usize], faults: &mut Faults<'_>) {
    let document = extent.document;
    let top = meant.iter().filter_map(|&index| document.sections.get(index)).map(|section| section.level).min();
    for section in meant.iter().filter_map(|&index| document.sections.get(index)) {
        let listed = demand.list.iter().any(|wanted| is_named(&section.name, &wanted.names));
        let matched = demand.each.as_ref().is_some_and(|each| each.matches.is_match(&section.heading.value));
        if Some(section.level) == top && !listed && !matched {
            let what = format!("section `{}` is not expected here", section.heading.value);
            faults.add(shape, section.span, what, section.heading.value.as_str());
        }
    }
}

/// Sections with the number that they have, and the one that they may have besides the next.
fn numbered<'s>(
    shape: Shape,
    sections: impl Iterator<Item = (&'s Section, Option<i64>, Option<i64>)>,
    faults: &mut Faults<'_>,
) {
    let mut expected = 1;
    for (section, number, own) in sections {
        if number != Some(expected) && (own.is_none() || number != own) {
            let what = match number {
                Some(number) => format!("number {number} where {expected} was expected"),
                None => format!("no number where {expected} was expected"),
            };
            faults.add(shape, section.span, what, number.map(|n| n.to_string()).unwrap_or_default());
        }
        expected = number.unwrap_or(expected).saturating_add(1);
    }
}

fn every(each: &Each, meant: &[usize], extent: &Extent<'_>, faults: &mut Faults<'_>) {
    let document = extent.document;
    let matching = |index: &&usize| {
        document.sections.get(**index).is_some_and(|section| each.matches.is_match(section.heading.value.trim()))
    };
    let found: Vec<usize> = meant.iter().filter(matching).copied().collect();
    if let Some((shape, bounds)) = &each.count
        && !bounds.admit(found.len() as f64)
    {
        let what = format!("{} sections match `{}`, expected {bounds}", found.len(), each.matches.as_str());
        faults.add(*shape, extent.place(), what, found.len().to_string());
    }
    if let Some(shape) = each.numbered {
        let numbers = found.iter().filter_map(|&index| {
            let section = document.sections.get(index)?;
            Some((section, number_in(&each.matches, section.heading.value.trim()), None))
        });
        numbered(shape, numbers, faults);
    }
    if let Some((shape, inside)) = &each.content {
        for index in found {
            let Some(section) = document.sections.get(index) else { continue };
            content(inside, *shape, &section.heading.value, &Extent::of(document, index), faults);
        }
    }
}

/// What the group `n`, or the first one, holds; else the first digits of the heading.
fn number_in(pattern: &Pattern, heading: &str) -> Option<i64> {
    let captured = pattern.get().and_then(|regex| {
        let captures = regex.captures(heading)?;
        captures.name("n").or_else(|| captures.get(1)).and_then(|group| group.as_str().parse().ok())
    });
    let digits = || heading.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok();
    captured.or_else(digits)
}

/// What is wrong with a section's content; everything is said.
fn content(demand: &Content, shape: Shape, shown: &str, extent: &Extent<'_>, faults: &mut Faults<'_>) {
    let Some(section) = extent.own() else { return };
    let tasks = extent.document.tasks.iter().filter(|task| extent.holds(task.span)).count() as i64;
    let counts = [
        (&demand.words, section.words, "words"),
        (&demand.items, section.items, "list items"),
        (&demand.ordered, section.ordered_items, "numbered items"),
        (&demand.tasks, tasks, "tasks"),
        (&demand.links, section.links, "links"),
        (&demand.images, section.images, "images"),
    ];
    for (bounds, count, unit) in counts {
        if let Some(bounds) = bounds.as_ref().filter(|bounds| !bounds.admit(count as f64)) {
            let what = format!("section `{shown}` has {}, expected {bounds}", counted(count, unit));
            faults.add(shape, section.span, what, count.to_string());
        }
    }
    for pattern in demand.matches.iter().filter(|pattern| !pattern.is_match(section.text.as_str())) {
        faults.add(shape, section.span, format!("nothing in section `{shown}` matches `{}`", pattern.as_str()), "");
    }
    let text = if demand.mentions.is_empty() { String::new() } else { normalise_text(section.text.as_str()) };
    let missing: Vec<&str> = demand.mentions.iter().filter(|topic| !mentions(&text, topic)).map(|t| &*t.0).collect();
    if !missing.is_empty() {
        let what = format!("section `{}` does not mention {}", bare_heading(section), listed(&missing));
        faults.add(shape, section.span, what, missing.join(", "));
    }
    for field in &demand.fields {
        let below = extent.document.sections.get(extent.sections.clone()).unwrap_or(&[]);
        let entries: Vec<_> = section.fields.iter().chain(below.iter().flat_map(|s| &s.fields)).cloned().collect();
        fields::check(field, &entries, section.span, faults);
    }
    demand.tables.iter().for_each(|table| tables::check(table, extent, faults));
    demand.code.iter().for_each(|code| texts::code(code, extent, faults));
    if let Some(sections) = &demand.sections {
        check(sections, extent, faults);
    }
    if !demand.one_of.is_empty() && !demand.one_of.iter().any(|one| holds(one, shown, extent, faults)) {
        faults.add(shape, section.span, format!("section `{shown}` has none of what it may consist of"), "");
    }
}

/// The heading as it stands, without its number.
fn bare_heading(section: &Section) -> &str {
    let heading = section.heading.value.trim();
    let number = section.number.as_deref().unwrap_or("");
    heading.strip_prefix(number).map_or(heading, |rest| rest.trim_start_matches(['.', ')', ':', ' ']))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => words.concat(),
    }
}

fn holds(demand: &Content, shown: &str, extent: &Extent<'_>, faults: &Faults<'_>) -> bool {
    let (around, dropped) = (faults.around, faults.dropped.clone());
    let mut tried = Faults { document: faults.document, around, dropped, found: Vec::new() };
    content(demand, 0, shown, extent, &mut tried);
    tried.found.is_empty()
}

/// Whether one of a topic's words occurs, at the beginning of a word.
/// Words of so many letters are whole ones, with a number before them or not: `512MB`, but no `Gbit`.
const SHORT: usize = 3;

fn mentions(text: &str, topic: &(String, Vec<String>)) -> bool {
    topic.1.iter().any(|word| {
        let short = word.len() <= SHORT;
        let begins = |before: &str| match before.chars().next_back() {
            Some(last) if last.is_ascii_digit() => short,
            last => !last.is_some_and(char::is_alphanumeric),
        };
        let ends = |rest: &str| {
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            !short || !rest.starts_with(char::is_alphabetic)
        };
        text.match_indices(word.as_str()).any(|(at, _)| begins(&text[..at]) && ends(&text[at + word.len()..]))
    })
}

/// Small letters, single blanks.
fn normalise_text(text: &str) -> String {
    text.split_whitespace().map(normalise).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::longest_ascent;

    #[test]
    fn only_what_stands_wrong_is_told() {
        let wrong = |values: &[usize]| -> Vec<usize> {
            let kept = longest_ascent(values);
            (0..values.len()).filter(|at| !kept.contains(at)).collect()
        };
        assert_eq!(wrong(&[1, 2, 3]), [0usize; 0]);
        assert_eq!(wrong(&[9, 1, 2, 3]), [0]);
        assert_eq!(wrong(&[1, 3, 2]), [2]);
        assert_eq!(wrong(&[]), [0usize; 0]);
    }
}
