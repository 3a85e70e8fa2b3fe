//! What stands in a fenced block: the word behind the fence says it, or else how the block begins.

use super::placeholders::ExampleValue;
use super::results::HandoverFault;
use crate::syntax::dockerfile::Keyword;
use crate::syntax::markdown::{Code, Document};
use crate::text::Span;
use std::borrow::Cow;

/// The language of a block in lower case: `dockerfile`, `compose` and `yaml` also where the block is called by a file's
/// name or has no name at all and can be nothing else.
pub(super) fn language<'c>(code: &Code<'c>) -> Cow<'c, str> {
    let named = code.language();
    if named.is_empty() {
        return Cow::Borrowed(told(code.content().as_str()));
    }
    let lower = if named.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(named.to_ascii_lowercase())
    } else {
        Cow::Borrowed(named)
    };
    match &*lower {
        name if name.contains("compose") => Cow::Borrowed("compose"),
        "docker" | "containerfile" => Cow::Borrowed("dockerfile"),
        name if name.starts_with("dockerfile") => Cow::Borrowed("dockerfile"),
        _ => lower,
    }
}

/// Whether a subject tells something of the document even where it stands in a fenced block, and nothing of an example.
pub fn speaks_of_document(subject: &str) -> bool {
    let handed_over = [HandoverFault::describe().name, ExampleValue::describe().name];
    subject.starts_with("markdown.") || handed_over.contains(&subject) || super::document::is_code_part(subject)
}

/// The blocks that show what git leaves where it cannot merge: of no language that a file could be in, and whole.
pub(super) fn shown_conflicts(tree: &Document<'_>) -> Vec<Span> {
    let shows = |code: &Code<'_>| {
        let language = code.language().to_ascii_lowercase();
        let plain = ["", "text", "txt", "plain", "plaintext", "diff", "git", "console", "conflict"];
        let whole = |text: &str| text.contains("\n=======") && text.contains("\n>>>>>>> ");
        code.fenced && plain.contains(&&*language) && whole(code.content().as_str())
    };
    tree.codes().filter(shows).map(|code| code.span).collect()
}

/// What a block without a name is, as far as its first lines leave no doubt.
fn told(text: &str) -> &'static str {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#') && *line != "---");
    match lines.next() {
        Some(first) if first.starts_with("FROM ") && is_dockerfile(text) => "dockerfile",
        Some(first) if first.starts_with("apiVersion: ") && text.contains("\nkind: ") => "yaml",
        Some(first) if first.trim_end() == "services:" => "compose",
        _ => "",
    }
}

/// Whether every line is an instruction in capitals, a comment, or goes on with the line before it.
fn is_dockerfile(text: &str) -> bool {
    let (mut instructions, mut goes_on) = (0, false);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let word = line.split_whitespace().next().unwrap_or("");
        let known = Keyword::of(word) != Keyword::Unknown && !word.bytes().any(|byte| byte.is_ascii_lowercase());
        if !goes_on && !known {
            return false;
        }
        instructions += usize::from(!goes_on);
        goes_on = line.ends_with('\\');
    }
    instructions > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown;

    fn of(info: &str, text: &str) -> String {
        let source = format!("```{info}\n{text}\n```\n");
        let tree = markdown::parse(&source);
        tree.codes().map(|code| language(&code).into_owned()).collect()
    }

    #[test]
    fn the_word_behind_the_fence_counts() {
        for (info, name) in [
            ("Dockerfile", "dockerfile"),
            ("docker", "dockerfile"),
            ("dockerfile.dev title=x", "dockerfile"),
            ("docker-compose.yml", "compose"),
            ("YAML", "yaml"),
            ("console", "console"),
        ] {
            assert_eq!(of(info, "FROM a\nRUN b"), name, "{info}");
        }
    }

    #[test]
    fn without_one_the_block_must_be_clear() {
        assert_eq!(of("", "# a base\nFROM a\n\nRUN b \\\n  && c\nUSER app"), "dockerfile");
        assert_eq!(of("", "---\napiVersion: v1\nkind: Pod"), "yaml");
        assert_eq!(of("", "services:\n  web: {}"), "compose");
        for other in ["FROM a", "FROM a\n...", "FROM users\nWHERE id = 1", "from a\nrun b", "kind: Pod", "$ cat a", ""]
        {
            assert_eq!(of("", other), "", "{other}");
        }
    }
}
