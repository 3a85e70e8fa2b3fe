//! LABEL: keys and what their values are.

use super::Walk;
use super::expand::HOLE;
use super::facts::Label;
use super::pairs::pairs;
use super::uses::uses;
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Instruction, unquote};

/// Namespaces that Docker keeps for itself.
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

/// Licences of SPDX whose names alone say nothing of their kind; all others are told by their family.
const LICENCES: &[&str] = &[
    "0BSD",
    "AFL",
    "AGPL",
    "Apache",
    "Artistic",
    "BlueOak",
    "BSD",
    "BSL",
    "BUSL",
    "CC",
    "CC0",
    "CDDL",
    "CECILL",
    "CPL",
    "ECL",
    "Elastic",
    "EFL",
    "EPL",
    "EUPL",
    "FTL",
    "GFDL",
    "GPL",
    "HPND",
    "ISC",
    "JSON",
    "LGPL",
    "LPL",
    "LPPL",
    "MIT",
    "MPL",
    "MS",
    "MulanPSL",
    "NCSA",
    "NOASSERTION",
    "NONE",
    "NTP",
    "ODbL",
    "OFL",
    "OGL",
    "OpenSSL",
    "OSL",
    "PHP",
    "PostgreSQL",
    "PSF",
    "Python",
    "QPL",
    "Ruby",
    "SSPL",
    "SISSL",
    "Sleepycat",
    "TCL",
    "Unicode",
    "Unlicense",
    "UPL",
    "Vim",
    "W3C",
    "WTFPL",
    "X11",
    "Xnet",
    "Zlib",
    "zlib",
    "ZPL",
    "curl",
    "libpng",
    "Libpng",
    "Intel",
    "IJG",
    "ICU",
    "FSFAP",
    "FSFUL",
    "Entessa",
    "EUDatagrid",
    "Beerware",
    "bzip2",
    "Cube",
    "D",
    "Glide",
    "gnuplot",
    "PDDL",
];

/// What stands behind a family where that is no number.
const SECONDS: &[&str] = &[
    "ACPI",
    "Attribution",
    "B",
    "BY",
    "C",
    "CMU",
    "Canada",
    "Code",
    "DFS",
    "FSL",
    "Festival",
    "Khronos",
    "LPL",
    "Markus",
    "Modern",
    "NC",
    "PD",
    "PDDC",
    "PDM",
    "PL",
    "Perl",
    "Protection",
    "RL",
    "Source",
    "TOU",
    "UK",
    "Wu",
    "acknowledgement",
    "advertising",
    "distribute",
    "enna",
    "export",
    "feh",
    "open",
    "sell",
    "short",
    "swapped",
    "testregex",
];

impl Walk<'_, '_> {
    pub(super) fn labels(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Label::describe().name) {
            return;
        }
        for pair in pairs(instruction) {
            let raw = pair.value.clone().map_or("", |range| &instruction.line.as_str()[range]);
            let span = instruction.line.span(pair.name_range.clone());
            let value_span = pair.value.clone().map_or(span, |range| instruction.line.span(range));
            let value = self.scope.field(raw, instruction, value_span);
            let key = unquote(&instruction.line, pair.name_range.clone(), instruction.escape()).0.as_str().to_owned();
            let open = key.contains('$');
            // What a build argument brings is its default only where nobody sets it.
            let fixed = uses(raw, instruction.escape().byte()).is_empty();
            let judged = |judge: fn(&str) -> bool| match &value {
                Field::Known(text) if fixed => Field::new(judge(&text.value), value_span),
                _ => Field::unknown(raw, value_span),
            };
            let begin = self.scope.stage.map_or(0, |at| self.file.instructions[self.graph.stages[at].from].span.start);
            let own = self.scope.effects.labels.iter().filter(|(.., span)| span.start >= begin);
            let before = own.into_iter().find(|(known, ..)| *known == key).cloned();
            let repeated = before
                .as_ref()
                .is_some_and(|(_, text, _)| value.known().is_some_and(|v| kept(v) != *text) && !text.contains(HOLE));
            let earlier =
                before.filter(|_| repeated).map(|(_, _, place)| self.earlier_label(place)).unwrap_or_default();
            let fact = Label {
                span,
                earlier_pair: earlier.pair,
                earlier_label: earlier.line,
                key_fault: match key_fault(&key) {
                    Some(why) if !open => Field::new(why.to_owned(), span),
                    _ => Field::Absent,
                },
                repeated,
                is_url: judged(is_url),
                is_timestamp: judged(is_timestamp),
                is_licence: judged(is_licence),
                is_revision: judged(is_revision),
                is_version: judged(is_version),
                is_email: judged(is_email),
                key: if open { Field::unknown(key, span) } else { Field::new(key, span) },
                value,
            };
            self.push(fact, instruction.span);
            self.scope.label(instruction, &pair);
        }
    }
}

