//! Shapes of scripts, places of words, and that nothing breaks the machine.

use super::*;
use proptest::prelude::*;

/// Commands as words joined by blanks, with assignments before and redirections behind.
fn commands(source: &str) -> Vec<String> {
    let script = parse(&Text::whole(source));
    let show = |c: &Command| {
        let mut parts: Vec<String> = c.assignments.iter().map(|a| format!("{}={}", a.name, a.value.value)).collect();
        parts.extend(c.words.iter().map(|w| w.value.clone()));
        parts.extend(c.redirects.iter().map(|r| format!("{}{}", r.operator, r.target.value)));
        parts.join(" ")
    };
    script.commands.iter().map(show).filter(|s| !s.is_empty()).collect()
}

fn command(source: &str, name: &str) -> (Script, Command) {
    let script = parse(&Text::whole(source));
    let found = script.commands.iter().find(|c| c.name() == Some(name)).unwrap().clone();
    (script, found)
}

fn groups(source: &str, name: &str) -> Vec<Group> {
    let (script, command) = command(source, name);
    script.enclosing(command.pipeline).map(|outer| outer.group).collect()
}

#[test]
fn lists_and_pipes() {
    let script = parse(&Text::whole("a 1 && b | c |& d || ! e; f & g\nh"));
    assert!(!script.truncated);
    let pipes: Vec<_> = script.pipelines.iter().map(|p| (p.joint, p.stages, p.negated)).collect();
    use Joint::*;
    assert_eq!(
        pipes,
        [(First, 1, false), (And, 3, false), (Or, 1, true), (Next, 1, false), (Next, 1, false), (Next, 1, false)]
    );
    let stages: Vec<_> = script.commands.iter().map(|c| (c.pipeline, c.stage)).collect();
    assert_eq!(stages, [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0), (3, 0), (4, 0), (5, 0)]);
}

#[test]
fn quotes_escapes_and_expansions() {
    let source = r#"echo a\ b 'c $d' "e $f \$g" h"i"'j' ${k:-"l m"} $'n\t' $((1 + (2))) $ "\x" `uname`"#;
    let (_, echo) = command(source, "echo");
    let values: Vec<_> = echo.words.iter().map(|w| w.value.as_str()).collect();
    let expected =
        ["echo", "a b", "c $d", "e $f $g", "hij", "${k:-\"l m\"}", "n\t", "$((1 + (2)))", "$", "\\x", "`uname`"];
    assert_eq!(values, expected);
    let unknown: Vec<_> = echo.words.iter().map(|w| w.literal().is_none()).collect();
    assert_eq!(unknown, [false, false, false, true, false, true, false, true, false, false, true]);
    assert_eq!(echo.words[3].expansions[0].variable, "f");
    assert_eq!(echo.words[5].expansions[0].variable, "k");
    assert!(echo.words.iter().all(|w| !w.span.slice(source).is_empty()));
}

#[test]
fn substitutions_hold_commands() {
    let source = r#"a "$(b | c)" `d "\`e\`"` ${x:-$(f)} <(g) > $(h) y=$(i)"#;
    assert_eq!(commands(source).len(), 9);
    assert_eq!(groups(source, "c"), [Group::Substitution]);
    assert_eq!(groups(source, "e"), [Group::Substitution, Group::Substitution]);
    assert_eq!(groups(source, "g"), [Group::Process]);
    let (script, b) = command(source, "b");
    assert_eq!(script.commands[b.parent.unwrap()].name(), Some("a"));
    assert_eq!(script.pipelines[b.pipeline].stages, 2);
}

