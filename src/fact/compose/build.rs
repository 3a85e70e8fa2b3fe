//! `build`: the folder, the Dockerfile and its stage, beside what the Dockerfile itself says.

use super::{Build, ServiceBuilder, interpolate};
use crate::fact::Facts;
use crate::fact::context::{directory, join};
use crate::fact::listening::{Listening, is_told};
use crate::fact::value::Field;
use crate::fact::yaml::{Part, Slot};

impl ServiceBuilder<'_> {
    pub(super) fn built_from(&self, part: &Part<'_>) -> Option<Build> {
        let build = self.get("build");
        let span = build.span()?;
        let dir = directory(part.path);
        let text = |slot: Slot<'_>| interpolate::field(slot.text());
        let folder = match (build.node().is_some_and(|node| node.scalar().is_some()), build.get("context")) {
            (true, _) => text(build),
            (_, Slot::Absent) => Field::new(".".to_owned(), span),
            (_, context) => text(context),
        };
        let context = resolved(&folder, dir);
        let name = text(build.get("dockerfile")).or(Field::new("Dockerfile".to_owned(), folder.span().unwrap_or(span)));
        let inline = !build.get("dockerfile_inline").is_absent();
        let dockerfile = match (&context, &name) {
            (Field::Known(context), Field::Known(_)) if !inline => resolved(&name, &context.value),
            (_, name) => Field::unknown("", name.span().unwrap_or(span)),
        };
        let outline = dockerfile.known().and_then(|path| part.context.outline(path));
        let target = text(build.get("target"));
        let place = dockerfile.span().unwrap_or(span);
        let found = match (&dockerfile, part.inventory) {
            (Field::Known(path), Some(inventory)) if !part.snippet && !part.context.stacks().is_moved(part.path) => {
                Field::new(inventory.exists(&path.value), place)
            }
            _ => Field::unknown("", place),
        };
        Some(Build {
            span,
            service: self.name.clone(),
            found,
            target_found: match (&target, outline) {
                (Field::Known(target), Some(outline)) => Field::new(outline.has_stage(&target.value), target.span),
                _ => Field::unknown("", target.span().unwrap_or(span)),
            },
            as_root: match outline.and_then(|outline| outline.stage(target.known().map(String::as_str))) {
                Some(stage) if !target.is_unknown() => {
                    stage.root.map_or_else(|| Field::unknown("", place), |root| Field::new(root, place))
                }
                _ => Field::unknown("", place),
            },
            user: self.user(),
            context,
            dockerfile,
            target,
        })
    }

    /// The ports of the container that the service publishes or names, and does not get told.
    pub(super) fn listening(&self, out: &mut Facts) {
        let built = self.get("build");
        let image = Listening::image(&self.image()).filter(|_| built.is_absent());
        let built = files(self.slot, directory(self.part.path)).filter(|_| !built.is_absent() && !built.is_unknown());
        if image.is_none() && built.is_none() || self.snippet {
            return;
        }
        let settings = ["command", "entrypoint", "environment"].map(|key| self.slot.get(key));
        let published = self.written("ports").items().filter_map(|slot| {
            let port = super::mount::port(slot, self.key)?;
            Some((port.target.known()?.parse().ok()?, port.span))
        });
        let named = self.written("expose").items().filter_map(|slot| {
            let text = slot.text();
            Some((text.known()?.split('/').next()?.parse().ok()?, text.span()?))
        });
        for (port, span) in published.chain(named).filter(|(port, _)| !is_told(*port, &settings)) {
            let (image, built, label) = (image.clone(), built.clone(), self.label.clone());
            out.push(Listening { span, port, image, built, from: "compose", label }, &self.label, span);
        }
    }
}

/// The Dockerfile that a service is built from, and the stage, where both are known.
pub(super) fn files(service: Slot<'_>, dir: &str) -> Option<(String, Option<String>)> {
    let build = service.get("build");
    build.node()?;
    let text = |slot: Slot<'_>| interpolate::field(slot.text());
    let known = |field: Field<String>, default: &str| match field {
        Field::Absent => Some(default.to_owned()),
        Field::Known(text) => Some(text.value),
        Field::Unknown(_) => None,
    };
    let folder =
        if build.node().is_some_and(|node| node.is_mapping()) { text(build.get("context")) } else { text(build) };
    let context = join(dir, &known(folder, ".")?)?;
    if !build.get("dockerfile_inline").is_absent() {
        return None;
    }
    let file = join(&context, &known(text(build.get("dockerfile")), "Dockerfile")?)?;
    match text(build.get("target")) {
        Field::Absent => Some((file, None)),
        Field::Known(target) => Some((file, Some(target.value))),
        Field::Unknown(_) => None,
    }
}

/// A path that is relative to a folder below the root; unknown where it leads elsewhere.
fn resolved(path: &Field<String>, dir: &str) -> Field<String> {
    match path {
        Field::Known(text) => match join(dir, &text.value).filter(|_| !text.value.starts_with("git@")) {
            Some(joined) => Field::new(joined, text.span),
            None => Field::unknown(text.value.clone(), text.span),
        },
        Field::Unknown(text) => Field::Unknown(text.clone()),
        Field::Absent => Field::Absent,
    }
}
