//! What holds at an instruction: variables, user, folder, shell, what runs; and how a stage inherits it.

use super::expand::{HOLE, Variable, expand};
use super::facts::User;
use super::graph::{Graph, PLATFORM};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Form, Instruction, Keyword};
use crate::text::{Span, Spanned};
use std::collections::HashMap;

/// Chains of stages longer than this are not followed for variables.
const LONGEST_CHAIN: usize = 64;
const MOST_PORTS: usize = 100;
const MOST_LABELS: usize = 100;

/// The shell that runs shell forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shell {
    /// A POSIX shell; the flag says whether it has pipefail.
    Posix(bool),
    /// PowerShell, cmd, or something unknown.
    Other,
}

/// What a stage hands down to those built on it.
#[derive(Clone)]
pub(super) struct Effects {
    pub(super) user: Field<User>,
    pub(super) workdir: Field<String>,
    pub(super) shell: Shell,
    pub(super) shell_field: Field<String>,
    /// SHELL has a flag that ends a script at its first failure.
    pub(super) stops_at_errors: bool,
    /// The shell's program; images have `sh`.
    pub(super) program: Option<String>,
    pub(super) cmd: Field<String>,
    pub(super) entrypoint: Field<String>,
    pub(super) healthcheck: Field<String>,
    pub(super) ports: Vec<Spanned<String>>,
    pub(super) stopsignal: Field<String>,
    /// Key, value and place of each LABEL.
    pub(super) labels: Vec<(String, String, Span)>,
    /// The first user that a command creates.
    pub(super) created_user: Option<Spanned<String>>,
    /// Something hands the process to another user when it starts.
    pub(super) drops_root: bool,
    /// Files have come in that nobody has listed: a shell, a list of users.
    pub(super) filled: bool,
    /// A list of users has been copied in.
    pub(super) passwd: bool,
    /// GNU wget has been installed beside busybox.
    pub(super) gnu_wget: bool,
    /// Whether the configuration of apt asks for recommended packages; `None` where nobody has read it.
    pub(super) apt_recommends: Option<bool>,
}

impl Default for Effects {
    fn default() -> Self {
        Self {
            user: Field::Absent,
            workdir: Field::Absent,
            shell: Shell::Posix(false),
            shell_field: Field::Absent,
            stops_at_errors: false,
            program: None,
            cmd: Field::Absent,
            entrypoint: Field::Absent,
            healthcheck: Field::Absent,
            ports: Vec::new(),
            stopsignal: Field::Absent,
            labels: Vec::new(),
            created_user: None,
            drops_root: false,
            filled: false,
            passwd: false,
            gnu_wget: false,
            apt_recommends: Some(true),
        }
    }
}

/// The state while a file is walked.
pub(super) struct Scope<'g> {
    graph: &'g Graph,
    pub(super) stage: Option<usize>,
    pub(super) effects: Effects,
    own_cmd: bool,
    args: HashMap<String, Variable>,
    /// ENV of each stage, its own only.
    envs: Vec<HashMap<String, String>>,
    done: Vec<Effects>,
}

