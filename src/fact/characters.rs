//! Characters that deceive: text read in the wrong encoding, and controls that a reader cannot see.

use super::value::facts;
use super::{Facts, Wanted};
use crate::text::{Source, Span, Spanned};
use std::ops::Range;
use std::sync::LazyLock;

facts! {
    /// Text that was read in one encoding and written in another, such as `Ã©` for `é`; one for a file.
    pub struct Mojibake = "text.mojibake" {
        /// The first damaged word.
        "text" text: Spanned<String>,
        /// What it should say.
        "meant" meant: String,
        /// The encoding that it was wrongly read in.
        "encoding" encoding: String,
        /// How many characters of the file are damaged so.
        "characters" count: i64,
        /// Every damaged word with what it should say.
        "repairs" repairs: Vec<Repair>,
    }

    /// A damaged word.
    pub struct Repair = "text.repair" {
        /// What it should say.
        "meant" meant: String,
    }

    /// A control character that changes how text is shown, or a letter that is not shown at all.
    pub struct Hidden = "text.hidden-character" {
        /// Its code point, such as `U+202E`.
        "code" code: String,
        /// `bidi` for one that turns the order of the letters around it, `tag` for an invisible letter.
        "kind" kind: String,
    }
}

/// Adds what is wanted; `quoted` are the places where a text speaks of characters, such as code spans.
pub(super) fn build(source: &Source, quoted: &[Span], wanted: &Wanted, out: &mut Facts) {
    if source.text().is_ascii() {
        return;
    }
    let whole = Span::new(0, source.text().len());
    if wanted.subject(Mojibake::describe().name)
        && let Some(found) = mojibake(source.text(), quoted)
    {
        out.push(found, "", whole);
    }
    if wanted.subject(Hidden::describe().name) {
        for hidden in hidden(source.text()) {
            let span = hidden.span;
            out.push(hidden, "", span);
        }
    }
}

/// Gives the byte of a character in an encoding of one byte a character.
type Encoding = fn(char) -> Option<u8>;

/// Fewer damaged characters than this may be meant.
const FEWEST: usize = 2;

fn mojibake(text: &str, quoted: &[Span]) -> Option<Mojibake> {
    let readings: [(&str, Encoding); 2] = [("Mac Roman", mac), ("Windows-1252", windows)];
    let runs = runs(text);
    let found = readings.into_iter().filter_map(|(encoding, byte)| damaged(text, &runs, quoted, encoding, byte));
    found.max_by_key(|found| found.count)
}

/// Runs of letters that are, byte for byte, other letters in UTF-8.
fn damaged(text: &str, runs: &[Span], quoted: &[Span], encoding: &str, byte: Encoding) -> Option<Mojibake> {
    let mut repairs: Vec<Repair> = Vec::new();
    let mut count = 0;
    for run in runs.iter().flat_map(|run| readable(text, *run, byte)) {
        let holder = quoted.partition_point(|span| span.start <= run.start).checked_sub(1).and_then(|i| quoted.get(i));
        if holder.is_some_and(|span| span.overlaps(run)) {
            continue;
        }
        let bytes: Vec<u8> = run.slice(text).chars().filter_map(byte).collect();
        let Some(meant) = decoded(&bytes).filter(|meant| !is_compared(text, run, meant)) else { continue };
        count += meant.chars().count();
        repairs.push(Repair { span: run, meant });
    }
    let first = repairs.first().filter(|_| count >= FEWEST)?;
    let (span, meant) = (first.span, first.meant.clone());
    let text = Spanned::new(span.slice(text).to_owned(), span);
    Some(Mojibake { span, text, meant, encoding: encoding.to_owned(), count: count as i64, repairs })
}

