//! Cases: a snippet with carets under the words at fault, as rule files hold them.

use super::written::Case;
use crate::diagnostic::Severity;
use crate::fact::secret::generate::{Expanded, expand_with_places};
use crate::text::LineIndex;

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

/// The files of the revision that a case compares with; marks in them are findings about what is gone.
pub fn history(case: &Case) -> Vec<CaseFile> {
    case.history.iter().map(|(path, text)| parse(path, text)).collect()
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
    let expanded = expand_with_places(&kept);
    for mark in &mut marks {
        follow(mark, &kept, &expanded);
    }
    CaseFile { path: path.to_owned(), text: expanded.text, marks }
}

/// Moves a mark to where its words stand once generated secrets are in the text. What becomes several
/// lines is marked on the first.
fn follow(mark: &mut Mark, written: &str, expanded: &Expanded) {
    if expanded.places.is_empty() {
        return;
    }
    let (before, after) = (LineIndex::new(written), LineIndex::new(&expanded.text));
    let line = before.line_range(mark.line, written);
    let byte = |column: u32| {
        let chars = written[line.clone()].char_indices().map(|(at, _)| at).nth(column as usize - 1);
        line.start
            + chars.unwrap_or(line.len() + (column as usize - 1).saturating_sub(written[line.clone()].chars().count()))
    };
    let start = after.position(expanded.place(byte(mark.column)) as u32, &expanded.text);
    let end = after.position(expanded.place(byte(mark.end_column)) as u32, &expanded.text);
    (mark.line, mark.column) = (start.line, start.column);
    mark.end_column = if end.line == start.line {
        end.column
    } else {
        let range = after.line_range(start.line, &expanded.text);
        expanded.text[range].chars().count() as u32 + 1
    };
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
        let secret =
            parse("x", "é a: @@private-key@@ @@uuid@@ z\n     ^^^^^^^^^^^^^^^\n                     ^^^^^^^^\n");
        assert_eq!((secret.marks[0].line, secret.marks[0].column, secret.marks[0].end_column), (1, 6, 37));
        let last = secret.text.lines().last().unwrap();
        let uuid = secret.marks[1].column as usize - 1;
        assert_eq!(&last[uuid + 36..], " z");
        assert_eq!(secret.marks[1].end_column as usize - 1, uuid + 36);
        assert_eq!(file.marks, [mark(3, 5, "too old", Some(Severity::Error)), mark(6, 7, "short", None)]);
    }
}
