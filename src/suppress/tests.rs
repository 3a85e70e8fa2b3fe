use super::*;
use proptest::prelude::*;

fn library() -> Library {
    Library::builtin().unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn read(kind: Kind, text: &str) -> FileSuppressions {
    FileSuppressions::read(&Source::new(text), kind, &library(), jiff::civil::date(2026, 6, 15))
}

/// The line of each comment and the lines that it covers.
fn scopes(kind: Kind, text: &str) -> Vec<(u32, u32, u32)> {
    let lines = |c: &Comment| match c.scope {
        Scope::File => (c.place.start.line, 0, 0),
        Scope::Lines(first, last) => (c.place.start.line, first, last),
    };
    read(kind, text).comments.iter().map(lines).collect()
}

const IT: &str = "infralint: ignore[docs]";

#[test]
fn dockerfile_comments_cover_the_next_instruction_with_all_its_lines() {
    let text = format!(
        "# {IT}\n# another\n\n# {IT} why\nFROM a \\\n  # between\n  AS b\nUSER x # {IT}\n# {IT}\nRUN <<E\n# {IT}\nE\nRUN a \\\n  # {IT}\n  && b \\\n  && c\n# {IT}\n"
    );
    let found = scopes(Kind::Dockerfile, &text);
    assert_eq!(found, [(1, 5, 7), (4, 5, 7), (9, 10, 12), (14, 15, 15), (17, 1, 0)]);
}

#[test]
fn yaml_comments_cover_their_line_or_the_next_entry() {
    let text = format!(
        "a: 1 # {IT}\n# {IT}\nb:\n  c: |\n    # {IT}\n    x\n  # {IT}\n  d:\n  - e\n  - f\n\n# {IT}\ng: [\n  1\n]\nh: \"\n  # {IT}\n  \"\nk:\n  # {IT}\n  - l: 1\n    m: 2\n  - n\n"
    );
    let found = scopes(Kind::YamlOther, &text);
    assert_eq!(found, [(1, 1, 1), (2, 3, 10), (7, 8, 10), (12, 13, 15), (20, 21, 22)]);
}

#[test]
fn a_yaml_comment_above_a_marker_covers_the_document() {
    let text = format!("# {IT}\n---\na: 1\nb: 2\n---\nc: 1\n# {IT}\n---\nd: 1\n...\n# end\n");
    assert_eq!(scopes(Kind::YamlOther, &text), [(1, 2, 4), (7, 8, 9)]);
    assert_eq!(scopes(Kind::YamlOther, &format!("# {IT}\nkind: Pod\nspec: 1\n")), [(1, 2, 2)]);
}

#[test]
fn extents_hold_in_templates() {
    let text = format!(
        "spec:\n  # {IT}\n  {{{{- if .Values.x }}}}\n  a:\n  {{{{- range .Values.y }}}}\n    b: {{{{ . }}}}\n  {{{{- end }}}}\n{{{{- end }}}}\n  c: 1\n# {IT}\nd:\n{{{{- toYaml .e | nindent 2 }}}}\n"
    );
    assert_eq!(scopes(Kind::HelmTemplate, &text), [(2, 4, 6), (10, 11, 11)]);
}

#[test]
fn markdown_comments_cover_their_line_the_next_block_or_section() {
    let text = format!(
        "<!-- {IT} -->\n<!-- {IT} again -->\n# A\n\ntext <!-- {IT} -->\n\n## B\n\n<!-- {IT} -->\n- x\n- y\n\n  <!-- {IT} -->\n  z\n\n# C\n\n`<!-- {IT} -->`\n"
    );
    let found = scopes(Kind::Markdown, &text);
    assert_eq!(found, [(1, 3, 14), (2, 3, 14), (5, 5, 5), (9, 10, 14), (13, 14, 14)]);
}

#[test]
fn comments_before_fences_cover_them_and_within_speak_their_language() {
    let text = format!(
        "---\nstatus: x # {IT}\n---\n\n<!-- {IT} -->\n```sh\nrm x # {IT}\n<!-- no comment here -->\n```\n\n- item\n  ```dockerfile\n  # {IT}\n  FROM a \\\n    AS b\n  USER x\n  ```\n\n> ```yaml\n> # {IT}\n> a:\n>   b: 1\n> c: 1\n> ```\n"
    );
    let found = scopes(Kind::Markdown, &text);
    assert_eq!(found, [(2, 2, 2), (5, 6, 9), (7, 7, 7), (13, 14, 15), (20, 21, 22)]);
    let embedded: Vec<bool> = read(Kind::Markdown, &text).comments.iter().map(|c| c.embedded).collect();
    assert_eq!(embedded, [false, false, true, true, true]);
}

#[test]
fn other_text_goes_by_lines() {
    let text = format!("A=1 # {IT}\n; {IT}\n\n// {IT}\nB=2\nC=3 {IT}\nD=#{IT}\n/* {IT} */ x\n# {IT}\n");
    assert_eq!(scopes(Kind::Ini, &text), [(1, 1, 1), (2, 5, 5), (4, 5, 5), (8, 8, 8), (9, 1, 0)]);
}

#[test]
fn carriage_returns_and_marks_at_the_start_do_no_harm() {
    assert_eq!(scopes(Kind::YamlOther, &format!("\u{feff}# {IT}\r\na:\r\n  b: 1\r\nc: 1\r\n")), [(1, 2, 3)]);
    assert_eq!(scopes(Kind::Dockerfile, &format!("\u{feff}# {IT}\r\nFROM a\r\n")), [(1, 2, 2)]);
    let found = read(Kind::Dotenv, &format!("A=1 # {IT} why\r\n"));
    assert_eq!(found.comments[0].reason.as_deref(), Some("why"));
    assert_eq!((found.comments[0].place.start.column, found.comments[0].place.end.column), (7, 34));
}

#[test]
fn very_many_comments_are_read_in_time_and_capped() {
    let stacked = format!("# {IT}\n").repeat(10_000);
    let nested: String = (0..300).map(|n| format!("{}# {IT}\n{0}a:\n", " ".repeat(n))).collect();
    let flow = format!("# {IT}\na: [{}]\n", "1,".repeat(50_000));
    let line = format!("a {}\n", format!("# {IT} ").repeat(10_000));
    for text in [stacked + "a: 1\n", nested, flow, line] {
        for kind in [Kind::YamlOther, Kind::HelmTemplate, Kind::Dockerfile, Kind::Markdown, Kind::Text] {
            assert!(read(kind, &text).comments.len() <= MOST);
        }
    }
}

proptest! {
    #[test]
    fn any_text_of_any_kind_is_read(pieces in prop::collection::vec(
        prop::sample::select(vec!["# ", "infralint: ", "ignore", "-file", "[", "]", "docs", ",", "until=2026-01-01", "\n", "\n\n", "  ",
            "- ", "a: ", "---\n", "```\n", "```yaml\n", "{{ x }}", "<!-- ", " -->", "|\n", "é", "\t", "\\\n", "FROM a", "RUN <<E\n", "> ", "\"", "'"]), 0..60)) {
        let text = pieces.concat();
        for kind in Kind::ALL {
            for comment in FileSuppressions::read(&Source::new(&*text), kind, EMPTY.get_or_init(empty), Date::default()).comments {
                prop_assert!(comment.place.start.offset < comment.place.end.offset);
                prop_assert!(comment.place.end.offset as usize <= text.len());
            }
        }
    }
}

static EMPTY: std::sync::OnceLock<Library> = std::sync::OnceLock::new();

fn empty() -> Library {
    Library::new(crate::rule::written::Library::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
}
