//! The `infralint` program: see `infralint::cli`.

/// Facts are many small strings made on all threads: glibc's allocator takes a fifth more time for them, and musl's a
/// lock for each. The second version, for the third clears twice as many pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    infralint::cli::main()
}
