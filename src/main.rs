//! argv → library → exit code; nothing else.

use watchkeep::cli::{Programs, exit::Stop};

fn main() -> std::process::ExitCode {
    // The node program is composed in `app`.
    watchkeep::cli::main(Programs {
        up: |_| Err(Stop::Usage("this build has no node program yet".into())),
        demo: |_| Err(Stop::Usage("this build has no node program yet".into())),
    })
}
