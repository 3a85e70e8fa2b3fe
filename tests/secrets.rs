//! The secrets pack against a labelled set: what it finds, what it leaves alone, and that it shows nothing of either.
//!
//! The files below `fixtures/secrets` hold labels: `⟦+kind:value⟧` is a credential, `⟦-kind:value⟧` only looks like one.
//! Their marks (`@@password@@`) become other values in every copy.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use common::Repo;
use infralint::fact::secret::generate::expand;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

const COPIES: usize = 3;

struct Label {
    path: String,
    kind: String,
    secret: bool,
    place: Range<usize>,
    value: String,
}

/// All labels, and a repository that holds the files without them.
fn planted() -> (Repo, Vec<Label>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/secrets");
    let repo = Repo::new();
    let mut labels = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let written = std::fs::read_to_string(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            for copy in 0..COPIES {
                let path = format!("copy{copy}/{name}");
                let text = without_labels(&expand(&numbered(&written, copy)), &path, &mut labels);
                repo.write(&path, text.as_bytes());
            }
        }
    }
    (repo, labels)
}

/// The text with every mark asking for a value of this copy alone.
fn numbered(text: &str, copy: usize) -> String {
    let mut out = String::new();
    for (at, piece) in text.split("@@").enumerate() {
        let is_mark = at % 2 == 1;
        match piece.rsplit_once('.') {
            _ if !is_mark => out.push_str(piece),
            Some((mark, number)) if number.parse::<usize>().is_ok() => out += &format!("@@{mark}.{copy}00{number}@@"),
            _ => out += &format!("@@{piece}.{copy}00@@"),
        }
    }
    out
}

fn without_labels(text: &str, path: &str, labels: &mut Vec<Label>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('⟦') {
        let (label, tail) = tail.split_once('⟧').unwrap();
        let (kind, value) = label.split_once(':').unwrap();
        out.push_str(before);
        let start = out.len();
        out.push_str(value);
        labels.push(Label {
            path: path.to_owned(),
            kind: kind[1..].to_owned(),
            secret: kind.starts_with('+'),
            place: start..out.len(),
            value: value.to_owned(),
        });
        rest = tail;
    }
    out + rest
}

#[derive(Default)]
struct Score {
    found: usize,
    missed: usize,
    noise: usize,
}

impl Score {
    fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.noise).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.found as f64 / (self.found + self.missed).max(1) as f64
    }
}

#[test]
fn credentials_are_found_and_what_looks_like_them_is_left_alone() {
    let (repo, labels) = planted();
    let secrets = labels.iter().filter(|l| l.secret).count();
    assert!(secrets >= 300 && labels.len() - secrets >= 300, "{secrets} of {}", labels.len());
    let (_, report) = repo.json(&["--select", "secrets", "--no-config"]);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut hit = vec![false; labels.len()];
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["path"].as_str().unwrap();
        let offset = |end: &str| finding[end]["offset"].as_u64().unwrap() as usize;
        let (start, end) = (offset("start"), offset("end"));
        let met = |l: &Label| l.path == path && l.place.start < end && start < l.place.end.max(l.place.start + 1);
        let at: Vec<usize> = (0..labels.len()).filter(|&i| met(&labels[i])).collect();
        at.iter().for_each(|&i| hit[i] = true);
        if at.is_empty() {
            scores.entry("unlabelled".into()).or_default().noise += 1;
            wrong.push(format!("noise   {path}:{} {}", finding["start"]["line"], finding["rule"]));
        }
    }
    for (label, hit) in labels.iter().zip(hit) {
        let score = scores.entry(label.kind.clone()).or_default();
        match (label.secret, hit) {
            (true, true) => score.found += 1,
            (true, false) => score.missed += 1,
            (false, true) => score.noise += 1,
            (false, false) => continue,
        }
        if label.secret != hit {
            let word = if hit { "noise" } else { "missed" };
            wrong.push(format!("{word:7} {} {}: {}", label.path, label.kind, label.value.lines().next().unwrap_or("")));
        }
    }
    let mut all = Score::default();
    for (kind, score) in &scores {
        println!(
            "{kind:12} precision {:.3} recall {:.3} of {}",
            score.precision(),
            score.recall(),
            score.found + score.missed
        );
        all.found += score.found;
        all.missed += score.missed;
        all.noise += score.noise;
    }
    println!("{:12} precision {:.3} recall {:.3}", "all", all.precision(), all.recall());
    assert!(all.precision() >= 0.97 && all.recall() >= 0.95, "{}", wrong.join("\n"));
}

/// Every way of writing a report, and what each writes beside it.
const FORMATS: &[&str] = &["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"];

#[test]
fn no_output_shows_a_secret() {
    let (repo, labels) = planted();
    // Some values stand elsewhere as what is none: there they may be shown.
    let open = |value: &str| labels.iter().any(|l| !l.secret && l.value.contains(value));
    let long = |l: &&Label| l.secret && l.value.len() >= 8 && !l.value.contains('\n') && !open(&l.value);
    let secrets: Vec<&Label> = labels.iter().filter(long).collect();
    let mut outputs: Vec<(String, String)> = Vec::new();
    for format in FORMATS {
        let ran = repo.run(&["--select", "all", "--no-config", "--format", format, "--show-suppressed", "copy0"]);
        assert!(ran.code.is_some_and(|code| code <= 2) && !ran.out.is_empty(), "{format}: {}", ran.err);
        outputs.push((format.to_string(), ran.out + &ran.err));
    }
    for arguments in
        [&["facts", "copy0/deploy/values.yaml"][..], &["facts", "copy0/app/.env"], &["facts", "copy0/docs/access.md"]]
    {
        let ran = repo.run(arguments);
        outputs.push((arguments.join(" "), ran.out + &ran.err));
    }
    let ran = repo.run(&["--select", "all", "--no-config", "--write-baseline", "known.json", "copy0"]);
    outputs.push((
        "baseline".into(),
        ran.out + &ran.err + &std::fs::read_to_string(repo.root.join("known.json")).unwrap(),
    ));
    for (name, text) in outputs {
        for label in secrets.iter().filter(|l| l.path.starts_with("copy0")) {
            let line = text.lines().find(|line| line.contains(&label.value)).unwrap_or("");
            assert!(line.is_empty(), "{name} shows what {} holds as {}: {line}", label.path, label.kind);
        }
    }
}