/// Why a key is none, by Docker's guidelines for object labels.
fn key_fault(key: &str) -> Option<&'static str> {
    let strange = |c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && !"._-/".contains(c);
    if let Some(c) = key.chars().find(|&c| strange(c)) {
        return Some(if c.is_uppercase() { "has upper case letters" } else { "has letters that no key may have" });
    }
    if RESERVED.iter().any(|space| key.starts_with(space)) {
        return Some("lies in a namespace that Docker keeps for itself");
    }
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some("does not begin with a letter");
    }
    if !key.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return Some("does not end with a letter or digit");
    }
    let twice = key.contains("..") || key.contains("--");
    twice.then_some("has two dots or dashes in a row")
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let host = rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#']));
    let blank = text.chars().any(|c| c.is_whitespace() || "<>\"{}|\\^`".contains(c));
    named && host && !blank
}

fn is_timestamp(text: &str) -> bool {
    // Without an offset it is no time that others could compare.
    let zoned = text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|at| at > 10);
    zoned && text.as_bytes().get(10).is_some_and(|b| b"Tt ".contains(b)) && text.parse::<jiff::Timestamp>().is_ok()
}

fn is_licence(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().filter(|word| !matches!(*word, "(" | ")")).collect();
    if words.is_empty() || words.len().is_multiple_of(2) {
        return false;
    }
    words.iter().enumerate().all(|(at, word)| match at % 2 {
        0 => is_licence_name(word) || (at > 0 && words[at - 1] == "WITH" && is_plain_name(word)),
        _ => matches!(*word, "AND" | "OR" | "WITH"),
    })
}

fn is_licence_name(word: &str) -> bool {
    if word.starts_with("LicenseRef-") || word.starts_with("DocumentRef-") {
        return is_plain_name(word);
    }
    let word = word.strip_suffix('+').unwrap_or(word);
    let family = word.split('-').next().unwrap_or("");
    // Families that never stand alone: there is no licence `GPL`, only versions of it.
    let alone = ["GPL", "LGPL", "AGPL", "Apache", "BSD", "MPL", "EPL", "CC", "EUPL", "CDDL", "Artistic", "Python"];
    let versioned = word != family || !alone.contains(&family);
    let second = word.split('-').nth(1);
    let known = second.is_none_or(|part| part.starts_with(|c: char| c.is_ascii_digit()) || SECONDS.contains(&part));
    LICENCES.contains(&family) && versioned && known && is_plain_name(word)
}

fn is_plain_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b))
}

/// A commit's hash, whole or cut short as git prints it.
fn is_revision(text: &str) -> bool {
    let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b.to_ascii_lowercase()));
    hex && (matches!(text.len(), 40 | 64) || (7..40).contains(&text.len()))
}

fn is_version(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    let name = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let core: Vec<&str> = core.split('.').collect();
    core.len() == 3
        && core.iter().all(|part| number(part))
        && pre.is_none_or(|pre| pre.split('.').all(|part| name(part) && (!digits(part) || number(part))))
        && build.is_none_or(|build| build.split('.').all(name))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    !local.is_empty() && !dots && local.chars().all(plain) && domain.contains('.') && domain.split('.').all(label)
}

/// The value of a label as far as it is known, for those that come later.
pub(super) fn kept(value: &str) -> String {
    value.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_their_shape() {
        let all = |judge: fn(&str) -> bool, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|text| assert!(judge(text), "{text}"));
            bad.iter().for_each(|text| assert!(!judge(text), "{text}"));
        };
        all(is_url, &["https://a.b/c", "git+ssh://a/b", "http://localhost"], &["a.b", "https://", "a b://c", "x:y"]);
        all(
            is_timestamp,
            &["2024-01-31T10:20:30Z", "2024-01-31T10:20:30.5+02:00", "2024-01-31t10:20:30z"],
            &["2024-01-31", "2024-13-01T00:00:00Z", "yesterday", "2024-01-31T10:20:30", "é"],
        );
        all(
            is_licence,
            &[
                "MIT",
                "MIT-0",
                "CC-BY-4.0",
                "Apache-2.0",
                "GPL-3.0-or-later",
                "(MIT OR Apache-2.0)",
                "GPL-2.0-only WITH Classpath-exception-2.0",
            ],
            &["", "BSD", "GPL", "my own", "MIT Apache-2.0", "MIT-ish", "MIT OR", "none", "Foo-1.0"],
        );
        all(is_revision, &["0123456", "0123456789abcdef0123456789ABCDEF01234567"], &["", "012345", "main", "0123456z"]);
        all(is_version, &["1.2.3", "0.0.0-rc.1+b.5"], &["1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-01", "latest"]);
        all(is_email, &["a@b.c", "a.b+c@d-e.org"], &["a", "a@b", "a@b.", "@b.c", "a b@c.d", "a@@b.c"]);
    }

    #[test]
    fn keys_have_a_form() {
        for key in ["a", "a.b-c_d", "org.opencontainers.image.title", "a/b", "a1"] {
            assert_eq!(key_fault(key), None, "{key}");
        }
        for key in ["A", "a..b", "a--b", "a.", "1a", "a b", "com.docker.x", "", "a:b", "é"] {
            assert!(key_fault(key).is_some(), "{key}");
        }
    }
}
