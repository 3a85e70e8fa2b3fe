//! A rule file.

use super::condition::condition;
use super::fix::fixes;
use super::reader::{Entry, ReadError, Reader};
use crate::diagnostic::Severity;
use crate::rule::written::{
    Case, Check, Name, OptionDef, OptionType, Prose, QueryShape, Range, RuleFile, Shape, Variant,
};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Spanned, Text};

/// The keys of a rule file in their order, each with its meaning; the JSON Schema is made of them.
pub const RULE_KEYS: &[(&str, &str)] = &[
    ("summary", "what is wrong when the rule fires, one line"),
    ("severity", "error, warning or info"),
    ("default", "false for a rule that is off until it is selected"),
    ("since", "the version that brought it"),
    ("tags", "words to select it by"),
    ("same-as", "the same fault in other tools, as tool/ID"),
    ("why", "why the rule exists"),
    ("help", "what to do when it fires"),
    ("files", "globs of the files it looks at"),
    ("kinds", "kinds of the files it looks at"),
    ("options", "what a config may set: name to default, type, doc"),
    ("match", "the subject that it looks at"),
    ("where", "which of them are meant"),
    ("require", "the good state; the rule fires where it is definitely false"),
    ("structure", "what documents of the matched type are made of: fields, sections, tables, tasks, code, links"),
    ("pattern", "shapes of text that are at fault"),
    ("query", "tree-sitter queries over the syntax of Markdown, YAML or Dockerfiles"),
    ("native", "module::function of a check in Rust"),
    ("engine", "a rule of the engine itself"),
    ("at", "fields that give the place, best first"),
    ("related", "fields that give further places: field to what is to be seen there"),
    ("message", "what is wrong, with {placeholders}"),
    ("fix", "how its findings are mended: title, safety, edits"),
    ("variants", "shapes of the fault with words, severity or default of their own"),
    ("yields-to", "rules that win over this one at the same place"),
    ("tests", "cases: fail and pass"),
];

const OPTION_KEYS: &[&str] = &["default", "type", "at-least", "at-most", "doc"];
const VARIANT_KEYS: &[&str] = &["when", "severity", "default", "message", "at", "same-as"];
const SHAPE_KEYS: &[&str] = &["variant", "keywords", "regex", "assigned", "capture", "judge", "near"];
const QUERY_KEYS: &[&str] = &["variant", "language", "needs", "find"];
const CASE_KEYS: &[&str] = &["case", "path", "file", "with", "files", "history", "branch", "fixed"];

/// Reads a rule file; `id` and `path` come from where it lies.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn rule_file(id: &str, path: &str, text: &str) -> Result<(RuleFile, Prose), Vec<ReadError>> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let mut reader = Reader::default();
    for error in &yaml.errors {
        reader.error(error.span, format!("YAML: {}", error.message));
    }
    let Some(root) = yaml.root(0).filter(|_| reader.errors.is_empty()) else {
        if reader.errors.is_empty() {
            reader.error(Span::default(), "the file is empty");
        }
        return Err(reader.errors);
    };
    let file = RuleFile { id: id.to_owned(), path: path.to_owned(), default: true, ..RuleFile::default() };
    let mut out = Building { file, prose: Prose::default(), demand: Demand::default() };
    let keys: Vec<&str> = RULE_KEYS.iter().map(|(key, _)| *key).collect();
    for entry in reader.known(root, "a rule file", &keys) {
        out.entry(&mut reader, entry);
    }
    out.finish(&mut reader, root.span());
    if reader.errors.is_empty() { Ok((out.file, out.prose)) } else { Err(reader.errors) }
}

struct Building {
    file: RuleFile,
    prose: Prose,
    demand: Demand,
}

/// The parts of a check, until it is clear which kind it is.
#[derive(Default)]
struct Demand {
    subject: Option<Name>,
    filter: Option<crate::rule::written::Condition>,
    require: Option<crate::rule::written::Condition>,
    template: Option<crate::rule::written::Tree>,
    others: Vec<Check>,
}

