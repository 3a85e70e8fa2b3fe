//! Literals under keys that name credentials, in any text: the facts behind the rules on passwords and keys.
//!
//! Every reader here starts from a word in the text (`password`, `://`, `curl` …) and looks only at
//! what stands round it, so a file costs one pass of an automaton and a bounded look at each hit,
//! whatever its syntax and however long its lines.

mod command;
mod embedded;
mod header;
mod kubernetes;
mod label;
mod list;
mod listing;
mod named;
mod nested;
mod otherwise;
mod pair;
mod regions;
mod spoken;
mod sql;
mod table;
mod url;
mod value;
pub(in crate::fact) mod within;
mod words;

use super::file::File;
use super::secret::{Context, KeyKind, Redacted, Verdict, judge};
use super::value::{Field, facts};
use super::{Facts, Wanted};
use crate::syntax::Kind;
use crate::text::{Span, Spanned};
use command::Commands;
use pair::Keys;
use regions::Regions;
use std::ops::Range;
use words::{READERS, Reader};

facts! {
    /// A value that is assigned to a key, if the key or the form says that it may be a credential.
    pub struct Assignment = "secrets.assignment" {
        /// The key as it is written; for an argument its flag.
        "key" key: String,
        /// The value; not known where it is a reference or a template.
        "value" value: Field<Redacted>,
        /// What the key promises: `password`, `secret`.
        "key-kind" key_kind: &'static str,
        /// What the value is: `random`, `human`, `weak`, `placeholder`, `identifier` or `plain`.
        "verdict" verdict: String,
        /// How it is assigned: `pair`, `name-value`, `flag`, `command`, `url`, `header`, `docker-auth`,
        /// `kubernetes-secret`, `list`, `table`.
        "form" form: String,
        /// Whose password it is.
        "user" user: Field<String>,
        /// The host that it opens.
        "host" host: Field<String>,
        /// Whether that host is the machine itself or has the name of a service beside it.
        "local" local: bool,
    }
}

/// How a value is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Pair,
    NameValue,
    Flag,
    Command,
    Url,
    Header,
    DockerAuth,
    KubernetesSecret,
    List,
    Table,
}

impl Form {
    fn as_str(self) -> &'static str {
        match self {
            Form::Pair => "pair",
            Form::NameValue => "name-value",
            Form::Flag => "flag",
            Form::Command => "command",
            Form::Url => "url",
            Form::Header => "header",
            Form::DockerAuth => "docker-auth",
            Form::KubernetesSecret => "kubernetes-secret",
            Form::List => "list",
            Form::Table => "table",
        }
    }
}

/// A value that a reader found.
#[derive(Clone, Debug)]
struct Found {
    key: String,
    value: Range<usize>,
    /// What the value says, where that is not what is written.
    decoded: Option<String>,
    form: Form,
    kind: KeyKind,
    user: Option<String>,
    host: Option<String>,
    /// The reader's own verdict, where it knows better.
    verdict: Option<Verdict>,
}

impl Found {
    fn new(key: impl Into<String>, value: Range<usize>, form: Form, kind: KeyKind) -> Self {
        Self { key: key.into(), value, decoded: None, form, kind, user: None, host: None, verdict: None }
    }
}

/// Adds the assignments of a file.
pub fn build(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(Assignment::describe().name) {
        return;
    }
    for (assignment, span) in read(file.source.text(), file.path, file.kind) {
        out.push(assignment, "", span);
    }
}

/// Where the secrets of a text stand: whatever quotes the text must mask these.
pub fn secret_spans(text: &str, path: &str, kind: Kind) -> Vec<Span> {
    let secret = ["random", "human", "weak"];
    read(text, path, kind).into_iter().filter(|(a, _)| secret.contains(&a.verdict.as_str())).map(|(_, s)| s).collect()
}

/// What each reader finds behind its words.
fn by_word(text: &str, regions: &Regions) -> [Vec<Found>; READERS] {
    let mut found: [Vec<Found>; READERS] = Default::default();
    let (mut keys, mut commands, mut rows) = (Keys::new(text, regions), Commands::new(text, regions), 0);
    words::each(text, |reader, word, place| {
        let out = &mut found[reader as usize];
        match reader {
            Reader::Pair => keys.read(place, out),
            Reader::Header => header::read(text, word, place.end, out),
            Reader::Command => commands.read(place, out),
            Reader::Spoken => spoken::read(text, word, place, out),
            Reader::Sql => sql::read(text, place, &mut rows, out),
        }
    });
    found
}

