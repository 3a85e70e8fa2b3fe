//! Fixes keep a Dockerfile what it was: over generated files, nothing breaks, nothing is done twice, and only what a fix is
//! meant to change is another instruction afterwards.
#![allow(clippy::unwrap_used)]

use infralint::fact::inventory::Inventory;
use infralint::lint::mend::{Level, mend};
use infralint::lint::{Plan, Session};
use infralint::rule::case;
use infralint::rule::library::{Library, embedded_prose};
use infralint::rule::select::Selection;
use infralint::syntax::dockerfile::{Instruction, Keyword, parse};
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
    "USER 0:0",
    "USER app:app",
    "user root:wheel # no comment",
    "RUN useradd somebody",
    "RUN a | b | c",
    "RUN set -e; \\\n  make | tee log",
    "RUN <<-EOF bash\n\tcurl x | sh\n\tEOF",
    "RUN npm install",
    "COPY package*.json ./",
    "COPY <<EOF /x\nUSER root\nEOF",
    "ENV B='$A'",
    "ENV C=1 D=$C \\\n  E=${D}",
    "ARG NPM_TOKEN\nRUN npm config set token $NPM_TOKEN",
    "RUN apt-get update\nRUN apt-get install -y \\\n    b \\\n    a",
    "RUN ln -sf /bin/bash /bin/sh",
    "LABEL l=1\nLABEL l=2 m=3\nLABEL m=4",
    "COPY run.sh /usr/bin/run.sh\nRUN chmod 755 /usr/bin/run.sh",
    "RUN echo \"a 'b'\" > /etc/c",
    "RUN [ a == `b` ] && rm -rf $C/",
    "RUN make &&",
    "  CMD late",
    "HEALTHCHECK --interval=5s CMD curl x || exit 1",
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
        stages.last_mut().unwrap().push(keyword(instruction));
    }
    stages
}

/// The keyword; of a RUN that another instruction can say, that other one's.
fn keyword(instruction: &Instruction<'_>) -> Keyword {
    let script = instruction.argument_str();
    match instruction.keyword {
        Keyword::Run if script.starts_with("echo ") && script.contains(" > /") => Keyword::Copy,
        Keyword::Run if script.starts_with("ln ") && script.ends_with(" /bin/sh") => Keyword::Shell,
        keyword => keyword,
    }
}

/// What unsafe fixes join or split besides: RUN that belong together, ENV, LABEL.
const JOINED: &[Keyword] = &[Keyword::Run, Keyword::Label, Keyword::Env];

/// What is counted alone: fixes may add a STOPSIGNAL; unsafe ones a user and a shell, and take away what counts for
/// nothing.
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

fn compare(before: &[Keyword], after: &[Keyword], level: Level) -> Result<(), String> {
    let fixed = |stage: &[Keyword]| {
        let joined = |keyword: &Keyword| level == Level::Unsafe && JOINED.contains(keyword);
        firm(stage).into_iter().filter(|keyword| !joined(keyword)).collect::<Vec<_>>()
    };
    if fixed(before) != fixed(after) {
        return Err("other instructions than before".to_owned());
    }
    for keyword in JOINED {
        let count = |stage: &[Keyword]| firm(stage).iter().filter(|other| *other == keyword).count();
        let (old, new) = (count(before), count(after));
        let fits = if *keyword == Keyword::Env { new >= old } else { new <= old };
        if !fits {
            return Err(format!("{} was there {old} times and is there {new} times", keyword.name()));
        }
    }
    for keyword in LOOSE {
        let count = |stage: &[Keyword]| stage.iter().filter(|other| *other == keyword).count();
        let (old, new) = (count(before), count(after));
        let fits = match (keyword, level) {
            (Keyword::Stopsignal, _) => new >= old && new <= old + 1,
            (Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck, Level::Unsafe) => new == old.min(1),
            (Keyword::User, Level::Unsafe) => new >= old && new <= old + 1,
            (Keyword::Shell, Level::Unsafe) => new >= old,
            _ => new == old,
        };
        if !fits {
            return Err(format!("{} was there {old} times and is there {new} times", keyword.name()));
        }
    }
    Ok(())
}

/// How many of the files are mended; each holds what it has to.
fn mends(files: impl Iterator<Item = String>, level: Level) -> usize {
    let library = Library::builtin().unwrap();
    let mut selection = Selection::defaults(&library.rules);
    for (rule, state) in library.rules.iter().zip(&mut selection.states) {
        state.on = &*rule.pack == "dockerfile";
        state.variants.fill(state.on);
    }
    let inventory = Inventory::new(["Dockerfile"]);
    let session = Session::new(Plan::new(&library, &selection), &inventory);
    let mut mended = 0;
    for text in files {
        let run = |text: &str| mend("Dockerfile", &Source::new(text), &session, level, &|_| ());
        let Some(done) = run(&text) else { continue };
        let told = || format!("\n---\n{text}\n+++\n{}", done.text);
        mended += 1;
        let faults = |text: &str| session.syntax_faults("Dockerfile", &Source::new(text));
        assert!(faults(&done.text) <= faults(&text), "{}", told());
        assert_eq!(run(&done.text).map(|again| again.text), None, "{}", told());
        let (before, after) = (stages(&text), stages(&done.text));
        // A word that is no instruction may become any.
        if level == Level::Unsafe && before.iter().flatten().any(|keyword| *keyword == Keyword::Unknown) {
            continue;
        }
        assert_eq!(before.len(), after.len(), "{}", told());
        for (before, after) in before.iter().zip(&after) {
            compare(before, after, level).unwrap_or_else(|how| panic!("{how}: {}", told()));
        }
    }
    mended
}

/// The files of all cases of the pack.
fn cases() -> impl Iterator<Item = String> {
    let prose = embedded_prose();
    let own = prose.into_iter().filter(|(id, _)| id.starts_with("dockerfile/"));
    let cases = own.flat_map(|(_, prose)| prose.fail.into_iter().chain(prose.pass));
    cases.flat_map(|case| case::files(&case, "Dockerfile").into_iter().take(1)).map(|file| file.text)
}

#[test]
fn fixes_break_nothing_and_are_done_at_once() {
    for level in [Level::Safe, Level::Unsafe] {
        // Files without anything to mend would prove nothing.
        let mended = mends((0..FILES).map(dockerfile), level);
        assert!(mended > FILES as usize / 2, "{mended}");
    }
}

#[test]
fn fixes_of_several_rules_get_on_with_each_other() {
    for level in [Level::Safe, Level::Unsafe] {
        let mended = mends(cases(), level);
        assert!(mended > 100, "{mended}");
    }
}
