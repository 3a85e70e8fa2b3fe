//! `.dockerignore`: which paths of a build context stay out of it.

/// The patterns of one file, in order; the last that matches counts.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    /// `!`: what it matches comes back.
    keeps: bool,
    parts: Vec<Piece>,
}

/// One part of a pattern's path.
#[derive(Clone, Debug)]
enum Piece {
    /// `**`: any number of folders.
    Folders,
    /// `*`, `?` and brackets as shells have them.
    Glob(globset::GlobMatcher),
    /// A name.
    Plain(String),
}

impl Piece {
    fn of(part: &str) -> Self {
        if part == "**" {
            return Piece::Folders;
        }
        let glob = globset::GlobBuilder::new(part).literal_separator(true).build().ok();
        match glob.filter(|_| part.contains(['*', '?', '[', '{', '\\'])) {
            Some(glob) => Piece::Glob(glob.compile_matcher()),
            None => Piece::Plain(part.to_owned()),
        }
    }

    fn is(&self, name: &str) -> bool {
        match self {
            Piece::Folders => true,
            Piece::Glob(glob) => glob.is_match(name),
            Piece::Plain(plain) => plain == name,
        }
    }
}

/// Longer files than this are no hand-written lists.
const MOST: usize = 2000;

impl IgnoreFile {
    /// Reads the lines.
    pub fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        let patterns = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).take(MOST).filter_map(|line| {
            let (keeps, path) = match line.strip_prefix('!') {
                Some(path) => (true, path.trim()),
                None => (false, line),
            };
            let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
            // A path that leads out matches nothing.
            let leads_out = parts.contains(&"..");
            let pattern = || Pattern { keeps, parts: parts.iter().map(|part| Piece::of(part)).collect() };
            (!leads_out && !parts.is_empty()).then(pattern)
        });
        Self { patterns: patterns.collect() }
    }

    /// Whether a file or folder is left out as a whole: nothing below it comes back.
    pub fn leaves_out(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() {
            return false;
        }
        let last = self.patterns.iter().rposition(|pattern| pattern.matches(&parts));
        let Some(at) = last.filter(|&at| !self.patterns[at].keeps) else { return false };
        !self.patterns[at..].iter().any(|later| later.keeps && later.may_lie_below(&parts))
    }
}

impl IgnoreFile {
    /// Whether all that a source with stars can match is left out: a pattern matches its very letters, and nothing comes
    /// back.
    pub fn leaves_out_all(&self, glob: &str) -> bool {
        let parts: Vec<&str> = glob.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let last = self.patterns.iter().rposition(|pattern| pattern.matches(&parts));
        // `?` and brackets match the star itself, but not what it stands for.
        let wide = |piece: &Piece| match piece {
            Piece::Glob(glob) => !glob.glob().glob().contains(['?', '[', '{']),
            _ => true,
        };
        let holds = |at: usize| !self.patterns[at].keeps && self.patterns[at].parts.iter().all(wide);
        last.is_some_and(|at| holds(at) && !self.patterns[at..].iter().any(|later| later.keeps))
    }
}

impl Pattern {
    /// Whether the path or a folder above it matches.
    fn matches(&self, path: &[&str]) -> bool {
        (1..=path.len()).any(|len| whole(&self.parts, &path[..len]))
    }

    /// Whether something below the path may match.
    fn may_lie_below(&self, path: &[&str]) -> bool {
        for (part, name) in self.parts.iter().zip(path) {
            match part {
                Piece::Folders => return true,
                part if !part.is(name) => return false,
                _ => {}
            }
        }
        self.parts.len() > path.len()
    }
}

/// Whether a pattern's parts match all of a path; steps back only to the last `**`.
fn whole(pattern: &[Piece], path: &[&str]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < path.len() {
        match pattern.get(p) {
            Some(Piece::Folders) => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(part) if part.is(path[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|part| matches!(part, Piece::Folders))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_that_matches_counts() {
        let file = IgnoreFile::parse("# all\n\n*\n!src\n!/docs/a.md\nsrc/*.log\n../x\n**/target\n");
        for path in ["a", "b/c", "src/x.log", "docs/b.md", "src/a/target", "target/x"] {
            assert!(file.leaves_out(path), "{path}");
        }
        for path in ["src", "src/a.rs", "docs/a.md", "docs", "", "."] {
            assert!(!file.leaves_out(path), "{path}");
        }
    }

    #[test]
    fn patterns_hold_from_the_root_of_the_context() {
        let file = IgnoreFile::parse("node_modules\r\n/dist/\n*.md\n");
        assert!(file.leaves_out("node_modules/x") && file.leaves_out("./dist") && file.leaves_out("README.md"));
        assert!(!file.leaves_out("app/node_modules") && !file.leaves_out("docs/README.md"));
        let many = IgnoreFile::parse(&"**/a\n".repeat(10_000));
        assert!(!many.leaves_out(&"b/".repeat(100)));
    }
}
