//! Values of secrets in setup guides and example files, which are placeholders of one form or should be.

use super::value::{Field, facts};
use super::{Facts, File, Looks, Wanted};
use crate::text::Span;
use regex::Regex;
use std::sync::LazyLock;

facts! {
    /// An environment variable that a setup guide or an example file gives a value.
    pub struct ExampleValue = "env.example-value" {
        /// Its name.
        "name" name: String,
        /// Whether the name says that the value is a secret or an address.
        "sensitive" sensitive: bool,
        /// Whether the value is a placeholder such as `your_redis_url_here`, empty, a reference or a harmless default.
        "placeholder" placeholder: Field<bool>,
        /// The placeholder that it should be.
        "expected" expected: String,
    }
}

static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[a-z0-9]+(?:_[a-z0-9]+)*_(?:dev|development|staging|prod|production|test)_)?your_[a-z0-9_]+_here$")
        .ok()
});

/// Endings of names whose values nobody may see, and of addresses that may hold such values.
const SENSITIVE: [&str; 5] = ["_KEY", "_SECRET", "_TOKEN", "_PASSWORD", "_URL"];

/// Adds the values of a setup guide, or of an example file beside such guides.
pub(super) fn build(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(ExampleValue::describe().name) || !is_meant(file) {
        return;
    }
    let mut start = 0;
    for line in file.source.text().split_inclusive('\n') {
        if let Some((at, name)) = super::variables::assigned(line) {
            let after = at + name.len() + 1;
            let rest = line.get(after..).unwrap_or("");
            let value = value(rest);
            let from = start + after + (value.as_ptr() as usize - rest.as_ptr() as usize);
            let span = Span::new(from, from + value.len());
            let sensitive = SENSITIVE.iter().any(|ending| name.ends_with(ending));
            out.push(
                ExampleValue {
                    span: Span::new(start + at, start + at + name.len()),
                    name: name.to_owned(),
                    sensitive,
                    placeholder: Field::new(is_placeholder(name, value), span),
                    expected: format!("your_{}_here", name.to_lowercase()),
                },
                name,
                span,
            );
        }
        start += line.len();
    }
}

fn is_meant(file: &File<'_>) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    if super::project::is_env_example(name) {
        let below = |path: &str| path.ends_with("/setup.md") && path.contains("specs/infrastructure/");
        return file.inventory.files().any(below);
    }
    name.ends_with(".md") && file.documents.of(file.path, &Looks::default()).iter().any(|t| &**t == "infra-spec.setup")
}

/// Without blanks, quotes and a comment.
fn value(rest: &str) -> &str {
    let rest = rest.split(" #").next().unwrap_or(rest).trim();
    let rest = rest.trim_end_matches(['`', '\\']).trim_end();
    rest.trim_matches(['"', '\''])
}

fn is_placeholder(name: &str, value: &str) -> bool {
    let formed = FORM.as_ref().is_some_and(|form| form.is_match(value));
    let refers = value.is_empty() || value.starts_with("${") || value.starts_with("$(") || value.starts_with("{{");
    let local =
        ["localhost", "127.0.0.1", "0.0.0.0", "example.", ".local", ".internal"].iter().any(|h| value.contains(h));
    let plain = name.ends_with("_URL") && value.contains("://") && !value.contains('@');
    formed
        || refers
        || (name.ends_with("_URL") && local && !value.contains('@'))
        || (plain && !value.contains(['<', '{']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_have_one_form() {
        for (name, value) in [
            ("A_KEY", "your_a_key_here"),
            ("A_KEY", "shop_staging_your_a_key_here"),
            ("A_KEY", ""),
            ("A_KEY", "${A_KEY}"),
            ("A_URL", "http://localhost:3000"),
            ("A_URL", "https://api.acme.io/v1"),
        ] {
            assert!(is_placeholder(name, value), "{value}");
        }
        for (name, value) in [
            ("A_KEY", "<your key>"),
            ("A_KEY", "changeme"),
            ("A_KEY", "your-a-key-here"),
            ("A_KEY", "YOUR_KEY_HERE"),
            ("A_URL", "redis://user:password@host:6379"),
            ("A_URL", "https://<host>/"),
        ] {
            assert!(!is_placeholder(name, value), "{value}");
        }
        assert_eq!(value(" \"your_x_here\" # ask\n"), "your_x_here");
    }
}
