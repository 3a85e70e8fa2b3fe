//! What other files say of a file, read before any rule runs: kustomizations make patches, Compose files pick
//! stages. Frozen then, so that every file is judged by the same knowledge.

use super::compose::Settings;
use super::compose::{Outline as ComposeOutline, Stacks};
pub use super::dockerfile::Outline;
pub use super::exclusions::IgnoreFile;
use super::k8s::{Outside, Patched};
pub use super::reach::Gift;
use super::reach::{Completion, Reach};
use crate::syntax::Kind;
use crate::syntax::kind::{Guess, classify_document};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Files that give others their meaning.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Files of patches, and the objects that they are for.
    patches: HashMap<Box<str>, Patched>,
    /// Image names of which a kustomization in this directory sets tag or digest.
    pinned: HashMap<Box<str>, BTreeSet<String>>,
    /// Files and directories that the kustomization in a directory takes in.
    takes: HashMap<Box<str>, Vec<String>>,
    /// Directories whose kustomization sets the namespace of what it takes in.
    namespaced: Reach,
    /// Directories whose kustomization adds labels to what it takes in.
    labelled: Reach,
    /// Kustomizations that complete what they take in.
    completing: Completion,
    /// Stages that Compose files build, by Dockerfile.
    targets: HashMap<Box<str>, BTreeSet<String>>,
    /// Dockerfiles of which Compose builds the last stage.
    whole: HashSet<Box<str>>,
    /// Folders that Compose files build from, by Dockerfile.
    contexts: HashMap<Box<str>, BTreeSet<String>>,
    /// Contexts that Compose and bake files give names to, for all Dockerfiles.
    named_contexts: HashSet<String>,
    /// Words behind `target` in files that build images: makefiles, workflows, bake files.
    mentioned: HashSet<String>,
    /// Dockerfiles in short, by path.
    outlines: HashMap<Box<str>, Outline>,
    /// Images that Dockerfiles are built from: name to tag or digest to files.
    bases: HashMap<String, BTreeMap<String, BTreeSet<Box<str>>>>,
    /// The patterns of `.dockerignore` files, by path.
    ignores: HashMap<Box<str>, IgnoreFile>,
    /// Compose files in short.
    stacks: Stacks,
    /// What sets variables.
    settings: Settings,
    /// What is made outside of manifests.
    outside: Outside,
}

impl Context {
    /// Whether a file of this kind tells something of others.
    pub fn reads(kind: Kind) -> bool {
        matches!(kind, Kind::Kustomization | Kind::Compose | Kind::Dockerfile | Kind::Dotenv)
    }

    /// Learns from one file.
    pub fn read(&mut self, path: &str, kind: Kind, text: &str) {
        let services = || text.starts_with("services:") || text.contains("\nservices:");
        if !(Self::reads(kind) || kind == Kind::YamlOther && services()) {
            return;
        }
        if kind == Kind::Dockerfile {
            return self.dockerfile(path, text);
        }
        if kind == Kind::Dotenv {
            return self.variables(path, text);
        }
        let whole = Text::whole(text);
        let yaml = Yaml::parse(&whole);
        let dir = directory(path);
        for root in yaml.roots() {
            let guess = Guess { kind, sure: kind != Kind::YamlOther };
            match classify_document(root, guess) {
                Kind::Kustomization => self.kustomization(dir, root),
                Kind::Compose => {
                    self.stacks.add(path, ComposeOutline::read(root, dir));
                    self.compose(dir, root);
                }
                // A file of services that others extend or include need not look like Compose.
                _ if root.get("services").is_some_and(NodeRef::is_mapping) => {
                    self.stacks.add(path, ComposeOutline::read(root, dir));
                }
                _ => {}
            }
        }
    }

    /// Whether Compose files say of a file that it is one of them.
    pub fn is_compose(&self, path: &str) -> bool {
        self.stacks.names(path)
    }

    /// Whether a file tells by its name that it builds images or says what is left out of them.
    pub fn reads_text(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        lower.ends_with(".dockerignore")
            || lower.ends_with(".mk")
            || lower == "readme.md"
            || (lower.contains("bake") && lower.ends_with(".hcl"))
            || matches!(lower.as_str(), "makefile" | "gnumakefile" | "justfile" | "jenkinsfile" | "package.json")
            || matches!(lower.as_str(), ".gitlab-ci.yml" | "skaffold.yaml" | "tiltfile" | "taskfile.yml" | "earthfile")
            || path.contains(".github/workflows/")
            || Outside::reads(path)
    }

