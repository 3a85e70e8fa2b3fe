//! What outlives a file: the few things that rules across files compare, each with its place.

use super::approvals::{Approval, approvals};
use super::builds::{self, Built};
use super::components::{Component, component};
use super::dockerfile::Outline;
use super::document::{Document, Item as TaskItem};
use super::k8s::{Kustomization, Resource, Role as ObjectRole, Touched, WholeResource};
use super::listening::Listening;
use super::markdown::{Page, Target};
use super::papers::{self, Paper};
use super::practice::{Practice, practice};
use super::records::{self, Record, RecordIndex};
use super::reports::{self, Report, Size};
use super::repository::{Pipeline, pipeline};
use super::variables::variables;
use super::yaml::Fault;
use super::{Facts, File, Looks, Wanted};
use crate::diagnostic::{Excerpt, Range};
use crate::text::{Source, Span, Spanned};
use std::sync::Arc;

/// A place that needs no source any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// Lines and columns.
    pub range: Range,
    /// The text there, cut short, for fingerprints.
    pub text: String,
    /// Source lines, where a report for people wants them.
    pub excerpt: Option<Box<Excerpt>>,
}

/// Bytes of text that a place keeps.
const KEPT: usize = 200;

impl Place {
    /// A span of a file.
    pub fn new(path: &Arc<str>, span: Span, source: &Source) -> Self {
        let range = Range { start: source.position(span.start), end: source.position(span.end) };
        let text = source.slice(span);
        let end = (0..=KEPT.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        Self { path: path.clone(), range, text: text[..end].to_owned(), excerpt: None }
    }
}

/// What one file contributes.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The file.
    pub path: Arc<str>,
    /// The types of document that it is.
    pub documents: Vec<Arc<str>>,
    /// Its first line with content, where findings about the whole file point.
    pub head: Place,
    /// How many lines it has, without frontmatter and blank lines at the end.
    pub lines: i64,
    /// Environment variables that it names.
    pub variables: Vec<Variable>,
    /// Architecture decision records in it.
    pub records: Vec<Record>,
    /// The agent that it defines: its name and where that stands, if it has one.
    pub agent: Option<Option<(String, Place)>>,
    /// What it lists, where it is the page of a folder of records.
    pub index: Option<RecordIndex>,
    /// Tasks with an id, and ids of tasks that others depend on.
    pub tasks: Vec<TaskId>,
    /// Kubernetes objects and kustomizations in it.
    pub bundle: Option<BundlePart>,
    /// The page that it is, as far as links from other pages matter.
    pub page: Option<LinkedPage>,
    /// The text of a `.gitignore`.
    pub ignores: Option<String>,
    /// What a pipeline does.
    pub pipeline: Option<Pipeline>,
    /// The component that it is part of.
    pub component: Option<Component>,
    /// What it says that other files have to agree with.
    pub paper: Option<Box<Paper>>,
    /// The services that it defines as a Compose file.
    pub services: Vec<(String, Place)>,
    /// Names of files that it mentions where it speaks of runbooks, without their endings.
    pub mentions: Vec<Box<str>>,
    /// Numbers that it reports of other files.
    pub reports: Vec<Report>,
    /// How much it holds, where others report that.
    pub size: Option<Size>,
    /// What it says of how the repository is run.
    pub practice: Option<Box<Practice>>,
    /// Images that it names with a tag.
    pub images: Vec<ImageUse>,
    /// Its ways to production.
    pub approvals: Vec<Approval>,
    /// Ports of the containers that it describes.
    pub ports: Vec<(Listening, Place)>,
    /// Images that it builds.
    pub built: Vec<Built>,
    /// What it exposes, where it is a Dockerfile.
    pub dockerfile: Option<Box<Exposing>>,
}

/// A Dockerfile, as others ask for its ports.
#[derive(Clone, Debug, Default)]
pub struct Exposing {
    /// It in short.
    pub outline: Outline,
    /// Where its stages expose ports.
    pub exposed: Vec<Place>,
}

/// An image, as one file names it.
#[derive(Clone, Debug)]
pub struct ImageUse {
    /// Its name, with its registry but without tag and digest.
    pub repository: String,
    /// Its tag.
    pub tag: String,
    /// Where it stands.
    pub place: Place,
    /// Whether a document shows it, and nothing runs it.
    pub shown: bool,
}

