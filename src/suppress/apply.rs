//! Findings meet the comments that cover them.

use super::{Comment, FileSuppressions, Scope};
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::rule::library::Library;
use crate::rule::select::Selected;
use std::collections::HashMap;

/// A comment and the number of one of its entries.
type Reference = (usize, usize);

impl FileSuppressions {
    /// Marks the findings of this file that a comment covers, by the line on which they begin, and notes which
    /// comments did something. `enforced` tells the rules that no comment may silence.
    pub fn apply(&mut self, findings: &mut [Diagnostic], library: &Library, enforced: &dyn Fn(usize) -> bool) {
        if self.comments.is_empty() || findings.is_empty() {
            return;
        }
        let mut order: Vec<usize> = (0..findings.len()).collect();
        order.sort_by_key(|&index| findings[index].range.start.line);
        let mut sweep = Sweep::new(&self.comments, self.today);
        for index in order {
            let finding = &mut findings[index];
            let Some(key) = key(finding, library) else { continue };
            let mut found = sweep.covering(&self.comments, finding.range.start.line, key);
            let touching;
            if found.is_empty() && finding.range.end.line > finding.range.start.line {
                touching = sweep.touching(&self.comments, (finding.range.start.line, finding.range.end.line), key);
                found = &touching;
            }
            let Some(&(nearest, _)) = found.first() else { continue };
            let refused = enforced(key.rule);
            let found = found.to_vec();
            for &(comment, entry) in &found {
                let entry = &mut self.comments[comment].entries[entry];
                entry.refused |= refused;
                entry.used |= !refused;
            }
            if finding.suppressed.is_none() && !refused {
                finding.suppressed = Some(self.comments[nearest].suppressed());
            }
        }
        self.apply_beside(findings, library, enforced);
    }

    /// Other tools may report the same fault at another of its places: their comments count there as well.
    fn apply_beside(&self, findings: &mut [Diagnostic], library: &Library, enforced: &dyn Fn(usize) -> bool) {
        let mut places: Vec<(u32, usize)> = Vec::new();
        for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.suppressed.is_none()) {
            let here = finding.related.iter().filter(|label| label.path == finding.path);
            places.extend(here.map(|label| (label.range.start.line, index)));
        }
        if places.is_empty() || !self.comments.iter().any(|comment| comment.peer) {
            return;
        }
        places.sort_unstable();
        let mut sweep = Sweep::new(&self.comments, self.today);
        for (line, index) in places {
            let Some(key) = key(&findings[index], library).filter(|key| !enforced(key.rule)) else { continue };
            let found = sweep.covering(&self.comments, line, key);
            if let Some((nearest, _)) = found.iter().find(|(comment, _)| self.comments[*comment].peer) {
                findings[index].suppressed = Some(self.comments[*nearest].suppressed());
            }
        }
    }
}

/// The rule of a finding, and its variant.
fn key(finding: &Diagnostic, library: &Library) -> Option<Selected> {
    let rule = library.index.number(&finding.rule)?;
    let variant = finding.variant.as_deref().and_then(|name| library.rules[rule].variant(name));
    Some(Selected { rule, variant })
}

impl Comment {
    fn suppressed(&self) -> Suppressed {
        Suppressed {
            by: "comment",
            line: Some(self.place.start.line),
            reason: self.reason.as_deref().map(str::to_owned),
        }
    }
}

/// The comments that cover the current line, kept up to date while lines ascend. What they say of a rule is
/// worked out once for as long as they stay the same.
struct Sweep {
    /// Comments that cover lines, by their first line.
    waiting: Vec<usize>,
    at: usize,
    /// Covering the line; the narrower ones first, then those of the whole file.
    active: Vec<usize>,
    said: HashMap<Selected, Vec<Reference>>,
    /// Comments that count anywhere within a finding, by their own line.
    touching: Vec<(u32, usize)>,
}

impl Sweep {
    fn new(comments: &[Comment], today: jiff::civil::Date) -> Self {
        let counting = (0..comments.len()).filter(|&index| comments[index].counts(today));
        let (active, mut waiting): (Vec<usize>, Vec<usize>) =
            counting.partition(|&index| comments[index].scope == Scope::File);
        waiting.retain(|&index| comments[index].width() > 0);
        waiting.sort_by_key(|&index| comments[index].first());
        let touching = (0..comments.len()).filter(|&index| comments[index].counts(today));
        let mut touching: Vec<(u32, usize)> =
            touching.filter_map(|index| Some((comments[index].touches?, index))).collect();
        touching.sort_unstable();
        Self { waiting, at: 0, active, said: HashMap::new(), touching }
    }

    /// The first comment within a finding's lines that means it.
    fn touching(&self, comments: &[Comment], lines: (u32, u32), key: Selected) -> Vec<Reference> {
        let from = self.touching.partition_point(|(line, _)| *line < lines.0);
        let within = self.touching[from..].iter().take_while(|(line, _)| *line <= lines.1);
        let entries = within.flat_map(|&(_, c)| (0..comments[c].entries.len()).map(move |e| (c, e)));
        entries.filter(|&(c, e)| names(&comments[c].entries[e], key)).take(1).collect()
    }

    fn covering(&mut self, comments: &[Comment], line: u32, key: Selected) -> &[Reference] {
        self.advance(comments, line);
        let active = &self.active;
        self.said.entry(key).or_insert_with(|| {
            let entries = active.iter().flat_map(|&c| (0..comments[c].entries.len()).map(move |e| (c, e)));
            entries.filter(|&(c, e)| names(&comments[c].entries[e], key)).collect()
        })
    }

    fn advance(&mut self, comments: &[Comment], line: u32) {
        let before = self.active.len();
        self.active.retain(|&index| comments[index].last() >= line);
        let mut changed = self.active.len() != before;
        while let Some(&index) = self.waiting.get(self.at)
            && comments[index].first() <= line
        {
            self.at += 1;
            if comments[index].last() >= line {
                self.active.push(index);
                changed = true;
            }
        }
        if changed {
            self.active.sort_by_key(|&index| comments[index].width());
            self.said.clear();
        }
    }
}

/// Whether an entry names the rule, or the variant of it that fired.
pub(super) fn names(entry: &super::Entry, key: Selected) -> bool {
    let Ok(targets) = &entry.targets else { return false };
    let has = |variant| targets.binary_search(&Selected { rule: key.rule, variant }).is_ok();
    has(None) || (key.variant.is_some() && has(key.variant))
}

impl Comment {
    pub(super) fn first(&self) -> u32 {
        match self.scope {
            Scope::File => 0,
            Scope::Lines(first, _) => first,
        }
    }

    pub(super) fn last(&self) -> u32 {
        match self.scope {
            Scope::File => u32::MAX,
            Scope::Lines(_, last) => last,
        }
    }

    /// How many lines it covers.
    fn width(&self) -> u32 {
        (self.last().saturating_add(1)).saturating_sub(self.first())
    }
}
