//! Writes suppression comments into a text, in the language of each place, so that they cover what they are for.

use crate::rule::library::Library;
use crate::rule::select::Selected;
use crate::suppress::FileSuppressions;
use crate::syntax::yaml::{Yaml, prepare};
use crate::syntax::{Kind, dockerfile, markdown};
use crate::text::{Source, Span, Text};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A finding that shall be silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loud {
    /// The line on which it begins.
    pub line: u32,
    /// Its rule.
    pub rule: Arc<str>,
    /// The rule's number, and its variant's.
    pub selected: Selected,
}

/// What the comments say besides the rules.
pub struct Words<'w> {
    /// Why.
    pub reason: &'w str,
    /// The last day on which they count.
    pub until: Option<Date>,
    /// Today: comments of the past silence nothing.
    pub today: Date,
}

/// Where a comment may be put.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Put {
    /// On a line of its own above this one.
    Above(u32, Form),
    /// At the end of this line.
    Behind(u32, Form),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Form {
    Hash,
    Html,
}

/// The text with comments, and what no comment could silence.
pub fn silence(
    source: &Source,
    kind: Kind,
    library: &Library,
    loud: &[Loud],
    words: &Words<'_>,
) -> (String, Vec<Loud>) {
    let places = Places::new(source, kind);
    let mut open: Vec<(Loud, Vec<Put>)> = loud.iter().map(|loud| (loud.clone(), places.of(loud.line))).rev().collect();
    let mut left = Vec::new();
    loop {
        let (with, without): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, puts)| !puts.is_empty());
        left.extend(without.into_iter().map(|(loud, _)| loud));
        open = with;
        let mut wanted: BTreeMap<Put, BTreeSet<&str>> = BTreeMap::new();
        for (loud, puts) in &open {
            wanted.entry(puts[0]).or_default().insert(&loud.rule);
        }
        let text = written(source, &wanted, words);
        let read = FileSuppressions::read(&Source::new(&*text), kind, library, words.today);
        let shifted = |line: u32| {
            let above = wanted.keys().filter(|put| matches!(put, Put::Above(at, _) if *at <= line)).count();
            line + above as u32
        };
        let missed: Vec<bool> = open.iter().map(|(loud, _)| !read.covers(shifted(loud.line), loud.selected)).collect();
        if !missed.contains(&true) {
            left.sort_by(|a, b| (a.line, &a.rule).cmp(&(b.line, &b.rule)));
            return (text, left);
        }
        for ((_, puts), missed) in open.iter_mut().zip(missed) {
            if missed {
                puts.remove(0);
            }
        }
    }
}

fn written(source: &Source, wanted: &BTreeMap<Put, BTreeSet<&str>>, words: &Words<'_>) -> String {
    let mut inserts: Vec<(usize, String)> = Vec::new();
    for (put, rules) in wanted {
        match *put {
            Put::Above(line, form) => {
                let range = source.lines().line_range(line, source.text());
                let own = &source.text()[range.clone()];
                let indent = own.len() - own.trim_start_matches([' ', '\t', '>']).len();
                let comment = comment(form, rules, words);
                inserts.push((range.start, format!("{}{comment}{}", &own[..indent], newline(source, line))));
            }
            Put::Behind(line, form) => {
                let range = source.lines().line_range(line, source.text());
                let end = range.start + source.text()[range].trim_end().len();
                inserts.push((end, format!(" {}", comment(form, rules, words))));
            }
        }
    }
    inserts.sort_by_key(|(at, _)| *at);
    let mut text = String::with_capacity(source.text().len() + inserts.len() * 80);
    let mut at = 0;
    for (place, insert) in inserts {
        text.push_str(&source.text()[at..place]);
        text.push_str(&insert);
        at = place;
    }
    text.push_str(&source.text()[at..]);
    text
}

fn comment(form: Form, rules: &BTreeSet<&str>, words: &Words<'_>) -> String {
    let mut list: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
    list.extend(words.until.map(|day| format!("until={day}")));
    let reason = words.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = format!("infralint: ignore[{}] {reason}", list.join(", "));
    match form {
        Form::Hash => format!("# {}", text.trim_end()),
        // Nothing within a comment may look like its end.
        Form::Html => format!("<!-- {} -->", text.trim_end().replace("--", "-")),
    }
}

