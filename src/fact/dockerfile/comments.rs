//! Comments: directives that are misspelt or stand too late, and what tools are told.

use super::Walk;
use super::facts::{Comment as Fact, Definition};
use super::scope::named_shell;
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Comment, Instruction, Keyword};
use crate::text::{Span, Spanned};

const DIRECTIVES: [&str; 3] = ["syntax", "escape", "check"];
const MISSPELT: &str = "is misspelt";

impl Walk<'_, '_> {
    /// The comments of a file, where rules look at them.
    pub(super) fn comments(&mut self) {
        if self.setting.fragment || !self.wanted.subject(Fact::describe().name) {
            return;
        }
        let first = self.file.instructions.first().map_or(u32::MAX, |instruction| instruction.span.start);
        for comment in &self.file.comments {
            let text = self.comment_text(comment);
            let is_one = self.file.directives.iter().any(|directive| directive.span.start == comment.span.start);
            let found = if is_one { None } else { self.looks_like(&text, comment.span, first) };
            let (directive, fault) = found.map_or((Field::Absent, Field::Absent), |(name, why)| {
                (Field::new(name.to_owned(), comment.span), Field::new(why.to_owned(), comment.span))
            });
            let misspelt = found.filter(|(_, why)| *why == MISSPELT).map_or(Field::Absent, |_| self.misspelt(comment));
            let fact = Fact { span: comment.span, text, directive, directive_fault: fault, misspelt };
            self.out.push(fact, "", comment.span);
        }
    }

    pub(super) fn comment_text(&self, comment: &Comment) -> String {
        let text = self.text.as_str().get(comment.range.clone()).unwrap_or("");
        text.trim_start_matches('#').trim().to_owned()
    }

    /// ARGs and named stages that have a comment just above.
    pub(super) fn definition(&mut self, instruction: &Instruction<'_>) {
        if self.setting.fragment || !self.wanted.subject(Definition::describe().name) {
            return;
        }
        let words = instruction.words();
        let name = match instruction.keyword {
            Keyword::Arg => words.first().map(|word| word.value.split('=').next().unwrap_or("").to_owned()),
            _ => words.get(2).map(|word| word.value.clone()),
        };
        let (Some(name), Some(comment)) = (name, self.comment_above(instruction)) else { return };
        let first = comment.value.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or("");
        let for_tools = ["hadolint", "infralint", "tally", "checkov", "trivy", "syntax", "escape", "check"];
        let told = for_tools.iter().any(|tool| comment.value.to_lowercase().starts_with(tool));
        let described =
            first == name || told || self.file.directives.iter().any(|d| d.span.start == comment.span.start);
        let fact = Definition { span: instruction.keyword_span, name, comment, described };
        self.push(fact, instruction.span);
    }

    /// The comment on the line just above.
    fn comment_above(&self, instruction: &Instruction<'_>) -> Option<Spanned<String>> {
        let start = instruction.span.start;
        let after = self.file.comments.partition_point(|comment| comment.span.start < start);
        let comment = after.checked_sub(1).and_then(|at| self.file.comments.get(at))?;
        let gap = self.text.as_str().get(comment.span.end as usize..start as usize).unwrap_or("");
        let near = comment.span.start >= self.memory.end && gap.trim().is_empty() && gap.matches('\n').count() == 1;
        near.then(|| Spanned::new(self.comment_text(comment), comment.span))
    }

    /// The word before the equals sign.
    fn misspelt(&self, comment: &Comment) -> Field<String> {
        let text = self.text.as_str().get(comment.range.clone()).unwrap_or("");
        let name = text.split('=').next().unwrap_or("");
        let word = name.trim_start_matches('#').trim();
        let start = comment.range.start + name.find(word).unwrap_or(0);
        Field::new(word.to_owned(), self.text.span(start..start + word.len()))
    }

    /// The directive that a comment was meant to be, and why it is none.
    fn looks_like(&self, text: &str, span: Span, first: u32) -> Option<(&'static str, &'static str)> {
        let (name, value) = text.split_once('=')?;
        let (name, value) = (name.trim().to_lowercase(), value.trim());
        let exact = DIRECTIVES.into_iter().find(|known| *known == name);
        if let Some(name) = exact.filter(|name| is_value(name, value)) {
            let twice = self.file.directives.iter().any(|directive| directive.name == name);
            let why = match (twice, span.start < first) {
                (true, _) => return None,
                (_, true) => "stands behind another comment or a blank line",
                _ => "stands behind an instruction",
            };
            return Some((name, why));
        }
        let near = |known: &&str| exact.is_none() && strsim::damerau_levenshtein(known, &name) <= 2;
        let meant = DIRECTIVES.into_iter().find(near)?;
        (span.start < first && is_value(meant, value)).then_some((meant, MISSPELT))
    }

    /// Lets comments between two instructions tell the shell: `# hadolint shell=…`.
    pub(super) fn hear(&mut self, until: u32) {
        let from = self.memory.end;
        let start = self.file.comments.partition_point(|comment| comment.span.start < from);
        let near = self.file.comments[start..].iter().take_while(|comment| comment.span.start < until);
        for comment in near {
            let text = self.comment_text(comment);
            let body = text.strip_prefix("hadolint").map(str::trim_start).and_then(|body| body.strip_prefix("shell"));
            if let Some(shell) = body.and_then(|body| body.trim_start().strip_prefix('=')) {
                self.scope.effects.shell = named_shell(shell);
                self.scope.effects.program = shell.split_whitespace().next().map(str::to_owned);
            }
        }
    }
}

/// Whether a value is one that a directive may have; prose after an equals sign is none.
fn is_value(directive: &str, value: &str) -> bool {
    match directive {
        "escape" => matches!(value, "\\" | "`"),
        "check" => value.starts_with("skip=") || value.starts_with("error="),
        _ => !value.is_empty() && !value.contains(char::is_whitespace) && value.contains(['/', ':']),
    }
}
