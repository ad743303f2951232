//! The judges and the links of the fault harness, for their own tests.

pub mod check;
pub mod history;
pub mod link;
pub mod rng;

#[path = "check/tests.rs"]
mod tests;