impl Building {
    fn entry(&mut self, reader: &mut Reader, entry: Entry<'_>) {
        let Entry { name, value, .. } = entry;
        let file = &mut self.file;
        match name {
            "summary" => file.summary = reader.text(value, name),
            "severity" => file.severity = severity(reader, value),
            "default" => file.default = reader.bool(value, name),
            "since" => file.since = reader.text(value, name),
            "tags" => file.tags = reader.texts(value, name),
            "same-as" => file.same_as = aliases(reader, value),
            "why" => self.prose.why = reader.text(value, name),
            "help" => file.help = reader.text(value, name),
            "files" => file.files = reader.texts(value, name),
            "kinds" => file.kinds = reader.texts(value, name),
            "options" => file.options = options(reader, value),
            "match" => self.demand.subject = Some(reader.text(value, name)),
            "where" => self.demand.filter = Some(condition(reader, value)),
            "require" => self.demand.require = Some(condition(reader, value)),
            "structure" => self.demand.template = Some(reader.tree(value, 0)),
            "pattern" => self.demand.others.push(Check::Pattern { shapes: shapes(reader, value) }),
            "query" => self.demand.others.push(Check::Query { shapes: queries(reader, value) }),
            "native" => self.demand.others.push(Check::Native { function: reader.text(value, name) }),
            "engine" => self.demand.others.push(Check::Engine { name: reader.text(value, name) }),
            "at" => file.at = reader.texts(value, name),
            "related" => file.related = related(reader, value),
            "message" => file.message = reader.text(value, name),
            "fix" => file.fixes = fixes(reader, value),
            "variants" => file.variants = variants(reader, value),
            "yields-to" => file.yields_to = reader.texts(value, name),
            "tests" => tests(reader, value, &mut self.prose),
            _ => {}
        }
    }

    fn finish(&mut self, reader: &mut Reader, span: Span) {
        for (missing, key) in [
            (self.file.summary.value.is_empty(), "summary"),
            (self.file.severity.is_none(), "severity"),
            (self.file.message.value.is_empty() && self.demand.template.is_none(), "message"),
            (self.prose.why.value.is_empty(), "why"),
            (self.file.help.value.is_empty(), "help"),
        ] {
            if missing {
                reader.error(Span { start: span.start, end: span.start }, format!("`{key}` is missing"));
            }
        }
        let shown = self.prose.fail.iter().any(|case| case.fixed.is_some());
        if let Some(fix) = self.file.fixes.first().filter(|_| !shown) {
            reader.error(fix.span, "a fix needs a failing case with `fixed`, the file as it shall be");
        }
        if let Some(case) = self.prose.pass.iter().find(|case| case.fixed.is_some()) {
            reader.error(case.name.span, "a passing case has nothing to be fixed");
        }
        let Demand { subject, filter, require, template, mut others } = std::mem::take(&mut self.demand);
        if template.is_some() && self.file.message.value.is_empty() {
            self.file.message.value = "{what}".to_owned();
        }
        match (subject, require, template) {
            (Some(subject), Some(require), None) => others.push(Check::Require { subject, filter, require }),
            (Some(subject), None, Some(template)) => others.push(Check::Structure { subject, filter, template }),
            (_, Some(_), Some(_)) => reader.error(span, "a rule has either `require` or `structure`"),
            (Some(subject), None, None) => reader.error(subject.span, "`match` needs a `require` or a `structure`"),
            (None, Some(_), None) => reader.error(span, "`require` needs a `match`"),
            (None, None, Some(_)) => reader.error(span, "`structure` needs a `match`"),
            (None, None, None) => {}
        }
        match others.len() {
            1 => self.file.check = others.remove(0),
            0 => reader.error(span, "a rule needs `match` with `require` or `structure`, or `pattern`, `query`, `native` or `engine`"),
            _ => reader
                .error(span, "a rule has one check: `match` with `require` or `structure`, or `pattern`, `query`, `native`, `engine`"),
        }
    }
}

fn severity(reader: &mut Reader, node: NodeRef<'_>) -> Option<Spanned<Severity>> {
    let severity = node.scalar().and_then(|text| text.parse().ok());
    if severity.is_none() {
        reader.error(node.span(), "severity must be error, warning or info");
    }
    Some(Spanned::new(severity?, node.span()))
}

