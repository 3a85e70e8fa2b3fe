//! Text patterns: keywords found in one pass, regular expressions tried only round them, captures judged.
//!
//! All keywords of all patterns stand in one automaton. A hit opens a window as wide as the
//! pattern's longest match; windows that touch become one, so that no byte is searched twice for
//! the same pattern, however often its keyword stands there. Expressions compile at the first hit.

mod assigned;
mod judge;

pub use judge::Judge;

use super::secret::Redacted;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use fnv::FnvHashMap;
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A pattern whose matches have no longest length gets a window of this many bytes to each side.
const UNBOUNDED: usize = 16 * 1024;
/// With so many bytes behind, a faster automaton pays.
const MUCH: usize = 2 * 1024 * 1024;
/// No window is wider.
const WIDEST: usize = 32 * 1024;
/// No assigned value is longer.
const LONGEST_VALUE: usize = 2048;
/// How far before a match the `near` words count.
const NEAR: usize = 160;

/// A pattern as rules write it.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// Patterns of one group are one rule: where they meet in the text, the first one counts.
    pub group: usize,
    /// Literals, one of which every match holds; ASCII case does not count.
    pub keywords: Vec<String>,
    /// The regular expression, in ASCII mode. Empty where `assigned` is set.
    pub regex: String,
    /// The form of the value that is assigned to a key which holds a keyword; empty for none.
    pub assigned: String,
    /// The group that is judged and reported; 0 for all of the match.
    pub capture: usize,
    /// What the captured text must be.
    pub judge: Judge,
    /// Words of which one must stand in the match or shortly before it; empty for none.
    pub near: Vec<String>,
}

/// A match that passed its judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternHit {
    /// The number of the pattern.
    pub pattern: usize,
    /// What to point at.
    pub span: Range<usize>,
    /// All that must not be shown; holds `span`.
    pub secret: Range<usize>,
    /// The value.
    pub value: Redacted,
}

/// Patterns ready to search with.
pub struct Matcher {
    automaton: AhoCorasick,
    /// The same as a table, which is twice as fast and takes milliseconds to build: for when there is much to read.
    table: OnceLock<Option<AhoCorasick>>,
    keywords: Vec<String>,
    /// How many bytes were read.
    scanned: AtomicUsize,
    /// For each keyword the patterns that want it.
    wanted_by: Vec<Vec<usize>>,
    patterns: Vec<Pattern>,
}

struct Pattern {
    spec: Spec,
    regex: OnceLock<Option<Regex>>,
    reach: OnceLock<usize>,
    /// The regular expression begins with `\b` and then with its keyword.
    word_start: bool,
}

impl Matcher {
    /// Builds the automaton; expressions compile later.
    ///
    /// # Errors
    /// A sentence, when there are too many keywords for the automaton.
    pub fn new(specs: Vec<Spec>) -> Result<Self, String> {
        let mut keywords: Vec<String> = Vec::new();
        let mut wanted_by: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (index, spec) in specs.iter().enumerate() {
            for keyword in spec.keywords.iter().filter(|k| !k.is_empty()) {
                let keyword = keyword.to_ascii_lowercase();
                let at = *known.entry(keyword.clone()).or_insert_with(|| {
                    keywords.push(keyword);
                    wanted_by.push(Vec::new());
                    wanted_by.len() - 1
                });
                wanted_by[at].push(index);
            }
        }
        let automaton = searcher().build(&keywords).map_err(|error| error.to_string())?;
        let patterns = specs.into_iter().map(Pattern::new).collect();
        Ok(Self { automaton, table: OnceLock::new(), keywords, scanned: AtomicUsize::new(0), wanted_by, patterns })
    }

    /// The automaton that is worth its building for what was read so far and this text.
    fn automaton(&self, text: &str) -> &AhoCorasick {
        if self.scanned.fetch_add(text.len(), Ordering::Relaxed) < MUCH {
            return &self.automaton;
        }
        let table = || searcher().kind(Some(AhoCorasickKind::DFA)).build(&self.keywords).ok();
        self.table.get_or_init(table).as_ref().unwrap_or(&self.automaton)
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.wanted_by.is_empty()
    }

    /// All matches, in the order of the text.
    pub fn find(&self, text: &str) -> Vec<PatternHit> {
        let mut hits = Vec::new();
        // For each pattern the window that is open.
        let mut open: FnvHashMap<usize, Range<usize>> = FnvHashMap::default();
        let bytes = text.as_bytes();
        for hit in self.automaton(text).find_overlapping_iter(text) {
            for &index in &self.wanted_by[hit.pattern().as_usize()] {
                let pattern = &self.patterns[index];
                if pattern.word_start && hit.start() > 0 && is_word(bytes[hit.start() - 1]) {
                    continue;
                }
                if pattern.is_assigned() {
                    pattern.assigned(index, text, hit.start()..hit.end(), &mut hits);
                    continue;
                }
                let reach = pattern.reach();
                let (start, end) = (hit.start().saturating_sub(reach), (hit.end() + reach).min(text.len()));
                match open.get_mut(&index) {
                    Some(window) if start <= window.end => window.end = window.end.max(end),
                    Some(window) => {
                        let done = std::mem::replace(window, start..end);
                        pattern.search(index, text, done, &mut hits);
                    }
                    None => _ = open.insert(index, start..end),
                }
            }
        }
        for (index, window) in open {
            self.patterns[index].search(index, text, window, &mut hits);
        }
        self.settle(&mut hits);
        hits
    }

