//! The command line: clap types and one file a subcommand; no logic beyond printing.

/// Runs the program with the process' arguments.
#[must_use]
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
