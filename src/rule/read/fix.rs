//! The `fix:` of a rule file: one way to mend its findings, or several of which the first that fits is taken.

use super::condition::condition;
use super::reader::{Entry, Reader};
use crate::diagnostic::Safety;
use crate::rule::written::{Edit, Fix, Name, Verb};
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};

const FIX_KEYS: &[&str] = &["title", "safety", "when", "alone", "edits"];
/// What stands beside the verb of an edit.
const TEXT_KEYS: &[&str] = &["with", "to", "in"];

/// Reads the value of `fix`.
pub(super) fn fixes(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Fix> {
    match node.is_sequence() {
        true => node.items().map(|item| fix(reader, item)).collect(),
        false => vec![fix(reader, node)],
    }
}

fn fix(reader: &mut Reader, node: NodeRef<'_>) -> Fix {
    let mut out = Fix { span: node.span(), ..Fix::default() };
    for part in reader.known(node, "a fix", FIX_KEYS) {
        match part.name {
            "title" => out.title = reader.text(part.value, "title"),
            "safety" => out.safety = safety(reader, part.value),
            "when" => out.when = Some(condition(reader, part.value)),
            "alone" => out.alone = reader.bool(part.value, "alone"),
            _ => out.edits = edits(reader, part.value),
        }
    }
    let start = Span { start: out.span.start, end: out.span.start };
    for (missing, key) in [(out.title.value.is_empty(), "title"), (out.safety.is_none(), "safety")] {
        if missing {
            reader.error(start, format!("a fix needs a `{key}`"));
        }
    }
    out
}

fn safety(reader: &mut Reader, node: NodeRef<'_>) -> Option<Spanned<Safety>> {
    let safety = match node.plain() {
        Some("safe") => Safety::Safe,
        Some("unsafe") => Safety::Unsafe,
        _ => {
            reader.error(node.span(), "safety must be safe or unsafe");
            Safety::Unsafe
        }
    };
    Some(Spanned::new(safety, node.span()))
}

fn edits(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Edit> {
    match node.is_sequence() {
        true => node.items().filter_map(|item| edit(reader, item)).collect(),
        false => edit(reader, node).into_iter().collect(),
    }
}

fn edit(reader: &mut Reader, node: NodeRef<'_>) -> Option<Edit> {
    let mut known: Vec<&str> = Verb::ALL.iter().map(|(word, _, _)| *word).collect();
    known.extend(TEXT_KEYS);
    let entries = reader.known(node, "an edit", &known);
    let of = |entry: &Entry<'_>| Verb::ALL.iter().find(|(word, _, _)| *word == entry.name).copied();
    let mut verbs = entries.iter().filter_map(|entry| Some((*entry, of(entry)?)));
    let (Some((entry, (word, verb, count))), None) = (verbs.next(), verbs.next()) else {
        let words: Vec<&str> = Verb::ALL.iter().map(|(word, _, _)| *word).collect();
        reader.error(node.span(), format!("an edit is one of {}", words.join(", ")));
        return None;
    };
    let named = reader.text(entry.value, word);
    let mut out = Edit { span: node.span(), verb, place: named.clone(), ..Edit::default() };
    if verb == Verb::Set {
        out.keys = Some(named);
        out.place = Spanned::new("extent".to_owned(), entry.value.span());
    }
    let text = if verb == Verb::Set { "to" } else { "with" };
    for part in entries.iter().filter(|part| part.name != word) {
        match part.name {
            name if name == text && count > 0 => out.texts = texts(reader, part.value),
            "in" if verb == Verb::Set => out.place = reader.text(part.value, "in"),
            _ => reader.error(part.key.span(), format!("`{word}` has no `{}`", part.name)),
        }
    }
    if out.texts.len() != count {
        let wanted = match count {
            1 => format!("`{word}` needs a text: `{text}`"),
            _ => format!("`{word}` needs a list of two texts: `{text}`"),
        };
        reader.error(entry.key.span(), wanted);
    }
    Some(out)
}

/// Texts as they stand, blanks included.
fn texts(reader: &mut Reader, node: NodeRef<'_>) -> Vec<Name> {
    reader.texts(node, "the text of an edit")
}
