//! How values are written in each part of a text: bare, in quotes, or in prose.

use crate::syntax::Kind;

/// How a part of a text writes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `key: value` to the end of the line.
    Yaml,
    /// `key=value` to the end of the line.
    Lines,
    /// `key=value` up to a blank or an operator: shell, Dockerfile.
    Shell,
    /// Only values in quotes are literals: source code, JSON, HCL, TOML.
    Source,
    /// Sentences, in which only marked values count.
    Prose,
}

/// The styles of a text's parts.
pub(super) struct Regions {
    base: Style,
    /// For a document: where each part begins, in order.
    parts: Vec<(usize, Style)>,
}

impl Regions {
    pub(super) fn new(text: &str, path: &str, kind: Kind) -> Self {
        let base = base(path, kind);
        let fenced = kind == Kind::Markdown || matches!(extension(path), "rst" | "adoc" | "mdx" | "txt");
        Self { base, parts: if fenced { fences(text) } else { Vec::new() } }
    }

    /// The style at a byte.
    pub(super) fn at(&self, offset: usize) -> Style {
        let index = self.parts.partition_point(|(start, _)| *start <= offset);
        index.checked_sub(1).map_or(self.base, |i| self.parts[i].1)
    }

    /// Whether the text is a document.
    pub(super) fn is_document(&self) -> bool {
        self.base == Style::Prose
    }
}

fn base(path: &str, kind: Kind) -> Style {
    match kind {
        Kind::Markdown => Style::Prose,
        Kind::Dockerfile | Kind::Shell => Style::Shell,
        Kind::Dotenv | Kind::Properties | Kind::Ini => Style::Lines,
        Kind::Json | Kind::Toml | Kind::Terraform | Kind::Xml => Style::Source,
        Kind::Text => by_extension(path),
        _ => Style::Yaml,
    }
}

fn by_extension(path: &str) -> Style {
    let name = path.rsplit('/').next().unwrap_or(path);
    match extension(path) {
        "md" | "rst" | "adoc" | "txt" | "html" | "htm" | "tex" | "csv" | "mdx" | "org" | "log" | "svg" | "po" => {
            Style::Prose
        }
        "yaml" | "yml" | "j2" | "tpl" | "tmpl" | "gotmpl" | "eyaml" => Style::Yaml,
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "mk" | "http" | "service" | "dockerfile" | "tape" => {
            Style::Shell
        }
        "ini" | "cfg" | "conf" | "cnf" | "properties" | "env" | "envrc" | "npmrc" | "pypirc" | "config"
        | "settings" => Style::Lines,
        "" if name.starts_with(['M', 'J']) => Style::Shell,
        "" => Style::Lines,
        _ if name.starts_with('.') && !name[1..].contains('.') => Style::Lines,
        _ => Style::Source,
    }
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_start_matches('.').rsplit_once('.').map_or("", |(_, e)| e)
}

/// The fences of a document: each part is a style from its first byte on.
fn fences(text: &str) -> Vec<(usize, Style)> {
    let mut parts = Vec::new();
    let mut open: Option<(u8, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t', '>']).trim_end();
        let bare = bare.strip_prefix("- ").or_else(|| bare.strip_prefix("* ")).unwrap_or(bare).trim_start();
        let first = bare.bytes().next().unwrap_or(0);
        let run = bare.bytes().take_while(|b| *b == first).count();
        let is_mark = matches!(first, b'`' | b'~') && run >= 3;
        match open {
            None if is_mark => {
                open = Some((first, run));
                parts.push((at + line.len(), info_style(bare.get(run..).unwrap_or(""))));
            }
            Some((mark, length)) if is_mark && first == mark && run >= length && bare.len() == run => {
                open = None;
                parts.push((at, Style::Prose));
            }
            _ => {}
        }
        at += line.len();
    }
    parts
}

fn info_style(info: &str) -> Style {
    let word: String =
        info.trim().trim_start_matches('{').chars().take_while(|c| c.is_alphanumeric() || "-_+".contains(*c)).collect();
    match word.to_lowercase().as_str() {
        "yaml" | "yml" | "compose" | "k8s" | "kubernetes" | "helm" => Style::Yaml,
        "sh" | "bash" | "shell" | "zsh" | "console" | "dockerfile" | "docker" | "containerfile" | "http" | "text"
        | "powershell" | "cmd" | "shell-session" | "terminal" | "make" | "" => Style::Shell,
        "ini" | "cnf" | "env" | "dotenv" | "properties" | "conf" | "config" | "cfg" | "systemd" | "nginx" => {
            Style::Lines
        }
        _ => Style::Source,
    }
}
