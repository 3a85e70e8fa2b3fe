//! From a rule file to a rule that can run: every name resolved, every type checked, every error at its words.

mod fix;

use super::condition::{LazyRegex, Operand, Test};
use super::error::LoadError;
use super::message::{Message, Slot};
use super::read::unknown;
use super::written::{self, Check, Condition, Literal, Name, OptionDef, RuleFile};
use super::{CompiledCheck, Rule, Vocabulary};
use crate::check;
use crate::diagnostic::Severity;
use crate::fact::pattern::Judge;
use crate::fact::value::{FieldDef, Schema, Type};
use std::sync::Arc;

/// Compiles a rule file.
///
/// # Errors
/// Everything that is wrong with it, each error at its words.
pub fn compile(file: &RuleFile, vocabulary: &Vocabulary) -> Result<Rule, Vec<LoadError>> {
    let mut compiler = Compiler { file, vocabulary, errors: Vec::new() };
    let rule = compiler.rule();
    if compiler.errors.is_empty() { Ok(rule) } else { Err(compiler.errors) }
}

struct Compiler<'a> {
    file: &'a RuleFile,
    vocabulary: &'a Vocabulary,
    errors: Vec<LoadError>,
}

/// Where names in conditions and messages are looked up.
type Scope = Option<&'static Schema>;

impl<'a> Compiler<'a> {
    fn error(&mut self, at: &Name, message: impl Into<String>) {
        self.errors.push(LoadError::new(&self.file.path, at.span, message));
    }

    fn rule(&mut self) -> Rule {
        let file = self.file;
        let (check, scope, arguments) = self.check();
        let message = self.message(&file.message, scope, &arguments);
        let mut variants: Vec<_> = file.variants.iter().map(|v| self.variant(v, scope, &arguments)).collect();
        self.check_shapes();
        let check = self.structure(check, &mut variants);
        if matches!(&check, CompiledCheck::Engine(name) if name == super::PROGRAM) {
            variants.extend(super::codes::variants());
        }
        Rule {
            id: Arc::from(file.id.as_str()),
            pack: Arc::from(file.id.split('/').next().unwrap_or_default()),
            summary: file.summary.value.clone(),
            severity: file.severity.as_ref().map_or(Severity::Warning, |s| s.value),
            default: file.default,
            since: file.since.value.clone(),
            tags: values(&file.tags),
            aliases: values(&file.same_as).into(),
            files: self.globs(&file.files),
            kinds: self.kinds(),
            options: file.options.clone(),
            help: Arc::from(file.help.value.trim()),
            at: self.paths(&file.at, scope),
            related: self.related(scope),
            check,
            fixes: self.fixes(scope, &arguments),
            message,
            variants,
            yields_to: values(&file.yields_to),
        }
    }

    fn check(&mut self) -> (CompiledCheck, Scope, Vec<&'a str>) {
        let file = self.file;
        match &file.check {
            Check::None => {
                self.error(
                    &self.file.summary,
                    "a rule needs one of `match` with `require` or `structure`, `pattern`, `query`, `native`, `engine`",
                );
                (CompiledCheck::Engine(String::new()), None, Vec::new())
            }
            Check::Engine { name } => {
                (CompiledCheck::Engine(name.value.clone()), None, super::ENGINE_ARGUMENTS.to_vec())
            }
            Check::Pattern { shapes } => {
                self.check_patterns(shapes);
                (CompiledCheck::Pattern(shapes.clone()), None, super::PATTERN_ARGUMENTS.to_vec())
            }
            Check::Query { shapes } => {
                if !file.tested {
                    for (span, message) in super::queries::faults(shapes) {
                        self.errors.push(LoadError::new(&file.path, span, message));
                    }
                }
                (CompiledCheck::Query(shapes.clone()), None, super::queries::captures(shapes))
            }
            Check::Native { function } => match check::native(&function.value) {
                Some(native) => (CompiledCheck::Native(native), None, native.arguments.to_vec()),
                None => {
                    let known: Vec<&str> = check::natives().map(|n| n.name).collect();
                    self.error(function, unknown("native check", &function.value, &known));
                    (CompiledCheck::Engine(String::new()), None, Vec::new())
                }
            },
            Check::Structure { subject, filter, .. } => {
                let nothing = (CompiledCheck::Engine(String::new()), None, Vec::new());
                let Some(schema) = self.vocabulary.schema(&subject.value) else {
                    let known = self.vocabulary.names();
                    self.error(subject, unknown("subject", &subject.value, &known));
                    return nothing;
                };
                if schema().name != "document" {
                    self.error(subject, "`structure` is of documents: match a document type");
                    return nothing;
                }
                let filter = filter.as_ref().map(|c| self.condition(c, Type::Object(schema)));
                let subject = Arc::from(subject.value.as_str());
                let check = CompiledCheck::Structure { subject, filter, template: Box::default() };
                (check, Some(schema()), super::STRUCTURE_ARGUMENTS.to_vec())
            }
            Check::Require { subject, filter, require } => {
                let Some(schema) = self.vocabulary.schema(&subject.value) else {
                    let known = self.vocabulary.names();
                    self.error(subject, unknown("subject", &subject.value, &known));
                    return (CompiledCheck::Engine(String::new()), None, Vec::new());
                };
                let root = Type::Object(schema);
                let filter = filter.as_ref().map(|c| self.condition(c, root));
                let require = self.condition(require, root);
                let subject = Arc::from(subject.value.as_str());
                (CompiledCheck::Require { subject, filter, require }, Some(schema()), Vec::new())
            }
        }
    }

