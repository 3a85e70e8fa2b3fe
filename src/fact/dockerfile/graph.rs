//! The stages, before anything in them is looked at: which is built on which, and which one ships.

use super::expand::{Variable, expand, glob};
use super::facts::Image;
use super::image;
use super::references::sources;
use super::stage::is_built_elsewhere;
use super::uses::uses;
use super::{Setting, cycles};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Dockerfile, Instruction, Keyword, Word};
use crate::text::{Span, Spanned};
use std::collections::HashMap;

/// One stage, as its FROM tells.
pub(super) struct StageRef {
    /// The number of its FROM among the instructions.
    pub(super) from: usize,
    /// The number behind its last instruction.
    pub(super) end: usize,
    pub(super) name: Option<Spanned<String>>,
    /// An earlier stage.
    pub(super) parent: Option<usize>,
    /// The image it is built from itself.
    pub(super) image: Field<Image>,
    pub(super) own_scratch: bool,
    pub(super) duplicate_of: Option<usize>,
    /// The stage at the bottom of its chain.
    pub(super) bottom: usize,
    pub(super) is_final: bool,
    pub(super) in_image: bool,
    /// Something final needs it.
    pub(super) reachable: bool,
    /// It needs itself, through others.
    pub(super) cyclic: bool,
    /// It, or one that it is built on, brings files in.
    pub(super) filled: bool,
}

/// What the source of a COPY or a mount is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A stage before, or the very stage.
    Stage(usize),
    /// A stage that comes later.
    Later(usize),
    /// A number that no stage has.
    NoStage,
    /// An image, or a context that has a name.
    Other,
}

/// All stages and what stands before the first.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) stages: Vec<StageRef>,
    /// ARGs before the first FROM.
    pub(super) globals: HashMap<String, Variable>,
    pub(super) by_name: HashMap<String, usize>,
    /// All stages of a name, in order.
    named: HashMap<String, Vec<usize>>,
}

/// With more stages than this nobody chooses among them by variables.
const MOST_CHOICES: usize = 500;

