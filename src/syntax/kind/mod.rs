//! What kind of file or document something is: the part that its path tells, and whether people wrote it.

mod attributes;
mod content;
mod generated;
mod path;

pub use attributes::Attributes;
pub use content::classify_document;
pub use generated::{Foreign, foreign_path, generated_head, generated_page};
pub use path::{Guess, PathContext, classify_path};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The kinds of files and, for YAML, of single documents.
///
/// The YAML kinds stand in the order in which they are tried: the first that matches wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// Markdown; MDX is read as Markdown.
    Markdown,
    /// `.env` files.
    Dotenv,
    /// Java properties.
    Properties,
    /// INI and the like: `.ini`, `.cfg`, `.conf`.
    Ini,
    /// TOML.
    Toml,
    /// JSON with or without comments.
    Json,
    /// Terraform and other HCL.
    Terraform,
    /// Shell scripts.
    Shell,
    /// XML.
    Xml,
    /// Any other text: only the secrets pack reads it.
    Text,
    /// `.pre-commit-config.yaml`, `.pre-commit-hooks.yaml`.
    PreCommit,
    /// `mkdocs.yml`.
    Mkdocs,
    /// `.github/dependabot.yml`.
    Dependabot,
    /// `Chart.yaml`, `Chart.lock`.
    HelmChart,
    /// GitLab CI.
    GitlabCi,
    /// A file below a chart's `templates/`.
    HelmTemplate,
    /// A chart's values.
    HelmValues,
    /// A Kustomize kustomization or component.
    Kustomization,
    /// Anything with `apiVersion` and `kind`.
    Kubernetes,
    /// OpenAPI and Swagger.
    Openapi,
    /// CloudFormation and SAM.
    Cloudformation,
    /// A GitHub, Gitea or Forgejo workflow.
    Workflow,
    /// A GitHub action's metadata.
    Action,
    /// Docker Compose.
    Compose,
    /// Ansible.
    Ansible,
    /// A list of JSON patch operations.
    JsonPatch,
    /// A template that is no YAML before it is rendered.
    GoTemplate,
    /// YAML of no known kind.
    YamlOther,
}

impl Kind {
    /// All kinds, in the order in which they are tried.
    pub const ALL: [Kind; 29] = [
        Kind::Dockerfile,
        Kind::Markdown,
        Kind::Dotenv,
        Kind::Properties,
        Kind::Ini,
        Kind::Toml,
        Kind::Json,
        Kind::Terraform,
        Kind::Shell,
        Kind::Xml,
        Kind::Text,
        Kind::PreCommit,
        Kind::Mkdocs,
        Kind::Dependabot,
        Kind::HelmChart,
        Kind::GitlabCi,
        Kind::HelmTemplate,
        Kind::HelmValues,
        Kind::Kustomization,
        Kind::Kubernetes,
        Kind::Openapi,
        Kind::Cloudformation,
        Kind::Workflow,
        Kind::Action,
        Kind::Compose,
        Kind::Ansible,
        Kind::JsonPatch,
        Kind::GoTemplate,
        Kind::YamlOther,
    ];

    /// The word that rules, config files and outputs use.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Dockerfile => "dockerfile",
            Kind::Markdown => "markdown",
            Kind::Dotenv => "dotenv",
            Kind::Properties => "properties",
            Kind::Ini => "ini",
            Kind::Toml => "toml",
            Kind::Json => "json",
            Kind::Terraform => "terraform",
            Kind::Shell => "shell",
            Kind::Xml => "xml",
            Kind::Text => "text",
            Kind::PreCommit => "pre-commit",
            Kind::Mkdocs => "mkdocs",
            Kind::Dependabot => "dependabot",
            Kind::HelmChart => "helm-chart",
            Kind::GitlabCi => "gitlab-ci",
            Kind::HelmTemplate => "helm-template",
            Kind::HelmValues => "helm-values",
            Kind::Kustomization => "kustomization",
            Kind::Kubernetes => "kubernetes",
            Kind::Openapi => "openapi",
            Kind::Cloudformation => "cloudformation",
            Kind::Workflow => "workflow",
            Kind::Action => "action",
            Kind::Compose => "compose",
            Kind::Ansible => "ansible",
            Kind::JsonPatch => "json-patch",
            Kind::GoTemplate => "go-template",
            Kind::YamlOther => "yaml-other",
        }
    }

    /// Whether files of this kind are read as YAML (or as a template of it).
    pub fn is_yaml(self) -> bool {
        self >= Kind::PreCommit
    }

    /// Whether only text rules read such files.
    pub fn is_plain(self) -> bool {
        (Kind::Dotenv..=Kind::Text).contains(&self)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_lead_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert!("yaml".parse::<Kind>().is_err());
    }

    #[test]
    fn all_stands_in_order_and_holds_each_once() {
        assert!(Kind::ALL.is_sorted_by(|a, b| a < b));
        assert_eq!(Kind::ALL.iter().filter(|k| k.is_yaml()).count(), 18);
        assert_eq!(Kind::ALL.iter().filter(|k| k.is_plain()).count(), 9);
    }
}
