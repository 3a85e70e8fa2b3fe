//! The facts of one file, each ready to meet its rules.

use super::shell::ScriptText;
use super::value::Object;
use crate::text::Span;
use fnv::FnvHashSet;
use jiff::civil::Date;
use std::sync::Arc;

/// One thing that rules can match.
pub struct Subject {
    /// The name that rules match: the schema's, or that of a document type a pack declares.
    pub name: Arc<str>,
    /// What it says.
    pub object: Box<dyn Object>,
    /// How reports name it, such as `stage/0`; empty for none.
    pub label: Arc<str>,
    /// All that belongs to it: the scope of a suppression that stands alone above it.
    pub extent: Span,
    /// Whether it stands in a fenced block of a document.
    pub embedded: bool,
}

/// The facts of one file.
#[derive(Default)]
pub struct Facts {
    /// In the order of the file, a builder at a time.
    pub subjects: Vec<Subject>,
    /// The fenced blocks of a document, in their order: what is found inside stands in an example.
    pub fences: Vec<Span>,
    /// Shell scripts for another program to read.
    pub scripts: Vec<ScriptText>,
    /// The day of the run, if it is known.
    pub day: Option<Date>,
    names: Vec<Arc<str>>,
    /// The label of the last fact: the parts of one container share theirs.
    label: Arc<str>,
}

impl Facts {
    /// Adds a fact under the name of its schema.
    pub fn push(&mut self, object: impl Object + 'static, label: impl AsRef<str>, extent: Span) {
        let name = self.name(object.schema().name);
        self.push_as(name, object, label, extent);
    }

    /// The shared name of a schema: a file has thousands of facts and a few dozen schemas.
    fn name(&mut self, name: &'static str) -> Arc<str> {
        if let Some(known) = self.names.iter().rev().find(|known| ***known == *name) {
            return known.clone();
        }
        let name: Arc<str> = Arc::from(name);
        self.names.push(name.clone());
        name
    }

    /// Adds a fact under a name of its own: a document type.
    pub fn push_as(&mut self, name: Arc<str>, object: impl Object + 'static, label: impl AsRef<str>, extent: Span) {
        if *self.label != *label.as_ref() {
            self.label = Arc::from(label.as_ref());
        }
        let label = self.label.clone();
        self.subjects.push(Subject { name, object: Box::new(object), label, extent, embedded: false });
    }

    /// All facts of one type, with their subjects.
    pub fn of<T: Object + 'static>(&self) -> impl Iterator<Item = (&Subject, &T)> {
        self.subjects.iter().filter_map(|s| Some((s, s.object.as_any().downcast_ref::<T>()?)))
    }
}

/// Which facts are worth building: those that a selected rule matches.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    all: bool,
    /// Asked for each part of each object, and made of names of rules, not of anybody's input.
    names: FnvHashSet<Arc<str>>,
}

impl Wanted {
    /// Everything, for `infralint facts`.
    pub fn all() -> Self {
        Self { all: true, names: FnvHashSet::default() }
    }

    /// The subjects of these names.
    pub fn of(names: impl IntoIterator<Item = Arc<str>>) -> Self {
        Self { all: false, names: names.into_iter().collect() }
    }

    /// Whether a selected rule matches this subject.
    pub fn subject(&self, name: &str) -> bool {
        self.all || self.names.contains(name)
    }

    /// Whether every subject that a selected rule matches has a name that begins so.
    pub fn only(&self, prefix: &str) -> bool {
        !self.all && self.names.iter().all(|name| name.starts_with(prefix))
    }

    /// Whether a selected rule matches any subject whose name begins so, such as `k8s.`.
    pub fn any(&self, prefix: &str) -> bool {
        self.all || self.names.iter().any(|n| n.starts_with(prefix))
    }
}
