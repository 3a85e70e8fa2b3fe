//! What a file says of how a repository is run: what it deploys and stores, which documents tell of it, in which order
//! environments get a release.

use super::compose;
use super::document::Document;
use super::k8s;
use super::markdown::Heading;
use super::summary::Place;
use super::{Facts, File, Wanted};
use crate::syntax::Kind;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Text};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// What one file adds.
#[derive(Clone, Debug, Default)]
pub struct Practice {
    /// What is deployed with it, in words: `a Dockerfile`.
    pub deploys: Option<&'static str>,
    /// What keeps data, by name.
    pub stores: Vec<(String, Place)>,
    /// Whether a section is about deploying.
    pub tells_deployment: bool,
    /// Whether a section is about backups and how they are restored.
    pub tells_backup: bool,
    /// Whether a section on secrets says how they are rotated.
    pub tells_rotation: bool,
    /// Where a document on infrastructure first speaks of secrets.
    pub secrets: Option<Place>,
    /// Releases to production, each with the way to staging that stands beside it.
    pub releases: Vec<Release>,
    /// Frameworks that the file builds on: `Next.js`, `FastAPI`.
    pub frameworks: Vec<&'static str>,
    /// Files of variables that a setup guide names.
    pub env_files: Vec<(String, Place)>,
}

/// A release to production.
#[derive(Clone, Debug)]
pub struct Release {
    /// The job or the stage.
    pub name: String,
    /// What brings the release to staging.
    pub staging: String,
    /// Whether it comes behind that.
    pub staged: bool,
    /// Where it stands.
    pub place: Place,
}

/// Entries of each kind that are kept of one file.
const MOST: usize = 200;

static DEPLOY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bdeploy(?:s|ed|ing|ments?)?\b|\broll-?outs?\b").ok());
static BACKUP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bback(?:ing)?[ -]?ups?\b|\bdisaster recovery\b").ok());
static RESTORE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\brestor|\brecover").ok());
static SECRET_HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bsecrets?\b|\bsecurity\b|\bcredentials?\b|\bkeys?\b|\brotat|\baccess\b").ok());
static ROTATION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\brotat(?:e|ed|es|ing|ions?)\b").ok());
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:secrets?|credentials|passwords?|api keys?)\b|(?-i:\b[A-Z][A-Z0-9_]*_(?:SECRET|API_KEY|TOKEN|PASSWORD)\b)").ok()
});
static ENV_FILE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s`'(/])(\.env(?:\.local)?)(?:[\s`'),:;]|\.?$|\.\s)").ok());
static STORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:postgres|postgis|pgvector|timescaledb|mysql|mariadb|percona|mongo|mongodb|cassandra|scylla|cockroach|couchdb|elasticsearch|opensearch|influxdb|clickhouse|minio|neo4j|etcd)").ok()
});
static CACHE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?:redis|valkey|keydb)").ok());
static PRODUCTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|[^a-z])(?:prod|production|live)(?:$|[^a-z])").ok());
static STAGING: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|[^a-z])(?:staging|stage|stg|pre-?prod|preproduction|uat)(?:$|[^a-z])").ok());

