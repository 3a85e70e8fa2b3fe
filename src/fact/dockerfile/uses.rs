//! Variables that instructions use: where, and whether anything sets them.

use super::Walk;
use super::facts::VariableUse;
use super::graph::PLATFORM;
use super::pairs::{Pair, pairs};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Instruction, Keyword};
use crate::text::{Span, Spanned};
use std::collections::HashSet;
use std::ops::Range;

/// Arguments that every build has without declaring them.
const PREDEFINED: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Variables that every container has.
const EVERYWHERE: [&str; 3] = ["PATH", "HOME", "SOURCE_DATE_EPOCH"];

/// Names shorter than this are near too many others.
const SHORTEST: usize = 5;

/// Most names that are compared with one that is not known.
const MOST: usize = 300;

/// One use of a variable in a text.
pub(super) struct Use<'t> {
    pub(super) name: &'t str,
    /// From the dollar to the end of the name or the closing brace.
    pub(super) range: Range<usize>,
    /// Whether something else holds where it is not set.
    pub(super) has_default: bool,
}

/// All uses in a raw text, those in defaults of others too; quotes and escapes protect as BuildKit has it.
pub(super) fn uses(raw: &str, escape: u8) -> Vec<Use<'_>> {
    let bytes = raw.as_bytes();
    let (mut at, mut quote, mut out) = (0, 0u8, Vec::new());
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            _ if byte == escape && quote != b'\'' => at += 1,
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            b'$' if quote != b'\'' => {
                let open = usize::from(bytes.get(at) == Some(&b'{'));
                let start = at + open;
                let named = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
                let len = bytes[start.min(bytes.len())..].iter().take_while(named).count();
                let name = raw.get(start..start + len).unwrap_or("");
                if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
                    continue;
                }
                at = start + len;
                let rest = &bytes[at..];
                let operator = rest.strip_prefix(b":").unwrap_or(rest).first();
                let has_default = open == 1 && matches!(operator, Some(b'-' | b'+' | b'?'));
                // A brace within is closed first: then only the name is shown.
                let close = rest.iter().take(200).position(|b| matches!(b, b'}' | b'{'));
                let close = close.filter(|&close| open == 1 && rest[close] == b'}');
                let end = at + close.map_or(0, |close| close + 1);
                out.push(Use { name, range: start - open - 1..end, has_default });
            }
            _ => {}
        }
    }
    out
}

impl Walk<'_, '_> {
    pub(super) fn uses(&mut self, instruction: &Instruction<'_>) {
        use Keyword::*;
        let replaced = [From, Env, Arg, Copy, Add, Workdir, User, Label, Expose, Volume, Stopsignal];
        if !replaced.contains(&instruction.keyword) || !self.wanted.subject(VariableUse::describe().name) {
            return;
        }
        let line = instruction.line.as_str();
        let from = instruction.keyword_range.end;
        let Some(text) = line.get(from..instruction.argument.end) else { return };
        let assigned = if instruction.keyword == Env { pairs(instruction) } else { Vec::new() };
        let set: HashSet<&str> = assigned.iter().map(|pair| pair.name.as_str()).collect();
        for found in uses(text, instruction.escape().byte()) {
            // What a heredoc's name or an old form holds is the same text; only once per place.
            let span = instruction.line.span(from + found.range.start..from + found.range.end);
            let at = from + found.range.start;
            let set_here = set.contains(found.name) && !is_own_value(&assigned, found.name, at);
            let known = self.is_set(found.name, instruction.keyword == From);
            let suggestion = if known == Some(true) || found.has_default {
                None
            } else {
                self.near(found.name, instruction.keyword == From)
            };
            let defined = match known {
                _ if found.has_default && !set_here => Field::new(true, span),
                Some(value) => Field::new(value, span),
                None if suggestion.is_some() => Field::new(false, span),
                None => Field::unknown(found.name, span),
            };
            let used_early = set_here && known != Some(true);
            let fact = VariableUse {
                span,
                gap: if used_early { self.gap(instruction, found.name, at) } else { Field::Absent },
                name: Spanned::new(found.name.to_owned(), self.name_span(instruction, at, found.name)),
                keyword: instruction.keyword.name().to_owned(),
                defined,
                suggestion: suggestion.map_or(Field::Absent, |name| Field::new(name, span)),
                set_here: set_here && known != Some(true),
            };
            self.push(fact, instruction.span);
        }
    }

    /// Where the name of a variable stands that is used from a byte of the line on: behind the dollar and the brace.
    fn name_span(&self, instruction: &Instruction<'_>, at: usize, name: &str) -> Span {
        let begin = at + instruction.line.as_str().get(at..).and_then(|rest| rest.find(name)).unwrap_or(0);
        instruction.line.span(begin..begin + name.len())
    }

    /// Whether a variable is set here; `None` where an image out of sight may set it.
    fn is_set(&self, name: &str, in_from: bool) -> Option<bool> {
        if PREDEFINED.contains(&name) || EVERYWHERE.contains(&name) {
            return Some(true);
        }
        if in_from || self.scope.stage.is_none() {
            return Some(self.graph.globals.contains_key(name) || PLATFORM.contains(&name));
        }
        if self.scope.sets(name) {
            return Some(true);
        }
        let stage = self.scope.stage?;
        if self.graph.is_scratch(stage) { Some(false) } else { None }
    }

    /// A name in sight that differs by one letter.
    fn near(&self, name: &str, in_from: bool) -> Option<String> {
        if name.len() < SHORTEST {
            return None;
        }
        let near = |known: &&str| known.len() >= SHORTEST && strsim::damerau_levenshtein(known, name) == 1;
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        let globals = self.graph.globals.keys().map(String::as_str).filter(|_| in_from);
        let own = self.scope.names(MOST + 1).into_iter().filter(|_| !in_from);
        let all: Vec<&str> = globals.chain(own).take(MOST + 1).collect();
        if all.len() > MOST {
            return None;
        }
        let mut names: Vec<&str> = all.into_iter().filter(near).collect();
        // `NODE_18` and `NODE_20` differ on purpose.
        names.retain(|known| digits(known) == 0 && digits(name) == 0);
        names.sort_unstable();
        names.first().map(|name| (*name).to_owned())
    }
}

/// `A=$A` takes up what a base image may have set. The assignments stand in their order.
fn is_own_value(assigned: &[Pair], name: &str, at: usize) -> bool {
    let after = assigned.partition_point(|pair| pair.name_range.start <= at);
    let holds = |pair: &Pair| pair.name == name && pair.value.as_ref().is_some_and(|range| range.contains(&at));
    after.checked_sub(1).and_then(|index| assigned.get(index)).is_some_and(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(raw: &str) -> String {
        let one = |u: Use<'_>| format!("{}{}@{}", u.name, if u.has_default { "?" } else { "" }, &raw[u.range]);
        uses(raw, b'\\').into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn uses_are_found_where_buildkit_replaces_them() {
        assert_eq!(found("a$B/${C}"), "B@$B C@${C}");
        assert_eq!(found(r#"\$A '$B' "$C" "\$D""#), "C@$C");
        assert_eq!(found("${A:-$B}${C#x}"), "A?@${A:-$B} B@$B C@${C#x}");
        assert_eq!(found("$ $1 ${} ${ $"), "");
    }
}
