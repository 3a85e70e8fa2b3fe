//! Configs of other tools, as far as they say what infralint's says, too.

use super::gitleaks::{self, Allowed};
use crate::cli::configs;
use crate::config::{HADOLINT_FILES, Translated, translate_hadolint};
use crate::rule::library::Library;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Text;
use std::collections::BTreeSet;
use std::path::Path;

/// A peer's config.
#[derive(Debug, Default)]
pub(super) struct Peer {
    pub(super) path: &'static str,
    /// Rules that it leaves out and that we have.
    pub(super) ignored: BTreeSet<String>,
    /// Findings of gitleaks that do not count.
    pub(super) allowed: Allowed,
    /// Of hadolint all that it says.
    pub(super) hadolint: Translated,
    /// What is to be known of it besides.
    pub(super) note: &'static str,
}

impl Peer {
    /// What became of it, for the terminal.
    pub(super) fn told(&self) -> String {
        let hadolint = &self.hadolint;
        let more = hadolint.severity.len() + hadolint.options.len() + hadolint.extend_select.len();
        match self.ignored.len() + self.allowed.paths.len() + more + usize::from(hadolint.fail_on.is_some()) {
            0 if self.note.is_empty() => "nothing in it concerns infralint".to_owned(),
            0 => self.note.to_owned(),
            1 => "1 entry taken over".to_owned(),
            count => format!("{count} entries taken over"),
        }
    }
}

/// How a config is read.
type Reader = fn(NodeRef<'_>, &mut Translation<'_>);

const KNOWN: &[(&str, Option<Reader>, &str)] = &[
    (".yamllint", Some(yamllint), "its limits on style are none of infralint's rules"),
    (".yamllint.yaml", Some(yamllint), "its limits on style are none of infralint's rules"),
    (".yamllint.yml", Some(yamllint), "its limits on style are none of infralint's rules"),
    (".markdownlint.yaml", Some(markdownlint), ""),
    (".markdownlint.yml", Some(markdownlint), ""),
    (".markdownlint.json", Some(markdownlint), ""),
    (".markdownlint.jsonc", None, "look through its rules: those that are false go under `ignore`"),
    (".markdownlint-cli2.yaml", Some(markdownlint_cli2), ""),
    (".kube-linter.yaml", Some(kube_linter), ""),
    (".kube-linter.yml", Some(kube_linter), ""),
    (".checkov.yaml", Some(checkov), ""),
    (".checkov.yml", Some(checkov), ""),
    ("zizmor.yml", Some(zizmor), ""),
    (".github/zizmor.yml", Some(zizmor), ""),
    (".gitleaks.toml", None, "gitleaks' own rules; comments `gitleaks:allow` count here, too"),
    (".gitleaksignore", None, "a finding is left out in its whole file here, for lines move"),
    (".trivyignore", None, "findings that trivy leaves out"),
    (".pre-commit-config.yaml", None, "infralint has a hook for it"),
];

/// The configs that there are.
pub(super) fn all(dir: &Path, library: &Library) -> Vec<Peer> {
    let hadolint = HADOLINT_FILES.iter().filter_map(|path| hadolint(dir, path, library)).take(1);
    let found = KNOWN.iter().filter(|(path, _, _)| dir.join(path).is_file());
    hadolint.chain(found.map(|(path, reader, note)| one(dir, path, *reader, note, library))).collect()
}

fn hadolint(dir: &Path, path: &'static str, library: &Library) -> Option<Peer> {
    let text = configs::text(&dir.join(path)).ok()?;
    let known = |alias: &str| library.index.has(alias);
    let mut peer = Peer { path, ..Peer::default() };
    match translate_hadolint(&text, &known) {
        Ok(translated) => {
            peer.ignored = translated.ignore.iter().cloned().collect();
            peer.hadolint = translated;
        }
        Err(_) => peer.note = "it cannot be read",
    }
    Some(peer)
}

fn one(dir: &Path, path: &'static str, reader: Option<Reader>, note: &'static str, library: &Library) -> Peer {
    let mut peer = Peer { path, note, ..Peer::default() };
    let Ok(text) = configs::text(&dir.join(path)) else { return peer };
    match path {
        ".gitleaksignore" => peer.allowed = gitleaks::ignored(&text, library),
        ".gitleaks.toml" => peer.allowed = gitleaks::config(&text),
        _ => {}
    }
    let Some(reader) = reader else { return peer };
    let whole = Text::whole(&text);
    let yaml = Yaml::parse(&whole);
    if let Some(root) = yaml.roots().next() {
        reader(root, &mut Translation { peer: &mut peer, library });
    }
    peer
}

/// A config on its way to ours.
struct Translation<'t> {
    peer: &'t mut Peer,
    library: &'t Library,
}

impl Translation<'_> {
    fn knows(&self, tool: &str, id: &str) -> bool {
        !self.library.index.alias_of(tool, id).is_empty()
    }

    fn ignore(&mut self, tool: &str, id: &str) {
        if self.knows(tool, id) {
            self.peer.ignored.insert(format!("{tool}/{id}"));
        }
    }

    fn ignore_all(&mut self, tool: &str, list: Option<NodeRef<'_>>) {
        for id in list.into_iter().flat_map(texts) {
            self.ignore(tool, id);
        }
    }
}

/// A list, or a text with commas.
fn texts(node: NodeRef<'_>) -> Vec<&str> {
    match node.scalar() {
        Some(text) => text.split(',').map(str::trim).collect(),
        None => node.items().filter_map(NodeRef::scalar).collect(),
    }
}

fn yamllint(root: NodeRef<'_>, into: &mut Translation<'_>) {
    for (rule, value) in root.get("rules").into_iter().flat_map(NodeRef::written) {
        if let (Some(rule), Some("disable" | "false")) = (rule.scalar(), value.scalar()) {
            into.ignore("yamllint", rule);
        }
    }
}

fn markdownlint(root: NodeRef<'_>, into: &mut Translation<'_>) {
    for (rule, value) in root.written() {
        if let (Some(rule), Some("false")) = (rule.scalar(), value.plain()) {
            into.ignore("markdownlint", &rule.to_ascii_uppercase());
        }
    }
}

fn markdownlint_cli2(root: NodeRef<'_>, into: &mut Translation<'_>) {
    if let Some(config) = root.get("config") {
        markdownlint(config, into);
    }
}

fn kube_linter(root: NodeRef<'_>, into: &mut Translation<'_>) {
    into.ignore_all("kube-linter", root.path(&["checks", "exclude"]));
}

fn checkov(root: NodeRef<'_>, into: &mut Translation<'_>) {
    into.ignore_all("checkov", root.get("skip-check"));
}

fn zizmor(root: NodeRef<'_>, into: &mut Translation<'_>) {
    for (rule, value) in root.get("rules").into_iter().flat_map(NodeRef::written) {
        let off = value.get("disable").and_then(NodeRef::plain) == Some("true");
        if let (Some(rule), true) = (rule.scalar(), off) {
            into.ignore("zizmor", rule);
        }
    }
}