/// Variables that BuildKit sets in FROM lines by itself.
pub(super) const PLATFORM: [&str; 8] = [
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

impl Graph {
    pub(super) fn of(file: &Dockerfile<'_>, setting: &Setting<'_>) -> Self {
        let mut graph = Self::default();
        for (number, instruction) in file.instructions.iter().enumerate() {
            match instruction.keyword {
                Keyword::Arg if graph.stages.is_empty() => graph.global(instruction),
                Keyword::From => graph.stage(number, instruction),
                _ => {}
            }
            if let Some(stage) = graph.stages.last_mut() {
                stage.end = number + 1;
            }
        }
        graph.mark_final(setting);
        graph.connect(file, setting);
        graph
    }

    /// What a `--from` in a stage names.
    pub(super) fn origin(&self, from: &str, at: usize) -> Origin {
        let stages = self.named.get(&from.to_lowercase()).map_or(&[][..], Vec::as_slice);
        let before = stages.iter().rev().find(|&&stage| stage <= at);
        match (before, stages.first(), from.parse::<usize>()) {
            (Some(&stage), ..) => Origin::Stage(stage),
            (None, Some(&stage), _) => Origin::Later(stage),
            (None, None, Ok(number)) if number <= at => Origin::Stage(number),
            (None, None, Ok(number)) if number < self.stages.len() => Origin::Later(number),
            (None, None, Ok(_)) => Origin::NoStage,
            _ => Origin::Other,
        }
    }

    /// Whether a stage, or one below it, has files; all images but scratch have some.
    fn fills(&self, file: &Dockerfile<'_>, at: usize) -> bool {
        use Keyword::*;
        let stage = &self.stages[at];
        let inherited = stage.parent.is_some_and(|parent| self.stages[parent].filled) || !self.is_scratch(at);
        // Where a variable chooses the stage below, another choice may have files.
        let chosen = stage.parent.is_some() && file.instructions[stage.from].argument_str().contains('$');
        let brings = |i: &Instruction<'_>| matches!(i.keyword, Copy | Add | Run | Workdir | Unknown);
        inherited || chosen || file.instructions[stage.from + 1..stage.end].iter().any(brings)
    }

    /// Stages that FROM may mean, by the variables in it.
    fn choices(&self, from: &Instruction<'_>, at: usize) -> Vec<usize> {
        let words = from.words();
        words.first().map_or_else(Vec::new, |word| self.alternatives(&from.line.as_str()[word.range.clone()], at))
    }

    /// Stages that a name with variables may mean, whatever their defaults say: `binaries-$TARGETOS`.
    fn alternatives(&self, raw: &str, at: usize) -> Vec<usize> {
        let used = uses(raw, b'\\');
        let (mut pattern, mut end, mut literal) = (String::new(), 0, raw.len());
        for used in &used {
            // One within the default of another is a part of that.
            if used.range.start >= end {
                pattern.push_str(raw.get(end..used.range.start).unwrap_or(""));
                pattern.push('*');
                literal -= used.range.len();
                end = used.range.end;
            }
        }
        if used.is_empty() || literal < 3 || self.stages.len() > MOST_CHOICES {
            return Vec::new();
        }
        pattern.push_str(raw.get(end..).unwrap_or(""));
        let pattern = pattern.to_lowercase();
        let named = |stage: &usize| {
            self.stages[*stage].name.as_ref().is_some_and(|name| glob(&pattern, &name.value.to_lowercase()))
        };
        (0..at).filter(named).collect()
    }

    /// Which stage needs which, and what follows from it.
    fn connect(&mut self, file: &Dockerfile<'_>, setting: &Setting<'_>) {
        let mut edges: Vec<Vec<usize>> = self.stages.iter().map(|stage| stage.parent.into_iter().collect()).collect();
        for (at, needs) in edges.iter_mut().enumerate() {
            self.stages[at].filled = self.fills(file, at);
            let (from, end) = (self.stages[at].from, self.stages[at].end);
            needs.extend(self.choices(&file.instructions[from], at));
            for instruction in &file.instructions[from + 1..end] {
                for source in sources(instruction.effective()) {
                    needs.extend(self.alternatives(&source.text, at));
                    let name = self.expand(&source.text, instruction);
                    if let Origin::Stage(stage) | Origin::Later(stage) = self.origin(&name, at) {
                        needs.push(stage);
                    }
                }
            }
        }
        let mut seen = vec![false; edges.len()];
        for (at, stage) in self.stages.iter().enumerate() {
            let last = at + 1 == self.stages.len();
            if last || stage.is_final || is_built_elsewhere(stage, setting) {
                cycles::collect(at, &edges, &mut seen);
            }
        }
        let cyclic = cycles::in_cycle(&edges);
        for (at, stage) in self.stages.iter_mut().enumerate() {
            (stage.reachable, stage.cyclic) = (seen[at], cyclic[at]);
        }
    }

    fn global(&mut self, instruction: &Instruction<'_>) {
        for word in instruction.words() {
            let raw = &instruction.line.as_str()[word.range.clone()];
            let (name, value) = match raw.split_once('=') {
                Some((name, value)) => (name, Variable::Set(self.expand(value, instruction))),
                None => (raw, Variable::Unset),
            };
            self.globals.insert(name.to_owned(), value);
        }
    }

    fn expand(&self, raw: &str, instruction: &Instruction<'_>) -> String {
        expand(raw, instruction.escape().byte(), &|name| self.global_value(name))
    }

    /// What a variable is in a FROM line.
    pub(super) fn global_value(&self, name: &str) -> Variable {
        match self.globals.get(name) {
            Some(value) => value.clone(),
            None if PLATFORM.contains(&name) => Variable::Unknown,
            None => Variable::Unset,
        }
    }

    fn stage(&mut self, number: usize, instruction: &Instruction<'_>) {
        let words = instruction.words();
        let index = self.stages.len();
        let name = stage_name(&words);
        let source = words.first().map_or("", |word| &instruction.line.as_str()[word.range.clone()]);
        let span = words.first().map_or(instruction.keyword_span, |word| word.span);
        let text = self.expand(source, instruction);
        let parent = self.by_name.get(&text.to_lowercase()).copied();
        let own_scratch = parent.is_none() && text == "scratch";
        let image = match parent.is_some() || own_scratch {
            true => Field::Absent,
            false => image::image(&text, source, span),
        };
        let bottom = parent.map_or(index, |parent| self.stages[parent].bottom);
        let key = name.as_ref().map(|name| name.value.to_lowercase());
        let duplicate_of = key.as_ref().and_then(|key| self.by_name.get(key).copied());
        if let Some(key) = key {
            self.named.entry(key.clone()).or_default().push(index);
            self.by_name.insert(key, index);
        }
        self.stages.push(StageRef {
            from: number,
            end: number + 1,
            name,
            parent,
            image,
            own_scratch,
            duplicate_of,
            bottom,
            is_final: false,
            in_image: false,
            reachable: false,
            cyclic: false,
            filled: false,
        });
    }

    /// The targets that other files name, else the last stage.
    fn mark_final(&mut self, setting: &Setting<'_>) {
        let named = |target: &String| self.by_name.get(&target.to_lowercase()).copied();
        let mut finals: Vec<usize> = setting.targets.iter().filter_map(named).collect();
        if finals.is_empty() {
            finals.extend(self.stages.len().checked_sub(1));
        }
        for index in finals {
            self.stages[index].is_final = true;
            let mut next = Some(index);
            while let Some(stage) = next.filter(|&stage| !self.stages[stage].in_image) {
                self.stages[stage].in_image = true;
                next = self.stages[stage].parent;
            }
        }
    }

    /// How reports name a stage.
    pub(super) fn label(&self, index: usize) -> String {
        match self.stages.get(index).and_then(|stage| stage.name.as_ref()) {
            Some(name) => format!("stage/{}", name.value),
            None => format!("stage/{index}"),
        }
    }

    /// The image at the bottom of a stage's chain.
    pub(super) fn base(&self, index: usize) -> &Field<Image> {
        &self.stages[self.stages[index].bottom].image
    }

    pub(super) fn is_scratch(&self, index: usize) -> bool {
        self.stages[self.stages[index].bottom].own_scratch
    }

    pub(super) fn is_windows(&self, index: usize) -> bool {
        self.base(index).known().is_some_and(|image| image.windows)
    }
}

fn stage_name(words: &[Word]) -> Option<Spanned<String>> {
    let [_, word, name] = words else { return None };
    word.value.eq_ignore_ascii_case("as").then(|| Spanned::new(name.value.clone(), name.span))
}

/// From FROM to the end of the stage's last instruction.
pub(super) fn extent(file: &Dockerfile<'_>, stage: &StageRef) -> Span {
    let first = file.instructions[stage.from].span;
    file.instructions.get(stage.end - 1).map_or(first, |last| first.to(last.span))
}
