//! An object as such: its names, and whether all of it is in sight.

use super::parts::{ConfigEntry, Object, Pair};
use super::resource;
use super::{Scope, alert, api, availability, naming, pod, rbac, schema, service, strings, workload};
use crate::fact::context::Gift;
use crate::fact::value::{Field, OpenList};
use crate::fact::yaml::{Literal, Part, Slot};
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};

/// Adds the facts of one object.
pub(super) fn build(node: NodeRef<'_>, part: &Part<'_>, wanted: &Wanted, out: &mut Facts) {
    let root = Slot::of(node);
    let kind = root.get("kind").text();
    let metadata = root.get("metadata");
    let name = metadata.get("name").or(metadata.get("generateName")).text();
    let span = name.span().or(kind.span()).unwrap_or_default();
    let word = word(&kind).unwrap_or_default();
    let template = workload::template(root, &word);
    // An object that the API server would refuse is a patch, where anything is patched at all.
    let partial = || part.context.has_kustomizations() && template.as_ref().is_some_and(|t| t.is_partial(root));
    let open = part.open || partial() || is_patch(node);
    let label = match self::word(&name) {
        Some(name) => format!("{word}/{name}"),
        None => word.clone(),
    };
    let api_version = strings::known(&root.get("apiVersion").text()).to_owned();
    let set = part.context.sets_namespace(part.path);
    let namespace = metadata.get("namespace").text().open(open || set, span);
    let gifts = [Gift::User, Gift::Volumes, Gift::Ports].map(|gift| (gift, open));
    let mut scope = Scope { part, open, gifts, label, kind: word, api_version, name, namespace, place: span };
    if wanted.subject(Object::describe().name) {
        out.push(object(root, kind, template.is_some(), &scope), &scope.label, node.span());
    }
    metadata_parts(metadata, &scope, wanted, out);
    if scope.kind == "ConfigMap" {
        strings::mapping(root.get("data"), "entry of a ConfigMap", &scope.label, wanted, out);
        config_entries(root.get("data"), &scope, wanted, out);
    }
    if scope.kind == "Secret" {
        for list in ["data", "stringData"] {
            strings::mapping(root.get(list), strings::OF_SECRET, &scope.label, wanted, out);
        }
    }
    if wanted.subject(resource::Whole::NAME) && !part.snippet && !part.patched {
        out.push(resource::read(root, template.as_ref(), &scope), "", node.span());
    }
    // What others look for in it is there; what it leaves out may be added.
    if part.context.is_completed(part.path) {
        scope.open = true;
        for (gift, open) in &mut scope.gifts {
            *open |= part.context.is_given(*gift, part.path);
        }
    }
    schema::build(node, &scope, wanted, out);
    if wanted.subject(naming::Unsorted::describe().name)
        && let Some(found) = naming::unsorted(node)
    {
        let span = found.span;
        out.push(found, &scope.label, span);
    }
    service::build(root, &scope, wanted, out);
    rbac::build(root, &scope, wanted, out);
    availability::build(root, &scope, wanted, out);
    alert::build(root, &scope, wanted, out);
    if let Some(template) = template {
        workload::build(root, &template, &scope, wanted, out);
        if !template.spec.is_absent() {
            pod::build(&template, &scope, wanted, out);
        }
    }
}

fn object(root: Slot<'_>, kind: Field<String>, workload: bool, scope: &Scope<'_>) -> Object {
    let (metadata, span) = (root.get("metadata"), scope.place);
    // The arms of a template may each have a version of their own, for clusters of several ages.
    let versions =
        root.node().into_iter().flat_map(NodeRef::written).filter(|(key, _)| key.scalar() == Some("apiVersion"));
    let removal = api::removal(&scope.api_version, &scope.kind).filter(|_| versions.count() < 2);
    let version = root.get("apiVersion").text();
    Object {
        span,
        api_version: scope.seal(version, span),
        name: scope.seal(scope.name.clone(), span),
        namespace: scope.namespace.clone(),
        labels: pairs(metadata.get("labels"), "label", scope.open),
        annotations: pairs(metadata.get("annotations"), "annotation", scope.open),
        open: scope.open,
        workload,
        cluster_scoped: api::cluster_scoped(&scope.kind)
            .map_or_else(|| Field::unknown("", span), |scoped| Field::new(scoped, span)),
        removed_minor: removal.as_ref().map(|r| r.minor),
        removed_in: removal.as_ref().map(|r| r.gone_in.to_owned()),
        replacement_equal: removal.as_ref().and_then(|r| api::is_equal(r, &scope.api_version, &scope.kind)),
        replacement: removal.map(|r| r.replacement.to_owned()),
        allow_privileged: root.get("allowPrivilegedContainer").flag(),
        automount_token: scope.seal(root.get("automountServiceAccountToken").flag(), span),
        other_name: other_name(metadata, scope),
        admission_plugins: admission_plugins(root),
        tiller: tiller(root, scope),
        kind,
    }
}

fn config_entries(data: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(ConfigEntry::describe().name) {
        return;
    }
    for (key, value) in data.entries() {
        let name = key.scalar().unwrap_or_default();
        let Literal { value: shown, key_kind, verdict } = Literal::of(name, value.text());
        let span = value.span().unwrap_or(key.span());
        let entry = ConfigEntry { span, key: name.to_owned(), value: shown, key_kind, verdict };
        out.push(entry, &scope.label, key.span().to(span));
    }
}

