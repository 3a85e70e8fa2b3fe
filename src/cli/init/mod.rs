//! `infralint init`: a short commented config that fits what the repository holds.

mod gitleaks;
mod peers;

use super::args::SelectArgs;
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Job};
use super::settings::{self, Settings};
use super::{Exit, Refusal, atomic, configs, output};
use crate::config::Translated;
use crate::fact::{DocumentTypes, Looks};
use crate::lint::Session;
use crate::rule::library::Library;
use crate::syntax::Kind;
use crate::text::Source;
use crate::walk::{self, Content, Listing, Pool};
use peers::Peer;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const NAME: &str = "infralint.yaml";

pub(super) fn init() -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    if let Some((name, _)) = configs::find(&cwd) {
        return Err(Refusal::new(format!("{name} exists already, and init never overwrites one")));
    }
    let seen = look(&cwd)?;
    let peers = peers::all(&cwd, &seen.library);
    let text = written(&seen, &peers);
    let path = cwd.join(NAME);
    atomic::write(&path, |out| out.write_all(text.as_bytes()))
        .map_err(|error| Refusal::new(format!("{NAME} cannot be written: {error}")))?;
    output::to_stdout(|out| {
        writeln!(out, "wrote {NAME}")?;
        for peer in &peers {
            writeln!(out, "{}: {}", peer.path, peer.told())?;
        }
        writeln!(out, "next: infralint")
    })?;
    Ok(Exit::Clean)
}

/// What a repository holds.
struct Seen {
    is_root: bool,
    /// The config that holds here so far, as a path from here.
    above: Option<String>,
    kinds: BTreeMap<Kind, usize>,
    /// Folders of documents by type.
    documents: BTreeMap<String, BTreeSet<String>>,
    vendored: BTreeSet<String>,
    packs: BTreeSet<String>,
    library: std::sync::Arc<Library>,
}

fn look(cwd: &Path) -> Result<Seen, Refusal> {
    let (projects, _) = walk::plan(&[PathBuf::from(".")], cwd, &settings::root);
    let project = projects.first().ok_or_else(|| Refusal::new("there is nothing here"))?;
    let options = SelectArgs { no_config: true, ..SelectArgs::default() };
    let mut settings = Settings::of(&project.root, cwd, &options)?;
    let (pool, progress) = (Pool::new(0), Progress::new(true));
    let Listing { entries, inventory, .. } = run::listing(project, &mut settings, pool.size())?;
    let job = Job::plain(&settings, &pool, &progress);
    let session = run::session(&job, &project.root, &inventory);
    let told = pool.map(&entries, &|| (), |entry| kind_of(&session, entry), |_, _| None);
    let library = settings.scopes.first().library.clone();
    let mut seen = Seen {
        is_root: project.root == cwd,
        above: above(cwd, &project.root),
        kinds: BTreeMap::new(),
        documents: BTreeMap::new(),
        vendored: BTreeSet::new(),
        packs: BTreeSet::new(),
        library,
    };
    for (entry, told) in entries.iter().zip(told) {
        let Some((kind, foreign)) = told else { continue };
        if foreign {
            seen.vendored.insert(folder(&entry.path));
            continue;
        }
        *seen.kinds.entry(kind).or_default() += 1;
        if kind == Kind::Markdown {
            for subject in seen.library.documents.of(&entry.path, &Looks::default()) {
                seen.documents.entry(subject.to_string()).or_default().insert(folder(&entry.path));
            }
        }
    }
    seen.packs = packs(&seen);
    Ok(seen)
}

/// The nearest config in the folders above, up to the root.
fn above(cwd: &Path, root: &Path) -> Option<String> {
    let folders = cwd.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let mut found = folders.zip(1..).filter_map(|(folder, up)| Some((configs::find(folder)?.0, up)));
    found.next().map(|(name, up)| format!("{}{name}", "../".repeat(up)))
}

fn kind_of(session: &Session<'_>, entry: &walk::Entry) -> Option<(Kind, bool)> {
    let source = match walk::read(&entry.file, &entry.path) {
        Ok(Content::Text(source)) => source,
        Ok(Content::Large(_)) => Source::new(""),
        Err(_) => return None,
    };
    let file = session.file(&entry.path, &source);
    let told = if file.sure || !file.kind.is_yaml() { file.kind } else { content_kind(&source, file.kind) };
    Some((told, file.foreign))
}

/// YAML that only its content tells apart.
fn content_kind(source: &Source, guess: Kind) -> Kind {
    let has = |key: &str| source.text().lines().any(|line| line.starts_with(key));
    match () {
        () if has("apiVersion:") && has("kind:") => Kind::Kubernetes,
        () if has("services:") => Kind::Compose,
        () => guess,
    }
}

fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(".", |(above, _)| above).to_owned()
}

/// The packs whose rules look at what there is.
fn packs(seen: &Seen) -> BTreeSet<String> {
    let mut packs: BTreeSet<String> = ["secrets", "infralint"].into_iter().map(str::to_owned).collect();
    let known: BTreeSet<&str> = seen.library.rules.iter().map(|rule| &*rule.pack).collect();
    for kind in seen.kinds.keys() {
        let pack = match kind {
            Kind::Dockerfile => "dockerfile",
            Kind::Markdown => "docs",
            Kind::Kubernetes | Kind::HelmTemplate | Kind::HelmChart | Kind::HelmValues | Kind::Kustomization => "k8s",
            Kind::Compose => "compose",
            Kind::Workflow | Kind::Action => "actions",
            Kind::GitlabCi => "gitlab",
            _ => continue,
        };
        packs.extend(known.contains(pack).then(|| pack.to_owned()));
    }
    if seen.kinds.keys().any(|kind| kind.is_yaml()) {
        packs.insert("yaml".to_owned());
    }
    packs.extend(seen.documents.keys().filter_map(|subject| subject.split('.').next()).map(str::to_owned));
    packs
}

/// What hadolint's config says besides what it leaves out.
fn hadolint(peers: &[Peer], out: &mut String) {
    let Some(hadolint) = peers.iter().map(|peer| &peer.hadolint).find(|found| **found != Translated::default()) else {
        return;
    };
    let rest = Translated { ignore: Vec::new(), ..hadolint.clone() };
    *out += "\n";
    *out += &rest.to_yaml();
}

/// What gitleaks leaves out.
fn allowed(peers: &[Peer], out: &mut String) {
    if peers.iter().any(|peer| !peer.allowed.paths.is_empty()) {
        *out += "\nignores:\n";
    }
    for peer in peers {
        for (path, rules) in &peer.allowed.paths {
            let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
            let path = path.replace('\'', "''");
            let _ = writeln!(
                out,
                "  - rule: [{}]\n    paths: ['{path}']\n    reason: as {} has it",
                rules.join(", "),
                peer.path
            );
        }
    }
    for peer in peers.iter().filter(|peer| !peer.allowed.untold.is_empty()) {
        let untold: Vec<&str> = peer.allowed.untold.iter().copied().collect();
        let _ = writeln!(out, "# Not taken over from {}: {}.", peer.path, untold.join(", "));
    }
}

/// The config. Writing to a string cannot fail.
fn written(seen: &Seen, peers: &[Peer]) -> String {
    let mut out = String::from("# What infralint checks here. `infralint schema config` tells all keys.\n");
    if seen.is_root {
        out += "root: true\n";
    }
    let kinds: Vec<String> = seen.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if !kinds.is_empty() {
        let _ = write!(out, "\n# Found: {}.\n", kinds.join(", "));
    }
    for (subject, folders) in &seen.documents {
        let folders: Vec<&str> = folders.iter().take(3).map(String::as_str).collect();
        let _ = writeln!(out, "# Documents of type {subject}: {}.", folders.join(", "));
    }
    let packs: Vec<&str> = seen.packs.iter().map(String::as_str).collect();
    let _ = write!(out, "# Packs that look at these: {}.\n\n", packs.join(", "));
    let _ = match &seen.above {
        Some(above) => {
            writeln!(out, "# Without this line nothing of the config above would hold here.\nextends: {above}")
        }
        None => writeln!(
            out,
            "# The rules that are on by default; `minimal` has fewer, `strict` all.\nextends: recommended"
        ),
    };
    let ignored: Vec<&Peer> = peers.iter().filter(|peer| !peer.ignored.is_empty()).collect();
    if !ignored.is_empty() {
        out += "\nignore:\n";
        for peer in ignored {
            let _ = writeln!(out, "  # as {} has it", peer.path);
            for id in &peer.ignored {
                let _ = writeln!(out, "  - {id}");
            }
        }
    }
    allowed(peers, &mut out);
    hadolint(peers, &mut out);
    if !seen.vendored.is_empty() {
        let some: Vec<&str> = seen.vendored.iter().take(3).map(String::as_str).collect();
        let _ = write!(out, "\n# Vendored or generated files get the secrets rules only: {} …\n", some.join(", "));
    }
    out += "\n# exclude:\n#   - old/\n";
    out += "# overrides:\n#   - paths: [examples/]\n#     ignore: [tag:reproducibility]\n";
    let mentioned: Vec<&Peer> = peers.iter().filter(|peer| !peer.note.is_empty()).collect();
    if !mentioned.is_empty() {
        out += "\n# Also here:\n";
        for peer in mentioned {
            let _ = writeln!(out, "# {}: {}", peer.path, peer.note);
        }
    }
    out
}
