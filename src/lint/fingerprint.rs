//! Fingerprints: what makes a finding the same finding after lines have moved.

use crate::rule::{CompiledCheck, Rule};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

/// Bytes of the text at fault that enter: enough to tell findings apart, and bounded.
const ENOUGH: usize = 1000;

/// Gives fingerprints to the findings of one file, in their order.
#[derive(Default)]
pub struct Fingerprints {
    seen: HashMap<[u8; 16], u32>,
}

impl Fingerprints {
    /// Of rule, subject and the text at the place; equal ones are told apart by their number.
    pub fn next(&mut self, rule: &str, subject: &str, text: &str) -> String {
        let base = digest(&[rule, subject, &normalise(text)]);
        let ordinal = self.seen.entry(base).or_insert(0);
        let number = ordinal.to_string();
        *ordinal += 1;
        let mut hash = Sha256::new();
        hash.update(base);
        hash.update(number.as_bytes());
        hex(&hash.finalize()[..16])
    }
}

/// What a finding is told by: its rule, and which expectation where the rule is a template.
pub fn named(rule: &Rule, variant: Option<usize>) -> Cow<'_, str> {
    let shape = variant.and_then(|number| rule.variants.get(number));
    match (&rule.check, shape) {
        (CompiledCheck::Structure { .. }, Some(shape)) => Cow::Owned(format!("{}:{}", rule.id, shape.name)),
        _ => Cow::Borrowed(&*rule.id),
    }
}

/// Tells equal fingerprints apart where a file is linted in parts, each of which counts from the beginning.
#[derive(Default)]
pub struct Repeats {
    seen: HashMap<String, u32>,
}

impl Repeats {
    /// The fingerprint itself the first time, another one every further time.
    pub fn next(&mut self, print: &str) -> String {
        let number = self.seen.entry(print.to_owned()).or_insert(0);
        *number += 1;
        match *number {
            1 => print.to_owned(),
            n => hex(&digest(&[print, &n.to_string()])),
        }
    }
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let full = hash.finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&full[..16]);
    half
}

/// Blanks and line endings count as one blank.
fn normalise(text: &str) -> String {
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_file_number_what_they_share() {
        let mut repeats = Repeats::default();
        let [first, second, third] = ["a", "a", "a"].map(|print| repeats.next(print));
        assert_eq!(first, "a");
        assert!(second != first && third != second && third != first);
        assert_eq!(repeats.next("b"), "b");
    }

    #[test]
    fn blanks_do_not_count_and_equals_are_numbered() {
        let mut prints = Fingerprints::default();
        let first = prints.next("a/b", "stage/0", "USER  root\r\n");
        let second = prints.next("a/b", "stage/0", "USER root");
        assert_ne!(first, second);
        let mut again = Fingerprints::default();
        assert_eq!(again.next("a/b", "stage/0", "USER root"), first);
        assert_eq!(again.next("a/b", "stage/0", "USER root"), second);
        assert_ne!(Fingerprints::default().next("a/b", "", "stage/0USER root"), first);
    }
}