#[test]
fn groups_are_members_of_pipelines() {
    let source = "( a; b ) | c\n{ d; } >x && e\nif f; then g | h; elif i; then j; else k; fi | l\n\
        for v in 1 $(m); do n; done\nwhile o; do p; done <y\ncase $q in a|b) r;; (c) s ;; *) t; esac\nu() { w; }\n\
        function z { z1; }\nfor ((i=0; i<3; i++)); do z2; done; (( i > 2 )) && z3";
    let script = parse(&Text::whole(source));
    assert!(!script.truncated);
    let names: Vec<_> = script.commands.iter().filter_map(Command::name).collect();
    let all = "a b c d e f g h i j k l m n o p r s t w z1 z2 z3";
    assert_eq!(names.join(" "), all);
    assert_eq!(groups(source, "a"), [Group::Subshell]);
    assert_eq!(groups(source, "h"), [Group::If]);
    assert_eq!(groups(source, "n"), [Group::Loop]);
    assert_eq!(groups(source, "s"), [Group::Case]);
    assert_eq!(groups(source, "w"), [Group::Function]);
    assert_eq!(groups(source, "z1"), [Group::Function]);
    assert_eq!(groups(source, "c"), []);
    let (script, c) = command(source, "c");
    assert_eq!((c.stage, script.pipelines[c.pipeline].stages), (1, 2));
    let (script, a) = command(source, "a");
    let outer = script.pipelines[a.pipeline].outer.unwrap();
    assert_eq!((outer.pipeline, outer.stage), (c.pipeline, 0));
    let (script, z3) = command(source, "z3");
    assert_eq!(script.pipelines[z3.pipeline].joint, Joint::And);
}

#[test]
fn redirections_and_assignments() {
    let source = "A=1 B+=\"x y\" c[1]=2 cmd 2>&1 >>f &>g a=b <<<w {fd} 3<h d=(1 \"2 )\" $(in))";
    let (script, cmd) = command(source, "cmd");
    let names: Vec<_> = cmd.assignments.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "c"]);
    let redirects: Vec<_> = cmd.redirects.iter().map(|r| (r.fd, r.operator, r.target.value.as_str())).collect();
    let expected =
        [(Some(2), ">&", "1"), (None, ">>", "f"), (None, "&>", "g"), (None, "<<<", "w"), (Some(3), "<", "h")];
    assert_eq!(redirects, expected);
    assert_eq!(cmd.words.len(), 4);
    assert_eq!(script.commands.len(), 2);
    assert_eq!(commands("x=(a\n # b )\nc) y"), ["x=(a\n # b )\nc) y"]);
}

#[test]
fn tests_are_words_up_to_their_end() {
    assert_eq!(commands("[[ a && ( b || $c =~ ^(x|y)$ ) ]] && d"), ["[[ a && ( b || $c =~ ^ ( x | y ) $ ) ]]", "d"]);
    assert_eq!(commands("[[ a\nb"), ["[[ a", "b"]);
    assert_eq!(commands("[ a ] || b"), ["[ a ]", "b"]);
}

#[test]
fn comments_are_left_out() {
    assert_eq!(commands("# a\nb # c | d\ne#f"), ["b", "e#f"]);
    assert_eq!(commands("a \\\n  b"), ["a b"]);
    let source = "# a\nb '# no' # c | d\nsh -c 'x # y'\n";
    let comments: Vec<&str> = parse(&Text::whole(source)).comments.iter().map(|span| span.slice(source)).collect();
    assert_eq!(comments, ["# a", "# c | d", "# y"]);
}

#[test]
fn heredocs_belong_to_their_command() {
    let source = "cat <<A <<-'B' | x\n1 $(y)\nA\n\t2 $(n)\n\tB\nbash -s <<E\nz | w\nE\nq";
    assert_eq!(commands(source), ["cat <<A <<-B", "x", "y", "bash -s <<E", "z", "w", "q"]);
    let (_, cat) = command(source, "cat");
    let bodies: Vec<_> = cat.redirects.iter().map(|r| r.body.as_ref().unwrap().as_str()).collect();
    assert_eq!(bodies, ["1 $(y)\n", "2 $(n)\n"]);
    assert_eq!(groups(source, "w"), [Group::Script]);
    let (_, w) = command(source, "w");
    assert_eq!(w.span.slice(source), "w");
}

