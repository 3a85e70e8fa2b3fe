//! A progress bar on stderr, for people and only when they have to wait.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Runs shorter than this show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts files; draws once it has taken long enough.
pub(super) struct Progress {
    start: Instant,
    total: AtomicU64,
    done: AtomicU64,
    wanted: bool,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            start: Instant::now(),
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            wanted: !quiet && std::io::stderr().is_terminal(),
            bar: OnceLock::new(),
        }
    }

    /// There are so many more files to do.
    pub(super) fn expect(&self, files: usize) {
        self.total.fetch_add(files as u64, Ordering::Relaxed);
    }

    /// A file is done.
    pub(super) fn tick(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.wanted && self.start.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total.load(Ordering::Relaxed)), ProgressDrawTarget::stderr());
        match ProgressStyle::with_template("{bar:30} {pos}/{len} files") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
