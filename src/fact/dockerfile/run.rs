//! RUN: its script, the commands in it, and what they do.

use super::Walk;
use super::command;
use super::expand::{HOLE, Variable};
use super::facts::{Bypass, Command, Mode, Package, Run, Stage, Unverified, User};
use super::names::secret_shaped;
use super::scope::Shell;
use crate::fact::shell::{self, Arg, Call, ScriptText};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Escape, Form, Heredoc, Instruction};
use crate::syntax::shell::{Script, from_words, parse};
use crate::text::{Spanned, Text, TextBuilder};

impl Walk<'_, '_> {
    pub(super) fn run(&mut self, instruction: &Instruction<'_>, trigger: bool) {
        self.script_text(instruction);
        let names = [
            Run::describe(),
            Command::describe(),
            Package::describe(),
            Bypass::describe(),
            Unverified::describe(),
            shell::Fault::describe(),
            Mode::describe(),
            Stage::describe(),
            User::describe(),
        ];
        if !names.iter().any(|schema| self.wanted.subject(schema.name)) {
            return;
        }
        let (script, is_exec) = self.script(instruction);
        let broken = matches!(instruction.form(), Form::Broken(_));
        let lookup = |name: &str| match self.scope.lookup(name) {
            Variable::Set(value) if !value.contains(HOLE) => Some(value),
            _ => None,
        };
        let calls = shell::calls(&script, &lookup);
        self.whole_run(instruction, &script, &calls, is_exec);
        self.commands(instruction, &script, &calls, trigger);
        self.bypasses(instruction, &script, &calls);
        self.unverified(instruction, &script, &calls);
        if !broken {
            self.script_faults(instruction, &script, &calls);
        }
        self.modes(instruction, &calls);
        if !trigger {
            self.keep(instruction, &script, &calls);
        }
    }

    /// Keeps what later instructions are judged by.
    fn keep(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) {
        self.memory.last_copy = None;
        self.memory.copy_keyword = None;
        self.memory.last_run = Some((flags_of(instruction), command_count(script)));
        self.memory.has_built |= calls.iter().any(shell::vouches);
        let effects = &mut self.scope.effects;
        effects.filled |= instruction.flag("mount").is_some();
        for call in calls {
            match call.name.as_str() {
                "useradd" | "adduser" if effects.created_user.is_none() => {
                    let name = shell::operands(call).operands.into_iter().rfind(|arg| arg.known);
                    let system = call.has("-r") || call.has("--system") || call.has("-S");
                    effects.created_user = name.filter(|_| !system).map(|arg| Spanned::new(arg.text.clone(), arg.span));
                }
                "apk" if shell::adds_wget(call) => effects.gnu_wget = true,
                _ => effects.drops_root |= names_dropper(call),
            }
        }
    }

    /// Hands out the script for another program to read.
    fn script_text(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(shell::script::RUN)
            || !self.is_posix(instruction)
            || !matches!(instruction.form(), Form::Shell)
        {
            return;
        }
        let text = shell::script::of_run(instruction, with_heredocs(instruction));
        let program = self.scope.effects.program.as_deref().unwrap_or("sh");
        let variables = self.scope.names(MOST_VARIABLES);
        self.out.scripts.extend(ScriptText::new(text, program, &variables));
    }

    /// The script that a shell runs; empty where no POSIX shell does.
    fn script(&self, instruction: &Instruction<'_>) -> (Script, bool) {
        if let Form::Exec(items) = instruction.form() {
            return (from_words(&items), true);
        }
        if !self.is_posix(instruction) {
            return (Script::default(), false);
        }
        (shell_form(instruction), false)
    }

    /// Whether a POSIX shell reads the shell form. Where backticks continue lines the image may be one for Windows, unless
    /// it is known to be none.
    pub(super) fn is_posix(&self, instruction: &Instruction<'_>) -> bool {
        let posix = matches!(self.scope.effects.shell, Shell::Posix(_));
        let chosen = self.scope.effects.program.is_some();
        let unix = || self.scope.stage.is_some_and(|stage| self.is_official(stage));
        posix && (instruction.escape() == Escape::Backslash || chosen || unix())
    }

