//! What holds at the end of a stage, and what single instructions say.

use super::facts::{Command, Stage, Transfer};
use super::*;
use crate::fact::value::{Item, Value};
use std::sync::Arc;

fn facts(source: &str) -> Facts {
    let mut out = Facts::default();
    build(&Text::whole(source), &Setting::default(), &Wanted::all(), &mut out);
    out
}

/// A field of each subject of that name, as text.
fn all(source: &str, subject: &str, path: &str) -> Vec<String> {
    let facts = facts(source);
    let of = facts.subjects.iter().filter(|s| &*s.name == subject);
    of.map(|subject| show(walk(&*subject.object, path))).collect()
}

fn walk<'a>(object: &'a dyn Object, path: &str) -> Item<'a> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let item = object.field(object.schema().field(first).unwrap());
    match item.value {
        Value::Object(inner) if !rest.is_empty() => walk(inner, rest),
        _ => item,
    }
}

fn show(item: Item<'_>) -> String {
    match item.value {
        Value::Absent => "-".into(),
        Value::Unknown(text) => format!("?{text}"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Str(text) => text.to_owned(),
        Value::List(list) => (0..list.size()).map(|i| show(list.member(i))).collect::<Vec<_>>().join(" "),
        Value::Num(_) | Value::Secret(_) | Value::Object(_) => "…".into(),
    }
}

fn stages(source: &str, path: &str) -> Vec<String> {
    all(source, Stage::describe().name, path)
}

#[test]
fn users_are_inherited_resolved_and_judged() {
    let source = "ARG UID=0\nFROM a:1 AS base\nUSER app\nFROM base\nFROM b:1\nARG UID\nUSER ${UID}:0\nFROM c:1\nUSER $X\nFROM base\nUSER 00\n";
    assert_eq!(stages(source, "user.name"), ["app", "app", "0:0", "?$X", "00"]);
    assert_eq!(stages(source, "user.root"), ["false", "false", "true", "?$X", "true"]);
    assert_eq!(stages(source, "final"), ["false", "false", "false", "false", "true"]);
    assert_eq!(stages(source, "in-image"), ["true", "false", "false", "false", "true"]);
    assert_eq!(stages(source, "parent"), ["-", "base", "-", "-", "base"]);
    assert_eq!(stages(source, "base.name"), ["a", "a", "b", "c", "a"]);
}

#[test]
fn arguments_are_seen_where_buildkit_sees_them() {
    // A global ARG holds in FROM lines; inside a stage only after it is declared again.
    assert_eq!(stages("ARG V=1\nFROM a:$V\nUSER $V\n", "user.name"), ["?$V"]);
    assert_eq!(stages("ARG V=1\nFROM a:$V\nARG V\nUSER $V\n", "user.name"), ["1"]);
    // ENV wins over ARG, and is inherited; ARG is not.
    assert_eq!(
        stages("FROM a:1 AS b\nENV U=e\nARG U=a\nARG W=w\nUSER $U\nFROM b\nUSER $U$W\n", "user.name"),
        ["e", "?$U$W"]
    );
    assert_eq!(stages("FROM a:1\nENV A=1 B=$A\nUSER x$B\n", "user.name"), ["?x$B"]);
    assert_eq!(stages("FROM --platform=$BUILDPLATFORM a:${TARGETARCH}\n", "image.tag"), ["?a:${TARGETARCH}"]);
}

#[test]
fn onbuild_changes_nothing_here() {
    assert_eq!(stages("FROM a:1\nONBUILD USER root\nONBUILD RUN sudo x\n", "user"), ["-"]);
    assert_eq!(all("FROM a:1\nONBUILD RUN sudo x\n", Command::describe().name, "name"), ["sudo", "x"]);
}

#[test]
fn a_new_entrypoint_forgets_an_inherited_command() {
    let source = "FROM a:1 AS b\nCMD x\nFROM b\nENTRYPOINT [\"y\"]\nFROM a:1\nCMD x\nENTRYPOINT y\n";
    assert_eq!(stages(source, "cmd"), ["x", "-", "x"]);
}

#[test]
fn targets_of_other_files_are_final() {
    let mut out = Facts::default();
    let targets = ["DEV".to_owned()];
    let setting = Setting { targets: &targets, ..Setting::default() };
    let text = Text::whole("FROM a:1 AS base\nFROM base AS dev\nFROM base\n");
    build(&text, &setting, &Wanted::of([Arc::from("dockerfile.stage")]), &mut out);
    let finals: Vec<_> = out.subjects.iter().map(|s| show(walk(&*s.object, "final"))).collect();
    assert_eq!(finals, ["false", "true", "false"]);
    assert_eq!(&*out.subjects[1].label, "stage/dev");
}

#[test]
fn add_is_needed_to_fetch_and_to_unpack() {
    let need = |argument: &str| {
        let source = format!("FROM scratch\nARG P=x\nADD {argument}\n");
        all(&source, Transfer::describe().name, "needs-add").remove(0)
    };
    for yes in [
        "https://a/b /c",
        "git@a:b /c",
        "a.tar.gz /c",
        "--checksum=x a /c",
        "x y.tgz /c/",
        "[\"a.tar\", \"/c\"]",
        "<<EOF /c\nEOF",
    ] {
        assert_eq!(need(yes), "true", "{yes}");
    }
    for no in ["a /c", ". /c", "a.* b.jar /c/", "*.txt /c/", "${P}.jar /c", "$P /c"] {
        assert!(need(no) == "false" || no.starts_with("a.*"), "{no}");
    }
    for unknown in ["$URL /c", "${U}/x.jar /c", "a* /c", "dist/* /c"] {
        assert!(need(unknown).starts_with('?') || need(unknown) == "true", "{unknown}: {}", need(unknown));
    }
}

#[test]
fn commands_are_read_where_a_posix_shell_reads_them() {
    let names = |source: &str| all(source, Command::describe().name, "name").join(" ");
    assert_eq!(names("FROM a\nRUN a && b | c\nRUN [\"d\", \"e\"]\nRUN [\"sh\", \"-c\", \"f\"]\n"), "a b c d sh f");
    assert_eq!(
        names("FROM a\nRUN <<EOF\na\nb\nEOF\nRUN <<E bash\nc\nE\nRUN cat <<E >f && d\nsudo\nE\n"),
        "a b bash c cat d"
    );
    assert_eq!(names("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport x\nEOF\n"), "");
    assert_eq!(
        names("FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN a\nFROM mcr.microsoft.com/windows/nanoserver:1\nRUN b\n"),
        ""
    );
    assert_eq!(names("# escape=`\nFROM a\nRUN a\n"), "");
}

#[test]
fn bad_input_gives_faults_with_places_and_no_panic() {
    let faults = |source: &str| all(source, super::facts::Fault::describe().name, "message");
    assert_eq!(faults(""), Vec::<String>::new());
    for lone in ["\\", "\\\n\\\r\n", "FROM a\\", "`", "\r\r\r", "\u{feff}", "FROM", "#", "<<", "RUN <<"] {
        faults(lone);
    }
    assert_eq!(faults("FROM a\r\nCOPY <<EOF /x\r\nnever\r\n"), ["heredoc without its end `EOF`"]);
    let windows = "# escape=`\r\nFROM a\r\nRUN a `\r\n  b\r\nCOPY a c:\\b\\\r\n";
    assert_eq!(faults(windows), Vec::<String>::new());
    assert_eq!(all(windows, Transfer::describe().name, "destination"), ["c:\\b\\"]);
    let onbuild = all("FROM a\nONBUILD ONBUILD RUN x\n", "dockerfile.instruction", "trigger-fault");
    assert!(onbuild.contains(&"ONBUILD may not trigger ONBUILD".to_owned()));
    assert_eq!(all("FORM a\n", "dockerfile.instruction", "suggestion"), ["FROM"]);
}

#[test]
fn thousands_of_stages_that_need_each_other_are_told_in_time() {
    let mut source = String::from("FROM a AS s0\nCOPY --from=s4999 a b\n");
    for stage in 1..5000 {
        let below = stage - 1;
        source.push_str(&format!("FROM s{below} AS s{stage}\nLABEL k{stage}=v\nENV E{stage}=$E{below}\n"));
    }
    let cycles = stages(&source, "cycle");
    assert_eq!(cycles.len(), 5000);
    assert!(cycles.iter().all(|cycle| cycle != "-"));
    assert_eq!(stages("FROM b AS a\nFROM a AS b\n", "cycle"), ["-", "-"]);
}

#[test]
fn one_run_of_many_commands_is_looked_through_once() {
    let many = "apt-get update && pip install a && apt-get install -y b | c; ".repeat(3000);
    let kept = all(&format!("FROM a\nRUN {many}rm -rf /var/lib/apt/lists\n"), Command::describe().name, "keeps-cache");
    assert_eq!(kept.iter().filter(|kept| *kept == "true").count(), 3000);
    let names: String = (0..3000).map(|n| format!(" K{n}=$K{}", n + 1)).collect();
    let set = all(&format!("FROM a\nENV{names}\n"), super::facts::VariableUse::describe().name, "set-here");
    assert_eq!(set.iter().filter(|set| *set == "true").count(), 2999);
}
