//! JSON patches of kustomizations: their operations make a part of an object, which is judged like one.

use crate::fact::yaml::Part;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::{NodeId, NodeRef, Yaml};
use std::collections::HashMap;
use std::ops::Range;

/// The object that a patch is for, as far as its kustomization names it.
#[derive(Clone, Debug, Default)]
pub struct Patched {
    /// Its kind, or a pattern of some.
    pub kind: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

impl Patched {
    /// What the `target` of a patch says.
    pub fn of(target: Option<NodeRef<'_>>) -> Self {
        let text = |key: &str| target?.get(key)?.scalar().map(str::to_owned);
        // A pattern is no name.
        let plain = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        Self { kind: text("kind"), name: text("name").filter(plain) }
    }
}

/// Levels of an object that are made; no object has so many.
const DEEPEST: usize = 64;

/// A place in the object that is made, with what is put there.
struct Branch {
    parent: usize,
    /// The word of the path, where the path is written, and which part of it the word is.
    key: String,
    path: NodeId,
    part: Range<usize>,
    children: Vec<usize>,
    value: Option<NodeId>,
}

/// Adds the facts of the object that the operations of a patch make a part of.
pub fn build_operations(mut yaml: Yaml<'_>, patched: &Patched, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.any("k8s.") {
        return;
    }
    let branches = branches(&yaml);
    let Some(kind) = kind(&branches, patched) else { return };
    let Some(document) = plant(&mut yaml, branches, &kind, patched) else { return };
    let part = Part { open: true, patched: true, ..*part };
    if let Some(root) = yaml.root_of(&document) {
        super::build(root, &part, wanted, out);
    }
}

/// What operations put where; branches come before those that grow on them.
fn branches(yaml: &Yaml<'_>) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::new();
    let mut known: HashMap<(usize, String), usize> = HashMap::new();
    for operation in yaml.roots().flat_map(NodeRef::items) {
        let Some((path, value)) = put(operation) else { continue };
        let words = words(path);
        if words.is_empty() || words.len() > DEEPEST {
            continue;
        }
        let root =
            || Branch { parent: 0, key: String::new(), path: path.id(), part: 0..0, children: Vec::new(), value: None };
        if branches.is_empty() {
            branches.push(root());
        }
        let mut at = 0;
        for (word, part) in words {
            let next = branches.len();
            // Each `-` is one more.
            let key = if word == "-" { format!("-{next}") } else { word.clone() };
            let found = *known.entry((at, key)).or_insert(next);
            if found == next {
                branches.push(Branch { parent: at, key: word, part, ..root() });
                branches[at].children.push(next);
            }
            at = found;
        }
        branches[at].value = Some(value.id());
    }
    branches
}

/// Where an operation puts what; others take away, compare, or move what nobody sees.
fn put<'t>(operation: NodeRef<'t>) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
    let path = operation.get("path").filter(|path| path.scalar().is_some_and(|path| path.starts_with('/')))?;
    let verb = operation.get("op").and_then(NodeRef::scalar)?;
    matches!(verb, "add" | "replace").then_some((path, operation.get("value")?))
}

/// The words of a path, and which part of the path as it is written each of them is.
fn words(path: NodeRef<'_>) -> Vec<(String, Range<usize>)> {
    let text = path.scalar().unwrap_or_default();
    let first = path.raw().find(text);
    let mut at = 1;
    let word = |word: &str| {
        let part = first.map_or(0..0, |first| first + at..first + at + word.len());
        at += word.len() + 1;
        (word.replace("~1", "/").replace("~0", "~"), part)
    };
    text.split('/').skip(1).map(word).collect()
}

/// The kind of the object: what the target says, if that is one, else what the paths look like.
fn kind(branches: &[Branch], patched: &Patched) -> Option<String> {
    let plain = |kind: &&String| !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric());
    if let Some(kind) = patched.kind.as_ref().filter(plain) {
        return Some(kind.clone());
    }
    let spec = branches.iter().position(|branch| branch.parent == 0 && branch.key == "spec")?;
    let below = |word: &str| branches[spec].children.iter().any(|&child| branches[child].key == word);
    let kind = match () {
        () if below("jobTemplate") => "CronJob",
        () if below("template") => "Deployment",
        () if below("containers") || below("initContainers") => "Pod",
        () => return None,
    };
    Some(kind.to_owned())
}

