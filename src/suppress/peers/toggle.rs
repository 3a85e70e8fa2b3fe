//! Comments that switch a tool's rules off from here on, and on again.

use super::Ids;
use std::collections::BTreeMap;

/// Names that one file may switch by themselves; nobody needs more.
const MOST: usize = 200;

/// What a comment does to the rules that it names.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::suppress) enum Act {
    Off(Ids),
    On(Ids),
    Capture,
    Restore,
}

/// Lines in which some rules of a tool are off, both included.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::suppress) struct Off {
    /// The name; without one every rule that no comment of the file names.
    pub(in crate::suppress) id: Option<String>,
    pub(in crate::suppress) first: u32,
    pub(in crate::suppress) last: u32,
    /// The line of the comment that switched them off.
    pub(in crate::suppress) by: u32,
}

/// What was off, by name and for the others.
type Captured = (BTreeMap<String, Option<u32>>, Option<u32>);

/// Comments of one tool in one part, in the order of their lines.
#[derive(Debug, Default)]
pub(in crate::suppress) struct Toggles {
    acts: Vec<(u32, Act)>,
    named: BTreeMap<String, Option<u32>>,
    others: Option<u32>,
    captured: Option<Captured>,
    ranges: Vec<Off>,
}

impl Toggles {
    /// Adds a comment.
    pub(in crate::suppress) fn add(&mut self, line: u32, act: Act) {
        self.acts.push((line, act));
    }

    /// The names that comments switch by themselves, once the ranges are known.
    pub(in crate::suppress) fn names(&self) -> Vec<String> {
        self.named.keys().cloned().collect()
    }

    /// Lines in which rules are off; `last` is the last line of the part.
    pub(in crate::suppress) fn ranges(&mut self, last: u32) -> Vec<Off> {
        let mut acts = std::mem::take(&mut self.acts);
        acts.sort_by_key(|(line, _)| *line);
        for (_, act) in &acts {
            let (Act::Off(Ids::Named(ids)) | Act::On(Ids::Named(ids))) = act else { continue };
            for id in ids.iter().take(MOST) {
                if self.named.len() < MOST {
                    self.named.insert(id.clone(), None);
                }
            }
        }
        for (line, act) in acts {
            match act {
                Act::Off(ids) => self.switch(&ids, line, true),
                Act::On(ids) => self.switch(&ids, line, false),
                Act::Capture => self.captured = Some((self.named.clone(), self.others)),
                Act::Restore => self.restore(line),
            }
        }
        self.switch(&Ids::All, last.saturating_add(1), false);
        std::mem::take(&mut self.ranges)
    }

    fn switch(&mut self, ids: &Ids, line: u32, off: bool) {
        let Self { named, others, ranges, .. } = self;
        for (id, since) in named.iter_mut() {
            if !matches!(ids, Ids::Named(ids) if !ids.contains(id)) {
                set(since, line, off, Some(id), ranges);
            }
        }
        if !matches!(ids, Ids::Named(_)) {
            set(others, line, off, None, ranges);
        }
    }

    fn restore(&mut self, line: u32) {
        let (named, others) = self.captured.clone().unwrap_or_default();
        let Self { named: now, others: others_now, ranges, .. } = self;
        for (id, since) in now.iter_mut() {
            set(since, line, named.get(id).copied().flatten().is_some(), Some(id), ranges);
        }
        set(others_now, line, others.is_some(), None, ranges);
    }
}

fn set(since: &mut Option<u32>, line: u32, off: bool, id: Option<&String>, ranges: &mut Vec<Off>) {
    match (*since, off) {
        (None, true) => *since = Some(line),
        (Some(first), false) => {
            *since = None;
            if first < line {
                ranges.push(Off { id: id.cloned(), first, last: line - 1, by: first });
            }
        }
        _ => {}
    }
}

/// `# yamllint disable rule:x rule:y` and its like: another blank, or a word that is no rule, makes yamllint deaf.
pub(in crate::suppress) fn yamllint(comment: &str) -> Option<(&str, Ids)> {
    let rest = comment.strip_prefix("# yamllint ")?.trim_end();
    let mut words = rest.split(' ');
    let word = words.next()?;
    let ids: Option<Vec<String>> = words.map(|word| word.strip_prefix("rule:").map(str::to_owned)).collect();
    ids.map(|ids| (word, if ids.is_empty() { Ids::All } else { Ids::Named(ids) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(ids: &[&str]) -> Ids {
        Ids::Named(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn ranges(acts: &[(u32, Act)]) -> Vec<String> {
        let mut toggles = Toggles::default();
        acts.iter().for_each(|(line, act)| toggles.add(*line, act.clone()));
        let show = |off: Off| format!("{} {}-{}", off.id.as_deref().unwrap_or("*"), off.first, off.last);
        let mut found: Vec<String> = toggles.ranges(100).into_iter().map(show).collect();
        found.sort();
        found
    }

    #[test]
    fn off_until_on_again() {
        assert_eq!(ranges(&[(3, Act::Off(named(&["A"]))), (7, Act::On(named(&["A"])))]), ["A 3-6"]);
        assert_eq!(ranges(&[(3, Act::Off(Ids::All)), (9, Act::On(named(&["A"])))]), ["* 3-100", "A 3-8"]);
        assert_eq!(ranges(&[(3, Act::Off(named(&["A", "B"]))), (5, Act::On(Ids::All))]), ["A 3-4", "B 3-4"]);
        assert_eq!(ranges(&[(3, Act::On(Ids::All))]), Vec::<String>::new());
    }

    #[test]
    fn yamllint_wants_its_very_words() {
        assert_eq!(yamllint("# yamllint disable rule:a rule:b "), Some(("disable", named(&["a", "b"]))));
        assert_eq!(yamllint("# yamllint enable"), Some(("enable", Ids::All)));
        for text in ["#yamllint disable", "# yamllint  disable", "# yamllint disable rule:a b", "# yamllint disable a"]
        {
            assert_eq!(yamllint(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_captured_comes_back() {
        let acts = [
            (1, Act::Off(named(&["A"]))),
            (2, Act::Capture),
            (3, Act::On(named(&["A"]))),
            (4, Act::Off(named(&["B"]))),
            (6, Act::Restore),
        ];
        assert_eq!(ranges(&acts), ["A 1-2", "A 6-100", "B 4-5"]);
        assert_eq!(ranges(&[(2, Act::Off(Ids::All)), (4, Act::Restore)]), ["* 2-3"]);
    }
}
