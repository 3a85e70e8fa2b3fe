//! Reserved words and parentheses: what opens, divides and closes groups.

use super::Group;
use super::parse::{Close, Level, Machine, Part};

impl Machine<'_, '_> {
    /// Takes a reserved word, if one stands here.
    pub(super) fn reserved(&mut self, level: &mut Level) -> bool {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().take(9).take_while(|b| b.is_ascii_lowercase() || matches!(b, b'{' | b'}' | b'!')).count();
        let ends = rest
            .get(len)
            .is_none_or(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'));
        if len == 0 || !ends {
            return false;
        }
        let word = &self.bytes[self.at..self.at + len];
        match word {
            b"if" => self.begin(level, len, Group::If, Close::Fi),
            b"while" | b"until" => self.begin(level, len, Group::Loop, Close::Done),
            b"{" => self.begin(level, len, Group::Braces, Close::Brace),
            b"then" | b"else" | b"elif" | b"do" => {
                self.divided(level, len);
                self.at += len;
            }
            b"!" => {
                level.needs = None;
                self.at += len;
                self.begin_negated(level);
            }
            b"time" => self.at += len,
            b"for" | b"select" => {
                self.begin(level, len, Group::Loop, Close::Done);
                level.needs = None;
                level.head = true;
                if let Some(frame) = level.frames.last_mut() {
                    frame.part = Part::Head;
                }
                self.for_head(level);
            }
            b"case" => {
                self.begin(level, len, Group::Case, Close::Esac);
                self.case_head(level);
            }
            b"function" => {
                self.at += len;
                self.function_head(level);
            }
            b"fi" | b"done" | b"}" | b"esac" => {
                let close = match word {
                    b"fi" => Close::Fi,
                    b"done" => Close::Done,
                    b"}" => Close::Brace,
                    _ => Close::Esac,
                };
                self.closing(level, close, len);
                if !self.close(level, close) {
                    self.out.truncated = true;
                }
                self.at += len;
            }
            _ => return false,
        }
        true
    }

    fn begin(&mut self, level: &mut Level, len: usize, group: Group, close: Close) {
        let opener = self.at..self.at + len;
        self.at += len;
        self.open(level, group, close, opener);
    }

    /// `for NAME in words` up to the separator, or `for ((…))`.
    fn for_head(&mut self, level: &mut Level) {
        self.blanks();
        if self.byte(0) == Some(b'(') {
            self.skip_parens(level);
            return;
        }
        self.word(level, level.parent);
        self.lines();
        if !self.keyword(b"in") {
            return;
        }
        loop {
            self.blanks();
            match self.byte(0) {
                None | Some(b'\n' | b';' | b'&' | b'|' | b')') => return,
                Some(b'#') => self.comment(),
                Some(b'(' | b'<' | b'>') => {
                    self.out.doubtful = true;
                    self.at += 1;
                }
                Some(_) => {
                    let start = self.at;
                    let word = self.word(level, level.parent);
                    if !word.expansions.is_empty() {
                        self.out.listed.push(word);
                    }
                    self.at = self.at.max(start + 1);
                }
            }
        }
    }

    /// `case WORD in` and the first pattern.
    fn case_head(&mut self, level: &mut Level) {
        self.blanks();
        self.word(level, level.parent);
        self.lines();
        if self.keyword(b"in") {
            self.case_pattern(level);
        } else {
            self.out.doubtful = true;
        }
    }

    /// A pattern up to its parenthesis, or `esac`.
    pub(super) fn case_pattern(&mut self, level: &mut Level) {
        self.lines();
        if self.keyword(b"esac") {
            self.close(level, Close::Esac);
            return;
        }
        if self.byte(0) == Some(b'(') {
            self.at += 1;
        }
        loop {
            self.blanks();
            match self.byte(0) {
                None => return,
                Some(b'\n' | b';') => {
                    self.fail(self.at..self.at + 1, || "a pattern of `case` without `)` behind it".to_owned());
                    return;
                }
                Some(b')') => {
                    self.at += 1;
                    return;
                }
                Some(b'|' | b'&' | b'<' | b'>' | b'(') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    self.word(level, level.parent);
                    self.at = self.at.max(start + 1);
                }
            }
        }
    }

    fn function_head(&mut self, level: &mut Level) {
        self.blanks();
        self.word(level, level.parent);
        self.blanks();
        level.needs = None;
        if self.byte(0) == Some(b'(') && self.byte(1) == Some(b')') {
            self.at += 2;
        }
        self.lines();
        level.function = true;
    }

    /// Skips blanks, line ends and comments.
    fn lines(&mut self) {
        loop {
            self.blanks();
            match self.byte(0) {
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    fn keyword(&mut self, word: &[u8]) -> bool {
        let rest = &self.bytes[self.at..];
        let found =
            rest.starts_with(word) && rest.get(word.len()).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_');
        if found {
            self.at += word.len();
        }
        found
    }

    pub(super) fn open_paren(&mut self, level: &mut Level) {
        let Some(index) = level.command else {
            if self.byte(1) == Some(b'(') {
                self.starts(level, self.at..self.at + 2);
                self.pipeline(level);
                self.skip_parens(level);
                level.closed = true;
                return;
            }
            self.at += 1;
            return self.open(level, Group::Subshell, Close::Paren, self.at - 1..self.at);
        };
        let start = self.at;
        self.at += 1;
        self.blanks();
        let command = &mut self.out.commands[index];
        if self.bytes.get(self.at) == Some(&b')') && command.words.len() == 1 {
            self.at += 1;
            command.words.clear();
            self.end_command(level);
            self.lines();
            level.function = true;
        } else {
            self.fail(start..start + 1, || "`(` behind a word, without quotes".to_owned());
        }
    }

    pub(super) fn close_paren(&mut self, level: &mut Level) {
        self.paren_fault(level);
        // A group left open inside the parentheses ends with them.
        if level.parens > 0 {
            while level.frames.last().is_some_and(|frame| frame.close != Close::Paren) {
                let close = level.frames.last().map_or(Close::Paren, |frame| frame.close);
                self.close(level, close);
                self.out.truncated = true;
            }
            self.close(level, Close::Paren);
        }
        self.at += 1;
    }

    /// Skips a sum, `(( … ))`; substitutions in it are followed.
    pub(super) fn skip_parens(&mut self, level: &Level) {
        let start = self.at;
        let mut open = 0usize;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                b'\\' => self.at += 1,
                b'$' => {
                    let start = self.at;
                    self.dollar(level, level.command.or(level.parent), false, &mut Vec::new());
                    self.at = self.at.max(start + 1);
                    continue;
                }
                _ => {}
            }
            self.at = (self.at + 1).min(self.bytes.len());
            if open == 0 {
                return;
            }
        }
        self.out.truncated = true;
        // Perhaps it is a subshell within a subshell, where quotes protect parentheses.
        self.out.doubtful |= self.bytes[start..].iter().any(|b| matches!(b, b'"' | b'\'' | b'`' | b'#' | b'\\'));
        self.fail(start..start + 2, || "`((` is never closed".to_owned());
    }
}
