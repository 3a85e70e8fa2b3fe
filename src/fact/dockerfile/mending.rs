//! What a fix has to know beside the fault: the words as they stand in the file, and the instructions beside it.

use super::Walk;
use super::pairs::{is_legacy, pairs};
use crate::fact::shell::{self, Call};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::syntax::shell::{Script, parse};
use crate::text::{Span, Spanned};

/// The LABEL before that sets a key: its pair, or all of it where it has no other.
#[derive(Default)]
pub(super) struct Earlier {
    pub(super) pair: Field<String>,
    pub(super) line: Field<String>,
}

impl Walk<'_, '_> {
    /// What stands in the file; nothing in snippets of documents.
    fn raw(&self, span: Span) -> Option<Spanned<String>> {
        let text = self.setting.file?.source.slice(span);
        (!text.is_empty()).then(|| Spanned::new(text.to_owned(), span))
    }

    /// The packages of a list, and the same in order; what stands between them stays.
    pub(super) fn sorted(&self, installs: &shell::Installation) -> [Field<String>; 2] {
        self.in_order(installs).map_or_else(Default::default, |pair| pair.map(Field::from))
    }

    fn in_order(&self, installs: &shell::Installation) -> Option<[Spanned<String>; 2]> {
        let packages = &installs.packages;
        let (first, last) = (packages.first()?, packages.last()?);
        let block = self.raw(first.span.to(last.span))?;
        let whole = |package: &shell::Package| self.raw(package.span).is_some_and(|raw| raw.value == package.text);
        if !packages.iter().all(whole) {
            return None;
        }
        let mut gaps = Vec::new();
        for pair in packages.windows(2) {
            if pair[0].span.end >= pair[1].span.start {
                return None;
            }
            let gap = self.raw(Span { start: pair[0].span.end, end: pair[1].span.start })?;
            if !gap.value.trim_matches([' ', '\t', '\r', '\n', '\\']).is_empty() {
                return None;
            }
            gaps.push(gap.value);
        }
        let mut texts: Vec<&str> = packages.iter().map(|package| package.text.as_str()).collect();
        texts.sort_by_key(|text| super::command::sort_key(text));
        let mut out = texts.first().map(|text| (*text).to_owned())?;
        for (gap, text) in gaps.iter().zip(texts.iter().skip(1)) {
            out.push_str(gap);
            out.push_str(text);
        }
        let span = block.span;
        Some([block, Spanned::new(out, span)])
    }

    /// The script of a RUN that runs nothing else than this, on one line.
    pub(super) fn only_script(&self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) -> Field<String> {
        let plain = matches!(instruction.form(), Form::Shell) && instruction.heredocs.is_empty();
        let one = calls.len() == 1 && script.commands.len() == 1 && instruction.keyword == Keyword::Run;
        let raw = self.raw(instruction.argument_span()).filter(|_| plain && one);
        raw.filter(|raw| raw.value == instruction.argument_str() && !raw.value.contains('#'))
            .map_or(Field::Absent, Field::from)
    }

    /// The first word of the RUN right behind this one, if that installs with apt in the same way.
    pub(super) fn next_install(&self, instruction: &Instruction<'_>) -> Field<String> {
        let at = self.file.instructions.partition_point(|other| other.span.start <= instruction.span.start);
        let Some(next) = self.file.instructions.get(at) else { return Field::Absent };
        let same = super::run::flags_of(next) == super::run::flags_of(instruction);
        let plain = matches!(next.form(), Form::Shell) && next.heredocs.is_empty();
        if next.keyword != Keyword::Run || !same || !plain {
            return Field::Absent;
        }
        let script = parse(&next.argument());
        let calls = shell::calls(&script, &|_| None);
        let apt = |call: &Call| matches!(call.name.as_str(), "apt" | "apt-get") && call.has("install");
        let first = next.words().into_iter().next().filter(|_| calls.iter().any(apt));
        first.map_or(Field::Absent, |word| Field::new(word.value, word.span))
    }

