//! What agents hand over as JSON: log entries, inputs, outputs and state files, held against their shapes.

use super::value::{Field, facts};
use super::{Facts, File, Looks, Wanted};
use crate::syntax::markdown::Document as Tree;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::syntax::{Kind, json};
use crate::text::{Span, Text};

mod shapes;

use shapes::{Form, INPUT, Key, LOG_ENTRY, OUTPUT};

facts! {
    /// Something that is wrong with what an agent hands over.
    pub struct HandoverFault = "agent.fault" {
        /// What is handed over: `log-entry`, `input`, `output` or `state`.
        "holder" holder: String,
        /// What is wrong: `syntax`, `missing` (keys), `value`, `form` (of an id), `contradiction` or `path`.
        "kind" kind: String,
        /// What is wrong, in words.
        "what" what: String,
        /// The `null` that stands where an empty list belongs.
        "null-for-list" null_for_list: Field<bool>,
    }
}

/// Larger ones are data.
const LONGEST: usize = 200_000;
/// Entries of a file that are looked at.
const MOST: usize = 200;

/// Looks at a document or a state file.
pub(super) fn build(file: &File<'_>, tree: Option<&Tree<'_>>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(HandoverFault::describe().name) {
        return;
    }
    let mut reader = Reader { file, out };
    match tree {
        Some(tree) => reader.document(tree),
        None if file.kind == Kind::Json && file.path.contains(".claude/vsm-state/") => reader.state(),
        None => {}
    }
}

struct Reader<'r, 'f> {
    file: &'r File<'f>,
    out: &'r mut Facts,
}

impl Reader<'_, '_> {
    fn document(&mut self, tree: &Tree<'_>) {
        let source = tree.source();
        let has = |sign: &str| memchr::memmem::find(source.as_bytes(), sign.as_bytes()).is_some();
        let (entries, objects) = (has("<log-entry>"), has("ci_cd") || has("\"focus\""));
        if !(entries || objects) || self.shows_how() {
            return;
        }
        if entries {
            self.entries(tree);
        }
        for code in tree.codes().filter(|code| objects && code.fenced && code.language().eq_ignore_ascii_case("json")) {
            let text = code.content();
            if text.len() <= LONGEST {
                self.object(&text);
            }
        }
    }

    /// A definition, a template or a prompt shows what shall be handed over.
    fn shows_how(&self) -> bool {
        let path = self.file.path.to_ascii_lowercase();
        let shows = ["template", "prompt", "example", "/agents/", "agents/", "commands/", "skills/"];
        let types = self.file.documents.of(self.file.path, &Looks::default());
        shows.iter().any(|word| path.contains(word)) || types.iter().any(|name| &**name == "agent.definition")
    }

    fn entries(&mut self, tree: &Tree<'_>) {
        const OPEN: &str = "<log-entry>";
        const CLOSE: &str = "</log-entry>";
        let source = tree.source();
        let quoted: Vec<Span> = tree.code_spans().collect();
        let starts = memchr::memmem::find_iter(source.as_bytes(), OPEN).take(MOST);
        for start in starts {
            let tag = Span::new(start, start + OPEN.len());
            let before = quoted.partition_point(|span| span.end <= tag.start);
            if quoted.get(before).is_some_and(|span| span.contains(tag)) {
                continue;
            }
            let rest = source.get(tag.end as usize..).unwrap_or("");
            let next = rest.find(OPEN).unwrap_or(rest.len());
            let body = rest.get(..next).unwrap_or("");
            match body.find(CLOSE) {
                Some(end) if end <= LONGEST => self.entry(&body[..end], tag),
                None if body.trim_start_matches(['`', ' ', '\r', '\n']).starts_with(['{', 'j']) => {
                    self.push(tag, "log-entry", "syntax", "the log entry is not closed: `</log-entry>` is missing");
                }
                _ => {}
            }
        }
    }

