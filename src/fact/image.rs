//! References to container images: registry, name, tag and digest.

use super::value::{Field, facts};
use crate::text::Span;

facts! {
    /// A reference to a container image.
    pub struct Image = "image" {
        /// The reference as it reads.
        "text" text: String,
        /// The host of the registry, if one is named.
        "registry" registry: Field<String>,
        /// The repository, without registry, tag and digest.
        "name" name: Field<String>,
        /// The tag, if one is given.
        "tag" tag: Field<String>,
        /// The digest, `sha256:…`, if one is given.
        "digest" digest: Field<String>,
    }
}

impl Image {
    /// A reference as a file gives it; what can be none (`<your image>`, `IMAGE_NAME`) is filled in by somebody.
    pub fn read(text: &str, span: Span) -> Field<Image> {
        let image = Image::parse(text, span);
        let refused = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '%' | '…');
        let lower = |name: &String| !name.chars().any(|c| c.is_ascii_uppercase());
        let valid = !text.contains(refused) && !text.contains("...") && image.name.known().is_none_or(lower);
        if valid { Field::new(image, span) } else { Field::unknown(text, span) }
    }

    /// Takes a reference apart; parts with a variable are unknown.
    pub fn parse(text: &str, span: Span) -> Image {
        let (rest, digest) = match cut(text, '@') {
            Some((rest, digest)) => (rest, part(digest, span)),
            None => (text, open_end(text, span)),
        };
        let slash = last_outside(rest, '/').map_or(0, |at| at + 1);
        let (path, tag) = match cut(&rest[slash..], ':') {
            Some((name, tag)) => (&rest[..slash + name.len()], part(tag, span)),
            None => (rest, open_end(rest, span)),
        };
        let (registry, name) = match cut_first(path, '/') {
            Some((host, name)) if host == "localhost" || host.contains(['.', ':']) => (part(host, span), name),
            _ => (Field::Absent, path),
        };
        Image { span, text: text.to_owned(), registry, name: part(name, span), tag, digest }
    }

    /// The repository with its registry, as kustomizations name images.
    pub fn repository(&self) -> Option<String> {
        let name = self.name.known()?;
        Some(self.registry.known().map_or_else(|| name.clone(), |host| format!("{host}/{name}")))
    }
}

fn part(text: &str, span: Span) -> Field<String> {
    if has_variable(text) { Field::unknown(text, span) } else { Field::new(text.to_owned(), span) }
}

/// Without a tag or digest in sight: one may hide in a variable at the end.
fn open_end(text: &str, span: Span) -> Field<String> {
    let word = text.rsplit('/').next().unwrap_or(text);
    let hidden = text.ends_with(['}', ')']) && has_variable(text) || word.starts_with('$') || word.contains("$");
    if hidden { Field::unknown(text, span) } else { Field::Absent }
}

fn has_variable(text: &str) -> bool {
    text.contains('$') || text.contains("{{")
}

/// Byte of the last `mark` that is not inside braces.
fn last_outside(text: &str, mark: char) -> Option<usize> {
    outside(text).filter(|&(_, c)| c == mark).last().map(|(at, _)| at)
}

fn cut(text: &str, mark: char) -> Option<(&str, &str)> {
    last_outside(text, mark).map(|at| (&text[..at], &text[at + 1..]))
}

fn cut_first(text: &str, mark: char) -> Option<(&str, &str)> {
    outside(text).find(|&(_, c)| c == mark).map(|(at, _)| (&text[..at], &text[at + 1..]))
}

fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_usize;
    text.char_indices().filter(move |&(_, c)| {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(field: &Field<String>) -> &str {
        match field {
            Field::Absent => "-",
            Field::Unknown(_) => "?",
            Field::Known(text) => &text.value,
        }
    }

    #[test]
    fn what_nobody_can_pull_is_filled_in_later() {
        for text in ["<image_url>", "IMAGE", "ghcr.io/ORG/app", "your image", "[registry]/app", "%IMAGE%"] {
            assert!(Image::read(text, Span::default()).is_unknown(), "{text}");
        }
        for text in ["nginx", "Host:5000/app", "app:V1", "${REG}/app"] {
            assert!(Image::read(text, Span::default()).known().is_some(), "{text}");
        }
    }

    #[test]
    fn references_come_apart() {
        let table = [
            ("nginx", ["-", "nginx", "-", "-"]),
            ("nginx:1.27", ["-", "nginx", "1.27", "-"]),
            ("host:5000/a/b", ["host:5000", "a/b", "-", "-"]),
            ("localhost/a:x", ["localhost", "a", "x", "-"]),
            ("ghcr.io/a/b:v1@sha256:00", ["ghcr.io", "a/b", "v1", "sha256:00"]),
            ("lib/nginx@sha256:00", ["-", "lib/nginx", "-", "sha256:00"]),
            ("nginx:${TAG}", ["-", "nginx", "?", "?"]),
            ("nginx:${TAG:-latest}", ["-", "nginx", "?", "?"]),
            ("${REG}/nginx", ["-", "?", "-", "-"]),
            ("${REG:-a.b/c}/nginx:1", ["?", "nginx", "1", "-"]),
            ("nginx${SUFFIX}", ["-", "?", "?", "?"]),
            ("${IMAGE}", ["-", "?", "?", "?"]),
            ("$IMAGE", ["-", "?", "?", "?"]),
        ];
        for (text, expected) in table {
            let image = Image::parse(text, Span::default());
            let got = [&image.registry, &image.name, &image.tag, &image.digest].map(shown);
            assert_eq!(got, expected, "{text}");
        }
    }
}
