//! COPY and ADD: what goes where, and what the build context says to it.

use super::Walk;
use super::expand::HOLE;
use super::facts::Transfer;
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::text::{Span, Spanned};

const ARCHIVES: &[&str] = &[
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".lz", ".lzma",
    ".tlz", ".tpz", ".tb2", ".tz", ".z", ".gz", ".bz2", ".xz", ".zst",
];

/// A source or destination: variables replaced, place, as written.
pub(super) type Part = (String, Span, String);

impl Walk<'_, '_> {
    pub(super) fn transfer(&mut self, instruction: &Instruction<'_>, trigger: bool) {
        let mut parts = self.parts(instruction);
        let Some((target, target_span, target_source)) = parts.pop() else { return };
        if !trigger {
            self.remember(instruction, &parts, &target);
        }
        if !self.wanted.subject(Transfer::describe().name) {
            return;
        }
        let heredocs = instruction.heredocs.len();
        let is_heredoc = |span: Span| instruction.heredocs.iter().any(|h| h.span == span);
        parts.retain(|(_, span, _)| !is_heredoc(*span));
        let field = |text: &str, span: Span, source: &str| match text.contains(HOLE) {
            true => Field::unknown(source, span),
            false => Field::new(text.to_owned(), span),
        };
        let from = instruction.flag("from");
        let own_stage = from.map_or(Field::Absent, |flag| {
            let value = flag.value.clone().unwrap_or_default();
            let text = self.scope.expand(&value, instruction);
            if text.contains(HOLE) {
                Field::unknown(value, flag.value_span)
            } else {
                Field::new(self.is_own(&text), flag.value_span)
            }
        });
        let plain = |name: &str| instruction.flag(name).is_some();
        let adds = ["checksum", "keep-git-dir", "unpack"].into_iter().any(plain) || heredocs > 0;
        let context = self.sources(instruction, &parts);
        let fact = Transfer {
            span: instruction.keyword_span,
            owner: instruction
                .flag("chown")
                .map_or(Field::Absent, |flag| Field::new(flag.value.clone().unwrap_or_default(), flag.span)),
            after_user: self.scope.effects.user.known().is_some_and(|user| user.root.known() == Some(&false)),
            user: match self.scope.effects.user.known() {
                Some(user) => user.name.clone(),
                None => Field::Absent,
            },
            unanchored: match trigger {
                true => Field::new(false, target_span),
                false => self.unanchored(instruction, &target, target_span),
            },
            secret: self.secret_source(instruction, &parts),
            whole_context: context.whole_context,
            dockerignore: context.dockerignore,
            ignored_source: context.ignored,
            missing_source: context.missing,
            trigger,
            keyword: instruction.keyword.name().to_owned(),
            needs_add: match adds {
                true => Field::new(true, instruction.keyword_span),
                false => needs_add(&parts, instruction.keyword_span),
            },
            many_to_file: many_to_file(parts.len() + heredocs, &target, target_span, plain("parents")),
            whole_filesystem: from.map_or(Field::Absent, |flag| {
                let roots = matches!(parts.as_slice(), [(source, _, _)] if source == "/") && target == "/";
                let name = self.scope.expand(flag.value.as_deref().unwrap_or(""), instruction);
                Field::new(roots && !self.in_scratch() && !self.is_made_for_copying(&name), flag.span)
            }),
            sources: parts.iter().map(|(text, span, source)| field(text, *span, source)).collect(),
            destination: field(&target, target_span, &target_source),
            from: from
                .map_or(Field::Absent, |flag| Field::new(flag.value.clone().unwrap_or_default(), flag.value_span)),
            from_own_stage: own_stage,
            is_final: self.is_final(),
        };
        self.push(fact, instruction.span);
    }

