//! RUN: its script, the commands in it, and what they do.

use super::Walk;
use super::expand::{HOLE, Variable};
use super::facts::{Bypass, Command, Mode, Run};
use super::scope::Shell;
use crate::fact::shell::{self, Arg, Call};
use crate::fact::value::{Field, OpenList};
use crate::syntax::dockerfile::{Escape, Form, Heredoc, Instruction};
use crate::syntax::shell::{Script, from_words, parse};
use crate::text::{Text, TextBuilder};

impl Walk<'_, '_> {
    pub(super) fn run(&mut self, instruction: &Instruction<'_>) {
        let names = [Run::describe(), Command::describe(), Bypass::describe(), Mode::describe()];
        if !names.iter().any(|schema| self.wanted.subject(schema.name)) {
            return;
        }
        let (script, is_exec) = self.script(instruction);
        let lookup = |name: &str| match self.scope.lookup(name) {
            Variable::Set(value) if !value.contains(HOLE) => Some(value),
            _ => None,
        };
        let calls = shell::calls(&script, &lookup);
        self.whole_run(instruction, &script, &calls, is_exec);
        self.commands(instruction, &script, &calls);
        self.bypasses(instruction, &script, &calls);
        self.modes(instruction, &calls);
    }

    /// The script that a shell runs; empty where no POSIX shell does.
    fn script(&self, instruction: &Instruction<'_>) -> (Script, bool) {
        if let Form::Exec(items) = instruction.form() {
            return (from_words(&items), true);
        }
        let posix = matches!(self.scope.effects.shell, Shell::Posix(_)) && instruction.escape() == Escape::Backslash;
        if !posix {
            return (Script::default(), false);
        }
        if let [heredoc] = instruction.heredocs.as_slice()
            && heredoc.range == instruction.argument
        {
            return (heredoc_script(heredoc), false);
        }
        (parse(&with_heredocs(instruction)), false)
    }

    fn whole_run(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call], is_exec: bool) {
        let strict = self.scope.effects.shell == Shell::Posix(true);
        let pipe = if strict { None } else { shell::unguarded_pipe(script, calls) };
        let alpine =
            self.scope.stage.and_then(|stage| self.graph.base(stage).known()).is_some_and(|image| image.alpine);
        let fact = Run {
            span: instruction.keyword_span,
            form: if is_exec { "exec" } else { "shell" }.to_owned(),
            unguarded_pipe: pipe.map_or(Field::Absent, |span| Field::new("|".to_owned(), span)),
            alpine,
            is_final: self.is_final(),
        };
        if self.wanted.subject(Run::describe().name) {
            self.push(fact, instruction.span);
        }
    }

    fn commands(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) {
        if !self.wanted.subject(Command::describe().name) {
            return;
        }
        let unverified: std::collections::HashMap<usize, _> = shell::unverified(script, calls).into_iter().collect();
        for (index, call) in calls.iter().enumerate() {
            let split = shell::operands(call);
            let mut operands = split.operands.into_iter();
            let subcommand = operands.next().map_or(Field::Absent, field);
            let fact = Command {
                span: call.span,
                name: match call.name.is_empty() {
                    true => Field::unknown("", call.span),
                    false => Field::new(call.name.clone(), call.span),
                },
                args: OpenList { items: call.args.iter().map(field).collect(), open: split.open },
                subcommand,
                flags: OpenList { items: split.flags, open: split.open },
                operands: OpenList { items: operands.map(field).collect(), open: split.open },
                unattended: match shell::is_unattended(call) {
                    Some(value) => Field::new(value, call.span),
                    None => Field::unknown("", call.span),
                },
                runs_unverified: unverified.get(&index).cloned().map_or(Field::Absent, Field::from),
                subshell: call.subshell,
                is_final: self.is_final(),
                in_image: self.in_image(),
            };
            self.push(fact, instruction.span);
        }
    }

    fn modes(&mut self, instruction: &Instruction<'_>, calls: &[Call]) {
        if !self.wanted.subject(Mode::describe().name) {
            return;
        }
        for call in calls.iter().filter(|call| call.name == "chmod") {
            let mode = call.args.iter().find(|arg| !is_chmod_flag(&arg.text));
            if let Some(mode) = mode {
                self.push_mode(mode, instruction);
            }
        }
    }

    pub(super) fn flag_mode(&mut self, instruction: &Instruction<'_>) {
        let Some(flag) = instruction.flag("chmod").filter(|_| self.wanted.subject(Mode::describe().name)) else {
            return;
        };
        let text = self.scope.expand(flag.value.as_deref().unwrap_or(""), instruction);
        let known = !text.contains(HOLE);
        let arg = Arg { text, known, loose: false, span: flag.value_span };
        self.push_mode(&arg, instruction);
    }

    fn push_mode(&mut self, mode: &Arg, instruction: &Instruction<'_>) {
        let fact = Mode {
            span: mode.span,
            mode: field(mode),
            world_writable: match mode.known {
                true => Field::new(is_world_writable(&mode.text), mode.span),
                false => Field::unknown(mode.text.clone(), mode.span),
            },
        };
        self.push(fact, instruction.span);
    }
}

fn field(arg: &Arg) -> Field<String> {
    match arg.known {
        true => Field::new(arg.text.clone(), arg.span),
        false => Field::unknown(arg.text.clone(), arg.span),
    }
}

/// `-R`, `--recursive`; but `-x` takes a right away.
fn is_chmod_flag(text: &str) -> bool {
    text.starts_with("--") || (text.starts_with('-') && text.len() > 1 && text[1..].chars().all(|c| "Rcfv".contains(c)))
}

/// Whether everybody may write where no sticky bit keeps files apart.
fn is_world_writable(mode: &str) -> bool {
    if !mode.is_empty() && mode.bytes().all(|b| matches!(b, b'0'..=b'7')) {
        let mode = u32::from_str_radix(mode, 8).unwrap_or(0);
        return mode & 0o002 != 0 && mode & 0o1000 == 0;
    }
    let sticky = mode.split(',').any(|part| part.contains('t') && part.contains(['+', '=']));
    let opens = mode.split(',').any(|part| {
        let Some(at) = part.find(['+', '=']) else { return false };
        let (who, rights) = part.split_at(at);
        // Without a letter the umask decides, and it forbids others to write.
        rights.contains('w') && who.contains(['a', 'o'])
    });
    opens && !sticky
}

/// A RUN that is one heredoc: its body is the script, unless another interpreter reads it.
fn heredoc_script(heredoc: &Heredoc<'_>) -> Script {
    let body = heredoc.body.as_str();
    let first = body.lines().next().unwrap_or("");
    if let Some(interpreter) = first.strip_prefix("#!") {
        let mut words = interpreter.split_whitespace();
        let program = words.next().unwrap_or("");
        let program = if program.ends_with("/env") { words.next().unwrap_or("") } else { program };
        if !crate::syntax::shell::is_shell(program) {
            return Script::default();
        }
    }
    parse(&heredoc.body)
}

/// The command line with the bodies behind it, as the shell gets it.
fn with_heredocs(instruction: &Instruction<'_>) -> Text<'static> {
    let argument = instruction.argument();
    if instruction.heredocs.is_empty() {
        return argument.into_owned();
    }
    let mut out = TextBuilder::new();
    out.text(&argument, 0..argument.len());
    for heredoc in &instruction.heredocs {
        out.escaped("\n", heredoc.span);
        out.text(&heredoc.body, 0..heredoc.body.len());
        out.escaped(&heredoc.name, heredoc.terminator.unwrap_or(heredoc.span));
    }
    out.finish()
}
