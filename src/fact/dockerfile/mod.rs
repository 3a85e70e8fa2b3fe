//! What a Dockerfile says: stages with what they inherit, instructions, the commands of RUN.

mod bypass;
mod command;
mod comments;
mod copy;
mod cycles;
mod expand;
pub mod facts;
mod graph;
mod image;
mod instruction;
mod labels;
mod memory;
mod mending;
mod names;
mod outline;
mod pairs;
mod references;
mod run;
mod scope;
mod settings;
mod shell_facts;
mod silent;
mod stage;
mod start;
mod surroundings;
mod uses;

#[cfg(test)]
mod tests;

pub use outline::{Outline, StageOutline};
pub use run::shell_form;

use super::value::{Field, Object};
use super::{Facts, Wanted};
use crate::syntax::dockerfile::{Dockerfile, Instruction, Keyword, faults, parse};
use crate::syntax::markdown;
use crate::text::{Span, Spanned, Text};
use expand::HOLE;
use facts::{Fault, File, Stage, User};
use graph::Graph;
use memory::Memory;
use regex::{Captures, Regex};
use scope::Scope;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is known of a Dockerfile from outside.
#[derive(Clone, Copy, Default)]
pub struct Setting<'a> {
    /// Stages that other files build; empty for the last one.
    pub targets: &'a [String],
    /// A snippet in a document, or a file that others include: what is missing may be elsewhere.
    pub fragment: bool,
    /// The file itself, where it is one: what lies around it counts.
    pub file: Option<&'a super::File<'a>>,
}

/// Adds the facts of a file that is a Dockerfile.
pub fn file(file: &super::File<'_>, wanted: &Wanted, out: &mut Facts) {
    let targets: Vec<String> = file.context.targets(file.path).into_iter().flatten().cloned().collect();
    // A part that other files include is no image alone.
    let fragment = file.path.ends_with(".inc");
    build(&Text::whole(file.source.text()), &Setting { targets: &targets, fragment, file: Some(file) }, wanted, out);
}

/// Adds the facts of the snippets in a document.
pub fn fences(document: &markdown::Document<'_>, wanted: &Wanted, out: &mut Facts) {
    if !is_wanted(wanted) {
        return;
    }
    for code in document.codes().filter(|code| code.fenced) {
        if super::fenced::language(&code) != "dockerfile" {
            continue;
        }
        let first = out.subjects.len();
        let content = code.content();
        // A template is a Dockerfile only once it is filled in.
        if content.as_str().contains("{{") || content.as_str().contains("{%") {
            continue;
        }
        build(&without_placeholders(content), &Setting { fragment: true, ..Setting::default() }, wanted, out);
        out.subjects[first..].iter_mut().for_each(|subject| subject.embedded = true);
    }
}

static PLACEHOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(^|[^<])<[A-Za-z][A-Za-z0-9 _./|-]{0,60}>").ok());

/// What a reader has to fill in is as unknown as a variable.
fn without_placeholders(text: Text<'_>) -> Text<'_> {
    let Some(regex) = PLACEHOLDER.as_ref().filter(|regex| regex.is_match(text.as_str())) else { return text };
    let fill = |found: &Captures<'_>| {
        let lead = found.get(1).map_or("", |lead| lead.as_str());
        format!("{lead}{}", String::from(HOLE).repeat(found[0].len() - lead.len()))
    };
    let filled = regex.replace_all(text.as_str(), fill).into_owned();
    text.with_same_length(filled)
}

/// Whether a rule asks for anything that a Dockerfile may say.
fn is_wanted(wanted: &Wanted) -> bool {
    wanted.any("dockerfile.") || wanted.subject(super::shell::Fault::describe().name)
}

/// Adds the facts of a Dockerfile.
pub fn build(text: &Text<'_>, setting: &Setting<'_>, wanted: &Wanted, out: &mut Facts) {
    if !is_wanted(wanted) {
        return;
    }
    let file = parse(text);
    let graph = Graph::of(&file, setting);
    let scope = Scope::new(&graph);
    let superseded = superseded(&file);
    let memory = Memory::default();
    let odd_case = odd_case(&file);
    let mut walk = Walk { text, file: &file, graph: &graph, scope, superseded, memory, odd_case, setting, wanted, out };
    walk.whole();
    walk.faults();
    walk.comments();
    for (number, instruction) in file.instructions.iter().enumerate() {
        walk.step(number, instruction);
    }
    walk.leave();
}

