//! Tools that build and deploy in one go: skaffold, Tilt, bake.

use super::{Built, candidates, repository};
use crate::fact::context::directory;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Text;

/// Ways of skaffold to build without a Dockerfile.
const OTHER_BUILDERS: &[&str] = &["jib", "bazel", "ko", "buildpacks", "custom"];

/// No Tiltfile builds more images, and no more are looked for.
const MOST: usize = 500;

/// Reads a `skaffold.yaml`.
pub(super) fn skaffold(path: &str, text: &str, out: &mut Vec<Built>) {
    let base = [directory(path).to_owned()];
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    for artifact in yaml.roots().flat_map(|root| root.path(&["build", "artifacts"])).flat_map(NodeRef::items) {
        if OTHER_BUILDERS.iter().any(|builder| artifact.get(builder).is_some()) {
            continue;
        }
        let known = |node: Option<NodeRef<'_>>| match node {
            Some(node) => node.scalar().filter(|text| !text.contains("{{")).map(|text| Some(text.to_owned())),
            None => Some(None),
        };
        let builder = artifact.get("docker").or_else(|| artifact.get("kaniko"));
        let of = |key: &str| known(builder.and_then(|builder| builder.get(key)));
        let name = artifact.get("image").and_then(NodeRef::scalar).and_then(repository);
        let (Some(repository), Some(folder), Some(file), Some(target)) =
            (name, known(artifact.get("context")), of("dockerfile"), of("target"))
        else {
            continue;
        };
        let (folder, file) =
            (folder.unwrap_or_else(|| ".".to_owned()), file.unwrap_or_else(|| "Dockerfile".to_owned()));
        out.push(Built { repository, files: candidates(&base, &folder, &file), target });
    }
}

/// Reads a `Tiltfile`: `docker_build('name', 'folder', dockerfile='file', target='stage')`.
pub(super) fn tilt(path: &str, text: &str, out: &mut Vec<Built>) {
    let base = [directory(path).to_owned()];
    let mut begin = 0;
    for (at, call) in text.match_indices("docker_build").take(MOST) {
        begin = text[begin..at].rfind('\n').map_or(begin, |end| begin + end + 1);
        let line = &text[begin..at];
        let rest = text[at + call.len()..].trim_start_matches("_with_restart");
        let Some(rest) = rest.trim_start().strip_prefix('(').filter(|_| !line.contains('#')) else { continue };
        let args = arguments(rest);
        let mut positions = args.iter().filter(|arg| named(arg).is_none()).copied();
        let keyword =
            |name: &str| args.iter().find_map(|arg| named(arg).filter(|(key, _)| *key == name)).map(|(_, value)| value);
        let name = keyword("ref").or_else(|| positions.next()).and_then(literal).and_then(repository);
        let folder = keyword("context").or_else(|| positions.next()).and_then(literal);
        let optional = |name: &str| keyword(name).map_or(Some(None), |value| literal(value).map(Some));
        let inline = keyword("dockerfile_contents").is_some();
        let (Some(repository), Some(folder), Some(file), Some(target), false) =
            (name, folder, optional("dockerfile"), optional("target"), inline)
        else {
            continue;
        };
        let files = match file {
            Some(file) => candidates(&base, ".", file),
            None => candidates(&base, folder, "Dockerfile"),
        };
        out.push(Built { repository, files, target: target.map(str::to_owned) });
    }
}

/// The arguments of a call, up to the bracket that closes it.
fn arguments(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices().take(5_000) {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(c),
            '[' | '{' | '(' => depth += 1,
            ')' if depth == 0 => {
                found.push(text[start..at].trim());
                return found;
            }
            ']' | '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    Vec::new()
}

/// `key=value`.
fn named(arg: &str) -> Option<(&str, &str)> {
    let (key, value) = arg.split_once('=')?;
    let key = key.trim();
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then(|| (key, value.trim()))
}

/// The text of a literal.
fn literal(arg: &str) -> Option<&str> {
    let quote = arg.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = arg.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(quote)).then_some(inner)
}

