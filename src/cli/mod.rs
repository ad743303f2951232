//! The command line: clap types and one file a subcommand; no logic beyond printing.

/// Runs the program with the process' arguments.
#[must_use]
pub fn main() -> std::process::ExitCode {
    // Before anything else: a launcher must still be a process of one thread.
    if let Some(code) = crate::supervise::launcher::intercept() {
        return code;
    }
    std::process::ExitCode::SUCCESS
}