    /// What stands between the tags, in a fence of its own or not.
    fn entry(&mut self, body: &str, tag: Span) {
        let mut inner = body.trim();
        if let Some(fenced) = inner.strip_prefix("```") {
            inner = fenced.split_once('\n').map_or("", |(_, rest)| rest).trim_end().trim_end_matches('`').trim();
        }
        if inner.is_empty() || is_sketch(inner) {
            return;
        }
        if !inner.starts_with('{') {
            if body.contains('\n') {
                self.push(tag, "log-entry", "syntax", "the log entry is no JSON object");
            }
            return;
        }
        let start = tag.end as usize + (inner.as_ptr() as usize - body.as_ptr() as usize);
        let text = Text::at(inner, start as u32);
        if let Some((span, problem)) = broken(&text) {
            self.push(span, "log-entry", "syntax", &format!("the log entry is no JSON: {problem}"));
            return;
        }
        let yaml = Yaml::parse(&text);
        let Some(root) = yaml.root(0).filter(|root| root.is_mapping()) else { return };
        self.check(root, "log-entry", LOG_ENTRY, tag);
        self.consequences(root);
    }

    /// What an entry says beside its form.
    fn consequences(&mut self, root: NodeRef<'_>) {
        let requirements = root.get("requirements").filter(|list| list.is_sequence());
        for id in requirements.into_iter().flat_map(|list| list.items()) {
            if let Some(text) = id.scalar().filter(|text| !shapes::is_requirement(text)) {
                self.push(
                    id.span(),
                    "log-entry",
                    "form",
                    &format!("{text} is no requirement's id, such as REQ-012-DEP-001"),
                );
            }
        }
        let complete = root.get("action").and_then(NodeRef::scalar) == Some("COMPLETE");
        if let Some((key, errors)) = root.entry("errors").filter(|(_, errors)| errors.items().len() > 0 && complete) {
            let count = errors.items().len();
            self.push(
                key.span(),
                "log-entry",
                "contradiction",
                &format!("the action is COMPLETE, and there are errors ({count})"),
            );
        }
        for key in ["files_created", "files_modified"] {
            let list = root.get(key).filter(|list| list.is_sequence());
            list.into_iter().flat_map(|list| list.items()).for_each(|path| self.path(path, "log-entry"));
        }
    }

    fn path(&mut self, node: NodeRef<'_>, holder: &str) {
        let Some(path) = node.scalar().map(str::trim) else { return };
        let plain = !path.is_empty() && !path.contains(['*', '{', '<', ' ', ':']) && !path.starts_with(['/', '~', '$']);
        let path = path.trim_start_matches("./");
        if plain && path.contains(['/', '.']) && !path.starts_with("..") && !self.file.inventory.exists(path) {
            self.push(node.span(), holder, "path", &format!("there is no {path}"));
        }
    }

    /// An input or an output, told by its keys.
    fn object(&mut self, text: &Text<'_>) {
        if is_sketch(text.as_str()) || broken(text).is_some() {
            return;
        }
        let yaml = Yaml::parse(text);
        let Some(root) = yaml.root(0).filter(|root| root.is_mapping()) else { return };
        let has = |key: &str| root.get(key).is_some();
        let at = root.written().next().map_or(root.span(), |(key, _)| key.span());
        if has("status") && has("ci_cd") {
            self.check(root, "output", OUTPUT, at);
            let runbooks = root.path(&["handoff", "runbooks"]);
            for node in runbooks
                .into_iter()
                .flat_map(|node| if node.is_sequence() { node.items().collect() } else { vec![node] })
            {
                self.path(node, "output");
            }
        } else if has("task") && has("focus") {
            self.check(root, "input", INPUT, at);
        }
    }

