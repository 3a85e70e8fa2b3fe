//! Secrets of a file, whatever rules are selected, so that no message, excerpt or fingerprint can show one.

use super::excerpt::Mask;
use super::plan::Plan;
use super::raw::{self, Raw, Scope};
use crate::fact::secret::hide;
use crate::fact::secret::random::is_random;
use crate::fact::{self, Facts, File};
use crate::text::{Source, Span};
use aho_corasick::AhoCorasick;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

/// The secrets that a file holds.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    sorted: Vec<Mask>,
    /// Each of them in one search, and which they are; for files with many.
    search: OnceLock<Option<(AhoCorasick, Vec<usize>)>>,
}

/// More secrets than this are not looked for one by one.
const FEW: usize = 50;

/// A shorter text is not replaced in messages: it would be found inside other words.
const SHORTEST: usize = 4;

impl Masks {
    /// Those that the findings themselves tell of.
    pub fn of(found: &[Raw]) -> Self {
        let mut all: Vec<Mask> = found.iter().flat_map(|raw| raw.secrets.clone()).collect();
        all.sort_by_key(|mask| (mask.span.start, std::cmp::Reverse(mask.span.end)));
        let mut sorted: Vec<Mask> = Vec::with_capacity(all.len());
        for mask in all {
            match sorted.last() {
                Some(last) if last.span.end > mask.span.start => {}
                _ => sorted.push(mask),
            }
        }
        Self { sorted, search: OnceLock::new() }
    }

    /// Those that all secrets rules find, selected or not.
    pub fn find(file: &File<'_>, secrets: &Plan<'_>) -> Self {
        let scope = Scope { path: file.path, kind: file.kind.name(), secrets_only: true };
        let mut facts = Facts::default();
        fact::build(file, secrets.wanted(), &mut facts);
        let mut found = raw::run(&facts, secrets, &scope, file.inventory);
        raw::patterns(file.source.text(), secrets, &scope, &mut found);
        Self::of(&found)
    }

    /// Sorted, without overlaps.
    pub fn as_slice(&self) -> &[Mask] {
        &self.sorted
    }

    /// A text with every secret of the file replaced, but for words that the file says elsewhere, too: a
    /// password that is also the name of a service gives nothing away, and a message needs its words.
    pub fn clean(&self, text: String, source: &Source) -> String {
        let candidates = self.candidates(&text, source);
        let known = candidates.iter().map(|mask| (source.slice(mask.span), mask.shown.as_str()));
        let mut clean = text;
        for (secret, shown) in known.filter(|(secret, _)| secret.len() >= SHORTEST) {
            if clean.contains(secret) && !self.is_said_openly(secret, source) {
                clean = hide(&clean, secret, shown);
            }
        }
        clean
    }

    /// The secrets that may be in a text, in the order of the file.
    fn candidates(&self, text: &str, source: &Source) -> Vec<&Mask> {
        let search = || {
            let mut seen = HashSet::new();
            let all = self.sorted.iter().enumerate().map(|(index, mask)| (index, source.slice(mask.span)));
            let (owners, secrets): (Vec<usize>, Vec<&str>) = all.filter(|(_, secret)| seen.insert(*secret)).unzip();
            Some((AhoCorasick::new(secrets).ok()?, owners))
        };
        let many = self.sorted.len() > FEW;
        let Some((search, owners)) = self.search.get_or_init(|| if many { search() } else { None }) else {
            return self.sorted.iter().collect();
        };
        let hits = search.find_overlapping_iter(text).filter_map(|hit| owners.get(hit.pattern().as_usize()));
        let found: BTreeSet<usize> = hits.copied().collect();
        found.into_iter().filter_map(|index| self.sorted.get(index)).collect()
    }

    fn is_said_openly(&self, word: &str, source: &Source) -> bool {
        source.text().match_indices(word).any(|(at, _)| {
            let place = Span::new(at, at + word.len());
            let first = self.sorted.partition_point(|mask| mask.span.end <= place.start);
            self.sorted.get(first).is_none_or(|mask| !mask.span.overlaps(place))
        })
    }

    /// The text at a place, as a fingerprint may know it: a guessable secret adds nothing to it.
    pub fn print(&self, span: Span, source: &Source) -> String {
        let mut out = String::new();
        let mut at = span.start;
        let first = self.sorted.partition_point(|mask| mask.span.end <= span.start);
        for mask in self.sorted[first..].iter().take_while(|mask| mask.span.start < span.end) {
            out.push_str(source.slice(Span { start: at, end: mask.span.start.max(at) }));
            let secret = source.slice(mask.span);
            if is_random(secret) {
                out.push_str(secret);
            }
            at = mask.span.end.max(at);
        }
        out.push_str(source.slice(Span { start: at, end: span.end.max(at) }));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(text: &str, secrets: &[&str]) -> (Source, Masks) {
        let mask = |secret: &&str| {
            let at = text.find(secret).unwrap();
            Mask { span: Span::new(at, at + secret.len()), shown: "…".into() }
        };
        let sorted = secrets.iter().map(mask).collect();
        (Source::new(text), Masks { sorted, ..Masks::default() })
    }

    #[test]
    fn messages_lose_secrets_and_keep_words() {
        let (source, masks) = masks("owner: hunter22\nroot: nextcloud\nimage: nextcloud\n", &["hunter22", "nextcloud"]);
        let clean = masks.clean("nextcloud gets hunter22".into(), &source);
        assert_eq!(clean, "nextcloud gets …");
    }

    #[test]
    fn of_many_secrets_each_is_replaced() {
        let secrets: Vec<String> = (100..100 + 2 * FEW).map(|n| format!("hunter{n}")).collect();
        let text: String = secrets.iter().map(|secret| format!("a: {secret}\n")).collect();
        let (source, masks) = masks(&text, &secrets.iter().map(String::as_str).collect::<Vec<_>>());
        let last = secrets.last().unwrap();
        assert_eq!(masks.clean(format!("{} and {last}", secrets[0]), &source), "… and …");
    }

    #[test]
    fn fingerprints_know_only_what_cannot_be_guessed() {
        let random = ["q7Zp", "V2xN", "8rTb", "W4mK", "c9Ys"].concat();
        let text = format!("a: hunter22 b: {random} c");
        let (source, masks) = masks(&text, &["hunter22", &random]);
        assert_eq!(masks.print(Span::new(0, text.len()), &source), format!("a:  b: {random} c"));
    }
}
