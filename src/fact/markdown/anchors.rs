//! The anchors of a page: what may stand behind the `#` of a link to it.

use crate::syntax::markdown::{BlockId, BlockKind, Document as Tree};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(?:id|name)\s*=\s*["']?([^"'\s>]+)"#).ok());
static ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{:?[^{}\n]*#([^\s{}#]+)[^{}\n]*\}").ok());
/// A label of MyST on a line of its own, `(name)=`, or among a directive's options.
static LABEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^[ \t]*(?:\(([^()\n]+)\)=|:name:[ \t]*(\S+))[ \t]*\r?$").ok());
static HTML_HEADING: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?is)<h[1-6](?:\s[^<>]*)?>(.+?)</h[1-6]>").ok());
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^<>]*>").ok());

/// How often each anchor occurs, as [`slug`] compares them.
#[derive(Default)]
pub(super) struct Anchors {
    counts: HashMap<String, usize>,
    /// Text that comes from elsewhere may bring headings of its own.
    open: bool,
    /// Headings of letters, digits and ASCII signs exactly as GitHub names them, each hyphen by itself.
    exact: HashSet<String>,
    /// Those of which nobody knows that.
    vague: HashSet<String>,
}

impl Anchors {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut anchors = Self::default();
        for (id, block) in tree.blocks() {
            if matches!(block.kind, BlockKind::Heading(_)) {
                anchors.heading(tree, id);
            }
        }
        for span in tree.html() {
            let html = tree.slice(span);
            let found = NAMED.iter().flat_map(|regex| regex.captures_iter(html));
            found.filter_map(|found| found.get(1)).for_each(|name| anchors.add(name.as_str()));
        }
        let source = tree.source();
        if [&b")="[..], b":name:"].iter().any(|mark| memchr::memmem::find(source.as_bytes(), mark).is_some()) {
            let found = LABEL.iter().flat_map(|regex| regex.captures_iter(source));
            found.filter_map(|found| found.get(1).or(found.get(2))).for_each(|name| anchors.add(name.as_str()));
        }
        if memchr::memmem::find(source.as_bytes(), b"#").is_some() {
            let found = ATTRIBUTE.iter().flat_map(|regex| regex.captures_iter(source));
            found.filter_map(|found| found.get(1)).for_each(|name| anchors.add(name.as_str()));
        }
        if memchr::memmem::find(source.as_bytes(), b"</h").is_some() {
            for found in HTML_HEADING.iter().flat_map(|regex| regex.captures_iter(source)) {
                let inner = found.get(1).map_or("", |inner| inner.as_str());
                let plain = TAG.as_ref().map_or(inner.into(), |tag| tag.replace_all(inner, ""));
                anchors.add(plain.trim());
            }
        }
        const INCLUDES: [&str; 5] = ["{{", "{%", "--8<--", "\n:::", "\nimport "];
        anchors.open = INCLUDES.iter().any(|mark| memchr::memmem::find(source.as_bytes(), mark.as_bytes()).is_some());
        anchors
    }

    /// A heading's words; pictures in it are named by some sites and left out by others.
    fn heading(&mut self, tree: &Tree<'_>, id: BlockId) {
        let (span, text) = (tree.block(id).span, tree.run(id).plain());
        let from = tree.links().partition_point(|link| link.span.start < span.start);
        let inside = tree.links().iter().skip(from).take_while(|link| link.span.start < span.end);
        let pictures = inside.filter(|link| link.image).map(|link| tree.link_run(link).plain());
        let bare = pictures.fold(text.clone(), |text, picture| text.replacen(&picture, "", 1));
        if bare != text {
            self.add(&bare);
        }
        self.add(&text);
        if bare == text && text.chars().all(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || c == ' ') {
            self.exact.insert(exact(text.trim()));
        } else {
            self.vague.extend([slug(&bare), slug(&text)]);
        }
    }

    /// Whether GitHub finds a fragment that other sites do: it keeps every hyphen.
    pub(super) fn has_exactly(&self, fragment: &str) -> bool {
        let wanted = exact(fragment.strip_prefix("user-content-").unwrap_or(fragment));
        let bare = wanted.rsplit_once('-').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()));
        let named = |name: &str| self.exact.contains(name) || self.vague.contains(&slug(name));
        // Names that are no heading's are written out somewhere.
        let told = self.exact.iter().any(|name| slug(name) == slug(&wanted));
        is_everywhere(fragment) || !told || named(&wanted) || bare.is_some_and(|(name, _)| named(name))
    }

    /// A name that is taken gets the next number that is not.
    fn add(&mut self, text: &str) {
        let slug = slug(text);
        if slug.is_empty() {
            return;
        }
        let mut taken = self.counts.get(&slug).copied().unwrap_or(0);
        if taken > 0 {
            while self.counts.contains_key(&format!("{slug}-{taken}")) {
                taken += 1;
            }
        }
        self.counts.insert(slug, taken + 1);
    }

    /// Whether a link to this fragment finds something; unknown where headings may come from elsewhere.
    pub(super) fn has(&self, fragment: &str) -> Option<bool> {
        let found = is_everywhere(fragment) || self.counted(&slug(fragment));
        (found || !self.open).then_some(found)
    }

    /// `name-2` is the third heading of that name; some sites write `name_2`.
    fn counted(&self, slug: &str) -> bool {
        if self.counts.contains_key(slug) {
            return true;
        }
        let Some((base, number)) = slug.rsplit_once(['-', '_']) else { return false };
        let Ok(number) = number.parse::<usize>() else { return false };
        self.counts.get(base).is_some_and(|count| number < *count)
    }

    /// All of them, for links from other pages; none where there may be more.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = if self.open { vec!["*".to_owned()] } else { Vec::new() };
        for (name, &count) in &self.counts {
            names.push(name.clone());
            names.extend(
                (1..count.min(100)).flat_map(|number| [format!("{name}-{number}"), format!("{name}_{number}")]),
            );
        }
        names.sort_unstable();
        names
    }
}

