//! One file as the fact builders see it: its text, its kind, and what the rest of the repository says of it.

use super::context::Context;
use super::document::terms::Terms;
use super::inventory::Inventory;
use super::value::Schema;
use super::{Facts, Wanted};
use crate::syntax::{Kind, markdown};
use crate::text::{Source, Span};
use jiff::civil::Date;
use std::sync::{Arc, OnceLock};

/// A file to build facts of.
pub struct File<'a> {
    /// Relative to the project root, with `/`.
    pub path: &'a str,
    /// Its text.
    pub source: &'a Source,
    /// What its path tells.
    pub kind: Kind,
    /// Whether no content can change the kind.
    pub sure: bool,
    /// Vendored or generated: only its secrets matter.
    pub foreign: bool,
    /// Tells which types of document it is.
    pub documents: &'a dyn DocumentTypes,
    /// What other files say of it.
    pub context: &'a Context,
    /// What else there is below the root.
    pub inventory: &'a Inventory,
    /// The day of the run, in UTC; without one nothing lies in the future.
    pub day: Option<Date>,
}

/// What a document looks like, for types that are told by content.
#[derive(Clone, Debug, Default)]
pub struct Looks<'s> {
    /// Its title.
    pub title: String,
    /// Names of its header fields.
    pub fields: Vec<String>,
    /// Its headings, normalised.
    pub headings: Vec<String>,
    /// All of it, as it is written.
    pub text: &'s str,
}

