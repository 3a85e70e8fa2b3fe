//! CMD, ENTRYPOINT and HEALTHCHECK: commands that a container runs, long after the build.

use super::Walk;
use super::command::field;
use super::expand::{HOLE, Variable};
use super::facts::{Bypass, Start, Unverified};
use super::run::whole_heredoc;
use crate::fact::shell::{self, Call};
use crate::fact::value::{Field, OpenList};
use crate::syntax::dockerfile::Heredoc;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::syntax::shell::{Script, from_words, parse};

impl Walk<'_, '_> {
    pub(super) fn start(&mut self, instruction: &Instruction<'_>) {
        let names = [Start::describe(), Bypass::describe(), Unverified::describe(), shell::Fault::describe()];
        if !names.iter().any(|schema| self.wanted.subject(schema.name)) || instruction.command().is_empty() {
            return;
        }
        let (script, is_exec) = self.started(instruction);
        // Arguments of the build are gone when a container starts.
        let lookup = |name: &str| match self.scope.lookup(name) {
            Variable::Set(value) if !value.contains(HOLE) && !self.scope.is_arg(name) => Some(value),
            _ => None,
        };
        let calls = shell::calls(&script, &lookup);
        // A check asks the container that it runs in, whose certificate may be made up.
        if instruction.keyword != Keyword::Healthcheck {
            self.bypasses(instruction, &script, &calls);
        }
        self.unverified(instruction, &script, &calls);
        self.script_faults(instruction, &script, &calls);
        if self.wanted.subject(Start::describe().name) {
            calls.iter().for_each(|call| self.started_call(instruction, call, is_exec));
        }
    }

    fn started_call(&mut self, instruction: &Instruction<'_>, call: &Call, is_exec: bool) {
        let split = shell::operands(call);
        let fact = Start {
            span: call.span,
            by: instruction.keyword.name().to_owned(),
            form: if is_exec { "exec" } else { "shell" }.to_owned(),
            name: match call.name.is_empty() {
                true => Field::unknown("", call.span),
                false => Field::new(call.name.clone(), call.span),
            },
            args: OpenList { items: call.args.iter().map(field).collect(), open: split.open },
            subcommand: split.operands.first().map_or(Field::Absent, |arg| field(arg)),
            flags: OpenList { items: split.flags, open: split.open },
            subshell: call.subshell,
            is_final: self.is_final(),
        };
        self.push(fact, instruction.span);
    }

    /// What is run, and whether it is a list.
    fn started(&self, instruction: &Instruction<'_>) -> (Script, bool) {
        let command = instruction.command();
        match instruction.form() {
            Form::Exec(items) => (from_words(&items), true),
            Form::Shell if self.is_posix(instruction) => (parse(&instruction.line.slice(command)), false),
            _ => (Script::default(), false),
        }
    }

    /// Downloads that a script runs unchecked.
    pub(super) fn unverified(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) {
        if !self.wanted.subject(Unverified::describe().name) {
            return;
        }
        for (index, address) in shell::unverified(script, calls) {
            let fact = Unverified {
                span: address.span,
                address: Field::from(address),
                program: calls.get(index).map_or(String::new(), |call| call.name.clone()),
                by: instruction.keyword.name().to_owned(),
            };
            self.push(fact, instruction.span);
        }
    }

    /// What goes wrong in a script as such.
    pub(super) fn script_faults(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) {
        if !self.wanted.subject(shell::Fault::describe().name) {
            return;
        }
        let setting = shell::habits::Setting {
            by: instruction.keyword.name(),
            dialect: dialect(instruction, self.scope.effects.program.as_deref()),
            known: &|name| matches!(self.scope.lookup(name), Variable::Set(value) if !value.is_empty()),
            heredoc: is_lines(instruction) && !self.scope.effects.stops_at_errors,
            partial: self.setting.fragment || self.may_be_another_shell() || is_template(instruction),
        };
        for fault in shell::habits::faults(script, calls, &setting) {
            self.push(fault, instruction.span);
        }
    }

    /// Whether the image is unknown and no SHELL says what reads the script: it may be PowerShell.
    fn may_be_another_shell(&self) -> bool {
        let Some(stage) = self.scope.stage else { return true };
        let base = self.graph.base(stage);
        self.scope.effects.shell_field.is_absent() && !base.is_absent() && base.known().is_none()
    }
}

/// The shell that reads the script: what its first line names, else what SHELL has chosen.
fn dialect<'a>(instruction: &'a Instruction<'_>, chosen: Option<&'a str>) -> &'a str {
    let own = whole_heredoc(instruction).and_then(|heredoc| shell::script::interpreter(heredoc.body.as_str()));
    let program = own.or(chosen).unwrap_or("sh");
    program.rsplit('/').next().unwrap_or(program)
}

/// Whether it is a script of lines, and none that ends itself where a line fails.
fn is_lines(instruction: &Instruction<'_>) -> bool {
    let first = |heredoc: &Heredoc<'_>| heredoc.body.as_str().lines().next().unwrap_or("").to_owned();
    whole_heredoc(instruction).map(first).is_some_and(|first| !(first.starts_with("#!") && first.contains(" -e")))
}

/// A snippet leaves things out, and a template is filled in before anybody reads it.
fn is_template(instruction: &Instruction<'_>) -> bool {
    let marks = |text: &str| ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark));
    marks(instruction.argument_str()) || instruction.heredocs.iter().any(|heredoc| marks(heredoc.body.as_str()))
}
