//! File names as text: with `/`, and readable whatever their bytes are.

use std::fmt::Write;
use std::path::{Component, Path};

/// A path with `/`; bytes that are not UTF-8 stand as `\xNN`, so that different names stay different.
pub fn shown(path: &Path) -> String {
    let mut out = String::with_capacity(path.as_os_str().len());
    for component in path.components() {
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        match component {
            Component::RootDir => out.push('/'),
            Component::CurDir => {}
            other => push(&mut out, other.as_os_str().as_encoded_bytes()),
        }
    }
    out
}

fn push(out: &mut String, name: &[u8]) {
    for chunk in name.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_with_slashes() {
        assert_eq!(shown(Path::new("/a/b c/d:e,f%\ng")), "/a/b c/d:e,f%\ng");
        assert_eq!(shown(Path::new("./a//b/")), "a/b");
        assert_eq!(shown(Path::new("")), "");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf8_stay_distinct() {
        use std::os::unix::ffi::OsStrExt;
        let name = |bytes| shown(Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(name(b"a/\xffb\xc3"), "a/\\xFFb\\xC3");
        assert_ne!(name(b"\xfe"), name(b"\xff"));
    }
}
