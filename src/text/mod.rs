//! Bytes, spans and lines: where words stand in a file; knows nothing of kinds or rules.

mod lines;
mod map;
mod source;
mod span;

pub use lines::{LineIndex, Position};
pub use map::{Text, TextBuilder};
pub use source::{Encoding, NotText, Source};
pub use span::{Span, Spanned};
