//! What documents say that other documents and Compose files have to agree with, each with its place.

use super::compose;
use super::document::normalise;
use super::summary::Place;
use super::{Facts, File, Wanted};
use crate::syntax::Kind;
use crate::syntax::markdown::{self, BlockId, BlockKind, Document as Tree};
use crate::syntax::yaml::Yaml;
use crate::text::{Span, Text};
use regex::Regex;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

/// What a document says.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// Whether it is a design document of infrastructure.
    pub design: bool,
    /// Services of the Compose files that it shows.
    pub services: Vec<(String, Place)>,
    /// What stands in the first cells of tables of services, table by table.
    pub tabled: Vec<Vec<(String, Place)>>,
    /// Whether it shows only a part of them.
    pub sketched: bool,
    /// Where it says that Docker Compose is used.
    pub compose: Option<Place>,
    /// Ids of requirements.
    pub requirements: Vec<Requirement>,
    /// Its headings below the title, as they compare, with their places.
    pub headings: Vec<(String, Place)>,
    /// Its longer paragraphs, as numbers that are equal where the words are.
    pub paragraphs: Vec<(u64, Place)>,
    /// Its lines, as they compare with those of an earlier revision.
    pub lines: Vec<String>,
    /// The first words of its status, lower case.
    pub status: String,
}

/// The id of a requirement in a document.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The id.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it begins a heading, a row or an item, which then says what is required.
    pub leads: bool,
    /// Whether that is a row of a table, which may as well say how a requirement is met.
    pub row: bool,
}

/// Heads of tables that tell how services run where there is no Compose.
const ELSEWHERE: [&str; 6] = ["task definition", "aws", "cluster", "scaling", "replicas", "tasks"];
/// Paragraphs with fewer words say the same by chance.
const LONG: usize = 20;
/// Ids, services and headings that are kept of one document.
const MOST: usize = 2_000;

static REQUIREMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bREQ-[0-9A-Za-z*{}]+(?:-[0-9A-Za-z*{}]+)*").ok());
static COMPOSE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bdocker[ -]compose\b").ok());

