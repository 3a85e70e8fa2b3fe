//! The half of a kind that a path tells; the content of YAML documents tells the rest.

use super::Kind;
use std::collections::HashSet;

/// What a path tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guess {
    /// The kind, [`Kind::YamlOther`] where the name says no more than that it is YAML.
    pub kind: Kind,
    /// No content can change it. Else a document may match a kind that is tried earlier than
    /// `kind` (the order of [`Kind::ALL`]), or any where `kind` is [`Kind::YamlOther`].
    pub sure: bool,
}

/// What must be known of other files to tell a path's kind.
#[derive(Clone, Debug, Default)]
pub struct PathContext {
    charts: HashSet<Box<str>>,
    /// Directories of charts that were fetched, with a final `/`.
    fetched: HashSet<Box<str>>,
}

impl PathContext {
    /// Learns from all paths below the root which directories hold a chart.
    pub fn from_paths<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let charts = paths.into_iter().filter_map(|path| {
            let (dir, name) = split(path);
            (name == "Chart.yaml" || name == "Chart.yml").then(|| dir.into())
        });
        Self { charts: charts.collect(), fetched: HashSet::new() }
    }

    /// Learns from a `Chart.lock` at `path` which charts below `charts/` came from a repository.
    pub fn read_lock(&mut self, path: &str, text: &str) {
        let (dir, _) = split(path);
        let slash = if dir.is_empty() { "" } else { "/" };
        let mut name = "";
        for line in text.lines() {
            let line = line.trim_start_matches(['-', ' ']);
            if let Some(value) = line.strip_prefix("name:") {
                name = bare(value);
            } else if let Some(value) = line.strip_prefix("repository:").map(bare)
                && !value.is_empty()
                && !value.starts_with("file:")
                && !name.is_empty()
            {
                self.fetched.insert(format!("{dir}{slash}charts/{name}/").into());
            }
        }
    }

    /// Whether the file belongs to a chart that was fetched and unpacked.
    pub fn is_fetched(&self, path: &str) -> bool {
        !self.fetched.is_empty() && path.match_indices('/').any(|(at, _)| self.fetched.contains(&path[..=at]))
    }

    /// What follows the nearest directory above `path` that holds a chart.
    fn in_chart<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.charts.is_empty() {
            return None;
        }
        let mut end = path.rfind('/');
        while let Some(at) = end {
            if self.charts.contains(&path[..at]) {
                return Some(&path[at + 1..]);
            }
            end = path[..at].rfind('/');
        }
        self.charts.contains("").then_some(path)
    }
}

/// Tells the kind of the file at `path`, which is relative to the project root and uses `/`.
pub fn classify_path(path: &str, context: &PathContext) -> Guess {
    let (dir, name) = split(path);
    if is_dockerfile(name) {
        return sure(Kind::Dockerfile);
    }
    if let Some(kind) = by_yaml_name(dir, name) {
        return kind;
    }
    let extension = extension(name);
    if let Some(rest) = context.in_chart(path)
        && let Some(kind) = in_chart(rest, name, extension)
    {
        return sure(kind);
    }
    if is_yaml(extension) {
        return yaml_by_place(path, dir, name);
    }
    sure(plain(name, extension))
}

fn bare(value: &str) -> &str {
    value.trim().trim_matches(['"', '\''])
}

fn sure(kind: Kind) -> Guess {
    Guess { kind, sure: true }
}

