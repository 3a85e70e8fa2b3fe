use super::*;
use crate::diagnostic::Safety;

fn ask(verb: Verb, text: &str, words: &str, with: &[&str]) -> Ask {
    let at = text.find(words).unwrap();
    Ask {
        verb,
        span: Span::new(at, at + words.len()),
        says: Some(words.trim_matches('"').to_owned()),
        texts: with.iter().map(|w| (*w).to_owned()).collect(),
        keys: Vec::new(),
    }
}

fn edited(text: &str, kind: Kind, ask: Ask) -> Option<String> {
    let source = Source::new(text);
    let proposal = Proposal { title: String::new(), safety: Safety::Safe, alone: false, asks: vec![ask] };
    let mut out = text.to_owned();
    for (span, new) in Placer::new(&source, kind).edits(&proposal)?.into_iter().rev() {
        out.replace_range(span.range(), &new);
    }
    Some(out)
}

fn docker(verb: Verb, text: &str, words: &str, with: &[&str]) -> Option<String> {
    edited(text, Kind::Dockerfile, ask(verb, text, words, with))
}

fn yaml(verb: Verb, text: &str, words: &str) -> Option<String> {
    edited(text, Kind::YamlOther, ask(verb, text, words, &[]))
}

fn set(text: &str, place: &str, keys: &str, value: &str) -> Option<String> {
    let mut ask = ask(Verb::Set, text, place, &[value]);
    ask.keys = keys.split('.').map(str::to_owned).collect();
    edited(text, Kind::YamlOther, ask)
}

#[test]
fn words_are_replaced_only_where_the_file_has_them() {
    assert_eq!(docker(Verb::Replace, "ADD a b", "ADD", &["COPY"]).as_deref(), Some("COPY a b"));
    let mut other = ask(Verb::Replace, "RUN $X y", "$X", &["a"]);
    other.says = Some("apt".into());
    assert_eq!(edited("RUN $X y", Kind::Dockerfile, other), None);
    let mut joined = ask(Verb::Replace, "RUN a \\\n b", "a \\\n b", &["c"]);
    joined.says = Some("a b".into());
    assert_eq!(edited("RUN a \\\n b", Kind::Dockerfile, joined), None);
}

#[test]
fn members_of_a_list_are_not_torn() {
    let list = r#"RUN ["apt-get", "install", "x"]"#;
    assert_eq!(docker(Verb::InsertAfter, list, "install", &[" -y"]), None);
    assert_eq!(docker(Verb::Delete, list, "install", &[]), None);
    let script = r#"RUN sh -c "apt-get install x""#;
    assert_eq!(
        docker(Verb::InsertAfter, script, "install", &[" -y"]).as_deref(),
        Some(r#"RUN sh -c "apt-get install -y x""#)
    );
}

#[test]
fn words_take_their_blanks_or_their_line_along() {
    assert_eq!(docker(Verb::Delete, "RUN a --x b\n", "--x", &[]).as_deref(), Some("RUN a b\n"));
    assert_eq!(docker(Verb::Delete, "RUN a \\\n  --x \\\n  b\n", "--x", &[]).as_deref(), Some("RUN a \\\n  b\n"));
    assert_eq!(docker(Verb::Delete, "RUN a \\\n  --x b\n", "--x", &[]).as_deref(), Some("RUN a \\\n  b\n"));
    assert_eq!(docker(Verb::Delete, "RUN a \\\n  --x\n", "--x", &[]), None);
    assert_eq!(
        docker(Verb::Delete, "RUN a \\\r\n  --x \\\r\n  b\r\n", "--x", &[]).as_deref(),
        Some("RUN a \\\r\n  b\r\n")
    );
}

#[test]
fn lines_keep_their_endings_and_indentation() {
    let text = "a\r\n  b\r\nc";
    assert_eq!(docker(Verb::LineBefore, text, "b", &["x\ny"]).as_deref(), Some("a\r\n  x\r\n  y\r\n  b\r\nc"));
    assert_eq!(docker(Verb::LineAfter, text, "b", &["x"]).as_deref(), Some("a\r\n  b\r\n  x\r\nc"));
    assert_eq!(docker(Verb::LineAfter, text, "c", &["x"]).as_deref(), Some("a\r\n  b\r\nc\r\nx"));
    assert_eq!(docker(Verb::DeleteLine, text, "b", &[]).as_deref(), Some("a\r\nc"));
    assert_eq!(docker(Verb::DeleteLine, text, "c", &[]).as_deref(), Some("a\r\n  b"));
    assert_eq!(docker(Verb::DeleteLine, "\u{feff}a\nb\n", "a", &[]).as_deref(), Some("\u{feff}b\n"));
    assert_eq!(docker(Verb::DeleteLine, "> a\nb\n", "a", &[]), None);
    assert_eq!(docker(Verb::LineAfter, "> a\nb\n", "a", &["x"]), None);
}

#[test]
fn entries_and_items_go_with_all_that_is_theirs() {
    let text =
        "# head\nversion: '3' # old\nservices:\n  web:\n    image: a\n    ports:\n      - 1\n      - 2\n\nx: 1\n";
    assert_eq!(yaml(Verb::DeleteEntry, text, "'3'"), Some(text.replace("version: '3' # old\n", "")));
    assert_eq!(yaml(Verb::DeleteEntry, text, "ports"), Some(text.replace("    ports:\n      - 1\n      - 2\n", "")));
    assert_eq!(yaml(Verb::DeleteEntry, text, "2"), Some(text.replace("      - 2\n", "")));
    assert_eq!(yaml(Verb::DeleteEntry, text, "web"), None);
    assert_eq!(yaml(Verb::DeleteEntry, "- a: 1\n  b: 2\n", "1").as_deref(), Some("- b: 2\n"));
    assert_eq!(yaml(Verb::DeleteEntry, "- a: 1 # why\n  b: 2\n", "1"), None);
    assert_eq!(yaml(Verb::DeleteEntry, "{a: 1, b: [x, y], c: 2}", "y").as_deref(), Some("{a: 1, b: [x], c: 2}"));
    assert_eq!(yaml(Verb::DeleteEntry, "{a: 1, b: [x, y], c: 2}", "1").as_deref(), Some("{b: [x, y], c: 2}"));
    let block = "a: |\n  text\n\n  more\n\nb: 1\n";
    assert_eq!(yaml(Verb::DeleteEntry, block, "a").as_deref(), Some("\nb: 1\n"));
}

#[test]
fn keys_are_set_where_they_are_or_written() {
    let pod = "spec:\n  containers:\n    - name: app # x\n      image: a\n    - name: b\n";
    let item = "name: app # x\n      image: a";
    assert_eq!(
        set(pod, item, "securityContext.privileged", "false"),
        Some(pod.replace("image: a\n", "image: a\n      securityContext:\n        privileged: false\n"))
    );
    let text = "s:\n  web:\n    a: {b: 1}\n    c: yes\n";
    assert_eq!(set(text, "web", "c", "\"yes\""), Some(text.replace("c: yes", "c: \"yes\"")));
    assert_eq!(set(text, "web", "a.d.e", "2"), Some(text.replace("{b: 1}", "{b: 1, d: { e: 2 }}")));
    assert_eq!(set(text, "web", "z", "1"), Some(text.replace("yes\n", "yes\n    z: 1\n")));
    assert_eq!(set(text, "web", "a", "1"), None);
    assert_eq!(set("a: *b\n", "a", "x", "1"), None);
    assert_eq!(set("a: {}\n", "a", "x", "1").as_deref(), Some("a: {x: 1}\n"));
}
