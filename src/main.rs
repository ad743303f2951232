//! argv → library → exit code; nothing else.

use watchkeep::{
    app::programs,
    cli::{self, Programs},
};

/// Gives memory back after a sign-in (argon2 takes 19 MiB a hash), which glibc keeps.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main(Programs { up: programs::up, demo: programs::demo })
}
