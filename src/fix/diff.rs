//! Unified diffs that show no secret.

use crate::lint::excerpt::Mask;
use similar::{Algorithm, ChangeTag, TextDiff};
use std::io::{self, Write};
use std::time::Duration;

/// Unchanged lines round each change.
const CONTEXT: usize = 3;
/// Texts whose lines all differ are not compared for longer; the diff is right then, but longer than need be.
const TIME: Duration = Duration::from_secs(2);

/// One side of a diff.
#[derive(Clone, Debug)]
pub struct Side<'t> {
    /// The text.
    pub text: &'t str,
    /// Its secrets, sorted.
    pub masks: &'t [Mask],
}

/// How a diff is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shade {
    /// For `patch` and `git apply`.
    Plain,
    /// For a terminal: what it would obey is escaped.
    Terminal,
    /// The same in colours.
    Colors,
}

/// Writes what changes in the file of that name.
///
/// # Errors
/// Those of `out`.
pub fn diff(name: &str, old: &Side<'_>, new: &Side<'_>, shade: Shade, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (masked(old), masked(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(TIME)
        .newline_terminated(true)
        .diff_slices(&old, &new);
    let mut unified = diff.unified_diff();
    unified.context_radius(CONTEXT);
    let mut headed = false;
    for hunk in unified.iter_hunks() {
        if !headed {
            let name = visible(name);
            line(&format!("--- a/{name}"), "1", shade, out)?;
            line(&format!("+++ b/{name}"), "1", shade, out)?;
            headed = true;
        }
        line(&hunk.header().to_string(), "36", shade, out)?;
        for change in hunk.iter_changes() {
            let (sign, code) = match change.tag() {
                ChangeTag::Delete => ('-', "31"),
                ChangeTag::Insert => ('+', "32"),
                ChangeTag::Equal => (' ', ""),
            };
            let text = change.value();
            line(&format!("{sign}{}", text.strip_suffix('\n').unwrap_or(text)), code, shade, out)?;
            if change.missing_newline() {
                line("\\ No newline at end of file", "", shade, out)?;
            }
        }
    }
    Ok(())
}

fn line(text: &str, code: &str, shade: Shade, out: &mut dyn Write) -> io::Result<()> {
    match shade {
        Shade::Plain => writeln!(out, "{text}"),
        Shade::Colors if !code.is_empty() => writeln!(out, "\u{1b}[{code}m{}\u{1b}[0m", visible(text)),
        Shade::Terminal | Shade::Colors => writeln!(out, "{}", visible(text)),
    }
}

/// Nothing that a terminal obeys; the carriage return of a line that ends in CRLF is left out.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.strip_suffix('\r').unwrap_or(text).chars() {
        match c {
            '\t' => shown.push(c),
            _ if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                shown.extend(c.escape_unicode());
            }
            _ => shown.push(c),
        }
    }
    shown
}

/// A text without its secrets; every line of it keeps its number.
fn masked(side: &Side<'_>) -> String {
    let mut out = String::with_capacity(side.text.len());
    let mut at = 0;
    for mask in side.masks {
        let range = mask.span.range();
        let (Some(before), Some(secret)) = (side.text.get(at..range.start), side.text.get(range.clone())) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&mask.shown);
        for _ in secret.matches('\n') {
            out.push_str("\n…");
        }
        at = range.end;
    }
    out.push_str(side.text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn shown(old: &str, new: &str, masks: &[Mask], shade: Shade) -> String {
        let mut out = Vec::new();
        diff("x", &Side { text: old, masks }, &Side { text: new, masks }, shade, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_stand_between_three_lines() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8";
        let new = old.replace('5', "five");
        let wanted =
            "--- a/x\n+++ b/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n\\ No newline at end of file\n";
        assert_eq!(shown(old, &new, &[], Shade::Plain), wanted);
        assert_eq!(shown(old, old, &[], Shade::Plain), "");
        assert!(shown("a\r\n", "b\r\n", &[], Shade::Plain).ends_with("-a\r\n+b\r\n"));
    }

    #[test]
    fn secrets_are_masked_and_terminals_obey_nothing() {
        let secret = ["hun", "ter2\nmore"].concat();
        let old = format!("p={secret}\nADD \u{1b}[2J a\n");
        let new = old.replace("ADD", "COPY");
        let masks = [Mask { span: Span::new(2, 2 + secret.len()), shown: "…".into() }];
        let text = shown(&old, &new, &masks, Shade::Terminal);
        assert!(text.contains(" p=…\n …\n-ADD \\u{1b}[2J a\n+COPY"), "{text}");
        assert!(shown(&old, &new, &masks, Shade::Colors).contains("\u{1b}[32m+COPY \\u{1b}[2J a\u{1b}[0m\n"));
    }
}