/// Makes the object, the last branches first.
fn plant(
    yaml: &mut Yaml<'_>,
    branches: Vec<Branch>,
    kind: &str,
    patched: &Patched,
) -> Option<crate::syntax::yaml::Document> {
    let mut planted: Vec<Option<NodeId>> = vec![None; branches.len()];
    for (number, branch) in branches.iter().enumerate().rev() {
        let above = &branches[branch.parent];
        let mut entries = Vec::new();
        if number == 0 {
            entries.push(word(yaml, "kind", kind, branch.path));
        }
        if number != 0 && branch.parent == 0 && branch.key == "metadata" {
            entries.extend(patched.name.as_ref().map(|name| word(yaml, "name", name, branch.path)));
        }
        let nameless = branch.value.is_none() && matches!(&*above.key, "containers" | "initContainers");
        if nameless && branch.children.iter().all(|&child| branches[child].key != "name") {
            entries.push(word(yaml, "name", &branch.key, branch.path));
        }
        let node = match branch.value {
            Some(value) if branch.children.is_empty() => value,
            _ if is_list(branch, &branches) => {
                let items = branch.children.iter().filter_map(|&child| planted[child]).collect();
                yaml.plant_sequence(items, branch.path)
            }
            value => {
                entries.extend(value.into_iter().flat_map(|value| written(yaml, value)));
                for &child in &branch.children {
                    let (key, Some(value)) = (&branches[child], planted[child]) else { continue };
                    let key = yaml.plant_scalar(key.key.clone(), key.path, key.part.clone());
                    entries.push((key, value));
                }
                if number == 0 && !branch.children.iter().any(|&child| branches[child].key == "metadata") {
                    entries.extend(patched.name.as_ref().map(|name| metadata(yaml, name, branch.path)));
                }
                yaml.plant_mapping(entries, branch.path)
            }
        };
        planted[number] = Some(node);
    }
    let root = planted.first().copied().flatten()?;
    Some(yaml.plant_document(root))
}

fn is_list(branch: &Branch, branches: &[Branch]) -> bool {
    let index = |key: &str| key == "-" || !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
    !branch.children.is_empty() && branch.children.iter().all(|&child| index(&branches[child].key))
}

/// The entries of a mapping that an operation puts somewhere, and others add to.
fn written(yaml: &Yaml<'_>, value: NodeId) -> Vec<(NodeId, NodeId)> {
    yaml.at(value).written().map(|(key, value)| (key.id(), value.id())).collect()
}

fn word(yaml: &mut Yaml<'_>, key: &str, value: &str, of: NodeId) -> (NodeId, NodeId) {
    (yaml.plant_scalar(key.to_owned(), of, 0..0), yaml.plant_scalar(value.to_owned(), of, 0..0))
}

fn metadata(yaml: &mut Yaml<'_>, name: &str, of: NodeId) -> (NodeId, NodeId) {
    let name = word(yaml, "name", name, of);
    let mapping = yaml.plant_mapping(vec![name], of);
    (yaml.plant_scalar("metadata".to_owned(), of, 0..0), mapping)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    /// Paths and values of the object that a patch makes, and the words of the text at the values.
    fn made(patch: &str) -> Vec<String> {
        let text = Text::whole(patch);
        let mut yaml = Yaml::parse(&text);
        let (branches, patched) = (branches(&yaml), Patched { kind: None, name: Some("web".to_owned()) });
        let Some(kind) = kind(&branches, &patched) else { return Vec::new() };
        let document = plant(&mut yaml, branches, &kind, &patched).unwrap();
        let mut found = Vec::new();
        let mut waiting = vec![(String::new(), yaml.root_of(&document).unwrap())];
        while let Some((path, node)) = waiting.pop() {
            if let Some(value) = node.scalar() {
                found.push(format!("{path}={value} at {}", node.span().slice(patch)));
            }
            let items = node.items().enumerate().map(|(number, item)| (format!("{path}/{number}"), item));
            waiting.extend(items);
            waiting.extend(node.written().map(|(key, value)| (format!("{path}/{}", key.scalar().unwrap()), value)));
        }
        found.sort();
        found
    }

    #[test]
    fn operations_make_a_part_of_an_object() {
        let made = made(
            "- {op: add, path: /spec/template/metadata/annotations, value: {a: b}}\n\
             - {op: add, path: /spec/template/metadata/annotations/c~1d, value: e}\n\
             - {op: replace, path: \"/spec/template/spec/containers/0/tty\", value: yes}\n\
             - {op: add, path: /spec/template/spec/volumes/-, value: {name: x}}\n\
             - {op: add, path: /spec/template/spec/volumes/-, value: {name: y}}\n\
             - {op: remove, path: /spec/replicas}\n\
             - {op: test, path: /spec/paused, value: true}\n\
             - {op: add, path: nowhere, value: 1}\n",
        );
        let path = "/spec/template/metadata/annotations";
        let rest = [
            "/spec/template/metadata/annotations/a=b at b",
            "/spec/template/metadata/annotations/c/d=e at e",
            "/spec/template/spec/containers/0/name=0 at \"/spec/template/spec/containers/0/tty\"",
            "/spec/template/spec/containers/0/tty=yes at yes",
            "/spec/template/spec/volumes/0/name=x at x",
            "/spec/template/spec/volumes/1/name=y at y",
        ];
        assert_eq!(made[..2], [format!("/kind=Deployment at {path}"), format!("/metadata/name=web at {path}")]);
        assert_eq!(made[2..], rest);
    }

    #[test]
    fn what_is_no_object_makes_none() {
        for patch in ["", "a: b", "- a", "- {op: add, path: /data/a, value: b}", "- {op: add, path: /, value: b}"] {
            assert_eq!(made(patch), Vec::<String>::new(), "{patch}");
        }
        let deep = format!("- {{op: add, path: '/spec/template{}', value: 1}}", "/a".repeat(10_000));
        assert_eq!(made(&deep), Vec::<String>::new());
    }
}
