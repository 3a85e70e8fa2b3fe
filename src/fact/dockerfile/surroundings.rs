//! The build context: the folder that an image is built from, what is there and what `.dockerignore` leaves out.

use super::Walk;
use super::copy::Part;
use super::expand::HOLE;
use crate::fact::context::join;
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Instruction, Keyword};
use crate::text::Span;

/// Names of files that hold secrets; a star stands for anything.
const SECRET: &[&str] = &[
    ".env",
    ".env.*",
    "*.env",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    ".npmrc",
    ".netrc",
    ".pypirc",
    ".aws",
    ".ssh",
    "kubeconfig",
    "credentials.json",
];

/// Among them those that hold none.
const HARMLESS: &[&str] =
    &["example", "sample", "template", "dist", "defaults", "pub", "public", "pubkey", "gpg", "apt", "rpm", "keyring"];

/// Among those that end in `.pem` what names certificates, which are public.
const CERTIFICATES: &[&str] = &[
    "ca",
    "cas",
    "cacert",
    "cacerts",
    "cert",
    "certs",
    "certificate",
    "certificates",
    "crt",
    "bundle",
    "root",
    "roots",
    "rootca",
    "isrgrootx1",
    "chain",
    "fullchain",
    "trust",
    "truststore",
];

/// What the context says of one COPY or ADD.
pub(super) struct Sources {
    pub(super) whole_context: bool,
    pub(super) dockerignore: Field<bool>,
    pub(super) ignored: Field<String>,
    pub(super) missing: Field<String>,
}

impl Walk<'_, '_> {
    /// What the context says; nothing where the files come from elsewhere.
    pub(super) fn sources(&self, instruction: &Instruction<'_>, parts: &[Part]) -> Sources {
        let elsewhere = instruction.flag("from").is_some();
        let whole = |part: &&Part| matches!(part.0.as_str(), "." | "./" | "/" | "./*" | "*" | "./." | "/.");
        let all = parts.iter().find(whole).filter(|_| !elsewhere);
        let keyword = instruction.keyword_span;
        let folder = self.folder(parts, elsewhere);
        let (Some(folder), Some(file)) = (folder, self.setting.file) else {
            let dockerignore = Field::unknown("", keyword);
            return Sources {
                whole_context: all.is_some(),
                dockerignore,
                ignored: Field::Absent,
                missing: Field::Absent,
            };
        };
        let rules = file.context.ignore_file(file.path, &folder);
        let local = parts.iter().filter(|_| !elsewhere).filter(|part| is_local(&part.0));
        let name = |part: &Part| Field::new(part.2.clone(), part.1);
        let left_out = |part: &&Part| {
            let path = part.0.trim_start_matches('/');
            rules.is_some_and(|rules| if is_local(path) { rules.leaves_out(path) } else { rules.leaves_out_all(path) })
        };
        let starred = |part: &&Part| is_local(&part.0.replace('*', "x")) && !whole(part);
        let stays = parts.iter().filter(|part| !elsewhere && starred(part)).find(left_out);
        let gone = |part: &&Part| {
            join(&folder, part.0.trim_start_matches('/')).is_some_and(|path| !file.inventory.exists(&path))
        };
        Sources {
            whole_context: all.is_some(),
            dockerignore: Field::new(rules.is_some(), all.map_or(keyword, |part| part.1)),
            ignored: stays.map_or(Field::Absent, name),
            missing: local.clone().find(gone).map_or(Field::Absent, name),
        }
    }

    /// The folder that the image is built from, where that is known: named by Compose, or beside the Dockerfile.
    fn folder(&self, parts: &[Part], elsewhere: bool) -> Option<String> {
        let file = self.setting.file?;
        if let Some(named) = file.context.contexts(file.path) {
            return named.iter().next().filter(|_| named.len() == 1).cloned();
        }
        let (dir, name) = file.path.rsplit_once('/').unwrap_or(("", file.path));
        // Elsewhere than at the top it is often built from above; what it copies tells.
        let there = |part: &Part| {
            let path = join(dir, part.0.trim_start_matches('/'));
            is_local(&part.0) && path.is_some_and(|path| file.inventory.is_file(&path) || file.inventory.is_dir(&path))
        };
        let named = !elsewhere && parts.iter().any(|part| part.0.len() > 2 && there(part));
        (dir.is_empty() || (named && name == "Dockerfile")).then(|| dir.to_owned())
    }

    /// A source that by its name holds secrets.
    pub(super) fn secret_source(&self, instruction: &Instruction<'_>, parts: &[Part]) -> Field<String> {
        if instruction.flag("from").is_some() {
            return Field::Absent;
        }
        let found = parts.iter().find(|part| is_secret(&part.0));
        found.map_or(Field::Absent, |part| Field::new(part.2.clone(), part.1))
    }

    /// Whether a destination hangs on a folder that nothing in sight has set.
    pub(super) fn unanchored(&self, instruction: &Instruction<'_>, target: &str, span: Span) -> Field<bool> {
        let absolute = target.starts_with(['/', '\\']) || target.as_bytes().get(1) == Some(&b':');
        let anchored = !self.scope.effects.workdir.is_absent() || self.setting.fragment;
        match target.starts_with(HOLE) || target.is_empty() {
            true => Field::unknown(target.replace(HOLE, "…"), span),
            false => Field::new(!absolute && !anchored && instruction.keyword == Keyword::Copy, span),
        }
    }
}

/// A path in the context, written out.
fn is_local(source: &str) -> bool {
    let special = source.contains([HOLE, '*', '?', '[', '\\', '"', '\'']);
    let address = source.contains("://") || source.starts_with("git@");
    let whole = matches!(source, "" | "." | "./" | "/");
    !special && !address && !whole && !source.split('/').any(|part| part == "..")
}

fn is_secret(source: &str) -> bool {
    let lower = source.trim_end_matches('/').to_lowercase();
    let base = lower.rsplit('/').next().unwrap_or("");
    let mut words = base.split(['.', '-', '_']);
    let certificate = base.ends_with(".pem");
    let harmless = words.any(|word| HARMLESS.contains(&word) || (certificate && CERTIFICATES.contains(&word)));
    let config = lower.ends_with(".docker/config.json") || lower.ends_with(".kube/config");
    let folder = lower.split('/').any(|part| matches!(part, ".aws" | ".ssh"));
    let named = base == ".env*" || SECRET.iter().any(|pattern| super::expand::glob(pattern, base));
    (named || config || folder) && !harmless && !base.contains(HOLE)
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_tell_secrets() {
        for name in [
            ".env",
            "app/.env.production",
            "id_rsa",
            "tls/server.key",
            "ca.key",
            ".env*",
            "privkey.pem",
            ".npmrc",
            ".aws/",
            "x/.docker/config.json",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            ".env.example",
            "id_rsa.pub",
            "ca.pem",
            "public.key",
            "isrgrootx1.pem",
            "global-bundle.pem",
            "rootCA.pem",
            "gpg.key",
            "env",
            "a.keys",
            "docker/config.json",
            ".",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
