//! Entries of a baseline file that no longer occur are findings themselves: the file should lose them.

use super::file::{Entry, File};
use crate::diagnostic::{Diagnostic, Range};
use crate::lint::fingerprint::Fingerprints;
use crate::lint::raw::{self, Raw};
use crate::lint::{Session, excerpt};
use crate::rule::Rule;
use crate::rule::select::State;
use crate::text::Span;
use std::sync::Arc;

/// The rule that says so.
const ENGINE: &str = "outdated-baseline-entry";

impl Session<'_> {
    /// Whether the rule of an entry ran, so that its finding would have been seen.
    pub fn looks_for(&self, entry: &Entry) -> bool {
        let plan = self.plans.of(&entry.path, false);
        let number = plan.library.index.number(&entry.rule);
        number.is_some_and(|number| plan.rule(number).1.active())
    }

    /// Findings about entries that were met less often than they say.
    pub fn outdated(&self, file: &File, left: &[u32], judged: &dyn Fn(&Entry) -> bool) -> Vec<Diagnostic> {
        let plan = self.plans.of(&file.path, false);
        let Some(number) = plan.engine(ENGINE) else { return Vec::new() };
        let mut prints = Fingerprints::default();
        let entries = file.entries.iter().zip(&file.places).zip(left);
        let gone = entries.filter(|((entry, _), left)| **left > 0 && judged(entry));
        gone.map(|((entry, span), _)| self.tell(plan.rule(number), file, entry, *span, &mut prints)).collect()
    }

    fn tell(
        &self,
        (rule, state): (&Rule, &State),
        file: &File,
        entry: &Entry,
        span: Span,
        prints: &mut Fingerprints,
    ) -> Diagnostic {
        let arguments = [("name", entry.rule.clone()), ("what", entry.path.clone())];
        let raw = Raw {
            severity: None,
            rule: 0,
            variant: None,
            span,
            message: rule.message.render(None, &state.options, &arguments),
            label: String::new(),
            embedded: false,
            wrong_on_purpose: false,
            fix: None,
            related: Vec::new(),
            secrets: Vec::new(),
        };
        Diagnostic {
            path: Arc::from(&*file.path),
            rule: rule.id.clone(),
            variant: None,
            aliases: rule.aliases.clone(),
            severity: raw::severity(rule, state, &raw),
            message: raw.message,
            help: rule.help.clone(),
            range: Range { start: file.source.position(span.start), end: file.source.position(span.end) },
            fingerprint: prints.next(&rule.id, &entry.path, &entry.fingerprint),
            subject: None,
            embedded_in: None,
            related: Vec::new(),
            fix: None,
            suppressed: None,
            baseline: None,
            origin: None,
            excerpt: self.excerpts.then(|| excerpt::cut(&file.source, span, &[])),
        }
    }
}
