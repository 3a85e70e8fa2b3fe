//! `infralint files`: what would be linted, as what, and why the rest would not.

use super::args::FilesArgs;
use super::check::current_dir;
use super::run::{Context, Namer};
use super::{Exit, Refusal, output};
use crate::diagnostic::Problem;
use crate::vcs;
use crate::walk::{self, Content};

pub(super) fn files(options: &FilesArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    let (projects, missing) = walk::plan(&options.paths, &cwd, &vcs::work_tree);
    let failed = missing.len();
    let mut lines: Vec<(String, String)> =
        missing.iter().map(|problem| (problem.path.to_string(), left_out(problem))).collect();
    for project in &projects {
        let context = Context::new(project, walk::Pool::new(0).size());
        let namer = Namer::new(&project.root, &cwd);
        for entry in &context.entries {
            let told = match walk::read(&entry.file, &entry.path) {
                Ok(content) => describe(&entry.path, &content, &context),
                Err(problem) => left_out(&problem),
            };
            lines.push((namer.name(&entry.path), told));
        }
        lines.extend(context.problems.iter().map(|problem| (namer.name(&problem.path), left_out(problem))));
    }
    lines.sort();
    output::to_stdout(|out| lines.iter().try_for_each(|(path, told)| writeln!(out, "{path}: {told}")))?;
    Ok(if failed > 0 { Exit::Failed } else { Exit::Clean })
}

fn describe(path: &str, content: &Content, context: &Context) -> String {
    let guess = context.guess(path);
    let told = if guess.sure {
        guess.kind.name().to_owned()
    } else {
        format!("{} unless its content says otherwise", guess.kind)
    };
    let Content::Text(source) = content else { return format!("{told}, over 4 MB: text rules only") };
    match context.foreign(path, source.text()) {
        Some(why) => format!("{told}, {why}: secrets only"),
        None => told,
    }
}

fn left_out(problem: &Problem) -> String {
    format!("not linted: {}", problem.message)
}
