//! The shapes of what agents hand over, as data.

/// A key of an object; dots lead into objects below.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) needed: bool,
}

/// What a value must be.
pub(super) enum Form {
    Any,
    Text,
    TextOrNull,
    List,
    Map,
    OneOf(&'static [&'static str]),
}

const fn must(name: &'static str, form: Form) -> Key {
    Key { name, form, needed: true }
}

const fn may(name: &'static str, form: Form) -> Key {
    Key { name, form, needed: false }
}

pub(super) const LOG_ENTRY: &[Key] = &[
    must("agent", Form::Text),
    must("action", Form::OneOf(&["COMPLETE", "BLOCKED", "ERROR"])),
    must("phase", Form::Text),
    must("requirements", Form::List),
    must("task_id", Form::TextOrNull),
    must("details", Form::Text),
    must("files_created", Form::List),
    must("files_modified", Form::List),
    must("decisions", Form::List),
    must("errors", Form::List),
];

pub(super) const INPUT: &[Key] = &[
    must("task", Form::Text),
    must("focus", Form::Any),
    may("context", Form::Map),
    may("context.platform", Form::OneOf(&["aws", "gcp", "azure", "local"])),
    may("context.orchestration", Form::OneOf(&["kubernetes", "docker-compose", "ecs"])),
    may("context.ci_system", Form::OneOf(&["github-actions", "gitlab-ci", "jenkins"])),
    may("requirements", Form::Map),
];

pub(super) const OUTPUT: &[Key] = &[
    must("status", Form::OneOf(&["completed", "partial", "blocked"])),
    must("implementation", Form::Map),
    must("implementation.files_created", Form::List),
    must("implementation.files_modified", Form::List),
    must("implementation.resources_provisioned", Form::List),
    must("architecture", Form::Map),
    must("architecture.overview", Form::Any),
    must("architecture.components", Form::List),
    must("architecture.data_flow", Form::Any),
    must("ci_cd", Form::Map),
    must("ci_cd.pipeline_stages", Form::List),
    must("ci_cd.triggers", Form::Any),
    must("ci_cd.artifacts", Form::Any),
    must("security", Form::Map),
    must("security.secrets_management", Form::Any),
    must("security.access_control", Form::Any),
    must("security.hardening", Form::List),
    must("monitoring", Form::Map),
    must("monitoring.metrics", Form::List),
    must("monitoring.alerts", Form::List),
    must("monitoring.logging", Form::Any),
    must("handoff", Form::Map),
    must("handoff.operational_notes", Form::Any),
    must("handoff.runbooks", Form::Any),
    must("handoff.testing_notes", Form::Any),
];

/// `REQ-012-DEP-001`, `REQ-NFR-AVAIL-003`.
pub(super) fn is_requirement(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("REQ-") else { return false };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let rest = rest.split_once('-').filter(|(first, _)| number(first)).map_or(rest, |(_, rest)| rest);
    let kind = ["DEP-", "NFR-AVAIL-"].iter().find_map(|kind| rest.strip_prefix(kind));
    kind.is_some_and(|last| last.len() == 3 && number(last))
}
