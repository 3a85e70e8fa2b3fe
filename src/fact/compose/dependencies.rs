//! `depends_on` as a list, and what it reads like as a mapping: the form in which a service can say what it waits for.

use super::parts::Reference;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::NodeRef;
use crate::text::Span;

/// Members of a list that are written anew.
const MAX_MEMBERS: usize = 50;

/// Tells the dependencies of a service how their list reads as a mapping.
pub(super) fn listed(service: &str, root: Slot<'_>, slot: Slot<'_>, found: &mut [Reference]) {
    let Some(list) = slot.get("depends_on").node().filter(|node| node.is_sequence()) else { return };
    let Some(root) = root.node() else { return };
    let own = |reference: &&mut Reference| reference.service == service && reference.key == "depends_on";
    let mut members: Vec<&mut Reference> = found.iter_mut().filter(own).collect();
    let plain = list.items().all(|item| item.plain().is_some() && item.tag().is_none() && item.anchor().is_none());
    if !plain || members.len() != list.items().len() || members.len() > MAX_MEMBERS {
        return;
    }
    let checked = |reference: &Reference| reference.health.known().is_some_and(|health| health == "checked");
    let conditions = members.iter().map(|reference| match checked(reference) {
        true => "{ condition: service_healthy }",
        false => "{ condition: service_started }",
    });
    let places: Vec<(Span, &str)> = list.items().map(NodeRef::span).zip(conditions).collect();
    let Some((span, mapping)) = mapping(list, root, &places) else { return };
    let written = list.raw()[..(span.end - list.span().start) as usize].to_owned();
    for reference in &mut members {
        reference.list = Field::new(written.clone(), span);
        reference.list_as_mapping = Some(mapping.clone());
    }
}

/// The list, from its first byte to the end of its last member or its bracket, and the same as a mapping.
fn mapping(list: NodeRef<'_>, root: NodeRef<'_>, places: &[(Span, &str)]) -> Option<(Span, String)> {
    let (raw, start) = (list.raw(), list.span().start);
    let within = |at: u32| Some(at.checked_sub(start)? as usize);
    if let Some(inner) = raw.strip_prefix('[') {
        let mut text = String::from("{");
        let mut from = 1;
        for (span, condition) in places {
            let end = within(span.end)?;
            text += raw.get(from..end)?;
            text += ": ";
            text += condition;
            from = end;
        }
        text += raw.get(from..)?.strip_suffix(']')?;
        // A comma may end a list, and a mapping as well.
        return inner.ends_with(']').then(|| (list.span(), text + "}"));
    }
    // A list may stand no deeper than its key, a mapping may not.
    let before = root.raw().get(..start.checked_sub(root.span().start)? as usize)?;
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let key = before.trim_end().rsplit('\n').next()?;
    let deeper = key.len() - key.trim_start().len() < indent;
    let mut text = String::new();
    let mut from = 0;
    for (span, condition) in places {
        let (at, end) = (within(span.start)?, within(span.end)?);
        let gap = raw.get(from..at)?;
        let dash = gap.rfind('-').filter(|dash| gap[dash + 1..].bytes().all(|byte| byte == b' '))?;
        text += &gap[..dash];
        text += if deeper { "" } else { "  " };
        text += raw.get(at..end)?;
        text += ": ";
        text += condition;
        from = end;
    }
    let end = places.last()?.0.end;
    (end > start).then_some((Span { start, end }, text))
}
