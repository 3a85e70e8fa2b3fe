//! What the Compose Specification knows: keys that it does not, values of another shape, what must be there.
//!
//! `schema.txt` holds the facts: a line a type, each key with its type and `!` where it must be there, or `=` and another
//! type. `s` is text, `i` a whole number, `n` a number, `d` a number that is written as a text, `b` a boolean, `f` one that is written as a text, `*` anything, `=a,b*` one of these words, a star for any end, `@` another
//! type, `[]` a list of a type, `{}` a mapping of such; `|` stands between alternatives.

use crate::fact::value::facts;
use crate::fact::yaml::Part;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use std::collections::HashMap;
use std::sync::OnceLock;

facts! {
    /// A key or value that the Compose Specification does not know.
    pub struct SchemaFault = "compose.schema-fault" {
        /// The key.
        "name" name: String,
        /// The keys above it, with dots between them.
        "above" above: String,
        /// `unknown`, `shape`, `missing`, `key`, `name` or `empty`.
        "what" what: String,
        /// A key with nearly the same name.
        "near" near: Option<String>,
        /// What should stand there, in words.
        "wanted" wanted: String,
    }
}

struct Key {
    name: &'static str,
    ty: &'static str,
    required: bool,
}

enum Type {
    Keys(Vec<Key>),
    Alias(&'static str),
}

/// Nodes of one document that are compared; aliases can make more of them than there are words.
const BUDGET: usize = 100_000;
/// Mappings whose keys are names of the project.
const NAMED: &[&str] = &["{}@Service", "{}@Network", "{}@Volume", "{}@Secret", "{}@Config", "{}@Model"];
/// Aliases of types that are followed.
const MAX_ALIASES: usize = 8;
/// Keys above that a message shows.
const MAX_SHOWN: usize = 8;

fn table() -> &'static HashMap<&'static str, Type> {
    static TABLE: OnceLock<HashMap<&'static str, Type>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let line = |line: &'static str| {
            let (name, rest) = line.split_once(' ')?;
            let ty = match rest.strip_prefix("= ") {
                Some(alias) => Type::Alias(alias),
                None => Type::Keys(rest.split(' ').filter_map(key).collect()),
            };
            Some((name, ty))
        };
        include_str!("schema.txt").lines().filter_map(line).collect()
    })
}

fn key(word: &'static str) -> Option<Key> {
    let (name, ty) = word.split_once(':')?;
    let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    Some(Key { name, ty, required })
}

/// The alternatives of a type, aliases followed.
fn alternatives(ty: &'static str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut waiting: Vec<(&'static str, usize)> = ty.split('|').map(|ty| (ty, 0)).collect();
    while let Some((ty, depth)) = waiting.pop() {
        match ty.strip_prefix('@').and_then(|name| table().get(name)) {
            Some(Type::Alias(alias)) if depth < MAX_ALIASES => {
                waiting.extend(alias.split('|').map(|ty| (ty, depth + 1)));
            }
            _ => found.push(ty),
        }
    }
    found
}

/// A node that is to be compared.
struct Waiting<'t> {
    node: NodeRef<'t>,
    ty: &'static str,
    /// The key that it stands under, or itself.
    place: Span,
    above: Vec<&'t str>,
}

/// Adds that a file has no content at all.
pub(super) fn empty(span: Span, wanted: &Wanted, out: &mut Facts) {
    if wanted.subject(SchemaFault::describe().name) {
        out.push(fault(span, "services", &[], "empty"), "", span);
    }
}

/// Adds everything in a document that does not fit.
pub(super) fn build(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(SchemaFault::describe().name) || part.template || part.snippet {
        return;
    }
    let mut waiting = vec![Waiting { node: root, ty: "@File", place: root.span(), above: Vec::new() }];
    let mut budget = BUDGET;
    while let Some(next) = waiting.pop() {
        budget = budget.saturating_sub(1);
        if budget == 0 {
            return;
        }
        let node = next.node;
        if node.is_null() || node.is_dangling() || is_computed(node) {
            continue;
        }
        let types = alternatives(next.ty);
        if node.is_mapping() {
            let object = types.iter().find_map(|ty| Some((*ty, table().get(ty.strip_prefix('@')?)?)));
            let map = types.iter().find_map(|ty| ty.strip_prefix("{}"));
            match (object, map) {
                (Some((_, Type::Keys(keys))), _) => object_keys(&next, keys, part.open, &mut waiting, out),
                (_, Some(element)) => entries(&next, element, &mut waiting, out),
                _ => {}
            }
        } else if let Some(element) = types.iter().find_map(|ty| ty.strip_prefix("[]")) {
            for item in node.items().rev() {
                push_checked(&next, item, item.span(), element, out);
                waiting.push(Waiting { node: item, ty: element, place: item.span(), above: next.above.clone() });
            }
        }
    }
}

