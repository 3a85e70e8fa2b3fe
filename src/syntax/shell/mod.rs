//! Shell scripts split into a flat list of commands: words, pipes, guards, groups and substitutions.
//!
//! Total on any text, linear in time; nesting beyond [`MAX_DEPTH`] is skipped and told.

mod compound;
mod expand;
mod fault;
mod heredoc;
mod nested;
mod parse;
mod redirect;
mod word;

#[cfg(test)]
mod tests;

pub use nested::{from_words, is_shell};

use crate::text::{Span, Text};
use std::ops::Range;

/// How deep substitutions and `sh -c` scripts are followed.
pub const MAX_DEPTH: usize = 24;

/// How many groups may be open at once.
const MAX_GROUPS: usize = 100;

/// All commands of a script, also those of its substitutions and of scripts inside strings.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// In the order in which they begin.
    pub commands: Vec<Command>,
    /// What [`Command::pipeline`] counts.
    pub pipelines: Vec<Pipeline>,
    /// Something was nested too deep, or not closed: not all of it has been seen.
    pub truncated: bool,
    /// Words that a loop goes through, where one is replaced at run time.
    pub listed: Vec<Word>,
    /// Substitutions that are written with backticks.
    pub backticks: Vec<Backticks>,
    /// Comments, from `#` on.
    pub comments: Vec<Span>,
    fault: Option<Fault>,
    /// Something was read whose meaning depends on the shell: then nothing is said to be a fault.
    doubtful: bool,
}

/// A substitution written with backticks.
#[derive(Clone, Copy, Debug)]
pub struct Backticks {
    /// The first one.
    pub opening: Span,
    /// The last one.
    pub closing: Span,
    /// Whether nothing between them is escaped, so that it means the same between parentheses.
    pub plain: bool,
}

/// A place at which no shell goes on reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The words that cannot stand there, or what is never closed.
    pub span: Span,
    /// What is wrong, without a full stop.
    pub message: String,
}

/// One simple command. A group or a function's header leaves one without words.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// `NAME=value` before the name.
    pub assignments: Vec<Assignment>,
    /// Name and arguments.
    pub words: Vec<Word>,
    /// Where its input and output go.
    pub redirects: Vec<Redirect>,
    /// The pipeline it belongs to.
    pub pipeline: usize,
    /// Its place there, 0 being the first.
    pub stage: u16,
    /// The command whose word holds it: a substitution, a script in a string.
    pub parent: Option<usize>,
    /// First to last word.
    pub span: Span,
}

/// `NAME=value`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Without subscript and plus.
    pub name: String,
    /// The name's place.
    pub name_span: Span,
    /// What it is set to.
    pub value: Word,
}

/// A redirection.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The number before the operator.
    pub fd: Option<u32>,
    /// Such as `>`, `>>`, `<<-`, `&>`.
    pub operator: &'static str,
    /// A file, a file descriptor, a heredoc's name.
    pub target: Word,
    /// A heredoc's lines.
    pub body: Option<Text<'static>>,
}

/// Commands joined by pipes.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    /// What stands before it.
    pub joint: Joint,
    /// How many members it has; groups count as one.
    pub stages: u16,
    /// The first pipe operator.
    pub pipe: Option<Span>,
    /// The group that holds it.
    pub outer: Option<Outer>,
    /// Begins with `!`.
    pub negated: bool,
}

/// How a pipeline hangs on the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Joint {
    /// The first of its group.
    #[default]
    First,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;`, `&` or a line break.
    Next,
}

/// A member of an enclosing pipeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outer {
    /// Which.
    pub pipeline: usize,
    /// Its place there.
    pub stage: u16,
    /// What encloses.
    pub group: Group,
}

/// What encloses commands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// `{ … }`
    Braces,
    /// `( … )`
    Subshell,
    /// `if … fi`
    If,
    /// `for`, `while`, `until`, `select`
    Loop,
    /// `case … esac`
    Case,
    /// The body of a function.
    Function,
    /// `$( … )` or backticks
    Substitution,
    /// `<( … )` or `>( … )`
    Process,
    /// The script of `sh -c '…'` or of a heredoc that a shell reads.
    Script,
}

/// A word with quotes taken off.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// Without quotes and escapes; expansions as they are written.
    pub value: String,
    /// Quotes included.
    pub span: Span,
    /// Whether any part is quoted or escaped.
    pub quoted: bool,
    /// What the shell puts in at run time.
    pub expansions: Vec<Expansion>,
    /// The parts of the parsed text that make up the value, where it is quoted.
    pieces: Vec<Range<usize>>,
    range: Range<usize>,
}

/// A part of a word that only the shell knows.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The variable's name; empty for a command's output, a sum, a process.
    pub variable: String,
    /// All of it, from the dollar on.
    pub span: Span,
    /// Whether double quotes keep it one word.
    pub quoted: bool,
    /// What is written, where it stands for any number of words: `$@`, `${@:2}`, `${list[@]}`.
    pub list: Option<String>,
}

impl Word {
    /// The value, where no expansion takes part.
    pub fn literal(&self) -> Option<&str> {
        self.expansions.is_empty().then_some(&self.value)
    }
}

impl Command {
    /// The name without its folder, where it is known.
    pub fn name(&self) -> Option<&str> {
        let name = self.words.first()?.literal()?;
        Some(name.rsplit_once('/').map_or(name, |(_, base)| base))
    }

    /// What stands behind the name.
    pub fn args(&self) -> &[Word] {
        self.words.get(1..).unwrap_or(&[])
    }
}

impl Script {
    /// Why no shell runs the script: where reading it ends, if that is sure.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref().filter(|_| !self.doubtful)
    }

    /// The groups that hold a pipeline, the nearest first.
    pub fn enclosing(&self, pipeline: usize) -> impl Iterator<Item = Outer> + '_ {
        let first = self.pipelines.get(pipeline).and_then(|p| p.outer);
        std::iter::successors(first, |outer| self.pipelines.get(outer.pipeline).and_then(|p| p.outer))
    }
}

/// Splits a script.
pub fn parse(text: &Text<'_>) -> Script {
    let mut script = Script::default();
    parse::Machine { strict: true, ..parse::Machine::new(text, &mut script, 0) }.script(None, None, None);
    script
}
