//! What a literal value is: a reference, a placeholder, an identifier or a secret; and how secrets are kept from sight.
//!
//! Pure functions of strings. Whoever finds a value in a file asks [`judge`]; whoever keeps one
//! keeps it as [`Redacted`].

pub mod decode;
pub mod generate;
pub mod random;

mod identifier;
mod judge;
mod keys;
mod placeholder;
mod redact;
mod reference;
mod weak;
mod words;

pub use identifier::is_identifier_key;
pub use judge::{Context, Verdict, judge};
pub use keys::{KeyKind, is_about, key_kind};
pub use redact::{Redacted, hide, known_prefix, mask_spans, mask_values};
pub use words::words;
