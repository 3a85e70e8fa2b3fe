//! Files that are keys themselves, told by their names: stores of certificates with keys, keys of SSH.

use super::value::{Field, facts};
use super::{Facts, File, Wanted};
use crate::text::Span;

facts! {
    /// A file that by its name and content is a private key, or a store that holds some.
    pub struct KeyFile = "secrets.key-file" {
        /// The file's name.
        "name" name: String,
        /// What it is: `store`, `ssh`, `putty`.
        "form" form: String,
        /// Whether a passphrase is known to protect it.
        "encrypted" encrypted: bool,
        /// Whether git tracks it; unknown outside a git work tree.
        "tracked" tracked: Field<bool>,
    }
}

/// Endings of stores, whose content is binary.
const STORES: [&str; 6] = ["p12", "pfx", "jks", "keystore", "bcfks", "pkcs12"];
/// Names that `ssh-keygen` gives.
const SSH: [&str; 5] = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk"];

/// Whether the path names a store of keys, which is worth a finding although nothing in it can be read.
pub fn is_key_store(path: &str) -> bool {
    let ending = name(path).rsplit_once('.').map_or("", |(_, ending)| ending);
    STORES.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Adds the file, if it is one.
pub(super) fn build(file: &File<'_>, wanted: &Wanted, out: &mut Facts) {
    if !wanted.subject(KeyFile::describe().name) {
        return;
    }
    let name = name(file.path);
    let text = file.source.text();
    let Some((form, encrypted)) = form(name, text) else { return };
    let first = text.lines().next().unwrap_or("").trim_end();
    let span = Span::new(0, first.len());
    let tracked = match file.inventory.is_tracked(file.path) {
        Some(tracked) => Field::new(tracked, span),
        None => Field::unknown("", span),
    };
    let fact = KeyFile { span, name: name.to_owned(), form: form.to_owned(), encrypted, tracked };
    out.push(fact, name, Span::new(0, text.len()));
}

/// A text under such a name counts only if it says that it is a key.
fn form(name: &str, text: &str) -> Option<(&'static str, bool)> {
    let head = text.get(..text.len().min(200)).unwrap_or(text);
    if is_key_store(name) {
        return Some(("store", false));
    }
    if SSH.contains(&name) && head.contains("PRIVATE KEY-----") {
        return Some(("ssh", text.lines().take(4).any(|line| line.contains("ENCRYPTED"))));
    }
    let putty = name.to_ascii_lowercase().ends_with(".ppk") && head.contains("PuTTY-User-Key-File");
    putty.then(|| ("putty", text.lines().take(4).any(|l| l.starts_with("Encryption:") && !l.ends_with("none"))))
}

#[cfg(test)]
mod tests {
    use super::{form, is_key_store};

    #[test]
    fn keys_are_told_by_name_and_content() {
        assert_eq!(form("site.p12", ""), Some(("store", false)));
        assert_eq!(form("a.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"), Some(("putty", false)));
        assert_eq!(form("a.ppk", "PuTTY-User-Key-File-3: x\nEncryption: aes256-cbc\n"), Some(("putty", true)));
        assert_eq!(form("id_rsa", concat!("-----BE", "GIN RSA PRIVATE KEY-----\n")), Some(("ssh", false)));
        for (name, text) in [("id_rsa", "see the vault"), ("id_rsa.pub", "ssh-rsa AAAA"), ("a.ppk", "x"), ("p12", "")] {
            assert_eq!(form(name, text), None, "{name}");
        }
        assert!(is_key_store("a/b/Release.KEYSTORE") && !is_key_store("docs/keystore.md"));
    }
}
