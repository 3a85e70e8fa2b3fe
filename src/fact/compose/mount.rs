//! Volumes and ports in their short and long forms.

use super::interpolate::{self, expand};
use super::parts::{Mount, Port};
use super::ports;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;
use crate::syntax::yaml::Style;
use crate::text::Span;

/// A mount without its service's particulars.
pub(super) fn mount(slot: Slot<'_>, place: Span) -> Option<Mount> {
    let span = slot.span().unwrap_or(place);
    if slot.node().is_some_and(|node| node.is_mapping()) {
        return Some(long_mount(slot, span));
    }
    let text = at_home(slot.text());
    let mount = match text {
        Field::Known(text) => short_mount(&text.value, text.span),
        Field::Unknown(text) => {
            let value = expand(&text.value);
            short_mount(value.trim_matches(['"', '\'']), text.span)
        }
        Field::Absent => return None,
    };
    let short = if mount.options.is_empty() { within(slot) } else { Field::Absent };
    Some(Mount { quoted: quoted(slot), short, ..mount })
}

/// A text after interpolation; the home of whoever starts the services has a sign of its own.
fn at_home(text: Field<String>) -> Field<String> {
    let home = |text: &String| {
        let bare = text.trim_matches(['"', '\'']);
        let path = ["$HOME/", "${HOME}/"].iter().find_map(|home| bare.strip_prefix(home));
        path.map(|path| format!("~/{path}"))
    };
    let found = match &text {
        Field::Known(text) | Field::Unknown(text) => home(&text.value).map(|path| Field::new(path, text.span)),
        Field::Absent => None,
    };
    interpolate::field(found.unwrap_or(text))
}

/// A text of one line between its quotes.
pub(super) fn within(slot: Slot<'_>) -> Field<String> {
    let text = slot.node().and_then(|node| node.text()).filter(|text| !text.as_str().contains('\n'));
    text.map_or(Field::Absent, |text| Field::new(text.as_str().to_owned(), text.span(0..text.len())))
}

/// The text with its quotes, where it means the same without them.
fn quoted(slot: Slot<'_>) -> Field<String> {
    let Some(node) = slot.node() else { return Field::Absent };
    let written = matches!(node.style(), Some(Style::Single | Style::Double));
    let text = node.scalar().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-~:$".contains(c);
    let needless = text.starts_with(['/', '.', '_']) || text.starts_with(|c: char| c.is_ascii_alphabetic());
    match written && needless && text.chars().all(plain) && !text.ends_with(':') {
        true => Field::new(text.to_owned(), node.span()),
        false => Field::Absent,
    }
}

fn long_mount(slot: Slot<'_>, span: Span) -> Mount {
    let source = at_home(slot.get("source").or(slot.get("src")).text()).map(|path| trimmed(&path));
    let target = slot.get("target").or(slot.get("dst")).or(slot.get("destination")).text();
    let ty = slot.get("type").text().known().cloned().unwrap_or_else(|| "volume".to_owned());
    let read_only = slot.get("read_only").or(slot.get("readonly")).loose_flag();
    let target = interpolate::field(target);
    let propagation = interpolate::field(slot.path(&["bind", "propagation"]).text());
    Mount { span: source.span().unwrap_or(span), ty, source, target, read_only, propagation, ..Mount::default() }
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
    let options: Vec<String> = mode.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let spread = options.iter().find(|word| PROPAGATIONS.contains(&word.as_str()));
    let propagation = spread.map_or(Field::Absent, |word| Field::new(word.clone(), span));
    Mount {
        span,
        ty: ty.to_owned(),
        source: source.map(|path| trimmed(&path)),
        target: known(target),
        read_only,
        options,
        propagation,
        ..Mount::default()
    }
}

/// How mounts spread from host to container and back.
const PROPAGATIONS: &[&str] = &["private", "rprivate", "shared", "rshared", "slave", "rslave"];

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

/// A port; `None` for what is none.
pub(super) fn port(slot: Slot<'_>, place: Span) -> Option<Port> {
    let span = slot.span().unwrap_or(place);
    if slot.node().is_some_and(|node| node.is_mapping()) {
        return Some(long_port(slot, span));
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
        [host, published, target] => (*host, *published, *target),
        // An address of IPv6 without brackets.
        [.., published, target] => (
            rest.get(..rest.len().saturating_sub(published.len() + target.len() + 2)).unwrap_or(""),
            *published,
            *target,
        ),
        [] => return None,
    };
    let known = |text: &str| match (text.is_empty(), text.contains("${")) {
        (true, _) => Field::Absent,
        (_, true) => Field::unknown(text, span),
        _ => Field::new(text.trim_matches(['[', ']']).to_owned(), span),
    };
    let first = target.split('-').next().unwrap_or(target);
    let plain = slot.node().is_some_and(|node| node.plain().is_some());
    Some(Port {
        span,
        host_ip: known(host_ip),
        published: known(published),
        target: known(first),
        targets: known(target),
        protocol: Field::new(protocol.to_owned(), span),
        valid: match text.contains("${") || text.contains("{{") {
            true => Field::unknown("", span),
            false => Field::new(is_port(&parts, host_ip, published, target, protocol), span),
        },
        sexagesimal: plain && is_sexagesimal(&text),
        short: within(slot),
        ..Port::default()
    })
}

fn long_port(slot: Slot<'_>, span: Span) -> Port {
    let published = interpolate::field(slot.get("published").text());
    let target = interpolate::field(slot.get("target").text());
    let valid = match (&target, &published) {
        (Field::Known(target), Field::Known(published)) => {
            Field::new(ports::range(&target.value).is_some() && ports::range(&published.value).is_some(), span)
        }
        (Field::Known(target), Field::Absent) => Field::new(ports::range(&target.value).is_some(), target.span),
        _ => Field::unknown("", span),
    };
    let span = slot.get("published").span().unwrap_or(span);
    let valid = match valid {
        Field::Known(valid) => Field::new(valid.value, span),
        other => other,
    };
    Port {
        span,
        host_ip: interpolate::field(slot.get("host_ip").text()),
        published,
        targets: target.clone(),
        target,
        protocol: interpolate::field(slot.get("protocol").text()),
        valid,
        ..Port::default()
    }
}

/// Whether Compose can read the parts.
fn is_port(parts: &[&str], host_ip: &str, published: &str, target: &str, protocol: &str) -> bool {
    let Some((first, last)) = ports::range(target).filter(|(first, _)| *first > 0) else { return false };
    let length = |(first, last): (u16, u16)| last - first;
    let fits = match published {
        "" => parts.len() == 1 || parts.len() == 3,
        published => ports::range(published).is_some_and(|host| length(host) == last - first || first == last),
    };
    let address = host_ip.trim_matches(['[', ']']);
    let known = address.is_empty() || address.parse::<std::net::IpAddr>().is_ok();
    fits && known && matches!(protocol, "tcp" | "udp" | "sctp")
}

/// `22:22`: to parsers of YAML 1.1 a number in base 60.
fn is_sexagesimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split(':');
    let head = parts.next().is_some_and(|head| digits(head) && !head.starts_with('0'));
    let mut rest = parts.peekable();
    head && rest.peek().is_some()
        && rest.all(|part| digits(part) && part.len() <= 2 && part < "60" || part.len() == 1 && digits(part))
}
