//! What BuildKit does, in small pieces, and that no bytes break it.

use super::*;
use proptest::prelude::*;

fn split(source: &str, check: impl FnOnce(&Dockerfile<'_>)) {
    let text = Text::whole(source);
    check(&parse(&text));
}

/// Keyword and argument of each instruction.
fn shape(source: &str) -> Vec<(String, String)> {
    let text = Text::whole(source);
    let file = parse(&text);
    file.instructions.iter().map(|i| (i.keyword_str().to_owned(), i.argument_str().to_owned())).collect()
}

fn faults_of(source: &str) -> Vec<(String, String)> {
    let text = Text::whole(source);
    faults(&parse(&text)).into_iter().map(|f| (f.span.slice(source).to_owned(), f.message)).collect()
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn mounts_have_one_of_five_types() {
    let source =
        "FROM a\nRUN --mount=type=bogus,target=/x --mount=target=/y,type=sshd a\nONBUILD RUN --mount=type=x a\n";
    let places: Vec<String> = faults_of(source).into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["type=bogus,target=/x", "target=/y,type=sshd", "type=x"]);
    for mount in [
        "type=cache,target=/x",
        "target=/x",
        "type=$T,target=/x",
        "TYPE=Secret,id=type",
        "type=ssh",
        "type=tmpfs,target=/x",
        "id=a,type=bind",
    ] {
        assert_eq!(faults_of(&format!("FROM a\nRUN --mount={mount} a\n")), []);
        assert_eq!(faults_of("# syntax=acme/dockerfile\nFROM a\nRUN --mount=type=bogus a\n"), []);
    }
}

#[test]
fn continuations_join_over_comments_and_blank_lines() {
    let source = "\u{feff}# c\r\nrun a \\\r\n  # why\r\n\r\n  b \\ \t\r\n\tc\r\nUSER x\r\n";
    assert_eq!(shape(source), [pair("run", "a   b \tc"), pair("USER", "x")]);
    split(source, |file| {
        assert_eq!(file.instructions[0].blank_lines.len(), 1);
        assert_eq!(file.comments.len(), 2);
        assert_eq!(file.comments[1].span.slice(source), "# why");
        let words = file.instructions[0].words();
        assert_eq!(words.iter().map(|w| w.span.slice(source)).collect::<Vec<_>>(), ["a", "b", "c"]);
    });
}

#[test]
fn a_doubled_escape_and_a_final_one() {
    assert_eq!(shape("RUN a \\\\\nUSER x\n"), [pair("RUN", "a \\\\"), pair("USER", "x")]);
    assert_eq!(shape("RUN a \\"), [pair("RUN", "a")]);
    assert_eq!(shape("\\\nRUN a"), [pair("RUN", "a")]);
}

#[test]
fn directives_choose_the_escape_only_at_the_top() {
    assert_eq!(shape("# escape = `\nRUN a `\n b\n"), [pair("RUN", "a  b")]);
    assert_eq!(shape("# a comment\n# escape=`\nRUN a `\nUSER b\n").len(), 2);
    split("#syntax=docker/dockerfile:1\n# check=skip=all\nFROM x\n", |file| {
        let names: Vec<_> = file.directives.iter().map(|d| (d.name.as_str(), d.value.as_str())).collect();
        assert_eq!(names, [("syntax", "docker/dockerfile:1"), ("check", "skip=all")]);
        assert_eq!(file.comments.len(), 2);
    });
    assert_eq!(faults_of("# escape=x\nFROM a\n")[0].1, "the escape character may only be \\ or `");
}

#[test]
fn heredocs_are_found_where_buildkit_finds_them() {
    let source = "RUN <<EOF cat <<-\"B C\" | sh\na\nEOF\n\tb\n\tB C\nUSER x\n";
    split(source, |file| {
        let heredocs = &file.instructions[0].heredocs;
        assert_eq!(heredocs.len(), 2);
        assert_eq!((heredocs[0].body.as_str(), heredocs[0].expands), ("a\n", true));
        assert_eq!((heredocs[1].body.as_str(), heredocs[1].expands, heredocs[1].chomps), ("b\n", false, true));
        assert_eq!(heredocs[1].body.span(0..1).slice(source), "b");
        assert_eq!(heredocs[1].terminator.unwrap().slice(source), "B C");
        assert_eq!(file.instructions[1].argument_str(), "x");
    });
    for none in
        ["RUN cat <<< EOF", "RUN echo $((1<<4))", "RUN a \"<<EOF\"", "ENV a=<<EOF", "RUN x<<EOF", "RUN [\"<<EOF\"]"]
    {
        split(&format!("{none}\nUSER x\n"), |file| assert_eq!(file.instructions.len(), 2, "{none}"));
    }
    split("ONBUILD COPY <<a <<b /x/\n1\na\n2\nb\nUSER x", |file| {
        assert_eq!(file.instructions[0].effective().heredocs[1].body.as_str(), "2\n");
        assert_eq!(file.instructions.len(), 2);
    });
    assert_eq!(faults_of("RUN <<EOF\na\n"), [pair("<<EOF", "heredoc without its end `EOF`")]);
}

#[test]
fn flags_stand_before_the_argument() {
    let source = "COPY --from=build --chmod=\"755\" --link -- --x /y\n";
    split(source, |file| {
        let copy = &file.instructions[0];
        let flags: Vec<_> = copy.flags.iter().map(|f| (f.name.as_str(), f.value.as_deref())).collect();
        assert_eq!(flags, [("from", Some("build")), ("chmod", Some("755")), ("link", None)]);
        assert_eq!(copy.argument_str(), "--x /y");
        assert_eq!(copy.flags[0].value_span.slice(source), "build");
    });
}

#[test]
fn json_lists_keep_the_places_of_their_strings() {
    let source = "CMD [ \"sh\", \\\n  \"-c\", \"a\\u00e9\\\"b\" ]\n";
    split(source, |file| {
        let Form::Exec(items) = file.instructions[0].form() else { panic!("a list") };
        assert_eq!(items.iter().map(Text::as_str).collect::<Vec<_>>(), ["sh", "-c", "a\u{e9}\"b"]);
        assert_eq!(items[1].whole_span().slice(source), "-c");
        assert_eq!(items[2].span(1..3).slice(source), "\\u00e9");
    });
    let broken = |source: &str| {
        let text = Text::whole(source);
        match parse(&text).instructions[0].form() {
            Form::Broken(fault) => (fault.span.slice(source).to_owned(), fault.refused),
            form => panic!("{form:?}"),
        }
    };
    assert_eq!(broken("CMD ['a']"), ("'".into(), false));
    assert_eq!(broken("CMD [\"a\",]"), ("]".into(), false));
    assert_eq!(broken("CMD [\"a\"] x"), ("x".into(), false));
    assert_eq!(broken("CMD [\"a\", 1]"), ("1".into(), true));
    assert_eq!(broken("CMD [\"a\""), (String::new(), false));
    split("CMD []", |file| assert!(matches!(file.instructions[0].form(), Form::Exec(items) if items.is_empty())));
}

#[test]
fn quotes_keep_words_together() {
    let source = r#"ENV a="b c" d=e\ f g='h "i"' j="\"k\$"#;
    split(source, |file| {
        let words = file.instructions[0].words();
        let values: Vec<_> = words.iter().map(|w| w.value.as_str()).collect();
        assert_eq!(values, ["a=b c", "d=e f", "g=h \"i\"", "j=\"k\\$"]);
        assert!(words[3].open_quote && !words[2].open_quote);
    });
}

#[test]
fn malformed_arguments_are_told_with_their_place() {
    assert_eq!(faults_of("FROM a b c d\n")[0].0, "b");
    assert_eq!(faults_of("FROM a AS b\nENV a='b\n")[0].0, "'");
    assert_eq!(faults_of("ENV a=b c\n")[0].0, "c");
    assert_eq!(faults_of("ENV a b c\nCOPY a b\nHEALTHCHECK NONE\nRUN it's\nSHELL [\"sh\"]\n"), []);
    assert_eq!(faults_of("COPY a\n")[0].0, "a");
    assert_eq!(faults_of("SHELL sh\n")[0].0, "sh");
    assert_eq!(faults_of("HEALTHCHECK curl x\n")[0].0, "curl x");
    assert_eq!(faults_of("USER\n")[0].0, "USER");
}

/// Lines that meet each other in every order.
fn lines() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ \t]{0,2}(RUN|copy|ENV|FROM|ONBUILD RUN) [a-zé$=\"'<\\[,\\]{}-]{0,9}",
        "[ ]{0,3}[a-zé日 ]{0,8} \\\\[ ]{0,1}",
        "[ ]{0,2}# ?(escape|syntax)?=?[`a-z ]{0,4}",
        Just("RUN cat <<EOF <<-'A' \\".to_owned()),
        Just("EOF".to_owned()),
        Just("\t\tA".to_owned()),
        Just(String::new()),
        "\\PC{0,12}",
    ];
    (proptest::collection::vec(piece, 0..14), prop_oneof![Just("\n"), Just("\r\n")]).prop_map(|(l, end)| l.join(end))
}

