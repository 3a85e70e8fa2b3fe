//! Many files at once: one pool of threads, results in the order of the input, a panic confined to its file.

use rayon::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Room for recursion that the grammars and regexes of others may do.
const STACK: usize = 16 << 20;

/// Told after each item that is done.
pub type Progress<'a> = &'a (dyn Fn() + Sync);

/// A number of threads that share work.
pub struct Pool {
    /// None where one thread is wanted, or no further one could be started.
    threads: Option<rayon::ThreadPool>,
}

impl Pool {
    /// A pool of so many threads; 0 means one a core.
    pub fn new(threads: usize) -> Self {
        let build = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
        Self { threads: build.ok() }
    }

    /// How many threads there are.
    pub fn size(&self) -> usize {
        self.threads.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Does `work` for each item; where it panics, `fallen` makes the result from what the panic said.
    pub fn map<I: Sync, T: Send>(
        &self,
        items: &[I],
        done: Progress<'_>,
        work: impl Fn(&I) -> T + Sync,
        fallen: impl Fn(&I, &str) -> T + Sync,
    ) -> Vec<T> {
        let one = |item: &I| {
            let result = catch_unwind(AssertUnwindSafe(|| work(item)));
            done();
            result.unwrap_or_else(|panic| fallen(item, said(&*panic)))
        };
        match &self.threads {
            Some(pool) => pool.install(|| items.par_iter().with_max_len(16).map(one).collect()),
            None => items.iter().map(one).collect(),
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_keep_their_order_and_a_panic_its_item() {
        let items: Vec<usize> = (0..200).collect();
        for threads in [1, 2, 8] {
            let done = AtomicUsize::new(0);
            let pool = Pool::new(threads);
            assert_eq!(pool.size(), threads);
            let tick = || {
                done.fetch_add(1, Ordering::Relaxed);
            };
            let work = |&n: &usize| if n == 77 { std::panic::resume_unwind(Box::new("odd")) } else { n.to_string() };
            let results = pool.map(&items, &tick, work, |n, said| format!("{n} fell: {said}"));
            assert_eq!(results[77], "77 fell: odd");
            assert!(results.iter().enumerate().all(|(n, r)| n == 77 || *r == n.to_string()));
            assert_eq!(done.into_inner(), 200);
        }
    }
}
