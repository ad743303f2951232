//! Rules beyond their shape: what a metric's type says about an expression, Prometheus' rule
//! files in and out, and tests of rules.
//!
//! Pure but for running a test, for which [`super::Admission`] asks the checker.

pub mod check;
pub mod export;
pub mod import;
pub mod unit_test;

pub(super) mod lint;

mod group_name;
mod yaml;

pub use check::{Checked, check};
pub use import::{import, is_rule_file};
