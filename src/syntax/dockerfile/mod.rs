//! Dockerfiles split as BuildKit splits them: directives, logical lines, flags, heredocs, words.

mod faults;
mod heredoc;
mod json;
mod keyword;
mod lines;
mod split;
mod words;

#[cfg(test)]
mod tests;

pub use faults::faults;
pub use json::{Form, JsonFault};
pub use keyword::Keyword;
pub use split::{parse, strip_onbuild};
pub use words::{Word, unquote, words};

use crate::text::{Span, Text};
use std::ops::Range;

/// The two characters that may escape; a backslash unless a directive says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Escape {
    /// `\`
    #[default]
    Backslash,
    /// `` ` ``, for Windows paths.
    Backtick,
}

impl Escape {
    /// The byte it is written with.
    pub fn byte(self) -> u8 {
        match self {
            Escape::Backslash => b'\\',
            Escape::Backtick => b'`',
        }
    }
}

/// One Dockerfile, or a fragment of one.
#[derive(Debug, Default)]
pub struct Dockerfile<'a> {
    /// The character that escapes and continues lines.
    pub escape: Escape,
    /// `# name=value` at the very top.
    pub directives: Vec<Directive>,
    /// In the order of the file.
    pub instructions: Vec<Instruction<'a>>,
    /// Whole-line comments, also those between continuations, without those in heredocs.
    pub comments: Vec<Comment>,
    /// What could not be split.
    pub errors: Vec<Fault>,
}

/// A parser directive.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Lower case.
    pub name: String,
    /// What stands behind the equals sign.
    pub value: String,
    /// The whole comment.
    pub span: Span,
}

/// A comment that has its line for itself.
#[derive(Clone, Debug)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// The same in the text that was parsed.
    pub range: Range<usize>,
}

/// Something wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What, as a short sentence without a full stop.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// `--name` or `--name=value` before an instruction's argument.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Without the dashes, as written.
    pub name: String,
    /// What stands behind the equals sign, without quotes; `None` for a bare flag.
    pub value: Option<String>,
    /// All of it.
    pub span: Span,
    /// The value alone; the whole flag where there is none.
    pub value_span: Span,
}

/// `<<NAME` and the lines that belong to it.
#[derive(Clone, Debug)]
pub struct Heredoc<'a> {
    /// The word that ends it, without quotes.
    pub name: String,
    /// The `<<NAME` in the instruction's line.
    pub span: Span,
    /// The same as a range of [`Instruction::line`].
    pub range: Range<usize>,
    /// Whether variables in the body are replaced: no part of the name is quoted.
    pub expands: bool,
    /// `<<-`: leading tabs are taken off, from the terminator too.
    pub chomps: bool,
    /// The lines; without their leading tabs if it chomps.
    pub body: Text<'a>,
    /// The line that ends it.
    pub terminator: Option<Span>,
}

/// One instruction with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Instruction<'a> {
    /// Which.
    pub keyword: Keyword,
    /// The word that says so.
    pub keyword_span: Span,
    /// The logical line from the keyword on: continuations joined, comments between them left out.
    pub line: Text<'a>,
    /// The keyword in `line`.
    pub keyword_range: Range<usize>,
    /// What comes behind keyword and flags, in `line`; trimmed.
    pub argument: Range<usize>,
    /// Before the argument.
    pub flags: Vec<Flag>,
    /// In the order of their bodies.
    pub heredocs: Vec<Heredoc<'a>>,
    /// Blank lines inside continuations.
    pub blank_lines: Vec<Span>,
    /// Keyword to the end of the last line, heredocs included.
    pub span: Span,
    /// What ONBUILD will run, one level deep.
    pub trigger: Option<Box<Instruction<'a>>>,
    escape: Escape,
}

impl<'a> Instruction<'a> {
    /// The argument with its places.
    pub fn argument(&self) -> Text<'_> {
        self.line.slice(self.argument.clone())
    }

    /// The argument's characters.
    pub fn argument_str(&self) -> &str {
        self.line.as_str().get(self.argument.clone()).unwrap_or("")
    }

    /// Where the argument stands; the keyword if there is none.
    pub fn argument_span(&self) -> Span {
        if self.argument.is_empty() { self.keyword_span } else { self.line.span(self.argument.clone()) }
    }

    /// The keyword as it is written.
    pub fn keyword_str(&self) -> &str {
        self.line.as_str().get(self.keyword_range.clone()).unwrap_or("")
    }

    /// The argument's words, quotes kept together.
    pub fn words(&self) -> Vec<Word> {
        words(&self.line, self.argument.clone(), self.escape)
    }

    /// Whether the argument is a JSON list, a shell command, or a broken list; of HEALTHCHECK what stands behind CMD.
    pub fn form(&self) -> Form {
        json::form(&self.line, self.command())
    }

    /// What is run: the argument, of HEALTHCHECK what stands behind CMD. Empty for `HEALTHCHECK NONE`.
    pub fn command(&self) -> Range<usize> {
        if self.keyword != Keyword::Healthcheck {
            return self.argument.clone();
        }
        let argument = self.argument_str();
        let len = argument.bytes().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let rest = argument.get(..len).filter(|word| word.eq_ignore_ascii_case("CMD")).and(argument.get(len..));
        let blanks = rest.map_or(0, |rest| rest.len() - rest.trim_start().len());
        match rest {
            Some(_) => self.argument.start + len + blanks..self.argument.end,
            None => self.argument.end..self.argument.end,
        }
    }

    /// The character that escapes in its words.
    pub fn escape(&self) -> Escape {
        self.escape
    }

    /// The first flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|f| f.name == name)
    }

    /// The instruction that does the work: ONBUILD's trigger, else itself.
    pub fn effective(&self) -> &Instruction<'a> {
        self.trigger.as_deref().unwrap_or(self)
    }
}
