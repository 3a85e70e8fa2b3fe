//! Parts that need no reading of the document: fences, links, frontmatter.

use super::Prose;
use super::agents;
use super::scope::Scope;
use crate::fact::File;
use crate::fact::markdown::has_nested_fence;
use crate::fact::value::{Field, facts};
use crate::syntax::markdown::{Document as Tree, LinkKind};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Spanned, Text};

facts! {
    /// A fenced code block.
    pub struct Fence = "document.fence" {
        /// The first word behind the fence, lower case.
        "language" language: Field<String>,
        /// All that stands behind the fence.
        "info" info: Field<String>,
        /// Whether its closing fence is there.
        "closed" closed: bool,
        /// Whether it lacks its closing fence and swallows the rest of the file; not where it is itself the end of a block
        /// that was closed too early.
        "open-to-end" open_to_end: bool,
        /// The number of lines between the fences.
        "lines" lines: i64,
    }

    /// A fenced code block with what is in it.
    pub struct Code = "document.code" {
        /// The first word behind the fence, lower case.
        "language" language: Spanned<String>,
        /// What stands between the fences.
        "text" text: Prose,
    }

    /// A link or an image.
    pub struct Link = "document.link" {
        /// Where it leads, escapes undone.
        "target" target: Spanned<String>,
        /// What it shows.
        "text" text: String,
        /// How it is written: `inline`, `reference`, `autolink`.
        "syntax" syntax: String,
        /// Whether it is an image.
        "image" image: bool,
    }

    /// The YAML before a document.
    pub struct Frontmatter = "document.frontmatter" {
        /// Whether the closing fence is there.
        "closed" closed: bool,
        /// Whether it is a YAML mapping, or empty.
        "mapping" mapping: Field<bool>,
        /// What keeps it from being YAML.
        "problem" error: Field<String>,
        /// Its keys.
        "keys" keys: Vec<Spanned<String>>,
        /// The opening fence of a second block of keys and values right behind it.
        "second" second: Option<Spanned<String>>,
        /// A key of the second block that has another value in the first.
        "conflict" conflict: Option<Spanned<String>>,
        /// To whom an agent hands over.
        "handoffs" handoffs: Vec<Handoff>,
        /// The tools that an agent may use.
        "tools" tools: Vec<Spanned<String>>,
        /// A tool that is listed twice.
        "repeated-tool" repeated_tool: Option<Spanned<String>>,
        /// A trigger, or the list of them, that is no text.
        "odd-trigger" odd_trigger: Option<Spanned<String>>,
        /// The first language of commands that the document shows: `bash`, `sh`, `console` …
        "commands" commands: Option<Spanned<String>>,
        /// The first agent that the document names and that is not in its folder.
        "unknown-agent" unknown_agent: Option<Spanned<String>>,
    }

    /// To whom an agent hands over.
    pub struct Handoff = "document.handoff" {
        /// The agent.
        "target" target: Field<String>,
        /// Whether an agent of that name lies in the same folder, or it is the orchestrator.
        "known" known: Field<bool>,
        /// Those of target, label and prompt that are not given.
        "missing" missing: Vec<String>,
        /// Whether `send`, if it is given, is true or false.
        "send-is-flag" send_is_flag: bool,
    }
}

/// The fenced code blocks.
pub(super) fn fences(tree: &Tree<'_>) -> Vec<Fence> {
    let fenced = tree.codes().filter(|code| code.fenced);
    // One that a fence inside of it closed too early leaves its own end behind, which then opens another.
    let early = tree.codes().any(|code| code.open_to_end()) && has_nested_fence(tree);
    fenced
        .map(|code| {
            let (info, place) = code.info();
            let language = code.language().to_lowercase();
            let known = |text: String| if text.is_empty() { Field::Absent } else { Field::new(text, place) };
            Fence {
                span: code.open_line(),
                language: known(language),
                info: known(info.to_owned()),
                closed: code.closed(),
                open_to_end: code.open_to_end() && !(early && info.is_empty()),
                lines: code.content().as_str().lines().count() as i64,
            }
        })
        .collect()
}

/// The fenced code blocks of a document, with what is in them.
pub(super) fn codes(scope: &Scope<'_>) -> Vec<Code> {
    let found = scope.tree.codes().filter(|code| scope.span.contains(code.span));
    let read = |code: crate::syntax::markdown::Code<'_>| {
        let (info, place) = code.info();
        let named = code.fenced && !info.is_empty();
        let language = if named { code.language().to_lowercase() } else { String::new() };
        let place = if named { place } else { code.open_line() };
        let text = Prose::new(code.content().into_owned());
        Code { span: code.open_line(), language: Spanned::new(language, place), text }
    };
    found.map(read).collect()
}

/// The links and images.
pub(super) fn links(tree: &Tree<'_>) -> Vec<Link> {
    let read = |link: &crate::syntax::markdown::Link<'_>| Link {
        span: link.span,
        target: Spanned::new(link.target.to_string(), link.target_span.unwrap_or(link.span)),
        text: tree.link_run(link).plain(),
        syntax: match link.kind {
            LinkKind::Inline => "inline",
            LinkKind::Reference => "reference",
            LinkKind::Autolink => "autolink",
        }
        .to_owned(),
        image: link.image,
    };
    tree.links().iter().map(read).collect()
}

/// Whether a second block of keys and values stands right behind the frontmatter.
pub(super) fn has_second(tree: &Tree<'_>) -> bool {
    let front = tree.frontmatter().filter(|front| !front.toml && front.closed);
    front.is_some_and(|front| second(tree, front.span.end).is_some())
}

