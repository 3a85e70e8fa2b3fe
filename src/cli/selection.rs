//! Which rules the options choose.

use super::Refusal;
use super::args::SelectArgs;
use crate::rule::library::Library;
use crate::rule::select::{Selected, Selection};

/// The rules that can run.
pub(super) fn library() -> Result<Library, Refusal> {
    Library::builtin()
        .map_err(|errors| Refusal::new(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// What the options select of a library.
pub(super) fn selection(options: &SelectArgs, library: &Library) -> Result<Selection, Refusal> {
    if options.config.is_some() {
        return Err(Refusal::new("--config: config files are not read yet"));
    }
    let mut selection = match options.select.is_empty() {
        true => Selection::defaults(&library.rules),
        false => Selection::none(&library.rules),
    };
    for (selectors, on) in [(&options.select, true), (&options.extend_select, true), (&options.ignore, false)] {
        for selector in selectors {
            selection.switch(&find(selector, library)?, on);
        }
    }
    Ok(selection)
}

/// What a selector names.
pub(super) fn find(selector: &str, library: &Library) -> Result<Vec<Selected>, Refusal> {
    library.index.find(selector.trim(), &library.rules).map_err(Refusal::new)
}
