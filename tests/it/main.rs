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

mod alert_states;
mod bundle;
mod canary;
#[path = "../chaos/mod.rs"]
mod chaos;
mod cluster;
mod directory;
mod faults;
mod gossip;
mod harness;
mod inside;
mod intake;
mod join;
mod layering;
#[path = "move.rs"]
mod moving;
mod recover;
mod replicas;
mod safety;
mod scope;
mod share;
mod sources;
mod start;
mod supervise;
mod tenants;
mod throttle;