/// The frontmatter, if there is any.
pub(super) fn frontmatter(tree: &Tree<'_>, file: &File<'_>) -> Option<Frontmatter> {
    let front = tree.frontmatter().filter(|front| !front.toml)?;
    let text = Text::at(tree.slice(front.content), front.content.start);
    let yaml = Yaml::parse(&text);
    let error = yaml.errors.first();
    let root = yaml.root(0);
    // A template of a site generator is YAML only once it is filled in.
    let template = text.as_str().contains("{{") || text.as_str().contains("{%") || is_read_by_line(file.path);
    let keys = root.filter(|root| root.is_mapping()).map(|root| {
        let named = root.written().filter_map(|(key, _)| Some(Spanned::new(key.scalar()?.to_owned(), key.span())));
        named.collect()
    });
    let second = second(tree, front.span.end).filter(|_| front.closed);
    let open = Span::new(front.span.start as usize, front.span.start as usize + 3);
    let tools = root.map(agents::tools).unwrap_or_default();
    let repeated = |at: &usize| tools[..*at].iter().any(|tool| tool.value == tools[*at].value);
    let repeated_tool = (1..tools.len()).find(repeated).map(|at| tools[at].clone());
    Some(Frontmatter {
        odd_trigger: root.and_then(agents::odd_trigger),
        commands: agents::commands(tree),
        unknown_agent: agents::unknown(tree, file),
        repeated_tool,
        tools,
        span: open,
        closed: front.closed,
        mapping: match template {
            true => Field::unknown("", open),
            false => Field::new(error.is_none() && root.is_none_or(|root| root.is_mapping() || root.is_null()), open),
        },
        error: match error.filter(|_| !template) {
            Some(error) => Field::new(error.message.to_string(), within(error.span, front.content, tree)),
            None => Field::Absent,
        },
        keys: keys.unwrap_or_default(),
        second: second.map(|(open, _)| Spanned::new("---".to_owned(), open)),
        conflict: second.zip(root).and_then(|((_, content), root)| conflict(tree, content, root)),
        handoffs: root.and_then(|root| root.get("handoffs")).map(|list| handoffs(list, file)).unwrap_or_default(),
    })
}

/// Rules for assistants: their tools read `globs: **/*.ts` line by line, as no YAML.
fn is_read_by_line(path: &str) -> bool {
    let folders = [".windsurf/", ".cursor/", ".github/instructions/", ".trae/", ".kiro/steering/", ".clinerules/"];
    let within = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    path.ends_with(".instructions.md") || (folders.into_iter().any(within) && !path.contains("/agents/"))
}

/// What is never closed is missed behind the last line: the place is where that line ends.
fn within(span: Span, content: Span, tree: &Tree<'_>) -> Span {
    let last = tree.slice(content).trim_end();
    let end = content.start + last.len() as u32;
    if span.start < end || last.is_empty() {
        return span;
    }
    let len = last.chars().next_back().map_or(0, char::len_utf8) as u32;
    Span { start: end - len, end }
}

/// A second block of keys and values, with nothing but blank lines before it: its fence, what is in it.
fn second(tree: &Tree<'_>, from: u32) -> Option<(Span, Span)> {
    let rest = tree.source().get(from as usize..)?;
    let lead = rest.len() - rest.trim_start().len();
    let body = rest.get(lead..)?.strip_prefix("---")?;
    let body = body.strip_prefix('\r').unwrap_or(body).strip_prefix('\n')?;
    let open = from as usize + lead;
    let start = tree.source().len() - body.len();
    let mut at = start;
    let mut keyed = 0;
    for line in body.split_inclusive('\n').take(200) {
        let text = line.trim_end();
        if text == "---" {
            return (keyed > 0).then(|| (Span::new(open, open + 3), Span::new(start, at)));
        }
        let key = text.split_once(':').map(|(key, _)| key);
        let named = key
            .is_some_and(|key| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        let inner = text.starts_with([' ', '\t', '-', '#']) || text.is_empty();
        let continued = inner && keyed > 0;
        if !named && !continued {
            return None;
        }
        keyed += usize::from(named);
        at += line.len();
    }
    None
}

/// The first key of the second block that says something else than the first block.
fn conflict(tree: &Tree<'_>, content: Span, root: NodeRef<'_>) -> Option<Spanned<String>> {
    let text = Text::at(tree.slice(content), content.start);
    let yaml = Yaml::parse(&text);
    let second = yaml.root(0)?;
    for (key, value) in second.written() {
        let Some(name) = key.scalar() else { continue };
        let first = root.get(name).and_then(NodeRef::scalar);
        if first.zip(value.scalar()).is_some_and(|(a, b)| a != b) {
            return Some(Spanned::new(name.to_owned(), key.span().to(value.span())));
        }
    }
    None
}

/// Handoffs of one agent that are looked at.
const MOST: usize = 100;

fn handoffs(list: NodeRef<'_>, file: &File<'_>) -> Vec<Handoff> {
    let mut out = Vec::new();
    for item in list.items().take(MOST) {
        let target = item.get("target").or_else(|| item.get("agent"));
        let named = target.and_then(|node| Some((node.scalar()?, node.span())));
        let missing = ["label", "prompt"].iter().filter(|key| item.get(key).is_none()).map(|key| (*key).to_owned());
        let missing = named.is_none().then(|| "target".to_owned()).into_iter().chain(missing);
        let there = |name: &str| name == "orchestrator" || agents::is_there(name, file);
        let send = item.get("send");
        out.push(Handoff {
            span: target.map_or(item.span(), |node| node.span()),
            target: named.map_or(Field::Absent, |(name, span)| Field::new(name.to_owned(), span)),
            known: named.map_or(Field::Absent, |(name, span)| Field::new(there(name), span)),
            missing: missing.collect(),
            send_is_flag: send.is_none_or(|node| matches!(node.plain(), Some("true" | "false"))),
        });
    }
    out
}
