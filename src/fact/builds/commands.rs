//! Commands that build an image: `docker build -t NAME -f FILE FOLDER` and its like.

use super::variables::expand;
use super::{Built, MAX_FOLDERS, candidates, repository};
use crate::fact::context::{directory, join};
use crate::fact::project::command;

/// Nobody's script is longer; each command asks all of it for its variables.
const LONGEST: usize = 256 * 1024;
/// Nobody's script builds more images.
const MOST: usize = 200;

/// Programs that build, with the words that make them do so.
const BUILDS: &[&[&str]] = &[
    &["docker", "build"],
    &["docker", "buildx", "build"],
    &["docker", "image", "build"],
    &["docker", "builder", "build"],
    &["podman", "build"],
    &["podman", "image", "build"],
    &["nerdctl", "build"],
    &["buildah", "bud"],
    &["buildah", "build"],
];

/// Words that may stand before a command.
const LEADS: &[&str] = &["-", "|", ">", "@", "!", "sudo", "time", "exec", "if", "then", "do"];

/// Flags without a value; all others have one.
const SWITCHES: &[&str] = &[
    "--no-cache",
    "--pull",
    "--push",
    "--load",
    "--quiet",
    "-q",
    "--rm",
    "--force-rm",
    "--squash",
    "--compress",
    "--debug",
    "-D",
    "--check",
    "--layers",
    "--disable-content-trust",
    "--format=docker",
    "--tls-verify",
];

/// Reads a script; the folder in which it runs is its own or the root, unless it goes to another.
pub(super) fn read(path: &str, text: &str, out: &mut Vec<Built>) {
    let bytes = text.as_bytes();
    if ["docker", "podman", "buildah", "nerdctl"]
        .iter()
        .all(|name| memchr::memmem::find(bytes, name.as_bytes()).is_none())
    {
        return;
    }
    let own = directory(path);
    let mut bases = vec![String::new()];
    if !own.is_empty() {
        bases.push(own.to_owned());
    }
    bases.extend(folders(text).flat_map(|folder| [join("", folder), join(own, folder)]).flatten().take(MAX_FOLDERS));
    lines(text, &bases, text, out);
}

/// Reads commands that run in one of the folders; `whole` is where their variables are set.
pub(super) fn lines(text: &str, bases: &[String], whole: &str, out: &mut Vec<Built>) {
    let (mut at, mut calls) = (0, 0);
    while at < text.len() && calls < MOST && whole.len() <= LONGEST {
        let (words, next) = command(text, at);
        at = next.max(at + 1);
        let words: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
        let Some(args) = arguments(&words) else { continue };
        if let Some(build) = Call::read(args, whole) {
            build.built(bases, whole, out);
            calls += 1;
        }
    }
}

/// Folders that a script goes to.
fn folders(text: &str) -> impl Iterator<Item = &str> {
    let changes = text.split(['\n', ';', '&', '(']).map(str::trim).filter_map(|command| {
        let command = command.trim_start_matches(['@', '-', ' ']);
        let command = command.strip_prefix("run:").unwrap_or(command).trim_start();
        command.strip_prefix("cd ").or_else(|| command.strip_prefix("pushd "))
    });
    changes.map(|folder| folder.trim().trim_matches(['"', '\'', ')']))
}

/// What stands behind the words that make a program build.
fn arguments<'w, 't>(words: &'w [&'t str]) -> Option<&'w [&'t str]> {
    let program = |word: &str| {
        let bare = word.trim_start_matches(['@', '-', '"', '\'']);
        matches!(bare, "docker" | "podman" | "buildah" | "nerdctl" | "$(DOCKER)" | "${DOCKER}")
    };
    // Before it there may be `sudo`, `time`, variables, the dash of a list.
    let leads = |word: &str| LEADS.contains(&word) || word.contains('=') || word.ends_with(':');
    let at = words.iter().position(|word| !leads(word)).filter(|at| program(words[*at]))?;
    let rest = &words[at..];
    let first = rest[0].trim_start_matches(['@', '-', '"', '\'']);
    let first = if first.starts_with('$') { "docker" } else { first };
    let builds = BUILDS.iter().find(|names| {
        names.len() <= rest.len()
            && names[0] == first
            && names[1..].iter().zip(&rest[1..]).all(|(name, word)| name == word)
    })?;
    rest.get(builds.len()..)
}

/// A command that builds, taken apart.
struct Call<'t> {
    tags: Vec<&'t str>,
    file: Option<&'t str>,
    target: Option<&'t str>,
    folder: &'t str,
}