    /// Learns from such a file.
    pub fn read_text(&mut self, path: &str, text: &str) {
        if path.ends_with(".dockerignore") {
            self.ignores.insert(path.into(), IgnoreFile::parse(text));
            return;
        }
        self.outside.read(path, text);
        if path.ends_with(".sh") {
            return;
        }
        self.settings.read_words(text);
        if path.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().starts_with("readme")) {
            return;
        }
        let mut words =
            text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c)).filter(|w| !w.is_empty());
        while let Some(word) = words.next() {
            if word.trim_start_matches('-') == "target"
                && let Some(name) = words.next()
            {
                self.mentioned.insert(name.to_lowercase());
            }
            if word == "contexts" || word.trim_start_matches('-') == "build-context" || word == "build-contexts" {
                self.named_contexts.extend(words.next().map(str::to_owned));
            }
        }
    }

    /// What is made outside of manifests.
    pub(super) fn outside(&self) -> &Outside {
        &self.outside
    }

    /// Whether some file may build a stage of that name.
    pub fn may_build(&self, dockerfile: &str, stage: &str) -> bool {
        let named = self.targets.get(dockerfile).is_some_and(|names| names.contains(stage));
        named || self.mentioned.contains(stage)
    }

    /// Whether a name is that of a build context.
    pub fn is_named_context(&self, name: &str) -> bool {
        self.named_contexts.contains(name)
    }

    /// The folders that Compose files build a Dockerfile from.
    pub fn contexts(&self, dockerfile: &str) -> Option<&BTreeSet<String>> {
        self.contexts.get(dockerfile)
    }

    /// The `.dockerignore` that counts for a Dockerfile built from a folder.
    pub fn ignore_file(&self, dockerfile: &str, folder: &str) -> Option<&IgnoreFile> {
        let own = self.ignores.get(format!("{dockerfile}.dockerignore").as_str());
        let shared = join(folder, ".dockerignore")?;
        own.or_else(|| self.ignores.get(shared.as_str()))
    }

    /// Learns that Compose files are read together, the base first.
    pub fn read_together(&mut self, files: Vec<String>) {
        self.stacks.list(files);
    }

    /// The Compose files that are read together.
    pub(super) fn stacks(&self) -> &Stacks {
        &self.stacks
    }

    /// What sets the variables of Compose files.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    fn variables(&mut self, path: &str, text: &str) {
        let files = text.lines().find_map(|line| line.trim().strip_prefix("COMPOSE_FILE="));
        let dir = directory(path);
        if let Some(files) = files.filter(|_| path.ends_with(".env")) {
            let files = files.trim_matches(['"', '\'']).split([':', ';']).map(|file| join(dir, file));
            self.stacks.list(files.flatten().collect());
        }
        self.settings.read_file(path, text);
    }

    fn dockerfile(&mut self, path: &str, text: &str) {
        let outline = Outline::read(text);
        for (name, pin) in &outline.bases {
            let pins = self.bases.entry(name.clone()).or_default();
            pins.entry(pin.clone()).or_default().insert(path.into());
        }
        self.outlines.insert(path.into(), outline);
    }

    /// Whether there is any Dockerfile.
    pub fn has_dockerfiles(&self) -> bool {
        !self.outlines.is_empty()
    }

    /// A Dockerfile in short.
    pub fn outline(&self, path: &str) -> Option<&Outline> {
        self.outlines.get(path)
    }

    /// How most other Dockerfiles pin an image, where that is otherwise: the pin and one of the files.
    pub fn usual_pin(&self, path: &str, name: &str, pin: &str) -> Option<(&str, &str)> {
        let pins = self.bases.get(name).filter(|pins| pins.len() > 1)?;
        let usual = pins.iter().max_by_key(|(other, files)| (files.len(), std::cmp::Reverse(other.len()), *other))?;
        let file = usual.1.iter().find(|file| ***file != *path)?;
        (usual.0 != pin).then_some((usual.0, file))
    }

    /// Whether a kustomization applies the file as a patch, so that it is no whole object.
    pub fn is_patch(&self, path: &str) -> bool {
        self.patches.contains_key(path)
    }

    /// The object that a file of patches is for, as far as a kustomization names it.
    pub(super) fn patched(&self, path: &str) -> Option<&Patched> {
        self.patches.get(path)
    }

    /// Whether a kustomization that takes the file in, or stands above it, sets tag or digest of an image.
    pub fn is_pinned(&self, path: &str, image: &str) -> bool {
        let setting = self.pinned.iter().filter(|(_, names)| names.contains(image));
        setting.into_iter().any(|(dir, _)| is_below(path, dir) || self.reaches(dir, path))
    }

    /// Whether the repository has kustomizations at all, and so patches.
    pub fn has_kustomizations(&self) -> bool {
        !self.takes.is_empty()
    }

    /// Whether a kustomization sets the namespace of a file's objects.
    pub fn sets_namespace(&self, path: &str) -> bool {
        self.namespaced.holds(path, &self.takes)
    }

    /// Whether a kustomization adds labels to a file's objects.
    pub fn sets_labels(&self, path: &str) -> bool {
        self.labelled.holds(path, &self.takes)
    }

    /// Whether a kustomization that takes a file in may add what its objects do not say.
    pub fn is_completed(&self, path: &str) -> bool {
        self.completing.holds(path, &self.takes)
    }

    /// Whether it may give their pods something that is looked for by itself.
    pub fn is_given(&self, gift: Gift, path: &str) -> bool {
        self.completing.gives(gift, path, &self.takes)
    }

    /// Files of patches of which nobody has read what they say.
    pub fn asks(&self) -> impl Iterator<Item = &str> {
        self.completing.asks()
    }

    /// All of them were read that can be.
    pub fn close(&mut self) {
        self.completing.close();
    }

    /// Learns from one of them.
    pub fn read_patch(&mut self, path: &str, text: &str) {
        self.completing.read(path, text);
    }

    /// Whether a kustomization takes a file in, itself or through others.
    fn reaches<'c>(&'c self, dir: &'c str, path: &str) -> bool {
        let mut seen = HashSet::from([dir]);
        let mut waiting = vec![dir];
        while let Some(dir) = waiting.pop() {
            for taken in self.takes.get(dir).into_iter().flatten() {
                if taken == path {
                    return true;
                }
                if self.takes.contains_key(taken.as_str()) && seen.insert(taken) {
                    waiting.push(taken);
                }
            }
        }
        false
    }

    /// The stages of a Dockerfile that Compose files build, where they all name one; else none.
    pub fn targets(&self, dockerfile: &str) -> Option<&BTreeSet<String>> {
        if self.whole.contains(dockerfile) {
            return None;
        }
        self.targets.get(dockerfile)
    }

    fn kustomization(&mut self, dir: &str, root: NodeRef<'_>) {
        let mut files = Vec::new();
        for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
            let Some(list) = root.get(key) else { continue };
            for item in list.items() {
                let path = item.get("path").and_then(NodeRef::scalar).or_else(|| item.scalar());
                if let Some(joined) = path.and_then(|p| join(dir, p)) {
                    files.push(joined.clone());
                    self.patches.entry(joined.into()).or_insert_with(|| Patched::of(item.get("target")));
                }
            }
        }
        let lists = ["resources", "bases", "components"].iter().filter_map(|key| root.get(key));
        let taken = lists.flat_map(NodeRef::items).filter_map(|item| join(dir, item.scalar()?));
        self.takes.entry(dir.into()).or_default().extend(taken);
        self.completing.add(dir, root, &files);
        if root.get("namespace").is_some() {
            self.namespaced.dirs.insert(dir.to_owned());
        }
        if root.get("commonLabels").is_some() || root.get("labels").is_some() {
            self.labelled.dirs.insert(dir.to_owned());
        }
        let images = root.get("images").into_iter().flat_map(NodeRef::items);
        for image in images.filter(|i| i.get("newTag").is_some() || i.get("digest").is_some()) {
            if let Some(name) = image.get("name").and_then(NodeRef::scalar) {
                self.pinned.entry(dir.into()).or_default().insert(name.to_owned());
            }
        }
    }

    fn compose(&mut self, dir: &str, root: NodeRef<'_>) {
        let Some(services) = root.get("services") else { return };
        for build in services.written().filter_map(|(_, service)| service.get("build")) {
            let context = build.scalar().or_else(|| build.get("context")?.scalar()).unwrap_or(".");
            let file = build.get("dockerfile").and_then(NodeRef::scalar).unwrap_or("Dockerfile");
            let Some(folder) = join(dir, context) else { continue };
            let Some(path) = join(&folder, file) else { continue };
            self.contexts.entry(path.as_str().into()).or_default().insert(folder);
            if let Some(named) = build.get("additional_contexts") {
                let listed = named.items().filter_map(NodeRef::scalar).filter_map(|item| item.split('=').next());
                let mapped = named.written().filter_map(|(key, _)| key.scalar());
                self.named_contexts.extend(listed.chain(mapped).map(str::to_owned));
            }
            match build.get("target").and_then(NodeRef::scalar) {
                Some(target) => drop(self.targets.entry(path.into()).or_default().insert(target.to_lowercase())),
                None => drop(self.whole.insert(path.into())),
            }
        }
    }
}

/// Whether a path lies in a directory or below it.
fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder that a file lies in; nothing for the root.
pub fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// A relative path against a directory below the root; nothing where it leads out, is absolute or no path.
pub fn join(dir: &str, path: &str) -> Option<String> {
    // What has a scheme, or a host before a colon, lies elsewhere.
    let elsewhere = path.split('/').next().is_some_and(|first| first.contains(':'));
    if path.starts_with(['/', '~', '$']) || elsewhere || path.contains('\n') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests;
