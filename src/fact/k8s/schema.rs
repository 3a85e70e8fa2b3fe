//! Fields of the built-in kinds, and what does not fit them: misspelt, misplaced, of another shape, missing.
//!
//! `schema.txt` holds the facts: a line a type, each field with its type (`s` text, `i` whole number, `b` boolean,
//! `*` anything, `=` one of these words, `@` another type, `[]` a list, `{}` a mapping of such) and `!` where it must be there.

use super::Scope;
use crate::fact::value::facts;
use crate::fact::yaml::reads_as;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::Span;
use fnv::FnvHashMap;
use std::sync::OnceLock;

facts! {
    /// A field that does not fit its object.
    pub struct SchemaFault = "k8s.schema-fault" {
        /// The field.
        "name" name: String,
        /// The type that it is in: `PodSpec`.
        "of" of: String,
        /// `unknown`, `shape`, `missing` or, of a value without a key, `nameless`.
        "what" what: String,
        /// A field of that type with nearly the same name.
        "near" near: Option<String>,
        /// What should stand there, in words.
        "wanted" wanted: String,
    }
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Words(&'static str),
    Int,
    Bool,
    Any,
    Object(&'static str),
    List(&'static str),
    Map(&'static str),
}

struct Field {
    name: &'static str,
    ty: Type,
    required: bool,
}

#[derive(Default)]
struct Table {
    roots: FnvHashMap<(&'static str, &'static str), &'static str>,
    types: FnvHashMap<&'static str, Vec<Field>>,
}

/// Nodes of one object that are compared; aliases can make more of them than there are words.
const BUDGET: usize = 100_000;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for line in include_str!("schema.txt").lines() {
            let mut words = line.split(' ');
            match (words.next(), line.starts_with("= ")) {
                (Some(_), true) => {
                    if let (Some(version), Some(kind), Some(name)) = (words.next(), words.next(), words.next()) {
                        table.roots.insert((version, kind), name);
                    }
                }
                (Some(name), false) => drop(table.types.insert(name, words.filter_map(field).collect())),
                (None, _) => {}
            }
        }
        table
    })
}

fn field(word: &'static str) -> Option<Field> {
    let (name, ty) = word.split_once(':')?;
    let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    Some(Field { name, ty: parse(ty), required })
}

fn parse(ty: &'static str) -> Type {
    match ty {
        "s" => Type::Text,
        "i" => Type::Int,
        "b" => Type::Bool,
        _ if ty.starts_with('=') => Type::Words(&ty[1..]),
        _ => match (ty.strip_prefix('@'), ty.strip_prefix("[]")) {
            (Some(name), _) => Type::Object(name),
            (_, Some(element)) => Type::List(element),
            _ => ty.strip_prefix("{}").map_or(Type::Any, Type::Map),
        },
    }
}

/// Adds everything in an object of a known kind that does not fit it.
pub(super) fn build(root: NodeRef<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(SchemaFault::describe().name) || scope.part.template || scope.part.snippet {
        return;
    }
    let Some(name) = table().roots.get(&(scope.api_version.as_str(), scope.kind.as_str())) else { return };
    let mut waiting = vec![(root, Type::Object(name), root.key_span("kind").unwrap_or(scope.place), *name)];
    let mut budget = BUDGET;
    while let Some((node, ty, place, of)) = waiting.pop() {
        budget = budget.saturating_sub(1);
        if budget == 0 {
            return;
        }
        if node.is_null() || node.is_templated() || node.is_dangling() || node.tag().is_some() {
            continue;
        }
        let Type::Object(name) = ty else {
            if let Type::List(element) = ty
                && node.is_sequence()
            {
                let element = parse(element);
                for item in node.items() {
                    let Some(wanted) = misfit(item, element, of, "").filter(|_| !matches!(element, Type::Text)) else {
                        continue;
                    };
                    let (name, what) = (item.scalar().unwrap_or_default().to_owned(), "shape".to_owned());
                    let (span, of, wanted) = (item.span(), of.to_owned(), wanted.to_owned());
                    out.push(SchemaFault { span, name, of, what, near: None, wanted }, &scope.label, item.span());
                }
                waiting.extend(node.items().rev().map(|item| (item, element, item.span(), of)));
            }
            if let Type::Map("s") = ty {
                nested(node, of, scope, out);
            }
            continue;
        };
        if node.is_mapping() {
            object(node, name, place, scope, &mut waiting, out);
        }
    }
}

/// Mappings and lists where a mapping may hold only texts; other scalars are another rule's.
fn nested(node: NodeRef<'_>, of: &'static str, scope: &Scope<'_>, out: &mut Facts) {
    for (key, value) in node.entries() {
        let Some(wanted) = misfit(value, Type::Text, of, "").filter(|_| value.scalar().is_none()) else { continue };
        let (name, what) = (key.scalar().unwrap_or_default().to_owned(), "shape".to_owned());
        let (span, of, wanted) = (key.span(), of.to_owned(), wanted.to_owned());
        out.push(SchemaFault { span, name, of, what, near: None, wanted }, &scope.label, key.span().to(value.span()));
    }
}

type Waiting<'t> = Vec<(NodeRef<'t>, Type, Span, &'static str)>;

/// Compares the fields of one mapping, and puts their values on the list.
fn object<'t>(
    node: NodeRef<'t>,
    of: &'static str,
    place: Span,
    scope: &Scope<'_>,
    waiting: &mut Waiting<'t>,
    out: &mut Facts,
) {
    let Some(fields) = table().types.get(of) else { return };
    let fault = |span: Span, name: &str, what: &str| SchemaFault {
        span,
        name: name.to_owned(),
        of: of.to_owned(),
        what: what.to_owned(),
        near: None,
        wanted: String::new(),
    };
    let first = waiting.len();
    let mut templated = false;
    let entries = node.entries();
    for (key, value) in &entries {
        let Some(name) = key.scalar().filter(|_| !key.is_templated()) else {
            templated = true;
            continue;
        };
        if name.is_empty() && key.plain().is_some() {
            out.push(fault(key.span(), name, "nameless"), &scope.label, key.span().to(value.span()));
            continue;
        }
        // Patches and their directives have keys of their own.
        if name.starts_with('$') || name.starts_with("x-") {
            continue;
        }
        let extent = || key.span().to(value.span());
        match fields.iter().find(|field| field.name == name) {
            Some(field) => {
                if let Some(wanted) = misfit(*value, field.ty, of, name) {
                    let found = SchemaFault { wanted: shown(wanted), ..fault(value.span(), name, "shape") };
                    out.push(found, &scope.label, extent());
                }
                waiting.push((*value, field.ty, key.span(), of));
            }
            // What encrypts a file writes there how it did.
            None if name == "sops" && node.get("apiVersion").is_some() => {}
            None => {
                let near = fields.iter().map(|field| field.name).find(|known| is_near(name, known));
                let found = SchemaFault { near: near.map(str::to_owned), ..fault(key.span(), name, "unknown") };
                out.push(found, &scope.label, extent());
            }
        }
    }
    waiting[first..].reverse();
    if scope.open || templated {
        return;
    }
    let has = |name: &str| entries.iter().any(|(key, value)| key.scalar() == Some(name) && !value.is_null());
    for missing in fields.iter().filter(|field| field.required && !has(field.name)) {
        out.push(fault(place, missing.name, "missing"), &scope.label, node.span());
    }
}