impl<'t> Call<'t> {
    fn read(words: &[&'t str], whole: &str) -> Option<Self> {
        let (mut tags, mut file, mut target, mut folder) = (Vec::new(), None, None, None);
        let mut words = words.iter().map(|word| word.trim_matches(['"', '\'']));
        while let Some(word) = words.next() {
            if word == "#" || word.starts_with(">") {
                break;
            }
            if !word.starts_with('-') || word == "-" {
                folder = folder.or(Some(word));
                continue;
            }
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value.trim_matches(['"', '\'']))),
                None if SWITCHES.contains(&word) => continue,
                None => (word, words.next()),
            };
            match flag {
                "-t" | "--tag" => tags.extend(value),
                "-f" | "--file" => file = value,
                "--target" => target = value,
                _ => {}
            }
        }
        let here = |folder: &str| matches!(folder, "$PWD" | "${PWD}" | "$(PWD)" | "$(pwd)" | "`pwd`" | "$(CURDIR)");
        let folder = folder?;
        let known = expand(folder, whole).is_some() || here(folder);
        known.then_some(Self { tags, file, target, folder: if here(folder) { "." } else { folder } })
    }

    fn built(&self, bases: &[String], whole: &str, out: &mut Vec<Built>) {
        let word = |word: &str| expand(word, whole);
        let (Some(folder), Some(target)) =
            (word(self.folder), self.target.map_or(Some(None), |target| word(target).map(Some)))
        else {
            return;
        };
        let files = match self.file {
            Some(file) => match word(file) {
                Some(file) => candidates(bases, ".", &file),
                None => return,
            },
            None => candidates(bases, &folder, "Dockerfile"),
        };
        for tag in &self.tags {
            // The tag may be anything, the name may not.
            let name = cut_tag(tag);
            let Some(repository) = word(name).and_then(|name| repository(&name)) else { continue };
            out.push(Built { repository, files: files.clone(), target: target.clone() });
        }
    }
}

/// A reference without what stands behind the last colon of its last part.
fn cut_tag(reference: &str) -> &str {
    let start = reference.rfind('/').map_or(0, |at| at + 1);
    let depth = reference[start..].find(':').map(|at| start + at);
    // A colon in `${A:-b}` is none of the reference.
    match depth {
        Some(at)
            if !reference[..at].ends_with(['{', '('])
                && reference[..at].matches('{').count() == reference[..at].matches('}').count() =>
        {
            &reference[..at]
        }
        _ => reference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(path: &str, text: &str) -> Vec<(String, String, Option<String>)> {
        let mut found = Vec::new();
        read(path, text, &mut found);
        found.into_iter().map(|built| (built.repository, built.files.join(" "), built.target)).collect()
    }

    #[test]
    fn commands_name_image_and_file() {
        for (line, name, files, target) in [
            ("docker build -t acme/web .", "acme/web", "Dockerfile", None),
            ("docker build . --tag=acme/web:1.0 --no-cache", "acme/web", "Dockerfile", None),
            (
                "sudo docker buildx build --platform linux/amd64,linux/arm64 --push \\\n  -t \"ghcr.io/acme/web:$TAG\" \\\n  -f docker/web.Dockerfile --target Final app",
                "ghcr.io/acme/web",
                "docker/web.Dockerfile",
                Some("Final"),
            ),
            ("A=acme\n\t@docker build -t $(A)/web:latest ./web", "acme/web", "web/Dockerfile", None),
            (
                "cd api && podman build --build-arg X=1 -t localhost:5000/api $(pwd)",
                "localhost:5000/api",
                "Dockerfile api/Dockerfile",
                None,
            ),
            (
                "docker build -t docker.io/library/web - < Dockerfile\nbuildah bud -t docker.io/web .",
                "web",
                "Dockerfile",
                None,
            ),
        ] {
            let found = read_all("Makefile", line);
            let last = found.last().cloned();
            assert_eq!(last, Some((name.to_owned(), files.to_owned(), target.map(str::to_owned))), "{line}");
        }
        assert_eq!(
            read_all("ci/build.sh", "docker build -t web ."),
            [("web".to_owned(), "Dockerfile ci/Dockerfile".to_owned(), None)]
        );
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        for line in [
            "docker build -t $IMAGE .",
            "docker build .",
            "docker build -t web $DIR",
            "docker build -t web -f $FILE .",
            "docker run -t web .",
            "# docker build -t web .",
            "docker build -t web --target $T .",
            "docker build -t",
            "docker",
        ] {
            assert_eq!(read_all("Makefile", line), [], "{line}");
        }
    }
}
