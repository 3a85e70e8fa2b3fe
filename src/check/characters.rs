//! Text that was read in the wrong encoding: one finding a file, with all that would undo it.

use super::{Hit, Native, Options};
use crate::fact::{Facts, Mojibake};

/// The check of this module.
pub(super) const MOJIBAKE: Native = Native {
    name: "characters::mojibake",
    subjects: &["text.mojibake"],
    arguments: &["text", "meant", "encoding", "characters"],
    run: mojibake,
};

fn mojibake(facts: &Facts, _: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, found) in facts.of::<Mojibake>() {
        let arguments = vec![
            ("text", found.text.value.clone()),
            ("meant", found.meant.clone()),
            ("encoding", found.encoding.clone()),
            ("characters", found.count.to_string()),
        ];
        let edits = found.repairs.iter().map(|repair| (repair.span, repair.meant.clone())).collect();
        out.push(Hit { span: found.span, arguments, edits, label: subject.label.to_string(), ..Hit::default() });
    }
}
