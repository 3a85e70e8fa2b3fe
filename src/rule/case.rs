//! Cases: a snippet with carets under the words at fault, as rule files hold them.

use super::written::Case;
use crate::diagnostic::Severity;

/// A finding that a case demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// Column after the last marked character.
    pub end_column: u32,
    /// What the message must be; empty for any.
    pub message: String,
    /// What the severity must be, if the mark says so.
    pub severity: Option<Severity>,
}

/// A file of a case, marks taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Relative to the case's root.
    pub path: String,
    /// What is linted.
    pub text: String,
    /// What must be found in it.
    pub marks: Vec<Mark>,
}

/// The files of a case; `path` is where the main file lies unless the case says otherwise.
pub fn files(case: &Case, path: &str) -> Vec<CaseFile> {
    let main = case.path.as_deref().unwrap_or(path);
    let others = case.files.iter().map(|(path, text)| parse(path, text));
    std::iter::once(parse(main, &case.file.value)).chain(others).collect()
}

fn parse(path: &str, text: &str) -> CaseFile {
    let mut kept = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut line = 0;
    for raw in text.split_inclusive('\n') {
        match mark(raw, line) {
            Some(mark) if line > 0 => marks.push(mark),
            _ => {
                kept.push_str(raw);
                line += 1;
            }
        }
    }
    CaseFile { path: path.to_owned(), text: kept, marks }
}

/// A line of blanks, carets and perhaps a message; it speaks of the last line that is none.
fn mark(raw: &str, line: u32) -> Option<Mark> {
    let trimmed = raw.trim_start_matches([' ', '\t']);
    let carets = trimmed.len() - trimmed.trim_start_matches('^').len();
    let rest = &trimmed[carets..];
    if carets == 0 || !(rest.starts_with(' ') || rest.trim().is_empty()) {
        return None;
    }
    let column = (raw.len() - trimmed.len()) as u32 + 1;
    let (severity, message) = match rest.trim().split_once(": ") {
        Some((word, message)) if word.parse::<Severity>().is_ok() => (word.parse().ok(), message),
        _ => (None, rest.trim()),
    };
    Some(Mark { line, column, end_column: column + carets as u32, message: message.to_owned(), severity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_speak_of_the_line_above() {
        let file = parse("Dockerfile", "FROM a\n  ^^ error: too old\n     ^ short\nUSER ^x\n");
        assert_eq!(file.text, "FROM a\nUSER ^x\n");
        let mark = |column, end_column, message: &str, severity| Mark {
            line: 1,
            column,
            end_column,
            message: message.into(),
            severity,
        };
        assert_eq!(file.marks, [mark(3, 5, "too old", Some(Severity::Error)), mark(6, 7, "short", None)]);
    }
}
