//! Pipes whose failures are lost: without pipefail only the last member's status counts.

use super::Call;
use crate::syntax::shell::{Group, Joint, Script};
use crate::text::Span;

/// The first pipe of a script that hides a failure, in a shell that does not have pipefail on.
pub fn unguarded_pipe(script: &Script, calls: &[Call]) -> Option<Span> {
    let fallible = fallible(script, calls);
    for (index, pipeline) in script.pipelines.iter().enumerate() {
        let Some(pipe) = pipeline.pipe.filter(|_| pipeline.stages > 1 && fallible[index]) else { continue };
        if switched_on(script, calls, pipe) || in_strict_shell(script, index) || forgiven(script, calls, index) {
            continue;
        }
        return Some(pipe);
    }
    None
}

/// For each pipeline whether a member before the last may fail: `echo`, `printf` and `yes` do not, and neither
/// does `cat` of a heredoc.
fn fallible(script: &Script, calls: &[Call]) -> Vec<bool> {
    let mut out = vec![false; script.pipelines.len()];
    for call in calls {
        let command = call.of(script);
        let pipeline = &script.pipelines[command.pipeline];
        let heredoc = command.redirects.iter().any(|redirect| redirect.operator.starts_with("<<"));
        let tame =
            matches!(call.name.as_str(), "echo" | "printf" | "yes" | "true" | ":") || (call.name == "cat" && heredoc);
        if command.stage + 1 < pipeline.stages && !tame {
            out[command.pipeline] = true;
        }
    }
    // A group before the last member may do anything.
    for pipeline in &script.pipelines {
        if let Some(outer) = pipeline.outer
            && matches!(outer.group, Group::Braces | Group::Subshell | Group::If | Group::Loop | Group::Case)
            && outer.stage + 1 < script.pipelines[outer.pipeline].stages
        {
            out[outer.pipeline] = true;
        }
    }
    out
}

/// `set -o pipefail` before it.
fn switched_on(script: &Script, calls: &[Call], pipe: Span) -> bool {
    let sets = |call: &&Call| matches!(call.name.as_str(), "set" | "shopt") && call.has("pipefail");
    calls.iter().filter(sets).any(|call| call.of(script).span.start < pipe.start)
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
