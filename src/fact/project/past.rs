//! Decision records as they were in an earlier revision, each beside what became of it.

use super::ProjectSubject;
use crate::fact::records::{Record, Told};
use crate::fact::summary::Summary;
use crate::fact::value::facts;
use std::collections::{BTreeMap, HashMap, HashSet};

facts! {
    /// A decision record of the revision that is compared with, and what became of it since.
    pub struct PastRecord = "project.past-record" {
        /// Its title then.
        "title" title: String,
        /// The first word of its status then, lower case; empty where it had none.
        "status" status: String,
        /// Whether the first word of its status is another one now.
        "status-changed" status_changed: bool,
        /// Whether it is still there, perhaps under another name.
        "is-there" is_there: bool,
        /// The first of its sections that says something else now.
        "section" section: Option<String>,
        /// How many words of that section are gone or new; what is misspelt in one of them is no change.
        "changed-words" changed_words: i64,
        /// Some of these words.
        "changed" changed: Vec<String>,
    }
}

/// Sections that may change at any time: they tell of the record, not of the decision.
const OPEN: [&str; 24] = [
    "status",
    "date",
    "dates",
    "links",
    "link",
    "references",
    "related",
    "related decisions",
    "see also",
    "more information",
    "further reading",
    "changelog",
    "change log",
    "history",
    "notes",
    "amendments",
    "amendment",
    "addendum",
    "update",
    "updates",
    "revisions",
    "authors",
    "deciders",
    "tags",
];
/// Words that a proof-reader adds and drops.
const ARTICLES: [&str; 5] = ["a", "an", "the", "see", "also"];
/// What short words are commonly misspelt as; longer ones are told by their letters.
const MISSPELT: [(&str, &str); 11] = [
    ("teh", "the"),
    ("hte", "the"),
    ("adn", "and"),
    ("nad", "and"),
    ("fo", "of"),
    ("ot", "to"),
    ("si", "is"),
    ("ti", "it"),
    ("wich", "which"),
    ("whic", "which"),
    ("wiht", "with"),
];
/// Words that stand for a verb and `not`.
const CONTRACTED: [(&str, &str); 14] = [
    ("dont", "do"),
    ("doesnt", "does"),
    ("didnt", "did"),
    ("isnt", "is"),
    ("arent", "are"),
    ("wasnt", "was"),
    ("werent", "were"),
    ("hasnt", "has"),
    ("havent", "have"),
    ("cant", "can"),
    ("cannot", "can"),
    ("wont", "will"),
    ("shouldnt", "should"),
    ("wouldnt", "would"),
];
/// Shorter words are another word when letters change.
const LONG: usize = 5;
/// Pairs of words above which misspellings are not looked for.
const PAIRS: usize = 10_000;
/// Words that a message can show.
const SHOWN: usize = 5;

/// Compares what was with what is.
pub(super) fn build(summaries: &[Summary], past: &[Summary], out: &mut Vec<ProjectSubject>) {
    let now: Vec<&Record> = summaries.iter().flat_map(|summary| &summary.records).collect();
    let before: HashSet<&str> = past.iter().map(|summary| &*summary.path).collect();
    let mut by_path: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    now.iter().for_each(|record| by_path.entry(&record.place.path).or_default().push(record));
    let moved: Vec<&Record> = now.into_iter().filter(|record| !before.contains(&*record.place.path)).collect();
    for old in past.iter().flat_map(|summary| &summary.records) {
        let here = by_path.get(&*old.place.path).map_or(&[][..], Vec::as_slice);
        let own = |record: &&&Record| record.own_file == old.own_file && (old.own_file || record.title == old.title);
        let new = here.iter().find(own).or_else(|| moved.iter().find(|record| is_same(record, old)));
        let mut place = &old.place;
        let mut object = PastRecord {
            title: old.title.clone(),
            status: old.status.clone(),
            is_there: new.is_some(),
            ..PastRecord::default()
        };
        if let Some(new) = new {
            object.status_changed = new.status != old.status;
            place = &new.place;
            if let Some((section, told, words)) = first_change(old, new) {
                place = told.map_or(place, |told| &told.place);
                object.changed_words = words.len() as i64;
                object.changed = words.into_iter().take(SHOWN).collect();
                object.section = Some(section.to_owned());
            }
        }
        out.push(ProjectSubject::new(object, old.title.clone(), place.clone()));
    }
}