/// Goes through a file once, keeping the state.
struct Walk<'f, 'o> {
    text: &'f Text<'f>,
    file: &'f Dockerfile<'f>,
    graph: &'f Graph,
    scope: Scope<'f>,
    /// What takes the place of an instruction, by number.
    superseded: HashMap<usize, Spanned<String>>,
    memory: Memory,
    /// Whether keywords in upper case are the exception, if there are both.
    odd_case: Option<bool>,
    setting: &'f Setting<'f>,
    wanted: &'f Wanted,
    out: &'o mut Facts,
}

impl Walk<'_, '_> {
    fn step(&mut self, number: usize, instruction: &Instruction<'_>) {
        if instruction.keyword == Keyword::From {
            self.leave();
            self.scope.enter();
            self.memory = Memory { end: self.memory.end, ..Memory::default() };
        }
        self.hear(instruction.span.start);
        if matches!(instruction.keyword, Keyword::Arg | Keyword::From) {
            self.definition(instruction);
        }
        self.facts_of(number, instruction, false);
        if instruction.keyword != Keyword::Run {
            self.memory.last_run = None;
        }
        self.memory.end = instruction.span.end;
        if let Some(trigger) = &instruction.trigger {
            self.facts_of(number, trigger, true);
            return;
        }
        self.scope.apply(instruction);
    }

    fn facts_of(&mut self, number: usize, instruction: &Instruction<'_>, trigger: bool) {
        self.instruction(number, instruction, trigger);
        self.uses(instruction);
        self.references(instruction);
        self.configure(instruction);
        match instruction.keyword {
            Keyword::Arg | Keyword::Env => {
                self.variables(instruction);
                self.variable_bypasses(instruction);
            }
            Keyword::Copy | Keyword::Add => {
                self.transfer(instruction, trigger);
                self.flag_mode(instruction);
                self.owner(instruction);
            }
            Keyword::Label => self.labels(instruction),
            Keyword::User if !trigger => self.user(instruction),
            Keyword::Workdir if !trigger => self.workdir(instruction),
            Keyword::Expose => self.ports(instruction),
            Keyword::Run => self.run(instruction, trigger),
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => self.start(instruction),
            _ => {}
        }
    }

    /// Writes down the stage that ends here.
    fn leave(&mut self) {
        let Some(index) = self.scope.stage else { return };
        if self.wanted.subject(Stage::describe().name) {
            let fact = self.stage(index);
            let extent = graph::extent(self.file, &self.graph.stages[index]);
            self.out.push(fact, self.graph.label(index), extent);
        }
    }

    fn whole(&mut self) {
        if !self.wanted.subject(File::describe().name) {
            return;
        }
        let instructions = &self.file.instructions;
        let (keyword, extent) = match (instructions.first(), instructions.last()) {
            (Some(first), Some(last)) => (first.keyword_span, first.span.to(last.span)),
            // Nothing is built from a file without an instruction; it is shown at its beginning.
            _ => (self.text.whole_span(), self.text.whole_span()),
        };
        let early = self.file.instructions.iter().take_while(|i| i.keyword != Keyword::From);
        let mut early = early.filter(|i| !matches!(i.keyword, Keyword::Arg | Keyword::Unknown));
        let fact = File {
            span: keyword,
            fragment: self.setting.fragment,
            before_from: early
                .next()
                .map_or(Field::Absent, |i| Field::new(i.keyword.name().to_owned(), i.keyword_span)),
            stages: self.graph.stages.len() as i64,
            instructions: self.file.instructions.len() as i64,
            lines: self.lines(),
        };
        self.out.push(fact, "", extent);
    }

    fn lines(&self) -> i64 {
        let counts = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        self.text.as_str().lines().filter(counts).count() as i64
    }

