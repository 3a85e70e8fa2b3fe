//! Images from registries that nobody has put on the list.

use super::{Hit, Native, Options};
use crate::fact::Facts;
use crate::fact::dockerfile::facts::Reference;

/// Finds each reference whose registry no pattern of the option `registries` fits.
pub(super) const OFF_LIST: Native = Native {
    name: "registries::off_list",
    subjects: &["dockerfile.reference"],
    arguments: &["text", "registry"],
    run: off_list,
};

fn off_list(facts: &Facts, options: &dyn Options, out: &mut Vec<Hit>) {
    let allowed = options.list("registries");
    for (subject, reference) in facts.of::<Reference>() {
        let Some(registry) = reference.registry.known() else { continue };
        if allowed.iter().any(|pattern| fits(pattern, registry)) {
            continue;
        }
        out.push(Hit {
            span: reference.span,
            arguments: vec![("text", reference.text.value.clone()), ("registry", registry.clone())],
            label: subject.label.to_string(),
            embedded: subject.embedded,
            ..Hit::default()
        });
    }
}

/// Whether a pattern, in which `*` stands for any characters, fits the whole name.
fn fits(pattern: &str, name: &str) -> bool {
    // The hub has two names.
    let pattern = if pattern == "hub.docker.com" { "docker.io" } else { pattern };
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let (inner, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in inner.split('*') {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        for pattern in ["ghcr.io", "*", "*.io", "ghcr.*", "g*r.io", "*hcr*", "g*c*o"] {
            assert!(fits(pattern, "ghcr.io"), "{pattern}");
        }
        for pattern in ["", "io", "*.com", "quay.*", "ghcr.io*x", "g*x*o", "ghcr.io.*"] {
            assert!(!fits(pattern, "ghcr.io"), "{pattern}");
        }
        assert!(fits("hub.docker.com", "docker.io"));
        assert!(!fits("*.example.com", "example.com"));
        assert!(!fits("ab*ba", "aba"));
    }
}
