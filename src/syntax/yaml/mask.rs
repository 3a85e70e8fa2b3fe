//! Templates of YAML made readable: each action is replaced by as many bytes that YAML can stand.
//!
//! An action alone on its line becomes blanks, one inside a line becomes letters; no byte moves.

use super::Yaml;
use crate::text::Text;
use std::ops::Range;

/// A text ready to be read as YAML.
#[derive(Debug)]
pub struct Prepared<'a> {
    text: Text<'a>,
    original: &'a str,
    actions: Vec<Range<usize>>,
}

impl Prepared<'_> {
    pub(super) fn text(&self) -> &Text<'_> {
        &self.text
    }

    pub(super) fn original(&self) -> &str {
        self.original
    }

    pub(super) fn actions(&self) -> &[Range<usize>] {
        &self.actions
    }
}

/// Masks what has to be: a file that is a `template` by its kind, and whatever is no YAML but has a template's lines.
pub fn prepare<'a>(text: &'a Text<'_>, template: bool) -> Prepared<'a> {
    if text.as_str().contains("{{") && (template || is_template(text)) {
        return masked(text, find(text.as_str()));
    }
    if is_written_by_lines(text) {
        return masked(text, find_tags(text.as_str()));
    }
    Prepared { text: text.slice(0..text.len()), original: text.as_str(), actions: Vec::new() }
}

/// Whether a text is no YAML before its template is rendered.
fn is_template(text: &Text<'_>) -> bool {
    let words = ["if", "range", "with", "end", "include", "define", "template", "else", "toYaml"];
    let control = |line: &str| {
        let action = line.trim_start().strip_prefix("{{").map(|rest| rest.trim_start_matches(['-', ' ']));
        action.is_some_and(|action| words.iter().any(|word| action.starts_with(word)))
    };
    text.as_str().lines().any(control) && !Yaml::parse(text).errors.is_empty()
}

/// What other templates have on lines of their own: ERB, Jinja.
const TAGS: [(&str, &str); 2] = [("<%", "%>"), ("{%", "%}")];

/// Whether lines of another template language make a text no YAML before it is rendered: loops in fixtures, states.
fn is_written_by_lines(text: &Text<'_>) -> bool {
    let text = text.as_str();
    let begins = |line: &str| TAGS.iter().any(|(open, _)| line.trim_start().starts_with(open));
    TAGS.iter().any(|(open, close)| text.contains(open) && text.contains(close))
        && text.lines().any(begins)
        && !Yaml::parse(&Text::whole(text)).errors.is_empty()
}

/// The tags of such a template with their signs; an unclosed one ends with its line.
fn find_tags(text: &str) -> Vec<Range<usize>> {
    let signs = [TAGS[0], TAGS[1], ("{{", "}}"), ("{#", "#}")];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr2(b'<', b'{', &text.as_bytes()[at..]).map(|offset| at + offset) {
        at = open + 1;
        let Some((_, close)) = signs.iter().find(|(sign, _)| text[open..].starts_with(sign)) else { continue };
        let end = text[open + 2..].find(close).map(|offset| open + 2 + offset + close.len());
        at = end.unwrap_or_else(|| line_end(text.as_bytes(), open));
        found.push(open..at);
    }
    found
}

fn masked<'a>(text: &'a Text<'_>, actions: Vec<Range<usize>>) -> Prepared<'a> {
    let original = text.as_str();
    let broken = |prepared: &Prepared<'_>| Yaml::parse(&prepared.text).documents.iter().filter(|d| !d.complete).count();
    let with = |fill| Prepared {
        text: text.with_same_length(fill_in(original, &actions, fill)),
        original,
        actions: actions.clone(),
    };
    let blank = with(b' ');
    let faults = broken(&blank);
    if faults == 0 {
        return blank;
    }
    // Long blank lines upset block scalars; there a comment sign is merely content.
    let hash = with(b'#');
    if broken(&hash) < faults { hash } else { blank }
}

/// The actions with their braces; an unclosed one ends with its line.
fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|offset| at + offset) {
        at = action_end(text, open);
        found.push(open..at);
    }
    found
}

fn action_end(text: &str, open: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = open + 2;
    if matches!(bytes.get(at..at + 3), Some(b"-/*" | b"- /")) || bytes[at..].starts_with(b"/*") {
        return text[at..]
            .find("*/")
            .and_then(|end| text[at + end..].find("}}").map(|close| at + end + close + 2))
            .unwrap_or_else(|| line_end(bytes, open));
    }
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return at + 2,
            b'"' => at = string_end(bytes, at),
            b'`' => at = memchr::memchr(b'`', &bytes[at + 1..]).map_or(bytes.len(), |end| at + end + 2),
            _ => at += 1,
        }
    }
    line_end(bytes, open)
}

/// The byte behind a string; one that is not closed on its line is no string.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            b'\n' => break,
            _ => at += 1,
        }
    }
    open + 1
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |offset| from + offset)
}

/// `fill` begins what replaces a line of nothing but actions.
fn fill_in(original: &str, actions: &[Range<usize>], fill: u8) -> String {
    let mut bytes = original.as_bytes().to_vec();
    for group in actions.chunk_by(|a, b| original[a.end..b.start].bytes().all(|b| matches!(b, b' ' | b'\t'))) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let head = original[..first.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let tail = line_end(original.as_bytes(), last.end);
        let alone = original[head..first.start].trim().is_empty() && original[last.end..tail].trim().is_empty();
        let blank =
            alone || original[last.end..tail].trim().is_empty() && begins_block(original, head, first.start, tail);
        for action in group {
            for byte in bytes[action.clone()].iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')) {
                *byte = if blank { b' ' } else { b'x' };
            }
        }
        if alone && fill != b' ' {
            bytes[first.start] = fill;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| original.to_owned())
}

