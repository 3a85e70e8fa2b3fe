//! Rules: the files as written, compiled, evaluated, selected by name.

pub mod case;
mod codes;
pub mod compile;
pub mod condition;
pub mod error;
pub mod fix;
pub mod library;
pub mod message;
pub mod mutate;
mod option;
mod queries;
pub mod read;
pub mod select;
mod structure;
mod template;
pub mod witness;
pub mod written;

use crate::check::Native;
use crate::check::structure::Template;
use crate::diagnostic::Severity;
use crate::fact::value::Schema;
use condition::Test;
use fix::Fix;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use message::Message;
use std::collections::HashMap;
use std::sync::Arc;
pub use structure::KEYS as STRUCTURE_KEYS;
use written::{Name, OptionDef, QueryShape, Shape};

/// What messages of `pattern:` rules may name.
pub const PATTERN_ARGUMENTS: &[&str] = &["value", "kind"];
/// The engine for which a program is started.
pub const PROGRAM: &str = "shellcheck";
/// What messages of `engine:` rules may name.
pub const ENGINE_ARGUMENTS: &[&str] = &["what", "name", "until"];

/// What messages of `structure:` rules may name.
pub const STRUCTURE_ARGUMENTS: &[&str] = &["what", "value"];

/// A rule that can run.
#[derive(Debug)]
pub struct Rule {
    /// `pack/name`.
    pub id: Arc<str>,
    /// The pack.
    pub pack: Arc<str>,
    /// What is wrong when it fires.
    pub summary: String,
    /// Unless a variant or a config says otherwise.
    pub severity: Severity,
    /// Whether it is on by default.
    pub default: bool,
    /// The version that brought it.
    pub since: String,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// The peers' names.
    pub aliases: Arc<[String]>,
    /// The files it looks at; `None` for all.
    pub files: Option<GlobSet>,
    /// Kinds of the files it looks at; empty for all.
    pub kinds: Vec<String>,
    /// What a config may set.
    pub options: Vec<OptionDef>,
    /// What to do.
    pub help: Arc<str>,
    /// Fields that give the place.
    pub at: Vec<Box<[usize]>>,
    /// Fields that give further places, and what is to be seen there.
    pub related: Vec<(Box<[usize]>, String)>,
    /// How faults are found.
    pub check: CompiledCheck,
    /// The message.
    pub message: Message,
    /// Shapes of the fault.
    pub variants: Vec<Variant>,
    /// Ways to mend its findings, best first.
    pub fixes: Vec<Fix>,
    /// Rules that win over this one at the same place.
    pub yields_to: Vec<String>,
}

/// A shape of a rule's fault.
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub name: Arc<str>,
    /// When a demand's fault is of this shape.
    pub when: Option<Test>,
    /// Instead of the rule's.
    pub severity: Option<Severity>,
    /// Instead of the rule's.
    pub default: Option<bool>,
    /// Instead of the rule's.
    pub message: Option<Message>,
    /// Instead of the rule's.
    pub at: Option<Vec<Box<[usize]>>>,
    /// Instead of the rule's.
    pub aliases: Option<Arc<[String]>>,
}

/// How a rule finds faults.
pub enum CompiledCheck {
    /// A demand on a fact.
    Require {
        /// The subject it matches.
        subject: Arc<str>,
        /// Which of them are meant: must be definitely true.
        filter: Option<Test>,
        /// The good state: fires when definitely false.
        require: Test,
    },
    /// A template of documents.
    Structure {
        /// The document type.
        subject: Arc<str>,
        /// Which of them are meant.
        filter: Option<Test>,
        /// What they must be like.
        template: Box<Template>,
    },
    /// A program.
    Native(&'static Native),
    /// Text patterns.
    Pattern(Vec<Shape>),
    /// Queries over syntax trees.
    Query(Vec<QueryShape>),
    /// Done by the engine itself.
    Engine(String),
}

impl std::fmt::Debug for CompiledCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CompiledCheck::Require { subject, .. } => write!(f, "match {subject}"),
            CompiledCheck::Structure { subject, .. } => write!(f, "structure of {subject}"),
            CompiledCheck::Native(native) => write!(f, "native {}", native.name),
            CompiledCheck::Pattern(shapes) => write!(f, "{} patterns", shapes.len()),
            CompiledCheck::Query(shapes) => write!(f, "{} queries", shapes.len()),
            CompiledCheck::Engine(name) => write!(f, "engine {name}"),
        }
    }
}

