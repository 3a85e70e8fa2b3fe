//! Relations between files, each a fact with a primary place: rules match them, they never join.

mod agents;
mod anchors;
mod approvals;
mod bundle;
mod components;
mod dates;
mod directories;
mod environments;
mod ignores;
mod images;
mod listening;
mod papers;
mod past;
mod pipelines;
mod practice;
mod records;
mod remedy;
mod reported;
mod shown;
mod succession;
mod tasks;
mod variables;

pub use agents::Agent;
pub use anchors::PageLink;
pub use approvals::ProductionApproval;
pub use bundle::{Access, ArgoPath, BundleWorkload, KustomizationCircle, Reference};
pub use components::{ComponentDependency, ComponentStatus};
pub use dates::RecordDate;
pub use directories::SpecDirectory;
pub(super) use environments::is_env_file;
pub(super) use environments::is_example as is_env_example;
pub use environments::{EnvFolder, SetupVariables};
pub(super) use ignores::{Ignores, is_ignored};
pub use images::SharedImage;
pub(super) use images::named as named_images;
pub use listening::ContainerPort;
pub use papers::{
    ComposeMention, DesignDocument, DesignFolder, DocumentedService, PastDocument, ProjectRunbook, RepeatedText,
    RequirementId, TemplateUse,
};
pub use past::PastRecord;
pub(super) use past::words;
pub use pipelines::ImageBuild;
pub use practice::{Deployment, EnvFileName, PRACTICES, Release, SecretUse, StoredData};
pub use records::DirectoryRecord;
pub use remedy::Remedy;
pub use reported::ReportedCount;
pub(in crate::fact) use shown::command;
pub use succession::{Index, Succession};
pub use tasks::{TaskDefinition, TaskReference};
pub use variables::EnvVariable;

use super::inventory::Inventory;
use super::summary::{Place, Summary};
use super::value::Object;
use super::{Subject, Wanted};
use crate::syntax::Kind;
use crate::text::Span;
use std::sync::Arc;

/// A relation and where it is reported.
pub struct ProjectSubject {
    /// What rules match.
    pub subject: Subject,
    /// Where a finding about it points.
    pub place: Place,
    /// Places that explain it.
    pub related: Vec<(Place, String)>,
    /// What would mend it beyond doubt; all of it or nothing.
    pub remedies: Vec<Remedy>,
}

impl ProjectSubject {
    fn new(object: impl Object + 'static, label: impl AsRef<str>, place: Place) -> Self {
        let name = Arc::from(object.schema().name);
        let subject = Subject {
            name,
            object: Box::new(object),
            label: Arc::from(label.as_ref()),
            extent: Span::default(),
            embedded: false,
        };
        Self { subject, place, related: Vec::new(), remedies: Vec::new() }
    }
}

/// What rules across Kubernetes objects are made of.
const OBJECTS: &[&str] = &["k8s.resource", "kustomize.kustomization", "yaml.fault"];

