//! Fields that a document, a section or a task must have.

use super::value::Given;
use super::{Faults, Need, Shape, ValueDemand};
use crate::fact::document::Entry;
use crate::text::Span;

/// A field.
#[derive(Debug)]
pub struct FieldDemand {
    /// The shape of the fault.
    pub shape: Shape,
    /// As its author calls it.
    pub shown: String,
    /// Its names, normalised.
    pub names: Vec<String>,
    /// Whether it must be there.
    pub need: Need,
    /// What its value must be.
    pub value: ValueDemand,
}

/// Keys of frontmatter have hyphens where people write blanks: `start-date` is `Start date`.
fn is_same(name: &str, other: &str) -> bool {
    let plain = |byte: u8| if byte == b'-' { b' ' } else { byte };
    name.len() == other.len() && name.bytes().zip(other.bytes()).all(|(one, other)| plain(one) == plain(other))
}

/// Looks for a field among those of a document, a section or a task; `place` is where a missing one belongs.
pub(super) fn check(demand: &FieldDemand, entries: &[Entry], place: Span, faults: &mut Faults<'_>) {
    let matching = || entries.iter().filter(|entry| demand.names.iter().any(|name| is_same(name, &entry.name)));
    let found = matching().find(|entry| !entry.value.is_absent()).or_else(|| matching().next());
    let shown = &demand.shown;
    let Some(entry) = found else {
        if demand.need == Need::Wanted {
            faults.add(demand.shape, place, format!("no `{shown}`"), "");
        }
        return;
    };
    let Some(given) = Given::entry(entry) else {
        if demand.need == Need::Wanted && entry.value.is_absent() {
            faults.add(demand.shape, entry.span, format!("`{shown}` is empty"), "");
        }
        return;
    };
    if entry.unchosen {
        let what = format!("`{shown}` lists choices, and none was taken");
        faults.add(demand.shape, given.span, what, given.text);
        return;
    }
    if let Some(wrong) = demand.value.wrong(&given, &faults.around) {
        faults.add(demand.shape, wrong.span, format!("`{shown}` {}", wrong.what), given.text);
    }
}
