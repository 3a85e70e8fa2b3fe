//! Parts that need no reading of the document: fences, links, frontmatter.

use super::scope::Scope;
use super::{Code, Fence, Frontmatter, Link, Prose};
use crate::fact::value::Field;
use crate::syntax::markdown::{Document as Tree, LinkKind};
use crate::syntax::yaml::Yaml;
use crate::text::{Span, Spanned, Text};

/// The fenced code blocks.
pub(super) fn fences(tree: &Tree<'_>) -> Vec<Fence> {
    let fenced = tree.codes().filter(|code| code.fenced);
    fenced
        .map(|code| {
            let (info, place) = code.info();
            let language = code.language().to_lowercase();
            let known = |text: String| if text.is_empty() { Field::Absent } else { Field::new(text, place) };
            Fence {
                span: code.open_line(),
                language: known(language),
                info: known(info.to_owned()),
                closed: code.closed(),
                open_to_end: code.open_to_end(),
                lines: code.content().as_str().lines().count() as i64,
            }
        })
        .collect()
}

/// The fenced code blocks of a document, with what is in them.
pub(super) fn codes(scope: &Scope<'_>) -> Vec<Code> {
    let fenced = scope.tree.codes().filter(|code| code.fenced && scope.span.contains(code.span));
    let read = |code: crate::syntax::markdown::Code<'_>| {
        let (info, place) = code.info();
        let language = code.language().to_lowercase();
        let place = if info.is_empty() { code.open_line() } else { place };
        let text = Prose::new(code.content().into_owned());
        Code { span: code.open_line(), language: Spanned::new(language, place), text }
    };
    fenced.map(read).collect()
}

/// The links and images.
pub(super) fn links(tree: &Tree<'_>) -> Vec<Link> {
    let read = |link: &crate::syntax::markdown::Link<'_>| Link {
        span: link.span,
        target: Spanned::new(link.target.to_string(), link.target_span.unwrap_or(link.span)),
        text: tree.link_run(link).plain(),
        syntax: match link.kind {
            LinkKind::Inline => "inline",
            LinkKind::Reference => "reference",
            LinkKind::Autolink => "autolink",
        }
        .to_owned(),
        image: link.image,
    };
    tree.links().iter().map(read).collect()
}

/// The frontmatter, if there is any.
pub(super) fn frontmatter(tree: &Tree<'_>) -> Option<Frontmatter> {
    let front = tree.frontmatter()?;
    let text = Text::at(tree.slice(front.content), front.content.start);
    let yaml = Yaml::parse(&text);
    let error = yaml.errors.first();
    let root = yaml.root(0);
    // A template of a site generator is YAML only once it is filled in.
    let template = text.as_str().contains("{{") || text.as_str().contains("{%");
    let keys = root.filter(|root| root.is_mapping()).map(|root| {
        let named = root.written().filter_map(|(key, _)| Some(Spanned::new(key.scalar()?.to_owned(), key.span())));
        named.collect()
    });
    let open = Span::new(front.span.start as usize, front.span.start as usize + 3);
    Some(Frontmatter {
        span: open,
        closed: front.closed,
        mapping: match template {
            true => Field::unknown("", open),
            false => Field::new(error.is_none() && root.is_none_or(|root| root.is_mapping() || root.is_null()), open),
        },
        error: match error.filter(|_| !template) {
            Some(error) => Field::new(error.message.to_string(), error.span),
            None => Field::Absent,
        },
        keys: keys.unwrap_or_default(),
    })
}
