//! What may stand on the command line, and what the environment may set instead.

mod others;

pub(super) use others::*;

use super::Refusal;
use super::known::KnownArgs;
use crate::diagnostic::Severity;
use crate::report::Format;
use clap::builder::{FalseyValueParser, PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Without a command, `check` is meant: `infralint .`
Every option can be set by an environment variable: --fail-on by INFRALINT_FAIL_ON.
Exit codes: 0 clean, 1 findings, 2 something went wrong.";

/// One linter and policy checker for the infrastructure files and documents of a repository.
#[derive(Debug, Parser)]
#[command(name = "infralint", version, about, max_term_width = 100)]
#[command(
    after_help = "Without a command, `check` is meant: `infralint .`\nExit codes: 0 clean, 1 findings, 2 something went wrong."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lint files and directories (the default)
    Check(Box<CheckArgs>),
    /// Lint files and directories, and mend what can be mended safely
    Fix(Box<CheckArgs>),
    /// Look for secrets only, in files or in git's history
    Secrets(Box<SecretsArgs>),
    /// List rules
    Rules(RulesArgs),
    /// Say why a rule exists and how to mend what it finds, or which rules fired at a place
    Explain(ExplainArgs),
    /// Write a config that fits what the repository holds
    Init,
    /// Write suppression comments for findings that are there already
    Suppress(SuppressArgs),
    /// Run the cases inside rule files
    Test(TestArgs),
    /// List what would be linted, and why the rest would not
    Files(FilesArgs),
    /// Print the facts of a file as rules see them
    Facts(FactsArgs),
    /// Print the JSON Schema of rule files or configs, for editors
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or that of a command
    #[command(hide = true)]
    Man(ManArgs),
    /// Lay another tool's SARIF report beside ours: what both find, only they, only we
    Compare(CompareArgs),
    /// Commands that a later version brings.
    #[command(external_subcommand)]
    Later(Vec<OsString>),
}

/// The commands that the contract promises and a later version brings.
const LATER: [&str; 1] = ["lsp"];
const COMMANDS: [&str; 15] = [
    "secrets",
    "check",
    "fix",
    "compare",
    "rules",
    "explain",
    "test",
    "files",
    "facts",
    "schema",
    "completions",
    "man",
    "help",
    "init",
    "suppress",
];

/// Puts `check` before arguments that name no command.
pub(super) fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let first = arguments.get(1).map(|word| word.to_string_lossy().into_owned());
    let known = first.as_deref().is_some_and(|word| {
        let own = ["-h", "--help", "-V", "--version"];
        COMMANDS.contains(&word) || own.contains(&word) || LATER.contains(&word)
    });
    if !known {
        arguments.insert(1.min(arguments.len()), "check".into());
    }
    arguments
}

/// What is to be said of a command that does not exist yet.
pub(super) fn not_yet(words: &[OsString]) -> Refusal {
    let name = words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    Refusal::new(format!("`infralint {name}` does not exist yet in version {}", env!("CARGO_PKG_VERSION")))
}

/// The environment variable that stands for an option.
pub(super) fn variable(option: &str) -> String {
    format!("INFRALINT_{}", option.to_uppercase().replace('-', "_"))
}

/// The options of a run that the environment sets, with their values.
pub(super) fn from_environment() -> Vec<(String, String)> {
    let command = Cli::command();
    let check = command.find_subcommand("check").into_iter().flat_map(clap::Command::get_arguments);
    let options = check.filter_map(|option| Some((option.get_long()?, option.get_env()?)));
    let set = options.filter_map(|(long, name)| Some((long.to_owned(), std::env::var(name).ok()?)));
    set.filter(|(_, value)| !value.is_empty()).collect()
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct CheckArgs {
    /// Files and directories; `-` for stdin with --stdin-filename
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) select: SelectArgs,
    #[command(flatten)]
    pub(super) show: ShowArgs,
    #[command(flatten)]
    pub(super) known: KnownArgs,
    /// Lowest severity that makes the exit code 1 [default: the config's, else warning]
    #[arg(long, value_name = "SEVERITY", hide_env = true, env = "INFRALINT_FAIL_ON", value_parser = fail_on())]
    pub(super) fail_on: Option<FailOn>,
    /// Hide findings below this severity
    #[arg(long, value_name = "SEVERITY", hide_env = true, env = "INFRALINT_MIN_SEVERITY", value_parser = severity())]
    pub(super) min_severity: Option<Severity>,
    /// Ignore suppression comments
    #[arg(long, hide_env = true, env = "INFRALINT_NO_INLINE", value_parser = FalseyValueParser::new())]
    pub(super) no_inline: bool,
    /// What could not be checked makes the exit code 2
    #[arg(long, hide_env = true, env = "INFRALINT_STRICT", value_parser = FalseyValueParser::new())]
    pub(super) strict: bool,
    /// Lint stdin as if it were this file
    #[arg(long, value_name = "PATH", hide_env = true, env = "INFRALINT_STDIN_FILENAME")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Threads to use [default: one a core]
    #[arg(
        long,
        value_name = "N",
        hide_env = true,
        env = "INFRALINT_THREADS",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(super) threads: usize,
    #[command(flatten)]
    pub(super) fixes: FixArgs,
    #[command(flatten)]
    later: LaterArgs,
}

