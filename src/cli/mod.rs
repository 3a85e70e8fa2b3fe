//! The command line: arguments in, exit code out; the only part that prints.

mod args;
mod atomic;
mod check;
mod compare;
mod complete;
mod configs;
mod content;
mod context;
mod crash;
mod explain;
mod facts;
mod files;
mod fixes;
mod forge;
mod history;
mod init;
mod known;
mod namer;
mod output;
mod packs;
mod place;
mod progress;
mod rules;
mod run;
mod schema;
mod settings;
mod since;
mod suppress;
mod test;
mod tree;

use args::{Cli, Command};
use std::ffi::OsString;
use std::fmt;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings.
    Findings,
    /// Something that should have been linted could not be.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        })
    }
}

/// Why a command could not be carried out, in a sentence for its user.
#[derive(Debug)]
pub struct Refusal(String);

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self(format!("output failed: {error}"))
    }
}

/// Runs the program with the arguments and environment of the process.
pub fn main() -> ExitCode {
    crash::silence();
    let outcome = crash::guard(|| run(std::env::args_os().collect()));
    match outcome {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(refusal)) => complain(&refusal.0),
        Err(crash) => complain(&format!("this is a bug in infralint: {crash}")),
    }
}

fn complain(message: &str) -> ExitCode {
    output::say(&format!("infralint: {message}"));
    Exit::Failed.into()
}

fn run(arguments: Vec<OsString>) -> Result<Exit, Refusal> {
    let cli = match Cli::of(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match cli.command {
        Command::Check(options) => check::check(&options),
        Command::Secrets(options) => check::secrets(&options),
        Command::Fix(mut options) => {
            options.fixes.fix = true;
            check::check(&options)
        }
        Command::Rules(options) => rules::rules(&options),
        Command::Explain(options) => explain::explain(&options),
        Command::Test(options) => test::test(&options),
        Command::Init => init::init(),
        Command::Suppress(options) => suppress::suppress(&options),
        Command::Files(options) => files::files(&options),
        Command::Facts(options) => facts::facts(&options),
        Command::Schema(options) => schema::schema(&options),
        Command::Completions(options) => complete::completions(&options),
        Command::Man(options) => complete::man(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Later(words) => Err(args::not_yet(&words)),
    }
}

/// Help and version go to stdout and are no failure; everything else is.
fn usage(error: &clap::Error) -> Result<Exit, Refusal> {
    // Nobody is left to be told when even this cannot be printed.
    let _ = error.print();
    Ok(if error.use_stderr() { Exit::Failed } else { Exit::Clean })
}
