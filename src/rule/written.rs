//! Rule and pack files as their authors wrote them, with the place of every part; also the embedded form.

mod fix;

pub use fix::{Edit, Fix, Verb};

use crate::diagnostic::Severity;
use crate::text::{Span, Spanned};
use serde::{Deserialize, Serialize};

/// A text with its place in the rule file.
pub type Name = Spanned<String>;

/// A rule file. `why` and the cases are kept apart in [`Prose`]: a run does not need them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleFile {
    /// `pack/name`, from the path.
    pub id: String,
    /// The rule file, as errors about it name it.
    pub path: String,
    /// What is wrong when it fires, one line.
    pub summary: Name,
    /// How much it matters, unless a variant or a config says otherwise.
    pub severity: Option<Spanned<Severity>>,
    /// Off when false; on by default otherwise.
    pub default: bool,
    /// The version that brought it.
    pub since: Name,
    /// Words to select it by.
    pub tags: Vec<Name>,
    /// The peers' names of the same fault, `tool/ID`.
    pub same_as: Vec<Name>,
    /// Globs of the files it looks at; empty for all.
    pub files: Vec<Name>,
    /// Kinds of the files it looks at; empty for all.
    pub kinds: Vec<Name>,
    /// What a config may set.
    pub options: Vec<OptionDef>,
    /// How faults are found.
    pub check: Check,
    /// Fields that give the place, best first.
    pub at: Vec<Name>,
    /// Fields that give further places, and what is to be seen there.
    pub related: Vec<(Name, Name)>,
    /// The message template.
    pub message: Name,
    /// Shapes of the fault with words or severities of their own.
    pub variants: Vec<Variant>,
    /// Ways to mend its findings, best first.
    pub fixes: Vec<Fix>,
    /// Rules that win over this one at the same place: ids or globs.
    pub yields_to: Vec<Name>,
    /// What to do when it fires.
    pub help: Name,
    /// The project's own tests have compiled its patterns and queries: no run needs to do it again.
    pub tested: bool,
}

/// What only `explain` and `test` read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prose {
    /// Why the rule exists.
    pub why: Name,
    /// Cases in which it must fire.
    pub fail: Vec<Case>,
    /// Cases in which it must be silent.
    pub pass: Vec<Case>,
}

/// How a rule finds faults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Check {
    /// Nothing yet.
    #[default]
    None,
    /// A demand on a fact.
    Require {
        /// The subject.
        subject: Name,
        /// Which of them are meant.
        filter: Option<Condition>,
        /// The good state.
        require: Condition,
    },
    /// A template of documents.
    Structure {
        /// The document type.
        subject: Name,
        /// Which of them are meant.
        filter: Option<Condition>,
        /// The template.
        template: Tree,
    },
    /// A program in `check`.
    Native {
        /// `module::function`.
        function: Name,
    },
    /// Text patterns.
    Pattern {
        /// The shapes.
        shapes: Vec<Shape>,
    },
    /// Queries over syntax trees.
    Query {
        /// The queries.
        shapes: Vec<QueryShape>,
    },
    /// A rule of the engine itself.
    Engine {
        /// Which.
        name: Name,
    },
}

/// YAML as written: of a template, which is read where its rule is compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tree {
    /// A scalar.
    Text(Name),
    /// A list.
    List(Span, Vec<Tree>),
    /// A mapping.
    Map(Span, Vec<(Name, Tree)>),
}

impl Default for Tree {
    fn default() -> Self {
        Tree::Map(Span::default(), Vec::new())
    }
}

impl Tree {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Tree::Text(name) => name.span,
            Tree::List(span, _) | Tree::Map(span, _) => *span,
        }
    }
}

/// One shape of a `pattern:` rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Where it stands.
    pub span: Span,
    /// The variant it belongs to.
    pub variant: Option<Name>,
    /// Lower-case literals, one of which every match holds.
    pub keywords: Vec<Name>,
    /// The regular expression, ASCII mode; empty where `assigned` is set.
    pub regex: Name,
    /// The form of the value that is assigned to a key which holds a keyword; empty for none.
    pub assigned: Name,
    /// Number of the group that is judged and reported; 0 for all of it.
    pub capture: usize,
    /// What the captured text must be: `random`, `human`, `github-checksum` …
    pub judge: Option<Name>,
    /// Words of which one must stand shortly before the match.
    pub near: Vec<Name>,
}

/// One shape of a `query:` rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryShape {
    /// Where it stands.
    pub span: Span,
    /// The variant it belongs to.
    pub variant: Option<Name>,
    /// `markdown`, `markdown-inline`, `yaml` or `dockerfile`.
    pub language: Name,
    /// Literals, one of which every file with a match holds; empty for every file.
    pub needs: Vec<Name>,
    /// The query.
    pub find: Name,
    /// Where each line of the query begins in the rule file.
    pub lines: Vec<u32>,
}

impl QueryShape {
    /// Where bytes of the query stand in the rule file.
    pub fn place(&self, at: std::ops::Range<usize>) -> Span {
        let before = self.find.value.get(..at.start).unwrap_or(&self.find.value);
        let row = before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        match self.lines.get(row) {
            Some(&line) => Span::new(line as usize + column, line as usize + column + at.len()),
            None => self.find.span,
        }
    }
}

