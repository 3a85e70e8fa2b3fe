//! Commands of a runbook that destroy something, and whether a reader is warned.

use super::Danger;
use crate::fact::document::is_spoken;
use crate::fact::{Facts, File};
use crate::syntax::markdown::{Code, Document as Tree};
use crate::text::Span;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What destroys, and how to tell.
const COMMANDS: &[(&str, &str)] = &[
    (
        "deletes the whole file system",
        r"\brm\s+(?:-\S+\s+)*-\S*[rR]\S*\s+(?:-\S+\s+)*(?:/\s*$|/\*|/ |/(?:bin|boot|etc|home|lib|opt|root|usr|var)/?(?:\s|$))",
    ),
    ("deletes / if the variable is empty", r#"\brm\s+(?:-\S+\s+)*-\S*[rR]\S*\s+(?:-\S+\s+)*"?\$\{?[A-Za-z_]\w*\}?"?/"#),
    ("deletes a namespace with all that is in it", r"\bkubectl\b.*\bdelete\s+(?:ns|namespaces?)\b"),
    ("deletes everything of a kind", r"\bkubectl\b.*\bdelete\b.*\s--all(?:\s|=true|$)"),
    ("drops a database", r"(?i)\bdrop\s+(?:database|schema)\b|\bdropdb\s"),
    ("empties a table", r"(?i)\btruncate\s+table\b"),
    ("destroys the infrastructure without asking", r"\b(?:terraform|tofu|terragrunt)\b.*\bdestroy\b.*-auto-approve"),
    ("overwrites the history of others", r"\bgit\s+push\b.*(?:\s--force(?:\s|$)|\s-f(?:\s|$))"),
    ("overwrites a disk", r"\b(?:mkfs(?:\.\w+)?\s+/dev/|dd\s.*\bof=/dev/[a-z])"),
    ("flushes all keys", r"(?i)\bflushall\b|\bflushdb\b"),
];

static REGEXES: LazyLock<Vec<(&'static str, Regex)>> =
    LazyLock::new(|| COMMANDS.iter().filter_map(|(effect, regex)| Some((*effect, Regex::new(regex).ok()?))).collect());

static WARNING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:warning|caution|danger|dangerous|careful|carefully|destructive|irreversible|irrevocabl|permanent|data loss|lose|lost|confirm|make sure|backup|back up|beware|attention|important|destroys?|deletes?|removes?|wipes?|cannot be undone|last resort|downtime|note that|only if|read -p|dry-run)|⚠|❗|🚨|\bdo not\b|\bdon't\b").ok()
});

/// The same in the languages of `WARNED_IN`.
static OTHER_WARNING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "achtung|vorsicht|warnung|unwiderruflich|löscht|attention|avertissement|danger|supprime|atención|cuidado|advertencia|peligro|borra|atenção|aviso|perigo|apaga|attenzione|avviso|pericolo|cancella|let op|waarschuwing|pas op|varning|varsel|advarsel|pas på|obs|varoitus|uwaga|ostrzeżenie|pozor|varování|upozornenie|figyelem|vigyázat|atenție|pažnja|oprez|dikkat|uyarı|внимание|осторожно|увага|обережно|προσοχή|cảnh báo|chú ý|peringatan|awas|perhatian";
    Regex::new(&format!(
        r"(?i)\b(?:{words})\b|注意|警告|危険|危险|小心|주의|경고|אזהרה|זהירות|تحذير|تنبيه|चेतावनी|सावधान"
    ))
    .ok()
});

/// Languages whose words of warning are known, beside English.
const WARNED_IN: &[&str] = &[
    "de", "fr", "es", "pt", "it", "nl", "sv", "nb", "no", "da", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "tr", "ru",
    "uk", "el", "vi", "id",
];

/// Whether it can be told of a page whether it warns.
fn is_read(file: &File<'_>, tree: &Tree<'_>) -> bool {
    let asian = |c: char| matches!(c as u32, 0x370..0x530 | 0x590..0x700 | 0x900..0x980 | 0x3040..0x3100 | 0x4E00..0xA000 | 0xAC00..0xD7B0);
    is_spoken(file, tree, WARNED_IN) || tree.source().chars().any(asian)
}

/// Warnings that are a grade of alerts or a kind of messages.
static GRADE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let things = "info(?:rmational)?|critical|errors?|alerts?|events?|levels?|severity|logs?|messages?|threshold";
    let next = format!(r"\bwarnings?(?:,|/|`|\*)*\s*(?:or|and)?\s*`?(?:{things})\b");
    Regex::new(&format!(r"(?i){next}|\b(?:critical|errors?)(?:,|/)?\s*(?:or|and)?\s*`?warnings?\b")).ok()
});

/// Lines before a command in which a warning counts.
const NEAR: usize = 6;

/// Languages of blocks that show no commands.
const NO_COMMANDS: &[&str] =
    &["yaml", "yml", "json", "mermaid", "go", "python", "promql", "toml", "xml", "html", "diff"];

