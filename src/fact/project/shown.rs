//! Images that documents show: in fences of Compose files, manifests and Dockerfiles, and in commands that run or pull.

use super::images::used;
use crate::fact::File;
use crate::fact::image::Image;
use crate::fact::markdown::is_changelog;
use crate::fact::summary::ImageUse;
use crate::fact::value::Field;
use crate::syntax::markdown::{self, Code, Document};
use crate::text::{Span, Text};
use std::sync::Arc;

/// Words in paths of documents that tell of other times.
const OTHER_TIMES: [&str; 10] =
    ["adr", "adrs", "decisions", "archive", "migration", "migrations", "migrating", "upgrade", "upgrading", "upgrades"];
/// Beginnings of words before a block that say that it shows another version on purpose.
const ON_PURPOSE: [&str; 14] = [
    "old", "previous", "former", "legacy", "upgrad", "downgrad", "migrat", "rollback", "roll", "deprecat", "instead",
    "earlier", "another", "specific",
];
/// Blocks that hold commands.
const SHELLS: [&str; 9] = ["sh", "bash", "shell", "zsh", "console", "shell-session", "terminal", "shellsession", ""];
/// Ways to run or pull an image.
const COMMANDS: [&[&str]; 4] = [&["run"], &["pull"], &["container", "run"], &["image", "pull"]];
/// Flags of `docker run` and `docker pull` without a value; all others have one.
const SWITCHES: [&str; 16] = [
    "--rm",
    "--init",
    "--privileged",
    "--detach",
    "--interactive",
    "--tty",
    "--read-only",
    "--no-healthcheck",
    "--publish-all",
    "--oom-kill-disable",
    "--disable-content-trust",
    "--quiet",
    "--all-tags",
    "--sig-proxy",
    "--replace",
    "--help",
];
/// Letters of flags without a value.
const SWITCH_LETTERS: &str = "ditPqa";
/// Words of one command that are looked at.
const MOST: usize = 200;

/// The images with a version that a document shows as what is in use; `known` are those of its fences.
pub(super) fn named(path: &Arc<str>, file: &File<'_>, known: &[Field<Image>]) -> Vec<ImageUse> {
    let text = file.source.text();
    let says = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let lower = path.to_lowercase();
    let old = lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| OTHER_TIMES.contains(&word));
    if file.foreign || old || is_changelog(path) || known.is_empty() && !says("docker ") && !says("podman ") {
        return Vec::new();
    }
    let tree = markdown::parse(text);
    let mut found = Vec::new();
    for code in tree.codes().filter(|code| code.fenced && !on_purpose(&tree, code.span)) {
        let inside = |image: &&Field<Image>| image.known().is_some_and(|image| code.span.contains(image.span));
        found.extend(known.iter().filter(inside).filter_map(|image| used(image, path, file)));
        if SHELLS.contains(&code.language().to_ascii_lowercase().as_str()) {
            found.extend(commands(&code).iter().filter_map(|image| used(image, path, file)));
        }
    }
    found.retain(|image| is_version(&image.tag) && !image.repository.contains("example"));
    found.iter_mut().for_each(|image| image.shown = true);
    found
}

/// The folder that a document speaks for: its own, or the one that its `docs` lie in.
pub(super) fn folder(path: &str) -> &str {
    let mut end = 0;
    for (at, _) in path.match_indices('/') {
        if matches!(&path[end..at], "docs" | "doc" | "documentation") {
            break;
        }
        end = at + 1;
    }
    &path[..end]
}

/// Whether a tag tells a version, and no name of one: `latest`, `TAG`, `x.y.z`.
fn is_version(tag: &str) -> bool {
    let number = tag.trim_start_matches('v').split(['-', '_', '+']).next().unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether the paragraph or heading right before a block says that another version is meant.
fn on_purpose(tree: &Document<'_>, code: Span) -> bool {
    let before = tree.source().get(..code.start as usize).unwrap_or_default();
    let mut lines = before.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let near = lines.by_ref().take(2).filter(|line| line.len() < 1000);
    near.flat_map(|line| line.split(|c: char| !c.is_alphabetic())).any(|word| {
        let word = word.to_lowercase();
        ON_PURPOSE.iter().any(|start| word.starts_with(start))
    })
}

/// The images that the commands of a block run or pull.
fn commands(code: &Code<'_>) -> Vec<Field<Image>> {
    let content = code.content();
    let text = content.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (words, next) = command(text, at);
        at = next;
        found.extend(image(&words, &content));
    }
    found
}

