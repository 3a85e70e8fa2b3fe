//! Words: quotes taken off, expansions noted.

use super::parse::{Level, Machine};
use super::{Assignment, Word};
use std::ops::Range;

/// A word that is being read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) start: usize,
    pub(super) value: Vec<u8>,
    pieces: Vec<Range<usize>>,
    /// The source from here on has not been copied to the value yet.
    pub(super) from: usize,
    pub(super) quoted: bool,
    pub(super) expansions: Vec<super::Expansion>,
}

impl Draft {
    fn at(at: usize) -> Self {
        Self { start: at, from: at, ..Self::default() }
    }
}

impl Machine<'_, '_> {
    /// Reads a word; empty where none begins here. `holder` is the command that its substitutions belong to.
    pub(super) fn word(&mut self, level: &Level, holder: Option<usize>) -> Word {
        let mut draft = Draft::at(self.at);
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c | b';' | b'&' | b'|' | b')' => break,
                b'<' | b'>' => {
                    if self.at != draft.start || self.byte(1) != Some(b'(') {
                        break;
                    }
                    self.process(level, holder, &mut draft.expansions);
                }
                b'(' => {
                    if !self.word_paren(level, holder, &draft) {
                        break;
                    }
                }
                b'\\' => self.escape(&mut draft),
                b'\'' => self.single_quotes(&mut draft),
                b'"' => self.double_quotes(level, holder, &mut draft),
                b'`' => self.backticks(level, holder, false, &mut draft.expansions),
                b'$' => self.dollar_word(level, holder, &mut draft),
                _ => self.at += 1,
            }
        }
        self.finish_word(draft)
    }

    fn finish_word(&mut self, mut draft: Draft) -> Word {
        let source = self.text.as_str();
        let range = draft.start..self.at;
        let value = if draft.value.is_empty() && draft.from == draft.start {
            source[range.clone()].to_owned()
        } else {
            self.flush(&mut draft, self.at);
            String::from_utf8(draft.value).unwrap_or_default()
        };
        let span = self.text.span(range.clone());
        Word { value, span, quoted: draft.quoted, expansions: draft.expansions, pieces: draft.pieces, range }
    }

    /// An array's value or a pattern like `@(a|b)`: part of the word. A parenthesis elsewhere is not.
    fn word_paren(&mut self, level: &Level, holder: Option<usize>, draft: &Draft) -> bool {
        let before = self.at.checked_sub(1).filter(|&at| at >= draft.start).map(|at| self.bytes[at]);
        if !matches!(before, Some(b'=' | b'?' | b'*' | b'+' | b'@' | b'!')) {
            return false;
        }
        // Its members are words of their own, but nobody asks for them.
        let mut open = 0usize;
        while let Some(byte) = self.byte(0) {
            let start = self.at;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        self.at += 1;
                        return true;
                    }
                }
                b'#' if start.checked_sub(1).is_some_and(|at| self.bytes[at].is_ascii_whitespace()) => self.comment(),
                b'"' | b'\'' | b'$' | b'`' | b'\\' => self.quoted_piece(level, holder),
                _ => {}
            }
            if self.at == start {
                self.at += 1;
            }
        }
        self.out.truncated = true;
        self.out.doubtful = true;
        true
    }

    /// Passes over one quoted piece or expansion whose value does not matter.
    pub(super) fn quoted_piece(&mut self, level: &Level, holder: Option<usize>) {
        let mut draft = Draft::at(self.at);
        match self.byte(0) {
            Some(b'"') => self.double_quotes(level, holder, &mut draft),
            Some(b'\'') => self.single_quotes(&mut draft),
            Some(b'`') => self.backticks(level, holder, false, &mut draft.expansions),
            Some(b'\\') => self.escape(&mut draft),
            Some(b'$') => self.dollar_word(level, holder, &mut draft),
            _ => {}
        }
    }

    /// `\x` outside quotes.
    fn escape(&mut self, draft: &mut Draft) {
        draft.quoted = true;
        self.flush(draft, self.at);
        let line_end = match (self.byte(1), self.byte(2)) {
            (Some(b'\n'), _) => 2,
            (Some(b'\r'), Some(b'\n')) => 3,
            _ => 0,
        };
        if line_end > 0 {
            self.at += line_end;
            draft.from = self.at;
            return;
        }
        // The character behind is taken as it is; a lone one at the end stays.
        draft.from = if self.byte(1).is_some() { self.at + 1 } else { self.at };
        self.at = self.char_end(draft.from);
    }

    pub(super) fn char_end(&self, at: usize) -> usize {
        let source = self.text.as_str();
        source.get(at..).and_then(|rest| rest.chars().next()).map_or(self.bytes.len(), |c| at + c.len_utf8())
    }

    fn flush(&self, draft: &mut Draft, to: usize) {
        let to = to.max(draft.from);
        draft.value.extend_from_slice(&self.bytes[draft.from..to]);
        draft.pieces.push(draft.from..to);
        draft.from = to;
    }

    fn single_quotes(&mut self, draft: &mut Draft) {
        draft.quoted = true;
        self.flush(draft, self.at);
        let start = self.at;
        let rest = &self.bytes[self.at + 1..];
        draft.from = self.at + 1;
        match memchr::memchr(b'\'', rest) {
            Some(len) => {
                self.flush(draft, self.at + 1 + len);
                self.at += len + 2;
                draft.from = self.at;
            }
            None => {
                self.out.truncated = true;
                self.at = self.bytes.len();
                self.never_closed(start..start + 1);
            }
        }
    }

    pub(super) fn double_quotes(&mut self, level: &Level, holder: Option<usize>, draft: &mut Draft) {
        draft.quoted = true;
        self.flush(draft, self.at);
        let start = self.at;
        self.at += 1;
        draft.from = self.at;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'"' => {
                    self.flush(draft, self.at);
                    self.at += 1;
                    draft.from = self.at;
                    return;
                }
                b'\\' => match self.byte(1) {
                    Some(b'$' | b'`' | b'"' | b'\\') => {
                        self.flush(draft, self.at);
                        draft.from = self.at + 1;
                        self.at += 2;
                    }
                    Some(b'\n') => {
                        self.flush(draft, self.at);
                        self.at += 2;
                        draft.from = self.at;
                    }
                    _ => self.at += 1,
                },
                b'`' => self.backticks(level, holder, true, &mut draft.expansions),
                b'$' => {
                    let start = self.at;
                    self.dollar(level, holder, true, &mut draft.expansions);
                    self.at = self.at.max(start + 1);
                }
                _ => self.at += 1,
            }
        }
        self.out.truncated = true;
        self.never_closed(start..start + 1);
    }

    fn dollar_word(&mut self, level: &Level, holder: Option<usize>, draft: &mut Draft) {
        match self.byte(1) {
            Some(b'\'') => self.ansi_quotes(draft),
            Some(b'"') => {
                self.flush(draft, self.at);
                self.at += 1;
                draft.from = self.at;
                self.double_quotes(level, holder, draft);
            }
            _ => {
                let start = self.at;
                self.dollar(level, holder, false, &mut draft.expansions);
                self.at = self.at.max(start + 1);
            }
        }
    }

    /// `$'a\nb'`
    fn ansi_quotes(&mut self, draft: &mut Draft) {
        draft.quoted = true;
        self.flush(draft, self.at);
        self.at += 2;
        draft.from = self.at;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\'' => {
                    self.flush(draft, self.at);
                    self.at += 1;
                    draft.from = self.at;
                    return;
                }
                b'\\' if self.byte(1).is_some() => {
                    self.flush(draft, self.at);
                    let decoded = match self.bytes[self.at + 1] {
                        b'n' => Some(b'\n'),
                        b't' => Some(b'\t'),
                        b'r' => Some(b'\r'),
                        quoted @ (b'\\' | b'\'' | b'"') => Some(quoted),
                        _ => None,
                    };
                    if let Some(decoded) = decoded {
                        draft.value.push(decoded);
                        draft.from = self.at + 2;
                    }
                    self.at = self.char_end(self.at + 1);
                }
                _ => self.at += 1,
            }
        }
        self.out.truncated = true;
        self.out.doubtful = true;
    }

    /// `NAME=value`, `NAME+=value`, `NAME[i]=value` before a command's name.
    pub(super) fn assignment(&mut self, level: &Level, command: usize) -> bool {
        let rest = &self.bytes[self.at..];
        let name_len = rest.iter().take_while(|&&b| b.is_ascii_alphanumeric() || b == b'_').count();
        if name_len == 0 || rest[0].is_ascii_digit() {
            return false;
        }
        let mut value = name_len;
        if rest.get(value) == Some(&b'[') {
            let subscript = rest[value..].iter().take(200).position(|&b| b == b']');
            let Some(len) = subscript else { return false };
            value += len + 1;
        }
        value += usize::from(rest.get(value) == Some(&b'+'));
        if rest.get(value) != Some(&b'=') {
            return false;
        }
        let name_range = self.at..self.at + name_len;
        self.at += value + 1;
        let name = self.text.as_str()[name_range.clone()].to_owned();
        let name_span = self.text.span(name_range);
        let value = match self.byte(0) {
            Some(b'(') => self.array(level, command),
            _ => self.word(level, Some(command)),
        };
        self.out.commands[command].assignments.push(Assignment { name, name_span, value });
        true
    }

    fn array(&mut self, level: &Level, command: usize) -> Word {
        let start = self.at;
        let draft = Draft { start: start - 1, ..Draft::at(start) };
        self.word_paren(level, Some(command), &draft);
        let span = self.text.span(start..self.at);
        // What an array holds is not looked into: unknown to whoever asks.
        let unknown = super::Expansion { variable: String::new(), span, quoted: false, list: None };
        let value = self.text.as_str()[start..self.at].to_owned();
        Word { value, span, expansions: vec![unknown], range: start..self.at, ..Word::default() }
    }
}
