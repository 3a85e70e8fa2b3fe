//! What is made outside of manifests: objects by hand with `kubectl`, images by tools that deploy what they build.

use std::collections::{HashMap, HashSet};

/// Names that readmes, makefiles, scripts and the files of development tools give.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Objects by kind.
    objects: HashMap<&'static str, HashSet<String>>,
    images: HashSet<String>,
}

/// Kinds as `kubectl create` spells them, and whether a type stands between the kind and the name.
const KINDS: &[(&str, &str, bool)] = &[
    ("configmap", "ConfigMap", false),
    ("cm", "ConfigMap", false),
    ("secret", "Secret", true),
    ("serviceaccount", "ServiceAccount", false),
    ("sa", "ServiceAccount", false),
    ("service", "Service", true),
    ("svc", "Service", true),
    ("deployment", "Deployment", false),
    ("deploy", "Deployment", false),
    ("role", "Role", false),
    ("clusterrole", "ClusterRole", false),
];

/// Flags whose value is a word of its own.
const VALUED: &[&str] = &["-n", "--namespace", "--context", "--kubeconfig", "-o"];

/// No tool builds more images, and no more are looked for.
const MOST: usize = 500;

/// The longest command that is read.
const LONGEST: usize = 400;

impl Outside {
    /// Whether such a file may tell something.
    pub fn reads(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.ends_with(".sh") || is_tool(name)
    }

    /// Learns from a file.
    pub fn read(&mut self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if is_tool(name) {
            return self.images.extend(images(name, text));
        }
        for (at, _) in text.match_indices("kubectl ") {
            self.command(&text[at..]);
        }
    }

    /// Whether somebody makes an object of this kind and name.
    pub fn makes(&self, kind: &str, name: &str) -> bool {
        self.objects.get(kind).is_some_and(|names| names.contains(name))
    }

    /// Whether a tool builds the image, and so chooses its tag.
    pub fn builds(&self, image: &str) -> bool {
        self.images.contains(image)
    }

    fn command(&mut self, text: &str) {
        let mut words = words(text).skip(1);
        let verb = words.next().unwrap_or_default();
        let named = |words: &[&str]| words.iter().find_map(|word| word.strip_prefix("--name=")).map(str::to_owned);
        match verb {
            "create" => {
                let plain = plain(words);
                let kind = plain.first().and_then(|word| KINDS.iter().find(|(name, ..)| name == word));
                let Some((_, kind, typed)) = kind else { return };
                if let Some(name) = plain.get(1 + usize::from(*typed)) {
                    self.objects.entry(kind).or_default().insert((*name).to_owned());
                }
            }
            "expose" => {
                let all: Vec<&str> = words.collect();
                let name = named(&all).or_else(|| plain(all.into_iter()).get(1).map(|name| (*name).to_owned()));
                self.objects.entry("Service").or_default().extend(name);
            }
            _ => {}
        }
    }
}

/// Whether a tool of this file builds images and puts them into the manifests that it deploys.
fn is_tool(name: &str) -> bool {
    matches!(name, "skaffold.yaml" | "skaffold.yml" | "devspace.yaml" | "Tiltfile")
}

fn images(name: &str, text: &str) -> Vec<String> {
    let quotes = |c: char| matches!(c, '"' | '\'');
    if name == "Tiltfile" {
        // docker_build('web', '.'), custom_build(ref="web", …)
        let called = text.match_indices("_build").filter_map(|(at, _)| {
            let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_').strip_prefix('(')?;
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("ref=").unwrap_or(rest).strip_prefix(quotes)?;
            Some(rest.split(quotes).next().unwrap_or_default().to_owned())
        });
        return called.take(MOST).collect();
    }
    let line = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        let value = line.strip_prefix("image:")?.split('#').next()?.trim();
        Some(value.trim_matches(quotes).to_owned())
    };
    text.lines().filter_map(line).collect()
}

/// The words of a command, continued lines included.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let newline = text.match_indices('\n').find(|(at, _)| !text[..*at].trim_end_matches('\r').ends_with('\\'));
    let text = &text[..newline.map_or(text.len(), |(at, _)| at)];
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !matches!(*word, "" | "\\"));
    words.map(|word| word.trim_matches(['"', '\'', '`', ';']))
}

/// Words that are neither flags nor values of flags.
fn plain<'t>(words: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut words = words;
    while let Some(word) = words.next() {
        if VALUED.contains(&word) {
            words.next();
        } else if !word.starts_with('-') {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_that_are_made_by_hand() {
        let mut outside = Outside::default();
        let text = "```console\n$ kubectl -h\n$ kubectl create configmap conf --from-file=a\n\
                    $ kubectl create -n shop secret \\\n    generic key --from-literal=a=b\n\
                    $ kubectl expose deployment web --port=80\n$ kubectl expose deployment api --name=front\n```\n\
                    `kubectl create sa \"runner\"` kubectl create";
        outside.read("README.md", text);
        for (kind, name) in [
            ("ConfigMap", "conf"),
            ("Secret", "key"),
            ("Service", "web"),
            ("Service", "front"),
            ("ServiceAccount", "runner"),
        ] {
            assert!(outside.makes(kind, name), "{kind} {name}");
        }
        assert!(!outside.makes("Service", "api") && !outside.makes("Secret", "generic"));
    }

    #[test]
    fn images_of_tools() {
        let mut outside = Outside::default();
        outside.read("skaffold.yaml", "build:\n  artifacts:\n    - image: web # ours\n      context: .\n    - context: b\n      image: \"acme/api\"\n");
        outside.read(
            "dev/Tiltfile",
            "docker_build('ui', '.')\ncustom_build(\n  ref=\"job\", command='x')\nlive_build = (1)\n",
        );
        for image in ["web", "acme/api", "ui", "job"] {
            assert!(outside.builds(image), "{image}");
        }
        assert_eq!(outside.images.len(), 4);
    }
}