/// What ends a line; a last line without an end is ended as the first one is.
fn newline(source: &Source, line: u32) -> &'static str {
    let ends = |line: u32| {
        let end = source.lines().line_range(line, source.text()).end;
        source.text()[end..].starts_with("\r\n")
    };
    if ends(line) || (line == source.lines().line_count() && ends(1)) { "\r\n" } else { "\n" }
}

/// The language of each line, and what stretches over several.
struct Places {
    kind: Kind,
    /// Snippets and frontmatter, by their lines.
    parts: Vec<(u32, u32, Kind)>,
    /// Instructions and scalars of several lines; within them a comment is none.
    stretches: Vec<(u32, u32)>,
    /// Fences with their marks.
    fences: Vec<(u32, u32)>,
    tables: BTreeSet<u32>,
}

impl Places {
    fn new(source: &Source, kind: Kind) -> Self {
        let mut places =
            Self { kind, parts: Vec::new(), stretches: Vec::new(), fences: Vec::new(), tables: BTreeSet::new() };
        if kind == Kind::Markdown {
            places.document(source);
        } else {
            places.part(source, &Text::whole(source.text()), kind);
        }
        places.stretches.sort_unstable();
        places
    }

    fn document(&mut self, source: &Source) {
        let document = markdown::parse(source.text());
        if let Some(front) = document.frontmatter() {
            let (first, last) = lines(source, front.content);
            self.parts.push((first, last, Kind::YamlOther));
            self.part(source, &Text::at(source.slice(front.content), front.content.start), Kind::YamlOther);
        }
        for (_, block) in document.blocks() {
            if matches!(block.kind, markdown::BlockKind::Table) {
                let (first, last) = lines(source, block.span);
                self.tables.extend(first..=last);
            }
        }
        for code in document.codes().filter(|code| code.fenced) {
            let content = code.content();
            let kind = match code.language().to_ascii_lowercase().as_str() {
                "dockerfile" | "docker" | "containerfile" => Kind::Dockerfile,
                "yaml" | "yml" => Kind::YamlOther,
                "sh" | "bash" | "shell" | "ini" | "toml" | "env" | "dotenv" | "properties" | "hcl" => Kind::Shell,
                _ => Kind::Json,
            };
            if content.as_str().is_empty() {
                continue;
            }
            let (first, last) = lines(source, content.span(0..content.as_str().len()));
            self.parts.push((first, last, kind));
            self.fences.push((first.saturating_sub(1).max(1), last + 1));
            self.part(source, &content, kind);
        }
        self.parts.sort_unstable_by_key(|part| part.0);
        self.fences.sort_unstable();
    }

    fn part(&mut self, source: &Source, text: &Text<'_>, kind: Kind) {
        match kind {
            Kind::Dockerfile => {
                let file = dockerfile::parse(text);
                self.stretches.extend(file.instructions.iter().map(|i| lines(source, i.span)));
            }
            kind if kind.is_yaml() => {
                let template = matches!(kind, Kind::HelmTemplate | Kind::GoTemplate);
                let prepared = prepare(text, template);
                let yaml = Yaml::parse_prepared(&prepared);
                let nodes = yaml.documents.iter().flat_map(|document| yaml.nodes_of(document));
                let scalars = nodes.filter(|node| node.scalar().is_some()).map(|node| lines(source, node.span()));
                self.stretches.extend(scalars.filter(|(first, last)| first < last));
            }
            _ => {}
        }
    }

    /// Where a comment for a line may be put, the best place first.
    fn of(&self, line: u32) -> Vec<Put> {
        let part = self.parts.iter().find(|(first, last, _)| (*first..=*last).contains(&line));
        let kind = part.map_or(self.kind, |(_, _, kind)| *kind);
        let after = self.stretches.partition_point(|(first, _)| *first <= line);
        let stretch = self.stretches[..after].last().filter(|(_, last)| line <= *last);
        let mut puts = match kind {
            Kind::Dockerfile => vec![Put::Above(stretch.map_or(line, |stretch| stretch.0), Form::Hash)],
            kind if kind.is_yaml() => match stretch {
                Some((first, _)) => vec![Put::Above(*first, Form::Hash)],
                None => vec![Put::Behind(line, Form::Hash), Put::Above(line, Form::Hash)],
            },
            Kind::Markdown if self.tables.contains(&line) => {
                let first = (1..=line).rev().find(|n| !self.tables.contains(n)).map_or(1, |before| before + 1);
                vec![Put::Above(first, Form::Html)]
            }
            Kind::Markdown => vec![Put::Behind(line, Form::Html), Put::Above(line, Form::Html)],
            Kind::Shell | Kind::Dotenv | Kind::Ini | Kind::Properties | Kind::Toml | Kind::Terraform => {
                vec![Put::Above(line, Form::Hash)]
            }
            Kind::Xml if line > 1 => vec![Put::Above(line, Form::Html)],
            _ => Vec::new(),
        };
        // A comment above the fence covers all that is in it.
        let fence = self.fences.iter().find(|(first, last)| (*first..=*last).contains(&line));
        if let Some((first, _)) = fence {
            if part.is_none() {
                puts.clear();
            }
            puts.push(Put::Above(*first, Form::Html));
        }
        puts
    }
}