/// Which facts of single files a relation is made of.
pub const NEEDS: &[(&str, &[&str])] = &[
    ("project.spec-directory", &["infra-spec.spec", "infra-spec.setup", "infra-spec.tasks"]),
    ("project.component-dependency", &["infra-spec.spec"]),
    ("project.component-status", &["infra-spec.spec", "infra-spec.tasks"]),
    ("project.siblings", &["markdown.page"]),
    ("project.adr-record", &["adr.record"]),
    ("project.record-date", &["adr.record"]),
    ("project.agent", &["agent.definition"]),
    ("project.succession", &["adr.record"]),
    ("project.record-index", &["adr.record", "markdown.target", "markdown.heading"]),
    ("project.task", &["tasks.breakdown.item"]),
    ("project.task-reference", &["tasks.breakdown.item"]),
    ("project.past-record", &["adr.record"]),
    ("project.env-variable", &["infra-spec.setup", "compose.file", "compose.env", "dockerfile.variable", "k8s.env"]),
    ("project.setup-variables", &["infra-spec.setup"]),
    ("project.k8s-reference", OBJECTS),
    ("project.k8s-workload", OBJECTS),
    ("project.k8s-access", OBJECTS),
    ("project.image-use", &["compose.service", "k8s.container", "dockerfile.stage", "markdown.page"]),
    (
        "project.container-port",
        &["image.port", "compose.build", "compose.service", "k8s.port", "kustomize.kustomization", "dockerfile.file"],
    ),
    ("project.k8s-argo-path", OBJECTS),
    ("project.k8s-kustomization-circle", &["kustomize.kustomization"]),
    ("project.page-link", &["markdown.page", "markdown.target"]),
    ("project.documented-service", &["markdown.page", "compose.service"]),
    ("project.compose-mention", &["markdown.page"]),
    ("project.requirement-id", &["markdown.page"]),
    ("project.runbook", &["markdown.page", "yaml.fault"]),
    ("project.design-document", &["markdown.page"]),
    ("project.design-folder", &["markdown.page"]),
    ("project.template-use", &["markdown.page"]),
    ("project.repeated-text", &["markdown.page"]),
    ("project.past-document", &["markdown.page"]),
    ("project.reported-count", &["markdown.page", "infra-spec.tasks"]),
    ("project.deployment", &["markdown.heading", "dockerfile.file", "compose.file"]),
    ("project.stored-data", &["markdown.heading", "compose.service", "compose.mount", "k8s.workload"]),
    ("project.secret-use", &["markdown.heading"]),
    ("project.production-approval", &["design.document", "actions.job"]),
    ("project.production-release", &["design.document", "yaml.fault"]),
    ("project.env-file-name", &["markdown.page"]),
];

/// Whether a file of a kind, as far as its path tells, may be part of a relation that a selected rule matches.
pub fn may_relate(path: &str, kind: Kind, wanted: &Wanted) -> bool {
    let folder = wanted.subject(EnvFolder::describe().name) || wanted.subject(SetupVariables::describe().name);
    if folder && (kind == Kind::Dotenv || path.rsplit('/').next() == Some(".gitignore")) {
        return true;
    }
    if wanted.subject(EnvFileName::describe().name) && super::practice::names_framework(path) {
        return true;
    }
    if wanted.subject(ContainerPort::describe().name) && super::builds::may_tell(path, kind) {
        return true;
    }
    let pipeline = matches!(kind, Kind::Workflow | Kind::GitlabCi | Kind::YamlOther);
    if pipeline && wanted.subject(ImageBuild::describe().name) {
        return true;
    }
    let relations = NEEDS.iter().filter(|(relation, _)| wanted.subject(relation));
    let mut needs = relations.flat_map(|(_, needs)| *needs).peekable();
    // Examples of variables stand beside documents.
    (kind == Kind::Dotenv && needs.peek().is_some()) || needs.any(|need| stands_in(need, kind))
}

fn stands_in(need: &str, kind: Kind) -> bool {
    match need.split('.').next().unwrap_or_default() {
        "dockerfile" => kind == Kind::Dockerfile,
        "actions" => kind == Kind::Workflow,
        "compose" | "k8s" | "yaml" | "gitlab" => kind.is_yaml(),
        "text" | "assignment" => true,
        "image" => false,
        // Documents, and what is in them.
        _ => kind == Kind::Markdown,
    }
}

/// The facts of single files that the relations in question are made of, and the relations themselves.
pub fn needed(wanted: &Wanted) -> Wanted {
    let relations = NEEDS.iter().filter(|(relation, _)| wanted.subject(relation));
    let told = relations.flat_map(|(relation, needs)| std::iter::once(relation).chain(*needs)).copied();
    let bare = [EnvFolder::describe().name, ImageBuild::describe().name];
    let bare = bare.into_iter().filter(|relation| wanted.subject(relation));
    Wanted::of(told.chain(bare).map(Arc::from))
}