    /// Reads the template; each of its expectations becomes a variant.
    fn structure(&mut self, check: CompiledCheck, variants: &mut Vec<super::Variant>) -> CompiledCheck {
        let Check::Structure { template, .. } = &self.file.check else { return check };
        if let Some(first) = self.file.variants.first() {
            self.error(&first.name, "the variants of a `structure` are its expectations");
        }
        let severity = self.file.severity.as_ref().map_or(Severity::Warning, |s| s.value);
        let mut reading = super::structure::Reading::new(severity, self.file.tested);
        let template = Box::new(reading.template(template));
        if let (Some(_), CompiledCheck::Structure { filter: Some(_), .. }) = (&template.siblings, &check) {
            reading.errors.push((self.file.message.span, "`siblings` cannot stand beside a `where`".to_owned()));
        }
        for (span, message) in reading.errors {
            self.errors.push(LoadError::new(&self.file.path, span, message));
        }
        let scope = self.subject_type().and_then(|ty| match ty {
            Type::Object(schema) => Some(schema()),
            _ => None,
        });
        for shape in reading.shapes {
            let message = shape.problem.map(|problem| self.message(&problem, scope, super::STRUCTURE_ARGUMENTS));
            let name = Arc::from(shape.name);
            variants.push(super::Variant {
                name,
                when: None,
                severity: shape.severity,
                default: None,
                message,
                at: None,
                aliases: None,
            });
        }
        let (subject, filter) = match check {
            CompiledCheck::Structure { subject, filter, .. } => (subject, filter),
            other => return other,
        };
        CompiledCheck::Structure { subject, filter, template }
    }

    fn variant(&mut self, written: &written::Variant, scope: Scope, arguments: &[&str]) -> super::Variant {
        if let (Some(_), None) = (&written.when, scope) {
            self.error(&written.name, "`when` needs a rule with `match`; other checks name the variant themselves");
        }
        let when = match (&written.when, scope, self.subject_type()) {
            (Some(condition), Some(_), Some(root)) => Some(self.condition(condition, root)),
            _ => None,
        };
        super::Variant {
            name: Arc::from(written.name.value.as_str()),
            when,
            severity: written.severity.as_ref().map(|s| s.value),
            default: written.default,
            message: written.message.as_ref().map(|m| self.message(m, scope, arguments)),
            at: (!written.at.is_empty()).then(|| self.paths(&written.at, scope)),
            aliases: (!written.same_as.is_empty()).then(|| values(&written.same_as).into()),
        }
    }

    fn subject_type(&self) -> Option<Type> {
        match &self.file.check {
            Check::Require { subject, .. } | Check::Structure { subject, .. } => {
                Some(Type::Object(self.vocabulary.schema(&subject.value)?))
            }
            _ => None,
        }
    }

    /// A pattern's, query's or native's variant must be declared, or nobody could select it.
    fn check_shapes(&mut self) {
        let named: Vec<&Name> = match &self.file.check {
            Check::Pattern { shapes } => shapes.iter().filter_map(|s| s.variant.as_ref()).collect(),
            Check::Query { shapes } => shapes.iter().filter_map(|s| s.variant.as_ref()).collect(),
            _ => return,
        };
        let known: Vec<&str> = self.file.variants.iter().map(|v| v.name.value.as_str()).collect();
        for name in named.into_iter().filter(|name| !known.contains(&name.value.as_str())) {
            self.error(name, unknown("variant", &name.value, &known));
        }
    }