    /// Keeps what later commands may do with the files.
    fn remember(&mut self, instruction: &Instruction<'_>, parts: &[Part], target: &str) {
        let into_folder = target.ends_with('/') || matches!(target, "." | "..") || parts.len() > 1;
        let elsewhere = instruction.flag("from").is_some();
        for (source, ..) in parts.iter().filter(|_| instruction.keyword == Keyword::Copy && !elsewhere) {
            let base = source.rsplit('/').next().unwrap_or("");
            if ARCHIVES.iter().any(|end| base.to_lowercase().ends_with(end)) && !base.contains(['*', '?', HOLE]) {
                // Without its slash a folder that is there looks like a file.
                self.memory.archive(below(target, base), instruction.keyword_span);
                if !into_folder {
                    self.memory.archive(target.to_owned(), instruction.keyword_span);
                }
            }
        }
        let path = match parts {
            [(source, ..)] if into_folder => {
                below(target, source.trim_end_matches('/').rsplit('/').next().unwrap_or(""))
            }
            _ => target.to_owned(),
        };
        self.memory.last_copy = Some(path);
        let flagged = ["chmod", "chown"].iter().any(|name| instruction.flag(name).is_some());
        let plain = parts.len() == 1 && instruction.keyword == Keyword::Copy && !flagged;
        let keyword = || Spanned::new(instruction.keyword_str().to_owned(), instruction.keyword_span);
        self.memory.copy_keyword = plain.then(keyword);
        let lock = ["package*.json", "package-lock.json", "npm-shrinkwrap.json", "package-*.json", "*.json"];
        let locks = |part: &Part| lock.contains(&part.0.rsplit('/').next().unwrap_or(""));
        self.memory.has_lock_file |= parts.iter().any(locks);
        let passwd =
            |part: &Part| part.0.contains("passwd") || matches!(part.0.as_str(), "/etc" | "/etc/" | "/" | "/*");
        let effects = &mut self.scope.effects;
        effects.passwd |= parts.iter().any(passwd) || target.contains("passwd") || target == "/" || target == "/etc/";
        effects.filled = true;
    }

    /// Sources and destination: replaced text, place, source text.
    fn parts(&self, instruction: &Instruction<'_>) -> Vec<Part> {
        if let Form::Exec(items) = instruction.form() {
            let part = |item: &crate::text::Text<'_>| {
                let raw = item.as_str().to_owned();
                // In a list quotes are the list's own; only variables are replaced.
                (self.scope.expand(&raw, instruction), item.whole_span(), raw)
            };
            return items.iter().map(part).collect();
        }
        let part = |word: crate::syntax::dockerfile::Word| {
            let raw = instruction.line.as_str()[word.range.clone()].to_owned();
            (self.scope.expand(&raw, instruction), word.span, raw)
        };
        instruction.words().into_iter().map(part).collect()
    }
}

/// A name in a folder.
fn below(folder: &str, name: &str) -> String {
    match folder.strip_suffix('/').unwrap_or(folder) {
        "." => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

fn needs_add(parts: &[Part], keyword: Span) -> Field<bool> {
    let mut unknown = None;
    for (text, span, source) in parts {
        match is_addable(text) {
            Some(true) => return Field::new(true, keyword),
            Some(false) => {}
            None => unknown = Some(Field::unknown(source.clone(), *span)),
        }
    }
    unknown.unwrap_or(Field::new(false, keyword))
}

/// Whether a source is fetched or unpacked.
fn is_addable(source: &str) -> Option<bool> {
    let lower = source.to_lowercase();
    if lower.contains("://") || lower.starts_with("git@") || lower.ends_with(".git") {
        return Some(true);
    }
    let tail = lower.rsplit([HOLE, '*', '?', ']']).next().unwrap_or("");
    let base = lower.rsplit('/').next().unwrap_or("");
    if ARCHIVES.iter().any(|end| lower.ends_with(end)) {
        return Some(true);
    }
    if lower.starts_with(HOLE) {
        return None;
    }
    let open = base.contains([HOLE, '*', '?', ']']);
    if open && !tail.contains('.') { None } else { Some(false) }
}

fn many_to_file(count: usize, target: &str, span: Span, parents: bool) -> Field<bool> {
    if count < 2 || parents {
        return Field::new(false, span);
    }
    let folder = target.ends_with(['/', '\\']) || matches!(target, "." | "..") || target.ends_with("/.");
    match target.ends_with(HOLE) {
        true => Field::unknown(target.replace(HOLE, "…"), span),
        false => Field::new(!folder, span),
    }
}