/// Names of services that a Compose file defines.
pub(super) fn services(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Vec<(String, Place)> {
    let own = facts.of::<compose::Service>().filter(|(subject, _)| !subject.embedded);
    own.take(MOST).map(|(_, service)| (service.name.clone(), Place::new(path, service.span, file.source))).collect()
}

/// What a document says, if any relation asks for it.
pub(super) fn paper(path: &Arc<str>, file: &File<'_>, types: &[Arc<str>], wanted: &Wanted) -> Option<Paper> {
    if file.kind != Kind::Markdown {
        return None;
    }
    let is = |name: &str| types.iter().any(|t| **t == *name);
    let (design, architecture) = (is("design.document"), is("infra-arch.document"));
    let template = path.contains("design-templates/");
    let twin = wanted.subject("project.repeated-text") && (architecture || path.contains("/prd/"));
    let past = wanted.subject("project.past-document") && (architecture || design);
    let required = memchr::memmem::find(file.source.text().as_bytes(), b"REQ-").is_some();
    if !(design || template || twin || past || required) {
        return None;
    }
    let tree = markdown::parse(file.source.text());
    let reader = Reader { path, file, tree: &tree };
    let mut paper = Paper { design, status: status(&tree), ..Paper::default() };
    if design {
        reader.compose(&mut paper);
        reader.tabled(&mut paper);
    }
    if required {
        reader.requirements(&mut paper);
    }
    if design || template {
        let all = tree.sections().iter().filter(|section| section.level == 2).take(MOST);
        paper.headings = all
            .map(|section| {
                let title = tree.section_title(section);
                (normalise(title.as_str()), reader.place(title.whole_span()))
            })
            .collect();
    }
    if twin {
        reader.paragraphs(&mut paper);
    }
    if past {
        paper.lines = lines(file.source.text());
    }
    Some(paper)
}

struct Reader<'r, 'd> {
    path: &'r Arc<str>,
    file: &'r File<'r>,
    tree: &'r Tree<'d>,
}

impl Reader<'_, '_> {
    fn place(&self, span: Span) -> Place {
        Place::new(self.path, span, self.file.source)
    }

    /// Blocks with words directly in them.
    fn leaves(&self) -> impl Iterator<Item = (BlockId, BlockKind, Text<'static>)> {
        let wanted = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::TableCell);
        let blocks = self.tree.blocks().filter(move |(_, block)| wanted(block.kind));
        blocks.map(|(id, block)| (id, block.kind, self.tree.run(id).text()))
    }

    fn compose(&self, paper: &mut Paper) {
        for (_, _, text) in self.leaves() {
            let Some(found) = COMPOSE.as_ref().and_then(|regex| regex.find(text.as_str())) else { continue };
            if !is_denied(&text.as_str()[..found.start()], &text.as_str()[found.end()..]) {
                paper.compose = Some(self.place(text.span(found.range())));
                break;
            }
        }
        for code in self.tree.codes().filter(|code| code.fenced) {
            let named = matches!(code.language().to_ascii_lowercase().as_str(), "yaml" | "yml" | "compose" | "");
            let content = code.content();
            if !named || !content.as_str().contains("services:") {
                continue;
            }
            paper.sketched |= content.as_str().contains("...") || content.as_str().contains('…');
            let yaml = Yaml::parse(&content);
            paper.sketched |= !yaml.errors.is_empty();
            let Some(services) = yaml.root(0).and_then(|root| root.get("services")) else { continue };
            for (key, _) in services.written().take(MOST) {
                let Some(name) = key.scalar() else { continue };
                paper.services.push((name.to_owned(), self.place(key.span())));
            }
        }
    }

    /// Services by the rows of tables that list them.
    fn tabled(&self, paper: &mut Paper) {
        let tree = self.tree;
        for (table, _) in tree.blocks().filter(|(_, block)| block.kind == BlockKind::Table) {
            let first = |row: BlockId| tree.children(row).next().map(|cell| tree.run(cell).text());
            let mut rows = tree.children(table);
            let columns = |row: BlockId| tree.children(row).map(|cell| normalise(tree.run(cell).text().as_str()));
            let deployed = |row: BlockId| columns(row).any(|name| ELSEWHERE.iter().any(|word| name.contains(word)));
            if tree.children(table).next().is_some_and(deployed) {
                continue;
            }
            let head = rows.next().and_then(first).map(|text| normalise(text.as_str()));
            if !head
                .is_some_and(|head| matches!(head.as_str(), "service" | "services" | "compose service" | "container"))
            {
                continue;
            }
            let names = rows.filter_map(first).filter(|text| !text.as_str().trim().is_empty()).take(MOST);
            let list = names.map(|text| (text.as_str().trim().to_owned(), self.place(text.whole_span()))).collect();
            paper.tabled.push(list);
        }
    }

    fn requirements(&self, paper: &mut Paper) {
        let Some(regex) = REQUIREMENT.as_ref() else { return };
        for (id, kind, text) in self.leaves() {
            for found in regex.find_iter(text.as_str()) {
                if paper.requirements.len() >= MOST {
                    return;
                }
                let first = text.as_str()[..found.start()].trim().is_empty();
                let leads = first && self.leads(id, kind, &text.as_str()[found.end()..]);
                let place = self.place(text.span(found.range()));
                paper.requirements.push(Requirement {
                    id: found.as_str().to_owned(),
                    place,
                    leads,
                    row: kind == BlockKind::TableCell,
                });
            }
        }
    }

    /// Whether what begins with an id says what is required: a heading, a row, an item or a line with more behind it.
    fn leads(&self, id: BlockId, kind: BlockKind, rest: &str) -> bool {
        let row = self.tree.block(id).parent;
        match kind {
            BlockKind::Heading(_) => true,
            BlockKind::TableCell => {
                rest.trim().is_empty()
                    && self.tree.block(row).kind == BlockKind::TableRow
                    && self.tree.children(row).next() == Some(id)
            }
            _ => rest.trim_start().starts_with([':', '-', '–', '—']) && rest.split_whitespace().count() >= 2,
        }
    }

    fn paragraphs(&self, paper: &mut Paper) {
        for (_, kind, text) in self.leaves() {
            let words: Vec<String> = text.as_str().split_whitespace().map(str::to_lowercase).collect();
            if kind == BlockKind::Paragraph && words.len() >= LONG {
                let mut hasher = DefaultHasher::new();
                words.hash(&mut hasher);
                paper.paragraphs.push((hasher.finish(), self.place(text.whole_span())));
            }
        }
    }
}

