//! Downloads that are run unchecked: piped into an interpreter, substituted into one, or saved and then run.

use super::options::operands;
use super::{Arg, Call};
use crate::syntax::shell::{Command, Group, Script, is_shell};
use crate::text::Spanned;

pub(super) const CHECKS: &[&str] = &[
    "sha256sum",
    "sha512sum",
    "sha384sum",
    "sha224sum",
    "sha1sum",
    "md5sum",
    "shasum",
    "gpg",
    "gpgv",
    "cosign",
    "minisign",
    "openssl",
    "rhash",
    "b2sum",
];

/// For each call that downloads something and hands it to an interpreter: its number and the address.
pub fn unverified(script: &Script, calls: &[Call]) -> Vec<(usize, Spanned<String>)> {
    let mut out = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        if !matches!(call.name.as_str(), "curl" | "wget") {
            continue;
        }
        let Some(address) = address(call) else { continue };
        if is_pinned(&address.text) || is_local(&address.text) {
            continue;
        }
        let runs = piped(script, calls, call) || substituted(script, calls, call) || saved(script, calls, index);
        if runs {
            out.push((index, Spanned::new(address.text.clone(), address.span)));
        }
    }
    out
}

fn address(call: &Call) -> Option<&Arg> {
    let operands = operands(call).operands;
    let url = operands.iter().find(|arg| arg.text.contains("://"));
    url.or_else(|| operands.first()).copied()
}

/// An address that names a full commit always gives the same bytes.
fn is_pinned(address: &str) -> bool {
    let parts = address.split(|c: char| !c.is_ascii_alphanumeric());
    parts.into_iter().any(|part| part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_local(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    host.starts_with("localhost") || host.starts_with("127.0.0.1") || address.starts_with("file://")
}

/// Whether the call takes its program from its input.
fn reads_program(call: &Call) -> bool {
    let name = call.name.as_str();
    let flags = |arg: &&Arg| arg.text.starts_with('-') && arg.text.len() > 1;
    if is_shell(name) {
        let inline = call.args.iter().filter(flags).any(|arg| !arg.text.starts_with("--") && arg.text.contains('c'));
        let script = call.args.first().is_some_and(|arg| !arg.text.starts_with('-'));
        return !inline && !script;
    }
    let interpreter = matches!(name, "perl" | "ruby" | "node" | "php") || name.starts_with("python");
    interpreter && call.args.iter().all(|arg| arg.text == "-")
}

/// `curl … | sh`, also with filters between, also out of a group.
fn piped(script: &Script, calls: &[Call], call: &Call) -> bool {
    let own = call.of(script);
    let mut places = vec![(own.pipeline, own.stage)];
    places.extend(
        script
            .enclosing(own.pipeline)
            .take(8)
            .take_while(|o| o.group != Group::Substitution)
            .map(|o| (o.pipeline, o.stage)),
    );
    calls.iter().filter(|other| reads_program(other)).any(|other| {
        let at = other.of(script);
        places.iter().any(|&(pipeline, stage)| at.pipeline == pipeline && at.stage > stage)
    })
}

/// `sh -c "$(curl …)"`, `bash <(curl …)`, `eval`, `source`.
fn substituted(script: &Script, calls: &[Call], call: &Call) -> bool {
    let own = call.of(script);
    let Some(parent) = own.parent else { return false };
    let held =
        script.pipelines[own.pipeline].outer.is_some_and(|o| matches!(o.group, Group::Substitution | Group::Process));
    held && calls.iter().filter(|other| other.command == parent).any(|holder| {
        let name = holder.name.as_str();
        let inline = holder
            .args
            .iter()
            .any(|arg| arg.text.starts_with('-') && !arg.text.starts_with("--") && arg.text.contains('c'));
        let process = holder.args.first().is_some_and(|arg| arg.text.starts_with("<("));
        matches!(name, "eval" | "source" | ".") || (is_shell(name) && (inline || process))
    })
}

/// Saved, then run, and nothing checked in between.
fn saved(script: &Script, calls: &[Call], index: usize) -> bool {
    let Some(file) = target(script, &calls[index]) else { return false };
    for later in &calls[index + 1..] {
        let checks = CHECKS.contains(&later.name.as_str());
        if checks {
            return false;
        }
        if runs(later, &file, script) {
            return true;
        }
    }
    false
}

/// The file that a download goes to.
fn target(script: &Script, call: &Call) -> Option<String> {
    let command: &Command = call.of(script);
    let redirect = command.redirects.iter().find(|r| matches!(r.operator, ">" | ">|") && r.fd.is_none_or(|fd| fd == 1));
    if let Some(redirect) = redirect {
        return redirect.target.literal().map(str::to_owned);
    }
    let named: &[&str] = if call.name == "curl" { &["-o", "--output"] } else { &["-O", "--output-document"] };
    for (at, arg) in call.args.iter().enumerate() {
        if let Some((flag, value)) = arg.text.split_once('=')
            && named.contains(&flag)
        {
            return Some(value.to_owned());
        }
        let short = named[0].trim_start_matches('-');
        let bundled = arg.text.starts_with('-') && !arg.text.starts_with("--") && arg.text.ends_with(short);
        if bundled || named.contains(&arg.text.as_str()) {
            return call.args.get(at + 1).filter(|arg| arg.known).map(|arg| arg.text.clone());
        }
    }
    let keeps_name = call.name == "wget"
        || operands(call).flags.iter().any(|flag| matches!(flag.value.as_str(), "-O" | "--remote-name"));
    let url = address(call).filter(|arg| keeps_name && arg.known)?;
    let base = url.text.split(['?', '#']).next()?.rsplit('/').next()?;
    (!base.is_empty() && base != "-").then(|| base.to_owned())
}

/// Whether a call runs a file, directly or as an interpreter's script.
fn runs(call: &Call, file: &str, script: &Script) -> bool {
    let same =
        |text: &str| text == file || text.strip_prefix("./") == Some(file) || file.strip_prefix("./") == Some(text);
    let word = call.of(script).words.first().and_then(|word| word.literal()).unwrap_or("");
    if same(word) && word.contains('/') {
        return true;
    }
    let interpreter = is_shell(&call.name)
        || matches!(call.name.as_str(), "perl" | "ruby" | "node" | "php" | "source" | ".")
        || call.name.starts_with("python");
    let first = call.args.iter().find(|arg| !arg.text.starts_with('-'));
    let fed = call.of(script).redirects.iter().any(|r| r.operator == "<" && same(&r.target.value));
    interpreter && (fed || first.is_some_and(|arg| same(&arg.text)))
}
