//! Where the work tree begins and which paths it tracks.

use gix::bstr::ByteSlice;
use gix::index::entry::Mode;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Submodules within submodules are listed this deep.
const NESTING: usize = 8;

/// The top of the git work tree that holds `dir`, if any. Reads no configuration.
pub fn work_tree(dir: &Path) -> Option<PathBuf> {
    dir.ancestors().find(|dir| is_work_tree(dir)).map(Path::to_path_buf)
}

/// Whether the history of a work tree ends where somebody cut it off. Whoever cannot tell says no.
pub fn is_shallow(top: &Path) -> bool {
    let open =
        || gix::open_opts(top, gix::open::Options::isolated()).is_ok_and(|repo| repo.is_shallow().unwrap_or(false));
    catch_unwind(AssertUnwindSafe(open)).unwrap_or(false)
}

/// The name of the branch that is checked out in a work tree; none where a single commit is, or HEAD cannot be read.
pub fn branch(top: &Path) -> Option<String> {
    let dot_git = top.join(".git");
    let linked = std::fs::metadata(&dot_git).ok()?.is_file();
    let dir = match linked {
        false => dot_git,
        // A worktree or a submodule: the file says where the rest lies.
        true => top.join(short(&dot_git)?.strip_prefix("gitdir:")?.trim()),
    };
    let head = short(&dir.join("HEAD"))?;
    let name = head.trim().strip_prefix("ref: refs/heads/")?;
    (!name.is_empty() && !name.contains(char::is_control)).then(|| name.to_owned())
}

/// The text of a file that is not longer than such a file can be.
fn short(path: &Path) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(4096).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Whether a directory has a `.git` of its own: a directory, or the file that leads a worktree or submodule to it.
fn is_work_tree(dir: &Path) -> bool {
    let dot_git = dir.join(".git");
    match std::fs::metadata(&dot_git) {
        Ok(meta) if meta.is_dir() => dot_git.join("HEAD").exists(),
        Ok(meta) => meta.is_file(),
        Err(_) => false,
    }
}

/// The files that git tracks, below `top` and with `/`; submodules included, links and missing parts of a
/// sparse checkout left out.
///
/// # Errors
/// A sentence, when the repository cannot be read.
pub fn tracked(top: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut modules = vec![(PathBuf::new(), 0)];
    while let Some((prefix, depth)) = modules.pop() {
        let dir = top.join(&prefix);
        let listed = guarded(|| list(&dir));
        let (found, inner) = match listed {
            Ok(listed) => listed,
            // A submodule that was never cloned is no fault of the repository.
            Err(_) if depth > 0 => continue,
            Err(message) => return Err(message),
        };
        files.extend(found.into_iter().map(|path| prefix.join(path)));
        if depth < NESTING {
            let own = inner.into_iter().filter(|path| is_work_tree(&dir.join(path)));
            modules.extend(own.map(|path| (prefix.join(path), depth + 1)));
        }
    }
    Ok(files)
}

/// A corrupt index must not end the run, whatever the decoder makes of it.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("the git index is corrupt".to_owned()))
}

/// Files and submodules of one repository.
type Listed = (Vec<PathBuf>, Vec<PathBuf>);