/// A variant of a rule's fault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// When a demand's fault is of this shape.
    pub when: Option<Condition>,
    /// Instead of the rule's severity.
    pub severity: Option<Spanned<Severity>>,
    /// Instead of the rule's default.
    pub default: Option<bool>,
    /// Instead of the rule's message.
    pub message: Option<Name>,
    /// Instead of the rule's places.
    pub at: Vec<Name>,
    /// Instead of the rule's aliases.
    pub same_as: Vec<Name>,
}

/// An option of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionDef {
    /// Its name.
    pub name: Name,
    /// What it means.
    pub doc: String,
    /// The type's name.
    pub ty: OptionType,
    /// What holds unless a config sets it; without one the rule stays off until it is set.
    pub default: Option<Literal>,
    /// Between what a number must lie.
    pub range: Range,
}

/// Bounds of a number, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The least; 0 if it does not say.
    pub least: Option<f64>,
    /// The most.
    pub most: Option<f64>,
}

/// The type of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OptionType {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Num,
    /// A text.
    Text,
    /// Several texts.
    List,
}

impl OptionType {
    /// The word that rule files use.
    pub fn as_str(self) -> &'static str {
        match self {
            OptionType::Bool => "bool",
            OptionType::Int => "int",
            OptionType::Num => "number",
            OptionType::Text => "text",
            OptionType::List => "list",
        }
    }
}

/// A value in a rule file or a config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Num(f64),
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Literal::Bool(value) => write!(f, "{value}"),
            Literal::Int(value) => write!(f, "{value}"),
            Literal::Num(value) => write!(f, "{value}"),
            Literal::Text(value) => write!(f, "{value:?}"),
            Literal::List(values) => write!(f, "{values:?}"),
        }
    }
}

/// What a condition compares with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operand {
    /// A value as written; its type follows the field's.
    Text(Name),
    /// `$name`: an option's value.
    Option(Name),
}

/// A condition as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// This holds of the field that the path names.
    Field(Name, Box<Condition>),
    /// Equal to this.
    Equals(Operand),
    /// It is not there.
    Absent(Span),
    /// It is there, known or not.
    Present(Span),
    /// A number of at least this.
    AtLeast(Operand),
    /// A number of at most this.
    AtMost(Operand),
    /// One of these.
    OneOf(Vec<Operand>),
    /// A text that this regular expression finds.
    Matches(Name),
    /// The number of members is so.
    Count(Span, Box<Condition>),
    /// Every member is so.
    Each(Span, Box<Condition>),
    /// At least one member is so.
    Some(Span, Box<Condition>),
}

/// A case: a file, and what the rule must say of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it shows.
    pub name: Name,
    /// Instead of the subject's usual path.
    pub path: Option<String>,
    /// The file, marks included.
    pub file: Name,
    /// Options set for it.
    pub with: Vec<(Name, Literal)>,
    /// Other files.
    pub files: Vec<(String, String)>,
    /// Files of the revision that is compared with.
    pub history: Vec<(String, String)>,
    /// The name of the branch that is checked out.
    pub branch: Option<String>,
    /// The file once the rule's fixes are written.
    pub fixed: Option<Name>,
}

/// A pack file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PackFile {
    /// The pack's name, from the path.
    pub name: String,
    /// The pack file, as errors about it name it.
    pub path: String,
    /// What it is about.
    pub summary: String,
    /// The document types it declares.
    pub documents: Vec<DocumentType>,
    /// The words by which its documents name things, by language.
    pub words: Vec<Language>,
    /// Aliases of peers' rules that can never fire here, with the reason.
    pub dead_aliases: Vec<(String, String)>,
}

/// The words of one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// Its code, such as `en`.
    pub name: String,
    /// Things and what they are called, the best name first.
    pub things: Vec<(String, Vec<Name>)>,
}

/// How a document type is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentType {
    /// `pack.name`: the subject that rules match.
    pub subject: String,
    /// Globs: one must match the path.
    pub within: Vec<Name>,
    /// Regular expressions: one must find something in the file name, if there are any.
    pub named: Vec<Name>,
    /// Globs of paths that are never meant.
    pub except: Vec<Name>,
    /// Other types, each document of which is one of this type too.
    pub like: Vec<Name>,
    /// Headings of other documents, below which such a document stands.
    pub sections: Option<Name>,
    /// Or a document of any path that looks so.
    pub looks_like: Option<LooksLike>,
}

/// A document that is told by its content: everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LooksLike {
    /// A regular expression for the title.
    pub title: Option<Name>,
    /// Globs, one of which must match the path, if there are any.
    pub within: Vec<Name>,
    /// A regular expression for what is written anywhere in it.
    pub text: Option<Name>,
    /// Header fields, all of which must be there.
    pub fields: Vec<Name>,
    /// Headings, all of which must be there.
    pub headings: Vec<Name>,
}

/// Everything that is embedded for a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Library {
    /// The packs, by name.
    pub packs: Vec<PackFile>,
    /// The rules, by id.
    pub rules: Vec<RuleFile>,
}