/// Whether the line shows beside the damaged letters what they should be: it speaks of the damage.
fn is_compared(text: &str, run: Span, meant: &str) -> bool {
    let (start, end) = (run.start as usize, run.end as usize);
    let Some(line) = line(text, start) else { return false };
    // Within other damaged letters it is a chance.
    let alone = |part: &str| {
        part.match_indices(meant).any(|(at, found)| {
            let before = part[..at].chars().next_back();
            let behind = part[at + found.len()..].chars().next();
            before.into_iter().chain(behind).all(|c| c.is_ascii() || matches!(c, '„' | '“' | '”' | '«' | '»'))
        })
    };
    alone(&text[line.start..start]) || alone(&text[end.min(line.end)..line.end])
}

/// Runs of characters beyond ASCII; one alone is never damaged, since each was two or more.
fn runs(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(skipped) = bytes[at..].iter().position(|b| !b.is_ascii()) {
        let start = at + skipped;
        let end = bytes[start..].iter().position(u8::is_ascii).map_or(bytes.len(), |len| start + len);
        if text[start..end].chars().nth(1).is_some() {
            out.push(Span::new(start, end));
        }
        at = end;
    }
    out
}

/// The parts of a run that the encoding has.
fn readable(text: &str, run: Span, byte: Encoding) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in run.slice(text).char_indices() {
        let at = run.start as usize + at;
        match (byte(c).is_some(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(Span::new(from, at));
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| Span::new(from, run.end as usize)));
    out
}

/// What the bytes say in UTF-8, where all of it is what people write; a run of one character says nothing.
///
/// A quote before an accented letter (`“Über`, `…É`) is UTF-8 for a rare letter in Mac Roman, and an accented capital
/// before a quote in Windows-1252: hence the scripts, and hence of those with two bytes a letter more than one.
fn decoded(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty())?;
    let written = |c: char| {
        matches!(c as u32,
            0xa0..=0x17f | 0x218..=0x21b | 0x370..=0x3ff | 0x400..=0x45f | 0x490..=0x491 | 0x5d0..=0x5ea
            | 0x620..=0x64a | 0x900..=0x97f | 0xe00..=0xe7f | 0x1e00..=0x1eff | 0x2010..=0x2bff | 0x3000..=0x30ff
            | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xfe0e..=0xfe0f | 0xff00..=0xff65 | 0x1f000..=0x1faff)
    };
    let mut chars = text.chars();
    let alone = chars.next().is_some_and(|c| c.len_utf8() == 2 && c as u32 > 0x17f) && chars.next().is_none();
    (!alone && text.chars().all(written)).then(|| text.to_owned())
}

/// The byte of a character in Windows-1252; bytes that it leaves open are read as controls.
fn windows(c: char) -> Option<u8> {
    const HIGH: [(char, u8); 27] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8a),
        ('‹', 0x8b),
        ('Œ', 0x8c),
        ('Ž', 0x8e),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9a),
        ('›', 0x9b),
        ('œ', 0x9c),
        ('ž', 0x9e),
        ('Ÿ', 0x9f),
    ];
    match c as u32 {
        0xa0..=0xff | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d => u8::try_from(c as u32).ok(),
        _ => HIGH.iter().find(|(high, _)| *high == c).map(|(_, byte)| *byte),
    }
}

/// The byte of a character in Mac Roman.
fn mac(c: char) -> Option<u8> {
    /// In the order of their bytes.
    const HIGH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
    static SORTED: LazyLock<Vec<(char, u8)>> = LazyLock::new(|| {
        let mut sorted: Vec<(char, u8)> = HIGH.chars().zip(0x80..=0xff).collect();
        sorted.sort_unstable();
        sorted
    });
    let found = SORTED.binary_search_by_key(&c, |(high, _)| *high).ok()?;
    SORTED.get(found).map(|(_, byte)| *byte)
}

