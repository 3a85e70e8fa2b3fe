use super::*;

#[test]
fn kustomizations_name_patches_and_pins() {
    let mut context = Context::default();
    let text = "patches:\n- path: ../patch.yaml\npatchesStrategicMerge:\n- add.yaml\n- |\n  kind: X\n\
                images:\n- name: web\n  newTag: v1\n- name: other\n";
    context.read("k8s/prod/kustomization.yaml", Kind::Kustomization, text);
    assert!(context.is_patch("k8s/patch.yaml") && context.is_patch("k8s/prod/add.yaml"));
    assert!(!context.is_patch("patch.yaml"));
    assert!(context.is_pinned("k8s/prod/app/web.yaml", "web"));
    assert!(!context.is_pinned("k8s/prod/web.yaml", "other") && !context.is_pinned("k8s/web.yaml", "web"));
}

#[test]
fn images_are_set_through_bases() {
    let mut context = Context::default();
    let overlay = "resources: [../../base]\nimages:\n- {name: web, newTag: v1}\n";
    context.read("overlays/prod/kustomization.yaml", Kind::Kustomization, overlay);
    context.read("base/kustomization.yaml", Kind::Kustomization, "resources: [web.yaml, ../overlays/prod]\n");
    assert!(context.is_pinned("base/web.yaml", "web"));
    assert!(!context.is_pinned("base/other.yaml", "web") && !context.is_pinned("base/web.yaml", "db"));
}

#[test]
fn compose_files_pick_stages() {
    let mut context = Context::default();
    let text = "services:\n  a:\n    build: {context: ./app, target: Dev}\n  b:\n    build: ../lib\n";
    context.read("deploy/compose.yaml", Kind::Compose, text);
    assert_eq!(context.targets("deploy/app/Dockerfile").map(BTreeSet::len), Some(1));
    assert_eq!(context.targets("lib/Dockerfile"), None);
    context.read("compose.yaml", Kind::Compose, "services: {c: {build: deploy/app}}\n");
    assert_eq!(context.targets("deploy/app/Dockerfile"), None);
}

#[test]
fn paths_never_lead_out() {
    assert_eq!(join("a/b", "../c/./d"), Some("a/c/d".into()));
    assert_eq!(join("a", "../../c"), None);
    assert_eq!(join("", "https://x/y"), None);
}
