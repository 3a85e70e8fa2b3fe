//! Documents beside one another and beside the Compose files: services, ids of requirements, runbooks, names, templates.

use super::ProjectSubject;
use crate::fact::inventory::Inventory;
use crate::fact::papers::{Paper, Requirement};
use crate::fact::summary::{Place, Summary};
use crate::fact::value::facts;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

facts! {
    /// A service that a design document shows in a Compose file, or that the Compose file has and the document does not.
    pub struct DocumentedService = "project.documented-service" {
        /// Its name.
        "name" name: String,
        /// Whether the document shows it.
        "documented" documented: bool,
        /// Whether a Compose file has it.
        "defined" defined: bool,
        /// The other file.
        "counterpart" counterpart: String,
    }

    /// A design document that says Docker Compose is used.
    pub struct ComposeMention = "project.compose-mention" {
        /// Whether there is any Compose file.
        "exists" exists: bool,
    }

    /// An id of a requirement in a document: where it is defined, or where it first occurs.
    pub struct RequirementId = "project.requirement-id" {
        /// The id.
        "id" id: String,
        /// Whether it is of the form `REQ-DEP-001` or `REQ-004-NFR-AVAIL-001`.
        "well-formed" well_formed: bool,
        /// Whether any document says what it requires; true where none says that of any.
        "defined" defined: bool,
        /// Whether the same document has defined it before.
        "repeated" repeated: bool,
        /// Whether any design refers to it; true where none refers to any.
        "used" used: bool,
    }

    /// A runbook, where the runbooks beside it are led to from elsewhere.
    pub struct ProjectRunbook = "project.runbook" {
        /// Its file's name.
        "name" name: String,
        /// Whether anything else names it: an alert, an index, another document.
        "referenced" referenced: bool,
    }

    /// A document in a folder of numbered designs.
    pub struct DesignDocument = "project.design-document" {
        /// Its file's name.
        "name" name: String,
        /// Whether the name has the form of the others.
        "named" named: bool,
        /// Another document of the same number.
        "twin" twin: Option<String>,
    }

    /// A folder of numbered designs.
    pub struct DesignFolder = "project.design-folder" {
        /// The folder.
        "path" path: String,
        /// Whether the design of the infrastructure lies in it.
        "has-foundation" has_foundation: bool,
    }

    /// A design document and the template that it was made from.
    pub struct TemplateUse = "project.template-use" {
        /// The template.
        "template" template: String,
        /// Its sections that the document has not.
        "missing" missing: Vec<String>,
        /// The first section that stands in another order than in the template.
        "misplaced" misplaced: Option<String>,
    }

    /// An architecture document that repeats paragraphs of its requirements.
    pub struct RepeatedText = "project.repeated-text" {
        /// How many longer paragraphs are the same.
        "paragraphs" paragraphs: i64,
        /// The other document.
        "other" other: String,
    }

    /// An architecture or design document of the revision that is compared with, and what became of it since.
    pub struct PastDocument = "project.past-document" {
        /// `architecture` or `design`.
        "kind" kind: String,
        /// Its status then, lower case.
        "status" status: String,
        /// Whether its status is another one now.
        "status-changed" status_changed: bool,
        /// How many of its lines are gone.
        "removed" removed: i64,
        /// The first of them.
        "first" first: String,
    }
}