impl Summary {
    /// Gives every place its source lines.
    pub fn cut_excerpts(&mut self, cut: &dyn Fn(Span) -> Excerpt) {
        let variables = self.variables.iter_mut().map(|v| &mut v.place);
        let records = self.records.iter_mut().flat_map(Record::places);
        let index = self.index.iter_mut().map(|index| &mut index.place);
        let index = index.chain(self.agent.iter_mut().flatten().map(|(_, place)| place));
        let links = self.page.iter_mut().flat_map(|page| &mut page.links).map(|link| &mut link.place);
        let images = self.images.iter_mut().map(|image| &mut image.place);
        let component = self.component.iter_mut().flat_map(|component| {
            let status = component.status.iter_mut().map(|(_, place)| place);
            status.chain(component.dependencies.iter_mut().map(|(_, place)| place))
        });
        let objects = self.bundle.iter_mut().flat_map(|bundle| &mut bundle.resources);
        let objects = objects
            .flat_map(|object| std::iter::once(&mut object.place).chain(&mut object.links).chain(&mut object.replicas));
        let services = self.services.iter_mut().map(|(_, place)| place);
        let papers = self.paper.iter_mut().flat_map(|paper| {
            let own = paper.services.iter_mut().chain(&mut paper.headings).map(|(_, place)| place);
            let own = own.chain(paper.paragraphs.iter_mut().map(|(_, place)| place)).chain(&mut paper.compose);
            own.chain(paper.requirements.iter_mut().map(|requirement| &mut requirement.place))
        });
        let practices = self.practice.iter_mut().flat_map(|practice| {
            let own = practice.stores.iter_mut().chain(&mut practice.env_files).map(|(_, place)| place);
            own.chain(&mut practice.secrets).chain(practice.releases.iter_mut().map(|release| &mut release.place))
        });
        let tasks = self.tasks.iter_mut().map(|task| &mut task.place);
        let approvals = self.approvals.iter_mut().map(|approval| &mut approval.place);
        let reports = self.reports.iter_mut().map(|report| &mut report.place);
        let ports = self.ports.iter_mut().map(|(_, place)| place);
        let ports = ports.chain(self.dockerfile.iter_mut().flat_map(|file| &mut file.exposed));
        let related = links
            .chain(images)
            .chain(component)
            .chain(objects)
            .chain(services)
            .chain(papers)
            .chain(practices)
            .chain(tasks)
            .chain(index)
            .chain(reports)
            .chain(ports)
            .chain(approvals);
        for place in std::iter::once(&mut self.head).chain(variables).chain(records).chain(related) {
            let span = Span { start: place.range.start.offset, end: place.range.end.offset };
            place.excerpt = Some(Box::new(cut(span)));
        }
    }
}

/// What a file adds to a bundle of Kubernetes objects.
#[derive(Clone, Debug, Default)]
pub struct BundlePart {
    /// Its objects.
    pub resources: Vec<PlacedResource>,
    /// The kustomization that it is.
    pub kustomization: Option<Kustomization>,
    /// Where the targets of its patches are named.
    pub targets: Vec<Place>,
    /// Where it names directories.
    pub folders: Vec<Place>,
    /// Whether a part of it could not be read.
    pub broken: bool,
    /// What it touches as a patch.
    pub touched: Touched,
}

/// An object with the places that findings about it need.
#[derive(Clone, Debug, Default)]
pub struct PlacedResource {
    /// Where it is named.
    pub place: Place,
    /// Where each of its links is written.
    pub links: Vec<Place>,
    /// Where it says how many pods it wants.
    pub replicas: Option<Place>,
    /// What it is.
    pub resource: Arc<Resource>,
}

/// A page among others: what they may link to, and where it links to parts of them.
#[derive(Clone, Debug, Default)]
pub struct LinkedPage {
    /// Its anchors, as they compare; `*` stands for those that nobody knows.
    pub anchors: Vec<String>,
    /// Links to a part of a page, its own parts included.
    pub links: Vec<PartLink>,
}

