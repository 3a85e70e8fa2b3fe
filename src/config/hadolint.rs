//! `.hadolint.yaml` in our words: what it ignores, changes and demands, as the entries of a config of ours.

use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Text;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Names that hadolint's config may have, the usual one first.
pub const HADOLINT_FILES: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// Rules that hadolint has on and we do not: whoever comes from there wants them.
const ON_THERE: &[&str] = &[
    "DL3003", "DL3008", "DL3013", "DL3015", "DL3016", "DL3018", "DL3028", "DL3033", "DL3037", "DL3041", "DL3047",
    "DL3059", "DL3062", "DL3066", "DL4001",
];

/// What a label of the schema holds, and the rule that looks at it.
const TYPES: &[(&str, &str)] = &[
    ("url", "dockerfile/invalid-label-url"),
    ("rfc3339", "dockerfile/invalid-label-timestamp"),
    ("spdx", "dockerfile/invalid-label-licence"),
    ("hash", "dockerfile/invalid-label-revision"),
    ("semver", "dockerfile/invalid-label-version"),
    ("email", "dockerfile/invalid-label-email"),
];

/// The entries that a config of ours needs to do the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translated {
    /// For `extend-select`.
    pub extend_select: Vec<String>,
    /// For `ignore`.
    pub ignore: Vec<String>,
    /// For `severity`.
    pub severity: BTreeMap<String, String>,
    /// For `options`: rule to option to values.
    pub options: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// For `fail-on`.
    pub fail_on: Option<String>,
    /// What has no counterpart, a sentence each.
    pub notes: Vec<String>,
}

/// Translates a config of hadolint. `known` tells whether an alias such as `hadolint/DL3008` names a rule.
///
/// # Errors
/// That the text is no YAML.
pub fn translate(text: &str, known: &dyn Fn(&str) -> bool) -> Result<Translated, String> {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    let Some(root) = yaml.roots().next() else { return Ok(Translated::default()) };
    if !root.is_mapping() {
        return Err("hadolint's config is no mapping".to_owned());
    }
    let mut out = Translated::default();
    out.extend_select.extend(ON_THERE.iter().map(|code| format!("hadolint/{code}")));
    for (key, value) in root.entries() {
        let Some(key) = key.scalar() else { continue };
        match key {
            "ignored" => list(value).iter().for_each(|code| out.ignore_code(code, known)),
            "override" => out.overrides(value, known),
            "trustedRegistries" | "trusted-registries" => out.registries(list(value)),
            "label-schema" => out.schema(value),
            "strict-labels" => {}
            "failure-threshold" => out.threshold(value.scalar().unwrap_or("")),
            "no-fail" => out.fail_on = is_true(value).then(|| "never".to_owned()).or(out.fail_on.take()),
            "disable-ignore-pragma" if is_true(value) => {
                out.notes.push("comments count here; `--no-inline` ignores them".to_owned());
            }
            "disable-ignore-pragma" | "format" | "no-color" | "verbose" => {}
            other => out.notes.push(format!("`{other}` has no counterpart")),
        }
    }
    if root.get("strict-labels").is_some_and(is_true) {
        out.strict();
    }
    out.extend_select.retain(|code| !out.ignore.contains(code));
    Ok(out)
}

impl Translated {
    fn ignore_code(&mut self, code: &str, known: &dyn Fn(&str) -> bool) {
        match alias(code, known) {
            Some(alias) => self.ignore.push(alias),
            None => self.notes.push(format!("{code} has no counterpart, so there is nothing to ignore")),
        }
    }

    fn overrides(&mut self, levels: NodeRef<'_>, known: &dyn Fn(&str) -> bool) {
        for (level, codes) in levels.entries() {
            for code in list(codes) {
                let Some(alias) = alias(&code, known) else {
                    self.notes.push(format!("{code} has no counterpart, so its severity is left alone"));
                    continue;
                };
                // Whoever gives a rule a severity wants to hear of it.
                let severity = match level.scalar() {
                    Some("error") => "error",
                    Some("warning") => "warning",
                    Some("info" | "style") => "info",
                    _ => {
                        self.ignore.push(alias);
                        continue;
                    }
                };
                if !self.extend_select.contains(&alias) {
                    self.extend_select.push(alias.clone());
                }
                self.severity.insert(alias, severity.to_owned());
            }
        }
    }

    fn registries(&mut self, registries: Vec<String>) {
        if !registries.is_empty() {
            self.extend_select.push("hadolint/DL3026".to_owned());
            self.set("dockerfile/untrusted-registry", "registries", registries);
        }
    }

    fn schema(&mut self, schema: NodeRef<'_>) {
        let mut labels = Vec::new();
        let mut typed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (label, kind) in schema.entries() {
            let (Some(label), Some(kind)) = (label.scalar(), kind.scalar()) else { continue };
            labels.push(label.to_owned());
            match TYPES.iter().find(|(name, _)| *name == kind.to_lowercase()) {
                Some((_, rule)) => typed.entry(rule).or_default().push(label.to_owned()),
                None if matches!(kind, "text" | "rawText" | "raw" | "") => {}
                None => self.notes.push(format!("label {label}: `{kind}` is no type that is known")),
            }
        }
        if labels.is_empty() {
            return;
        }
        for (rule, labels) in typed {
            self.extend_select.push(rule.to_owned());
            self.set(rule, "labels", labels);
        }
        for rule in ["dockerfile/missing-label", "dockerfile/empty-label"] {
            self.extend_select.push(rule.to_owned());
            self.set(rule, "labels", labels.clone());
        }
    }

