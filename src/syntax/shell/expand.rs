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
        let text = &self.text.as_str()[start..self.at];
        let list = is_list(text).then(|| text.to_owned());
        out.push(Expansion { variable, span: self.text.span(start..self.at), quoted, list });
    }

    /// Goes one level down, unless that is too deep: then the rest of the text is left unread.
    fn deeper(&mut self, read: impl FnOnce(&mut Self)) {
        if self.depth >= MAX_DEPTH {
            self.out.truncated = true;
            self.out.doubtful = true;
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
        let opener = self.at - 2..self.at;
        self.deeper(|machine| {
            if !machine.script(Some(b')'), outer, holder) {
                machine.never_closed(opener);
            }
        });
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
        self.deeper(|machine| machine.brace_rest(level, holder, start - 2));
        name
    }

    fn brace_rest(&mut self, level: &Level, holder: Option<usize>, opener: usize) {
        while let Some(byte) = self.byte(0) {
            let start = self.at;
            match byte {
                b'}' => {
                    self.at += 1;
                    return;
                }
                b'"' | b'$' | b'`' | b'\\' => self.quoted_piece(level, holder),
                // Whether these are quotes here, shells do not agree.
                b'\'' => self.out.doubtful = true,
                _ => {}
            }
            if self.at == start {
                self.at += 1;
            }
        }
        self.out.truncated = true;
        self.never_closed(opener..opener + 2);
    }

    /// `<( … )` or `>( … )`
    pub(super) fn process(&mut self, level: &Level, holder: Option<usize>, out: &mut Vec<Expansion>) {
        let start = self.at;
        self.at += 2;
        self.substitution(level, holder, Group::Process);
        let span = self.text.span(start..self.at);
        out.push(Expansion { variable: String::new(), span, quoted: false, list: None });
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
        let plain = self.strict && from == start + 1 && !self.bytes[from.min(self.at)..self.at].starts_with(b"(");
        inner.text(self.text, from.min(self.at)..self.at);
        if closed {
            let (opening, closing) = (self.text.span(start..start + 1), self.text.span(self.at..self.at + 1));
            self.out.backticks.push(super::Backticks { opening, closing, plain });
        }
        self.at += usize::from(closed);
        if !closed {
            self.out.truncated = true;
            self.never_closed(start..start + 1);
        }
        let outer = self.outer(level, holder, Group::Substitution);
        // Those within belong to this one.
        let pairs = self.out.backticks.len();
        self.other_text(&inner.finish(), outer, holder);
        self.out.backticks.truncate(pairs);
        let span = self.text.span(start..self.at);
        out.push(Expansion { variable: String::new(), span, quoted, list: None });
    }
}

/// Whether an expansion stands for any number of words.
fn is_list(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("${") else { return text == "$@" };
    let name = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    inner.starts_with('@') || (name.len() < inner.len() && name.starts_with("[@]"))
}
