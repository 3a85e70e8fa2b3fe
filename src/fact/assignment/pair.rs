//! `key = value` in all its spellings, flags with an argument, and pairs of `name` and `value`.

use super::label::is_label;
use super::named::named_value;
use super::otherwise::{declared, default, fallback, otherwise, past_otherwise};
use super::regions::{Regions, Style};
use super::value::{Operator, Written, skip_blanks, value};
use super::{Form, Found, list, nested, spoken, table, url, within};
use crate::fact::secret::{Context, KeyKind, decode, judge, key_kind, words};
use std::ops::Range;

/// What every key that names a credential holds.
pub(super) const WORDS: &[&str] = &[
    "pass",
    "pw",
    "secret",
    "token",
    "key",
    "cred",
    "psk",
    "bearer",
    "jwt",
    "dsn",
    "salt",
    "cookie",
    "auth",
    "webhook",
    "connection",
    "senha",
    "pin",
    "?sig=",
    "&sig=",
];

/// No key is longer.
const LONGEST_KEY: usize = 100;
/// In a longer value no further keys are looked for.
const LONG: usize = 512;

/// Reads the keys of a text, one after the other.
pub(super) struct Keys<'t> {
    text: &'t str,
    regions: &'t Regions,
    /// How far the text was read.
    seen: usize,
}

impl<'t> Keys<'t> {
    pub(super) fn new(text: &'t str, regions: &'t Regions) -> Self {
        Self { text, regions, seen: 0 }
    }

    /// Reads the key round a word.
    pub(super) fn read(&mut self, word: Range<usize>, out: &mut Vec<Found>) {
        let Self { text, regions, .. } = *self;
        if word.start < self.seen {
            return;
        }
        if text[word.clone()].ends_with('=') {
            url::signature(text, word, out);
            return;
        }
        let key = key_range(text.as_bytes(), word.start, word.end);
        self.seen = key.end;
        let Some(name) = text.get(key.clone()) else { return };
        if key.len() > LONGEST_KEY {
            return;
        }
        if name == "auth" || name == "_auth" {
            docker_auth(text, &key, regions, out);
            return;
        }
        let style = regions.at(key.start);
        let (key, kind) = match key_kind(name.trim_start_matches('-')) {
            KeyKind::None if style == Style::Prose => in_words(text, key),
            // `PASS` may be a result, too: it must hold what is hardly a word.
            KeyKind::NotSecret if name == "PASS" && style != Style::Prose => (key, KeyKind::Password),
            KeyKind::None if style == Style::Yaml && name == "key" => {
                let kind = nested::under_parent(text, &key);
                (key, kind)
            }
            kind => (key, kind),
        };
        if kind.wants_judging() {
            let before = out.len();
            assignment(text, &key, kind, style, regions, out);
            // Keys inside a long value would each read all of its rest again.
            let read = out[before..].iter().map(|f| f.value.clone()).filter(|v| v.len() > LONG);
            self.seen = read.map(|v| v.end).fold(self.seen, usize::max);
            if name == "PASS" {
                drop_words(text, before, out);
            }
        }
    }
}

/// Takes away what was found since then, if it may be a word.
fn drop_words(text: &str, since: usize, out: &mut Vec<Found>) {
    let literal = out.get(since..).unwrap_or(&[]).iter().all(|found| {
        let raw = &text[found.value.clone()];
        raw.len() <= LONG && !raw.contains('\\') && table::is_literal(raw, KeyKind::Password)
    });
    if !literal {
        out.truncate(since);
    }
}

/// In a sentence a name may be two words: `API key`.
fn in_words(text: &str, key: Range<usize>) -> (Range<usize>, KeyKind) {
    let head = text[..key.start].strip_suffix(' ').unwrap_or("");
    let word = head.len() - head.bytes().rev().take(20).take_while(|b| b.is_ascii_alphanumeric()).count();
    let longer = if head.is_empty() { key.clone() } else { word..key.end };
    match key_kind(&text[longer.clone()]) {
        kind if kind.wants_judging() => (longer, kind),
        _ => (key, KeyKind::None),
    }
}

fn is_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.') || b >= 0x80
}

fn key_range(bytes: &[u8], start: usize, end: usize) -> Range<usize> {
    // `checksum/secret` is one key.
    let (mut from, mut to) = (start, end);
    while from > 0 && (is_key(bytes[from - 1]) || bytes[from - 1] == b'/') && start - from <= LONGEST_KEY {
        from -= 1;
    }
    while to < bytes.len() && is_key(bytes[to]) && to - end <= LONGEST_KEY {
        to += 1;
    }
    while to > end && matches!(bytes[to - 1], b'.' | b'-') {
        to -= 1;
    }
    from..to
}