/// Fragments that every page answers to: its top, a line, a piece of text.
pub(in crate::fact) fn is_everywhere(fragment: &str) -> bool {
    let line = fragment.strip_prefix('L').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    fragment.is_empty()
        || line
        || is_note(fragment)
        || fragment.starts_with([':', '!', '/'])
        || fragment.starts_with("tab/")
        || ["top", "readme", "page-top"].contains(&fragment.to_ascii_lowercase().as_str())
}

/// `fn1`, `fnref:2`, `fn-name`: what sites make of footnotes.
fn is_note(fragment: &str) -> bool {
    let fragment = fragment.strip_prefix("user-content-").unwrap_or(fragment);
    let Some(rest) = fragment.strip_prefix("fn") else { return false };
    rest.strip_prefix("ref").unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit() || ":-_".contains(c))
}

/// A heading or fragment as GitHub has it: lower case, blanks as hyphens, without other signs.
fn exact(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.flat_map(|c| if c == ' ' { '-' } else { c }.to_lowercase()).collect()
}

/// A heading or fragment as anchors compare: what GitHub makes of a heading, with runs of hyphens as one, because
/// the sites that show a document differ in that.
pub(in crate::fact) fn slug(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("user-content-").unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '-' | ' ' | '\t' | '\u{a0}' if out.is_empty() || out.ends_with('-') => {}
            '-' | ' ' | '\t' | '\u{a0}' => out.push('-'),
            c if c.is_alphanumeric() || c == '_' => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown;

    #[test]
    fn slugs_are_what_github_makes_of_headings() {
        let cases = [
            ("What's new?", "whats-new"),
            ("2.1 High Availability & Disaster Recovery", "21-high-availability-disaster-recovery"),
            ("🚀 Start", "start"),
            ("snake_case", "snake_case"),
            ("Über uns", "über-uns"),
            ("a -- b", "a-b"),
            ("user-content-x", "x"),
        ];
        for (text, expected) in cases {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn github_keeps_every_hyphen() {
        let tree = markdown::parse("# A & B\n\n# C-D\n\n# 🚀 Go & Run\n\n# C-D\n\n<a id=\"e--f\"></a>\n\n# a - 1\n");
        let anchors = Anchors::of(&tree);
        for name in ["a--b", "A--B", "c-d", "c-d-1", "go-run", "-go--run", "e-f", "top", "a---1"] {
            assert!(anchors.has_exactly(name), "{name}");
        }
        for name in ["a-b", "a-1", "a---b"] {
            assert!(!anchors.has_exactly(name), "{name}");
        }
    }

    #[test]
    fn anchors_are_headings_names_and_attributes() {
        let source = "# One `two`\n\n## Same\n\n## Same\n\n<a name=\"Here\"></a>\n\n## X {#own}\n\n<h2 align=center>In <b>HTML</b></h2>\n\n- # In a list\n";
        let tree = markdown::parse(source);
        let anchors = Anchors::of(&tree);
        for name in ["one-two", "same", "same-1", "here", "own", "in-html", "in-a-list", "top", "L12", ""] {
            assert_eq!(anchors.has(name), Some(true), "{name}");
        }
        for name in ["same-2", "other", "one"] {
            assert_eq!(anchors.has(name), Some(false), "{name}");
        }
        let numbered = markdown::parse("# B\n\n# B 1\n\n# B\n\n# ![logo](x.png) Thing\n");
        let anchors = Anchors::of(&numbered);
        for name in ["b", "b-1", "b-2", "b_2", "thing", "logo-thing", "fnref:1"] {
            assert_eq!(anchors.has(name), Some(true), "{name}");
        }
        assert_eq!(anchors.has("b-3"), Some(false));
        let open = markdown::parse("# A\n\n{{< include b.md >}}\n");
        assert_eq!((Anchors::of(&open).has("a"), Anchors::of(&open).has("b")), (Some(true), None));
    }
}