proptest! {
    #[test]
    fn plain_words_slice_back_to_themselves(source in lines()) {
        let text = Text::whole(&source);
        for instruction in &parse(&text).instructions {
            let keyword = instruction.keyword_span.slice(&source);
            prop_assert!(keyword.contains('\n') || keyword == instruction.keyword_str());
            for word in instruction.words() {
                let here = word.span.slice(&source);
                // A continuation inside a word is the only thing that may stand between.
                if word.plain && !here.contains('\n') {
                    prop_assert_eq!(here, word.value);
                }
            }
            prop_assert!(instruction.span.start <= instruction.keyword_span.start);
            prop_assert!(instruction.span.end as usize <= source.len());
        }
    }

    #[test]
    fn instructions_and_comments_follow_each_other(source in lines()) {
        let text = Text::whole(&source);
        let file = parse(&text);
        let spans: Vec<_> = file.instructions.iter().map(|i| i.span).collect();
        prop_assert!(spans.windows(2).all(|two| two[0].end <= two[1].start));
        prop_assert!(file.comments.iter().all(|c| c.span.slice(&source).starts_with('#')));
    }

    #[test]
    fn any_bytes_are_split(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let text = Text::whole(&text);
        let file = parse(&text);
        faults(&file);
        for instruction in &file.instructions {
            instruction.words();
            instruction.form();
        }
    }

    #[test]
    fn any_lines_are_judged(source in lines()) {
        let text = Text::whole(&source);
        let file = parse(&text);
        for fault in faults(&file) {
            prop_assert!(fault.span.end as usize <= source.len());
        }
    }
}
