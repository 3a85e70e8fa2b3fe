//! Scripts inside HCL: heredocs, and lists of commands such as a provisioner's `inline`.

use super::regions::Style;

/// The keys of lists whose items a shell runs.
const LISTS: [&str; 4] = ["inline", "commands", "command", "args"];

/// Where scripts begin and end: each part is a style from its first byte on.
pub(super) fn scripts(text: &str) -> Vec<(usize, Style)> {
    let mut parts = Vec::new();
    let mut marker: Option<&str> = None;
    let mut listed = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if let Some(word) = marker {
            if bare == word {
                marker = None;
                parts.push((at, Style::Source));
            }
        } else if listed {
            listed = !ends_list(bare);
            if !listed {
                parts.push((at + line.len(), Style::Source));
            }
        } else if let Some(word) = heredoc(bare) {
            marker = Some(word);
            parts.push((at + line.len(), Style::Shell));
        } else if opens_list(bare) {
            parts.push((at, Style::Shell));
            listed = !ends_list(bare);
            if !listed {
                parts.push((at + line.len(), Style::Source));
            }
        }
        at += line.len();
    }
    parts
}

/// The word behind `<<` or `<<-` at the end of a line.
fn heredoc(line: &str) -> Option<&str> {
    let (_, word) = line.rsplit_once("<<")?;
    let word = word.strip_prefix('-').unwrap_or(word).trim_matches('"');
    let named = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    named.then_some(word)
}

fn opens_list(line: &str) -> bool {
    let Some((key, rest)) = line.split_once('=') else { return false };
    LISTS.contains(&key.trim()) && rest.trim_start().starts_with('[')
}

fn ends_list(line: &str) -> bool {
    line.trim_end_matches(',').ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(text: &str) -> Vec<&str> {
        let parts = scripts(text);
        let ends = parts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        let both = parts.iter().zip(ends);
        both.filter(|((_, style), _)| *style == Style::Shell).map(|((at, _), end)| &text[*at..end]).collect()
    }

    #[test]
    fn heredocs_and_command_lists_are_scripts() {
        assert_eq!(shell("a = 1\nuser_data = <<-EOT\n  echo x\n  EOT\nb = 2\n"), ["  echo x\n"]);
        assert_eq!(shell("  inline = [\"a\", \"b\"]\nc = 3\n"), ["  inline = [\"a\", \"b\"]\n"]);
        assert_eq!(shell("inline = [\n \"a\",\n]\nc = 3"), ["inline = [\n \"a\",\n]\n"]);
        assert_eq!(shell("x = <<EOF\nnever closed"), ["never closed"]);
    }

    #[test]
    fn other_lines_are_none() {
        for text in ["x = 1 << 3\ny = 2", "list = [\n\"a\"\n]", "", "inline = false"] {
            assert!(shell(text).is_empty(), "{text}");
        }
    }
}