fn object_keys<'t>(at: &Waiting<'t>, keys: &[Key], open: bool, waiting: &mut Vec<Waiting<'t>>, out: &mut Facts) {
    let first = waiting.len();
    let entries = at.node.entries();
    for (key, value) in &entries {
        let Some(name) = named(at, *key, out) else { continue };
        if name.starts_with("x-") || key.is_templated() {
            continue;
        }
        let mut above = at.above.clone();
        above.push(name);
        match keys.iter().find(|known| known.name == name) {
            // Other lists of definitions may be empty.
            Some(known) if known.name == "services" && at.above.is_empty() && value.is_null() && !open => {
                let wanted = "a mapping of services".to_owned();
                out.push(SchemaFault { wanted, ..fault(key.span(), name, &[], "shape") }, "", key.span());
            }
            Some(known) => {
                push_checked(&Waiting { above: above.clone(), ..*at }, *value, value.span(), known.ty, out);
                waiting.push(Waiting { node: *value, ty: known.ty, place: key.span(), above });
            }
            None => {
                let near = keys.iter().map(|known| known.name).filter(|known| is_near(name, known));
                let near = near.min_by_key(|known| strsim::osa_distance(name, known)).map(str::to_owned);
                let found = SchemaFault { near, ..fault(key.span(), name, &at.above, "unknown") };
                out.push(found, label(&at.above), key.span().to(value.span()));
            }
        }
    }
    waiting[first..].reverse();
    let has = |name: &str| entries.iter().any(|(key, _)| key.scalar() == Some(name));
    for missing in keys.iter().filter(|key| key.required && !open && !has(key.name)) {
        out.push(fault(at.place, missing.name, &at.above, "missing"), label(&at.above), at.node.span());
    }
}

fn entries<'t>(at: &Waiting<'t>, element: &'static str, waiting: &mut Vec<Waiting<'t>>, out: &mut Facts) {
    let first = waiting.len();
    for (key, value) in at.node.entries() {
        let Some(name) = named(at, key, out) else { continue };
        if name.starts_with("x-") {
            continue;
        }
        let refused = |c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c);
        if NAMED.contains(&at.ty) && name.contains(refused) && !key.is_templated() && !name.contains('$') {
            out.push(fault(key.span(), name, &at.above, "name"), label(&at.above), key.span());
        }
        let mut above = at.above.clone();
        above.push(name);
        push_checked(&Waiting { above: above.clone(), ..*at }, value, value.span(), element, out);
        waiting.push(Waiting { node: value, ty: element, place: key.span(), above });
    }
    waiting[first..].reverse();
}

/// A key's name; keys that are no text are faults, but where a name may be a number.
fn named<'t>(at: &Waiting<'t>, key: NodeRef<'t>, out: &mut Facts) -> Option<&'t str> {
    if key.is_alias() || key.plain() == Some("<<") {
        return None;
    }
    match key.scalar() {
        Some("") if key.plain().is_some() => {
            out.push(fault(key.span(), "", &at.above, "nameless"), label(&at.above), key.span());
            None
        }
        Some(name) => Some(name),
        None => {
            out.push(fault(key.span(), "", &at.above, "key"), label(&at.above), key.span());
            None
        }
    }
}

/// Reports a value that fits none of the alternatives.
fn push_checked(at: &Waiting<'_>, value: NodeRef<'_>, span: Span, ty: &'static str, out: &mut Facts) {
    let types = alternatives(ty);
    if value.is_null() || value.is_dangling() || is_computed(value) || types.iter().any(|ty| fits(value, ty)) {
        return;
    }
    let name = at.above.last().copied().unwrap_or_default();
    let above = at.above.get(..at.above.len().saturating_sub(1)).unwrap_or_default();
    let found = SchemaFault { wanted: words(&types), ..fault(span, name, above, "shape") };
    out.push(found, label(&at.above), span);
}

