//! `infralint facts`: the facts of a file as rules see them, for authors of rules.

use super::args::{FactsArgs, SelectArgs};
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Job};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::fact::value::{Item, List, Object, Value};
use crate::fact::{self, Facts, Wanted};
use crate::text::{Source, Span};
use crate::walk::{self, Content, Listing, Pool};
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
        let settings = Settings::of(&project.root, &cwd, &SelectArgs::default())?;
        let job = Job {
            settings: &settings,
            pool: &pool,
            progress: &progress,
            excerpts: false,
            inline: false,
            unknowns: false,
        };
        let Listing { entries, inventory, problems } = run::listing(project, 1);
        let [entry] = &entries[..] else {
            return Err(problems.first().map_or_else(|| Refusal::new("`facts` needs one file"), refuse));
        };
        let Content::Text(source) = walk::read(&entry.file, &entry.path).map_err(|p| refuse(&p))? else {
            return Err(Refusal::new(format!("{}: over 4 MB, so it has no facts", entry.path)));
        };
        let session = run::session(&job, &project.root, &inventory);
        let mut facts = Facts::default();
        fact::build(&session.file(&entry.path, &source), &Wanted::all(), &mut facts);
        output::to_stdout(|out| print(&facts, &source, out))?;
    }
    Ok(Exit::Clean)
}

fn print(facts: &Facts, source: &Source, out: &mut dyn Write) -> io::Result<()> {
    for subject in &facts.subjects {
        let label = if subject.label.is_empty() { String::new() } else { format!(" {}", subject.label) };
        let embedded = if subject.embedded { " (embedded)" } else { "" };
        writeln!(out, "{}{label}{embedded}{}", subject.name, place(Some(subject.object.span()), source))?;
        object(&*subject.object, source, 1, out)?;
    }
    Ok(())
}

fn object(object: &dyn Object, source: &Source, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    for (id, field) in object.schema().fields.iter().enumerate() {
        item(field.name, object.field(id), source, depth, out)?;
    }
    Ok(())
}

fn item(name: &str, item: Item<'_>, source: &Source, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    if depth > DEPTH {
        return Ok(());
    }
    let place = place(item.span, source);
    write!(out, "{:indent$}{name}: ", "", indent = depth * 2)?;
    match item.value {
        Value::Absent => writeln!(out, "absent"),
        Value::Unknown(text) => writeln!(out, "unknown {text:?}{place}"),
        Value::Bool(value) => writeln!(out, "{value}{place}"),
        Value::Int(value) => writeln!(out, "{value}{place}"),
        Value::Num(value) => writeln!(out, "{value}{place}"),
        Value::Str(text) => writeln!(out, "{text:?}{place}"),
        Value::Secret(shown) => writeln!(out, "secret {shown}{place}"),
        Value::Object(inner) => {
            writeln!(out, "{place}")?;
            object(inner, source, depth + 1, out)
        }
        Value::List(list) => members(list, source, depth, &place, out),
    }
}

fn members(list: &dyn List, source: &Source, depth: usize, place: &str, out: &mut dyn Write) -> io::Result<()> {
    let open = if list.open() { " or more" } else { "" };
    writeln!(out, "{}{open}{place}", list.size())?;
    (0..list.size()).try_for_each(|index| item(&format!("[{index}]"), list.member(index), source, depth + 1, out))
}

fn place(span: Option<Span>, source: &Source) -> String {
    let Some(span) = span else { return String::new() };
    let start = source.position(span.start);
    format!(" @{}:{}", start.line, start.column)
}