fn lines(source: &Source, span: Span) -> (u32, u32) {
    let text = source.slice(span).trim_end();
    let last = (span.start + text.len() as u32).saturating_sub(1).max(span.start);
    (source.lines().line_of(span.start), source.lines().line_of(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silenced(kind: Kind, text: &str, lines: &[u32]) -> (String, usize) {
        let library = Library::builtin().unwrap_or_else(|errors| panic!("{errors:?}"));
        let rule = library.index.number("docs/conflict-marker").unwrap();
        let selected = Selected { rule, variant: None };
        let loud: Vec<Loud> =
            lines.iter().map(|line| Loud { line: *line, rule: library.rules[rule].id.clone(), selected }).collect();
        let words = Words { reason: "we  know\nit", until: None, today: jiff::civil::date(2026, 6, 15) };
        let (text, left) = silence(&Source::new(text), kind, &library, &loud, &words);
        (text.replace("infralint: ignore[docs/conflict-marker] we know it", "@"), left.len())
    }

    #[test]
    fn in_every_language() {
        for (kind, text, line, expected) in [
            (Kind::Dockerfile, "FROM a\nRUN b \\\n  && c\n", 3, "FROM a\n# @\nRUN b \\\n  && c\n"),
            (Kind::Dockerfile, "FROM a\r\nRUN <<E\r\nx\r\nE\r\n", 3, "FROM a\r\n# @\r\nRUN <<E\r\nx\r\nE\r\n"),
            (Kind::YamlOther, "a:\n  b: 1\n", 2, "a:\n  b: 1 # @\n"),
            (Kind::YamlOther, "a:\n  b: 1 # note\n", 2, "a:\n  # @\n  b: 1 # note\n"),
            (Kind::YamlOther, "a:\n  - b: |\n      x\n      y\n", 4, "a:\n  # @\n  - b: |\n      x\n      y\n"),
            (Kind::YamlOther, "a: \"x\n  y\"\n", 1, "# @\na: \"x\n  y\"\n"),
            (Kind::Markdown, "# A\n\ntext\n", 1, "# A <!-- @ -->\n\ntext\n"),
            (Kind::Markdown, "- a\n- b\n", 2, "- a\n- b <!-- @ -->\n"),
            (Kind::Markdown, "| a |\n|---|\n| b |\n", 3, "<!-- @ -->\n| a |\n|---|\n| b |\n"),
            (Kind::Markdown, "---\nx: 1\n---\n", 2, "---\nx: 1 # @\n---\n"),
            (Kind::Markdown, "> ```sh\n> x\n> ```\n", 2, "> ```sh\n> # @\n> x\n> ```\n"),
            (Kind::Markdown, "```json\n{}\n```\n", 2, "<!-- @ -->\n```json\n{}\n```\n"),
            (
                Kind::Markdown,
                "- a\n  ```dockerfile\n  FROM a\n  ```\n",
                3,
                "- a\n  ```dockerfile\n  # @\n  FROM a\n  ```\n",
            ),
            (Kind::Dotenv, "A=1\nB=2", 2, "A=1\n# @\nB=2"),
            (Kind::Xml, "<a>\n <b/>\n</a>\n", 2, "<a>\n <!-- @ -->\n <b/>\n</a>\n"),
        ] {
            assert_eq!(silenced(kind, text, &[line]), (expected.to_owned(), 0), "{kind} {text}");
        }
        assert_eq!(silenced(Kind::Json, "{}\n", &[1]), ("{}\n".to_owned(), 1));
    }

    #[test]
    fn several_at_once() {
        let (text, left) = silenced(Kind::YamlOther, "a: 1\nb: |\n  x\nc: 1 # d\n", &[1, 3, 4]);
        assert_eq!((text.as_str(), left), ("a: 1 # @\n# @\nb: |\n  x\n# @\nc: 1 # d\n", 0));
    }
}
