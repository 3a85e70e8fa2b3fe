//! Paths as platforms want them: relative to the root of the repository, percent-encoded where they are URIs.

use std::borrow::Cow;

/// Where the paths of a report lead: they are printed relative to the current directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The repository's root, absolute, with `/` and a final one.
    pub root: String,
    /// What leads from there to the current directory: empty, or with a final `/`.
    pub here: String,
    /// The page of the root on a forge, with a final `/`, where there is one to lead to.
    pub page: Option<String>,
}

impl Base {
    /// A printed path as seen from the root; absolute if it lies outside.
    pub(super) fn rooted<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if let Some(rest) = path.strip_prefix(&self.root).filter(|_| !self.root.is_empty()) {
            return Cow::Borrowed(rest);
        }
        if self.here.is_empty() || is_absolute(path) {
            Cow::Borrowed(path)
        } else {
            format!("{}{path}", self.here).into()
        }
    }

    /// The page of a file.
    pub(super) fn page(&self, path: &str) -> Option<String> {
        let path = self.rooted(path);
        let page = self.page.as_ref().filter(|_| !is_absolute(&path))?;
        Some(format!("{page}{}", uri(&path)))
    }
}

/// Whether a path begins at `/` or at a drive.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// A path as a URI reference: relative, or a `file:` URI if it is absolute.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    if is_absolute(path) {
        out.push_str(if path.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_the_root() {
        let base = Base { root: "/srv/repo/".into(), here: "deploy/".into(), page: None };
        let cases = [("a.yaml", "deploy/a.yaml"), ("/srv/repo/b/c", "b/c"), ("/etc/x", "/etc/x"), ("C:/x", "C:/x")];
        for (path, expected) in cases {
            assert_eq!(base.rooted(path), expected);
        }
        assert_eq!(Base::default().rooted("a"), "a");
        assert_eq!(Base::default().rooted("/a"), "/a");
    }

    #[test]
    fn uris_hold_no_sign_that_means_something() {
        let cases = [
            ("a/b-c_d.~e", "a/b-c_d.~e"),
            ("100%,a:b\n#?[ü]", "100%25%2Ca%3Ab%0A%23%3F%5B%C3%BC%5D"),
            ("/etc/x y", "file:///etc/x%20y"),
            ("C:/x", "file:///C%3A/x"),
        ];
        for (path, expected) in cases {
            assert_eq!(uri(path), expected);
        }
    }
}
