//! Why rules fired at a place, and which looked there and did not: for `explain`.

use super::raw::{Scope, meet};
use super::session::Session;
use crate::fact::{self, Facts};
use crate::rule::CompiledCheck;
use crate::rule::condition::Truth;
use crate::rule::witness::Reason;
use crate::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What rules thought of a line.
#[derive(Debug, Default)]
pub struct Reasons {
    /// Rule, byte of the finding, and the part of the demand that was not met.
    pub fired: Vec<(Arc<str>, u32, Reason)>,
    /// Rules whose facts begin on the line and that found nothing; whether something unknown kept them from it.
    pub quiet: BTreeMap<Arc<str>, bool>,
}

impl Session<'_> {
    /// Meets the rules once more with what a line of a file says.
    pub fn reasons(&self, path: &str, source: &Source, line: u32) -> Reasons {
        let file = self.file(path, source);
        let plan = self.plans.of(path, false);
        let scope = Scope { path, kind: file.kind.name(), secrets_only: file.foreign };
        let masks = self.masks(&file);
        let mut facts = Facts::default();
        fact::build(&file, plan.wanted(), &mut facts);
        let mut reasons = Reasons::default();
        for subject in &facts.subjects {
            let object = &*subject.object;
            let begins = source.position(object.span().start).line == line;
            for &number in plan.rules_for(&subject.name) {
                let (rule, state) = plan.rule(number);
                let CompiledCheck::Require { filter, require, .. } = &rule.check else { continue };
                if !scope.admits(rule) {
                    continue;
                }
                match meet(number, rule, state, subject) {
                    Some(raw) => {
                        let clean = |text: String| masks.clean(text, source);
                        let reason = require
                            .reason(object, &state.options)
                            .map(|reason| Reason { demand: clean(reason.demand), found: clean(reason.found) });
                        reasons.fired.extend(reason.map(|reason| (rule.id.clone(), raw.span.start, reason)));
                    }
                    None if begins && meant(filter.as_ref(), object, &state.options) => {
                        let unknown = require.holds(object, &state.options) == Truth::Unknown;
                        *reasons.quiet.entry(rule.id.clone()).or_default() |= unknown;
                    }
                    None => {}
                }
            }
        }
        reasons
    }
}

fn meant(
    filter: Option<&crate::rule::condition::Test>,
    object: &dyn crate::fact::value::Object,
    options: &crate::rule::condition::Options,
) -> bool {
    filter.is_none_or(|filter| filter.holds(object, options) == Truth::True)
}
