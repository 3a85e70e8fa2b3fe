//! What the repository and the environment tell of the forge: owners of files, and where their pages are.

use crate::report::Owners;
use crate::walk::{self, Content};
use std::path::Path;

/// The owners that the CODEOWNERS file of a repository names, if it has one.
pub(super) fn owners(root: &str) -> Owners {
    let Ok(root) = Path::new(root).canonicalize() else { return Owners::default() };
    let text = |place: &str| {
        // A link may not lead out of the repository.
        let file = root.join(place).canonicalize().ok().filter(|file| file.starts_with(&root))?;
        match walk::read(&file, place) {
            Ok(Content::Text(source)) => Some(source),
            _ => None,
        }
    };
    let found = Owners::PLACES.into_iter().find_map(text);
    found.map_or_else(Owners::default, |source| Owners::read(source.text()))
}

/// The page of the repository's root at the commit that a workflow of GitHub runs on.
pub(super) fn page() -> Option<String> {
    let variable = |name| std::env::var(name).ok();
    address(&variable("GITHUB_SERVER_URL")?, &variable("GITHUB_REPOSITORY")?, &variable("GITHUB_SHA")?)
}

/// Nothing of what the variables hold may do harm in a page.
fn address(server: &str, repository: &str, commit: &str) -> Option<String> {
    let host = server.strip_prefix("https://")?;
    let all = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let plain = all(host, ".-:/_") && all(repository, "._-/") && all(commit, "");
    let whole = !host.is_empty() && repository.split('/').count() == 2 && !commit.is_empty();
    (plain && whole).then(|| format!("{server}/{repository}/blob/{commit}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_to_the_commit_and_nowhere_else() {
        let page = address("https://github.com", "owner/name.x", "0af3");
        assert_eq!(page.as_deref(), Some("https://github.com/owner/name.x/blob/0af3/"));
        let odd = [
            ("http://github.com", "o/r", "0"),
            ("https://", "o/r", "0"),
            ("https://x)[", "o/r", "0"),
            ("https://x", "o", "0"),
            ("https://x", "o/r)", "0"),
            ("https://x", "o/r", "a b"),
            ("https://x", "o/r", ""),
        ];
        odd.iter().for_each(|(server, repository, commit)| assert_eq!(address(server, repository, commit), None));
    }

    #[test]
    fn the_first_place_counts() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_string_lossy().into_owned();
        assert_eq!(owners(&root), Owners::default());
        std::fs::write(dir.path().join("CODEOWNERS"), "* @second\n").unwrap();
        assert_eq!(owners(&root).of("x"), ["@second"]);
        std::fs::create_dir(dir.path().join(".github")).unwrap();
        std::fs::write(dir.path().join(".github/CODEOWNERS"), "* @first\n").unwrap();
        assert_eq!(owners(&root).of("x"), ["@first"]);
    }
}
