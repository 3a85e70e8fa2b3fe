//! `infralint completions` and `infralint man`: what shells and readers of manuals want to know of the options.

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::{Exit, Refusal, output};
use clap::CommandFactory;

const NAME: &str = "infralint";

pub(super) fn completions(options: &CompletionsArgs) -> Result<Exit, Refusal> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), NAME, &mut script);
    output::to_stdout(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}

pub(super) fn man(options: &ManArgs) -> Result<Exit, Refusal> {
    let mut program = Cli::command();
    program.build();
    let command = match &options.command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            found
                .ok_or_else(|| Refusal::new(format!("there is no command `{name}`")))?
                .display_name(format!("{NAME}-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output::to_stdout(|out| out.write_all(&page))?;
    Ok(Exit::Clean)
}
