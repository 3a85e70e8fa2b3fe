//! One question to a program: text in, bytes out, with a bound on both its time and its answer.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longest answer that is read, in bytes.
const LONGEST: u64 = 8 << 20;

/// What the program writes when it is given a text; its exit code says nothing that the answer does not.
pub(super) fn ask(mut command: Command, text: &str, patience: Duration) -> Result<Vec<u8>, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("cannot be started: {error}"))?;
    let answer = talk(&mut child, text, patience);
    if answer.is_err() {
        // It may be gone already.
        drop(child.kill());
    }
    drop(child.wait());
    answer
}

fn talk(child: &mut Child, text: &str, patience: Duration) -> Result<Vec<u8>, String> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("has no input or no output".to_owned());
    };
    let text = text.to_owned();
    // One that does not read to the end has its reasons, and its answer is judged.
    thread::spawn(move || drop(input.write_all(text.as_bytes())));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(LONGEST + 1).read_to_end(&mut bytes);
        // Nobody listens any more after the time is up.
        drop(sender.send(read.map(|_| bytes)));
    });
    match receiver.recv_timeout(patience) {
        Ok(Ok(bytes)) if bytes.len() as u64 <= LONGEST => Ok(bytes),
        Ok(Ok(_)) => Err("gave an answer without end".to_owned()),
        Ok(Err(error)) => Err(format!("cannot be read: {error}")),
        Err(_) => Err(format!("took longer than {} s", patience.as_secs())),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn time_and_answer_are_bounded() {
        let ask = |script: &str, text: &str| ask(sh(script), text, Duration::from_secs(2));
        assert_eq!(ask("cat", "text").unwrap(), b"text");
        // More than a pipe holds, and nobody reads it.
        assert_eq!(ask("echo done", &"x".repeat(1 << 20)).unwrap(), b"done\n");
        assert!(ask("exec sleep 30", "").unwrap_err().starts_with("took longer"));
        assert!(ask("exec yes", "").unwrap_err().contains("without end"));
    }
}
