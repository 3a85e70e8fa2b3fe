//! What is wrong with a document, in sentences that a person would write.

use crate::text::Span;

/// Which fault stopped or marred the reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// No YAML.
    Syntax,
    /// A tab where only spaces may indent.
    Tab,
    /// An alias without its anchor.
    UndefinedAlias,
    /// Nested beyond [`super::MAX_DEPTH`].
    TooDeep,
}

/// One fault with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where the parser could not go on.
    pub span: Span,
    /// Which fault.
    pub kind: ErrorKind,
    /// A few words that fit a line, without a full stop.
    pub message: String,
}

/// A fault found in the text at a byte.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) kind: ErrorKind,
    pub(super) message: String,
}

/// What is said of every such tab.
pub(super) const TAB: &str = "a tab indents this line; YAML allows only spaces there";

/// What is said of a line that holds nothing else, or a comment.
pub(super) const BLANK_TAB: &str = "a tab begins this line; many parsers of YAML refuse it";

/// What is said of a tab between a key and what may not stand there: a value may.
const COLON_TAB: &str = "a tab stands between this colon and what follows it";

/// What is said of a line that ends what it should be a part of.
pub(super) const TOO_NEAR: &str = "indented less than what it belongs to";

/// Words for what the parser says about the byte `at` of `text`.
pub(super) fn explain(text: &str, at: usize, info: &str) -> Fault {
    if let Some(tab) = indenting_tab(text, at, info) {
        return Fault { at: tab, kind: ErrorKind::Tab, message: TAB.to_owned() };
    }
    if info.starts_with("':' must be followed") && text.as_bytes()[..at].ends_with(b"\t") {
        return Fault { at: at - 1, kind: ErrorKind::Tab, message: COLON_TAB.to_owned() };
    }
    if info == "recursion limit exceeded" {
        return too_deep(at);
    }
    let starts = ["block sequence", "mapping values are not allowed", "illegal placement of ':'"];
    let within = info.contains("flow")
        || info.contains("only valid inside a block")
        || starts.iter().any(|start| info.starts_with(start));
    if let Some((open, bracket)) = within.then(|| unclosed(text, at)).flatten() {
        let message = format!("the `{bracket}` that opens here is never closed");
        return Fault { at: open, kind: ErrorKind::Syntax, message };
    }
    if info.ends_with("did not find expected key")
        && let Some(dash) = item_before(text.as_bytes(), at)
    {
        return Fault { at: dash, kind: ErrorKind::Syntax, message: "a list item among keys".to_owned() };
    }
    let at = if info.ends_with("unknown escape character") { unknown_escape(text, at) } else { at };
    Fault { at, kind: ErrorKind::Syntax, message: words(text, at, info) }
}

/// The dash of the list item that begins a line, where nothing else stands before a place.
fn item_before(bytes: &[u8], at: usize) -> Option<usize> {
    let start = line_start(bytes, at.min(bytes.len()));
    let before = bytes.get(start..at)?.trim_ascii();
    (before == b"-").then(|| memchr::memchr(b'-', &bytes[start..]).map(|dash| start + dash)).flatten()
}

/// The first backslash behind a place that begins no escape of YAML, or the place.
fn unknown_escape(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut from = at;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let slash = from + found;
        if !bytes.get(slash + 1).is_some_and(|byte| b"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(byte)) {
            return slash;
        }
        from = slash + 2;
    }
    at
}

/// How much of a text is looked at for brackets.
const LOOK: usize = 1 << 16;

/// The bracket that begins a value and is not closed in the whole text, where the parser failed behind its line.
fn unclosed(text: &str, at: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let line = line_start(bytes, at.min(bytes.len()));
    let from = line.saturating_sub(LOOK);
    if bytes.len() - from > 2 * LOOK {
        return None;
    }
    let mut open: Vec<usize> = Vec::new();
    let mut quote = None;
    let mut before = b'\n';
    for (offset, &byte) in bytes[from..].iter().enumerate() {
        let begins = before.is_ascii_whitespace() || matches!(before, b'[' | b'{' | b',' | b'(');
        match (byte, quote) {
            (_, Some(closing)) => quote = (byte != closing && byte != b'\n').then_some(closing),
            (b'"' | b'\'', None) if begins => quote = Some(byte),
            (b'#', None) if begins => quote = Some(b'\n'),
            (b'[' | b'{', None) if begins => open.push(from + offset),
            (b']' | b'}', None) => drop(open.pop()),
            _ => {}
        }
        before = byte;
    }
    let first = *open.first().filter(|&&first| first < line && open.len() == 1)?;
    Some((first, if bytes[first] == b'[' { '[' } else { '{' }))
}