/// Whether a record at a new path is an old one that moved.
fn is_same(new: &Record, old: &Record) -> bool {
    let named = !old.title.is_empty() && new.title == old.title;
    let told = |record: &Record| record.told.iter().map(|told| told.words.clone()).collect::<Vec<_>>();
    named || (!old.told.is_empty() && told(new) == told(old))
}

type Change<'a> = (&'a str, Option<&'a Told>, Vec<String>);

/// The first section that lost or gained words; new sections are none of the old ones' business.
fn first_change<'a>(old: &'a Record, new: &'a Record) -> Option<Change<'a>> {
    let closed = old.told.iter().filter(|told| !OPEN.contains(&told.name.as_str()));
    closed.into_iter().find_map(|section| {
        let same = new.told.iter().find(|told| told.name == section.name);
        // A heading may have been reworded.
        let same = same.or_else(|| new.told.iter().find(|told| told.words == section.words));
        let words = changed(&section.words, same.map_or(&[][..], |told| &told.words));
        (!words.is_empty()).then_some((section.name.as_str(), same, words))
    })
}

/// The words of a text, as they compare: without punctuation, articles, addresses and dates.
pub(in crate::fact) fn words(text: &str) -> Vec<String> {
    let word = |word: &str| {
        if word.contains("://") {
            return None;
        }
        let mut word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        word.retain(|c| !matches!(c, '\'' | '’'));
        if let Some((_, right)) = MISSPELT.iter().find(|(wrong, _)| *wrong == word) {
            word = (*right).to_owned();
        }
        let is_date = word.len() == 10 && word.chars().all(|c| c.is_ascii_digit() || c == '-');
        (!word.is_empty() && !is_date && !ARTICLES.contains(&word.as_str())).then_some(word)
    };
    // A hyphen between words is no change: `back-up`, `back up`.
    let parted = |c: char| c.is_whitespace() || c == '-' || c == '\u{2011}';
    let is_one = |part: &str| part.contains("://") || !part.contains(char::is_alphabetic);
    let parts = text.split_whitespace().flat_map(|part| part.split(move |c| !is_one(part) && parted(c)));
    let plain = |word: String| match CONTRACTED.iter().find(|(short, _)| *short == word) {
        Some((_, verb)) => vec![(*verb).to_owned(), "not".to_owned()],
        None => vec![word],
    };
    let mut out: Vec<String> = parts.filter_map(word).flat_map(plain).collect();
    // A word that was written twice.
    out.dedup_by(|next, kept| next == kept && kept.chars().all(char::is_alphabetic));
    out
}

/// Words that are gone or new.
fn changed(old: &[String], new: &[String]) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    let mut counts: HashMap<&str, i64> = HashMap::new();
    new.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    old.iter().for_each(|word| *counts.entry(word).or_default() -= 1);
    let surplus = |words: &[String], sign: i64| {
        let mut left = counts.clone();
        let mut found = Vec::new();
        for word in words {
            if let Some(count) = left.get_mut(word.as_str())
                && *count * sign > 0
            {
                *count -= sign;
                found.push(word.clone());
            }
        }
        found
    };
    let (mut gone, mut added) = (surplus(old, -1), surplus(new, 1));
    if gone.is_empty() && added.is_empty() {
        // The same words in another order are another sentence.
        let moved = old.iter().zip(new).filter(|(a, b)| a != b);
        return moved.map(|(word, _)| word.clone()).collect();
    }
    if gone.len() * added.len() <= PAIRS {
        gone.retain(|word| match added.iter().position(|other| is_misspelt(word, other)) {
            Some(at) => {
                added.remove(at);
                false
            }
            None => true,
        });
        join(&mut gone, &mut added);
        join(&mut added, &mut gone);
    }
    gone.into_iter().chain(added).collect()
}

