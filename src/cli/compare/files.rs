//! The files that a report names, found here, and the lines that belong together in them.

use crate::cli::configs::plain;
use crate::syntax::Kind;
use crate::syntax::dockerfile;
use crate::syntax::kind::{PathContext, classify_path};
use crate::text::{Span, Text};
use crate::walk::{self, Content};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Directories of another machine that are taken off a path until it fits.
const ELSEWHERE: usize = 64;

/// Every file that either side names, by number.
pub(super) struct Files<'a> {
    cwd: &'a Path,
    roots: Vec<&'a Path>,
    numbers: HashMap<PathBuf, usize>,
    files: Vec<PathBuf>,
    uris: HashMap<String, usize>,
    instructions: HashMap<usize, Vec<(u32, u32)>>,
}

impl<'a> Files<'a> {
    /// `roots` are those of the projects that are compared.
    pub(super) fn new(cwd: &'a Path, roots: Vec<&'a Path>) -> Self {
        Self {
            cwd,
            roots,
            numbers: HashMap::new(),
            files: Vec::new(),
            uris: HashMap::new(),
            instructions: HashMap::new(),
        }
    }

    /// The number of a file of ours, by the path that is printed.
    pub(super) fn ours(&mut self, path: &str) -> usize {
        let file = plain(&self.cwd.join(path));
        self.number(file)
    }

    /// The number of a file that a report names.
    pub(super) fn theirs(&mut self, uri: &str) -> usize {
        if let Some(number) = self.uris.get(uri) {
            return *number;
        }
        let number = self.number(self.find(uri));
        self.uris.insert(uri.to_owned(), number);
        number
    }

    fn number(&mut self, file: PathBuf) -> usize {
        if let Some(number) = self.numbers.get(&file) {
            return *number;
        }
        self.files.push(file.clone());
        self.numbers.insert(file, self.files.len() - 1);
        self.files.len() - 1
    }

    /// A file, or what it would be called.
    pub(super) fn file(&self, number: usize) -> &Path {
        self.files.get(number).map_or(Path::new(""), |file| file)
    }

    /// Some tools write paths, some URIs, some paths of the container that they ran in.
    fn find(&self, uri: &str) -> PathBuf {
        let bare = uri.strip_prefix("file://localhost").or_else(|| uri.strip_prefix("file://")).unwrap_or(uri);
        let decoded = decoded(bare);
        let dirs = || std::iter::once(self.cwd).chain(self.roots.iter().copied());
        let spelled = [bare, &*decoded];
        let at = |dir: &Path, path: &str| Some(plain(&dir.join(path))).filter(|file| file.is_file());
        let found = spelled.iter().find_map(|path| dirs().find_map(|dir| at(dir, path)));
        let absolute = || Path::new(&*decoded).is_absolute() || uri.starts_with("file:");
        let elsewhere = || {
            let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
            let tails = (1..parts.len().min(ELSEWHERE)).map(|from| parts[from..].join("/"));
            absolute().then(|| tails.into_iter().find_map(|tail| dirs().find_map(|dir| at(dir, &tail)))).flatten()
        };
        found.or_else(elsewhere).unwrap_or_else(|| plain(&self.cwd.join(&*decoded)))
    }

    /// Lines, widened in a Dockerfile to the instruction that they are in.
    pub(super) fn widened(&mut self, file: usize, lines: (u32, u32)) -> (u32, u32) {
        if !self.instructions.contains_key(&file) {
            let found = instructions(self.file(file));
            self.instructions.insert(file, found);
        }
        let Some(all) = self.instructions.get(&file) else { return lines };
        let at = all.partition_point(|(_, end)| *end < lines.0);
        match all.get(at) {
            Some((start, end)) if *start <= lines.0 => (*start, (*end).max(lines.1)),
            _ => lines,
        }
    }
}

/// First and last line of each instruction; nothing where the file is no Dockerfile.
fn instructions(file: &Path) -> Vec<(u32, u32)> {
    let shown = walk::shown(file);
    if classify_path(&shown, &PathContext::default()).kind != Kind::Dockerfile {
        return Vec::new();
    }
    let Ok(Content::Text(source)) = walk::read(file, &shown) else { return Vec::new() };
    let text = Text::whole(source.text());
    let parsed = dockerfile::parse(&text);
    let line = |offset: u32| source.position(offset).line;
    let last = |span: Span| line(span.end.saturating_sub(1).max(span.start));
    parsed.instructions.iter().map(|one| (line(one.span.start), last(one.span))).collect()
}

/// `%20` and the like as what they stand for; what is no such thing stays.
fn decoded(uri: &str) -> String {
    let bytes = uri.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| uri.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_however_they_are_spelled() {
        let keep = tempfile::tempdir().unwrap();
        let root = keep.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("sub/a b")).unwrap();
        std::fs::write(root.join("sub/a b/x.yaml"), "").unwrap();
        std::fs::write(root.join("100%.yaml"), "").unwrap();
        let cwd = root.join("sub");
        let mut files = Files::new(&cwd, vec![&root]);
        let own = files.ours("a b/x.yaml");
        let absolute = format!("file://{}", root.join("sub/a%20b/x.yaml").display());
        for uri in
            ["a b/x.yaml", "./a%20b/x.yaml", "sub/a b/x.yaml", &absolute, "file:///github/workspace/a%20b/x.yaml"]
        {
            assert_eq!(files.theirs(uri), own, "{uri}");
        }
        assert_ne!(files.theirs("x.yaml"), own);
        let odd = files.theirs("100%.yaml");
        assert_eq!(files.file(odd), root.join("100%.yaml"));
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }

    #[test]
    fn lines_of_an_instruction_belong_together() {
        let keep = tempfile::tempdir().unwrap();
        let root = keep.path().canonicalize().unwrap();
        std::fs::write(root.join("Dockerfile"), "FROM a\nRUN b \\\n  c \\\n  d\n\nCMD e\n").unwrap();
        std::fs::write(root.join("x.yaml"), "a:\n  b\n").unwrap();
        let mut files = Files::new(&root, vec![]);
        let (docker, yaml) = (files.ours("Dockerfile"), files.ours("x.yaml"));
        assert_eq!(files.widened(docker, (3, 3)), (2, 4));
        assert_eq!(files.widened(docker, (2, 9)), (2, 9));
        assert_eq!(files.widened(docker, (5, 5)), (5, 5));
        assert_eq!(files.widened(yaml, (1, 1)), (1, 1));
    }
}