/// Whether an action behind a key writes lines of its own, to which the lines below add more: what it writes is no word.
fn begins_block(original: &str, head: usize, start: usize, tail: usize) -> bool {
    let before = &original[head..start];
    if !before.trim_end().ends_with(':') || !original[start..tail].contains("indent") {
        return false;
    }
    let width = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let mut below = original[tail..].lines().skip(1).filter(|line| !line.trim().is_empty());
    below.next().is_some_and(|line| {
        line.len() - line.trim_start_matches(' ').len() > width(before) && !line.trim_start().starts_with("{{")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(source: &str) -> String {
        fill_in(source, &find(source), b' ')
    }

    #[test]
    fn lengths_and_lines_stay() {
        assert_eq!(mask("a: {{ .X }}b\n"), "a: xxxxxxxxb\n");
        assert_eq!(mask("  {{- if .X }} \nb: 1\n{{ end -}}\n"), "               \nb: 1\n          \n");
        assert_eq!(mask("a: \"{{ .X | default \"}}\" }}\"\n"), "a: \"xxxxxxxxxxxxxxxxxxxxxxx\"\n");
        assert_eq!(mask("{{/* a\n}} b */}}\nc: 1"), "      \n         \nc: 1");
        assert_eq!(mask("{{ if a }}{{ é }}\n"), "                  \n");
        assert_eq!(mask("a: {{ x\nb: 1\n"), "a: xxxx\nb: 1\n");
        assert_eq!(mask("a: {{ `}}` }}"), "a: xxxxxxxxxx");
    }

    #[test]
    fn an_action_that_writes_lines_leaves_those_below_it_in_their_place() {
        let include = "{{- include \"c.labels\" . | nindent 4 }}";
        let (words, blanks) = ("x".repeat(include.len()), " ".repeat(include.len()));
        for (source, fill) in [
            (format!("  labels: {include}\n    b: c\n"), &blanks),
            (format!("  labels: {include}\n\n    b: c\n"), &blanks),
            (format!("- labels: {include}\n    b: c\n"), &blanks),
            (format!("  labels: {include}\n  b: c\n"), &words),
            (format!("  labels: {include}\n"), &words),
            (format!("  labels: {include} x\n    b: c\n"), &words),
            (format!("  labels: {include}\n    {{{{- end }}}}\n").replace("{{- end }}", "{{ x }}"), &words),
        ] {
            let wanted = source.replace(include, fill).replace("{{ x }}", "       ");
            assert_eq!(mask(&source), wanted, "{source}");
        }
    }

    #[test]
    fn a_template_is_read_and_its_values_are_unknown() {
        let source = "{{- if .V }}\nkind: Pod\nname: {{ .N }}\nargs: |\n  {{- range .X }}\n  echo\n  {{- end }}\n{{- end }}\nk: {a: 1}\n";
        let text = Text::whole(source);
        let prepared = prepare(&text, true);
        let yaml = Yaml::parse_prepared(&prepared);
        assert_eq!(yaml.errors, []);
        assert!(yaml.is_template());
        let root = yaml.root(0).unwrap();
        assert_eq!(root.get("kind").unwrap().scalar(), Some("Pod"));
        let name = root.get("name").unwrap();
        assert!(name.is_templated() && !root.get("kind").unwrap().is_templated());
        assert_eq!((name.raw(), name.span().slice(source)), ("{{ .N }}", "{{ .N }}"));
        assert!(root.get("args").unwrap().is_templated());
        assert!(root.get("k").unwrap().get("a").is_some());
    }

    #[test]
    fn lines_of_other_templates_are_masked_where_they_upset_yaml() {
        let prepared_is = |source: &str| {
            let text = Text::whole(source);
            let prepared = prepare(&text, false);
            let yaml = Yaml::parse_prepared(&prepared);
            (yaml.is_template(), yaml.errors.is_empty())
        };
        for source in [
            "<% 3.times do |n| %>\nuser_<%= n %>:\n  name: <%= \"a: b\" %>\n<% end %>\n",
            "{% if a %}\nx: {{ b }}\n{# c: d: e #}\n{%- endif %}\n",
            "<% if x\n  y -%>\na: 1\n<% end -%>\n",
        ] {
            assert_eq!(prepared_is(source), (true, true), "{source}");
        }
        assert_eq!(prepared_is("a: <%= b %>\nc: |\n  <% d %>\n"), (false, true));
        assert_eq!(prepared_is("a: <%= b %>\nc: d: e\n"), (false, false));
        assert!(find_tags("<% a\nb: {{\n{%").len() == 3);
    }

    #[test]
    fn what_parses_is_no_template_without_its_path() {
        let checks = Text::whole("a: |\n  {{ if .X }}\n  b\n");
        assert!(!Yaml::parse_prepared(&prepare(&checks, false)).is_template());
        let template = Text::whole("{{ if .X }}\na: b\n{{ end }}\n");
        assert!(Yaml::parse_prepared(&prepare(&template, false)).is_template());
    }
}