impl<'g> Scope<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            stage: None,
            effects: Effects::default(),
            own_cmd: false,
            args: HashMap::new(),
            envs: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Enters the next stage.
    pub(super) fn enter(&mut self) {
        if self.stage.is_some() {
            self.done.push(std::mem::take(&mut self.effects));
        }
        let stage = self.envs.len();
        self.stage = Some(stage);
        self.args.clear();
        self.own_cmd = false;
        self.envs.push(HashMap::new());
        let parent = self.graph.stages[stage].parent;
        self.effects = parent.and_then(|parent| self.done.get(parent)).cloned().unwrap_or_default();
        if parent.is_none() && self.graph.is_windows(stage) {
            self.effects.shell = Shell::Other;
        }
    }

    /// What a variable is here.
    pub(super) fn lookup(&self, name: &str) -> Variable {
        let Some(stage) = self.stage else {
            return if self.graph.stages.is_empty() { Variable::Unknown } else { self.graph.global_value(name) };
        };
        let mut next = Some(stage);
        for _ in 0..LONGEST_CHAIN {
            let Some(at) = next else { break };
            if let Some(value) = self.envs.get(at).and_then(|env| env.get(name)) {
                return Variable::Set(value.clone());
            }
            next = self.graph.stages[at].parent;
        }
        match self.args.get(name) {
            Some(value) => value.clone(),
            None if next.is_none() && self.graph.is_scratch(stage) && !PLATFORM.contains(&name) => Variable::Unset,
            None => Variable::Unknown,
        }
    }

    /// Whether an ARG or ENV in sight sets a variable.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.args.contains_key(name) || self.chain().any(|env| env.contains_key(name))
    }

    /// The names of variables in sight, at most so many.
    pub(super) fn names(&self, most: usize) -> Vec<&str> {
        let globals = self.graph.globals.keys().filter(|_| self.stage.is_none());
        let own = self.args.keys().chain(globals).map(String::as_str);
        own.chain(self.chain().flat_map(|env| env.keys().map(String::as_str))).take(most).collect()
    }

    /// ENV of the stage and of those that it is built on.
    fn chain(&self) -> impl Iterator<Item = &HashMap<String, String>> {
        let parent = |stage: &usize| self.graph.stages.get(*stage).and_then(|stage| stage.parent);
        std::iter::successors(self.stage, parent).take(LONGEST_CHAIN).filter_map(|stage| self.envs.get(stage))
    }

    /// Whether the stage has declared a build argument of that name.
    pub(super) fn is_arg(&self, name: &str) -> bool {
        self.args.contains_key(name)
    }

    /// Keeps what a LABEL sets.
    pub(super) fn label(&mut self, instruction: &Instruction<'_>, pair: &super::pairs::Pair) {
        let raw = pair.value.clone().map_or("", |range| &instruction.line.as_str()[range]);
        let value = super::labels::kept(&self.expand(raw, instruction));
        let span = instruction.line.span(pair.name_range.clone());
        let labels = &mut self.effects.labels;
        match labels.iter().position(|(key, ..)| *key == pair.name) {
            Some(at) => labels[at] = (pair.name.clone(), value, span),
            None if labels.len() < MOST_LABELS => labels.push((pair.name.clone(), value, span)),
            None => {}
        }
    }

    pub(super) fn expand(&self, raw: &str, instruction: &Instruction<'_>) -> String {
        expand(raw, instruction.escape().byte(), &|name| self.lookup(name))
    }

    /// A value: unknown where a part of it is.
    pub(super) fn field(&self, raw: &str, instruction: &Instruction<'_>, span: Span) -> Field<String> {
        let value = self.expand(raw, instruction);
        if value.contains(HOLE) { Field::unknown(raw, span) } else { Field::new(value, span) }
    }

    /// Lets an instruction change the state.
    pub(super) fn apply(&mut self, instruction: &Instruction<'_>) {
        let argument = || Field::new(instruction.argument_str().to_owned(), instruction.span);
        match instruction.keyword {
            Keyword::User => self.effects.user = self.user(instruction),
            Keyword::Workdir => {
                let raw = instruction.argument_str().to_owned();
                self.effects.workdir = self.field(&raw, instruction, instruction.argument_span());
            }
            Keyword::Shell => {
                self.effects.shell = shell(&instruction.form());
                self.effects.stops_at_errors = stops_at_errors(&instruction.form());
                self.effects.program = crate::fact::shell::script::of_shell(&instruction.form());
                self.effects.shell_field = argument();
            }
            Keyword::Cmd => {
                self.effects.cmd = argument();
                self.own_cmd = true;
            }
            Keyword::Entrypoint => {
                self.effects.entrypoint = argument();
                if !self.own_cmd {
                    self.effects.cmd = Field::Absent;
                }
            }
            Keyword::Healthcheck => self.effects.healthcheck = argument(),
            Keyword::Stopsignal => self.effects.stopsignal = argument(),
            Keyword::Label => super::pairs::pairs(instruction).iter().for_each(|pair| self.label(instruction, pair)),
            Keyword::Expose => {
                let room = MOST_PORTS.saturating_sub(self.effects.ports.len());
                let words = instruction.words().into_iter().take(room);
                self.effects.ports.extend(words.map(|word| Spanned::new(word.value, word.span)));
            }
            Keyword::Arg | Keyword::Env => self.assign(instruction),
            _ => {}
        }
    }

    fn assign(&mut self, instruction: &Instruction<'_>) {
        let is_arg = instruction.keyword == Keyword::Arg;
        let pairs = super::pairs::pairs(instruction);
        let values: Vec<Option<String>> = pairs
            .iter()
            .map(|pair| pair.value.clone().map(|range| self.expand(&instruction.line.as_str()[range], instruction)))
            .collect();
        let Some(stage) = self.stage else { return };
        for (pair, value) in pairs.into_iter().zip(values) {
            match (is_arg, value) {
                (true, Some(value)) => drop(self.args.insert(pair.name, Variable::Set(value))),
                (true, None) => {
                    let inherited = self.graph.global_value(&pair.name);
                    self.args.insert(pair.name, inherited);
                }
                (false, value) => {
                    if let Some(env) = self.envs.get_mut(stage) {
                        env.insert(pair.name, value.unwrap_or_default());
                    }
                }
            }
        }
    }

    pub(super) fn user(&self, instruction: &Instruction<'_>) -> Field<User> {
        let words = instruction.words();
        let Some(word) = words.first() else { return Field::unknown("", instruction.span) };
        let raw = &instruction.line.as_str()[word.range.clone()];
        let user = User { span: instruction.span, ..self.identity(raw, word.span, instruction) };
        Field::new(user, instruction.span)
    }

    /// What a user and a group are, as USER and `--chown` name them.
    pub(super) fn identity(&self, raw: &str, span: Span, instruction: &Instruction<'_>) -> User {
        let text = self.expand(raw, instruction);
        let (id, group) = match text.split_once(':') {
            Some((id, group)) => (id, Some(group)),
            None => (text.as_str(), None),
        };
        let field = |part: &str| match part.contains(HOLE) {
            true => Field::unknown(raw, span),
            false => Field::new(part.to_owned(), span),
        };
        let numeric = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        let root = id == "root" || (numeric && id.bytes().all(|b| b == b'0'));
        let judged = |value: bool| match id.contains(HOLE) || id.is_empty() {
            true => Field::unknown(raw, span),
            false => Field::new(value, span),
        };
        User {
            span,
            by: instruction.keyword.name().to_owned(),
            windows: self.stage.is_some_and(|stage| self.graph.is_windows(stage)),
            passwd: self.has_passwd(),
            name: field(&text),
            id: field(id),
            group: group.map_or(Field::Absent, field),
            root: judged(root),
            numeric: judged(numeric),
        }
    }

    /// Whether names of users can be looked up: on scratch there is no list of them unless it is copied in.
    fn has_passwd(&self) -> bool {
        let scratch = self.stage.is_some_and(|stage| self.graph.is_scratch(stage));
        !scratch || self.effects.passwd
    }
}

fn shell(form: &Form) -> Shell {
    let Form::Exec(items) = form else { return Shell::Other };
    // `/usr/bin/env bash` is bash.
    let env = items.first().is_some_and(|item| item.as_str().rsplit('/').next() == Some("env"));
    let items = &items[usize::from(env)..];
    let Some(program) = items.first() else { return Shell::Other };
    if !crate::syntax::shell::is_shell(program.as_str()) {
        return Shell::Other;
    }
    Shell::Posix(items.iter().skip(1).any(|item| item.as_str() == "pipefail"))
}

fn stops_at_errors(form: &Form) -> bool {
    let Form::Exec(items) = form else { return false };
    let flags = items.iter().skip(1).filter_map(|item| item.as_str().strip_prefix('-'));
    flags.into_iter().any(|letters| !letters.starts_with('-') && letters.contains('e'))
}

/// The shell that a comment for other tools names.
pub(super) fn named_shell(command: &str) -> Shell {
    let mut words = command.split_whitespace();
    let is_posix = words.next().is_some_and(crate::syntax::shell::is_shell);
    if is_posix { Shell::Posix(words.any(|word| word == "pipefail")) } else { Shell::Other }
}
