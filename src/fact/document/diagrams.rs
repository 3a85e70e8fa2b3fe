//! Diagrams written in a document, as far as it matters whether they show anything.

use super::Diagram;
use super::scope::Scope;
use crate::syntax::markdown::Code;
use crate::text::Span;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A node of a flowchart with its words, `A[Web server]`, `db[(Orders)]`, or none.
static NODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"([A-Za-z][A-Za-z0-9_]*)[ \t]*(?:\[+[(/\\"]*|\(+[\["]*|\{+"?|>)([^\]\[(){}|]+)|([A-Za-z][A-Za-z0-9_]*)"#,
    )
    .ok()
});
/// A participant of a sequence with the name that is shown.
static PARTICIPANT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:participant|actor|component|node|database|cloud|rectangle)[ \t]+(?:\S+[ \t]+as[ \t]+)?(.+)$").ok()
});
/// Names that examples of the languages use, and templates leave.
static GENERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let things = "component|service|node|system|module|server|client|box|step|thing|element|resource|app|application";
    Regex::new(&format!(
        r"(?i)^(?:[a-z]\d?|(?:{things})(?:[ _-]?(?:[a-z]|\d{{1,2}}|name|here))?|foo|bar|baz|alice|bob|john|start|end|todo|tbd|placeholder|\[.*\]|\{{.*\}}|<.*>)$"
    ))
    .ok()
});
/// Arrows between nodes.
static ARROW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[ \t]*(?:<?[-=.ox]+[-=.>ox]+>?|--+|==+|~~~|&)(?:\|[^|]*\|)?[ \t]*").ok());

/// The diagrams of a document that are text.
pub(super) fn diagrams(scope: &Scope<'_>) -> Vec<Diagram> {
    let fenced = scope.tree.codes().filter(|code| code.fenced && scope.span.contains(code.span));
    fenced.filter_map(|code| diagram(&code)).collect()
}

fn diagram(code: &Code<'_>) -> Option<Diagram> {
    let language = code.language().to_lowercase();
    if !matches!(language.as_str(), "mermaid" | "plantuml" | "puml") {
        return None;
    }
    let content = code.content();
    let mut names = BTreeSet::new();
    // How often any of them is shown in words of its own.
    let mut shown = 0;
    let mut flow = language != "mermaid";
    for line in content.as_str().lines().map(str::trim).take(1000) {
        let first = line.split_whitespace().next().unwrap_or("");
        match first {
            "graph" | "flowchart" | "flowchart-elk" => flow = true,
            "" | "%%" | "@startuml" | "@enduml" | "subgraph" | "end" | "style" | "classDef" | "class" | "linkStyle"
            | "direction" | "click" | "sequenceDiagram" | "note" | "Note" | "skinparam" | "title" | "---" => {}
            _ => {
                shown += line.matches('[').count();
                named(line, flow, &mut names);
            }
        }
    }
    let generic = |name: &String| GENERIC.as_ref().is_some_and(|regex| regex.is_match(name.trim()));
    let (info, place) = code.info();
    let span = if info.is_empty() { code.open_line() } else { Span::new(place.start as usize, place.end as usize) };
    Some(Diagram {
        span,
        language,
        nodes: names.iter().take(5).cloned().collect(),
        placeholder: (names.len() >= 2 || shown >= 2) && !names.is_empty() && names.iter().all(generic),
    })
}

/// The names that a line of a diagram shows.
fn named(line: &str, flow: bool, names: &mut BTreeSet<String>) {
    if names.len() > 200 {
        return;
    }
    if let Some(found) = PARTICIPANT.as_ref().and_then(|regex| regex.captures(line)) {
        names.extend(found.get(1).map(|name| name.as_str().trim_matches(['"', ' ', '[', ']']).to_owned()));
        return;
    }
    if !flow {
        // `A->>B: words` shows both ends; what they say to each other is what it is about.
        let (ends, said) = line.split_once(':').unwrap_or((line, ""));
        let ends = ends.split(['-', '>', '<', '+', 'x', ')']).map(str::trim).filter(|end| !end.is_empty());
        names.extend(ends.map(str::to_owned));
        names.extend(Some(said.trim()).filter(|said| said.split_whitespace().count() > 2).map(str::to_owned));
        return;
    }
    let Some((arrow, node)) = ARROW.as_ref().zip(NODE.as_ref()) else { return };
    for part in arrow.split(line) {
        let Some(found) = node.captures(part) else { continue };
        let shown = found.get(2).or_else(|| found.get(3)).map(|name| name.as_str().trim_matches(['"', ' ', '/', '\\']));
        // A node that was given words before is written without them.
        names.extend(shown.filter(|_| found.get(2).is_some() || !part.contains('[')).map(str::to_owned));
    }
}
