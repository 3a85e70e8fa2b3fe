//! The fact of a stage, when all of its instructions have been seen.

use super::Setting;
use super::Walk;
use super::expand::{Variable, expand};
use super::facts::Stage;
use super::graph::StageRef;
use super::image::is_official;
use super::instruction::is_upper;
use crate::fact::value::{Field, OpenList};
use crate::syntax::dockerfile::{Instruction, Keyword};
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

/// Words in the names of stages that people build by hand.
const BY_HAND: &[&str] =
    &["dev", "development", "debug", "ci", "local", "docs", "shell", "prod", "production", "release"];

/// Whether a file that builds images names the stage, or its name says that it is built by hand.
pub(super) fn is_built_elsewhere(stage: &StageRef, setting: &Setting<'_>) -> bool {
    let Some(name) = &stage.name else { return false };
    let name = name.value.to_lowercase();
    let by_hand = name.split(['-', '_', '.']).any(|word| BY_HAND.contains(&word)) || is_check(&name);
    by_hand || setting.fragment || setting.file.is_some_and(|file| file.context.may_build(file.path, &name))
}

/// The `as` whose case is not that of FROM.
fn as_differs(from: &Instruction<'_>) -> Field<String> {
    let words = from.words();
    let Some(word) = words.get(1).filter(|word| word.value.eq_ignore_ascii_case("as")) else { return Field::Absent };
    match is_upper(from.keyword_str()) == is_upper(&word.value) {
        true => Field::Absent,
        false => Field::new(word.value.clone(), word.span),
    }
}

/// Whether a text can be the name of an image.
fn is_reference(text: &str) -> bool {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (base, tag) = match rest[slash..].split_once(':') {
        Some((base, tag)) => (base, Some(tag)),
        None => (&rest[slash..], None),
    };
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let path = rest[..slash].trim_end_matches('/');
    part(base)
        && (slash == 0 || path.split('/').all(part))
        && tag.is_none_or(|tag| tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
        && digest.is_none_or(|digest| digest.contains(':'))
}

/// The first word, and the second where it holds.
fn words([always, also]: [&str; 2], holds: bool, place: Span) -> Vec<Spanned<String>> {
    let second = holds.then_some(also);
    std::iter::once(always).chain(second).map(|word| Spanned::new(word.to_owned(), place)).collect()
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
        let usual = self.usual(index);
        let image_span = stage.image.span().unwrap_or(place);
        Stage {
            span: place,
            name: stage.name.clone().map_or(Field::Absent, Field::from),
            index: index as i64,
            is_final: stage.is_final,
            in_image: stage.in_image,
            among: words(["all", "final"], stage.is_final, place),
            root_by: words(["root", "skip"], scratch || self.is_official(index), place),
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
            labels: OpenList {
                items: effects.labels.iter().map(|(key, _, span)| Spanned::new(key.clone(), *span)).collect(),
                open: open || effects.labels.iter().any(|(key, ..)| key.contains('$')),
            },
            as_differs: as_differs(from),
            empty_args: self.empty_args(from, index),
            usual_pin: usual.map_or(Field::Absent, |(pin, _)| Field::new(pin.to_owned(), image_span)),
            usual_file: usual.map_or(Field::Absent, |(_, file)| Field::new(file.to_owned(), image_span)),
            reachable: stage.reachable,
            cycle: match stage.cyclic {
                true => Field::new(self.graph.label(index), from.argument_span()),
                false => Field::Absent,
            },
            stopsignal: effects.stopsignal.clone().open(open, place),
            created_user: effects.created_user.clone().map_or(Field::Absent, Field::from),
            drops_root: effects.drops_root || self.names_dropper(),
            runs: runs || (!scratch && !is_check(stage.name.as_ref().map_or("", |name| &name.value))),
        }
    }

    /// Whether the image at the bottom is one that Docker's own library has: those start as root unless they are known
    /// to do otherwise.
    pub(super) fn is_official(&self, index: usize) -> bool {
        let name = self.graph.base(index).known().and_then(|image| image.name.known());
        name.is_some_and(|name| is_official(name.trim_start_matches("docker.io/").trim_start_matches("library/")))
    }

    /// How other Dockerfiles pin the stage's image, where most of them do it otherwise.
    fn usual(&self, index: usize) -> Option<(&str, &str)> {
        let (file, image) = (self.setting.file?, self.graph.stages[index].image.known()?);
        let pin = image.digest.known().or(image.tag.known())?;
        file.context.usual_pin(file.path, image.name.known()?, pin)
    }

    /// Whether what starts the container names a program that leaves root behind.
    fn names_dropper(&self) -> bool {
        let effects = &self.scope.effects;
        let starts = [&effects.entrypoint, &effects.cmd].into_iter().filter_map(|field| field.known());
        starts
            .into_iter()
            .any(|text| ["gosu", "su-exec", "setpriv", "setuidgid", "runuser"].iter().any(|d| text.contains(d)))
    }

    /// The ARGs without a default that leave no image to build from.
    fn empty_args(&self, from: &Instruction<'_>, index: usize) -> Vec<Spanned<String>> {
        let words = from.words();
        let (Some(word), None) = (words.first(), self.graph.stages[index].parent) else { return Vec::new() };
        let raw = &from.line.as_str()[word.range.clone()];
        let used = super::uses::uses(raw, from.escape().byte());
        let empty = |name: &str| match self.graph.globals.get(name) {
            Some(Variable::Set(value)) => value.is_empty(),
            value => value == Some(&Variable::Unset),
        };
        let found: Vec<_> = used.into_iter().filter(|used| empty(used.name) && !used.has_default).collect();
        let value = |name: &str| match self.graph.global_value(name) {
            Variable::Unset => Variable::Set(String::new()),
            Variable::Unknown => Variable::Set("any".to_owned()),
            value => value,
        };
        if found.is_empty() || is_reference(&expand(raw, from.escape().byte(), &value)) {
            return Vec::new();
        }
        let place = |range: &std::ops::Range<usize>| {
            from.line.span(word.range.start + range.start..word.range.start + range.end)
        };
        found.into_iter().map(|used| Spanned::new(used.name.to_owned(), place(&used.range))).collect()
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
