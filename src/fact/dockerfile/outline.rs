//! What other files ask of a Dockerfile: its stages, its ports, the images that it is built from.

use super::Setting;
use super::graph::Graph;
use crate::syntax::dockerfile::{Keyword, parse};
use crate::text::Text;
use std::collections::BTreeSet;

/// A Dockerfile in short.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Names of its stages, in lower case.
    stages: BTreeSet<String>,
    /// How many stages it has.
    count: usize,
    /// Ports that it exposes, as first and last of a range.
    pub ports: Vec<(u16, u16)>,
    /// Whether a variable may name further ports.
    pub open_ports: bool,
    /// Images that it is built from: name, and tag or digest.
    pub bases: Vec<(String, String)>,
}

impl Outline {
    /// Reads a file.
    pub fn read(text: &str) -> Self {
        let text = Text::whole(text);
        let file = parse(&text);
        let graph = Graph::of(&file, &Setting::default());
        let mut out = Self { count: graph.stages.len(), ..Self::default() };
        out.stages.extend(graph.by_name.keys().cloned());
        for image in graph.stages.iter().filter_map(|stage| stage.image.known()) {
            let pin = image.digest.known().or(image.tag.known());
            if let (Some(name), Some(pin)) = (image.name.known(), pin) {
                out.bases.push((name.clone(), pin.clone()));
            }
        }
        for instruction in file.instructions.iter().filter(|i| i.keyword == Keyword::Expose) {
            for word in instruction.words() {
                let numbers = word.value.split('/').next().unwrap_or("");
                let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
                match (first.parse(), last.parse()) {
                    (Ok(first), Ok(last)) => out.ports.push((first, last)),
                    _ => out.open_ports = true,
                }
            }
        }
        out
    }

    /// Whether it has a stage of that name or number.
    pub fn has_stage(&self, name: &str) -> bool {
        self.stages.contains(&name.to_lowercase()) || name.parse::<usize>().is_ok_and(|number| number < self.count)
    }
}
