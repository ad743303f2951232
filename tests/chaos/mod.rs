//! The judges of the fault harness, for their own tests.

pub mod check;
pub mod history;

#[path = "check/tests.rs"]
mod tests;
