//! Fixes of a rule file: every place, key and placeholder looked up.

use super::{Compiler, Scope, path, slot};
use crate::fact::value::Type;
use crate::rule::fix::{Edit, Fix, PLACES, Place};
use crate::rule::message::Slot;
use crate::rule::read::unknown;
use crate::rule::template::Template;
use crate::rule::written::{self, Check, Name, Verb};

impl Compiler<'_> {
    pub(super) fn fixes(&mut self, scope: Scope, arguments: &[&str]) -> Vec<Fix> {
        let file = self.file;
        if let (Check::Pattern { .. } | Check::Engine { .. }, Some(first)) = (&file.check, file.fixes.first()) {
            self.error(&first.title, "a rule with `pattern` or `engine` has no `fix`");
        }
        file.fixes.iter().map(|fix| self.fix(fix, scope, arguments)).collect()
    }

    fn fix(&mut self, written: &written::Fix, scope: Scope, arguments: &[&str]) -> Fix {
        let computed = match &self.file.check {
            Check::Native { .. } => true,
            Check::Require { subject, .. } => subject.value.starts_with("project."),
            _ => false,
        };
        if written.edits.is_empty() != computed {
            let needed = match computed {
                true => "what a native check finds, and what relates files, brings its `edits` itself",
                false => "a fix needs `edits`",
            };
            self.error(&written.title, needed);
        }
        let when = match (&written.when, self.subject_type()) {
            (Some(condition), Some(root)) => Some(self.condition(condition, root)),
            (Some(_), None) => {
                self.error(&written.title, "`when` needs a rule with `match`");
                None
            }
            (None, _) => None,
        };
        Fix {
            when,
            title: self.message(&written.title, scope, arguments),
            safety: written.safety.map_or(crate::diagnostic::Safety::Unsafe, |safety| safety.value),
            alone: written.alone,
            edits: written.edits.iter().map(|edit| self.edit(edit, scope, arguments)).collect(),
        }
    }

    fn edit(&mut self, written: &written::Edit, scope: Scope, arguments: &[&str]) -> Edit {
        let keys = written.keys.as_ref().map_or(Vec::new(), |keys| keys.value.split('.').map(str::to_owned).collect());
        if let Some(name) = written.keys.as_ref().filter(|_| keys.iter().any(String::is_empty)) {
            self.error(name, "keys are written with dots between them");
        }
        Edit {
            verb: written.verb,
            place: self.place(&written.place, scope, arguments),
            texts: written.texts.iter().map(|text| self.template(text, written.verb, scope, arguments)).collect(),
            keys,
        }
    }

    fn place(&mut self, name: &Name, scope: Scope, arguments: &[&str]) -> Place {
        let word = name.value.as_str();
        match (word, scope) {
            ("fault", _) => return Place::Fault,
            ("self", Some(_)) => return Place::Own,
            ("extent", Some(_)) => return Place::Extent,
            (word, None) if arguments.contains(&word) => return Place::Capture(word.to_owned()),
            (_, Some(schema)) => match path(word, schema) {
                Ok((path, _)) => return Place::Field(path),
                Err(reason) => self.error(name, format!("{reason}; or {}", PLACES.join(", "))),
            },
            (_, None) => {
                let known: Vec<&str> = PLACES[..1].iter().chain(arguments).copied().collect();
                self.error(name, unknown("place", word, &known));
            }
        }
        Place::Fault
    }

    fn template(&mut self, text: &Name, verb: Verb, scope: Scope, arguments: &[&str]) -> Template {
        let options = &self.file.options;
        let parsed = Template::parse(&text.value, |word| slot(word, scope, options, arguments));
        let template = parsed.unwrap_or_else(|reason| {
            self.error(text, reason);
            Template::default()
        });
        for slot in template.slots() {
            if let (Slot::Field(path, counted), Some(schema)) = (slot, scope)
                && (*counted || !is_writable(path, schema))
            {
                self.error(text, "a fix can write texts, numbers and booleans only");
            }
        }
        let lines = matches!(verb, Verb::LineBefore | Verb::LineAfter);
        if text.value.is_empty() && verb != Verb::Wrap {
            self.error(text, "to take words away, write `delete`");
        }
        if lines && text.value.starts_with([' ', '\t']) {
            self.error(text, "a line is indented like the one beside it");
        }
        template
    }
}

/// Whether what a field says can be written into a file.
fn is_writable(path: &[usize], schema: &'static crate::fact::value::Schema) -> bool {
    let mut schema = schema;
    for (number, id) in path.iter().enumerate() {
        let Some(field) = schema.fields.get(*id) else { return false };
        match (field.ty)() {
            Type::Object(inner) if number + 1 < path.len() => schema = inner(),
            Type::Str | Type::Int | Type::Bool => return true,
            _ => return false,
        }
    }
    false
}
