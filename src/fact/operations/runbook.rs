//! Runbooks by what their sections are about.

use super::Runbook;
use crate::fact::File;
use crate::fact::document::{is_spoken, normalise};
use crate::fact::value::Field;
use crate::syntax::markdown::{BlockId, BlockKind, Document as Tree};
use crate::text::Span;
use regex::Regex;
use std::sync::LazyLock;

const MEANING: &[&str] = &[
    "meaning",
    "description",
    "overview",
    "summary",
    "what",
    "about",
    "alert",
    "background",
    "symptom",
    "trigger",
    "signs",
    "context",
    "condition",
    "purpose",
    "detail",
    "definition",
    "explanation",
    "introduction",
    "problem",
    "issue",
];
const IMPACT: &[&str] = &[
    "impact",
    "severity",
    "consequence",
    "effect",
    "affected",
    "blast radius",
    "symptom",
    "why it matters",
    "why this matters",
    "importance",
    "risk",
    "what breaks",
    "what happens if",
];
const DIAGNOSIS: &[&str] = &[
    "diagnos",
    "investigat",
    "troubleshoot",
    "triage",
    "debug",
    "verif",
    "check",
    "identif",
    "cause",
    "analysis",
    "where to look",
    "first step",
    "dashboard",
    "find out",
    "confirm",
    "inspect",
    "examin",
];
const MITIGATION: &[&str] =
    &["mitigat", "resol", "remed", "fix", "solution", "recover", "workaround", "repair", "solve", "restor"];
/// Names of parts that say what to do, unless they say what to look at: `Diagnostic steps`.
const ACTING: &[&str] = &[
    "step",
    "action",
    "procedure",
    "instruction",
    "response",
    "respond",
    "playbook",
    "what to do",
    "what should",
    "what do i do",
    "what can",
    "what now",
    "do",
    "handling",
    "corrective",
    "countermeasure",
    "intervention",
    "cure",
    "therapy",
    "to do",
    "todo",
];
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
    let (shape, missing) = shape(&names(tree), tree, file);
    let title = tree.sections().first().map(|section| tree.section_title(section).whole_span());
    let fences = tree.codes().count() as i64;
    let links = tree.links().iter().filter(|link| !link.image).count() as i64;
    Runbook {
        span: title.unwrap_or(Span::new(0, 0)),
        shape: shape.to_owned(),
        missing: missing.into_iter().map(str::to_owned).collect(),
        fences,
        links,
        reviewed: reviewed(tree),
    }
}

/// The shape of a page, and what it lacks of it.
fn shape(names: &[String], tree: &Tree<'_>, file: &File<'_>) -> (&'static str, Vec<&'static str>) {
    let told = |exact: &[&str; 4]| exact.iter().filter(|part| names.iter().any(|name| starts(name, part))).count();
    let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| holds(name, word)));
    let acts = || names.iter().any(|name| acts(name));
    let [(meaning, parts), (symptoms, others)] = &SHAPES;
    let lacks = |name: &str, words: &[&str]| !has(words) && (name != "Mitigation" || !acts());
    let missing: Vec<_> = parts.iter().filter(|(part, words)| lacks(part, words)).map(|(part, _)| *part).collect();
    if missing.is_empty() {
        return (*meaning, missing);
    }
    // Whoever writes Meaning knows the shape; others may have come to two of its names by themselves.
    let known = names.iter().any(|name| starts(name, "meaning"));
    let first = told(&TOLD[0]) >= 2 && (known || missing.len() == 1 || missing.contains(&"Mitigation"));
    // Steps and a way back has every page that says how something is done; symptoms make it one of an alert.
    let alert = names.iter().any(|name| starts(name, "symptoms") || starts(name, "symptom"));
    if alert && told(&TOLD[1]) >= 2 && (!first || told(&TOLD[1]) > told(&TOLD[0])) {
        let there = |part: &str, words: &[&str]| has(words) || part == "Steps" && has(MITIGATION);
        let absent = others.iter().filter(|(part, words)| !there(part, words));
        let absent: Vec<_> = absent.map(|(part, _)| *part).collect();
        // Nobody goes back behind a restart: only what is changed can be changed back.
        let stays = !absent.contains(&"Steps") && !has(ROLLBACK) && !changes(tree);
        return (*symptoms, if stays { Vec::new() } else { absent });
    }
    if first {
        return (*meaning, missing);
    }
    let says = has(STEPS) || has(MITIGATION) || has(DIAGNOSIS) || acts();
    ("free", if says { Vec::new() } else { free(tree, file) })
}

