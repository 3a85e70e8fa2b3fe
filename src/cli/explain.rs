//! `infralint explain`: a rule at length, or what fired at a place.

use super::args::ExplainArgs;
use super::check::current_dir;
use super::settings::Settings;
use super::{Exit, Refusal, output};
use crate::rule::written::{Case, Prose};
use crate::rule::{CompiledCheck, Rule};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

pub(super) fn explain(options: &ExplainArgs) -> Result<Exit, Refusal> {
    if let Some((path, line)) = place(&options.what) {
        return super::place::explain(&path, line, &options.select);
    }
    let settings = Settings::here(&current_dir()?, &options.select)?;
    let selected = settings.find(&options.what).map_err(|refusal| match PathBuf::from(&options.what).is_file() {
        true => Refusal::new(format!("{0} is a file: name a line of it, such as {0}:1", options.what)),
        false => refusal,
    })?;
    let numbers: BTreeSet<usize> = selected.into_iter().map(|s| s.rule).collect();
    if numbers.is_empty() {
        return Err(Refusal::new(format!("`{}` is a peer's rule that has no counterpart here", options.what)));
    }
    let prose = settings.prose();
    output::to_stdout(|out| {
        for (index, number) in numbers.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let rule = &settings.library().rules[*number];
            explain_rule(rule, prose.get(&*rule.id), out)?;
        }
        Ok(())
    })?;
    Ok(Exit::Clean)
}

/// `PATH:LINE`, if there is such a file.
fn place(what: &str) -> Option<(PathBuf, u32)> {
    let (path, line) = what.rsplit_once(':')?;
    let path = PathBuf::from(path);
    Some((path.is_file().then_some(path)?, line.parse().ok()?))
}

fn explain_rule(rule: &Rule, prose: Option<&Prose>, out: &mut dyn Write) -> io::Result<()> {
    let state = if rule.on_by_default() { "on" } else { "off" };
    writeln!(out, "{}: {}", rule.id, rule.summary)?;
    let since = if rule.since.is_empty() { String::new() } else { format!(", since {}", rule.since) };
    writeln!(out, "{}, {state} by default{since}", rule.severity)?;
    if !rule.aliases.is_empty() {
        writeln!(out, "same as {}", rule.aliases.join(", "))?;
    }
    if !rule.tags.is_empty() {
        writeln!(out, "tags {}", rule.tags.join(", "))?;
    }
    if let Some(prose) = prose {
        section("Why", &prose.why.value, out)?;
    }
    section("What to do", &rule.help, out)?;
    for option in &rule.options {
        writeln!(out, "\nOption `{}` ({}): {}", option.name.value, option.ty.as_str(), option.doc.trim())?;
        match &option.default {
            Some(default) => writeln!(out, "    {default} unless a config sets it")?,
            None => writeln!(out, "    the rule is off until a config sets it")?,
        }
        match (option.range.least, option.range.most) {
            (None, None) => {}
            (Some(least), None) => writeln!(out, "    {least} at least")?,
            (least, Some(most)) => writeln!(out, "    from {} to {most}", least.unwrap_or_default())?,
        }
    }
    if let CompiledCheck::Structure { .. } = &rule.check {
        let names: Vec<&str> = rule.variants.iter().map(|variant| &*variant.name).collect();
        section("What is expected", &expectations(&rule.id, &names), out)?;
    }
    section("To silence a finding", &silence(rule), out)?;
    let Some(prose) = prose else { return Ok(()) };
    for (word, cases) in [("Fires", &prose.fail), ("Does not fire", &prose.pass)] {
        for case in cases {
            example(word, case, out)?;
        }
    }
    Ok(())
}

/// The comment to write, in the form that the files of the rule have most likely.
fn silence(rule: &Rule) -> String {
    let id = &rule.id;
    format!(
        "`# infralint: ignore[{id}] reason` on its line, or on a line of its own above;\n\
         in Markdown `<!-- infralint: ignore[{id}] reason -->`."
    )
}

/// The names by which single expectations of a template are selected and silenced.
fn expectations(id: &str, names: &[&str]) -> String {
    let listed: Vec<String> = names.iter().map(|name| format!("{id}:{name}")).collect();
    format!("{}\nEach of these names can be selected, ignored or silenced by itself.", listed.join("\n"))
}

fn section(title: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{title}\n{}", indented(text.trim()))
}

fn example(word: &str, case: &Case, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{word}: {}\n{}", case.name.value, indented(case.file.value.trim_end()))
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}
