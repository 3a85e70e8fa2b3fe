//! What the definition of an agent says: its tools, what calls it, which others it speaks of.

use crate::fact::File;
use crate::syntax::markdown::Document as Tree;
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};

/// The tools of a list, or of a text with commas; what stands in brackets behind a name narrows it down.
pub(super) fn tools(root: NodeRef<'_>) -> Vec<Spanned<String>> {
    let Some(node) = root.get("tools") else { return Vec::new() };
    let one = |text: &str, span: Span| Spanned::new(text.split('(').next().unwrap_or(text).trim().to_owned(), span);
    if node.is_sequence() {
        return node.items().filter_map(|item| Some(one(item.scalar()?, item.span()))).take(500).collect();
    }
    let Some(text) = node.scalar() else { return Vec::new() };
    let mut out = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    let ends = text.char_indices().chain([(text.len(), ',')]);
    for (at, c) in ends {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth <= 0 => {
                let part = text.get(start..at).unwrap_or("");
                let lead = part.len() - part.trim_start().len();
                // In a plain scalar the words stand as they read.
                let from = node.span().start as usize + start + lead;
                let exact = node.span().len() == text.len();
                let span = if exact { Span::new(from, from + part.trim().len()) } else { node.span() };
                if !part.trim().is_empty() && out.len() < 500 {
                    out.push(one(part, span));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    out
}

/// What stands among the triggers and is no text; triggers that are no list at all.
pub(super) fn odd_trigger(root: NodeRef<'_>) -> Option<Spanned<String>> {
    let triggers = root.get("triggers")?;
    if !triggers.is_sequence() {
        return Some(Spanned::new("triggers".to_owned(), triggers.span()));
    }
    let odd = triggers.items().find(|item| item.scalar().is_none_or(str::is_empty))?;
    Some(Spanned::new("a trigger".to_owned(), odd.span()))
}

/// The first block of commands for a shell.
pub(super) fn commands(tree: &Tree<'_>) -> Option<Spanned<String>> {
    let shells = ["bash", "sh", "shell", "console", "zsh"];
    let code =
        tree.codes().find(|code| code.fenced && shells.contains(&code.language().to_ascii_lowercase().as_str()))?;
    Some(Spanned::new(code.language().to_owned(), code.info().1))
}

/// Whether some file below a folder `agents`, or beside this one, is called like an agent.
pub(super) fn is_there(name: &str, file: &File<'_>) -> bool {
    let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let names = [format!("{name}.md"), format!("{name}.agent.md")];
    let called = |path: &str| path.rsplit('/').next().is_some_and(|last| names.iter().any(|name| name == last));
    let beside = names.iter().any(|name| file.inventory.exists(&format!("{dir}/{name}")));
    let is_agent = |path: &str| path.starts_with("agents/") || path.contains("/agents/");
    beside || file.inventory.files().any(|path| is_agent(path) && called(path))
}

/// The first agent by the form `@name-agent` or `` `name-agent` `` that no file of the folder defines.
pub(super) fn unknown(tree: &Tree<'_>, file: &File<'_>) -> Option<Spanned<String>> {
    let source = tree.source();
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    memchr::memmem::find_iter(source.as_bytes(), b"-agent").take(1000).find_map(|at| {
        let end = at + "-agent".len();
        let start = source[..at].rfind(|c| !is_part(c)).map_or(0, |before| before + 1);
        let before = source[..start].chars().next_back();
        let marked = before == Some('@') || (before == Some('`') && source[end..].starts_with('`'));
        let ends = !source[end..].starts_with(|c: char| is_part(c) || c == '/' || c == '_');
        let name = source.get(start..end).filter(|name| marked && ends && name.len() > "-agent".len())?;
        let own = file.path.rsplit('/').next().is_some_and(|own| own.starts_with(name));
        let known = own || is_there(name, file);
        (!known).then(|| Spanned::new(name.to_owned(), Span::new(start, end)))
    })
}