/// The words of the command that begins at a place, and where the next one begins.
pub(in crate::fact) fn command(text: &str, start: usize) -> (Vec<(usize, &str)>, usize) {
    let mut words = Vec::new();
    let (mut word, mut quote, mut escaped) = (None, None, false);
    let mut end = text.len();
    for (at, c) in text[start..].char_indices().map(|(at, c)| (start + at, c)) {
        let apart = quote.is_none() && (c.is_whitespace() || c == ';' || c == '|' || c == '&');
        if apart || c == '\\' && text[at + 1..].trim_start_matches('\r').starts_with('\n') {
            if let Some(first) = word.take().filter(|_| words.len() < MOST) {
                words.push((first, &text[first..at]));
            }
        } else {
            word = word.or(Some(at));
        }
        if !escaped && (quote.is_none() && !c.is_whitespace() && apart || c == '\n' && quote.is_none()) {
            end = at + 1;
            break;
        }
        match c {
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ => {}
        }
        escaped = c == '\\' || escaped && c == '\r';
    }
    if let Some(first) = word {
        words.push((first, &text[first..end]));
    }
    (words, end)
}

/// The image of a command that runs or pulls one.
fn image(words: &[(usize, &str)], content: &Text<'_>) -> Option<Field<Image>> {
    let lead = words.iter().take_while(|(_, word)| matches!(*word, "$" | "%" | ">" | "sudo")).count();
    let (program, rest) = words.get(lead..)?.split_first()?;
    if !matches!(program.1, "docker" | "podman") {
        return None;
    }
    let is =
        |names: &&&[&str]| rest.len() > names.len() && names.iter().zip(rest).all(|(name, (_, word))| name == word);
    let mut args = rest.get(COMMANDS.iter().find(is)?.len()..)?.iter();
    while let Some(&(at, word)) = args.next() {
        if !word.starts_with('-') {
            let bare = word.trim_matches(['"', '\'']);
            let start = at + (word.len() - word.trim_start_matches(['"', '\'']).len());
            return Some(Image::read(bare, content.span(start..start + bare.len())));
        }
        if takes_next(word) {
            args.next();
        }
    }
    None
}

/// Whether the value of a flag is the next word: `-p`, `-itp`, but not `-it`, `-p80:80` and `--name=x`.
fn takes_next(flag: &str) -> bool {
    if flag.starts_with("--") {
        return !flag.contains('=') && !SWITCHES.contains(&flag);
    }
    let values = flag[1..].trim_start_matches(|letter| SWITCH_LETTERS.contains(letter));
    values.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(block: &str) -> Vec<String> {
        let source = format!("```sh\n{block}\n```\n");
        let tree = markdown::parse(&source);
        let found: Vec<_> = tree.codes().flat_map(|code| commands(&code)).collect();
        found
            .iter()
            .filter_map(|image| image.known().map(|known| (known, image.span())))
            .map(|(known, span)| {
                assert_eq!(
                    span.and_then(|span| source.get(span.start as usize..span.end as usize)),
                    Some(&*known.text)
                );
                known.text.clone()
            })
            .collect()
    }

    #[test]
    fn commands_give_their_image() {
        for (block, image) in [
            ("docker pull a:1", "a:1"),
            ("$ sudo docker run -it --rm -p 80:80 --name web -e 'A=b c' a:1 sh -c 'x b:2'", "a:1"),
            ("docker run -d \\\n  --name=x \\\n  -v \"$PWD\":/x \\\n  a:1", "a:1"),
            ("cd x && podman container run -p80:80 \"a:1\"; ls", "a:1"),
            ("x | docker image pull --platform linux/amd64 a:1 # b:2\n", "a:1"),
        ] {
            assert_eq!(images(block), [image], "{block}");
        }
        for block in
            ["# docker pull a:1", "docker build -t a:1 .", "docker run a:<version>", "docker run", "docker", ""]
        {
            assert!(images(block).is_empty(), "{block}");
        }
    }

    #[test]
    fn documents_speak_for_a_folder() {
        for (path, of) in [("README.md", ""), ("docs/a/b.md", ""), ("a/docs/b.md", "a/"), ("a/b/README.md", "a/b/")] {
            assert_eq!(folder(path), of, "{path}");
        }
    }

    #[test]
    fn numbers_are_versions() {
        assert!(is_version("16.2-alpine") && is_version("v1"));
        assert!(!is_version("latest") && !is_version("x.y.z") && !is_version("TAG") && !is_version("v1.x"));
    }
}
