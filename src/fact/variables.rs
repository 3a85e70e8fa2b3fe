//! Environment variables that a setup document asks for, that an example file shows or that a deployment sets.

use super::summary::{Place, Role, Variable};
use super::{Facts, File, Wanted, compose, dockerfile, k8s};
use crate::syntax::Kind;
use crate::text::Span;
use std::sync::Arc;

/// Files that show which variables there are, with no real value.
const EXAMPLES: [&str; 4] = [".env.example", ".env.sample", ".env.template", ".env.dist"];

/// Documents whose assignments tell people what to set.
const DOCUMENTS: [&str; 1] = ["infra-spec.setup"];

/// The variables of a file that is one or the other, or that something is deployed with.
pub(super) fn variables(
    path: &Arc<str>,
    file: &File<'_>,
    documents: &[Arc<str>],
    facts: &Facts,
    wanted: &Wanted,
) -> Vec<Variable> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    if file.kind == Kind::Dockerfile || file.kind.is_yaml() {
        let mut found = if file.kind == Kind::Compose { needed(path, file) } else { Vec::new() };
        if wanted.subject("project.env-variable") && !file.foreign {
            found.extend(deployed(path, file, facts));
        }
        return found;
    }
    let role = if EXAMPLES.contains(&name) {
        Role::Example
    } else if documents.iter().any(|d| DOCUMENTS.contains(&&**d)) {
        Role::Documented
    } else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut start = 0;
    let (mut fenced, mut asks) = (false, false);
    let text = file.source.text();
    for line in text.split_inclusive('\n') {
        if is_fence(line) {
            fenced = !fenced;
        } else if !fenced && line.starts_with('#') {
            asks = is_about_variables(line);
        }
        let behind = start + line.len();
        // What is optional is often shown as a comment.
        let shown = line.strip_prefix('#').filter(|_| role == Role::Example);
        let inner = shown.map_or(line, str::trim_start);
        let lead = line.len() - inner.len();
        let named = assigned(inner).map(|(at, name)| (lead + at, name));
        let of_step = |&(_, name): &(usize, &str)| {
            role == Role::Documented && fenced && !asks && is_of_step(line, name, text.get(behind..).unwrap_or(""))
        };
        let named = named.filter(|named| !of_step(named));
        if let Some((at, name)) = named.or_else(|| listed(line).filter(|_| role == Role::Documented)) {
            let span = Span::new(start + at, start + at + name.len());
            found.push(Variable { name: name.to_owned(), place: Place::new(path, span, file.source), role });
        }
        start = behind;
    }
    found
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// A heading such as `Required Environment Variables`: what is shown below it is to be set.
fn is_about_variables(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["environment", "variable", "configuration", ".env"].iter().any(|word| heading.contains(word))
}

/// Lines of a block that are looked at for the use of a variable.
const LOOKED_AT: usize = 40;