/// Reads a bake file: `target "name" { context = "folder" … }`.
pub(super) fn bake(path: &str, text: &str, out: &mut Vec<Built>) {
    let base = [directory(path).to_owned()];
    for block in text.split("\ntarget ").map(|block| block.split("\n}").next().unwrap_or(block)) {
        let Some((_, body)) = block.split_once('{') else { continue };
        // What is inherited stands elsewhere.
        if body.contains("inherits") || body.contains("dockerfile-inline") {
            continue;
        }
        let value = |name: &str| {
            let line = body.lines().find_map(|line| {
                let rest = line.trim_start().strip_prefix(name)?.trim_start();
                rest.strip_prefix('=')
            });
            line.map_or(Some(None), |text| literal(text.trim()).filter(|text| !text.contains('$')).map(Some))
        };
        let Some((_, tags)) = body.split_once("tags") else { continue };
        let tags = tags.split(']').next().unwrap_or(tags).split('"').skip(1).step_by(2);
        let (Some(folder), Some(file), Some(target)) = (value("context"), value("dockerfile"), value("target")) else {
            continue;
        };
        let files = candidates(&base, folder.unwrap_or("."), file.unwrap_or("Dockerfile"));
        for repository in tags.filter_map(|tag| repository(bare(tag))) {
            out.push(Built { repository, files: files.clone(), target: target.map(str::to_owned) });
        }
    }
}

/// A reference without a tag that is computed.
fn bare(tag: &str) -> &str {
    tag.split(":${").next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = fn(&str, &str, &mut Vec<Built>);

    fn read_all(read: Read, path: &str, text: &str) -> Vec<(String, String, Option<String>)> {
        let mut found = Vec::new();
        read(path, text, &mut found);
        found.into_iter().map(|built| (built.repository, built.files.join(" "), built.target)).collect()
    }

    fn one(name: &str, file: &str, target: Option<&str>) -> (String, String, Option<String>) {
        (name.to_owned(), file.to_owned(), target.map(str::to_owned))
    }

    #[test]
    fn artifacts_of_skaffold() {
        let text = "apiVersion: skaffold/v4beta6\nbuild:\n  artifacts:\n  - {image: web}\n  - image: acme/api\n    context: api\n    \
                    docker: {dockerfile: build/Dockerfile, target: final}\n  - {image: j, jib: {}}\n  - {image: '{{.X}}'}\n";
        let found = read_all(skaffold, "deploy/skaffold.yaml", text);
        assert_eq!(
            found,
            [one("web", "deploy/Dockerfile", None), one("acme/api", "deploy/api/build/Dockerfile", Some("final"))]
        );
    }

    #[test]
    fn calls_of_tilt() {
        let text = "docker_build('web', './web', live_update=[sync('a', '/a')])\n# docker_build('x', '.')\n\
                    docker_build(\n  \"ghcr.io/acme/api\",\n  context = '.',\n  dockerfile='api/Dockerfile',\n  target='dev')\n\
                    docker_build(name, '.')\ndocker_build('y', '.', dockerfile=f)\ndocker_build('z', '.', dockerfile_contents='')\ndocker_build('open";
        let found = read_all(tilt, "Tiltfile", text);
        assert_eq!(found, [one("web", "web/Dockerfile", None), one("ghcr.io/acme/api", "api/Dockerfile", Some("dev"))]);
    }

    #[test]
    fn targets_of_bake() {
        let text = "group \"default\" { targets = [\"web\"] }\ntarget \"web\" {\n  context = \"web\"\n  dockerfile = \"Containerfile\"\n  \
                    tags = [\n    \"acme/web:${TAG}\",\n    \"acme/web:latest\"\n  ]\n}\n\ntarget \"api\" {\n  inherits = [\"web\"]\n  tags = [\"api\"]\n}\n\
                    target \"x\" {\n  target = \"final\"\n  tags = [\"${REGISTRY}/x\", \"x\"]\n}\n";
        let found = read_all(bake, "docker-bake.hcl", text);
        let web = one("acme/web", "web/Containerfile", None);
        assert_eq!(found, [web.clone(), web, one("x", "Dockerfile", Some("final"))]);
    }
}
