//! What `.gitignore` files say of a path that need not exist: the rules of git, read from text.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// The patterns of one `.gitignore`.
#[derive(Clone, Debug)]
pub(in crate::fact) struct Ignores {
    dir: String,
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    keeps: bool,
    /// Holds for names at any depth, not for the path from the folder of the file.
    by_name: bool,
    dirs_only: bool,
    glob: GlobMatcher,
}

impl Ignores {
    /// Reads a `.gitignore` that lies in a folder; lines that are no patterns say nothing.
    pub(in crate::fact) fn new(dir: &str, text: &str) -> Self {
        Self { dir: dir.to_owned(), patterns: text.lines().filter_map(pattern).collect() }
    }

    /// What it says of a file: ignored, kept, or nothing.
    fn verdict(&self, path: &str) -> Option<bool> {
        let below = match self.dir.as_str() {
            "" => path,
            dir => path.strip_prefix(dir)?.strip_prefix('/')?,
        };
        // A folder that is ignored takes everything with it.
        let folders = below.match_indices('/').map(|(at, _)| &below[..at]);
        if folders.into_iter().any(|folder| self.last(folder, true) == Some(true)) {
            return Some(true);
        }
        self.last(below, false)
    }

    fn last(&self, below: &str, is_dir: bool) -> Option<bool> {
        let name = below.rsplit('/').next().unwrap_or(below);
        let matches = |p: &&Pattern| (is_dir || !p.dirs_only) && p.glob.is_match(if p.by_name { name } else { below });
        self.patterns.iter().rev().find(matches).map(|pattern| !pattern.keeps)
    }
}

/// Whether these files, the outermost first, keep a file out of git.
pub(in crate::fact) fn is_ignored(all: &[Ignores], path: &str) -> bool {
    all.iter().rev().find_map(|ignores| ignores.verdict(path)).unwrap_or(false)
}

fn pattern(line: &str) -> Option<Pattern> {
    let line = line.strip_suffix('\r').unwrap_or(line).trim_end_matches(' ');
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (keeps, rest) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let dirs_only = rest.ends_with('/');
    let rest = rest.trim_end_matches('/');
    let by_name = !rest.contains('/');
    let glob = GlobBuilder::new(rest.trim_start_matches('/')).literal_separator(true).backslash_escape(true).build();
    Some(Pattern { keeps, by_name, dirs_only, glob: glob.as_ref().map(Glob::compile_matcher).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(files: &[(&str, &str)], path: &str) -> bool {
        let all: Vec<Ignores> = files.iter().map(|(dir, text)| Ignores::new(dir, text)).collect();
        is_ignored(&all, path)
    }

    #[test]
    fn patterns_mean_what_they_mean_to_git() {
        let top = [("", "# env\n.env*\n!.env.example\n/build/\nlogs/*.log\n")];
        for path in [".env", "a/.env.local", "build/x", "logs/a.log"] {
            assert!(ignored(&top, path), "{path}");
        }
        for path in [".env.example", "a/.env.example", "a/build/x", "logs/b/a.log", "env"] {
            assert!(!ignored(&top, path), "{path}");
        }
    }

    #[test]
    fn the_nearest_file_wins() {
        let files = [("", ".env\n"), ("app", "!.env\n")];
        assert!(ignored(&files, ".env") && ignored(&files, "other/.env") && !ignored(&files, "app/.env"));
    }

    #[test]
    fn odd_lines_say_nothing() {
        assert!(!ignored(&[("", "\n  \n[\n\\#x\n")], ".env"));
        assert!(ignored(&[("", "**/.env\r\n")], "a/b/.env"));
    }
}
