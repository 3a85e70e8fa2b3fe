//! Durations and sizes, as Compose reads them.

use super::interpolate;
use super::parts::Quantity;
use crate::fact::value::Field;
use crate::fact::yaml::Slot;

const DURATIONS: &[&[&str]] = &[
    &["healthcheck", "interval"],
    &["healthcheck", "timeout"],
    &["healthcheck", "start_period"],
    &["healthcheck", "start_interval"],
    &["stop_grace_period"],
    &["deploy", "restart_policy", "delay"],
    &["deploy", "restart_policy", "window"],
    &["deploy", "update_config", "delay"],
    &["deploy", "update_config", "monitor"],
];

const SIZES: &[&[&str]] = &[
    &["mem_limit"],
    &["mem_reservation"],
    &["memswap_limit"],
    &["shm_size"],
    &["deploy", "resources", "limits", "memory"],
    &["deploy", "resources", "reservations", "memory"],
];

/// The durations and sizes of a service.
pub(super) fn all<'s>(service: Slot<'s>, name: &'s str) -> impl Iterator<Item = Quantity> + 's {
    let durations = DURATIONS.iter().map(|path| ("duration", *path));
    let sizes = SIZES.iter().map(|path| ("size", *path));
    let paths = durations.chain(sizes);
    let named = paths.map(move |(kind, path)| (kind, path.join("."), service.path(path)));
    let mounts = service.get("volumes").items().filter(|mount| mount.node().is_some_and(|node| node.is_mapping()));
    let mounts = mounts.map(|mount| mount.path(&["tmpfs", "size"]));
    let mounts = mounts.map(|size| ("size", "tmpfs.size".to_owned(), size));
    named.chain(mounts).filter_map(move |(kind, key, slot)| {
        let text = interpolate::field(slot.text());
        let span = text.span()?;
        let valid = match text.known() {
            Some(text) if kind == "duration" => Field::new(is_duration(text), span),
            // As much as there is.
            Some(text) if key == "memswap_limit" && text == "-1" => Field::new(true, span),
            Some(text) => Field::new(is_size(text), span),
            None => Field::unknown("", span),
        };
        Some(Quantity { span, kind: kind.to_owned(), key, text, valid, service: name.to_owned() })
    })
}

/// `1m30s`: numbers that each have a unit.
fn is_duration(text: &str) -> bool {
    const UNITS: &[&str] = &["ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w"];
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut parts = 0;
    while let Some(behind) = number(rest) {
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        if !UNITS.contains(&&behind[..end]) {
            return false;
        }
        rest = &behind[end..];
        parts += 1;
    }
    parts > 0 && rest.is_empty()
}

/// `512m`, `1.5GB`, `1 GiB`, or bytes.
fn is_size(text: &str) -> bool {
    let Some(unit) = number(text) else { return false };
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let unit = unit.strip_suffix('i').unwrap_or(unit);
    matches!(unit, "" | "k" | "m" | "g" | "t" | "p" | "e")
}

/// A size in bytes.
pub(super) fn bytes(text: &str) -> Option<f64> {
    let unit = number(text)?;
    let amount: f64 = text[..text.len() - unit.len()].parse().ok()?;
    let letter = unit.trim_start().chars().next().map_or('b', |c| c.to_ascii_lowercase());
    let power = "bkmgtpe".find(letter)?;
    Some(amount * 1024_f64.powi(power as i32))
}

/// What follows a number.
fn number(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let digits = number.bytes().any(|b| b.is_ascii_digit());
    (digits && number.matches('.').count() <= 1).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for good in ["30s", "1m30s", "1.5h", "500ms", "0", "10us", "1d", "0s"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["30", "", "s", "1 m", "30sec", "5 minutes", "1m30", "ten", "1.2.3s"] {
            assert!(!is_duration(bad), "{bad}");
        }
    }

    #[test]
    fn sizes() {
        for good in ["512m", "1g", "1.5GB", "1024", "64MiB", "1 gb", "0", "300Kb", "10b"] {
            assert!(is_size(good), "{good}");
        }
        for bad in ["", "m", "512 megabytes", "5x", "-1g", "1g2", "1.2.3g", "50%"] {
            assert!(!is_size(bad), "{bad}");
        }
    }
}
