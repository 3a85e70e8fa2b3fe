//! Finds frontmatter at the start of a file: YAML, TOML between `+++`, JSON.

use crate::text::Span;

/// Keys and values at the start of a file. JSON counts as the YAML that it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frontmatter {
    /// Both fences and what is between.
    pub span: Span,
    /// What is between the fences.
    pub content: Span,
    /// Whether the closing fence is there; when it is not, `content` ends with the last line that looks like YAML.
    pub closed: bool,
    /// Whether it is TOML and not YAML.
    pub toml: bool,
}

/// Looks for frontmatter from `start` (behind a byte order mark) on.
pub(super) fn find(source: &str, start: usize) -> Option<Frontmatter> {
    let rest = source.get(start..)?;
    let mut lines = rest.split_inclusive('\n');
    let first = lines.next()?;
    match first.trim_end() {
        "+++" => return fenced(source, start, first, "+++", true),
        "---toml" => return fenced(source, start, first, "---", true),
        "---json" | "---yaml" => return fenced(source, start, first, "---", false),
        open if open.starts_with('{') => return braced(source, start),
        _ => {}
    }
    if first.trim_end() != "---" || !first.ends_with('\n') {
        return None;
    }
    let content_start = start + first.len();
    let mut at = content_start;
    let mut keyed = None;
    let mut blank_first = false;
    let mut blank = false;
    for line in lines {
        let text = line.trim_end();
        if text == "---" || text == "..." {
            let empty = at == content_start;
            let content = Span::new(content_start, at);
            let is_frontmatter = empty || keyed == Some(true) || !blank;
            return is_frontmatter.then(|| Frontmatter {
                span: Span::new(start, at + text.len()),
                content,
                closed: true,
                toml: false,
            });
        }
        if at == content_start && text.is_empty() {
            blank_first = true;
        }
        blank |= text.is_empty();
        if keyed.is_none() && !text.is_empty() && !text.starts_with('#') {
            keyed = Some(looks_like_key(text));
        }
        at += line.len();
    }
    (keyed == Some(true) && !blank_first).then(|| unclosed(source, start, content_start))
}

/// What stands up to the next line that is the fence; nothing where there is none.
fn fenced(source: &str, start: usize, first: &str, fence: &str, toml: bool) -> Option<Frontmatter> {
    let from = start + first.len();
    let mut at = from;
    for line in source.get(from..)?.split_inclusive('\n') {
        if line.trim_end() == fence {
            let span = Span::new(start, at + fence.len());
            return Some(Frontmatter { span, content: Span::new(from, at), closed: true, toml });
        }
        at += line.len();
    }
    None
}

/// A JSON object whose braces stand at the beginning of lines; a template's braces hold no key in quotes.
fn braced(source: &str, start: usize) -> Option<Frontmatter> {
    let rest = source.get(start..)?;
    if !rest.get(1..)?.trim_start().starts_with('"') {
        return None;
    }
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "}" {
            let span = Span::new(start, at - line.len() + 1);
            return Some(Frontmatter { span, content: span, closed: true, toml: false });
        }
    }
    None
}

/// Without a closing fence: the lines up to the first that is blank or a heading.
fn unclosed(source: &str, start: usize, content_start: usize) -> Frontmatter {
    let mut end = content_start;
    for line in source[content_start..].split_inclusive('\n') {
        if line.trim().is_empty() || line.starts_with('#') {
            break;
        }
        end += line.len();
    }
    Frontmatter { span: Span::new(start, end), content: Span::new(content_start, end), closed: false, toml: false }
}

/// `key:` at the start of a line; prose with a colon further on has blanks before it.
fn looks_like_key(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let key = key.trim_matches(['"', '\'']);
    let named = !key.is_empty() && key.len() <= 60 && key.chars().all(|c| c.is_alphanumeric() || "-_.$@/".contains(c));
    named && (value.is_empty() || value.starts_with([' ', '\t']))
}
