//! Fixes of findings about several files, whose places are known when all files are read: which can be written
//! together, and what a file says then.

use super::mend::Level;
use crate::diagnostic::{Diagnostic, Edit};
use crate::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is to be written into the files, and how many findings that mends.
#[derive(Debug, Default)]
pub struct Plan<'f> {
    /// The edits of each file, in order, none touching another.
    pub files: BTreeMap<Arc<str>, Vec<&'f Edit>>,
    /// How many findings are mended in each file.
    pub mended: BTreeMap<Arc<str>, usize>,
}

/// Takes the fixes that can be written together: of those that touch each other the first, and each edit once.
pub fn plan<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>, level: Level) -> Plan<'f> {
    let mut plan = Plan::default();
    for finding in findings {
        let Some(fix) = finding.fix.as_ref().filter(|fix| level.admits(fix) && !fix.edits.is_empty()) else { continue };
        let taken =
            |edit: &Edit| plan.files.get(&edit.path).is_some_and(|all| all.iter().any(|other| **other == *edit));
        let free =
            |edit: &Edit| plan.files.get(&edit.path).is_none_or(|all| all.iter().all(|other| apart(other, edit)));
        if !fix.edits.iter().all(|edit| taken(edit) || free(edit)) {
            continue;
        }
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !taken(edit)).collect();
        for edit in new {
            plan.files.entry(edit.path.clone()).or_default().push(edit);
        }
        if let Some(first) = fix.edits.first() {
            *plan.mended.entry(first.path.clone()).or_default() += 1;
        }
    }
    for edits in plan.files.values_mut() {
        edits.sort_by_key(|edit| edit.range.start.offset);
    }
    plan
}

fn apart(one: &Edit, other: &Edit) -> bool {
    one.range.end.offset < other.range.start.offset || other.range.end.offset < one.range.start.offset
}

/// A file with its edits; nothing where it is not the file that they were made for.
pub fn written(source: &Source, edits: &[&Edit]) -> Option<String> {
    let text = source.text();
    let first = memchr::memchr(b'\n', text.as_bytes());
    let windows = first.is_some_and(|at| text[..at].ends_with('\r'));
    let mut out = String::with_capacity(text.len() + 256);
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.range.start, edit.range.end);
        if source.position(start.offset) != start || source.position(end.offset) != end {
            return None;
        }
        out.push_str(text.get(at..start.offset as usize)?);
        match windows {
            true => out.push_str(&edit.text.replace('\n', "\r\n")),
            false => out.push_str(&edit.text),
        }
        at = end.offset as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fix, Range, Safety, Severity};

    fn finding(source: &Source, span: std::ops::Range<u32>, text: &str, safety: Safety) -> Diagnostic {
        let range = Range { start: source.position(span.start), end: source.position(span.end) };
        let edit = Edit { path: "a.md".into(), range, text: text.into() };
        Diagnostic {
            path: "b.md".into(),
            rule: "a/b".into(),
            variant: None,
            aliases: Arc::from([]),
            severity: Severity::Warning,
            message: String::new(),
            help: "".into(),
            range: Range::default(),
            subject: None,
            embedded_in: None,
            related: Vec::new(),
            fix: Some(Fix { title: "mend".into(), safety, alone: false, edits: vec![edit] }),
            fingerprint: String::new(),
            suppressed: None,
            baseline: None,
            origin: None,
            excerpt: None,
        }
    }

    #[test]
    fn what_touches_something_waits_and_what_is_the_same_is_written_once() {
        let source = Source::new("one 2\r\nthree\r\n");
        let found = [
            finding(&source, 4..5, "3", Safety::Safe),
            finding(&source, 4..5, "4", Safety::Safe),
            finding(&source, 14..14, "four\n", Safety::Safe),
            finding(&source, 14..14, "four\n", Safety::Safe),
            finding(&source, 0..3, "ONE", Safety::Unsafe),
        ];
        let plan = plan(&found, Level::Safe);
        let edits = &plan.files["a.md"];
        assert_eq!(written(&source, edits).as_deref(), Some("one 3\r\nthree\r\nfour\r\n"));
        assert_eq!(plan.mended["a.md"], 3);
        assert_eq!(written(&Source::new("another"), edits), None);
    }
}