    fn check_patterns(&mut self, shapes: &[written::Shape]) {
        for shape in shapes.iter().filter(|_| !self.file.tested) {
            let written = if shape.regex.value.is_empty() { &shape.assigned } else { &shape.regex };
            let regex = regex::bytes::RegexBuilder::new(&written.value).unicode(false).build();
            match regex {
                Err(error) => self.error(written, regex_error(&error)),
                Ok(regex) if shape.capture >= regex.captures_len() => {
                    self.error(written, format!("there is no group {}", shape.capture));
                }
                Ok(_) => {}
            }
            if let Some(judge) = &shape.judge
                && Judge::named(&judge.value).is_none()
            {
                let known: Vec<&str> = Judge::NAMES.iter().map(|(name, _)| *name).collect();
                self.error(judge, unknown("judge", &judge.value, &known));
            }
            if shape.keywords.is_empty() {
                self.error(written, "a pattern needs `keywords`: a literal that every match holds");
            }
        }
    }

    fn message(&mut self, template: &Name, scope: Scope, arguments: &[&str]) -> Message {
        let options = &self.file.options;
        let parsed = Message::parse(&template.value, |word| slot(word, scope, options, arguments));
        parsed.unwrap_or_else(|reason| {
            self.error(template, reason);
            Message::default()
        })
    }

    fn globs(&mut self, written: &[Name]) -> Option<globset::GlobSet> {
        if written.is_empty() {
            return None;
        }
        super::globs(written).map_err(|(at, reason)| self.error(&at, reason)).ok()
    }

    fn kinds(&mut self) -> Vec<String> {
        for kind in &self.file.kinds {
            if !self.vocabulary.kinds.contains(&kind.value.as_str()) {
                self.error(kind, unknown("kind", &kind.value, &self.vocabulary.kinds));
            }
        }
        values(&self.file.kinds)
    }

    fn related(&mut self, scope: Scope) -> Vec<(Box<[usize]>, String)> {
        let file = self.file;
        let paths = |(name, says): &(Name, Name)| {
            let paths = self.paths(std::slice::from_ref(name), scope);
            paths.into_iter().map(|path| (path, says.value.clone())).collect::<Vec<_>>()
        };
        file.related.iter().flat_map(paths).collect()
    }

    fn paths(&mut self, written: &[Name], scope: Scope) -> Vec<Box<[usize]>> {
        let Some(schema) = scope else {
            if let Some(first) = written.first() {
                self.error(
                    first,
                    "a field as a place needs a rule with `match`; other checks give the places themselves",
                );
            }
            return Vec::new();
        };
        let resolved = written.iter().map(|name| (name, path(&name.value, schema)));
        let mut paths = Vec::new();
        for (name, result) in resolved.collect::<Vec<_>>() {
            match result {
                Ok((path, _)) => paths.push(path),
                Err(reason) => self.error(name, reason),
            }
        }
        paths
    }

    fn condition(&mut self, written: &Condition, ty: Type) -> Test {
        match written {
            Condition::All(parts) => Test::All(parts.iter().map(|p| self.condition(p, ty)).collect()),
            Condition::Any(parts) => Test::Any(parts.iter().map(|p| self.condition(p, ty)).collect()),
            Condition::Not(part) => Test::Not(Box::new(self.condition(part, ty))),
            Condition::Absent(_) => Test::Absent,
            Condition::Present(_) => Test::Present,
            Condition::Field(name, part) => self.field(name, part, ty),
            Condition::Equals(operand) => Test::Equals(self.operand(operand, ty)),
            Condition::OneOf(operands) => Test::OneOf(operands.iter().map(|o| self.operand(o, ty)).collect()),
            Condition::AtLeast(operand) => Test::AtLeast(self.bound(operand, ty)),
            Condition::AtMost(operand) => Test::AtMost(self.bound(operand, ty)),
            Condition::Matches(pattern) => self.matches(pattern, ty),
            Condition::Count(span, part) => {
                self.element(*span, "count", ty);
                Test::Count(Box::new(self.condition(part, Type::Int)))
            }
            Condition::Each(span, part) => {
                let element = self.element(*span, "each", ty);
                Test::Each(Box::new(self.condition(part, element)))
            }
            Condition::Some(span, part) => {
                let element = self.element(*span, "some", ty);
                Test::Some(Box::new(self.condition(part, element)))
            }
        }
    }

