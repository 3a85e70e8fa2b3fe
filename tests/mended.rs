//! Safe fixes keep a Dockerfile what it was: over generated files, nothing breaks, nothing is done twice, and only what a
//! fix is meant to change is another instruction afterwards.
#![allow(clippy::unwrap_used)]

use infralint::fact::inventory::Inventory;
use infralint::lint::mend::{Level, mend};
use infralint::lint::{Plan, Session};
use infralint::rule::library::Library;
use infralint::rule::select::Selection;
use infralint::syntax::dockerfile::{Keyword, parse};
use infralint::text::{Source, Text};

/// How many files are mended.
const FILES: u64 = 120;

/// Lines that have something to mend, and some that have not.
const LINES: &[&str] = &[
    "ADD a /a",
    "ADD --chown=app:app a b /dir",
    "COPY a b c",
    "copy . .",
    "RUN apt install curl",
    "RUN apt-get update && \\\n    # why\n\n    apt-get install curl=1.2 \\\n      && rm -rf /var/lib/apt/lists/*",
    "RUN apk add curl",
    "RUN curl https://example.com/x | sh",
    "RUN wget https://example.com/x",
    "RUN pip install flask==3.0.0 && npm install --only=production",
    "RUN <<EOF\napt-get install git\npip install flask\nEOF",
    "RUN yum install x; dnf install y; zypper install z",
    "RUN echo '$HOME'",
    "RUN useradd -u 100000001 app",
    "run make",
    "ENV a b",
    "ENV a b c\\\n d",
    "ENV A=1 B=2",
    "LABEL x y",
    "MAINTAINER somebody",
    "MAINTAINER \"some\\\n body\" <a@example.com>",
    "EXPOSE 80/TCP 127.0.0.1:90:90",
    "WORKDIR app",
    "WORKDIR /app",
    "USER root",
    "USER app",
    "USER app:",
    "STOPSIGNAL 9",
    "STOPSIGNAL sigterm",
    "SHELL [\"/bin/bash\", \"-c\"]",
    "HEALTHCHECK CMD true",
    "HEALTHCHECK NONE",
    "ENTRYPOINT nginx -g 'daemon off;'",
    "ENTRYPOINT [\"/sbin/init\"]",
    "CMD app --flag \"a b\"",
    "CMD ['app', 'x']",
    "CMD [\"app\"",
    "ONBUILD ADD a /a",
    "# a comment",
    "# hadolint ignore=DL3020\nADD b /b",
    "",
    "  ",
];

const FROM: &[&str] = &[
    "FROM alpine:3.20",
    "FROM debian:12 as Build",
    "from ubuntu:24.04 AS two",
    "FROM --platform=$TARGETPLATFORM python:3.12-slim",
    "FROM scratch",
    "FROM node:22 # no comment",
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn dockerfile(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = String::new();
    for _ in 0..=dice.below(3) {
        let mut lines = vec![dice.pick(FROM)];
        lines.extend((0..dice.below(12)).map(|_| dice.pick(LINES)));
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
    }
    if dice.below(4) == 0 {
        text = text.replace('\n', "\r\n");
    }
    if dice.below(4) == 0 {
        text.truncate(text.trim_end().len());
    }
    text
}

/// The keywords, stage by stage.
fn stages(text: &str) -> Vec<Vec<Keyword>> {
    let text = Text::whole(text);
    let mut stages = vec![Vec::new()];
    for instruction in &parse(&text).instructions {
        if instruction.keyword == Keyword::From {
            stages.push(Vec::new());
        }
        stages.last_mut().unwrap().push(instruction.keyword);
    }
    stages
}

/// What is counted alone: fixes may add a STOPSIGNAL.
const LOOSE: &[Keyword] =
    &[Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck, Keyword::User, Keyword::Shell, Keyword::Stopsignal];

fn firm(stage: &[Keyword]) -> Vec<Keyword> {
    let known = |keyword: &Keyword| match keyword {
        Keyword::Add => Keyword::Copy,
        Keyword::Maintainer => Keyword::Label,
        other => *other,
    };
    stage.iter().filter(|keyword| !LOOSE.contains(keyword)).map(known).collect()
}

fn compare(before: &[Keyword], after: &[Keyword]) -> Result<(), String> {
    if firm(before) != firm(after) {
        return Err("other instructions than before".to_owned());
    }
    for keyword in LOOSE {
        let count = |stage: &[Keyword]| stage.iter().filter(|other| *other == keyword).count();
        let (old, new) = (count(before), count(after));
        let fits = match keyword {
            Keyword::Stopsignal => new >= old && new <= old + 1,
            _ => new == old,
        };
        if !fits {
            return Err(format!("{} was there {old} times and is there {new} times", keyword.name()));
        }
    }
    Ok(())
}

#[test]
fn fixes_break_nothing_and_are_done_at_once() {
    let library = Library::builtin().unwrap();
    let mut selection = Selection::defaults(&library.rules);
    for (rule, state) in library.rules.iter().zip(&mut selection.states) {
        state.on = &*rule.pack == "dockerfile";
        state.variants.fill(state.on);
    }
    let inventory = Inventory::new(["Dockerfile"]);
    let session = Session::new(Plan::new(&library, &selection), &inventory);
    let mut mended = 0;
    for seed in 0..FILES {
        let text = dockerfile(seed);
        let run = |text: &str| mend("Dockerfile", &Source::new(text), &session, Level::Safe, &|_| ());
        let Some(done) = run(&text) else { continue };
        let told = || format!("{seed}\n---\n{text}\n+++\n{}", done.text);
        mended += 1;
        let faults = |text: &str| session.syntax_faults("Dockerfile", &Source::new(text));
        assert!(faults(&done.text) <= faults(&text), "{}", told());
        assert_eq!(run(&done.text).map(|again| again.text), None, "{}", told());
        let (before, after) = (stages(&text), stages(&done.text));
        assert_eq!(before.len(), after.len(), "{}", told());
        for (before, after) in before.iter().zip(&after) {
            compare(before, after).unwrap_or_else(|how| panic!("{how}: {}", told()));
        }
    }
    // Files without anything to mend would prove nothing.
    assert!(mended > FILES / 2, "{mended}");
}
