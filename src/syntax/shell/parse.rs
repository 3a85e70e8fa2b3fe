//! The machine: reads tokens, keeps a stack of open groups, and writes down commands as they come.

use super::{Command, Group, Joint, MAX_GROUPS, Outer, Pipeline, Script, Word};
use crate::text::Text;
use std::ops::Range;

/// Reads one text; texts inside it (backticks, strings that are scripts) get machines of their own.
pub(super) struct Machine<'m, 't> {
    pub(super) text: &'m Text<'t>,
    pub(super) bytes: &'m [u8],
    pub(super) at: usize,
    pub(super) out: &'m mut Script,
    pub(super) depth: usize,
    /// Whether the text is surely a script: then what no shell reads is told.
    pub(super) strict: bool,
    pub(super) pending: Vec<super::heredoc::Pending>,
}

/// Where we are in one list of commands: the script itself or one substitution.
pub(super) struct Level {
    pub(super) frames: Vec<Frame>,
    pub(super) outer: Option<Outer>,
    pub(super) parent: Option<usize>,
    pub(super) pipeline: Option<usize>,
    pub(super) stage: u16,
    pub(super) joint: Joint,
    /// The command that is being read.
    pub(super) command: Option<usize>,
    /// Behind a group's end: redirections may follow, words may not.
    pub(super) closed: bool,
    /// Inside `[[ … ]]`.
    pub(super) test: bool,
    /// The next group is a function's body.
    pub(super) function: bool,
    pub(super) negated: bool,
    /// How many of the frames are subshells.
    pub(super) parens: usize,
    /// An operator or a word that opens something, as long as no command stands behind it.
    pub(super) needs: Option<Range<usize>>,
    /// Behind `for NAME in words`, where a semicolon may follow.
    pub(super) head: bool,
}

impl Level {
    pub(super) fn at(outer: Option<Outer>, parent: Option<usize>) -> Self {
        Self {
            frames: Vec::new(),
            outer,
            parent,
            pipeline: None,
            stage: 0,
            joint: Joint::First,
            command: None,
            closed: false,
            test: false,
            function: false,
            negated: false,
            parens: 0,
            needs: None,
            head: false,
        }
    }
}

/// An open group.
pub(super) struct Frame {
    /// What closes it.
    pub(super) close: Close,
    pub(super) part: Part,
    /// The word that opened it.
    pub(super) opener: Range<usize>,
    pipeline: usize,
    stage: u16,
    outer: Option<Outer>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    Brace,
    Paren,
    Fi,
    Done,
    Esac,
}

/// Which part of a group is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Behind `for NAME in words`: no command may stand there.
    Head,
    /// Behind `if`, `elif`, `while`, `until`.
    Condition,
    /// Behind `else`.
    Else,
    /// What is done.
    Body,
}

impl<'m, 't> Machine<'m, 't> {
    pub(super) fn new(text: &'m Text<'t>, out: &'m mut Script, depth: usize) -> Self {
        Self { text, bytes: text.as_str().as_bytes(), at: 0, out, depth, strict: false, pending: Vec::new() }
    }

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Reads commands up to `end` (taken) or the end of the text.
    pub(super) fn script(&mut self, end: Option<u8>, outer: Option<Outer>, parent: Option<usize>) -> bool {
        let mut level = Level::at(outer, parent);
        loop {
            self.blanks();
            let Some(byte) = self.byte(0) else { break };
            if Some(byte) == end && level.parens == 0 && !level.test {
                self.left_open(&mut level, Some(self.at..self.at + 1));
                self.at += 1;
                self.finish(&mut level);
                return true;
            }
            self.token(&mut level, byte);
        }
        self.out.truncated |= end.is_some() || !level.frames.is_empty();
        if end.is_none() {
            self.left_open(&mut level, None);
        }
        self.finish(&mut level);
        self.heredocs();
        false
    }

