//! `infralint rules`: what there is, for people and for programs.

use super::args::{RulesArgs, SelectArgs};
use super::check::current_dir;
use super::settings::Settings;
use super::{Exit, Refusal, output};
use crate::diagnostic::Severity;
use crate::rule::Rule;
use crate::rule::written::{Literal, OptionDef};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

pub(super) fn rules(options: &RulesArgs) -> Result<Exit, Refusal> {
    let settings = Settings::here(&current_dir()?, &SelectArgs::default())?;
    let library = settings.library();
    let mut chosen = BTreeSet::new();
    for selector in &options.selectors {
        chosen.extend(settings.find(selector)?.into_iter().map(|selected| selected.rule));
    }
    let all = options.selectors.is_empty();
    let numbered = library.rules.iter().enumerate();
    let shown: Vec<&Rule> = numbered.filter(|(n, _)| all || chosen.contains(n)).map(|(_, rule)| rule).collect();
    output::to_stdout(|out| match options.format.as_str() {
        "json" => json(&shown, out),
        _ => table(&shown, out),
    })?;
    Ok(Exit::Clean)
}

fn table(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        let state = if rule.on_by_default() { "on " } else { "off" };
        writeln!(out, "{:<width$}  {:<7}  {state}  {}", rule.id, rule.severity, rule.summary)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct JsonRule<'a> {
    id: &'a str,
    pack: &'a str,
    summary: &'a str,
    severity: Severity,
    default: bool,
    aliases: Vec<&'a str>,
    tags: &'a [String],
    fixable: bool,
    since: &'a str,
    options: BTreeMap<&'a str, JsonOption<'a>>,
}

#[derive(Serialize)]
struct JsonOption<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    default: Option<JsonLiteral<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    doc: &'a str,
}

struct JsonLiteral<'a>(&'a Literal);

impl Serialize for JsonLiteral<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Literal::Bool(value) => serializer.serialize_bool(*value),
            Literal::Int(value) => serializer.serialize_i64(*value),
            Literal::Num(value) => serializer.serialize_f64(*value),
            Literal::Text(value) => serializer.serialize_str(value),
            Literal::List(values) => values.serialize(serializer),
        }
    }
}

impl<'a> From<&'a Rule> for JsonRule<'a> {
    fn from(rule: &'a Rule) -> Self {
        let variants = rule.variants.iter().filter_map(|variant| variant.aliases.as_deref()).flatten();
        let mut aliases: Vec<&str> = rule.aliases.iter().chain(variants).map(String::as_str).collect();
        aliases.sort_unstable();
        aliases.dedup();
        Self {
            id: &rule.id,
            pack: &rule.pack,
            summary: &rule.summary,
            severity: rule.severity,
            default: rule.on_by_default(),
            aliases,
            tags: &rule.tags,
            fixable: !rule.fixes.is_empty(),
            since: &rule.since,
            options: rule.options.iter().map(|option| (option.name.value.as_str(), option.into())).collect(),
        }
    }
}

impl<'a> From<&'a OptionDef> for JsonOption<'a> {
    fn from(option: &'a OptionDef) -> Self {
        let (default, range) = (option.default.as_ref().map(JsonLiteral), option.range);
        Self { ty: option.ty.as_str(), default, at_least: range.least, at_most: range.most, doc: &option.doc }
    }
}

fn json(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<JsonRule<'_>> = rules.iter().map(|rule| JsonRule::from(*rule)).collect();
    serde_json::to_writer_pretty(&mut *out, &rules)?;
    writeln!(out)
}