fn assignment(text: &str, key: &Range<usize>, kind: KeyKind, style: Style, regions: &Regions, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let name = text[key.clone()].trim_start_matches('-');
    if let Some(written) = named_value(text, key, style) {
        push(text, name, kind, written, Form::NameValue, style, out);
        return;
    }
    let flag = bytes[key.start] == b'-';
    if let Some((at, operator, inner, query)) = operator(bytes, key, style, flag) {
        let at = if style == Style::Source { past_type(text, at, operator) } else { at };
        if list::read(text, name, kind, at, style, out) {
            return;
        }
        if style == Style::Yaml && nested::read(text, key, kind, at, out) {
            return;
        }
        let at = match operator {
            Operator::Tag => within::element(bytes, at),
            _ => within::value_within(bytes, key).unwrap_or(at),
        };
        let style = if flag && style == Style::Lines { Style::Shell } else { style };
        let found = value(text, at, operator, style, inner, query)
            .or_else(|| marked(text, key, at, style))
            .or_else(|| otherwise(text, at, style));
        if let Some(written) = found {
            let form = if flag { Form::Flag } else { Form::Pair };
            push(text, name, kind, written, form, style, out);
        }
    } else if let Some(at) = within::value_within(bytes, key) {
        let found = value(text, at, Operator::Equals, Style::Source, None, false);
        out.extend(found.map(|written| Found::new(name, written.range, Form::Pair, kind)));
    } else if regions.is_document() && style == Style::Prose {
        table::read(text, key, kind, out);
    } else if let Some(range) = spoken::behind(text, key, kind) {
        out.push(Found::new(name, range, Form::Pair, kind));
    }
}

/// Behind the key: where the value begins, how it is introduced, whether quotes hold both, whether it is a query.
fn operator(bytes: &[u8], key: &Range<usize>, style: Style, flag: bool) -> Option<(usize, Operator, Option<u8>, bool)> {
    let before = key.start.checked_sub(1).map_or(b'\n', |i| bytes[i]);
    let mut at = key.end;
    let mut inner = None;
    if matches!(before, b'"' | b'\'' | b'`') {
        if bytes.get(at) == Some(&before) {
            at += 1;
        } else {
            inner = Some(before);
        }
    }
    let closing = at;
    while matches!(bytes.get(at), Some(b']' | b'*' | b'?' | b'"' | b'\\')) && at < closing + 4 {
        at += 1;
    }
    let query = matches!(before, b'?' | b'&' | b';') || before == b',' && is_quoted(bytes, key.start);
    if before == b'<' && bytes.get(at) == Some(&b'>') {
        return Some((at + 1, Operator::Tag, None, false));
    }
    let blank = skip_blanks(bytes, at);
    if style == Style::Source
        && let Some(behind) = past_otherwise(bytes, blank).or_else(|| declared(bytes, blank))
    {
        return Some((behind, Operator::Equals, inner, false));
    }
    let next = |n: usize| bytes.get(blank + n).copied().unwrap_or(b'\n');
    match (next(0), next(1)) {
        (b'=', b'=' | b'~') | (b'!', _) => None,
        (b'=', b'>') => Some((blank + 2, Operator::Equals, inner, query)),
        (b'=', _) => Some((blank + 1, Operator::Equals, inner, query)),
        (b':', b'=') => Some((blank + 2, Operator::Equals, inner, false)),
        (b':', b':') => None,
        // `${X:?message}`
        (b':', b'?' | b'+') if before == b'{' => None,
        (b'+' | b'?', b'=') => Some((blank + 2, Operator::Equals, inner, false)),
        (b':', after) => {
            let spaced = matches!(after, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'*' | b'`' | b'\\');
            let loose = matches!(style, Style::Lines) || (style != Style::Yaml && matches!(after, b'{' | b'['));
            (spaced || loose).then_some((blank + 1, Operator::Colon, inner.filter(|_| false).or(inner), false))
        }
        _ if flag => flag_argument(bytes, at, before),
        _ if !matches!(style, Style::Source) && blank > at => legacy(bytes, key, blank, style),
        _ => None,
    }
}

/// Whether a quote is open on the line: `"host:6380,password=x,ssl=True"`.
fn is_quoted(bytes: &[u8], at: usize) -> bool {
    let line = bytes[at.saturating_sub(LONG)..at].rsplit(|b| *b == b'\n').next().unwrap_or(&[]);
    line.iter().filter(|b| **b == b'"').count() % 2 == 1
}

