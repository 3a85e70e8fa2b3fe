//! What is valid YAML and hardly ever meant: words that read as something else, anchors that nobody uses, merges
//! of what is no mapping, aliases that blow up, characters that hide.

use super::reads_as;
use crate::fact::value::facts;
use crate::fact::{Facts, Wanted};
use crate::syntax::Kind;
use crate::syntax::yaml::{Document, NodeId, NodeRef, Yaml};
use crate::text::Span;
use std::collections::{HashMap, HashSet};

facts! {
    /// An unquoted value that readers of YAML 1.1 take for something else than most people do.
    pub struct Ambiguous = "yaml.ambiguous" {
        /// As written.
        "text" text: String,
        /// The key before it.
        "key" key: String,
        /// What it becomes: `boolean`, `octal`, `sexagesimal` or `short`, a version that loses its last zero; `marked`
        /// is octal to newer readers only.
        "becomes" becomes: String,
    }
    /// An anchor.
    pub struct Anchor = "yaml.anchor" {
        /// Its name.
        "name" name: String,
        /// Whether an alias stands for it.
        "used" used: bool,
    }
    /// A merge key.
    pub struct Merge = "yaml.merge" {
        /// Whether it merges mappings in, as it should.
        "of-mappings" of_mappings: bool,
    }
    /// A key that reads as something else than a text.
    pub struct OddKey = "yaml.odd-key" {
        /// As written.
        "text" text: String,
        /// What it reads as.
        "as" reads_as: String,
    }
    /// A document with aliases.
    pub struct Expansion = "yaml.expansion" {
        /// How many nodes it has once every alias is replaced by what it stands for.
        "nodes" nodes: i64,
    }
    /// A character that makes a text read otherwise than it is.
    pub struct Hidden = "yaml.hidden-character" {
        /// `U+202E`.
        "code" code: String,
    }
}

/// Adds the traps of a document.
pub(super) fn build(yaml: &Yaml<'_>, document: &Document, kind: Kind, wanted: &Wanted, out: &mut Facts) {
    let names = [
        Ambiguous::describe().name,
        Anchor::describe().name,
        Merge::describe().name,
        OddKey::describe().name,
        Expansion::describe().name,
    ];
    if !names.iter().any(|name| wanted.subject(name)) {
        return;
    }
    let mut aliases: Vec<NodeRef<'_>> = Vec::new();
    let mut anchors: Vec<NodeRef<'_>> = Vec::new();
    for node in yaml.nodes_of(document) {
        if node.is_alias() {
            aliases.push(node);
            continue;
        }
        if node.anchor().is_some() {
            anchors.push(node);
        }
        for (key, value) in node.written() {
            entry(key, value, kind, wanted, out);
        }
    }
    if wanted.subject(Anchor::describe().name) {
        let used: HashSet<NodeId> = aliases.iter().filter_map(|alias| alias.target()).map(NodeRef::id).collect();
        for node in &anchors {
            let (Some(name), Some(span)) = (node.anchor(), node.anchor_span()) else { continue };
            out.push(Anchor { span, name: name.to_owned(), used: used.contains(&node.id()) }, "", span);
        }
    }
    if wanted.subject(Expansion::describe().name)
        && let Some(first) = aliases.first()
        && let Some(root) = yaml.root_of(document)
    {
        let nodes = i64::try_from(expanded(root)).unwrap_or(i64::MAX);
        let span = first.span();
        out.push(Expansion { span, nodes }, "", span);
    }
}

