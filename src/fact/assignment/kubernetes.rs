//! The values of Secret manifests, judged after decoding.

use super::regions::original;
use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, decode, is_identifier_key, judge, key_kind, words};
use crate::syntax::Kind;
use crate::syntax::yaml::{NodeRef, Yaml, prepare};
use crate::text::Text;
use memchr::memmem;

pub(super) fn read(text: &str, path: &str, kind: Kind, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let yaml = matches!(
        kind,
        Kind::Kubernetes | Kind::YamlOther | Kind::HelmTemplate | Kind::GoTemplate | Kind::HelmValues | Kind::Ansible
    ) || kind == Kind::Text && original(path).ends_with(".yaml");
    if !yaml || memmem::find(bytes, b"Secret").is_none() || memmem::find(bytes, b"kind").is_none() {
        return;
    }
    let whole = Text::whole(text);
    let prepared = prepare(&whole, matches!(kind, Kind::HelmTemplate | Kind::GoTemplate));
    let tree = Yaml::parse_prepared(&prepared);
    for root in tree.roots() {
        secret(root, text, out);
    }
}

fn secret(root: NodeRef<'_>, text: &str, out: &mut Vec<Found>) {
    let is_secret = root.get("kind").and_then(|k| k.scalar()) == Some("Secret");
    // What SOPS has encrypted shows its own metadata beside.
    if !is_secret || root.get("sops").is_some() {
        return;
    }
    for (key, value) in root.get("data").into_iter().flat_map(|d| d.entries()) {
        entry(key, value, true, text, out);
    }
    for (key, value) in root.get("stringData").into_iter().flat_map(|d| d.entries()) {
        entry(key, value, false, text, out);
    }
}

fn entry(key: NodeRef<'_>, value: NodeRef<'_>, encoded: bool, text: &str, out: &mut Vec<Found>) {
    let (Some(name), Some(written)) = (key.scalar(), value.scalar()) else { return };
    let span = value.span();
    if value.is_templated() || span.range().end > text.len() {
        return;
    }
    let bare = written.trim();
    let decoded = if encoded { decode::base64(bare) } else { Some(bare.as_bytes().to_vec()) };
    let Some(decoded) = decoded else { return };
    let verdict = match String::from_utf8(decoded) {
        Ok(plain) => judge_entry(name, plain.trim()),
        // Bytes that are no text: a key or a certificate store.
        Err(_) => Verdict::Random,
    };
    let mut range = span.range();
    let raw = &text[range.clone()];
    let inner = raw.trim_matches(['"', '\'']);
    if inner.len() + 2 == raw.len() {
        range = range.start + 1..range.end - 1;
    }
    let mut found = Found::new(name, range, Form::KubernetesSecret, KeyKind::Password);
    found.verdict = Some(verdict);
    out.push(found);
}

/// Everything in a Secret is meant to be one, unless it is plainly something else.
fn judge_entry(name: &str, plain: &str) -> Verdict {
    if name.starts_with(".docker") {
        return docker_config(plain);
    }
    let public = [
        "tls.crt",
        "ca.crt",
        "username",
        "user",
        "host",
        "hostname",
        "port",
        "database",
        "dbname",
        "url",
        "endpoint",
        "region",
        "namespace",
        "email",
        "server",
        "name",
    ];
    if public.contains(&name.to_lowercase().as_str()) && !plain.contains("PRIVATE KEY") {
        return Verdict::Identifier;
    }
    if names_an_id(name) && is_plain_id(plain) {
        return Verdict::Identifier;
    }
    let kind = match key_kind(name) {
        KeyKind::NotSecret => KeyKind::NotSecret,
        KeyKind::None if plain.contains(char::is_whitespace) || plain.len() < 6 => KeyKind::NotSecret,
        KeyKind::Secret if plain.len() < 4 => KeyKind::NotSecret,
        _ => KeyKind::Password,
    };
    judge(plain, Context { key: "", kind: Some(kind), user: None })
}

/// `client_id`, `commit`, `checksum`.
fn names_an_id(name: &str) -> bool {
    is_identifier_key(name) || words(name).last().is_some_and(|last| matches!(last.as_str(), "id" | "ids"))
}

/// Hexadecimal digits, as ids and digests are written.
fn is_plain_id(plain: &str) -> bool {
    plain.len() >= 8 && plain.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn docker_config(plain: &str) -> Verdict {
    let Ok(config) = serde_json::from_str::<serde_json::Value>(plain) else { return Verdict::Plain };
    let entries = config.get("auths").unwrap_or(&config).as_object().cloned().unwrap_or_default();
    let verdicts = entries.values().filter_map(|entry| {
        let text = |name: &str| entry.get(name).and_then(|v| v.as_str()).map(str::to_owned);
        let password = text("password").or_else(|| decode::basic_auth(&text("auth")?).map(|(_, p)| p))?;
        Some(judge(&password, Context::password(text("username").as_deref())))
    });
    verdicts.max_by_key(|v| v.is_secret()).unwrap_or(Verdict::Plain)
}