/// A link to a part of a page.
#[derive(Clone, Debug)]
pub struct PartLink {
    /// The page that has the part.
    pub path: String,
    /// What stands behind the `#`.
    pub fragment: String,
    /// Whether the part is there, as far as the page of the link tells.
    pub found: Option<bool>,
    /// Where the target stands.
    pub place: Place,
}

/// An environment variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where it is named.
    pub place: Place,
    /// Who names it.
    pub role: Role,
}

/// Who names an environment variable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// A document tells people to set it.
    Documented,
    /// An `.env.example` shows it.
    Example,
    /// A Compose file cannot do without it.
    Needed,
    /// A Compose file, a Dockerfile or a manifest gives it a value.
    Given,
    /// One of them names it, and its value comes from elsewhere.
    Passed,
    /// One of them takes in variables without naming them.
    Unnamed,
}

/// An id of a task, where a breakdown defines it or refers to it.
#[derive(Clone, Debug)]
pub struct TaskId {
    /// The id, in capitals.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// How it is defined: `heading`, `lead`, `row` or `document`; empty for a reference.
    pub syntax: String,
}

/// Sums a file up, if a rule looks across files; what its sections say only where revisions are compared.
pub fn summarise(file: &File<'_>, facts: &Facts, wanted: &Wanted, compares: bool) -> Option<Summary> {
    if !wanted.any("project.") {
        return None;
    }
    let path: Arc<str> = Arc::from(file.path);
    let documents = document_types(file, facts);
    let told = compares && wanted.subject("project.past-record");
    let records = records::records(&path, file, facts, told);
    let agent = agent(&path, file, facts);
    let index = if wanted.subject("project.record-index") { records::index(&path, file, facts) } else { None };
    let variables = variables(&path, file, &documents, facts, wanted);
    let page = page(&path, file, facts);
    let ignores = (path.rsplit('/').next() == Some(".gitignore")).then(|| file.source.text().to_owned());
    let pipeline = pipeline(file);
    let component = component(&path, file, facts);
    let tasks = tasks(&path, file, facts);
    let lines = lines(file.source.text());
    let bundle = bundle(&path, file, facts);
    let paper = papers::paper(&path, file, &documents, wanted).map(Box::new);
    let approvals = approvals(&path, file, facts, wanted);
    let practice = practice(&path, file, &documents, facts, wanted);
    let asks = |relation: &str| wanted.subject(relation);
    let services = if asks("project.documented-service") { papers::services(&path, file, facts) } else { Vec::new() };
    let mentions = if asks("project.runbook") { papers::mentions(file) } else { Vec::new() };
    let reported = asks("project.reported-count");
    let reports = if reported { reports::reports(&path, file) } else { Vec::new() };
    let size = if reported { reports::size(&path, file, facts) } else { None };
    let images = if asks("project.image-use") { super::project::named_images(&path, file, facts) } else { Vec::new() };
    let asks_ports = asks("project.container-port");
    let built = if asks_ports { builds::built(file, facts) } else { Vec::new() };
    let ports = facts.of::<Listening>().filter(|_| asks_ports);
    let ports = ports.map(|(_, port)| (port.clone(), Place::new(&path, port.span, file.source))).collect();
    let dockerfile = if asks_ports { exposing(&path, file) } else { None };
    Some(Summary {
        built,
        ports,
        dockerfile,
        images,
        reports,
        size,
        practice,
        approvals,
        paper,
        services,
        mentions,
        head: head(&path, file.source),
        documents,
        lines,
        records,
        agent,
        index,
        variables,
        tasks,
        bundle,
        page,
        ignores,
        pipeline,
        component,
        path,
    })
}

/// What a Dockerfile exposes.
fn exposing(path: &Arc<str>, file: &File<'_>) -> Option<Box<Exposing>> {
    let outline = file.context.outline(file.path)?.clone();
    let places = outline.exposed().map(|exposed| Place::new(path, exposed.span, file.source)).collect();
    Some(Box::new(Exposing { exposed: places, outline }))
}

