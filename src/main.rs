//! argv → library → exit code; nothing else.

use watchkeep::{
    app::programs,
    base::heap,
    cli::{self, Programs},
};

fn main() -> std::process::ExitCode {
    heap::keep_small();
    cli::main(Programs {
        up: programs::up,
        demo: programs::demo,
        restore: programs::restore,
        recover: programs::recover,
    })
}