/// Tells types of documents; packs declare them.
pub trait DocumentTypes: Sync {
    /// The subjects that a document at this path is.
    fn of(&self, path: &str, looks: &Looks<'_>) -> Vec<Arc<str>>;

    /// The subjects that a section with this heading is, in a document that is none itself.
    fn sections(&self, _heading: &str) -> Vec<Arc<str>> {
        Vec::new()
    }

    /// The words by which documents name things.
    fn terms(&self) -> &Terms {
        static NONE: OnceLock<Terms> = OnceLock::new();
        NONE.get_or_init(Terms::default)
    }

    /// Whether the words of a type are known in a language.
    fn speaks(&self, _subject: &str, _language: &str) -> bool {
        true
    }
}

/// No types of documents at all.
pub struct NoDocuments;

impl DocumentTypes for NoDocuments {
    fn of(&self, _: &str, _: &Looks<'_>) -> Vec<Arc<str>> {
        Vec::new()
    }
}

/// The schemas of all facts that Rust builds; a rule may match each by its name.
pub const SCHEMAS: &[fn() -> &'static Schema] = &[
    super::text::Conflict::describe,
    super::text::Line::describe,
    super::characters::Mojibake::describe,
    super::characters::Hidden::describe,
    super::assignment::Assignment::describe,
    super::markdown::Target::describe,
    super::markdown::Heading::describe,
    super::markdown::Page::describe,
    super::markdown::Row::describe,
    super::markdown::Undefined::describe,
    super::markdown::Definition::describe,
    super::markdown::NestedFence::describe,
    super::markdown::CodeFault::describe,
    super::results::HandoverFault::describe,
    super::placeholders::ExampleValue::describe,
    super::mentions::Include::describe,
    super::mentions::ConfigMention::describe,
    super::paths::PathMention::describe,
    super::bare_block::BareBlock::describe,
    super::operations::Alert::describe,
    super::operations::Indicator::describe,
    super::operations::Indicators::describe,
    super::operations::Runbook::describe,
    super::operations::Danger::describe,
    super::yaml::Fault::describe,
    super::yaml::RepeatedKey::describe,
    super::yaml::Empty::describe,
    super::yaml::Ambiguous::describe,
    super::yaml::Anchor::describe,
    super::yaml::Merge::describe,
    super::yaml::OddKey::describe,
    super::yaml::Expansion::describe,
    super::yaml::Hidden::describe,
    super::k8s::SchemaFault::describe,
    super::k8s::Object::describe,
    super::k8s::Workload::describe,
    super::k8s::Pod::describe,
    super::k8s::Volume::describe,
    super::k8s::VolumeUse::describe,
    super::k8s::Container::describe,
    super::k8s::Capability::describe,
    super::k8s::Env::describe,
    super::k8s::Mount::describe,
    super::k8s::Port::describe,
    super::k8s::Pair::describe,
    super::k8s::ConfigEntry::describe,
    super::k8s::SecurityContext::describe,
    super::k8s::Sysctl::describe,
    super::k8s::Group::describe,
    super::k8s::Probe::describe,
    super::k8s::Quantity::describe,
    super::k8s::PortValue::describe,
    super::k8s::Named::describe,
    super::k8s::Unsorted::describe,
    super::k8s::Misread::describe,
    super::k8s::Component::describe,
    super::k8s::Service::describe,
    super::k8s::Ingress::describe,
    super::k8s::Snippet::describe,
    super::k8s::RoleRule::describe,
    super::k8s::Grant::describe,
    super::k8s::Binding::describe,
    super::k8s::Budget::describe,
    super::k8s::Autoscaler::describe,
    super::k8s::Claim::describe,
    super::k8s::Entry::describe,
    super::k8s::OldField::describe,
    super::k8s::ImageOverride::describe,
    super::k8s::ChartFault::describe,
    super::k8s::Alert::describe,
    super::k8s::Dependency::describe,
    super::k8s::ValueImage::describe,
    super::project::Reference::describe,
    super::project::BundleWorkload::describe,
    super::project::Access::describe,
    super::project::ArgoPath::describe,
    super::project::KustomizationCircle::describe,
    super::compose::File::describe,
    super::compose::Reference::describe,
    super::compose::Definition::describe,
    super::compose::Quantity::describe,
    super::compose::Service::describe,
    super::compose::Build::describe,
    super::compose::Capability::describe,
    super::compose::Mount::describe,
    super::compose::Env::describe,
    super::compose::Port::describe,
    super::compose::SchemaFault::describe,
    super::compose::Fault::describe,
    super::compose::Device::describe,
    super::compose::EnvFile::describe,
    super::compose::Variable::describe,
    super::compose::OldKey::describe,
    super::compose::Unsorted::describe,
    super::dockerfile::facts::File::describe,
    super::dockerfile::facts::Fault::describe,
    super::dockerfile::facts::Stage::describe,
    super::dockerfile::facts::Instruction::describe,
    super::dockerfile::facts::Variable::describe,
    super::dockerfile::facts::Transfer::describe,
    super::dockerfile::facts::Workdir::describe,
    super::dockerfile::facts::Port::describe,
    super::dockerfile::facts::Run::describe,
    super::dockerfile::facts::Command::describe,
    super::dockerfile::facts::Bypass::describe,
    super::dockerfile::facts::Start::describe,
    super::dockerfile::facts::Unverified::describe,
    super::shell::Fault::describe,
    super::dockerfile::facts::Mode::describe,
    super::dockerfile::facts::Package::describe,
    super::dockerfile::facts::Label::describe,
    super::dockerfile::facts::Reference::describe,
    super::dockerfile::facts::VariableUse::describe,
    super::dockerfile::facts::Comment::describe,
    super::dockerfile::facts::Definition::describe,
    super::dockerfile::facts::User::describe,
    super::project::SpecDirectory::describe,
    super::project::ComponentDependency::describe,
    super::project::ComponentStatus::describe,
    super::project::DirectoryRecord::describe,
    super::project::RecordDate::describe,
    super::project::Agent::describe,
    super::project::Succession::describe,
    super::project::Index::describe,
    super::project::TaskDefinition::describe,
    super::project::TaskReference::describe,
    super::project::PastRecord::describe,
    super::project::EnvVariable::describe,
    super::project::PageLink::describe,
    super::project::SharedImage::describe,
    super::project::ContainerPort::describe,
    super::project::DocumentedService::describe,
    super::project::ComposeMention::describe,
    super::project::RequirementId::describe,
    super::project::ProjectRunbook::describe,
    super::project::ReportedCount::describe,
    super::project::ProductionApproval::describe,
    super::project::DesignDocument::describe,
    super::project::DesignFolder::describe,
    super::project::TemplateUse::describe,
    super::project::RepeatedText::describe,
    super::project::PastDocument::describe,
    super::project::EnvFolder::describe,
    super::project::SetupVariables::describe,
    super::project::ImageBuild::describe,
    super::project::Deployment::describe,
    super::project::StoredData::describe,
    super::project::SecretUse::describe,
    super::project::Release::describe,
    super::project::EnvFileName::describe,
    super::key_file::KeyFile::describe,
    super::repository::EnvFile::describe,
    super::repository::IgnoredConfig::describe,
];

/// Builds the facts of a file: those that are wanted, in the order of the builders.
pub fn build(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    out.day = file.day;
    super::text::build(file.source, wanted, out);
    if file.kind != Kind::Markdown || file.foreign {
        super::text::conflicts(file.source, &Vec::new, wanted, out);
    }
    super::assignment::build(file, wanted, out);
    super::key_file::build(file, wanted, out);
    super::placeholders::build(file, wanted, out);
    super::repository::build(file, wanted, out);
    if file.kind == Kind::Dockerfile && !file.foreign {
        super::dockerfile::file(file, wanted, out);
    }
    // Secrets are told by the text, so looking for them alone needs no tree of a document.
    if file.kind == Kind::Markdown && !file.foreign && !wanted.only("secrets.") {
        let tree = markdown::parse(file.source.text());
        super::text::conflicts(file.source, &|| super::fenced::shown_conflicts(&tree), wanted, out);
        super::document::build(file, &tree, wanted, out);
        super::markdown::build(file, &tree, wanted, out);
        super::operations::build(file, &tree, wanted, out);
        super::results::build(file, Some(&tree), wanted, out);
        super::mentions::build(file, &tree, wanted, out);
        super::paths::build(file, &tree, wanted, out);
        super::bare_block::build(file, &tree, wanted, out);
        let quoted: Vec<Span> = tree.code_spans().collect();
        super::characters::build(file.source, &quoted, wanted, out);
        super::dockerfile::fences(&tree, wanted, out);
        fences(&tree, file, wanted, out);
    }
    if file.kind != Kind::Markdown && !file.foreign {
        super::characters::build(file.source, &[], wanted, out);
        super::results::build(file, None, wanted, out);
    }
    super::yaml::build_file(file, wanted, out);
}

/// Where the fenced blocks of a document stand, for when no fact told it.
pub fn fenced(file: &File<'_>) -> Vec<Span> {
    match file.kind {
        Kind::Markdown if !file.foreign => {
            markdown::parse(file.source.text()).codes().filter(|code| code.fenced).map(|code| code.span).collect()
        }
        _ => Vec::new(),
    }
}

/// Adds the facts of what stands in a document's fenced blocks.
fn fences(tree: &markdown::Document<'_>, file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    for code in tree.codes().filter(|code| code.fenced) {
        out.fences.push(code.span);
        if wanted.subject(super::shell::script::FENCE) {
            out.scripts.extend(super::shell::ScriptText::of_fence(&code));
        }
        if wanted.subject(super::shell::Fault::describe().name)
            && let Some(script) = super::shell::ScriptText::of_fence(&code)
        {
            super::shell::habits::of_fence(&script, code.span, out);
        }
        super::yaml::build_snippet(&code, file, wanted, out);
    }
}
