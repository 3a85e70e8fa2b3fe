//! Where links and images lead, as far as the repository can tell.

use super::Target;
use super::anchors::{Anchors, is_everywhere};
use super::references::fold;
use super::routes;
use crate::fact::File;
use crate::fact::context::join;
use crate::fact::is_test_input;
use crate::fact::value::Field;
use crate::syntax::markdown::{Document as Tree, Link, LinkKind};
use crate::text::{Span, Spanned};
use percent_encoding::percent_decode_str;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// So many files are looked at for the same name in other capitals.
const NEIGHBOURS: usize = 1000;

/// The links and images of a page; of references with one label the first.
pub(in crate::fact) fn targets(file: &File<'_>, tree: &Tree<'_>) -> Vec<Target> {
    let (anchors, routed, defined) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
    let reader = Reader { file, tree, anchors, routed, defined };
    let mut labels = HashSet::new();
    let mut counts = |link: &&Link<'_>| match link.kind {
        LinkKind::Autolink => false,
        LinkKind::Reference => labels.insert(link.label.to_lowercase()),
        LinkKind::Inline => true,
    };
    tree.links().iter().filter(|link| counts(link)).map(|link| reader.target(link)).collect()
}

struct Reader<'r> {
    file: &'r File<'r>,
    tree: &'r Tree<'r>,
    anchors: OnceCell<Anchors>,
    routed: OnceCell<bool>,
    /// Where the target of each label stands.
    defined: OnceCell<HashMap<String, Span>>,
}

impl Reader<'_> {
    fn target(&self, link: &Link<'_>) -> Target {
        let run = self.tree.link_run(link);
        let place = link.target_span.or_else(|| self.defined_at(link)).unwrap_or(link.span);
        let text = run.plain();
        let mut target = Target {
            span: link.span,
            target: Spanned::new(link.target.to_string(), place),
            bare: text.trim().is_empty() && !run.has_link() && !has_html(self.tree, link.span) && !self.is_named(link),
            text,
            image: link.image,
            ..Target::default()
        };
        self.follow(link.target.trim(), place, &mut target);
        match link.target.trim() {
            "#" if leads_up(&target.text) => target.kind = "anchor".to_owned(),
            // A book's list of chapters names those that are not written yet.
            "" if self.file.path.ends_with("SUMMARY.md") => target.kind = "other".to_owned(),
            _ => {}
        }
        target
    }

    /// Sphinx and MyST show the target's own title where a link has no words.
    fn is_named(&self, link: &Link<'_>) -> bool {
        !link.target.trim().is_empty() && routes::is_sphinx(self.file.path, self.file.inventory)
    }

    /// The target of a reference stands in its definition.
    fn defined_at(&self, link: &Link<'_>) -> Option<Span> {
        if link.kind != LinkKind::Reference {
            return None;
        }
        let defined = self.defined.get_or_init(|| {
            let all = self.tree.definitions().iter().rev();
            all.filter_map(|definition| {
                let text = self.tree.slice(definition.span);
                let from = text.find("]:")? + 2;
                let at = definition.span.start as usize + from + text.get(from..)?.find(&definition.target)?;
                let place = Span::new(at, at + definition.target.len());
                (!place.is_empty()).then(|| (fold(&definition.label), place))
            })
            .collect()
        });
        defined.get(&fold(&link.label)).copied()
    }

    fn follow(&self, written: &str, place: Span, target: &mut Target) {
        target.kind = kind(written).to_owned();
        match target.kind.as_str() {
            "anchor" => {
                let fragment = decode(written.trim_start_matches('#'));
                let anchors = self.anchors.get_or_init(|| Anchors::of(self.tree));
                target.anchor_exists = answer(self.found(anchors, &fragment), place);
                target.fragment = Some(fragment);
            }
            "file" => self.file(written, place, target),
            _ => {}
        }
    }

    /// Whether the page answers to a fragment; where Sphinx makes the pages, a label may stand in any of them.
    fn found(&self, anchors: &Anchors, fragment: &str) -> Option<bool> {
        let inventory = self.file.inventory;
        match anchors.has(fragment)? {
            true if routes::is_github(inventory) && !anchors.has_exactly(fragment) && !self.is_routed() => Some(false),
            false if routes::is_sphinx(self.file.path, inventory) || self.is_cover() => None,
            found => Some(found),
        }
    }

    /// A page of Docsify that leads to parts of the first one.
    fn is_cover(&self) -> bool {
        ["_coverpage.md", "_sidebar.md", "_navbar.md"].iter().any(|name| self.file.path.ends_with(name))
    }

    fn is_routed(&self) -> bool {
        let front = self.tree.frontmatter().map_or("", |front| self.tree.slice(front.content));
        *self.routed.get_or_init(|| routes::is_routed(self.file.path, front, self.file.inventory))
    }

    fn file(&self, written: &str, place: Span, target: &mut Target) {
        let (path, fragment) = written.split_once('#').map_or((written, None), |(path, rest)| (path, Some(rest)));
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let dir = self.file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let decoded = decode(path);
        let joined = join(dir, decoded.trim_end_matches('/'));
        let exists = joined.as_deref().and_then(|path| self.exists(path, &decoded));
        target.exists = answer(exists, place);
        if exists == Some(false) {
            target.instead = joined.as_deref().and_then(|path| self.instead(path, &decoded));
            let rest = written.get(path.len()..).unwrap_or("");
            let plain = |way: &String| !way.contains([' ', '%', '(', ')', '<', '>', '#', '?']);
            let way = target.instead.as_deref().map(|path| from(dir, path)).filter(plain);
            target.mended = way.map(|way| way + rest);
        }
        if let Some(fragment) = fragment.map(decode).filter(|fragment| !is_everywhere(fragment)) {
            let own = joined.as_deref() == Some(self.file.path);
            let anchors = || self.anchors.get_or_init(|| Anchors::of(self.tree));
            let found = own.then(|| self.found(anchors(), &fragment)).flatten();
            target.anchor_exists = answer(found, place);
            target.fragment = Some(fragment);
        }
        target.path = joined;
    }

    /// What is probably meant: the path counted from the top, or the same name in other capitals.
    fn instead(&self, path: &str, written: &str) -> Option<String> {
        let inventory = self.file.inventory;
        let top = join("", written.trim_start_matches("../").trim_end_matches('/')).filter(|top| !top.is_empty());
        if let Some(top) = top.filter(|top| top.contains('/') && (inventory.is_file(top) || inventory.is_dir(top))) {
            return Some(top);
        }
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let beside = inventory.files_below(dir).take(NEIGHBOURS);
        let mut alike = beside.filter(|file| file.len() == path.len() && file.eq_ignore_ascii_case(path));
        alike.next().filter(|_| alike.next().is_none()).map(str::to_owned)
    }

    /// Whether a path is there; nothing where that is not for the file tree to say.
    fn exists(&self, path: &str, written: &str) -> Option<bool> {
        let inventory = self.file.inventory;
        if inventory.exists(path) || has_page(inventory, path) {
            return Some(true);
        }
        // A name with another's capitals is found on some machines and not on others: it is missing.
        (!self.is_routed() && !is_pattern(written) && !is_test_input(self.file.path)).then_some(false)
    }
}

