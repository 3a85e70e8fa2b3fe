//! Expansions: variables, sums, and substitutions, whose commands are read like any others.

use super::parse::{Level, Machine};
use super::{Expansion, Group, MAX_DEPTH, Outer};
use crate::text::TextBuilder;

impl Machine<'_, '_> {
    /// Reads what a dollar begins. A lone dollar is only passed over.
    pub(super) fn dollar(&mut self, level: &Level, holder: Option<usize>, quoted: bool, out: &mut Vec<Expansion>) {
        let start = self.at;
        let variable = match self.byte(1) {
            Some(b'(') if self.byte(2) == Some(b'(') => {
                self.at += 1;
                self.deeper(|machine| machine.skip_parens(level));
                String::new()
            }
            Some(b'(') => {
                self.at += 2;
                self.substitution(level, holder, Group::Substitution);
                String::new()
            }
            Some(b'{') => self.brace(level, holder),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                let name = &self.bytes[start + 1..];
                let len = name.iter().take_while(|&&b| b.is_ascii_alphanumeric() || b == b'_').count();
                self.at += 1 + len;
                self.text.as_str()[start + 1..self.at].to_owned()
            }
            Some(special @ (b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-')) => {
                self.at += 2;
                char::from(special).to_string()
            }
            _ => {
                self.at += 1;
                return;
            }
        };
        out.push(Expansion { variable, span: self.text.span(start..self.at), quoted });
    }

    /// Goes one level down, unless that is too deep: then the rest of the text is left unread.
    fn deeper(&mut self, read: impl FnOnce(&mut Self)) {
        if self.depth >= MAX_DEPTH {
            self.out.truncated = true;
            self.at = self.bytes.len();
            return;
        }
        self.depth += 1;
        read(self);
        self.depth -= 1;
    }

    /// The commands of `$( … )`, from behind the parenthesis on.
    fn substitution(&mut self, level: &Level, holder: Option<usize>, group: Group) {
        let outer = self.outer(level, holder, group);
        self.deeper(|machine| machine.script(Some(b')'), outer, holder));
    }

    fn outer(&self, level: &Level, holder: Option<usize>, group: Group) -> Option<Outer> {
        let at_holder = holder.and_then(|index| self.out.commands.get(index)).map(|c| (c.pipeline, c.stage));
        let place = at_holder.or(level.outer.map(|outer| (outer.pipeline, outer.stage)));
        place.map(|(pipeline, stage)| Outer { pipeline, stage, group })
    }

    /// `${NAME…}`: gives the name.
    fn brace(&mut self, level: &Level, holder: Option<usize>) -> String {
        let start = self.at + 2;
        self.at = start;
        if matches!(self.byte(0), Some(b'!' | b'#')) && self.byte(1) != Some(b'}') {
            self.at += 1;
        }
        let name_start = self.at;
        while self.byte(0).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_') {
            self.at += 1;
        }
        let name = self.text.as_str()[name_start..self.at].to_owned();
        self.deeper(|machine| machine.brace_rest(level, holder));
        name
    }

    fn brace_rest(&mut self, level: &Level, holder: Option<usize>) {
        while let Some(byte) = self.byte(0) {
            let start = self.at;
            match byte {
                b'}' => {
                    self.at += 1;
                    return;
                }
                b'"' | b'$' | b'`' | b'\\' => self.quoted_piece(level, holder),
                _ => {}
            }
            if self.at == start {
                self.at += 1;
            }
        }
        self.out.truncated = true;
    }

    /// `<( … )` or `>( … )`
    pub(super) fn process(&mut self, level: &Level, holder: Option<usize>, out: &mut Vec<Expansion>) {
        let start = self.at;
        self.at += 2;
        self.substitution(level, holder, Group::Process);
        out.push(Expansion { variable: String::new(), span: self.text.span(start..self.at), quoted: false });
    }

    /// Backticks: their content is unescaped, then read as a script of its own.
    pub(super) fn backticks(&mut self, level: &Level, holder: Option<usize>, quoted: bool, out: &mut Vec<Expansion>) {
        let start = self.at;
        let mut inner = TextBuilder::new();
        let mut from = start + 1;
        self.at = from;
        let mut closed = false;
        while let Some(byte) = self.byte(0) {
            if byte == b'`' {
                closed = true;
                break;
            }
            let escaped = matches!(self.byte(1), Some(b'`' | b'\\' | b'$')) || (quoted && self.byte(1) == Some(b'"'));
            if byte == b'\\' && escaped {
                inner.text(self.text, from..self.at);
                from = self.at + 1;
                self.at += 1;
            }
            self.at += 1;
        }
        inner.text(self.text, from.min(self.at)..self.at);
        self.at += usize::from(closed);
        self.out.truncated |= !closed;
        let outer = self.outer(level, holder, Group::Substitution);
        self.other_text(&inner.finish(), outer, holder);
        out.push(Expansion { variable: String::new(), span: self.text.span(start..self.at), quoted });
    }
}