    /// What a LABEL before has set the key to.
    pub(super) fn earlier_label(&self, place: Span) -> Earlier {
        let at = self.file.instructions.partition_point(|other| other.span.start <= place.start);
        let holder = at.checked_sub(1).and_then(|at| self.file.instructions.get(at));
        let Some(label) = holder.filter(|label| label.keyword == Keyword::Label) else { return Earlier::default() };
        let pairs = pairs(label);
        if pairs.len() < 2 || is_legacy(label) {
            let raw = self.raw(label.span);
            return Earlier { line: raw.map_or(Field::Absent, Field::from), ..Earlier::default() };
        }
        let own = pairs.into_iter().find(|pair| label.line.span(pair.name_range.clone()) == place);
        let end = |pair: &super::pairs::Pair| pair.value.clone().map_or(pair.name_range.end, |value| value.end);
        let range = own.map(|pair| pair.name_range.start..end(&pair));
        let text = range.and_then(|range| Some((label.line.as_str().get(range.clone())?, label.line.span(range))));
        let pair = text.map_or(Field::Absent, |(text, span)| Field::new(text.to_owned(), span));
        Earlier { pair, ..Earlier::default() }
    }

    /// What stands between the assignment that uses a variable and the one before it, where one before that sets it.
    pub(super) fn gap(&self, instruction: &Instruction<'_>, name: &str, at: usize) -> Field<String> {
        let pairs = pairs(instruction);
        let end = |pair: &super::pairs::Pair| pair.value.clone().map_or(pair.name_range.end, |value| value.end);
        let Some(own) = pairs.iter().position(|pair| (pair.name_range.start..end(pair)).contains(&at)) else {
            return Field::Absent;
        };
        let Some(before) = own.checked_sub(1).filter(|_| pairs[..own].iter().any(|pair| pair.name == name)) else {
            return Field::Absent;
        };
        let span = |at: usize| instruction.line.span(at..at + 1);
        let last = end(&pairs[before]).saturating_sub(1);
        let gap = Span { start: span(last).end, end: span(pairs[own].name_range.start).start };
        let blank = |raw: &Spanned<String>| raw.value.trim_matches([' ', '\t', '\r', '\n', '\\']).is_empty();
        let raw = if gap.start < gap.end { self.raw(gap).filter(blank) } else { None };
        raw.map_or(Field::Absent, Field::from)
    }

    /// What an `echo` writes to a file that it makes, where every shell writes just that.
    pub(super) fn written_text(&self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) -> Field<String> {
        let [call] = calls else { return Field::Absent };
        let command = call.of(script);
        let (Some(word), [redirect], 2) = (command.words.get(1), command.redirects.as_slice(), command.words.len())
        else {
            return Field::Absent;
        };
        let plain =
            call.name == "echo" && redirect.operator == ">" && redirect.fd.is_none() && script.commands.len() == 1;
        let text =
            word.literal().filter(|text| !text.starts_with('-') && !text.contains(['\\', '\n']) && *text != "EOF");
        let target = redirect.target.literal().is_some_and(|path| !path.contains(char::is_whitespace));
        // COPY writes as root, and takes no flags of RUN.
        let root = self.scope.effects.user.is_absent() && instruction.flags.is_empty();
        match text.filter(|_| plain && target && root && !script.truncated) {
            Some(text) => Field::new(text.to_owned(), word.span),
            None => Field::Absent,
        }
    }

    /// The keyword of the COPY just before, and the flag for it that says what a RUN of a single chmod or chown does.
    pub(super) fn copy_flag(&self, script: &Script, calls: &[Call]) -> [Field<String>; 2] {
        let ([call], Some(copy)) = (calls, &self.memory.copy_keyword) else { return Default::default() };
        let [_, first, _] = call.of(script).words.as_slice() else { return Default::default() };
        let value = first.literal().filter(|value| !value.starts_with('-') && script.commands.len() == 1);
        let octal = |value: &&str| value.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
        let flag = match (call.name.as_str(), value) {
            ("chmod", Some(mode)) if octal(&mode) => format!(" --chmod={mode}"),
            ("chown", Some(owner)) => format!(" --chown={owner}"),
            _ => return Default::default(),
        };
        [Field::from(copy.clone()), Field::new(flag, first.span)]
    }
}
