//! Everything that crosses a module, in one binary: each further one would link the world again.
#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod bundle;
mod cluster;
mod harness;
mod layering;
mod safety;
mod share;
mod start;
mod supervise;
