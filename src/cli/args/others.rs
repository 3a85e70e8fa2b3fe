//! What the smaller commands take.

use super::SelectArgs;
use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    /// The other tool's report, in SARIF 2.1.0
    #[arg(value_name = "PEER.sarif")]
    pub(in crate::cli) report: PathBuf,
    /// Files and directories: those that the other tool looked at
    #[arg(default_value = ".", value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) select: SelectArgs,
    /// `human` or `json`
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(in crate::cli) format: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {
    /// Rule ids, packs, globs, aliases; all if none is given
    #[arg(value_name = "SELECTOR")]
    pub(in crate::cli) selectors: Vec<String>,
    /// `human` or `json`
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(in crate::cli) format: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// A rule's id, a peer's name of it, or PATH:LINE
    #[arg(value_name = "RULE|ALIAS|PATH:LINE")]
    pub(in crate::cli) what: String,
    #[command(flatten)]
    pub(in crate::cli) select: SelectArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SuppressArgs {
    /// Files and directories
    #[arg(default_value = ".", value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Rules whose findings shall be silent: ids, packs, globs, aliases, tag:NAME
    #[arg(long, value_name = "RULES", required = true, value_delimiter = ',')]
    pub(in crate::cli) rule: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// The last day on which they are, such as 2026-12-31
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) until: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub(in crate::cli) select: SelectArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// A directory of rule packs; the built-in rules if none is given
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: Option<PathBuf>,
    /// Also take each part out of each rule: a case must notice
    #[arg(long)]
    pub(in crate::cli) mutants: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct FilesArgs {
    /// Files and directories
    #[arg(default_value = ".", value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) select: SelectArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct FactsArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// `human` or `json`
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub(in crate::cli) format: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: Shell,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ManArgs {
    /// One of the commands
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SchemaArgs {
    /// `config` or `rule`
    #[arg(value_name = "WHAT", value_parser = ["config", "rule"])]
    pub(in crate::cli) of: String,
}
