//! How values are written in each part of a text: bare, in quotes, or in prose.

use super::embedded;
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
        let base = base(text, path, kind);
        let fenced = kind == Kind::Markdown || matches!(extension(path), "rst" | "adoc" | "mdx" | "txt");
        let parts = match kind {
            _ if fenced => fences(text),
            Kind::Terraform => embedded::scripts(text),
            Kind::Text if matches!(extension(path), "hcl" | "nomad") => embedded::scripts(text),
            _ => Vec::new(),
        };
        Self { base, parts }
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

fn base(text: &str, path: &str, kind: Kind) -> Style {
    match kind {
        Kind::Markdown => Style::Prose,
        Kind::Dockerfile | Kind::Shell => Style::Shell,
        Kind::Dotenv | Kind::Properties | Kind::Ini => Style::Lines,
        Kind::Json | Kind::Toml | Kind::Terraform | Kind::Xml => Style::Source,
        Kind::Text => by_extension(text, path),
        _ => Style::Yaml,
    }
}

/// Endings that say what became of a file: what it is, the name before them says.
const COPIES: &[&str] = &[
    "example", "sample", "template", "dist", "default", "orig", "original", "old", "bak", "backup", "save", "copy",
    "dec", "in", "erb", "ejs", "j2", "jinja", "jinja2", "tmpl", "tpl", "gotmpl",
];

/// The name without what marks a file as a copy or a template.
pub(super) fn original(path: &str) -> &str {
    let mut name = path.rsplit('/').next().unwrap_or(path).trim_end_matches('~');
    while let Some((stem, ending)) = name.rsplit_once('.')
        && stem.contains('.')
        && COPIES.contains(&ending)
    {
        name = stem;
    }
    name
}

/// Program code, whose values stand in quotes.
const CODE: &[&str] = &[
    "py",
    "pyi",
    "pyx",
    "rb",
    "js",
    "mjs",
    "cjs",
    "jsx",
    "ts",
    "mts",
    "cts",
    "tsx",
    "vue",
    "svelte",
    "go",
    "rs",
    "java",
    "kt",
    "kts",
    "scala",
    "groovy",
    "gradle",
    "c",
    "h",
    "cc",
    "cpp",
    "cxx",
    "hpp",
    "m",
    "mm",
    "cs",
    "fs",
    "vb",
    "php",
    "pl",
    "pm",
    "lua",
    "r",
    "jl",
    "ex",
    "exs",
    "erl",
    "hrl",
    "hs",
    "elm",
    "ml",
    "mli",
    "clj",
    "cljs",
    "edn",
    "lisp",
    "el",
    "vim",
    "nim",
    "zig",
    "v",
    "d",
    "dart",
    "swift",
    "proto",
    "thrift",
    "graphql",
    "gql",
    "sql",
    "bicep",
    "bicepparam",
    "hcl",
    "tf",
    "nomad",
    "cue",
    "jsonnet",
    "libsonnet",
    "rego",
    "nix",
    "dhall",
    "star",
    "bzl",
    "bazel",
    "json",
    "jsonc",
    "json5",
    "jsonl",
    "ndjson",
    "ipynb",
    "toml",
    "lock",
    "xml",
    "plist",
    "xsd",
    "xsl",
    "xslt",
    "css",
    "scss",
    "less",
    "sass",
    "cr",
    "coffee",
    "pp",
    "sol",
    "asm",
    "s",
    "cmake",
    "awk",
    "sed",
    "map",
    "snap",
    "wsdl",
    "resx",
    "csproj",
    "props",
    "targets",
    "liquid",
    "hbs",
    "mustache",
    "haml",
    "pug",
    "twig",
    "jsp",
    "cshtml",
    "razor",
    "rake",
    "gemspec",
    "podspec",
];

fn by_extension(text: &str, path: &str) -> Style {
    let name = original(path);
    match extension(name) {
        "md" | "rst" | "adoc" | "txt" | "html" | "htm" | "tex" | "csv" | "mdx" | "org" | "log" | "svg" | "po"
        | "diff" | "patch" => Style::Prose,
        "yaml" | "yml" | "j2" | "tpl" | "tmpl" | "gotmpl" | "eyaml" | "sls" | "ldif" => Style::Yaml,
        "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "mk" | "http" | "service" | "dockerfile" | "tape" => {
            Style::Shell
        }
        "ini" | "cfg" | "conf" | "cnf" | "properties" | "env" | "envrc" | "npmrc" | "pypirc" | "config"
        | "settings" => Style::Lines,
        "" if name.starts_with(['M', 'J']) => Style::Shell,
        "" => Style::Lines,
        _ if name.starts_with('.') && !name[1..].contains('.') => Style::Lines,
        _ if name.starts_with("Jenkinsfile.") => Style::Shell,
        ending if !CODE.contains(&ending) && is_settings(text) => Style::Lines,
        _ => Style::Source,
    }
}

/// How many lines of an unknown file are looked at.
const LOOKED_AT: usize = 200;

/// Whether the lines of a file of an unknown kind are settings rather than code: a key with a value each, and
/// hardly one ends as a statement does.
fn is_settings(text: &str) -> bool {
    let (mut settings, mut code) = (0, 0);
    for line in text.lines().take(LOOKED_AT) {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';', '[']) || bare.starts_with("//") {
            continue;
        }
        let key = bare.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_.-/\"".contains(b)).count();
        let ends = bare.ends_with([';', '{', '}', '(', ')', ',']);
        let named = key > 0 && bare[key..].trim_start().starts_with([':', '=']);
        settings += usize::from(named && !ends);
        code += usize::from(ends || bare.len() > 400);
    }
    settings > 0 && code <= settings / 4
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