/// `--password x`, `"--password", "x"`, and in a YAML list the next item.
fn flag_argument(bytes: &[u8], at: usize, before: u8) -> Option<(usize, Operator, Option<u8>, bool)> {
    let mut next = skip_blanks(bytes, at);
    if matches!(before, b'"' | b'\'') && bytes.get(next) == Some(&b',') {
        next = skip_blanks(bytes, next + 1);
        while matches!(bytes.get(next), Some(b'\n' | b'\r' | b' ' | b'\t')) {
            next += 1;
        }
        let open = if matches!(bytes.get(next), Some(b'"' | b'\'')) { Some(next) } else { default(bytes, next) };
        return open.map(|open| (open, Operator::Blank, None, false));
    }
    if matches!(bytes.get(next), Some(b'\n')) {
        next = skip_blanks(bytes, next + 1);
        if bytes.get(next) != Some(&b'-') || bytes.get(next + 1) != Some(&b' ') {
            return None;
        }
        return Some((next + 2, Operator::Colon, None, false));
    }
    let another = matches!(
        bytes.get(next),
        Some(b'-' | b'|' | b'&' | b';' | b']' | b')' | b'\\' | b',' | b'.' | b'<' | b'[') | None
    );
    (next > at && !another).then_some((next, Operator::Blank, None, false))
}

/// `ENV KEY value`, `requirepass value`, `password value` of netrc: the key is the line's first or second word.
fn legacy(bytes: &[u8], key: &Range<usize>, blank: usize, style: Style) -> Option<(usize, Operator, Option<u8>, bool)> {
    let line = memchr::memrchr(b'\n', &bytes[key.start.saturating_sub(200)..key.start])
        .map_or(key.start.saturating_sub(200), |i| key.start.saturating_sub(200) + i + 1);
    let head = String::from_utf8_lossy(&bytes[line..key.start]).trim().to_ascii_lowercase();
    let name = String::from_utf8_lossy(&bytes[key.clone()]).to_ascii_lowercase();
    let env = head == "env";
    let redis =
        (head.is_empty() || head.ends_with("config set")) && matches!(name.as_str(), "requirepass" | "masterauth");
    let netrc = name == "password" && (head.contains("login ") || head.is_empty() && is_in_account(bytes, line));
    let word = memchr::memchr(b'\n', &bytes[blank..bytes.len().min(blank + 200)])
        .map_or(&bytes[blank..blank], |end| &bytes[blank..blank + end]);
    let alone = !word.trim_ascii().contains(&b' ');
    let long = name.contains('_') || matches!(name.as_str(), "apikey" | "password" | "passwd" | "rootpw" | "bindpw");
    let single = style == Style::Lines && head.is_empty() && long && alone;
    // nginx sets a header for what it stands before.
    let header = head == "proxy_set_header" && !word.trim_ascii().contains(&b' ');
    let set = head.ends_with("configure set") || head.contains("mysqladmin ") || head.contains("nmcli ");
    let lines = matches!(style, Style::Shell | Style::Lines);
    (lines && (env || netrc || set || single || header) || redis).then_some((blank, Operator::Blank, None, false))
}

/// Whether the line above speaks of an account, as in a `.netrc` of many lines.
fn is_in_account(bytes: &[u8], line: usize) -> bool {
    let end = line.saturating_sub(1);
    let above = bytes[end.saturating_sub(200)..end].rsplit(|b| *b == b'\n').next().unwrap_or(&[]).trim_ascii();
    above.starts_with(b"login ") || above.starts_with(b"machine ")
}

/// In source a type may stand between: `password: &str = "x"`.
fn past_type(text: &str, at: usize, operator: Operator) -> usize {
    if operator != Operator::Colon {
        return at;
    }
    let window = text.as_bytes().get(at..(at + 40).min(text.len())).unwrap_or(&[]);
    let end = window.iter().position(|b| !(b.is_ascii_alphanumeric() || b" _<>&[].|".contains(b)));
    match end {
        Some(end) if window[end] == b'=' && window.get(end + 1) != Some(&b'=') => at + end + 1,
        _ => at,
    }
}