fn list(dir: &Path) -> Result<Listed, String> {
    let options = gix::open::Options::isolated();
    let repo = gix::open_opts(dir, options).map_err(|e| format!("the git repository cannot be read: {e}"))?;
    let index = repo.index_or_empty().map_err(|e| format!("the git index cannot be read: {e}"))?;
    let (mut files, mut modules) = (Vec::new(), Vec::new());
    let mut last: &[u8] = b"";
    for entry in index.entries() {
        let path = entry.path(&index);
        // A conflict has up to three entries of one path.
        if path.is_empty() || path == last {
            continue;
        }
        last = path;
        let Ok(path) = path.to_path() else { continue };
        match entry.mode {
            Mode::FILE | Mode::FILE_EXECUTABLE => files.push(path.to_path_buf()),
            Mode::COMMIT => modules.push(path.to_path_buf()),
            _ => {}
        }
    }
    Ok((files, modules))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// An index as git writes it (version 2), without its final hash being checked by anything but its presence.
    fn index(paths: &[(&str, u32)]) -> Vec<u8> {
        let mut out = b"DIRC".to_vec();
        out.extend(2u32.to_be_bytes());
        out.extend((paths.len() as u32).to_be_bytes());
        for (path, mode) in paths {
            let from = out.len();
            for field in [0, 0, 0, 0, 0, 0, *mode, 0, 0, 0] {
                out.extend(u32::to_be_bytes(field));
            }
            out.extend([0; 20]);
            out.extend((path.len() as u16).to_be_bytes());
            out.extend(path.as_bytes());
            let len = out.len() - from;
            out.resize(from + len + 8 - len % 8, 0);
        }
        out.extend([0; 20]);
        out
    }

    fn repository(dir: &Path, index_bytes: &[u8]) {
        fs::create_dir_all(dir.join(".git/objects")).unwrap();
        fs::create_dir_all(dir.join(".git/refs")).unwrap();
        fs::write(dir.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(dir.join(".git/config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n").unwrap();
        fs::write(dir.join(".git/index"), index_bytes).unwrap();
    }

    #[test]
    fn a_branch_has_a_name_and_a_single_commit_has_none() {
        let dir = tempfile::tempdir().unwrap();
        repository(dir.path(), &index(&[]));
        assert_eq!(branch(dir.path()).as_deref(), Some("main"));
        let linked = dir.path().join("linked");
        fs::create_dir_all(dir.path().join(".git/worktrees/linked")).unwrap();
        fs::create_dir(&linked).unwrap();
        fs::write(linked.join(".git"), "gitdir: ../.git/worktrees/linked\n").unwrap();
        fs::write(dir.path().join(".git/worktrees/linked/HEAD"), "ref: refs/heads/spec-002\n").unwrap();
        assert_eq!(branch(&linked).as_deref(), Some("spec-002"));
        for head in [&b"4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"[..], b"ref: refs/heads/\n", b"\xff\xfe", b""] {
            fs::write(dir.path().join(".git/HEAD"), head).unwrap();
            assert_eq!(branch(dir.path()), None, "{head:?}");
        }
        fs::write(linked.join(".git"), "gitdir: ../nowhere\n").unwrap();
        assert_eq!((branch(&linked), branch(&dir.path().join("none"))), (None, None));
    }

    #[test]
    fn lists_files_and_those_of_submodules() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path();
        repository(top, &index(&[("a.md", 0o100_644), ("link", 0o120_000), ("run.sh", 0o100_755), ("sub", 0o160_000)]));
        repository(&top.join("sub"), &index(&[("b.md", 0o100_644)]));
        let mut files = tracked(top).unwrap();
        files.sort();
        assert_eq!(files, [Path::new("a.md"), Path::new("run.sh"), Path::new("sub/b.md")]);
        fs::create_dir(top.join("x")).unwrap();
        assert_eq!(work_tree(&top.join("x")).as_deref(), Some(top));
        assert_eq!(work_tree(&top.join("sub")), Some(top.join("sub")));
    }

    #[test]
    fn linked_work_trees_have_their_own_index() {
        let dir = tempfile::tempdir().unwrap();
        let (main, linked) = (dir.path().join("main"), dir.path().join("linked"));
        repository(&main, &index(&[("a.md", 0o100_644)]));
        let admin = main.join(".git/worktrees/linked");
        fs::create_dir_all(&admin).unwrap();
        fs::create_dir(&linked).unwrap();
        fs::write(linked.join(".git"), format!("gitdir: {}\n", admin.display())).unwrap();
        fs::write(admin.join("HEAD"), "ref: refs/heads/x\n").unwrap();
        fs::write(admin.join("commondir"), "../..\n").unwrap();
        fs::write(admin.join("gitdir"), format!("{}/.git\n", linked.display())).unwrap();
        fs::write(admin.join("index"), index(&[("b.md", 0o100_644)])).unwrap();
        assert_eq!(work_tree(&linked).as_deref(), Some(&*linked));
        assert_eq!(tracked(&linked).unwrap(), [Path::new("b.md")]);
    }

    #[test]
    fn a_repository_without_index_tracks_nothing() {
        let dir = tempfile::tempdir().unwrap();
        repository(dir.path(), b"");
        fs::remove_file(dir.path().join(".git/index")).unwrap();
        assert_eq!(tracked(dir.path()).unwrap(), Vec::<PathBuf>::new());
    }

    #[test]
    fn broken_repositories_are_told_in_a_sentence() {
        let whole = index(&[("a.md", 0o100_644), ("b.md", 0o100_644)]);
        for bytes in
            [&b""[..], b"DIRC", b"nonsense that is no index at all, but long enough", &whole[..60], &whole[..80]]
        {
            let dir = tempfile::tempdir().unwrap();
            repository(dir.path(), bytes);
            assert!(tracked(dir.path()).unwrap_err().starts_with("the git index"), "{bytes:?}");
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(".git"), "gitdir: /nowhere/at/all\n").unwrap();
        assert!(tracked(dir.path()).unwrap_err().starts_with("the git repository"));
        let dir = tempfile::tempdir().unwrap();
        repository(dir.path(), &whole);
        fs::write(dir.path().join(".git/config"), "[core\nrubbish = ").unwrap();
        assert!(tracked(dir.path()).is_err());
    }
}
