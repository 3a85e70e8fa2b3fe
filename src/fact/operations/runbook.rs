//! Runbooks by what their sections are about.

use super::Runbook;
use crate::fact::File;
use crate::fact::document::{is_english, normalise};
use crate::fact::value::Field;
use crate::syntax::markdown::{BlockKind, Document as Tree};
use crate::text::Span;
use regex::Regex;
use std::sync::LazyLock;

const MEANING: &[&str] = &["meaning", "description", "overview", "summary", "what", "about", "alert", "background"];
const IMPACT: &[&str] = &["impact", "severity", "consequence", "effect"];
const DIAGNOSIS: &[&str] =
    &["diagnos", "investigat", "troubleshoot", "triage", "debug", "verif", "check", "identif", "cause", "analysis"];
const MITIGATION: &[&str] =
    &["mitigat", "resol", "remed", "fix", "solution", "recover", "workaround", "repair", "solve"];
const SYMPTOMS: &[&str] =
    &["symptom", "trigger", "signs", "indicator", "alert", "problem", "issue", "impact", "detection"];
const STEPS: &[&str] = &[
    "step",
    "action",
    "procedure",
    "instruction",
    "how to",
    "response",
    "playbook",
    "process",
    "what to do",
    "usage",
    "operation",
    "task",
    "command",
    "walkthrough",
    "deploy",
    "install",
    "restart",
    "restore",
    "upgrade",
    "rotat",
    "migrat",
    "creat",
    "configur",
    "run",
    "set",
    "add",
    "remov",
    "updat",
    "test",
    "scal",
    "access",
    "manag",
    "start",
    "stop",
    "delete",
    "connect",
    "enabl",
    "disabl",
    "debug",
    "clean",
    "drain",
    "replac",
    "increas",
    "releas",
    "build",
];
const ESCALATION: &[&str] = &["escalat", "contact", "on-call", "oncall", "who to call", "owner"];
const ROLLBACK: &[&str] = &["rollback", "roll back", "revert", "undo", "back out", "backout"];

/// A shape: its name, and its parts with the words that name them.
type Shape = (&'static str, [(&'static str, &'static [&'static str]); 4]);

const SHAPES: [Shape; 2] = [
    ("meaning", [("Meaning", MEANING), ("Impact", IMPACT), ("Diagnosis", DIAGNOSIS), ("Mitigation", MITIGATION)]),
    ("symptoms", [("Symptoms", SYMPTOMS), ("Steps", STEPS), ("Escalation", ESCALATION), ("Rollback", ROLLBACK)]),
];

/// Headings that tell a shape: no other kind of document has three of the four.
const TOLD: [[&str; 4]; 2] =
    [["meaning", "impact", "diagnosis", "mitigation"], ["symptoms", "steps", "escalation", "rollback"]];

pub(super) fn runbook(file: &File<'_>, tree: &Tree<'_>) -> Runbook {
    let names = names(tree);
    let told = |exact: &[&str; 4]| exact.iter().filter(|part| names.iter().any(|name| starts(name, part))).count();
    // Steps and a way back has every page that says how something is done; symptoms make it one of an alert.
    let alert = names.iter().any(|name| starts(name, "symptoms") || starts(name, "symptom"));
    let tells = |name: &str, exact: &[&str; 4]| told(exact) >= if name == "meaning" || alert { 2 } else { 3 };
    let shape =
        SHAPES.iter().zip(&TOLD).filter(|((name, _), exact)| tells(name, exact)).max_by_key(|(_, exact)| told(exact));
    let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| holds(name, word)));
    let (shape, missing) = match shape {
        Some(((name, parts), _)) => {
            let missing = parts.iter().filter(|(_, words)| !has(words)).map(|(part, _)| (*part).to_owned()).collect();
            (*name, missing)
        }
        None if has(STEPS) || has(MITIGATION) || has(DIAGNOSIS) => ("free", Vec::new()),
        None => ("free", free(tree, file)),
    };
    let title = tree.sections().first().map(|section| tree.section_title(section).whole_span());
    let fences = tree.codes().count() as i64;
    let links = tree.links().iter().filter(|link| !link.image).count() as i64;
    Runbook {
        span: title.unwrap_or(Span::new(0, 0)),
        shape: shape.to_owned(),
        missing,
        fences,
        links,
        reviewed: reviewed(tree),
    }
}

static REVIEWED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "last[ _-]review(?:ed)?|reviewed|last[ _-]updated|updated|last[ _-]modified|last[ _-]tested";
    Regex::new(&format!(r"(?im)^[ \t>*_-]*(?:{names})[ \t]*(?:on)?[*_]*[ \t]*[:|][ \t*_`]*(\d{{4}})-(\d\d)-(\d\d)"))
        .ok()
});

/// The day of the last review, where a line gives it.
fn reviewed(tree: &Tree<'_>) -> Field<i64> {
    let Some(found) = REVIEWED.as_ref().and_then(|regex| regex.captures(tree.source())) else { return Field::Absent };
    let (Some(year), Some(day)) = (found.get(1), found.get(3)) else { return Field::Absent };
    let digits: String = tree.source()[year.start()..day.end()].chars().filter(char::is_ascii_digit).collect();
    digits.parse().map_or(Field::Absent, |day_number| Field::new(day_number, Span::new(year.start(), day.end())))
}

/// A page of any other shape only has to say what to do: in a section, a list of steps or a command.
fn free(tree: &Tree<'_>, file: &File<'_>) -> Vec<String> {
    let shown = tree.blocks().any(|(_, block)| {
        matches!(block.kind, BlockKind::Code { .. } | BlockKind::List { ordered: true } | BlockKind::Item { .. })
    });
    // What headings in another language say is not known here.
    if shown || forwards(tree) || !is_english(file, tree) { Vec::new() } else { vec!["Steps".to_owned()] }
}

/// A page of a few words that sends its reader to another one.
fn forwards(tree: &Tree<'_>) -> bool {
    const FEW: usize = 15;
    let paragraphs =
        || tree.blocks().filter(|(_, block)| block.kind == BlockKind::Paragraph).map(|(id, _)| tree.run(id).text());
    let words: usize = paragraphs().map(|text| text.as_str().split_whitespace().count()).sum();
    // A shortcode of a site generator is no link to a parser.
    words <= FEW
        && (tree.links().iter().any(|link| is_page(&link.target)) || paragraphs().any(|text| is_page(text.as_str())))
}

fn is_page(text: &str) -> bool {
    text.contains(".md") && !text.contains("://")
}

/// Headings and bold lines.
fn names(tree: &Tree<'_>) -> Vec<String> {
    let headings = tree.sections().iter().skip(1).map(|section| normalise(tree.section_title(section).as_str()));
    let leads = tree.blocks().filter(|(_, block)| block.kind == BlockKind::Paragraph).filter_map(|(id, _)| {
        let strong = tree.run(id).strong()?;
        Some(normalise(strong.lead.text().as_str()))
    });
    headings.chain(leads).collect()
}

fn starts(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether a word of the name begins so.
fn holds(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric))
}