#[derive(Debug, Args)]
pub(super) struct SecretsArgs {
    /// Look at what the commits of RANGE brought (main..HEAD, v1; all branches and tags without one)
    #[arg(long, value_name = "RANGE", num_args = 0..=1)]
    pub(super) history: Option<Option<String>>,
    #[command(flatten)]
    pub(super) check: CheckArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub(super) struct SelectArgs {
    /// Run these rules only: ids, packs, globs, aliases, tag:NAME, all, default
    #[arg(long, value_name = "RULES", hide_env = true, env = "INFRALINT_SELECT", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", hide_env = true, env = "INFRALINT_IGNORE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Run these rules as well
    #[arg(long, value_name = "RULES", hide_env = true, env = "INFRALINT_EXTEND_SELECT", value_delimiter = ',')]
    pub(super) extend_select: Vec<String>,
    /// Use this config file
    #[arg(long, value_name = "FILE", hide_env = true, env = "INFRALINT_CONFIG", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Ignore all config files
    #[arg(long, hide_env = true, env = "INFRALINT_NO_CONFIG", value_parser = FalseyValueParser::new())]
    pub(super) no_config: bool,
    /// Lay this config over all others: what it selects or enforces cannot be taken back
    #[arg(long, value_name = "FILE", hide_env = true, env = "INFRALINT_POLICY")]
    pub(super) policy: Option<PathBuf>,
    /// Which of the lists the environment gave.
    #[arg(skip)]
    pub(super) from_environment: [bool; 3],
}

impl SelectArgs {
    /// Notes which lists were given by the environment rather than by the command line.
    fn note_sources(&mut self, matches: &clap::ArgMatches) {
        let given = |id: &str| matches.value_source(id) == Some(ValueSource::EnvVariable);
        self.from_environment = [given("select"), given("extend_select"), given("ignore")];
    }

    /// How the lists are to be called where it is said what set a rule's state.
    pub(super) fn called(&self) -> [&'static str; 3] {
        let options = ["--select", "--extend-select", "--ignore"];
        let variables = ["INFRALINT_SELECT", "INFRALINT_EXTEND_SELECT", "INFRALINT_IGNORE"];
        std::array::from_fn(|at| if self.from_environment[at] { variables[at] } else { options[at] })
    }
}

impl Cli {
    /// Reads the arguments.
    pub(super) fn of(arguments: Vec<OsString>) -> Result<Self, clap::Error> {
        let matches = without_empty_variables(Cli::command()).try_get_matches_from(with_command(arguments))?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        if let (Some(select), Some((_, matches))) = (cli.command.select_mut(), matches.subcommand()) {
            select.note_sources(matches);
        }
        Ok(cli)
    }
}

/// A variable that is set to nothing is as good as none.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command.mut_subcommands(|command| {
        command.mut_args(|option| match option.get_env().is_some_and(empty) {
            true => option.env(None),
            false => option,
        })
    })
}