impl Rule {
    /// The default value of every option.
    pub fn default_options(&self) -> Vec<Option<written::Literal>> {
        self.options.iter().map(|o| o.default.clone()).collect()
    }

    /// The number of a variant.
    pub fn variant(&self, name: &str) -> Option<usize> {
        self.variants.iter().position(|v| &*v.name == name)
    }

    /// The peers' names of a finding of that shape.
    pub fn aliases_of(&self, variant: Option<usize>) -> Arc<[String]> {
        let variant = variant.and_then(|number| self.variants.get(number));
        match variant {
            Some(variant) if self.starts_program() => codes::aliases(&variant.name),
            Some(Variant { aliases: Some(own), .. }) => own.clone(),
            _ => self.aliases.clone(),
        }
    }

    /// The peers' names of all its shapes, each once.
    pub fn all_aliases(&self) -> Vec<&str> {
        let own = self.variants.iter().filter_map(|variant| variant.aliases.as_deref()).flatten();
        let mut names: Vec<&str> = Vec::new();
        for alias in self.aliases.iter().chain(own) {
            if !names.contains(&alias.as_str()) {
                names.push(alias);
            }
        }
        names
    }

    /// Whether a program is started for it: only where it is asked for by its name or that of its pack.
    pub fn starts_program(&self) -> bool {
        matches!(&self.check, CompiledCheck::Engine(name) if name == PROGRAM)
    }

    /// Whether the rule, or one of its variants, is on unless a config says otherwise.
    pub fn on_by_default(&self) -> bool {
        self.default || self.variants.iter().any(|v| v.default == Some(true))
    }
}

/// The names that rules may use: subjects with their fields, kinds of files.
pub struct Vocabulary {
    schemas: HashMap<String, fn() -> &'static Schema>,
    /// All kinds of files.
    pub kinds: Vec<&'static str>,
}

impl Vocabulary {
    /// The subjects that Rust builds, and those that packs declare as document types.
    pub fn new(documents: impl IntoIterator<Item = String>) -> Self {
        let mut schemas: HashMap<String, fn() -> &'static Schema> = HashMap::new();
        for schema in crate::fact::SCHEMAS {
            schemas.insert(schema().name.to_owned(), *schema);
        }
        for subject in documents.into_iter().chain(["markdown".to_owned()]) {
            schemas.extend(crate::fact::document_schemas(&subject));
        }
        Self { schemas, kinds: crate::syntax::kind::Kind::ALL.iter().map(|k| k.name()).collect() }
    }

    /// The fields of a subject.
    pub fn schema(&self, subject: &str) -> Option<fn() -> &'static Schema> {
        self.schemas.get(subject).copied()
    }

    /// All subjects, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.schemas.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// One matcher for several globs; `*` stays within a path segment.
///
/// # Errors
/// The glob at fault and what is wrong with it.
pub fn globs(written: &[Name]) -> Result<GlobSet, (Name, String)> {
    let mut set = GlobSetBuilder::new();
    for name in written {
        let glob = GlobBuilder::new(&name.value).literal_separator(true).build();
        set.add(glob.map_err(|e| (name.clone(), format!("glob: {}", e.kind())))?);
    }
    set.build().map_err(|e| (written.first().cloned().unwrap_or_default(), format!("globs: {}", e.kind())))
}