/// The way from a directory to a path.
fn from(dir: &str, path: &str) -> String {
    let here: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = path.split('/').collect();
    let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; here.len() - same];
    parts.extend(there.iter().skip(same));
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Pages whose links leave out the ending, or name what will be made of the page.
fn has_page(inventory: &crate::fact::inventory::Inventory, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let bare = path.strip_suffix(".html").or_else(|| (!name.contains('.')).then_some(path));
    let Some(bare) = bare else { return false };
    let made = |bare: &str, ending: &&str| inventory.is_file(&format!("{bare}{ending}"));
    let readme = bare.strip_suffix("index").is_some_and(|dir| made(dir, &"README.md"));
    readme || [".md", ".mdx", "/index.md", "/README.md", ".markdown", ".adoc", ".rst"].iter().any(|end| made(bare, end))
}

/// Pages of a documentation that a compiler writes, such as `struct.Config.html`.
fn is_compiled(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let kind = name.strip_suffix(".html").and_then(|name| name.split_once('.')).map(|(kind, _)| kind);
    kind.is_some_and(|kind| matches!(kind, "struct" | "enum" | "trait" | "fn" | "macro" | "type" | "attr" | "derive"))
}

/// Words that a template or a reader fills in, or the name of what a compiler writes.
fn is_pattern(path: &str) -> bool {
    path.contains(['{', '}', '<', '>', '*', '$', '|', '\\', '\n', '[', ']'])
        || path.contains("...")
        || path.contains('…')
        || path.contains('%')
        || path.contains("path/to")
        || path.contains("your-")
        || path.contains("your ")
        || is_compiled(path)
        || ["url", "link", "path", "tbd", "todo", "xxx", "placeholder"].contains(&path.to_ascii_lowercase().as_str())
}

fn kind(target: &str) -> &'static str {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    });
    match target {
        "" | "#" => "none",
        _ if target.starts_with("//") => "web",
        _ if scheme.is_some_and(|scheme| scheme.starts_with("http")) => "web",
        _ if scheme.is_some() => "other",
        _ if target.starts_with('#') => "anchor",
        _ if target.starts_with('/') => "site",
        _ if target.starts_with(['{', '<', '$', '@', '~', '?', '`']) => "other",
        _ if target.contains('@') && !target.contains('/') => "other",
        _ if target.starts_with("www.") => "web",
        _ => "file",
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn answer(known: Option<bool>, place: Span) -> Field<bool> {
    known.map_or_else(|| Field::unknown("", place), |value| Field::new(value, place))
}

/// Words of a link to where the page begins, to which `#` does lead.
fn leads_up(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "top" | "up" | "start" | "beginning")) || lower.contains(['↑', '⬆', '🔝', '▲'])
}

/// Whether HTML stands inside: an icon, an image, an anchor.
fn has_html(tree: &Tree<'_>, link: Span) -> bool {
    link.slice(tree.source()).contains('<')
}
