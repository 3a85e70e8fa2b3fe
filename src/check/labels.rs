//! Labels that an image must have.

use super::{Hit, Native, Options};
use crate::fact::Facts;
use crate::fact::dockerfile::facts::Stage;

/// Finds each label of the option `labels` that a final stage has neither itself nor from a stage below.
pub(super) const MISSING: Native =
    Native { name: "labels::missing", subjects: &["dockerfile.stage"], arguments: &["label"], run: missing };

fn missing(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    for (subject, stage) in facts.of::<Stage>() {
        if !stage.is_final || stage.labels.open {
            continue;
        }
        let has = |label: &String| stage.labels.items.iter().any(|known| known.value == *label);
        for label in options.list("labels").iter().filter(|label| !has(label)) {
            out.push(Hit {
                span: stage.span,
                arguments: vec![("label", label.clone())],
                label: subject.label.to_string(),
                embedded: subject.embedded,
                ..Hit::default()
            });
        }
    }
}