impl Command {
    fn select_mut(&mut self) -> Option<&mut SelectArgs> {
        match self {
            Command::Check(options) => Some(&mut options.select),
            Command::Secrets(options) => Some(&mut options.check.select),
            Command::Explain(options) => Some(&mut options.select),
            Command::Files(options) => Some(&mut options.select),
            Command::Suppress(options) => Some(&mut options.select),
            _ => None,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Format of stdout: human, concise, json, jsonl, sarif, github, gitlab, junit, markdown [default: human on a terminal, else concise]
    #[arg(long, value_name = "FORMAT", hide_env = true, env = "INFRALINT_FORMAT", value_parser = format)]
    pub(super) format: Option<Format>,
    /// Also write this format to a file; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", hide_env = true, env = "INFRALINT_OUTPUT", value_parser = output)]
    pub(super) output: Vec<(Format, PathBuf)>,
    /// List suppressed findings, too
    #[arg(long, hide_env = true, env = "INFRALINT_SHOW_SUPPRESSED", value_parser = FalseyValueParser::new())]
    pub(super) show_suppressed: bool,
    /// List no more findings than this; 0 for all [default: 200 for people, else all]
    #[arg(long, value_name = "N", hide_env = true, env = "INFRALINT_MAX_FINDINGS")]
    pub(super) max_findings: Option<usize>,
    /// Count findings by rule, and unknown values by field, instead of listing them
    #[arg(long, hide_env = true, env = "INFRALINT_STATISTICS", value_parser = FalseyValueParser::new())]
    pub(super) statistics: bool,
    /// Print findings and failures, nothing else
    #[arg(long, short, hide_env = true, env = "INFRALINT_QUIET", value_parser = FalseyValueParser::new())]
    pub(super) quiet: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", hide_env = true, env = "INFRALINT_COLOR", default_value = "auto")]
    pub(super) color: ColorChoice,
}

#[derive(Debug, Default, Args)]
pub(super) struct FixArgs {
    /// Write fixes that keep the meaning of a file
    #[arg(long, hide_env = true, env = "INFRALINT_FIX", value_parser = FalseyValueParser::new())]
    pub(super) fix: bool,
    /// Write fixes that may change the meaning of a file, too
    #[arg(long, hide_env = true, env = "INFRALINT_UNSAFE_FIXES", value_parser = FalseyValueParser::new())]
    pub(super) unsafe_fixes: bool,
    /// Print what fixes would change, and write nothing
    #[arg(long, hide_env = true, env = "INFRALINT_DIFF", value_parser = FalseyValueParser::new())]
    pub(super) diff: bool,
}

/// Options that are accepted and change nothing.
#[derive(Debug, Args)]
struct LaterArgs {
    /// Accepted: there is no cache.
    #[arg(long, hide = true, hide_env = true, env = "INFRALINT_NO_CACHE", value_parser = FalseyValueParser::new())]
    no_cache: bool,
}

/// The value of `--fail-on`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FailOn {
    /// Findings of this severity or a worse one.
    Severity(Severity),
    /// No finding.
    Never,
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(["error", "warning", "info", "never"])
        .map(|word| word.parse().map_or(FailOn::Never, FailOn::Severity))
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "info"]).map(|word| word.parse().unwrap_or(Severity::Info))
}

fn format(word: &str) -> Result<Format, String> {
    if let Some((_, format)) = Format::ALL.into_iter().find(|(name, _)| *name == word) {
        return Ok(format);
    }
    Err(format!("formats are {}", Format::ALL.map(|(name, _)| name).join(", ")))
}

fn output(words: &str) -> Result<(Format, PathBuf), String> {
    let (name, file) = words.split_once('=').ok_or("write FORMAT=FILE")?;
    if file.is_empty() {
        return Err("write FORMAT=FILE".to_owned());
    }
    Ok((format(name)?, file.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Cli, clap::Error> {
        let words = std::iter::once("infralint").chain(words.iter().copied()).map(OsString::from).collect();
        Cli::try_parse_from(with_command(words))
    }

    fn check(words: &[&str]) -> CheckArgs {
        match parsed(words).unwrap().command {
            Command::Check(options) => *options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_holds() {
        Cli::command().debug_assert();
    }

    #[test]
    fn check_may_be_left_out() {
        assert_eq!(check(&[]).paths, [PathBuf::from(".")]);
        assert_eq!(check(&["a", "check"]).paths, [PathBuf::from("a"), PathBuf::from("check")]);
        assert_eq!(check(&["check", "rules"]).paths, [PathBuf::from("rules")]);
        assert_eq!(check(&["--select", "a,b", "--select", "c", "x"]).select.select, ["a", "b", "c"]);
        assert!(matches!(parsed(&["rules"]).unwrap().command, Command::Rules(_)));
    }

    #[test]
    fn every_option_of_a_run_has_its_variable() {
        let command = Cli::command();
        let check = command.find_subcommand("check").unwrap();
        for option in check.get_arguments().filter(|option| option.get_id() != "help") {
            let Some(long) = option.get_long() else { continue };
            assert_eq!(option.get_env().and_then(|name| name.to_str()), Some(&*variable(long)), "--{long}");
        }
    }

    #[test]
    fn formats_have_names() {
        assert_eq!(check(&["--format", "jsonl", "--output", "json=a=b"]).show.output, [(Format::Json, "a=b".into())]);
        let message = |words: &[&str]| parsed(words).unwrap_err().to_string();
        assert!(message(&["--format", "text"]).contains("formats are human, concise"));
        assert!(message(&["--output", "json"]).contains("FORMAT=FILE"));
    }

    #[test]
    fn what_is_promised_for_later_is_refused() {
        assert!(parsed(&["--no-cache"]).is_ok());
        let Command::Later(words) = parsed(&["lsp", "--stdio"]).unwrap().command else { panic!() };
        assert!(not_yet(&words).0.contains("`infralint lsp` does not exist yet"));
    }
}