    fn token(&mut self, level: &mut Level, byte: u8) {
        if level.test && self.test_token(level, byte) {
            return;
        }
        match byte {
            b'\n' => {
                self.at += 1;
                self.next(level, Joint::Next);
                self.heredocs();
            }
            b'#' => self.comment(),
            b';' => self.semicolon(level),
            b'&' => self.ampersand(level),
            b'|' => self.bar(level),
            b'(' => self.open_paren(level),
            b')' => self.close_paren(level),
            b'<' | b'>' => self.redirect(level),
            _ if self.is_fd_redirect() => self.redirect(level),
            _ => self.word_token(level),
        }
    }

    /// Skips blanks and continued line ends.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c) => self.at += 1,
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.at += 2,
                Some(b'\\') if self.byte(1) == Some(b'\r') && self.byte(2) == Some(b'\n') => self.at += 3,
                _ => return,
            }
        }
    }

    pub(super) fn comment(&mut self) {
        let (start, rest) = (self.at, &self.bytes[self.at..]);
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.out.comments.push(self.text.span(start..self.at));
    }

    fn semicolon(&mut self, level: &mut Level) {
        self.semicolon_fault(level);
        self.at += 1;
        self.next(level, Joint::Next);
        let mut cases = false;
        while matches!(self.byte(0), Some(b';' | b'&')) {
            cases = true;
            self.at += 1;
        }
        if cases && level.frames.last().is_some_and(|f| f.close == Close::Esac) {
            self.case_pattern(level);
        }
    }

    fn ampersand(&mut self, level: &mut Level) {
        match self.byte(1) {
            Some(b'&') => {
                self.joined(level, 2);
                self.next(level, Joint::And);
            }
            Some(b'>') => self.redirect(level),
            _ => {
                self.separated(level, self.at..self.at + 1);
                self.at += 1;
                self.next(level, Joint::Next);
            }
        }
    }

    fn bar(&mut self, level: &mut Level) {
        if self.byte(1) == Some(b'|') {
            self.joined(level, 2);
            return self.next(level, Joint::Or);
        }
        let start = self.at;
        self.joined(level, 1 + usize::from(self.byte(1) == Some(b'&')));
        let pipeline = self.pipeline(level);
        let span = self.text.span(start..self.at);
        let pipes = &mut self.out.pipelines[pipeline];
        pipes.pipe.get_or_insert(span);
        pipes.stages = pipes.stages.saturating_add(1);
        level.stage = pipes.stages - 1;
        self.end_command(level);
    }

    /// The pipeline that is being read, begun if need be.
    pub(super) fn pipeline(&mut self, level: &mut Level) -> usize {
        if let Some(index) = level.pipeline {
            return index;
        }
        let index = self.out.pipelines.len();
        let joint = std::mem::take(&mut level.joint);
        let negated = std::mem::take(&mut level.negated);
        self.out.pipelines.push(Pipeline { joint, stages: 1, pipe: None, outer: level.outer, negated });
        level.pipeline = Some(index);
        level.stage = 0;
        index
    }

    /// The command that is being read, begun if need be.
    pub(super) fn command(&mut self, level: &mut Level) -> usize {
        if let Some(index) = level.command {
            return index;
        }
        let pipeline = self.pipeline(level);
        let index = self.out.commands.len();
        let command = Command { pipeline, stage: level.stage, parent: level.parent, ..Command::default() };
        self.out.commands.push(command);
        level.command = Some(index);
        index
    }

    pub(super) fn end_command(&mut self, level: &mut Level) {
        level.closed = false;
        level.test = false;
        if let Some(index) = level.command.take() {
            self.nested_scripts(index);
        }
    }

    /// Ends the pipeline; the next one hangs on it by `joint`.
    fn next(&mut self, level: &mut Level, joint: Joint) {
        self.end_command(level);
        if level.pipeline.take().is_some() {
            level.joint = joint;
        }
        level.stage = 0;
    }

    fn finish(&mut self, level: &mut Level) {
        self.end_command(level);
    }

    /// Opens a group that is one member of the current pipeline.
    pub(super) fn open(&mut self, level: &mut Level, group: Group, close: Close, opener: Range<usize>) {
        self.starts(level, opener.clone());
        self.end_command(level);
        let group = if std::mem::take(&mut level.function) { Group::Function } else { group };
        let pipeline = self.pipeline(level);
        let stage = level.stage;
        if level.frames.len() >= MAX_GROUPS {
            self.out.truncated = true;
            self.out.doubtful = true;
            return;
        }
        let part = if matches!(close, Close::Fi | Close::Done) { Part::Condition } else { Part::Body };
        level.parens += usize::from(close == Close::Paren);
        level.needs = (close != Close::Esac).then(|| opener.clone());
        level.frames.push(Frame { close, part, opener, pipeline, stage, outer: level.outer });
        level.outer = Some(Outer { pipeline, stage, group });
        level.pipeline = None;
        level.stage = 0;
        level.joint = Joint::First;
    }

    /// Closes the innermost group if that is how it closes.
    pub(super) fn close(&mut self, level: &mut Level, close: Close) -> bool {
        let Some(frame) = level.frames.pop_if(|frame| frame.close == close) else { return false };
        self.end_command(level);
        level.parens -= usize::from(close == Close::Paren);
        level.outer = frame.outer;
        level.pipeline = Some(frame.pipeline);
        level.stage = frame.stage;
        level.closed = true;
        level.needs = None;
        true
    }

    fn word_token(&mut self, level: &mut Level) {
        if level.command.is_none() && self.reserved(level) {
            return;
        }
        if level.command.is_none() {
            self.starts(level, self.at..self.at + 1);
        }
        if level.closed {
            // `fi echo` is no shell; whatever it is, it is another command.
            self.next(level, Joint::Next);
        }
        let index = self.command(level);
        let start = self.at;
        if self.out.commands[index].words.is_empty() && self.assignment(level, index) {
            return self.grow(index, start);
        }
        let word = self.word(level, Some(index));
        if self.at == start {
            // Nothing that a word may begin with: leave it out.
            self.out.doubtful = true;
            self.at += 1;
            return;
        }
        if self.out.commands[index].words.is_empty() && word.value == "[[" {
            level.test = true;
        }
        self.out.commands[index].words.push(word);
        self.grow(index, start);
    }

    /// Lets the command reach from its first byte to here.
    pub(super) fn grow(&mut self, index: usize, start: usize) {
        let span = self.text.span(start..self.at);
        let command = &mut self.out.commands[index];
        command.span = if command.span.is_empty() { span } else { command.span.to(span) };
    }

    /// Inside `[[ … ]]` operators are words.
    fn test_token(&mut self, level: &mut Level, byte: u8) -> bool {
        let Some(index) = level.command else { return false };
        let len = match (byte, self.byte(1)) {
            (b'&', Some(b'&')) | (b'|', Some(b'|')) => 2,
            (b'(' | b')' | b'<' | b'>' | b'|' | b'&', _) => 1,
            (b'\n' | b';', _) => {
                let word = |w: &Word| matches!(w.value.as_str(), "&&" | "||");
                let goes_on = byte == b'\n' && self.out.commands[index].words.last().is_some_and(word);
                level.test = goes_on;
                self.at += usize::from(goes_on);
                return goes_on;
            }
            _ => {
                let start = self.at;
                let word = self.word(level, Some(index));
                self.at = self.at.max(start + usize::from(word.span.is_empty()));
                level.test = word.value != "]]";
                self.out.commands[index].words.push(word);
                self.grow(index, start);
                return true;
            }
        };
        let range = self.at..self.at + len;
        let value = self.text.as_str()[range.clone()].to_owned();
        self.at += len;
        let word = Word { value, span: self.text.span(range.clone()), ..Word::default() };
        self.out.commands[index].words.push(word);
        self.grow(index, range.start);
        true
    }

    pub(super) fn begin_negated(&mut self, level: &mut Level) {
        match level.pipeline {
            Some(index) => self.out.pipelines[index].negated = true,
            None => level.negated = true,
        }
    }
}
