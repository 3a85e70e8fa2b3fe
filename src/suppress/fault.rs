//! What is wrong with suppression comments: findings of the engine itself.

use super::{Comment, Entry, FileSuppressions};
use crate::diagnostic::Range;
use crate::rule::select::Selected;
use jiff::Span as Days;
use jiff::civil::Date;

/// Days before its end from which a suppression is announced to end.
const NOTICE: i64 = 14;
/// The pack of rules that a comment may only silence when all others are done.
const OWN: &str = "infralint/";

/// A fault of a comment, by the name that `engine:` rules give it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// `unused-suppression`, `expired-suppression` …
    pub engine: &'static str,
    /// Which variant of that rule.
    pub variant: Option<&'static str>,
    /// The words at fault.
    pub place: Range,
    /// Those words.
    pub text: String,
    /// Values for the message.
    pub arguments: Vec<(&'static str, String)>,
    /// Whether it stands in a fenced block.
    pub embedded: bool,
}

/// Whether a suppression that ends on this day is to be announced to end.
pub fn ends_soon(day: Date, today: Date) -> bool {
    today.checked_add(Days::new().days(NOTICE)).is_ok_and(|notice| day <= notice)
}

impl FileSuppressions {
    /// Everything that is wrong, but for names of the engine's own rules that silence nothing: whether they do
    /// is known when these faults have been applied. `ran` tells whether
    /// rules were selected and could have found something in this file.
    pub fn faults(&self, ran: &dyn Fn(&[Selected]) -> bool) -> Vec<Fault> {
        let ours = self.comments.iter().filter(|comment| !comment.peer);
        ours.flat_map(|comment| comment.faults(self.today, ran)).collect()
    }

    /// Names of the engine's own rules that silence nothing.
    pub fn own_unused(&self, ran: &dyn Fn(&[Selected]) -> bool) -> Vec<Fault> {
        let counting = self.comments.iter().filter(|comment| !comment.peer && comment.counts(self.today));
        let entries = counting.flat_map(|comment| comment.entries.iter().map(move |entry| (comment, entry)));
        let own = entries.filter(|(_, entry)| entry.written.starts_with(OWN) && entry.idle(ran));
        own.map(|(comment, entry)| comment.unused(entry)).collect()
    }
}

impl Comment {
    fn faults(&self, today: Date, ran: &dyn Fn(&[Selected]) -> bool) -> Vec<Fault> {
        let mut found = Vec::new();
        if let Some((place, what)) = &self.malformed {
            found.push(self.fault("malformed-suppression", *place, [("what", what.clone())]));
            return found;
        }
        for entry in &self.entries {
            if let Err(why) = &entry.targets {
                let arguments = [("name", entry.written.to_string()), ("what", why.to_string())];
                found.push(self.fault("unknown-rule-in-suppression", entry.place, arguments));
            }
        }
        if self.reason.is_none() {
            found.push(self.fault("suppression-without-reason", self.place, [("name", self.names())]));
        }
        if self.expired(today) {
            found.extend(self.ending("expired-suppression", None));
            return found;
        }
        for entry in &self.entries {
            if entry.refused && !entry.used {
                found.push(Fault { variant: Some("enforced"), ..self.unused(entry) });
            } else if !self.embedded && !entry.written.starts_with(OWN) && entry.idle(ran) {
                // A snippet may show a suppression without showing what it is for.
                found.push(self.unused(entry));
            }
        }
        if self.until.as_ref().is_some_and(|(day, _)| ends_soon(*day, today)) && self.entries.iter().any(|e| e.used) {
            found.extend(self.ending("expired-suppression", Some("soon")));
        }
        found
    }

    fn ending(&self, engine: &'static str, variant: Option<&'static str>) -> Option<Fault> {
        let (day, place) = self.until.as_ref()?;
        let arguments = [("name", self.names()), ("until", day.to_string())];
        Some(Fault { variant, ..self.fault(engine, *place, arguments) })
    }

    fn unused(&self, entry: &Entry) -> Fault {
        self.fault("unused-suppression", entry.place, [("name", entry.written.to_string())])
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.entries.iter().map(|entry| &*entry.written).collect();
        names.join(", ")
    }

    fn fault<const N: usize>(
        &self,
        engine: &'static str,
        place: Range,
        arguments: [(&'static str, String); N],
    ) -> Fault {
        let start = (place.start.offset.saturating_sub(self.place.start.offset)) as usize;
        let end = (place.end.offset.saturating_sub(self.place.start.offset)) as usize;
        let text = self.text.get(start..end).unwrap_or(&self.text).to_owned();
        Fault { engine, variant: None, place, text, arguments: arguments.into(), embedded: self.embedded }
    }
}

impl Entry {
    /// Whether it silenced nothing although the rules that it names could have found something here.
    fn idle(&self, ran: &dyn Fn(&[Selected]) -> bool) -> bool {
        let Ok(targets) = &self.targets else { return false };
        !self.used && !self.refused && ran(targets)
    }
}
