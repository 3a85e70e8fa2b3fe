//! The Action's steps, run as GitHub runs them: environment set, commands read from action.yml.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use common::{FAULT, RULE, Ran, Repo, ran};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What action.yml says of a step: its command, and where each variable comes from.
#[derive(Default)]
struct Step {
    run: String,
    env: Vec<(String, String)>,
}

fn action() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap()
}

/// The inputs with their defaults.
fn inputs() -> BTreeMap<String, String> {
    let text = action();
    let part = text.split("\ninputs:\n").nth(1).unwrap().split("\noutputs:").next().unwrap();
    let mut found = BTreeMap::new();
    let mut name = String::new();
    for line in part.lines() {
        if let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) {
            name = key.trim_end_matches(':').to_owned();
        } else if let Some(default) = line.trim().strip_prefix("default: ") {
            found.insert(name.clone(), default.trim_matches('"').to_owned());
        }
    }
    assert_eq!(found.len(), part.matches("    description: ").count(), "an input without default");
    found
}

fn steps() -> Vec<Step> {
    let text = action();
    let mut steps: Vec<Step> = Vec::new();
    for line in text.split("\n  steps:\n").nth(1).unwrap().lines() {
        if line.starts_with("    - ") {
            steps.push(Step::default());
        } else if let Some(command) = line.strip_prefix("      run: ") {
            steps.last_mut().unwrap().run = command.trim_matches('\'').to_owned();
        } else if let Some((name, value)) = line.strip_prefix("        ").and_then(|line| line.split_once(": ")) {
            let value = value.strip_prefix("${{ ").unwrap().strip_suffix(" }}").unwrap();
            steps.last_mut().unwrap().env.push((name.to_owned(), value.to_owned()));
        }
    }
    steps
}

/// A job on a runner: its directories, and what its steps leave behind.
struct Job {
    repo: Repo,
    runner: tempfile::TempDir,
    inputs: BTreeMap<String, String>,
    event: BTreeMap<&'static str, String>,
}

impl Job {
    fn new(files: &[(&str, &str)], given: &[(&str, &str)]) -> Self {
        let repo = Repo::with(files);
        repo.write(".git/HEAD", b"ref: refs/heads/main\n");
        let mut inputs = inputs();
        for (name, value) in given {
            assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "no input is called {name}");
        }
        Self { repo, runner: tempfile::tempdir().unwrap(), inputs, event: BTreeMap::new() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.runner.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// The value of an expression in action.yml.
    fn value(&self, expression: &str) -> String {
        if let Some(input) = expression.strip_prefix("inputs.") {
            return self.inputs[input].clone();
        }
        match expression {
            "github.action_repository" => "owner/infralint".to_owned(),
            "steps.install.outputs.program" => {
                self.read("output").lines().find_map(|line| line.strip_prefix("program=")).unwrap().to_owned()
            }
            "github.event.pull_request.base.sha || github.event.merge_group.base_sha" => {
                self.event.get("base").cloned().unwrap_or_default()
            }
            other => panic!("{other}"),
        }
    }

    fn step(&self, step: &Step) -> Ran {
        let mut command = Command::new("bash");
        // As GitHub calls bash.
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step.run]).current_dir(&self.repo.root);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.runner.path());
        command.env("GITHUB_ACTIONS", "true").env("GITHUB_WORKSPACE", &self.repo.root);
        command.env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"));
        command.env("GITHUB_OUTPUT", self.file("output")).env("GITHUB_STEP_SUMMARY", self.file("summary"));
        command.env("RUNNER_TEMP", self.runner.path()).env("RUNNER_TOOL_CACHE", self.file("tools"));
        command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        command.env("GITHUB_SERVER_URL", "https://github.com").env("GITHUB_REPOSITORY", "o/r").env("GITHUB_SHA", "abc");
        for (name, value) in &step.env {
            command.env(name, self.value(value));
        }
        ran(command)
    }

    /// All steps, until one fails.
    fn run(&self) -> Ran {
        let mut last = None;
        for step in steps() {
            let ran = self.step(&step);
            let failed = ran.code != Some(0);
            last = Some(ran);
            if failed {
                break;
            }
        }
        last.unwrap()
    }
}

