//! The rules of a SARIF run and the weaknesses that they lead to.

use super::level;
use super::model::{Component, Configuration, Help, Relationship, Rule, RuleProperties, Target, Taxon, Taxonomy, Text};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::rules::RuleInfo;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// GitHub takes no longer descriptions.
const DESCRIPTION: usize = 1024;
/// GitHub takes no more tags a rule.
const TAGS: usize = 20;

const CWE: &str = "CWE";

/// The rules that have results, in the order of their ids, with the numbers that results refer to.
pub(super) struct Rules<'a> {
    pub(super) rules: Vec<RuleInfo<'a>>,
    numbers: BTreeMap<&'a str, usize>,
    weaknesses: Vec<u32>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(findings: &[&'a Diagnostic], known: &[RuleInfo<'a>]) -> Self {
        let firsts: BTreeMap<&str, &Diagnostic> = findings.iter().rev().map(|f| (&*f.rule, *f)).collect();
        let known: BTreeMap<&str, &RuleInfo<'a>> = known.iter().map(|rule| (rule.id, rule)).collect();
        let rules: Vec<RuleInfo<'a>> =
            firsts.values().map(|f| known.get(&*f.rule).map_or_else(|| unknown(f), |rule| (*rule).clone())).collect();
        let numbers = rules.iter().enumerate().map(|(number, rule)| (rule.id, number)).collect();
        let weaknesses: BTreeSet<u32> = rules.iter().flat_map(RuleInfo::weaknesses).collect();
        Self { rules, numbers, weaknesses: weaknesses.into_iter().collect() }
    }

    pub(super) fn number(&self, rule: &str) -> usize {
        self.numbers.get(rule).copied().unwrap_or_default()
    }

    pub(super) fn describe(&self) -> Vec<Rule<'a>> {
        self.rules.iter().map(|rule| self.rule(rule)).collect()
    }

    fn rule(&self, rule: &RuleInfo<'a>) -> Rule<'a> {
        Rule {
            id: rule.id,
            name: pascal(rule.id),
            short_description: Text { text: cut(rule.summary.trim()) },
            full_description: Text { text: cut(if rule.why.is_empty() { rule.summary } else { rule.why }.trim()) },
            default_configuration: Configuration { level: level(rule.severity) },
            help: Help { text: rule.help.trim(), markdown: markdown(rule) },
            relationships: rule.weaknesses().map(|number| self.relationship(number)).collect(),
            properties: RuleProperties {
                tags: tags(rule),
                precision: if rule.default { "high" } else { "medium" },
                problem_severity: match rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "recommendation",
                },
                security_severity: rule.is_security().then(|| security_severity(rule)),
            },
        }
    }

    fn relationship(&self, number: u32) -> Relationship {
        let index = self.weaknesses.binary_search(&number).unwrap_or_default();
        let target = Target { id: number.to_string(), index, tool_component: Component { name: CWE, index: 0 } };
        Relationship { target, kinds: ["superset"] }
    }

    /// References to the taxonomies, for the tool.
    pub(super) fn components(&self) -> Vec<Component> {
        if self.weaknesses.is_empty() { Vec::new() } else { vec![Component { name: CWE, index: 0 }] }
    }

    pub(super) fn taxonomies(&self) -> Vec<Taxonomy> {
        if self.weaknesses.is_empty() {
            return Vec::new();
        }
        let page = |number| format!("https://cwe.mitre.org/data/definitions/{number}.html");
        let taxon = |&number: &u32| Taxon { id: number.to_string(), help_uri: page(number) };
        vec![Taxonomy {
            name: CWE,
            organization: "MITRE",
            short_description: Text { text: "Common Weakness Enumeration." },
            information_uri: "https://cwe.mitre.org/",
            is_comprehensive: false,
            taxa: self.weaknesses.iter().map(taxon).collect(),
        }]
    }
}

/// A rule of which nothing is known but a finding.
fn unknown(finding: &Diagnostic) -> RuleInfo<'_> {
    RuleInfo {
        id: &finding.rule,
        summary: &finding.rule,
        why: "",
        help: &finding.help,
        severity: finding.severity,
        default: true,
        tags: &[],
        aliases: finding.aliases.iter().map(String::as_str).collect(),
    }
}

/// `DockerfileRootUser` for `dockerfile/root-user`.
fn pascal(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    name
}

/// As much as GitHub takes.
fn cut(text: &str) -> &str {
    text.char_indices().nth(DESCRIPTION).map_or(text, |(end, _)| &text[..end])
}

fn tags<'a>(rule: &RuleInfo<'a>) -> Vec<Cow<'a, str>> {
    let pack = rule.id.split('/').next().filter(|pack| rule.words().all(|word| word != *pack));
    let weaknesses = rule.weaknesses().map(|number| Cow::Owned(format!("external/cwe/cwe-{number:03}")));
    rule.words().chain(pack).map(Cow::Borrowed).chain(weaknesses).take(TAGS).collect()
}

/// Above 9 is critical, above 7 high, above 4 medium.
fn security_severity(rule: &RuleInfo<'_>) -> &'static str {
    match rule.severity {
        Severity::Error if rule.is_secret() => "9.5",
        Severity::Error => "8.0",
        Severity::Warning => "5.5",
        Severity::Info => "2.0",
    }
}

fn markdown(rule: &RuleInfo<'_>) -> String {
    let mut out = String::new();
    for (title, text) in [("Why", rule.why), ("What to do", rule.help)] {
        if !text.trim().is_empty() {
            // Writing to a string cannot fail, here and below.
            let _ = write!(out, "## {title}\n\n{}\n\n", text.trim());
        }
    }
    if !rule.aliases.is_empty() {
        let names: Vec<String> = rule.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let _ = write!(out, "Other tools call it {}.\n\n", names.join(", "));
    }
    let _ = write!(out, "`infralint explain {}` shows examples.", rule.id);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_word() {
        assert_eq!(pascal("k8s/no-cpu-limit"), "K8sNoCpuLimit");
        assert_eq!(pascal("secrets/1password-credential"), "Secrets1passwordCredential");
    }

    #[test]
    fn descriptions_are_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(2000)).chars().count(), DESCRIPTION);
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn tags_keep_to_the_limit_and_name_weaknesses_as_code_scanning_does() {
        let own: Vec<String> = ["security", "cwe-79"].map(String::from).into();
        let many: Vec<String> = (0..30).map(|n| format!("t{n}")).collect();
        let rule = RuleInfo {
            id: "docs/x",
            summary: "x",
            why: "",
            help: "",
            severity: Severity::Info,
            default: false,
            tags: &own,
            aliases: Vec::new(),
        };
        assert_eq!(tags(&rule), ["security", "docs", "external/cwe/cwe-079"]);
        assert_eq!(tags(&RuleInfo { tags: &many, ..rule.clone() }).len(), TAGS);
    }
}
