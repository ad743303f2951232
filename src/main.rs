//! argv → library → exit code; nothing else.

fn main() -> std::process::ExitCode {
    watchkeep::cli::main()
}