pub(super) fn commands(file: &File<'_>, tree: &Tree<'_>, out: &mut Facts) {
    // Commands of the blocks above are no warnings.
    let (mut before, mut read) = (Vec::new(), None);
    for code in tree.codes() {
        if !NO_COMMANDS.contains(&code.language().to_ascii_lowercase().as_str()) {
            block(file, tree, &code, &before, &mut read, out);
        }
        before.push(code.span);
    }
}

fn block(file: &File<'_>, tree: &Tree<'_>, code: &Code<'_>, before: &[Span], read: &mut Option<bool>, out: &mut Facts) {
    let content = code.content();
    let source = content.as_str();
    // Behind a prompt of root stands a command, elsewhere a comment.
    let session = matches!(code.language(), "console" | "shell-session" | "terminal");
    let mut start = 0;
    while start < source.len() {
        let end = command_end(source, start);
        let line = &source[start..end];
        let text = line.trim();
        let lead = line.len() - line.trim_start().len();
        let spoken = !text.starts_with('#') || session && text.starts_with("# ");
        if spoken
            && text.len() <= 2_000
            && let Some(effect) = effect(&joined(text))
            && *read.get_or_insert_with(|| is_read(file, tree))
        {
            let span = content.span(start + lead..start + lead + text.len());
            let warned = is_warned(tree, before, code.span, span) || text.contains("--dry-run");
            let section = tree.section_at(span.start);
            let label = section.map(|section| tree.heading_path(section).join(" > ")).unwrap_or_default();
            out.push(Danger { span, effect: effect.to_owned(), warned }, label, span);
        }
        start = end;
    }
}

/// The lines above a place that are not blank and not code, the nearest first.
fn prose_above<'s>(source: &'s str, codes: &[Span], from: usize) -> impl Iterator<Item = (usize, &'s str)> {
    let (mut end, mut left) = (from, codes.len());
    std::iter::from_fn(move || {
        loop {
            let line = source.get(..end).filter(|above| !above.is_empty())?;
            let start = line.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            while left > 0 && codes[left - 1].start as usize >= end {
                left -= 1;
            }
            let code = codes[..left].last().filter(|code| code.end as usize > start);
            let line = &line[start..];
            // Above a block nothing of its own lines is read.
            end = code.map_or(start, |code| start.min(code.start as usize));
            if code.is_none() && !line.trim().is_empty() {
                return Some((start, line));
            }
        }
    })
}

/// What a command destroys.
fn effect(command: &str) -> Option<&'static str> {
    REGEXES.iter().find(|(_, regex)| regex.is_match(command)).map(|(effect, _)| *effect)
}

/// The end of a command that begins at a line: a backslash at a line's end carries it on.
fn command_end(source: &str, start: usize) -> usize {
    let mut end = start;
    for line in source[start..].split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    end
}

/// A command on one line.
fn joined(text: &str) -> Cow<'_, str> {
    match text.contains('\n') {
        true => Cow::Owned(text.replace(['\\', '\n', '\r'], " ")),
        false => Cow::Borrowed(text),
    }
}

/// Where the words of a command's own section stand, and those directly below the headings around it.
fn near(tree: &Tree<'_>, command: Span) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut end = command.start;
    let mut section = tree.section_at(command.start);
    while let Some(current) = section {
        let first = tree.sections().iter().find(|below| below.span.start > current.span.start);
        let stop = first.map_or(end, |below| below.span.start.min(end));
        spans.push(Span { start: current.span.start, end: stop.max(current.span.start) });
        end = current.span.start;
        section = current.parent.and_then(|parent| tree.sections().get(parent as usize));
    }
    if spans.is_empty() {
        spans.push(Span { start: 0, end: command.start });
    }
    spans
}

/// Whether a warning stands in the lines above, or in the heading of the section. Of the block's own lines only
/// those speak that are comments, or that ask or tell the one who runs them.
fn is_warned(tree: &Tree<'_>, before: &[Span], block: Span, command: Span) -> bool {
    let Some(warning) = WARNING.as_ref() else { return true };
    let source = tree.source();
    let own = Span { start: block.start, end: command.start }.slice(source).lines().rev();
    let own = own.filter(|line| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        line.starts_with(['#', '`', '~', ':']) || line.starts_with("echo") || line.contains("read -p")
    });
    let near = near(tree, command);
    let above = prose_above(source, before, block.start as usize);
    let above = above.filter(|(at, _)| near.iter().any(|span| (span.start as usize) <= *at && *at < span.end as usize));
    let above = above.map(|(_, line)| line);
    let heading = tree.section_at(command.start).map(|section| tree.section_title(section).as_str().to_owned());
    own.chain(above).take(NEAR).chain(heading.as_deref()).any(|line| {
        let other = || OTHER_WARNING.as_ref().is_some_and(|other| other.is_match(line));
        other()
            || warning.is_match(line)
                && GRADE.as_ref().is_none_or(|grade| warning.is_match(&grade.replace_all(line, "")))
    })
}