    fn strict(&mut self) {
        let labels = self.options.get("dockerfile/missing-label").and_then(|options| options.get("labels")).cloned();
        self.extend_select.push("dockerfile/unknown-label".to_owned());
        self.set("dockerfile/unknown-label", "labels", labels.unwrap_or_default());
    }

    fn threshold(&mut self, level: &str) {
        let level = match level {
            "error" | "warning" | "info" => level,
            "style" => "info",
            _ => "never",
        };
        self.fail_on.get_or_insert_with(|| level.to_owned());
    }

    fn set(&mut self, rule: &str, option: &str, values: Vec<String>) {
        self.options.entry(rule.to_owned()).or_default().insert(option.to_owned(), values);
    }

    /// The entries as YAML, a key a line or block; what has no counterpart stands in comments.
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        for note in &self.notes {
            writeln!(out, "# {}", note.replace(['\n', '\r'], " "))?;
        }
        for (key, values) in [("extend-select", &self.extend_select), ("ignore", &self.ignore)] {
            if !values.is_empty() {
                writeln!(out, "{key}:")?;
                values.iter().try_for_each(|value| writeln!(out, "  - {}", quoted(value)))?;
            }
        }
        if !self.severity.is_empty() {
            writeln!(out, "severity:")?;
            self.severity.iter().try_for_each(|(rule, level)| writeln!(out, "  {}: {level}", quoted(rule)))?;
        }
        if !self.options.is_empty() {
            writeln!(out, "options:")?;
        }
        for (rule, options) in &self.options {
            writeln!(out, "  {rule}:")?;
            for (option, values) in options {
                let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                writeln!(out, "    {option}: [{}]", values.join(", "))?;
            }
        }
        self.fail_on.iter().try_for_each(|level| writeln!(out, "fail-on: {level}"))
    }
}

/// A code as the alias that it is here.
fn alias(code: &str, known: &dyn Fn(&str) -> bool) -> Option<String> {
    let tool = if code.starts_with("SC") { "shellcheck" } else { "hadolint" };
    let alias = format!("{tool}/{code}");
    known(&alias).then_some(alias)
}

fn list(node: NodeRef<'_>) -> Vec<String> {
    let one = node.scalar().filter(|text| !text.is_empty()).map(str::to_owned);
    one.into_iter().chain(node.items().filter_map(NodeRef::scalar).map(str::to_owned)).collect()
}

fn is_true(node: NodeRef<'_>) -> bool {
    node.scalar().is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on"))
}

/// A text that YAML reads as it stands, in quotes where it would not.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    match text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("\"{}\"", text.escape_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::library::Library;

    #[test]
    fn a_config_of_hadolint_is_said_in_our_words() {
        let text = "failure-threshold: warning\nignored:\n  - DL3008\n  - SC9999\noverride:\n  error: [DL3047]\n  style: [DL3020]\n\
                    \u{20} ignore: [DL4006]\ntrustedRegistries:\n  - docker.io\n  - \"*.example.com:5000\"\n\
                    label-schema:\n  author: text\n  link: url\nstrict-labels: true\ndisable-ignore-pragma: true\n";
        let found = translate(text, &|alias| !alias.contains("9999")).unwrap();
        assert!(!found.extend_select.contains(&"hadolint/DL3008".to_owned()));
        assert!(found.extend_select.contains(&"hadolint/DL3047".to_owned()));
        assert_eq!(found.ignore, ["hadolint/DL3008", "hadolint/DL4006"]);
        assert_eq!(found.notes.len(), 2);
        let yaml = found.to_yaml();
        for line in [
            "  hadolint/DL3047: error",
            "  hadolint/DL3020: info",
            "    registries: [docker.io, \"*.example.com:5000\"]",
            "  dockerfile/invalid-label-url:",
            "    labels: [link]",
            "  dockerfile/unknown-label:",
            "    labels: [author, link]",
            "fail-on: warning",
        ] {
            assert!(yaml.lines().any(|found| found == line), "{line}\n{yaml}");
        }
        let config = super::super::read("infralint.yaml", "", &yaml).unwrap();
        assert_eq!(config.options.len(), 5);
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        assert!(translate("- a\n", &|_| true).is_err());
        assert_eq!(translate("", &|_| true), Ok(Translated::default()));
        assert!(translate("odd: 1\n", &|_| true).unwrap().to_yaml().starts_with("# `odd` has no counterpart\n"));
    }

    #[test]
    fn what_is_switched_on_exists_and_is_off_here() {
        let library = Library::builtin().unwrap();
        for code in ON_THERE {
            let found = library.index.find(code, &library.rules).unwrap();
            assert!(found.iter().all(|one| !library.rules[one.rule].default), "{code}");
        }
    }
}
