//! What FROM, `COPY --from` and `--mount=from=` name: stages, images, contexts.

use super::Walk;
use super::expand::HOLE;
use super::facts::Reference;
use super::graph::Origin;
use super::image::{image, is_official};
use crate::fact::value::Field;
use crate::syntax::dockerfile::{Instruction, Keyword};
use crate::text::{Span, Spanned};

/// A `--from` or a mount's `from=`.
pub(super) struct Source {
    pub(super) text: String,
    pub(super) span: Span,
}

/// All that an instruction takes from elsewhere.
pub(super) fn sources(instruction: &Instruction<'_>) -> Vec<Source> {
    let mut out = Vec::new();
    for flag in &instruction.flags {
        let value = flag.value.as_deref().unwrap_or("");
        match (instruction.keyword, flag.name.as_str()) {
            (Keyword::Copy | Keyword::Add, "from") => {
                out.push(Source { text: value.to_owned(), span: flag.value_span });
            }
            (Keyword::Run, "mount") => {
                let at = value.match_indices("from=").map(|(at, _)| at);
                let mut at = at.filter(|&at| at == 0 || value[..at].ends_with(',')).map(|at| at + 5);
                if let Some(at) = at.next() {
                    let text = value[at..].split(',').next().unwrap_or("").to_owned();
                    let span = part_span(flag.value_span, value.len(), at, text.len());
                    out.push(Source { text, span });
                }
            }
            _ => {}
        }
    }
    out
}

fn is_named_image(text: &str) -> bool {
    text.contains(['/', ':', '@']) || is_official(text)
}

/// Where a part of a flag's value stands; all of the value where quotes or continuations shift it.
fn part_span(span: Span, whole: usize, at: usize, len: usize) -> Span {
    let start = span.start as usize + at;
    if span.len() == whole { Span::new(start, start + len) } else { span }
}

impl Walk<'_, '_> {
    pub(super) fn references(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Reference::describe().name) {
            return;
        }
        if instruction.keyword == Keyword::From {
            return self.base_reference(instruction);
        }
        for source in sources(instruction) {
            let at = self.scope.stage.unwrap_or(0);
            let text = self.scope.expand(&source.text, instruction);
            let unknown = text.contains(HOLE);
            let origin = if unknown { Origin::Other } else { self.graph.origin(&text, at) };
            let is_image = origin == Origin::Other && !self.is_named_context(&text);
            let image = if is_image { image(&text, &source.text, source.span) } else { Field::Absent };
            let kind = match origin {
                _ if unknown => None,
                Origin::Stage(_) => Some("stage"),
                Origin::Later(_) => Some("later"),
                Origin::NoStage | Origin::Other if self.is_cut() && !is_named_image(&text) => None,
                Origin::NoStage => Some("nothing"),
                Origin::Other if self.is_named_context(&text) => Some("context"),
                Origin::Other if is_named_image(&text) => Some("image"),
                Origin::Other if text == "scratch" => Some("scratch"),
                Origin::Other => Some("nothing"),
            };
            let empty = match origin {
                Origin::Stage(stage) => stage != at && !self.graph.stages[stage].filled,
                _ => false,
            };
            let is_image = kind != Some("nothing");
            self.push_reference(instruction, source, kind, if is_image { image } else { Field::Absent }, empty);
        }
    }

    fn base_reference(&mut self, instruction: &Instruction<'_>) {
        let Some(stage) = self.scope.stage.and_then(|stage| self.graph.stages.get(stage)) else { return };
        let words = instruction.words();
        let Some(word) = words.first() else { return };
        let kind = match (stage.parent.is_some(), stage.own_scratch) {
            (true, _) => "stage",
            (_, true) => "scratch",
            _ if stage.image.known().and_then(|i| i.name.known()).is_some_and(|n| self.is_named_context(n)) => {
                "context"
            }
            _ => "image",
        };
        let source = Source { text: word.value.clone(), span: word.span };
        let image = stage.image.clone();
        self.push_reference(instruction, source, Some(kind), image, false);
    }

    fn push_reference(
        &mut self,
        instruction: &Instruction<'_>,
        source: Source,
        kind: Option<&str>,
        image: Field<super::facts::Image>,
        empty: bool,
    ) {
        let fact = Reference {
            span: source.span,
            by: instruction.keyword.name().to_owned(),
            kind: match kind {
                Some(kind) => Field::new(kind.to_owned(), source.span),
                None => Field::unknown(source.text.clone(), source.span),
            },
            registry: match &image {
                Field::Known(image) => image.value.registry.clone(),
                Field::Unknown(_) => Field::unknown(source.text.clone(), source.span),
                Field::Absent => Field::Absent,
            },
            image,
            empty,
            text: Spanned::new(source.text, source.span),
        };
        self.push(fact, instruction.span);
    }

    /// Whether stages may stand before this part that nobody sees.
    fn is_cut(&self) -> bool {
        self.setting.fragment && (self.scope.stage.is_none() || self.text.as_str().contains("..."))
    }

    fn is_named_context(&self, name: &str) -> bool {
        self.setting.file.is_some_and(|file| file.context.is_named_context(name))
    }
}
