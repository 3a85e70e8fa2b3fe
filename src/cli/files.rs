//! `infralint files`: what would be linted, as what, and why the rest would not.

use super::args::FilesArgs;
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Job, Namer};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::config::Left;
use crate::diagnostic::Problem;
use crate::lint::Session;
use crate::text::Source;
use crate::walk::{self, Content, Entry, Listing, Pool};

pub(super) fn files(options: &FilesArgs) -> Result<Exit, Refusal> {
    let cwd = current_dir()?;
    let (pool, progress) = (Pool::new(0), Progress::new(true));
    let (projects, missing) = walk::plan(&options.paths, &cwd, &settings::root);
    let mut lines: Vec<(String, String)> = missing.iter().map(|p| (p.path.to_string(), left_out(p))).collect();
    for project in &projects {
        let mut settings = Settings::of(&project.root, &cwd, &options.select)?;
        let Listing { entries, inventory, problems, excluded } = run::listing(project, &mut settings, pool.size())?;
        let job = Job::plain(&settings, &pool, &progress);
        let session = run::session(&job, &project.root, &inventory);
        let namer = Namer::new(&project.root, &cwd);
        let told = |entry: &Entry| match settings.leaves_out(&entry.path, entry.named) {
            Left::Out => "not linted: the config does not include it".to_owned(),
            Left::Bound => {
                format!("{}; left out by its config: only what the policy demands", describe(entry, &session))
            }
            Left::In => describe(entry, &session),
        };
        let left_out_by_config = "not linted: the config excludes it".to_owned();
        lines.extend(excluded.iter().map(|path| (namer.name(path), left_out_by_config.clone())));
        lines.extend(entries.iter().map(|entry| (namer.name(&entry.path), told(entry))));
        lines.extend(problems.iter().map(|problem| (namer.name(&problem.path), left_out(problem))));
    }
    lines.sort();
    output::to_stdout(|out| lines.iter().try_for_each(|(path, told)| writeln!(out, "{path}: {told}")))?;
    Ok(if missing.is_empty() { Exit::Clean } else { Exit::Failed })
}

fn describe(entry: &Entry, session: &Session<'_>) -> String {
    let none = Source::new("");
    let (source, large) = match walk::read(&entry.file, &entry.path) {
        Ok(Content::Text(source)) => (source, false),
        Ok(Content::Large(_)) => (none, true),
        Err(problem) => return left_out(&problem),
    };
    let file = session.file(&entry.path, &source);
    let kind =
        if file.sure { file.kind.to_string() } else { format!("{}, unless its content says otherwise", file.kind) };
    match (large, file.foreign) {
        (true, _) => format!("{kind}; over 4 MB: text rules only"),
        (_, true) => format!("{kind}; vendored or generated: secrets only"),
        _ => kind,
    }
}

fn left_out(problem: &Problem) -> String {
    format!("not linted: {}", problem.message)
}