/// The name, labels and annotations, each a subject of its own.
fn metadata_parts(metadata: Slot<'_>, scope: &Scope<'_>, wanted: &Wanted, out: &mut Facts) {
    if let Field::Known(name) = metadata.get("name").text()
        && wanted.subject(Pair::describe().name)
        && let Some(fault) = naming::name_fault(&scope.kind, &name.value)
    {
        let pair = Pair {
            span: name.span,
            key: name.value.chars().take(60).collect(),
            value: Field::new(name.value, name.span),
            what: "name".to_owned(),
            wrong: Some(fault.to_owned()),
        };
        let span = pair.span;
        out.push(pair, &scope.label, span);
    }
    for (key, what) in [("labels", "label"), ("annotations", "annotation")] {
        let slot = metadata.get(key);
        strings::mapping(slot, what, &scope.label, wanted, out);
        if wanted.subject(Pair::describe().name) {
            for pair in pairs(slot, what, false).items {
                let extent = pair.value.span().map_or(pair.span, |span| pair.span.to(span));
                out.push(pair, &scope.label, extent);
            }
        }
    }
}

/// The plugins that an `AdmissionConfiguration` sets up.
fn admission_plugins(root: Slot<'_>) -> OpenList<Spanned<String>> {
    let name = |plugin: Slot<'_>| match plugin.get("name").text() {
        Field::Known(name) => Some(name),
        _ => None,
    };
    let plugins = root.get("plugins");
    OpenList { items: plugins.items().filter_map(name).collect(), open: plugins.is_unknown() }
}

/// `app.kubernetes.io/name`, where neither it nor the instance says what the object is called.
fn other_name(metadata: Slot<'_>, scope: &Scope<'_>) -> Field<String> {
    let (Some(name), labels) = (scope.name.known(), metadata.get("labels")) else { return Field::Absent };
    let (instance, label) =
        (labels.get("app.kubernetes.io/instance").text(), labels.get("app.kubernetes.io/name").text());
    if instance.known() == Some(name) || instance.is_unknown() {
        return Field::Absent;
    }
    // `web` is also what `web-blue` is called.
    let part = |label: &String| format!("-{name}-").contains(&format!("-{label}-"));
    match label.known().is_some_and(|label| !part(label)) {
        _ if instance.known().is_some() => instance,
        true => label,
        false => Field::Absent,
    }
}

/// Tiller, the cluster side of Helm 2, by its image, its labels, or the name of its Service.
fn tiller(root: Slot<'_>, scope: &Scope<'_>) -> Field<String> {
    let named = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "tiller");
    let says = |slot: Slot<'_>| named(&strings::known(&slot.text()).to_ascii_lowercase());
    if scope.kind == "Service" {
        let names = |slot: Slot<'_>| slot.entries().any(|(_, value)| says(value));
        let metadata = root.get("metadata");
        let found =
            says(metadata.get("name")) || names(metadata.get("labels")) || names(root.path(&["spec", "selector"]));
        return if found { Field::new("service".to_owned(), scope.place) } else { Field::Absent };
    }
    let Some(template) = workload::template(root, &scope.kind) else { return Field::Absent };
    let labels = template.metadata.get("labels");
    let labelled = strings::known(&labels.get("app").text()) == "helm" || says(labels.get("name"));
    let containers = ["containers", "initContainers"].into_iter().flat_map(|list| template.spec.get(list).items());
    let container = containers.into_iter().find(|container| labelled || says(container.get("image")));
    let Some(container) = container else { return Field::Absent };
    let local = container.get("args").items().any(|arg| {
        let arg = arg.text();
        let arg = strings::known(&arg);
        arg.contains("--listen") && (arg.contains("localhost") || arg.contains("127.0.0.1"))
    });
    let place = container.get("image").span().unwrap_or(scope.place);
    Field::new(if local { "local" } else { "listening" }.to_owned(), place)
}

/// A word for labels: also an undecidable name has its source text.
fn word(field: &Field<String>) -> Option<String> {
    match field {
        Field::Known(text) => Some(text.value.clone()),
        Field::Unknown(text) if !text.value.is_empty() => Some(text.value.clone()),
        _ => None,
    }
}

fn pairs(slot: Slot<'_>, what: &str, open: bool) -> OpenList<Pair> {
    let pair = |(key, value): (NodeRef<'_>, Slot<'_>)| {
        let (word, text) = (key.scalar().unwrap_or_default(), value.text());
        let of_value = || match what {
            "label" => text.known().and_then(|value| naming::label_value_fault(value)),
            _ => None,
        };
        let templated = key.is_templated();
        let fault = naming::key_fault(word).filter(|_| !templated).map(|fault| format!("the key {fault}"));
        Pair {
            span: key.span(),
            key: word.to_owned(),
            wrong: fault.or_else(|| of_value().map(|fault| format!("the value {fault}"))),
            value: text,
            what: what.to_owned(),
        }
    };
    OpenList { items: slot.entries().map(pair).collect(), open: open || slot.is_unknown() }
}

/// Directives of strategic merge patches stand where no object has a field.
fn is_patch(node: NodeRef<'_>) -> bool {
    let mut waiting = vec![node];
    let mut budget = 5000;
    while let Some(node) = waiting.pop() {
        budget -= 1;
        if budget == 0 {
            return false;
        }
        if node.is_alias() {
            continue;
        }
        for (key, value) in node.written() {
            if key.scalar().is_some_and(|key| {
                key == "$patch" || key.starts_with("$setElementOrder") || key.starts_with("$deleteFromPrimitiveList")
            }) {
                return true;
            }
            waiting.push(value);
        }
        waiting.extend(node.items());
    }
    false
}

/// The place of a mapping's first key: what a finding about the mapping marks.
pub(super) fn first_key(node: NodeRef<'_>) -> Span {
    node.written().next().map_or_else(|| node.span(), |(key, _)| key.span())
}