    fn state(&mut self) {
        let source = self.file.source.text();
        let text = Text::whole(source);
        if source.trim().is_empty() || source.len() > LONGEST {
            return;
        }
        if let Some((span, problem)) = broken(&text) {
            self.push(span, "state", "syntax", &format!("this is no JSON: {problem}"));
            return;
        }
        if self.file.path.ends_with("/current-task.json") {
            let yaml = Yaml::parse(&text);
            if let Some(root) = yaml.root(0).filter(|root| root.is_mapping()) {
                let at = root.written().next().map_or(root.span(), |(key, _)| key.span());
                self.check(root, "input", INPUT, at);
            }
        }
    }

    /// Holds a mapping against its shape; what is missing is told once, at `at`.
    fn check(&mut self, root: NodeRef<'_>, holder: &str, shape: &[Key], at: Span) {
        let mut missing: Vec<&str> = Vec::new();
        for key in shape {
            let path: Vec<&str> = key.name.split('.').collect();
            match root.path(&path) {
                None if key.needed => missing.push(key.name),
                None => {}
                Some(value) => {
                    if let Some(wanted) = key.form.refuses(value) {
                        let what = format!("`{}` must be {wanted}", key.name);
                        let null = value.is_null() && value.plain() == Some("null");
                        let null = null && matches!(key.form, Form::List);
                        self.add(value.span(), holder, "value", what, null);
                    }
                }
            }
        }
        // A part that is missing as a whole is named once.
        let whole: Vec<&str> =
            missing.iter().copied().filter(|name| !missing.iter().any(|m| is_below(name, m))).collect();
        // What an object below lacks is told at its key.
        let mut places: Vec<(Span, Vec<&str>)> = Vec::new();
        for name in whole {
            let around = name.rsplit_once('.').and_then(|(parents, _)| {
                let (outer, last) = parents.rsplit_once('.').map_or((Some(root), parents), |(outer, last)| {
                    (root.path(&outer.split('.').collect::<Vec<_>>()), last)
                });
                Some(outer?.entry(last)?.0.span())
            });
            let place = around.unwrap_or(at);
            match places.iter_mut().find(|(span, _)| *span == place) {
                Some((_, names)) => names.push(name),
                None => places.push((place, vec![name])),
            }
        }
        for (place, names) in places {
            self.push(place, holder, "missing", &format!("lacks {}", names.join(", ")));
        }
    }

    fn push(&mut self, span: Span, holder: &str, kind: &str, what: &str) {
        self.add(span, holder, kind, what.to_owned(), false);
    }

    fn add(&mut self, span: Span, holder: &str, kind: &str, what: String, null_for_list: bool) {
        let (holder, kind) = (holder.to_owned(), kind.to_owned());
        let null_for_list = if null_for_list { Field::new(true, span) } else { Field::Absent };
        self.out.push(HandoverFault { span, holder, kind, what, null_for_list }, "", span);
    }
}

fn is_below(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'))
}

/// Signs that something is left out, to be chosen or to be filled in.
fn is_sketch(text: &str) -> bool {
    ["...", "…", "{{", "|BLOCKED", "| BLOCKED", "|partial", "| partial", "\"<", "|azure", "| azure"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Why a text is no JSON, and where that shows.
fn broken(text: &Text<'_>) -> Option<(Span, String)> {
    json::fault(text.as_str(), false).map(|(range, problem)| (text.span(range), problem))
}

impl Form {
    /// What a value should be, where it is not.
    fn refuses(&self, node: NodeRef<'_>) -> Option<String> {
        let text = node.scalar().filter(|_| !node.is_null() || node.plain().is_none());
        match self {
            Form::Any => None,
            Form::Text => text.is_none().then(|| "a text".to_owned()),
            Form::TextOrNull => {
                (!node.is_null() && (text.is_none() || node.plain().is_some())).then(|| "a text or null".to_owned())
            }
            Form::List => (!node.is_sequence()).then(|| "a list; an empty one for none".to_owned()),
            Form::Map => (!node.is_mapping()).then(|| "an object".to_owned()),
            Form::OneOf(words) => {
                let known = text.is_some_and(|text| words.contains(&text));
                (!known).then(|| format!("one of {}", words.join(", ")))
            }
        }
    }
}
