//! argv → library → exit code; nothing else.

use watchkeep::{
    app::programs,
    cli::{self, Programs},
};

fn main() -> std::process::ExitCode {
    cli::main(Programs { up: programs::up, demo: programs::demo })
}
