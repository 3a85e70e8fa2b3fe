//! Workflows: steps that build by the action for it, or by a command.

use super::{Built, MAX_FOLDERS, candidates, commands, repository};
use crate::fact::context::join;
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::Text;

/// Reads a workflow.
pub(super) fn read(text: &str, out: &mut Vec<Built>) {
    let whole = Text::whole(text);
    let yaml = Yaml::parse(&whole);
    for root in yaml.roots() {
        for (_, job) in root.get("jobs").into_iter().flat_map(NodeRef::written) {
            let steps: Vec<NodeRef<'_>> = job.get("steps").into_iter().flat_map(NodeRef::items).collect();
            let job = Job { root, job, steps: &steps, text };
            for step in &steps {
                job.step(*step, out);
            }
        }
    }
}

struct Job<'j, 't> {
    root: NodeRef<'t>,
    job: NodeRef<'t>,
    steps: &'j [NodeRef<'t>],
    text: &'t str,
}

impl<'t> Job<'_, 't> {
    fn step(&self, step: NodeRef<'t>, out: &mut Vec<Built>) {
        if let Some(script) = step.get("run").and_then(NodeRef::scalar) {
            self.script(step, script, out);
        }
        let action = step.get("uses").and_then(NodeRef::scalar).unwrap_or_default();
        if action.starts_with("docker/build-push-action@")
            && let Some(with) = step.get("with")
        {
            self.action(with, out);
        }
    }

    fn script(&self, step: NodeRef<'t>, script: &str, out: &mut Vec<Built>) {
        let folder = [Some(step), self.job.path(&["defaults", "run"]), self.root.path(&["defaults", "run"])];
        let folder = folder.into_iter().flatten().find_map(|node| node.get("working-directory")).map(NodeRef::scalar);
        // Without a folder it is the root; one that is computed is no folder.
        let Some(base) =
            folder.map_or(Some(String::new()), |folder| join("", folder.filter(|text| !text.contains('$'))?))
        else {
            return;
        };
        let moves = script.lines().filter_map(|line| line.trim().split(" && ").next()?.strip_prefix("cd "));
        let mut bases: Vec<String> = moves.filter_map(|folder| join(&base, folder.trim())).take(MAX_FOLDERS).collect();
        bases.push(base);
        commands::lines(script, &bases, self.text, out);
    }

    fn action(&self, with: NodeRef<'t>, out: &mut Vec<Built>) {
        // Without a context it is the repository as git has it.
        let input = |name: &str| match with.get(name) {
            Some(node) => node.scalar().and_then(|text| self.filled(text)).map(Some),
            None => Some(None),
        };
        let (Some(context), Some(file), Some(target)) = (input("context"), input("file"), input("target")) else {
            return;
        };
        let context = context.unwrap_or_else(|| ".".to_owned());
        let root = [String::new()];
        let files = match file {
            Some(file) => candidates(&root, ".", &file),
            None => candidates(&root, &context, "Dockerfile"),
        };
        for repository in self.names(with) {
            out.push(Built { repository, files: files.clone(), target: target.clone() });
        }
    }

    /// The images that a step names, itself or through the action that makes tags.
    fn names(&self, with: NodeRef<'t>) -> Vec<String> {
        let Some(tags) = with.get("tags").and_then(NodeRef::scalar) else { return Vec::new() };
        let made = tags.split("steps.").nth(1).and_then(|rest| rest.split_once(".outputs.tags")).map(|(id, _)| id);
        let listed = match made {
            Some(id) => {
                let is = |step: &&NodeRef<'t>| step.get("id").and_then(NodeRef::scalar) == Some(id);
                self.steps.iter().find(is).and_then(|step| step.path(&["with", "images"])?.scalar())
            }
            None => Some(tags),
        };
        let listed = listed.into_iter().flat_map(|listed| listed.split(['\n', ',']));
        let name = |reference: &str| {
            let reference = reference.trim();
            let name = reference.strip_prefix("name=").unwrap_or(reference);
            repository(&self.filled(cut_tag(name))?)
        };
        listed.filter_map(name).collect()
    }

    /// A text with the variables of the workflow in it; nothing where it needs others.
    fn filled(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..MAX_FOLDERS {
            let Some(at) = text.find("${{") else { break };
            let end = at + text[at..].find("}}")?;
            let name = text[at + 3..end].trim().strip_prefix("env.")?;
            let of = |node: NodeRef<'t>| node.get("env")?.get(name)?.scalar();
            let value = of(self.job).or_else(|| of(self.root))?;
            text = format!("{}{value}{}", &text[..at], &text[end + 2..]);
        }
        (!text.contains('$')).then_some(text)
    }
}

/// A reference without its tag, which may be computed.
fn cut_tag(reference: &str) -> &str {
    let mut depth = 0_usize;
    let mut cut = reference.len();
    for (at, byte) in reference.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => cut = at,
            b'/' if depth == 0 => cut = reference.len(),
            _ => {}
        }
    }
    &reference[..cut]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Vec<(String, String, Option<String>)> {
        let mut found = Vec::new();
        read(text, &mut found);
        found.into_iter().map(|built| (built.repository, built.files.join(" "), built.target)).collect()
    }

    #[test]
    fn actions_and_commands() {
        let text = "env: {REGISTRY: ghcr.io, NAME: acme/web}\njobs:\n  a:\n    steps:\n    - id: meta\n      \
                    uses: docker/metadata-action@v5\n      with: {images: 'name=ghcr.io/acme/api'}\n    \
                    - uses: docker/build-push-action@v6\n      with: {context: api, tags: '${{ steps.meta.outputs.tags }}'}\n    \
                    - uses: docker/build-push-action@v6\n      with:\n        file: web/Dockerfile\n        target: final\n        tags: |\n          \
                    ${{ env.REGISTRY }}/${{ env.NAME }}:${{ github.sha }}\n          ${{ env.OTHER }}/x:1\n    \
                    - working-directory: tools\n      run: |\n        docker build -t tools:1 .\n";
        let found = read_all(text);
        let expected = [
            ("ghcr.io/acme/api", "api/Dockerfile", None),
            ("ghcr.io/acme/web", "web/Dockerfile", Some("final")),
            ("tools", "tools/Dockerfile", None),
        ];
        let expected =
            expected.map(|(name, files, target)| (name.to_owned(), files.to_owned(), target.map(str::to_owned)));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_computed_is_left_out() {
        for step in [
            "uses: docker/build-push-action@v6\n      with: {tags: '${{ github.repository }}:1'}",
            "uses: docker/build-push-action@v6\n      with: {file: '${{ matrix.file }}', tags: web}",
            "uses: docker/build-push-action@v6\n      with: {push: true}",
            "working-directory: ${{ matrix.dir }}\n      run: docker build -t web .",
            "run: docker push web",
        ] {
            assert_eq!(read_all(&format!("jobs:\n  a:\n    steps:\n    - {step}\n")), [], "{step}");
        }
    }
}
