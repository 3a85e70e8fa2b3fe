//! Fenced JSON, TOML and YAML that is none: examples that nobody can copy.

use super::CodeFault;
use crate::syntax::markdown::{Code, Document as Tree};
use crate::syntax::yaml::Yaml;
use crate::syntax::{json, toml};
use crate::text::{Span, Text};

/// Longer blocks are data, not examples.
const LONGEST: usize = 200_000;

/// The first fault of each block that says it is JSON, TOML or YAML.
pub(super) fn faults(tree: &Tree<'_>) -> Vec<CodeFault> {
    let fenced = tree.codes().filter(|code| code.fenced && !code.open_to_end());
    fenced.filter_map(|code| fault(&code)).collect()
}

fn fault(code: &Code<'_>) -> Option<CodeFault> {
    // ` ```diff json `, ` ```json5 `: other languages.
    let language = code.language().to_lowercase();
    let text = code.content();
    if text.len() > LONGEST {
        return None;
    }
    let (span, problem) = match language.as_str() {
        "json" => read_json(&text)?,
        "toml" => read_toml(&text)?,
        "yaml" | "yml" | "compose" | "kubernetes" | "k8s" => yaml(&text)?,
        _ => return None,
    };
    let language = if matches!(&*language, "json" | "toml") { language } else { "yaml".to_owned() };
    Some(CodeFault { span, language, problem })
}

/// Signs that something was left out or is to be filled in.
fn is_sketch(text: &str) -> bool {
    ["...", "…", "{{", "{%", "<%", "[[", "<<"]
        .iter()
        .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

fn read_json(text: &Text<'_>) -> Option<(Span, String)> {
    let source = text.as_str();
    let start = source.trim_start();
    // A part of an object, the head of a request, or a log is not meant to be whole.
    let cut = source.trim_end().ends_with(',');
    if !start.starts_with(['{', '[']) || cut || is_sketch(source) || has_comments(source) || source.contains(['<', '$'])
    {
        return None;
    }
    let (range, problem) = json::fault(source, true)?;
    Some((text.span(range), problem))
}

fn read_toml(text: &Text<'_>) -> Option<(Span, String)> {
    let source = text.as_str();
    // Between two brackets TOML has tables, not what is to be filled in.
    let open = ["...", "…", "{{", "{%", "<%"].iter().any(|sign| source.contains(sign));
    let lines = || source.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines().any(|line| line.starts_with(['$', '+', '>', '<', '@', '%', '-', '`']));
    // A name alone, a list of names: TOML has an equals sign or a table's head.
    let meant = lines().any(|line| line.contains('=') || line.starts_with('['));
    if open || told || !meant {
        return None;
    }
    let (range, problem) = toml::fault(source)?;
    Some((text.span(range), problem))
}

/// `//` and `/*` outside of texts: JSON with comments is a language of its own that is often called JSON.
fn has_comments(source: &str) -> bool {
    source.lines().any(|line| {
        let line = line.trim_start();
        let behind =
            line.find("//").filter(|&at| !line[..at].ends_with(':') && line[..at].matches('"').count() % 2 == 0);
        line.starts_with(['#', '*']) || line.starts_with("/*") || behind.is_some()
    })
}

fn yaml(text: &Text<'_>) -> Option<(Span, String)> {
    let source = text.as_str();
    if is_sketch(&source.replace("${{", "").replace("<<:", "").replace("\n...\n", "\n")) {
        return None;
    }
    let parsed = Yaml::parse(text);
    let error = parsed.errors.first()?;
    let lines = || source.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = lines().next().map_or(0, indent);
    // Cut out of a larger file, with deeper lines first; a transcript; a list of changes.
    let cut = lines().any(|line| indent(line) < first);
    let told =
        lines().any(|line| line.starts_with(['$', '+', '>', '@', '%', '`']) || line.trim_start().starts_with('<'));
    let open = ["}-", "}/", "}."].iter().any(|glue| source.contains(glue));
    (!cut && !told && !open).then(|| (error.span, error.message.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown;

    fn found(language: &str, code: &str) -> Vec<(String, String)> {
        let source = format!("# A\n\n```{language}\n{code}\n```\n");
        let tree = markdown::parse(&source);
        faults(&tree).into_iter().map(|f| (f.span.slice(&source).to_owned(), f.problem)).collect()
    }

    #[test]
    fn json_that_is_none_is_told_at_its_place() {
        assert_eq!(found("json", "{\"a\": 1,}"), [(",".to_owned(), "a comma behind the last value".to_owned())]);
        assert_eq!(found("json", "{'a': 1}")[0].0, "'");
        assert_eq!(found("json", "{\n  \"a\": 1\n").len(), 1);
        for code in [
            "{\"a\": 1}\n{\"b\": 2}",
            "\"a\": 1",
            "{ ... }",
            "{\n  // why\n  \"a\": 1\n}",
            "{\"a\": <n>}",
            "{\"a\": \"x://y\"}",
            "",
        ] {
            assert_eq!(found("json", code), [], "{code}");
        }
        assert_eq!(found("json5", "{a: 1}"), []);
    }

    #[test]
    fn toml_that_is_none_is_told_and_parts_of_it_are_not() {
        assert_eq!(found("toml", "[a]\nb = yes")[0].0, "yes");
        for code in ["[[a]]\nb = 1", "a = 1\na = 2", "a = ...", "- a = 1", "a = <n>\n<b>", "name", "a = {{ x }}"] {
            assert_eq!(found("toml", code), [], "{code}");
        }
    }

    #[test]
    fn yaml_that_is_none_is_told_and_parts_of_it_are_not() {
        assert_eq!(found("yaml", "a: [1, 2\nb: 3").len(), 1);
        assert_eq!(found("yml", "services:\n  web:\n    image: a\n   ports: b").len(), 1);
        for code in
            ["- a: 1\n  ...\n", "    - a\n  b: 1", "a: {{ x }}", "a: ${{ x }}", "$ cat a.yaml\na: [", "- run: \"x\""]
        {
            assert_eq!(found("yaml", code), [], "{code}");
        }
    }
}
