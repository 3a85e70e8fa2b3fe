//! Volumes and ports in their short and long forms.

use super::interpolate::{self, expand};
use super::parts::{Mount, Port};
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::text::Span;

/// A mount without its service's particulars.
pub(super) fn mount(slot: Slot<'_>, place: Span) -> Option<Mount> {
    let span = slot.span().unwrap_or(place);
    if slot.node().is_some_and(|node| node.is_mapping()) {
        return Some(long_mount(slot, span));
    }
    let text = interpolate::field(slot.text());
    match text {
        Field::Known(text) => Some(short_mount(&text.value, text.span)),
        Field::Unknown(text) => {
            let value = expand(&text.value);
            Some(short_mount(value.trim_matches(['"', '\'']), text.span))
        }
        Field::Absent => None,
    }
}

fn long_mount(slot: Slot<'_>, span: Span) -> Mount {
    let source = interpolate::field(slot.get("source").or(slot.get("src")).text()).map(|path| trimmed(&path));
    let target = slot.get("target").or(slot.get("dst")).or(slot.get("destination")).text();
    let ty = slot.get("type").text().known().cloned().unwrap_or_else(|| "volume".to_owned());
    let read_only = slot.get("read_only").or(slot.get("readonly")).loose_flag();
    Mount { span: source.span().unwrap_or(span), ty, source, target, read_only, ..Mount::default() }
}

/// `[source:]target[:mode]`; a drive letter is no source of its own.
fn short_mount(text: &str, span: Span) -> Mount {
    let parts = fields(text);
    let known = |text: &str| match text.contains("${") {
        true => Field::unknown(text, span),
        false => Field::new(text.to_owned(), span),
    };
    let (source, target, mode) = match parts.as_slice() {
        [target] => (Field::Absent, *target, ""),
        [source, target] => (known(source), *target, ""),
        [source, target, mode, ..] => (known(source), *target, *mode),
        [] => (Field::Absent, "", ""),
    };
    let bind = source.known().is_some_and(|path| path.starts_with(['.', '/', '~', '\\']) || is_drive(path));
    let read_only = match mode.contains("${") {
        true => Field::unknown(mode, span),
        false => Field::new(mode.split(',').any(|word| word == "ro"), span),
    };
    let ty = if bind { "bind" } else { "volume" };
    Mount {
        span,
        ty: ty.to_owned(),
        source: source.map(|path| trimmed(&path)),
        target: known(target),
        read_only,
        ..Mount::default()
    }
}

fn trimmed(path: &str) -> String {
    let path_without = path.trim_end_matches('/');
    if path_without.is_empty() && !path.is_empty() { "/".to_owned() } else { path_without.to_owned() }
}

fn is_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':')
}

/// The parts between colons; those in `${…}` and behind a drive letter are no separators.
fn fields(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let drive = at == start + 1 && text[start..].starts_with(|c: char| c.is_ascii_alphabetic());
                if drive && text[at + 1..].starts_with(['\\', '/']) {
                    continue;
                }
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A published port; `None` for what is none.
pub(super) fn port(slot: Slot<'_>, place: Span) -> Option<Port> {
    let span = slot.span().unwrap_or(place);
    if slot.node().is_some_and(|node| node.is_mapping()) {
        return Some(Port {
            span: slot.get("published").span().unwrap_or(span),
            host_ip: interpolate::field(slot.get("host_ip").text()),
            published: interpolate::field(slot.get("published").text()),
            target: slot.get("target").text(),
            protocol: slot.get("protocol").text(),
            ..Port::default()
        });
    }
    let text = match slot.text() {
        Field::Known(text) | Field::Unknown(text) => text.value,
        Field::Absent => return None,
    };
    let text = expand(text.trim_matches(['"', '\'']));
    let (rest, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
    let parts = fields(rest);
    let (host_ip, published, target) = match parts.as_slice() {
        [target] => ("", "", *target),
        [published, target] => ("", *published, *target),
        [host @ .., published, target] => (host.first().copied().unwrap_or(""), *published, *target),
        [] => return None,
    };
    let known = |text: &str| match (text.is_empty(), text.contains("${")) {
        (true, _) => Field::Absent,
        (_, true) => Field::unknown(text, span),
        _ => Field::new(text.trim_matches(['[', ']']).to_owned(), span),
    };
    let first = target.split('-').next().unwrap_or(target);
    Some(Port {
        span,
        host_ip: known(host_ip),
        published: known(published),
        target: known(first),
        protocol: Field::new(protocol.to_owned(), span),
        ..Port::default()
    })
}