/// The papers of a project with their files.
fn papers(summaries: &[Summary]) -> impl Iterator<Item = (&Summary, &Paper)> + Clone {
    summaries.iter().filter_map(|summary| Some((summary, summary.paper.as_deref()?)))
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn is_compose_file(path: &str) -> bool {
    let name = split(path).1;
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    stem.is_some_and(|stem| stem.starts_with("compose") || stem.starts_with("docker-compose"))
}

/// Services of documents beside those of Compose files.
pub(super) fn services(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let files: Vec<&Summary> = summaries.iter().filter(|summary| !summary.services.is_empty()).collect();
    let Some(main) = files.iter().min_by_key(|file| (file.path.matches('/').count(), file.path.len())) else { return };
    let unread = inventory.files().any(|path| is_compose_file(path) && !files.iter().any(|file| *file.path == *path));
    let defined: BTreeSet<&str> = files.iter().flat_map(|file| &file.services).map(|(name, _)| name.as_str()).collect();
    for (document, paper) in papers(summaries).filter(|(_, paper)| paper.design) {
        let mut shown = BTreeSet::new();
        // A table of services may be about others: most of these are those of the Compose files.
        let known = |list: &&Vec<(String, Place)>| {
            let count = list.iter().filter(|(name, _)| defined.contains(name.as_str())).count();
            count >= 2 && count * 2 >= list.len()
        };
        let tabled = paper.tabled.iter().filter(known).flatten();
        let all: Vec<&(String, Place)> = paper.services.iter().chain(tabled).collect();
        if all.is_empty() {
            continue;
        }
        for (name, place) in all {
            if !shown.insert(name.as_str()) || is_pattern(name) || (unread && !defined.contains(name.as_str())) {
                continue;
            }
            let object = DocumentedService {
                name: name.clone(),
                documented: true,
                defined: defined.contains(name.as_str()),
                counterpart: main.path.to_string(),
                ..DocumentedService::default()
            };
            out.push(ProjectSubject::new(object, name.as_str(), place.clone()));
        }
        // Further files add what only some need: of them a document need not speak.
        for (name, place) in main.services.iter().filter(|_| !paper.sketched) {
            let hinted = |pattern: &&str| is_pattern(pattern) && name.starts_with(pattern_head(pattern));
            let object = DocumentedService {
                name: name.clone(),
                documented: shown.contains(name.as_str()) || shown.iter().any(hinted),
                defined: true,
                counterpart: document.path.to_string(),
                ..DocumentedService::default()
            };
            out.push(ProjectSubject::new(object, name.as_str(), place.clone()));
        }
    }
}

/// `agent-xxx`, `<name>`, `worker-*` stand for any name.
fn is_pattern(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.contains("xxx") || name.contains(['*', '<', '{', '[', '$']) || lower.contains("...") || lower.ends_with("-n")
}

fn pattern_head(name: &str) -> &str {
    name.find(['*', '<', '{', '[', '$', '.']).or_else(|| name.to_lowercase().find("xxx")).map_or(name, |at| &name[..at])
}

/// Documents that speak of Compose.
pub(super) fn mentions(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    if !inventory.is_complete() {
        return;
    }
    let exists = inventory.files().any(is_compose_file);
    for place in papers(summaries).filter_map(|(_, paper)| paper.compose.as_ref()) {
        out.push(ProjectSubject::new(ComposeMention { exists, ..ComposeMention::default() }, "", place.clone()));
    }
}

static FORM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^REQ-(?:[0-9]+-)?(?:DEP|NFR-[A-Z]+)-[0-9]{3}$").ok());

/// Ids of other schemes, and patterns that stand for many, are nobody's business. Where the project's ids hold the number
/// of a piece of work, `REQ-004-AVAIL-001` was meant to be one of them.
fn is_meant(requirement: &Requirement, numbered: bool) -> bool {
    let id = requirement.id.as_str();
    let parts: Vec<&str> = id.split('-').collect();
    let open =
        id.contains(['*', '{', '}']) || parts.iter().any(|part| matches!(*part, "XXX" | "NNN" | "SEQ" | "N" | "X"));
    let kind = parts.get(1..3).is_some_and(|parts| {
        parts.iter().any(|part| part.eq_ignore_ascii_case("dep") || part.eq_ignore_ascii_case("nfr"))
    });
    let counts = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let alike = numbered && parts.len() == 4 && counts(parts[1]) && counts(parts[3]);
    (kind || alike) && !open && parts.len() >= 3
}

/// The piece of work that an id names: `004` of `REQ-004-DEP-001`.
fn work(id: &str) -> Option<&str> {
    id.split('-').nth(1).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

/// Ids of requirements: their form, where they are defined and where they are used.
pub(super) fn requirements(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    let every = || papers(summaries).flat_map(|(_, paper)| paper.requirements.iter().map(move |r| (paper, r)));
    let formed = |id: &str| FORM.as_ref().is_none_or(|form| form.is_match(id));
    let numbered = every().any(|(_, r)| work(&r.id).is_some() && formed(&r.id));
    let all = || every().filter(|(_, r)| is_meant(r, numbered));
    let elsewhere = all().any(|(paper, r)| !paper.design && r.leads);
    // Where no other document says what is required, the designs do, in words.
    let says = |paper: &Paper, r: &Requirement| r.leads && (!paper.design || !(elsewhere || r.row));
    let defined: HashSet<&str> = all().filter(|(paper, r)| says(paper, r)).map(|(_, r)| r.id.as_str()).collect();
    let used: HashSet<&str> = all().filter(|(paper, _)| paper.design).map(|(_, r)| r.id.as_str()).collect();
    // A design that speaks for itself defines the requirements of its own work.
    let own = all().filter(|(paper, r)| paper.design && r.leads && !r.row);
    let works: HashSet<&str> = own.filter_map(|(_, r)| work(&r.id)).collect();
    let is_told = |id: &str| elsewhere || work(id).is_some_and(|work| works.contains(work));
    let whole = inventory.is_complete();
    for (summary, paper) in papers(summaries) {
        let design = paper.design || summary.path.contains("design-docs/");
        let mut seen = HashSet::new();
        let mut stated = HashSet::new();
        for requirement in paper.requirements.iter().filter(|r| is_meant(r, numbered)) {
            let id = requirement.id.as_str();
            let defines = says(paper, requirement);
            let again = defines && !stated.insert(id);
            let spoken = design || defines;
            if !spoken || !(seen.insert(id) || again) {
                continue;
            }
            let object = RequirementId {
                id: id.to_owned(),
                well_formed: formed(id),
                defined: defines || defined.is_empty() || defined.contains(id) || !is_told(id) || !whole,
                repeated: again,
                used: !defines || used.is_empty() || used.contains(id) || !whole,
                ..RequirementId::default()
            };
            out.push(ProjectSubject::new(object, &*summary.path, requirement.place.clone()));
        }
    }
}

/// Runbooks, and whether anything leads to them.
pub(super) fn runbooks(summaries: &[Summary], inventory: &Inventory, out: &mut Vec<ProjectSubject>) {
    if !inventory.is_complete() {
        return;
    }
    let is_runbook = |summary: &&Summary| summary.documents.iter().any(|name| **name == *"runbook.page");
    let mut named: HashMap<&str, Vec<&str>> = HashMap::new();
    for summary in summaries {
        summary.mentions.iter().for_each(|stem| named.entry(stem).or_default().push(&summary.path));
    }
    let pages: HashSet<&str> = summaries.iter().filter(is_runbook).map(|summary| &*summary.path).collect();
    let mut folders: BTreeMap<&str, Vec<(&Summary, bool, bool)>> = BTreeMap::new();
    for summary in summaries.iter().filter(is_runbook) {
        let (dir, name) = split(&summary.path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
        let by = named.get(stem.as_str()).map_or(&[][..], Vec::as_slice);
        let referenced = by.iter().any(|path| **path != *summary.path);
        let listed = by.iter().any(|path| !pages.contains(path));
        folders.entry(dir).or_default().push((summary, referenced, listed));
    }
    // Where no alert and no index leads to any of them, people find them in another way.
    let found = folders.into_values().filter(|all| all.iter().any(|(.., listed)| *listed)).flatten();
    for (summary, referenced, _) in found {
        let name = split(&summary.path).1.to_owned();
        let object = ProjectRunbook { name, referenced, ..ProjectRunbook::default() };
        out.push(ProjectSubject::new(object, "", summary.head.clone()));
    }
}

static NUMBERED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[0-9]{2}-[a-z0-9]+(?:-[a-z0-9]+)*|[0-9]{3,}-design-[a-z0-9_-]+)\.md$").ok());

/// Folders of numbered designs and what lies in them.
pub(super) fn designs(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let is_other = |name: &str| {
        let lower = name.to_lowercase();
        ["readme", "index", "_index", "changelog", "contributing"].iter().any(|word| lower.starts_with(word))
            || lower.contains("template")
    };
    let mut folders: BTreeMap<&str, Vec<(&str, &Place)>> = BTreeMap::new();
    for summary in summaries.iter().filter(|summary| summary.path.ends_with(".md")) {
        let (dir, name) = split(&summary.path);
        if split(dir).1 == "design-docs" && !is_other(name) {
            folders.entry(dir).or_default().push((name, &summary.head));
        }
    }
    let numbered = |name: &str| {
        name.len() > 3 && name.as_bytes()[..2].iter().all(u8::is_ascii_digit) && name.as_bytes()[2] == b'-'
    };
    for (dir, files) in folders.into_iter().filter(|(_, files)| files.iter().any(|(name, _)| numbered(name))) {
        let mut first: HashMap<&str, &str> = HashMap::new();
        for (name, place) in &files {
            let twin = numbered(name).then(|| *first.entry(&name[..2]).or_insert(name)).filter(|other| other != name);
            let object = DesignDocument {
                name: (*name).to_owned(),
                named: NUMBERED.as_ref().is_none_or(|form| form.is_match(name)),
                twin: twin.map(str::to_owned),
                ..DesignDocument::default()
            };
            out.push(ProjectSubject::new(object, "", (*place).clone()));
        }
        let has_foundation = files.iter().any(|(name, _)| *name == "60-infrastructure.md");
        if let Some((_, place)) = files.first() {
            let object = DesignFolder { path: dir.to_owned(), has_foundation, ..DesignFolder::default() };
            out.push(ProjectSubject::new(object, dir, (*place).clone()));
        }
    }
}

/// Designs of infrastructure beside the template that lies in `design-templates`.
pub(super) fn templates(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let is_template = |path: &str| path.contains("design-templates/") && path.contains("infrastructure");
    let Some((template, asked)) = papers(summaries).find(|(summary, _)| is_template(&summary.path)) else { return };
    let asked: Vec<&str> =
        asked.headings.iter().map(|(name, _)| name.as_str()).filter(|name| !name.contains(['{', '[', '<'])).collect();
    for (summary, paper) in papers(summaries).filter(|(summary, paper)| paper.design && !is_template(&summary.path)) {
        let at = |name: &str| paper.headings.iter().position(|(heading, _)| heading == name);
        let found: Vec<(usize, &str)> = asked.iter().filter_map(|name| Some((at(name)?, *name))).collect();
        let misplaced = found.windows(2).find(|pair| pair[0].0 > pair[1].0).map(|pair| pair[1]);
        let place = misplaced.and_then(|(at, _)| paper.headings.get(at)).map_or(&summary.head, |(_, place)| place);
        let object = TemplateUse {
            template: template.path.to_string(),
            missing: asked.iter().filter(|name| at(name).is_none()).map(|name| (*name).to_owned()).collect(),
            misplaced: misplaced.map(|(_, name)| name.to_owned()),
            ..TemplateUse::default()
        };
        out.push(ProjectSubject::new(object, "", place.clone()));
    }
}

/// Paragraphs that stand in an architecture and in its requirements.
pub(super) fn repeated(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let is_architecture = |summary: &Summary| summary.documents.iter().any(|name| **name == *"infra-arch.document");
    let asked = || papers(summaries).filter(|(summary, _)| summary.path.contains("/prd/"));
    for (_, paper) in papers(summaries).filter(|(summary, _)| is_architecture(summary)) {
        for (other, theirs) in asked() {
            let theirs: HashSet<u64> = theirs.paragraphs.iter().map(|(hash, _)| *hash).collect();
            let same: Vec<&Place> =
                paper.paragraphs.iter().filter(|(hash, _)| theirs.contains(hash)).map(|(_, place)| place).collect();
            let Some(first) = same.first() else { continue };
            let object = RepeatedText {
                paragraphs: same.len() as i64,
                other: other.path.to_string(),
                ..RepeatedText::default()
            };
            out.push(ProjectSubject::new(object, "", (*first).clone()));
        }
    }
}

/// Documents as they were, beside what they are.
pub(super) fn past(summaries: &[Summary], past: &[Summary], out: &mut Vec<ProjectSubject>) {
    for (old, was) in papers(past).filter(|(_, paper)| !paper.lines.is_empty()) {
        let Ok(at) = summaries.binary_search_by(|summary| summary.path.cmp(&old.path)) else { continue };
        let Some((new, is)) = summaries.get(at).and_then(|new| Some((new, new.paper.as_deref()?))) else { continue };
        let mut left: HashMap<&str, i64> = HashMap::new();
        is.lines.iter().for_each(|line| *left.entry(line).or_default() += 1);
        let mut gone = was.lines.iter().filter(|line| {
            let count = left.entry(line).or_default();
            *count -= 1;
            *count < 0
        });
        let first = gone.next();
        let object = PastDocument {
            kind: if was.design { "design" } else { "architecture" }.to_owned(),
            status: was.status.clone(),
            status_changed: was.status != is.status,
            removed: first.map_or(0, |_| 1 + gone.count() as i64),
            first: first.cloned().unwrap_or_default(),
            ..PastDocument::default()
        };
        out.push(ProjectSubject::new(object, "", new.head.clone()));
    }
}
