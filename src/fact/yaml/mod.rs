//! What every YAML file says, and which facts its documents get by their kind.

mod literal;
mod misread;
mod slot;
mod traps;

pub use literal::Literal;
pub use misread::reads_as;
pub use slot::Slot;
pub use traps::{Ambiguous, Anchor, Expansion, Hidden, Merge, OddKey};

use super::context::Context;
use super::inventory::Inventory;
use super::k8s::Patched;
use super::value::{Field, facts};
use super::{Facts, File, Wanted};
use crate::syntax::Kind;
use crate::syntax::kind::{Guess, classify_document};
use crate::syntax::markdown::Code;
use crate::syntax::yaml::{Document, ErrorKind, NodeRef, Yaml, prepare};
use crate::text::{Span, Text};

facts! {
    /// A fault in the syntax of a YAML document.
    pub struct Fault = "yaml.fault" {
        /// `syntax`, `tab`, `alias` or `depth`.
        "kind" kind: String,
        /// What is wrong, a sentence without its full stop.
        "text" text: String,
    }
    /// A document between markers in which nothing is said.
    pub struct Empty = "yaml.empty-document" {
        /// The marker that opens it.
        "marker" marker: String,
    }
    /// A key that its mapping has already.
    pub struct RepeatedKey = "yaml.repeated-key" {
        /// The key.
        "key" key: String,
        /// The place of the first one.
        "first" first: Field<String>,
    }
}

/// A file, or a part of one, that is read as YAML.
#[derive(Clone, Copy)]
pub struct Part<'p> {
    /// The file, relative to the project root.
    pub path: &'p str,
    /// What the path, or a fence's language, tells of the kind.
    pub guess: Guess,
    /// What other files tell of this one.
    pub context: &'p Context,
    /// Only a part of each object is in sight: a snippet in a document, a patch, a template.
    pub open: bool,
    /// Stands in a document, where snippets of YAML need not be whole.
    pub snippet: bool,
    /// Read with its template actions masked.
    pub template: bool,
    /// Changes an object that stands elsewhere, as a kustomization says.
    pub patch: bool,
    /// Put together from the operations of a patch.
    pub patched: bool,
    /// What else there is below the root, where the part is a file of its own.
    pub inventory: Option<&'p Inventory>,
}

impl<'p> Part<'p> {
    /// A whole file, or a snippet of a document.
    pub fn new(path: &'p str, guess: Guess, context: &'p Context, snippet: bool) -> Self {
        Self {
            path,
            guess,
            context,
            open: snippet || context.is_patch(path),
            snippet,
            template: false,
            patch: context.is_patch(path),
            patched: false,
            inventory: None,
        }
    }
}

/// Adds the facts of a file, if it is YAML and somebody's work.
pub fn build_file(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    if !file.kind.is_yaml() || file.foreign || !is_wanted(wanted) {
        return;
    }
    let part = Part::new(file.path, Guess { kind: file.kind, sure: file.sure }, file.context, false);
    let part = Part { inventory: Some(file.inventory), ..part };
    read(&Text::whole(file.source.text()), &part, wanted, out);
}

/// Adds the facts of a snippet in a document: what it leaves out may be elsewhere.
pub fn build_snippet(code: &Code<'_>, file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    if file.foreign || !is_wanted(wanted) {
        return;
    }
    let kind = match &*super::fenced::language(code) {
        "yaml" | "yml" | "k8s" | "kubernetes" => Kind::YamlOther,
        "compose" => Kind::Compose,
        _ => return,
    };
    let first = out.subjects.len();
    read(&code.content(), &Part::new(file.path, Guess { kind, sure: false }, file.context, true), wanted, out);
    for subject in &mut out.subjects[first..] {
        subject.embedded = true;
    }
}

fn is_wanted(wanted: &Wanted) -> bool {
    ["yaml.", "k8s.", "kustomize.", "helm.", "compose."].iter().any(|prefix| wanted.any(prefix))
}

fn read(text: &Text<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let template = matches!(part.guess.kind, Kind::HelmTemplate | Kind::GoTemplate);
    let prepared = prepare(text, template);
    let yaml = Yaml::parse_prepared(&prepared);
    let empty = yaml.errors.is_empty() && yaml.roots().all(NodeRef::is_null);
    if part.guess.kind == Kind::Compose && !part.snippet && empty {
        super::compose::build_empty(text.as_str(), wanted, out);
    }
    build(&yaml, part, wanted, out);
}