fn hidden(text: &str) -> Vec<Hidden> {
    let mut out = Vec::new();
    // Where the flag of a region may go on: a black flag with invisible letters behind it.
    let mut flag = None;
    // The bytes that those characters and the black flag begin with.
    for at in memchr::memchr3_iter(0xe2, 0xf0, 0xf3, text.as_bytes()) {
        let Some(c) = text[at..].chars().next() else { continue };
        let in_flag = flag == Some(at);
        let is_tag = matches!(c as u32, 0xe0000..=0xe007f);
        if c == '\u{1f3f4}' || (in_flag && is_tag) {
            flag = Some(at + c.len_utf8());
        }
        let kind = match c as u32 {
            0x202a..=0x202e | 0x2066..=0x2069 if !line(text, at).is_some_and(|line| is_balanced(&text[line])) => "bidi",
            _ if is_tag && !in_flag => "tag",
            _ => continue,
        };
        let span = Span::new(at, at + c.len_utf8());
        out.push(Hidden { span, code: format!("U+{:04X}", c as u32), kind: kind.to_owned() });
    }
    out
}

/// Longer lines are no prose.
const LONGEST: usize = 2_000;

/// The line that a place is on, unless it is too long.
fn line(text: &str, at: usize) -> Option<Range<usize>> {
    let near = &text.as_bytes()[at.saturating_sub(LONGEST)..text.len().min(at + LONGEST)];
    let (before, behind) = near.split_at(at.min(LONGEST));
    let start = at - memchr::memrchr(b'\n', before).map_or(before.len(), |end| before.len() - end - 1);
    let end = at + memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    Some(start..end).filter(|line| line.len() <= LONGEST && text.get(line.clone()).is_some())
}

/// Prose in a script that runs from right to left needs the controls; there each is closed on its line.
fn is_balanced(line: &str) -> bool {
    let right = |c: char| matches!(c as u32, 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff);
    if !line.chars().any(right) {
        return false;
    }
    let mut open = 0i32;
    for c in line.chars() {
        match c as u32 {
            0x202a | 0x202b | 0x202d | 0x202e | 0x2066..=0x2068 => open += 1,
            0x202c | 0x2069 => open -= 1,
            _ => {}
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_text_is_told_from_foreign_text() {
        let found = mojibake("a cafÃ© and a crÃªpe", &[]).expect("damaged");
        assert_eq!((found.meant.as_str(), found.count, found.encoding.as_str()), ("é", 2, "Windows-1252"));
        let boxes: String = "┌─┐".bytes().map(|b| if b < 0x80 { b as char } else { to_windows(b) }).collect();
        assert_eq!(mojibake(&boxes, &[]).expect("damaged").meant, "┌─┐");
        let mac_read: String = "🎯 ü".bytes().map(to_mac).collect();
        assert_eq!(mojibake(&mac_read, &[]).expect("damaged").encoding, "Mac Roman");
        for text in [
            "café crêpe",
            "Ünïcödé „Anführung“ – ja…",
            "日本語",
            "one cafÃ© only",
            "ÃO São João",
            "€ 5 ™ ® ©",
            "naïve Å ß",
            "“Über” und “Ärger” …École …Élan «École» «Être» ‘État’ –Émile",
            "„Ä“ “CAFÉ” “OLÉ”",
        ] {
            assert!(mojibake(text, &[]).is_none(), "{text}");
        }
        assert!(mojibake("`Ã©` `Ãª`", &[Span::new(0, 6), Span::new(7, 13)]).is_none());
    }

    fn to_windows(byte: u8) -> char {
        (0..=0xffffu32).filter_map(char::from_u32).find(|&c| windows(c) == Some(byte)).unwrap_or('?')
    }

    fn to_mac(byte: u8) -> char {
        match byte {
            0..0x80 => char::from(byte),
            _ => (0x80..=0x1ffffu32).filter_map(char::from_u32).find(|&c| mac(c) == Some(byte)).unwrap_or('?'),
        }
    }

    #[test]
    fn hidden_characters_are_found_and_flags_are_not() {
        let codes = |text: &str| hidden(text).into_iter().map(|h| h.code).collect::<Vec<_>>();
        assert_eq!(codes("a \u{202e}b"), ["U+202E"]);
        assert_eq!(codes("x\u{e0041}"), ["U+E0041"]);
        assert!(codes("\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}").is_empty());
        assert!(codes("\u{2067}שלום\u{2069} text").is_empty());
        assert_eq!(codes("\u{2067}שלום").len(), 1);
    }
}