/// All relations that a selected rule matches; `past` is what an earlier revision held, if one is compared with.
pub fn relations(
    summaries: &[Summary],
    past: Option<&[Summary]>,
    inventory: &Inventory,
    wanted: &Wanted,
) -> Vec<ProjectSubject> {
    let mut found = Vec::new();
    if wanted.subject(PastRecord::describe().name) {
        past::build(summaries, past.unwrap_or_default(), &mut found);
    }
    if wanted.subject(SpecDirectory::describe().name) {
        directories::build(summaries, inventory, &mut found);
    }
    if wanted.subject(ComponentDependency::describe().name) {
        components::dependencies(summaries, &mut found);
    }
    if wanted.subject(ComponentStatus::describe().name) {
        components::statuses(summaries, &mut found);
    }
    if wanted.subject(DirectoryRecord::describe().name) {
        records::build(summaries, inventory, &mut found);
    }
    if wanted.subject(RecordDate::describe().name) {
        dates::build(summaries, &mut found);
    }
    if wanted.subject(Agent::describe().name) {
        agents::build(summaries, &mut found);
    }
    if wanted.subject(Succession::describe().name) {
        succession::build(summaries, inventory, &mut found);
    }
    if wanted.subject(Index::describe().name) {
        succession::indexes(summaries, &mut found);
    }
    if wanted.subject(TaskDefinition::describe().name) {
        tasks::definitions(summaries, &mut found);
    }
    if wanted.subject(TaskReference::describe().name) {
        tasks::references(summaries, &mut found);
    }
    if wanted.subject(EnvVariable::describe().name) {
        variables::build(summaries, inventory, &mut found);
    }
    if wanted.subject(EnvFolder::describe().name) {
        environments::folders(summaries, inventory, &mut found);
    }
    if wanted.subject(SetupVariables::describe().name) {
        environments::setups(summaries, inventory, &mut found);
    }
    if wanted.subject(ImageBuild::describe().name) {
        pipelines::build(summaries, inventory, &mut found);
    }
    if PRACTICES.iter().any(|relation| wanted.subject(relation)) {
        practice::build(summaries, inventory, wanted, &mut found);
    }
    if wanted.subject(DocumentedService::describe().name) {
        papers::services(summaries, inventory, &mut found);
    }
    if wanted.subject(ComposeMention::describe().name) {
        papers::mentions(summaries, inventory, &mut found);
    }
    if wanted.subject(RequirementId::describe().name) {
        papers::requirements(summaries, inventory, &mut found);
    }
    if wanted.subject(ProjectRunbook::describe().name) {
        papers::runbooks(summaries, inventory, &mut found);
    }
    if wanted.subject(ReportedCount::describe().name) {
        reported::build(summaries, &mut found);
    }
    if wanted.subject(DesignDocument::describe().name) || wanted.subject(DesignFolder::describe().name) {
        papers::designs(summaries, &mut found);
    }
    if wanted.subject(TemplateUse::describe().name) {
        papers::templates(summaries, &mut found);
    }
    if wanted.subject(RepeatedText::describe().name) {
        papers::repeated(summaries, &mut found);
    }
    if wanted.subject(PastDocument::describe().name) {
        papers::past(summaries, past.unwrap_or_default(), &mut found);
    }
    if wanted.any("project.k8s-") {
        bundle::build(summaries, inventory, wanted, &mut found);
    }
    if wanted.subject(ContainerPort::describe().name) {
        listening::build(summaries, &mut found);
    }
    if wanted.subject(SharedImage::describe().name) {
        images::build(summaries, &mut found);
    }
    if wanted.subject(ProductionApproval::describe().name) {
        approvals::build(summaries, &mut found);
    }
    if wanted.subject(PageLink::describe().name) {
        anchors::build(summaries, &mut found);
    }
    found
}
