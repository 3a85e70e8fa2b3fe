//! Findings that a config says do not count.

use super::plans::Plans;
use crate::config::Ignored;
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::rule::select::Selected;
use jiff::civil::Date;

/// Marks what the `ignores` of each file's config cover, but for what a policy demands. Without a day nothing
/// has expired.
pub fn apply(plans: &Plans<'_>, today: Option<Date>, findings: &mut [Diagnostic]) {
    let mut at: Option<(std::sync::Arc<str>, std::sync::Arc<super::Plan<'_>>)> = None;
    for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
        let Some(scope) = plans.scope(&finding.path).filter(|scope| !scope.ignores.is_empty()) else { continue };
        let Some(rule) = scope.library.index.number(&finding.rule) else { continue };
        let plan = match &at {
            Some((path, plan)) if *path == finding.path => plan.clone(),
            _ => plans.of(&finding.path, false),
        };
        at = Some((finding.path.clone(), plan.clone()));
        if plan.rule(rule).1.bound {
            continue;
        }
        let variant = finding.variant.as_deref().and_then(|name| scope.library.rules[rule].variant(name));
        let counts = |entry: &&Ignored| today.is_none_or(|today| !entry.expired(today));
        let named = Selected { rule, variant };
        let found = scope.ignores.iter().filter(counts).find(|entry| {
            entry.covers(crate::config::Asked { rule: named, path: &finding.path, subject: finding.subject.as_deref() })
        });
        if let Some(entry) = found {
            finding.suppressed = Some(Suppressed { by: "config", line: None, reason: entry.reason.clone() });
        }
    }
}
