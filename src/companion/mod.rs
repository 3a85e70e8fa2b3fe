//! ShellCheck, where it is installed and asked for: the only program that infralint starts.

mod pipe;

use crate::diagnostic::{Problem, Status};
use crate::fact::shell::ScriptText;
use crate::lint::scripts::{Remark, Reviewer};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long one script may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Files that are not there to be followed, line endings of the host file, and shells that it takes for others.
const NEVER: &str = "SC1017,SC1090,SC1091,SC2148,SC2187";
/// Besides these: lines that a document shows do not make a whole program.
const NOT_IN_EXAMPLES: &str = "SC1017,SC1090,SC1091,SC2148,SC2187,SC2034,SC2154,SC2164,SC2317";

/// The program, looked up when the first script comes.
#[derive(Default)]
pub struct ShellCheck {
    program: OnceLock<Option<PathBuf>>,
    /// The first file, by name, in which it was missing.
    missing: Mutex<Option<Arc<str>>>,
    /// What went wrong, by file.
    failed: Mutex<BTreeMap<Arc<str>, String>>,
}

#[derive(Deserialize)]
struct Answer {
    comments: Vec<Remark>,
}

impl Reviewer for ShellCheck {
    fn review(&self, path: &str, script: &ScriptText) -> Vec<Remark> {
        let Some(program) = self.program.get_or_init(found) else {
            let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
            if missing.as_deref().is_none_or(|known| path < known) {
                *missing = Some(path.into());
            }
            return Vec::new();
        };
        let mut command = Command::new(program);
        // All of them are fixed words: nothing that a file says becomes an argument. No file of the repository
        // changes what the program does: neither `.shellcheckrc` nor where it is started.
        let exclude = if script.example { NOT_IN_EXAMPLES } else { NEVER };
        command.args(["--norc", "--format", "json1", "--shell", script.dialect, "--exclude", exclude, "-"]);
        command.current_dir(std::env::temp_dir());
        let answer = pipe::ask(command, script.text.as_str(), PATIENCE).and_then(|bytes| read(&bytes));
        answer.unwrap_or_else(|message| {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.insert(path.into(), message);
            Vec::new()
        })
    }

    fn problems(&self) -> Vec<Problem> {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner).take();
        let failed = std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner));
        let message = "no program `shellcheck` is on the PATH, so no shell script was checked".to_owned();
        let missing = missing.map(|path| Problem { path, status: Status::Skipped, kind: "no-shellcheck", message });
        let failed = failed.into_iter().map(|(path, message)| Problem {
            path,
            status: Status::Failed,
            kind: "shellcheck-failed",
            message: format!("ShellCheck {message}"),
        });
        missing.into_iter().chain(failed).collect()
    }
}

fn read(bytes: &[u8]) -> Result<Vec<Remark>, String> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|_| "gave an answer that is no JSON of its")?;
    Ok(answer.comments)
}

/// The program on the PATH; never one in a folder that depends on where infralint runs.
fn found() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    on(&path)
}

fn on(path: &OsStr) -> Option<PathBuf> {
    let name = format!("shellcheck{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(&name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_it_says_of_places_is_read() {
        let one = br#"{"comments":[{"file":"-","line":1,"endLine":2,"column":3,"endColumn":4,"level":"info","code":2086,"message":"m","fix":null}]}"#;
        assert_eq!(read(one).unwrap()[0].code, 2086);
        assert!(read(b"[]").is_err());
        assert!(read(b"").is_err());
    }

    #[test]
    fn folders_that_depend_on_the_place_do_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(format!("shellcheck{}", std::env::consts::EXE_SUFFIX));
        std::fs::write(&file, "").unwrap();
        let joined = std::env::join_paths([PathBuf::from("."), PathBuf::new(), dir.path().to_owned()]).unwrap();
        assert_eq!(on(&joined), Some(file));
        assert_eq!(on(OsStr::new(".")), None);
    }
}