/// A block of text between brackets: other parsers refuse it, ours would take the lines behind it for the text.
pub(super) fn block_in_flow(at: usize) -> Fault {
    let message = "a block of text cannot stand between brackets; quote it".to_owned();
    Fault { at, kind: ErrorKind::Syntax, message }
}

pub(super) fn too_deep(at: usize) -> Fault {
    let message = format!("nested deeper than {} levels; the rest is not read", super::MAX_DEPTH);
    Fault { at, kind: ErrorKind::TooDeep, message }
}

/// The first tab in the indentation of the line at fault or of a neighbour: a value may swallow its next line.
fn indenting_tab(text: &str, at: usize, info: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let line = line_start(bytes, at);
    let before = line_start(bytes, line.saturating_sub(1));
    let after = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1).min(bytes.len());
    let named = info.contains("tab");
    [line, before, after].into_iter().find_map(|start| {
        let indent = bytes[start..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let blank = matches!(bytes.get(start + indent), None | Some(b'\n' | b'\r' | b'#'));
        let tab = bytes[start..start + indent].iter().position(|&b| b == b'\t')?;
        (!blank || named).then_some(start + tab)
    })
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &bytes[..at]).map_or(0, |found| found + 1)
}

fn words(text: &str, at: usize, info: &str) -> String {
    let here = text[at.min(text.len())..].chars().next();
    let sentence = match info {
        "found unprintable character" => return control(here),
        "simple key expect ':'" | "simple key expected" => "neither a `key: value` nor a list item",
        "mapping values are not allowed in this context" | "illegal placement of ':' indicator" => {
            "a second `: ` in one value, or a key indented too deep"
        }
        "mapping keys are not allowed in this context" => "no key may stand here",
        "block sequence entries are not allowed in this context" | r#""-" is only valid inside a block"# => {
            "no list item may stand here"
        }
        "invalid indentation" | "wrongly indented line in block scalar" | "invalid indentation in flow construct" => {
            TOO_NEAR
        }
        "invalid indentation in quoted scalar" => "a quoted text indented less than its key",
        "invalid indentation for anchor" => "an anchor indented less than what it belongs to",
        "invalid trailing content after double-quoted scalar" => "text follows a closing quote",
        "while scanning a quoted scalar, found unexpected end of stream" => "the quote that opens here is never closed",
        "while scanning a quoted scalar, found unexpected document indicator" => {
            "the quote that opens here is not closed in its document"
        }
        "while parsing a quoted scalar, found unknown escape character" => {
            "a double-quoted text with a backslash that escapes nothing"
        }
        "while scanning a block scalar, did not find expected comment or line break" => {
            "only a comment may follow the `|` or `>` of a text"
        }
        "while parsing a flow mapping, did not find expected ',' or '}'" => "expected `,` or `}` in this `{…}`",
        "while parsing a flow sequence, expected ',' or ']'" => "expected `,` or `]` in this `[…]`",
        "while parsing a block mapping, did not find expected key" => {
            "expected a key: the indentation fits no level above"
        }
        "while parsing a block collection, did not find expected '-' indicator" => {
            "expected a list item: the indentation fits no level above"
        }
        "while parsing a node, did not find expected node content" => "expected a value here",
        "comment intercepting the multiline text" => "a comment inside a text of several lines",
        "did not find expected <document start>" => "text behind the end of the document",
        "invalid content after document end marker" => "nothing may follow `...` on its line",
        "misplaced bracket" => "a closing bracket without its opening one",
        "unexpected end of plain scalar" => "no value may begin with this character; quote it",
        _ => return unexpected(info, here),
    };
    sentence.to_owned()
}

fn control(here: Option<char>) -> String {
    here.map_or_else(
        || "a control character stands here".to_owned(),
        |c| format!("the control character U+{:04X} is not allowed in YAML", u32::from(c)),
    )
}

fn unexpected(info: &str, here: Option<char>) -> String {
    if info.starts_with("unexpected character")
        && let Some(c) = here
    {
        return format!("no value may begin with `{}`; quote it", c.escape_default());
    }
    let tail = info.rsplit_once(", ").map_or(info, |(_, tail)| tail);
    format!("not valid YAML: {tail}")
}
