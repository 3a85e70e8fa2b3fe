//! markdownlint's and rumdl's comments: `<!-- markdownlint-disable MD001 -->` and its like.

use super::Ids;
use super::toggle::{Act, Toggles};

/// Names by which rules go besides their numbers.
const NAMES: &[(&str, &str)] = &[
    ("heading-increment", "MD001"),
    ("heading-style", "MD003"),
    ("ul-style", "MD004"),
    ("list-indent", "MD005"),
    ("ul-indent", "MD007"),
    ("no-trailing-spaces", "MD009"),
    ("no-hard-tabs", "MD010"),
    ("no-reversed-links", "MD011"),
    ("no-multiple-blanks", "MD012"),
    ("line-length", "MD013"),
    ("commands-show-output", "MD014"),
    ("no-missing-space-atx", "MD018"),
    ("no-multiple-space-atx", "MD019"),
    ("no-missing-space-closed-atx", "MD020"),
    ("no-multiple-space-closed-atx", "MD021"),
    ("blanks-around-headings", "MD022"),
    ("heading-start-left", "MD023"),
    ("no-duplicate-heading", "MD024"),
    ("single-title", "MD025"),
    ("single-h1", "MD025"),
    ("no-trailing-punctuation", "MD026"),
    ("no-multiple-space-blockquote", "MD027"),
    ("no-blanks-blockquote", "MD028"),
    ("ol-prefix", "MD029"),
    ("list-marker-space", "MD030"),
    ("blanks-around-fences", "MD031"),
    ("blanks-around-lists", "MD032"),
    ("no-inline-html", "MD033"),
    ("no-bare-urls", "MD034"),
    ("hr-style", "MD035"),
    ("no-emphasis-as-heading", "MD036"),
    ("no-space-in-emphasis", "MD037"),
    ("no-space-in-code", "MD038"),
    ("no-space-in-links", "MD039"),
    ("fenced-code-language", "MD040"),
    ("first-line-heading", "MD041"),
    ("first-line-h1", "MD041"),
    ("no-empty-links", "MD042"),
    ("required-headings", "MD043"),
    ("proper-names", "MD044"),
    ("no-alt-text", "MD045"),
    ("code-block-style", "MD046"),
    ("single-trailing-newline", "MD047"),
    ("code-fence-style", "MD048"),
    ("emphasis-style", "MD049"),
    ("strong-style", "MD050"),
    ("link-fragments", "MD051"),
    ("reference-links-images", "MD052"),
    ("link-image-reference-definitions", "MD053"),
    ("link-image-style", "MD054"),
    ("table-pipe-style", "MD055"),
    ("table-column-count", "MD056"),
    ("blanks-around-tables", "MD058"),
    ("descriptive-link-text", "MD059"),
];

/// Names for several rules at once, by their numbers.
const TAGS: &[(&str, &[u32])] = &[
    ("headings", &[1, 3, 18, 19, 20, 21, 22, 23, 24, 25, 26, 36, 41, 43]),
    ("bullet", &[4, 5, 7, 32]),
    ("ul", &[4, 5, 7, 30, 32]),
    ("indentation", &[5, 7, 27]),
    ("whitespace", &[9, 10, 12, 27, 28, 30, 37, 38, 39]),
    ("hard_tab", &[10]),
    ("links", &[11, 34, 39, 42, 51, 52, 53, 54, 59]),
    ("blank_lines", &[12, 22, 31, 32, 47]),
    ("line_length", &[13]),
    ("code", &[14, 31, 38, 40, 46, 48]),
    ("atx", &[18, 19]),
    ("spaces", &[18, 19, 20, 21, 23]),
    ("atx_closed", &[20, 21]),
    ("blockquote", &[27, 28]),
    ("ol", &[29, 30, 32]),
    ("html", &[33]),
    ("url", &[34]),
    ("hr", &[35]),
    ("emphasis", &[36, 37, 49, 50]),
    ("language", &[40]),
    ("spelling", &[44]),
    ("accessibility", &[45, 59]),
    ("images", &[45, 52, 53, 54]),
    ("table", &[55, 56, 58, 60]),
];

/// What such a comment asks for at once.
#[derive(Debug, PartialEq)]
pub(in crate::suppress) enum Said {
    /// Off in its line.
    Line(Ids),
    /// Off in the next line.
    Next(Ids),
    /// It has been added to the toggles, or means nothing.
    Noted,
}