#[test]
fn scripts_in_strings_are_split_again() {
    for source in [
        "bash -euo pipefail -c 'a \"b c\" | d'",
        "sudo sh -lc \"a 'b c' | d\"",
        "/bin/sh -c \"a \\\"b c\\\" | d\"",
        "eval 'a \"b c\" | d'",
        "su me -c 'a \"b c\" | d'",
    ] {
        let (script, a) = command(source, "a");
        assert_eq!(a.words[1].value, "b c", "{source}");
        assert_eq!(script.pipelines[a.pipeline].stages, 2);
        assert_eq!(a.words[0].span.slice(source), "a");
    }
    assert_eq!(commands("bash script -c 'a'"), ["bash script -c a"]);
}

#[test]
fn what_no_shell_reads_has_a_place() {
    let fault = |source: &str| {
        let script = parse(&Text::whole(source));
        script.fault().map(|fault| format!("{}: {}", fault.span.slice(source), fault.message))
    };
    for (source, told) in [
        ("a &&", "&&: no command follows `&&`"),
        ("$(a\nif b; then c)", "if: `if` is never closed"),
        ("! ; a |& | b", "|: no command stands between `|&` and `|`"),
        ("case a in b) c;; esac fi", "fi: `fi` closes nothing"),
        ("(a; { b )", "{: `{` is never closed"),
        ("\"a $(b 'c) d", "': a single quote is never closed"),
        ("((a", "((: `((` is never closed"),
    ] {
        assert_eq!(fault(source).as_deref(), Some(told), "{source}");
    }
    // Shells do not agree, or it is not known how they would read it.
    for source in ["", "a;", "a &", "\n\n", "${a%'}'} '", "for x in a; { b; }", "cat <<E\n'", "sh -c 'a &&'", "(( a '"]
    {
        assert_eq!(fault(source), None, "{source}");
    }
}

#[test]
fn too_deep_is_told() {
    for piece in ["$(", "${a:-", "(", "{ ", "<(", "$((", "\"$("] {
        let script = parse(&Text::whole(&piece.repeat(50_000)));
        assert!(script.truncated, "{piece}");
    }
    assert!(!parse(&Text::whole("a $(b $(c $(d)))")).truncated);
}

#[test]
fn time_grows_with_length_alone() {
    for piece in ["( ", ") ", "{ ( ", "a | ", "`a` ", "sh -c 'b' ", "<<E ", "case x in ", "a=( ", "[[ ", "\\", "x() "] {
        let started = std::time::Instant::now();
        parse(&Text::whole(&piece.repeat(20_000)));
        assert!(started.elapsed().as_secs() < 5, "{piece}");
    }
}

fn scripts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zé]{1,4}",
        "[a-z]=[a-z$\"']{0,3}",
        "(if|then|fi|for x in|do|done|case|esac|while|function|\\{|\\}|\\(|\\)|\\[\\[|\\]\\]|!)",
        "(\\||\\|\\||&&|;;?|&|\n|#|>|<<E|<<<|<\\(|2>&1|\\\\\n)",
        "(\\$\\(|\\$\\{|`|\\$\\(\\(|\"|'|\\$'|\\\\)",
        "sh -c '[a-z |;$\"]{0,8}'",
        "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..25).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn unquoted_words_slice_back_to_themselves(source in scripts()) {
        let script = parse(&Text::whole(&source));
        for command in &script.commands {
            prop_assert!(command.pipeline < script.pipelines.len());
            prop_assert!(command.stage < script.pipelines[command.pipeline].stages);
            for word in &command.words {
                if !word.quoted {
                    prop_assert_eq!(word.span.slice(&source).replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\"),
                        word.value.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\"));
                }
                prop_assert!(word.span.end as usize <= source.len());
            }
        }
    }

    #[test]
    fn any_text_is_split(source in "\\PC{0,80}") {
        parse(&Text::whole(&source));
    }
}
