//! Panics become sentences: no trace is ever shown, and one file's panic is not another's.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

thread_local! {
    /// Where this thread last panicked.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Replaces the hook that prints: panics only remember their place.
pub(super) fn silence() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        PLACE.with_borrow_mut(|last| *last = place);
    }));
}

/// Where this thread last panicked, for the report that it leads to.
pub(super) fn place() -> String {
    PLACE.with_borrow(String::clone)
}

/// Runs `work`; a panic becomes its place.
pub(super) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| place())
}
