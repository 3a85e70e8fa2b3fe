//! Links to parts of pages: the same page, or another that was read as well.

use super::ProjectSubject;
use crate::fact::markdown::{is_everywhere, slug};
use crate::fact::summary::{LinkedPage, Summary};
use crate::fact::value::{Field, facts};
use crate::text::Span;
use std::collections::BTreeMap;

facts! {
    /// A link to a part of the same page, or of another that was read as well.
    pub struct PageLink = "project.page-link" {
        /// The page that has the part.
        "path" path: String,
        /// Whether the link stands in that page itself.
        "same-page" same_page: bool,
        /// The anchor named behind the `#`.
        "fragment" fragment: String,
        /// Whether the other page has it; unknown where parts of that page come from elsewhere.
        "exists" exists: Field<bool>,
    }
}

pub(super) fn build(summaries: &[Summary], out: &mut Vec<ProjectSubject>) {
    let pages: BTreeMap<&str, &LinkedPage> =
        summaries.iter().filter_map(|summary| Some((&*summary.path, summary.page.as_ref()?))).collect();
    for link in pages.values().flat_map(|page| &page.links).filter(|link| !is_everywhere(&link.fragment)) {
        let Some(page) = pages.get(link.path.as_str()) else { continue };
        let has = |name: &str| page.anchors.binary_search_by(|anchor| anchor.as_str().cmp(name)).is_ok();
        let same_page = *link.path == *link.place.path;
        let told = || {
            let found = has(&slug(&link.fragment));
            (found || !has("*")).then_some(found)
        };
        // What the page says of itself takes its site into account.
        let found = if same_page { link.found } else { told() };
        let object = PageLink {
            path: link.path.clone(),
            same_page,
            fragment: link.fragment.clone(),
            exists: found.map_or(Field::unknown("", Span::default()), |found| Field::new(found, Span::default())),
            ..PageLink::default()
        };
        out.push(ProjectSubject::new(object, "", link.place.clone()));
    }
}