fn says(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// What a file adds, if any relation asks for it.
pub(super) fn practice(
    path: &Arc<str>,
    file: &File<'_>,
    types: &[Arc<str>],
    facts: &Facts,
    wanted: &Wanted,
) -> Option<Box<Practice>> {
    let asked = super::project::PRACTICES.iter().any(|relation| wanted.subject(relation));
    if !asked || file.foreign {
        return None;
    }
    let mut out = Practice { deploys: deploys(file), ..Practice::default() };
    let at = |span: Span| Place::new(path, span, file.source);
    match file.kind {
        Kind::Markdown => {
            sections(file, facts, &mut out);
            let is = |name: &str| types.iter().any(|own| **own == *name);
            let told = ["infra-spec.setup", "infra-arch.document", "design.document", "runbook.page"];
            let found = SECRET.as_ref().filter(|_| told.iter().any(|name| is(name)));
            let found = found.and_then(|regex| regex.find(file.source.text()));
            out.secrets = found.map(|found| at(Span::new(found.start(), found.end())));
            if is("infra-spec.setup") {
                let named = ENV_FILE.iter().flat_map(|regex| regex.captures_iter(file.source.text()));
                let named = named.filter_map(|found| found.get(1)).take(MOST);
                out.env_files =
                    named.map(|name| (name.as_str().to_owned(), at(Span::new(name.start(), name.end())))).collect();
            }
            stages(facts, &at, &mut out);
        }
        Kind::Workflow => jobs(file, &at, &mut out),
        Kind::Json | Kind::Toml | Kind::Text => out.frameworks = frameworks(file),
        _ => stores(facts, &at, &mut out),
    }
    Some(Box::new(out))
}

fn deploys(file: &File<'_>) -> Option<&'static str> {
    match file.kind {
        Kind::Dockerfile => Some("a Dockerfile"),
        Kind::Compose => Some("a Compose file"),
        Kind::Kubernetes | Kind::Kustomization => Some("a manifest"),
        Kind::HelmChart => Some("a chart"),
        Kind::Workflow => says(&DEPLOY, file.source.text()).then_some("a workflow that deploys"),
        _ => None,
    }
}

/// What the sections of a page are about.
fn sections(file: &File<'_>, facts: &Facts, out: &mut Practice) {
    let text = file.source.text();
    let headings: Vec<(&Heading, u32)> =
        facts.of::<Heading>().map(|(_, heading)| (heading, heading.span.end)).collect();
    // Where each section ends: at the next heading that is not deeper.
    let mut ends = vec![text.len() as u32; headings.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, (heading, _)) in headings.iter().enumerate() {
        while let Some(last) = open.pop_if(|last| headings[*last].0.level >= heading.level) {
            ends[last] = heading.span.start;
        }
        open.push(index);
    }
    for (index, (heading, from)) in headings.into_iter().enumerate() {
        let words = heading.text.value.as_str();
        let body = || text.get(from as usize..ends[index] as usize).unwrap_or("");
        out.tells_deployment |= says(&DEPLOY, words);
        out.tells_backup =
            out.tells_backup || (says(&BACKUP, words) && (says(&RESTORE, words) || says(&RESTORE, body())));
        out.tells_rotation =
            out.tells_rotation || (says(&SECRET_HEAD, words) && (says(&ROTATION, words) || says(&ROTATION, body())));
    }
}

/// What keeps data: databases of Compose files, caches with a volume, sets with a state.
fn stores(facts: &Facts, at: &dyn Fn(Span) -> Place, out: &mut Practice) {
    let mounted: BTreeSet<&str> = facts
        .of::<compose::Mount>()
        .filter(|(_, mount)| mount.ty == "volume" || mount.ty == "bind")
        .map(|(_, mount)| mount.service.as_str())
        .collect();
    for (_, service) in facts.of::<compose::Service>().filter(|(_, service)| !service.snippet) {
        let image = service.image.known().and_then(|image| image.name.known());
        let name = image.map_or("", |name| name.rsplit('/').next().unwrap_or(name));
        if says(&STORE, name) || (says(&CACHE, name) && mounted.contains(service.name.as_str())) {
            out.stores.push((service.name.clone(), at(service.span)));
        }
    }
    let sets = facts.of::<k8s::Workload>().filter(|(subject, set)| set.kind == "StatefulSet" && !subject.embedded);
    for (_, set) in sets {
        let name = set.name.known().cloned().unwrap_or_else(|| "a StatefulSet".to_owned());
        out.stores.push((name, at(set.name.span().unwrap_or(set.span))));
    }
    out.stores.truncate(MOST);
}

fn frameworks(file: &File<'_>) -> Vec<&'static str> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let text = file.source.text().as_bytes();
    let holds = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    match name {
        "package.json" if holds("\"next\":") || holds("\"next\" :") => vec!["Next.js"],
        "pyproject.toml" if holds("fastapi") => vec!["FastAPI"],
        name if name.starts_with("requirements") && holds("fastapi") => vec!["FastAPI"],
        _ => Vec::new(),
    }
}

/// Whether a file may name the framework that a repository builds on.
pub(super) fn names_framework(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "package.json" | "pyproject.toml") || (name.starts_with("requirements") && name.ends_with(".txt"))
}

/// Rows of a table of stages in a design: first to production, then to staging, is the wrong way round.
fn stages(facts: &Facts, at: &dyn Fn(Span) -> Place, out: &mut Practice) {
    let designs = facts.subjects.iter().filter(|subject| &*subject.name == "design.document");
    for document in designs.filter_map(|subject| subject.object.as_any().downcast_ref::<Document>()) {
        for table in &document.tables {
            let rows = || table.rows.iter().enumerate().filter(|(_, row)| says(&DEPLOY, &row.name));
            let production = rows().find(|(_, row)| says(&PRODUCTION, &row.name));
            let staging = rows().find(|(_, row)| says(&STAGING, &row.name));
            let (Some((last, production)), Some((first, staging))) = (production, staging) else { continue };
            let name = production.cells.first().and_then(|cell| cell.span()).unwrap_or(production.span);
            out.releases.push(Release {
                name: production.name.clone(),
                staging: staging.name.clone(),
                staged: first < last,
                place: at(name),
            });
        }
    }
}

/// The jobs of a workflow that bring a release to production, where others bring it to staging.
fn jobs(file: &File<'_>, at: &dyn Fn(Span) -> Place, out: &mut Practice) {
    let source = Text::at(file.source.text(), 0);
    let yaml = Yaml::parse(&source);
    let Some(jobs) = yaml.root(0).and_then(|root| root.get("jobs")) else { return };
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut production, mut staging) = (Vec::new(), BTreeSet::new());
    for (key, job) in jobs.written().take(MOST) {
        let Some(id) = key.scalar() else { continue };
        needs.insert(id, words(job.get("needs")));
        let environment = job.get("environment");
        let environment = environment.and_then(|node| node.get("name").unwrap_or(node).scalar());
        let goes = |to: &LazyLock<Option<Regex>>| match environment {
            Some(name) => says(to, name),
            None => says(&DEPLOY, id) && says(to, id),
        };
        // `pre-prod` is a stage before production, whatever its name ends in.
        if goes(&STAGING) {
            staging.insert(id);
        } else if goes(&PRODUCTION) {
            production.push((id, key.span()));
        }
    }
    let Some(first) = staging.iter().next() else { return };
    for (id, span) in production {
        out.releases.push(Release {
            name: id.to_owned(),
            staging: (*first).to_owned(),
            staged: waits(id, &needs, &staging),
            place: at(span),
        });
    }
}

/// Whether a job waits for one of these, at whatever remove.
fn waits(id: &str, needs: &BTreeMap<&str, Vec<&str>>, staging: &BTreeSet<&str>) -> bool {
    let mut seen = BTreeSet::new();
    let mut left = vec![id];
    while let Some(id) = left.pop() {
        for need in needs.get(id).into_iter().flatten().filter(|need| seen.insert(**need)) {
            if staging.contains(need) {
                return true;
            }
            left.push(need);
        }
    }
    false
}

/// One word, or a list of them.
fn words(node: Option<NodeRef<'_>>) -> Vec<&str> {
    let Some(node) = node else { return Vec::new() };
    node.scalar().into_iter().chain(node.items().filter_map(|item| item.scalar())).collect()
}
