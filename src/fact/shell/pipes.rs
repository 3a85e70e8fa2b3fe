//! Pipes whose failures are lost: without pipefail only the last member's status counts.

use super::Call;
use crate::syntax::shell::{Group, Joint, Script};
use crate::text::Span;

/// Longer scripts than this are judged by their beginning.
const MOST: usize = 4000;

/// The first pipe of a script that hides a failure, in a shell that does not have pipefail on.
pub fn unguarded_pipe(script: &Script, calls: &[Call]) -> Option<Span> {
    let (fallible, switch) = (fallible(script, calls), switch(script, calls));
    for (index, pipeline) in script.pipelines.iter().enumerate().take(MOST) {
        let Some(pipe) = pipeline.pipe.filter(|_| pipeline.stages > 1 && fallible[index]) else { continue };
        if in_words(script, index)
            || ends_in_search(script, calls, index)
            || pipe.start > switch
            || in_strict_shell(script, index)
            || forgiven(script, calls, index)
        {
            continue;
        }
        return Some(pipe);
    }
    None
}

/// The first pipe at all, in a shell that does not have pipefail on.
pub fn bare_pipe(script: &Script, calls: &[Call]) -> Option<Span> {
    let switch = switch(script, calls);
    let pipes = script.pipelines.iter().enumerate().take(MOST).filter(|(_, pipeline)| pipeline.stages > 1);
    let mut pipes = pipes.filter_map(|(index, pipeline)| Some((index, pipeline.pipe?)));
    let bare = |&(index, pipe): &(usize, Span)| pipe.start < switch && !in_strict_shell(script, index);
    pipes.find(bare).map(|(_, pipe)| pipe)
}

/// For each pipeline whether a member before the last may fail: `echo`, `printf` and `yes` do not, and neither
/// does `cat` of a heredoc.
fn fallible(script: &Script, calls: &[Call]) -> Vec<bool> {
    let mut out = vec![false; script.pipelines.len()];
    for call in calls {
        let command = call.of(script);
        let heredoc = command.redirects.iter().any(|redirect| redirect.operator.starts_with("<<"));
        let tame =
            matches!(call.name.as_str(), "echo" | "printf" | "yes" | "true" | ":") || (call.name == "cat" && heredoc);
        if tame {
            continue;
        }
        let own = (command.pipeline, command.stage);
        let groups = script.enclosing(command.pipeline);
        // What a substitution gives is a word: its status does not reach the pipe around it.
        let groups = groups.take_while(|o| !matches!(o.group, Group::Substitution | Group::Process | Group::Function));
        for (pipeline, stage) in std::iter::once(own).chain(groups.map(|o| (o.pipeline, o.stage))) {
            out[pipeline] |= stage + 1 < script.pipelines[pipeline].stages;
        }
    }
    out
}

/// `… | grep x`: what fails gives nothing, and on nothing grep fails too.
fn ends_in_search(script: &Script, calls: &[Call], index: usize) -> bool {
    let last = script.pipelines[index].stages - 1;
    let at = |call: &&Call| (call.of(script).pipeline, call.of(script).stage) == (index, last);
    let found = calls.iter().find(at);
    found.is_some_and(|call| matches!(call.name.as_str(), "grep" | "egrep" | "fgrep") && !call.has("-v"))
}

/// Inside the words of another command a status is lost with pipefail as well as without; only a bare assignment
/// keeps it.
fn in_words(script: &Script, index: usize) -> bool {
    let mut inner = index;
    for outer in script.enclosing(index) {
        if matches!(outer.group, Group::Substitution | Group::Process) {
            let holder = script.commands.iter().find(|c| c.pipeline == inner).and_then(|c| c.parent);
            return holder.is_none_or(|holder| !script.commands[holder].words.is_empty());
        }
        inner = outer.pipeline;
    }
    false
}

/// Where `set -o pipefail` stands for the first time: pipes behind it are safe.
fn switch(script: &Script, calls: &[Call]) -> u32 {
    let sets = |call: &&Call| matches!(call.name.as_str(), "set" | "shopt") && call.has("pipefail");
    calls.iter().filter(sets).map(|call| call.of(script).span.start).min().unwrap_or(u32::MAX)
}

/// Inside `bash -o pipefail -c '…'`.
fn in_strict_shell(script: &Script, pipeline: usize) -> bool {
    let shells = script.enclosing(pipeline).filter(|outer| outer.group == Group::Script);
    shells.into_iter().any(|outer| {
        let at = |command: &&crate::syntax::shell::Command| {
            (command.pipeline, command.stage) == (outer.pipeline, outer.stage)
        };
        let holder = script.commands.iter().find(at);
        holder.is_some_and(|command| command.words.iter().any(|word| word.value == "pipefail"))
    })
}

/// `… || true` behind it: whoever writes that does not want the failure.
fn forgiven(script: &Script, calls: &[Call], index: usize) -> bool {
    let outer = script.pipelines[index].outer;
    let later = script.pipelines.iter().enumerate().skip(index + 1).take(200);
    let Some((next, pipeline)) = later.into_iter().find(|(_, pipeline)| pipeline.outer == outer) else { return false };
    let first = calls.iter().find(|call| call.of(script).pipeline == next);
    pipeline.joint == Joint::Or && first.is_some_and(|call| matches!(call.name.as_str(), "true" | ":" | "echo"))
}
