//! Quantities of resources: what `500m` and `1Gi` amount to, and the units that people mistake.

use crate::fact::value::{Field, facts};
use crate::fact::yaml::Slot;

facts! {
    /// A request or a limit of a container.
    pub struct Quantity = "k8s.quantity" {
        /// As written.
        "text" text: Field<String>,
        /// `requests` or `limits`.
        "list" list: String,
        /// `cpu`, `memory`, `ephemeral-storage` …
        "resource" resource: String,
        /// What is wrong with it, if anything is.
        "wrong" wrong: Option<String>,
        /// Whether it is a request above the limit of the same resource.
        "over-limit" over_limit: Field<bool>,
        /// That limit, as written.
        "limit" limit: Field<String>,
        /// The container's name.
        "container" container: Field<String>,
    }
}

/// What a quantity amounts to; nothing where it is none.
pub(super) fn amount(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.trim_start_matches(['+', '-']);
    let length = digits.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let (number, suffix) = digits.split_at(length);
    let number: f64 = number.parse().ok()?;
    let number = if text.starts_with('-') { -number } else { number };
    Some(number * factor(suffix)?)
}

fn factor(suffix: &str) -> Option<f64> {
    let table = [
        ("", 1.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
    ];
    if let Some((_, factor)) = table.iter().find(|(name, _)| *name == suffix) {
        return Some(*factor);
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok().filter(|e: &i32| e.abs() <= 30)?;
    Some(10f64.powi(exponent))
}

/// What is wrong with a quantity of this resource.
fn fault(resource: &str, text: &str) -> Option<String> {
    let Some(amount) = amount(text) else {
        let near = nearest(text).map(|near| format!("; {near} is one")).unwrap_or_default();
        return Some(format!("{text} is no quantity{near}"));
    };
    if amount < 0.0 {
        return Some(format!("{text} is less than nothing"));
    }
    let bytes = matches!(resource, "memory" | "ephemeral-storage" | "storage") || resource.starts_with("hugepages-");
    // Nobody wants thousandths of a byte, a million processors, or memory for a few bytes.
    if bytes && text.ends_with('m') {
        return Some(format!("{text} is {amount} bytes; {}Mi was meant", digits(text)));
    }
    if resource == "cpu" && amount >= 10_000.0 {
        return Some(match text.ends_with(['M', 'G', 'k', 'i']) {
            true => format!("{text} is {amount} processors; {}m was meant", digits(text)),
            false => format!("{text} is {amount} processors"),
        });
    }
    None
}

fn digits(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_ascii_digit())
}

/// What was probably meant by something that is no quantity.
fn nearest(text: &str) -> Option<String> {
    let number = digits(text);
    let unit = match text[number.len()..].trim().to_ascii_lowercase().as_str() {
        "kb" | "kib" | "ki" => "Ki",
        "mb" | "mib" | "mi" => "Mi",
        "gb" | "gib" | "gi" | "g" => "Gi",
        "tb" | "tib" | "ti" | "t" => "Ti",
        _ => return None,
    };
    (!number.is_empty()).then(|| format!("{number}{unit}"))
}

/// The requests and limits of a container.
pub(super) fn list(resources: Slot<'_>, container: &Field<String>) -> Vec<Quantity> {
    let mut found = Vec::new();
    for list in ["requests", "limits"] {
        for (key, value) in resources.get(list).entries() {
            let resource = key.scalar().unwrap_or_default().to_owned();
            let text = value.text();
            let limit = resources.path(&["limits", &resource]).text();
            let over = match (text.known().and_then(|t| amount(t)), limit.known().and_then(|l| amount(l))) {
                (Some(request), Some(limit)) if list == "requests" => {
                    text.clone().map(|_| request > limit * (1.0 + 1e-9))
                }
                _ => Field::Absent,
            };
            found.push(Quantity {
                span: value.span().unwrap_or(key.span()),
                wrong: text.known().and_then(|text| fault(&resource, text)),
                text,
                list: list.to_owned(),
                resource,
                over_limit: over,
                limit,
                container: container.clone(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let table =
            [("500m", 0.5), ("1Gi", 1_073_741_824.0), ("1e3", 1000.0), ("0.5", 0.5), ("2k", 2000.0), (".5", 0.5)];
        for (text, expected) in table {
            assert_eq!(amount(text), Some(expected), "{text}");
        }
        for text in ["", "Gi", "1gb", "1 Gi", "1e999", "x", "1..2"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn mistaken_units() {
        assert_eq!(fault("cpu", "500m"), None);
        assert_eq!(fault("memory", "1Gi"), None);
        assert_eq!(fault("cpu", "100M").as_deref(), Some("100M is 100000000 processors; 100m was meant"));
        assert_eq!(fault("memory", "1gb").as_deref(), Some("1gb is no quantity; 1Gi is one"));
        assert!(fault("memory", "100m").is_some_and(|f| f.contains("100Mi was meant")));
        assert!(fault("cpu", "-1").is_some());
    }
}
