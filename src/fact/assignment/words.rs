//! One pass over a text for the words from which the readers start.

use super::{command, header, pair, spoken, sql};
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

/// Who reads on from a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Pair,
    Header,
    Command,
    Spoken,
    Sql,
}

/// How many readers there are.
pub(super) const READERS: usize = 5;

struct Words {
    automaton: AhoCorasick,
    /// For each word its reader, and which of the reader's words it is.
    owners: Vec<(Reader, usize)>,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    let of = |reader: Reader, words: Vec<&'static str>| {
        words.into_iter().enumerate().map(move |(number, word)| (word, (reader, number)))
    };
    let all = of(Reader::Pair, pair::WORDS.to_vec())
        .chain(of(Reader::Header, header::WORDS.to_vec()))
        .chain(of(Reader::Command, command::names()))
        .chain(of(Reader::Spoken, spoken::words()))
        .chain(of(Reader::Sql, sql::WORDS.to_vec()));
    let (words, owners): (Vec<&str>, Vec<_>) = all.unzip();
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()?;
    Some(Words { automaton, owners })
});

/// Hands each word to its reader: which of the reader's words it is, and where it stands. A reader gets no
/// words that overlap, as if it had looked alone; names of programs it gets all, and looks at their ends.
pub(super) fn each(text: &str, mut read: impl FnMut(Reader, usize, Range<usize>)) {
    let Some(words) = &*WORDS else { return };
    let mut ends = [0; READERS];
    for hit in words.automaton.find_overlapping_iter(text) {
        let (reader, word) = words.owners[hit.pattern().as_usize()];
        let end = &mut ends[reader as usize];
        if reader != Reader::Command && hit.start() < *end {
            continue;
        }
        *end = hit.end();
        read(reader, word, hit.start()..hit.end());
    }
}