    fn field(&mut self, name: &Name, part: &Condition, ty: Type) -> Test {
        let Type::Object(schema) = ty else {
            self.error(name, format!("`{}` is looked up in a {ty}, which has no fields", name.value));
            return Test::Absent;
        };
        match path(&name.value, schema()) {
            Ok((path, ty)) => Test::Field(path, Box::new(self.condition(part, ty))),
            Err(reason) => {
                self.error(name, reason);
                Test::Absent
            }
        }
    }

    fn matches(&mut self, pattern: &Name, ty: Type) -> Test {
        if !matches!(ty, Type::Str) {
            self.error(pattern, format!("`matches` needs a text, this is a {ty}"));
        }
        if !self.file.tested
            && let Err(error) = regex::Regex::new(&pattern.value)
        {
            self.error(pattern, regex_error(&error));
        }
        Test::Matches(LazyRegex::new(&pattern.value))
    }

    fn element(&mut self, span: crate::text::Span, word: &str, ty: Type) -> Type {
        let Type::List(element) = ty else {
            let message = format!("`{word}` needs a list, this is a {ty}");
            self.errors.push(LoadError::new(&self.file.path, span, message));
            return Type::Str;
        };
        element()
    }

    fn bound(&mut self, operand: &written::Operand, ty: Type) -> Operand {
        if !matches!(ty, Type::Int | Type::Num) {
            let (written::Operand::Text(name) | written::Operand::Option(name)) = operand;
            self.error(name, format!("a limit needs a number, this is a {ty}"));
        }
        self.operand(operand, ty)
    }

    fn operand(&mut self, operand: &written::Operand, ty: Type) -> Operand {
        match operand {
            written::Operand::Option(name) => match self.file.options.iter().position(|o| o.name.value == name.value) {
                Some(index) => Operand::Option(index),
                None => {
                    let known: Vec<&str> = self.file.options.iter().map(|o| o.name.value.as_str()).collect();
                    self.error(name, unknown("option", &name.value, &known));
                    Operand::Literal(Literal::Bool(false))
                }
            },
            written::Operand::Text(text) => match literal(&text.value, ty) {
                Some(literal) => Operand::Literal(literal),
                None => {
                    self.error(text, format!("`{}` is no {ty}", text.value));
                    Operand::Literal(Literal::Bool(false))
                }
            },
        }
    }
}

fn literal(text: &str, ty: Type) -> Option<Literal> {
    match ty {
        Type::Str => Some(Literal::Text(text.to_owned())),
        Type::Bool => text.parse().ok().map(Literal::Bool),
        Type::Int => text.parse().ok().map(Literal::Int),
        Type::Num => text.parse().ok().map(Literal::Num),
        Type::Secret | Type::List(_) | Type::Object(_) => None,
    }
}

/// Resolves a dotted path to field numbers and the type at its end.
fn path(dotted: &str, mut schema: &'static Schema) -> Result<(Box<[usize]>, Type), String> {
    let mut ids = Vec::new();
    let mut words = dotted.split('.').peekable();
    while let Some(word) = words.next() {
        let Some(id) = schema.field(word) else {
            let known: Vec<&str> = schema.fields.iter().map(|f: &FieldDef| f.name).collect();
            return Err(unknown(&format!("field of {}", schema.name), word, &known));
        };
        ids.push(id);
        let ty = (schema.fields[id].ty)();
        schema = match ty {
            ty if words.peek().is_none() => return Ok((ids.into(), ty)),
            Type::Object(inner) => inner(),
            ty => return Err(format!("`{word}` is a {ty}, which has no fields")),
        };
    }
    Err("an empty path".to_owned())
}

fn slot(word: &str, scope: Scope, options: &[OptionDef], arguments: &[&str]) -> Result<Slot, String> {
    if arguments.contains(&word) {
        return Ok(Slot::Argument(word.to_owned()));
    }
    if let Some(index) = options.iter().position(|o| o.name.value == word) {
        return Ok(Slot::Option(index));
    }
    let Some(schema) = scope else {
        let mut known = arguments.to_vec();
        known.extend(options.iter().map(|o| o.name.value.as_str()));
        return Err(unknown("placeholder", word, &known));
    };
    match word.strip_suffix(".count").map(|list| path(list, schema)) {
        Some(Ok((path, Type::List(_)))) => Ok(Slot::Field(path, true)),
        _ => path(word, schema).map(|(path, _)| Slot::Field(path, false)),
    }
}

fn regex_error(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    format!("regular expression: {}", last.trim_start_matches("error: "))
}

fn values(names: &[Name]) -> Vec<String> {
    names.iter().map(|n| n.value.clone()).collect()
}
