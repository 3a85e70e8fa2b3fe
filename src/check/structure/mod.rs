//! Holds a document against a template: what is missing, out of order or not as it should be.
//!
//! A template is plain data; every expectation knows by a number which shape of its rule it is. Words,
//! severities and names belong to the rule.

mod dropped;
mod fields;
mod schema;
mod sections;
mod tables;
mod tasks;
mod texts;
mod value;

pub use fields::FieldDemand;
pub use schema::JsonSchema;
pub use sections::{Content, Each, Numbering, SectionDemand, Sections};
pub use tables::{CellDemand, TableDemand};
pub use tasks::TasksDemand;
pub use texts::{CodeDemand, LinksDemand, TextDemand};
pub use value::{Bounds, Format, Pattern, ValueDemand};

use crate::fact::document::Document;
use crate::fact::inventory::Inventory;
use crate::text::Span;

/// The shape of its rule that an expectation is, by number.
pub type Shape = usize;

/// How much an expectation is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Need {
    /// Its absence is a fault.
    #[default]
    Wanted,
    /// It may be left out; where it is there, it must be right.
    May,
}

/// What a document must be like.
#[derive(Debug, Default)]
pub struct Template {
    /// The title.
    pub title: Option<(Shape, ValueDemand)>,
    /// How many lines.
    pub lines: Option<(Shape, Bounds)>,
    /// Fields of the header.
    pub fields: Vec<FieldDemand>,
    /// Sections.
    pub sections: Option<Sections>,
    /// Names of fields and headings below which a document lists the sections that do not apply to it.
    pub not_applicable: Vec<String>,
    /// Tables anywhere.
    pub tables: Vec<TableDemand>,
    /// Tasks.
    pub tasks: Option<TasksDemand>,
    /// Fenced code.
    pub code: Vec<CodeDemand>,
    /// Links.
    pub links: LinksDemand,
    /// Words.
    pub text: Vec<TextDemand>,
    /// Files beside it; looked at when all files have been read.
    pub siblings: Option<Siblings>,
}

/// Files that must lie beside a document.
#[derive(Debug, Default)]
pub struct Siblings {
    /// Those that must be there.
    pub exist: Vec<(Shape, String)>,
    /// How many lines several of them have together.
    pub total: Option<Total>,
}

/// The lines of several files of a directory.
#[derive(Debug)]
pub struct Total {
    /// The shape of the fault.
    pub shape: Shape,
    /// Their names.
    pub of: Vec<String>,
    /// How many lines.
    pub lines: Bounds,
}

/// Where a document is not as its template.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which expectation.
    pub shape: Shape,
    /// The words at fault, or where the missing ones belong.
    pub span: Span,
    /// A sentence that says it.
    pub what: String,
    /// What was found, for the rule's own words.
    pub value: String,
}

/// What values are judged by besides themselves.
#[derive(Clone, Copy)]
pub(crate) struct Around<'d> {
    document: &'d Document,
    inventory: &'d Inventory,
}

/// The faults of a document.
struct Faults<'d> {
    document: &'d Document,
    around: Around<'d>,
    /// What the document says does not apply to it.
    dropped: Vec<String>,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn add(&mut self, shape: Shape, span: Span, what: impl Into<String>, value: impl Into<String>) {
        self.found.push(Fault { shape, span, what: what.into(), value: value.into() });
    }
}

/// Compares a document with its template.
pub fn check(template: &Template, document: &Document, inventory: &Inventory) -> Vec<Fault> {
    let dropped = dropped::listed(document, &template.not_applicable);
    let mut faults = Faults { document, around: Around { document, inventory }, dropped, found: Vec::new() };
    title(template, &mut faults);
    if let Some((shape, bounds)) = &template.lines
        && !bounds.admit(document.lines as f64)
    {
        let what = format!("{} lines, expected {bounds}", document.lines);
        faults.add(*shape, document.span, what, document.lines.to_string());
    }
    for demand in &template.fields {
        fields::check(demand, &document.fields, document.span, &mut faults);
    }
    if let Some(sections) = &template.sections {
        sections::check(sections, &sections::Extent::whole(document), &mut faults);
    }
    let whole = sections::Extent::whole(document);
    for demand in &template.tables {
        tables::check(demand, &whole, &mut faults);
    }
    if let Some(demand) = &template.tasks {
        tasks::check(demand, &mut faults);
    }
    for demand in &template.code {
        texts::code(demand, &whole, &mut faults);
    }
    texts::links(&template.links, &mut faults);
    for demand in &template.text {
        texts::text(demand, &mut faults);
    }
    faults.found
}

fn title(template: &Template, faults: &mut Faults<'_>) {
    let Some((shape, demand)) = &template.title else { return };
    let document = faults.document;
    match (document.title.known(), document.title.span()) {
        (Some(text), Some(span)) => {
            let given = value::Given::plain(text, span);
            if let Some(wrong) = demand.wrong(&given, &faults.around) {
                faults.add(*shape, wrong.span, format!("the title {}", wrong.what), text.as_str());
            }
        }
        _ => faults.add(*shape, document.span, "no title", ""),
    }
}