    fn user(&mut self, instruction: &Instruction<'_>) {
        if self.wanted.subject(User::describe().name)
            && let Field::Known(user) = self.scope.user(instruction)
        {
            self.push(user.value, instruction.span);
        }
    }

    /// The user that `--chown` names.
    fn owner(&mut self, instruction: &Instruction<'_>) {
        let Some(flag) = instruction.flag("chown").filter(|_| self.wanted.subject(User::describe().name)) else {
            return;
        };
        let owner = self.scope.identity(flag.value.as_deref().unwrap_or(""), flag.value_span, instruction);
        self.push(owner, instruction.span);
    }

    fn faults(&mut self) {
        // A snippet may leave things out with dots and the like.
        if self.setting.fragment || !self.wanted.subject(Fault::describe().name) {
            return;
        }
        for fault in faults(self.file) {
            self.out.push(Fault { span: fault.span, message: fault.message }, "", fault.span);
        }
    }

    fn push(&mut self, fact: impl Object + 'static, extent: Span) {
        let label = self.scope.stage.map_or(String::new(), |stage| self.graph.label(stage));
        self.out.push(fact, label, extent);
    }

    fn is_final(&self) -> bool {
        self.whole_stage(|stage| stage.is_final)
    }

    fn in_image(&self) -> bool {
        self.whole_stage(|stage| stage.in_image)
    }

    /// What holds of the stage; instructions without any FROM are part of some image.
    fn whole_stage(&self, holds: impl Fn(&graph::StageRef) -> bool) -> bool {
        let stage = self.scope.stage.and_then(|stage| self.graph.stages.get(stage));
        stage.map_or(self.graph.stages.is_empty(), holds)
    }

    fn in_scratch(&self) -> bool {
        self.scope.stage.is_some_and(|stage| self.graph.stages[stage].own_scratch)
    }

    /// Whether all of a stage or image is there to be copied: it was put together on nothing, or says so itself.
    fn is_made_for_copying(&self, from: &str) -> bool {
        let by_name = self.graph.by_name.get(&from.to_lowercase()).copied();
        let stage = by_name.or_else(|| from.parse().ok()).filter(|&stage| stage < self.graph.stages.len());
        let Some(stage) = stage else { return from.starts_with("tonistiigi/xx") };
        let base = self.graph.base(stage).known().and_then(|image| image.name.known());
        self.graph.is_scratch(stage) || base.is_some_and(|name| name.ends_with("tonistiigi/xx"))
    }

    /// Whether a name or number is that of the stage we are in.
    fn is_own(&self, from: &str) -> bool {
        let Some(stage) = self.scope.stage else { return false };
        let name = self.graph.stages[stage].name.as_ref();
        name.is_some_and(|name| name.value.eq_ignore_ascii_case(from)) || from.parse() == Ok(stage)
    }
}

/// Whether keywords in upper case are fewer than those in lower case; nothing where all are alike.
fn odd_case(file: &Dockerfile<'_>) -> Option<bool> {
    let known = file.instructions.iter().filter(|instruction| instruction.keyword != Keyword::Unknown);
    let (upper, lower): (Vec<_>, Vec<_>) = known.partition(|i| instruction::is_upper(i.keyword_str()));
    (!upper.is_empty() && !lower.is_empty()).then_some(upper.len() < lower.len())
}

/// CMD, ENTRYPOINT and HEALTHCHECK that a later one of the same stage replaces, and the next of those.
fn superseded(file: &Dockerfile<'_>) -> HashMap<usize, Spanned<String>> {
    let mut last: [Option<usize>; 3] = [None; 3];
    let mut out = HashMap::new();
    for (number, instruction) in file.instructions.iter().enumerate() {
        let slot = match instruction.keyword {
            Keyword::From => {
                last = [None; 3];
                continue;
            }
            Keyword::Cmd => 0,
            Keyword::Entrypoint => 1,
            Keyword::Healthcheck => 2,
            _ => continue,
        };
        let next = || Spanned::new(instruction.keyword_str().to_owned(), instruction.keyword_span);
        out.extend(last[slot].replace(number).map(|earlier| (earlier, next())));
    }
    out
}