/// Whether a variable is only the step's own: it keeps the value it has, or a command behind it in the block uses it.
fn is_of_step(line: &str, name: &str, behind: &str) -> bool {
    let uses = |line: &str| {
        line.match_indices('$').any(|(at, _)| {
            let rest = line[at + 1..].trim_start_matches('{');
            rest.strip_prefix(name).is_some_and(|end| !end.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let block = behind.lines().take(LOOKED_AT).take_while(|line| !is_fence(line));
    uses(line) || block.filter(|line| assigned(line).is_none()).any(uses)
}

/// Variables that are kept of one file.
const MOST: usize = 1_000;

/// What is set or named where something is deployed.
fn deployed(path: &Arc<str>, file: &File<'_>, facts: &Facts) -> Vec<Variable> {
    let variable = |name: &str, span: Span, given: bool| Variable {
        name: name.to_owned(),
        place: Place::new(path, span, file.source),
        role: if given { Role::Given } else { Role::Passed },
    };
    let compose = facts.of::<compose::Env>().filter(|(subject, _)| !subject.embedded);
    let compose = compose.map(|(_, env)| variable(&env.name, env.span, env.value.known().is_some()));
    let images = facts.of::<dockerfile::facts::Variable>().filter(|(subject, _)| !subject.embedded);
    let images =
        images.map(|(_, own)| variable(&own.name.value, own.name.span, own.value.known().is_some() && !own.empty));
    let pods = facts.of::<k8s::Env>().filter(|(subject, _)| !subject.embedded);
    let pods = pods.filter_map(|(_, env)| Some(variable(env.name.known()?, env.span, true)));
    let holds = |word: &str| memchr::memmem::find(file.source.text().as_bytes(), word.as_bytes()).is_some();
    let open = file.kind.is_yaml() && (holds("env_file") || holds("envFrom"));
    let unnamed = Variable { name: String::new(), place: Place::default(), role: Role::Unnamed };
    compose.chain(images).chain(pods).take(MOST).chain(open.then_some(unnamed)).collect()
}

/// The name that a row of a table or an item begins with: `` | `REDIS_URL` | ``, `` - `REDIS_URL`: ``; what is optional
/// need not be set.
fn listed(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start().strip_prefix(['|', '-', '*'])?.trim_start_matches([' ', '`', '*']);
    let len = rest.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_').count();
    let (name, behind) = rest.split_at(len);
    let dressed = behind.starts_with('`') || behind.starts_with("**") || behind.trim_start().starts_with(['|', ':']);
    let named = name.contains('_') && name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.ends_with('_');
    (named && dressed && !line.to_lowercase().contains("optional")).then(|| (line.len() - rest.len(), name))
}

/// Names that the shell, the engine or a pipeline sets.
const GIVEN: [&str; 12] =
    ["HOME", "PWD", "USER", "UID", "GID", "PATH", "HOSTNAME", "SHELL", "TERM", "TMPDIR", "DISPLAY", "SSH_AUTH_SOCK"];
const GIVEN_HEADS: [&str; 5] = ["COMPOSE_", "DOCKER_", "CI_", "GITHUB_", "GITLAB_"];

/// What a Compose file puts in from outside, without a value of its own for when it is missing.
fn needed(path: &Arc<str>, file: &File<'_>) -> Vec<Variable> {
    let text = file.source.text();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = memchr::memchr(b'$', text.as_bytes().get(at..).unwrap_or_default()) {
        let from = at + dollar + 1;
        let rest = text.get(from..).unwrap_or("");
        at = from + usize::from(rest.starts_with('$'));
        let braced = rest.starts_with('{');
        let start = from + usize::from(braced);
        let upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
        let len = text.as_bytes()[start.min(text.len())..].iter().take_while(|b| upper(b)).count();
        let name = text.get(start..start + len).unwrap_or("");
        let ends = text.get(start + len..).unwrap_or("");
        let plain = if braced {
            ends.starts_with(['}', '?']) || ends.starts_with(":?")
        } else {
            !ends.starts_with(|c: char| c.is_alphanumeric())
        };
        let given = GIVEN.contains(&name) || GIVEN_HEADS.iter().any(|head| name.starts_with(head));
        let comment = text[..from].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#'));
        if len > 1
            && plain
            && !given
            && !comment
            && !rest.starts_with('$')
            && name.starts_with(|c: char| c.is_ascii_uppercase())
        {
            let place = Place::new(path, Span::new(start, start + len), file.source);
            found.push(Variable { name: name.to_owned(), place, role: Role::Needed });
        }
    }
    found
}

/// The name that a line assigns to, and where; a line that goes on with a command only lends it a variable.
pub(super) fn assigned(line: &str) -> Option<(usize, &str)> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let at = if line[indent..].starts_with("export ") { indent + 7 } else { indent };
    let (name, value) = line[at..].trim_end().split_once('=')?;
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let named = name.len() > 1 && name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(upper);
    let value = value.split(" #").next().unwrap_or(value).trim();
    let quoted = value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
    (named && name != "PATH" && (quoted || !value.contains(' '))).then_some((at, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_items_name_variables() {
        assert_eq!(listed("| `REDIS_URL` | where |"), Some((3, "REDIS_URL")));
        assert_eq!(listed("- **REDIS_URL**: where"), Some((4, "REDIS_URL")));
        for line in
            ["| Variable | x |", "- `REDIS_TTL` (optional)", "- REDIS_URL is where", "REDIS_URL", "| HTTP | x |"]
        {
            assert_eq!(listed(line), None, "{line}");
        }
    }

    #[test]
    fn assignments_count_and_commands_do_not() {
        assert_eq!(assigned("REDIS_URL=your_redis_url_here\n"), Some((0, "REDIS_URL")));
        assert_eq!(assigned("  export LOG_LEVEL=\"very quiet\" # how much\r\n"), Some((9, "LOG_LEVEL")));
        assert_eq!(assigned("EMPTY="), Some((0, "EMPTY")));
        for line in ["DEBUG=1 npm start", "PATH=/opt/bin", "a=b", "| A=1 |", "x == Y", "A=1"] {
            assert_eq!(assigned(line), None, "{line}");
        }
    }
}
