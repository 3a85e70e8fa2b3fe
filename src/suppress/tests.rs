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
    assert_eq!(found, [(1, 5, 7), (4, 5, 7), (9, 10, 12), (11, 1, 0), (14, 15, 15), (17, 1, 0)]);
}

#[test]
fn dockerfile_comments_count_where_the_shell_reads_them() {
    let text = format!(
        "FROM a\nRUN b # {IT} why\nRUN b \\\n  && c # {IT}\nONBUILD RUN b # {IT}\nRUN <<E\nb # {IT}\n# {IT}\n\nc\n# {IT}\nE\nRUN b # {IT} \\\n  && c\nRUN sh <<E\nb # {IT}\nE\n"
    );
    let found = scopes(Kind::Dockerfile, &text);
    assert_eq!(
        found,
        [(2, 2, 2), (4, 4, 4), (5, 5, 5), (7, 7, 7), (8, 10, 10), (11, 1, 0), (13, 13, 13), (16, 16, 16)]
    );
    assert_eq!(read(Kind::Dockerfile, &text).comments[6].reason, None);
    let text = format!(
        "RUN echo '# {IT}' \"# {IT}\" a#{IT}\nRUN [\"a\", \"# {IT}\"]\nCOPY <<E /x\n# {IT}\nE\nRUN cat >x <<E\na # {IT}\nE\nRUN <<E\n#!/usr/bin/env node\na // # {IT}\nE\n"
    );
    assert_eq!(scopes(Kind::Dockerfile, &text), []);
    let fenced = format!("> ```dockerfile\n> RUN b \\\n>   && c # {IT}\n> ```\n");
    assert_eq!(scopes(Kind::Markdown, &fenced), [(3, 3, 3)]);
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

/// `lines rules` of the peers' comments; rules by the first of their aliases that the tool has.
fn peers(kind: Kind, text: &str) -> Vec<String> {
    let library = PEERS.get_or_init(library);
    let found = FileSuppressions::read(&Source::new(text), kind, library, jiff::civil::date(2026, 6, 15));
    let shown = |comment: &Comment| {
        let Ok(targets) = &comment.entries[0].targets else { return String::new() };
        let mut ids: Vec<&str> = targets.iter().map(|target| &*library.rules[target.rule].id).collect();
        ids.dedup();
        let ids = if ids.len() > 2 { format!("{} rules", ids.len()) } else { ids.join(",") };
        let lines = if comment.last() == u32::MAX {
            "file".to_owned()
        } else {
            format!("{}-{}", comment.first(), comment.last())
        };
        let dead = if comment.counts(found.today) { "" } else { " expired" };
        format!("{lines} {ids}{dead}")
    };
    let counted = |comment: &&Comment| comment.peer;
    found.comments.iter().filter(counted).map(shown).map(|line| line.replace("dockerfile/", "d/")).collect()
}

static PEERS: std::sync::OnceLock<Library> = std::sync::OnceLock::new();

/// The rules that a peer's id is here.
fn id_of(alias: &str) -> String {
    let library = PEERS.get_or_init(library);
    let mut targets = library.index.find(alias, &library.rules).unwrap();
    targets.sort_unstable();
    let mut ids: Vec<&str> = targets.iter().map(|target| &*library.rules[target.rule].id).collect();
    ids.dedup();
    if ids.len() > 2 { format!("{} rules", ids.len()) } else { ids.join(",").replace("dockerfile/", "d/") }
}

#[test]
fn hadolint_sees_what_begins_on_the_very_next_line() {
    let user = id_of("hadolint/DL3002");
    let text = "# hadolint ignore=DL3002 # why\nFROM a\n\n# hadolint ignore=DL3002\n\nUSER root\n# hadolint ignore=DL3002\n# x\nUSER root\n# hadolint ignore=DL3002,DL9999\nRUN a \\\n  # hadolint ignore=DL3002\n && b\n";
    assert_eq!(peers(Kind::Dockerfile, text), [format!("2-2 {user}"), format!("11-13 {user}")]);
    assert_eq!(peers(Kind::Dockerfile, "FROM a\nUSER 0\n# hadolint global ignore=DL3002\n"), [format!("file {user}")]);
    let stages =
        "# hadolint stage ignore=DL3002\nFROM a AS b\nUSER 0\nFROM b\n# hadolint stage ignore=DL3002\nUSER 0\n";
    assert_eq!(peers(Kind::Dockerfile, stages), [format!("2-3 {user}")]);
    assert_eq!(peers(Kind::Dockerfile, "# hadolint ignore=SC9999\nRUN x\n"), Vec::<String>::new());
}

#[test]
fn dockerfile_comments_of_the_others() {
    let user = id_of("hadolint/DL3002");
    let named = id_of("docker/StageNameCasing");
    let missing = id_of("trivy/DS-0002");
    let directive = "# check=skip=StageNameCasing;error=true\nFROM a AS B\n";
    assert_eq!(peers(Kind::Dockerfile, directive), [format!("file {named}")]);
    assert!(peers(Kind::Dockerfile, "# check=skip=all\nFROM a\n")[0].starts_with("file "));
    let tally =
        "# tally ignore=DL3002,buildkit/StageNameCasing;reason=x\n\nFROM a AS B\n# tally global ignore=DL3002\n";
    assert_eq!(peers(Kind::Dockerfile, tally)[1], format!("file {user}"));
    assert!(
        peers(Kind::Dockerfile, tally)[0].starts_with("3-3 ") && peers(Kind::Dockerfile, tally)[0].contains(&named)
    );
    let trivy = "#trivy:ignore:AVD-DS-0002\nFROM a\n# trivy:ignore:DS002:exp:2026-01-31\nUSER 0\n";
    assert_eq!(peers(Kind::Dockerfile, trivy), [format!("2-2 {missing}"), format!("4-4 {missing} expired")]);
    let user = id_of("checkov/CKV_DOCKER_8");
    assert_eq!(peers(Kind::Dockerfile, "FROM a\n#checkov:skip=CKV_DOCKER_8:why\nUSER 0\n"), [format!("file {user}")]);
    let fence =
        "text\n\n```dockerfile\n# checkov:skip=CKV_DOCKER_8:why\nFROM a\n# hadolint ignore=DL3002\nUSER 0\n```\n";
    assert_eq!(peers(Kind::Markdown, fence), [format!("4-7 {user}"), format!("7-7 {}", id_of("hadolint/DL3002"))]);
}

#[test]
fn kubernetes_comments_and_annotations() {
    let of = |alias: &str, lines: &str| format!("{lines} {}", id_of(alias));
    let object = "kind: A\n---\nkind: Deployment\nmetadata:\n  annotations:\n    ignore-check.kube-linter.io/run-as-non-root: why\n    checkov.io/skip1: CKV_K8S_20=why\nspec:\n  a: 1 # checkov:skip=CKV_K8S_20:why\n---\nkind: B\n";
    let expected =
        [of("kube-linter/run-as-non-root", "2-9"), of("checkov/CKV_K8S_20", "2-9"), of("checkov/CKV_K8S_20", "2-9")];
    assert_eq!(peers(Kind::Kubernetes, object), expected);
    for path in [
        "spec:\n  template:\n    metadata:\n      annotations:\n        ",
        "spec:\n  jobTemplate:\n    spec:\n      template:\n        metadata:\n          annotations:\n            ",
    ] {
        let text = format!("kind: X\n{path}kube-linter.io/ignore-all: why\n");
        let found = peers(Kind::HelmTemplate, &text);
        let last = text.lines().count();
        assert!(
            found.len() == 1 && found[0].starts_with(&format!("1-{last} ")) && found[0].ends_with(" rules"),
            "{found:?}"
        );
    }
    let list =
        "kind: List\nitems:\n- kind: A\n  metadata:\n    annotations: { bridgecrew.io/skip2: CKV_K8S_20 }\n- kind: B\n";
    assert_eq!(peers(Kind::Kubernetes, list), [of("checkov/CKV_K8S_20", "3-5")]);
    let labels = "kind: A\nmetadata:\n  labels: { kube-linter.io/ignore-all: x }\n";
    assert_eq!(peers(Kind::Kubernetes, labels), Vec::<String>::new());
    assert_eq!(peers(Kind::Kubernetes, "a: |\n  # checkov:skip=CKV_K8S_20\n"), Vec::<String>::new());
}

#[test]
fn workflow_steps_and_what_begins_on_a_line() {
    let library = PEERS.get_or_init(library);
    let lines = |text: &str| {
        let mut found = Vec::new();
        places::find(&Source::new(text), Kind::Workflow, &mut |place| {
            if let places::Found::Peer(peer) = place {
                found.push((peer.lines, peer.touches));
            }
        });
        found.sort_unstable();
        found
    };
    let _ = library;
    let text = "on: # zizmor: ignore[dangerous-triggers]\n  pull_request_target:\njobs:\n  a:\n    steps:\n      - uses: x\n        with: # zizmor: ignore[artipacked]\n          y: 1\n      - run: | # zizmor: ignore[template-injection] safe\n          echo # zizmor: ignore[artipacked]\n";
    assert_eq!(lines(text), [((1, 2), true), ((6, 8), true), ((9, 10), true)]);
    let block = "jobs:\n  a:\n    # checkov:skip=CKV_GHA_1:x\n    runs-on: b\n  c:\n    steps:\n    - run: x\n      # checkov:skip=CKV_GHA_2\n      env: {}\n";
    assert_eq!(lines(block), [((2, 4), false), ((7, 9), false)]);
}

#[test]
fn yamllint_and_dclint() {
    let key = id_of("yamllint/key-duplicates");
    let text = "a: 1 # yamllint disable-line rule:key-duplicates\n# yamllint disable-line rule:key-duplicates\nb: 1\n# yamllint disable rule:key-duplicates rule:line-length\nc: 1\n# yamllint enable rule:key-duplicates\nd: 1\n# yamllint disable-file\n";
    assert_eq!(peers(Kind::YamlOther, text), [format!("1-1 {key}"), format!("3-3 {key}"), format!("4-5 {key}")]);
    let found = peers(Kind::YamlOther, "# yamllint disable-file\na: 1\n");
    assert!(found.len() == 1 && found[0].starts_with("1-"), "{found:?}");
    let fence = "# T\n\n```yaml\na: 1 # yamllint disable\nb: 1\n# yamllint enable\nc: 1\n```\n";
    assert!(peers(Kind::Markdown, fence)[0].starts_with("4-5 "));
    let tag = id_of("dclint/service-image-require-explicit-tag");
    let compose = "# dclint disable service-image-require-explicit-tag\nservices:\n  a:\n    image: b # dclint disable-line service-image-require-explicit-tag\n# dclint disable\n";
    assert_eq!(peers(Kind::Compose, compose), [format!("file {tag}"), format!("4-4 {tag}")]);
    assert!(peers(Kind::Compose, "# dclint disable-file\nservices: {}\n")[0].starts_with("file "));
}

#[test]
fn markdownlint_and_rumdl() {
    let first = id_of("markdownlint/MD001");
    let text = "# A <!-- markdownlint-disable-line MD001 -->\n\n<!-- markdownlint-disable-next-line heading-increment -->\n### B\n\n<!-- rumdl-disable MD001 -->\n\ntext\n\n<!-- rumdl-enable MD001 -->\n\n`<!-- markdownlint-disable -->`\n";
    assert_eq!(peers(Kind::Markdown, text), [format!("1-1 {first}"), format!("4-4 {first}"), format!("6-9 {first}")]);
    let found = peers(Kind::Markdown, "a\n\n<!-- markdownlint-disable-file -->\n");
    assert!(found.len() == 1 && found[0].starts_with("0-") && found[0].ends_with("rules"), "{found:?}");
    let but = peers(Kind::Markdown, "<!-- markdownlint-disable -->\n\na\n\n<!-- markdownlint-enable MD001 -->\n");
    assert_eq!(but.len(), 2, "{but:?}");
    assert!(but.contains(&format!("1-4 {first}")), "{but:?}");
}

#[test]
fn secrets_are_allowed_in_any_language() {
    for (kind, text) in [
        (Kind::Dotenv, "A=b # gitleaks:allow\n"),
        (Kind::Json, "{\"a\": \"b\"} // betterleaks:allow\n"),
        (Kind::YamlOther, "a: b # trufflehog:ignore\n"),
        (Kind::Markdown, "word <!-- pragma: allowlist secret -->\n"),
        (Kind::Dockerfile, "ENV A=b # secretlint-disable-line\n"),
        (Kind::Properties, "a=b # pragma: allowlist secret\n"),
    ] {
        let found = peers(kind, text);
        assert!(found.len() == 1 && found[0].starts_with("1-1 ") && found[0].ends_with(" rules"), "{text} {found:?}");
    }
    assert!(peers(Kind::Text, "# pragma: allowlist nextline secret\nx\n")[0].starts_with("2-2 "));
    assert!(peers(Kind::Text, "x\n# secretlint-disable\ny\n# secretlint-enable\n")[0].starts_with("2-3 "));
    assert_eq!(
        peers(Kind::Text, "# secretlint-disable-line @secretlint/secretlint-rule-nothing\n"),
        Vec::<String>::new()
    );
    assert!(peers(Kind::Text, "k # checkov:skip=CKV_SECRET_6:why\n").iter().all(|found| found.starts_with("0-2 ")));
}

#[test]
fn shellcheck_in_scripts() {
    let lines = |kind: Kind, text: &str| {
        let mut found = Vec::new();
        places::find(&Source::new(text), kind, &mut |place| {
            if let places::Found::Peer(peer) = place {
                found.push(peer.lines);
            }
        });
        found.sort_unstable();
        found
    };
    let script = "#!/bin/sh\n# shellcheck disable=SC2034\n\na=1\n# shellcheck disable=SC2086\n# words\necho $a \\\n  $b\necho # shellcheck disable=SC1\n";
    assert_eq!(lines(Kind::Shell, script), [(1, 9), (7, 8)]);
    assert_eq!(lines(Kind::Dockerfile, "FROM a\n# shellcheck disable=SC2086\nRUN a \\\n  && b\n"), [(3, 4)]);
    let fence = "```sh\ntrue\n# shellcheck disable=SC2086\necho $a\n```\n";
    assert_eq!(lines(Kind::Markdown, fence), [(4, 4)]);
}

#[test]
fn a_mark_within_a_finding_of_several_lines_counts() {
    let text = "a: |\n  -----BEGIN\n  x\n  -----END # gitleaks:allow\n";
    let found = read(Kind::YamlOther, text);
    assert_eq!(found.comments[0].touches, Some(4));
}

static EMPTY: std::sync::OnceLock<Library> = std::sync::OnceLock::new();

fn empty() -> Library {
    Library::new(crate::rule::written::Library::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
}
