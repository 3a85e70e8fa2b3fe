//! Heredocs of scripts: bodies follow the line that opens them.

use super::parse::Machine;
use super::{Group, Outer, nested};
use crate::text::{Text, TextBuilder};

/// A heredoc whose body has not come yet.
pub(super) struct Pending {
    pub(super) name: String,
    pub(super) expands: bool,
    pub(super) chomps: bool,
    /// Command and redirection that opened it.
    pub(super) place: Option<(usize, usize)>,
}

impl Machine<'_, '_> {
    /// Reads the bodies that the line just ended has opened.
    pub(super) fn heredocs(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let body = self.body(&pending);
            self.place_body(&pending, body);
        }
    }

    fn body(&mut self, pending: &Pending) -> Text<'static> {
        let source = self.text.as_str();
        let mut body = TextBuilder::new();
        let start = self.at;
        while self.at < self.bytes.len() {
            let line_start = self.at;
            let rest = &self.bytes[line_start..];
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.at = (line_start + len + 1).min(self.bytes.len());
            let tabs = if pending.chomps { rest.iter().take_while(|&&b| b == b'\t').count() } else { 0 };
            let content = (line_start + tabs).min(line_start + len);
            if source[content..line_start + len].trim_end_matches('\r') == pending.name {
                return body.finish_at(self.text.span(start..start).start);
            }
            body.text(self.text, content..self.at);
        }
        self.out.truncated = true;
        self.out.doubtful = true;
        body.finish_at(self.text.span(start..start).start)
    }

    /// A shell's heredoc is a script; any other may hold substitutions.
    fn place_body(&mut self, pending: &Pending, body: Text<'static>) {
        let Some((index, redirect)) = pending.place else { return };
        let command = &self.out.commands[index];
        let outer = |group| Some(Outer { pipeline: command.pipeline, stage: command.stage, group });
        if nested::reads_script(command) {
            let outer = outer(Group::Script);
            self.other_text(&body, outer, Some(index));
        } else if pending.expands && memchr::memchr2(b'$', b'`', body.as_str().as_bytes()).is_some() {
            let outer = outer(Group::Substitution);
            self.substitutions_of(&body, outer, index);
        }
        if let Some(redirect) = self.out.commands[index].redirects.get_mut(redirect) {
            redirect.body = Some(body);
        }
    }
}
