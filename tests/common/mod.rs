//! A scratch repository and the program run in it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use serde_json::Value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A rule that fires on a line that everybody can write.
pub const FAULT: &str = "<<<<<<< HEAD\n=======\n>>>>>>> b\n";
pub const RULE: &str = "docs/conflict-marker";

pub struct Repo {
    _keep: tempfile::TempDir,
    pub root: PathBuf,
}

pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub time: Duration,
}

impl Repo {
    pub fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let root = keep.path().canonicalize().unwrap().join("repo");
        std::fs::create_dir(&root).unwrap();
        Self { _keep: keep, root }
    }

    pub fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::new();
        files.iter().for_each(|(path, text)| repo.write(path, text.as_bytes()));
        repo
    }

    pub fn write(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infralint"));
        command.args(arguments).current_dir(&self.root).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("INFRALINT_") || name == "NO_COLOR") {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments))
    }

    pub fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let ran = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.err, "");
        (ran.code, serde_json::from_str(&ran.out).unwrap())
    }
}

pub fn ran(mut command: Command) -> Ran {
    let start = Instant::now();
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), out: text(stdout), err: text(stderr), time: start.elapsed() }
}

/// Runs with something on stdin.
pub fn fed(mut command: Command, input: &[u8]) -> Ran {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    Ran { code: child.wait().unwrap().code(), out, err, time: start.elapsed() }
}

/// `path rule` of all findings.
pub fn findings(report: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|f| format!("{} {}", word(&f["path"]), word(&f["rule"]))).collect()
}

/// `path status kind` of all problems.
pub fn problems(report: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let problems = report["problems"].as_array().unwrap();
    problems.iter().map(|p| format!("{} {} {}", word(&p["path"]), word(&p["status"]), word(&p["kind"]))).collect()
}

/// One of the whole repositories in `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