/// Takes away two words in a row that are one word of the others: `up to`, `upto`.
fn join(parts: &mut Vec<String>, whole: &mut Vec<String>) {
    let mut at = 0;
    while let [one, two, ..] = parts.get(at..).unwrap_or(&[]) {
        match whole.iter().position(|word| word.strip_prefix(one.as_str()) == Some(two)) {
            Some(found) => {
                whole.remove(found);
                parts.drain(at..at + 2);
            }
            None => at += 1,
        }
    }
}

/// Whether two words differ as a word and its misspelling do.
fn is_misspelt(word: &str, other: &str) -> bool {
    let plain = |word: &str| word.chars().count() >= LONG && word.chars().all(char::is_alphabetic);
    is_swapped(word, other)
        || is_doubled(word, other)
        || is_doubled(other, word)
        || plain(word)
            && plain(other)
            && strsim::damerau_levenshtein(word, other) <= 2
            && word.chars().next() == other.chars().next()
}

/// Whether one letter of a word stands twice in the other: `ago`, `agoo`.
fn is_doubled(word: &str, other: &str) -> bool {
    let same = word.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (Some(rest), Some(more)) = (word.get(same..), other.get(same..)) else { return false };
    let letters = word.chars().all(char::is_alphabetic);
    letters
        && same > 0
        && word.len() >= 3
        && more.len() == rest.len() + 1
        && more.ends_with(rest)
        && other.as_bytes().get(same) == other.as_bytes().get(same - 1)
}

/// Whether two letters that stand side by side changed places: `mroe`, `more`.
fn is_swapped(word: &str, other: &str) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    let differ: Vec<usize> = (0..one.len()).filter(|&at| one.get(at) != two.get(at)).collect();
    let [a, b] = differ[..] else { return false };
    let letters = one.iter().chain(&two).all(|c| c.is_alphabetic());
    one.len() >= 4 && one.len() == two.len() && letters && a + 1 == b && one[a] == two[b] && one[b] == two[a]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> Vec<String> {
        changed(&words(old), &words(new))
    }

    #[test]
    fn formatting_articles_links_dates_and_misspellings_are_no_change() {
        assert_eq!(
            diff("We use the queue (see https://a.example).", "We  use *queue*\n(see https://b.example)"),
            [""; 0]
        );
        assert_eq!(diff("It is easy to back up to mroe places.", "It is easy to back-up to more places."), [""; 0]);
        assert_eq!(diff("upto ten log-in pages", "up to ten login pages"), [""; 0]);
        assert_eq!(
            diff("Teh queue is is fo use, it's adn wich dont agoo", "The queue is of use, its and which do not ago"),
            [""; 0]
        );
        assert_eq!(diff("We recieve mesages on 2024-01-02.", "We receive messages on 2024-01-03."), [""; 0]);
    }

    #[test]
    fn other_words_numbers_negations_and_another_order_are() {
        assert_eq!(diff("We use PostgreSQL.", "We use MySQL."), ["postgresql", "mysql"]);
        assert_eq!(diff("at most 10 replicas", "at most 12 replicas"), ["10", "12"]);
        assert_eq!(diff("up to ten", "down to ten"), ["up", "down"]);
        assert_eq!(diff("version 1-2", "version 1-3"), ["1-2", "1-3"]);
        assert_eq!(diff("10 10 of", "10 off"), ["10", "of", "off"]);
        assert_eq!(diff("now", "won"), ["now", "won"]);
        assert_eq!(diff("We cache tokens.", "We do not cache tokens."), ["do", "not"]);
        assert_eq!(diff("Kafka instead of Rabbit", "Rabbit instead of Kafka"), ["kafka", "rabbit"]);
    }
}