const PROGRAM: (&str, &str) = ("path", env!("CARGO_BIN_EXE_infralint"));

#[test]
fn annotations_summary_and_sarif_are_left_behind() {
    let files = [("a b/bad.md", FAULT), ("good.md", "# Good\n"), (".github/CODEOWNERS", "* @me\n")];
    let job = Job::new(
        &files,
        &[PROGRAM, ("sarif", "out/infralint.sarif"), ("args", "--select  docs/conflict-marker\n--threads 2")],
    );
    let run = job.run();
    assert_eq!((run.code, &*run.err), (Some(1), ""));
    let expected = format!("::error file=a b/bad.md,line=1,endLine=1,col=1,endColumn=13,title={RULE}::");
    assert!(run.out.starts_with(&expected), "{}", run.out);
    let summary = job.read("summary");
    assert!(summary.starts_with("## infralint: 1 error in 1 of 3 files\n"), "{summary}");
    assert!(summary.contains("[1](https://github.com/o/r/blob/abc/a%20b/bad.md#L1)"), "{summary}");
    assert!(summary.contains("owned by <code>&#64;me</code>"), "{summary}");
    let sarif = std::fs::read_to_string(job.repo.root.join("out/infralint.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], RULE);
    assert!(job.read("output").ends_with("exit-code=1\nsarif=out/infralint.sarif\n"), "{}", job.read("output"));
    let left: Vec<_> = std::fs::read_dir(job.runner.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_clean_repository_passes() {
    let job = Job::new(&[("good.md", "# Good\n")], &[PROGRAM]);
    let run = job.run();
    assert_eq!((run.code, &*run.out), (Some(0), ""), "{}", run.err);
    assert!(job.read("summary").starts_with("## infralint: no findings in "));
    let quiet = Job::new(&[("good.md", "# Good\n")], &[PROGRAM, ("summary", "false")]);
    assert_eq!((quiet.run().code, quiet.read("summary")), (Some(0), String::new()));
}

/// A program that notes what it was called with.
fn recorder(job: &Job) -> String {
    let program = job.file("recorder");
    std::fs::write(&program, "#!/bin/sh\nprintf '<%s>' \"$@\" > \"$RUNNER_TEMP/called\"\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program.to_str().unwrap().to_owned()
}

fn called(given: &[(&str, &str)], base: Option<&str>) -> String {
    let mut job = Job::new(&[], given);
    job.inputs.insert("path".to_owned(), recorder(&job));
    job.inputs.insert("summary".to_owned(), "false".to_owned());
    base.map(|base| job.event.insert("base", base.to_owned()));
    let run = job.run();
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    job.read("called")
}

#[test]
fn pull_requests_tell_only_what_is_new() {
    assert_eq!(called(&[], Some("0af3")), "<check><--format><github><--since=0af3><--><.>");
    assert_eq!(called(&[], None), "<check><--format><github><--><.>");
    assert_eq!(called(&[("since", "none")], Some("0af3")), "<check><--format><github><--><.>");
    assert_eq!(called(&[("since", "v1")], Some("0af3")), "<check><--format><github><--since=v1><--><.>");
}

#[test]
fn inputs_are_words_and_nothing_else() {
    let odd = "$(touch pwned) `touch pwned` ; touch pwned\n* \"a b\" ${HOME} %0A::error::";
    let paths = "a b\n--fix\n$(touch pwned)\n\n*\r\n";
    let told = called(&[("args", odd), ("paths", paths)], None);
    let words: String = odd.split_whitespace().map(|word| format!("<{word}>")).collect();
    assert_eq!(told, format!("<check><--format><github>{words}<--><a b><--fix><$(touch pwned)><*>"));
    let job = Job::new(&[("good.md", "# Good\n")], &[PROGRAM, ("args", odd), ("paths", paths)]);
    let run = job.run();
    assert!(run.code == Some(2) && run.out.ends_with(": see the log of this step\n"), "{}", run.out);
    assert!(!job.repo.root.join("pwned").exists());
    for (name, value) in [("path", "a\nprogram=b"), ("sarif", "a\nb"), ("summary", "yes"), ("version", "1.0.0;x")] {
        let mut job = Job::new(&[], &[PROGRAM]);
        job.inputs.insert(name.to_owned(), value.to_owned());
        if name == "version" {
            job.inputs.insert("path".to_owned(), String::new());
        }
        let run = job.run();
        assert_eq!(run.code, Some(2), "{name}");
        assert!(
            run.out.starts_with("::error title=infralint::the input ") && run.out.lines().count() == 1,
            "{}",
            run.out
        );
    }
}

#[test]
fn lines_that_look_like_commands_are_none() {
    let job = Job::new(&[("::error file=x::y.md", FAULT)], &[PROGRAM, ("annotations", "false")]);
    let run = job.run();
    let lines: Vec<&str> = run.out.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::infralint-").unwrap();
    assert!(token.len() == 32 && lines[1].starts_with("::error file=x::y.md:1:1: error"), "{lines:?}");
    assert_eq!(*lines.last().unwrap(), format!("::infralint-{token}::"));
    assert_eq!(run.code, Some(1));
}

/// A mirror with one release, and the SHA-256 of its archive.
fn mirror(job: &Job) -> (String, String) {
    let name = "infralint-9.9.9-x86_64-unknown-linux-musl";
    let dir = job.file("mirror/v9.9.9");
    std::fs::create_dir_all(dir.join(name)).unwrap();
    let program = dir.join(name).join("infralint");
    std::fs::write(&program, "#!/bin/sh\necho released\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let archive = dir.join(format!("{name}.tar.gz"));
    let packed = Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&dir).arg(name).status().unwrap();
    assert!(packed.success());
    let digest = Sha256::digest(std::fs::read(archive).unwrap());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("file://{}", job.file("mirror").display()), digest)
}

#[test]
fn a_release_is_run_only_if_its_digest_is_the_expected_one() {
    let mut job = Job::new(&[], &[("version", "v9.9.9"), ("summary", "false")]);
    let (place, digest) = mirror(&job);
    job.inputs.insert("mirror".to_owned(), place);
    let run = job.run();
    assert!(run.code == Some(2) && run.out.contains("no SHA-256 is known"), "{}", run.out);
    job.inputs.insert("sha256".to_owned(), "0".repeat(64));
    let run = job.run();
    assert!(run.code == Some(2) && run.out.contains(&format!("has the SHA-256 {digest}")), "{}{}", run.out, run.err);
    job.inputs.insert("sha256".to_owned(), digest);
    let run = job.run();
    assert_eq!((run.code, &*run.out), (Some(0), "released\n"), "{}", run.err);
    // The second run finds it in the cache; one that was tampered with is fetched anew.
    let kept = job.file("tools/infralint/9.9.9/infralint-9.9.9-x86_64-unknown-linux-musl.tar.gz");
    std::fs::write(&kept, "tampered").unwrap();
    assert_eq!(job.run().out, "released\n");
    std::fs::remove_dir_all(job.file("mirror")).unwrap();
    assert_eq!(job.run().out, "released\n");
    std::fs::write(&kept, "tampered").unwrap();
    assert!(job.run().out.contains("cannot be fetched"));
    job.inputs.insert("mirror".to_owned(), "http://example.com".to_owned());
    assert!(job.run().out.contains("must begin with https:// or file://"));
}

#[test]
fn no_input_stands_in_a_script() {
    for step in steps() {
        assert!(!step.run.contains("${{"), "{}", step.run);
        assert!(step.run.starts_with("\"$GITHUB_ACTION_PATH/action/"), "{}", step.run);
    }
    let used: Vec<String> = steps().into_iter().flat_map(|step| step.env).map(|(_, value)| value).collect();
    inputs().keys().for_each(|input| assert!(used.contains(&format!("inputs.{input}")), "{input} is not used"));
}
