//! What other files ask of a Dockerfile: its stages, its ports, the images that it is built from.

use super::graph::Graph;
use super::{Setting, silent};
use crate::syntax::dockerfile::{Instruction, Keyword, parse};
use crate::text::{Span, Text};
use std::collections::BTreeMap;

/// A Dockerfile in short.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Its stages, in their order.
    stages: Vec<StageOutline>,
    /// Names of its stages, in lower case, with their numbers.
    names: BTreeMap<String, usize>,
    /// Images that it is built from: name, and tag or digest.
    pub bases: Vec<(String, String)>,
}

/// A stage in short, with what it has from the stages below it.
#[derive(Clone, Debug, Default)]
pub struct StageOutline {
    /// Whether it says how its health is checked; nothing where neither it nor a stage below it says a word.
    pub healthcheck: Option<bool>,
    /// Whether it ends as root; nothing where a variable decides.
    pub root: Option<bool>,
    /// Ports that it exposes, with those of the stages below it.
    pub exposed: Vec<Exposed>,
    /// Whether a variable, or the image at the bottom, may expose further ones.
    pub exposes_more: bool,
}

/// Ports behind an EXPOSE: the first and the last of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// The first.
    pub first: u16,
    /// The last; the first again where there is one only.
    pub last: u16,
    /// Where that is written.
    pub span: Span,
}

impl StageOutline {
    /// Whether it exposes ports, all of them known, and this one is not among them.
    pub fn leaves_out(&self, port: u16) -> bool {
        let among = |exposed: &Exposed| (exposed.first..=exposed.last).contains(&port);
        !self.exposes_more && !self.exposed.is_empty() && !self.exposed.iter().any(among)
    }

    fn expose(&mut self, instruction: &Instruction<'_>) {
        for word in instruction.words() {
            let numbers = word.value.split('/').next().unwrap_or("");
            let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
            match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) => self.exposed.push(Exposed { first, last, span: word.span }),
                _ => self.exposes_more = true,
            }
        }
    }
}

impl Outline {
    /// Reads a file.
    pub fn read(text: &str) -> Self {
        let text = Text::whole(text);
        let file = parse(&text);
        let graph = Graph::of(&file, &Setting::default());
        let mut out = Self::default();
        out.names.extend(graph.by_name.iter().map(|(name, number)| (name.clone(), *number)));
        for stage in &graph.stages {
            let below = stage.parent.and_then(|parent| out.stages.get(parent)).cloned();
            let mut outline = below.unwrap_or_else(|| StageOutline {
                root: stage.image.known().map_or(Some(true), |image| image.non_root.known().map(|other| !other)),
                exposes_more: !stage.own_scratch && !stage.image.known().is_some_and(silent::exposes_nothing),
                ..StageOutline::default()
            });
            for instruction in file.instructions.get(stage.from + 1..stage.end).unwrap_or_default() {
                let first = || instruction.words().into_iter().next().map(|word| word.value.to_string());
                match instruction.keyword {
                    Keyword::User => outline.root = first().and_then(|user| is_root(&user)),
                    Keyword::Healthcheck => {
                        outline.healthcheck = Some(!first().is_some_and(|word| word.eq_ignore_ascii_case("none")));
                    }
                    Keyword::Expose => outline.expose(instruction),
                    _ => {}
                }
            }
            out.stages.push(outline);
        }
        for image in graph.stages.iter().filter_map(|stage| stage.image.known()) {
            let pin = image.digest.known().or(image.tag.known());
            if let (Some(name), Some(pin)) = (image.name.known(), pin) {
                out.bases.push((name.clone(), pin.clone()));
            }
        }
        out
    }

    /// The ports that its stages expose.
    pub fn exposed(&self) -> impl Iterator<Item = &Exposed> {
        self.stages.iter().flat_map(|stage| &stage.exposed)
    }

    /// Whether it has a stage of that name or number.
    pub fn has_stage(&self, name: &str) -> bool {
        self.number(name).is_some()
    }

    fn number(&self, name: &str) -> Option<usize> {
        let named = self.names.get(&name.to_lowercase()).copied();
        named.or_else(|| name.parse::<usize>().ok().filter(|number| *number < self.stages.len()))
    }

    /// The stage that is built: the one of this name or number, else the last.
    pub fn stage(&self, target: Option<&str>) -> Option<&StageOutline> {
        let number = match target {
            Some(name) => self.number(name)?,
            None => self.stages.len().checked_sub(1)?,
        };
        self.stages.get(number)
    }
}

/// `root`, `0` or `0:0`; nothing where a variable decides.
fn is_root(user: &str) -> Option<bool> {
    let name = user.split(':').next().unwrap_or(user);
    (!user.contains('$')).then(|| name == "root" || !name.is_empty() && name.bytes().all(|b| b == b'0'))
}