fn read(text: &str, path: &str, kind: Kind) -> Vec<(Assignment, Span)> {
    let regions = Regions::new(text, path, kind);
    let mut found = Vec::new();
    kubernetes::read(text, path, kind, &mut found);
    let [pairs, headers, commands, spoken, rows] = by_word(text, &regions);
    found.extend(pairs);
    url::read(text, &mut found);
    found.extend(headers.into_iter().chain(commands).chain(spoken).chain(rows));
    listing::read(text, path, &mut found);
    // Two readers may meet on a value: the first one knows it best.
    found.sort_by_key(|f| f.value.start);
    let sample = is_sample(path);
    let mut end = 0;
    let mut facts = Vec::new();
    for found in found {
        if found.value.start < end {
            continue;
        }
        if is_no_value(text, &found, kind) {
            continue;
        }
        if let Some((fact, span, verdict)) = fact(text, &found)
            && !(verdict == Verdict::Weak && sample)
        {
            // A value that is no secret may hold one: a connection string, a command.
            if verdict.is_secret() {
                end = found.value.end;
            }
            facts.push((fact, span));
        }
    }
    facts
}

/// Files that show what a setting looks like, and data of tests: people paste real credentials there too, but
/// a default that everybody knows is what belongs into them.
fn is_sample(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "example" | "sample" | "template" | "dist" | "tmpl")
        || [".example.", ".sample.", ".template."].iter().any(|part| name.contains(part))
        || path.split('/').any(|folder| matches!(folder, "testdata" | "fixtures" | "test-fixtures" | "__fixtures__"))
}

/// What only stands where a value would: the next flag of a list, or, in program code, the key's own name
/// (`PASSWORD = "password"` names a field).
fn is_no_value(text: &str, found: &Found, kind: Kind) -> bool {
    let Some(value) = text.get(found.value.clone()) else { return true };
    let flag = found.form == Form::Flag && value.starts_with('-');
    // `secretKey: password` of an external secret names the entry.
    let entry = found.key == "secretKey" && value.bytes().all(|b| b.is_ascii_lowercase() || b"-_.".contains(&b));
    let own_name = kind == Kind::Text && found.key.to_ascii_lowercase().ends_with(&value.to_ascii_lowercase());
    flag || entry || (own_name && !value.is_empty()) || is_for_picture(text, found.value.start)
}

/// A token in the address of a badge, which everybody who sees the page may read: `…/badge.svg?token=`.
fn is_for_picture(text: &str, value: usize) -> bool {
    let before = text.as_bytes().get(value.saturating_sub(200)..value).unwrap_or_default();
    let blank = before.iter().rposition(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'(' | b'<'));
    let address = blank.map_or(before, |at| &before[at + 1..]);
    let picture = [&b".svg?"[..], b"/badge", b"img.shields.io/"];
    address.ends_with(b"=") && picture.iter().any(|part| memchr::memmem::find(address, part).is_some())
}

fn fact(text: &str, found: &Found) -> Option<(Assignment, Span, Verdict)> {
    let raw = text.get(found.value.clone())?;
    let span = Span::new(found.value.start, found.value.end);
    let value = found.decoded.as_deref().unwrap_or(raw);
    let context = Context { key: &found.key, kind: Some(found.kind), user: found.user.as_deref() };
    let verdict = found.verdict.unwrap_or_else(|| judge(value, context));
    if verdict == Verdict::Empty {
        return None;
    }
    let known = |s: &Option<String>| s.as_ref().map_or(Field::Absent, |s| Field::new(s.clone(), span));
    let field = match verdict {
        Verdict::Reference => Field::Unknown(Spanned::new("a reference".to_owned(), span)),
        _ => Field::new(Redacted::new(value), span),
    };
    let local = found.host.as_deref().is_some_and(is_local);
    let assignment = Assignment {
        span,
        key: found.key.clone(),
        value: field,
        key_kind: found.kind.as_str(),
        verdict: verdict.as_str().to_owned(),
        form: found.form.as_str().to_owned(),
        user: known(&found.user),
        host: known(&found.host),
        local,
    };
    Some((assignment, span, verdict))
}

/// The machine itself, or a name without a dot: a service of the same network.
fn is_local(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or("");
    name == "127.0.0.1" || host.starts_with("[::1]") || !name.contains('.')
}

#[cfg(test)]
mod tests;
