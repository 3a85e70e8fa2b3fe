//! The fact of a stage, when all of its instructions have been seen.

use super::Walk;
use super::facts::Stage;
use crate::fact::value::Field;
use crate::syntax::dockerfile::Keyword;
use crate::text::{Span, Spanned};

/// Words in the names of stages that are built for their exit status.
const CHECKS: &[&str] = &[
    "validate",
    "validation",
    "lint",
    "linter",
    "test",
    "tests",
    "check",
    "checks",
    "verify",
    "vendor",
    "fmt",
    "format",
    "coverage",
    "update",
    "updates",
    "outdated",
    "generate",
];

/// Whether a stage of that name checks or makes something and ships no image.
fn is_check(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|word| CHECKS.contains(&word.to_lowercase().as_str()))
}

impl Walk<'_, '_> {
    pub(super) fn stage(&self, index: usize) -> Stage {
        let stage = &self.graph.stages[index];
        let from = &self.file.instructions[stage.from];
        let effects = &self.scope.effects;
        let scratch = self.graph.is_scratch(index);
        let runs = !effects.cmd.is_absent() || !effects.entrypoint.is_absent();
        // A snippet that does not even say what runs shows something else: what it lacks is not missing.
        let open = self.setting.fragment && !runs;
        let place: Span = from.span;
        Stage {
            span: place,
            name: stage.name.clone().map_or(Field::Absent, Field::from),
            index: index as i64,
            is_final: stage.is_final,
            in_image: stage.in_image,
            image: stage.image.clone(),
            base: self.graph.base(index).clone(),
            scratch,
            from: Spanned::new(from.argument_str().to_owned(), place),
            parent: self.parent(index),
            platform: from
                .flag("platform")
                .map_or(Field::Absent, |flag| Field::new(flag.value.clone().unwrap_or_default(), flag.span)),
            duplicate_of: match (stage.duplicate_of, &stage.name) {
                (Some(first), Some(name)) => Field::new(first as i64, name.span),
                _ => Field::Absent,
            },
            windows: self.graph.is_windows(index),
            user: effects.user.clone().open(open, place),
            workdir: effects.workdir.clone().open(open, place),
            shell: effects.shell_field.clone(),
            cmd: effects.cmd.clone().open(self.setting.fragment, place),
            entrypoint: effects.entrypoint.clone().open(self.setting.fragment, place),
            healthcheck: effects.healthcheck.clone().open(self.setting.fragment, place),
            ports: effects.ports.clone(),
            runs: runs || (!scratch && !is_check(stage.name.as_ref().map_or("", |name| &name.value))),
        }
    }

    fn parent(&self, index: usize) -> Field<String> {
        let stage = &self.graph.stages[index];
        let Some(parent) = stage.parent else { return Field::Absent };
        let from = &self.file.instructions[stage.from];
        debug_assert_eq!(from.keyword, Keyword::From);
        let name = self.graph.stages[parent].name.as_ref().map_or(String::new(), |name| name.value.clone());
        Field::new(name, from.argument_span())
    }
}