/// What Compose or a template works out.
fn is_computed(node: NodeRef<'_>) -> bool {
    let tagged = node.tag().is_some_and(|tag| tag != "!override");
    tagged || node.is_templated() || node.scalar().is_some_and(|text| text.contains('$'))
}

fn fits(value: NodeRef<'_>, ty: &str) -> bool {
    if let Some(choice) = ty.strip_prefix('=') {
        let is_known = |word: &str, known: &str| match known.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == known,
        };
        return value.scalar().is_some_and(|word| choice.split(',').any(|known| is_known(word, known)));
    }
    let scalar = |wanted: &str| value.scalar().is_some() && kind(value) == wanted;
    match ty {
        "*" => true,
        "s" => scalar("s"),
        "d" => scalar("s") && value.scalar().is_some_and(|text| text.trim().parse::<f64>().is_ok_and(f64::is_finite)),
        "b" => scalar("b"),
        "f" => scalar("s") && value.scalar().is_some_and(is_flag),
        "i" => scalar("i"),
        "n" => scalar("i") || scalar("n"),
        _ if ty.starts_with("[]") => value.is_sequence(),
        _ => value.is_mapping(),
    }
}

/// Whether Compose reads a text as a boolean.
fn is_flag(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "y", "n", "on", "off"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Text, boolean, whole number or number, as the parser of Compose reads it.
fn kind(value: NodeRef<'_>) -> &'static str {
    let Some(word) = value.plain() else { return "s" };
    if value.bool().is_some() {
        return "b";
    }
    if value.int().is_some() {
        return "i";
    }
    let number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let float =
        number && word.parse::<f64>().is_ok() && word.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if float { "n" } else { "s" }
}

fn words(types: &[&str]) -> String {
    let mut named: Vec<String> = Vec::new();
    for ty in types.iter().rev() {
        let word = match *ty {
            "s" => "a text".to_owned(),
            "b" => "true or false".to_owned(),
            "i" => "a whole number".to_owned(),
            "n" => "a number".to_owned(),
            // The same in quotes.
            "d" | "f" => continue,
            ty if ty.starts_with("[]") => "a list".to_owned(),
            // A list of words is cut where a message would be.
            ty if ty.starts_with('=') => match ty[1..].split(',').collect::<Vec<_>>().as_slice() {
                [first, second, _, ..] => format!("one of {first}, {second} …"),
                few => few.join(" or "),
            },
            _ => "a mapping".to_owned(),
        };
        if !named.contains(&word) {
            named.push(word);
        }
    }
    match named.as_slice() {
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => String::new(),
    }
}

fn fault(span: Span, name: &str, above: &[&str], what: &str) -> SchemaFault {
    let shown = above.iter().take(MAX_SHOWN).copied().collect::<Vec<_>>().join(".");
    let above = if above.is_empty() { "a Compose file".to_owned() } else { shown };
    SchemaFault { span, name: name.to_owned(), above, what: what.to_owned(), near: None, wanted: String::new() }
}

fn label(above: &[&str]) -> String {
    match above {
        ["services", name, ..] => format!("service/{name}"),
        _ => String::new(),
    }
}

/// Whether two names differ in case, or by one or two slips of the keyboard.
fn is_near(name: &str, known: &str) -> bool {
    let allowed = if known.len() < 5 { 1 } else { 2 };
    let short = name.len() < 64 && name.len().abs_diff(known.len()) <= allowed;
    let bare = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    short && (bare(name) == bare(known) || strsim::osa_distance(name, known) <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_named_is_there() {
        let types = table().values().flat_map(|ty| match ty {
            Type::Keys(keys) => keys.iter().map(|key| key.ty).collect(),
            Type::Alias(alias) => vec![*alias],
        });
        for ty in types.flat_map(|ty| ty.split('|')) {
            if let Some(name) = ty.strip_prefix('@') {
                assert!(table().contains_key(name), "{name}");
            }
            if let Some(element) = ty.strip_prefix("[]").or(ty.strip_prefix("{}")) {
                let known = element.strip_prefix('@').is_some_and(|name| table().contains_key(name));
                assert!(known || ["s", "i"].contains(&element), "{ty}");
            }
        }
        assert!(table().len() > 60);
    }
}
