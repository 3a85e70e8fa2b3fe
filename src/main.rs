//! The `infralint` program: see `infralint::cli`.

fn main() -> std::process::ExitCode {
    infralint::cli::main()
}
