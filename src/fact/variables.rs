//! Environment variables that a setup document asks for or that an example file shows.

use super::File;
use super::summary::{Place, Role, Variable};
use crate::text::Span;
use std::sync::Arc;

/// Files that show which variables there are, with no real value.
const EXAMPLES: [&str; 4] = [".env.example", ".env.sample", ".env.template", ".env.dist"];

/// Documents whose assignments tell people what to set.
const DOCUMENTS: [&str; 1] = ["infra-spec.setup"];

/// The variables of a file that is one or the other.
pub(super) fn variables(path: &Arc<str>, file: &File<'_>, documents: &[Arc<str>]) -> Vec<Variable> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let role = if EXAMPLES.contains(&name) {
        Role::Example
    } else if documents.iter().any(|d| DOCUMENTS.contains(&&**d)) {
        Role::Documented
    } else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut start = 0;
    for line in file.source.text().split_inclusive('\n') {
        if let Some((at, name)) = assigned(line) {
            let span = Span::new(start + at, start + at + name.len());
            found.push(Variable { name: name.to_owned(), place: Place::new(path, span, file.source), role });
        }
        start += line.len();
    }
    found
}

/// The name that a line assigns to, and where; a line that goes on with a command only lends it a variable.
fn assigned(line: &str) -> Option<(usize, &str)> {
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
    fn assignments_count_and_commands_do_not() {
        assert_eq!(assigned("REDIS_URL=your_redis_url_here\n"), Some((0, "REDIS_URL")));
        assert_eq!(assigned("  export LOG_LEVEL=\"very quiet\" # how much\r\n"), Some((9, "LOG_LEVEL")));
        assert_eq!(assigned("EMPTY="), Some((0, "EMPTY")));
        for line in ["DEBUG=1 npm start", "PATH=/opt/bin", "a=b", "| A=1 |", "x == Y", "A=1"] {
            assert_eq!(assigned(line), None, "{line}");
        }
    }
}