/// Whether a part of this name says what to do.
fn acts(name: &str) -> bool {
    ACTING.iter().any(|word| if *word == "do" { name == "do" } else { holds(name, word) })
        && !DIAGNOSIS.iter().any(|word| holds(name, word))
}

/// What is done to a system that can be undone.
static CHANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let verbs = "appl(?:y|ies)|deploy|roll (?:it )?out|upgrade|downgrade|migrate|restore|patch|edit|change|configure|install|merge|release|promote|switch|fail ?over|enable|disable|replace|import|overwrite|update";
    // A word of a path or a name is no verb: `deploy/web`, `config.patch`.
    Regex::new(&format!(r"(?i)(?:^|[^\w./-])(?:{verbs})(?:[^\w/=.-]|[.]?$|[.]\s)")).ok()
});

/// Whether a page says in its steps or commands that something is changed that can be rolled back.
fn changes(tree: &Tree<'_>) -> bool {
    let Some(change) = CHANGE.as_ref() else { return false };
    let paragraphs = tree.blocks().filter(|(_, block)| block.kind == BlockKind::Paragraph);
    let steps = paragraphs.filter(|(_, block)| matches!(tree.block(block.parent).kind, BlockKind::Item { .. }));
    steps.map(|(id, _)| tree.run(id).text()).any(|text| change.is_match(text.as_str()))
        || tree.codes().any(|code| change.is_match(code.content().as_str()))
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

/// A page of any other shape only has to say what to do: in a section, a list of steps, a command or a sentence.
fn free(tree: &Tree<'_>, file: &File<'_>) -> Vec<&'static str> {
    let command = |code: Span| is_command(code.slice(tree.source()).trim_matches(['`', ' ']));
    let shown = tree.code_spans().any(command)
        || tree.blocks().any(|(id, block)| match block.kind {
            BlockKind::Code { .. } | BlockKind::List { ordered: true } | BlockKind::Item { .. } => true,
            BlockKind::Paragraph | BlockKind::TableCell => says(tree, id),
            _ => false,
        });
    // What is said in another language is not known here.
    if shown || forwards(tree) || !is_spoken(file, tree, &[]) { Vec::new() } else { vec!["Steps"] }
}

/// Whether a code span is a command with its arguments, and no comparison of a metric.
fn is_command(code: &str) -> bool {
    let mut words = code.split_whitespace();
    let program = words.next().is_some_and(|word| word.contains(|c: char| c.is_ascii_lowercase()));
    program
        && words.next().is_some_and(|word| !["<", ">", "<=", ">=", "==", "!=", "=", "+", "-", "/", "*"].contains(&word))
}

/// Verbs with which sentences begin that tell a person on call what to do.
static ORDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let verbs = "ack|acknowledge|add|ask|call|check|clear|close|confirm|contact|copy|create|deploy|disable|drain|email|enable|escalate|fail|find|follow|force|free|go|hand|ignore|increase|inform|invalidate|kill|leave|log|look|make|move|notify|open|order|page|phone|ping|plug|power|press|pull|push|put|raise|read|reboot|reduce|reload|remove|renew|replace|report|reset|restart|restore|ring|roll|rotate|run|scale|send|set|shut|silence|start|stop|switch|tell|turn|unplug|update|upgrade|use|wait|wake|write";
    let spoken = r"(?:please|then|first|next|finally|now|you (?:should|must|can|may|need to|have to)|we (?:should|must|need to)|if [^,.]{1,60}),?";
    Regex::new(&format!(
        r"(?i)(?:^|[.!?:;\n]\s*|\b{spoken}\s+)(?:do not |don't |{spoken}\s+)?(?:{verbs})\b(?:[^:]|$)|\bno action\b|\bnothing (?:to do|can be done)\b"
    ))
    .ok()
});

/// Whether words tell somebody to do something.
fn says(tree: &Tree<'_>, id: BlockId) -> bool {
    ORDER.as_ref().is_some_and(|order| order.is_match(tree.run(id).text().as_str().trim()))
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
