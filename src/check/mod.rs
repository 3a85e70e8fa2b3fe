//! The few checks that are programs; they return hits, never messages, and know no rule.

mod architecture;
mod characters;
mod components;
mod control_plane;
mod labels;
mod prose;
mod registries;
pub mod structure;

use crate::fact::Facts;
use crate::text::Span;

/// What a native check found.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// The words at fault.
    pub span: Span,
    /// Which of the rule's variants it is.
    pub variant: Option<&'static str>,
    /// Values for the message, by the names that the check declares.
    pub arguments: Vec<(&'static str, String)>,
    /// Further places in the same file.
    pub related: Vec<(Span, String)>,
    /// The thing it is about, as reports name it.
    pub label: String,
    /// Whether it stands in a fenced block.
    pub embedded: bool,
    /// What would mend it, where the rule has a `fix`: bytes and what shall stand there instead.
    pub edits: Vec<(Span, String)>,
}

/// The options of a rule, as a native check reads them.
pub trait Options {
    /// A number.
    fn number(&self, name: &str) -> Option<f64>;
    /// A text.
    fn text(&self, name: &str) -> Option<&str>;
    /// Several texts.
    fn list(&self, name: &str) -> &[String];
}

/// A native check.
pub struct Native {
    /// `module::function`, as rule files name it.
    pub name: &'static str,
    /// The subjects that it reads.
    pub subjects: &'static [&'static str],
    /// The arguments that its hits carry.
    pub arguments: &'static [&'static str],
    /// The check.
    pub run: fn(&Facts, &dyn Options, &mut Vec<Hit>),
}

/// All native checks, a module at a time.
const NATIVES: &[&[Native]] = &[
    architecture::NATIVES,
    components::NATIVES,
    prose::NATIVES,
    &[characters::MOJIBAKE],
    &[control_plane::FLAGS, labels::MISSING, registries::OFF_LIST],
];

/// The native check of that name.
pub fn native(name: &str) -> Option<&'static Native> {
    natives().find(|n| n.name == name)
}

/// All native checks.
pub fn natives() -> impl Iterator<Item = &'static Native> {
    NATIVES.iter().flat_map(|module| module.iter())
}
