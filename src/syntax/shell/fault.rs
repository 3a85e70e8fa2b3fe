//! What no shell reads: operators without a command, groups and quotes that are never closed, words out of place.

use super::Fault;
use super::parse::{Close, Level, Machine, Part};
use std::ops::Range;

impl Machine<'_, '_> {
    /// Notes the first fault of a text that is surely a script.
    pub(super) fn fail(&mut self, range: Range<usize>, message: impl FnOnce() -> String) {
        if self.strict && self.out.fault.is_none() {
            let end = range.end.min(self.bytes.len());
            self.out.fault = Some(Fault { span: self.text.span(range.start.min(end)..end), message: message() });
        }
    }

    pub(super) fn never_closed(&mut self, opener: Range<usize>) {
        let word = self.told(&opener);
        self.fail(opener, || format!("{word} is never closed"));
    }

    /// Words of the script, as a message quotes them.
    fn told(&self, range: &Range<usize>) -> String {
        match self.text.as_str().get(range.clone()) {
            Some("`") => "a backtick".to_owned(),
            Some("\"") => "a double quote".to_owned(),
            Some("'") => "a single quote".to_owned(),
            word => format!("`{}`", word.unwrap_or("")),
        }
    }

    /// A command or group begins here.
    pub(super) fn starts(&mut self, level: &mut Level, range: Range<usize>) {
        level.needs = None;
        if level.closed {
            self.fail(range, || "nothing separates this from what ends before it".to_owned());
        } else if level.frames.last().is_some_and(|frame| frame.part == Part::Head) {
            // Some shells take a group without `do`.
            self.out.doubtful |= self.bytes.get(range.start) == Some(&b'{');
            self.fail(range, || "`do` is missing before this".to_owned());
        }
    }

    /// An operator between two commands, `len` long, is taken.
    pub(super) fn joined(&mut self, level: &mut Level, len: usize) {
        let range = self.at..self.at + len;
        self.separated(level, range.clone());
        level.needs = Some(range);
        self.at += len;
    }

    /// Something stands here that ends a command: there has to be one.
    pub(super) fn separated(&mut self, level: &mut Level, range: Range<usize>) {
        if level.needs.is_some() {
            return self.missing(level, range);
        }
        if level.command.is_some() || level.closed || level.negated {
            return;
        }
        let word = self.told(&range);
        self.fail(range, || format!("no command stands before {word}"));
    }

    fn missing(&mut self, level: &mut Level, range: Range<usize>) {
        let Some(needs) = level.needs.take() else { return };
        let (before, after) = (self.told(&needs), self.told(&range));
        self.fail(range, || format!("no command stands between {before} and {after}"));
    }

    pub(super) fn semicolon_fault(&mut self, level: &mut Level) {
        let two = matches!(self.byte(1), Some(b';' | b'&'));
        let in_case = level.frames.last().is_some_and(|frame| frame.close == Close::Esac);
        let range = self.at..self.at + 1 + usize::from(two);
        match (two, in_case) {
            (true, true) => self.missing(level, range),
            (true, false) => {
                let word = self.told(&range);
                self.fail(range, || format!("{word} stands outside of a `case`"));
            }
            // `for NAME in words ;`
            (false, _) if level.head && level.command.is_none() => level.head = false,
            (false, _) => self.separated(level, range),
        }
    }

    /// `then`, `else`, `elif` or `do` stands here.
    pub(super) fn divided(&mut self, level: &mut Level, len: usize) {
        let range = self.at..self.at + len;
        self.missing(level, range.clone());
        let word = self.bytes.get(range.clone()).unwrap_or(b"");
        let next = level.frames.last().and_then(|frame| match (frame.close, frame.part, word) {
            (Close::Fi, Part::Condition, b"then") => Some(Part::Body),
            (Close::Fi, Part::Body, b"else") => Some(Part::Else),
            (Close::Fi, Part::Body, b"elif") => Some(Part::Condition),
            (Close::Done, Part::Condition | Part::Head, b"do") => Some(Part::Body),
            _ => None,
        });
        match (next, level.frames.last_mut()) {
            (Some(part), Some(frame)) => frame.part = part,
            _ => {
                let word = self.told(&range);
                self.fail(range.clone(), || format!("{word} has nothing that it belongs to"));
            }
        }
        level.head = false;
        level.closed = false;
        level.needs = Some(range);
    }

    /// A word stands here that closes a group.
    pub(super) fn closing(&mut self, level: &mut Level, close: Close, len: usize) {
        let range = self.at..self.at + len;
        self.missing(level, range.clone());
        let word = self.told(&range);
        let Some(frame) = level.frames.last() else {
            return self.fail(range, || format!("{word} closes nothing"));
        };
        let opener = self.told(&frame.opener);
        if frame.close != close {
            return self.fail(range, || format!("{word} stands where {opener} is still open"));
        }
        let lacks = match (close, frame.part) {
            (Close::Fi, Part::Condition) => "then",
            (Close::Done, Part::Condition | Part::Head) => "do",
            _ => return,
        };
        self.fail(range, || format!("{word} without `{lacks}`"));
    }

    /// `)` stands here.
    pub(super) fn paren_fault(&mut self, level: &mut Level) {
        let range = self.at..self.at + 1;
        self.missing(level, range.clone());
        match level.frames.last() {
            Some(frame) if frame.close == Close::Paren => {}
            Some(frame) => {
                let opener = frame.opener.clone();
                self.never_closed(opener);
            }
            None => self.fail(range, || "`)` closes nothing".to_owned()),
        }
    }

    /// The script ends here, or the substitution with this parenthesis.
    pub(super) fn left_open(&mut self, level: &mut Level, end: Option<Range<usize>>) {
        if let Some(frame) = level.frames.last() {
            let opener = frame.opener.clone();
            return self.never_closed(opener);
        }
        if let Some(end) = end {
            return self.missing(level, end);
        }
        let Some(needs) = level.needs.take() else { return };
        let word = self.told(&needs);
        self.fail(needs, || format!("no command follows {word}"));
    }
}
