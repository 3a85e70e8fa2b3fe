//! The values of a chart: images that its templates put together.

use crate::fact::image::Image;
use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;
use crate::fact::{Facts, Wanted};
use crate::syntax::yaml::NodeRef;

facts! {
    /// An image that the values of a chart name: `image: nginx:1.27`, or `repository` beside `tag`.
    pub struct ValueImage = "helm.image" {
        /// The keys above it, with dots.
        "path" path: String,
        /// The image without its tag.
        "repository" repository: Field<String>,
        /// Its tag; absent where the chart's own version, or a tag of another place, is taken.
        "tag" tag: Field<String>,
        /// Its digest.
        "digest" digest: Field<String>,
    }
}

/// Values that are looked at: real charts have some hundreds.
const MAX_NODES: usize = 200_000;

/// Adds the facts of the values of a chart.
pub fn build_values(root: NodeRef<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(ValueImage::describe().name) {
        return;
    }
    let mut waiting = vec![(String::new(), root)];
    for _ in 0..MAX_NODES {
        let Some((path, node)) = waiting.pop() else { return };
        if node.is_alias() {
            continue;
        }
        push(split(node, &path), out);
        let mut below = Vec::new();
        for (key, value) in node.written() {
            let name = key.scalar().unwrap_or_default();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            if value.scalar().is_none() {
                // Paths of very deep values would add up.
                below.push((if path.len() > 500 { String::new() } else { path }, value));
            } else if name == "image" || name.ends_with("Image") {
                push(whole(value, path), out);
            }
        }
        waiting.extend(below.into_iter().rev());
        waiting.extend(node.items().map(|item| (path.clone(), item)).collect::<Vec<_>>().into_iter().rev());
    }
}

fn push(image: Option<ValueImage>, out: &mut Facts) {
    if let Some(image) = image {
        let (label, span) = (image.path.clone(), image.span);
        out.push(image, label, span);
    }
}

/// `repository: nginx` beside `tag: "1.27"`.
fn split(node: NodeRef<'_>, path: &str) -> Option<ValueImage> {
    let slot = Slot::of(node);
    let repository = slot.get("repository").or(slot.get("name")).text();
    let tag = slot.get("tag");
    repository.known().filter(|name| !name.contains("://"))?;
    let digest = slot.get("digest").text();
    Some(ValueImage { span: tag.span()?, path: path.to_owned(), repository, tag: tag.text(), digest })
}

/// `image: nginx:1.27`.
fn whole(value: NodeRef<'_>, path: String) -> Option<ValueImage> {
    let Field::Known(text) = Slot::of(value).text() else { return None };
    let image = Image::parse(&text.value, text.span);
    let repository = Field::new(image.repository().unwrap_or_else(|| text.value.clone()), text.span);
    Some(ValueImage { span: text.span, path, repository, tag: image.tag, digest: image.digest })
}