/// The Kubernetes objects of a file, with their places.
fn bundle(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Option<BundlePart> {
    let at = |span: Span| Place::new(path, span, file.source);
    let placed = |resource: &Arc<Resource>| PlacedResource {
        place: at(resource.span),
        links: resource.links.iter().map(|link| at(link.span)).collect(),
        replicas: match &resource.role {
            ObjectRole::Workload { replicas: Some((_, span)), .. } => Some(at(*span)),
            _ => None,
        },
        resource: resource.clone(),
    };
    let kustomization = facts.of::<Kustomization>().next().map(|(_, kustomization)| kustomization.clone());
    let targets = kustomization.iter().flat_map(|kustomization| &kustomization.targets);
    let part = BundlePart {
        targets: targets.map(|target| Place::new(path, target.span, file.source)).collect(),
        folders: kustomization.iter().flat_map(|k| &k.folders).map(|(_, span)| at(*span)).collect(),
        resources: facts.of::<WholeResource>().map(|(_, whole)| placed(&whole.resource)).collect(),
        kustomization,
        broken: facts.of::<Fault>().any(|(_, fault)| fault.kind != "tab"),
        touched: if file.context.is_patch(path) { Touched::of(file.source.text()) } else { Touched::default() },
    };
    (part.broken || !part.touched.is_empty() || part.kustomization.is_some() || !part.resources.is_empty())
        .then_some(part)
}

/// What other pages may link to, and where this one links to parts of them.
fn page(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Option<LinkedPage> {
    let (_, page) = facts.of::<Page>().next()?;
    let targets = facts.of::<Target>().filter_map(|(_, target)| {
        let fragment = target.fragment.clone()?;
        let place = Place::new(path, target.target.span, file.source);
        let other = if target.kind == "anchor" { Some(path.to_string()) } else { target.path.clone() };
        Some(PartLink { path: other?, fragment, found: target.anchor_exists.known().copied(), place })
    });
    Some(LinkedPage { anchors: page.anchors.clone(), links: targets.collect() })
}

/// The agent that a file defines in its frontmatter.
fn agent(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Option<Option<(String, Place)>> {
    let mut found = facts.subjects.iter().filter(|subject| &*subject.name == "agent.definition");
    let document = found.find_map(|subject| subject.object.as_any().downcast_ref::<Document>())?;
    let mut front = document.fields.iter().filter(|entry| entry.syntax == "frontmatter").peekable();
    front.peek()?;
    let name = front.find(|entry| entry.name == "name");
    Some(
        name.and_then(|entry| Some((entry.value.known()?.clone(), Place::new(path, entry.value.span()?, file.source)))),
    )
}

/// The ids of the tasks of a breakdown, and those they depend on.
fn tasks(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Vec<TaskId> {
    let mut out = Vec::new();
    for (_, item) in facts.of::<TaskItem>() {
        let mut add = |id: &Spanned<String>, syntax: &str| {
            let place = Place::new(path, id.span, file.source);
            out.push(TaskId { id: id.value.clone(), place, syntax: syntax.to_owned() });
        };
        item.id.iter().for_each(|id| add(id, &item.syntax));
        item.needs.iter().for_each(|id| add(id, ""));
    }
    out
}

/// Subjects with a name of their own are documents of a type that a pack declares.
fn document_types(file: &File<'_>, facts: &Facts) -> Vec<Arc<str>> {
    let mut types = file.documents.of(file.path, &Looks::default());
    let named = facts.subjects.iter().filter(|s| *s.name != *s.object.schema().name);
    types.extend(named.map(|s| s.name.clone()));
    types.sort();
    types.dedup();
    types
}

/// Lines behind the frontmatter, up to the last that is not blank.
fn lines(text: &str) -> i64 {
    let body = text.trim_start_matches('\u{feff}').trim_end();
    let mut lines = body.lines();
    let fence = lines.next().map(str::trim_end).filter(|line| matches!(*line, "---" | "+++"));
    let fenced = fence.is_some();
    let behind = || {
        let mut rest = lines.skip_while(|line| Some(line.trim_end()) != fence);
        rest.next().map(|_| rest.skip_while(|line| line.trim().is_empty()).count())
    };
    let count = if fenced { behind() } else { None };
    count.unwrap_or_else(|| body.lines().count()) as i64
}

pub(super) fn head(path: &Arc<str>, source: &Source) -> Place {
    let text = source.text();
    let start = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
    Place::new(path, Span::new(start, text[..end].trim_end().len().max(start)), source)
}
