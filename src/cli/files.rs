//! `infralint files`: what would be linted, as what, and why the rest would not.

use super::args::FilesArgs;
use super::check::current_dir;
use super::progress::Progress;
use super::run::{self, Job, Namer};
use super::settings::{self, Settings};
use super::{Exit, Refusal, output};
use crate::config::{Left, Scope};
use crate::diagnostic::Problem;
use crate::lint::Session;
use crate::lint::looks::Looks;
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
        let told = |entry: &Entry| {
            let left = match settings.leaves_out(&entry.path, entry.named) {
                Left::In if entry.hidden => Left::Bound,
                left => left,
            };
            match left {
                Left::Out => "not linted: the config does not include it".to_owned(),
                left => describe(entry, left == Left::Bound, &session, settings.scopes.of(&entry.path)),
            }
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

/// Kind, config and packs of a file that is linted; why it is not otherwise.
fn describe(entry: &Entry, bound: bool, session: &Session<'_>, scope: &Scope) -> String {
    let (looks, large) = match walk::read(&entry.file, &entry.path) {
        Ok(Content::Text(source)) => (session.looks(&entry.path, &source, bound), false),
        Ok(Content::Large(_)) => {
            let looks = session.looks(&entry.path, &Source::new(""), bound);
            (Looks { packs: session.text_packs(&entry.path, bound), ..looks }, true)
        }
        Err(problem) => return left_out(&problem),
    };
    let kinds: Vec<&str> = looks.kinds.iter().map(|kind| kind.name()).collect();
    let mut told = vec![kinds.join(", ")];
    if large {
        told.push("over 4 MB: text rules only".to_owned());
    }
    if looks.foreign {
        told.push("vendored or generated: secrets only".to_owned());
    }
    if bound {
        told.push("left out by its config: only what the policy demands".to_owned());
    }
    told.push(match scope.chain.layers().last() {
        Some(config) => format!("config {}", config.path),
        None => "no config".to_owned(),
    });
    let packs: Vec<&str> = looks.packs.iter().map(|pack| &**pack).collect();
    told.push(if packs.is_empty() { "no rules".to_owned() } else { format!("packs {}", packs.join(", ")) });
    told.join("; ")
}

fn left_out(problem: &Problem) -> String {
    format!("not linted: {}", problem.message)
}
