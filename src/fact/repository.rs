//! What a file is to its repository: values of environment variables that git keeps, steps of a pipeline.

use super::context::directory;
use super::project::{Ignores, is_env_file, is_ignored};
use super::secret::key_kind;
use super::value::{Field, facts};
use super::{Facts, File, Wanted};
use crate::syntax::Kind;
use crate::text::Span;

facts! {
    /// A file with the values of environment variables, such as `.env` or `.env.production`.
    pub struct EnvFile = "repo.env-file" {
        /// The file's name.
        "name" name: String,
        /// Whether git tracks it; unknown outside a git work tree.
        "tracked" tracked: Field<bool>,
        /// Whether a variable in it is named like a secret and has a value.
        "has-secrets" has_secrets: bool,
    }
}

facts! {
    /// A line of a `.gitignore` that keeps configuration of the infrastructure out of git.
    pub struct IgnoredConfig = "repo.ignored-config" {
        /// The line.
        "pattern" pattern: String,
        /// The first file that it keeps out.
        "name" name: String,
        /// Whether the file is made by a program, as the line above says, or is in git all the same.
        "meant" meant: bool,
    }
}

/// Files in which the infrastructure of a repository is written down.
const CONFIGS: [&str; 11] = [
    "Dockerfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
    "main.tf",
    ".gitlab-ci.yml",
    "Jenkinsfile",
    ".github/workflows/ci.yml",
    "Chart.yaml",
    "kustomization.yaml",
];

/// Adds the lines of a `.gitignore` that say so; lines that keep out everything are for folders of tools.
fn ignored(file: &File<'_>, out: &mut Facts) {
    let text = file.source.text();
    let dir = directory(file.path);
    let below = |name: &str| if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
    let whole = [Ignores::new(dir, text)];
    let out_of_git: Vec<&str> = CONFIGS.into_iter().filter(|name| is_ignored(&whole, &below(name))).collect();
    if out_of_git.is_empty() || is_ignored(&whole, &below("any-other.name")) {
        return;
    }
    let (mut at, mut before) = (0, "");
    for line in text.split_inclusive('\n') {
        let pattern = line.trim_end();
        let alone = [Ignores::new(dir, pattern)];
        let kept = |name: &&&str| is_ignored(&alone, &below(name));
        if let Some(name) = out_of_git.iter().find(kept) {
            let span = Span::new(at, at + pattern.len());
            let generated = before.starts_with('#') && before.to_lowercase().contains("generat");
            let meant = generated || file.inventory.is_file(&below(name));
            out.push(IgnoredConfig { span, pattern: pattern.to_owned(), name: (*name).to_owned(), meant }, *name, span);
        }
        at += line.len();
        before = pattern;
    }
}

/// Adds what is wanted of it.
pub(super) fn build(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    if name == ".gitignore" && wanted.subject(IgnoredConfig::describe().name) {
        ignored(file, out);
    }
    if !wanted.subject(EnvFile::describe().name) || !is_env_file(name) {
        return;
    }
    let text = file.source.text();
    let first = text.lines().next().unwrap_or("").trim_end();
    let span = Span::new(0, first.len());
    let tracked = match file.inventory.is_tracked(file.path) {
        Some(tracked) => Field::new(tracked, span),
        None => Field::unknown("", span),
    };
    let secret = |line: &str| {
        let (key, value) = line.trim().trim_start_matches("export ").split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key_kind(key.trim()).wants_judging() && !value.is_empty() && !value.starts_with(['$', '<'])).then_some(())
    };
    let has_secrets = text.lines().filter(|line| !line.trim_start().starts_with('#')).any(|l| secret(l).is_some());
    out.push(EnvFile { span, name: name.to_owned(), tracked, has_secrets }, name, Span::new(0, text.len()));
}

/// What a pipeline does, as far as its words tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// Whether it builds an image.
    pub builds: bool,
    /// Whether it looks for known holes in images or dependencies.
    pub scans: bool,
}

/// Reads a pipeline by its words; any other file is none.
pub(super) fn pipeline(file: &File<'_>) -> Option<Pipeline> {
    const BUILDS: [&str; 8] = [
        "docker/build-push-action",
        "docker build",
        "docker buildx build",
        "podman build",
        "buildah",
        "kaniko",
        "docker compose build",
        "docker/bake-action",
    ];
    const SCANS: [&str; 16] = [
        "trivy",
        "grype",
        "snyk",
        "codeql",
        "docker scout",
        "scout-action",
        "anchore",
        "clair",
        "dependency-review",
        "osv-scanner",
        "npm audit",
        "pip-audit",
        "cargo audit",
        "cargo-deny",
        "container_scanning",
        "checkov",
    ];
    if !matches!(file.kind, Kind::Workflow | Kind::GitlabCi) {
        return None;
    }
    let text = file.source.text();
    let says =
        |words: &[&str]| words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    Some(Pipeline { builds: says(&BUILDS), scans: says(&SCANS) })
}