/// Reads a comment; what holds from its line on is noted.
pub(in crate::suppress) fn read(text: &str, line: u32, toggles: &mut Toggles) -> Said {
    let text = text.trim();
    let Some(rest) = text.strip_prefix("markdownlint-").or_else(|| text.strip_prefix("rumdl-")) else {
        return Said::Noted;
    };
    let (word, list) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match word {
        "disable" => toggles.add(line, Act::Off(ids(list))),
        "enable" => toggles.add(line, Act::On(ids(list))),
        "capture" => toggles.add(line, Act::Capture),
        "restore" => toggles.add(line, Act::Restore),
        "disable-file" => toggles.add(0, Act::Off(ids(list))),
        "enable-file" => toggles.add(0, Act::On(ids(list))),
        "configure-file" => configured(list, toggles),
        "disable-line" => return Said::Line(ids(list)),
        "disable-next-line" => return Said::Next(ids(list)),
        _ => {}
    }
    Said::Noted
}

/// `{"MD013": false}` for the whole file; options of rules are other matters.
fn configured(json: &str, toggles: &mut Toggles) {
    let Ok(serde_json::Value::Object(rules)) = serde_json::from_str(json) else { return };
    // What holds by default comes before what is said of single rules.
    if rules.get("default") == Some(&serde_json::Value::Bool(false)) {
        toggles.add(0, Act::Off(Ids::All));
    }
    for (name, value) in rules.iter().filter(|(name, _)| *name != "default") {
        let named = ids(name);
        match value {
            serde_json::Value::Bool(false) => toggles.add(0, Act::Off(named)),
            serde_json::Value::Null => {}
            _ => toggles.add(0, Act::On(named)),
        }
    }
}

/// Names with blanks between them; what has a comma is the name of no rule.
fn ids(list: &str) -> Ids {
    let ids: Vec<String> = list.split_whitespace().flat_map(meant).collect();
    if ids.is_empty() { Ids::All } else { Ids::Named(ids) }
}

/// The rules that a number, a name or a tag means.
fn meant(name: &str) -> Vec<String> {
    if let Some((_, ids)) = TAGS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name)) {
        return ids.iter().map(|number| format!("MD{number:03}")).collect();
    }
    let known = NAMES.iter().find(|(long, _)| long.eq_ignore_ascii_case(name));
    vec![known.map_or_else(|| name.to_ascii_uppercase(), |(_, id)| (*id).to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(comments: &[(u32, &str)]) -> Vec<String> {
        let mut toggles = Toggles::default();
        for (line, text) in comments {
            assert_eq!(read(text, *line, &mut toggles), Said::Noted);
        }
        let mut found: Vec<String> = toggles
            .ranges(50)
            .into_iter()
            .map(|off| format!("{} {}-{}", off.id.as_deref().unwrap_or("*"), off.first, off.last))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_word_of_theirs() {
        let named = |id: &str| Ids::Named(vec![id.to_owned()]);
        let now = |text: &str| read(text, 4, &mut Toggles::default());
        assert_eq!(now(" markdownlint-disable-line MD001 "), Said::Line(named("MD001")));
        assert_eq!(now(" rumdl-disable-next-line no-alt-text "), Said::Next(named("MD045")));
        assert_eq!(now(" markdownlint-disable-line "), Said::Line(Ids::All));
        let on = " markdownlint-enable md001 ";
        assert_eq!(ranges(&[(3, " markdownlint-disable MD001 heading-style "), (8, on)]), ["MD001 3-7", "MD003 3-50"]);
        assert_eq!(ranges(&[(9, "rumdl-disable-file MD001")]), ["MD001 0-50"]);
        assert_eq!(ranges(&[(9, "markdownlint-disable-file"), (9, "markdownlint-enable-file MD001")]), ["* 0-50"]);
        assert_eq!(
            ranges(&[(2, "markdownlint-capture"), (2, "markdownlint-disable"), (6, "markdownlint-restore")]),
            ["* 2-5"]
        );
        assert_eq!(
            ranges(&[(
                7,
                "markdownlint-configure-file { \"default\": false, \"MD001\": true, \"line-length\": false }"
            )]),
            ["* 0-50", "MD013 0-50"]
        );
        assert_eq!(
            ranges(&[(7, "markdownlint-configure-file {"), (7, "markdownlint"), (8, "see")]),
            Vec::<String>::new()
        );
    }
}
