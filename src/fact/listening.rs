//! Ports on which a container is said to listen, with the image that it runs: in Compose files and in manifests.

use super::image::Image;
use super::value::{Field, whole_fact};
use super::yaml::Slot;
use crate::text::Span;

/// A port of a container. Owned: it outlives the file.
#[derive(Clone, Debug, Default)]
pub struct Listening {
    /// Where the port is written.
    pub span: Span,
    /// The port.
    pub port: u16,
    /// The name of the image, with its registry but without tag and digest.
    pub image: Option<String>,
    /// The Dockerfile that it is built from, and the stage, where the container says so itself.
    pub built: Option<(String, Option<String>)>,
    /// Who says so: `compose` or `manifest`.
    pub from: &'static str,
    /// What has the port, in words.
    pub label: String,
}

whole_fact!(Listening = "image.port", "A port of a container, as others see it; for rules across files.");

impl Listening {
    /// The name by which the image of a container compares.
    pub(super) fn image(image: &Field<Image>) -> Option<String> {
        super::builds::named(image.known()?)
    }
}

/// Whether a container is told its port: a word of its commands or of its variables is the number.
pub(super) fn is_told(port: u16, settings: &[Slot<'_>]) -> bool {
    let number = port.to_string();
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let says = |text: &str| {
        let bytes = text.as_bytes();
        let mut places = memchr::memmem::find_iter(bytes, number.as_bytes());
        places.any(|at| !(at > 0 && digit(bytes.get(at - 1)) || digit(bytes.get(at + number.len()))))
    };
    settings.iter().filter_map(|slot| slot.node()).any(|node| says(node.raw()))
}