/// Adds the keys of a mapping that are none of the known ones.
pub(super) fn unknown_keys(root: NodeRef<'_>, of: &str, known: &[&str], wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(SchemaFault::describe().name) {
        return;
    }
    for (key, value) in root.entries() {
        let name = key.scalar().filter(|name| !key.is_templated() && !known.contains(name) && !name.starts_with("x-"));
        let Some(name) = name else { continue };
        let near = known.iter().find(|known| is_near(name, known)).map(|known| (*known).to_owned());
        let (span, name, of, what) = (key.span(), name.to_owned(), of.to_owned(), "unknown".to_owned());
        out.push(SchemaFault { span, name, of, what, near, wanted: String::new() }, "", key.span().to(value.span()));
    }
}

/// What should stand there instead, if the value has another shape.
fn misfit(value: NodeRef<'_>, ty: Type, of: &str, name: &str) -> Option<&'static str> {
    let wanted = another_shape(value, ty, of, name)?;
    let computed = value.is_templated() || value.is_dangling() || value.tag().is_some();
    // A template without quotes reads as a mapping, what is to be filled in as a text.
    let filled_in = value.raw().starts_with("{{") || value.raw().starts_with('<');
    (!value.is_null() && !computed && !filled_in).then_some(wanted)
}

/// What the type wants, where the value as it is written has another shape.
fn another_shape(value: NodeRef<'_>, ty: Type, of: &str, name: &str) -> Option<&'static str> {
    match ty {
        Type::Object(_) => (!value.is_mapping()).then_some("a mapping"),
        Type::Map(_) => (!value.is_mapping()).then_some("a mapping"),
        Type::List(_) => (!value.is_sequence()).then_some("a list"),
        Type::Int => value.int_11().is_none().then_some("a whole number"),
        Type::Bool => value.bool_11().is_none().then_some("true or false"),
        // The value of a variable is another rule's.
        Type::Text if of == "EnvVar" && name == "value" => None,
        Type::Text => match value.scalar() {
            None => Some("a text"),
            Some(_) => {
                let read = value.plain().and_then(reads_as);
                read.is_some_and(|(_, old)| !old).then_some("a text in quotes")
            }
        },
        // No word at all is often the same as none of them.
        Type::Words(words) => value
            .scalar()
            .is_none_or(|word| !word.is_empty() && words.split(',').all(|known| known != word))
            .then_some(words),
        Type::Any => None,
    }
}

/// What is wanted, in words.
fn shown(wanted: &str) -> String {
    if wanted.contains(',') { format!("one of {}", wanted.replace(',', ", ")) } else { wanted.to_owned() }
}

/// Whether two names differ in case, or by one or two slips of the keyboard.
fn is_near(name: &str, known: &str) -> bool {
    if name.eq_ignore_ascii_case(known) {
        return true;
    }
    let allowed = if known.len() < 5 { 1 } else { 2 };
    name.len().abs_diff(known.len()) <= allowed
        && name.len() < 64
        && slips(name.as_bytes(), known.as_bytes()) <= allowed
}

/// How many letters have to be added, taken away, replaced or swapped.
fn slips(a: &[u8], b: &[u8]) -> usize {
    let width = b.len() + 1;
    let mut rows: Vec<Vec<usize>> = vec![(0..width).collect()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (rows[i][j + 1] + 1).min(row[j] + 1).min(rows[i][j] + usize::from(x != y));
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_named_is_there() {
        let table = table();
        assert!(table.roots.len() > 25 && table.types.len() > 150);
        assert!(table.roots.values().all(|name| table.types.contains_key(name)));
        for field in table.types.values().flatten() {
            let name = match field.ty {
                Type::Object(name) => name,
                Type::List(element) => element.trim_start_matches("[]").strip_prefix('@').unwrap_or("Pod"),
                _ => "Pod",
            };
            assert!(table.types.contains_key(name), "{name}");
        }
    }

    #[test]
    fn slips_of_the_keyboard() {
        for (name, known) in
            [("containres", "containers"), ("Image", "image"), ("imge", "image"), ("comand", "command")]
        {
            assert!(is_near(name, known), "{name}");
        }
        for (name, known) in [("foo", "env"), ("replica", "selector"), ("tty", "env")] {
            assert!(!is_near(name, known), "{name}");
        }
    }
}