    /// In order; of hits of one group that meet, the one of the first pattern stays.
    fn settle(&self, hits: &mut Vec<PatternHit>) {
        hits.sort_by_key(|h| (self.patterns[h.pattern].spec.group, h.secret.start, h.pattern));
        let mut kept: Vec<PatternHit> = Vec::with_capacity(hits.len());
        for hit in hits.drain(..) {
            let group = self.patterns[hit.pattern].spec.group;
            match kept.last_mut() {
                Some(last) if self.patterns[last.pattern].spec.group == group && hit.secret.start < last.secret.end => {
                    if hit.pattern < last.pattern {
                        *last = hit;
                    }
                }
                _ => kept.push(hit),
            }
        }
        kept.sort_by_key(|h| (h.span.start, h.span.end, h.pattern));
        *hits = kept;
    }
}

fn searcher() -> AhoCorasickBuilder {
    let mut builder = AhoCorasickBuilder::new();
    builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true);
    builder
}

impl Pattern {
    fn new(spec: Spec) -> Self {
        let literal = spec.regex.strip_prefix(r"\b").map(|rest| rest.replace(['\\', '('], "").to_ascii_lowercase());
        let word_start = literal.is_some_and(|l| spec.keywords.iter().all(|k| l.starts_with(&k.to_ascii_lowercase())));
        Self { spec, regex: OnceLock::new(), reach: OnceLock::new(), word_start }
    }

    /// Compiled at the first hit; the rule loader has refused what does not compile.
    fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| {
                let whole = if self.is_assigned() { whole_value(&self.spec.assigned) } else { self.spec.regex.clone() };
                RegexBuilder::new(&whole).unicode(false).build().ok()
            })
            .as_ref()
    }

    fn is_assigned(&self) -> bool {
        !self.spec.assigned.is_empty()
    }

    /// The value that is assigned to the key in which a keyword stands.
    fn assigned(&self, index: usize, text: &str, keyword: Range<usize>, hits: &mut Vec<PatternHit>) {
        let at = keyword.start;
        let Some(place) = assigned::place(text.as_bytes(), keyword) else { return };
        let window = text.as_bytes().get(place.value..).map(|rest| &rest[..rest.len().min(LONGEST_VALUE)]);
        let (Some(regex), Some(window)) = (self.regex(), window) else { return };
        let Some(value) = regex.captures(window).and_then(|c| c.get(1)) else { return };
        let secret = place.value..place.value + value.len();
        let (Some(found), Some(key)) = (text.get(secret.clone()), text.get(place.key)) else { return };
        if assigned::admits(key, found)
            && self.is_near(text.as_bytes(), at, secret.end)
            && let Some(shown) = self.spec.judge.accepts(found)
        {
            let span = secret.start + shown.start..secret.start + shown.end;
            hits.push(PatternHit { pattern: index, span, secret, value: Redacted::new(found) });
        }
    }

    /// How far from a keyword a match can begin or end.
    fn reach(&self) -> usize {
        *self.reach.get_or_init(|| {
            let parsed = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(&self.spec.regex);
            let longest = parsed.ok().and_then(|hir| hir.properties().maximum_len());
            let near = if self.spec.near.is_empty() { 0 } else { NEAR };
            longest.unwrap_or(UNBOUNDED).min(WIDEST - NEAR) + near + 1
        })
    }

    fn search(&self, index: usize, text: &str, window: Range<usize>, hits: &mut Vec<PatternHit>) {
        let (Some(regex), Some(bytes)) = (self.regex(), text.as_bytes().get(window.clone())) else { return };
        for captures in regex.captures_iter(bytes) {
            let (Some(all), Some(value)) = (captures.get(0), captures.get(self.spec.capture)) else { continue };
            let at = window.start;
            let secret = value.start() + at..value.end() + at;
            let Some(found) = text.get(secret.clone()) else { continue };
            if is_cut(&text[secret.end..]) || !self.is_near(text.as_bytes(), all.start() + at, all.end() + at) {
                continue;
            }
            if let Some(shown) = self.spec.judge.accepts(found) {
                let span = secret.start + shown.start..secret.start + shown.end;
                hits.push(PatternHit { pattern: index, span, secret, value: Redacted::new(found) });
            }
        }
    }

    fn is_near(&self, bytes: &[u8], start: usize, end: usize) -> bool {
        if self.spec.near.is_empty() {
            return true;
        }
        let around = bytes[start.saturating_sub(NEAR)..end].to_ascii_lowercase();
        self.spec.near.iter().any(|w| memchr::memmem::find(&around, w.to_ascii_lowercase().as_bytes()).is_some())
    }
}

/// Whether what follows says that a part is left out, or goes on with what no token holds.
fn is_cut(rest: &str) -> bool {
    let odd = rest.starts_with(['!', '~', '^']);
    ["...", "…", "***"].iter().any(|mark| rest.starts_with(mark))
        || odd && rest.as_bytes().get(1).is_some_and(u8::is_ascii_alphanumeric)
}

/// An assigned value must end where its form ends.
fn whole_value(form: &str) -> String {
    format!(r#"\A({form})(?:[\s"'`;,<>)}}|&#\]]|\\|\*\*|[.:](?:\s|\z)|\z)"#)
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

#[cfg(test)]
mod tests;
