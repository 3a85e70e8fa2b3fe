//! ShellCheck's numbers: each is a shape of the one rule that reports them, by which it is selected and silenced.

use super::Variant;
use std::sync::Arc;

/// The numbers that there are, with room for those to come, first and last: syntax, commands, portability.
const RANGES: [(u32, u32); 3] = [(1000, 1199), (2000, 2399), (3000, 3099)];
/// Tools that report them.
const TOOLS: [&str; 2] = ["hadolint", "shellcheck"];

/// One shape a number, in ascending order.
pub(super) fn variants() -> impl Iterator<Item = Variant> {
    let numbers = RANGES.into_iter().flat_map(|(first, last)| first..=last);
    numbers.map(|number| Variant {
        name: Arc::from(format!("SC{number}")),
        when: None,
        severity: None,
        default: None,
        message: None,
        at: None,
        aliases: None,
    })
}

/// Which of the shapes a peer's name is: `SC2086`, `shellcheck/SC2086`, `hadolint/SC2086`.
pub(super) fn position(name: &str) -> Option<usize> {
    let bare = match name.split_once('/') {
        Some((tool, bare)) if TOOLS.contains(&tool) => bare,
        Some(_) => return None,
        None => name,
    };
    let digits = bare.strip_prefix("SC").filter(|digits| digits.len() == 4)?;
    let number: u32 = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let mut before = 0;
    for (first, last) in RANGES {
        if (first..=last).contains(&number) {
            return Some(before + (number - first) as usize);
        }
        before += (last - first + 1) as usize;
    }
    None
}

/// What the tools call a shape.
pub(super) fn aliases(name: &str) -> Arc<[String]> {
    TOOLS.iter().map(|tool| format!("{tool}/{name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_found_by_its_names() {
        for (number, variant) in variants().enumerate() {
            assert_eq!(position(&variant.name), Some(number));
            assert!(aliases(&variant.name).iter().all(|alias| position(alias) == Some(number)));
        }
        for name in ["SC", "SC208", "SC20860", "SC9999", "SC-286", "SC+286", "sc2086", "docker/SC2086", "2086", ""] {
            assert_eq!(position(name), None, "{name}");
        }
    }
}