/// `not Docker Compose`, `instead of Docker Compose`, `Docker Compose is not used`.
fn is_denied(before: &str, after: &str) -> bool {
    let before = before.to_lowercase();
    let last: Vec<&str> = before.split_whitespace().rev().take(4).collect();
    let denied =
        ["not", "no", "never", "without", "instead", "from", "replace", "replaces", "replaced", "than", "drop"];
    let after: Vec<&str> = after.split_whitespace().take(4).collect();
    last.iter().any(|word| denied.contains(word)) || after.iter().any(|word| matches!(*word, "not" | "never"))
}

/// The first words of a status line.
fn status(tree: &Tree<'_>) -> String {
    let lines = tree.source().lines().take(60);
    let plain = lines.map(|line| line.replace(['*', '|', '`', '_'], " "));
    let mut values = plain.filter_map(|line| {
        let line = line.trim().trim_start_matches(['-', '#', ' ']).to_lowercase();
        Some(line.strip_prefix("status")?.trim_start_matches([':', ' ']).trim().to_owned())
    });
    values.next().unwrap_or_default().chars().take(40).collect()
}

/// Lines without markup, blanks and dates: what is only laid out anew is the same.
fn lines(text: &str) -> Vec<String> {
    let plain = |line: &str| {
        let words = super::project::words(line);
        (!words.is_empty() && words.first().is_none_or(|word| word != "status")).then(|| words.join(" "))
    };
    text.lines().filter_map(plain).collect()
}

/// What else a file names: runbooks that it may lead to, by the names of their files.
pub(super) fn mentions(file: &File<'_>) -> Vec<Box<str>> {
    let text = file.source.text();
    let asks = matches!(file.kind, Kind::Markdown) || file.kind.is_yaml();
    let spoken =
        || ["runbook", "Runbook"].iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    if !asks || !(file.path.contains("runbook") || spoken()) {
        return Vec::new();
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-./%".contains(c);
    let mut out: Vec<Box<str>> = Vec::new();
    for token in text.split(|c: char| !is_part(c)) {
        let name = token.rsplit('/').next().unwrap_or(token).trim_matches('.');
        let stem = name.strip_suffix(".md").or_else(|| name.strip_suffix(".html")).unwrap_or(name);
        if (stem.len() < name.len() || token.contains('/')) && !stem.is_empty() && out.len() < MOST {
            out.push(stem.to_lowercase().into());
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_used_is_not_promised() {
        for (before, after) in
            [("We do not use ", ""), ("Kubernetes instead of ", ""), ("", " is not used in production")]
        {
            assert!(is_denied(before, after), "{before}…{after}");
        }
        assert!(!is_denied("Development runs on ", ", production on ECS"));
    }

    #[test]
    fn a_status_is_read_in_several_dresses() {
        for source in
            ["**Status:** Approved\n", "- Status: Approved\n", "| Status | Approved |\n", "Status: **Approved**"]
        {
            assert_eq!(status(&markdown::parse(source)), "approved", "{source}");
        }
        assert_eq!(status(&markdown::parse("# A\n")), "");
    }
}
