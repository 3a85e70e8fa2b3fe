//! The `infralint` program: see `infralint::cli`.

/// Facts are many small strings made on all threads, and the allocator of musl takes a lock for each.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    infralint::cli::main()
}