fn aliases(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Name> {
    let aliases = reader.texts(node, "same-as");
    for alias in aliases.iter().filter(|a| !a.value.contains('/')) {
        reader.error(alias.span, format!("an alias is written tool/ID, `{}` has no tool", alias.value));
    }
    aliases
}

fn options(reader: &mut Reader, node: NodeRef<'_>) -> Vec<OptionDef> {
    let entries = reader.entries(node, "options");
    entries.iter().filter_map(|entry| option(reader, entry)).collect()
}

fn option(reader: &mut Reader, entry: &Entry<'_>) -> Option<OptionDef> {
    use crate::rule::written::Literal;
    let (mut default, mut ty, mut doc, mut range) = (None, None, String::new(), Range::default());
    for part in reader.known(entry.value, "an option", OPTION_KEYS) {
        match part.name {
            "default" => default = Some(reader.literal(part.value, "default")),
            "type" => ty = option_type(reader, part.value),
            "at-least" => range.least = bound(reader, part.value),
            "at-most" => range.most = bound(reader, part.value),
            "doc" => doc = reader.text(part.value, "doc").value,
            _ => {}
        }
    }
    let ty = ty.or(match default {
        Some(Literal::Bool(_)) => Some(OptionType::Bool),
        Some(Literal::Int(_)) => Some(OptionType::Int),
        Some(Literal::Num(_)) => Some(OptionType::Num),
        Some(Literal::Text(_)) => Some(OptionType::Text),
        Some(Literal::List(_)) => Some(OptionType::List),
        None => None,
    });
    if ty.is_none() {
        reader.error(entry.key.span(), "an option needs a `default` or a `type`");
    }
    if doc.is_empty() {
        reader.error(entry.key.span(), "an option needs a `doc`");
    }
    if (range.least.is_some() || range.most.is_some()) && !matches!(ty, None | Some(OptionType::Int | OptionType::Num))
    {
        reader.error(entry.key.span(), "only numbers have bounds");
    }
    let name = Spanned::new(entry.name.to_owned(), entry.key.span());
    let option = OptionDef { name, doc, ty: ty?, default, range };
    if let Some(wrong) = option.default.as_ref().and_then(|default| option.check(default).err()) {
        reader.error(entry.key.span(), format!("the default does not fit: {wrong}"));
    }
    Some(option)
}

fn bound(reader: &mut Reader, node: NodeRef<'_>) -> Option<f64> {
    let number = node.scalar().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
    if number.is_none() {
        reader.error(node.span(), "a bound is a number");
    }
    number
}

fn option_type(reader: &mut Reader, node: NodeRef<'_>) -> Option<OptionType> {
    let known = [OptionType::Bool, OptionType::Int, OptionType::Num, OptionType::Text, OptionType::List];
    let found = known.into_iter().find(|t| Some(t.as_str()) == node.scalar());
    if found.is_none() {
        reader.error(node.span(), "type must be bool, int, number, text or list");
    }
    found
}

fn related(reader: &mut Reader, node: NodeRef<'_>) -> Vec<(Name, Name)> {
    let entries = reader.entries(node, "related");
    let place = |entry: &Entry<'_>| Spanned::new(entry.name.to_owned(), entry.key.span());
    entries.iter().map(|entry| (place(entry), reader.text(entry.value, "related"))).collect()
}

fn variants(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Variant> {
    let entries = reader.entries(node, "variants");
    entries.iter().map(|entry| variant(reader, entry)).collect()
}

fn variant(reader: &mut Reader, entry: &Entry<'_>) -> Variant {
    let name = Spanned::new(entry.name.to_owned(), entry.key.span());
    let mut out = Variant { name, ..Variant::default() };
    for part in reader.known(entry.value, "a variant", VARIANT_KEYS) {
        match part.name {
            "when" => out.when = Some(condition(reader, part.value)),
            "severity" => out.severity = severity(reader, part.value),
            "default" => out.default = Some(reader.bool(part.value, "default")),
            "message" => out.message = Some(reader.text(part.value, "message")),
            "at" => out.at = reader.texts(part.value, "at"),
            "same-as" => out.same_as = aliases(reader, part.value),
            _ => {}
        }
    }
    out
}

fn shapes(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Shape> {
    match node.is_sequence() {
        true => node.items().map(|item| shape(reader, item)).collect(),
        false => vec![shape(reader, node)],
    }
}

fn shape(reader: &mut Reader, node: NodeRef<'_>) -> Shape {
    let mut out = Shape { span: node.span(), ..Shape::default() };
    for part in reader.known(node, "a pattern", SHAPE_KEYS) {
        match part.name {
            "variant" => out.variant = Some(reader.text(part.value, "variant")),
            "keywords" => out.keywords = reader.texts(part.value, "keywords"),
            "regex" => out.regex = reader.text(part.value, "regex"),
            "assigned" => out.assigned = reader.text(part.value, "assigned"),
            "capture" => out.capture = capture(reader, part.value),
            "judge" => out.judge = Some(reader.text(part.value, "judge")),
            "near" => out.near = reader.texts(part.value, "near"),
            _ => {}
        }
    }
    if out.regex.value.is_empty() == out.assigned.value.is_empty() {
        reader.error(node.span(), "a pattern needs either a `regex` or the form of an `assigned` value");
    }
    out
}

fn capture(reader: &mut Reader, node: NodeRef<'_>) -> usize {
    node.scalar().and_then(|t| t.parse().ok()).unwrap_or_else(|| {
        reader.error(node.span(), "capture must be the number of a group");
        0
    })
}

fn queries(reader: &mut Reader, node: NodeRef<'_>) -> Vec<QueryShape> {
    match node.is_sequence() {
        true => node.items().map(|item| query(reader, item)).collect(),
        false => vec![query(reader, node)],
    }
}

fn query(reader: &mut Reader, node: NodeRef<'_>) -> QueryShape {
    let mut out = QueryShape { span: node.span(), ..QueryShape::default() };
    for part in reader.known(node, "a query", QUERY_KEYS) {
        match part.name {
            "variant" => out.variant = Some(reader.text(part.value, "variant")),
            "language" => out.language = reader.text(part.value, "language"),
            "needs" => out.needs = reader.texts(part.value, "needs"),
            "find" => {
                out.find = reader.text(part.value, "find");
                out.lines = line_places(part.value);
            }
            _ => {}
        }
    }
    for (missing, key) in [(out.language.value.is_empty(), "language"), (out.find.value.is_empty(), "find")] {
        if missing {
            reader.error(node.span(), format!("a query needs a `{key}`"));
        }
    }
    for need in out.needs.iter().filter(|need| need.value.is_empty()) {
        reader.error(need.span, "an empty literal is in every file");
    }
    out
}

/// Where each line of a scalar begins in the file.
fn line_places(node: NodeRef<'_>) -> Vec<u32> {
    let Some(text) = node.text() else { return Vec::new() };
    let breaks = text.as_str().bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).map(|at| text.span(at..(at + 1).min(text.len())).start).collect()
}

fn tests(reader: &mut Reader, node: NodeRef<'_>, prose: &mut Prose) {
    for entry in reader.known(node, "tests", &["fail", "pass"]) {
        if !entry.value.is_sequence() {
            reader.error(entry.value.span(), format!("`{}` must be a list of cases", entry.name));
        }
        let cases = entry.value.items().map(|item| case(reader, item)).collect();
        match entry.name {
            "fail" => prose.fail = cases,
            _ => prose.pass = cases,
        }
    }
}

fn case(reader: &mut Reader, node: NodeRef<'_>) -> Case {
    let mut out = Case { name: Spanned::new(String::new(), node.span()), ..Case::default() };
    for part in reader.known(node, "a case", CASE_KEYS) {
        match part.name {
            "case" => out.name = reader.text(part.value, "case"),
            "path" => out.path = Some(reader.text(part.value, "path").value),
            "file" => out.file = reader.text(part.value, "file"),
            "branch" => out.branch = Some(reader.text(part.value, "branch").value),
            "fixed" => out.fixed = Some(reader.text(part.value, "fixed")),
            "with" => {
                for option in reader.entries(part.value, "with") {
                    let name = Spanned::new(option.name.to_owned(), option.key.span());
                    let value = reader.literal(option.value, "an option");
                    out.with.push((name, value));
                }
            }
            "files" => {
                for file in reader.entries(part.value, "files") {
                    out.files.push((file.name.to_owned(), reader.text(file.value, "a file").value));
                }
            }
            "history" => {
                for file in reader.entries(part.value, "history") {
                    out.history.push((file.name.to_owned(), reader.text(file.value, "a file").value));
                }
            }
            _ => {}
        }
    }
    out
}
