//! `NAME=value` of ARG, ENV and LABEL, in the new form and in the old one.

use crate::syntax::dockerfile::{Instruction, Keyword};
use std::ops::Range;

/// One assignment; the ranges are those of the instruction's line.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) name_range: Range<usize>,
    /// Quotes included.
    pub(super) value: Option<Range<usize>>,
}

/// All assignments of an instruction.
pub(super) fn pairs(instruction: &Instruction<'_>) -> Vec<Pair> {
    let words = instruction.words();
    let line = instruction.line.as_str();
    if is_legacy(instruction) {
        let Some(first) = words.first() else { return Vec::new() };
        let value = words.get(1).map(|second| second.range.start..instruction.argument.end);
        return vec![Pair { name: first.value.clone(), name_range: first.range.clone(), value }];
    }
    let pair = |range: Range<usize>| {
        let raw = &line[range.clone()];
        let Some(equals) = raw.find('=') else {
            return Pair { name: raw.to_owned(), name_range: range, value: None };
        };
        let name_range = range.start..range.start + equals;
        let name = line[name_range.clone()].trim_matches(['"', '\'']).to_owned();
        Pair { name, name_range, value: Some(range.start + equals + 1..range.end) }
    };
    words.into_iter().map(|word| pair(word.range)).collect()
}

/// `ENV name value`: the first word has no equals sign.
pub(super) fn is_legacy(instruction: &Instruction<'_>) -> bool {
    let pairs = matches!(instruction.keyword, Keyword::Env | Keyword::Label);
    pairs && instruction.words().first().is_some_and(|word| !word.value.contains('='))
}
