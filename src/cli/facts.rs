//! `infralint facts`: the facts of a file as rules see them, for authors of rules.

use super::args::{FactsArgs, SelectArgs};
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Job};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::fact::value::{Item, List, Object, Value};
use crate::fact::{self, Facts, Subject, Wanted};
use crate::lint::masks::Masks;
use crate::text::{Source, Span};
use crate::walk::{self, Content, Listing, Pool};
use serde_json::{Value as Json, json};
use std::io::{self, Write};

/// Facts within facts are printed this deep.
const DEPTH: usize = 12;

pub(super) fn facts(options: &FactsArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    let (projects, missing) = walk::plan(std::slice::from_ref(&options.file), &cwd, &settings::root);
    let refuse = |problem: &crate::diagnostic::Problem| Refusal::new(format!("{}: {}", problem.path, problem.message));
    if let Some(problem) = missing.first() {
        return Err(refuse(problem));
    }
    let (pool, progress) = (Pool::new(1), Progress::new(true));
    for project in &projects {
        let mut settings = Settings::of(&project.root, &cwd, &SelectArgs::default())?;
        let Listing { entries, inventory, problems, .. } = run::listing(project, &mut settings, 1)?;
        let job = Job::plain(&settings, &pool, &progress);
        let [entry] = &entries[..] else {
            return Err(problems.first().map_or_else(|| Refusal::new("`facts` needs one file"), refuse));
        };
        let Content::Text(source) = walk::read(&entry.file, &entry.path).map_err(|p| refuse(&p))? else {
            return Err(Refusal::new(format!("{}: over 4 MB, so it has no facts", entry.path)));
        };
        let session = run::session(&job, &project.root, &inventory);
        let file = session.file(&entry.path, &source);
        let mut facts = Facts::default();
        fact::build(&file, &Wanted::all(), &mut facts);
        let printer = Printer { source: &source, masks: session.masks(&file) };
        output::to_stdout(|out| match options.format.as_str() {
            "json" => {
                serde_json::to_writer_pretty(&mut *out, &printer.json(&facts))?;
                writeln!(out)
            }
            _ => printer.print(&facts, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// Prints facts; what a secrets rule finds in their texts is masked.
struct Printer<'a> {
    source: &'a Source,
    masks: Masks,
}

impl Printer<'_> {
    fn print(&self, facts: &Facts, out: &mut dyn Write) -> io::Result<()> {
        for subject in &facts.subjects {
            let label =
                if subject.label.is_empty() { String::new() } else { format!(" {}", self.clean(&subject.label)) };
            let embedded = if subject.embedded { " (embedded)" } else { "" };
            writeln!(out, "{}{label}{embedded}{}", subject.name, self.place(Some(subject.object.span())))?;
            self.object(&*subject.object, 1, out)?;
        }
        Ok(())
    }

    fn object(&self, object: &dyn Object, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        for (id, field) in object.schema().fields.iter().enumerate() {
            self.item(field.name, object.field(id), depth, out)?;
        }
        Ok(())
    }

    fn item(&self, name: &str, item: Item<'_>, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        if depth > DEPTH {
            return Ok(());
        }
        let place = self.place(item.span);
        write!(out, "{:indent$}{name}: ", "", indent = depth * 2)?;
        match item.value {
            Value::Absent => writeln!(out, "absent"),
            Value::Unknown(text) => writeln!(out, "unknown {:?}{place}", self.clean(text)),
            Value::Bool(value) => writeln!(out, "{value}{place}"),
            Value::Int(value) => writeln!(out, "{value}{place}"),
            Value::Num(value) => writeln!(out, "{value}{place}"),
            Value::Str(text) => writeln!(out, "{:?}{place}", self.clean(text)),
            Value::Secret(shown) => writeln!(out, "secret {shown}{place}"),
            Value::Object(inner) => {
                writeln!(out, "{place}")?;
                self.object(inner, depth + 1, out)
            }
            Value::List(list) => self.members(list, depth, &place, out),
        }
    }

    fn members(&self, list: &dyn List, depth: usize, place: &str, out: &mut dyn Write) -> io::Result<()> {
        let open = if list.open() { " or more" } else { "" };
        writeln!(out, "{}{open}{place}", list.size())?;
        (0..list.size()).try_for_each(|index| self.item(&format!("[{index}]"), list.member(index), depth + 1, out))
    }

    fn clean(&self, text: &str) -> String {
        self.masks.clean(text.to_owned(), self.source)
    }

    fn place(&self, span: Option<Span>) -> String {
        let Some(span) = span else { return String::new() };
        let start = self.source.position(span.start);
        format!(" @{}:{}", start.line, start.column)
    }

    fn json(&self, facts: &Facts) -> Json {
        let subject = |subject: &Subject| {
            json!({
                "match": &*subject.name,
                "subject": self.clean(&subject.label),
                "embedded": subject.embedded,
                "start": self.source.position(subject.object.span().start),
                "fields": self.json_object(&*subject.object, 1),
            })
        };
        facts.subjects.iter().map(subject).collect()
    }

    fn json_object(&self, object: &dyn Object, depth: usize) -> Json {
        let fields = object.schema().fields.iter().enumerate();
        fields.map(|(id, field)| (field.name.to_owned(), self.json_item(object.field(id), depth))).collect()
    }

    /// `known`, `unknown` or `secret` with the value; null where nothing is.
    fn json_item(&self, item: Item<'_>, depth: usize) -> Json {
        let (word, value) = match item.value {
            Value::Absent => return Json::Null,
            Value::Unknown(text) => ("unknown", json!(self.clean(text))),
            Value::Bool(value) => ("known", json!(value)),
            Value::Int(value) => ("known", json!(value)),
            Value::Num(value) => ("known", json!(value)),
            Value::Str(text) => ("known", json!(self.clean(text))),
            Value::Secret(shown) => ("secret", json!(shown)),
            _ if depth >= DEPTH => return Json::Null,
            Value::Object(inner) => ("known", self.json_object(inner, depth + 1)),
            Value::List(list) => {
                let members = (0..list.size()).map(|index| self.json_item(list.member(index), depth + 1));
                (if list.open() { "at-least" } else { "known" }, members.collect())
            }
        };
        let start = item.span.map(|span| self.source.position(span.start));
        json!({word: value, "start": start})
    }
}