    fn whole_run(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call], is_exec: bool) {
        let strict = self.scope.effects.shell == Shell::Posix(true);
        // A list chooses its own shell, or none.
        let strict = strict || is_exec;
        let pipe = if strict { None } else { shell::unguarded_pipe(script, calls) };
        let alpine =
            self.scope.stage.and_then(|stage| self.graph.base(stage).known()).is_some_and(|image| image.alpine);
        let first_pipe = shell::bare_pipe(script, calls).filter(|_| !strict);
        let flags = flags_of(instruction);
        let short = command_count(script) <= SHORT_RUN;
        let follows = short && self.memory.last_run.as_ref().is_some_and(|last| last.1 <= SHORT_RUN && last.0 == flags);
        let no_shell = self.scope.stage.is_some_and(|stage| self.graph.is_scratch(stage))
            && !is_exec
            && !self.scope.effects.filled
            && instruction.flag("mount").is_none();
        let [copy, copy_flag] = self.copy_flag(script, calls);
        let fact = Run {
            span: instruction.keyword_span,
            content: self.written_text(instruction, script, calls),
            copy,
            copy_flag,
            pipe: first_pipe.map_or(Field::Absent, |span| Field::new("|".to_owned(), span)),
            follows_run: follows,
            no_shell,
            writes_file: written_file(script, calls),
            mends_copy: self.mended(calls),
            secret_argument: self.secret_argument(instruction, script),
            form: if is_exec { "exec" } else { "shell" }.to_owned(),
            unguarded_pipe: pipe.map_or(Field::Absent, |span| Field::new("|".to_owned(), span)),
            alpine,
            is_final: self.is_final(),
        };
        if self.wanted.subject(Run::describe().name) {
            self.push(fact, instruction.span);
        }
    }

    /// What chmod or chown changes of the files that the COPY just before has put there.
    fn mended(&self, calls: &[Call]) -> Field<String> {
        let changes = calls.iter().filter(|call| matches!(call.name.as_str(), "chmod" | "chown"));
        let mut paths = changes.flat_map(|call| shell::operands(call).operands.into_iter().skip(1));
        let own = paths.find(|arg| arg.known && self.memory.copied_to(&arg.text));
        own.map_or(Field::Absent, command::field)
    }

    /// A build argument that holds a secret and is used on the command line.
    fn secret_argument(&self, instruction: &Instruction<'_>, script: &Script) -> Field<String> {
        let mounted = instruction.flags.iter().any(|f| f.value.as_deref().is_some_and(|v| v.contains("type=secret")));
        let words = script.commands.iter().flat_map(|c| c.words.iter().chain(c.assignments.iter().map(|a| &a.value)));
        let mut uses = words.flat_map(|word| &word.expansions).filter(|_| !mounted);
        let secret = |name: &str| self.scope.is_arg(name) && secret_shaped(name, "");
        let found = uses.find(|expansion| secret(&expansion.variable));
        found.map_or(Field::Absent, |found| Field::new(found.variable.clone(), found.span))
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
            mode: command::field(mode),
            world_writable: match mode.known {
                true => Field::new(is_world_writable(&mode.text), mode.span),
                false => Field::unknown(mode.text.clone(), mode.span),
            },
        };
        self.push(fact, instruction.span);
    }
}

/// A RUN of more commands than this is a step of its own.
const SHORT_RUN: usize = 2;

/// Most variables that a script is told of.
const MOST_VARIABLES: usize = 200;

/// Programs that run another as somebody else than root.
const DROPPERS: &[&str] = &["gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chroot", "chpst", "setuidgid"];

/// Whether a call installs or runs such a program.
fn names_dropper(call: &Call) -> bool {
    DROPPERS.contains(&call.name.as_str()) || call.args.iter().any(|arg| DROPPERS.contains(&arg.text.as_str()))
}

/// The flags as one text, to be compared.
pub(super) fn flags_of(instruction: &Instruction<'_>) -> String {
    let flag =
        |flag: &crate::syntax::dockerfile::Flag| format!("{}={}", flag.name, flag.value.as_deref().unwrap_or(""));
    instruction.flags.iter().map(flag).collect::<Vec<_>>().join(" ")
}

/// How many commands stand in a script; a script in a string counts as one.
fn command_count(script: &Script) -> usize {
    script.commands.iter().filter(|command| command.parent.is_none()).count()
}

/// The file that a RUN does nothing but write.
fn written_file(script: &Script, calls: &[Call]) -> Field<String> {
    let writes = |call: &Call| {
        let command = call.of(script);
        let out = command.redirects.iter().find(|r| matches!(r.operator, ">" | ">>" | ">|"));
        out.filter(|_| matches!(call.name.as_str(), "echo" | "printf" | "cat"))
    };
    let target = calls.first().and_then(writes);
    match target {
        Some(target) if calls.iter().all(|call| writes(call).is_some()) && target.target.value.starts_with('/') => {
            Field::new(target.target.value.clone(), target.target.span)
        }
        _ => Field::Absent,
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

/// The script of a RUN in shell form, as a POSIX shell reads it.
pub fn shell_form(instruction: &Instruction<'_>) -> Script {
    match whole_heredoc(instruction) {
        Some(heredoc) => heredoc_script(heredoc),
        None => parse(&with_heredocs(instruction)),
    }
}

/// The heredoc that is all of a RUN.
pub(super) fn whole_heredoc<'i, 'a>(instruction: &'i Instruction<'a>) -> Option<&'i Heredoc<'a>> {
    let [heredoc] = instruction.heredocs.as_slice() else { return None };
    (heredoc.range == instruction.argument).then_some(heredoc)
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