/// In a sentence: `**Password:** x` as a whole line, or the value in a code span.
fn marked(text: &str, key: &Range<usize>, at: usize, style: Style) -> Option<Written> {
    if style != Style::Prose {
        return None;
    }
    let start = key.start.saturating_sub(100);
    let head = text.get(start..key.start)?;
    let head = head.rsplit('\n').next().unwrap_or("");
    let end = super::value::line_end(text, at);
    let rest = text.get(at..end)?;
    let bare = rest.trim_start_matches(['*', '_', ' ', '\t', '`']);
    if bare.len() > 128 {
        return None;
    }
    let from = end - bare.len();
    let bare = bare.trim_end().trim_end_matches("-->").trim_end().trim_end_matches('`');
    let head = head.trim_start().trim_start_matches("<!--");
    let assigned = at > 0 && text.as_bytes()[at - 1] == b'=';
    let named = assigned && head.len() < 30 && head.chars().all(|c| c.is_alphabetic() || c == ' ');
    let field = named
        || head.chars().all(|c| " \t>*-+_#/;".contains(c))
        || (head.len() < 60 && head.trim_start().starts_with(['-', '*', '+']));
    let single = !bare.is_empty()
        && !bare.contains(char::is_whitespace)
        && !bare.ends_with(['.', ',', ':', ';'])
        && !bare.contains(['(', '[', '<', '|']);
    let marked =
        bare.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_punctuation()) || user_before(text, at).is_some();
    let marked = field && single && marked;
    marked.then(|| Written { range: from..from + bare.len(), quoted: false })
}

fn push(text: &str, name: &str, kind: KeyKind, written: Written, form: Form, style: Style, out: &mut Vec<Found>) {
    let written = fallback(text, &written).map_or(written, |range| Written { range, quoted: false });
    let raw = &text[written.range.clone()];
    // URLs have a reader of their own, and what they hold is no value of this key.
    let user = user_before(text, written.range.start);
    // In a sentence a user beside it makes an account of it.
    let account = style == Style::Prose && kind == KeyKind::Password && !written.quoted && user.is_some();
    if raw.contains("://") || is_encrypted(text, &written.range) || is_label(name, raw, style, written.quoted, account)
    {
        return;
    }
    if let Some(range) = user_and_password(name, raw, &written.range).filter(|_| kind == KeyKind::Secret) {
        let mut found = Found::new(name, range.clone(), form, KeyKind::Password);
        found.user = text.get(written.range.start..range.start - 1).map(str::to_owned);
        out.push(found);
        return;
    }
    let mut found = Found::new(name, written.range.clone(), form, kind);
    if written.quoted && raw.contains('\\') {
        found.decoded = Some(raw.replace("\\\"", "\"").replace("\\\\", "\\").replace("\\$", "$"));
    }
    found.user = user;
    out.push(found);
}

/// What only the holder of a key can read, as its parent says: `encrypted: { password: "…" }`.
fn is_encrypted(text: &str, place: &Range<usize>) -> bool {
    if place.len() < 300 {
        return false;
    }
    let head = &text.as_bytes()[place.start.saturating_sub(100)..place.start];
    memchr::memmem::find(head, b"ncrypted").is_some()
}

/// Behind a key such as `cloud_auth` a user, a colon and the password.
fn user_and_password(name: &str, raw: &str, place: &Range<usize>) -> Option<Range<usize>> {
    let last = words(name).pop()?;
    let (user, password) = raw.split_once(':').filter(|_| matches!(last.as_str(), "auth" | "credentials" | "creds"))?;
    let named = user.len() >= 2 && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"._@-".contains(&b));
    (named && password.len() >= 4 && !password.contains([':', '/'])).then(|| place.start + user.len() + 1..place.end)
}

/// The user named on a line shortly before, whose name may be the password too.
fn user_before(text: &str, at: usize) -> Option<String> {
    let mut from = at.saturating_sub(160);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let window = &text[from..at];
    let lower = window.to_ascii_lowercase();
    let place = ["username", "user", "login"].iter().filter_map(|w| lower.rfind(w).map(|i| i + w.len())).max()?;
    let rest = window.get(place..)?.trim_start_matches(|c: char| "\"'`:= _".contains(c));
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_-.".contains(*c)).collect();
    (name.len() >= 2).then_some(name)
}

/// `"auth": "base64"` of a Docker config, `_auth=base64` of npm.
fn docker_auth(text: &str, key: &Range<usize>, regions: &Regions, out: &mut Vec<Found>) {
    let style = regions.at(key.start);
    let Some((at, operator, inner, _)) = operator(text.as_bytes(), key, style, false) else { return };
    let Some(written) = value(text, at, operator, style, inner, false) else { return };
    let Some((user, password)) = decode::basic_auth(&text[written.range.clone()]) else { return };
    let mut found = Found::new("auth", written.range, Form::DockerAuth, KeyKind::Password);
    found.verdict = Some(judge(&password, Context::password(Some(&user))));
    found.user = Some(user);
    out.push(found);
}