/// Adds the facts of all documents of a part.
pub fn build(yaml: &Yaml<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let template = yaml.is_template() || matches!(part.guess.kind, Kind::HelmTemplate | Kind::GoTemplate);
    // What is wrong in a masked or shortened text is rarely its author's fault.
    let whole = !template && !part.snippet;
    if whole {
        faults(yaml, wanted, out);
        traps::hidden(yaml, wanted, out);
    }
    for document in &yaml.documents {
        let Some(root) = yaml.root_of(document) else {
            empty(yaml, document, part, wanted, out);
            continue;
        };
        if whole {
            repeated_keys(yaml, document, part.guess.kind, wanted, out);
            traps::build(yaml, document, part.guess.kind, wanted, out);
        }
        let part = Part { open: part.open || template || !document.complete, template, ..*part };
        let kind = kind_of(yaml, document, &part);
        // Of other snippets nobody knows whether they show two ways to write one thing.
        let meant = matches!(kind, Kind::Kubernetes | Kind::Compose | Kind::Workflow) && document.complete;
        if part.snippet && meant && !template {
            repeated_keys(yaml, document, part.guess.kind, wanted, out);
        }
        match kind {
            Kind::Kubernetes => super::k8s::build(root, &part, wanted, out),
            Kind::Kustomization => kustomization(root, &part, wanted, out),
            Kind::HelmChart => super::k8s::build_chart(root, &part, wanted, out),
            // The dependencies of old charts have a file of their own.
            Kind::YamlOther if part.path.ends_with("requirements.yaml") => {
                super::k8s::build_chart(root, &part, wanted, out);
            }
            Kind::HelmValues => super::k8s::build_values(root, wanted, out),
            Kind::Compose => super::compose::build(root, &part, wanted, out),
            Kind::JsonPatch if !part.snippet => operations(yaml.text_of(document), document, &part, wanted, out),
            _ => {}
        }
    }
}

/// A kustomization, and the patches that are written into it: each a part of an object.
fn kustomization(root: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    super::k8s::build_kustomization(root, part, wanted, out);
    let lists = [("patches", "patch"), ("patchesStrategicMerge", ""), ("patchesJson6902", "patch")];
    for (list, key) in lists {
        for item in root.get(list).into_iter().flat_map(NodeRef::items) {
            let node = if key.is_empty() { Some(item) } else { item.get(key) };
            let written = |text: &str| text.contains('\n') || text.starts_with(['[', '{']) || text.starts_with("- ");
            let node = node.filter(|node| node.scalar().is_some_and(written));
            let Some(text) = node.and_then(NodeRef::text) else { continue };
            let yaml = Yaml::parse(&text);
            let part = Part { open: true, patch: true, ..*part };
            if yaml.roots().any(NodeRef::is_sequence) {
                super::k8s::build_operations(yaml, &Patched::of(item.get("target")), &part, wanted, out);
                continue;
            }
            for root in yaml.roots().filter(|root| root.get("kind").is_some()) {
                super::k8s::build(root, &part, wanted, out);
            }
        }
    }
}

/// A file of operations that a kustomization applies to an object.
fn operations(text: &str, document: &Document, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let Some(patched) = part.context.patched(part.path).filter(|_| !part.template) else { return };
    let text = Text::at(text, document.span.start);
    super::k8s::build_operations(Yaml::parse(&text), patched, part, wanted, out);
}

/// The kind of one document; a template of a chart is a template of Kubernetes objects.
fn kind_of(yaml: &Yaml<'_>, document: &Document, part: &Part<'_>) -> Kind {
    let Some(root) = yaml.root_of(document) else { return part.guess.kind };
    let guess = match part.guess.kind {
        Kind::HelmTemplate | Kind::GoTemplate => Guess { kind: Kind::YamlOther, sure: false },
        _ => part.guess,
    };
    classify_document(root, guess)
}

/// The marker of a document without content; a file without any is no document.
fn empty(yaml: &Yaml<'_>, document: &Document, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let opened = yaml.text_of(document).starts_with("---");
    if part.snippet || yaml.is_template() || !document.complete || !opened || !wanted.subject(Empty::describe().name) {
        return;
    }
    let span = Span::new(document.span.start as usize, document.span.start as usize + 3);
    out.push(Empty { span, marker: "---".to_owned() }, "", document.span);
}

fn faults(yaml: &Yaml<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Fault::describe().name) {
        return;
    }
    for error in &yaml.errors {
        let kind = match error.kind {
            ErrorKind::Syntax => "syntax",
            ErrorKind::Tab => "tab",
            ErrorKind::UndefinedAlias => "alias",
            ErrorKind::TooDeep => "depth",
        };
        let fault = Fault { span: error.span, kind: kind.to_owned(), text: error.message.clone() };
        out.push(fault, "", error.span);
    }
}

fn repeated_keys(yaml: &Yaml<'_>, document: &Document, kind: Kind, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(RepeatedKey::describe().name) {
        return;
    }
    for duplicate in yaml.duplicate_keys(document) {
        // Many readers merge one after the other; Compose refuses the file.
        if duplicate.again.plain() == Some("<<") && kind != Kind::Compose {
            continue;
        }
        let (first, again) = (duplicate.first.span(), duplicate.again.span());
        let fact = RepeatedKey {
            span: again,
            key: duplicate.again.scalar().unwrap_or_default().to_owned(),
            first: Field::new(duplicate.first.raw().to_owned(), first),
        };
        out.push(fact, "", again);
    }
}