fn entry(key: NodeRef<'_>, value: NodeRef<'_>, kind: Kind, wanted: &Wanted, out: &mut Facts) {
    let word = key.scalar().unwrap_or_default();
    if key.plain() == Some("<<") {
        if wanted.subject(Merge::describe().name) {
            let mapping = |node: NodeRef<'_>| node.is_mapping() || node.is_templated() || node.is_dangling();
            let of_mappings = mapping(value) || value.is_sequence() && value.items().all(mapping);
            out.push(Merge { span: value.span(), of_mappings }, "", key.span().to(value.span()));
        }
        return;
    }
    // A workflow's `on` is a key by its name.
    if wanted.subject(OddKey::describe().name)
        && !(matches!(kind, Kind::Workflow | Kind::YamlOther) && word == "on")
        && let Some((reads_as, _)) = key.plain().filter(|_| key.tag().is_none()).and_then(reads_as)
    {
        let odd = OddKey { span: key.span(), text: word.to_owned(), reads_as: reads_as.to_owned() };
        out.push(odd, "", key.span().to(value.span()));
    }
    if !wanted.subject(Ambiguous::describe().name) {
        return;
    }
    let members = if value.is_alias() { None } else { Some(value) };
    for node in members.into_iter().chain(members.into_iter().flat_map(NodeRef::items)) {
        let Some(text) = node.plain().filter(|_| node.tag().is_none() && !node.is_templated() && !node.is_alias())
        else {
            continue;
        };
        if let Some(becomes) = becomes(word, text) {
            let (text, key, becomes) = (text.to_owned(), word.to_owned(), becomes.to_owned());
            out.push(Ambiguous { span: node.span(), text, key, becomes }, "", node.span());
        }
    }
}

fn becomes(key: &str, text: &str) -> Option<&'static str> {
    if is_short_version(text) && key.to_ascii_lowercase().ends_with("version") {
        return Some("short");
    }
    match reads_as(text) {
        Some(("boolean", true)) => Some("boolean"),
        Some(("number", true)) if text.contains(':') => Some("sexagesimal"),
        Some(("number", true)) if text.trim_start_matches(['+', '-']).starts_with('0') => Some("octal"),
        Some(("number", false)) if text.starts_with("0o") => Some("marked"),
        _ => None,
    }
}

/// `1.10`: as a number it is 1.1.
fn is_short_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, fraction)| {
        digits(whole) && digits(fraction) && fraction.len() > 1 && fraction.ends_with('0')
    })
}

/// How many nodes a tree has with every alias replaced; no step is done twice.
fn expanded(root: NodeRef<'_>) -> u64 {
    let mut sizes: HashMap<NodeId, u64> = HashMap::new();
    let mut waiting = vec![(root, false)];
    while let Some((node, children_done)) = waiting.pop() {
        if sizes.contains_key(&node.id()) {
            continue;
        }
        let children: Vec<NodeRef<'_>> = if node.is_alias() {
            node.target().into_iter().collect()
        } else {
            node.written().flat_map(|(key, value)| [key, value]).chain(node.items()).collect()
        };
        if children_done {
            let below = children.iter().map(|child| sizes.get(&child.id()).copied().unwrap_or(1));
            let sum = below.fold(1u64, u64::saturating_add);
            sizes.insert(node.id(), sum);
            continue;
        }
        waiting.push((node, true));
        waiting
            .extend(children.into_iter().filter(|child| !sizes.contains_key(&child.id())).map(|child| (child, false)));
    }
    sizes.get(&root.id()).copied().unwrap_or(1)
}

/// Adds the characters that hide what a text says.
pub(super) fn hidden(yaml: &Yaml<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Hidden::describe().name) {
        return;
    }
    let text = yaml.text();
    let bytes = text.as_str().as_bytes();
    for at in memchr::memchr_iter(0xe2, bytes) {
        let code = match bytes.get(at + 1..at + 3) {
            Some([0x80, last @ 0xaa..=0xae]) => 0x2000 + u32::from(*last - 0x80),
            Some([0x81, last @ 0xa6..=0xa9]) => 0x2040 + u32::from(*last - 0x80),
            _ => continue,
        };
        let span: Span = text.span(at..at + 3);
        out.push(Hidden { span, code: format!("U+{code:04X}") }, "", span);
    }
}
