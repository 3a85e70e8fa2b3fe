//! The half of a kind that the content of a YAML document tells; the path tells the other.

use super::{Guess, Kind};
use crate::syntax::yaml::NodeRef;

/// The kind of one document, by what its file's path says and what stands at its root.
pub fn classify_document(root: NodeRef<'_>, guess: Guess) -> Kind {
    if guess.sure {
        return guess.kind;
    }
    let flux =
        |root: NodeRef<'_>| word(root, "apiVersion").is_some_and(|v| v.starts_with("kustomize.toolkit.fluxcd.io"));
    if guess.kind == Kind::Kustomization && !flux(root) {
        return guess.kind;
    }
    match by_content(root) {
        Some(found) if matches!(guess.kind, Kind::YamlOther | Kind::Kustomization) || found < guess.kind => found,
        _ => guess.kind,
    }
}

/// The first kind in the order of [`Kind::ALL`] whose marks the root has.
fn by_content(root: NodeRef<'_>) -> Option<Kind> {
    if root.is_sequence() {
        return of_list(root);
    }
    let has = |key: &str| root.get(key).is_some();
    let kubernetes = has("apiVersion") && word(root, "kind").is_some();
    if pre_commit(root) {
        return Some(Kind::PreCommit);
    }
    if has("site_name") && (has("nav") || has("theme") || has("plugins")) {
        return Some(Kind::Mkdocs);
    }
    if dependabot(root) {
        return Some(Kind::Dependabot);
    }
    if matches!(word(root, "apiVersion"), Some("v1" | "v2")) && has("name") && has("version") && !has("kind") {
        return Some(Kind::HelmChart);
    }
    if !kubernetes && gitlab(root) {
        return Some(Kind::GitlabCi);
    }
    if word(root, "apiVersion").is_some_and(|v| v.starts_with("kustomize.config.k8s.io")) {
        return Some(Kind::Kustomization);
    }
    if kubernetes {
        return Some(Kind::Kubernetes);
    }
    if has("openapi") || has("swagger") {
        return Some(Kind::Openapi);
    }
    if has("AWSTemplateFormatVersion") || cloudformation(root) {
        return Some(Kind::Cloudformation);
    }
    if has("on") && root.get("jobs").is_some_and(NodeRef::is_mapping) {
        return Some(Kind::Workflow);
    }
    if root.path(&["runs", "using"]).is_some() {
        return Some(Kind::Action);
    }
    compose(root).then_some(Kind::Compose)
}

fn word<'t>(root: NodeRef<'t>, key: &str) -> Option<&'t str> {
    root.get(key).and_then(NodeRef::scalar)
}

fn of_list(root: NodeRef<'_>) -> Option<Kind> {
    let each = |test: fn(NodeRef<'_>) -> bool| root.items().len() > 0 && root.items().all(test);
    if each(|item| item.get("hosts").is_some() || item.get("import_playbook").is_some()) {
        return Some(Kind::Ansible);
    }
    if each(|item| item.get("op").is_some() && item.get("path").is_some()) {
        return Some(Kind::JsonPatch);
    }
    let hooks = |item: NodeRef<'_>| item.get("id").is_some() && item.get("entry").is_some();
    each(hooks).then_some(Kind::PreCommit)
}

fn pre_commit(root: NodeRef<'_>) -> bool {
    root.get("repos").is_some_and(|repos| repos.items().any(|repo| repo.get("hooks").is_some()))
}

fn dependabot(root: NodeRef<'_>) -> bool {
    root.get("updates").is_some_and(|updates| updates.items().any(|update| update.get("package-ecosystem").is_some()))
}

fn gitlab(root: NodeRef<'_>) -> bool {
    let head = ["stages", "include", "default"].iter().any(|key| root.get(key).is_some());
    head && root.written().any(|(_, job)| job.get("script").is_some())
}

fn cloudformation(root: NodeRef<'_>) -> bool {
    let of_aws = |resource: NodeRef<'_>| word(resource, "Type").is_some_and(|ty| ty.starts_with("AWS::"));
    root.get("Resources").is_some_and(|resources| resources.written().any(|(_, resource)| of_aws(resource)))
}

fn compose(root: NodeRef<'_>) -> bool {
    let keys = ["image", "build", "extends", "container_name", "env_file", "depends_on"];
    let service = |node: NodeRef<'_>| keys.iter().any(|key| node.get(key).is_some());
    root.get("services").is_some_and(|services| services.written().any(|(_, node)| service(node)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml::Yaml;
    use crate::text::Text;

    fn kind(source: &str, guess: Kind) -> Kind {
        let text = Text::whole(source);
        let yaml = Yaml::parse(&text);
        classify_document(yaml.root(0).unwrap(), Guess { kind: guess, sure: false })
    }

    #[test]
    fn the_content_tells_what_the_name_does_not() {
        let table = [
            ("apiVersion: v1\nkind: Pod\n", Kind::Kubernetes),
            ("apiVersion: 1\ndatasources: []\n", Kind::YamlOther),
            ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", Kind::Kustomization),
            ("on: push\njobs: {a: {services: {db: {image: x}}}}\n", Kind::Workflow),
            ("services: {a: {image: x}}\n", Kind::Compose),
            ("services: {a: {url: x}}\n", Kind::YamlOther),
            ("- hosts: all\n", Kind::Ansible),
            ("- {op: add, path: /x}\n", Kind::JsonPatch),
            ("Resources: {a: {Type: 'AWS::S3::Bucket'}}\n", Kind::Cloudformation),
            ("repos: [{repo: x, hooks: []}]\n", Kind::PreCommit),
            ("stages: [a]\nb: {script: [x]}\n", Kind::GitlabCi),
            ("runs: {using: composite}\n", Kind::Action),
            ("apiVersion: v2\nname: x\nversion: 1.0.0\n", Kind::HelmChart),
            ("{apiVersion: v1, kind: Pod, spec: {openapi: 1}}", Kind::Kubernetes),
        ];
        for (source, expected) in table {
            assert_eq!(kind(source, Kind::YamlOther), expected, "{source}");
        }
    }

    #[test]
    fn earlier_kinds_overrule_the_name() {
        assert_eq!(kind("apiVersion: v1\nkind: Pod\n", Kind::Compose), Kind::Kubernetes);
        assert_eq!(kind("volumes: {}\n", Kind::Compose), Kind::Compose);
        assert_eq!(kind("services: {a: {image: x}}\n", Kind::Workflow), Kind::Workflow);
        assert_eq!(kind("resources: []\n", Kind::Kustomization), Kind::Kustomization);
        let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
        assert_eq!(kind(flux, Kind::Kustomization), Kind::Kubernetes);
    }
}