fn maybe(kind: Kind) -> Guess {
    Guess { kind, sure: false }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn is_yaml(extension: &str) -> bool {
    matches!(extension, "yaml" | "yml")
}

/// The name without a YAML extension.
fn yaml_stem(name: &str) -> Option<&str> {
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

fn is_dockerfile(name: &str) -> bool {
    if matches!(name, "Dockerfile" | "dockerfile" | "Containerfile") {
        return true;
    }
    let extension = extension(name);
    if matches!(extension, "Dockerfile" | "dockerfile" | "Containerfile") {
        return true;
    }
    let other = matches!(
        extension,
        "dockerignore" | "md" | "j2" | "tmpl" | "tpl" | "gotmpl" | "erb" | "sh" | "py" | "yaml" | "yml" | "json"
    );
    !other && ["Dockerfile.", "Dockerfile-", "Containerfile."].iter().any(|start| name.starts_with(start))
}

/// Kinds 1 to 7 of the table that the name alone tells.
fn by_yaml_name(dir: &str, name: &str) -> Option<Guess> {
    match name {
        "Chart.yaml" | "Chart.yml" | "Chart.lock" => return Some(sure(Kind::HelmChart)),
        // A Flux Kustomization is a Kubernetes object: only the content tells it from this.
        "Kustomization" => return Some(maybe(Kind::Kustomization)),
        _ => {}
    }
    let stem = yaml_stem(name)?;
    match stem {
        ".pre-commit-config" | ".pre-commit-hooks" => Some(sure(Kind::PreCommit)),
        "mkdocs" => Some(sure(Kind::Mkdocs)),
        "dependabot" if dir == ".github" || dir.ends_with("/.github") => Some(sure(Kind::Dependabot)),
        "kustomization" => Some(maybe(Kind::Kustomization)),
        // Older versions of helmfile fill in every such file.
        "helmfile" => Some(sure(Kind::GoTemplate)),
        _ if has_component(dir, "helmfile.d") => Some(sure(Kind::GoTemplate)),
        _ if stem.ends_with(".gitlab-ci") || has_component(dir, ".gitlab/ci") => Some(sure(Kind::GitlabCi)),
        _ => None,
    }
}

/// `rest` is the path below the chart's directory.
fn in_chart(rest: &str, name: &str, extension: &str) -> Option<Kind> {
    if rest.starts_with("templates/") {
        let template = is_yaml(extension) || matches!(extension, "tpl" | "txt" | "tmpl" | "gotmpl" | "json");
        return template.then_some(Kind::HelmTemplate);
    }
    if !is_yaml(extension) {
        return None;
    }
    let values = rest == name && name.starts_with("values");
    let ci = rest.strip_prefix("ci/") == Some(name) && name.contains("values");
    (values || ci).then_some(Kind::HelmValues)
}

/// Kinds 11 to 17 as far as the place tells them.
fn yaml_by_place(path: &str, dir: &str, name: &str) -> Guess {
    let workflows = [".github/workflows", ".gitea/workflows", ".forgejo/workflows"];
    if workflows.iter().any(|end| is_or_ends_with(dir, end)) {
        return maybe(Kind::Workflow);
    }
    let stem = yaml_stem(name).unwrap_or(name);
    if stem == "action" {
        return maybe(Kind::Action);
    }
    if stem.starts_with("compose") || stem.starts_with("docker-compose") || stem.ends_with(".compose") {
        return maybe(Kind::Compose);
    }
    if is_ansible(path, stem) {
        return maybe(Kind::Ansible);
    }
    maybe(Kind::YamlOther)
}

fn is_ansible(path: &str, stem: &str) -> bool {
    if has_component(path, "group_vars") || has_component(path, "host_vars") || stem == "galaxy" {
        return true;
    }
    let mut above = ["", ""];
    for part in path.split('/') {
        let role_part = matches!(part, "tasks" | "handlers" | "vars" | "defaults" | "meta");
        if role_part && above[0] == "roles" {
            return true;
        }
        above = [above[1], part];
    }
    // `tasks/x.yml` outside of a role: the directory that holds the file itself.
    above[0] == "tasks"
}

fn is_or_ends_with(dir: &str, end: &str) -> bool {
    dir.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Whether `part` (one or more names) is among the directories of `path`.
pub(super) fn has_component(path: &str, part: &str) -> bool {
    let mut from = 0;
    while let Some(found) = path[from..].find(part) {
        let at = from + found;
        let after = at + part.len();
        let starts = at == 0 || path.as_bytes()[at - 1] == b'/';
        let ends = after == path.len() || path.as_bytes()[after] == b'/';
        if starts && ends {
            return true;
        }
        from = after;
    }
    false
}

fn plain(name: &str, extension: &str) -> Kind {
    if name == ".env" || name.starts_with(".env.") || extension == "env" {
        return Kind::Dotenv;
    }
    match extension {
        "md" | "markdown" | "mdown" | "mkd" | "mdx" => Kind::Markdown,
        "properties" => Kind::Properties,
        "ini" | "cfg" | "conf" | "cnf" | "editorconfig" => Kind::Ini,
        "toml" => Kind::Toml,
        "json" | "jsonc" | "json5" => Kind::Json,
        "tf" | "tfvars" | "hcl" => Kind::Terraform,
        "sh" | "bash" | "zsh" | "ksh" => Kind::Shell,
        "xml" => Kind::Xml,
        "j2" | "tpl" | "tmpl" | "gotmpl" if is_template_of_yaml(name) => Kind::GoTemplate,
        _ => Kind::Text,
    }
}

fn is_template_of_yaml(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    is_yaml(extension(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str) -> Guess {
        classify_path(path, &PathContext::default())
    }

    #[test]
    fn dockerfiles_and_what_only_looks_like_one() {
        for path in
            ["Dockerfile", "a/Containerfile", "Dockerfile.prod", "api.Dockerfile", "x.dockerfile", "Dockerfile-dev"]
        {
            assert_eq!(kind(path), sure(Kind::Dockerfile), "{path}");
        }
        for path in ["x.dockerignore", "Dockerfile.dockerignore", "Dockerfile.x.sh", "Dockerfile.j2", "Dockerfiles/x"] {
            assert_ne!(kind(path).kind, Kind::Dockerfile, "{path}");
        }
        assert_eq!(kind("Dockerfile.md").kind, Kind::Markdown);
        assert_eq!(kind("Dockerfile.d/a.md").kind, Kind::Markdown);
    }

    #[test]
    fn yaml_names_that_tell_all() {
        let table = [
            (".pre-commit-config.yaml", Kind::PreCommit),
            ("docs/mkdocs.yml", Kind::Mkdocs),
            (".github/dependabot.yml", Kind::Dependabot),
            ("charts/a/Chart.lock", Kind::HelmChart),
            (".gitlab-ci.yml", Kind::GitlabCi),
            ("ci/build.gitlab-ci.yml", Kind::GitlabCi),
            (".gitlab/ci/build.yml", Kind::GitlabCi),
            ("a/deploy.yaml.tpl", Kind::GoTemplate),
            ("a/helmfile.yaml", Kind::GoTemplate),
            ("helmfile.d/10-web.yml", Kind::GoTemplate),
            ("a/deploy.yml.j2", Kind::GoTemplate),
        ];
        for (path, expected) in table {
            assert_eq!(kind(path), sure(expected), "{path}");
        }
    }

    #[test]
    fn yaml_names_that_tell_half() {
        let table = [
            ("dependabot.yml", Kind::YamlOther),
            ("a/kustomization.yaml", Kind::Kustomization),
            ("a/.github/workflows/ci.yml", Kind::Workflow),
            ("x.github/workflows/ci.yml", Kind::YamlOther),
            (".github/workflows/sub/ci.yml", Kind::YamlOther),
            ("setup/action.yml", Kind::Action),
            ("compose.override.yaml", Kind::Compose),
            ("docker-compose.yml", Kind::Compose),
            ("prod.compose.yml", Kind::Compose),
            ("roles/web/tasks/main.yml", Kind::Ansible),
            ("roles/web/tasks/sub/main.yml", Kind::Ansible),
            ("roles/tasks/x/y.yml", Kind::YamlOther),
            ("play/tasks/a.yml", Kind::Ansible),
            ("group_vars/all.yml", Kind::Ansible),
            ("deploy/app.yaml", Kind::YamlOther),
        ];
        for (path, expected) in table {
            assert_eq!(kind(path), maybe(expected), "{path}");
        }
    }

    #[test]
    fn charts_are_told_by_their_directory() {
        let context = PathContext::from_paths(["a/chart/Chart.yaml", "a/chart/charts/sub/Chart.yaml"]);
        let of = |path| classify_path(path, &context);
        assert_eq!(of("a/chart/templates/x/deploy.yaml"), sure(Kind::HelmTemplate));
        assert_eq!(of("a/chart/templates/_helpers.tpl"), sure(Kind::HelmTemplate));
        assert_eq!(of("a/chart/charts/sub/templates/deploy.yaml"), sure(Kind::HelmTemplate));
        assert_eq!(of("a/chart/values-prod.yaml"), sure(Kind::HelmValues));
        assert_eq!(of("a/chart/ci/test-values.yaml"), sure(Kind::HelmValues));
        assert_eq!(of("a/chart/crds/x.yaml"), maybe(Kind::YamlOther));
        assert_eq!(of("a/templates/deploy.yaml"), maybe(Kind::YamlOther));
        let root = PathContext::from_paths(["Chart.yaml"]);
        assert_eq!(classify_path("templates/a.yaml", &root), sure(Kind::HelmTemplate));
        assert_eq!(classify_path("values.yaml", &root), sure(Kind::HelmValues));
    }

    #[test]
    fn charts_that_a_lock_names_were_fetched() {
        let mut context = PathContext::default();
        let lock = "dependencies:\n- name: redis\n  repository: https://charts.example\n  version: 1.0.0\n\
                    - name: own\n  repository: \"\"\n- repository: file://../lib\n  name: lib\ndigest: x\n";
        context.read_lock("a/Chart.lock", lock);
        assert!(context.is_fetched("a/charts/redis/templates/x.yaml"));
        for path in ["a/charts/own/values.yaml", "a/charts/redis", "charts/redis/x", "a/charts/lib/x"] {
            assert!(!context.is_fetched(path), "{path}");
        }
    }

    #[test]
    fn plain_files() {
        let table = [
            (".env", Kind::Dotenv),
            (".env.local", Kind::Dotenv),
            ("prod.env", Kind::Dotenv),
            ("a.tfvars", Kind::Terraform),
            ("run.sh", Kind::Shell),
            ("notes", Kind::Text),
            ("x.mdx", Kind::Markdown),
            ("", Kind::Text),
        ];
        for (path, expected) in table {
            assert_eq!(kind(path), sure(expected), "{path}");
        }
    }
}
